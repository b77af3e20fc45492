package model

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
)

// claimLinks are the examples that Go and TypeScript are both held to.
func claimLinks(t *testing.T) (link ClaimLink, examples []struct{ What, Text, Is string }) {
	t.Helper()
	data, err := os.ReadFile("testdata/claimlinks.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Link     ClaimLink
		Examples []struct{ What, Text, Is string }
	}
	if err := json.Unmarshal(data, &file, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	if len(file.Examples) < 50 {
		t.Fatalf("only %d examples", len(file.Examples))
	}
	return file.Link, file.Examples
}

func TestClaimLinks(t *testing.T) {
	link, examples := claimLinks(t)
	for _, e := range examples {
		t.Run(strings.ReplaceAll(e.What, " ", "-"), func(t *testing.T) {
			got, err := ParseClaimLink(e.Text)
			is := "link"
			switch {
			case errors.Is(err, ErrBrokenClaimLink):
				is = "broken"
			case errors.Is(err, ErrNoClaimLink):
				is = "none"
			}
			if is != e.Is || is == "link" && got != link {
				t.Errorf("%s is %s, %+v; want %s", e.Text, is, got, e.Is)
			}
			if has := HasClaimLink([]byte(e.Text)); has != (e.Is != "none") {
				t.Errorf("%s: a claim link is in it: %v", e.Text, has)
			}
			// What opens is what gives away.
			if at := FindClaimLink([]byte(e.Text)); is == "link" && (at < 0 || e.Text[at:at+claimNameLength] != link.Name) {
				t.Errorf("%s: not found, at %d", e.Text, at)
			}
		})
	}
	site := &Site{BaseURL: "https://example.org/academy"}
	if got, err := ParseClaimLink(site.ClaimURL(link)); err != nil || got != link {
		t.Errorf("what laurel writes is read as %+v, %v", got, err)
	}
}

func TestFindClaimLink(t *testing.T) {
	name, key := strings.Repeat("0a", 16), strings.Repeat("aB-_9", 8)+"xyz"
	link := (&Site{BaseURL: "https://example.org/academy"}).ClaimURL(ClaimLink{name, key})
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"link", link, strings.Index(link, name)},
		{"in-text", "see. " + link + ", please", 5 + strings.Index(link, name)},
		{"escaped", "claim/%23" + name + "." + key, 9},
		{"escaped-dot", "claim/%23" + name + "%2E" + key, 9},
		{"in-a-word", "x" + name + "." + key + "x", 1},
		{"alone", name + "." + key, 0},
		{"capital-name", strings.ToUpper(name) + "." + key, 0},
		{"second-dot", "a.b." + name + "." + key, 4},
		{"empty", "", -1},
		{"dot", ".", -1},
		{"percent", "%", -1},
		{"escaped-at-the-end", name + "%2E", -1},
		{"short-key", name + "." + key[1:], -1},
		{"key-with-other", name + "." + key[1:] + "=", -1},
		{"short-name", name[1:] + "." + key, -1},
		{"file", "c/" + name + ".jwe", -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := FindClaimLink([]byte(c.text)); got != c.want {
				t.Errorf("found at %d, want %d", got, c.want)
			}
		})
	}
}

// FuzzClaimLink: what opens is always found by what keeps it off the site.
func FuzzClaimLink(f *testing.F) {
	f.Add("https://example.org/claim/#" + strings.Repeat("0a", 16) + "." + strings.Repeat("A", 43))
	f.Fuzz(func(t *testing.T, text string) {
		link, err := ParseClaimLink(text)
		if err != nil {
			return
		}
		if FindClaimLink([]byte(text)) < 0 || !HasClaimLink([]byte(text)) {
			t.Errorf("%q opens %+v and is not found", text, link)
		}
		if again, err := ParseClaimLink(link.Name + "." + link.Key); err != nil || again != link {
			t.Errorf("%+v is read again as %+v, %v", link, again, err)
		}
	})
}
