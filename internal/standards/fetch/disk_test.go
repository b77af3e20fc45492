package fetch

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestDiskCache asks for documents again and again while time passes.
func TestDiskCache(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "laurel")
	testNow := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	asked := 0
	list := func(ttl string) string { return `{"credentialSubject":{"encodedList":"u"` + ttl + `}}` }
	bodies := map[string]string{
		"https://example.org/did.json":  `{"id":"did:web:example.org"}`,
		"https://example.org/default":   list(""),
		"https://example.org/short":     list(`,"ttl":60000`),
		"https://example.org/zero":      list(`,"ttl":0`),
		"https://example.org/long":      list(`,"ttl":1e15`),
		"https://example.org/jwt":       "eyJhbGciOiJFZERTQSJ9." + base64.RawURLEncoding.EncodeToString([]byte(list(`,"ttl":60000`))) + ".AAAA",
		"https://example.org/revoked":   `{"revokedCredential":[]}`,
		"https://example.org/nonsense":  `hello`,
		"https://example.org/elsewhere": `{}`,
	}
	network := func(_ context.Context, url string) ([]byte, error) {
		asked++
		if body, ok := bodies[url]; ok {
			return []byte(body), nil
		}
		return nil, errors.New("not available")
	}
	get := func(url string, now time.Time) bool {
		t.Helper()
		before := asked
		cache := Disk{Dir: dir, Now: now, Tell: func(string, ...any) {}}
		data, err := cache.Before(network)(t.Context(), url)
		if want, ok := bodies[url]; ok && (err != nil || string(data) != want) {
			t.Errorf("%s: %q, %v", url, data, err)
		}
		return asked > before
	}
	for _, c := range []struct {
		url  string
		keep time.Duration
	}{
		{"did.json", 10 * time.Minute}, {"default", 5 * time.Minute}, {"short", time.Minute}, {"zero", 0}, {"long", 24 * time.Hour},
		{"jwt", time.Minute}, {"revoked", 5 * time.Minute}, {"nonsense", 0}, {"missing", 0},
	} {
		url := "https://example.org/" + c.url
		if !get(url, testNow) {
			t.Errorf("%s: not asked for at first", c.url)
		}
		if c.keep > 0 && get(url, testNow.Add(c.keep-time.Second)) {
			t.Errorf("%s: asked for again before %s", c.url, c.keep)
		}
		if !get(url, testNow.Add(c.keep)) {
			t.Errorf("%s: from the cache after %s", c.url, c.keep)
		}
	}
	if !get("https://example.org/did.json", testNow.Add(-time.Hour)) {
		t.Error("a document of the future is taken")
	}
	// What somebody wrote into the folder under another name, or cut.
	cache := Disk{Dir: dir, Now: testNow}
	if err := os.WriteFile(cache.file("https://example.org/elsewhere"), fmt.Appendf(nil, "%s %d https://example.com/\n{}", cacheMagic, testNow.Unix()), 0o600); err != nil {
		t.Fatal(err)
	}
	if !get("https://example.org/elsewhere", testNow) {
		t.Error("a document of another URL is taken")
	}
	for _, torn := range []string{"", cacheMagic, cacheMagic + " x https://example.org/elsewhere\n{}", "laurel cache 2 1 https://example.org/elsewhere\n{}"} {
		if err := os.WriteFile(cache.file("https://example.org/elsewhere"), []byte(torn), 0o600); err != nil {
			t.Fatal(err)
		}
		if !get("https://example.org/elsewhere", testNow) {
			t.Errorf("%q is taken", torn)
		}
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder: %v, %v", info, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "new-*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}
