package site

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"path"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/did"
	"laurel/internal/standards/vc"
)

// documents plans the files that machines read: the issuer's DID document and
// Profile, the catalogue, the sitemap.
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
	b, err := p.catalog()
	if err != nil {
		return err
	}
	p.data("catalog.json", b)
	if b, err = p.sitemap(); err != nil {
		return err
	}
	p.data("sitemap.xml", b)
	p.data("robots.txt", []byte("User-agent: *\nAllow: /\nSitemap: "+p.in.Site.URL("sitemap.xml")+"\n"))
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

// catalog is a list of the achievements for machines; there is nothing about
// awards in it.
func (p *Layout) catalog() ([]byte, error) {
	type entry struct {
		ID              string   `json:"id"`
		Name            string   `json:"name"`
		Description     string   `json:"description"`
		AchievementType string   `json:"achievementType,omitzero"`
		Page            string   `json:"page"`
		Image           string   `json:"image"`
		InLanguage      string   `json:"inLanguage,omitzero"`
		Tag             []string `json:"tag,omitempty"`
	}
	catalog := struct {
		SchemaVersion int     `json:"schemaVersion"`
		Issuer        string  `json:"issuer"`
		Name          string  `json:"name"`
		Page          string  `json:"page"`
		Achievement   []entry `json:"achievement"`
	}{1, p.did, p.in.Issuer.Name, p.in.Site.URL(""), []entry{}}
	for _, a := range p.in.Site.Achievements {
		w := p.in.Achievements[a.Slug]
		catalog.Achievement = append(catalog.Achievement, entry{w.ID, w.Name, w.Description, w.AchievementType,
			p.in.Site.URL(page(achievementPagePath(a.Slug))), w.Image.ID, w.InLanguage, w.Tag})
	}
	return indented(catalog)
}

func indented(v any) ([]byte, error) {
	b, err := json.Marshal(v, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return nil, fmt.Errorf("encode JSON: %w", err)
	}
	return append(b, '\n'), nil
}

// sitemap names the pages anyone may find: never an award's.
func (p *Layout) sitemap() ([]byte, error) {
	type location struct {
		Loc string `xml:"loc"`
	}
	set := struct {
		XMLName xml.Name   `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URL     []location `xml:"url"`
	}{}
	set.URL = append(set.URL, location{p.in.Site.URL("")}, location{p.in.Site.URL(page(verifyPagePath))})
	for _, a := range p.in.Site.Achievements {
		set.URL = append(set.URL, location{p.in.Site.URL(page(achievementPagePath(a.Slug)))})
	}
	for _, t := range p.in.Site.Pages {
		if !t.Hidden {
			set.URL = append(set.URL, location{p.in.Site.URL(page(textPagePath(t.Slug)))})
		}
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", "  ")
	if err := e.Encode(set); err != nil {
		return nil, fmt.Errorf("encode sitemap.xml: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
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

// assets plans the theme's files.
func (p *Layout) assets() error {
	for _, a := range p.in.Assets {
		key, err := digestOf(Asset, a)
		if err != nil {
			return fmt.Errorf("plan %s: %w", a.Path, err)
		}
		p.add(Output{Path: a.Path, Kind: Asset, Bytes: a.Bytes, Fingerprint: key})
	}
	return nil
}
