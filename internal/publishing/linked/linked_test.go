package linked_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/piprate/json-gold/ld"

	"laurel/internal/publishing/linked"
	"laurel/internal/standards/vc"
)

const base = "https://example.org/academy/"

func number(f float64) *float64 { return &f }

// everything is a site of which every field is set.
func everything() *linked.Site {
	profile := vc.Profile{ID: "did:web:example.org:academy", Name: "Example Academy", URL: "https://example.org/", Description: "Teaches <knots> & splices.",
		Email: "office@example.org", Phone: "+44 1632 960123", Image: &vc.Image{ID: base + "issuer.png"},
		Address: &vc.Address{StreetAddress: "1 Quay", PostOfficeBoxNumber: "7", PostalCode: "X1", AddressLocality: "Port", AddressRegion: "Coast",
			AddressCountry: "Nowhere", AddressCountryCode: "NO", Geo: &vc.GeoCoordinates{Latitude: 0, Longitude: -1.5}},
		OtherIdentifier: []vc.IdentifierEntry{{Identifier: "1009", IdentifierType: "ext:UKPRN"}, {Identifier: "ce-0f4ba0a4-6a3f-4d4f-9c5e-0b5f1ed8a0f1", IdentifierType: "ext:CTID"}},
		ParentOrg:       &vc.Profile{ID: "https://trust.example.org/", Name: "Trust", URL: "https://trust.example.org/"}}
	knots := vc.Achievement{ID: base + "achievements/knots/achievement.json", Name: "Knots", Description: "Ties knots.", AchievementType: "Course",
		Criteria: vc.Criteria{Narrative: "Tie ten.", ID: "https://example.org/knots"}, Image: &vc.Image{ID: base + "achievements/knots/image.png"},
		Alignment: []vc.Alignment{
			{TargetName: "tie knots", TargetURL: "https://example.com/skill/1", TargetFramework: "Skills", TargetCode: "S1", TargetDescription: "Ties.", TargetType: "ceasn:Competency"},
			{TargetName: "Riggers", TargetURL: "https://example.com/job/1", TargetFramework: "Jobs", TargetCode: "J1", TargetType: "ext:Occupation"},
			{TargetName: "EQF 3", TargetURL: "https://example.com/eqf/3", TargetFramework: "EQF", TargetCode: "3", TargetType: "ext:EQFLevel"},
			{TargetName: "Seamanship", TargetURL: "https://example.com/credential", TargetType: "ceterms:Credential", TargetDescription: "More."}},
		Creator: &vc.Profile{ID: "https://guild.example.org/", Name: "Guild", URL: "https://guild.example.org/"}, CreditsAvailable: number(2.5),
		FieldOfStudy: "Seamanship", Specialization: "Ropes", HumanCode: "K-1", InLanguage: "en", Version: "2", Tag: []string{"rope", "</script>"},
		Related:         []vc.Related{{ID: base + "achievements/diploma/achievement.json", InLanguage: "de"}, {ID: "https://example.com/other", InLanguage: "fr"}},
		OtherIdentifier: []vc.IdentifierEntry{{Identifier: "K1", IdentifierType: "ext:Catalogue"}}}
	diploma := vc.Achievement{ID: base + "achievements/diploma/achievement.json", Name: "Abschluss", Description: "Alles.", AchievementType: "Diploma",
		InLanguage: "de", Criteria: vc.Criteria{Narrative: "Alles."}}
	bare := vc.Achievement{ID: base + "achievements/bare/achievement.json", Name: "Bare", Description: "Bare.", AchievementType: "ext:Merit", Criteria: vc.Criteria{ID: "https://example.org/bare"}}
	published := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
	return &linked.Site{URL: base, DID: profile.ID, Issuer: profile, Language: "en", Feed: base + linked.FeedFile,
		Achievements: []linked.Achievement{{Achievement: knots, Page: base + "achievements/knots/", ValidFor: "P2Y", Published: published},
			{Achievement: diploma, Page: base + "de/achievements/diploma/"}, {Achievement: bare, Page: base + "achievements/bare/"}},
		Programs: []linked.Program{{Page: base + "programs/rigging/", Name: "Rigging", Description: "All of it.", Language: "en", Image: base + "programs/rigging/image.png",
			Achievements: []string{knots.ID, diploma.ID}, Credits: 4.5}}}
}

