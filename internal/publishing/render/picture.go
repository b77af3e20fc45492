package render

import "laurel/internal/publishing/site"

// Picture returns an achievement's or the issuer's picture as SVG or PNG. With
// a credential, that is baked into it (Open Badges Specification v3.0,
// "Embedding Open Badges into Images").
func (r *Renderer) Picture(b site.Badge, svg bool, credential []byte) ([]byte, error) {
	switch {
	case svg && credential != nil:
		return r.badges.BakedSVG(b, credential)
	case svg:
		return r.badges.SVG(b)
	case credential != nil:
		return r.badges.BakedPNG(b, credential)
	}
	return r.badges.PNG(b)
}
