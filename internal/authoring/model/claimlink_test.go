package model

import (
	"strings"
	"testing"
)

func TestFindClaimLink(t *testing.T) {
	name, key := strings.Repeat("0a", 16), strings.Repeat("aB-_9", 8)+"xyz"
	link := (&Site{BaseURL: "https://example.org/academy"}).ClaimLink(name, key)
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"link", link, strings.Index(link, name)},
		{"in-text", "see. " + link + ", please", 5 + strings.Index(link, name)},
		{"escaped", "claim/%23" + name + "." + key, 9},
		{"alone", name + "." + key, 0},
		{"second-dot", "a.b." + name + "." + key, 4},
		{"empty", "", -1},
		{"dot", ".", -1},
		{"short-key", name + "." + key[1:], -1},
		{"key-with-other", name + "." + key[1:] + "=", -1},
		{"short-name", name[1:] + "." + key, -1},
		{"capital-name", strings.ToUpper(name) + "." + key, -1},
		{"file", "c/" + name + ".jwe", -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := FindClaimLink([]byte(c.text)); got != c.want {
				t.Errorf("found at %d, want %d", got, c.want)
			}
		})
	}
}