// documents are all that a site says to machines, by what it is.
func documents(s *linked.Site) map[string]linked.Node {
	var items []linked.Item
	for _, a := range s.Achievements {
		items = append(items, linked.Item{URL: a.Page, Name: a.Name})
	}
	docs := map[string]linked.Node{"home": s.Home(s.URL, "en", items, 99), "ctdl": s.CTDL(), "catalog": s.Catalog(),
		"skill": linked.Skill(base+"skills/tie-knots/", "tie knots", s.Achievements[0].Alignment[:2], items),
		"award": s.Award(linked.Award{Page: base + "awards/x/", ID: "urn:uuid:0f4ba0a4-6a3f-4d4f-9c5e-0b5f1ed8a0f1", Achievement: s.Achievements[0].ID, Name: "Knots", Type: "ext:Merit",
			Credential: base + "awards/x/credential.json", Awarded: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), Expires: time.Date(2028, 7, 1, 0, 0, 0, 0, time.UTC),
			IssuerID: s.DID, IssuedBy: "Example Academy"})}
	for i := range s.Achievements {
		docs[fmt.Sprint("achievement ", i)] = s.Achievement(&s.Achievements[i], []linked.Recognizer{{ID: "did:web:guild.example.org", Name: "Guild of Riggers", URL: "https://guild.example.org/"}})
	}
	for i := range s.Programs {
		docs[fmt.Sprint("program ", i)] = s.Program(&s.Programs[i])
	}
	return docs
}

// pinned is a loader of the contexts that documents name: of others' those terms alone
// that are used here, each as its owner defines it, and nothing that would define any
// other word.
type pinned map[string]any

func (p pinned) LoadDocument(url string) (*ld.RemoteDocument, error) {
	if c, ok := p[url]; ok {
		return &ld.RemoteDocument{DocumentURL: url, Document: c}, nil
	}
	return nil, fmt.Errorf("no context %s", url)
}

// vocabulary is testdata/<name>.json.
type vocabulary struct {
	Source  string
	Context map[string]any
	// Domains are the classes that a property is of, of those that are used here.
	Domains map[string][]string
}

func read(t *testing.T, name string) vocabulary {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name + ".json")
	var v vocabulary
	if err == nil {
		err = json.Unmarshal(b, &v, json.MatchCaseInsensitiveNames(true))
	}
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func plain(t *testing.T, v any) any {
	t.Helper()
	b, err := json.Marshal(v, json.Deterministic(true))
	var doc any
	if err == nil {
		err = json.Unmarshal(b, &doc)
	}
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestExpands: a JSON-LD library expands all that is said to machines, and loses
// nothing of it: every term and type is defined, every value arrives.
func TestExpands(t *testing.T) {
	ctdl := read(t, "ctdl")
	loader := pinned{"https://schema.org": map[string]any{"@context": read(t, "schemaorg").Context},
		"https://credreg.net/ctdl/schema/context/json": map[string]any{"@context": ctdl.Context},
		base + linked.CatalogContextFile:               plain(t, linked.CatalogContext())}
	o := ld.NewJsonLdOptions("")
	o.DocumentLoader, o.SafeMode = loader, true
	for name, n := range documents(everything()) {
		doc := plain(t, n).(map[string]any)
		expanded, err := ld.NewJsonLdProcessor().Expand(ld.CloneDocument(doc), o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := ld.NewJsonLdProcessor().ToRDF(ld.CloneDocument(doc), o); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		delete(doc, "@context")
		said, arrived := values(doc), values(expanded)
		for _, v := range slices.Sorted(maps.Keys(said)) {
			if arrived[v] < said[v] {
				t.Errorf("%s: %s is said %d times, and arrives %d times", name, v, said[v], arrived[v])
			}
		}
	}
}

// values counts the values of a document that are neither a type nor an address, which
// expansion writes otherwise.
func values(v any) map[string]int {
	n := map[string]int{}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			for key, item := range v {
				if key != "@type" && key != "type" && key != "@language" {
					walk(item)
				}
			}
		default:
			if s := fmt.Sprint(v); !strings.Contains(s, "://") && !strings.Contains(s, ":Active") {
				n[s]++
			}
		}
	}
	walk(v)
	return n
}

