package deliver_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/publishing/deliver"
	"laurel/internal/standards/vc"
)

// human is somebody, of whom rows say this or that.
type human struct{ name, did, email, number string }

// school is a site whose ledger holds what it awarded. No proof is needed: only
// whom credentials are about matters here.
type school struct {
	*ledger.Writer
	site   *model.Site
	of     map[string]human // by award key
	events []ledger.Event
	signed map[string]string // documents by credential
}

func newSchool(t *testing.T) *school {
	t.Helper()
	w, err := ledger.OpenWriter(t.TempDir(), ledger.Options{})
	check(t, err)
	t.Cleanup(func() { w.Close() })
	return &school{w, &model.Site{BaseURL: academy, Achievements: []*model.Achievement{
		{Slug: "welding", Name: "Welding"}, {Slug: "welding-2", Name: "Welding 2"}}}, map[string]human{}, nil, map[string]string{}}
}

func (s *school) cohort(slug string) *model.Cohort {
	c := &model.Cohort{Slug: slug}
	s.site.Cohorts = append(s.site.Cohorts, c)
	return c
}

// award gives somebody an award by a row, and signs it.
func (s *school) award(c *model.Cohort, achievement int, who human, row model.Recipient) *model.Award {
	a := &model.Award{Key: model.AwardKey{Cohort: c.Slug, Achievement: s.site.Achievements[achievement].Slug, Recipient: row.StableKey()}, Cohort: c,
		Achievement: s.site.Achievements[achievement], Visibility: model.Link, Recipient: row,
		Source: model.Source{File: "content/awards/" + c.Slug + ".yaml", Line: len(c.Awards) + 4}}
	if _, twice := s.of[a.Key.String()]; twice {
		return nil
	}
	c.Awards = append(c.Awards, a)
	s.of[a.Key.String()] = who
	n := len(s.of)
	credential := fmt.Sprintf("urn:uuid:00000000-0000-4000-8000-%012d", n)
	s.signed[credential] = document(credential, row)
	s.events = append(s.events, ledger.Event{Issue: &ledger.IssueEvent{Award: a.Key.String(), Credential: credential, List: 1, Index: n, Visibility: "link",
		Content: strings.Repeat("0", 64), Documents: []ledger.Document{{Format: "eddsa-rdfc-2022", MediaType: "application/vc",
			Document: []byte(s.signed[credential])}}}})
	return a
}

// document is a credential as far as it says whom it is about.
func document(credential string, r model.Recipient) string {
	subject := r.ID
	if subject == "" {
		subject = "urn:uuid:00000000-0000-4000-8000-999999999999"
	}
	var ids []string
	if r.Name != "" {
		ids = append(ids, fmt.Sprintf(`{"identityType":"name","identityHash":%q}`, r.Name))
	}
	if r.Email != "" {
		ids = append(ids, fmt.Sprintf(`{"identityType":"emailAddress","hashed":true,"salt":"s","identityHash":%q}`, vc.HashIdentity(r.Email, "s")))
	}
	return fmt.Sprintf(`{"id":%q,"credentialSubject":{"id":%q,"identifier":[%s]}}`, credential, subject, strings.Join(ids, ","))
}

// plan signs what is awarded and plans its delivery.
func (s *school) plan(t *testing.T, revokedKey func(*ledger.Record) (string, error)) *deliver.Delivery {
	t.Helper()
	check(t, s.Append(time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC), s.events))
	s.events = nil
	if revokedKey == nil {
		revokedKey = func(*ledger.Record) (string, error) { return "", nil }
	}
	p, err := deliver.Make(s.site, s.State(), deliver.Published{
		Page:      func(*ledger.Record) string { return "" },
		Capsules:  func(*ledger.Record) ([]ledger.Capsule, error) { return nil, nil },
		Documents: s.Documents, RevokedKey: revokedKey,
	}, deliver.Selection{})
	check(t, err)
	return p
}

