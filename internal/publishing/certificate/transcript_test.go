package certificate_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"laurel/internal/publishing/certificate"
	"laurel/internal/publishing/site"
	"laurel/internal/testing/poppler"
)

// record is one of as many credentials: some have long names, one a name in another
// script, and one more results than a page has room for.
func record(members int) *site.AwardPage {
	a := award()
	a.AwardedDate, a.CreditsEarned, a.LicenseNumber, a.Results = time.Time{}, "", "", nil
	a.Achievement = site.Achievement{Name: "Workshop Foundation", Description: "What every further course builds on."}
	r := &site.Record{Partial: true, Count: members, Credits: fmt.Sprint(members * 2)}
	group := site.RecordPart{Name: "Metalwork"}
	for i := range members {
		m := site.Member{AwardedDate: time.Date(2026, 9, 1+i%28, 0, 0, 0, 0, time.UTC), Credits: "2", Status: site.AwardStatus{State: "valid"},
			Results: []site.Result{{Name: "Theory", Standing: site.Standing{Value: fmt.Sprint(40 + i), Min: "0", Max: "100", Required: "40", Numbers: true, Outcome: "passed"}}}}
		name := fmt.Sprintf("Course number-%d", i)
		switch {
		case i%7 == 0:
			name += " " + strings.Repeat("with a name that goes on ", 9)
		case i == 11:
			name += " Сварка основы"
		case i == 20:
			m.Status = site.AwardStatus{State: "revoked"}
		case i == 30:
			for j := range 70 {
				m.Results = append(m.Results, site.Result{Name: fmt.Sprintf("Part-%d", j), Standing: site.Standing{Value: "83"}})
			}
		}
		group.Parts = append(group.Parts, site.RecordPart{Name: name, Members: []site.Member{m}})
	}
	r.Parts = []site.RecordPart{group}
	a.Record = r
	return a
}

// TestTranscript: a record of sixty credentials is a certificate of as many pages as
// it takes: each says whose it is and which page it is, and nothing is left out.
func TestTranscript(t *testing.T) {
	c := content(t, record(60), "en")
	c.Award.State = site.Fallen
	file := write(t, c, certificate.A4)
	if keep := os.Getenv("TRANSCRIPT"); keep != "" {
		data, _ := os.ReadFile(file)
		if err := os.WriteFile(keep, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pages := poppler.Pages(t, file)
	if len(pages) < 5 {
		t.Fatalf("%d pages", len(pages))
	}
	var all []string
	for i, page := range pages {
		wellPlaced(t, page)
		var words []string
		for _, w := range page.Words {
			words = append(words, w.Text)
		}
		text := strings.Join(words, " ")
		for _, want := range []string{fmt.Sprintf("Page %d of %d", i+1, len(pages)), "Zoë Brontësdóttir", "Larkspur Academy", "Workshop Foundation", "no longer counts"} {
			if !strings.Contains(text, want) {
				t.Errorf("page %d has no %q:\n%s", i+1, want, text)
			}
		}
		for _, want := range []string{"Achievement", "Awarded on", "Result", "Credits"} {
			if i > 0 && !strings.Contains(text, want) {
				t.Errorf("page %d has no column %s:\n%s", i+1, want, text)
			}
		}
		all = append(all, words...)
	}
	text := strings.Join(all, " ")
	for i := range 60 {
		if n := strings.Count(text+" ", fmt.Sprintf("number-%d ", i)); n != 1 && i != 30 || n == 0 {
			t.Errorf("course %d is there %d times", i, n)
		}
	}
	for _, want := range []string{"Partial record", "Credentials", "Credits in total", "60 120 ", "Part-0: 83", "Part-69: 83", "40 of 100, pass at 40: passed", "Revoked", "1 September 2026", "Сварка"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is nowhere", want)
		}
	}
	if n := len(poppler.Pages(t, write(t, content(t, record(2), "de"), certificate.Letter))); n != 2 {
		t.Errorf("a record of two has %d pages", n)
	}
}
