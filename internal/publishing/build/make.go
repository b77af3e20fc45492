package build

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/capsule"
	"laurel/internal/issuing/ledger"
	"laurel/internal/publishing/privacy"
	"laurel/internal/publishing/publish"
	"laurel/internal/publishing/site"
	"laurel/internal/standards/tlog"
)

// make fills in the outputs of a group that are not as they were, and sends
// each through the gate.
func (b *builder) make(indexes []int) error {
	var read signed
	var made []publish.Made
	for _, i := range indexes {
		o := b.plan.Outputs[i]
		if b.target.Unchanged(o.Path) {
			continue
		}
		if err := b.read(o, &read); err != nil {
			return err
		}
		data, err := b.bytes(o, read)
		if err != nil {
			return fmt.Errorf("make public/%s: %w", o.Path, err)
		}
		if err := b.pass(o, data); err != nil {
			return err
		}
		made = append(made, publish.Made{Path: o.Path, Data: data})
	}
	return b.target.Put(made...)
}

// pass sends what was made through the gate. What is a copy has passed.
func (b *builder) pass(o site.Output, data []byte) error {
	switch {
	case o.Kind == site.Asset, o.Kind == site.Static:
		return nil
	case o.Kind == site.EvidenceFile:
		return b.gate.Pass(privacy.File{Path: o.Path, Origin: privacy.Evidence, Data: data})
	case o.Record != nil && o.Kind != site.Tombstone, o.Kind == site.Received:
		return b.gate.Pass(privacy.File{Path: o.Path, Origin: privacy.Award, Data: data})
	}
	return b.gate.Pass(privacy.File{Path: o.Path, Origin: privacy.Made, Data: data})
}

// signed is what a group's outputs need of the ledger: an award's credential,
// or its capsules. Each is read once, when the first output needs it.
type signed struct {
	documents []ledger.Document
	sealed    []ledger.SealedCapsule
	places    []ledger.LogPlace
	placed    bool // places were read
}

// main is the full credential in its main form; nil for what is of no award.
func (s signed) main() []byte {
	if len(s.documents) == 0 {
		return nil
	}
	return s.documents[0].Document
}

// form is the full credential in another one.
func (s signed) form(name string) ([]byte, error) {
	for _, d := range s.documents {
		if d.Format == name && d.Variant == "" {
			return ledger.Bytes(d.Document)
		}
	}
	return nil, fmt.Errorf("the ledger holds no form %s of it", name)
}

func (b *builder) read(o site.Output, s *signed) (err error) {
	switch {
	case o.Record == nil || o.Kind == site.Tombstone:
	case isSealed(o) && s.sealed == nil:
		if s.sealed, err = b.sealed(o.Record); err != nil {
			return err
		}
	case !isSealed(o) && o.Kind != site.LogPlace && o.Kind != site.EvidenceFile && s.documents == nil:
		if s.documents, err = b.documents(o.Record); err != nil {
			return fmt.Errorf("read credential %s: %w", o.Record.Credential, err)
		}
	}
	if (o.Kind == site.LogPlace || o.Kind == site.CapsulePage) && !s.placed {
		s.placed = true
		s.places, err = b.places(o.Record)
	}
	return err
}

// bytes fills in one output.
func (b *builder) bytes(o site.Output, from signed) ([]byte, error) {
	switch o.Kind {
	case site.Data, site.Asset, site.Static, site.Received:
		return o.Bytes, nil
	case site.Credential:
		if o.Format != "" {
			return from.form(o.Format)
		}
		return from.main(), nil
	case site.EvidenceFile:
		return b.fileOfEvidence(o)
	case site.Capsule, site.CapsulePage:
		if o.Capsule >= len(from.sealed) {
			return nil, fmt.Errorf("the ledger holds no capsule %d of %s", o.Capsule, o.Record.Credential)
		}
		sealed := from.sealed[o.Capsule]
		if o.Kind == site.CapsulePage {
			return b.sealedPage(sealed, from.places, o.Record.Certificate)
		}
		jwe, err := capsule.Seal(sealed.Packed, sealed.Key)
		return []byte(jwe), err
	case site.Page:
		page := o.Page
		if o.Record != nil {
			var err error
			if page, err = b.plan.AwardPage(o, from.main()); err != nil {
				return nil, err
			}
		}
		var w bytes.Buffer
		err := b.renderer.Page(&w, page)
		return w.Bytes(), err
	case site.Tombstone:
		page, err := b.plan.TombstonePage(o)
		if err != nil {
			return nil, err
		}
		var w bytes.Buffer
		err = b.renderer.Page(&w, page)
		return w.Bytes(), err
	case site.Picture:
		return b.renderer.Badges.Sized(*o.Badge, o.Size, strings.HasSuffix(o.Path, ".svg"))
	case site.PreviewPicture:
		return b.renderer.Badges.Preview(*o.Preview)
	case site.BakedPicture:
		return b.renderer.Badges.Picture(*o.Badge, strings.HasSuffix(o.Path, ".svg"), from.main())
	}
	if o.Kind == site.LogPlace {
		return b.plan.LogFile(ledger.Full, from.places)
	}
	if o.Kind == site.LogTile {
		tree, err := b.tree()
		if err != nil {
			return nil, err
		}
		return tree.File(strings.TrimPrefix(o.Path, tlog.Folder))
	}
	return nil, fmt.Errorf("no way to make a file of kind %q", o.Kind)
}

// fileOfEvidence is a file that was signed, wherever content/evidence has it now.
func (b *builder) fileOfEvidence(o site.Output) ([]byte, error) {
	f := o.Record.Evidence[o.File]
	data, err := b.evidence(f.SHA256)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != f.SHA256 {
		return nil, errors.New("bug: the file is not the one that was signed")
	}
	return data, nil
}

// isSealed tells an output that is made of a record's capsules.
func isSealed(o site.Output) bool { return o.Kind == site.Capsule || o.Kind == site.CapsulePage }

// sealedPage draws what a capsule holds and encrypts it: its forms, one after the
// other, each with the link that opens it alone. It has only the capsule to go by,
// so the page depends on what was signed, and on the theme. All forms are on the
// learner's page, since a browser that fetched them one by one would tell the host
// whose links belong together.
func (b *builder) sealedPage(sealed ledger.SealedCapsule, places []ledger.LogPlace, certificate string) ([]byte, error) {
	contents, err := capsule.Unpack(sealed.Packed)
	if err != nil {
		return nil, err
	}
	var all []byte
	for _, form := range contents.Credentials {
		link := model.ClaimLink{Name: sealed.Name, Key: sealed.Key}
		if form.Share != "" {
			if link, err = model.ParseClaimLink(form.Share); err != nil {
				return nil, err
			}
		}
		log, err := b.plan.LogFile(form.Variant, places)
		if err != nil {
			return nil, err
		}
		page, err := b.plan.SealedPage(form.Variant, form.Documents[0].Document, form.Formats(), b.link(link), log, certificate)
		if err != nil {
			return nil, err
		}
		html, err := b.renderer.Sealed(page)
		if err != nil {
			return nil, err
		}
		all = append(all, html...)
	}
	text, err := capsule.SealPage(all, sealed.Key, b.common)
	return []byte(text), err
}
