package bake

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ErrEncrypted tells that a PDF is encrypted, so that its attachments cannot be
// read, whoever made it.
var ErrEncrypted = errors.New("the PDF is encrypted")

// errCompression tells that an attachment is compressed in a way of PDF that is
// not known here.
var errCompression = errors.New("an attachment is compressed in an unknown way")

// Attachments returns the files in a PDF that may be a credential, as they were
// before they were attached: those of at most MaxCredential bytes, compressed
// with FlateDecode or not at all (PDF 2.0, 7.11.4 "Embedded file streams").
//
// It takes the streams of the file in their order and asks neither its table
// of objects nor its pages: what a later change of the file has dropped is
// found as well, and what stands inside of another stream is not. It returns
// ErrEncrypted, ErrTooLarge over MaxImage, and an error where a file that is
// said to be a credential's is damaged or too large, or where there are more
// than 32. Files that are compressed in another way are left out.
func Attachments(pdf []byte) ([][]byte, error) {
	if len(pdf) > MaxImage {
		return nil, fmt.Errorf("read PDF: %w", ErrTooLarge)
	}
	var files [][]byte
	var failed error
	count := 0
	for at := 0; ; {
		s, ok := nextStream(pdf, at)
		if encrypted(pdf[at:s.start]) {
			return nil, ErrEncrypted
		}
		if !ok {
			break
		}
		at = s.end
		if !s.isFile() {
			continue
		}
		if count++; count > maxAttachments {
			return nil, fmt.Errorf("read PDF: more than %d attachments", maxAttachments)
		}
		file, err := s.decode(pdf)
		switch {
		case err == nil:
			files = append(files, file)
		case s.isCredential() && failed == nil && !errors.Is(err, errCompression):
			failed = fmt.Errorf("read PDF: %w", err)
		}
	}
	return files, failed
}

// stream is a stream of a PDF: its dictionary, and where its bytes begin and
// where reading goes on.
type stream struct {
	dictionary map[string]string
	start, end int
	length     int // -1: cut short
}

// isFile tells an embedded file. It need not state its type: Poppler, which
// many readers are made of, writes its parameters alone.
func (s stream) isFile() bool {
	_, ok := s.dictionary["Params"]
	return ok || s.dictionary["Type"] == "/EmbeddedFile" || s.isCredential()
}

func (s stream) isCredential() bool {
	t, ok := strings.CutPrefix(s.dictionary["Subtype"], "/")
	return ok && slices.Contains(mediaTypes, t)
}

// decode returns the file that an embedded file stream holds.
func (s stream) decode(pdf []byte) ([]byte, error) {
	if s.length < 0 {
		return nil, errors.New("an attachment is cut short")
	}
	raw := pdf[s.start : s.start+s.length]
	if p := s.dictionary["DecodeParms"]; p != "" && p != "null" {
		return nil, errCompression
	}
	switch s.dictionary["Filter"] {
	case "", "null", "[]":
		if len(raw) > MaxCredential {
			return nil, fmt.Errorf("an attachment: %w", ErrTooLarge)
		}
		return raw, nil
	case "/FlateDecode", "[/FlateDecode]":
		return inflate(raw)
	}
	return nil, errCompression
}

// nextStream finds the first stream after an offset. Without one, it is an
// empty one at the end of the file. Reading goes on where it stopped, never
// before, so that the work is that of one pass.
func nextStream(pdf []byte, at int) (stream, bool) {
	for {
		i := bytes.Index(pdf[at:], []byte("obj"))
		if i < 0 {
			return stream{start: len(pdf), end: len(pdf)}, false
		}
		at += i + len("obj")
		if at < 5 || !isPDFSpace(pdf[at-4]) || !isDigit(pdf[at-5]) {
			continue
		}
		p := pdfReader{pdf, at, min(len(pdf), at+maxDictionary)}
		p.space()
		var d map[string]string
		ok := p.has("<<")
		if ok {
			d, ok = p.dictionary(maxObjectDepth)
		}
		at = p.at
		if !ok {
			continue
		}
		for at < len(pdf) && isPDFSpace(pdf[at]) {
			at++
		}
		rest, ok := bytes.CutPrefix(pdf[at:], []byte("stream"))
		if !ok {
			continue
		}
		rest, crlf := bytes.CutPrefix(rest, []byte("\r\n"))
		rest, lf := bytes.CutPrefix(rest, []byte("\n"))
		if !crlf && !lf {
			continue
		}
		s := stream{dictionary: d, start: len(pdf) - len(rest)}
		s.measure(pdf)
		return s, true
	}
}

// measure finds the end of a stream: where its Length says if the stream ends
// there, else before the next "endstream" and the end of line in front of it.
func (s *stream) measure(pdf []byte) {
	data := pdf[s.start:]
	length, ok := s.dictionary["Length"], true
	if strings.HasSuffix(length, " R") && s.isFile() {
		length = integerAt(pdf, strings.TrimSuffix(length, " R"))
	}
	n, err := strconv.Atoi(length)
	if ok = err == nil && len(length) < 9 && isDigit(length[0]) && n <= len(data); ok {
		_, ok = bytes.CutPrefix(trimLine(data[n:]), []byte("endstream"))
	}
	if !ok {
		i := bytes.Index(data, []byte("endstream"))
		if i < 0 {
			s.length, s.end = -1, len(pdf)
			return
		}
		n = i
		if n > 0 && data[n-1] == '\n' {
			n--
		}
		if n > 0 && data[n-1] == '\r' {
			n--
		}
	}
	s.length, s.end = n, s.start+n
}

