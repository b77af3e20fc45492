package site_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"laurel/internal/authoring/model"
	"laurel/internal/publishing/site"
)

// TestTake: where a public award's learner is sent, and that each place is told
// what its own code reads.
func TestTake(t *testing.T) {
	s := newShop(t)
	a := s.award("spring", "knots", "ana", model.Public)
	a.Recipient.Name = "Zoë 100% 王小明 😀 %41 \\u0041 \"quoted\""
	a.ValidUntil = time.Date(2031, 1, 31, 23, 59, 0, 0, time.FixedZone("", -5*3600))
	s.site.Achievements[0].Name = "Knots & splices, 100%"
	s.sign(t)
	p := s.plan(t)
	r := s.State().Record(a.Key.String())
	page := s.awardPage(t, p, r)
	uuid := strings.TrimPrefix(r.Credential, "urn:uuid:")
	base := "https://example.org/academy/"
	take := page.Take
	if take.PageURL != base+"awards/"+uuid+"/" || take.CredentialURL != take.PageURL+"credential.json" || take.VerifyURL != base+"verify/#"+uuid {
		t.Errorf("addresses are %+v", take)
	}
	if want := "https://verifierplus.org/#verify?vc=https%3A%2F%2Fexample.org%2Facademy%2Fawards%2F" + uuid + "%2Fcredential.json"; take.VerifierPlusHref != want {
		t.Errorf("VerifierPlus is asked by %s", take.VerifierPlusHref)
	}

	// As LinkedIn's form reads it.
	l := take.LinkedIn
	u, err := url.Parse(l.Href)
	if err != nil || u.Host != "www.linkedin.com" || u.Path != "/profile/add" {
		t.Fatalf("link to LinkedIn is %s, %v", l.Href, err)
	}
	for name, want := range map[string]string{
		"startTask": "CERTIFICATION_NAME", "name": "Knots & splices, 100%", "organizationName": "Example Academy",
		"issueYear": "2026", "issueMonth": "6", "expirationYear": "2031", "expirationMonth": "2",
		"certUrl": take.PageURL, "certId": uuid,
	} {
		if got := u.Query()[name]; !slices.Equal(got, []string{want}) {
			t.Errorf("LinkedIn is told %s=%q, want %q", name, got, want)
		}
	}
	if l.Name != "Knots & splices, 100%" || l.Organization != "Example Academy" || l.CredentialID != uuid || l.URL != take.PageURL ||
		!l.Issued.Equal(a.AwardedDate) || !l.Expires.Equal(a.ValidUntil) {
		t.Errorf("fields to copy are %+v", l)
	}
}

// LinkedIn is told the number of the issuer's own page there, where the issuer has
// one: it then shows that page's logo, and no name as typed.
func TestLinkedInOrganization(t *testing.T) {
	s := newShop(t)
	a := s.award("spring", "knots", "ana", model.Public)
	s.site.Issuer.OtherIdentifier = []model.IdentifierEntry{{Identifier: "N-77", IdentifierType: "ext:shop"}, {Identifier: "4711", IdentifierType: model.LinkedInOrganization}}
	s.sign(t)
	l := s.awardPage(t, s.plan(t), s.State().Record(a.Key.String())).Take.LinkedIn
	u, err := url.Parse(l.Href)
	if err != nil || u.Query().Get("organizationId") != "4711" || u.Query().Has("organizationName") || l.Organization != "Example Academy" {
		t.Errorf("LinkedIn is told %s, %v", l.Href, err)
	}
}

// TestPackagePage: what a learner is handed leads to what is published of it,
// and of one variant never to another.
func TestPackagePage(t *testing.T) {
	const link = "https://example.org/academy/claim/#00000000000000000000000000000000.AAAA"
	for name, c := range map[string]struct {
		visibility             model.Visibility
		variant, share         string
		page, verify, document bool // leads to the public page, its verification, its document
	}{
		"public":         {model.Public, "full", "", true, true, true},
		"public-unsaid":  {model.Public, "", "", true, true, true},
		"public-no-name": {model.Public, "no-name", "", false, false, false},
		"public-by-link": {model.Public, "full", link, false, false, false},
		"link":           {model.Link, "full", link, false, false, false},
		"link-no-name":   {model.Link, "no-name", link, false, false, false},
		"private":        {model.Private, "full", "", false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			a := s.award("spring", "knots", "ana", c.visibility)
			s.sign(t)
			p := s.plan(t)
			r := s.State().Record(a.Key.String())
			document, err := s.document(r)
			if err != nil {
				t.Fatal(err)
			}
			page, err := p.PackagePage(r, c.variant, document, c.share)
			if err != nil {
				t.Fatal(err)
			}
			base, uuid := "https://example.org/academy/", strings.TrimPrefix(r.Credential, "urn:uuid:")
			want := site.Take{PageURL: c.share, VerifyURL: c.share}
			if c.share == "" {
				want.VerifyURL = base + "verify/"
			}
			if c.page {
				want.PageURL = base + "awards/" + uuid + "/"
			}
			if c.verify {
				want.VerifyURL = base + "verify/#" + uuid
			}
			if c.document {
				want.CredentialURL = want.PageURL + "credential.json"
			}
			got := page.Take
			if got.PageURL != want.PageURL || got.VerifyURL != want.VerifyURL || got.CredentialURL != want.CredentialURL ||
				(got.VerifierPlusHref != "") != c.document || got.LinkedIn.URL != want.PageURL || got.WalletHref == "" {
				t.Errorf("leads to %+v, want %+v", got, want)
			}
			if page.RecipientName != "Learner ana" || page.Root != base || page.Canonical != "" || page.Path != "" || page.CredentialHref != "" ||
				page.Achievement.Href != base+"achievements/knots/" || page.Achievement.ImageHref != base+"achievements/knots/image.svg" || page.Nav[0].Href != base+"about/" {
				t.Errorf("the page is %+v", page)
			}
			if c.visibility != model.Public && strings.Contains(got.LinkedIn.Href, "awards") {
				t.Errorf("LinkedIn is told %s", got.LinkedIn.Href)
			}
		})
	}
}
