package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/keys"
	"laurel/internal/issuing/ledger"
	"laurel/internal/publishing/render"
	"laurel/internal/publishing/site"
	"laurel/internal/testing/interop"
)

// pageScripts is where the code of the claim page is.
const pageScripts = "../../themes/default/src"

// signedAcademy is the sample academy, signed, with one award revoked and one
// suspended, open for reading.
func signedAcademy(t *testing.T) (*model.Site, *ledger.Ledger) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "content"), os.DirFS("../../content")); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "content/ledger")); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.New(filepath.Join(dir, "keys"), "key-2026-1", keys.Ed25519, []byte("made up for tests"), time.Now().Add(-time.Hour), keys.Options{Iterations: 1000}); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"sign"},
		{"revoke", "food-2026/food-handler/food-01", "--reason", "issued by mistake", "--publish-reason"},
		{"suspend", "welding-spring-2026/mig-welding-1/hong-gildong", "--reason", "under review"},
		{"sign"},
	} {
		var out, errs strings.Builder
		env := Environment{Args: args, Dir: dir, Stdout: &out, Stderr: &errs, Lookup: variables(map[string]string{"LAUREL_PASSPHRASE": "made up for tests"})}
		if code := Main(t.Context(), env); code != 0 {
			t.Fatalf("laurel %v: exit %d\n%s%s", args, code, &out, &errs)
		}
	}
	a := &app{dir: dir}
	content, l, err := a.inputs()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return content, l
}

// viewQuestion and viewAnswer are as template.mjs describes them.
type viewQuestion struct {
	Bundle  json.RawMessage `json:"bundle,omitempty"`
	As      string          `json:"as,omitempty"`
	View    string          `json:"view,omitempty"`
	Context *viewContext    `json:"context,omitempty"`
	With    string          `json:"with,omitempty"`
}

// viewContext is what a page tells awardView beside the credential.
type viewContext struct {
	Base         string            `json:"base"`
	Root         string            `json:"root"`
	Path         string            `json:"path"`
	Language     string            `json:"language"`
	Share        string            `json:"share"`
	Sealed       bool              `json:"sealed"`
	Status       map[string]any    `json:"status"`
	Files        map[string]string `json:"files"`
	Achievements map[string]string `json:"achievements"`
	Nav          []site.Link       `json:"nav"`
}

type viewAnswer struct {
	Data  map[string]any `json:"data"`
	HTML  string         `json:"html"`
	Error string         `json:"error"`
}

// askForViews has the code of the claim page make and draw views.
func askForViews(t *testing.T, questions []viewQuestion) []viewAnswer {
	t.Helper()
	if err := interop.Install(t.Context(), pageScripts); err != nil {
		t.Fatal(err)
	}
	var in, out, errs bytes.Buffer
	lines := json.NewEncoder(&in)
	for _, q := range questions {
		if err := lines.Encode(q); err != nil {
			t.Fatal(err)
		}
	}
	node := exec.CommandContext(t.Context(), "node", "tools/template.mjs")
	node.Dir, node.Stdin, node.Stdout, node.Stderr = pageScripts, &in, &out, &errs
	if err := node.Run(); err != nil {
		t.Fatalf("node template.mjs: %v\n%s", err, errs.Bytes())
	}
	var answers []viewAnswer
	for d := json.NewDecoder(&out); d.More(); {
		var a viewAnswer
		if err := d.Decode(&a); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
	if len(answers) != len(questions) {
		t.Fatalf("%d answers to %d questions", len(answers), len(questions))
	}
	return answers
}

// viewData is a page as awardView gives it: the fields of what is embedded are
// also the page's own.
func viewData(v reflect.Value) any {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		return map[string]any{"$time": float64(v.Interface().(time.Time).UnixMilli())}
	case v.Kind() == reflect.Pointer && v.IsNil():
		return nil
	case v.Kind() == reflect.Pointer:
		return viewData(v.Elem())
	case v.Kind() == reflect.Slice:
		list := []any{}
		for i := range v.Len() {
			list = append(list, viewData(v.Index(i)))
		}
		return list
	case v.Kind() == reflect.Struct:
		fields := map[string]any{}
		for _, f := range reflect.VisibleFields(v.Type()) {
			fields[f.Name] = viewData(v.FieldByIndex(f.Index))
		}
		return fields
	}
	return v.Interface()
}

