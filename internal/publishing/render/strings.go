package render

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"laurel/internal/publishing/site"
)

// fallback is the language whose table is complete and stands in for every
// word another table lacks.
const fallback = "en"

// words is the user interface's vocabulary in one language.
type words map[string]string

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

// wordsFor lays the tables of a BCP 47 tag over each other.
func (t *theme) wordsFor(tag string) words {
	table := words{}
	for _, language := range chain(tag) {
		maps.Copy(table, t.words[language])
	}
	return table
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
// {name}. An unknown key is an error: it is a misspelling in a template.
func (w words) Text(key string, pairs ...any) (string, error) {
	text, ok := w[key]
	if !ok {
		return "", fmt.Errorf("no string %q in strings/%s.json", key, fallback)
	}
	if len(pairs)%2 != 0 {
		return "", fmt.Errorf("string %q: a name without a value", key)
	}
	for i := 0; i < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+fmt.Sprint(pairs[i])+"}", fmt.Sprint(pairs[i+1]))
	}
	return text, nil
}

// below are the words whose keys begin with prefix, without it.
func (w words) below(prefix string) map[string]string {
	found := map[string]string{}
	for key, text := range w {
		if rest, ok := strings.CutPrefix(key, prefix); ok {
			found[rest] = text
		}
	}
	return found
}

// verdicts are the words with which scripts tell a verdict: those of "verifier.",
// without that, and how dates are written.
func (w words) verdicts() map[string]string {
	found := w.below("verifier.")
	for key, text := range w {
		if key == "date" || key == "date.first" || strings.HasPrefix(key, "month.") {
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
	if first := w["date.first"]; t.Day() == 1 && first != "" {
		day = first
	}
	month := w["month."+strconv.Itoa(int(t.Month()))]
	return strings.NewReplacer("{d}", day, "{month}", month, "{y}", strconv.Itoa(t.Year())).Replace(w["date"])
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
	return s.Text(func(key string) string { return w["verifier.result."+key] })
}

// number groups the digits of n by three with string "number.group".
func (w words) number(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + w["number.group"] + digits[i:]
	}
	return sign + digits
}

// duration says an ISO 8601 duration of years, months, weeks and days ("P2Y"
// is "2 years"). What is none is returned as it is. The strings hold singular
// and plural, parted by a bar.
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
		one, many, _ := strings.Cut(w[units[part[len(part)-1]]], "|")
		if n == 1 {
			many = one
		}
		said = append(said, strings.ReplaceAll(many, "{n}", strconv.Itoa(n)))
	}
	return strings.Join(said, ", ")
}

var isoDuration, isoPart = regexp.MustCompile(`^P([0-9]+[YMWD])+$`), regexp.MustCompile(`[0-9]+[YMWD]`)

// language names a BCP 47 tag by its first part, "de-AT" as "German"; a language
// the table does not know is named by its tag.
func (w words) language(tag string) string {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if name, ok := w["language."+primary]; ok {
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
