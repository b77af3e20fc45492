package picture

import (
	"bytes"
	"image"
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

// TestAsChromium: what is written of a drawing is shown as the drawing is.
func TestAsChromium(t *testing.T) {
	c := openChromium(t)
	all := corpus(t)
	for _, name := range names(all) {
		read, written := c.draw(t, name, all[name], 256, 256), c.draw(t, name, writeSVG(readGood(t, name, all[name])), 256, 256)
		if !bytes.Equal(read.Pix, written.Pix) {
			apart, _ := browser.Apart(read, written)
			t.Errorf("%s: what is written is shown otherwise, %.2f %% apart", name, apart)
		}
	}
	t.Logf("%d drawings", len(all))
}
