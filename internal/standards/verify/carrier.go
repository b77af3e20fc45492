package verify

import (
	"errors"

	"laurel/internal/material/text"
	"laurel/internal/standards/bake"
)

// openPDF takes the credential out of a PDF: of its attachments the one that is
// or claims to be a credential or presentation, as text. Pictures and other
// containers among them are not opened.
func openPDF(data []byte) (opened, finding) {
	o := opened{format: FormatPDF}
	files, err := bake.Attachments(data)
	switch {
	case errors.Is(err, bake.ErrEncrypted):
		return o, unknown("pdf-encrypted")
	case err != nil:
		return o, fail("pdf-malformed").with(err.Error())
	}
	found := unknown("pdf-unsupported")
	count := 0
	for _, file := range files {
		file = text.TrimBytes(file)
		if !isText(file) {
			continue
		}
		inside, f := openText(file)
		if f.code() == "not-a-credential" {
			continue
		}
		if count++; count > 1 {
			return opened{format: FormatPDF}, fail("pdf-several")
		}
		o, found = inside, f
		o.carrier = "pdf"
	}
	return o, found
}

// openHTML takes the credential out of a certificate that is one web page.
func openHTML(data []byte) (opened, finding) {
	o := opened{format: FormatHTML}
	credential, err := bake.FromHTML(data)
	switch {
	case errors.Is(err, bake.ErrNotBaked):
		return o, unknown("html-page")
	case errors.Is(err, bake.ErrSeveral):
		return o, fail("html-several")
	case err != nil:
		return o, fail("html-malformed").with(err.Error())
	}
	credential = text.TrimBytes(credential)
	if !isText(credential) {
		return o, fail("html-malformed").with("there is something else in the place of a credential")
	}
	o, f := openText(credential)
	o.carrier = "html"
	return o, f
}

// carried says in the row for the structure that a document came in something
// that people read, of which nothing was checked. It is the row for what the
// input is; whatever is worse there stays.
func (j *judgement) carried() {
	if row, _ := j.r.Check(Structure); row.Outcome != Pass {
		return
	}
	switch j.carrier {
	case "pdf":
		j.r.set(Structure, warn("carrier-unchecked.pdf"))
	case "html":
		j.r.set(Structure, warn("carrier-unchecked.html"))
	}
}
