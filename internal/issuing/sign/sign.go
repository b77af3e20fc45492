// Package sign secures what a plan holds, seals what is handed out by link,
// checks what came out, and hands on ledger events. It is the only stage that
// uses a private key.
//
// A run begins only when every document of the plan, those of variants too,
// passes JSON-LD safe mode, both generations of the 1EdTech schemas and the lint
// of what known verifiers insist on: one bad row, and nothing is signed. An
// event is handed on only when its signature has been checked against the
// public key, or its capsule was opened again, and a random sample of each run
// goes through the full verifier.
package sign

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/material/pool"
	"laurel/internal/standards/conform"
	"laurel/internal/standards/did"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/tlog"
	"laurel/internal/standards/verify"
)

// groupSize and recordGroup are how many awards, or records, one append to the
// ledger holds: enough that fsync costs nothing beside signing, few enough that a
// kill loses little. A record is as long as all it holds.
const (
	groupSize   = 200
	recordGroup = 20
)

// Options are what a run needs beside the plan.
type Options struct {
	// Keys are the private halves of the keys of plan.NeededForms, by kid.
	Keys      map[string]crypto.Signer
	Processor *proof.Processor
	Checker   *conform.Checker
	// Lists are the status lists as they were signed last, for the sample.
	Lists [][]byte
	// Documents returns the signed documents of a record, for those of the
	// plan's Seal. It is called by all workers at once.
	Documents func(*ledger.Record) ([]ledger.Document, error)
	// Signed returns the main form of a credential that was signed, a variant's too,
	// by its id: of what records hold. Those that this run emitted are among them. It
	// is called by all workers at once.
	Signed func(credential string) (jsontext.Value, error)
	// Evidence returns the bytes of a file of evidence by its hex SHA-256, for what is
	// sealed with its award. It is called by all workers at once.
	Evidence func(sha256 string) ([]byte, error)
	// NextHead is the log's tree when all events that were emitted are logged at
	// a time, as ledger.Ledger's; nil: no head is signed, as the events are
	// kept in no ledger.
	NextHead func(context.Context, time.Time) (*tlog.Edge, error)
	// Workers sign at the same time; 0 means one a processor.
	Workers int
	// Seed chooses the sample.
	Seed uint64
	// Progress is called after each group with the awards signed or sealed so
	// far; it may be nil.
	Progress func(done int)
}

// Run secures the plan and calls emit with groups of events, in plan order: the
// keys' first, with the first awards, and the log's head last. When emit returns,
// the group must be durable. An error stops the run; what was emitted before stays valid, and a
// new plan goes on from there.
func Run(ctx context.Context, p *plan.Plan, o Options, emit func([]ledger.Event) error) error {
	r, err := newRun(p, o)
	if err != nil {
		return err
	}
	if err := r.check(ctx); err != nil {
		return err
	}
	// The lists are signed first, so that the sample can be judged in full,
	// and handed on last, since they hold the revocations of this run.
	lists, err := r.lists()
	if err != nil {
		return err
	}
	endorsements, err := r.endorsements()
	if err != nil {
		return err
	}
	keys, done := append(r.keyEvents(), endorsements...), 0
	for _, jobs := range r.jobs() {
		events, err := r.group(ctx, jobs)
		if err != nil {
			return err
		}
		if err := emit(append(keys, events...)); err != nil {
			return err
		}
		keys, done = nil, done+len(jobs)
		if o.Progress != nil {
			o.Progress(done)
		}
	}
	if last := append(keys, lists...); len(last) > 0 {
		if err := emit(last); err != nil {
			return err
		}
	}
	if !p.Head || o.NextHead == nil {
		return nil
	}
	head, err := r.head(ctx)
	if err != nil {
		return err
	}
	return emit([]ledger.Event{head})
}

// head signs the log's head, and checks that it opens with the public key.
func (r *run) head(ctx context.Context) (ledger.Event, error) {
	edge, err := r.o.NextHead(ctx, r.plan.Now)
	if err != nil {
		return ledger.Event{}, err
	}
	head := edge.Head()
	checkpoint, err := tlog.SignCheckpoint(tlog.Origin(r.plan.Site.BaseURL), head, r.signers[model.MainForm].key)
	if err != nil {
		return ledger.Event{}, err
	}
	return ledger.Event{Head: &ledger.HeadEvent{Size: head.Size, Root: head.Root[:], Edge: edge.Bytes(), Checkpoint: checkpoint}}, nil
}

