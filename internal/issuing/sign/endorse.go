package sign

import (
	"crypto/ed25519"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/standards/did"
)

// endorsers takes the keys of the profiles that sign, and makes their DID documents
// known to the verifier.
func (r *run) endorsers() error {
	r.profiles = map[string]signer{}
	for _, e := range r.plan.NeededEndorsers() {
		if e.Key.Kid == "" {
			return &plan.KeyError{Text: "there is no key to sign with for " + e.Slug, Profile: e.Slug}
		}
		var err error
		if r.profiles[e.Slug], err = newSigner(plan.Form{Format: model.MainForm, Key: e.Key}, r.o.Keys, e.DID, e.Published, r.plan.Now); err != nil {
			return err
		}
	}
	for _, e := range r.plan.Endorsers {
		document, err := did.WebDocument(e.DID, e.Published).Encode()
		if err != nil {
			return fmt.Errorf("encode the DID document of %s: %w", e.Slug, err)
		}
		if err := r.docs.Add("", document); err != nil {
			return fmt.Errorf("prepare the sample's documents: %w", err)
		}
	}
	return nil
}

// secureAs signs a document of a profile in the main form.
func (r *run) secureAs(profile string, document []byte) (jsontext.Value, error) {
	if profile == "" {
		return r.secure(model.MainForm, document)
	}
	return securings[model.MainForm].secure(r.o.Processor, r.profiles[profile], document)
}

// checkEndorsements examines what is to be signed for endorsers. Where all of it may
// be, awards are given stand-ins to embed, signed with a key that is nobody's, so
// that they can be examined whole before anything is signed.
func (r *run) checkEndorsements() (DocumentErrors, error) {
	var bad DocumentErrors
	nobody := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	for _, e := range r.plan.Endorse {
		document, err := r.plan.EndorsementDocument(e).Encode()
		if err != nil {
			bad = append(bad, &DocumentError{Source: e.Source, What: endorsement, Err: fmt.Errorf("encode it: %w", err)})
			continue
		}
		if fault := r.examine(document); fault != nil {
			fault.Source, fault.What = e.Source, endorsement
			bad = append(bad, fault)
			continue
		}
		standIn := r.profiles[e.Endorser.Slug]
		standIn.key = nobody
		if e.Secured, err = securings[model.MainForm].secure(r.o.Processor, standIn, document); err != nil {
			return nil, &DocumentError{Source: e.Source, What: endorsement, Err: err}
		}
		if size := eventRoom + len(e.Secured) + 6*len(e.Key().String()); size > ledger.MaxLine {
			bad = append(bad, &DocumentError{Source: e.Source, What: endorsement, Err: &sizeError{"signed", size}})
		}
	}
	return bad, nil
}

const endorsement = "endorsement"

// endorsements secures and verifies all that are planned. Their events come before
// those of the awards that embed them.
func (r *run) endorsements() ([]ledger.Event, error) {
	var events []ledger.Event
	form, _ := model.FormOf(model.MainForm)
	for _, e := range r.plan.Endorse {
		document, err := r.plan.EndorsementDocument(e).Encode()
		if err == nil {
			e.Secured, err = r.secureAs(e.Endorser.Slug, document)
		}
		if err != nil {
			return nil, &DocumentError{Source: e.Source, What: endorsement, Err: err}
		}
		if err := r.judge(e.Secured, "the endorsement at "+e.Source.String()); err != nil {
			return nil, err
		}
		if e.Revoke != nil {
			events = append(events, ledger.Event{Status: e.Revoke})
		}
		visibility := model.Public
		if e.Award != nil && e.Award.Visibility != model.Public {
			visibility = model.Private // it is in the award's own files, and nowhere else
		}
		events = append(events, ledger.Event{Issue: &ledger.IssueEvent{
			Award: e.Key().String(), Credential: e.CredentialID, List: e.List, Index: e.Index, Visibility: string(visibility),
			Profile: e.Endorser.Slug, Content: e.Content, Replaces: e.Replaces, ValidUntil: e.ValidUntil,
			Documents: []ledger.Document{{Format: form.Name, MediaType: form.MediaType, Document: e.Secured}},
		}})
	}
	return events, nil
}
