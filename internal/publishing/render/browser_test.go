package render

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/skip2/go-qrcode"

	"laurel/internal/material/markdown"
	"laurel/internal/material/picture"
	"laurel/internal/publishing/site"
	"laurel/internal/testing/interop"
)

// scripts is where the code of the claim page is, with a way to run it in Node.
const scripts = "../../../themes/default/src"

// question and answer are as template.mjs describes them.
type question struct {
	Bundle   json.RawMessage `json:"bundle,omitempty"`
	As       string          `json:"as,omitempty"`
	Draw     string          `json:"draw,omitempty"`
	Data     any             `json:"data,omitempty"`
	Markdown *string         `json:"markdown,omitempty"`
	Level    any             `json:"level,omitempty"`
	Call     string          `json:"call,omitempty"`
	Args     []any           `json:"args,omitempty"`
	With     string          `json:"with,omitempty"`
	QR       *string         `json:"qr,omitempty"`
	Read     *picture.QRCode `json:"read,omitempty"`
	Outline  [][]bool        `json:"outline,omitempty"`
}

type answer struct {
	HTML  string         `json:"html"`
	Value any            `json:"value"`
	QR    picture.QRCode `json:"qr"`
	Error string         `json:"error"`
	// Milliseconds are what the answer took.
	Milliseconds float64 `json:"ms"`
}

// ask has the scripts answer questions, in one run.
func ask(t *testing.T, questions []question) []answer {
	t.Helper()
	if err := interop.Install(t.Context(), scripts); err != nil {
		t.Fatal(err)
	}
	var in, out, errs bytes.Buffer
	lines := json.NewEncoder(&in) // escapes U+2028, where Node would end a line
	for _, q := range questions {
		if err := lines.Encode(q); err != nil {
			t.Fatal(err)
		}
	}
	node := exec.CommandContext(t.Context(), "node", "tools/template.mjs")
	node.Dir, node.Stdin, node.Stdout, node.Stderr = scripts, &in, &out, &errs
	if err := node.Run(); err != nil {
		t.Fatalf("node template.mjs: %v\n%s", err, errs.Bytes())
	}
	var answers []answer
	scanner := bufio.NewScanner(&out)
	scanner.Buffer(nil, 64<<20)
	for scanner.Scan() {
		var a answer
		if err := json.Unmarshal(scanner.Bytes(), &a); err != nil {
			t.Fatalf("template.mjs said %q: %v", scanner.Bytes(), err)
		}
		answers = append(answers, a)
	}
	if err := scanner.Err(); err != nil || len(answers) != len(questions) {
		t.Fatalf("%d answers to %d questions, %v", len(answers), len(questions), err)
	}
	return answers
}

// bundleOf asks to keep a renderer's template.
func bundleOf(t *testing.T, r *Renderer, language, as string) question {
	t.Helper()
	b, err := r.BrowserTemplate(language)
	if err != nil {
		t.Fatal(err)
	}
	return question{Bundle: b, As: as}
}

// dataOf is a page as the scripts hold it: the fields of what is embedded are
// also the page's own.
func dataOf(v reflect.Value) any {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		return map[string]any{"$time": v.Interface().(time.Time).UnixMilli()}
	case v.Kind() == reflect.Pointer && v.IsNil():
		return nil
	case v.Kind() == reflect.Pointer:
		return dataOf(v.Elem())
	case v.Kind() == reflect.Slice:
		list := []any{}
		for i := range v.Len() {
			list = append(list, dataOf(v.Index(i)))
		}
		return list
	case v.Kind() == reflect.Struct:
		fields := map[string]any{}
		for _, f := range reflect.VisibleFields(v.Type()) {
			fields[f.Name] = dataOf(v.FieldByIndex(f.Index))
		}
		return fields
	}
	return v.Interface()
}

