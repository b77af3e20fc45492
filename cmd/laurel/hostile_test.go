package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"laurel/internal/testing/browser"
)

// What an author, or who wrote the definition an author copied, may put into a
// field so that a browser runs it. Each kind ends with what is harmless: when
// content refuses one for its field, the next is tried.
var payloads = map[string][]string{
	"text": {
		`<script>alert(1)</script>`,
		`"><img src=x onerror=alert(1)>`,
		`'><svg onload=alert(1)>`,
		`</title></style></textarea></script><script>alert(1)</script>`,
		`javascript:alert(1)`,
		`" onmouseover="alert(1)" autofocus onfocus="alert(1)" x="`,
		`' style=animation-name:x onanimationstart=alert(1) '`,
		`{{.Issuer}}{{template "home.html"}}${alert(1)}`,
		`<!-- --><base href="https://evil.example.com/">`,
		`<meta http-equiv="refresh" content="0;url=javascript:alert(1)">`,
		`<link rel=stylesheet href=https://evil.example.com/x.css>`,
		`<iframe srcdoc="<script>alert(1)</script>"></iframe>`,
		`]]></text><script>alert(1)</script>`,
		`&lt;script&gt;alert(1)&lt;/script&gt;&#60;img src=x onerror=alert(1)&#62;`,
		`+ADw-script+AD4-alert(1)+ADw-/script+AD4-`,
		`<a href="javascript:alert(1)" ping=https://evil.example.com/>x</a>`,
		`<object data="data:text/html,<script>alert(1)</script>"></object>`,
		`<form action=javascript:alert(1)><button autofocus>x</button></form>`,
		`harmless`,
	},
	"markdown": {
		`<script>alert(1)</script>`,
		`[x](javascript:alert(1))`,
		`[x](javascript&colon;alert(1))`,
		`![x](https://evil.example.com/x.png)`,
		"`<script>alert(1)</script>`",
		"```\" onclick=alert(1) x=\"\n<script>alert(1)</script>\n```",
		`\<img src=x onerror=alert(1)\>`,
		`&lt;script&gt;alert(1)&lt;/script&gt;`,
		`[x](https://example.com/ "\"><script>alert(1)</script>")`,
		`[x](<https://example.com/"onmouseover="alert(1)>)`,
		`[" onclick="alert(1)](https://example.com/'onclick='alert(1))`,
		"[x]: https://example.com/ '\"><img src=x onerror=alert(1)>'\n\n[x]",
		`javascript:alert(1)`,
		`harmless`,
	},
	"url": {
		`javascript:alert(1)`,
		`data:text/html,<script>alert(1)</script>`,
		`https://example.com/"><script>alert(1)</script>`,
		`https://example.com/'onclick='alert(1)`,
		`https://example.com/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E#'-alert(1)-'`,
		`https://example.com/`,
	},
}

// hostileFiles are a site in which «text», «markdown» and «url» stand for
// payloads, each on a line of its own.
var hostileFiles = map[string]string{
	"content/site.yaml": `baseURL: https://example.org/hostile
languages: [en]
issuer:
  name: «text»
  url: «url»
  email: issuer@example.org
  phone: "+44 1632 960123"
  description: «text»
  address:
    streetAddress: «text»
    addressLocality: «text»
    addressRegion: «text»
    addressCountry: «text»
    postalCode: «text»
  otherIdentifier:
    - identifier: «text»
      identifierType: ext:shelf
  parentOrg:
    id: «url»
    name: «text»
    url: «url»
`,
	"content/achievements/first.yaml": `name: «text»
description: «text»
achievementType: Badge
humanCode: «text»
version: «text»
fieldOfStudy: «text»
specialization: «text»
tag:
  - «text»
  - «text»
  - «text»
criteria:
  id: «url»
  narrative: «markdown»
creator:
  id: «url»
  name: «text»
related:
  - id: second
  - id: «url»
alignment:
  - targetName: «text»
    targetUrl: «url»
    targetDescription: «text»
    targetFramework: «text»
    targetCode: «text»
resultDescription:
  - id: level
    name: «text»
    resultType: RubricCriterionLevel
    requiredLevel: high
    rubricCriterionLevel:
      - id: high
        name: «text»
        description: «text»
        level: «text»
        points: «text»
  - id: grade
    name: «text»
    resultType: ext:Mark
`,
	"content/achievements/second.yaml": `name: «text»
description: «text»
criteria:
  narrative: «markdown»
`,
	"content/awards/cohort.yaml": `name: «text»
achievement: first
awardedDate: 2026-06-30
visibility: public
source:
  id: https://example.com/
  name: «text»
recipients:
  - key: <svg-onload=alert(1)>
    name: «text»
    narrative: «markdown»
    licenseNumber: «text»
    role: «text»
    term: «text»
    evidence:
      - id: «url»
        name: «text»
        description: «text»
        narrative: «markdown»
        genre: «text»
        audience: «text»
    result:
      - resultDescription: level
        achievedLevel: high
      - resultDescription: grade
        value: «text»
        alignment:
          - targetName: «text»
            targetUrl: «url»
` + manyRecipients(15),
	"content/pages/words.md": `---
title: «text»
---
Here.

«page»
`,
}

