package render

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"laurel/internal/publishing/site"
)

// fallback is the language whose table is complete and stands in for every
// word another table lacks.
const fallback = "en"

// words is the user interface's vocabulary in one language.
type words struct {
	tag  language.Tag
	text map[string]string // a word in several forms has one entry a form: formKey
}

// formKey is where a form of a word is, such as "few", the CLDR's name for it.
func formKey(key, form string) string { return key + "#" + form }

// forms are the CLDR's names for the forms of a counted word.
var forms = map[plural.Form]string{plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other"}

// formOf is the form that a language has for a number of things.
func formOf(tag language.Tag, n int) string {
	return forms[plural.Cardinal.MatchPlural(tag, max(n, -n), 0, 0, 0, 0)]
}

// chain are the languages whose tables make up that of a BCP 47 tag, the most
// specific last: for "de-CH" English, de, de-CH.
func chain(tag string) []string {
	languages := []string{fallback}
	parts := strings.Split(strings.ToLower(tag), "-")
	for i := range parts {
		languages = append(languages, strings.Join(parts[:i+1], "-"))
	}
	return languages
}

// wordsFor lays the tables of a BCP 47 tag over each other. The forms of a word are
// those of one table. Who gets them changes nothing.
func (t *theme) wordsFor(tag string) words {
	if w, ok := t.said.Load(tag); ok {
		return w.(words)
	}
	table := map[string]string{}
	for _, language := range chain(tag) {
		layTable(table, t.words[language])
	}
	w := words{localeOf(tag, table["verifier.language"]), table}
	t.said.Store(tag, w)
	return w
}

// layTable lays a table over another one.
func layTable(below, table map[string]string) {
	for key := range table {
		if base, _, ok := strings.Cut(key, "#"); ok {
			for _, form := range forms {
				delete(below, formKey(base, form))
			}
			delete(below, base)
		}
	}
	for key, text := range table {
		below[key] = text
		if !strings.Contains(key, "#") {
			for _, form := range forms {
				delete(below, formKey(key, form))
			}
		}
	}
}

// localeOf is by whose rules numbers and words in a page's language are written: the
// language's, if its words are, and always with digits that credentials have, too.
// words.ts does the same.
func localeOf(tag, table string) language.Tag {
	if primary, _, _ := strings.Cut(strings.ToLower(tag), "-"); primary != table {
		tag = table
	}
	return language.Make(tag + "-u-nu-latn")
}

// Words are the theme's words in one language, for what is made of a page's
// data without a template: certificates on paper, the text beside files.
type Words struct {
	// Language is the BCP 47 tag they were asked for by.
	Language string
	words
}

// Words returns the theme's words for a BCP 47 tag; the empty one is English.
// A word that the language lacks is the English one.
func (r *Renderer) Words(tag string) Words {
	tag = cmp.Or(tag, fallback)
	return Words{tag, r.theme.wordsFor(tag)}
}

// RightToLeft tells whether the language is written from right to left.
func (w Words) RightToLeft() bool { return direction(w.Language) == "rtl" }

// Text is the word for key; pairs are the names and values that stand in it as
// {name}. Of a word that counts, the form is that for the whole number called n. An
// unknown key is an error: it is a misspelling in a template.
func (w words) Text(key string, pairs ...any) (string, error) {
	text, ok := w.text[key]
	for i := 0; !ok && i+1 < len(pairs); i += 2 {
		if n, counts := pairs[i+1].(int); counts && pairs[i] == "n" {
			if text, ok = w.text[formKey(key, formOf(w.tag, n))]; !ok {
				text, ok = w.text[formKey(key, "other")]
			}
		}
	}
	if !ok {
		return "", fmt.Errorf("no string %q in strings/%s.json, or it counts and has no whole number n", key, fallback)
	}
	if len(pairs)%2 != 0 {
		return "", fmt.Errorf("string %q: a name without a value", key)
	}
	for i := 0; i < len(pairs); i += 2 {
		value := fmt.Sprint(pairs[i+1])
		if n, ok := pairs[i+1].(int); ok {
			value = w.Number(n)
		}
		text = strings.ReplaceAll(text, "{"+fmt.Sprint(pairs[i])+"}", value)
	}
	return text, nil
}

// below are the words whose keys begin with prefix, without it.
func (w words) below(prefix string) map[string]string {
	found := map[string]string{}
	for key, text := range w.text {
		if rest, ok := strings.CutPrefix(key, prefix); ok {
			found[rest] = text
		}
	}
	return found
}

// verdicts are the words with which scripts tell a verdict: those of "verifier.",
// without that, how dates are written, and terms of enumerations.
func (w words) verdicts() map[string]string {
	found := w.below("verifier.")
	for key, text := range w.text {
		if key == "date" || key == "date.first" || strings.HasPrefix(key, "month.") || strings.HasPrefix(key, "term.") {
			found[key] = text
		}
	}
	return found
}

// Date writes a day as people of the language do, in UTC, without the
// machine's locale; the zero time is the empty text: string "date" with {d}, {month} and {y}. Some languages
// write the first of a month their own way: string "date.first".
func (w words) Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.UTC()
	day := strconv.Itoa(t.Day())
	if first := w.text["date.first"]; t.Day() == 1 && first != "" {
		day = first
	}
	month := w.text["month."+strconv.Itoa(int(t.Month()))]
	return strings.NewReplacer("{d}", day, "{month}", month, "{y}", strconv.Itoa(t.Year())).Replace(w.text["date"])
}

