package render

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"path"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

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
	// Documents is a JSON array of further ones, each a string: those with which
	// endorsements in the credential are judged.
	Documents string
	AsOf      time.Time
	// Picture and IssuerPicture are SVGs, as Picture gives them.
	Picture, IssuerPicture []byte
	// Pictures are those of Certificate, SVGs as well, by their Href.
	Pictures map[string][]byte

	// ---
	// Script is the theme's offline.js, with the words that it says and the
	// digests of what it takes from the page before it; Style is style.css with
	// file.css. ScriptHash and StyleHash are what a policy allows them by,
	// "sha256-…".
	Script                template.JS
	Style                 template.CSS
	ScriptHash, StyleHash string

	stands [][]byte // pictures, by the number in what stands for them
}

// stand puts a name in the place of a picture's address, until its bytes are; and
// nothing where it has none.
func (p *FilePage) stand(href *string, svg []byte) {
	if *href = ""; len(svg) > 0 {
		*href = fmt.Sprintf("laurel-picture-%d", len(p.stands))
		p.stands = append(p.stands, svg)
	}
}

// File writes a certificate that is a file.
//
// This is the one place where a script and a style sheet get into a page as
// they are. Both are files of the theme, never of the content, and are refused
// if they could end their element.
func (r *Renderer) File(p FilePage) ([]byte, error) {
	style, err := r.theme.fileStyle()
	if err != nil {
		return nil, err
	}
	p.stand(&p.Achievement.ImageHref, p.Picture)
	p.stand(&p.IssuedBy.ImageHref, p.IssuerPicture)
	p.Certificate.Signatories = slices.Clone(p.Certificate.Signatories)
	for _, shown := range p.Certificate.Pictured() {
		p.stand(&shown.Href, p.Pictures[shown.Href])
	}
	sheet, err := r.fileTemplate(&p, "certificate.html", &p.AwardPage)
	if err != nil {
		return nil, err
	}
	script, err := r.fileScript(&p, style, sheet)
	if err != nil {
		return nil, err
	}
	p.Script, p.ScriptHash = template.JS(script), policyHash(script)
	p.Style, p.StyleHash = template.CSS(style), policyHash(style)
	out, err := r.fileTemplate(&p, "file.html", &p)
	if err != nil {
		return nil, err
	}
	if err := checkPolicy(out); err != nil {
		return nil, fmt.Errorf("%s: file.html: %w", r.theme.name, err)
	}
	// html/template lets no data: URL through; text cannot hold the quotes.
	var pictures []string
	for i, svg := range p.stands {
		pictures = append(pictures, fmt.Sprintf(`src="laurel-picture-%d"`, i), `src="`+dataURL(svg)+`"`)
	}
	page := strings.NewReplacer(pictures...).Replace(out)
	return bytes.ToValidUTF8([]byte(page), []byte("\uFFFD")), nil
}

// fileTemplate fills in a template in the language of a certificate.
func (r *Renderer) fileTemplate(p *FilePage, name string, data any) (string, error) {
	local, err := r.localized(p.Language)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	err = r.template(&out, local, name, data)
	return out.String(), err
}

// A kit is what the script of an award's page makes such a file from, in one
// language, when its learner asks for all files: published once, since a file has
// four hundred kilobytes, and an award's own part of it is on its page.
type kit struct {
	// HTML is file.html with slots, such as laurel--sheet--, for what it is given.
	HTML string `json:"html"`
	// Data is that of the file's script, without what depends on the award.
	Data fileData `json:"data"`
	// Script and Style are where the rest of the script is, and the style sheet, seen
	// from the site's root.
	Script string `json:"script"`
	Style  string `json:"style"`
}

// kitName is the name in assets/ of a language's kit.
func kitName(language string) string { return "certificate-" + language + ".json" }

// addKits publishes a kit in each language that the theme has verdicts in, and the
// script and style sheet of all.
func (r *Renderer) addKits() error {
	script, err := r.theme.fileText("offline.js", "</script", "<!--")
	if err != nil {
		return err
	}
	style, err := r.theme.fileStyle()
	if err != nil {
		return err
	}
	r.theme.publish("certificate.js", []byte(script))
	r.theme.publish("certificate.css", []byte(style))
	for language, table := range r.theme.words {
		if len(words{text: table}.verdicts()) == 0 {
			continue
		}
		data, err := r.kit(language)
		if err != nil {
			return err
		}
		r.theme.publish(kitName(language), data)
	}
	return nil
}

func (r *Renderer) kit(language string) ([]byte, error) {
	slot := func(name string) string { return "laurel--" + name + "--" }
	asOf := time.Date(2000, 2, 29, 0, 0, 0, 0, time.UTC)
	p := FilePage{Credential: slot("credential"), DIDDocument: slot("did"), StatusListDocument: slot("list"), Documents: slot("documents"), AsOf: asOf,
		Script: template.JS(slot("script")), Style: template.CSS(slot("style")), ScriptHash: slot("script-hash"), StyleHash: slot("style-hash")}
	p.Language, p.Status.State, p.State, p.Take.VerifyURL = language, "valid", site.Unchecked, "https://"+slot("verify")
	sheet, err := r.fileTemplate(&p, "certificate.html", &p.AwardPage)
	if err != nil {
		return nil, err
	}
	html, err := r.fileTemplate(&p, "file.html", &p)
	if err != nil {
		return nil, err
	}
	k := kit{Data: r.fileData(&p), Script: r.theme.published["certificate.js"].href, Style: r.theme.published["certificate.css"].href,
		HTML: strings.NewReplacer(sheet, slot("sheet"), r.theme.wordsFor(language).Date(asOf), slot("date"), p.Take.VerifyURL, slot("verify")).Replace(html)}
	return json.Marshal(k, json.Deterministic(true))
}

