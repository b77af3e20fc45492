package site

// claimPagePath is the page that opens sealed awards. The name is reserved, as
// that of the folder "c" is.
const claimPagePath = "claim/index.html"

// claimPage plans the page that opens sealed awards. It is there whether or not
// there are any: that there is none would be told otherwise, and a link outlives
// the last award. A link leads to the first language's, whose switch keeps it.
func (p *Layout) claimPage() error {
	for _, e := range p.editions() {
		page := &ClaimPage{Common: p.commonFor(e, claimPagePath, ""), BaseURL: p.in.Site.URL("")}
		page.NoIndex, page.Preview = true, previewAt(page.Root, claimPreviewPath(e))
		if err := p.page(page.Path, page); err != nil {
			return err
		}
	}
	return nil
}