// trimLine takes an end of line off the beginning.
func trimLine(b []byte) []byte {
	b = bytes.TrimPrefix(b, []byte("\r"))
	return bytes.TrimPrefix(b, []byte("\n"))
}

// integerAt returns the digits that the object of a reference, "12 0", is.
func integerAt(pdf []byte, reference string) string {
	head := []byte(reference + " obj")
	for at := 0; ; {
		i := bytes.Index(pdf[at:], head)
		if i < 0 {
			return ""
		}
		at += i + len(head)
		if before := at - len(head) - 1; before >= 0 && isDigit(pdf[before]) {
			continue
		}
		p := pdfReader{pdf, at, min(len(pdf), at+maxValue)}
		p.space()
		if p.regular() {
			return p.word()
		}
		return ""
	}
}

// encrypted tells whether there is an entry Encrypt, which is in the trailer.
func encrypted(b []byte) bool {
	const name = "/Encrypt"
	for {
		i := bytes.Index(b, []byte(name))
		if i < 0 {
			return false
		}
		b = b[i+len(name):]
		if len(b) > 0 && (isPDFSpace(b[0]) || b[0] == '<') {
			return true
		}
	}
}

// pdfReader reads the objects of a PDF that are no streams (PDF 2.0, 7.3) up
// to end, and keeps of them what a stream is told apart by.
type pdfReader struct {
	data    []byte
	at, end int
}

func isPDFSpace(b byte) bool {
	return b == 0 || b == '\t' || b == '\n' || b == '\f' || b == '\r' || b == ' '
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func isDelimiter(b byte) bool { return strings.IndexByte("()<>[]{}/%", b) >= 0 }

func (p *pdfReader) has(s string) bool {
	return bytes.HasPrefix(p.data[p.at:p.end], []byte(s))
}

// regular tells whether a number, a keyword or the like begins here.
func (p *pdfReader) regular() bool {
	return p.at < p.end && !isPDFSpace(p.data[p.at]) && !isDelimiter(p.data[p.at])
}

// word reads what is regular.
func (p *pdfReader) word() string {
	from := p.at
	for p.regular() {
		p.at++
	}
	return string(p.data[from:p.at])
}

// space passes over white space and comments.
func (p *pdfReader) space() {
	comment := false
	for ; p.at < p.end; p.at++ {
		switch b := p.data[p.at]; {
		case b == '\n' || b == '\r':
			comment = false
		case b == '%':
			comment = true
		case !comment && !isPDFSpace(b):
			return
		}
	}
}

// dictionary returns the values by their names, without the solidus of those:
// each as value gives it, and all parts of a reference.
func (p *pdfReader) dictionary(depth int) (map[string]string, bool) {
	p.at += len("<<")
	d := map[string]string{}
	for {
		p.space()
		if p.has(">>") {
			p.at += len(">>")
			return d, true
		}
		if !p.has("/") {
			return nil, false
		}
		name := p.name()
		v, ok := p.value(depth)
		if !ok {
			return nil, false
		}
		for p.space(); p.regular(); p.space() {
			if w := p.word(); len(v) < maxValue {
				v += " " + w
			}
		}
		d[name] = v
	}
}

// value reads one object and returns a name with its solidus, what is regular
// as it is, an array in its brackets, and of all else its first sign.
func (p *pdfReader) value(depth int) (string, bool) {
	p.space()
	switch {
	case depth == 0 || p.at == p.end:
		return "", false
	case p.regular():
		return p.word(), true
	case p.has("/"):
		return "/" + p.name(), true
	case p.has("["):
		return p.array(depth)
	case p.has("("):
		return "(", p.text()
	case p.has("<<"):
		_, ok := p.dictionary(depth - 1)
		return "<<", ok
	case p.has("<"):
		if n := bytes.IndexByte(p.data[p.at:p.end], '>'); n >= 0 {
			p.at += n + 1
			return "<", true
		}
		p.at = p.end
	}
	return "", false
}

func (p *pdfReader) array(depth int) (string, bool) {
	p.at++
	list := "["
	for {
		p.space()
		if p.has("]") {
			p.at++
			return list + "]", true
		}
		v, ok := p.value(depth - 1)
		if !ok {
			return "", false
		}
		if len(list) < maxValue {
			if list != "[" {
				list += " "
			}
			list += v
		}
	}
}

// text passes over a string in brackets.
func (p *pdfReader) text() bool {
	open := 0
	for ; p.at < p.end; p.at++ {
		switch p.data[p.at] {
		case '\\':
			p.at++
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				p.at++
				return true
			}
		}
	}
	p.at = p.end
	return false
}

// name reads a name, in which # and two digits are a character.
func (p *pdfReader) name() string {
	p.at++
	raw := p.word()
	if !strings.Contains(raw, "#") {
		return raw
	}
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) {
			if n, err := strconv.ParseUint(raw[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(raw[i])
	}
	return b.String()
}
