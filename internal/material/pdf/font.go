package pdf

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"
)

// Font is a TrueType font that is embedded: of it the glyphs that a document uses. It
// may be used by several documents at once.
type Font struct {
	name   string
	glyphs map[rune]uint16
	tables map[string][]byte
	// widths are those of glyphs, in units of which upem are a size of 1.
	widths       []uint16
	upem         float64
	offsets      []uint32 // of glyphs in glyf, and its end
	space        uint16
	ascent, desc int16
	box          [4]int16
}

var errFont = errors.New("a TrueType font with tables that cannot be embedded")

// NewFont reads a TrueType font, of which glyphs are written, under a name of letters.
// Every place in it is checked: a font need not be trusted. It has to have a space.
func NewFont(name string, tables map[string][]byte, glyphs map[rune]uint16) (*Font, error) {
	f := &Font{name: name, glyphs: glyphs, tables: tables}
	head, hhea, maxp, hmtx, loca := tables["head"], tables["hhea"], tables["maxp"], tables["hmtx"], tables["loca"]
	if len(head) < 54 || len(hhea) < 36 || len(maxp) < 6 {
		return nil, errFont
	}
	u16, i16 := binary.BigEndian.Uint16, func(b []byte) int16 { return int16(binary.BigEndian.Uint16(b)) }
	f.upem, f.ascent, f.desc = float64(u16(head[18:])), i16(hhea[4:]), i16(hhea[6:])
	f.box = [4]int16{i16(head[36:]), i16(head[38:]), i16(head[40:]), i16(head[42:])}
	n, metrics := int(u16(maxp[4:])), int(u16(hhea[34:]))
	if f.upem < 16 || n == 0 || metrics == 0 || len(hmtx) < 4*metrics {
		return nil, errFont
	}
	for i := range n {
		f.widths = append(f.widths, u16(hmtx[4*min(i, metrics-1):]))
	}
	place, step := func(b []byte) uint32 { return 2 * uint32(u16(b)) }, 2
	if u16(head[50:]) != 0 {
		place, step = binary.BigEndian.Uint32, 4
	}
	if len(loca) < step*(n+1) {
		return nil, errFont
	}
	for i := range n + 1 {
		at := place(loca[step*i:])
		if int64(at) > int64(len(tables["glyf"])) || i > 0 && at < f.offsets[i-1] {
			return nil, errFont
		}
		f.offsets = append(f.offsets, at)
	}
	var ok bool
	if f.space, ok = glyphs[' ']; !ok {
		return nil, errors.New("a TrueType font without a space")
	}
	for _, g := range glyphs {
		if int(g) >= n {
			return nil, errFont
		}
	}
	_, _, err := f.subset(slices.Collect(maps.Values(glyphs)))
	return f, err
}

// blank is the width of a space, in sizes of the type.
func (f *Font) blank() float64 { return float64(f.widths[f.space]) / f.upem }

// glyph is the description of a glyph without its instructions, and where in it are
// the numbers of the glyphs that it is made of.
func (f *Font) glyph(g uint16) (data []byte, parts []int, err error) {
	data = f.tables["glyf"][f.offsets[g]:f.offsets[g+1]]
	if len(data) == 0 {
		return nil, nil, nil
	}
	if len(data) < 10 {
		return nil, nil, errFont
	}
	u16 := binary.BigEndian.Uint16
	if contours := int16(u16(data)); contours >= 0 {
		at := 10 + 2*int(contours)
		if len(data) < at+2 || len(data) < at+2+int(u16(data[at:])) {
			return nil, nil, errFont
		}
		return append(append(slices.Clone(data[:at]), 0, 0), data[at+2+int(u16(data[at:])):]...), nil, nil
	}
	data = slices.Clone(data)
	for at := 10; ; {
		if len(data) < at+4 || int(u16(data[at+2:])) >= len(f.widths) {
			return nil, nil, errFont
		}
		flags := u16(data[at:])
		parts = append(parts, at+2)
		size := 6
		for bit, more := range map[uint16]int{1: 2, 8: 2, 0x40: 4, 0x80: 8} {
			if flags&bit != 0 {
				size += more
			}
		}
		binary.BigEndian.PutUint16(data[at:], flags&^0x100) // without instructions
		if at += size; len(data) < at {
			return nil, nil, errFont
		}
		if flags&0x20 == 0 {
			return data[:at], parts, nil
		}
	}
}