// run is the state of one Run.
type run struct {
	plan     *plan.Plan
	o        Options
	signers  map[string]signer // of the issuer, by form
	profiles map[string]signer // of endorsers, by slug
	sample   []bool            // by place in plan.Issue
	verifier *verify.Verifier
	docs     *verify.Documents
	planned  map[string]planned // by id, where there are records
	noProof  string             // of the form of a proof
}

func newRun(p *plan.Plan, o Options) (*run, error) {
	r := &run{plan: p, o: o, docs: &verify.Documents{}}
	if !p.NeedsKey() {
		return r, nil
	}
	r.signers = map[string]signer{}
	for _, f := range p.NeededForms() {
		var err error
		if r.signers[f.Format], err = newSigner(f, o.Keys, p.DID, p.Published, p.Now); err != nil {
			return nil, err
		}
	}
	if err := r.endorsers(); err != nil {
		return nil, err
	}
	document, err := did.WebDocument(p.DID, p.Published).Encode()
	if err != nil {
		return nil, fmt.Errorf("encode the issuer's DID document: %w", err)
	}
	for _, d := range append(o.Lists, document) {
		if err := r.docs.Add("", d); err != nil {
			return nil, fmt.Errorf("prepare the sample's documents: %w", err)
		}
	}
	r.verifier = verify.New(o.Processor, o.Checker, verify.Options{Now: p.Now, Load: r.docs.Load})
	r.planned = plannedMembers(p)
	r.noProof = fmt.Sprintf(`{"type":"DataIntegrityProof","created":%q,"verificationMethod":%q,"cryptosuite":%q,"proofPurpose":"assertionMethod","proofValue":"z%s"}`,
		p.Now.Format(time.RFC3339), r.signers[model.MainForm].method, model.MainForm, strings.Repeat("1", 87))
	r.sample = chooseSample(p.Issue, rand.New(rand.NewPCG(o.Seed, 0)))
	return r, nil
}

// chooseSample marks at random at least three awards of every achievement, and three
// records of every program (or all, where there are fewer), and at least one in a
// hundred.
func chooseSample(issues []*plan.Issue, random *rand.Rand) []bool {
	chosen := make([]bool, len(issues))
	of := make(map[string]int)
	total, want := 0, (len(issues)+99)/100
	rest := make([]int, 0, len(issues))
	for _, i := range random.Perm(len(issues)) {
		var slug string
		if a := issues[i].Award; a.Program != nil {
			slug = model.Records + "/" + a.Program.Slug
		} else {
			slug = a.Achievement.Slug
		}
		if of[slug] < 3 {
			of[slug]++
			total++
			chosen[i] = true
			continue
		}
		rest = append(rest, i)
	}
	for _, i := range rest[:max(0, min(len(rest), want-total))] {
		chosen[i] = true
	}
	return chosen
}

// keyEvents are those that come first: of keys, of what two copies issued, and of
// records that nothing takes the place of.
func (r *run) keyEvents() []ledger.Event {
	events := make([]ledger.Event, len(r.plan.KeyEvents))
	for i := range r.plan.KeyEvents {
		events[i].Key = &r.plan.KeyEvents[i]
	}
	for _, e := range slices.Concat(r.plan.Twice, r.plan.Void) {
		events = append(events, ledger.Event{Status: e})
	}
	return events
}

// lists secures the planned status lists.
func (r *run) lists() ([]ledger.Event, error) {
	var events []ledger.Event
	for _, l := range r.plan.Lists {
		what := fmt.Sprintf("status list %d", l.List)
		c, err := r.plan.StatusList(l)
		if err != nil {
			return nil, err
		}
		doc, err := c.Encode()
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", what, err)
		}
		if e := r.examine(doc); e != nil {
			e.What = what
			return nil, e
		}
		secured, err := r.secureAs(l.Profile, doc)
		if err != nil {
			return nil, &DocumentError{What: what, Err: err}
		}
		if err := r.docs.Add(c.ID, secured); err != nil {
			return nil, fmt.Errorf("read %s: %w", what, err)
		}
		if err := r.judge(secured, what); err != nil {
			return nil, err
		}
		token := ""
		if l.Token {
			if token, err = r.statusToken(l); err != nil {
				return nil, &DocumentError{What: what + " as a token", Err: err}
			}
		}
		events = append(events, ledger.Event{List: &ledger.ListEvent{List: l.List, Profile: l.Profile, Set: len(l.Set), Pairs: true, Frozen: l.Frozen, ValidUntil: l.ValidUntil, Token: token, Document: secured}})
	}
	return events, nil
}