// isoDate is a day for the datetime attribute of <time>.
func isoDate(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// Result says a result with its scale, what passes, and whether it did.
func (w words) Result(s site.Standing) string {
	return s.Text(func(key string) string { return w.text["verifier.result."+key] })
}

// Number writes a number, or a decimal text such as "2.5", as people of the language do,
// its digits in groups; another text stays as it is.
func (w words) Number(n any) string {
	digits := 0
	if s, ok := n.(string); ok {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return s
		}
		_, fraction, _ := strings.Cut(s, ".")
		n, digits = f, len(fraction) // or it would write those of the nearest binary number
	}
	said := message.NewPrinter(w.tag).Sprint(number.Decimal(n, number.MaxFractionDigits(digits)))
	if base, _ := w.tag.Base(); base.String() == "fr" {
		return strings.ReplaceAll(said, "\u00a0", "\u202f") // as later editions of the CLDR have it
	}
	return said
}

// List names several things in a row: "a, b and c".
func (w words) List(items []string) string {
	join := func(key, a, b string) string { return strings.NewReplacer("{a}", a, "{b}", b).Replace(w.text[key]) }
	switch n := len(items); n {
	case 0:
		return ""
	case 1:
		return items[0]
	case 2:
		return join("list.two", items[0], items[1])
	default:
		said := items[0]
		for _, item := range items[1 : n-1] {
			said = join("list.more", said, item)
		}
		return join("list.end", said, items[n-1])
	}
}

// duration says an ISO 8601 duration of years, months, weeks and days ("P2Y"
// is "2 years"). What is none is returned as it is.
func (w words) duration(iso string) string {
	units := map[byte]string{'Y': "duration.year", 'M': "duration.month", 'W': "duration.week", 'D': "duration.day"}
	if !isoDuration.MatchString(iso) {
		return iso
	}
	var said []string
	for _, part := range isoPart.FindAllString(iso, -1) {
		n, err := strconv.Atoi(part[:len(part)-1])
		if err != nil {
			return iso
		}
		text, err := w.Text(units[part[len(part)-1]], "n", n)
		if err != nil {
			return iso
		}
		said = append(said, text)
	}
	return strings.Join(said, w.text["duration.and"])
}

var isoDuration, isoPart = regexp.MustCompile(`^P([0-9]+[YMWD])+$`), regexp.MustCompile(`[0-9]+[YMWD]`)

// language names a BCP 47 tag by its first part, "de-AT" as "German"; a language
// the table does not know is named by its tag.
func (w words) language(tag string) string {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if name, ok := w.text["language."+primary]; ok {
		return name
	}
	return tag
}

// years says a span of years.
func years(from, to int) string {
	if from == to {
		return strconv.Itoa(from)
	}
	return strconv.Itoa(from) + "–" + strconv.Itoa(to)
}

// endonym is a BCP 47 tag's name in the language itself, "Deutsch" for "de"; of one
// that has none here, the tag.
func endonym(tag string) string {
	name := display.Self.Name(language.Make(tag))
	if name == "" {
		return tag
	}
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToTitle(first)) + name[size:]
}

// direction is "rtl" for the languages written from right to left, by the
// tag's script where it names one, else by its language.
func direction(tag string) string {
	parts := strings.Split(strings.ToLower(tag), "-")
	for _, part := range parts[1:] {
		if len(part) == 1 {
			break // extensions and private use say nothing about the script
		}
		if len(part) == 4 && part[0] > '9' {
			switch part {
			case "adlm", "arab", "aran", "hebr", "nkoo", "rohg", "syrc", "thaa":
				return "rtl"
			}
			return "ltr"
		}
	}
	switch parts[0] {
	case "ar", "arc", "ckb", "dv", "fa", "he", "iw", "ji", "ks", "nqo", "pnb", "ps", "sd", "syr", "ug", "ur", "yi":
		return "rtl"
	}
	return "ltr"
}