// fontUse is what a document uses of a font. A code stands for a character: drawn, or
// blank of one that is not seen.
type fontUse struct {
	font  *Font
	name  string
	num   int
	code  map[rune]uint16
	blank map[rune]uint16
	runes []rune   // by code, from 1
	gids  []uint16 // in the font
}

// use makes a font one of a page's.
func (f *Font) use(p *Page) *fontUse {
	u, ok := p.w.fonts[f]
	if !ok {
		u = &fontUse{font: f, name: fmt.Sprintf("F%d", len(p.w.inOrder)+1), num: p.w.reserve(), code: map[rune]uint16{}, blank: map[rune]uint16{}}
		p.w.fonts[f] = u
		p.w.inOrder = append(p.w.inOrder, u)
	}
	p.fonts[u.name] = u.num
	return u
}

func (u *fontUse) codes(text []rune) string {
	return u.codesOf(text, u.code, func(r rune) uint16 { return u.font.glyphs[r] })
}

func (u *fontUse) blanks(text []rune) string {
	return u.codesOf(text, u.blank, func(rune) uint16 { return u.font.space })
}

func (u *fontUse) codesOf(text []rune, known map[rune]uint16, glyph func(rune) uint16) string {
	var b strings.Builder
	for _, r := range text {
		c, ok := known[r]
		if !ok && len(u.runes) < 0xfffe {
			u.runes, u.gids = append(u.runes, r), append(u.gids, glyph(r))
			c = uint16(len(u.runes))
			known[r] = c
		}
		fmt.Fprintf(&b, "%04x", c)
	}
	return b.String()
}

// write embeds the font (9.7.4 "CIDFonts").
func (u *fontUse) write(w *Writer) {
	data, numbers, err := u.font.subset(u.gids)
	if err != nil {
		w.fail(err)
		return
	}
	f := u.font
	units := func(v float64) string { return number(v * 1000 / f.upem) }
	name := subsetName(data) + "+" + f.name
	file := w.stream(0, fmt.Sprintf("/Length1 %d", len(data)), data)
	descriptor := w.object(0, fmt.Sprintf("<</Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%s %s %s %s] /ItalicAngle 0 /Ascent %s /Descent %s /CapHeight %s /StemV 80 /FontFile2 %s>>",
		name, units(float64(f.box[0])), units(float64(f.box[1])), units(float64(f.box[2])), units(float64(f.box[3])), units(float64(f.ascent)), units(float64(f.desc)), units(float64(f.ascent)*0.78), ref(file)))
	toGlyph, widths := make([]byte, 2, 2+2*len(u.gids)), ""
	for _, g := range u.gids {
		toGlyph = binary.BigEndian.AppendUint16(toGlyph, numbers[g])
		widths += units(float64(f.widths[g])) + " "
	}
	glyphs := w.stream(0, "", toGlyph)
	cid := w.object(0, fmt.Sprintf("<</Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor %s /DW %s /W [1 [%s]] /CIDToGIDMap %s>>",
		name, ref(descriptor), units(float64(f.widths[0])), widths, ref(glyphs)))
	w.object(u.num, fmt.Sprintf("<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%s] /ToUnicode %s>>", name, ref(cid), ref(w.stream(0, "", u.toUnicode()))))
}

// subsetName is six letters that tell one part of a font from another (9.6.4).
func subsetName(data []byte) string {
	sum := sha256.Sum256(data)
	name := make([]byte, 6)
	for i := range name {
		name[i] = 'A' + sum[i]%26
	}
	return string(name)
}

