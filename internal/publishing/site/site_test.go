package site_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/publishing/site"
)

// TestOutputs compares every planned file of a small site with
// testdata/golden/outputs.txt. UPDATE_GOLDEN=1 writes it anew; read the
// difference before committing it: published paths are for ever.
func TestOutputs(t *testing.T) {
	s := newShop(t)
	s.site.Achievements[1].Image = &model.Image{File: "splices.svg", MediaType: "image/svg+xml", SHA256: "00"}
	s.site.Issuer.Image = &model.Image{File: "logo.jpg", MediaType: "image/jpeg", SHA256: "01"}
	s.award("spring", "knots", "ana", model.Public)
	s.award("spring", "splices", "ben", model.Public)
	s.award("spring", "knots", "cem", model.Link)
	s.award("spring", "knots", "dee", model.Private)
	s.site.Cohorts[0].Awards[2].Variants = []model.Variant{model.AchievementOnly}
	s.site.Languages = []string{"en", "pt-BR"}
	s.site.Achievements[1].InLanguage = "de"
	s.sign(t)
	in := s.input(t)
	in.Assets = []site.AssetFile{{Path: "assets/style-0a1b2c3d.css", Bytes: []byte("a{}")}}
	p, err := site.Make(in)
	if err != nil {
		t.Fatal(err)
	}
	if p.Public != 2 || p.Sealed != 1 || p.Unsealed != 0 || p.Private != 1 {
		t.Errorf("%d public, %d and %d by link, %d private", p.Public, p.Sealed, p.Unsealed, p.Private)
	}
	var b strings.Builder
	for _, o := range p.Outputs {
		fmt.Fprintf(&b, "%-16s %-9v %s\n", o.Kind, map[bool]string{true: "immutable", false: "-"}[o.Immutable], o.Path)
		if want := "https://example.org/academy/" + strings.TrimSuffix(o.Path, "index.html"); o.URL != want {
			t.Errorf("%s has the URL %s", o.Path, o.URL)
		}
		if o.Fingerprint == [32]byte{} {
			t.Errorf("%s has no key", o.Path)
		}
	}
	file := filepath.Join("testdata", "golden", "outputs.txt")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the outputs differ from %s; run with UPDATE_GOLDEN=1 and read the difference:\n%s", file, b.String())
	}
	if !sort.SliceIsSorted(p.Outputs, func(i, j int) bool { return p.Outputs[i].Path < p.Outputs[j].Path }) {
		t.Error("the outputs are not sorted")
	}
}

// TestSamePlan: content and ledger decide everything.
func TestSamePlan(t *testing.T) {
	s := newShop(t)
	for i := range 20 {
		s.award("spring", []string{"knots", "splices"}[i%2], fmt.Sprint("l", i), model.Public)
	}
	s.sign(t)
	a, b := s.plan(t), s.plan(t)
	for i := range a.Outputs {
		if a.Outputs[i].Path != b.Outputs[i].Path || a.Outputs[i].Fingerprint != b.Outputs[i].Fingerprint {
			t.Errorf("%s and %s", a.Outputs[i].Path, b.Outputs[i].Path)
		}
	}
	one, two := s.press(t, a), s.press(t, b)
	for p := range one {
		if !bytes.Equal(one[p], two[p]) {
			t.Errorf("%s differs", p)
		}
	}
}

// TestInputStays: to plan a site changes nothing of what it is planned of, as the order
// of tags is the author's and was signed.
func TestInputStays(t *testing.T) {
	s := newShop(t)
	s.site.Achievements[0].Tag = []string{"wood", "art"}
	in := s.input(t)
	if _, err := site.Make(in); err != nil {
		t.Fatal(err)
	}
	if got := in.Achievements[s.site.Achievements[0].Slug].Tag; !slices.Equal(got, []string{"wood", "art"}) {
		t.Errorf("the tags are %q now", got)
	}
}

