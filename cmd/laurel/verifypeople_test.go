package main

import (
	"context"
	"slices"
	"strings"
	"testing"

	"laurel/internal/standards/did"
)

// seen is what the page tells a person beside the verdict.
type seen struct {
	Who      string     `json:"who"`    // of the issuer
	Marks    int        `json:"marks"`  // of warning, in the whole answer
	Folded   bool       `json:"folded"` // that the checks are
	Prose    string     `json:"prose"`  // of the criteria
	Elements []string   `json:"elements"`
	Links    [][]string `json:"links"` // href, rel, and the host that is seen
}

const seenScript = `(() => {
	const out = document.getElementById('verify-out'), prose = out.querySelector('.vprose');
	return {
		who: out.querySelector('.vwho')?.textContent ?? '', marks: out.querySelectorAll('.vmark-warn').length, folded: !out.querySelector('.vreport').open,
		prose: prose?.textContent ?? '', elements: [...new Set([...prose?.querySelectorAll('*') ?? []].map(e => e.localName))].sort(),
		links: [...prose?.querySelectorAll('a') ?? []].map(a => [a.getAttribute('href'), a.rel, a.dataset.leads ?? '']),
	};
})()`

// hostileCriteria are criteria of a stranger, with what a page must not do.
const hostileCriteria = `# Earned by

1. *showing* up, [as agreed](https://elsewhere.example.net/rules "title"),
2. [paying](javascript:alert(1)) <https://pay.example.net/>

<img src="https://track.example.net/a.png" onerror="alert(2)"> ![seen](https://track.example.net/b.png)
<script>alert(3)</script> <office@example.net>

| a | b |
|---|---|
| 1 | 2 |
`

// forPeople looks at what a personnel officer is shown: who the issuer is and what of it
// is proven, the criteria of anybody as they were meant and nothing more, and what is
// usual without a mark of warning.
func forPeople(t *testing.T, profile context.Context, server string, in inputs) {
	b := verifier(t, profile, server)
	give := func(t *testing.T, hand func() error) (shown, seen) {
		t.Helper()
		if err := afresh(b, server+"/larkspur/verify/"); err != nil {
			t.Fatal(err)
		}
		if err := hand(); err != nil {
			t.Fatal(err)
		}
		a, err := b.answer()
		if err != nil {
			t.Fatal(err)
		}
		s, err := evaluate[seen](b, seenScript)
		if err != nil {
			t.Fatal(err)
		}
		b.clean(t)
		return a, s
	}
	drop := func(data []byte) func() error {
		return func() error { _, err := b.drop("credential.json", data); return err }
	}
	t.Run("own", func(t *testing.T) {
		a, s := give(t, drop(in.json))
		if s.Marks > 0 || !s.Folded || !strings.Contains(a.Why, "Signed by academy.example.org and unchanged since") ||
			!strings.Contains(s.Who, "academy.example.orgConfirmed") || !strings.Contains(s.Who, "This page belongs to the issuer’s own site") {
			t.Errorf("of the site's own issuer the page says %+v", s)
		}
		if len(a.Next) != 1 || !strings.Contains(a.Next[0], "is the person it names") || strings.Contains(s.Prose, "**") {
			t.Errorf("the next step is %q, and criteria are %q", a.Next, s.Prose)
		}
	})
	t.Run("not asked", func(t *testing.T) {
		a, s := give(t, drop(in.stranger))
		if a.Word != "Not checked yet" || len(a.Next) != 1 || !strings.Contains(a.Next[0], "contact the site below") ||
			!strings.Contains(s.Who, strangerHost+"Not confirmed") || strings.Contains(s.Who, "own site") {
			t.Errorf("of a site that was not asked the page says %+v, %+v", a, s)
		}
	})
	t.Run("key", func(t *testing.T) {
		multikey, err := did.EncodeMultikey(in.key.Public())
		if err != nil {
			t.Fatal(err)
		}
		issuer := "did:key:" + multikey
		a, s := give(t, drop(signedAgain(t, in.json, issuer+"#"+multikey, in.key, func(doc map[string]any) {
			doc["issuer"] = map[string]any{"id": issuer, "type": []string{"Profile"}, "name": "Larkspur Academy", "url": "https://academy.example.org"}
			subject := doc["credentialSubject"].(map[string]any)
			achievement := subject["achievement"].(map[string]any)
			delete(subject, "narrative")
			achievement["criteria"] = map[string]any{"narrative": hostileCriteria}
			delete(doc, "credentialStatus")
			delete(doc, "endorsement")
			delete(achievement, "endorsement")
		})))
		if a.Verdict != "valid" || s.Marks != 2 || !strings.Contains(a.More, "known only by a key") || len(a.Next) != 1 || !strings.Contains(a.Next[0], "at an address that you know from elsewhere") ||
			!strings.HasPrefix(a.Why, "Signed and unchanged") || !strings.Contains(s.Who, "domainNone") {
			t.Errorf("of a bare key the page says %+v, %+v", a, s)
		}
		if want := []string{"a", "em", "h4", "li", "ol", "p", "table", "tbody", "td", "th", "thead", "tr"}; !slices.Equal(slices.DeleteFunc(s.Elements, func(e string) bool { return e == "div" }), want) {
			t.Errorf("the criteria are drawn with %q", s.Elements)
		}
		const rel = "nofollow noopener noreferrer"
		links := [][]string{{"https://elsewhere.example.net/rules", rel, "elsewhere.example.net"}, {"https://pay.example.net/", rel, ""}, {"mailto:office@example.net", rel, ""}}
		if !slices.EqualFunc(s.Links, links, slices.Equal) || !strings.Contains(s.Prose, `<script>alert(3)</script>`) || !strings.Contains(s.Prose, `onerror="alert(2)"> seen`) {
			t.Errorf("the criteria are %q with the links %q", s.Prose, s.Links)
		}
	})
	t.Run("address", func(t *testing.T) {
		bare := strings.TrimPrefix(in.page, "https://")
		if a, _ := give(t, func() error { return b.enter(bare) }); a.Verdict != "valid" {
			t.Errorf("of %s the page says %+v", bare, a)
		}
		for _, no := range []string{"ana@example.org", "ana@example.org/a", "credential.json", "and/or"} {
			if a, _ := give(t, func() error { return b.enter(no) }); a.Verdict != "undetermined" || a.Code != "form-unsupported" {
				t.Errorf("of %s the page says %+v", no, a)
			}
		}
	})
}