// contextOf is what a page knows of a page that Go has made.
func contextOf(content *model.Site, page *site.AwardPage) *viewContext {
	c := &viewContext{Base: content.URL(""), Root: page.Root, Path: page.Path, Language: content.Languages[0], Nav: page.Nav,
		Status: map[string]any{"State": page.Status.State, "Reason": page.Status.Reason, "ReplacedHref": page.Status.ReplacedHref},
		Files: map[string]string{"credential.json": page.CredentialHref, "badge.png": page.BadgePNGHref,
			"badge.svg": page.BadgeSVGHref, "credential.jwt": page.JWTHref},
		Achievements: map[string]string{},
	}
	if !page.Status.Since.IsZero() {
		c.Status["Since"] = page.Status.Since
	}
	for _, a := range content.Achievements {
		c.Achievements[a.Slug] = a.Name
	}
	return c
}

// articleOf is what a page has of parts/award.html, without the QR codes, whose
// makers may choose different masks.
func articleOf(html string) string {
	_, article, _ := strings.Cut(html, `<article class="wrap award`)
	article, _, _ = strings.Cut(article, "</article>")
	code := regexp.MustCompile(`(<svg class="qr" viewBox=")[^"]*("[^>]*>.*?<path fill-rule="evenodd" d=")[^"]*"`)
	return code.ReplaceAllString(article, `$1$2"`)
}

// viewTest collects pages that Go has made, with what the scripts are told.
type viewTest struct {
	renderer  *render.Renderer
	questions []viewQuestion
	names     []string
	pages     []*site.AwardPage
	articles  []string
}

func (v *viewTest) bundle(t *testing.T, language string) {
	t.Helper()
	b, err := v.renderer.BrowserTemplate(language)
	if err != nil {
		t.Fatal(err)
	}
	v.ask("bundle "+language, viewQuestion{Bundle: b, As: language}, nil, "")
}

// add adds a page, to be drawn in a language.
func (v *viewTest) add(t *testing.T, name, language string, page *site.AwardPage, document []byte, c *viewContext) {
	t.Helper()
	shown := *page
	shown.Language = language
	var html bytes.Buffer
	if err := v.renderer.Page(&html, &shown); err != nil {
		t.Fatal(err)
	}
	v.ask(name, viewQuestion{View: string(document), Context: c, With: language}, page, articleOf(html.String()))
}

func (v *viewTest) ask(name string, q viewQuestion, page *site.AwardPage, article string) {
	v.questions, v.names = append(v.questions, q), append(v.names, name)
	v.pages, v.articles = append(v.pages, page), append(v.articles, article)
}

// compare asks for all, and wants the same fields and the same HTML.
func (v *viewTest) compare(t *testing.T) {
	t.Helper()
	for i, got := range askForViews(t, v.questions) {
		switch page := v.pages[i]; {
		case got.Error != "":
			t.Errorf("%s: %s", v.names[i], got.Error)
		case page == nil:
		default:
			want := viewData(reflect.ValueOf(page)).(map[string]any)
			for field := range want {
				if !reflect.DeepEqual(want[field], got.Data[field]) {
					t.Errorf("%s: %s\nwant %.300v\ngot  %.300v", v.names[i], field, want[field], got.Data[field])
				}
			}
			if len(got.Data) != len(want) {
				t.Errorf("%s: %d fields, want %d", v.names[i], len(got.Data), len(want))
			}
			if article := articleOf(got.HTML); article != v.articles[i] || article == "" {
				at := 0
				for at < min(len(article), len(v.articles[i])) && article[at] == v.articles[i][at] {
					at++
				}
				t.Errorf("%s: HTML differs at byte %d\nwant %.160q\ngot  %.160q", v.names[i], at, v.articles[i][at:], article[at:])
			}
		}
	}
}

