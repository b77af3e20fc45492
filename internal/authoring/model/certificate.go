package model

// Designs are those of a certificate: "classic" is centred in an engraved frame,
// "modern" has a band in the accent, "portrait" stands upright. The first is that of
// who says nothing.
var Designs = []string{"classic", "modern", "portrait"}

// MaxSignatories is how many people sign a certificate at most.
const MaxSignatories = 2

// Certificate is what a certificate shows beside the award: how it is drawn, and who
// stands for it. None of it is in a credential. What is not said is empty, and then
// said by who is less near to the award: see Over.
type Certificate struct {
	Design string `json:"design,omitzero"` // of Designs
	// Signatories are at most MaxSignatories; nil: not said; empty: nobody signs.
	Signatories []Signatory       `json:"signatories,omitzero"`
	Partner     *Partner          `json:"partner,omitzero"`
	Seal        *CertificateImage `json:"seal,omitzero"`
	Background  *CertificateImage `json:"background,omitzero"`
	Caption     string            `json:"caption,omitzero"` // of the QR code
}

// Signatory is somebody who signs a certificate.
type Signatory struct {
	Name  string            `json:"name"`
	Title string            `json:"title,omitzero"`
	Image *CertificateImage `json:"image,omitzero"` // of the signature
}

// Partner is who awards together with the issuer.
type Partner struct {
	Name  string            `json:"name"`
	Image *CertificateImage `json:"image,omitzero"`
}

// CertificateImage is an Image as the ledger keeps it: by its digest it is found again
// where its file has another name.
type CertificateImage struct {
	File      string `json:"file"`
	MediaType string `json:"mediaType"`
	Caption   string `json:"caption,omitzero"`
	PNG       string `json:"png,omitzero"`
	SHA256    string `json:"sha256"`
}

// IsZero tells that nothing is said.
func (c Certificate) IsZero() bool {
	return c.Design == "" && c.Signatories == nil && c.Partner == nil && c.Seal == nil && c.Background == nil && c.Caption == ""
}

// Over is what c says, and what under does where c is silent.
func (c Certificate) Over(under Certificate) Certificate {
	if c.Design == "" {
		c.Design = under.Design
	}
	if c.Signatories == nil {
		c.Signatories = under.Signatories
	}
	if c.Partner == nil {
		c.Partner = under.Partner
	}
	if c.Seal == nil {
		c.Seal = under.Seal
	}
	if c.Background == nil {
		c.Background = under.Background
	}
	if c.Caption == "" {
		c.Caption = under.Caption
	}
	return c
}

// Images are all pictures of a certificate.
func (c Certificate) Images() (all []*CertificateImage) {
	for _, i := range append([]*CertificateImage{c.Seal, c.Background}, c.pictured()...) {
		if i != nil {
			all = append(all, i)
		}
	}
	return all
}

func (c Certificate) pictured() (all []*CertificateImage) {
	for _, s := range c.Signatories {
		all = append(all, s.Image)
	}
	if c.Partner != nil {
		all = append(all, c.Partner.Image)
	}
	return all
}

// OwnCertificate is what an award's cohort and achievement say of its certificate,
// without the site, which may say other things tomorrow.
func (a *Award) OwnCertificate() (c Certificate) {
	if a.Cohort != nil {
		c = a.Cohort.Certificate
	}
	if a.Achievement != nil {
		c = c.Over(a.Achievement.Certificate)
	}
	return c
}
