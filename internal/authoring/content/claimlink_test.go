package content_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestClaimLink puts a learner's claim link into each kind of text: it is
// refused with its place, and not repeated.
func TestClaimLink(t *testing.T) {
	key := strings.Repeat("k", 43)
	link := "https://example.org/academy/claim/#" + strings.Repeat("0f", 16) + "." + key
	for _, file := range []string{siteFile, welding, spring, springSheet, about, logo} {
		t.Run(strings.ReplaceAll(file, "/", "-"), func(t *testing.T) {
			good := academy()
			line := 1 + strings.Count(good[file], "\n")
			p := good.with(file, good[file]+"# "+link+"\n").problems(t)
			want := fmt.Sprintf("%s:%d:1: contains a claim link", file, line)
			if !strings.Contains(p.Error(), want) {
				t.Errorf("want %q, got:\n%v", want, p)
			}
			for _, one := range p {
				if strings.Contains(one.String()+one.Hint, key) || strings.Contains(one.Excerpt, key) {
					t.Errorf("the link is repeated: %+v", one)
				}
			}
		})
	}
}
