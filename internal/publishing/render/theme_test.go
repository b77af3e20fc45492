package render

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/image/font/gofont/gomono"

	"laurel/internal/material/hint"
	"laurel/internal/material/picture"
	"laurel/internal/material/tone"
	"laurel/internal/publishing/site"
	"laurel/themes"
)

// head is the least that the policy asks of a theme's page.
const head = `<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'"><title>x</title></head>`

func files(pairs ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

// TestBuiltInThemesTried tries the templates of the themes that laurel brings along,
// which New need not do.
func TestBuiltInThemesTried(t *testing.T) {
	for _, name := range append(themes.Names(), "") {
		o := Options{}
		o.BuiltIn, _ = themes.Open(name)
		r, err := New(nil, nil, o)
		if err == nil {
			err = r.tryAll()
		}
		if err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestThemeOverlay(t *testing.T) {
	custom := files(
		"templates/text.html", head+`<body><h1>{{.Title}}</h1>{{template "parts/mine.html" .}}{{t "mine"}} {{t "skip"}}</body></html>`,
		"templates/parts/mine.html", `<p>{{t "notfound"}}</p>`,
		"templates/parts/foot.html", "</main><footer>My own foot</footer></body></html>",
		"strings/en.json", `{"mine": "My words", "verify": "Is it real?"}`,
		"assets/img/dot.png", "not really",
		"README.md", "of no concern", "src/x.ts", "neither",
	)
	r, err := New(custom, nil, Options{ThemeName: "themes/mine"})
	if err != nil {
		t.Fatal(err)
	}
	text := render(t, r, sampleText())
	if !strings.Contains(text, "<p>Page not found</p>My words Skip to content") {
		t.Errorf("own template not used, or without its parts and words:\n%s", text)
	}
	award := render(t, r, sampleAward())
	for _, want := range []string{"My own foot", `<h3 id="verify">Is it real?</h3>`, "Amina Yusuf-Lindqvist"} {
		if !strings.Contains(award, want) {
			t.Errorf("award page lacks %q", want)
		}
	}
	var paths []string
	for _, asset := range r.Assets() {
		if ext := path.Ext(asset.Path); ext != ".js" && ext != ".txt" && !strings.HasPrefix(asset.Path, "assets/certificate-") && !strings.HasPrefix(asset.Path, "assets/frame-") { // those of the default theme
			paths = append(paths, path.Dir(asset.Path)+"/"+ext)
		}
	}
	if got, want := strings.Join(paths, " "), "assets/img/.png assets/.css"; got != want {
		t.Errorf("assets %s, want %s", got, want)
	}
}

func TestThemeWithoutTemplatesIsTheDefault(t *testing.T) {
	r, err := New(files("README.md", "nothing yet"), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	plain := newTest(t)
	if r.Digest() != plain.Digest() {
		t.Error("digest differs")
	}
	for name, page := range samples() {
		if render(t, r, page) != render(t, plain, page) {
			t.Errorf("%s differs", name)
		}
	}
}

func TestThemeErrors(t *testing.T) {
	for _, c := range []struct {
		name  string
		theme fstest.MapFS
		want  string
	}{
		{"unclosed", files("templates/award.html", "a\nb\n{{if .Title}}x"), "read theme: themes/mine: templates/award.html:3: "},
		{"syntax", files("templates/parts/qr.html", "\n{{ .A ) }}"), "read theme: themes/mine: templates/parts/qr.html:2: "},
		{"unknown-function", files("templates/text.html", "\n\n{{shout .Title}}"), `read theme: themes/mine: templates/text.html:3: function "shout" not defined`},
		{"unknown-field", files("templates/text.html", head+"\n\n{{.Titel}}"), "read theme: themes/mine: templates/text.html:3:2: "},
		{"unknown-field-in-rare-branch", files("templates/parts/evidence.html", "{{range .}}\n{{with .Genre}}{{$.Nothing}}{{end}}{{end}}"), "read theme: themes/mine: templates/parts/evidence.html:2:"},
		{"unknown-field-of-revoked", files("templates/award.html", head+"\n{{if eq .Status.State \"revoked\"}}{{.Nothing}}{{end}}"), "read theme: themes/mine: templates/award.html:2:"},
		{"unknown-part", files("templates/text.html", head+"\n{{template \"parts/none.html\"}}"), "read theme: themes/mine: templates/text.html:2:"},
		{"unknown-word", files("templates/text.html", head+"\n{{t \"no-such\"}}"), "read theme: themes/mine: templates/text.html:2:2: "},
		{"unknown-asset", files("templates/text.html", head+"\n{{asset \"no.css\"}}"), "no file assets/no.css"},
		{"unsafe-place", files("templates/text.html", head+"\n<script>{{if .Title}}'{{end}}</script>"), "read theme: themes/mine: templates/text.html:2:"},
		{"no-policy", files("templates/text.html", "<html><head><title>x</title></head></html>"), "themes/mine: page text: <head> does not start with"},
		{"policy-not-first", files("templates/text.html", "<html><head><script></script>"+head), "themes/mine: page text: <head> does not start with"},
		{"loose-policy", files("templates/text.html", strings.Replace(head, "style-src 'self'", "style-src 'unsafe-inline'", 1)), "themes/mine: page text: the Content-Security-Policy"},
		{"string-table-not-json", files("strings/de.json", "{\n \"a\": \"b\",\n \"a\": \"c\"}"), "themes/mine: strings/de.json:3: "},
		{"string-table-nested", files("strings/de.json", "{\n \"a\": {}}"), "themes/mine: strings/de.json:2: "},
		{"template-name", files("templates/text.tmpl", ""), "templates/text.tmpl: a template's name ends in .html"},
		{"large", files("assets/x.bin", strings.Repeat("x", maxThemeFile+1)), "assets/x.bin: larger than"},
		{"import-of-nothing", files("assets/style.css", "a{}\n@import \"bsae.css\";"), `themes/mine: assets/style.css:2: @import "bsae.css";: there is no such file`},
		{"import-of-imports", files("assets/base.css", "@import \"text.css\";"), `assets/style.css:5: @import "base.css";: that file imports others itself`},
		{"link", fstest.MapFS{"assets/x.css": {Mode: 0o777 | 1<<27}}, "assets/x.css: not a regular file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := New(c.theme, nil, Options{ThemeName: "themes/mine"})
			if err == nil {
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %q lacks %q", err, c.want)
			}
		})
	}
	for template, want := range map[string]string{
		"{{.Titel}}":                         `did you mean "Title"?`,
		"{{.Issuer.Nmae}}":                   `did you mean "Name"?`,
		"{{range .Nav}}{{.Lable}}{{end}}":    `did you mean "Label"?`,
		"{{range .Nav}}{{.Whatever}}{{end}}": "there are Current, Href, Label, Language",
		"{{markdwn .Markdown 2}}":            `did you mean "markdown"?`,
		`{{template "parts/haed.html" .}}`:   `did you mean "parts/head.html"?`,
		`{{asset "stile.css"}}`:              `did you mean "style.css"?`,
		`{{t "verifyer"}}`:                   `did you mean "verifier"?`,
	} {
		_, err := New(files("templates/text.html", head+"\n"+template), nil, Options{ThemeName: "themes/mine"})
		if err == nil || !strings.Contains(err.Error(), "themes/mine: templates/text.html:2") || hint.Of(err) != want {
			t.Errorf("%s: %v; %s", template, err, hint.Of(err))
		}
	}
	_, err := New(files("templates/award.html", "{{if}}"), nil, Options{})
	var mistake *TemplateError
	if !errors.As(err, &mistake) || mistake.File != "templates/award.html" || mistake.Theme != "theme" {
		t.Errorf("%#v", err)
	}
}

func TestAssets(t *testing.T) {
	name := regexp.MustCompile(`^assets/[a-z]+(-camera|-rare|-markdown|-many|-classic|-modern|-portrait|(-[a-z]{2}){1,2}|\.LICENSES)?-[0-9a-f]{8}\.(css|js|json|svg|txt)$`)
	r := newTest(t)
	languages := []string{"ar", "de", "en", "en-us", "es", "fr", "hi", "pt", "uk", "zh"}
	// All style sheets of the default theme are parts of style.css.
	files, err := fs.Glob(themes.Default(), "assets/*")
	styles, _ := fs.Glob(themes.Default(), "assets/*.css")
	if err != nil || len(r.Assets()) != len(files)-len(styles)+1+2*len(languages)+2+len((Look{}).frames()) {
		t.Errorf("%d assets of %d files, %v", len(r.Assets()), len(files), err)
	}
	for tag, want := range map[string]string{"de": "de", "de-CH": "de", "en-US": "en-us", "en-AU": "en", "pl": "en", "": "en", "FR-be": "fr"} {
		if got := r.theme.inLanguage(verdictsName, tag); got != "verdicts-"+want+".js" {
			t.Errorf("the verdicts of %q are %s", tag, got)
		}
	}
	for _, asset := range r.Assets() {
		if !name.MatchString(asset.Path) {
			t.Errorf("name %s", asset.Path)
		}
		if regexp.MustCompile(`^assets/(ver|claim|choose|check|award|certificate)`).MatchString(asset.Path) {
			continue // these name contexts, or say what an address looks like; their page's policy and browser tests see to what it asks for
		}
		if foreign := regexp.MustCompile(`https?://|@import`).Find(bytes.ReplaceAll(asset.Bytes, []byte("http://www.w3.org/2000/svg"), nil)); foreign != nil {
			t.Errorf("%s asks elsewhere: %s", asset.Path, foreign)
		}
	}
}

func TestStyleSheetNamesAssetsAsPublished(t *testing.T) {
	r, err := New(files(
		"assets/css/a.css", `a { background: url(../img/x.png) } b { background: url("y.svg") } c { background: url(data:,) } d { background: url(none.png) }`,
		"assets/img/x.png", "x", "assets/css/y.svg", "y",
	), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, asset := range r.Assets() {
		if strings.HasPrefix(asset.Path, "assets/css/a-") {
			want := `a { background: url("../img/x-2d711642.png") } b { background: url("../css/y-a1fce436.svg") } c { background: url(data:,) } d { background: url(none.png) }`
			if string(asset.Bytes) != want {
				t.Errorf("got  %s\nwant %s", asset.Bytes, want)
			}
			return
		}
	}
	t.Error("no css/a")
}

// TestStyle: the style sheet begins with the colours of the theme, and ends with what a
// site adds; one of its own is all there is.
func TestStyle(t *testing.T) {
	style := func(custom fs.FS, look Look) string {
		t.Helper()
		r, err := New(custom, nil, Options{Look: look})
		if err != nil {
			t.Fatal(err)
		}
		asset, err := r.theme.asset("style.css")
		if err != nil {
			t.Fatal(err)
		}
		return string(r.Assets()[slices.IndexFunc(r.Assets(), func(a site.AssetFile) bool { return a.Path == asset.href })].Bytes)
	}
	own := style(nil, Look{})
	for _, want := range []string{"  --paper: #faf9f5;", "    --paper: #111513;", "  --accent-soft: #e6f3ed;", "  --c-accent: #17614a;", ".site-header {", "  --headings: \"Iowan Old Style\""} {
		if !strings.Contains(own, want) {
			t.Errorf("no %s", want)
		}
	}
	// What a rule names is there, and no part has colours that a theme cannot change.
	whole := own + string(newTest(t).theme.file["file.css"])
	for _, m := range regexp.MustCompile(`var\((--[a-z0-9-]+)`).FindAllStringSubmatch(whole, -1) {
		if !strings.Contains(whole, m[1]+":") {
			t.Errorf("nothing gives %s a value", m[1])
		}
	}
	_, parts, _ := strings.Cut(whole, "/* Type, spaces")
	for _, m := range regexp.MustCompile(`(?:color|background|border[a-z-]*|fill|stroke): ?[^;}]*(#[0-9a-f]{3,8}\b)`).FindAllStringSubmatch(parts, -1) {
		if m[1] != "#fff" && m[1] != "#000" { // of codes to scan
			t.Errorf("a rule has a colour of its own: %s", m[0])
		}
	}
	blue := style(files("assets/extra.css", "h1 { color: red }"), Look{Accent: tone.Hex(0x1f4e8c), Paper: tone.Hex(0xffffff), Headings: "Georgia", Text: "Arial, sans-serif"})
	for _, want := range []string{"  --accent: #1f4e8c;", "  --paper: #ffffff;", "  --headings: Georgia, \"Iowan", "  --sans: Arial, sans-serif;"} {
		if !strings.Contains(blue, want) {
			t.Errorf("no %s", want)
		}
	}
	if !strings.HasSuffix(blue, "}\n\nh1 { color: red }") {
		t.Error("extra.css is not at the end")
	}
	if got := style(files("assets/style.css", "@import \"tokens.css\";\na { color: var(--accent) }\n", "assets/extra.css", "b{}"), Look{}); !strings.HasPrefix(got, "/* Made by") || !strings.HasSuffix(got, "}\na { color: var(--accent) }\n\nb{}") {
		t.Errorf("a style sheet of its own became %s", got)
	}
	if got := style(files("assets/catalogue.css", "/* mine */"), Look{}); !strings.Contains(got, "/* mine */") || strings.Contains(got, ".hero") || !strings.Contains(got, ".site-header {") {
		t.Error("one part is not replaced")
	}
}

func TestDigestTellsThemesApart(t *testing.T) {
	seen := map[[32]byte]string{newTest(t).Digest(): "default"}
	for name, custom := range map[string]fstest.MapFS{
		"template": files("templates/parts/x.html", "x"),
		"asset":    files("assets/x", "x"),
		"word":     files("strings/de.json", `{"x": "y"}`),
		"language": files("strings/nl.json", `{"x": "y"}`),
		"longer":   files("assets/xx", ""),
	} {
		r, err := New(custom, nil, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[r.Digest()]; ok {
			t.Errorf("%s and %s have one digest", name, other)
		}
		seen[r.Digest()] = name
	}
}

// TestPagesRepeat: the same page is the same bytes, from one renderer or two,
// whatever was rendered in between and at the same time.
func TestPagesRepeat(t *testing.T) {
	first, second := newTest(t), newTest(t)
	want := map[string]string{}
	for name, page := range samples() {
		want[name] = render(t, first, page)
	}
	t.Run("parallel", func(t *testing.T) {
		for range 8 {
			t.Run("worker", func(t *testing.T) {
				t.Parallel()
				for name, page := range samples() {
					if render(t, second, page) != want[name] {
						t.Errorf("%s differs", name)
					}
				}
			})
		}
	})
}

type stranger struct{}

func TestUnknownPage(t *testing.T) {
	var out bytes.Buffer
	err := newTest(t).Page(&out, stranger{})
	if err == nil || out.Len() > 0 {
		t.Errorf("error %v, wrote %q", err, out.String())
	}
}

// TestFailedPageWritesNothing: a page that fails half way is not half written.
func TestFailedPageWritesNothing(t *testing.T) {
	page := sampleAward()
	page.Take.VerifyURL = "https://academy.example.org/" + strings.Repeat("x", 3000) // no QR code holds this
	var out bytes.Buffer
	err := newTest(t).Page(&out, page)
	if err == nil || !strings.Contains(err.Error(), "QR code") || !strings.Contains(err.Error(), page.Path) {
		t.Errorf("error %v", err)
	}
	if out.Len() > 0 {
		t.Errorf("wrote %d bytes", out.Len())
	}
}

// TestRoot: links of one page are all relative, but the canonical one and those
// to other sites; those of the 404 page start at the host.
func TestRoot(t *testing.T) {
	r := newTest(t)
	if html := render(t, r, sampleAward()); !strings.Contains(html, `<link rel="stylesheet" href="../../assets/style-`) {
		t.Error("style sheet not found from awards/<uuid>/")
	}
	page := sampleNotFound()
	page.Root, page.Base = "/academy/", "/academy/"
	html := render(t, r, page)
	if !strings.Contains(html, `href="/academy/assets/style-`) || !strings.Contains(html, `<a class="button button-main" href="/academy/">`) {
		t.Error("404 page does not link from the host")
	}
	if !strings.Contains(html, `<meta name="robots" content="noindex">`) || strings.Contains(html, "canonical") {
		t.Error("404 page is to be found")
	}
}

func BenchmarkAwardPage(b *testing.B) {
	r := newTest(b)
	page := sampleAward()
	var out bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		if err := r.Page(&out, page); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(out.Len()), "page-bytes")
}

// BenchmarkAwardPageWithoutQRCode is what the templates cost.
func BenchmarkAwardPageWithoutQRCode(b *testing.B) {
	r := newTest(b)
	page := sampleAward()
	page.Canonical = ""
	var out bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		if err := r.Page(&out, page); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkQRCode(b *testing.B) {
	url := sampleAward().Canonical
	b.ReportAllocs()
	for b.Loop() {
		if _, err := picture.NewQRCode(url); err != nil {
			b.Fatal(err)
		}
	}
}

// TestDigestHoldsFonts: pages name pictures that are drawn in them.
func TestDigestHoldsFonts(t *testing.T) {
	digests := map[[32]byte]bool{}
	for _, theme := range []fstest.MapFS{{}, {"fonts/regular.ttf": {Data: gomono.TTF}}, {"fonts/regular.ttf": {Data: []byte("GIF89a")}}, {"fonts/deep/other.ttf": {Data: gomono.TTF}}} {
		r, err := New(theme, nil, Options{})
		if err != nil {
			t.Fatal(err)
		}
		digests[r.Digest()] = true
	}
	if len(digests) != 4 {
		t.Errorf("four themes have %d digests", len(digests))
	}
}
