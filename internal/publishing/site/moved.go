package site

import (
	"fmt"
	"html"
	"strings"
)

// stays tells of a page that does its work at an address from which the site moved, too:
// what was issued there is checked and opened there.
func (p *Layout) stays(path string) bool {
	for _, e := range p.editions() {
		if rest, ok := strings.CutPrefix(path, e.folder); ok && (rest == "404.html" || rest == claimPagePath || rest == verifyPagePath) {
			return true
		}
	}
	return strings.HasPrefix(path, "awards/")
}

// forward is the page that an old address has in the place of one: it leads to the same
// page at the new one. It has no words, so that it needs no language.
func (p *Layout) forward(path string) []byte {
	to := html.EscapeString(p.in.Site.MovedTo + "/" + page(path))
	return fmt.Appendf(nil, `<!doctype html>
<html lang="%s">
<head>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=%s">
<title>%s</title>
<link rel="canonical" href="%s">
</head>
<body>
<p><a href="%s">%s</a></p>
</body>
</html>
`, html.EscapeString(p.in.Site.Languages[0]), to, html.EscapeString(p.in.Issuer.Name), to, to, to)
}
