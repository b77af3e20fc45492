package badge

import (
	"bytes"
	"image/png"
	"os"
	"slices"
	"testing"

	"laurel/internal/publishing/site"
	"laurel/internal/testing/browser"
)

func TestMain(m *testing.M) {
	code := m.Run()
	browser.Close()
	os.Exit(code)
}

// TestDrawnAsChromium: the emblem of every type, with a ribbon and without, is as
// PNG what Chromium shows of it as SVG.
func TestDrawnAsChromium(t *testing.T) {
	if testing.Short() {
		t.Skip("opens pages in a browser")
	}
	tab := browser.NewTab(t, browser.Open(t), "about:blank")
	badges := newTestBadges(nil, nil)
	sum, most, n := 0., 0., 0
	for i, kind := range slices.Concat(allTypes(), []string{"", "ext:Skill"}) {
		for _, b := range []site.Badge{achievement(2*i, "Welding Foundations 学習", kind), achievement(2*i+1, "Ägypten & "+kind, kind)} {
			svg, err := badges.Picture(b, true, nil)
			if err != nil {
				t.Fatal(err)
			}
			data, err := badges.Picture(b, false, nil)
			if err != nil {
				t.Fatal(err)
			}
			mine, err := png.Decode(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			theirs, err := tab.DrawSVG(svg, drawingSize, drawingSize)
			if err != nil {
				t.Fatal(err)
			}
			apart, err := browser.Apart(mine, theirs)
			if n++; err != nil || apart > 1 {
				t.Errorf("%+v is %.2f %% apart from what Chromium shows: %v", b, apart, err)
			}
			sum, most = sum+apart, max(most, apart)
		}
	}
	t.Logf("%d emblems: %.3f %% apart in the mean, %.3f %% at most", n, sum/float64(n), most)
}
