package site

import "fmt"

// claimPagePath is the page that opens sealed awards. The name is reserved, as
// that of the folder "c" is.
const claimPagePath = "claim/index.html"

// claimPage plans the page that opens sealed awards. It is there whether or not
// there are any: that there is none would be told otherwise, and a link outlives
// the last award.
func (p *Layout) claimPage() error {
	page := &ClaimPage{Common: p.common(claimPagePath, "", ""), BaseURL: p.in.Site.URL("")}
	page.NoIndex = true
	if err := p.page(claimPagePath, page); err != nil {
		return fmt.Errorf("plan the claim page: %w", err)
	}
	return nil
}
