package verify_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
)

// reason is one entry of reasons.json.
type reason struct {
	Code  string                       `json:"code"`
	Hint  string                       `json:"hint"`
	Say   map[string]string            `json:"say"`
	Forms map[string]map[string]string `json:"forms"`
}

// reasonsOf is what reasons.json has.
func reasonsOf(t *testing.T) []reason {
	t.Helper()
	data, err := os.ReadFile("reasons.json")
	if err != nil {
		t.Fatal(err)
	}
	var table struct {
		Reasons []reason `json:"reasons"`
	}
	if err := json.Unmarshal(data, &table); err != nil {
		t.Fatal(err)
	}
	return table.Reasons
}

// sentences are all keys of reasons.json with the names of their values.
func sentences(t *testing.T) map[string][]string {
	t.Helper()
	keys := map[string][]string{}
	add := func(key string, say map[string]string) {
		keys[key] = []string{}
		for _, m := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(say["en"], -1) {
			keys[key] = append(keys[key], m[1])
		}
		slices.Sort(keys[key])
	}
	for _, r := range reasonsOf(t) {
		add(r.Code, r.Say)
		for name, say := range r.Forms {
			add(r.Code+"."+name, say)
		}
	}
	return keys
}

// source is one place in the sources that takes a string and what follows it.
type source struct {
	at   token.Position
	key  string
	rest []ast.Expr
}

// sourcesIn returns every call of a function, and every literal of a type, in the
// sources of a package that makes findings, with the key that it is given.
func sourcesIn(t *testing.T, folder string, makers ...string) []source {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no sources in %s: %v", folder, err)
	}
	var found []source
	set := token.NewFileSet()
	add := func(list []ast.Expr) {
		for i, e := range list {
			if pair, ok := e.(*ast.KeyValueExpr); ok {
				if name, ok := pair.Key.(*ast.Ident); !ok || name.Name != "Code" {
					continue
				}
				e = pair.Value
			}
			lit, ok := e.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				continue
			}
			if s, err := strconv.Unquote(lit.Value); err == nil && regexp.MustCompile(`^[a-z0-9.-]+$`).MatchString(s) {
				found = append(found, source{set.Position(lit.Pos()), s, list[i+1:]})
			}
			return
		}
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || strings.HasPrefix(filepath.Base(file), "lint") {
			continue
		}
		f, err := parser.ParseFile(set, file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				if name, ok := n.Type.(*ast.Ident); ok && slices.Contains(makers, name.Name) {
					add(n.Elts)
				}
				if name, ok := n.Type.(*ast.SelectorExpr); ok && slices.Contains(makers, name.Sel.Name) {
					add(n.Elts)
				}
			case *ast.CallExpr:
				switch fun := n.Fun.(type) {
				case *ast.Ident:
					if slices.Contains(makers, fun.Name) {
						add(n.Args)
					}
				case *ast.SelectorExpr:
					if slices.Contains(makers, fun.Sel.Name) {
						add(n.Args)
					}
				}
			}
			return true
		})
	}
	return found
}

// TestStep: whatever decides a verdict that is not valid says what to do next, which
// the command line and the verify page tell. What was not reached is decided by the rest,
// and who signed what is off-form is told with what is wrong with the form.
func TestStep(t *testing.T) {
	hints := map[string]string{}
	for _, r := range reasonsOf(t) {
		hints[r.Code] = r.Hint
	}
	decide := 0
	for _, f := range sourcesIn(t, ".", "fail", "unknown") {
		code, _, _ := strings.Cut(f.key, ".")
		if decide++; hints[code] == "" && !slices.Contains([]string{"not-reached", "signed-off-form", "count"}, code) {
			t.Errorf("%s: %s has no hint", f.at, code)
		}
	}
	if decide < 80 {
		t.Errorf("found only %d", decide)
	}
}

// onlySigning are codes that are given where something is signed, or a part of it
// shown, and never in a report.
var onlySigning = []string{"proof-present", "pointer-unknown", "pointer-partial"}

// TestReasons holds reasons.json against the Go sources: every reason that is
// given is in the table, with the values that its sentence has.
func TestReasons(t *testing.T) {
	keys := sentences(t)
	findings := sourcesIn(t, ".", "pass", "fail", "warn", "unknown", "skipped")
	findings = slices.DeleteFunc(findings, func(f source) bool { return slices.Contains([]string{"count", "most"}, f.key) }) // of a kind's key
	if len(findings) < 150 {
		t.Errorf("found only %d findings", len(findings))
	}
	for _, f := range findings {
		values, ok := keys[f.key]
		if !ok {
			t.Errorf("%s: %q is not in reasons.json", f.at, f.key)
			continue
		}
		given := []string{}
		for i := 0; i < len(f.rest); i += 2 {
			lit, ok := f.rest[i].(*ast.BasicLit)
			if !ok {
				t.Errorf("%s: %s: the name of a value is not written out", f.at, f.key)
				continue
			}
			name, _ := strconv.Unquote(lit.Value)
			given = append(given, name)
		}
		if slices.Sort(given); !slices.Equal(given, values) {
			t.Errorf("%s: %s is given the values %q, its sentence has %q", f.at, f.key, given, values)
		}
	}
	for _, of := range []struct {
		folder string
		makers []string
		least  int
		values []string // what a sentence may have
	}{
		{"../proof", []string{"Error", "Errorf"}, 20, []string{"name", "value"}},
		{"../jsonld", []string{"Error", "Errorf", "fail"}, 30, []string{"name", "value"}},
		{"../conform", []string{"add", "warn", "report", "Finding"}, 60, []string{"name", "value"}},
		{".", []string{"Finding"}, 1, []string{"name", "value"}},
		{"../../cli", []string{"NotRead"}, 6, nil},
	} {
		found := sourcesIn(t, of.folder, of.makers...)
		if len(found) < of.least {
			t.Errorf("%s: found only %d reasons", of.folder, len(found))
		}
		for _, f := range found {
			values, ok := keys[f.key]
			if !ok && !slices.Contains(onlySigning, f.key) {
				t.Errorf("%s: %q is not in reasons.json", f.at, f.key)
			}
			for _, v := range values {
				if !slices.Contains(of.values, v) {
					t.Errorf("%s: the sentence of %s has a value %q, which is not known there", f.at, f.key, v)
				}
			}
		}
	}
}

// TestReasonsUsed wants every reason of the table in the sources, of Go or of the
// verify page.
func TestReasonsUsed(t *testing.T) {
	keys := sentences(t)
	used := map[string]bool{}
	for _, pattern := range []string{"*.go", "../proof/*.go", "../sdjwt/*.go", "../jsonld/*.go", "../conform/*.go", "../../cli/*.go", "../../../themes/default/src/verifier/*.ts"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if base := filepath.Base(file); strings.HasSuffix(base, "_test.go") || strings.HasPrefix(base, "reasons.") {
				continue
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile("[\"'`]([a-z0-9.-]+)[\"'`]").FindAllStringSubmatch(string(data), -1) {
				used[m[1]] = true
			}
		}
	}
	for key := range keys {
		// Forms that are put behind the code of a finding.
		code, form, _ := strings.Cut(key, ".")
		if slices.Contains([]string{"by", "endorsement", "message"}, form) && used["."+form] {
			used[key] = used[code]
		}
	}
	for key := range used {
		if code, _, _ := strings.Cut(key, "."); used[key] {
			used[code] = true // what its forms are forms of
		}
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if !used[key] {
			t.Errorf("%s is in reasons.json, and nothing gives it", key)
		}
	}
}
