package render

import (
	"encoding/xml"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"laurel/internal/material/markdown"
	"laurel/internal/publishing/site"
)

// hostile strings, each of which does harm in some place of a page where it
// is not escaped for just that place.
var hostile = []string{
	`<script>alert(1)</script>`,
	`</title></style></textarea></script><script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`,
	`'><svg onload=alert(1)>`,
	`" onmouseover="alert(1)" x="`,
	"` onmouseover=alert(1) ",
	`" style="background:url(https://example.com/x)`,
	`javascript:alert(1)`,
	`JaVaScRiPt:alert(1)`,
	"java\tscript:alert(1)",
	`javascript&colon;alert(1)`,
	`&#106;avascript:alert(1)`,
	`data:text/html,<script>alert(1)</script>`,
	`vbscript:msgbox(1)`,
	`//example.com/x`,
	`https://example.com/" onclick="alert(1)`,
	`https://example.com/<script>alert(1)</script>`,
	`https://academy.example.org@example.com/`,
	`<!-- --><base href="https://example.com/">`,
	`<meta http-equiv="refresh" content="0;url=https://example.com/">`,
	`<link rel=stylesheet href=https://example.com/x>`,
	`{{.Issuer}} {{template "award.html"}} ${alert(1)}`,
	`[x](javascript:alert(1)) <javascript:alert(1)> ![x](https://example.com/x.png)`,
	"```\" onclick=alert(1)\nx\n```",
	"\x00<\x00script>\xff\xfe",
	"+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
	"]]><script>alert(1)</script>",
	"\u202e<script>\u2066alert(1)",
}

// TestHostileText puts every hostile string into every field of every page – all
// fields the same, then each another, until each has had them all – and looks
// at what a browser would make of it.
func TestHostileText(t *testing.T) {
	r := newTest(t)
	tried := 0
	for _, page := range []func() any{
		func() any { return sampleHome() }, func() any { return sampleAchievementPage() }, func() any { return sampleAward() },
		func() any { return sampleRevokedAward() }, func() any { return sampleText() }, func() any { return sampleVerify("en") }, func() any { return sampleClaim("en") }, func() any { return sampleNotFound() },
	} {
		want := elements(render(t, r, filled(page(), func(int) string { return "x" }, true)))
		for k := range 2 * len(hostile) {
			choose := func(field int) string { return hostile[(field+k)%len(hostile)] }
			if k >= len(hostile) {
				choose = func(int) string { return hostile[k-len(hostile)] }
			}
			p := filled(page(), choose, false)
			html := render(t, r, p)
			checkInert(t, html)
			for name, n := range elements(html) {
				if (name == "script" || name == "meta" || name == "link" || name == "style") && n > want[name] {
					t.Errorf("%T, round %d: made an element %s in\n%s", p, k, name, html)
				}
			}
			tried += len(stringFields(p))
		}
	}
	if tried < 10_000 {
		t.Errorf("only %d fields tried: they were not found", tried)
	}
}

// TestHostileLinkedData: no text leaves the block that a page says to machines, and
// each arrives there as it is.
func TestHostileLinkedData(t *testing.T) {
	r := newTest(t)
	for _, h := range hostile {
		page := sampleAchievementPage()
		page.LinkedData = map[string]any{"@context": "https://schema.org", "name": h, h: []string{h}}
		html := render(t, r, page)
		if got, want := elements(html)["script"], 1; got != want {
			t.Errorf("%q: %d scripts", h, got)
		}
		_, after, _ := strings.Cut(html, `<script type="application/ld+json">`)
		block, _, _ := strings.Cut(after, "</script>")
		var said map[string]any
		if err := json.Unmarshal([]byte(block), &said); err != nil {
			t.Errorf("%q: %v", h, err)
			continue
		}
		whole := strings.ToValidUTF8(h, "\uFFFD\uFFFD")
		if name := said["name"]; name != h && name != whole || strings.ContainsAny(block, "<>") {
			t.Errorf("%q arrives as %q", h, name)
		}
	}
}

// filled sets the strings of a page, all of them or only the empty ones.
func filled(page any, text func(field int) string, onlyEmpty bool) any {
	for i, field := range stringFields(page) {
		if !onlyEmpty || field.String() == "" {
			field.SetString(text(i))
		}
	}
	return page
}

// stringFields finds every string of a page, however deep.
func stringFields(page any) []reflect.Value {
	var fields []reflect.Value
	var visit func(v reflect.Value)
	visit = func(v reflect.Value) {
		switch {
		case v.Type() == reflect.TypeFor[time.Time]():
		case v.Kind() == reflect.String:
			fields = append(fields, v)
		case v.Kind() == reflect.Pointer && !v.IsNil():
			visit(v.Elem())
		case v.Kind() == reflect.Slice:
			for i := range v.Len() {
				visit(v.Index(i))
			}
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				visit(v.Field(i))
			}
		}
	}
	visit(reflect.ValueOf(page))
	return fields
}

// tokens reads HTML as a browser's tokenizer would, as far as our pages use it:
// all attribute values are quoted, and there is no element whose content is not
// HTML but title and script, both read here as if it were.
func tokens(t *testing.T, html string, visit func(xml.StartElement)) {
	t.Helper()
	control := regexp.MustCompile(`[\x00-\x08\x0b\x0c\x0e-\x1f]`)
	d := xml.NewDecoder(strings.NewReader(control.ReplaceAllString(html, "")))
	d.Strict = false
	d.AutoClose = xml.HTMLAutoClose
	d.Entity = xml.HTMLEntity
	for {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, html)
		}
		if start, ok := token.(xml.StartElement); ok {
			visit(start)
		}
	}
}

