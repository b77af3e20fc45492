package site_test

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/publishing/site"
)

// TestGate: of an award that is not public, nothing is in any path, page or
// byte of the site, but what its capsules keep.
func TestGate(t *testing.T) {
	s := newShop(t)
	var secret []string
	for i, v := range []model.Visibility{model.Link, model.Private, model.Link, model.Private, model.Public} {
		who := fmt.Sprintf("secret-%d", i)
		cohort := fmt.Sprintf("hidden-%d", i)
		if v == model.Public {
			who, cohort = "ophelia", "seen-2026"
		}
		a := s.award(cohort, []string{"knots", "splices"}[i%2], who, v)
		a.Variants = []model.Variant{model.NoName}
		a.Narrative, a.LicenseNumber, a.Role, a.Term = "Story of "+who, "Licence "+who, "Role "+who, "Term "+who
		a.Evidence = []model.Evidence{{ID: "https://example.com/" + who, Name: "Evidence of " + who}}
		if v != model.Public {
			secret = append(secret, who, cohort)
		}
	}
	s.sign(t)
	for r := range s.State().Records() {
		if r.Visibility == "link" {
			for _, c := range s.capsules(t, r).Capsules {
				secret = append(secret, c.Key)
			}
		}
		if r.Visibility != "public" {
			secret = append(secret, strings.TrimPrefix(r.Credential, "urn:uuid:"), fmt.Sprintf("%q", fmt.Sprint(r.Index)), fmt.Sprintf("#%d", r.Index))
		}
		for _, v := range r.Variants {
			secret = append(secret, strings.TrimPrefix(v.Credential, "urn:uuid:"))
		}
	}
	p := s.plan(t)
	pages := 0
	for path, b := range s.press(t, p) {
		data := []byte(path)
		if o := output(p, path); o.Page != nil {
			shown, err := json.Marshal(o.Page)
			if err != nil {
				t.Fatal(err)
			}
			data = append(data, shown...)
			pages++
		}
		for _, text := range secret {
			if bytes.Contains(data, []byte(text)) || bytes.Contains(b, []byte(text)) {
				t.Errorf("%s tells %s", path, text)
			}
		}
	}
	if pages < 6 || len(secret) != 4*5+2*3+5 {
		t.Fatalf("%d pages, %d secrets", pages, len(secret))
	}
	open := s.State().Record("seen-2026/knots/ophelia")
	if page := s.awardPage(t, p, open); page.RecipientName != "Learner ophelia" || !page.NoIndex || page.Role != "Role ophelia" {
		t.Errorf("the public award shows %+v", page)
	}
	// Nothing that machines read to find pages knows the public one either.
	for path, b := range s.press(t, p) {
		inside := strings.HasPrefix(path, folder(open))
		for _, text := range []string{"ophelia", "seen-2026", folder(open), strings.TrimPrefix(open.Credential, "urn:uuid:")} {
			if !inside && bytes.Contains(b, []byte(text)) && !strings.HasSuffix(path, ".html") {
				t.Errorf("%s tells %s", path, text)
			}
		}
		if !inside && bytes.Contains(b, []byte("awards/")) {
			t.Errorf("%s leads to an award", path)
		}
	}
}

// TestVisibility: today's content decides; an award that is no longer in it is
// not shown.
func TestVisibility(t *testing.T) {
	all := []model.Visibility{model.Public, model.Link, model.Private}
	for _, signed := range all {
		for _, today := range append(all, "vanished") {
			s := newShop(t)
			a := s.award("spring", "knots", "ana", signed)
			s.sign(t)
			if a.Visibility = today; today == "vanished" {
				s.site.Cohorts = nil
			}
			p := s.plan(t)
			planned := 0
			for _, o := range p.Outputs {
				if strings.HasPrefix(o.Path, "awards/") {
					planned++
				}
			}
			if want := map[bool]int{true: 4}[today == model.Public]; planned != want {
				t.Errorf("signed as %s, now %s: %d files, want %d", signed, a.Visibility, planned, want)
			}
			sealed, unsealed := p.Sealed, p.Unsealed
			if signed != model.Link {
				sealed, unsealed = p.Unsealed, p.Sealed // by the next signing
			}
			counts := map[model.Visibility]int{model.Public: p.Public, model.Link: sealed, model.Private: p.Private, "vanished": p.Gone}
			if counts[today] != 1 || p.Public+sealed+p.Private+p.Gone != 1 || unsealed+p.Withdrawn != 0 {
				t.Errorf("signed as %s, now %s: counted %v", signed, a.Visibility, counts)
			}
		}
	}
}

