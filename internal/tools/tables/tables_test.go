package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
)

const root = "../../.."

// TestTables wants what is committed to be what the tables say.
func TestTables(t *testing.T) {
	files, err := made(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil || !bytes.Equal(data, files[name]) {
			t.Errorf("%s is not what is generated, %v: run go generate ./...", name, err)
		}
	}
}

// TestWords wants every reason and hint in every language of the theme, with the
// same values, and says how many there are.
func TestWords(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root, reasonsFile))
	if err != nil {
		t.Fatal(err)
	}
	var table reasons
	if err := json.Unmarshal(data, &table); err != nil {
		t.Fatal(err)
	}
	list, err := table.sentences()
	if err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(root, stringsFolder, "??.json"))
	if err != nil || len(found) != len(languages) {
		t.Fatalf("the theme has the languages %q, the reasons %q, %v", found, languages, err)
	}
	english := map[string]string{}
	for _, language := range languages {
		data, err := os.ReadFile(filepath.Join(root, stringsFolder, language+".json"))
		if err != nil {
			t.Fatal(err)
		}
		all := map[string]any{} // also of objects, which are none of ours
		if err := json.Unmarshal(data, &all); err != nil {
			t.Fatal(err)
		}
		words := map[string]string{}
		for key, word := range all {
			words[key], _ = word.(string)
		}
		for _, s := range list {
			word := words["verifier.reason."+s.key]
			if word == "" || !slices.Equal(valuesIn(word), s.values) {
				t.Errorf("%s: %s is %q, and should have the values %q", language, s.key, word, s.values)
			}
			if language == "en" {
				english[s.key] = word
			} else if word == english[s.key] {
				t.Errorf("%s: %s is the English sentence", language, s.key)
			}
		}
		for name := range table.Hints {
			if words["verifier.hint."+name] == "" {
				t.Errorf("%s: no hint %s", language, name)
			}
		}
	}
	t.Logf("%d codes, %d sentences, %d hints in %d languages", len(table.Reasons), len(list), len(table.Hints), len(languages))
}

func TestSentences(t *testing.T) {
	say := func(more ...string) map[string]string {
		m := map[string]string{"en": "It ended on {date}.", "de": "Bis {date}.", "es": "Hasta el {date}.", "fr": "Jusqu’au {date}.",
			"pt": "Até {date}.", "ar": "حتى {date}.", "uk": "До {date}.", "zh": "至 {date}。", "hi": "{date} तक।"}
		for i := 0; i < len(more); i += 2 {
			if m[more[i]] = more[i+1]; more[i+1] == "" {
				delete(m, more[i])
			}
		}
		return m
	}
	for _, c := range []struct {
		name    string
		reasons []reason
		want    string
	}{
		{"good", []reason{{Code: "ended", Say: say(), Forms: map[string]map[string]string{"late": say()}}}, ""},
		{"twice", []reason{{Code: "ended", Say: say()}, {Code: "ended", Say: say()}}, "twice"},
		{"no-code", []reason{{Code: "Ended", Say: say()}}, "no code"},
		{"no-language", []reason{{Code: "ended", Say: say("fr", "")}}, "no sentence for the language fr"},
		{"other-language", []reason{{Code: "ended", Say: say("nl", "Tot {date}.")}}, `"nl" is no language`},
		{"other-value", []reason{{Code: "ended", Say: say("es", "Hasta el {day}.")}}, `["day"] in es`},
		{"value-left-out", []reason{{Code: "ended", Say: say("de", "Vorbei.")}}, `[] in de`},
		{"no-sentence", []reason{{Code: "ended", Say: say("de", "bis {date}, oder")}}, "not a sentence"},
		{"no-hint", []reason{{Code: "ended", Say: say(), Hint: "wait"}}, `no hint "wait"`},
		{"no-form", []reason{{Code: "ended", Say: say(), Forms: map[string]map[string]string{"Too Late": say()}}}, "name of a form"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := reasons{Reasons: c.reasons}.sentences()
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, wanted %q", err, c.want)
			}
		})
	}
}

func TestWithWords(t *testing.T) {
	words := [][2]string{{"verifier.reason.a", `one "and" two`}, {"verifier.hint.b", "three"}}
	for _, c := range []struct{ name, table, want string }{
		{"between", "{\n  \"a\": \"b\",\n  \"verifier.reason.old\": \"x\",\n\n  \"c\": \"d\"\n}\n",
			"{\n  \"a\": \"b\",\n  \"verifier.reason.a\": \"one \\\"and\\\" two\",\n  \"verifier.hint.b\": \"three\",\n\n  \"c\": \"d\"\n}\n"},
		{"at-the-end", "{\n  \"a\": \"b\",\n  \"verifier.reason.old\": \"x\"\n}\n",
			"{\n  \"a\": \"b\",\n  \"verifier.reason.a\": \"one \\\"and\\\" two\",\n  \"verifier.hint.b\": \"three\"\n}\n"},
		{"nowhere", "{\n  \"a\": \"b\"\n}\n", ""},
		{"no-table", "{\n  \"verifier.reason.old\": \"x\"\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := withWords([]byte(c.table), words)
			if string(got) != c.want || (err == nil) != (c.want != "") {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestReadConstants(t *testing.T) {
	for _, c := range []struct{ name, table, want string }{
		{"good", `[{"name": "most", "unit": "bytes", "number": 1024, "about": "bounds it."}, {"name": "Kinds", "list": ["a"], "about": "are kinds."}]`, ""},
		{"no-name", `[{"name": "a b", "number": 1, "about": "bounds it."}]`, "no name"},
		{"no-sentence", `[{"name": "most", "number": 1, "about": "bounds it"}]`, "not a sentence"},
		{"no-unit", `[{"name": "most", "unit": "miles", "number": 1, "about": "bounds it."}]`, `"miles" is no unit`},
		{"nothing", `[{"name": "most", "about": "bounds it."}]`, "neither number"},
		{"fraction", `[{"name": "most", "number": 0.5, "about": "bounds it."}]`, "number"},
		{"other-member", `[{"name": "most", "value": 1, "about": "bounds it."}]`, "value"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), constantsFile)
			if err := os.WriteFile(file, []byte(c.table), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := readConstants(file)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, wanted %q", err, c.want)
			}
		})
	}
}