// TestAwardView has the code of the claim page make the view of every public
// award of the sample academy, of sealed and private ones, and of hostile
// credentials, and draw it in each of the theme's languages: the fields and the
// HTML must be those of laurel build, byte for byte.
func TestAwardView(t *testing.T) {
	content, l := signedAcademy(t)
	renderer, err := render.New(nil, os.DirFS("../../content/images"), render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := planSite(content, l, renderer)
	if err != nil {
		t.Fatal(err)
	}
	v := &viewTest{renderer: renderer}
	languages := []string{"en", "en-US", "de", "es", "fr", "ar"}
	for _, language := range languages {
		v.bundle(t, language)
	}
	document := l.MainDocument
	states := map[string]int{}
	var richest []byte
	var richestPage site.Output
	n := 0
	for _, o := range p.Outputs {
		if o.Kind != site.Page || o.Record == nil {
			continue
		}
		b, err := document(o.Record)
		if err != nil {
			t.Fatal(err)
		}
		page, err := p.AwardPage(o, b)
		if err != nil {
			t.Fatal(err)
		}
		states[page.Status.State]++
		for _, language := range languages {
			v.add(t, o.Record.Award+" in "+language, language, page, b, contextOf(content, page))
		}
		if n++; len(b) > len(richest) {
			richest, richestPage = b, o
		}
	}
	if n < 20 || states["valid"] == 0 || states["revoked"] == 0 || states["suspended"] == 0 {
		t.Fatalf("the sample has %d public awards, in states %v", n, states)
	}
	for _, language := range languages {
		v.hostile(t, content, p, richestPage, richest, language)
	}
	v.sealed(t, content, p, l)
	v.compare(t)
	t.Logf("%d views are the same", len(v.questions)-len(languages))
}

// sealed adds awards of each visibility as their learners' files show them.
func (v *viewTest) sealed(t *testing.T, content *model.Site, p *site.Plan, l *ledger.Ledger) {
	t.Helper()
	share := content.URL("claim/") + "#00000000000000000000000000000000." + strings.Repeat("A", 43)
	seen := map[string]int{}
	for rec := range l.State().Records() {
		for _, link := range []string{"", share} {
			if key := rec.Visibility + link; rec.Visibility != string(model.Public) && seen[key] < 4 {
				seen[key]++
				v.forms(t, content, p, l, rec, link, seen)
			}
		}
	}
	if len(seen) < 4 {
		t.Errorf("only awards and forms of these kinds are sealed: %v", seen)
	}
}

// forms adds each form of an award that was signed.
func (v *viewTest) forms(t *testing.T, content *model.Site, p *site.Plan, l *ledger.Ledger, rec *ledger.Record, link string, seen map[string]int) {
	t.Helper()
	documents, err := l.Documents(rec)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range documents {
		if d.Document.Kind() != '{' {
			continue // a JWT
		}
		seen["form "+d.Variant]++
		page, err := p.PackagePage(rec, cmp.Or(d.Variant, string(model.Full)), d.Document, link)
		if err != nil {
			t.Fatal(err)
		}
		c := contextOf(content, page)
		c.Share, c.Sealed = link, true
		v.add(t, "sealed "+rec.Award+" "+d.Variant, "de", page, d.Document, c)
	}
}

// hostile adds credentials with something hostile in every text that is the
// award's.
func (v *viewTest) hostile(t *testing.T, content *model.Site, p *site.Plan, o site.Output, document []byte, language string) {
	t.Helper()
	for i, text := range hostileTexts() {
		if i%6 != slices.Index([]string{"en", "en-US", "de", "es", "fr", "ar"}, language) {
			continue
		}
		for _, members := range []string{"all", "some", "none"} {
			b := hostileCredential(t, document, text, members)
			page, err := p.AwardPage(o, b)
			if err != nil {
				t.Fatalf("hostile %.40q, %s: %v", text, members, err)
			}
			v.add(t, fmt.Sprintf("hostile %.40q, %s", text, members), language, page, b, contextOf(content, page))
		}
	}
}

// hostileTexts are what a hostile issuer could sign.
func hostileTexts() []string {
	return []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `</article></main><base href="https://example.com/">`,
		`javascript:alert(1)`, `JaVaScRiPt:alert(1)`, "java\tscript:alert(1)", `data:text/html,<script>alert(1)</script>`, `vbscript:x`, `//example.com/x`,
		`https://example.com/"onclick="x`, `https://user@example.com/`, `https://example.com/%zz`, `https://example.com/ü?ü=%20#ü`, `http://[::1]:80/`, `mailto:a@example.org`,
		"\u202eevil\u2066 שלום مرحبا", "\u0000\u0001\u0008\u001f\u007f\u0085\u2028\u2029\ufeff\ufffe", "{{.Issuer}} {t} {n} } { {{end}} ${x} %s %41 %", "+ADw-script+AD4-", "]]>--><!-- x",
		"[x](javascript:alert(1)) <javascript:alert(1)> ![x](https://example.com/x.png) [y](https://example.com/)", "```\" onclick=x\n<x>\n```\n\n| a |\n|---|\n| <b> |",
		strings.Repeat("*a ", 100), strings.Repeat("> ", 100) + "x", strings.Repeat("[", 100) + "x" + strings.Repeat("](https://example.org/)", 100), strings.Repeat("**a *b ", 100), strings.Repeat("- ", 20) + "x",
		"CertificateOfCompletionOfESCOSkill", "ext:ÄrztlicheFähigkeitOfABC:x", "\\u0041\\\"\\\\ \" \\", strings.Repeat("x", 40_000), "王小明 😀 \U0001F469\u200D\U0001F52C", "a\r\nb\n\nc", " \t ", "",
	}
}

