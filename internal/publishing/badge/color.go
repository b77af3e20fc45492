package badge

import "laurel/internal/material/tone"

// scheme is every colour of one emblem.
type scheme struct {
	deep, mid, pale tone.Color // of the emblem's hue
	disc            tone.Color // behind what is read
	gold            tone.Color
}

// hues are how many an emblem may have: that of the accent, and others all around.
const hues = 12

// newScheme has the hue of an accent, turned by a number of twelfths. What is deep can
// be read on the disc. Of an accent that is hardly coloured, hues are faint.
func newScheme(accent tone.Color, turn int) scheme {
	a := accent.LCH()
	strength := min(max(a.C, .045), .1)
	hue := a.H + float64(turn)*360/hues
	of := func(l, c float64) tone.Color { return tone.LCH{L: l, C: c, H: hue}.Color() }
	return scheme{
		deep: of(.385, strength*.95), mid: of(.54, strength*1.05), pale: of(.84, strength),
		disc: of(.978, strength*.12), gold: gold,
	}
}