// toUnicode says which characters the codes stand for (9.10.3 "ToUnicode CMaps").
func (u *fontUse) toUnicode() []byte {
	var b strings.Builder
	b.WriteString("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def /CMapType 2 def 1 begincodespacerange <0000> <ffff> endcodespacerange\n")
	for from := 0; from < len(u.runes); from += 100 {
		part := u.runes[from:min(from+100, len(u.runes))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(part))
		for i, r := range part {
			fmt.Fprintf(&b, "<%04x> <", from+i+1)
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, "%04x", unit)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap CMapName currentdict /CMap defineresource pop end end")
	return []byte(b.String())
}

// subset is a font of some glyphs alone, and what their numbers in it are. Glyph 0 is
// that of what is missing.
func (f *Font) subset(wanted []uint16) (data []byte, numbers map[uint16]uint16, err error) {
	numbers = map[uint16]uint16{0: 0}
	order := []uint16{0}
	add := func(g uint16) uint16 {
		if _, ok := numbers[g]; !ok {
			numbers[g] = uint16(len(order))
			order = append(order, g)
		}
		return numbers[g]
	}
	for _, g := range wanted {
		add(g)
	}
	var glyf, loca, hmtx []byte
	for i := 0; i < len(order); i++ {
		description, parts, err := f.glyph(order[i])
		if err != nil {
			return nil, nil, err
		}
		for _, at := range parts {
			binary.BigEndian.PutUint16(description[at:], add(binary.BigEndian.Uint16(description[at:])))
		}
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		glyf = append(glyf, description...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		hmtx = binary.BigEndian.AppendUint16(hmtx, f.widths[order[i]])
		left := uint16(0)
		if len(description) >= 4 {
			left = binary.BigEndian.Uint16(description[2:]) // its left side
		}
		hmtx = binary.BigEndian.AppendUint16(hmtx, left)
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	n := uint16(len(order))
	head, hhea, maxp := slices.Clone(f.tables["head"]), slices.Clone(f.tables["hhea"]), slices.Clone(f.tables["maxp"])
	binary.BigEndian.PutUint32(head[8:], 0)
	binary.BigEndian.PutUint16(head[50:], 1)
	binary.BigEndian.PutUint16(hhea[34:], n)
	binary.BigEndian.PutUint16(maxp[4:], n)
	return container([]table{{"glyf", glyf}, {"head", head}, {"hhea", hhea}, {"hmtx", hmtx}, {"loca", loca}, {"maxp", maxp}}), numbers, nil
}

type table struct {
	name string
	data []byte
}

// container is a TrueType font of some tables, which are in the order of their names
// (OpenType Specification 1.9, "Table Directory").
func container(tables []table) []byte {
	b := []byte{0, 1, 0, 0, 0, byte(len(tables)), 0, 64, 0, 2, 0, byte(len(tables)*16 - 64)}
	at := uint32(12 + 16*len(tables))
	var body []byte
	for _, t := range tables {
		padded := append(slices.Clone(t.data), make([]byte, (4-len(t.data)%4)%4)...)
		b = append(b, t.name...)
		b = binary.BigEndian.AppendUint32(b, checksum(padded))
		b = binary.BigEndian.AppendUint32(b, at)
		b = binary.BigEndian.AppendUint32(b, uint32(len(t.data)))
		body, at = append(body, padded...), at+uint32(len(padded))
	}
	whole := append(b, body...)
	head := binary.BigEndian.Uint32(whole[12+16+8:]) // the second of them
	binary.BigEndian.PutUint32(whole[head+8:], 0xB1B0AFBA-checksum(whole))
	return whole
}

func checksum(data []byte) (sum uint32) {
	for i := 0; i+3 < len(data); i += 4 {
		sum += binary.BigEndian.Uint32(data[i:])
	}
	return sum
}
