package did_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"laurel/internal/standards/did"
	"laurel/internal/testing/vectors"
)

func TestWebDID(t *testing.T) {
	for _, c := range []struct{ name, base, did, url, path string }{
		{"root", "https://example.org", "did:web:example.org", "https://example.org/.well-known/did.json", ".well-known/did.json"},
		{"root-slash", "https://example.org/", "did:web:example.org", "https://example.org/.well-known/did.json", ".well-known/did.json"},
		{"project-page", "https://academy.example.io/badges/", "did:web:academy.example.io:badges", "https://academy.example.io/badges/did.json", "did.json"},
		{"deep", "https://example.org/a/b", "did:web:example.org:a:b", "https://example.org/a/b/did.json", "did.json"},
		{"port", "https://example.org:8443/a/b", "did:web:example.org%3A8443:a:b", "https://example.org:8443/a/b/did.json", "did.json"},
		{"port-root", "https://localhost:8443", "did:web:localhost%3A8443", "https://localhost:8443/.well-known/did.json", ".well-known/did.json"},
		{"port-of-https", "https://example.org:443/a", "did:web:example.org:a", "https://example.org/a/did.json", "did.json"},
		{"upper-case-host", "https://Example.ORG/Team", "did:web:example.org:Team", "https://example.org/Team/did.json", "did.json"},
		{"international-host", "https://xn--mller-kva.example/", "did:web:xn--mller-kva.example", "https://xn--mller-kva.example/.well-known/did.json", ".well-known/did.json"},
		{"tilde", "https://example.org/~ada", "did:web:example.org:%7Eada", "https://example.org/%7Eada/did.json", "did.json"},
		{"umlaut", "https://example.org/schön", "did:web:example.org:sch%C3%B6n", "https://example.org/sch%C3%B6n/did.json", "did.json"},
		{"colon-in-path", "https://example.org/a:b", "did:web:example.org:a%3Ab", "https://example.org/a%3Ab/did.json", "did.json"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := did.WebDID(c.base)
			if err != nil || got != c.did {
				t.Fatalf("WebDID = %q, %v; want %q", got, err, c.did)
			}
			u, err := did.WebURL(got)
			if err != nil || u != c.url {
				t.Errorf("WebURL = %q, %v; want %q", u, err, c.url)
			}
			if path := did.WebPath(c.base); path != c.path {
				t.Errorf("WebPath = %q, want %q", path, c.path)
			}
		})
	}
}

func TestWebDIDRefuses(t *testing.T) {
	for name, base := range map[string]string{
		"http":            "http://example.org",
		"no-scheme":       "example.org",
		"no-host":         "https:///a",
		"ipv4":            "https://192.0.2.1/a",
		"ipv4-short":      "https://127.1/",
		"ipv4-number":     "https://2130706433/",
		"ipv4-hex":        "https://127.0.0.0x1/",
		"ipv6":            "https://[2001:db8::1]/",
		"user":            "https://ada@example.org/",
		"query":           "https://example.org/?a=b",
		"empty-query":     "https://example.org/?",
		"fragment":        "https://example.org/#a",
		"empty-fragment":  "https://example.org/#",
		"port-zero":       "https://example.org:0/",
		"port-large":      "https://example.org:65536/",
		"port-padded":     "https://example.org:0443/",
		"port-empty":      "https://example.org:/",
		"trailing-dot":    "https://example.org./",
		"underscore":      "https://a_b.example.org/",
		"unicode-host":    "https://müller.example/",
		"long-label":      "https://" + strings.Repeat("a", 64) + ".example/",
		"dots":            "https://example.org/a/../b",
		"escaped-dots":    "https://example.org/a/%2e%2e/b",
		"escaped-slash":   "https://example.org/a%2Fb",
		"backslash":       `https://example.org/a\b`,
		"empty-segment":   "https://example.org/a//b",
		"control":         "https://example.org/a%0Ab",
		"not-utf8":        "https://example.org/%ff",
		"well-known":      "https://example.org/.well-known",
		"broken-escape":   "https://example.org/%zz",
		"longer-than-2kB": "https://example.org/" + strings.Repeat("a", 2048),
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := did.WebDID(base); err == nil {
				t.Errorf("WebDID(%q) = %q, want an error", base, got)
			}
		})
	}
}

