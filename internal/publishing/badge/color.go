package badge

import "fmt"

// rgb is an opaque sRGB colour.
type rgb struct{ r, g, b uint8 }

func (c rgb) String() string { return fmt.Sprintf("#%02x%02x%02x", c.r, c.g, c.b) }

// mix returns the colour that lies percent of the way from c to d.
func (c rgb) mix(d rgb, percent int) rgb {
	f := func(a, b uint8) uint8 { return uint8((int(a)*(100-percent) + int(b)*percent + 50) / 100) }
	return rgb{f(c.r, d.r), f(c.g, d.g), f(c.b, d.b)}
}

func hexColor(v uint32) rgb { return rgb{uint8(v >> 16), uint8(v >> 8), uint8(v)} }

// pairs are the colours of a badge: a deep one for its field and a light one
// for wreath and rim. Each pair keeps a contrast of at least 4.5:1, and the rim
// between the two stands out from white and from black pages.
var pairs = [...]struct{ field, accent uint32 }{
	{0x1f3a68, 0xe8c268}, // navy, gold
	{0x14594a, 0xe9d8a6}, // emerald, champagne
	{0x6d1f3a, 0xf0bda4}, // burgundy, rose gold
	{0x472a63, 0xe3c0e8}, // aubergine, lilac
	{0x0f5164, 0x96dcd8}, // petrol, aqua
	{0x2a5a35, 0xd5e29a}, // forest, lime
	{0x8f3f23, 0xf5d6a4}, // terracotta, sand
	{0x36474f, 0xf0c064}, // slate, amber
	{0x2f3b8c, 0xb0ccf8}, // indigo, sky
	{0x6a2a66, 0xf8c8ab}, // plum, peach
	{0x095650, 0xfbbfa8}, // teal, coral
	{0x1b4a9c, 0xf6e08a}, // cobalt, lemon
	{0x54362a, 0xe8b285}, // chocolate, copper
	{0x8a2031, 0xf2dfba}, // crimson, ivory
	{0x50338f, 0xaee6d0}, // violet, mint
	{0x47541f, 0xeedb8c}, // moss, straw
	{0x27587d, 0xc4e5f4}, // steel, ice
	{0x8b2356, 0xf9cbd3}, // raspberry, blush
	{0x1c4b43, 0xe9b888}, // pine, apricot
	{0x2d3240, 0xbccce0}, // graphite, silver
	{0x74361b, 0xa8e0d0}, // rust, turquoise
	{0x3b2b78, 0xedcb78}, // purple, gold
	{0x0b4c78, 0xaae8cc}, // ocean, sea foam
	{0x5c2436, 0xc9d8a8}, // wine, sage
}

// scheme is every colour of one badge.
type scheme struct {
	rim, edge, field, relief rgb // from outside to inside; relief is the pattern of the field
	leaf, leafShade          rgb
	ribbonTail, ribbonFold   rgb // the ribbon itself has the colour of leaf
	glyph, glyphMid, cut     rgb // light and middle tone of the glyph, and its gaps
}

func newScheme(n uint64) scheme {
	pair := pairs[n%uint64(len(pairs))]
	field, accent := hexColor(pair.field), hexColor(pair.accent)
	white, black := rgb{255, 255, 255}, rgb{0, 0, 0}
	return scheme{
		rim:        accent.mix(field, 28),
		edge:       field.mix(black, 30),
		field:      field,
		relief:     field.mix(white, 7),
		leaf:       accent,
		leafShade:  accent.mix(field, 36),
		ribbonTail: accent.mix(field, 24),
		ribbonFold: accent.mix(field, 62),
		glyph:      white.mix(accent, 10),
		glyphMid:   accent.mix(field, 12),
		cut:        field.mix(black, 14),
	}
}