// jobs are what makes the events of one award each, in groups: first of those to be
// signed, then of those that are signed and only to be sealed, and at last of
// records, once what they hold is in the ledger.
func (r *run) jobs() [][]func() ([]ledger.Event, error) {
	var awards, records []func() ([]ledger.Event, error)
	of, _ := r.plan.Parts()
	for i := range r.plan.Issue {
		job := func() ([]ledger.Event, error) { return r.award(i) }
		if i < len(of) {
			awards = append(awards, job)
		} else {
			records = append(records, job)
		}
	}
	for _, s := range r.plan.Seal {
		awards = append(awards, func() ([]ledger.Event, error) { return r.sealAgain(s) })
	}
	return slices.AppendSeq(slices.Collect(slices.Chunk(awards, groupSize)), slices.Chunk(records, recordGroup))
}

// group does some jobs and returns their events, or the first error, in plan
// order.
func (r *run) group(ctx context.Context, jobs []func() ([]ledger.Event, error)) ([]ledger.Event, error) {
	made := make([][]ledger.Event, len(jobs))
	err := pool.Each(ctx, len(jobs), r.o.Workers, func(i int) (err error) {
		made[i], err = jobs[i]()
		return err
	}, nil)
	return slices.Concat(made...), err
}

// secure signs a document in a form.
func (r *run) secure(format string, document []byte) (jsontext.Value, error) {
	return securings[format].secure(r.o.Processor, r.signers[format], document)
}

// award secures one award with its variants in all its forms, and, when it is in
// the sample, verifies it in full. The events are a revocation where it replaces another,
// the issue, and the capsules right after it.
func (r *run) award(i int) ([]ledger.Event, error) {
	issue := r.plan.Issue[i]
	credentials, bad := r.credentials(issue, r.o.Signed)
	if bad != nil {
		return nil, bad
	}
	var documents []ledger.Document
	for _, c := range credentials {
		for _, f := range r.formsOf(issue, c) {
			form, _ := model.FormOf(f.Format)
			secured, err := r.secure(form.Name, c.document)
			if err != nil {
				return nil, &DocumentError{Source: issue.Award.Source, What: c.what + as(form), Err: err}
			}
			if r.sample[i] {
				if err := r.judgeForm(secured, form, c.what+" at "+issue.Award.Source.String()+as(form)); err != nil {
					return nil, err
				}
			}
			documents = append(documents, ledger.Document{Format: form.Name, MediaType: form.MediaType, Variant: c.variant, Document: secured})
		}
	}
	var evidence []ledger.EvidenceFile
	definition := ""
	if issue.Holds == nil {
		c := r.plan.Document(issue)
		evidence, definition = plan.EvidenceOf(c), c.CredentialSubject.Achievement.Definition()
	}
	events := issueEvents(issue, documents, evidence, definition)
	if own := issue.Award.OwnCertificate(); !own.IsZero() {
		said, err := json.Marshal(own, json.Deterministic(true))
		if err != nil {
			return nil, &DocumentError{Source: issue.Award.Source, What: "certificate of the award", Err: err}
		}
		events[len(events)-1].Issue.Certificate = string(said)
	}
	var behind []ledger.Event // only once its dates are in the ledger
	if issue.Revoke != nil && issue.Renewal != "" {
		behind = append(behind, ledger.Event{Status: issue.Revoke})
	}
	if issue.Capsules == nil {
		return append(events, behind...), nil
	}
	files, err := r.files(evidence)
	if err != nil {
		return nil, &DocumentError{Source: issue.Award.Source, What: "evidence of the award", Err: err}
	}
	c, err := sealed(issue.Award.Key.String(), issue.CredentialID, issue.Capsules, documents, files)
	if err != nil {
		return nil, &DocumentError{Source: issue.Award.Source, What: "award", Err: err}
	}
	return append(append(events, ledger.Event{Capsule: c}), behind...), nil
}

// formsOf are the forms that one credential of an award is signed in.
func (r *run) formsOf(issue *plan.Issue, c credential) []plan.Form {
	return slices.DeleteFunc(r.plan.FormsOf(issue.Award), func(f plan.Form) bool {
		form, _ := model.FormOf(f.Format)
		return form.Whole && c.variant != ""
	})
}

