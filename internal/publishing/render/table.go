package render

import (
	"cmp"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"laurel/themes"
)

// Table is a table of words for a language that the built-in theme has none for, by its
// BCP 47 tag: that of English, line by line, with the forms that the language has for
// numbers, its name, and the names of languages as it has them. It fails for what is no
// tag, and for a language that is there.
func Table(tag string) ([]byte, error) {
	parsed, err := language.Parse(tag)
	if err != nil || parsed.String() != tag {
		return nil, fmt.Errorf("%q is not the usual spelling of a BCP 47 language tag", tag)
	}
	if _, err := fs.Stat(themes.Default(), "strings/"+tag+".json"); err == nil {
		return nil, fmt.Errorf("laurel has words in %s; `laurel theme copy strings/%s.json` copies them", display.English.Tags().Name(parsed), tag)
	}
	english, err := fs.ReadFile(themes.Default(), "strings/"+fallback+".json")
	if err != nil {
		return nil, fmt.Errorf("read the English words: %w", err)
	}
	base, _ := parsed.Base()
	line := regexp.MustCompile(`^  "([^"]+)": (.+?)(,?)$`)
	lines := strings.Split(string(english), "\n")
	for i, text := range lines {
		m := line.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		key, value := m[1], m[2]
		if of, ok := strings.CutPrefix(key, "language."); ok {
			value = quoted(cmp.Or(display.Languages(parsed).Name(language.Make(of)), of))
		} else if key == "verifier.language" {
			value = quoted(base.String())
		} else if strings.HasPrefix(value, "{") {
			value = inForms(parsed, value)
		}
		lines[i] = "  " + quoted(key) + ": " + value + m[3]
	}
	table := []byte(strings.Join(lines, "\n"))
	if _, err := readTable(table); err != nil {
		return nil, fmt.Errorf("bug: the English words are not as they were: %w", err)
	}
	return table, nil
}

// inForms are the forms of a counted word that a language has, of those in English.
func inForms(tag language.Tag, english string) string {
	var said map[string]string
	if json.Unmarshal([]byte(english), &said) != nil {
		return english
	}
	has := map[string]bool{"other": true}
	for n := range 201 {
		has[formOf(tag, n)] = true
	}
	var list []string
	if formOf(tag, 0) == "one" || formOf(tag, 21) == "one" {
		delete(said, "one") // which says once, and not how often
	}
	for _, form := range []string{"zero", "one", "two", "few", "many", "other"} {
		if has[form] {
			list = append(list, quoted(form)+": "+quoted(cmp.Or(said[form], said["other"])))
		}
	}
	return "{" + strings.Join(list, ", ") + "}"
}

func quoted(text string) string {
	b, err := jsontext.AppendQuote(nil, text)
	if err != nil {
		return `""`
	}
	return string(b)
}
