package content

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"laurel/internal/authoring/model"
	"laurel/internal/material/table"
	"laurel/internal/material/text"
)

// source is the text of one file while it is read.
type source struct {
	name string // slash-separated, relative to the site folder
	text []byte // without a byte order mark
	// sheet is set for CSV: columns are then byte columns until they are
	// reported, and fields are named by row.
	sheet bool
	// workbook is set for one, which has no lines: shown is then the row that is read.
	workbook bool
	shown    string
	// meant is what the author probably meant, for the excerpt of the next problem.
	meant    string
	comma    rune  // of CSV
	lines    []int // byte offsets of the line starts, as far as was needed
	scanned  int   // how many bytes lines is about
	problems *collector
}

const (
	excerptLimit = 200
	longLine     = 8 << 10
	// badCharacters is how many forbidden characters of a file are listed
	// before the file counts as not being text at all.
	badCharacters = 10
)

// newSource takes a file's bytes. It reports text that is not UTF-8, or holds
// characters or a claim link, which no content may hold, and then returns
// false.
//
// YAML's own line breaks NEL, LS and PS, and a CR without LF, are refused too:
// so a line is the same to the author's editor, to yaml.v3 and to us.
func newSource(name string, data []byte, problems *collector) (*source, bool) {
	s := &source{name: name, text: bytes.TrimPrefix(data, []byte("\uFEFF")), problems: problems}
	bad := 0
	for i := 0; i < len(s.text); {
		if c := s.text[i]; c >= ' ' && c < 0x7f || c == '\n' || c == '\t' {
			i++
			continue
		}
		r, size := utf8.DecodeRune(s.text[i:])
		fault := ""
		switch {
		case r == utf8.RuneError && size <= 1:
			s.report(s.position(i), "", "the file is not UTF-8 text", "save it as UTF-8")
			return s, false
		case r == '\r':
			if i+1 == len(s.text) || s.text[i+1] != '\n' {
				fault = "a carriage return (U+000D) without a line feed"
			}
		default:
			fault = text.Fault(r)
		}
		if fault != "" {
			if bad++; bad > badCharacters {
				return s, false
			}
			s.report(s.position(i), "", "the file contains "+fault, "delete that character")
		}
		i += size
	}
	return s, bad == 0 && !s.givesAway()
}

// givesAway reports a claim link: content is published, signed, or kept in
// repositories that others read. The line is not shown, since whoever has the
// link has the award.
func (s *source) givesAway() bool {
	at := model.FindClaimLink(s.text)
	if at < 0 {
		return false
	}
	s.claimLink(s.position(at).line)
	return true
}

func (s *source) claimLink(line int) {
	s.problems.add(Problem{File: s.name, Line: line, Column: 1,
		Text: "contains a claim link, and whoever has the link has the award",
		Hint: "remove it; if it has already been published or passed on: laurel withdraw AWARD"})
}

// show notes the row of a workbook that is read, for what is reported of it.
func (s *source) show(cells []table.Cell) {
	texts := make([]string, len(cells))
	for i, c := range cells {
		texts[i] = c.Text
	}
	s.shown = strings.TrimRight(strings.Join(texts, " | "), " |")
}

// rowGivesAway reports a claim link in the row of a workbook that is read.
func (s *source) rowGivesAway(line int) bool {
	if model.FindClaimLink([]byte(s.shown)) < 0 {
		return false
	}
	s.claimLink(line)
	return true
}

// position is a place in a source: line from 1, column in bytes from 1 if the
// source is a sheet, else in characters.
type position struct{ line, column int }

// position of a byte offset.
func (s *source) position(offset int) position {
	s.index(func() bool { return s.scanned > offset })
	line, _ := slices.BinarySearch(s.lines, offset+1)
	start := s.lines[line-1]
	column := offset - start
	if !s.sheet {
		column = utf8.RuneCount(s.text[start:offset])
	}
	return position{line, column + 1}
}

// index finds line starts until enough says so, or to the end.
func (s *source) index(enough func() bool) {
	if s.lines == nil {
		s.lines = []int{0}
	}
	for s.scanned < len(s.text) && !enough() {
		i := bytes.IndexByte(s.text[s.scanned:], '\n')
		if i < 0 {
			s.scanned = len(s.text)
			return
		}
		s.scanned += i + 1
		s.lines = append(s.lines, s.scanned)
	}
}

// line returns a line's text without its end; n counts from 1. Of a line
// longer than any a person writes, it is the start.
func (s *source) line(n int) string {
	s.index(func() bool { return len(s.lines) > n })
	if n < 1 || n > len(s.lines) {
		return ""
	}
	start, end := s.lines[n-1], len(s.text)
	if n < len(s.lines) {
		end = s.lines[n]
	}
	if end-start > longLine {
		for end = start + longLine; !utf8.RuneStart(s.text[end]); end-- {
		}
	}
	return strings.TrimRight(string(s.text[start:end]), "\r\n")
}

// report adds a problem at a place of the source.
func (s *source) report(at position, field, text, hint string) {
	if !s.sheet && s.problems.full(s.name) {
		return
	}
	line := s.line(at.line)
	column := at.column
	excerptAt := column
	if s.workbook {
		line, excerptAt = s.shown, 1
	} else if s.sheet && column > 1 {
		column = utf8.RuneCountInString(line[:min(column-1, len(line))]) + 1
		excerptAt = column
	}
	p := Problem{File: s.name, Line: at.line, Column: column, Field: field, Text: text, Hint: hint, Excerpt: excerpt(line, excerptAt)}
	if s.meant != "" {
		p.Excerpt += "  (meant is perhaps: " + excerpt(s.meant, 1) + ")"
		s.meant = ""
	}
	s.problems.add(p)
}

// excerpt makes a line fit to be shown: the part around the column, if the
// line is long, with no character that could play with a terminal.
func excerpt(line string, column int) string {
	var b strings.Builder
	from := 0
	if utf8.RuneCountInString(line) > excerptLimit {
		from = max(0, column-1-excerptLimit/2)
	}
	if from > 0 {
		b.WriteString("…")
	}
	n := 0
	for _, r := range line {
		if n++; n <= from {
			continue
		}
		if n > from+excerptLimit {
			b.WriteString("…")
			break
		}
		if r == '\t' {
			b.WriteRune(r)
		} else {
			b.WriteString(text.Escape(string(r)))
		}
	}
	return b.String()
}
