package content

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"gopkg.in/yaml.v3"

	"laurel/internal/material/text"
)

// Limits of one text, in characters and bytes.
const (
	lineLimit  = 1_000  // characters of a one-line text, such as a name
	proseLimit = 16_384 // bytes of a description or narrative
	numeral    = 15     // digits of a number: so many survive as a float64
)

// text reads a one-line text property, "" if it is not there or wrong.
func (o object) text(name string) string { return read(o, name, value.text) }

// prose reads a property that may have several lines.
func (o object) prose(name string) string { return read(o, name, value.prose) }

// verbatim reads a property such as version or valueMax, where a number
// without quotes is taken as the author wrote it: 1.10 stays "1.10".
func (o object) verbatim(name string) string { return read(o, name, value.verbatim) }

// read reads a property that is there.
func read[T any](o object, name string, as func(value) (T, bool)) (t T) {
	if v, ok := o.get(name); ok {
		t, _ = as(v)
	}
	return t
}

// fitting reads a text property that must be of some form.
func (o object) fitting(name string, fits func(string) bool, fault, hint string) string {
	return o.check(name, func(s string) (string, string) {
		if fits(s) {
			return "", ""
		}
		return fault, hint
	})
}

// check reads a text property of which fault says what is wrong, and what to try;
// an empty fault: nothing.
func (o object) check(name string, fault func(s string) (fault, hint string)) string {
	v, s, ok := o.textOf(name)
	if !ok {
		return ""
	}
	if fault, hint := fault(s); fault != "" {
		v.problem(fault, hint)
		return ""
	}
	return s
}

func (v value) text() (string, bool) {
	if !v.isText() {
		return "", false
	}
	return v.line(norm.NFC.String(v.node.Value))
}

func (v value) verbatim() (string, bool) {
	if !v.isScalar() {
		return "", false
	}
	if v.node.Tag != "!!int" && v.node.Tag != "!!float" && !v.isText() {
		return "", false
	}
	return v.line(norm.NFC.String(v.node.Value))
}

func (v value) prose() (string, bool) {
	if !v.isText() {
		return "", false
	}
	s := strings.TrimRight(norm.NFC.String(v.node.Value), "\n")
	if len(s) > proseLimit {
		v.problem(fmt.Sprintf("is longer than %d KiB", proseLimit>>10), "put it on a page and link to that")
		return "", false
	}
	return s, v.clean(s)
}

// isText reports what YAML does not read as text. Nothing is guessed: 012,
// 1.10, true and 2026-01-01 have more than one meaning.
func (v *value) isText() bool {
	if !v.isScalar() {
		return false
	}
	kind := ""
	switch v.node.Tag {
	case "!!str":
		return true
	case "!!int", "!!float":
		kind = "a number"
	case "!!bool":
		kind = "true or false"
	case "!!timestamp":
		kind = "a date"
	default:
		kind = "not text"
	}
	v.problem("is read as "+kind+", but must be text", "put it in quotes")
	return false
}

// line checks a text that has one line.
func (v *value) line(s string) (string, bool) {
	if v.node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		s = strings.TrimRight(s, "\n")
	}
	switch {
	case strings.ContainsAny(s, "\n\t"):
		v.problem("must be one line, without tabs", "")
	case utf8.RuneCountInString(s) > lineLimit:
		v.problem(fmt.Sprintf("is longer than %d characters", lineLimit), "")
	case text.Trim(s) != s:
		v.problem("starts or ends with white space", "delete the white space")
	default:
		return s, v.clean(s)
	}
	return "", false
}

// clean reports characters no text may hold; escapes ("\u202e") can bring
// them into a value although they are not in the file.
func (v *value) clean(s string) bool {
	if v.s.meant = text.Mojibake(s); v.s.meant != "" {
		v.problem("is damaged: letters were read in a wrong encoding, and several signs stand for one", "write it as it was meant")
		return false
	}
	for _, r := range s {
		if fault := text.Fault(r); fault != "" {
			v.problem("contains "+fault, "delete that character")
			return false
		}
	}
	return true
}

// number reads a number property: decimal, not negative unless signed is
// set, exact as a float64.
func (o object) number(name string, signed bool) *float64 {
	v, ok := o.get(name)
	if !ok || !v.isScalar() {
		return nil
	}
	if !v.s.sheet && v.node.Tag != "!!int" && v.node.Tag != "!!float" {
		v.problem("must be a number", "write it without quotes, such as 3 or 2.5")
		return nil
	}
	f, ok := decimal(v.node.Value)
	switch {
	case !ok:
		v.problem(fmt.Sprintf("must be a decimal number of at most %d digits", numeral), "write it such as 3 or 2.5, with a point")
	case f < 0 && !signed:
		v.problem("must not be negative", "")
	default:
		return &f
	}
	return nil
}

// decimal parses digits, at most one point between them, and a minus sign.
func decimal(s string) (float64, bool) {
	if !decimalText.MatchString(s) || len(strings.Trim(s, "-"))-strings.Count(s, ".") > numeral {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}

// decimalText has no leading zero: 012 is 10 to YAML, 12 to most people.
var decimalText = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// boolean reads true or false; other spellings are refused.
func (o object) boolean(name string) bool {
	v, ok := o.get(name)
	if !ok || !v.isScalar() {
		return false
	}
	if v.node.Tag != "!!bool" || v.node.Value != "true" && v.node.Value != "false" {
		v.problem("must be true or false", "write it without quotes")
		return false
	}
	return v.node.Value == "true"
}

// integer reads a whole number.
func (o object) integer(name string) int {
	v, ok := o.get(name)
	if !ok || !v.isScalar() {
		return 0
	}
	n, err := strconv.Atoi(v.node.Value)
	if v.node.Tag != "!!int" || err != nil || strconv.Itoa(n) != v.node.Value || n > 1_000_000 || n < -1_000_000 {
		v.problem("must be a whole number", "write it without quotes, such as 3")
		return 0
	}
	return n
}

// textOf reads a member that is text; ok is false where there is none, or it
// is something else, which is reported.
func (o object) textOf(name string) (v value, s string, ok bool) {
	if v, ok = o.get(name); !ok {
		return v, "", false
	}
	s, ok = v.text()
	return v, s, ok
}

// enum reads one word of an enumeration.
func (o object) enum(name string, words []string) string {
	v, s, ok := o.textOf(name)
	if i := slices.Index(words, s); i >= 0 {
		return words[i] // the table's own string: one copy for all awards
	}
	if ok {
		v.problem("must be "+oneOf(words), didYouMean(s, words))
	}
	return ""
}

// extensible reads one word of an enumeration that authors may extend (Open
// Badges Specification v3.0, "Extending the Vocabulary": ext:…).
func (o object) extensible(name string, words []string) string {
	v, s, ok := o.textOf(name)
	if !ok {
		return ""
	}
	if i := slices.Index(words, s); i >= 0 {
		return words[i]
	}
	if ext, found := strings.CutPrefix(s, "ext:"); found {
		if ext != "" && ext[0] != '-' && len(ext) <= 64 && strings.Trim(ext, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == "" {
			return s
		}
		v.problem("after ext: only letters, digits, dots, hyphens and underscores may follow", "")
		return ""
	}
	v.problem("is not a term of Open Badges", cmp.Or(didYouMean(s, words), "use "+oneOf(words)+", or ext:… for one of your own"))
	return ""
}
