package verify

import (
	"errors"
	"slices"

	"laurel/internal/material/text"
	"laurel/internal/standards/bake"
)

// openPDF takes the credentials out of a PDF: of its attachments those that are or claim
// to be a credential or presentation, as text. Pictures and other containers among them
// are not opened.
func openPDF(data []byte) []item {
	o := opened{format: FormatPDF}
	files, err := bake.Attachments(data)
	switch {
	case errors.Is(err, bake.ErrEncrypted):
		return alone(o, unknown("pdf-encrypted"))
	case err != nil:
		return alone(o, unknown("pdf-malformed").with(err.Error()))
	}
	var list []item
	for _, file := range files {
		list = append(list, openText(text.TrimBytes(utf8Of(file)), 1)...)
	}
	if list = credentials(list); len(list) == 0 {
		return alone(o, unknown("pdf-unsupported"))
	}
	return carriedBy("pdf", list)
}

// credentials are those of the items that are or claim to be one.
func credentials(list []item) []item {
	return slices.DeleteFunc(list, func(o item) bool { return o.code() == "not-a-credential" })
}

// carriedBy are the items that came in something, if they are not too many.
func carriedBy(carrier string, list []item) []item {
	for i := range list {
		list[i].carrier = carrier
	}
	return atMost(list)
}

// openHTML takes the credentials out of a web page: a certificate that is one file has its
// own in a block of data, others in scripts of JSON-LD.
func openHTML(data []byte) []item {
	o := opened{format: FormatHTML}
	own, others, err := bake.FromHTML(data)
	if err != nil {
		return alone(o, unknown("html-malformed").with(err.Error()))
	}
	var list []item
	for _, block := range own {
		inside := openText(text.TrimBytes(block), 1)
		if inside == nil {
			return alone(o, unknown("html-malformed").with("there is something else in the place of a credential"))
		}
		list = append(list, inside...)
	}
	for _, block := range others {
		list = append(list, credentials(openText(text.TrimBytes(block), 1))...)
	}
	if len(list) == 0 {
		return alone(o, unknown("html-page"))
	}
	return carriedBy("html", list)
}

// carried says in the row for the structure that a document came in something
// that people read, of which nothing was checked. It is the row for what the
// input is; whatever is worse there stays.
func (j *judgement) carried() {
	if row, _ := j.r.Check(Structure); row.Outcome != Pass {
		return
	}
	switch j.carrier {
	case "png":
		if j.trailing {
			j.r.set(Structure, warn("image-trailing"))
		}
	case "pdf":
		j.r.set(Structure, warn("carrier-unchecked.pdf"))
	case "html":
		j.r.set(Structure, warn("carrier-unchecked.html"))
	case "json":
		j.r.set(Structure, warn("carrier-unchecked.json"))
	}
}
