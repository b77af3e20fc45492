package render

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"reflect"
	"strings"
	"time"

	"laurel/internal/publishing/site"
)

// FilePage is a certificate that is a file of its own, drawn by the theme's
// file.html: an award with all that it takes to show and verify it, so that the
// file asks nobody for anything. It is what a template gets; the fields below
// the line are filled in here.
type FilePage struct {
	site.AwardPage
	// Credential, DIDDocument and StatusListDocument are JSON texts as they
	// were signed or published; StatusListDocument is that of AsOf.
	Credential, DIDDocument, StatusListDocument string
	AsOf                                        time.Time
	// Picture and IssuerPicture are SVGs, as Picture gives them.
	Picture, IssuerPicture []byte

	// ---
	// Script and Style are the theme's offline.js, and style.css with
	// file.css; ScriptHash
	// and StyleHash are what a policy allows them by, "sha256-…".
	Script                template.JS
	Style                 template.CSS
	ScriptHash, StyleHash string
}

// The names that stand for pictures in file.html until their bytes do.
const (
	filePicture       = "laurel-picture"
	fileIssuerPicture = "laurel-issuer-picture"
)

// File writes a certificate that is a file.
//
// This is the one place where a script and a style sheet get into a page as
// they are. Both are files of the theme, never of the content, and are refused
// if they could end their element.
func (r *Renderer) File(p FilePage) ([]byte, error) {
	script, err := r.theme.inline("offline.js", "</script", "<!--")
	if err != nil {
		return nil, err
	}
	style, err := r.theme.fileStyle()
	if err != nil {
		return nil, err
	}
	p.Script, p.ScriptHash = template.JS(script), policyHash(script)
	p.Style, p.StyleHash = template.CSS(style), policyHash(style)
	if p.Achievement.ImageHref = ""; len(p.Picture) > 0 {
		p.Achievement.ImageHref = filePicture
	}
	if p.Issuer.ImageHref = ""; len(p.IssuerPicture) > 0 {
		p.Issuer.ImageHref = fileIssuerPicture
	}
	local, err := r.localized(p.Language)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := local.ExecuteTemplate(&out, "file.html", &p); err != nil {
		return nil, r.theme.templateError(err)
	}
	if err := checkPolicy(out.String()); err != nil {
		return nil, fmt.Errorf("%s: file.html: %w", r.theme.name, err)
	}
	// html/template lets no data: URL through; text cannot hold the quotes.
	page := strings.NewReplacer(
		`src="`+filePicture+`"`, dataURL(p.Picture), `src="`+fileIssuerPicture+`"`, dataURL(p.IssuerPicture),
	).Replace(out.String())
	return bytes.ToValidUTF8([]byte(page), []byte("\uFFFD")), nil
}

// tryFile tries file.html without and with all of its data, as try does for
// pages.
func (r *Renderer) tryFile() error {
	full := FilePage{Credential: "{}", DIDDocument: "{}", StatusListDocument: "{}", AsOf: time.Unix(0, 0), Picture: []byte("x"), IssuerPicture: []byte("x")}
	fill(reflect.ValueOf(&full.AwardPage).Elem())
	for _, p := range []FilePage{{}, full} {
		if _, err := r.File(p); err != nil {
			return err
		}
	}
	return nil
}

func dataURL(svg []byte) string {
	return `src="data:image/svg+xml;base64,` + base64.StdEncoding.EncodeToString(svg) + `"`
}

// policyHash is the source expression of an inline element (Content Security
// Policy Level 3, "hash-source").
func policyHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// fileStyle is the theme's style sheet and what it adds for files.
func (t *theme) fileStyle() (string, error) {
	style, err := t.inline("style.css", "</style", "<!--")
	if err != nil {
		return "", err
	}
	more, err := t.inline("file.css", "</style", "<!--")
	return style + "\n" + more, err
}

// inline returns an asset's text as it may stand in an element.
func (t *theme) inline(name string, never ...string) (string, error) {
	asset, err := t.asset(name)
	if err != nil {
		return "", err
	}
	for _, a := range t.assets {
		if a.Path != asset.href {
			continue
		}
		// Browsers read CR LF as LF before they hash.
		text := strings.ReplaceAll(strings.ReplaceAll(string(a.Bytes), "\r\n", "\n"), "\r", "\n")
		for _, bad := range never {
			if strings.Contains(strings.ToLower(text), bad) {
				return "", fmt.Errorf("%s: assets/%s holds %q and cannot stand in a page", t.name, name, bad)
			}
		}
		return text, nil
	}
	return "", fmt.Errorf("no file assets/%s", name)
}