// TestEverybodyApart awards at random, to people some of whom share a mailbox, a
// name or a number, by rows that say more or less of them: no folder ever holds
// what is two people's, and no two awards share a folder.
func TestEverybodyApart(t *testing.T) {
	together := 0
	for seed := range uint64(60) {
		random := rand.New(rand.NewPCG(seed, 1))
		s := newSchool(t)
		var all []human
		for i := range 12 {
			all = append(all, human{
				// Names and numbers meet, but never both: nobody could tell.
				name:   []string{"Ana Sample", "Zed Specimen", "Élise Modèle", "Kim Instance"}[i%4],
				did:    fmt.Sprintf("did:web:learner.example.org:%d", i),
				email:  fmt.Sprintf("mailbox%d@example.org", i/2),
				number: fmt.Sprint("S", i%3),
			})
		}
		for n := range 4 {
			c := s.cohort(fmt.Sprint("cohort", n))
			for i, at := range random.Perm(len(all)) {
				who := all[at]
				row := model.Recipient{Name: who.name, Key: fmt.Sprint(i + 1)}
				if random.IntN(3) == 0 {
					row.ID = who.did
				}
				if random.IntN(3) == 0 {
					row.Email = strings.ToUpper(who.email[:1]) + who.email[1:]
				} else if random.IntN(2) == 0 {
					row.Email = who.email
				}
				if random.IntN(2) == 0 {
					row.StudentID = who.number
				}
				if random.IntN(4) == 0 && row.ID+row.Email+row.StudentID != "" {
					row.Key = ""
				}
				if random.IntN(4) == 0 {
					row.Name = strings.ToUpper(row.Name)
				}
				s.award(c, random.IntN(2), who, row)
			}
		}
		p := s.plan(t, nil)
		owners, folders := map[string]human{}, map[string]bool{}
		for _, a := range p.Awards {
			who := s.of[a.Content.Key.String()]
			if first, taken := owners[a.Learner.Folder]; taken {
				together++
				if first != who {
					t.Errorf("seed %d: %s is of %v and %v", seed, a.Learner.Folder, first, who)
				}
			}
			owners[a.Learner.Folder] = who
			if folders[a.Folder] || !strings.HasPrefix(a.Folder, a.Learner.Folder+"/") {
				t.Errorf("seed %d: the folder %s of two awards, or outside", seed, a.Folder)
			}
			folders[a.Folder] = true
		}
		if len(p.Awards) != len(s.of) || len(p.Left) != 0 {
			t.Errorf("seed %d: %d of %d awards, %v left", seed, len(p.Awards), len(s.of), p.Left)
		}
	}
	if together < 200 {
		t.Errorf("only %d awards stand beside others of their learner", together)
	}
}

// TestPeople names what brings rows of two cohorts together, and what does not.
func TestPeople(t *testing.T) {
	for name, c := range map[string]struct {
		a, b model.Recipient
		same bool
	}{
		"key":                {model.Recipient{Key: "1", Name: "Ana"}, model.Recipient{Key: "1", Name: "Zed"}, false},
		"key_and_name":       {model.Recipient{Key: "1", Name: "Ana"}, model.Recipient{Key: "1", Name: "Ana"}, false},
		"did":                {model.Recipient{ID: "did:web:a.example", Name: "Ana"}, model.Recipient{ID: "did:web:a.example", Key: "7", Name: "Ana-Maria"}, true},
		"email":              {model.Recipient{Email: "Ana@example.org", Name: "Ana  Sample"}, model.Recipient{Email: "ana@example.org", Key: "7", Name: "ana sample"}, true},
		"mailbox":            {model.Recipient{Email: "home@example.org", Name: "Ana"}, model.Recipient{Email: "home@example.org", Name: "Zed"}, false},
		"email_not_did":      {model.Recipient{Email: "a@example.org", ID: "did:web:a.example", Name: "Ana"}, model.Recipient{Email: "a@example.org", ID: "did:web:b.example", Name: "Ana"}, false},
		"number":             {model.Recipient{StudentID: "S1", Name: "Zoe\u0308"}, model.Recipient{StudentID: "S1", Name: "Zo\u00eb"}, true},
		"number_other_name":  {model.Recipient{StudentID: "S1", Name: "Ana"}, model.Recipient{StudentID: "S1", Name: "Zed"}, false},
		"number_no_name":     {model.Recipient{StudentID: "S1"}, model.Recipient{StudentID: "S1"}, false},
		"number_like_key":    {model.Recipient{StudentID: "1", Name: "Ana"}, model.Recipient{Key: "1", Name: "Ana"}, false},
		"key_like_email":     {model.Recipient{Key: "a@example.org", Name: "Ana"}, model.Recipient{Email: "a@example.org", Name: "Ana"}, false},
		"number_like_letter": {model.Recipient{StudentID: "s1", Name: "Ana"}, model.Recipient{StudentID: "S1", Name: "Ana"}, false},
	} {
		s := newSchool(t)
		s.award(s.cohort("spring"), 0, human{}, c.a)
		s.award(s.cohort("autumn"), 0, human{}, c.b)
		if p := s.plan(t, nil); (len(p.Learners) == 1) != c.same {
			t.Errorf("%s: %d learners", name, len(p.Learners))
		}
	}

	// Two of one number and name, as their addresses elsewhere tell.
	s := newSchool(t)
	for i, email := range []string{"", "", "a@example.org", "b@example.org"} {
		s.award(s.cohort(fmt.Sprint("cohort", i)), 0, human{}, model.Recipient{StudentID: "S1", Name: "Ana", Email: email})
	}
	if p := s.plan(t, nil); len(p.Learners) != 4 {
		t.Errorf("namesakes of one number are %d learners", len(p.Learners))
	}
}