// TestSealed: which capsules are published, by what an award is today, whether
// it was reissued and whether its capsules were withdrawn.
func TestSealed(t *testing.T) {
	const award = "spring/knots/ana"
	for name, c := range map[string]struct {
		change func(t *testing.T, s *shop, a *model.Award)
		want   int // capsules published
		counts [4]int
	}{
		"link":      {func(*testing.T, *shop, *model.Award) {}, 3, [4]int{1, 0, 0, 0}},
		"public":    {func(_ *testing.T, _ *shop, a *model.Award) { a.Visibility = model.Public }, 3, [4]int{}},
		"private":   {func(_ *testing.T, _ *shop, a *model.Award) { a.Visibility = model.Private }, 0, [4]int{}},
		"gone":      {func(_ *testing.T, s *shop, _ *model.Award) { s.site.Cohorts = nil }, 0, [4]int{0, 0, 0, 1}},
		"revoked":   {func(t *testing.T, s *shop, _ *model.Award) { s.decide(t, award, ledger.ActionRevoke, "", false) }, 3, [4]int{1, 0, 0, 0}},
		"withdrawn": {func(t *testing.T, s *shop, _ *model.Award) { s.withdraw(t, award) }, 0, [4]int{0, 0, 1, 0}},
		"withdrawn-public": {func(t *testing.T, s *shop, a *model.Award) {
			s.withdraw(t, award)
			a.Visibility = model.Public
		}, 0, [4]int{0, 0, 1, 0}},
		"reissued": {func(t *testing.T, s *shop, a *model.Award) {
			a.Variants = nil
			s.sign(t, award)
		}, 1, [4]int{1, 0, 0, 0}},
		"reissued-as-public": {func(t *testing.T, s *shop, a *model.Award) {
			a.Visibility = model.Public
			s.sign(t, award)
		}, 0, [4]int{}},
		"withdrawn-reissued": {func(t *testing.T, s *shop, _ *model.Award) {
			s.withdraw(t, award)
			s.sign(t, award)
		}, 3, [4]int{1, 0, 0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			a := s.award("spring", "knots", "ana", model.Link)
			a.Variants = []model.Variant{model.NoName}
			s.sign(t)
			c.change(t, s, a)
			p := s.plan(t)
			found, pages := 0, 0
			for _, o := range p.Outputs {
				if !strings.HasPrefix(o.Path, "c/") {
					continue
				}
				name := o.Record.Capsules[o.Capsule]
				switch {
				case o.Kind == site.Capsule && o.Immutable && o.Path == "c/"+name+".jwe":
					found++
				case o.Kind == site.CapsulePage && !o.Immutable && o.Path == "c/"+name+".page.jwe":
					pages++
				default:
					t.Errorf("planned %+v", o)
				}
			}
			if found != c.want || pages != c.want {
				t.Errorf("%d capsules and %d pages are planned, want %d", found, pages, c.want)
			}
			if got := [4]int{p.Sealed, p.Unsealed, p.Withdrawn, p.Gone}; got != c.counts {
				t.Errorf("sealed, not sealed, withdrawn and gone are %v, want %v", got, c.counts)
			}
		})
	}
}

// TestUnsealed: an award that was signed before it was handed out by link is
// sealed by the next signing; one that has been revoked by then never is, so it
// is not said to wait for it.
func TestUnsealed(t *testing.T) {
	s := newShop(t)
	a := s.award("spring", "knots", "ana", model.Private)
	s.sign(t)
	a.Visibility = model.Link
	if p := s.plan(t); p.Unsealed != 1 || p.Sealed != 0 {
		t.Errorf("%d not sealed, %d sealed", p.Unsealed, p.Sealed)
	}
	s.sign(t)
	if p := s.plan(t); p.Unsealed != 0 || p.Sealed != 1 || output(p, "c/"+s.State().Record(a.Key.String()).Capsules[0]+".jwe") == nil {
		t.Errorf("after signing %d not sealed, %d sealed", p.Unsealed, p.Sealed)
	}
	b := s.award("spring", "knots", "ben", model.Private)
	s.sign(t)
	s.decide(t, b.Key.String(), ledger.ActionRevoke, "", false)
	b.Visibility = model.Link
	if p := s.plan(t); p.Unsealed != 0 || p.Withdrawn != 1 {
		t.Errorf("of a revoked award %d not sealed, %d without", p.Unsealed, p.Withdrawn)
	}
}

