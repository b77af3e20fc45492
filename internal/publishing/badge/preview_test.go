package badge

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"laurel/internal/material/tone"
	"laurel/internal/publishing/site"
)

// flat is a picture as pixels.
func flat(m image.Image) *image.NRGBA {
	out := image.NewNRGBA(m.Bounds())
	draw.Draw(out, out.Rect, m, m.Bounds().Min, draw.Src)
	return out
}

// card is the preview of an achievement.
func card(name, text string) site.PreviewCard {
	return site.PreviewCard{Badge: achievement(1, name, "MicroCredential"), Language: "en", Kind: "Micro-credential", Title: name, Text: text,
		Foot: "Example Academy", Host: "example.org/academy"}
}

// TestPreview: previews are as large as they have to be, in pixels, and as small as they
// may be, in bytes; they have the accent, and the same bytes each time, on any machine;
// whatever is written stays in its column. LAUREL_BADGES=DIR writes them there.
func TestPreview(t *testing.T) {
	long := strings.Repeat("Health, housing and public services for everybody. ", 12)
	badges := newTestBadges(fstest.MapFS{"a.png": {Data: testImage(t, 800, 600)}}, nil)
	claim := site.PreviewCard{Badge: site.Badge{ID: "x", Name: "Example Academy", OfIssuer: true}, Kind: "Open Badges 3.0", Title: "An award", Foot: "Example Academy", Host: "example.org"}
	logo := claim
	logo.Badge = site.Badge{ImageFile: "a.png", MediaType: "image/png"}
	turned := card("دورة اللحام الأساسية", "وصف قصير")
	turned.Foot = strings.Repeat("Institute of Applied Arts ", 6)
	for name, c := range map[string]struct {
		card   site.PreviewCard
		digest string
	}{
		"achievement": {card("Data Analysis with Open Data", "Takes a public data set to an honest chart."), "479473d5fc7e"},
		"issuer":      {logo, "9647b15cfdbc"}, "claim": {claim, "2bf84f791ce9"}, "right": {turned, "3d643dca5e13"},
		"long":  {card(strings.Repeat("Donaudampfschifffahrtsgesellschaftskapitän ", 9), long), ""},
		"wide":  {card(strings.Repeat("W", 300), long), ""},
		"other": {card("学習", "学習"), ""}, "empty": {site.PreviewCard{}, ""},
	} {
		data, err := badges.Preview(c.card)
		if err != nil {
			t.Fatal(err)
		}
		if dir := os.Getenv("LAUREL_BADGES"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, "preview-"+name+".png"), data, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		decoded, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if size := decoded.Bounds().Size(); size != image.Pt(site.PreviewWidth, site.PreviewHeight) || len(data) >= 200_000 {
			t.Errorf("%s: %v, %d bytes", name, size, len(data))
		}
		m := flat(decoded)
		if got := digest(m.Pix); c.digest != "" && got != c.digest {
			t.Errorf("%s: pixels have digest %s, want %s", name, got, c.digest)
		}
		ground, ink := badges.ground(), 0
		for y := range site.PreviewHeight {
			for x := panelWidth; x < site.PreviewWidth; x++ {
				if colorAt(m, x, y) == colorAt(ground, x, y) {
					continue
				}
				ink++
				if x < columnLeft-6 || x > columnRight+6 || y < 48 || y > 612 || y > footLine-4 && y < footLine+6 {
					t.Fatalf("%s: ink at %d, %d", name, x, y)
				}
			}
		}
		if (ink < 1000) != (name == "empty") {
			t.Errorf("%s: %d pixels of ink", name, ink)
		}
	}
	for _, accent := range []uint32{0x17614a, 0x1f4e8c, 0xffb300, 0, 0xffffff} {
		data, err := NewBadges(nil, nil, tone.Of(tone.Hex(accent), tone.Hex(0xfffdf0))).Preview(claim)
		if err != nil {
			t.Fatal(err)
		}
		decoded, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		m, seen := flat(decoded), 0
		for y := range site.PreviewHeight {
			if colorAt(m, 3, y) == tone.Hex(accent) {
				seen++
			}
		}
		if paper := colorAt(m, 700, 20); seen < site.PreviewHeight/2 || paper != tone.Hex(0xfffdf0) {
			t.Errorf("%06x: the panel has it in %d of %d lines; the paper is %s", accent, seen, site.PreviewHeight, paper)
		}
	}
}

func BenchmarkPreview(b *testing.B) {
	badges := newTestBadges(nil, nil)
	size := 0
	for b.Loop() {
		data, err := badges.Preview(card("Data Analysis with Open Data", "Takes a public data set from download to an honest chart."))
		if err != nil {
			b.Fatal(err)
		}
		size = len(data)
	}
	b.ReportMetric(float64(size), "bytes")
}
