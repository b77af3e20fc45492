package site

import (
	"encoding/hex"
	"fmt"

	"github.com/go-json-experiment/json"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
)

// Certificate is how an award's certificate is drawn, and who stands for it: print and
// PDF take the same. It is not part of what was signed.
type Certificate struct {
	Design      string      // of model.Designs
	Signatories []Signatory // at most model.MaxSignatories
	Partner     Partner
	// Seal stands in the place of the achievement's picture where the design has a seal;
	// Background is faint behind all.
	Seal, Background SheetPicture
	Caption          string // of the QR code; empty: the theme's
}

// Signatory is somebody who signs a certificate; Image is their signature.
type Signatory struct {
	Name, Title string
	Image       SheetPicture
}

// Partner is who awards together with the issuer; without a name there is none.
type Partner struct {
	Name  string
	Image SheetPicture
}

// SheetPicture is a picture of a certificate. Without an Href there is none.
type SheetPicture struct {
	Href, Alt string
	Badge     Badge
}

// Pictured are all pictures that a certificate has, to be read or changed.
func (c *Certificate) Pictured() (all []*SheetPicture) {
	of := []*SheetPicture{&c.Background, &c.Seal, &c.Partner.Image}
	for i := range c.Signatories {
		of = append(of, &c.Signatories[i].Image)
	}
	for _, p := range of {
		if p.Href != "" {
			all = append(all, p)
		}
	}
	return all
}

// certificatePath is where a picture of certificates is published, without its
// ending: what it is called tells what it is, and nothing of whose.
func certificatePath(b Badge) string {
	key := b.digest()
	return "certificates/" + hex.EncodeToString(key[:16])
}

// certificate is what a certificate shows of what was set when its award was signed,
// which is own as the ledger has it, and of what the site says today; root leads from
// its page to the site's.
func (p *Layout) certificate(own, root string) (Certificate, error) {
	said, err := p.certificateOf(own)
	if err != nil {
		return Certificate{}, err
	}
	picture := func(i *model.CertificateImage) SheetPicture {
		if i == nil {
			return SheetPicture{}
		}
		b := certificateBadge(i)
		return SheetPicture{Href: b.Shown(root + certificatePath(b)).Large, Alt: i.Caption, Badge: b}
	}
	c := Certificate{Design: said.Design, Seal: picture(said.Seal), Background: picture(said.Background), Caption: said.Caption}
	if c.Design == "" {
		c.Design = model.Designs[0]
	}
	for _, s := range said.Signatories {
		c.Signatories = append(c.Signatories, Signatory{s.Name, s.Title, picture(s.Image)})
	}
	if said.Partner != nil {
		c.Partner = Partner{said.Partner.Name, picture(said.Partner.Image)}
	}
	return c, nil
}

func (p *Layout) certificateOf(own string) (c model.Certificate, err error) {
	if own != "" {
		if err := json.Unmarshal([]byte(own), &c); err != nil {
			return c, fmt.Errorf("read what the ledger has of a certificate: %w", err)
		}
	}
	return c.Over(p.in.Site.Certificate), nil
}

func certificateBadge(i *model.CertificateImage) (b Badge) {
	b.take((*model.Image)(i))
	b.Kept = true
	return b
}

// certificates plans the pictures of certificates that pages show.
func (p *Layout) certificates() error {
	read, planned := map[string]bool{}, map[string]bool{} // what the ledger says; paths
	add := func(own string) error {
		if read[own] {
			return nil
		}
		read[own] = true
		said, err := p.certificateOf(own)
		if err != nil {
			return err
		}
		for _, i := range said.Images() {
			b := certificateBadge(i)
			stem := certificatePath(b)
			if planned[stem] {
				continue
			}
			planned[stem] = true
			key, err := digestOf(Picture, b)
			if err != nil {
				return fmt.Errorf("plan %s: %w", stem, err)
			}
			p.add(Output{Path: stem + ".png", Kind: Picture, Badge: &b, Fingerprint: key})
			p.add(Output{Path: stem + ".svg", Kind: Picture, Badge: &b, Fingerprint: key})
		}
		return nil
	}
	for rec := range p.in.State.Records() {
		if rec.Profile == "" && (p.shown(rec) || p.opened(rec)) {
			if err := add(rec.Certificate); err != nil {
				return err
			}
		}
	}
	return nil
}

// CertificateDigest is that of what a record's certificate shows beside what was signed.
func (p *Layout) CertificateDigest(rec *ledger.Record) [32]byte {
	site := p.certificateDigest()
	return digest("certificate", rec.Certificate, site[:])
}