// TestCapsulesTellNothing: names are random, sizes come in few steps, and
// neither order nor any page tells whose a capsule is.
func TestCapsulesTellNothing(t *testing.T) {
	s := newShop(t)
	var awards []string
	for i := range 40 {
		a := s.award("spring", []string{"knots", "splices"}[i%2], fmt.Sprintf("l%02d", i), model.Link)
		a.Recipient.Name = strings.Repeat("Name ", i)
		awards = append(awards, a.Key.String())
	}
	s.sign(t)
	place := map[string]int{}
	for i, award := range awards {
		place[s.State().Record(award).Capsules[0]] = i
	}
	p := s.plan(t)
	all := s.press(t, p)
	name := regexp.MustCompile(`^c/([0-9a-f]{32})(\.page)?\.jwe$`)
	sizes, pages, follows, last, found := map[int]bool{}, map[int]bool{}, 0, -1, 0
	for _, o := range p.Outputs {
		m := name.FindStringSubmatch(o.Path)
		if m == nil {
			if strings.HasPrefix(o.Path, "c/") {
				t.Errorf("a capsule is called %s", o.Path)
			}
			for capsule := range place {
				if bytes.Contains(all[o.Path], []byte(capsule)) {
					t.Errorf("%s names a capsule", o.Path)
				}
			}
			continue
		}
		if m[2] != "" {
			pages[len(all[o.Path])] = true
			continue
		}
		found++
		sizes[len(all[o.Path])] = true
		if place[m[1]] == last+1 {
			follows++
		}
		last = place[m[1]]
	}
	// Of 40 in random order, one follows its neighbour on average.
	if found != 40 || len(sizes) != 1 || len(pages) != 1 || follows > 6 {
		t.Errorf("%d capsules of %d sizes, pages of %d, %d of them in the order of the list", found, len(sizes), len(pages), follows)
	}
}