// drawn is parts/award.html as Go draws it.
func drawn(t *testing.T, r *Renderer, page *site.AwardPage) string {
	t.Helper()
	set, err := r.localized(page.Language)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := set.ExecuteTemplate(&out, browserStart, page); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// codes takes the QR codes out of HTML, since two makers may choose two masks,
// and of one text one size or another.
func codes(html string) (without string, paths []string) {
	code := regexp.MustCompile(`(<svg class="qr" viewBox=")[^"]*("[^>]*>.*?<path fill-rule="evenodd" d=")([^"]*)"`)
	for _, m := range code.FindAllStringSubmatch(html, -1) {
		paths = append(paths, m[3])
	}
	return code.ReplaceAllString(html, `$1$2"`), paths
}

// samePage compares what both drew of a page.
func samePage(t *testing.T, name, want string, got answer) {
	t.Helper()
	if got.Error != "" {
		t.Errorf("%s: %s", name, got.Error)
		return
	}
	mine, myCodes := codes(want)
	theirs, theirCodes := codes(got.HTML)
	if mine != theirs || len(myCodes) != len(theirCodes) {
		t.Errorf("%s: %s", name, firstDifference(mine, theirs))
	}
}

func firstDifference(want, got string) string {
	at := 0
	for at < len(want) && at < len(got) && want[at] == got[at] {
		at++
	}
	part := func(s string) string { return s[max(0, min(at, len(s))-60):min(len(s), at+60)] }
	return fmt.Sprintf("differs at byte %d of %d:\nwant …%q\ngot  …%q", at, len(want), part(want), part(got))
}

// TestBrowserDrawsAsGo has the scripts draw the sample awards and hostile ones,
// in each of the theme's languages and states, and wants the same bytes.
func TestBrowserDrawsAsGo(t *testing.T) {
	r := newTest(t)
	var questions []question
	var names, wants []string
	languages := []string{"en", "en-US", "de", "es", "fr", "ar"}
	for _, language := range languages {
		questions, names, wants = append(questions, bundleOf(t, r, language, language)), append(names, ""), append(wants, "")
	}
	add := func(name string, page *site.AwardPage) {
		questions = append(questions, question{Draw: page.Language, Data: dataOf(reflect.ValueOf(page))})
		names, wants = append(names, name), append(wants, drawn(t, r, page))
	}
	pages := []func() *site.AwardPage{sampleAward, sampleBareAward, sampleRevokedAward, sampleArabicAward, func() *site.AwardPage { return new(site.AwardPage) }}
	for i, page := range pages {
		for k, language := range languages {
			p := page()
			p.Language, p.Status.State = language, []string{"valid", "revoked", "suspended", ""}[(i+k)%4]
			add(fmt.Sprintf("sample %d, %s, %s", i, language, p.Status.State), p)
		}
	}
	for k := range 2 * len(hostile) {
		p := []func() *site.AwardPage{sampleAward, sampleRevokedAward}[k%2]()
		filled(p, func(field int) string {
			if k < len(hostile) {
				return strings.ToValidUTF8(hostile[(field+k)%len(hostile)], "\uFFFD")
			}
			return strings.ToValidUTF8(hostile[k-len(hostile)], "\uFFFD")
		}, false)
		p.Language = languages[k%len(languages)]
		add(fmt.Sprintf("hostile %d", k), p)
	}
	for i, got := range ask(t, questions) {
		if names[i] != "" {
			samePage(t, names[i], wants[i], got)
		} else if got.Error != "" {
			t.Errorf("bundle %s: %s", questions[i].As, got.Error)
		}
	}
}

// constructs are what templates may be made of. Each is the content of
// parts/award.html, for the sample award.
var constructs = map[string]string{
	"variables":         `{{$a := .CredentialID}}{{$b := $a}}{{$a}}{{$b = "x"}} {{$b}} {{$a}}`,
	"variable-scope":    `{{$x := 1}}{{if true}}{{$x := 2}}{{$x}}{{end}}{{$x}}{{if true}}{{$x = 3}}{{end}}{{$x}}{{with 4}}{{$x = .}}{{end}}{{$x}}`,
	"variable-in-if":    `{{if $n := .RecipientName}}{{$n}}{{else}}{{$n}}none{{end}}{{with $n := ""}}{{$n}}{{else}}<{{$n}}>{{end}}`,
	"else-if":           `{{if eq .Status.State "revoked"}}r{{else if eq .Status.State "valid"}}v{{else}}e{{end}}`,
	"else-with":         `{{with .Term}}{{.}}{{else with .Role}}{{.}}{{else}}none{{end}}{{with ""}}{{else with .Role}}{{.}}{{end}}`,
	"nested-with":       `{{with .Achievement}}{{with .Name}}{{.}} {{$.RecipientName}}{{end}}{{.Type}}{{end}}`,
	"range":             `{{range .Results}}{{.Name}};{{end}}{{range $i, $r := .Results}}{{$i}}={{$r.Name}} {{.Value}};{{end}}{{range $r := .Results}}{{$r.Value}}{{end}}`,
	"range-else":        `{{range .Nav}}{{.Label}}{{else}}none{{end}}{{range $.Common.Issuer.Address}}{{.}}{{else}}none{{end}}{{range slice .Nav 0 0}}x{{else}}{{.CredentialID}}{{end}}`,
	"range-assign":      `{{$i := 9}}{{$r := ""}}{{range $i, $r = .Achievement.Tags}}{{$i}}{{$r}}{{end}}{{$i}}{{$r}}{{range $r = .Achievement.Tags}}{{end}}{{$r}}`,
	"range-number":      `{{range 3}}{{.}}{{end}}{{range $i := 2}}{{$i}}{{else}}none{{end}}{{range 0}}x{{else}}none{{end}}{{range len .Nav}}{{.}}{{end}}`,
	"range-root":        `{{range .Results}}{{$.RecipientName}} {{range .Alignments}}{{.Name}}{{$.Term}}{{end}}{{end}}`,
	"break-continue":    `{{range $i, $t := .Achievement.Tags}}{{if eq $i 1}}{{continue}}{{end}}{{if eq $i 3}}{{break}}{{end}}{{$t}} {{end}}{{range .Results}}{{range .Alignments}}{{break}}{{end}}{{.Name}}{{end}}`,
	"template":          `{{define "x"}}{{.}}{{$}}{{$y := .}}{{$y}}{{end}}{{template "x" .Term}}{{template "x" (printf "%s-%d" .Role 3)}}{{with .Term}}{{template "x" .}}{{end}}`,
	"template-no-dot":   `{{define "x"}}[{{if .}}yes{{else}}no{{end}}]{{end}}{{template "x"}}{{template "x" false}}{{template "x" true}}`,
	"template-twice":    `{{define "x"}}{{with .Level}}{{.Name}}{{end}}{{end}}{{range .Results}}{{template "x" .}}{{end}}{{block "y" .Issuer}}{{.Name}}{{end}}`,
	"recursion":         `{{define "x"}}{{if gt (len .) 1}}{{index . 0}}({{template "x" slice . 1}}){{else}}{{range .}}{{.}}{{end}}{{end}}{{end}}{{template "x" .Achievement.Tags}}`,
	"comparisons":       `{{eq 1 1}}{{eq 1 2 3 1}}{{eq "a" "b" "a"}}{{ne .Term .Role}}{{lt 1 2}}{{le 2 2}}{{gt 2 1}}{{ge 1 2}}{{lt "a" "b"}}{{lt "\U0001F600" "\uFFFD"}}{{le "a" "a"}}{{ge "b" "a"}}{{gt "aa" "a"}}{{lt "a" "aa"}}{{eq true false}}{{eq .ValidUntil .ValidUntil}}`,
	"booleans":          `{{and 1 0}}{{or 0 "x"}}{{and "a" "b" "c"}}{{or "" .Term .Role}}{{not ""}}{{not .Nav}}{{not 0}}{{and}}` + "\x00",
	"short-circuit":     `{{or true (index .Nav 99)}}{{and false (index .Nav 99)}}{{if or true (index .Nav 99).Label}}y{{end}}{{"x" | and .Term}}{{"x" | or .Term}}{{"" | or .Source ""}}`,
	"printf":            `{{printf "%s|%v|%d|%5d|%-5d|%05d|%5s|%-5s|%%" .Term .Role 7 42 42 42 "ab" "ab"}}{{printf "%v %v" true .Achievement.Tags}}{{"x" | printf "%s%s" "y"}}{{printf "%03d" -5}}{{printf "%8s|" "日本"}}`,
	"print":             `{{print 1 2 "a" "b" 3 true false}}{{println "a" 1}}{{print}}{{print .Achievement.Tags}}{{print .AwardedDate}}`,
	"chains":            `{{with .Results}}{{with (index . 0).Level}}{{.Name}}{{end}}{{(index . 0).Name}}{{end}}{{(.Achievement).Name}}{{.Common.Issuer.Name}}{{$i := .Issuer}}{{$i.Name}}{{((.Achievement).Tags) | len}}{{(qr "x").Size}}`,
	"parentheses":       `{{len (printf "%s%s" (or .Term "x") (and .Role "y"))}}{{(and true (or false true))}}{{("x")}}{{(1)}}{{((.Term))}}`,
	"pipelines":         `{{.Term | printf "%s-%s" "a"}}{{"abc" | len}}{{.AwardedDate | date}}{{.Achievement.Name | length | number}}{{1234567 | number}}{{-1234 | number}}{{12 | number}}{{.Achievement.CreditsAvailable | printf "%q" | html}}`,
	"trimming":          "a  {{- .Term -}}  b {{- /* c */ -}} d\n{{- if true -}}\n x \n{{- end}}\n",
	"comments":          `a{{/* b */}}c<!-- {{.Term}} -->d`,
	"literals":          "{{\"a\\n\\\"\\u00e9\\x3c\"}}{{`raw\\n`}}{{'a'}}{{0x10}}{{0b11}}{{-7}}{{1_000}}{{true}}{{false}}",
	"times":             `{{.AwardedDate}}{{.AwardedDate.Year}}{{.AwardedDate.Day}}{{.AwardedDate.YearDay}}{{.AwardedDate.Unix}}{{if .ValidUntil.After .ValidFrom}}after{{end}}{{if .ValidUntil.Before .ValidFrom}}before{{end}}{{.ValidUntil.Equal .ValidFrom}}{{.AwardedDate.UTC.Year}}{{if .Status.Since}}always{{end}}{{isodate .Status.Since}}{{date .Status.Since}}`,
	"time-in-pipe":      `{{.ValidFrom | .ValidUntil.After}}{{(.AwardedDate).Year}}{{$d := .AwardedDate}}{{$d.Year}}{{with .AwardedDate}}{{.Year}}{{end}}`,
	"nil":               `{{range .Results}}{{if .Level}}{{.Level.Name}}{{else}}none{{end}}{{with .Level}}{{.Points}}{{end}}{{eq .Level nil}}{{ne nil .Level}}{{not .Level}}{{end}}`,
	"lists":             `{{len .Results}}{{len .RecipientName}}{{if gt (len .Achievement.Tags) 3}}{{index .Achievement.Tags 1}}{{(index .Issuer.Address 0)}}{{slice .Achievement.Tags 1 3}}{{end}}{{slice "abc" 1 2}}{{slice "aé日" 1 3}}{{.Achievement.Tags}}`,
	"functions":         `{{t "award.to"}}{{t "home.count" "n" 3 "total" (number 4000)}}{{lang}}{{dir}}{{duration "P1Y"}}{{duration "P2Y6M"}}{{duration "P1W3D"}}{{duration "PT5H"}}{{duration "P"}}{{duration "P-1Y"}}{{duration "P+5Y"}}{{duration "P99999999999999999999Y"}}{{language "de-AT"}}{{language "XX"}}{{language ""}}{{initial "élan"}}{{initial " 9x"}}{{initial "«»"}}{{initial ""}}{{initial "ßa"}}{{length "日本😀"}}`,
	"urls":              `{{plainurl "https://example.org/a/"}}{{plainurl "x"}}{{mailurl "a@example.org"}}{{mailurl "a b@example.org"}}{{telurl "+44 (0)20"}}{{absolute .Canonical "../x"}}{{absolute .Canonical ""}}{{absolute "x" "y"}}{{kind .}}{{preview .}}`,
	"assets":            `<link href="{{.Root}}{{asset "style.css"}}" integrity="{{integrity "icon.svg"}}">{{$n := "icon.svg"}}{{asset $n}}`,
	"all-words":         `{{$k := "award.to"}}{{t $k}}{{"award.for" | t}}{{t (printf "award.%s" "to")}}`,
	"attributes":        `<p title="{{.Term}}" class='{{.Role}}' lang={{.Language}} data-x={{.Term}} {{if .Term}}hidden{{end}} id="a{{len .Term}}">`,
	"unquoted":          "<p title={{.Empty}} class={{\"a b\\t=`\\uFDD0\\uFFFE'\"}}>",
	"html-in-attribute": `{{$m := markdown "a *b* & [c](https://example.org/?d=\"e\") <f>" 3}}<p title="{{$m}}" class={{$m}}>{{$m}}</p><textarea>{{$m}}</textarea>`,
	"rcdata":            `<textarea>{{.NarrativeMarkdown}}</textarea><title>{{.Term}}</title>`,
	"url-attributes":    `<a href="{{.Take.PageURL}}">a</a><a href="/x/{{.Term}}?q={{.RecipientName}}&r={{.Term}}#{{.Role}}">b</a><a href="{{"javascript:alert(1)"}}">c</a><img src={{.Achievement.ImageHref}}><a href='{{"https://example.org/ü ?a=b&c=%20%zz\"'"}}'>d</a><a href="{{"httpſ://x"}}">e</a>`,
	"srcset":            `<img srcset="{{"a.png 2x, javascript:x 3x, /b c.png?d=e 1x,f.png é"}}"><img srcset="{{.Achievement.ImageHref}} 2x, {{.Term}}">`,
	"predefined":        `{{.RecipientName | html}}{{html .Term .Role}}<a href="?x={{.Term | urlquery}}">{{"a b+<'\"" | html}}</a><p title="{{.Term | html}}">`,
	"markdown":          `{{markdown .NarrativeMarkdown 3}}{{markdown "# a\n## b" 5}}`,
	"qr-levels":         `{{len (qr "x" "L").Path | lt 10}}{{(qr "x" "M").Size}}`,
	"unicode":           "\u2028{{.Term}}\ufeff{{\"\\u2029\\u202e\"}}<p dir=\"auto\">\u202e</p>",
}

// themeWith is a theme whose parts/award.html has some content.
func themeWith(content string) fstest.MapFS {
	return fstest.MapFS{"templates/" + browserStart: {Data: []byte(content)}}
}

// TestBrowserConstructs renders each construct of Go's templates on both sides.
func TestBrowserConstructs(t *testing.T) {
	page := sampleAward()
	page.Results[0].Value, page.Status.Since = `<b> "x" & 'y' + z`, time.Time{}
	var questions []question
	var names, wants []string
	for name, content := range constructs {
		content = strings.NewReplacer("{{and}}\x00", "", "{{.Empty}}", `{{""}}`, `| printf "%q"`, "").Replace(content)
		r, err := New(themeWith(content), nil, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		questions = append(questions, bundleOf(t, r, "en", name), question{Draw: name, Data: dataOf(reflect.ValueOf(page))})
		names, wants = append(names, name, name), append(wants, "", drawn(t, r, page))
	}
	for i, got := range ask(t, questions) {
		if i%2 == 1 {
			samePage(t, names[i], wants[i], got)
		} else if got.Error != "" {
			t.Errorf("%s: %s", names[i], got.Error)
		}
	}
}

// TestBrowserTemplateRefuses: what the scripts do not have is an error that
// names the template, its line and the construct.
func TestBrowserTemplateRefuses(t *testing.T) {
	for name, c := range map[string]struct{ content, want string }{
		"words":             {"a\n{{words \"claim.\"}}", "templates/parts/award.html:2:"},
		"words-in-script":   {`<script type="application/json">{{words "claim."}}</script>`, "function words"},
		"script":            {"\n\n<script>let x = {{.Term}}</script>", "templates/parts/award.html:3:"},
		"style":             {`<p style="color: {{.Term}}">`, "a value within a script or a style"},
		"style-element":     {`<style>p { color: {{.Term}} }</style>`, "a value within a script or a style"},
		"handler":           {`<p onclick="x({{.Term}})">`, "a value within a script or a style"},
		"attribute-name":    {`<p {{.Term}}="x">`, "as the name of an attribute"},
		"template-in-attr":  {"{{define \"x\"}}a{{end}}\n<p title=\"{{template \"x\"}}\">", `templates/parts/award.html:2:21: not supported`},
		"template-in-title": {`{{define "x"}}{{.}}{{end}}<textarea>{{template "x" .Term}}</textarea>`, `{{template "x"}} within`},
		"float":             {`{{if gt 1.5 1.0}}x{{end}}`, "the number 1.5"},
		"exponent":          {`{{eq 1 1}}{{print 1e3}}`, "the number 1e3"},
		"complex":           {`{{print 1i}}`, "the number 1i"},
		"large":             {`{{print 9007199254740993}}`, "the number 9007199254740993"},
		"time-method":       {`{{.AwardedDate.Format "2006"}}`, "the field or method Format"},
		"weekday":           {`{{.AwardedDate.Weekday}}`, "the field or method Weekday"},
		"js":                {`{{js .Term}}`, "the function js"},
		"printf-verb":       {`{{printf "%q" .Term}}`, `printf with the format "%q"`},
		"printf-precision":  {`{{printf "%.2s" .Term}}`, "printf with the format"},
		"printf-star":       {`{{printf "%*d" 3 4}}`, "printf with the format"},
		"printf-variable":   {`{{$f := "%s"}}{{printf $f .Term}}`, "printf without a text"},
		"word":              {`{{if .StatusList}}{{else}}{{if .Term}}{{t "no.such.word"}}{{end}}{{end}}`, "no.such.word"},
		"word-pairs":        {`{{if .StatusList}}{{else if .Term}}{{t "award.to" "x"}}{{end}}`, "a name without a value"},
		"asset":             {`{{if .StatusList}}{{else if .Term}}{{asset "none.css"}}{{end}}`, "no file assets/none.css"},
		"field":             {`{{if .StatusList}}{{else if .Term}}{{.Nothing}}{{end}}`, "the field or method Nothing"},
		"called":            {`{{template "parts/tags.html" .Achievement.Tags}}{{template "parts/badge.html" .Achievement}}{{define "x"}}{{js .}}{{end}}{{if .Term}}{{template "x" .Term}}{{end}}`, "templates/parts/award.html:1:"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := New(themeWith(c.content), nil, Options{ThemeName: "themes/mine"})
			if err != nil {
				t.Fatal(err)
			}
			b, err := r.BrowserTemplate("en")
			var templateError *TemplateError
			if !errors.As(err, &templateError) || !strings.HasPrefix(templateError.File, "templates/parts/award.html") || !strings.HasPrefix(err.Error(), "themes/mine: templates/") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s\n%s", err, c.want, b)
			}
		})
	}
}