// TestCTDL: classes have the properties that CTDL gives them, and no other.
func TestCTDL(t *testing.T) {
	v := read(t, "ctdl")
	used := map[string]bool{}
	var walk func(n any)
	walk = func(n any) {
		switch n := n.(type) {
		case []any:
			for _, item := range n {
				walk(item)
			}
		case map[string]any:
			class, _ := n["@type"].(string)
			for key, item := range n {
				if class != "" && !strings.HasPrefix(key, "@") {
					used[key] = true
					if !slices.Contains(v.Domains[key], class) {
						t.Errorf("%s is no property of %s", key, class)
					}
				}
				walk(item)
			}
		}
	}
	s := everything()
	for _, kind := range []string{"", "Badge", "Certificate", "CommunityService", "License", "MicroCredential", "DoctoralDegree", "ext:Merit"} {
		a := s.Achievements[0]
		a.AchievementType = kind
		s.Achievements = append(s.Achievements, a)
	}
	walk(plain(t, s.CTDL()))
	if len(used) < 30 {
		t.Errorf("%d properties are used", len(used))
	}
	all := plain(t, s.CTDL()).(map[string]any)["@graph"].([]any)
	issuer := all[0].(map[string]any)
	if issuer["ceterms:ctid"] != "ce-0f4ba0a4-6a3f-4d4f-9c5e-0b5f1ed8a0f1" {
		t.Errorf("the issuer's own CTID is %v", issuer["ceterms:ctid"])
	}
	// Made of the achievement's address, and so for good.
	if id := all[1].(map[string]any)["ceterms:ctid"]; id != "ce-8d209206-b67e-4c52-b26d-7dd779b20d14" {
		t.Errorf("a CTID is %v", id)
	}
}

// TestFeed: the newest first, and nothing that no reader would take.
func TestFeed(t *testing.T) {
	s := everything()
	at := func(day int) time.Time { return time.Date(2026, 5, day, 13, 0, 0, 0, time.UTC) }
	b, err := s.NewAchievements(map[string]time.Time{s.Achievements[0].ID: at(2), s.Achievements[1].ID: at(9)}, at(1))
	if err != nil {
		t.Fatal(err)
	}
	var feed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string   `xml:"id"`
		Title   string   `xml:"title"`
		Updated string   `xml:"updated"`
		Author  string   `xml:"author>name"`
		Entries []struct {
			ID, Title, Updated, Summary string
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(b, &feed); err != nil {
		t.Fatal(err)
	}
	if feed.ID != base+"feed.xml" || feed.Author != "Example Academy" || feed.Updated != "2026-05-09T00:00:00Z" || len(feed.Entries) != 3 {
		t.Errorf("the feed is %+v", feed)
	}
	for range 60 {
		s.Achievements = append(s.Achievements, s.Achievements[2])
	}
	if b, err = s.NewAchievements(nil, at(1)); err != nil || bytes.Count(b, []byte("<entry")) != 50 {
		t.Errorf("a long feed has %d entries: %v", bytes.Count(b, []byte("<entry")), err)
	}
}

// TestSitemaps: more addresses than one file may have are in several, with an index.
func TestSitemaps(t *testing.T) {
	var pages []linked.Location
	for i := range linked.MaxSitemap + 1 {
		pages = append(pages, linked.Location{URL: fmt.Sprintf("%sp/%d/?a&b", base, i)})
	}
	pages[7].Modified = time.Date(2026, 5, 2, 23, 0, 0, 0, time.UTC)
	one, err := linked.Sitemaps(base, pages[:linked.MaxSitemap])
	if err != nil || len(one) != 1 || bytes.Count(one["sitemap.xml"], []byte("<url>")) != linked.MaxSitemap {
		t.Errorf("%d files: %v", len(one), err)
	}
	many, err := linked.Sitemaps(base, pages)
	if err != nil || len(many) != 3 || bytes.Count(many["sitemap-1.xml"], []byte("<url>")) != linked.MaxSitemap || bytes.Count(many["sitemap-2.xml"], []byte("<url>")) != 1 {
		t.Fatalf("%d files: %v", len(many), err)
	}
	const index = xml.Header + `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
  <sitemap>
    <loc>https://example.org/academy/sitemap-1.xml</loc>
    <lastmod>2026-05-02</lastmod>
  </sitemap>
  <sitemap>
    <loc>https://example.org/academy/sitemap-2.xml</loc>
  </sitemap>
</sitemapindex>
`
	if got := string(many["sitemap.xml"]); got != index {
		t.Errorf("the index is\n%s", got)
	}
}