// TestReplaced: of an award that was reissued only the newest credential has a
// page; one that had a page before has a tombstone, which leads to the newest only
// where both were public and say the same name. The name that was corrected is
// nowhere.
func TestReplaced(t *testing.T) {
	const shown, tomb, tied, none = "shown", "tombstone", "tombstone with a link", ""
	for name, c := range map[string]struct {
		signed []model.Visibility // as each credential was signed
		names  string             // a letter for the name in each
		today  model.Visibility   // empty: no longer in the content
		want   []string
	}{
		"public":                {[]model.Visibility{"public", "public", "public"}, "XYY", "public", []string{tomb, tied, shown}},
		"name-back":             {[]model.Visibility{"public", "public", "public"}, "XYX", "public", []string{tied, tomb, shown}},
		"never-public":          {[]model.Visibility{"link", "link"}, "XX", "link", []string{none, none}},
		"became-public":         {[]model.Visibility{"link", "public"}, "XX", "public", []string{none, shown}},
		"became-public-unsaid":  {[]model.Visibility{"link", "link"}, "XX", "public", []string{none, shown}},
		"public-then-link":      {[]model.Visibility{"public", "link"}, "XX", "public", []string{tomb, shown}},
		"no-longer-public":      {[]model.Visibility{"public", "link"}, "XX", "link", []string{none, none}},
		"link-between":          {[]model.Visibility{"public", "link", "public"}, "XXX", "public", []string{tied, none, shown}},
		"vanished-public":       {[]model.Visibility{"public", "public"}, "XX", "", []string{none, none}},
		"vanished-after-change": {[]model.Visibility{"public", "private"}, "XX", "", []string{none, none}},
		"withdrawn":             {[]model.Visibility{"public", "public", "withdrawn"}, "XXX", "public", []string{tomb, tomb}},
		"withdrawn-reissued":    {[]model.Visibility{"public", "withdrawn", "public"}, "XXX", "public", []string{tomb, shown}},
		"withdrawn-sealed":      {[]model.Visibility{"link", "withdrawn"}, "XX", "public", []string{none}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			a := s.award("spring", "knots", "ana", c.signed[0])
			for i, v := range c.signed {
				if v == "withdrawn" {
					s.withdraw(t, a.Key.String())
					continue
				}
				a.Visibility, a.Recipient.Name = v, "Name "+c.names[i:i+1]
				if i == 0 {
					s.sign(t)
				} else {
					s.sign(t, a.Key.String())
				}
			}
			if a.Visibility = c.today; c.today == "" {
				s.site.Cohorts = nil
			}
			p := s.plan(t)
			all := s.press(t, p)
			for i, r := range slices.Collect(s.State().Records()) {
				o, got, files := output(p, folder(r)+"index.html"), none, 0
				for path := range all {
					if strings.HasPrefix(path, folder(r)) {
						files++
					}
				}
				switch {
				case o != nil && o.Kind == site.Page && files == 4:
					got = shown
				case o != nil && o.Kind == site.Tombstone && files == 1:
					got = tomb
					if strings.Contains(string(all[o.Path]), `href="../../`+folder(s.State().Record(r.Award))) {
						got = tied
					}
					if page := string(all[o.Path]); !strings.Contains(page, r.Credential) || strings.Contains(page, "KNOTS") {
						t.Errorf("the tombstone is\n%s", page)
					}
				case o != nil || files > 0:
					got = fmt.Sprint(files, " files")
				}
				if got != c.want[i] {
					t.Errorf("credential %d is %q, want %q", i, got, c.want[i])
				}
			}
			newest := slices.Contains(c.want, shown)
			for _, n := range "XY" {
				name := "Name " + string(n)
				if allowed := newest && name == a.Recipient.Name; !allowed && slices.ContainsFunc(slices.Collect(maps.Values(all)), func(b []byte) bool { return bytes.Contains(b, []byte(name)) }) {
					t.Errorf("%q is still published", name)
				}
			}
			checkLinks(t, all)
		})
	}
}

// TestReason: why an award was taken back is told only where the issuer said
// it may be.
func TestReason(t *testing.T) {
	for _, public := range []bool{false, true} {
		s := newShop(t)
		s.award("spring", "knots", "ana", model.Public)
		s.sign(t)
		s.decide(t, "spring/knots/ana", ledger.ActionRevoke, "copied from a friend", public)
		p := s.plan(t)
		status := s.awardPage(t, p, s.State().Record("spring/knots/ana")).Status
		if status.State != "revoked" || status.Since.IsZero() || (status.Reason != "") != public {
			t.Errorf("public: %v, status %+v", public, status)
		}
		told := false
		for _, b := range s.press(t, p) {
			told = told || bytes.Contains(b, []byte("copied from a friend"))
		}
		if told != public {
			t.Errorf("public: %v, told: %v", public, told)
		}
	}
}

