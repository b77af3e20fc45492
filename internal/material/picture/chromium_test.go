package picture

import (
	"bytes"
	"image"
	"math"
	"os"
	"testing"

	"laurel/internal/testing/browser"
)

func TestMain(m *testing.M) {
	code := m.Run()
	browser.Close()
	os.Exit(code)
}

// chromium draws SVGs as <img> does.
type chromium struct{ *browser.Tab }

func openChromium(t testing.TB) chromium {
	t.Helper()
	if testing.Short() {
		t.Skip("opens pages in a browser")
	}
	return chromium{browser.NewTab(t, browser.Open(t), "about:blank")}
}

// draw returns an SVG as Chromium draws it, w by h pixels.
func (c chromium) draw(t testing.TB, name string, svg []byte, w, h int) *image.NRGBA {
	t.Helper()
	m, err := c.DrawSVG(svg, w, h)
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, svg)
	}
	return toNRGBA(m)
}

// TestAsChromium: a drawing as PNG is as Chromium shows it, 2 % apart at most;
// and what is written of a drawing is shown as the drawing is.
func TestAsChromium(t *testing.T) {
	c := openChromium(t)
	all := corpus(t)
	sum, most := 0., 0.
	for _, name := range names(all) {
		d := readGood(t, name, all[name])
		mine, err := d.draw(drawnSide, false)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		w, h := mine.Rect.Dx(), mine.Rect.Dy()
		theirs := c.draw(t, name, all[name], w, h)
		apart := difference(t, name, mine, theirs)
		sum, most = sum+apart, math.Max(most, apart)
		if apart > 2 {
			t.Errorf("%s: %.2f %% apart from what Chromium shows", name, apart)
		}
		if written := c.draw(t, name, d.SVG(), w, h); !bytes.Equal(written.Pix, theirs.Pix) {
			t.Errorf("%s: what is written is shown otherwise, %.2f %% apart", name, difference(t, name, written, theirs))
		}
	}
	t.Logf("%d drawings: %.3f %% apart in the mean, %.3f %% at most", len(all), sum/float64(len(all)), most)

	// What only browsers draw is written whole as well.
	undrawn := files(t, "testdata/undrawn/*.svg")
	for _, name := range names(undrawn) {
		d := readGood(t, name, undrawn[name])
		if len(d.Undrawn) == 0 {
			t.Errorf("%s: all of it is drawn", name)
		}
		if a, b := c.draw(t, name, undrawn[name], 512, 512), c.draw(t, name, d.SVG(), 512, 512); !bytes.Equal(a.Pix, b.Pix) {
			t.Errorf("%s: what is written is shown otherwise, %.2f %% apart\n%s", name, difference(t, name, a, b), d.SVG())
		}
	}
}
