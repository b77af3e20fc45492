package verify_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"laurel/internal/standards/verify"
)

// codesIn returns every string literal of a package's sources that a function
// or literal which makes findings takes as its code.
func codesIn(t *testing.T, folder string, makers ...string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no sources in %s: %v", folder, err)
	}
	kebab := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	var codes []string
	add := func(list []ast.Expr) {
		for _, e := range list {
			if pair, ok := e.(*ast.KeyValueExpr); ok {
				if key, ok := pair.Key.(*ast.Ident); !ok || key.Name != "Code" && key.Name != "code" {
					continue
				}
				e = pair.Value
			}
			lit, ok := e.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				continue
			}
			if s, err := strconv.Unquote(lit.Value); err == nil && kebab.MatchString(s) {
				codes = append(codes, s)
			}
			return
		}
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || filepath.Base(file) == "codes.go" || strings.HasPrefix(filepath.Base(file), "lint") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				if slices.Contains(makers, nameOf(n.Type)) {
					add(n.Elts)
				}
			case *ast.CallExpr:
				if slices.Contains(makers, nameOf(n.Fun)) {
					add(n.Args)
				}
			}
			return true
		})
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// nameOf is the name of a type or function, without its package or receiver.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// TestReasons holds the table against the sources: every code that this package,
// jsonld, proof or conform can give is in it, once, with a sentence.
func TestReasons(t *testing.T) {
	known := map[string]verify.Reason{}
	for _, r := range verify.Reasons() {
		if _, twice := known[r.Code]; twice {
			t.Errorf("%s is in the table twice", r.Code)
		}
		known[r.Code] = r
		if !strings.HasSuffix(r.Text, ".") || r.Hint != "" && !strings.HasSuffix(r.Hint, ".") {
			t.Errorf("%s: not a sentence: %q, %q", r.Code, r.Text, r.Hint)
		}
	}
	used := map[string]bool{}
	for _, source := range []struct {
		folder string
		makers []string
	}{
		{".", []string{"finding", "none", "Requirement", "unmet"}},
		{"../jsonld", []string{"Error", "Errorf", "fail"}},
		{"../proof", []string{"Error", "Errorf"}},
		{"../conform", []string{"add", "warn", "report"}},
	} {
		codes := codesIn(t, source.folder, source.makers...)
		if len(codes) < 15 {
			t.Errorf("%s: found only the codes %q", source.folder, codes)
		}
		for _, code := range codes {
			used[code] = true
			if _, ok := known[code]; !ok && !strings.HasPrefix(code, "proof-present") && code != "suite-verify-only" {
				t.Errorf("%s gives the code %q, which is not in the table", source.folder, code)
			}
		}
	}
	t.Logf("%d codes in the table, %d used as literals", len(known), len(used))
}
