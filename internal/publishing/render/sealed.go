package render

import (
	"bytes"
	"fmt"

	"laurel/internal/publishing/site"
)

// sealedStart is the template of an award, public or sealed, without the site's
// frame.
const sealedStart = "parts/award.html"

// Sealed is the page of a sealed award as the claim page puts it in: what the
// theme's parts/award.html makes of it, the very template of public awards.
// Where it leads is said as from an award's folder. It is UTF-8, ends in a line
// end, and depends on page and theme alone.
func (r *Renderer) Sealed(page *site.AwardPage) ([]byte, error) {
	if !page.Sealed {
		return nil, fmt.Errorf("render a sealed award: the page is of a public one")
	}
	local, err := r.localized(page.Language)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := r.template(&out, local, sealedStart, page); err != nil {
		return nil, fmt.Errorf("render a sealed award: %w", err)
	}
	html := bytes.ToValidUTF8(bytes.TrimSpace(out.Bytes()), []byte("\uFFFD"))
	return append(html, '\n'), nil
}

// trySealed tries parts/award.html by itself, as try does for pages.
func (r *Renderer) trySealed() error {
	for _, page := range trialPages() {
		award, ok := page.(*site.AwardPage)
		if !ok {
			continue
		}
		award.Sealed = true
		if _, err := r.Sealed(award); err != nil {
			return err
		}
	}
	return nil
}
