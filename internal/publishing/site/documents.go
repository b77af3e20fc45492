package site

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/did"
	"laurel/internal/standards/vc"
)

// documents plans the files that machines read: the issuer's DID document and
// Profile.
func (p *Layout) documents() error {
	if err := p.keys(); err != nil {
		return err
	}

	var err error
	issuer := p.in.Issuer
	issuer.Context = []string{vc.ContextVC, vc.ContextOB}
	if p.profile, err = issuer.Encode(); err != nil {
		return fmt.Errorf("encode issuer.json: %w", err)
	}
	p.data("issuer.json", p.profile)
	if err := p.pictures(model.IssuerImageStem, p.issuerBadge); err != nil {
		return err
	}
	p.data(".nojekyll", []byte{})
	return nil
}

// didDocument is a did:web document of the issuer or of an endorser. Every key that
// ever signed stays in it; only a compromised one is marked revoked. jose tells that
// some of what they signed is of a JOSE form.
func didDocument(id string, keys []ledger.KeyState, jose bool) did.Document {
	return did.WebDocument(id, mapAll(keys, func(k ledger.KeyState) did.PublishedKey {
		return did.PublishedKey{Kid: k.Kid, PublicKeyMultibase: k.PublicKeyMultibase, Revoked: k.Revoked, JOSE: jose}
	}))
}

// keySetFile is the issuer's JWK Set, where JOSE libraries look for one: at the root
// of the site, and in .well-known of a site that is a host of its own.
const keySetFile = "jwks.json"

// keys plans the issuer's did:web document, and beside it the keys of JOSE forms as
// a JWK Set, which a key that was revoked leaves.
func (p *Layout) keys() error {
	own := slices.DeleteFunc(p.in.State.Keys(), func(k ledger.KeyState) bool { return k.Profile != "" })
	document := didDocument(p.did, own, model.HasCompact(p.in.State.Formats()))
	var err error
	if p.didDocument, err = document.Encode(); err != nil {
		return fmt.Errorf("encode the DID document: %w", err)
	}
	where := did.WebPath(p.in.Site.BaseURL)
	p.data(where, p.didDocument)
	set, err := document.KeySet()
	if err != nil {
		return fmt.Errorf("encode the JWK Set: %w", err)
	}
	if set == nil {
		return nil
	}
	p.data(keySetFile, set)
	if folder := path.Dir(where); folder != "." {
		p.data(folder+"/"+keySetFile, set)
	}
	return nil
}

func indented(v any) ([]byte, error) {
	b, err := json.Marshal(v, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return nil, fmt.Errorf("encode JSON: %w", err)
	}
	return append(b, '\n'), nil
}

// statusLists plans the newest signed document of every list in use. They
// change with each signing, so they are not immutable.
func (p *Layout) statusLists() error {
	if log := p.in.State.Log(); log.Adopted > 0 && log.Size == 0 {
		return &HeadError{log.Adopted}
	}
	for _, l := range p.in.State.Lists() {
		if l.SignedAt.IsZero() || l.Merged {
			return &ListError{List: l.List, Merged: l.Merged}
		}
		b, err := p.in.List(l)
		if err != nil {
			return fmt.Errorf("read status list %d: %w", l.List, err)
		}
		if err := vc.CheckIssued(b, p.in.Site.URL(model.StatusListPath(l.List)), p.profileDID(l.Profile)); err != nil {
			return fmt.Errorf("status list %d: %w", l.List, err)
		}
		p.lists[l.List] = b
		p.data(model.StatusListPath(l.List), b)
		if !l.Token {
			continue
		}
		if b, err = p.in.Token(l); err != nil {
			return fmt.Errorf("read status list %d as a token: %w", l.List, err)
		}
		p.data(model.StatusTokenPath(l.List), b)
	}
	return nil
}

// assets plans the theme's files, of those with words the ones that pages are in.
func (p *Layout) assets() error {
	spoken := p.spoken()
	for _, a := range p.in.Assets {
		if a.Language != "" && !slices.ContainsFunc(spoken, func(tag string) bool { return strings.HasPrefix(strings.ToLower(tag)+"-", a.Language+"-") }) {
			continue
		}
		key, err := digestOf(Asset, a)
		if err != nil {
			return fmt.Errorf("plan %s: %w", a.Path, err)
		}
		p.add(Output{Path: a.Path, Kind: Asset, Bytes: a.Bytes, Fingerprint: key})
	}
	return nil
}
