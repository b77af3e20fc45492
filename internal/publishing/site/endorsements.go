package site

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/did"
	"laurel/internal/standards/vc"
)

// endorsements plans what others say: the DID documents of endorsers, and every
// endorsement that is public. One of an award is so for as long as the award's page
// is there. What is in force is shown where it belongs; what was revoked or replaced
// stays to be looked up, since awards that embed it do.
func (p *Layout) endorsements() error {
	keys := map[string][]ledger.KeyState{}
	for _, k := range p.in.State.Keys() {
		keys[k.Profile] = append(keys[k.Profile], k)
	}
	for _, slug := range slices.Sorted(maps.Keys(keys)) {
		if slug == "" {
			continue
		}
		b, err := didDocument(p.profileDID(slug), keys[slug], false).Encode()
		if err != nil {
			return err
		}
		p.data("endorsers/"+slug+"/did.json", b)
		p.judging[p.profileDID(slug)] = b
	}
	for _, l := range p.in.State.Lists() {
		if l.Profile != "" {
			p.judging[p.in.Site.URL(model.StatusListPath(l.List))] = p.lists[l.List]
		}
	}
	for rec := range p.in.State.Records() {
		if rec.Profile == "" || !rec.Withdrawn.IsZero() || !p.endorsedInPublic(rec) {
			continue
		}
		path := model.EndorsementPath(rec.Credential)
		p.endorsed[path] = true
		p.add(Output{Path: path, Kind: Credential, Record: rec, Immutable: true, Fingerprint: digest(string(Credential), rec.Pos.Hash[:])})
	}
	for _, endorser := range p.in.Site.Endorsers {
		for _, e := range endorser.Endorsements {
			rec := p.in.State.Record(e.Key().String())
			if e.Award != nil || rec == nil || rec.Status != ledger.Active || !rec.Withdrawn.IsZero() {
				continue
			}
			b, err := p.in.Document(rec)
			if err != nil {
				return fmt.Errorf("read endorsement %s: %w", rec.Credential, err)
			}
			p.said[e.Target.String()] = append(p.said[e.Target.String()], b)
		}
	}
	for _, r := range p.in.Site.Received {
		path, err := receivedPath(r.Document)
		if err != nil {
			return fmt.Errorf("read %s: %w", r.File, err)
		}
		p.endorsed[path] = true
		for _, d := range r.Documents {
			var head struct {
				ID string `json:"id"`
			}
			if err := json.Unmarshal(d, &head); err != nil {
				return fmt.Errorf("read a document beside %s: %w", r.File, err)
			}
			p.judging[head.ID] = d
		}
		p.add(Output{Path: path, Kind: Received, Bytes: r.Document, Fingerprint: sha256.Sum256(r.Document)})
		p.said[r.Target.String()] = append(p.said[r.Target.String()], r.Document)
	}
	return nil
}

// endorsedInPublic tells whether an endorsement is anybody's to read: it is of an
// achievement or of the issuer, or of an award that has a page.
func (p *Layout) endorsedInPublic(rec *ledger.Record) bool {
	key, _ := model.ParseAwardKey(rec.Award)
	award, isOne := strings.CutPrefix(key.Recipient, "awards/")
	if !isOne {
		return true
	}
	of := p.in.State.Record(award)
	return public(rec) && rec.ReplacedBy == "" && of != nil && p.shown(of)
}

// profileDID is the DID of an endorser; of none: the issuer's.
func (p *Layout) profileDID(profile string) string {
	if profile == "" {
		return p.did
	}
	id, err := did.WebDID(p.in.Site.EndorserURL(profile))
	if err != nil {
		panic("bug: no DID below a base URL that has one: " + err.Error())
	}
	return id
}

// receivedPath is where an endorsement is published that somebody else signed: by its
// UUID, or, where its id is none, by one that is made of it.
func receivedPath(document []byte) (string, error) {
	e, err := vc.ReadEndorsement(document)
	if err != nil {
		return "", err
	}
	if id, err := uuid.Parse(e.ID); err == nil && id.URN() == e.ID {
		return model.EndorsementPath(e.ID), nil
	}
	compact := jsontext.Value(bytes.Clone(document))
	if err := compact.Compact(); err != nil {
		return "", err
	}
	return model.EndorsementPath(uuid.NewHash(sha256.New(), uuid.NameSpaceURL, compact, 8).String()), nil
}

// endorsementViews are endorsements as shown on a page from which base leads to the
// site in its language, by whom, and where to have them judged.
func (p *Layout) endorsementViews(of string, documents []jsontext.Value, base string) ([]Endorsement, error) {
	var list []Endorsement
	for _, d := range documents {
		e, err := vc.ReadEndorsement(d)
		if err != nil {
			return nil, err
		}
		v := Endorsement{ID: e.ID, Of: of, Name: e.Name, Endorser: e.Endorser, EndorserID: e.EndorserID, EndorserURL: e.URL,
			CommentMarkdown: e.Comment, Date: e.Awarded.Time, ValidUntil: e.ValidUntil.Time}
		if v.Date.IsZero() {
			v.Date = e.ValidFrom.Time
		}
		path, err := receivedPath(d)
		if err != nil {
			return nil, err
		}
		if p.endorsed[path] {
			v.VerifyHref = base + page(verifyPagePath) + "#vc=" + p.in.Site.URL(path)
		}
		list = append(list, v)
	}
	return list, nil
}

// endorsersOf are the names of who endorses an award or what it is for, each once.
func endorsersOf(list []Endorsement) []string {
	var names []string
	for _, e := range list {
		if e.Of != "issuer" && e.Endorser != "" && !slices.Contains(names, e.Endorser) {
			names = append(names, e.Endorser)
		}
	}
	return names
}

// JudgedWith are the DID documents and status lists with which the endorsements inside
// of a credential can be judged, and what a learner record holds: those of this site,
// and those that came with what others signed; without its own.
func (p *Layout) JudgedWith(credential []byte) ([]string, error) {
	var doc any
	if err := json.Unmarshal(credential, &doc); err != nil {
		return nil, fmt.Errorf("read a credential: %w", err)
	}
	var list []string
	own := p.listAt(listOf(doc))
	add := func(b []byte) {
		if len(b) > 0 && string(b) != string(own) && !slices.Contains(list, string(b)) {
			list = append(list, string(b))
		}
	}
	var walk func(v any, inner bool)
	walk = func(v any, inner bool) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				walk(item, inner)
			}
		case map[string]any:
			if inner {
				issuer, _ := v["issuer"].(map[string]any)
				id, _ := issuer["id"].(string)
				url := listOf(v)
				add(p.judging[id])
				add(p.judging[url])
				add(p.listAt(url))
			}
			for _, name := range slices.Sorted(maps.Keys(v)) {
				walk(v[name], name == "endorsement" || name == "verifiableCredential")
			}
		}
	}
	walk(doc, false)
	return list, nil
}

// listOf is the URL of the status list that a credential names.
func listOf(credential any) string {
	doc, _ := credential.(map[string]any)
	status, _ := doc["credentialStatus"].(map[string]any)
	url, _ := status["statusListCredential"].(string)
	return url
}

// JudgedWithDigest is that of all documents that JudgedWith can return.
func (p *Layout) JudgedWithDigest() [32]byte {
	key, err := digestOf(p.judging)
	if err != nil {
		panic("bug: " + err.Error())
	}
	return key
}
