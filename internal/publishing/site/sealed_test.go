package site_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/publishing/render"
	"laurel/internal/publishing/site"
)

// sealedHTML is the page beside the first capsule of an award, drawn and not
// encrypted.
func (s *shop) sealedHTML(t *testing.T, p *site.Layout, r *render.Renderer, award string) string {
	t.Helper()
	o := output(p, model.CapsulePagePath(s.State().Record(award).Capsules[0]))
	if o == nil {
		t.Fatalf("%s has no sealed page", award)
	}
	page, _ := s.sealedPage(t, p, r, *o)
	return string(page)
}

func renderer(t *testing.T) *render.Renderer {
	t.Helper()
	r, err := render.New(nil, nil, render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestSealedPageDependsOnSigned: whatever is decided or edited later, a sealed
// page and its bytes stay, so that nobody who watches the site learns which one
// it was about. What all sealed pages depend on changes all of them.
func TestSealedPageDependsOnSigned(t *testing.T) {
	const award = "spring/knots/ana"
	for name, c := range map[string]struct {
		change func(t *testing.T, s *shop)
		all    bool // pages change
	}{
		"revoked":      {func(t *testing.T, s *shop) { s.decide(t, award, ledger.ActionRevoke, "why", true) }, false},
		"suspended":    {func(t *testing.T, s *shop) { s.decide(t, award, ledger.ActionSuspend, "", false) }, false},
		"image":        {func(_ *testing.T, s *shop) { s.site.Achievements[0].Image = svg("a") }, false},
		"issuer-name":  {func(_ *testing.T, s *shop) { s.site.Issuer.Name = "Another" }, false},
		"issuer-email": {func(_ *testing.T, s *shop) { s.site.Issuer.Email = "a@example.org" }, false},
		"issuer-image": {func(_ *testing.T, s *shop) { s.site.Issuer.Image = svg("b") }, false},
		"related-name": {func(_ *testing.T, s *shop) { s.site.Achievements[1].Name = "Splicing" }, false},
		"related-gone": {func(_ *testing.T, s *shop) {
			s.site.Achievements = s.site.Achievements[:1]
			s.site.Achievements[0].Related = nil
		}, false},
		"page-title": {func(_ *testing.T, s *shop) { s.site.Pages[0].Title = "Who we are" }, false},
		"definition": {func(_ *testing.T, s *shop) { s.site.Achievements[0].Description = "Ties all knots." }, false},
		"recipient":  {func(_ *testing.T, s *shop) { s.site.Cohorts[0].Awards[0].Recipient.Name = "Anna" }, false},
		"public":     {func(_ *testing.T, s *shop) { s.site.Cohorts[0].Awards[0].Visibility = model.Public }, false},
		"another":    {func(t *testing.T, s *shop) { s.award("spring", "knots", "eva", model.Link); s.sign(t) }, false},
		"cohort":     {func(_ *testing.T, s *shop) { s.site.Cohorts[0].Name = "Autumn" }, false},
		"language":   {func(_ *testing.T, s *shop) { s.site.Languages = []string{"de"} }, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			s.award("spring", "knots", "ana", model.Link)
			s.award("spring", "splices", "ben", model.Link)
			s.sign(t)
			files := func() map[string][]byte {
				p := s.plan(t)
				p.Outputs = slices.DeleteFunc(p.Outputs, func(o site.Output) bool { return o.Kind != site.CapsulePage })
				return s.press(t, p)
			}
			keys := func() map[string][32]byte {
				of := map[string][32]byte{}
				for _, o := range s.plan(t).Outputs {
					if o.Kind == site.CapsulePage {
						of[o.Path] = o.Fingerprint
					}
				}
				return of
			}
			before, was := files(), keys()
			c.change(t, s)
			after, is := files(), keys()
			if len(before) < 2 {
				t.Fatalf("%d sealed pages", len(before))
			}
			for path, b := range before {
				if bytes.Equal(b, after[path]) == c.all {
					t.Errorf("bytes changed: %v", !c.all)
				}
				if (was[path] == is[path]) == c.all {
					t.Errorf("key changed: %v", !c.all)
				}
			}
		})
	}
}

// TestThemeChangesAllSealedPages: another theme, be it one that shows in no page,
// gives every page another key.
func TestThemeChangesAllSealedPages(t *testing.T) {
	s := newShop(t)
	s.award("spring", "knots", "ana", model.Link)
	s.sign(t)
	p := s.plan(t)
	if p.SealedDigest([32]byte{1}) == p.SealedDigest([32]byte{2}) {
		t.Error("pages have one digest with two themes")
	}
	if p.SealedDigest([32]byte{1}) != s.plan(t).SealedDigest([32]byte{1}) {
		t.Error("pages have two digests with one theme")
	}
}

// TestSealedPage: a sealed page says what its learner needs, and leaves out what
// only the claim page can know.
func TestSealedPage(t *testing.T) {
	s := newShop(t)
	a := s.award("spring", "knots", "ana", model.Link)
	a.Variants = []model.Variant{model.NoName, model.AchievementOnly}
	s.sign(t)
	p, r := s.plan(t), renderer(t)
	rec := s.State().Record(a.Key.String())
	if len(rec.Capsules) != 4 {
		t.Fatalf("%d capsules", len(rec.Capsules))
	}
	for i, name := range rec.Capsules {
		html, key := s.sealedPage(t, p, r, *output(p, model.CapsulePagePath(name)))
		page := string(html)
		if named := strings.Contains(page, a.Recipient.Name); named != (i < 2) {
			t.Errorf("page %d names its learner: %v", i, named)
		}
		if strings.Contains(page, name+"."+key) != (i > 0) {
			t.Errorf("page %d holds the link that opens it: %v", i, i == 0)
		}
		forms := map[bool]int{true: 3, false: 1}[i == 0]
		for _, state := range (&site.AwardPage{}).Shown() {
			if n := strings.Count(page, `<template data-state="`+string(state)+`">`); n != forms {
				t.Errorf("page %d has %d templates for %s", i, n, state)
			}
		}
		for _, want := range []string{`href="dccrequest://request?request="`, "<template data-related>", `href="../../achievements/splices/"></a>`} {
			if !strings.Contains(page, want) {
				t.Errorf("page %d lacks %s", i, want)
			}
		}
		if strings.Contains(page, "SPLICES") {
			t.Errorf("page %d knows what another achievement is called today", i)
		}
	}
}

// TestSealedAsPublic: what is of an award itself has the same bytes on its public
// page and on its sealed one.
func TestSealedAsPublic(t *testing.T) {
	s := newShop(t)
	a := s.award("spring", "knots", "ana", model.Link)
	a.Narrative = "Tied **ten** knots.\n\n- a\n- b"
	s.sign(t)
	r := renderer(t)
	sealed := own(t, s.sealedHTML(t, s.plan(t), r, a.Key.String()))
	a.Visibility = model.Public
	s.site.Issuer.Name = "Renamed since"
	var b bytes.Buffer
	if err := r.Page(&b, s.awardPage(t, s.plan(t), s.State().Record(a.Key.String()))); err != nil {
		t.Fatal(err)
	}
	public := own(t, b.String())
	if len(sealed) != 8 || fmt.Sprint(sealed) != fmt.Sprint(public) {
		t.Errorf("sealed %d:\n%s\npublic %d:\n%s", len(sealed), strings.Join(sealed, "\n"), len(public), strings.Join(public, "\n"))
	}
	size := 0
	for _, e := range sealed {
		size += len(e)
	}
	t.Logf("%d elements of %d bytes are the same", len(sealed), size)
}

// own are the parts of a page that are the award itself, byte for byte.
func own(t *testing.T, page string) []string {
	t.Helper()
	var list []string
	z := html.NewTokenizer(strings.NewReader(page))
	var name string
	var text strings.Builder
	for depth := 0; ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			return list
		}
		raw := string(z.Raw())
		token := z.Token()
		if depth == 0 {
			if kind != html.StartTagToken || !slices.ContainsFunc(token.Attr, isOwn) {
				continue
			}
			name = token.Data
			text.Reset()
		}
		text.WriteString(raw)
		switch {
		case token.Data == name && kind == html.StartTagToken:
			depth++
		case token.Data == name && kind == html.EndTagToken:
			depth--
		}
		if depth == 0 {
			list = append(list, text.String())
		}
	}
}

// isOwn tells the class of such a part.
func isOwn(a html.Attribute) bool {
	return a.Key == "class" && slices.Contains([]string{"sheet-issuer", "sheet-image", "sheet-text", "sheet-facts", "issuer", "learned", "timeline-box", "proof"}, a.Val)
}
