package picture

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/skip2/go-qrcode"
)

// fillPath draws a path of outline's form by the even-odd rule: a module is
// dark where an odd number of vertical edges lies left of it.
func fillPath(t *testing.T, path string, size int) [][]bool {
	t.Helper()
	toggled := make([][]bool, size)
	for y := range toggled {
		toggled[y] = make([]bool, size+1)
	}
	vertical := func(x, from, to int) {
		for y := min(from, to); y < max(from, to); y++ {
			toggled[y][x] = !toggled[y][x]
		}
	}
	for _, line := range strings.Split(path, "M")[1:] {
		var startX, startY int
		steps, ok := strings.CutSuffix(line, "z")
		if _, err := fmt.Sscanf(steps, "%d %d", &startX, &startY); err != nil || !ok {
			t.Fatalf("line %q", line)
		}
		x, y := startX, startY
		steps = steps[strings.IndexByte(steps, 'h'):]
		for steps != "" {
			var command byte
			var n int
			if _, err := fmt.Sscanf(steps, "%c%d", &command, &n); err != nil || n == 0 {
				t.Fatalf("step %q", steps)
			}
			if command == 'h' {
				x += n
			} else {
				vertical(x, y, y+n)
				y += n
			}
			steps = strings.TrimLeft(steps[1:], "-0123456789")
		}
		if x != startX {
			t.Fatalf("line %q is not closed by a vertical edge", line)
		}
		vertical(x, y, startY)
	}
	bitmap := make([][]bool, size)
	for y := range bitmap {
		bitmap[y] = make([]bool, size)
		dark := false
		for x := range bitmap[y] {
			dark = dark != toggled[y][x]
			bitmap[y][x] = dark
		}
	}
	return bitmap
}

func TestQRCodeIsTheBitmap(t *testing.T) {
	for _, text := range []string{"https://example.org/", "https://academy.example.org/awards/3f8b7c52-91de-4c0a-b6a4-0d6a5c1f2e77/", strings.Repeat("https://example.org/", 50), "ä€"} {
		code, err := qrcode.New(text, qrcode.Medium)
		if err != nil {
			t.Fatal(err)
		}
		want := code.Bitmap()
		got, err := NewQRCode(text)
		if err != nil {
			t.Fatal(err)
		}
		if got.Size != len(want) {
			t.Fatalf("size %d, want %d", got.Size, len(want))
		}
		if fmt.Sprint(fillPath(t, got.Path, got.Size)) != fmt.Sprint(want) {
			t.Errorf("%q: path draws something else", text)
		}
		for x := range 4 * got.Size {
			if want[x/got.Size][x%got.Size] {
				t.Error("no quiet zone")
			}
		}
	}
}

// TestOutlineOfNoise: bitmaps full of corners where four edges meet.
func TestOutlineOfNoise(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for size := range 40 {
		bitmap := make([][]bool, size)
		for y := range bitmap {
			bitmap[y] = make([]bool, size)
			for x := range bitmap[y] {
				bitmap[y][x] = random.IntN(2) == 0
			}
		}
		path := outline(bitmap)
		if fmt.Sprint(fillPath(t, path, size)) != fmt.Sprint(bitmap) {
			t.Errorf("size %d: path draws something else", size)
		}
		if strings.Trim(path, "Mhvz -0123456789") != "" {
			t.Errorf("path %q has other characters", path)
		}
	}
}

func TestQRCodeLevel(t *testing.T) {
	text := "https://academy.example.org/awards/3f8b7c52-91de-4c0a-b6a4-0d6a5c1f2e77/credential.json"
	for level, recovery := range map[string]qrcode.RecoveryLevel{"L": qrcode.Low, "M": qrcode.Medium} {
		code, err := qrcode.New(text, recovery)
		if err != nil {
			t.Fatal(err)
		}
		got, err := NewQRCode(text, level)
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(fillPath(t, got.Path, got.Size)) != fmt.Sprint(code.Bitmap()) {
			t.Errorf("level %s draws something else", level)
		}
	}
	for _, levels := range [][]string{{"H"}, {""}, {"L", "M"}} {
		if _, err := NewQRCode(text, levels...); err == nil {
			t.Errorf("%q is a level", levels)
		}
	}
}

func TestQRCodeTooLong(t *testing.T) {
	if _, err := NewQRCode(strings.Repeat("x", 3000)); err == nil {
		t.Error("no error")
	}
}