// TestVanishedAchievement: an achievement that is no longer in the content
// keeps its page, JSON and picture while there are credentials that name them;
// nothing leads there but these.
func TestVanishedAchievement(t *testing.T) {
	s := newShop(t)
	s.site.Achievements[1].Image = &model.Image{File: "splices.svg", MediaType: "image/svg+xml", SHA256: "00"}
	s.award("spring", "knots", "ana", model.Public)
	s.award("spring", "splices", "ben", model.Private)
	s.sign(t)
	before := s.plan(t)

	s.site.Achievements = s.site.Achievements[:1]
	for _, c := range s.site.Cohorts {
		c.Awards = slices.DeleteFunc(c.Awards, func(a *model.Award) bool { return a.Achievement.Slug == "splices" })
	}
	after := s.plan(t)
	for _, name := range []string{"index.html", "achievement.json", "image.svg"} {
		if output(after, "achievements/splices/"+name) == nil {
			t.Errorf("%s of a vanished achievement is gone", name)
		}
	}
	if a, b := output(before, "achievements/splices/achievement.json"), output(after, "achievements/splices/achievement.json"); !bytes.Equal(a.Bytes, b.Bytes) {
		t.Errorf("its JSON has changed:\n%s\n%s", a.Bytes, b.Bytes)
	}
	page := output(after, "achievements/splices/index.html").Page.(*site.AchievementPage)
	if page.Title != "SPLICES" || page.Achievement.CriteriaMarkdown != "Show splices." || page.Achievement.ImageHref != "../../achievements/splices/image.svg" {
		t.Errorf("its page shows %+v", page)
	}
	for _, o := range after.Outputs {
		if slices.Contains([]string{"sitemap.xml", "catalog.json"}, o.Path) && bytes.Contains(o.Bytes, []byte("splices")) {
			t.Errorf("%s names it", o.Path)
		}
		if home, ok := o.Page.(*site.HomePage); ok && len(home.Achievements) != 1 {
			t.Errorf("the first page has %d achievements", len(home.Achievements))
		}
	}
	knots := s.awardPage(t, after, s.State().Record("spring/knots/ana"))
	if len(knots.Related) != 2 || knots.Related[0].Label != "SPLICES" || knots.Related[0].Href != "../../achievements/splices/" {
		t.Errorf("related achievements are %+v", knots.Related)
	}
	s.site.Achievements[0].Related = nil // a definition can only name what is there
	checkLinks(t, s.press(t, s.plan(t)))
}

// TestVanishedWithoutAwards: an achievement that nobody ever earned goes with
// its definition, and signed credentials that name it lead nowhere instead of
// to a page that is not there.
func TestVanishedWithoutAwards(t *testing.T) {
	s := newShop(t)
	s.award("spring", "knots", "ana", model.Public)
	s.sign(t)
	s.site.Achievements = s.site.Achievements[:1]
	s.site.Achievements[0].Related = s.site.Achievements[0].Related[1:]
	p := s.plan(t)
	if output(p, "achievements/splices/index.html") != nil {
		t.Error("it still has a page")
	}
	page := s.awardPage(t, p, s.State().Record("spring/knots/ana"))
	if len(page.Related) != 1 || page.Related[0].Href != "https://example.com/ropes" {
		t.Errorf("related achievements are %+v", page.Related)
	}
	checkLinks(t, s.press(t, p))
}

// TestRelatedWithoutURL: an IRI that no browser follows is named, not linked.
func TestRelatedWithoutURL(t *testing.T) {
	s := newShop(t)
	s.site.Achievements[0].Related = []model.Related{{ID: "urn:uuid:00000000-0000-4000-8000-000000000001"}}
	s.award("spring", "knots", "ana", model.Public)
	s.sign(t)
	for path, b := range s.press(t, s.plan(t)) {
		if bytes.Contains(b, []byte("ZgotmplZ")) || bytes.Contains(b, []byte(`href="urn:`)) {
			t.Errorf("%s has a link that leads nowhere", path)
		}
		if path == "achievements/knots/index.html" && !bytes.Contains(b, []byte(`<li dir="auto">urn:uuid:`)) {
			t.Errorf("%s does not name it", path)
		}
	}
}

