// Package certificate draws an award on paper: a PDF that says what the theme's
// certificate.html says, with its fonts embedded and the credential attached.
//
// It is given an award's page, pictures and fonts; it knows no folder, and of
// people only the names that it sets. It refuses to print what no font has.
package certificate

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf16"

	"codeberg.org/go-pdf/fpdf"

	"laurel/internal/material/text"
	"laurel/internal/publishing/render"
	"laurel/internal/publishing/site"
)

// Paper is a size of paper, landscape.
type Paper string

// The sizes of paper.
const (
	A4     Paper = "a4"
	Letter Paper = "letter"
)

// size is the width and height in millimetres.
func (p Paper) size() (w, h float64) {
	if p == Letter {
		return 279.4, 215.9
	}
	return 297, 210
}

// attachmentName is what the credential inside of a PDF is called.
const attachmentName = "credential.json"

// Content is what a certificate on paper shows.
type Content struct {
	Award *site.AwardPage
	Words render.Words
	// Picture and IssuerPicture may be nil.
	Picture, IssuerPicture *Picture
	// Credential is attached to the PDF, byte for byte.
	Credential []byte
	// Place is file:line of the award, for errors.
	Place string
}

// PDF writes a certificate: a landscape page that says what the theme's
// certificate.html says, its fonts embedded, the credential attached. Nothing is
// cut off: names get smaller, and then take more lines; results and a long
// description that have no room in type that can be read are on further pages, and
// the first one says so. What a learner record holds is a table on the pages after
// the first, each with a head. The same certificate gives the same bytes; its dates
// are those of the signature.
//
// It fails with a *GlyphError where no font has a character.
func (f *Fonts) PDF(c Content, paper Paper) (data []byte, err error) {
	w, h := paper.size()
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: w, Ht: h}})
	pdf.SetCatalogSort(true)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCreationDate(c.Award.ValidFrom.UTC())
	pdf.SetModificationDate(c.Award.ValidFrom.UTC())
	title := text.Print(c.Award.Achievement.Name)
	if name := text.Print(c.Award.RecipientName); name != "" {
		title += " – " + name
	}
	pdf.SetTitle(wideText(title), false)
	pdf.SetAuthor(wideText(text.Print(c.Award.IssuedBy.Name)), false)
	pdf.SetSubject(c.Award.CredentialID, true)
	pdf.SetCreator("laurel", false)
	if languageTag.MatchString(c.Words.Language) {
		pdf.SetLang(c.Words.Language)
	}
	pdf.AddUTF8FontFromBytes("laurel", "", f.regular.data)
	pdf.AddUTF8FontFromBytes("laurel", "B", f.bold.data)
	pdf.SetAttachments([]fpdf.Attachment{{Content: c.Credential, Filename: attachmentName, Description: attachmentWords}})
	s := &sheet{pdf: pdf, fonts: f, w: w, h: h, words: c.Words, place: c.Place}
	s.draw(c)
	if s.err != nil {
		return nil, s.err
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("write a PDF: %w", err)
	}
	return describeAttachment(out.Bytes())
}

// languageTag is a BCP 47 tag that needs no escape in a PDF.
var languageTag = regexp.MustCompile(`^[A-Za-z0-9-]+$`)

const attachmentWords = "The signed credential, Open Badges 3.0 (JSON)"

var embeddedFile = regexp.MustCompile(`/Type /EmbeddedFile (/Length \d+ /Filter /FlateDecode /Params <<) /CheckSum <[0-9a-f]{32}> (/Size \d+ >>)`)

// describeAttachment says of the attached file what fpdf leaves out: its media
// type, a name that readers of older PDF know, and what it is to the document
// (PDF 2.0, 7.11.4; 14.13). All that goes into the room of an MD5 sum, which a
// PDF need not have, and of text written with two bytes a character, so that
// no offset in the file changes.
func describeAttachment(pdf []byte) ([]byte, error) {
	if err := overwrite(pdf[:8], "%PDF-1.7"); err != nil {
		return nil, err
	}
	at := embeddedFile.FindSubmatchIndex(pdf)
	if at == nil {
		return nil, errors.New("write a PDF: the attachment is not where it was expected")
	}
	entry := "/Type /EmbeddedFile /Subtype /application#2Fjson " + string(pdf[at[2]:at[3]]) + " " + string(pdf[at[4]:at[5]])
	if err := overwrite(pdf[at[0]:at[1]], entry); err != nil {
		return nil, err
	}
	_, rest, _ := bytes.Cut(pdf[at[1]:], []byte("/Type /Filespec "))
	end := bytes.Index(rest, []byte("\n>>"))
	name, words := wide(attachmentName), wide(attachmentWords)
	if end < 0 || !bytes.HasPrefix(rest, []byte("/F () /UF ("+name+")")) || !bytes.Contains(rest[:end], []byte("/Desc ("+words+")")) {
		return nil, errors.New("write a PDF: the attachment is not described as expected")
	}
	_, file, _ := bytes.Cut(rest[:end], []byte("/EF "))
	reference, _, _ := bytes.Cut(file, []byte(" /Desc "))
	return pdf, overwrite(rest[:end], "/F ("+attachmentName+") /UF ("+attachmentName+") /EF "+string(reference)+
		" /AFRelationship /Data /Desc ("+attachmentWords+")")
}

// overwrite puts text and then spaces in the place of old.
func overwrite(old []byte, text string) error {
	if len(text) > len(old) {
		return errors.New("write a PDF: no room to describe the attachment")
	}
	copy(old, text+strings.Repeat(" ", len(old)-len(text)))
	return nil
}

// wideText is text in UTF-16 with a byte order mark (PDF 2.0, 7.9.2.2). fpdf
// knows only the Basic Multilingual Plane.
func wideText(s string) string {
	b := []byte("\xfe\xff")
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.BigEndian.AppendUint16(b, u)
	}
	return string(b)
}

// wide is text as fpdf writes it: what a PDF reads as syntax is escaped.
func wide(s string) string {
	return strings.NewReplacer("(", `\(`, ")", `\)`, `\`, `\\`).Replace(wideText(s))
}
