package content

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"gopkg.in/yaml.v3"
)

// narrative reads the Markdown property of that name in Criteria, Evidence
// and awards.
func (l *loader) narrative(o object) string { return l.markdown(o, "narrative") }

func (l *loader) markdown(o object, name string) string {
	v, ok := o.get(name)
	if !ok {
		return ""
	}
	s, ok := v.prose()
	if !ok {
		return ""
	}
	for _, f := range l.narratives.Check(s) {
		at := v.position()
		if v.node.Style&yaml.LiteralStyle != 0 && v.at == v.node {
			n := strings.Count(s[:f.Offset], "\n")
			at.line += 1 + n
			written := strings.Split(v.node.Value, "\n")[n]
			indent := utf8.RuneCountInString(v.s.line(at.line)) - utf8.RuneCountInString(written)
			at.column = max(indent, 0) + columnOf(written, s, f.Offset)
		}
		v.s.report(at, v.path(), f.Text, f.Hint)
	}
	return s
}

// columnOf is the column, in characters from 1, that an offset of a composed
// text (NFC) has in the line as it was written.
func columnOf(written, composed string, offset int) int {
	want := offset - (strings.LastIndexByte(composed[:offset], '\n') + 1)
	var i norm.Iter
	i.InitString(norm.NFC, written)
	for n := 0; !i.Done(); {
		at := i.Pos()
		if n += len(i.Next()); n > want {
			return utf8.RuneCountInString(written[:at]) + 1
		}
	}
	return utf8.RuneCountInString(written) + 1
}
