package picture

import (
	"fmt"
	"strconv"

	"github.com/skip2/go-qrcode"
)

// QRCode is a QR code as one SVG path. It enters a template as data, so no
// markup is made outside the templates.
type QRCode struct {
	Size int    // side in modules, the quiet zone of four on each side included
	Path string // outlines of the dark areas, to be filled by the even-odd rule; digits, M, h, v and z only
	// Modules are true for dark, by rows, with the quiet zone.
	Modules [][]bool
}

// NewQRCode draws text at error correction level M (15 %), which survives a
// crease in a printed certificate. The level "L" (7 %) is for codes that are
// scanned off a screen: fewer modules, so larger ones.
func NewQRCode(text string, level ...string) (QRCode, error) {
	recovery := qrcode.Medium
	switch {
	case len(level) == 0 || len(level) == 1 && level[0] == "M":
	case len(level) == 1 && level[0] == "L":
		recovery = qrcode.Low
	default:
		return QRCode{}, fmt.Errorf("draw QR code: a level is \"L\" or \"M\", not %q", level)
	}
	code, err := qrcode.New(text, recovery)
	if err != nil {
		return QRCode{}, fmt.Errorf("draw QR code of %d characters: %w", len(text), err)
	}
	bitmap := code.Bitmap()
	return QRCode{len(bitmap), outline(bitmap), bitmap}, nil
}

// outline traces the borders of the dark areas of a square bitmap. Outlines,
// unlike rows of rectangles, leave no hairlines between modules when scaled or
// printed, and are shorter.
//
// Every corner has an even number of edges between dark and light, and a line
// goes straight on where it can. So each line turns from across to down and
// back at every stop, and ends where it began; and as areas are filled by the
// even-odd rule, it does not matter on which side of it they lie.
func outline(bitmap [][]bool) string {
	size := len(bitmap)
	dark := func(x, y int) bool { return x >= 0 && y >= 0 && x < size && y < size && bitmap[y][x] }
	// across[at]: an edge leads from the corner to the next one; down[at]: to
	// the one below. A border of one keeps all indexes within.
	stride := size + 3
	across, down := make([]bool, stride*stride), make([]bool, stride*stride)
	for y := 0; y <= size; y++ {
		for x := 0; x <= size; x++ {
			at := (y+1)*stride + x + 1
			across[at] = dark(x, y) != dark(x, y-1)
			down[at] = dark(x, y) != dark(x-1, y)
		}
	}
	path := make([]byte, 0, 4096)
	for y := 0; y <= size; y++ {
		for x := 0; x <= size; x++ {
			start := (y+1)*stride + x + 1
			if !across[start] {
				continue
			}
			path = append(path, 'M')
			path = strconv.AppendInt(path, int64(x), 10)
			path = append(path, ' ')
			path = strconv.AppendInt(path, int64(y), 10)
			path = traceLine(path, across, down, start, stride)
		}
	}
	return string(path)
}

// traceLine appends the line through the edges from start, and takes them away.
func traceLine(path []byte, across, down []bool, start, stride int) []byte {
	for at := start; ; {
		n := takeRun(across, at, 1)
		path = strconv.AppendInt(append(path, 'h'), int64(n), 10)
		at += n
		n = takeRun(down, at, stride)
		if at += n * stride; at == start {
			return append(path, 'z') // draws the last run
		}
		path = strconv.AppendInt(append(path, 'v'), int64(n), 10)
	}
}

// takeRun takes away the edges that lead straight on from at, forwards or else
// backwards, and returns how many there were, negative for backwards.
func takeRun(edges []bool, at, step int) int {
	n := 0
	for ; edges[at]; at += step {
		edges[at] = false
		n++
	}
	if n > 0 {
		return n
	}
	for ; edges[at-step]; at -= step {
		edges[at-step] = false
		n--
	}
	return n
}
