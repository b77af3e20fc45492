package content_test

import (
	"strings"
	"testing"

	"laurel/internal/authoring/content"
)

// TestPositions pins whole messages, with the place they point to.
func TestPositions(t *testing.T) {
	for _, c := range []struct{ name, file, old, new, want, excerpt string }{
		{"design", spring, "email: ada@example.com", "email: ada",
			"content/awards/spring-2026.yaml:28:12: recipients[0].email: must be an e-mail address; write only the address, such as name@example.org",
			"    email: ada"},
		{"unknown", siteFile, "theme: {name", "them: {name",
			`content/site.yaml:3:1: them: unknown field in site.yaml; did you mean "theme"?`, `them: {name: default, accent: "#0A7", paper: "#FCFBF7", fonts: {headings: '"Source Serif 4", Georgia'}, certificate: modern, logo: logo.svg}`},
		{"missing", safety, "  narrative: Pass the test.", "  id: https://example.org/x\n  narative: x",
			`content/achievements/safety.yaml:5:3: criteria.narative: unknown field in Criteria; did you mean "narrative"?`, "  narative: x"},
		{"characters", siteFile, "  official: Example Dean", "  official: Dean\n  address: {addressRegion: Zürich Ærø, geo: 1}",
			"content/site.yaml:17:45: issuer.address.geo: must be a mapping, with the properties of GeoCoordinates; write latitude: and so on below it",
			"  address: {addressRegion: Zürich Ærø, geo: 1}"},
		{"block", welding, "    Questions go to", "    <i>Questions</i> go to",
			"content/achievements/welding.yaml:12:5: criteria.narrative: contains raw HTML; write Markdown; to show code, put it between back-ticks",
			"    <i>Questions</i> go to <office@example.org>."},
		{"page", about, "See [privacy]", "Örtlich <b>see</b> [privacy]",
			"content/pages/about.md:9:9: contains raw HTML; write Markdown; to show code, put it between back-ticks",
			"Örtlich <b>see</b> [privacy](../privacy/), [us](https://example.org/) and the **team**."},
		{"cell", springSheet, "Cy Example,cy@example.com", "Çý Éxample,cy.example.com",
			"content/awards/spring-2026.csv:2:12: row 2, email (B2): must be an e-mail address; write only the address, such as name@example.org",
			`Çý Éxample,cy.example.com,,2026-07-01,public,2.5,"Said ""yes"",`},
		{"row-after-lines", springSheet, ",s-5,", ",s 5,",
			"content/awards/spring-2026.csv:4:15: row 3, studentId (C3): must not contain white space, slashes or invisible characters; give the recipient a key: of their own, which then names the award",
			"=Dee Example,,s 5,,,,,,,,,"},
		{"roster-missing", spring, "roster: spring-2026.csv", "roster: autumn.csv",
			"content/awards/spring-2026.yaml:5:9: roster: content/awards/autumn.csv is missing", "roster: autumn.csv"},
		{"quote", siteFile, "  name: Example Academy", `  name: "Example Academy`,
			"content/site.yaml:", ""},
		{"bidi-shown", siteFile, "  name: Example Academy", "  name: Example \u202eAcademy",
			"content/site.yaml:11:17: the file contains a bidirectional control character (U+202E); delete that character",
			`  name: Example \u202eAcademy`},
		{"colon", siteFile, "  name: Example Academy", "  name: Example: Academy",
			"content/site.yaml:11:3: not YAML: mapping values are not allowed in this context", "  name: Example: Academy"},
		{"bracket", welding, "tag: [metal, fire]", "tag: [metal, fire",
			"content/achievements/welding.yaml:75:1: not YAML: did not find expected ',' or ']'; a bracket is not closed", "tag: [metal, fire"},
		{"indented", safety, "image:\n", " image:\n",
			"content/achievements/safety.yaml:5:2: not YAML: did not find expected key", " image:"},
		{"long-line", siteFile, "  name: Example Academy", "  name: " + strings.Repeat("x", 500) + "\u2066",
			"content/site.yaml:11:509: the file contains a bidirectional control character (U+2066); delete that character",
			"…" + strings.Repeat("x", 100) + `\u2066`},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := academy().replace(t, c.file, c.old, c.new).problems(t)
			for _, p := range list {
				if strings.HasPrefix(content.Problems{p}.Error(), c.want) && (c.excerpt == "" || p.Excerpt == c.excerpt) {
					return
				}
			}
			t.Errorf("want %s\n%s\ngot:", c.want, c.excerpt)
			for _, p := range list {
				t.Errorf("%v\n%s", content.Problems{p}, p.Excerpt)
			}
		})
	}
}

// TestProblemsSorted: all at once, by file and line, none twice.
func TestProblemsSorted(t *testing.T) {
	f := academy().
		replace(t, siteFile, "theme: {name", "them: {name").
		replace(t, siteFile, "email: office@example.org", "email: office").
		replace(t, safety, "name: Safety\n", "").
		replace(t, spring, "awardedDate: 2026-06-30", "awardedDate: 2026-06-31").
		replace(t, springSheet, "2.5", "-1").
		replace(t, about, "order: 2", "order: x").
		replace(t, logo, "<title>A wreath</title>", "<script/>")
	list := f.problems(t)
	var got []string
	for _, p := range list {
		got = append(got, p.File+" "+p.Field)
	}
	want := []string{
		safety + " name", springSheet + " row 2, creditsEarned (F2)", spring + " awardedDate", logo + " script",
		about + " order", siteFile + " them", siteFile + " issuer.email",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if again := f.problems(t); again.Error() != list.Error() {
		t.Error("the second time, the problems are others")
	}
}

// TestMissingDate: what all recipients lack is said once, what one lacks is
// said there.
func TestMissingDate(t *testing.T) {
	f := academy().replace(t, spring, "awardedDate: 2026-06-30\n", "").replace(t, spring, "roster: spring-2026.csv\n", "")
	delete(f, springSheet)
	if list := f.problems(t); len(list) != 1 || list[0].Field != "awardedDate" {
		t.Errorf("nobody has a date: %v", list)
	}
	f = f.replace(t, spring, "    visibility: public", "    awardedDate: 2026-06-30")
	list := f.problems(t)
	if len(list) != 2 || list[0].Field != "recipients[1].awardedDate" || list[1].Field != "recipients[2].awardedDate" {
		t.Errorf("one has a date: %v", list)
	}
}