// TestLeft: what a revoked key signed is left out, and what was signed for
// somebody whom the row no longer names.
func TestLeft(t *testing.T) {
	row := model.Recipient{Key: "1", Name: "Ana Sample", Email: "ana@example.org"}
	for name, c := range map[string]struct {
		now  model.Recipient
		want deliver.Reason
	}{
		"same":       {row, ""},
		"spaced":     {model.Recipient{Key: "1", Name: "ANA  sample", Email: "ana@example.org"}, ""},
		"new_did":    {model.Recipient{Key: "1", Name: "Ana Sample", Email: "ana@example.org", ID: "did:web:a.example"}, ""},
		"no_address": {model.Recipient{Key: "1", Name: "Ana Sample"}, ""},
		"name":       {model.Recipient{Key: "1", Name: "Zed Specimen", Email: "ana@example.org"}, deliver.Reassigned},
		"address":    {model.Recipient{Key: "1", Name: "Ana Sample", Email: "other@example.org"}, deliver.Reassigned},
		"nothing":    {model.Recipient{Key: "1", StudentID: "S1"}, deliver.Reassigned},
	} {
		s := newSchool(t)
		a := s.award(s.cohort("spring"), 0, human{}, row)
		a.Recipient = c.now
		p := s.plan(t, nil)
		if c.want == "" && (len(p.Left) != 0 || len(p.Awards) != 1) || c.want != "" && (len(p.Awards) != 0 || p.Left[0].Why != c.want) {
			t.Errorf("%s: %d awards, left %v", name, len(p.Awards), p.Left)
		}
	}

	s := newSchool(t)
	c := s.cohort("spring")
	bad := s.award(c, 0, human{}, row)
	s.award(c, 1, human{}, row)
	p := s.plan(t, func(r *ledger.Record) (string, error) {
		if r.Award == bad.Key.String() {
			return "key-1", nil
		}
		return "", nil
	})
	if len(p.Awards) != 1 || len(p.Left) != 1 || p.Left[0].Content != bad || p.Left[0].Why != deliver.KeyRevoked {
		t.Errorf("%d awards, left %v", len(p.Awards), p.Left)
	}
}

// TestAwardFolders: a second award for the same achievement keeps its folder
// when the first is revoked, and takes no other achievement's.
func TestAwardFolders(t *testing.T) {
	s := newSchool(t)
	row := model.Recipient{ID: "did:web:a.example", Name: "Ana"}
	first := s.award(s.cohort("b"), 0, human{}, row)
	s.plan(t, nil)
	s.award(s.cohort("a"), 0, human{}, row)
	s.award(s.cohort("c"), 1, human{}, row)
	folders := func() string {
		var names []string
		for _, a := range s.plan(t, nil).Awards {
			names = append(names, a.Content.Cohort.Slug+":"+strings.TrimPrefix(a.Folder, a.Learner.Folder+"/"))
		}
		return strings.Join(names, " ")
	}
	if got := folders(); got != "b:welding a:welding-2-again c:welding-2" {
		t.Error(got)
	}
	s.events = []ledger.Event{{Status: &ledger.StatusEvent{Award: first.Key.String(), Credential: s.State().Record(first.Key.String()).Credential, Action: ledger.ActionRevoke, Reason: "mistake",
		Date: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)}}}
	if got := folders(); got != "a:welding-2-again c:welding-2" {
		t.Error(got)
	}
}
