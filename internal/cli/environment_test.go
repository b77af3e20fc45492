package cli

import (
	"encoding/base64"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// variables are the environment of a test.
func variables(values map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, ok := values[name]
		return value, ok
	}
}

// A run sees its own Environment alone: names lie in its folder, its variables
// are the only ones, and its clock is the time.
func TestEnvironment(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	clock := time.Date(2031, 2, 3, 4, 5, 6, 7, time.UTC)
	laurel := func(vars map[string]string, args ...string) (int, string) {
		var out strings.Builder
		code := Main(t.Context(), Environment{Args: args, Dir: dir, Stdout: &out, Stderr: &out, Lookup: variables(vars), Now: func() time.Time { return clock }})
		return code, out.String()
	}
	if code, out := laurel(nil, "new", "academy"); code != 0 {
		t.Fatalf("new: exit %d\n%s", code, out)
	}
	if _, err := os.Stat(filepath.Join(dir, "academy/content/site.yaml")); err != nil {
		t.Error(err)
	}
	if code, out := laurel(nil, "-C", "academy", "key", "new"); code != exitMisused || !strings.Contains(out, "no terminal") {
		t.Errorf("a key without a passphrase: exit %d\n%s", code, out)
	}
	if err := os.WriteFile(filepath.Join(dir, "passphrase"), []byte("made up for tests\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		vars map[string]string
		args []string
		kid  string
	}{
		{map[string]string{"LAUREL_PASSPHRASE": "made up for tests"}, nil, "key-2031"},
		{map[string]string{"SOURCE_DATE_EPOCH": "2000000000"}, []string{"--passphrase-file", "passphrase"}, "key-2033"},
	} {
		code, out := laurel(c.vars, append([]string{"-C", "academy", "key", "new"}, c.args...)...)
		if code != 0 || !strings.Contains(out, c.kid) {
			t.Errorf("key new %v: exit %d, want %s\n%s", c.args, code, c.kid, out)
		}
		sealed, err := os.ReadFile(filepath.Join(dir, "academy/keys", c.kid+"-1.jwe"))
		if err != nil {
			t.Fatal(err)
		}
		_, protected, _ := strings.Cut(string(sealed), `"protected": "`)
		protected, _, _ = strings.Cut(protected, `"`)
		if header, err := base64.RawURLEncoding.DecodeString(protected); err != nil || !strings.Contains(string(header), `"p2c":600000,`) {
			t.Errorf("%s is sealed as %q, %v", c.kid, header, err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "there.json"), []byte(`{"type": "VerifiableCredential"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out := laurel(nil, "verify", "--offline", "there.json"); code != exitProblem || strings.Contains(out, "no such file") {
		t.Errorf("a file in the folder: exit %d\n%s", code, out)
	}
	if code, out := laurel(nil, "verify", "--offline", "nothing.json"); code != exitMisused || !strings.Contains(out, "nothing.json: no such file") {
		t.Errorf("a file that is not there: exit %d\n%s", code, out)
	}
}

// What a run takes from its process is in environment.go, and nowhere else.
func TestEnvironmentAlone(t *testing.T) {
	t.Parallel()
	process := map[string][]string{
		"os": {"Getenv", "LookupEnv", "Environ", "ExpandEnv", "Stdin", "Stdout", "Stderr", "Args", "Getwd", "Chdir",
			"UserHomeDir", "UserCacheDir", "UserConfigDir", "Exit"},
		"time": {"Now", "Since", "Until"},
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || name == "environment.go" {
			continue
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if pkg, ok := s.X.(*ast.Ident); ok && pkg.Obj == nil && slices.Contains(process[pkg.Name], s.Sel.Name) {
					t.Errorf("%s: %s.%s is the process's: take it from Environment", fset.Position(s.Pos()), pkg.Name, s.Sel.Name)
				}
			}
			return true
		})
	}
}
