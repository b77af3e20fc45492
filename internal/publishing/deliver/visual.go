package deliver

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
	var all []string
	turned := 0 // runs at the end of all that are one stretch from right to left
	for i := range order.NumRuns() {
		run := order.Run(i)
		text := run.String()
		if run.Direction() == bidi.RightToLeft {
			text = bidi.ReverseString(text)
		} else if number := leadingNumber(text); !right && turned > 0 && number != "" {
			// A number after letters from right to left belongs to them.
			all = slices.Insert(all, len(all)-turned, number)
			turned++
			if text = text[len(number):]; text == "" {
				continue
			}
		}
		switch {
		case right:
			all = slices.Insert(all, 0, text)
		case run.Direction() == bidi.RightToLeft:
			all = slices.Insert(all, len(all)-turned, text)
			turned++
		default:
			all, turned = append(all, text), 0
		}
	}
	return strings.Join(all, "")
}

// leadingNumber is the number that a text begins with.
func leadingNumber(text string) string {
	end := 0
	for i, r := range text {
		properties, _ := bidi.LookupRune(r)
		switch properties.Class() {
		case bidi.EN, bidi.AN:
			end = i + utf8.RuneLen(r)
		case bidi.ES, bidi.CS:
			if i != end || end == 0 {
				return text[:end]
			}
		default:
			return text[:end]
		}
	}
	return text[:end]
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

// joins tells whether a text has letters whose shape or place depends on their
// neighbours, which certificates on paper do not heed.
func joins(text string) bool {
	for _, r := range text {
		if r >= 0x0600 && unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Nko, unicode.Mongolian, unicode.Devanagari, unicode.Bengali,
			unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam,
			unicode.Sinhala, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan) {
			return true
		}
	}
	return false
}
