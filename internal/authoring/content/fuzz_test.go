package content_test

import (
	"errors"
	"os"
	"testing"
	"unicode/utf8"

	"laurel/internal/authoring/content"
)

// fuzzed writes one file of a good site and loads that. Whatever it holds,
// the outcome is a site or problems that can be shown.
func fuzzed(t *testing.T, root *os.Root, file string, text []byte) {
	t.Helper()
	if err := root.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	site, err := content.Load(root)
	if err == nil {
		if site == nil || site.BaseURL == "" || len(site.Languages) == 0 || site.Issuer.Name == "" {
			t.Fatalf("accepted without what is required: %+v", site)
		}
		for _, c := range site.Cohorts {
			for _, a := range c.Awards {
				if a.Key.Cohort == "" || a.Key.Achievement == "" || a.Recipient.StableKey() == "" || a.AwardedDate.IsZero() || a.Visibility == "" || a.Achievement == nil {
					t.Fatalf("an incomplete award: %+v", a)
				}
			}
		}
		return
	}
	var problems content.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("another error: %v", err)
	}
	for _, p := range problems {
		if p.File == "" || p.Text == "" || p.Line < 0 || p.Column < 0 || !utf8.ValidString(p.String()) || !utf8.ValidString(p.Excerpt) {
			t.Fatalf("a problem that cannot be shown: %+v", p)
		}
		for _, s := range []string{p.String(), p.Excerpt} {
			for _, r := range s {
				if r < ' ' && r != '\t' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
					t.Fatalf("a problem with a control character: %+v", p)
				}
			}
		}
	}
}

func fuzzFile(f *testing.F, file string) {
	root := academy().write(f)
	f.Add([]byte(academy()[file]))
	for _, m := range mutations(academy()) {
		if m.file == file && len(m.name)%7 == 0 {
			f.Add([]byte(m.text))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) { fuzzed(t, root, file, text) })
}

func FuzzSite(f *testing.F)        { fuzzFile(f, siteFile) }
func FuzzAchievement(f *testing.F) { fuzzFile(f, welding) }
func FuzzAwards(f *testing.F)      { fuzzFile(f, spring) }
func FuzzRoster(f *testing.F)      { fuzzFile(f, springSheet) }
func FuzzPage(f *testing.F)        { fuzzFile(f, about) }
func FuzzSVG(f *testing.F)         { fuzzFile(f, logo) }

// FuzzParts: a list says the same in parts as it does as a whole.
func FuzzParts(f *testing.F) {
	root := academy().write(f)
	if err := root.Remove(springSheet); err != nil {
		f.Fatal(err)
	}
	for _, list := range lists {
		f.Add([]byte("name: Spring\nachievement: safety\nawardedDate: 2026-06-30\n"+list), 20)
	}
	f.Fuzz(func(t *testing.T, text []byte, size int) {
		if err := root.WriteFile(spring, text, 0o644); err != nil {
			t.Fatal(err)
		}
		compareParts(t, "fuzzed", root, size)
	})
}
