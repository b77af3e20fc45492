package site

import "testing"

// TestVersions: a version has a page where that tells of nobody, under a name that is
// a folder's.
func TestVersions(t *testing.T) {
	for _, c := range []struct {
		shown, living int
		want          bool
	}{{0, 0, false}, {0, 1, false}, {0, 4, false}, {0, 5, true}, {1, 0, true}, {1, 1, true}} {
		if v := (version{shown: c.shown, living: c.living}); v.published() != c.want {
			t.Errorf("%d shown of %d: published is %v", c.shown, c.living, v.published())
		}
	}
	for text, want := range map[string]string{
		"2024": "2024", "1.2": "1.2", "Spring 2026": "spring-2026", "v2 (final)": "v2-final", "../x": "x", "a..b": "", "Überarbeitet": "berarbeitet",
		"": "", "---": "", "image.png": "", "index.html": "", "第二版": "",
	} {
		if got := versionLabel(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
