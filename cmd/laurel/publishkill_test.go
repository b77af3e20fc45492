package main

import (
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// TestPublishKill kills laurel publish half way: as it pushes, before and after the
// branch has changed; at a write of a store; and, to a folder, once some of its files
// are there. Run again, the place has what public/ has and nothing else, and a third
// run does nothing.
func TestPublishKill(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git")
	}
	dir := smallSite(t, true)
	public := published(t, filepath.Join(dir, "public"))
	places := t.TempDir()

	// A git that kills who has called it, before or after it pushes.
	real, err := exec.LookPath("git")
	if err != nil {
		t.Fatal(err)
	}
	deadly := func(when string) string {
		bin := t.TempDir()
		script := "#!/bin/sh\ncase \" $* \" in *' push '*)\n"
		if when == "after" {
			script += "'" + real + "' \"$@\"\n"
		}
		script += "kill -9 $PPID\nexit 1;;\nesac\nexec '" + real + "' \"$@\"\n"
		if err := os.WriteFile(filepath.Join(bin, "git"), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
		return "PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH")
	}

	// A store that kills who asks it to write, at one of the writes.
	var writes, deadlyWrite atomic.Int64
	var kill atomic.Pointer[os.Process]
	store := gofakes3.New(s3mem.New(), gofakes3.WithAutoBucket(true)).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut && writes.Add(1) == deadlyWrite.Load() {
			if p := kill.Load(); p != nil {
				p.Kill()
			}
		}
		store.ServeHTTP(w, r)
	}))
	defer server.Close()
	keys := []string{"AWS_ACCESS_KEY_ID=user", "AWS_SECRET_ACCESS_KEY=made up for tests", "AWS_REGION=us-east-1"}

	type kind struct {
		name string
		args []string
		env  []string
		at   int64 // a write of the store
		held func(t *testing.T) map[string]string
	}
	var kinds []kind
	for _, when := range []string{"before", "after"} {
		bare := filepath.Join(places, when+".git")
		if out, err := exec.Command("git", "init", "-q", "--bare", bare).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		kinds = append(kinds, kind{"git-" + when, []string{"--git", bare}, []string{deadly(when)}, 0, func(t *testing.T) map[string]string {
			clone := filepath.Join(t.TempDir(), "clone")
			if out, err := exec.Command("git", "clone", "-q", "-b", "gh-pages", bare, clone).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			if out, err := exec.Command("git", "-C", bare, "rev-list", "--count", "--all").Output(); err != nil || strings.TrimSpace(string(out)) != "1" {
				t.Errorf("there are %s commits, %v", out, err)
			}
			return published(t, clone)
		}})
	}
	kinds = append(kinds, kind{"s3", []string{"--s3", "badges", "--endpoint", server.URL, "--prefix", "academy"}, nil, int64(len(public)) / 2, func(t *testing.T) map[string]string {
		return stored(t, store, "academy/")
	}})
	folder := filepath.Join(places, "folder")
	kinds = append(kinds, kind{"folder", []string{"--folder", folder}, nil, 0, func(t *testing.T) map[string]string { return published(t, folder) }})
	if testing.Short() {
		kinds = kinds[:1]
	}
	for _, k := range kinds {
		args := append([]string{"publish", "--offline"}, k.args...)
		c := laurel(t.Context(), dir, args...)
		c.Env = append(append(c.Env, keys...), k.env...)
		var out strings.Builder
		c.Stdout, c.Stderr = &out, &out
		writes.Store(0)
		deadlyWrite.Store(-1)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		kill.Store(c.Process)
		deadlyWrite.Store(k.at)
		if k.name == "folder" {
			for range 10_000 { // staging, or done
				_, staging := os.Stat(filepath.Join(folder, ".laurel-publish/9"))
				_, done := os.Stat(filepath.Join(folder, "did.json"))
				if staging == nil || done == nil {
					break
				}
				time.Sleep(2 * time.Millisecond)
			}
			c.Process.Kill()
		}
		if err := c.Wait(); err == nil && k.name != "folder" { // which may have been faster
			t.Errorf("%s: nothing killed it: %s", k.name, out.String())
		} else if err != nil && c.ProcessState.ExitCode() >= 0 {
			t.Errorf("%s: failed by itself: %v: %s", k.name, err, out.String())
		}
		kill.Store(nil)
		for _, want := range []string{"", "nothing to publish"} {
			c := laurel(t.Context(), dir, args...)
			c.Env = append(c.Env, keys...)
			said, err := c.CombinedOutput()
			if err != nil || !strings.Contains(string(said), want) {
				t.Fatalf("%s: run again: %v: %s", k.name, err, said)
			}
			if got := k.held(t); !maps.Equal(got, public) {
				t.Errorf("%s: %d files are there, of %d: %s", k.name, len(got), len(public), said)
			}
		}
	}
}

// published are the files of a folder by path, but for git's.
func published(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.Name() == ".git":
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		b, err := fs.ReadFile(root, p)
		files[p] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// stored are the objects of a store below a prefix, as a visitor gets them.
func stored(t *testing.T, store http.Handler, prefix string) map[string]string {
	t.Helper()
	ask := func(url string) []byte {
		w := httptest.NewRecorder()
		store.ServeHTTP(w, httptest.NewRequest(http.MethodGet, url, nil))
		b, err := io.ReadAll(w.Result().Body)
		if err != nil || w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s %v", url, w.Code, b, err)
		}
		return b
	}
	files := map[string]string{}
	for _, part := range strings.Split(string(ask("/badges?list-type=2&max-keys=1000&prefix="+prefix)), "<Key>")[1:] {
		key, _, _ := strings.Cut(part, "</Key>")
		files[strings.TrimPrefix(key, prefix)] = string(ask("/badges/" + key))
	}
	return files
}
