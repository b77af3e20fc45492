package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"laurel/internal/issuing/capsule"
	"laurel/internal/issuing/ledger"
)

// The learners of a claim site, all made up, by the keys of their awards.
const (
	claimName   = "Zoë Claimsdóttir-Exampleton"
	chooserName = "Cleo Choiceworth-Exampleton"
	hardName    = `Exempla 100 % + & # "q" 'n' \ { } }{ <b> 🎓 مرحبا`
)

// claimLists are award lists whose awards are handed out by link, in every
// state that a claim link can lead to.
var claimLists = map[string]string{
	"claims-2026.yaml": `name: Claims, autumn 2026
achievement: mig-welding-1
awardedDate: 2026-05-29T16:00:00+01:00
activityStartDate: 2026-03-16T18:00:00Z
activityEndDate: 2026-05-22T20:00:00Z
term: Spring 2026
creditsEarned: 4
visibility: link
variants: [full, no-name, achievement-only]
recipients:
  - key: claimed
    name: ` + claimName + `
    email: zoe.claims@learner.example.org
    role: Workshop representative
    licenseNumber: MW-1-0001
    result:
      - resultDescription: theory
        value: "91"
      - resultDescription: joints
        achievedLevel: joints-craftsmanlike
    narrative: |
      Zoë's root runs are the ones we **now** show to beginners; see
      [the gate](https://portfolio.example.org/zoe/gate).
    evidence:
      - id: https://portfolio.example.org/zoe/gate
        name: A garden gate
        description: Welded from 4 mm angle.
        narrative: Drawn, cut and welded alone in two evenings.
        genre: Metalwork
  - {key: revoked, name: Rosa Revoked-Exampleton, email: rosa@learner.example.org}
  - {key: withdrawn, name: Wim Withdrawn-Exampleton, email: wim@learner.example.org}
`,
	"choices-2026.yaml": `name: Choices, autumn 2026
achievement: mig-welding-1
awardedDate: 2026-05-29T16:00:00+01:00
activityStartDate: 2026-03-16T18:00:00Z
creditsEarned: 4
visibility: link
variants: [full, no-name]
formats: [eddsa-rdfc-2022, ecdsa-sd-2023, dc+sd-jwt]
recipients:
  - key: chooser
    name: ` + chooserName + `
    email: cleo@learner.example.org
    role: Workshop representative
    licenseNumber: MW-1-0002
    result: [{resultDescription: theory, value: "91"}, {resultDescription: joints, achievedLevel: joints-craftsmanlike}]
    narrative: Cleo's root runs are the ones we **now** show to beginners.
    evidence:
      - {id: https://portfolio.example.org/cleo/gate, name: A garden gate}
      - {name: A letter, narrative: Written by the owner of the gate.}
`,
	"plain-2026.yaml": `name: Plain claims, autumn 2026
achievement: datenanalyse
awardedDate: 2026-06-30
visibility: link
recipients:
  - {key: plain, name: Paul Plain-Beispiel, id: "did:web:paul.example.org"}
  - {key: hard, name: '` + strings.ReplaceAll(hardName, "'", "''") + `', email: hard@learner.example.org, narrative: '%41 %zz %25 a+b & #1 } }{ 🎓 مرحبا'}
`,
}

// claimSite is the sample academy with those lists, signed and built.
type claimSite struct {
	dir, public string
	twin        string            // the same, with two of the awards public
	links       map[string]string // the fragment of each claim link, by the key
	mails       []string          // what was printed for a mail merge
}

