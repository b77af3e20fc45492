package internal

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestNoTestAssertsTime: how long a thing takes says more about the machine,
// and what else it does, than about the code. Tests count work instead: bytes
// allocated, budgets used, calls made. Found are comparisons with what
// time.Since, time.Until or time.Now().Sub gave, and with the present by
// time.Now().Before and After. To wait, a test takes a context or counts its
// looks; to kill at a random moment it may well measure.
func TestNoTestAssertsTime(t *testing.T) {
	looked := 0
	for _, folder := range []string{".", "../cmd", "../themes"} {
		err := filepath.WalkDir(folder, func(p string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules") {
				return fs.SkipDir
			}
			if !strings.HasSuffix(p, "_test.go") {
				return nil
			}
			looked++
			fset := token.NewFileSet()
			file, err := parser.ParseFile(fset, p, nil, 0)
			if err != nil {
				return err
			}
			for _, at := range assertionsOnTime(file) {
				t.Errorf("%s: a comparison with the time that went by", fset.Position(at))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if looked < 100 {
		t.Errorf("only %d files", looked)
	}
}

// assertionsOnTime are the places of a file that compare elapsed time.
func assertionsOnTime(file *ast.File) []token.Pos {
	var found []token.Pos
	for _, decl := range file.Decls {
		elapsed := map[string]bool{} // variables of this declaration that hold a duration gone by
		measures := func(n ast.Node) bool {
			measured := false
			ast.Inspect(n, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.Ident:
					measured = measured || elapsed[n.Name]
				case *ast.CallExpr:
					measured = measured || isCall(n, "time", "Since") || isCall(n, "time", "Until") || ofNow(n, "Sub")
				}
				return !measured
			})
			return measured
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for i, right := range n.Rhs {
					if name, ok := n.Lhs[min(i, len(n.Lhs)-1)].(*ast.Ident); ok && measures(right) {
						elapsed[name.Name] = true
					}
				}
			case *ast.BinaryExpr:
				switch n.Op {
				case token.LSS, token.LEQ, token.GTR, token.GEQ:
					if measures(n.X) || measures(n.Y) {
						found = append(found, n.Pos())
					}
				}
			case *ast.CallExpr:
				if ofNow(n, "Before") || ofNow(n, "After") {
					found = append(found, n.Pos())
				}
			}
			return true
		})
	}
	return found
}

// isCall tells whether a call is of a function of a package.
func isCall(n ast.Expr, pkg, name string) bool {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return false
	}
	s, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || s.Sel.Name != name {
		return false
	}
	x, ok := s.X.(*ast.Ident)
	return ok && x.Name == pkg
}

// ofNow tells whether a call is of a method of time.Now().
func ofNow(n *ast.CallExpr, name string) bool {
	s, ok := n.Fun.(*ast.SelectorExpr)
	return ok && s.Sel.Name == name && isCall(s.X, "time", "Now")
}

// The search knows an assertion when it sees one, and leaves the rest alone.
func TestAssertionsOnTime(t *testing.T) {
	for code, want := range map[string]int{
		`start := time.Now(); if time.Since(start) > time.Second {}`:       1,
		`start := time.Now(); took := time.Since(start); if took > max {}`: 1,
		`if d := time.Now().Sub(start); d.Seconds() >= 2 || failed {}`:     1,
		`for time.Now().Before(deadline) {}`:                               1,
		`for { if time.Now().After(deadline) { break } }`:                  1,
		`span := time.Since(start); if span == 0 {}; time.Sleep(span)`:     0,
		`t.Logf("%v", time.Since(start))`:                                  0,
		`if created.After(time.Now()) {}`:                                  0,
		`ctx, stop := context.WithTimeout(ctx, time.Minute); defer stop()`: 0,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\nfunc f() {"+code+"}", 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := assertionsOnTime(file); len(got) != want {
			t.Errorf("%s: %d found, want %d", code, len(got), want)
		}
	}
}
