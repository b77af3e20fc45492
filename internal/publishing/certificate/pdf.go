// Package certificate draws an award on paper: a PDF that says what the theme's
// certificate.html says, with its fonts embedded and the credential attached.
//
// It is given an award's page, pictures and fonts; it knows no folder, and of
// people only the names that it sets. It refuses to print what no font has.
package certificate

import (
	"bytes"
	"cmp"
	"io"
	"time"

	"laurel/internal/material/pdf"
	"laurel/internal/material/text"
	"laurel/internal/material/tone"
	"laurel/internal/publishing/render"
	"laurel/internal/publishing/site"
)

// Paper is a size of paper.
type Paper string

// The sizes of paper.
const (
	A4     Paper = "a4"
	Letter Paper = "letter"
)

// size is the width and height in millimetres; tall tells that it stands upright.
func (p Paper) size(tall bool) (w, h float64) {
	w, h = 297, 210
	if p == Letter {
		w, h = 279.4, 215.9
	}
	if tall {
		return h, w
	}
	return w, h
}

// Content is what a certificate on paper shows.
type Content struct {
	Award *site.AwardPage
	Words render.Words
	// Look is the colours of paper; zero: those of who chooses none.
	Look tone.Set
	// Picture and IssuerPicture may be nil.
	Picture, IssuerPicture *Picture
	// Pictures are those of Award.Certificate, by their Href.
	Pictures map[string]*Picture
	// Credential is attached to the PDF, byte for byte.
	Credential []byte
	// Place is file:line of the award, for errors.
	Place string
}

// PDF writes a certificate in the design of its award: a page that says what the
// theme's certificate.html says, tagged, its fonts embedded, the credential attached.
// Nothing is cut off: names get smaller, and then take more lines; results and a long
// description that have no room in type that can be read are on further pages, and
// the first one says so. What a learner record holds is a table on the pages after
// the first, each with a head. The same certificate gives the same bytes; its dates
// are those of the signature.
//
// It fails with a *GlyphError where no font has a character.
func (f *Fonts) PDF(c Content, paper Paper) ([]byte, error) {
	title := text.Print(c.Award.Achievement.Name)
	if name := text.Print(c.Award.RecipientName); name != "" {
		title += " – " + name
	}
	var out bytes.Buffer
	doc := pdf.NewWriter(&out, pdf.Info{Title: title, Author: text.Print(c.Award.IssuedBy.Name), Subject: c.Award.CredentialID,
		Language: cmp.Or(c.Words.Language, "en"), Date: c.Award.ValidFrom})
	doc.Attach(pdf.Attachment{Name: attachmentName, MediaType: "application/json", Description: attachmentWords, Data: c.Credential})
	if err := f.draw(doc, c, paper); err != nil {
		return nil, err
	}
	err := doc.Close()
	return out.Bytes(), err
}

const (
	// attachmentName is what the credential inside of a PDF is called.
	attachmentName  = "credential.json"
	attachmentWords = "The signed credential, Open Badges 3.0 (JSON)"
)

func (f *Fonts) draw(doc *pdf.Writer, c Content, paper Paper) error {
	s := &sheet{doc: doc, part: doc.Root().Add("Sect"), fonts: f, words: c.Words, place: c.Place, design: cmp.Or(c.Award.Certificate.Design, "classic")}
	s.w, s.h = paper.size(s.design == "portrait")
	s.look = lookOf(c)
	s.draw(c)
	s.part.End()
	return s.err
}

// Booklet is many certificates in one document, for a printer: as PDF, without their
// credentials. Of what was added it keeps no more than its fonts' glyphs, and numbers.
type Booklet struct {
	fonts *Fonts
	paper Paper
	doc   *pdf.Writer
}

// NewBooklet begins one: of whom and what, in which language and of which time.
func (f *Fonts) NewBooklet(out io.Writer, title, author, language string, date time.Time, paper Paper) *Booklet {
	return &Booklet{f, paper, pdf.NewWriter(out, pdf.Info{Title: text.Print(title), Author: text.Print(author), Language: cmp.Or(language, "en"), Date: date})}
}

// Add adds a certificate. With a *GlyphError nothing of it was added, and the booklet
// goes on.
func (b *Booklet) Add(c Content) error {
	if err := b.fonts.draw(pdf.NewWriter(io.Discard, pdf.Info{}), c, b.paper); err != nil {
		return err
	}
	return b.fonts.draw(b.doc, c, b.paper)
}

// Close writes the end of it.
func (b *Booklet) Close() error { return b.doc.Close() }
