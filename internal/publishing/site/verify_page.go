package site

// verifyPagePath is where every page links to for verifying.
const verifyPagePath = "verify/index.html"

// verifyPage plans the page that judges credentials. The name is reserved: no
// page of the content can have it.
func (p *Layout) verifyPage() error {
	for _, e := range p.editions() {
		page := &VerifyPage{Common: p.commonFor(e, verifyPagePath, ""), BaseURL: p.in.Site.URL("")}
		if err := p.page(page.Path, page); err != nil {
			return err
		}
	}
	return nil
}