func TestWebURLRefuses(t *testing.T) {
	for name, id := range map[string]string{
		"other-method":      "did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi",
		"empty":             "did:web:",
		"upper-case-method": "did:WEB:example.org",
		"slash":             "did:web:example.org/a",
		"fragment":          "did:web:example.org#key-1",
		"query":             "did:web:example.org?service=a",
		"user":              "did:web:ada@example.org",
		"ip":                "did:web:127.0.0.1",
		"empty-segment":     "did:web:example.org::a",
		"trailing-colon":    "did:web:example.org:",
		"dots":              "did:web:example.org:..:a",
		"escaped-slash":     "did:web:example.org:a%2Fb",
		"escaped-letter":    "did:web:%65xample.org",
		"escaped-user":      "did:web:ada%40example.org",
		"two-dots":          "did:web:example.org..",
		"two-ports":         "did:web:example.org%3A1%3A2",
		"empty-port":        "did:web:example.org%3A",
		"raw-port":          "did:web:example.org:8443%3A1:a%",
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := did.WebURL(id); err == nil {
				t.Errorf("WebURL(%q) = %q, want an error", id, got)
			}
		})
	}
}

// TestWebURLSpellings are names that others write in another way than laurel.
func TestWebURLSpellings(t *testing.T) {
	for id, want := range map[string]string{
		"did:web:Example.org":               "https://example.org/.well-known/did.json",
		"did:web:example.org%3a8443":        "https://example.org:8443/.well-known/did.json",
		"did:web:example.org%3A443:a":       "https://example.org/a/did.json",
		"did:web:example.org.":              "https://example.org/.well-known/did.json",
		"did:web:example.org:%61":           "https://example.org/a/did.json",
		"did:web:example.org:b%c3%bc":       "https://example.org/b%C3%BC/did.json",
		"did:web:User.github.io:repo%2Dtwo": "https://user.github.io/repo-two/did.json",
	} {
		got, err := did.WebURL(id)
		if err != nil || got != want {
			t.Errorf("WebURL(%q) = %q, %v, want %q", id, got, err, want)
		}
	}
	if !did.SameWeb("did:web:Example.org%3a443", "did:web:example.org") || did.SameWeb("did:web:example.org%3A8443", "did:web:example.org") || did.SameWeb("did:web:example.org:A", "did:web:example.org:a") {
		t.Error("spellings are confused")
	}
	for _, id := range []string{"did:web:b%C3%BCcher.example", "did:web:b%c3%bccher.example%3A8443:a"} {
		if _, err := did.WebURL(id); !errors.Is(err, did.ErrUnsupportedName) {
			t.Errorf("WebURL(%q): %v", id, err)
		}
	}
}

func ExampleWebDID() {
	id, _ := did.WebDID("https://academy.example.org/badges/")
	u, _ := did.WebURL(id)
	fmt.Println(id)
	fmt.Println(u)
	// Output:
	// did:web:academy.example.org:badges
	// https://academy.example.org/badges/did.json
}

// What parses writes back the same but for spelling: a did:web that resolves is the
// did:web of the folder its document stands in.
func FuzzWebURL(f *testing.F) {
	for _, s := range []string{"did:web:example.org", "did:web:example.org%3A8443:a:b", "did:web:h:%7Eada", "did:web:1.2.3.4", "did:web:a:.well-known"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, id string) {
		u, err := did.WebURL(id)
		if err != nil {
			return
		}
		base, ok := strings.CutSuffix(u, "/.well-known/did.json")
		if !ok {
			base, ok = strings.CutSuffix(u, "/did.json")
		}
		if back, err := did.WebDID(base); !ok || err != nil || !did.SameWeb(back, id) {
			t.Errorf("%q resolves to %q, which is of %q (%v)", id, u, back, err)
		}
	})
}

func FuzzWebDID(f *testing.F) {
	for _, s := range []string{"https://example.org", "https://EXAMPLE.org:8443/a/b/", "https://h/~a%20b", "https://[::1]/", "https://0x7f.1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, base string) {
		id, err := did.WebDID(base)
		if err != nil {
			return
		}
		if did.Method(id) != "web" {
			t.Fatalf("%q became %q, which is no did:web", base, id)
		}
		if _, err := did.WebURL(id); err != nil {
			t.Errorf("%q became %q, which does not resolve: %v", base, id, err)
		}
	})
}

// TestWebURLExamples holds WebURL to the examples of addresses that the scripts of
// the pages are held to as well.
func TestWebURLExamples(t *testing.T) {
	for _, example := range vectors.URLs() {
		if got, err := did.WebURL(example.Text); got != example.Web || (err == nil) != (example.Web != "") {
			t.Errorf("%q: %q, %v, want %q", example.Text, got, err, example.Web)
		}
	}
}
