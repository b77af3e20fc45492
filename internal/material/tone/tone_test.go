package tone

import (
	"fmt"
	"testing"
)

func TestParse(t *testing.T) {
	for s, want := range map[string]string{"#17614a": "#17614a", "#FFB300": "#ffb300", "#0af": "#00aaff"} {
		if c, ok := Parse(s); !ok || c.String() != want {
			t.Errorf("%s is %v, %v", s, c, ok)
		}
	}
	for _, s := range []string{"", "17614a", "#17614", "#17614a80", "red", "#ggg", "# 0af", "#0af\n"} {
		if c, ok := Parse(s); ok {
			t.Errorf("%q is %v", s, c)
		}
	}
}

func TestThereAndBack(t *testing.T) {
	for v := uint32(0); v <= 0xffffff; v += 7919 {
		if c := Hex(v); c.LCH().Color() != c && c.LCH().C > 0 {
			t.Errorf("%s comes back as %s", c, c.LCH().Color())
		}
	}
	if c := (LCH{.8, .4, 150}).Color().LCH(); c.L < .795 || c.L > .805 || c.H < 149 || c.H > 151 {
		t.Errorf("the nearest to a colour that is none is %v", c)
	}
}

// TestContrast tries accents all over sRGB on the lightest and the darkest papers.
func TestContrast(t *testing.T) {
	steps := []uint8{0, 51, 102, 153, 204, 255}
	papers := []Color{Paper, Hex(0xffffff), Hex(0xf7f9fb), LCH{.905, .03, 30}.Color(), LCH{.905, .05, 110}.Color(), LCH{.905, .05, 260}.Color()}
	for _, p := range papers {
		if !LightEnough(p) {
			t.Fatalf("%s is no paper", p)
		}
		for _, r := range steps {
			for _, g := range steps {
				for _, b := range steps {
					accent := Color{r, g, b}
					palette := Of(accent, p)
					for name, s := range map[string]Set{"light": palette.Light, "dark": palette.Dark, "print": palette.Print} {
						at := fmt.Sprintf("%s on %s, %s", accent, p, name)
						for text, c := range map[string]Color{"ink": s.Ink, "muted": s.Muted, "accent": s.Accent} {
							for ground, g := range map[string]Color{"paper": s.Paper, "surface": s.Surface, "sunken": s.Sunken, "soft": s.AccentSoft} {
								least(t, at+": "+text+" on "+ground, c, g, 4.5)
							}
						}
						least(t, at+": on the accent", s.AccentInk, s.Accent, 4.5)
						for _, g := range []Color{s.Paper, s.Surface, s.Sunken} {
							least(t, at+": edge", s.LineStrong, g, 3)
						}
						for _, state := range [][2]Color{{s.Good, s.GoodSoft}, {s.Bad, s.BadSoft}, {s.Wait, s.WaitSoft}, {s.Off, s.OffSoft}} {
							for _, g := range []Color{s.Paper, s.Surface, s.Sunken, state[1]} {
								least(t, at+": state "+state[0].String(), state[0], g, 4.5)
							}
							least(t, at+": text on a state", s.Ink, state[1], 4.5)
							least(t, at+": muted on a state", s.Muted, state[1], 4.5)
						}
					}
				}
			}
		}
	}
}

func least(t *testing.T, what string, a, b Color, want float64) {
	t.Helper()
	if got := Contrast(a, b); got < want {
		t.Errorf("%s: %s on %s has %.2f", what, a, b, got)
	}
}

// TestDefault holds the colours of laurel's own theme, and what an author wrote stays
// where it can be read.
func TestDefault(t *testing.T) {
	p := Of(Accent, Paper)
	if p.Light.Accent != Accent || p.Light.Paper != Paper || p.Light.Ink.String() != "#19201d" || p.Dark.Accent.String() != "#89cfb3" || p.Dark.Paper.String() != "#111513" {
		t.Errorf("%+v", p)
	}
	if p := Of(Hex(0xffb300), Paper); p.Light.Accent == p.Light.Brand || p.Light.Brand != Hex(0xffb300) {
		t.Errorf("amber as a text is %s", p.Light.Accent)
	}
	if grey := Of(Hex(0x555555), Hex(0xffffff)); grey.Dark.Accent.LCH().C != 0 || grey.Light.Ink.LCH().C != 0 {
		t.Errorf("around grey: %s, %s", grey.Dark.Accent, grey.Light.Ink)
	}
}