// claims is a claim site and its twin, in folders of these names, and what was
// printed for a mail merge.
var claims = &shared{make: func(t *testing.T, dir string) {
	site, twin := filepath.Join(dir, "site"), filepath.Join(dir, "twin")
	sampleContent(t, site)
	for name, list := range claimLists {
		if err := os.WriteFile(filepath.Join(site, "content/awards", name), []byte(list), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	must(t, site, "sign")
	list := must(t, site, "claim-links", "claims-2026", "plain-2026", "choices-2026")
	if err := os.WriteFile(filepath.Join(dir, "links.csv"), []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, site, "revoke", "claims-2026/mig-welding-1/revoked", "--reason", "issued by mistake")
	must(t, site, "withdraw", "claims-2026/mig-welding-1/withdrawn", "--reason", "asked for")
	must(t, site, "sign")
	must(t, site, "build")
	copyTree(t, site, twin)
	lists := filepath.Join(twin, "content/awards")
	replaceOnce(t, filepath.Join(lists, "claims-2026.yaml"), "    name: "+claimName+"\n", "    name: "+claimName+"\n    visibility: public\n")
	replaceOnce(t, filepath.Join(lists, "plain-2026.yaml"), "key: hard,", "key: hard, visibility: public,")
	must(t, twin, "build")
}}

// newClaimSite is the test's own claim site; its twin is to be read only.
func newClaimSite(t *testing.T) *claimSite {
	t.Helper()
	from := claims.read(t)
	c := &claimSite{dir: t.TempDir(), twin: filepath.Join(from, "twin"), links: map[string]string{}}
	copyTree(t, filepath.Join(from, "site"), c.dir)
	c.public = filepath.Join(c.dir, "public")
	c.readLinks(t, readString(t, filepath.Join(from, "links.csv")))
	return c
}

// replaceOnce changes a text that a file holds.
func replaceOnce(t *testing.T, file, old, text string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), old) {
		t.Fatalf("%s does not hold %q", file, old)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(b), old, text, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// readLinks reads the list for a mail merge, as a mail program would.
func (c *claimSite) readLinks(t *testing.T, list string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(list, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 7 || !slices.Equal(rows[0], []string{"name", "email", "achievement", "link"}) {
		t.Fatalf("the list for a mail merge:\n%s", list)
	}
	byName := map[string]string{claimName: "claimed", "Rosa Revoked-Exampleton": "revoked", "Wim Withdrawn-Exampleton": "withdrawn",
		"Paul Plain-Beispiel": "plain", hardName: "hard", chooserName: "chooser"}
	for _, row := range rows[1:] {
		fragment, ok := strings.CutPrefix(row[3], sampleURL+"claim/#")
		key := byName[row[0]]
		if !ok || key == "" || row[2] == "" {
			t.Fatalf("%q is no claim link of %q", row[3], row[0])
		}
		c.links[key] = fragment
		c.mails = append(c.mails, row[1])
	}
	if len(c.links) != 6 {
		t.Fatalf("links of %d learners", len(c.links))
	}
}

// published is what a claim link leads to, opened; nil where nothing is.
func (c *claimSite) published(t *testing.T, fragment string) *capsule.Contents {
	t.Helper()
	name, key, _ := strings.Cut(fragment, ".")
	sealed, err := os.ReadFile(filepath.Join(c.public, "c", name+".jwe"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	contents, err := capsule.Open(string(sealed), key)
	if err != nil {
		t.Fatal(err)
	}
	return contents
}

// record is the ledger's of an award.
func (c *claimSite) record(t *testing.T, award string) ledger.Record {
	t.Helper()
	l, err := ledger.Open(filepath.Join(c.dir, "content/ledger"), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	r := l.State().Record(award)
	if r == nil {
		t.Fatalf("%s was not signed", award)
	}
	return *r
}

// listener notes all that a server is sent.
type listener struct {
	mu   sync.Mutex
	sent []string // method, target, headers and body of each request
}

// listenTo notes what a server is sent from now on.
func listenTo(s *httptest.Server) *listener {
	l := &listener{}
	next := s.Config.Handler
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var b strings.Builder
		fmt.Fprintf(&b, "%s %s\n", r.Method, r.RequestURI)
		r.Header.Write(&b)
		if _, err := io.Copy(&b, r.Body); err != nil {
			fmt.Fprintf(&b, "body: %v", err)
		}
		l.mu.Lock()
		l.sent = append(l.sent, b.String())
		l.mu.Unlock()
		next.ServeHTTP(w, r)
	})
	return l
}

// requests are those that were sent so far.
func (l *listener) requests() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.sent)
}
