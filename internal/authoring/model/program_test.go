package model

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// learners are those of rows "key", "key=did" or "key=did=name", in two cohorts
// parted by "|".
func learners(rows string) string {
	s := &Site{}
	for i, part := range strings.Split(rows, "|") {
		c := &Cohort{Slug: string(rune('a' + i))}
		for _, row := range strings.Fields(part) {
			v := append(strings.Split(row, "="), "", "")
			c.Awards = append(c.Awards, &Award{Key: AwardKey{c.Slug, "x", v[0]}, Recipient: Recipient{Key: v[0], ID: v[1], Name: v[2]}})
		}
		s.Cohorts = append(s.Cohorts, c)
	}
	var out []string
	for _, l := range s.Learners() {
		text := strings.Join(l.Keys, ",") + "=" + strings.Join(l.IDs, ",")
		if l.Conflicting() {
			text += "!"
		}
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

func TestLearners(t *testing.T) {
	for _, c := range []struct{ name, rows, want string }{
		{"same-key", "a b | a", "a= b="},
		{"spelling", "Ana@Example.org | ana@example.org", "ana@example.org="},
		{"same-did", "a=d | b=d", "a,b=d"},
		{"never-by-name", "a==Ana | b==Ana", "a= b="},
		{"names-differ", "a==Ana | a==Anna", "a="},
		{"late-bridge", "a b=d c | a=d", "a,b=d c="},
		{"chain", "a=d c=e b=d | b=e c", "a,c,b=d,e!"},
		{"conflict", "a=d | a=e", "a=d,e!"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := learners(c.rows); got != c.want {
				t.Errorf("%s: got %s, want %s", c.rows, got, c.want)
			}
		})
	}
}

func TestLearnerRecipient(t *testing.T) {
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l := &Learner{Awards: []*Award{
		{AwardedDate: day, Recipient: Recipient{Name: "Old", ID: "did:x", Email: "a@example.org", HashedEmail: HashedEmail{"sha256$00", "old"}}},
		{AwardedDate: day.AddDate(1, 0, 0), Recipient: Recipient{Name: "New", StudentID: "7"}},
	}}
	if r := l.Recipient(); r != (Recipient{Name: "New", ID: "did:x", Email: "a@example.org", HashedEmail: HashedEmail{"sha256$00", "old"}, StudentID: "7"}) {
		t.Errorf("%+v", r)
	}
}

func TestProgramComplete(t *testing.T) {
	x, y, z := &Achievement{Slug: "x"}, &Achievement{Slug: "y"}, &Achievement{Slug: "z"}
	all := []*Achievement{x, y, z}
	for _, c := range []struct {
		name string
		of   Completion
		held map[*Achievement]float64
		want bool
	}{
		{"all", Completion{}, map[*Achievement]float64{x: 0, y: 0, z: 0}, true},
		{"not-all", Completion{}, map[*Achievement]float64{x: 0, y: 0}, false},
		{"some", Completion{SomeOf: 1, From: all[1:]}, map[*Achievement]float64{z: 0}, true},
		{"some-other", Completion{SomeOf: 1, From: all[1:]}, map[*Achievement]float64{x: 0}, false},
		{"credits", Completion{Credits: 5}, map[*Achievement]float64{x: 2.5, z: 2.5}, true},
		{"few-credits", Completion{Credits: 5}, map[*Achievement]float64{x: 2.5, y: 2}, false},
		{"of-another-program", Completion{Credits: 5}, map[*Achievement]float64{{Slug: "w"}: 9}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &Program{Slug: "p", Achievements: all, Completion: c.of}
			if got := p.Complete(c.held); got != c.want {
				t.Errorf("complete: %v", got)
			}
		})
	}
	site := &Site{Programs: []*Program{{Slug: "p"}}}
	if site.Program("p") != site.Programs[0] || site.Program("q") != nil || !slices.Equal(site.Program(Everything).Achievements, site.Achievements) {
		t.Error("programs are not found")
	}
}
