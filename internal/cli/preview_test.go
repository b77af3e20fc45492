package cli

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPreviewFollowsNoLink puts links into public/ while it is served: those that
// lead out of it lead nowhere.
func TestPreviewFollowsNoLink(t *testing.T) {
	dir := t.TempDir()
	public := filepath.Join(dir, "public")
	for name, text := range map[string]string{"keys/key.jwe": "secret", "public/index.html": "home", "public/404.html": "nothing here",
		"public/about/index.html": "about", "elsewhere/index.html": "secret"} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"key.txt": "../keys/key.jwe", "keys": "../keys", "absolute.txt": filepath.Join(dir, "keys/key.jwe"),
		"elsewhere": "../elsewhere", "us": "about"} {
		if err := os.Symlink(to, filepath.Join(public, name)); err != nil {
			t.Fatal(err)
		}
	}
	p := &preview{dir: public, base: "/badges", changed: make(chan struct{})}
	get := func(path string) (int, string) {
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:4280"+path, nil)
		w := httptest.NewRecorder()
		p.ServeHTTP(w, r)
		body, err := io.ReadAll(w.Result().Body)
		if err != nil {
			t.Fatal(err)
		}
		return w.Code, string(body)
	}
	for path, want := range map[string]int{"/badges/": 200, "/badges/about/": 200, "/badges/about": 301, "/badges/us/": 200, "/": 302,
		"/badges/key.txt": 404, "/badges/keys/key.jwe": 404, "/badges/keys": 404, "/badges/absolute.txt": 404, "/badges/elsewhere/": 404,
		"/badges/../keys/key.jwe": 404, "/badges/%2e%2e/keys/key.jwe": 404, "/badges/nothing": 404} {
		if code, body := get(path); code != want || strings.Contains(body, "secret") {
			t.Errorf("%s is %d %q, want %d", path, code, body, want)
		}
	}

	// A folder that a build made again is served, one that became a link is not.
	if err := os.RemoveAll(public); err != nil {
		t.Fatal(err)
	}
	if code, _ := get("/badges/"); code != 404 {
		t.Errorf("without public/ it is %d", code)
	}
	if err := os.Mkdir(public, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(public, "index.html"), []byte("new"), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, body := get("/badges/"); code != 200 || body != "new" {
		t.Errorf("made again it is %d %q", code, body)
	}
	if err := os.RemoveAll(public); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("elsewhere", public); err != nil {
		t.Fatal(err)
	}
	if code, body := get("/badges/"); code != 404 || strings.Contains(body, "secret") {
		t.Errorf("as a link it is %d %q", code, body)
	}
}

// TestPreviewPolicy: the reload script takes nothing away from what a page may do
// by itself, such as to ask the hosts that "Contact and verify" names.
func TestPreviewPolicy(t *testing.T) {
	pages, err := filepath.Glob("../publishing/render/testdata/golden/*.html")
	if err != nil || len(pages) < 10 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	asks := false
	for _, file := range pages {
		if strings.HasSuffix(file, "-sealed.html") {
			continue // no page of its own: the claim page puts it into itself
		}
		page, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		before, after := directives(t, page), directives(t, withReload(page))
		for name, was := range before {
			for _, source := range was {
				if !slices.Contains(after[name], source) {
					t.Errorf("%s: %s loses %s", filepath.Base(file), name, source)
				}
			}
		}
		for name, is := range after {
			for _, source := range is {
				if !slices.Contains(before[name], source) && !(source == "'self'" && (name == "connect-src" || name == "script-src")) {
					t.Errorf("%s: %s gains %s", filepath.Base(file), name, source)
				}
			}
		}
		if !slices.Contains(after["connect-src"], "'self'") || !slices.Contains(after["script-src"], "'self'") {
			t.Errorf("%s: the page does not reload: %v", filepath.Base(file), after)
		}
		asks = asks || slices.Contains(after["connect-src"], "https:")
	}
	if !asks {
		t.Error("no page may ask other hosts, so this proves nothing")
	}
	for was, want := range map[string]string{
		"default-src 'none'":                                    "default-src 'none'; connect-src 'self'",
		"default-src 'none'; connect-src 'none'":                "default-src 'none'; connect-src 'self'",
		"connect-src https: 'self'; img-src data:":              "connect-src https: 'self'; img-src data:",
		"default-src 'none'; Connect-Src https:; img-src data:": "default-src 'none'; Connect-Src https: 'self'; img-src data:",
	} {
		if got := allowSelf(was, "connect-src"); got != want {
			t.Errorf("%s becomes %s, want %s", was, got, want)
		}
	}
}

// directives are those of a page's policy that browsers go by: the first of each
// name.
func directives(t *testing.T, page []byte) map[string][]string {
	t.Helper()
	found := policy.FindSubmatch(page)
	if found == nil {
		t.Fatal("the page has no policy")
	}
	all := map[string][]string{}
	for _, part := range strings.Split(string(found[2]), ";") {
		if words := strings.Fields(part); len(words) > 0 && all[words[0]] == nil {
			all[words[0]] = words[1:]
		}
	}
	return all
}