// TestAwardPageKey: the key of an award's page changes with all it shows. It
// may say "changed" too often, never too rarely; what has nothing to do with
// the page leaves it alone.
func TestAwardPageKey(t *testing.T) {
	const award = "spring/knots/ana"
	for name, c := range map[string]struct {
		change func(t *testing.T, s *shop)
		rekeys bool
	}{
		"nothing":      {func(*testing.T, *shop) {}, false},
		"revoked":      {func(t *testing.T, s *shop) { s.decide(t, award, ledger.ActionRevoke, "", false) }, true},
		"suspended":    {func(t *testing.T, s *shop) { s.decide(t, award, ledger.ActionSuspend, "", false) }, true},
		"reason":       {func(t *testing.T, s *shop) { s.decide(t, award, ledger.ActionRevoke, "why", true) }, true},
		"image":        {func(_ *testing.T, s *shop) { s.site.Achievements[0].Image = svg("a") }, false},
		"issuer-name":  {func(_ *testing.T, s *shop) { s.site.Issuer.Name = "Another" }, true},
		"issuer-email": {func(_ *testing.T, s *shop) { s.site.Issuer.Email = "a@example.org" }, true},
		"issuer-image": {func(_ *testing.T, s *shop) { s.site.Issuer.Image = svg("b") }, true},
		"related-name": {func(_ *testing.T, s *shop) { s.site.Achievements[1].Name = "Splicing" }, true},
		"related-gone": {func(_ *testing.T, s *shop) {
			s.site.Achievements = s.site.Achievements[:1]
			s.site.Achievements[0].Related = nil
		}, true},
		"page-title":     {func(_ *testing.T, s *shop) { s.site.Pages[0].Title = "Who we are" }, true},
		"page-shown":     {func(_ *testing.T, s *shop) { s.site.Pages[1].Hidden = false }, true},
		"language":       {func(_ *testing.T, s *shop) { s.site.Languages = []string{"de"} }, true},
		"definition":     {func(_ *testing.T, s *shop) { s.site.Achievements[0].Description = "Ties all knots." }, false},
		"recipient":      {func(_ *testing.T, s *shop) { s.site.Cohorts[0].Awards[0].Recipient.Name = "Anna" }, false},
		"page-text":      {func(_ *testing.T, s *shop) { s.site.Pages[0].Markdown = "Other." }, false},
		"hidden-page":    {func(_ *testing.T, s *shop) { s.site.Pages[1].Title = "Legal" }, false},
		"another-award":  {func(t *testing.T, s *shop) { s.award("spring", "knots", "eva", model.Public); s.sign(t) }, false},
		"others-revoked": {func(t *testing.T, s *shop) { s.decide(t, "spring/knots/ben", ledger.ActionRevoke, "", true) }, false},
		"others-image":   {func(_ *testing.T, s *shop) { s.site.Achievements[1].Image = svg("c") }, false},
		"cohort":         {func(_ *testing.T, s *shop) { s.site.Cohorts[0].Name = "Autumn" }, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			s.award("spring", "knots", "ana", model.Public)
			s.award("spring", "knots", "ben", model.Public)
			s.sign(t)
			r := s.State().Record(award)
			before := s.plan(t)
			o1, page1 := output(before, folder(r)+"index.html"), digestOf(t, s.awardPage(t, before, r))
			c.change(t, s)
			after := s.plan(t)
			o2, page2 := output(after, folder(r)+"index.html"), digestOf(t, s.awardPage(t, after, r))
			if (o1.Fingerprint != o2.Fingerprint) != c.rekeys {
				t.Errorf("key changed: %v", o1.Fingerprint != o2.Fingerprint)
			}
			if (page1 != page2) != c.rekeys {
				t.Errorf("what is shown changed: %v", page1 != page2)
			}
			record := folder(r) + "credential.json"
			if output(before, record).Fingerprint != output(after, record).Fingerprint {
				t.Error("the key of the signed record changed")
			}
		})
	}
}

// TestTombstoneKey: the key of a tombstone changes with all it shows.
func TestTombstoneKey(t *testing.T) {
	const award = "spring/knots/ana"
	s := newShop(t)
	a := s.award("spring", "knots", "ana", model.Public)
	s.sign(t)
	folder := folder(s.State().Record(award))
	known := map[[32]byte]string{}
	for _, step := range []struct {
		name   string
		change func()
	}{
		{"shown", func() {}},
		{"replaced", func() { s.sign(t, award) }},
		{"replaced again", func() { s.sign(t, award) }},
		{"newest withdrawn", func() { s.withdraw(t, award) }},
		{"with another name", func() { a.Recipient.Name = "Anna"; s.sign(t, award) }},
		{"issuer renamed", func() { s.site.Issuer.Name = "Another" }},
	} {
		step.change()
		p := s.plan(t)
		o := output(p, folder+"index.html")
		if was := known[o.Fingerprint]; was != "" {
			t.Errorf("%s: the key is that of %s", step.name, was)
		}
		known[o.Fingerprint] = step.name
		if same := s.plan(t); output(same, o.Path).Fingerprint != o.Fingerprint {
			t.Errorf("%s: the key is another where nothing is", step.name)
		}
	}
}

func svg(name string) *model.Image {
	return &model.Image{File: name + ".svg", MediaType: "image/svg+xml", SHA256: name}
}