// checkLinks follows every relative link of every page.
func checkLinks(t *testing.T, all map[string][]byte) {
	t.Helper()
	links := regexp.MustCompile(`(?:href|src)="([^"]*)"`)
	preview := regexp.MustCompile(`<meta property="og:image" content="https://example\.org/(?:academy/)?([^"]*)">\s<meta property="og:image:width" content="1200">\s<meta property="og:image:height" content="630">`)
	n := 0
	for p, b := range all {
		if !strings.HasSuffix(p, ".html") || p == "404.html" {
			continue
		}
		if m := preview.FindSubmatch(b); m == nil && !strings.HasSuffix(p, "/404.html") || m != nil && all[string(m[1])] == nil {
			t.Errorf("%s: the preview leads nowhere: %q", p, m)
		}
		for _, m := range links.FindAllSubmatch(b, -1) {
			link := string(m[1])
			if strings.Contains(link, ":") || strings.HasPrefix(link, "#") || strings.Contains(link, "assets/") {
				continue
			}
			link, _, _ = strings.Cut(link, "#")
			to := path.Join(path.Dir(p), link)
			if strings.HasSuffix(link, "/") {
				to = path.Join(to, "index.html")
			}
			n++
			if all[to] == nil {
				t.Errorf("%s: %s leads nowhere", p, m[1])
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d links found", n)
	}
}

// TestCounts: how many hold an achievement is told in steps that single nobody
// out, and only of those who still hold it.
func TestCounts(t *testing.T) {
	s := newShop(t)
	shows := func() int {
		return output(s.plan(t), "achievements/knots/index.html").Page.(*site.AchievementPage).AwardedAtLeast
	}
	for i := range 11 {
		s.award("spring", "knots", fmt.Sprint("l", i), []model.Visibility{model.Public, model.Link, model.Private}[i%3])
		s.sign(t)
		want := map[int]int{4: 5, 5: 5, 9: 10, 10: 10}[i]
		if i > 4 && i < 9 {
			want = 5
		}
		if got := shows(); got != want {
			t.Errorf("%d awards are shown as at least %d, want %d", i+1, got, want)
		}
	}
	s.decide(t, "spring/knots/l0", ledger.ActionRevoke, "", false)
	s.decide(t, "spring/knots/l1", ledger.ActionSuspend, "", false)
	if got := shows(); got != 5 {
		t.Errorf("9 of 11 awards are shown as at least %d", got)
	}
	s.decide(t, "spring/knots/l1", ledger.ActionReinstate, "", false)
	if got := shows(); got != 10 {
		t.Errorf("10 of 11 awards are shown as at least %d", got)
	}
	s.sign(t, "spring/knots/l2")
	if got := shows(); got != 10 {
		t.Errorf("after a reissue 10 of 11 awards are shown as at least %d", got)
	}
}

// TestBaseURL: where the DID document is, and how the page for addresses that
// lead nowhere links.
func TestBaseURL(t *testing.T) {
	for base, c := range map[string]struct{ did, id, root string }{
		"https://example.org":             {".well-known/did.json", "did:web:example.org", "/"},
		"https://example.org:8443":        {".well-known/did.json", "did:web:example.org%3A8443", "/"},
		"https://example.org/academy":     {"did.json", "did:web:example.org:academy", "/academy/"},
		"https://example.org/a/b/academy": {"did.json", "did:web:example.org:a:b:academy", "/a/b/academy/"},
	} {
		t.Run(base, func(t *testing.T) {
			s := newShop(t)
			s.site.BaseURL = base
			s.site.Issuer.Image = &model.Image{File: "logo.png", MediaType: "image/png", SHA256: "01"}
			s.award("spring", "knots", "ana", model.Public)
			s.sign(t)
			p := s.plan(t)
			for _, path := range []string{"did.json", ".well-known/did.json"} {
				if o := output(p, path); (o != nil) != (path == c.did) {
					t.Errorf("%s: planned: %v", path, o != nil)
				}
			}
			var document struct {
				ID string `json:"id"`
			}
			if err := json.Unmarshal(output(p, c.did).Bytes, &document); err != nil || document.ID != c.id {
				t.Errorf("the DID document is of %q (%v)", document.ID, err)
			}
			n := output(p, "404.html").Page.(*site.NotFoundPage)
			if n.Root != c.root || n.Nav[0].Href != c.root+"about/" || n.Issuer.ImageHref != c.root+"issuer-card.png" || n.Issuer.SmallHref != c.root+"issuer-row.png" || !n.NoIndex {
				t.Errorf("404.html: root %s, links %+v, images %s and %s", n.Root, n.Nav, n.Issuer.ImageHref, n.Issuer.SmallHref)
			}
			if len(n.Nav) != 1 {
				t.Errorf("a hidden page is in the navigation: %+v", n.Nav)
			}
			if output(p, "imprint/index.html") == nil || bytes.Contains(output(p, "sitemap.xml").Bytes, []byte("imprint")) {
				t.Error("a hidden page has no file, or is in the sitemap")
			}
			if !bytes.Contains(output(p, "sitemap.xml").Bytes, []byte("<loc>"+base+"/achievements/knots/</loc>")) {
				t.Errorf("sitemap:\n%s", output(p, "sitemap.xml").Bytes)
			}
			if page := s.awardPage(t, p, s.State().Record("spring/knots/ana")); page.Root != "../../" || page.Issuer.DID != c.id {
				t.Errorf("award page: root %s, issuer %s", page.Root, page.Issuer.DID)
			}
		})
	}
}

// TestCollisions: two files under one path are an error, also on a file system
// that does not tell upper from lower case.
func TestCollisions(t *testing.T) {
	s := newShop(t)
	for _, p := range []string{"index.html", "INDEX.html", "Achievements/knots/image.PNG", "did.json"} {
		in := s.input(t)
		in.Assets = []site.AssetFile{{Path: p}}
		if _, err := site.Make(in); err == nil || !strings.Contains(err.Error(), "public/"+p) {
			t.Errorf("another %s: %v", p, err)
		}
	}
	in := s.input(t)
	in.Assets = []site.AssetFile{{Path: "assets/a.css"}, {Path: "assets/b.css"}}
	if _, err := site.Make(in); err != nil {
		t.Error(err)
	}
}

// TestUnsignedList: a site whose credentials name a status list that is not
// there is not built.
func TestUnsignedList(t *testing.T) {
	s := newShop(t)
	s.append(t, ledger.Event{Issue: &ledger.IssueEvent{Award: "spring/knots/ana", Credential: "urn:uuid:00000000-0000-4000-8000-000000000001",
		List: 3, Index: 9, Visibility: "private", Documents: []ledger.Document{{Format: "x", MediaType: "application/vc", Document: []byte(`{}`)}}}})
	var unsigned *site.ListError
	if _, err := site.Make(s.input(t)); !errors.As(err, &unsigned) || unsigned.List != 3 {
		t.Errorf("error is %v", err)
	}
}
