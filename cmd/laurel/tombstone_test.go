package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"laurel/internal/testing/browser"
)

// TestCorrectedNameIsGone: once an award was reissued with another name, the old
// one is nowhere in public/ in any form; in the place of its page, and of one that
// was withdrawn, is a page that says nothing of anybody, which everybody can read.
// Only where the name is the same does it lead to the newer credential.
func TestCorrectedNameIsGone(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	dir := crowdedSite(t)
	public := filepath.Join(dir, "public")
	list := filepath.Join(dir, "content/awards/quern.yaml")
	write := func(old, text string) {
		t.Helper()
		if old == "" {
			if err := os.WriteFile(list, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
		replaceOnce(t, list, old, text)
	}
	write("", `name: Quern
achievement: welcome-badge
awardedDate: 2026-06-30
visibility: public
recipients:
  - {key: one, name: Oldwinamary Formerlington, email: one@learner.example.org, narrative: "Oldwinamary ground forty sacks."}
  - {key: two, name: Samuela Constant, email: two@learner.example.org, narrative: "Firstly worded."}
  - {key: three, name: Thirdalinda Leavington, email: three@learner.example.org}
  - {key: four, name: Fourier Sealed-Before, email: four@learner.example.org, visibility: link}
`)
	must(t, dir, "sign")
	must(t, dir, "build")
	folders := awardFolders(t, dir)
	one, two, three := folders["quern/welcome-badge/one"], folders["quern/welcome-badge/two"], folders["quern/welcome-badge/three"]
	old := t.TempDir()
	copyTree(t, filepath.Join(public, one), old)
	before := files(t, public)

	write("Oldwinamary Formerlington", "Neva Nowadays")
	write("Oldwinamary ground", "Neva ground")
	write("Firstly worded", "Secondly worded")
	write("Fourier Sealed-Before", "Fourier Sealed-After")
	must(t, dir, "reissue", "--yes", "quern/welcome-badge/one", "quern/welcome-badge/two", "quern/welcome-badge/four")
	must(t, dir, "withdraw", "quern/welcome-badge/three", "--reason", "asked for")
	must(t, dir, "build")
	gone := newSearch()
	for _, name := range []string{"Oldwinamary", "Formerlington", "Oldwinamary Formerlington", "Firstly worded", "Thirdalinda", "Leavington", "Sealed-Before"} {
		gone.addForms(name, "", name)
		gone.addHashes(name, "", name)
	}
	after := files(t, public)
	for name, data := range after {
		for _, finding := range gone.in(name, data) {
			t.Error(finding)
		}
	}
	if n := len(gone.in("awards/x/badge.png", before[one+"badge.png"])); n < 2 {
		t.Errorf("the search found %d names in a picture of before", n)
	}
	sealed := 0
	for name := range before {
		if strings.HasPrefix(name, "c/") {
			if sealed++; after[name] != nil {
				t.Errorf("%s holds a name that was corrected, and is still there", name)
			}
		}
	}
	if sealed != 2 {
		t.Errorf("%d sealed files before", sealed)
	}
	newer := awardFolders(t, dir)
	for folder, want := range map[string]string{one: "", two: newer["quern/welcome-badge/two"], three: ""} {
		var left []string
		for name := range after {
			if strings.HasPrefix(name, folder) {
				left = append(left, name)
			}
		}
		page := string(after[folder+"index.html"])
		if len(left) != 1 || !strings.Contains(page, strings.TrimSuffix(strings.TrimPrefix(folder, "awards/"), "/")) {
			t.Errorf("of %s there is %q", folder, left)
		}
		for award, other := range newer {
			if strings.Contains(page, other) != (other == want || other == folder) {
				t.Errorf("the page of %s leads to %s", folder, award)
			}
		}
	}
	for name, data := range after {
		if strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".json") {
			for _, folder := range []string{one, two, three} {
				if strings.Contains(string(data), strings.Trim(folder, "/")) {
					t.Errorf("%s names %s", name, folder)
				}
			}
		}
	}
	if out := must(t, dir, "audit"); !strings.Contains(out, "no problems") {
		t.Errorf("laurel audit:\n%s", out)
	}
	if code, out, _ := run(t, dir, "verify", "--offline", "--documents", public, filepath.Join(old, "credential.json")); code != 1 || !strings.Contains(out, "revoked") {
		t.Errorf("laurel verify: exit %d\n%s", code, out)
	}

	host := serve(t, public, "/badges/").URL
	server := host + "/badges/"
	b := newTab(t, newBrowser(t), host, browser.Policy(false))
	axe := browser.NewAxe(t)
	for _, folder := range []string{one, two, three} {
		if err := b.visit(server + folder); err != nil {
			t.Fatal(err)
		}
		b.everyLook(t, folder, 1280, func(where, _ string, _ browser.Look) { axe.Ask(t, b.Tab, where) })
	}
	// Where the code on an old certificate leads.
	if err := b.VisitWithout(server+"verify/#"+strings.Trim(strings.TrimPrefix(one, "awards/"), "/"), server+one+"credential.json"); err != nil {
		t.Fatal(err)
	}
	a, err := b.answer()
	if err != nil {
		t.Fatal(err)
	}
	leads, err := evaluate[string](b, `document.querySelector('#verify-out a.button').href`)
	if err != nil || a.Verdict != "" || a.Note != "This site no longer shows that credential. Its page says why." || leads != server+one {
		t.Errorf("the verify page shows %+v, and leads to %q, %v", a, leads, err)
	}
	b.clean(t)
	axe.Log(t)
}