func elements(html string) map[string]int {
	count := map[string]int{}
	for _, match := range regexp.MustCompile(`<([a-zA-Z]+)[\s>/]`).FindAllStringSubmatch(html, -1) {
		count[strings.ToLower(match[1])]++
	}
	return count
}

// checkInert looks for whatever runs, loads or styles, outside the two or three
// elements of the theme itself.
func checkInert(t *testing.T, html string) {
	t.Helper()
	allowed := regexp.MustCompile(`^(\.{0,2}/|assets/|https?://[^/@]+|mailto:|tel:|dccrequest://request\?request=[A-Za-z0-9_.!~*'()%-]*$|[^:/?#]*(/|\?|#|$))`)
	tokens(t, html, func(e xml.StartElement) {
		name := strings.ToLower(e.Name.Local)
		switch name {
		case "iframe", "object", "embed", "base", "form", "style", "frame", "audio", "video", "noscript", "foreignobject", "use", "animate", "set":
			t.Errorf("element %s in\n%s", name, html)
		}
		attributes := map[string]string{}
		for _, a := range e.Attr {
			attributes[strings.ToLower(a.Name.Local)] = a.Value
		}
		for attribute, value := range attributes {
			switch {
			case strings.HasPrefix(attribute, "on"), attribute == "style", attribute == "srcset", attribute == "srcdoc", attribute == "action", attribute == "formaction", attribute == "ping":
				t.Errorf("attribute %s=%q of %s", attribute, value, name)
			case attribute == "href" || attribute == "src":
				if !allowed.MatchString(value) && name != "link" || strings.HasPrefix(value, "//") && name == "a" && attributes["rel"] != "" {
					t.Errorf("%s %s=%q", name, attribute, value)
				}
				if lower := strings.ToLower(value); strings.Contains(strings.SplitN(lower, "/", 2)[0], "script:") || strings.HasPrefix(lower, "data:") || strings.HasPrefix(lower, "blob:") {
					t.Errorf("%s %s=%q", name, attribute, value)
				}
			case attribute == "http-equiv" && value != "Content-Security-Policy":
				t.Errorf("meta %s", value)
			}
		}
		data := (attributes["type"] == "application/json" || attributes["type"] == "application/ld+json") && attributes["src"] == ""
		if name == "script" && !data && (attributes["src"] == "" || attributes["integrity"] == "") {
			t.Errorf("script %v", attributes)
		}
		if name == "link" && attributes["rel"] == "modulepreload" && attributes["integrity"] == "" {
			t.Errorf("link %v", attributes)
		}
		// What a script loads when it is needed comes under a digest as well.
		for attribute, value := range attributes {
			if script := strings.HasSuffix(value, ".js"); script && strings.HasPrefix(attribute, "data-") && !strings.HasPrefix(attributes[attribute+"-integrity"], "sha256-") {
				t.Errorf("%s %s=%q has no digest", name, attribute, value)
			}
		}
	})
}

// TestPolicy: the policy stands first in the head of every page, and only the
// pages with a script allow scripts. All may ask their own host, so that who reads
// robots.txt as the page would, as Lighthouse does, can.
func TestPolicy(t *testing.T) {
	r := newTest(t)
	for name, page := range samples() {
		html := render(t, r, page)
		_, after, _ := strings.Cut(html, "<head>\n")
		allowed := "img-src 'self' data:; connect-src 'self'; "
		switch page.(type) {
		case *site.HomePage, *site.AwardPage:
			allowed = "img-src 'self' data:; script-src 'self'; connect-src 'self'; "
		case *site.ClaimPage:
			allowed = "img-src 'self' data: blob:; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types laurel; "
		case *site.VerifyPage:
			allowed = "img-src 'self' data: blob:; script-src 'self'; connect-src 'self' https:; require-trusted-types-for 'script'; "
		}
		want := fmt.Sprintf(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; %smanifest-src 'self'; base-uri 'none'; form-action 'none'">`, allowed)
		if !strings.HasPrefix(after, want) {
			t.Errorf("%s: head starts %.300s", name, after)
		}
		if strings.Contains(html, "<script src") != strings.Contains(allowed, "script-src") {
			t.Errorf("%s: has a script: %v", name, strings.Contains(html, "<script"))
		}
		checkInert(t, html)
	}
}

// TestForeignLinksAreMarked: a link to another site tells it nothing and
// vouches for nothing.
func TestForeignLinksAreMarked(t *testing.T) {
	html := render(t, newTest(t), sampleAward())
	found := 0
	tokens(t, html, func(e xml.StartElement) {
		attributes := map[string]string{}
		for _, a := range e.Attr {
			attributes[a.Name.Local] = a.Value
		}
		if e.Name.Local == "a" && strings.HasPrefix(attributes["href"], "http") {
			found++
			if !strings.Contains(attributes["rel"], "noopener noreferrer") {
				t.Errorf("link to %s has rel=%q", attributes["href"], attributes["rel"])
			}
		}
	})
	if found < 4 {
		t.Errorf("%d foreign links found", found)
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, seed := range []string{"a *b*", "[a](javascript&colon;x)", "<x onload=y>", "```x\ny", "| a |\n|:-:|", "![a](b \"c\")", "# a {b=c}", "[a](../b)"} {
		f.Add(seed)
	}
	narratives, pages := markdown.New(markdown.Absolute), markdown.New(markdown.Within)
	f.Fuzz(func(t *testing.T, text string) {
		for _, m := range []*markdown.Markdown{narratives, pages} {
			html, err := m.HTML(text, 2)
			if err != nil {
				t.Fatal(err)
			}
			checkInert(t, "<html>"+html+"</html>")
		}
	})
}
