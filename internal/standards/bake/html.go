package bake

import (
	"bytes"
	"errors"

	"github.com/go-json-experiment/json/jsontext"
)

// ErrSeveral tells that there is more than one credential, of which nobody can
// say which is shown.
var ErrSeveral = errors.New("more than one credential")

// The block of data in which a certificate that is a file keeps its credential:
// see file.html of the themes.
const (
	blockName = "file-credential"
	blockTag  = `<script type="application/json" id="` + blockName + `">`
)

// FromHTML returns the credential of a certificate that is a web page of one
// file: the text in its one block of data of that name, which is a JSON string.
// The page is not read as a browser would: what is shown in it is not looked
// at. It returns ErrNotBaked if there is none, ErrSeveral, ErrTooLarge over
// MaxImage or MaxCredential, and an error for a block that is cut short or not
// written as laurel writes it.
func FromHTML(page []byte) (credential []byte, err error) {
	defer wrap(&err, "read page")
	if len(page) > MaxImage {
		return nil, ErrTooLarge
	}
	block, err := findBlock(page)
	if err != nil {
		return nil, err
	}
	defer wrap(&err, "the credential")
	return blockText(block)
}

// findBlock walks from script to script, so that what one of them says is not
// taken for another.
func findBlock(page []byte) ([]byte, error) {
	var found []byte
	for lower := lowerASCII(page); ; {
		i := bytes.Index(lower, []byte("<script"))
		if i < 0 {
			break
		}
		page, lower = page[i:], lower[i:]
		end := bytes.IndexByte(page, '>') + 1
		if end == 0 {
			end = len(page)
		}
		tag, ours := page[:end], bytes.Contains(page[:end], []byte(blockName))
		page, lower = page[end:], lower[end:]
		body := bytes.Index(lower, []byte("</script"))
		switch {
		case !ours && body < 0:
			lower = nil
			continue
		case !ours:
			page, lower = page[body:], lower[body:]
			continue
		case found != nil:
			return nil, ErrSeveral
		case string(tag) != blockTag:
			return nil, errors.New("the credential's element is not written as it should be")
		case body < 0:
			return nil, errors.New("the credential is cut short")
		}
		found = page[:body:body]
		page, lower = page[body:], lower[body:]
	}
	if found == nil {
		return nil, ErrNotBaked
	}
	return found, nil
}

// blockText reads the one JSON string of a block.
func blockText(block []byte) ([]byte, error) {
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
