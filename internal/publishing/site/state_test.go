package site_test

import (
	"os"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"laurel/internal/authoring/model"
	"laurel/internal/publishing/site"
)

// TestStates: how an award stands follows from its time, its status and the clock. The
// script of its page is held to the same table.
func TestStates(t *testing.T) {
	data, err := os.ReadFile("testdata/states.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		From, Until, Now time.Time
		Status           string
		State            site.State
	}
	if err := json.Unmarshal(data, &cases, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 20 {
		t.Fatalf("%d cases", len(cases))
	}
	for _, c := range cases {
		if got := site.StateAt(c.From, c.Until, c.Status, c.Now); got != c.State {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// TestLate: what time has taken back is counted, and what it will take back soon.
func TestLate(t *testing.T) {
	s := newShop(t)
	s.award("spring", "knots", "ana", model.Link)
	s.award("spring", "knots", "ben", model.Public).ValidUntil = s.now.AddDate(0, 2, 0)
	s.sign(t)
	p := s.plan(t)
	for days, want := range map[int][2]int{0: {0, 1}, 100: {1, 0}} {
		if expired, expiring := p.Late(s.now.AddDate(0, 0, days)); [2]int{expired, expiring} != want {
			t.Errorf("after %d days %d have expired and %d end soon, want %v", days, expired, expiring, want)
		}
	}
}
