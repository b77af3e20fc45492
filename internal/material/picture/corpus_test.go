package picture

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"laurel/internal/testing/browser"
)

// corpus are SVGs that are drawn: those of testdata/svg, and the sample academy's.
func corpus(t testing.TB) map[string][]byte {
	t.Helper()
	out := files(t, "testdata/svg/*.svg", "../../../content/images/*.svg")
	if len(out) < 60 {
		t.Fatalf("the corpus has %d drawings", len(out))
	}
	return out
}

func files(t testing.TB, patterns ...string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, pattern := range patterns {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(names), err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			out[filepath.Base(name)] = data
		}
	}
	return out
}

func names(m map[string][]byte) []string {
	var out []string
	for name := range m {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func readGood(t testing.TB, name string, data []byte) *Drawing {
	t.Helper()
	d, problems := ReadSVG(data)
	if len(problems) > 0 {
		t.Fatalf("%s: %v", name, problems)
	}
	return d
}

// TestCorpus: what is accepted is drawn, and what is written of it draws the
// same and is written the same again.
func TestCorpus(t *testing.T) {
	all := corpus(t)
	for _, name := range names(all) {
		if problems := Check(all[name], SVG, false); len(problems) > 0 {
			t.Errorf("%s: %v", name, problems)
			continue
		}
		drawn, err := ToPNG(all[name], SVG)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		written, err := ToSVG(all[name], SVG)
		if err != nil {
			t.Fatal(err)
		}
		checkXML(t, written)
		again, err := ToSVG(written, SVG)
		if err != nil || !bytes.Equal(again, written) {
			t.Errorf("%s: written again, it differs: %v", name, err)
		}
		if same, err := ToPNG(written, SVG); err != nil || !bytes.Equal(same, drawn) {
			t.Errorf("%s: what is written draws something else: %v", name, err)
		}
	}
}

// TestDrawnTheSame pins the pixels of the corpus, which every machine must draw,
// in any number of programs at once: those of a badge are in awards, whose files
// others compare.
func TestDrawnTheSame(t *testing.T) {
	all := corpus(t)
	h := sha256.New()
	for _, name := range names(all) {
		m, err := readGood(t, name, all[name]).draw(drawnSide, false)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		h.Write(m.Pix)
	}
	const want = "4a5e3ce22978"
	if got := hex.EncodeToString(h.Sum(nil)[:6]); got != want {
		t.Errorf("the drawings have digest %s, want %s", got, want)
	}
}

// difference is how far two pictures are apart: see browser.Apart.
func difference(t testing.TB, name string, a, b *image.NRGBA) float64 {
	t.Helper()
	apart, err := browser.Apart(a, b)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return apart
}