// manyRecipients are n more, with a payload in every field that takes text.
func manyRecipients(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `  - key: r%d
    name: «text»
    narrative: «markdown»
    evidence:
      - id: «url»
        narrative: «markdown»
`, i)
	}
	return b.String()
}

var (
	placeholder = regexp.MustCompile(`«([a-z]+)»`)
	complaint   = regexp.MustCompile(`(?m)^(content/[^:]+):(\d+):\d+: `)
)

// hostileSite fills the placeholders, each with the next payload of its kind,
// until content takes them, and returns which payloads are in the site.
func hostileSite(t *testing.T) (dir string, used map[string]int) {
	t.Helper()
	dir = t.TempDir()
	type place struct {
		file string
		line int
	}
	chosen, tries, kinds := map[place]int{}, map[place]int{}, map[place]string{}
	next := map[string]int{}
	for _, file := range slices.Sorted(maps.Keys(hostileFiles)) {
		for i, line := range strings.Split(hostileFiles[file], "\n") {
			if m := placeholder.FindStringSubmatch(line); m != nil && m[1] != "page" {
				at := place{file, i + 1}
				kinds[at], chosen[at] = m[1], next[m[1]]%(len(payloads[m[1]])-1)
				next[m[1]]++
			}
		}
	}
	body := payloads["markdown"]
	refused := map[int]bool{}
	write := func() {
		for file, text := range hostileFiles {
			lines := strings.Split(text, "\n")
			for i, line := range lines {
				if kind, ok := kinds[place{file, i + 1}]; ok {
					quoted, err := json.Marshal(payloads[kind][chosen[place{file, i + 1}]])
					if err != nil {
						t.Fatal(err)
					}
					lines[i] = placeholder.ReplaceAllLiteralString(line, string(quoted))
				}
			}
			text := strings.Join(lines, "\n")
			var paragraphs []string
			for i, p := range body {
				if !refused[i] {
					paragraphs = append(paragraphs, p)
				}
			}
			text = strings.Replace(text, "«page»", strings.Join(paragraphs, "\n\n"), 1)
			to := filepath.Join(dir, file)
			if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(to, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 100 {
		write()
		code, _, stderr := run(t, dir, "plan")
		if code == 0 {
			used = map[string]int{}
			for at, kind := range kinds {
				used[payloads[kind][chosen[at]]]++
			}
			for i, p := range body {
				if !refused[i] {
					used[p]++
				}
			}
			return dir, used
		}
		moved := false
		for _, m := range complaint.FindAllStringSubmatch(stderr, -1) {
			line, err := strconv.Atoi(m[2])
			if err != nil {
				t.Fatal(err)
			}
			if m[1] == "content/pages/words.md" && line > 4 {
				at := 6 // where the paragraphs begin
				for i, p := range body {
					if refused[i] {
						continue
					}
					if at += strings.Count(p, "\n") + 2; line < at {
						refused[i], moved = true, true
						break
					}
				}
				break
			}
			at := place{m[1], line}
			kind, ok := kinds[at]
			if !ok {
				t.Fatalf("content complains of a line without a payload:\n%s", stderr)
			}
			if tries[at]++; tries[at] >= len(payloads[kind]) {
				t.Fatalf("content takes nothing at all in %s:%d:\n%s", at.file, at.line, stderr)
			}
			chosen[at] = (chosen[at] + 1) % len(payloads[kind])
			moved = true
		}
		if !moved {
			t.Fatalf("content complains of no line:\n%s", stderr)
		}
	}
	t.Fatal("content takes no mixture of payloads")
	return "", nil
}

// armed is what in a document could act: event handlers, links to scripts,
// scripts that are not the site's, frames and the like.
const armed = `(() => {
	const found = [];
	for (const e of document.querySelectorAll('*')) {
		const name = e.localName;
		if (['iframe', 'frame', 'object', 'embed', 'base', 'foreignObject', 'animate', 'set'].includes(name)) found.push(name);
		if (name === 'meta' && /refresh/i.test(e.httpEquiv)) found.push('meta refresh');
		if (name === 'script' && !['application/json', 'application/ld+json'].includes(e.type) && !(e.integrity && new URL(e.src).origin === location.origin)) found.push('script ' + e.outerHTML.slice(0, 100));
		for (const a of e.attributes) {
			if (/^on/i.test(a.localName)) found.push(name + ' ' + a.name);
			if (['href', 'src', 'action', 'formaction', 'data', 'srcdoc', 'poster'].includes(a.localName) && !a.value.startsWith('blob:' + location.origin + '/') &&
				!/^(https?:|mailto:|tel:|data:image\/|dccrequest:\/\/request\?request=[\w.!~*'()%-]*$|[^:]*$|[^:]*[\/?#])/i.test(a.value.replace(/[\x00-\x20]/g, ''))) found.push(name + ' ' + a.name + '=' + a.value.slice(0, 60));
			if (a.localName === 'style') found.push(name + ' style');
		}
	}
	return found;
})()`

// TestHostileContent is P15: a site whose every text carries what a browser
// might run is built or refused, and what is built runs nothing, even where
// its policy is switched off.
func TestHostileContent(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	dir, used := hostileSite(t)
	carried := 0
	for _, n := range used {
		carried += n
	}
	carried -= used["harmless"] + used["https://example.com/"]
	if carried < 100 || len(used) < 25 {
		t.Fatalf("only %d fields carry %d payloads", carried, len(used))
	}
	fastKey(t, dir)
	must(t, dir, "sign")
	award := awardKeys(t, dir)[0]
	must(t, dir, "suspend", award, "--publish-reason", "--reason", payloads["text"][0])
	must(t, dir, "sign")
	must(t, dir, "build")
	public := filepath.Join(dir, "public")
	if code, out, errs := run(t, dir, "audit", public); code != 0 {
		t.Errorf("audit: exit %d\n%s%s", code, out, errs)
	}
	var documents []string
	for name := range files(t, public) {
		if strings.HasSuffix(name, ".html") || strings.HasSuffix(name, ".svg") {
			documents = append(documents, name)
		}
	}
	slices.Sort(documents)
	if len(documents) < 30 {
		t.Fatalf("only %d documents", len(documents))
	}
	t.Logf("%d fields carry %d payloads, in %d documents", carried, len(used), len(documents))

	server := serve(t, public, "/hostile/")
	profile := newBrowser(t)
	t.Run("visits", func(t *testing.T) {
		for _, policy := range []bool{true, false} {
			t.Run(fmt.Sprintf("policy=%v", policy), func(t *testing.T) {
				t.Parallel()
				b := newTab(t, profile, server.URL, browser.Policy(policy))
				for _, name := range documents {
					if err := b.visit(server.URL + "/hostile/" + name); err != nil {
						t.Fatalf("%s: %v", name, err)
					}
					found, err := evaluate[[]string](b, armed)
					if err != nil {
						t.Fatalf("%s: %v", name, err)
					}
					for _, what := range append(found, b.said()...) {
						t.Errorf("%s: %s", name, what)
					}
				}
				time.Sleep(200 * time.Millisecond)
				for _, fault := range b.said() {
					t.Errorf("after the last: %s", fault)
				}
			})
		}
	})
	t.Run("claims", func(t *testing.T) { hostileClaims(t, profile, server.URL, dir) })
}

// hostileClaims opens the same awards, sealed, on the claim page, which draws
// them in the browser.
func hostileClaims(t *testing.T, profile context.Context, server, dir string) {
	const base = "https://example.org/hostile/"
	award := awardKeys(t, dir)[0]
	must(t, dir, "reinstate", award)
	replaceOnce(t, filepath.Join(dir, "content/awards/cohort.yaml"), "visibility: public", "visibility: link\nvariants: [no-name, achievement-only]")
	must(t, dir, "reissue", "cohort", "--yes", "--reason", "with variants")
	must(t, dir, "sign")
	must(t, dir, "suspend", award, "--publish-reason", "--reason", payloads["text"][0])
	must(t, dir, "sign")
	must(t, dir, "build")
	var list struct{ Links []struct{ Link string } }
	if err := json.Unmarshal([]byte(must(t, dir, "claim-links", "--json")), &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Links) != 16 {
		t.Fatalf("%d claim links", len(list.Links))
	}
	for _, policy := range []bool{true, false} {
		t.Run(fmt.Sprintf("policy=%v", policy), func(t *testing.T) {
			t.Parallel()
			b := newTab(t, profile, server, browser.Policy(policy))
			drawn := 0
			look := func(what string) {
				t.Helper()
				found, err := evaluate[[]string](b, armed)
				if err != nil {
					t.Fatalf("%s: %v", what, err)
				}
				for _, fault := range append(found, b.said()...) {
					t.Errorf("%s: %s", what, fault)
				}
				drawn++
			}
			for i, l := range list.Links {
				fragment, ok := strings.CutPrefix(l.Link, base)
				if !ok {
					t.Fatalf("link %d leads to %s", i, l.Link)
				}
				if c := b.follow(t, server+"/hostile/"+fragment); !c.Article || len(c.Variants) != 3 {
					t.Fatalf("link %d shows %+v", i, c)
				}
				look(fmt.Sprintf("link %d", i))
				if i > 1 {
					continue // the other forms say nothing else
				}
				if err := b.do(chromedp.Click(chromedp.CSS(`#claim-variants input[value="no-name"]`))); err != nil {
					t.Fatal(err)
				}
				b.variant(t, "no-name")
				look(fmt.Sprintf("link %d, no-name", i))
			}
			time.Sleep(200 * time.Millisecond)
			for _, fault := range b.said() {
				t.Errorf("after the last: %s", fault)
			}
			t.Logf("%d awards were drawn", drawn)
		})
	}
}

// TestTabNotices: the other tests would see a page that does what it should
// not.
func TestTabNotices(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	public := t.TempDir()
	const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'">`
	cases := map[string]struct{ html, says string }{
		"dialog":    {`<img src=x onerror="alert(1)">`, "a dialog opened"},
		"policy":    {policy + `<img src=x onerror="alert(1)">`, "policy violated"},
		"console":   {`<script>console.log("x")</script>`, "a script wrote to the console"},
		"exception": {`<script>throw new Error("x")</script>`, "exception"},
		"missing":   {`<img src="missing.png">`, "console: error: Failed to load resource"},
		"foreign":   {`<img src="http://127.0.0.1:1/x.png">`, "asked for http://127.0.0.1:1/x.png"},
	}
	for name, c := range cases {
		if err := os.WriteFile(filepath.Join(public, name+".html"), []byte("<!doctype html><title>x</title>"+c.html), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(public, "404.html"), []byte("gone"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(public, "armed.html"), []byte(`<!doctype html><title>x</title>
<a href="java&#9;script:alert(1)">x</a><p onclick="x()"><p style="color:red"><iframe></iframe><script>1</script>`), 0o644); err != nil {
		t.Fatal(err)
	}
	server := serve(t, public, "/")
	b := newTab(t, newBrowser(t), server.URL)
	for name, c := range cases {
		if err := b.visit(server.URL + "/" + name + ".html"); err != nil {
			t.Fatal(err)
		}
		var said []string
		for range 3000 {
			said = append(said, b.said()...)
			if strings.Contains(strings.Join(said, "\n"), c.says) {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		if !strings.Contains(strings.Join(said, "\n"), c.says) {
			t.Errorf("%s: %q", name, said)
		}
	}
	if err := b.visit(server.URL + "/armed.html"); err != nil {
		t.Fatal(err)
	}
	if found, err := evaluate[[]string](b, armed); err != nil || len(found) != 5 {
		t.Errorf("of five found: %q, %v", found, err)
	}
}