// as says which form it is that something is said of, where it is not the main one.
func as(f model.Form) string {
	if f.Name == model.MainForm {
		return ""
	}
	return " as " + f.Name
}

// credential is one of a planned award before it is secured.
type credential struct {
	variant  string // as in ledger.Document
	what     string // how messages name it
	document []byte
}

// credentials are the full one and its variants. What a record holds is read with
// signed.
func (r *run) credentials(issue *plan.Issue, signed func(string) (jsontext.Value, error)) ([]credential, *DocumentError) {
	list := make([]credential, 0, 1+len(issue.Variants))
	add := func(v *plan.Variant, variant, what string) *DocumentError {
		doc, err := r.document(issue, v, signed)
		if err != nil {
			return &DocumentError{Source: issue.Award.Source, What: what, Err: fmt.Errorf("encode it: %w", err)}
		}
		list = append(list, credential{variant, what, doc})
		return nil
	}
	what := "award"
	if issue.Holds != nil {
		what = "record"
	}
	if e := add(nil, "", what); e != nil {
		return nil, e
	}
	for _, v := range issue.Variants {
		if e := add(v, string(v.Name), "the variant "+string(v.Name)+" of the "+what); e != nil {
			return nil, e
		}
	}
	return list, nil
}

// document is one unsecured credential of a planned award; nil is the full one.
func (r *run) document(issue *plan.Issue, v *plan.Variant, signed func(string) (jsontext.Value, error)) ([]byte, error) {
	switch {
	case issue.Holds == nil && v == nil:
		return r.plan.Document(issue).Encode()
	case issue.Holds == nil:
		return r.plan.VariantDocument(issue, v).Encode()
	case signed == nil:
		return nil, errors.New("what it holds cannot be read")
	}
	var members []jsontext.Value
	for _, id := range issue.Embedded(v) {
		m, err := signed(id)
		if err != nil {
			return nil, err
		}
		members = append(members, m)
	}
	return r.plan.RecordDocument(issue, v, members).Encode()
}

func issueEvents(i *plan.Issue, documents []ledger.Document, evidence []ledger.EvidenceFile, definition string) []ledger.Event {
	var events []ledger.Event
	if i.Revoke != nil && i.Renewal == "" {
		events = append(events, ledger.Event{Status: i.Revoke})
	}
	issue := &ledger.IssueEvent{
		Award:      i.Award.Key.String(),
		Credential: i.CredentialID,
		List:       i.List,
		Index:      i.Index,
		Visibility: string(i.Award.Visibility),
		Content:    i.Content,
		Replaces:   i.Replaces,
		ValidUntil: i.Award.ValidUntil,
		Renewal:    i.Renewal, AwardedDate: i.Awarded,
		Definition: definition,
		Evidence:   evidence,
		Documents:  documents,
	}
	for _, v := range i.Variants {
		issue.Variants = append(issue.Variants, ledger.VariantIssue{Name: string(v.Name), Credential: v.CredentialID, List: v.List, Index: v.Index})
	}
	return append(events, ledger.Event{Issue: issue})
}

// judgeForm judges what was secured by what is shown of it.
func (r *run) judgeForm(secured jsontext.Value, form model.Form, what string) error {
	judged := securings[form.Name].judged
	if judged == nil {
		return r.judge(secured, what)
	}
	documents, err := judged(r.o.Processor, secured)
	if err != nil {
		return fmt.Errorf("%s was signed, but nothing can be shown of it: %w; nothing of this group was recorded", what, err)
	}
	for _, d := range documents {
		if err := r.judge(d, what); err != nil {
			return err
		}
	}
	return nil
}

// judge runs the full verifier on a document that was just signed.
func (r *run) judge(document jsontext.Value, what string) error {
	secured, err := ledger.Bytes(document)
	if err != nil {
		return fmt.Errorf("read what was signed of %s: %w", what, err)
	}
	report := r.verifier.Credential(context.Background(), secured)
	if report.Verdict == verify.Valid {
		return nil
	}
	for _, c := range report.Checks {
		if c.Outcome == verify.Fail || c.Outcome == verify.Unknown {
			return fmt.Errorf("%s was signed, but laurel's own verifier finds it %s: %s: %s; nothing of this group was recorded", what, report.Verdict, c.Name, c)
		}
	}
	return fmt.Errorf("%s was signed, but laurel's own verifier finds it %s; nothing of this group was recorded", what, report.Verdict)
}
