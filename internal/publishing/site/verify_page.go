package site

// verifyPagePath is where every page links to for verifying.
const verifyPagePath = "verify/index.html"

// verifyPage plans the page that judges credentials. The name is reserved: no
// page of the content can have it.
func (p *Layout) verifyPage() error {
	return p.page(verifyPagePath, &VerifyPage{Common: p.common(verifyPagePath, "", ""), BaseURL: p.in.Site.URL("")})
}
