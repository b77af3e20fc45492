package sign_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/sign"
	"laurel/internal/standards/did"
	"laurel/internal/standards/vc"
	"laurel/internal/standards/verify"
)

// college is the academy with a program of both achievements.
func college(learners int) *model.Site {
	s := academy(learners, learners)
	s.Programs = []*model.Program{{Slug: "rope", Name: "All about rope", Description: "Both.", Achievements: s.Achievements, Visibility: model.Link,
		Associations: []model.Association{{Type: "precedes", Source: s.Achievements[0], Target: s.Achievements[1]}},
		Variants:     []model.RecordVariant{{Name: model.NoName, NoName: true}, {Name: "knots-only", Achievements: s.Achievements[:1]}},
		Source:       model.Source{File: "content/programs/rope.yaml", Line: 1, Column: 1}}}
	for _, a := range s.Cohorts[0].Awards {
		a.Variants = []model.Variant{model.NoName}
	}
	return s
}

// TestRecords: records come after all they hold, embed it byte for byte, and every
// form of them is valid in the eyes of the full verifier.
func TestRecords(t *testing.T) {
	d := newDesk(t)
	s := college(3)
	p := d.plan(t, s)
	groups := d.sign(t, p)
	if got := fmt.Sprint(types(groups[0]), types(groups[1]), types(groups[2])); got != "kiiiiiiicicicl" {
		t.Fatalf("groups are %s", got)
	}
	rec := d.State().Record("records/rope/l0001")
	docs, err := d.Documents(rec)
	if err != nil {
		t.Fatal(err)
	}
	full, err := vc.ParseClr(docs[0].Document)
	if err != nil {
		t.Fatal(err)
	}
	for i, slug := range []string{"knots", "splices"} {
		want, err := d.MainDocument(d.State().Record("spring/" + slug + "/l0001"))
		if err != nil || !bytes.Equal(full.CredentialSubject.VerifiableCredential[i], want) {
			t.Errorf("%s is not embedded as it was signed: %v", slug, err)
		}
	}
	made, _ := tools()
	known := &verify.Documents{}
	for _, l := range d.options(t).Lists {
		if err := known.Add("", l); err != nil {
			t.Fatal(err)
		}
	}
	document, err := did.WebDocument(p.DID, p.Published).Encode()
	if err != nil {
		t.Fatal(err)
	}
	if err := known.Add("", document); err != nil {
		t.Fatal(err)
	}
	v := verify.New(made.processor, made.checker, verify.Options{Now: d.now, Load: known.Load})
	if len(docs) != 3 || docs[1].Variant != "no-name" || docs[2].Variant != "knots-only" {
		t.Fatalf("%d documents", len(docs))
	}
	for _, doc := range docs {
		r := v.Credential(t.Context(), doc.Document)
		if r.Verdict != verify.Valid {
			t.Errorf("%s: %s, %+v", doc.Variant, r.Verdict, r.Checks)
		}
	}
	if bytes.Contains(docs[1].Document, []byte("Learner l0001")) {
		t.Error("the form without a name has it")
	}
	// A member that is revoked afterwards is told of, and takes the record along.
	if err := d.Append(d.now, []ledger.Event{{Status: &ledger.StatusEvent{Award: "spring/knots/l0001", Credential: d.State().Record("spring/knots/l0001").Credential,
		Action: ledger.ActionRevoke, Date: d.now}}}); err != nil {
		t.Fatal(err)
	}
	if got := types(d.sign(t, d.plan(t, s))[0]); got != "sl" {
		t.Errorf("events are %s", got)
	}
	if rec.Status != ledger.Revoked {
		t.Error("the record is still valid")
	}
}

// TestBadRecord: one that cannot be signed keeps all that it would hold from it.
func TestBadRecord(t *testing.T) {
	d := newDesk(t)
	s := college(2)
	s.Programs[0].Associations[0].Type = "isBetterThan"
	err := refuse(t, d.plan(t, s), d.options(t))
	var bad sign.DocumentErrors
	if !errors.As(err, &bad) || len(bad) != 2 || bad[0].What != "record" || bad[0].Source.File != "content/programs/rope.yaml" ||
		!strings.Contains(err.Error(), "/credentialSubject/association/0/associationType") {
		t.Errorf("error: %v", err)
	}
	s = college(1)
	s.Programs[0].Description = strings.Repeat("x", 1<<20)
	if err := refuse(t, d.plan(t, s), d.options(t)); !errors.As(err, &bad) {
		t.Errorf("error: %v", err)
	}
	// What cannot be read again is an error, not an empty record.
	s = college(1)
	s.Programs = nil
	d.sign(t, d.plan(t, s))
	o := d.options(t)
	o.Signed = func(string) (jsontext.Value, error) { return nil, errors.New("torn") }
	if err := refuse(t, d.plan(t, college(1)), o); !strings.Contains(err.Error(), "torn") {
		t.Errorf("error: %v", err)
	}
}