// TestBrowserTemplateNamesTheTemplate: the error is at the place of the mistake,
// not at that of the call.
func TestBrowserTemplateNamesTheTemplate(t *testing.T) {
	theme := fstest.MapFS{"templates/parts/tags.html": {Data: []byte("<ul>\n{{- range .}}\n<li>{{js .}}</li>\n{{- end}}\n</ul>\n")}}
	r, err := New(theme, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.BrowserTemplate("de")
	if want := "theme: templates/parts/tags.html:3:6: not supported in parts/award.html, which browsers draw as well: the function js"; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// TestBrowserTemplateIsDeterministic: two renderers make the same bytes, also
// after other pages were drawn, and each language has its own words.
func TestBrowserTemplateIsDeterministic(t *testing.T) {
	one, two := newTest(t), newTest(t)
	render(t, two, sampleHome())
	render(t, two, sampleAward())
	for _, language := range []string{"", "en", "de", "fr", "es", "ar", "zz"} {
		a, err := one.BrowserTemplate(language)
		if err != nil {
			t.Fatal(err)
		}
		b, err := two.BrowserTemplate(language)
		if err != nil || !bytes.Equal(a, b) {
			t.Errorf("%q: another template, %v", language, err)
		}
	}
	german, err := one.BrowserTemplate("de-CH")
	if err != nil {
		t.Fatal(err)
	}
	var bundle browserBundle
	if err := json.Unmarshal(german, &bundle); err != nil {
		t.Fatal(err)
	}
	if bundle.Language != "de-CH" || bundle.Dir != "ltr" || bundle.Words["award.to"] != one.theme.words["de"]["award.to"] || len(bundle.Words) > 160 {
		t.Errorf("the Swiss template has %q, %q and %d words", bundle.Language, bundle.Words["award.to"], len(bundle.Words))
	}
}

// TestBrowserTemplateWhileDrawing: a build makes templates and pages of one
// language at the same time.
func TestBrowserTemplateWhileDrawing(t *testing.T) {
	r := newTest(t)
	want, err := newTest(t).BrowserTemplate("de")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			if i%2 == 0 {
				if got, err := r.BrowserTemplate("de"); err != nil || !bytes.Equal(got, want) {
					t.Errorf("another template, %v", err)
				}
				return
			}
			for _, page := range samples() {
				common := reflect.ValueOf(page).Elem().FieldByName("Common")
				common.FieldByName("Language").SetString("de")
				if err := r.Page(io.Discard, page); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

// TestBrowserMarkdown holds the scripts' Markdown to that of the published
// pages: every text that the tests of the latter have, and what people write.
func TestBrowserMarkdown(t *testing.T) {
	var questions []question
	for _, text := range markdownTexts() {
		questions = append(questions, question{Markdown: &text, Level: 3})
	}
	engine := markdown.New(markdown.Absolute)
	for i, got := range ask(t, questions) {
		text := *questions[i].Markdown
		want, err := engine.HTML(text, 3)
		if err != nil {
			t.Fatal(err)
		}
		if got.Error != "" || got.HTML != want {
			t.Errorf("%.200q\ngot  %.300q %s\nwant %.300q", text, got.HTML, got.Error, want)
		}
	}
}

// TestBrowserMarkdownIsBounded: what takes quadratic time is stopped, in the
// browser as here.
func TestBrowserMarkdownIsBounded(t *testing.T) {
	fill := func(unit string) string { return strings.Repeat(unit, maxMarkdown/len(unit)) }
	texts := []string{
		strings.Repeat("*a_ ", 30_000), fill("*a_ "), fill("["), fill("!["), fill("[a]("), fill("`a``b"), fill("> "), fill("- "), fill("|a"),
		strings.Repeat("|a", 5000) + "\n" + strings.Repeat("|-", 5000) + "\n" + strings.Repeat("a\n", 6000),
		fill("[a]: b\n"), fill("<a:"), fill("&"), fill("[a\n"), fill("**a *b "), fill("  - a\n"), nested(200), fill(`[a]: b "` + "\n"),
	}
	var questions []question
	for _, text := range texts {
		questions = append(questions, question{Markdown: &text, Level: 3})
	}
	for i, got := range ask(t, questions) {
		if got.Error != "" || got.Milliseconds > 2000 {
			t.Errorf("%.20q took %.0f ms %s", texts[i], got.Milliseconds, got.Error)
		}
	}
}

// TestBrowserURLs: a link is the same link, or none, on both sides.
func TestBrowserURLs(t *testing.T) {
	questions := []question{bundleOf(t, newTest(t), "en", "en")}
	wants := []string{""}
	add := func(function, want string, args ...any) {
		questions = append(questions, question{Call: function, Args: args, With: "en"})
		wants = append(wants, want)
	}
	for _, u := range urlTexts() {
		add("weburl", webURL(u), u)
		add("plainurl", plainURL(u), u)
		add("mailurl", mailURL(u), u)
		add("telurl", telURL(u), u)
		for _, base := range []string{"https://example.org/awards/x/", "https://example.org", "http://h/a/b?c#d", "mailto:x", "/x", ""} {
			add("absolute", absoluteURL(base, u), base, u)
		}
	}
	for i, got := range ask(t, questions) {
		if got.Error != "" || i > 0 && got.Value != wants[i] {
			t.Errorf("%s %q: got %q %s, want %q", questions[i].Call, questions[i].Args, got.Value, got.Error, wants[i])
		}
	}
}

// TestBrowserQRCode reads what the scripts draw, and what Go draws, with a
// reader of cameras. Of the same modules, both draw the same path.
func TestBrowserQRCode(t *testing.T) {
	var texts, levels []string
	var questions []question
	for _, level := range []string{"L", "M"} {
		for _, text := range []string{"https://example.org/verify/#" + sampleUUID, "HELLO 123", "https://example.org/é", strings.Repeat("https://example.org/", 20)} {
			questions = append(questions, question{QR: &text, Level: level})
			texts, levels = append(texts, text), append(levels, level)
		}
	}
	long := strings.Repeat("x", 3000)
	questions = append(questions, question{QR: &long, Level: "M"}, question{QR: &texts[0], Level: "H"})
	var read []question
	for i, got := range ask(t, questions) {
		if i >= len(texts) {
			if got.Error == "" {
				t.Errorf("question %d: a code of %d characters", i, len(*questions[i].QR))
			}
			continue
		}
		mine, err := picture.NewQRCode(texts[i], levels[i])
		if err != nil {
			t.Fatal(err)
		}
		read = append(read, question{Read: &got.QR}, question{Read: &mine})
	}
	code, err := qrcode.New(texts[0], qrcode.Medium)
	if err != nil {
		t.Fatal(err)
	}
	first, err := picture.NewQRCode(texts[0])
	if err != nil {
		t.Fatal(err)
	}
	outlines := []string{first.Path, "M0 0h1v2h1v-1h-2z"}
	read = append(read, question{Outline: code.Bitmap()}, question{Outline: [][]bool{{true, false}, {false, true}}})
	for i, got := range ask(t, read) {
		if i >= 2*len(texts) {
			if want := outlines[i-2*len(texts)]; got.Value != want {
				t.Errorf("the same modules have the path\n%v\nand here\n%s", got.Value, want)
			}
		} else if got.Value != texts[i/2] {
			t.Errorf("%.60q at level %s is read as %.60q %s", texts[i/2], levels[i/2], got.Value, got.Error)
		}
	}
}

// markdownTexts are texts of every construct, as people write them and as
// attackers do.
func markdownTexts() []string {
	texts := []string{
		"", " ", "\n\n", "a *b* **c** `d`", "***a** b*", "_a_ __b__ a_b_c 5 * 3 *a*b", "a\nb  \nc\\\nd", "a\r\nb",
		"<b>x</b> <script>alert(1)</script>", "<div onclick=x>\n*x*\n</div>", "<!-- x -->", "<?php ?>",
		"[a](https://example.org/b?c=d&e=f)", `[a](https://example.org "x\" onclick=\"y")`, "[a](<https://example.org/a b>)", "[a](https://example.org/(b))",
		"[a](mailto:a@example.org)", "[a](MAILTO:a@example.org?subject=b%20c)", "<https://example.org/a?b=c&d>", "<a@example.org>", "<mailto:a@example.org>",
		"<javascript:alert(1)>", "[a](javascript:alert(1))", "[a](javascript&colon;alert(1))", "[a](&#106;avascript&#58;alert(1))", "[a](javascript&amp;colon;alert(1))",
		"[a](JaVa&Tab;ScRiPt:alert(1))", `[a](javascript\:alert(1))`, "[a](&#38;#106;avascript:x)", "[a](data:text/html,x)", "[a](blob:https://example.org/x)", "[a](vbscript:x)",
		"[a](//example.org/x)", "[a](../x)", "[a](https://example.org@example.com/)", "[a](https:///x)", "[a](https://exa mple.org)", "[a](http://[::1]/)", "[a](https://example.org/é?ü#ö)",
		"[a](https://example.org/%zz)", `[a](https://example.org/\*\_&amp;&copy;)`, "[a][b]\n\n[b]: https://example.org/ 'c'", "[b]\n\n[b]: javascript:x", "[a]: https://example.org/\ntext [a]", "[a]: x\n[b]: https://example.org/b\n\n[a] [b]",
		"![a *b*](https://example.org/x.png \"t\")", `![" onerror="alert(1)](x)`, "[![a](b)](https://example.org/)", "![a [b](https://example.org/)](c)",
		"```go\n<x>\n```", "```\" onclick=alert(1)\n<x>\n```\nb", "~~~\na\n", "```\nnever closed", "    code <b>\n\n    more\n\ntext", "`` a`b `` ` c `",
		"# a\n\n### b\n\n# c", "###### a\n\n# b", "a\n===\n\nb\n---", "# a {onclick=x} #", "#a\n\n#", "a\nb\n===",
		"- a\n- b\n\n  c\n- d", "- a\n  - b\n    - c\n- d", "1. a\n2. b", "7) a\n8) b", "0. a", "- \n- a", "* a\n+ b\n- c", "- a\n\n\n- b\n\ntext", "- # a\n- > b\n- ```\n  c\n  ```", "1. a\n   1. b\n\n   c",
		"> a\n> b\nc\n\n> > d", "> - a\n>   b\n> - c", ">", "***\n---\n_ _ _", "a\n***\nb",
		"| a |\n|:-:|\n| b |", "a|b\n-|-\nc|d|e\nf", "text\n| a | b |\n|---|---|\n| c \\| d | `e\\|f` |\nlazy\n\nafter", "| a |\n|---|---|", "> | a |\n> |---|\nb", "- | a |\n  |---|\n  | b |\n- c", "|a|\n|-|\n", "| a |\n| - |\n    b", "| a |\n|---|\n| b |\n---\nc", "x\n| a |\n|---|\n===\ny", "[a]: x\n===\nfoo\n\n[a]", "[c]: (d\n\n[c]", "[a](\\(\\\nb)",
		"&amp; &copy; &#106; &#x6A; &#0; &#xD800; &bogus; &amp &ngE;", `\* \a \& \<b>`, "a\x00b", "a\tb\n\tc", "日本**語**です", "**「a」**b", "\u202ea\u2066", "a\u00a0b\u2028c",
		"don't \"quote\" -- ... (c)", "https://example.org/ www.example.org a@example.org", "~~a~~ ==b== ^c^ [ ] d [x] e", "Term\n: text\n\nnote[^1]\n\n[^1]: a",
		strings.Repeat("> ", 33) + "a", strings.Repeat("- ", 100) + "a", strings.Repeat("[", 100) + "a" + strings.Repeat("](https://example.org/)", 100),
		strings.Repeat("*a ", 100) + strings.Repeat("b* ", 100), strings.Repeat("**a *b ", 50) + strings.Repeat("c* d** ", 50), nested(30), strings.Repeat("1. a\n", 100), strings.Repeat("> ", 32) + "a",
	}
	for _, text := range hostile {
		texts = append(texts, strings.ToValidUTF8(text, "\uFFFD"))
	}
	return append(texts, sampleAchievement().CriteriaMarkdown, sampleText().Markdown, sampleAward().NarrativeMarkdown)
}

// maxMarkdown is the most that the scripts read as Markdown.
const maxMarkdown = 32 << 10

// nested is a list whose items are each one level deeper.
func nested(levels int) string {
	var out strings.Builder
	for i := range levels {
		out.WriteString(strings.Repeat("  ", i) + "- a\n")
	}
	return out.String()[:min(out.Len(), maxMarkdown)]
}

// urlTexts are URLs and what pretends to be one.
func urlTexts() []string {
	texts := []string{
		"", "x", "#a", "?a", "a?b#c", "./a/../b", "../../../a", "/a/b/./c/..", "//example.org/a", "///a", "*", ":", "a:b", "a/b:c", "%", "%41", "a%2fb/c%zz",
		"https://example.org", "https://example.org/", "HTTPS://Example.ORG/A", "http://example.org:80/a", "http://example.org:/a", "http://example.org:8a/", "http://a:b:c/", "https://example.org?", "https://example.org/?", "https://example.org/??a", "https://example.org/#", "https://example.org?a#b#c",
		"https://example.org/a b", "https://example.org/ü/%C3%BC?ü=%zz#ü%20", "https://example.org/[a]{b}|c^d`e\\f\"g<h>'i", "https://example.org/a%2Fb%20c+d;e,f@g:h!$&'()*", "https://ex ample.org/", "https://ex<ample.org/", "https://exämple.org/", "https://%C3%A4.org/", "https://%41.org/", "https://a%25b.org/",
		"http://[::1]/", "http://[::1]:80/a", "http://[::1%25en0]/", "http://[::1%25]/", "http://[1.2.3.4]/", "http://[::ffff:1.2.3.4]/", "http://[::1/", "http://a[b]/", "http://[zz]/", "http://[]/",
		"https://user@example.org/", "https://user:pass@example.org/", "https://@example.org/", "https://a b@example.org/", "https:///a", "https:/a", "https:a", "https://", "http:", "mailto:a@example.org", "mailto:", "MAILTO:A@example.org", "mailto:/a", "javascript:alert(1)", "java\tscript:x", " https://example.org/", "https://example.org/\n", "https://example.org/\x7f", "https://example.org/#\n", "ftp://example.org/a", "urn:uuid:x", "data:text/html,x", "file:///etc/passwd", "https://example.org/a/", "a@b@c", "a@b.c", "@b", "a@", "+44 20 (0) 7946-0000", "a\u00a0@b.c", "1a://b", "+a://b", "http+x://b/c", "https://example.org/\u202e", "https://example.org/😀?😀#😀",
	}
	for _, text := range hostile {
		texts = append(texts, strings.ToValidUTF8(text, "\uFFFD"))
	}
	return texts
}
