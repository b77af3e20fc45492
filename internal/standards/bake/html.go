package bake

import (
	"bytes"
	"errors"
	"regexp"

	"github.com/go-json-experiment/json/jsontext"
)

// The block of data in which a certificate that is a file keeps its credential:
// see file.html of the themes.
const (
	blockName = "file-credential"
	blockTag  = `<script type="application/json" id="` + blockName + `">`
)

// kitTag is the start tag of what such a certificate has with it to be checked without
// the network, such as its issuer's list: none of it is what the certificate is for.
var kitTag = regexp.MustCompile(`^<script type="application/json" id="file-(did|list|documents)">$`)

// dataScript tells the start tag of a block of data, in small letters.
var dataScript = regexp.MustCompile(`[ \t\r\n]type[ \t\r\n]*=[ \t\r\n]*["']?application/[a-z0-9.+-]*(?:json|jwt|vc|vp)`)

// FromHTML returns the credentials in a web page, and other data that may hold some. Own
// are those of certificates that are a file: the texts in its blocks of data of that
// name, each a JSON string, of which there ought to be one. Others are the texts of all
// other blocks of data, such as JSON-LD, but for what such a certificate has with it. The page is not read as a browser would: what
// is shown in it is not looked at. It returns ErrTooLarge over MaxImage or, for its own,
// MaxCredential, and an error for a block of its own that is cut short or not written as
// laurel writes it.
func FromHTML(page []byte) (own, others [][]byte, err error) {
	defer wrap(&err, "read page")
	if len(page) > MaxImage {
		return nil, nil, ErrTooLarge
	}
	own, others, err = findBlocks(page)
	for i := range own {
		if err == nil {
			own[i], err = blockText(own[i])
		}
	}
	return own, others, err
}

// findBlocks walks from script to script, so that what one of them says is not taken for
// another.
func findBlocks(page []byte) (own, others [][]byte, err error) {
	for lower := lowerASCII(page); ; {
		i := bytes.Index(lower, []byte("<script"))
		if i < 0 {
			return own, others, nil
		}
		page, lower = page[i:], lower[i:]
		end := bytes.IndexByte(page, '>') + 1
		if end == 0 {
			end = len(page)
		}
		tag, ours, data := page[:end], bytes.Contains(page[:end], []byte(blockName)), dataScript.Match(lower[:end]) && !kitTag.Match(page[:end])
		page, lower = page[end:], lower[end:]
		body := bytes.Index(lower, []byte("</script"))
		switch {
		case ours && string(tag) != blockTag:
			return nil, nil, errors.New("the credential's element is not written as it should be")
		case ours && body < 0:
			return nil, nil, errors.New("the credential is cut short")
		case body < 0:
			return own, others, nil
		case ours:
			own = append(own, page[:body:body])
		case data:
			others = append(others, page[:body:body])
		}
		page, lower = page[body:], lower[body:]
	}
}

// blockText reads the one JSON string of a block.
func blockText(block []byte) (_ []byte, err error) {
	defer wrap(&err, "the credential")
	d := jsontext.NewDecoder(bytes.NewBuffer(block))
	token, err := d.ReadToken()
	if err != nil || token.Kind() != '"' {
		return nil, errors.New("not a JSON string")
	}
	text := []byte(token.String())
	if len(bytes.Trim(block[d.InputOffset():], space)) > 0 {
		return nil, errors.New("more than one JSON string")
	}
	if len(text) > MaxCredential {
		return nil, ErrTooLarge
	}
	return text, nil
}

// lowerASCII writes small letters for those of ASCII and keeps every offset.
func lowerASCII(b []byte) []byte {
	out := bytes.Clone(b)
	for i, c := range out {
		if c >= 'A' && c <= 'Z' {
			out[i] = c | 0x20
		}
	}
	return out
}
