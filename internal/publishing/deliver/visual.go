package deliver

import (
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// visual puts a line into the order in which it is drawn from left to right
// (Unicode Bidirectional Algorithm, UAX #9). Letters are not joined: Hebrew
// reads as it should; Arabic, Syriac and the scripts of India, which change the
// shape of letters by their neighbours, come out letter by letter.
func visual(line string, rightToLeft bool) string {
	if !turns(line) {
		return line
	}
	right := startsRight(line, rightToLeft)
	direction := bidi.LeftToRight
	if right {
		direction = bidi.RightToLeft
	}
	var p bidi.Paragraph
	if _, err := p.SetString(line, bidi.DefaultDirection(direction)); err != nil {
		return line
	}
	order, err := p.Order()
	if err != nil {
		return line
	}
	out := ""
	for i := range order.NumRuns() {
		run := order.Run(i)
		text := run.String()
		if run.Direction() == bidi.RightToLeft {
			text = bidi.ReverseString(text)
		}
		if right {
			out = text + out
		} else {
			out += text
		}
	}
	return out
}

// turns tells whether anything in a line is written from right to left.
func turns(line string) bool {
	for _, r := range line {
		if r >= 0x0590 && unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Samaritan, unicode.Mandaic, unicode.Adlam) {
			return true
		}
	}
	return false
}

// startsRight tells whether a line runs from right to left: the direction of
// its first letter, else that of the text around it.
func startsRight(line string, around bool) bool {
	for _, r := range line {
		properties, _ := bidi.LookupRune(r)
		switch properties.Class() {
		case bidi.L:
			return false
		case bidi.R, bidi.AL:
			return true
		}
	}
	return around
}