// tryFile tries file.html without and with all of its data, as try does for
// pages.
func (r *Renderer) tryFile() error {
	full := FilePage{Credential: "{}", DIDDocument: "{}", StatusListDocument: "{}", Documents: "[]", AsOf: time.Unix(0, 0), Picture: []byte("x"), IssuerPicture: []byte("x")}
	fill(reflect.ValueOf(&full.AwardPage).Elem())
	for _, p := range []FilePage{{}, full} {
		if _, err := r.File(p); err != nil {
			return err
		}
	}
	return nil
}

func dataURL(svg []byte) string {
	return "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(svg)
}

// policyHash is the source expression of an inline element (Content Security
// Policy Level 3, "hash-source").
func policyHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// fileData is what a file's script has from where it came rather than from the
// page around it, which may have been changed: offline.ts says what of.
type fileData struct {
	Language string `json:"language"`
	Dir      string `json:"dir"`
	// Said is how the award stood when the file was made: the list has one bit for
	// what is revoked and what is suspended.
	Said     string            `json:"said"`
	Verifier map[string]string `json:"verifier"`
	File     map[string]string `json:"file"`
	Sheet    map[string]string `json:"sheet"`
	Style    string            `json:"style"`
	// Pictures are digests by what stands for them.
	Pictures map[string]string `json:"pictures"`
	// Markup is the sheet, which the script shows once it has judged the
	// credential; its pictures have names for addresses.
	Markup string `json:"markup"`
}

// sheetWords are the beginnings of the keys of what certificate.html says.
var sheetWords = []string{"award.", "certificate.", "credits.", "proof.", "record", "status.expired", "status.revoked", "status.suspended", "validity"}

// fileScript is the theme's script for files, with its data before it.
func (r *Renderer) fileScript(p *FilePage, style, sheet string) (string, error) {
	script, err := r.theme.fileText("offline.js", "</script", "<!--")
	if err != nil {
		return "", err
	}
	data := r.fileData(p)
	data.Style, data.Markup = textDigest(style), string(bytes.ToValidUTF8([]byte(sheet), []byte("\uFFFD")))
	data.Pictures = map[string]string{}
	for i, svg := range p.stands {
		data.Pictures[fmt.Sprintf("laurel-picture-%d", i)] = textDigest(dataURL(svg))
	}
	for i, text := range r.setTexts(p) {
		data.Sheet[fmt.Sprintf("set.%d", i)] = text
	}
	b, err := json.Marshal(data, json.Deterministic(true), jsontext.EscapeForHTML(true), jsontext.EscapeForJS(true))
	if err != nil {
		return "", fmt.Errorf("write the data of a file's script: %w", err)
	}
	return "const laurelFile = " + string(b) + ";\n" + script, nil
}

// setTexts are what a sheet says that its issuer set, and nobody signed.
func (r *Renderer) setTexts(p *FilePage) []string {
	c, w := p.Certificate, r.Words(p.Language)
	texts := []string{c.Caption, c.Partner.Name, c.Seal.Alt}
	say := func(key string, pairs ...any) {
		if text, err := w.Text(key, pairs...); err == nil {
			texts = append(texts, text)
		}
	}
	say("certificate.seal", "issuer", p.IssuedBy.Name)
	for _, s := range c.Signatories {
		texts = append(texts, s.Name, s.Title)
		say("certificate.signature", "name", s.Name)
	}
	return texts
}

// fileData is the data in the language of a certificate, without what depends on the
// award.
func (r *Renderer) fileData(p *FilePage) fileData {
	tag := cmp.Or(p.Language, fallback)
	w := r.theme.wordsFor(tag)
	data := fileData{
		Language: tag, Dir: direction(tag), Said: p.Status.State, Verifier: w.verdicts(), File: w.below("deliver.file."), Sheet: map[string]string{},
	}
	for key, text := range w.text {
		if slices.ContainsFunc(sheetWords, func(start string) bool { return strings.HasPrefix(key, start) }) {
			data.Sheet[key] = text
		}
	}
	return data
}

func textDigest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// fileStyle is the theme's style sheet and what it adds for files.
func (t *theme) fileStyle() (string, error) {
	asset, err := t.asset("style.css")
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(t.assets, func(a site.AssetFile) bool { return a.Path == asset.href })
	style, err := t.inline("assets/style.css", t.assets[at].Bytes, "</style", "<!--")
	if err != nil {
		return "", err
	}
	for _, a := range t.assets { // drawings that it names stand in it
		if strings.HasSuffix(a.Path, ".svg") {
			style = strings.ReplaceAll(style, path.Base(a.Path), dataURL(a.Bytes))
		}
	}
	more, err := t.fileText("file.css", "</style", "<!--")
	return style + "\n" + more, err
}

// fileText returns the text of a file in file/ as it may stand in an element.
func (t *theme) fileText(name string, never ...string) (string, error) {
	data, ok := t.file[name]
	if !ok {
		return "", fmt.Errorf("no file file/%s", name)
	}
	return t.inline("file/"+name, data, never...)
}

// inline returns a text as it may stand in an element. Browsers read CR LF as LF
// before they hash.
func (t *theme) inline(name string, data []byte, never ...string) (string, error) {
	text := strings.ReplaceAll(strings.ReplaceAll(string(data), "\r\n", "\n"), "\r", "\n")
	for _, bad := range never {
		if strings.Contains(strings.ToLower(text), bad) {
			return "", fmt.Errorf("%s: %s holds %q and cannot stand in a page", t.name, name, bad)
		}
	}
	return text, nil
}
