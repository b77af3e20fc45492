package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Where the reasons stand, and what is made of them.
const (
	reasonsFile       = "internal/standards/verify/reasons.json"
	reasonsTypeScript = "themes/default/src/verifier/reasons.ts"
	stringsFolder     = "themes/default/strings"
)

// languages are those that every sentence is in; the first is what a missing one
// falls back to.
var languages = []string{"en", "de", "es", "fr", "pt", "ar", "uk", "zh", "hi"}

// reasons is the file of reasons.
type reasons struct {
	// Hints are by name, since many reasons share one. Under "command" stands
	// what helps on the command line alone, in English.
	Hints map[string]map[string]string `json:"hints"`
	// Results are the parts of which a result is said with its scale, by name.
	Results map[string]map[string]string `json:"results"`
	Reasons []reason                     `json:"reasons"`
}

// reason is one code with all that can be said of it.
type reason struct {
	Code   string                       `json:"code"`
	Checks []string                     `json:"checks"` // whose rows it stands in, of none if of any
	Hint   string                       `json:"hint"`   // name of a hint, if there is something to do
	Say    map[string]string            `json:"say"`    // by language
	Forms  map[string]map[string]string `json:"forms"`  // other sentences for the code
}

// sentence is one sentence of a reason in every language.
type sentence struct {
	key    string // the code, and behind a dot the form
	say    map[string]string
	values []string // the names in braces, sorted
}

