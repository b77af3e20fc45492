package host_test

import (
	"context"
	"crypto/sha256"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"laurel/internal/material/hint"
	"laurel/internal/publishing/host"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

// site is a site of these files, by path; a name of more than one turn says which.
func site(t *testing.T, files map[string]string) *host.Site {
	t.Helper()
	dir := t.TempDir()
	s := &host.Site{Ours: func(p string) bool { return !strings.HasPrefix(p, "foreign") }}
	for _, p := range slices.Sorted(maps.Keys(files)) {
		write(t, filepath.Join(dir, p), files[p])
		turn := host.Ordinary
		switch {
		case strings.HasPrefix(p, "assets/"):
			turn = host.Lasting
		case strings.HasPrefix(p, "status/"), p == "did.json":
			turn = host.Deciding
		}
		s.Files = append(s.Files, host.File{Path: p, Size: int64(len(files[p])), SHA256: sha256.Sum256([]byte(files[p])), Turn: turn})
	}
	var err error
	if s.Root, err = os.OpenRoot(dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Root.Close() })
	return s
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// filesOf are the files of a folder, by path, but for git's.
func filesOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.Name() == ".git":
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		b, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		files[filepath.ToSlash(rel)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func publish(t *testing.T, p host.Place, s *host.Site) *host.Change {
	t.Helper()
	c, err := p.Compare(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if c.Steps() == 0 {
		return c
	}
	if err := c.Apply(t.Context(), func(int) {}); err != nil {
		t.Fatal(err)
	}
	return c
}

// Two versions of a site: all that can change does.
var (
	before = map[string]string{"index.html": "home 1", "assets/style-1.css": "a{}", "status/1.json": "list 1", "did.json": "keys 1", "awards/1/index.html": "Ana", "a": "file", "b/c": "file", ".nojekyll": "", "same.html": "same"}
	after  = map[string]string{"index.html": "home 2", "assets/style-2.css": "b{}", "status/1.json": "list 2", "did.json": "keys 2", "awards/2/index.html": "Ben", "a/b": "folder", "b": "file", ".nojekyll": "", "same.html": "same", "ümlaut \"q\\.html": "ü"}
)

func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "site")
	place := &host.Folder{Dir: dir, Now: noon}
	one, two := site(t, before), site(t, after)
	c := publish(t, place, one)
	if len(c.Added) != len(before) || !maps.Equal(filesOf(t, dir), before) {
		t.Errorf("%+v: %v", c, filesOf(t, dir))
	}
	if c := publish(t, place, one); c.Steps() != 0 || c.Unchanged != len(before) {
		t.Errorf("again: %+v", c)
	}
	info, err := os.Stat(filepath.Join(dir, "index.html"))
	if err != nil || !info.ModTime().Equal(noon) {
		t.Error("the time of a file tells when it was written", info.ModTime(), err)
	}
	write(t, filepath.Join(dir, ".git/config"), "mine")
	c = publish(t, place, two)
	if want := []string{"did.json", "index.html", "status/1.json"}; !slices.Equal(c.Changed, append([]string{"b"}, want...)) && !slices.Equal(c.Changed, want) {
		t.Errorf("changed are %v", c.Changed)
	}
	if !maps.Equal(filesOf(t, dir), after) {
		t.Errorf("%v", filesOf(t, dir))
	}
	if _, err := os.Stat(filepath.Join(dir, ".git/config")); err != nil {
		t.Error(err)
	}
	write(t, filepath.Join(dir, "foreign.txt"), "mine")
	if c, err := place.Compare(t.Context(), two); err != nil || !slices.Equal(c.Foreign, []string{"foreign.txt"}) {
		t.Errorf("%+v %v", c, err)
	}
	write(t, filepath.Join(dir, "content/site.yaml"), "x")
	if _, err := place.Compare(t.Context(), two); err == nil || hint.Of(err) == "" || !strings.Contains(err.Error(), "holds a site folder") {
		t.Errorf("error is %v", err)
	}
}

// TestFolderStopsAnywhere ends a run after each of its steps. What verifiers decide by
// is never newer than what it is about, and the next run makes the site whole.
func TestFolderStopsAnywhere(t *testing.T) {
	one, two := site(t, before), site(t, after)
	for stop := 0; ; stop++ {
		dir := t.TempDir()
		place := &host.Folder{Dir: dir, Now: noon}
		publish(t, place, one)
		c, err := place.Compare(t.Context(), two)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		if stop == 0 {
			cancel()
		}
		err = c.Apply(ctx, func(n int) {
			if n == stop {
				cancel()
			}
		})
		cancel()
		c.Close()
		there := filesOf(t, dir)
		if there["did.json"] == "keys 2" && (there["index.html"] != "home 2" || there["assets/style-2.css"] == "" || there["awards/2/index.html"] == "") {
			t.Fatalf("stopped after %d: keys came before what they are about: %v", stop, there)
		}
		if there["index.html"] == "home 2" && there["assets/style-2.css"] == "" || there["index.html"] == "home 1" && there["assets/style-1.css"] == "" {
			t.Fatalf("stopped after %d: a page is without its style: %v", stop, there)
		}
		// A run that was killed leaves its stage.
		write(t, filepath.Join(dir, ".laurel-publish/0"), "half")
		publish(t, place, two)
		if !maps.Equal(filesOf(t, dir), after) {
			t.Fatalf("stopped after %d and run again: %v", stop, filesOf(t, dir))
		}
		if err == nil {
			if stop < 10 {
				t.Errorf("only %d steps", stop)
			}
			return
		}
	}
}

// hostile is an environment in which git would do other things: it signs, filters,
// runs hooks, converts line ends, and belongs to another repository with a name.
func hostile(t *testing.T) []string {
	t.Helper()
	home := t.TempDir()
	write(t, filepath.Join(home, "hooks/pre-push"), "#!/bin/sh\nexit 1\n")
	if err := os.Chmod(filepath.Join(home, "hooks/pre-push"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(home, "attributes"), "*.html text eol=crlf filter=upper\n")
	write(t, filepath.Join(home, ".gitconfig"), "[user]\n\tname = Nina Never\n\temail = nina@example.org\n[core]\n\thooksPath = "+home+"/hooks\n\tattributesFile = "+home+"/attributes\n\tautocrlf = true\n[commit]\n\tgpgSign = true\n[push]\n\tgpgSign = true\n\tfollowTags = true\n[filter \"upper\"]\n\tclean = tr a-z A-Z\n\trequired = true\n")
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "GIT_CONFIG_NOSYSTEM=1", "GIT_DIR=/nowhere", "GIT_INDEX_FILE=/nowhere/index", "GIT_AUTHOR_NAME=Nina Never", "GIT_COMMITTER_EMAIL=nina@example.org", "LANG=de_DE.UTF-8"}
}

// git runs git as somebody else does.
func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), "git", append([]string{"-c", "user.name=Other", "-c", "user.email=other@example.org", "-c", "init.defaultBranch=main", "-c", "core.quotePath=false"}, args...)...)
	c.Dir = dir
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func TestGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git")
	}
	dir := t.TempDir()
	git(t, dir, "init", "-q", "--bare", "site.git")
	bare := filepath.Join(dir, "site.git")
	git(t, bare, "config", "uploadpack.allowFilter", "true")
	place := &host.Git{Repository: "site.git", Branch: "gh-pages", Dir: dir, Env: hostile(t), Now: noon}
	byURL := *place
	byURL.Repository = "file://" + filepath.ToSlash(bare) // git's own protocol, and so without the content of what is there
	one, two := site(t, before), site(t, after)

	cloned := func(want map[string]string) {
		t.Helper()
		clone := filepath.Join(t.TempDir(), "clone")
		git(t, dir, "clone", "-q", "-b", "gh-pages", "file://"+bare, clone)
		if got := filesOf(t, clone); !maps.Equal(got, want) {
			t.Errorf("cloned: %v", got)
		}
		if said := git(t, clone, "log", "--all", "--format=%an|%ae|%cn|%ce|%s|%P|%ad", "--date=iso"); said != "laurel|laurel@publish.invalid|laurel|laurel@publish.invalid|Publish||2026-11-02 12:00:00 +0000" {
			t.Errorf("the history is %q", said)
		}
	}
	if c := publish(t, place, one); len(c.Added) != len(before) {
		t.Errorf("%+v", c)
	}
	cloned(before)
	for _, p := range []host.Place{place, &byURL} {
		if c := publish(t, p, one); c.Steps() != 0 || c.Unchanged != len(before) {
			t.Errorf("again: %+v", c)
		}
	}

	c, err := byURL.Compare(t.Context(), two)
	if err != nil {
		t.Fatal(err)
	}
	if list, err := c.Read(t.Context(), "status/1.json"); err != nil || string(list) != "list 1" {
		t.Errorf("the list there is %q, %v", list, err)
	}
	if none, err := c.Read(t.Context(), "nothing"); none != nil || err != nil {
		t.Errorf("%q, %v", none, err)
	}
	if err := c.Apply(t.Context(), func(int) {}); err != nil {
		t.Fatal(err)
	}
	c.Close()
	cloned(after)

	// Somebody else pushes between comparing and publishing: their work stays.
	if c, err = place.Compare(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(dir, "other")
	git(t, dir, "clone", "-q", "-b", "gh-pages", "file://"+bare, other)
	write(t, filepath.Join(other, "foreign.html"), "by hand")
	git(t, other, "add", ".")
	git(t, other, "commit", "-qm", "by hand")
	git(t, other, "push", "-q")
	if err := c.Apply(t.Context(), func(int) {}); err == nil || !strings.Contains(err.Error(), "published by somebody else meanwhile") || hint.Of(err) == "" {
		t.Errorf("error is %v", err)
	}
	c.Close()
	if c, err = place.Compare(t.Context(), two); err != nil || !slices.Equal(c.Foreign, []string{"foreign.html"}) {
		t.Fatalf("%+v %v", c, err)
	}
	if err := c.Apply(t.Context(), func(int) {}); err != nil { // it was told so
		t.Fatal(err)
	}
	c.Close()
	cloned(after)

	// A site folder's own branch is never replaced.
	git(t, dir, "init", "-q", "folder")
	folder := filepath.Join(dir, "folder")
	write(t, filepath.Join(folder, "content/site.yaml"), "x")
	git(t, folder, "add", ".")
	git(t, folder, "commit", "-qm", "first")
	for _, c := range []struct {
		repository, branch, want string
	}{
		{"folder", "main", "holds a site folder (content/site.yaml)"},
		{"nowhere.git", "main", "reach nowhere.git"},
		{"ext::sh -c true", "main", "not allowed"},
	} {
		_, err := (&host.Git{Repository: c.repository, Branch: c.branch, Dir: dir, Env: hostile(t), Now: noon}).Compare(t.Context(), one)
		if err == nil || !strings.Contains(err.Error(), c.want) || hint.Of(err) == "" {
			t.Errorf("%s: %v", c.repository, err)
		}
	}

	// What changed since it was built is not published.
	write(t, filepath.Join(one.Root.Name(), "index.html"), "changed")
	if _, err := place.Compare(t.Context(), one); err == nil || !strings.Contains(err.Error(), "public/index.html has changed since it was built") {
		t.Errorf("error is %v", err)
	}
}
