package render

import "laurel/internal/publishing/site"

// Picture returns an achievement's or the issuer's picture as SVG or PNG. With
// a credential, that is baked into it (Open Badges Specification v3.0,
// "Embedding Open Badges into Images").
func (r *Renderer) Picture(b site.Badge, svg bool, credential []byte) ([]byte, error) {
	badge := Badge{Name: b.Name, Type: b.Type, Issuer: b.Issuer, ImageFile: b.ImageFile, MediaType: b.MediaType}
	switch {
	case svg && credential != nil:
		return r.badges.BakedSVG(badge, credential)
	case svg:
		return r.badges.SVG(badge)
	case credential != nil:
		return r.badges.BakedPNG(badge, credential)
	}
	return r.badges.PNG(badge)
}
