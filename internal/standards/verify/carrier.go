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
		return o, finding{Unknown, "pdf-encrypted", "This is a PDF that is encrypted, so that nothing can be read from it. It may carry the credential as an attachment (a paperclip in a PDF reader): save that and hand it in."}
	case err != nil:
		return o, finding{Fail, "pdf-malformed", "The attachment of the PDF cannot be read: " + safe(err.Error()) + "."}
	}
	found := finding{Unknown, "pdf-unsupported", "This is a PDF without a credential that could be read from it. What is printed in it can be made by anybody, and laurel does not verify signatures of PDFs. It may carry the credential as an attachment (a paperclip in a PDF reader): save that and hand it in."}
	count := 0
	for _, file := range files {
		file = text.TrimBytes(file)
		if !isText(file) {
			continue
		}
		inside, f := openText(file)
		if f.code == "not-a-credential" {
			continue
		}
		if count++; count > 1 {
			return opened{format: FormatPDF}, finding{Fail, "pdf-several", "The PDF has more than one credential as an attachment: save them, and hand them in one by one."}
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
		return o, finding{Unknown, "html-page", "This is a web page without a credential in it."}
	case errors.Is(err, bake.ErrSeveral):
		return o, finding{Fail, "html-several", "There is more than one credential in the web page."}
	case err != nil:
		return o, finding{Fail, "html-malformed", "The credential in the web page cannot be read: " + safe(err.Error()) + "."}
	}
	credential = text.TrimBytes(credential)
	if !isText(credential) {
		return o, finding{Fail, "html-malformed", "The web page carries something else in the place of a credential."}
	}
	o, f := openText(credential)
	o.carrier = "html"
	return o, f
}

// carried says in the row for the structure that a document came in something
// that people read, of which nothing was checked. It is the row for what the
// input is; whatever is worse there stays.
func (j *judgement) carried() {
	what, ok := map[string]string{"pdf": "a PDF", "html": "a web page"}[j.carrier]
	if row, _ := j.r.Check(Structure); !ok || row.Outcome != Pass {
		return
	}
	j.r.set(Structure, finding{Warn, "carrier-unchecked", "The credential was taken out of " + what + ". What is printed in that was not checked: compare it with what the credential says."})
}
