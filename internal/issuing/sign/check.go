package sign

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/plan"
	"laurel/internal/material/pool"
	"laurel/internal/standards/conform"
	"laurel/internal/standards/jsonld"
)

// DocumentError says why a document is not signed.
type DocumentError struct {
	Source   model.Source // where the award is written; empty for a status list
	What     string
	Findings []conform.Finding
	Err      error // a failure beside the findings
}

func (e *DocumentError) Error() string {
	var b strings.Builder
	if e.Source.File != "" {
		fmt.Fprintf(&b, "%v: ", e.Source)
	}
	fmt.Fprintf(&b, "%s is not signed", e.What)
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	for _, f := range e.Findings {
		fmt.Fprintf(&b, "\n  %s: %s", f.Pointer, f.Detail)
		if f.Verifier != "" {
			fmt.Fprintf(&b, " (refused by %s)", f.Verifier)
		}
	}
	return b.String()
}

func (e *DocumentError) Unwrap() error { return e.Err }

// DocumentErrors are all documents of a plan that cannot be signed, in plan
// order. Nothing was signed.
type DocumentErrors []*DocumentError

func (e DocumentErrors) Error() string { return errors.Join(e.Unwrap()...).Error() }

func (e DocumentErrors) Unwrap() []error {
	errs := make([]error, len(e))
	for i, one := range e {
		errs[i] = one
	}
	return errs
}

// check examines every award of the plan, in all its variants, before the first
// is signed.
func (r *run) check(ctx context.Context) error {
	bad, err := r.checkEndorsements()
	if err != nil {
		return err
	}
	found := make([]*DocumentError, len(r.plan.Issue))
	err = pool.Each(ctx, len(found), r.o.Workers, func(i int) error {
		found[i] = r.examineForms(r.plan.Issue[i])
		return nil
	}, nil)
	if err != nil {
		return err
	}
	for _, e := range found {
		if e != nil {
			bad = append(bad, e)
		}
	}
	if len(bad) > 0 {
		return bad
	}
	for _, s := range r.plan.Seal {
		// The line that holds its documents is longer than they are.
		size := int(s.Record.Pos.Length)
		if len(s.Record.Evidence) > 0 {
			size += base64.RawURLEncoding.EncodedLen(model.MaxEvidence)
		}
		if err := sealFits(s.Record.Award, []int{size}, len(s.Capsules)); err != nil {
			return fmt.Errorf("%s: award is not sealed: %w; nothing was signed", s.Award.Source.String(), err)
		}
	}
	return nil
}

// examineForms returns the first fault of an award. The full credential comes
// first, so what they share is told of that.
func (r *run) examineForms(issue *plan.Issue) *DocumentError {
	credentials, err := r.credentials(issue, r.expected)
	if err != nil {
		return err
	}
	for _, c := range credentials {
		if e := r.examine(c.document); e != nil {
			e.Source, e.What = issue.Award.Source, c.what
			return e
		}
		for _, f := range r.formsOf(issue, c) {
			if e := r.examinePayload(f.Format, c.document); e != nil {
				e.Source, e.What = issue.Award.Source, c.what+" as "+f.Format
				return e
			}
		}
	}
	if err := r.fitsLedger(issue, credentials); err != nil {
		return &DocumentError{Source: issue.Award.Source, What: credentials[0].what, Err: err}
	}
	return nil
}

// expected is what a credential that a record holds is going to be: one of this run's
// own with something as long as a proof in place of one.
func (r *run) expected(id string) (jsontext.Value, error) {
	planned, ok := r.planned[id]
	if !ok {
		if r.o.Signed == nil {
			return nil, errors.New("what it holds cannot be read")
		}
		return r.o.Signed(id)
	}
	doc, err := r.document(planned.issue, planned.variant, nil)
	if err != nil {
		return nil, err
	}
	return append(doc[:len(doc)-1], `,"proof":[`+r.noProof+`]}`...), nil
}

// planned is a credential of this run.
type planned struct {
	issue   *plan.Issue
	variant *plan.Variant // nil: the full one
}

// plannedMembers are the credentials of a plan with records, by id.
func plannedMembers(p *plan.Plan) map[string]planned {
	awards, records := p.Parts()
	if len(records) == 0 {
		return nil
	}
	of := map[string]planned{}
	for _, i := range awards {
		of[i.CredentialID] = planned{i, nil}
		for _, v := range i.Variants {
			of[v.CredentialID] = planned{i, v}
		}
	}
	return of
}

// examinePayload returns nil for a document whose payload in a form may be signed:
// the schemas and what known verifiers insist on hold for it as well. Safe mode does
// not, as the registered claims of a JWT are in no context.
func (r *run) examinePayload(format string, document []byte) *DocumentError {
	make := securings[format].payload
	if make == nil {
		return nil
	}
	payload, err := make(document)
	if err != nil {
		return &DocumentError{Err: err}
	}
	if bytes.Equal(payload, document) {
		return nil // it was examined
	}
	parsed, err := jsonld.ParseObject(payload)
	if err != nil {
		return &DocumentError{Err: err}
	}
	return r.findings(parsed)
}

// examine returns nil for a document that may be signed.
func (r *run) examine(doc []byte) *DocumentError {
	parsed, err := jsonld.ParseObject(doc)
	if err != nil {
		return &DocumentError{Err: err}
	}
	if e := r.findings(parsed); e != nil {
		return e
	}
	if err := r.o.Processor.CheckTerms(parsed); err != nil {
		return &DocumentError{Err: err}
	}
	return nil
}

// findings are what schemas and lint find wrong with a document; nil: nothing.
func (r *run) findings(parsed map[string]any) *DocumentError {
	var bad []conform.Finding
	for _, f := range append(r.o.Checker.Schemas(parsed), r.o.Checker.Lint(parsed)...) {
		if f.Severity == conform.Error {
			bad = append(bad, f)
		}
	}
	if len(bad) > 0 {
		return &DocumentError{Findings: bad}
	}
	return nil
}
