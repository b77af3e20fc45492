package tone

// Of a theme that says neither.
var (
	Accent = Hex(0x17614a)
	Paper  = Hex(0xfaf9f5)
)

// Set is all colours of one appearance. Text, of which there is Ink, Muted, Accent
// and those of the states, has a contrast of at least 4.5 on Paper, Surface, Sunken
// and AccentSoft, that of a state on its own soft colour, too, and AccentInk on Accent.
// LineStrong, the edge of what can be used, has at least 3 on the first three.
type Set struct {
	Paper, Surface, Sunken Color // the page, what lies on it, what is let into it
	Ink, Muted             Color // text, and what matters less
	Line, LineStrong       Color
	Accent, AccentInk      Color // links and the main button, and what is written on it
	AccentSoft             Color
	Brand                  Color // the accent as its author wrote it: never for text
	Gold                   Color // ornament alone
	// What is good, bad, waits or is not known never takes its colour from the
	// accent: a red brand must not make "valid" red.
	Good, GoodSoft, Bad, BadSoft, Wait, WaitSoft, Off, OffSoft Color
}

// Palette is the colours of a theme.
type Palette struct {
	Light, Dark Set
	// Print is for paper: that of Light, on white.
	Print Set
}

// LightEnough tells whether a colour can be a paper. Pages have their own dark
// colours, so it has to be light.
func LightEnough(paper Color) bool { return paper.LCH().L >= .9 }

// Of derives the colours of a theme. Paper has to be light enough.
func Of(accent, paper Color) Palette {
	a, p := accent.LCH(), paper.LCH()
	// A grey accent has grey around it, a strong one no more colour than a faint one.
	tint := func(l, c float64) Color { return LCH{l, min(c, a.C), a.H}.Color() }
	white := Hex(0xffffff)

	light := Set{
		Paper: paper, Surface: white,
		Sunken: LCH{p.L - .024, min(p.C*1.5, .02), p.H}.Color(), Line: LCH{p.L - .077, min(p.C*2, .025), p.H}.Color(),
		Ink: tint(.235, .012), AccentSoft: tint(.952, min(a.C/5, .019)), Brand: accent,
		Gold: Hex(0x9a7a35), Good: Hex(0x17614a), GoodSoft: Hex(0xe6f3ec), Bad: Hex(0x94211b), BadSoft: Hex(0xfcebe8),
		Wait: Hex(0x6d4c00), WaitSoft: Hex(0xfdf2d9), Off: Hex(0x4a504c), OffSoft: Hex(0xeceae4),
	}
	on := []Color{light.Paper, light.Surface, light.Sunken, light.AccentSoft}
	light.Muted = until(LCH{.47, min(.014, a.C), a.H}, -.005, 4.6, on...)
	light.LineStrong = until(LCH{.63, min(.014, a.C), a.H}, -.005, 3.05, on[:3]...)
	light.Accent = accent
	if !reads(accent, 4.6, on...) {
		light.Accent = until(a, -.005, 4.6, on...)
	}
	light.AccentInk = white
	if Contrast(white, light.Accent) < 4.5 {
		light.AccentInk = tint(.2, .02)
	}

	dark := Set{
		Paper: tint(.19, .006), Surface: tint(.228, .008), Sunken: tint(.265, .01),
		Ink: tint(.935, .006), Line: tint(.33, .012), AccentInk: tint(.2, .02), AccentSoft: tint(.285, min(a.C*.38, .034)), Brand: accent,
		Gold: Hex(0xc8a75e), Good: Hex(0x86d0b0), GoodSoft: Hex(0x17291f), Bad: Hex(0xff9d94), BadSoft: Hex(0x351b18),
		Wait: Hex(0xf0c566), WaitSoft: Hex(0x2e2513), Off: Hex(0xb4bcb6), OffSoft: Hex(0x262b28),
	}
	on = []Color{dark.Paper, dark.Surface, dark.Sunken, dark.AccentSoft}
	dark.Muted = until(LCH{.735, min(.014, a.C), a.H}, .005, 4.6, on...)
	dark.LineStrong = until(LCH{.58, min(.014, a.C), a.H}, .005, 3.05, on[:3]...)
	dark.Accent = until(LCH{.8, min(a.C, .1), a.H}, .005, 6, on...)

	print := light
	print.Paper, print.Line, print.Muted = white, Hex(0xbbbbbb), Hex(0x444444)
	return Palette{light, dark, print}
}

// until makes a colour lighter or darker by steps, until it has that contrast on all
// of others; at the last black or white.
func until(c LCH, step, contrast float64, others ...Color) Color {
	for ; c.L > 0 && c.L < 1; c.L += step {
		if out := c.Color(); reads(out, contrast, others...) {
			return out
		}
	}
	return LCH{L: min(max(c.L, 0), 1)}.Color()
}

func reads(c Color, contrast float64, others ...Color) bool {
	for _, o := range others {
		if Contrast(c, o) < contrast {
			return false
		}
	}
	return true
}