// hostileCredential puts a text in the place of every text of a credential that
// an award page takes from it: in all, in every other one, or in none, but
// leaving out the members that may be left out.
func hostileCredential(t *testing.T, document []byte, text, members string) []byte {
	t.Helper()
	var c map[string]any
	if err := json.Unmarshal(document, &c); err != nil {
		t.Fatal(err)
	}
	c["evidence"] = []any{map[string]any{"id": text, "type": []any{"Evidence"}, "name": "n", "narrative": "n", "genre": "g", "audience": "a", "description": "d"}}
	subject := c["credentialSubject"].(map[string]any)
	subject["id"], subject["narrative"], subject["role"], subject["term"], subject["licenseNumber"] = text, "n", "r", "t", "l"
	subject["source"] = map[string]any{"id": "urn:x", "type": []any{"Profile"}, "name": "s"}
	subject["identifier"] = []any{map[string]any{"type": "IdentityObject", "hashed": false, "identityHash": "i", "identityType": "name"}}
	subject["creditsEarned"] = json.Number([]string{"1e21", "1.5e-9", "0", "-0.0", "123456789012345678", "1e300", "0.1"}[len(text)%7])
	achievement := subject["achievement"].(map[string]any)
	achievement["criteria"] = map[string]any{"id": text, "narrative": "c"}
	achievement["alignment"] = []any{map[string]any{"type": []any{"Alignment"}, "targetName": "", "targetUrl": text, "targetCode": "c", "targetFramework": "f", "targetDescription": "d", "targetType": "ext:X"}}
	achievement["related"] = []any{map[string]any{"id": text, "type": []any{"Related"}}, map[string]any{"id": "https://example.com/" + text, "type": []any{"Related"}}}
	achievement["resultDescription"] = []any{map[string]any{"id": "urn:r", "type": []any{"ResultDescription"}, "name": "n", "resultType": "RubricCriterionLevel", "requiredLevel": "urn:l", "valueMin": "0", "valueMax": "9", "allowedValue": []any{"a", text},
		"rubricCriterionLevel": []any{map[string]any{"id": "urn:l", "type": []any{"RubricCriterionLevel"}, "name": "n", "description": "d", "level": "l", "points": "p"}}}}
	subject["result"] = []any{map[string]any{"type": []any{"Result"}, "resultDescription": "urn:r", "achievedLevel": "urn:l", "status": "s"}, map[string]any{"type": []any{"Result"}, "value": text}}
	achievement["creditsAvailable"], achievement["tag"], achievement["creator"] = json.Number("-7.25e3"), []any{text, "b", text}, map[string]any{"id": "urn:x", "type": []any{"Profile"}, "name": text}
	for _, name := range []string{"fieldOfStudy", "specialization", "humanCode", "version"} {
		achievement[name] = name
	}
	if members == "none" {
		for _, name := range []string{"evidence", "awardedDate", "validUntil", "credentialStatus"} {
			delete(c, name)
		}
		c["credentialSubject"] = map[string]any{"type": subject["type"], "achievement": map[string]any{"id": achievement["id"], "type": achievement["type"], "image": achievement["image"], "name": text}}
	} else {
		count := 0
		replaceTexts(c, func() (string, bool) { count++; return text, members == "all" || count%2 == 0 })
	}
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// replaceTexts replaces the texts below a value, but for ids, types, dates, and
// what a page takes from elsewhere: the issuer, the picture, the proof.
func replaceTexts(value any, text func() (string, bool)) {
	kept := []string{"@context", "id", "type", "issuer", "proof", "image", "inLanguage", "identityType", "achievedLevel", "requiredLevel", "targetUrl"}
	replaced := func(v any) any {
		if _, ok := v.(string); ok {
			if s, ok := text(); ok {
				return s
			}
			return v
		}
		replaceTexts(v, text)
		return v
	}
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			_, isText := value[name].(string)
			date := strings.Contains(name, "Date") || strings.HasPrefix(name, "valid") || strings.HasPrefix(name, "statusList")
			if !slices.Contains(kept, name) && !date && (name != "resultDescription" || !isText) {
				value[name] = replaced(value[name])
			}
		}
	case []any:
		for i, v := range value {
			value[i] = replaced(v)
		}
	}
}
