package render

import (
	"cmp"
	"time"
)

// Words are the theme's words in one language, for what is made of a page's
// data without a template: certificates on paper, the text beside files.
type Words struct {
	// Language is the BCP 47 tag they were asked for by.
	Language string
	words    words
}

// Words returns the theme's words for a BCP 47 tag; the empty one is English.
// A word that the language lacks is the English one.
func (r *Renderer) Words(tag string) Words {
	tag = cmp.Or(tag, fallback)
	return Words{tag, r.theme.wordsFor(tag)}
}

// Text is the word for a key; pairs are the names and values that stand in it
// as {name}. An unknown key is an error.
func (w Words) Text(key string, pairs ...any) (string, error) { return w.words.text(key, pairs...) }

// Date writes a day, in UTC, as people of the language do; the zero time is
// the empty text.
func (w Words) Date(t time.Time) string { return w.words.date(t) }

// RightToLeft tells whether the language is written from right to left.
func (w Words) RightToLeft() bool { return direction(w.Language) == "rtl" }
