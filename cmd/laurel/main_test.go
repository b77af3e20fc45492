package main

import (
	"archive/zip"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"laurel/internal/cli"
	"laurel/internal/issuing/keys"
	"laurel/internal/testing/browser"
)

// asLaurel makes the test binary be laurel, for tests that need a process.
const asLaurel = "LAUREL_TEST_AS_LAUREL"

func TestMain(m *testing.M) {
	if os.Getenv(asLaurel) != "" {
		quick()
	}
	laurel := quick
	if os.Getenv(wineProgram) != "" {
		laurel = underWine
	}
	testscript.Main(tests{m}, map[string]func(){"laurel": laurel, "fakesigner": fakeSigner})
}

// keyWork makes keys open fast. What keys take otherwise is tested in cli.
const keyWork = 1000

// quick is main, with keys that open fast and memory collected seldom.
func quick() {
	debug.SetGCPercent(400)
	e := cli.Process()
	e.KeyWork, e.Rehearsal = keyWork, os.Getenv("LAUREL_TEST_EARNEST") == ""
	e.Network.Resolver = nobody
	end(e)
}

// nobody knows no host: what is tested asks no network, whether there is one or not.
var nobody = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
	return nil, errors.New("there is no network in tests")
}}

// tests ends what tests share behind the last of them.
type tests struct{ *testing.M }

func (m tests) Run() int {
	defer func() {
		browser.Close()
		if dir, err := scratch(); err == nil {
			os.RemoveAll(dir)
		}
	}()
	return m.M.Run()
}

// laurel is a laurel process in a site folder.
func laurel(ctx context.Context, dir string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, os.Args[0], append([]string{"-C", dir}, args...)...)
	c.Env = append(os.Environ(), asLaurel+"=1", "LAUREL_PASSPHRASE="+passphrase)
	return c
}

// slow skips a test where only quick ones are wanted: "make quick".
func slow(t *testing.T, why string) {
	t.Helper()
	if testing.Short() {
		t.Skip(why)
	}
}

const passphrase = "made up for tests"

// variables are the environment of command lines that run in this process.
func variables(name string) (string, bool) { return passphrase, name == "LAUREL_PASSPHRASE" }

// TestScripts runs the command lines in testdata, each a small site with
// commands and what they print. The first word of a name is the command.
func TestScripts(t *testing.T) {
	t.Parallel()
	p := scripts
	p.Dir = "testdata"
	testscript.Run(t, p)
}

// scripts is what all of them may use.
var scripts = testscript.Params{
	Setup: func(e *testscript.Env) error {
		e.Setenv("LAUREL_PASSPHRASE", passphrase)
		e.Setenv("NO_COLOR", "1")
		for _, name := range []string{wineProgram, wineLaurel, wineSigner, "WINEPREFIX", "WINEDEBUG"} {
			e.Setenv(name, os.Getenv(name))
		}
		examples, err := filepath.Abs("../../internal/testing/vectors/files/1edtech-ob20")
		if err != nil {
			return err
		}
		e.Setenv("OB20", examples)
		e.Setenv("KID", "key-"+time.Now().UTC().Format("2006"))
		return nil
	},
	Cmds: map[string]func(*testscript.TestScript, bool, []string){
		"replace": replaceInFile,
		"find":    find,
		"fastkey": scriptKey,
		"zip":     zipFolder,
	},
}

// zipFolder is "zip FILE FOLDER": an archive of what is in the folder.
func zipFolder(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: zip FILE FOLDER")
	}
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	w := zip.NewWriter(f)
	ts.Check(w.AddFS(os.DirFS(ts.MkAbs(args[1]))))
	ts.Check(w.Close())
	ts.Check(f.Close())
}

// scriptKey is "fastkey DIR [KID [ALGORITHM]]": a key for a site folder that opens
// fast, for scripts that are about something else.
func scriptKey(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 3 {
		ts.Fatalf("usage: fastkey DIR [KID [ALGORITHM]]")
	}
	kid, algorithm := "", keys.Ed25519 // the next one
	if len(args) > 1 {
		kid = args[1]
	}
	if len(args) > 2 {
		algorithm = keys.Algorithm(args[2])
	}
	_, err := keys.New(filepath.Join(ts.MkAbs(args[0]), "keys"), kid, algorithm, []byte(passphrase), time.Now(), keys.Options{Iterations: keyWork})
	ts.Check(err)
}

// replaceInFile is "replace FILE OLD NEW": OLD must be there.
func replaceInFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace FILE OLD NEW")
	}
	file := ts.MkAbs(args[0])
	b, err := os.ReadFile(file)
	ts.Check(err)
	if !strings.Contains(string(b), args[1]) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(file, []byte(strings.Replace(string(b), args[1], args[2], 1)), 0o644))
}

// find is "find NAME PATTERN TEXT": the only file that matches and holds the
// text becomes $NAME.
func find(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: find NAME PATTERN TEXT")
	}
	files, err := filepath.Glob(ts.MkAbs(args[1]))
	ts.Check(err)
	found := ""
	for _, f := range files {
		b, err := os.ReadFile(f)
		ts.Check(err)
		if !strings.Contains(string(b), args[2]) {
			continue
		}
		if found != "" {
			ts.Fatalf("%s and %s hold %q", found, f, args[2])
		}
		found = f
	}
	if found == "" {
		ts.Fatalf("no file of %d holds %q", len(files), args[2])
	}
	ts.Setenv(args[0], found)
}

// run runs one command line in this process and returns what it did.
func run(t *testing.T, dir string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	code = cli.Main(t.Context(), cli.Environment{Args: append([]string{"-C", dir}, args...), Stdout: &out, Stderr: &errs, Lookup: variables, KeyWork: keyWork, Rehearsal: true})
	return code, out.String(), errs.String()
}

// must fails the test unless the command succeeds.
func must(t *testing.T, dir string, args ...string) string {
	t.Helper()
	code, out, errs := run(t, dir, args...)
	if code != 0 {
		t.Fatalf("laurel %s: exit %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	return out
}

// copySample makes a site folder of the sample academy, nothing signed.
func copySample(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	sampleContent(t, dir)
	return dir
}

// sampleContent puts the sample academy's content, nothing signed, into a folder,
// and makes the keys that it is signed with.
func sampleContent(t *testing.T, dir string) {
	t.Helper()
	copyTree(t, "../../content", filepath.Join(dir, "content"))
	// make site may have signed it.
	if err := os.RemoveAll(filepath.Join(dir, "content/ledger")); err != nil {
		t.Fatal(err)
	}
	for _, k := range []struct {
		kid, profile string
		algorithm    keys.Algorithm
	}{{"key-2026-1", "", keys.Ed25519}, {"key-2026-2", "", keys.P256}, {"key-guild-1", "welders-guild", keys.Ed25519}} {
		o := keys.Options{Iterations: keyWork, Profile: k.profile}
		if _, err := keys.New(filepath.Join(dir, "keys"), k.kid, k.algorithm, []byte(passphrase), time.Now().Add(-time.Hour), o); err != nil {
			t.Fatal(err)
		}
	}
}
