package site_test

import (
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
)

// TestLinkedAward: what the page of a public award says to machines names nobody, and
// is no more where the award was taken back.
func TestLinkedAward(t *testing.T) {
	const award = "seen-2026/knots/ophelia"
	s := newShop(t)
	a := s.award("seen-2026", "knots", "ophelia", model.Public)
	a.Recipient.ID = "did:example:ophelia"
	a.Narrative, a.LicenseNumber, a.Role = "Story of ophelia", "Licence ophelia", "Role ophelia"
	a.Evidence = []model.Evidence{{ID: "https://example.com/ophelia", Name: "Evidence of ophelia"}}
	s.sign(t)
	said := func() string {
		b, err := json.Marshal(s.awardPage(t, s.plan(t), s.State().Record(award)).LinkedData, json.Deterministic(true))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	now := said()
	if !strings.Contains(now, s.State().Record(award).Credential) || !strings.Contains(now, `"name":"KNOTS"`) || strings.Contains(strings.ToLower(now), "ophelia") {
		t.Errorf("the page says %s", now)
	}
	for _, action := range []string{ledger.ActionSuspend, ledger.ActionReinstate, ledger.ActionRevoke} {
		s.decide(t, award, action, "", false)
		if got, want := said(), map[bool]string{true: now, false: "{}"}[action == ledger.ActionReinstate]; got != want {
			t.Errorf("after %s the page says %s", action, got)
		}
	}
}

// TestDates: feed and sitemap tell the days that content tells, or the page of a public
// award; never that on which another one was signed.
func TestDates(t *testing.T) {
	const knots, splices = "https://example.org/academy/achievements/knots/", "https://example.org/academy/achievements/splices/"
	day := func(d int) time.Time { return time.Date(2026, 7, d, 9, 30, 0, 0, time.UTC) }
	s := newShop(t)
	s.versions, s.now = true, day(1) // the first key is a month older
	check := func(what string, feed, modified map[string]string) {
		t.Helper()
		p := s.plan(t)
		var atom struct {
			Entries []struct {
				ID      string `xml:"id"`
				Updated string `xml:"updated"`
			} `xml:"entry"`
		}
		var sitemap struct {
			URLs []struct {
				Loc     string `xml:"loc"`
				Lastmod string `xml:"lastmod"`
			} `xml:"url"`
		}
		if err := xml.Unmarshal(output(p, "feed.xml").Bytes, &atom); err != nil {
			t.Fatal(err)
		}
		if err := xml.Unmarshal(output(p, "sitemap.xml").Bytes, &sitemap); err != nil {
			t.Fatal(err)
		}
		for _, e := range atom.Entries {
			if page := strings.TrimSuffix(e.ID, "achievement.json"); feed[page]+"T00:00:00Z" != e.Updated {
				t.Errorf("%s: %s is in the feed since %s, want %s", what, page, e.Updated, feed[page])
			}
		}
		for _, u := range sitemap.URLs {
			if strings.Contains(u.Loc, "/achievements/") && u.Lastmod != modified[u.Loc] {
				t.Errorf("%s: %s changed on %q, want %q", what, u.Loc, u.Lastmod, modified[u.Loc])
			}
		}
		if len(atom.Entries) != 2 || len(sitemap.URLs) < 4 {
			t.Errorf("%s: %d entries, %d addresses", what, len(atom.Entries), len(sitemap.URLs))
		}
	}
	s.award("spring", "knots", "ana", model.Link)
	s.sign(t)
	none := map[string]string{knots: "2026-06-01", splices: "2026-06-01"}
	check("signed for their learners alone", none, nil)
	s.now = day(4)
	s.award("spring", "knots", "ben", model.Private)
	s.award("spring", "splices", "cleo", model.Public)
	s.sign(t)
	check("with a public one", map[string]string{knots: "2026-06-01", splices: "2026-07-04"}, map[string]string{splices: "2026-07-04"})
	s.site.Achievements[0].Published = day(3)
	published := map[string]string{knots: "2026-07-03", splices: "2026-07-04"}
	check("with a day of its own", published, published)
	s.site.Achievements[0].Description = "Knows more knots."
	check("changed since some were signed for their learners alone", published, published)
	s.now = day(8)
	s.award("summer", "knots", "dora", model.Public)
	s.sign(t)
	check("awarded after that", published, map[string]string{knots: "2026-07-08", splices: "2026-07-04"})
}

// TestRobots: below a path of its host robots.txt says that nobody reads it.
func TestRobots(t *testing.T) {
	s := newShop(t)
	if got := string(output(s.plan(t), "robots.txt").Bytes); !strings.Contains(got, "# Crawlers read robots.txt at the root") || !strings.Contains(got, "https://example.org/robots.txt") {
		t.Error(got)
	}
	s.site.BaseURL = "https://badges.example.org"
	if got, want := string(output(s.plan(t), "robots.txt").Bytes), "User-agent: *\nAllow: /\nSitemap: https://badges.example.org/sitemap.xml\n"; got != want {
		t.Error(got)
	}
}