func reasonTables(root string, files map[string][]byte) error {
	data, err := os.ReadFile(filepath.Join(root, reasonsFile))
	if err != nil {
		return err
	}
	var table reasons
	if err := json.Unmarshal(data, &table, json.RejectUnknownMembers(true)); err != nil {
		return fmt.Errorf("%s: %w", reasonsFile, err)
	}
	list, err := table.sentences()
	if err != nil {
		return fmt.Errorf("%s: %w", reasonsFile, err)
	}
	files[reasonsTypeScript] = reasonsAsTypeScript(table, list)
	for _, language := range languages {
		name := stringsFolder + "/" + language + ".json"
		old, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return err
		}
		if files[name], err = withWords(old, table.words(list, language)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

var (
	inBraces = regexp.MustCompile(`\{([^{}]*)\}`)
	goodName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

// sentences checks the table and returns every sentence, in its order.
func (t reasons) sentences() ([]sentence, error) {
	for name, hint := range t.Hints {
		if err := complete("hint "+name, true, hint, "command"); err != nil {
			return nil, err
		}
	}
	for name, say := range t.Results {
		if err := complete("result "+name, false, say); err != nil {
			return nil, err
		}
	}
	var list []sentence
	seen := map[string]bool{}
	for _, r := range t.Reasons {
		if !goodName.MatchString(r.Code) || seen[r.Code] {
			return nil, fmt.Errorf("%q is no code, or there twice", r.Code)
		}
		seen[r.Code] = true
		if _, ok := t.Hints[r.Hint]; r.Hint != "" && !ok {
			return nil, fmt.Errorf("%s: there is no hint %q", r.Code, r.Hint)
		}
		forms := map[string]map[string]string{r.Code: r.Say}
		for name, say := range r.Forms {
			if !goodName.MatchString(name) {
				return nil, fmt.Errorf("%s: %q is no name of a form", r.Code, name)
			}
			forms[r.Code+"."+name] = say
		}
		for _, key := range slices.Sorted(maps.Keys(forms)) {
			if err := complete(key, true, forms[key]); err != nil {
				return nil, err
			}
			list = append(list, sentence{key, forms[key], valuesIn(forms[key]["en"])})
		}
	}
	return list, nil
}

// wholeSentence ends as sentences do in Latin letters and others, in Chinese or in
// Hindi, or with what somebody else says.
var wholeSentence = regexp.MustCompile(`[.。।}]$`)

// complete tells what is missing in a text, which may have to be a sentence: a
// language, or a value of one.
func complete(name string, whole bool, say map[string]string, others ...string) error {
	want := valuesIn(say[languages[0]])
	for _, language := range languages {
		text := say[language]
		switch got := valuesIn(text); {
		case text == "" || text != strings.TrimSpace(text):
			return fmt.Errorf("%s: no sentence for the language %s", name, language)
		case whole && !wholeSentence.MatchString(text):
			return fmt.Errorf("%s: not a sentence: %q", name, text)
		case !slices.Equal(got, want):
			return fmt.Errorf("%s: the values are %q in %s, %q in %s", name, got, language, want, languages[0])
		}
	}
	for language := range say {
		if !slices.Contains(languages, language) && !slices.Contains(others, language) {
			return fmt.Errorf("%s: %q is no language of the theme", name, language)
		}
	}
	return nil
}

// valuesIn are the names in braces of a text.
func valuesIn(text string) []string {
	names := []string{}
	for _, m := range inBraces.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (t reasons) codesByHint() map[string][]string {
	by := map[string][]string{}
	for _, r := range t.Reasons {
		if r.Hint != "" {
			by[r.Hint] = append(by[r.Hint], r.Code)
		}
	}
	return by
}

func reasonsAsTypeScript(t reasons, list []sentence) []byte {
	var b strings.Builder
	b.WriteString(heading("//", reasonsFile))
	b.WriteString("/** The sentences of reasons, by code or code and form, with the names of their\n * values; what they say is in the words of the theme. */\n")
	b.WriteString("export interface Sentences {\n")
	for _, s := range list {
		names := "never"
		if len(s.values) > 0 {
			quoted := make([]string, len(s.values))
			for i, v := range s.values {
				quoted[i] = typeScriptString(v)
			}
			names = strings.Join(quoted, " | ")
		}
		fmt.Fprintf(&b, "  %s: %s;\n", typeScriptString(s.key), names)
	}
	b.WriteString("}\n\n/** The codes that each hint is for: hint.NAME of the words. */\nexport const hints: Record<string, string> = {\n")
	by := t.codesByHint()
	for _, name := range slices.Sorted(maps.Keys(by)) {
		fmt.Fprintf(&b, "  %s: %s,\n", name, typeScriptString(strings.Join(by[name], " ")))
	}
	b.WriteString("};\n")
	return []byte(b.String())
}

// words are the words of the theme for all reasons, hints and results, in one language.
func (t reasons) words(list []sentence, language string) [][2]string {
	var words [][2]string
	for _, s := range list {
		words = append(words, [2]string{"verifier.reason." + s.key, s.say[language]})
	}
	for _, name := range slices.Sorted(maps.Keys(t.Hints)) {
		words = append(words, [2]string{"verifier.hint." + name, t.Hints[name][language]})
	}
	for _, name := range slices.Sorted(maps.Keys(t.Results)) {
		words = append(words, [2]string{"verifier.result." + name, t.Results[name][language]})
	}
	return words
}

var ownWord = regexp.MustCompile(`^  "verifier\.(reason|hint|result)\.`)

// withWords puts words into a table of the theme, in the place of those that it
// has, and leaves all other lines as they are.
func withWords(table []byte, words [][2]string) ([]byte, error) {
	lines := strings.SplitAfter(string(table), "\n")
	at := slices.IndexFunc(lines, ownWord.MatchString)
	if at < 0 {
		return nil, fmt.Errorf("no line begins with %s", `"verifier.reason.`)
	}
	lines = slices.DeleteFunc(lines, ownWord.MatchString)
	var made []string
	for _, w := range words {
		text, err := jsontext.AppendQuote(nil, w[1])
		if err != nil {
			return nil, err
		}
		made = append(made, fmt.Sprintf("  %q: %s,\n", w[0], text))
	}
	lines = slices.Insert(lines, at, made...)
	if rest := strings.TrimSpace(strings.Join(lines[at+len(made):], "")); rest == "}" {
		last := at + len(made) - 1
		lines[last] = strings.TrimSuffix(lines[last], ",\n") + "\n"
	}
	out := []byte(strings.Join(lines, ""))
	if !jsontext.Value(out).IsValid() {
		return nil, errors.New("the words do not fit in")
	}
	return out, nil
}
