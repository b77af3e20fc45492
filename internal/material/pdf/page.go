package pdf

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Page is a page being drawn. What is drawn belongs to the element that Mark names, or
// is an artifact: ornament, which is not read.
type Page struct {
	w       *Writer
	num     int
	key     int // in the parent tree
	wide, h float64
	b       bytes.Buffer
	marks   []int // elements by their marks
	marked  *Element
	begun   bool // a marked part of the content is open
	links   []int
	fonts   map[string]int
	images  map[string]int
	faint   map[string]float64
}

// Page ends the page before and begins another, so wide and so high.
func (w *Writer) Page(width, height float64) *Page {
	w.endPage()
	w.parents = append(w.parents, w.reserve())
	w.page = &Page{w: w, num: w.reserve(), key: len(w.parents) - 1, wide: width * MM, h: height * MM,
		fonts: map[string]int{}, images: map[string]int{}, faint: map[string]float64{}}
	w.pages = append(w.pages, w.page.num)
	return w.page
}

func (w *Writer) endPage() {
	p := w.page
	if p == nil {
		return
	}
	p.unmark()
	w.page = nil
	content := w.stream(0, "", p.b.Bytes())
	resources := "<<"
	dictionary := func(name string, of map[string]int) {
		if len(of) == 0 {
			return
		}
		resources += "/" + name + " <<"
		for _, key := range slices.Sorted(maps.Keys(of)) {
			resources += "/" + key + " " + ref(of[key]) + " "
		}
		resources += ">> "
	}
	dictionary("Font", p.fonts)
	dictionary("XObject", p.images)
	if len(p.faint) > 0 {
		resources += "/ExtGState <<"
		for _, key := range slices.Sorted(maps.Keys(p.faint)) {
			resources += fmt.Sprintf("/%s <</ca %s /CA %s>> ", key, number(p.faint[key]), number(p.faint[key]))
		}
		resources += ">> "
	}
	body := fmt.Sprintf("<</Type /Page /Parent %s /MediaBox [0 0 %s %s] /Contents %s /Resources %s>> /StructParents %d /Tabs /S",
		ref(pagesObject), number(p.wide), number(p.h), ref(content), resources, p.key)
	if len(p.links) > 0 {
		body += " /Annots " + refs(p.links)
	}
	w.object(p.num, body+">>")
	w.object(w.parents[p.key], refs(p.marks))
}

// Mark says which element all that is drawn from now on belongs to; nil: none, it is
// ornament.
func (p *Page) Mark(e *Element) {
	if p.begun && p.marked == e {
		return
	}
	p.unmark()
	p.marked = e
}

func (p *Page) unmark() {
	if p.begun {
		p.b.WriteString("EMC\n")
	}
	p.begun = false
}

// begin writes the mark once something is drawn under it.
func (p *Page) begin() {
	if p.begun {
		return
	}
	p.begun = true
	if p.marked == nil {
		p.b.WriteString("/Artifact BMC\n")
		return
	}
	fmt.Fprintf(&p.b, "/%s <</MCID %d>> BDC\n", p.marked.kind, len(p.marks))
	p.marked.kids = append(p.marked.kids, fmt.Sprintf("<</Type /MCR /Pg %s /MCID %d>>", ref(p.num), len(p.marks)))
	p.marks = append(p.marks, p.marked.num)
}

// Colour is one of sRGB.
type Colour struct{ R, G, B uint8 }

func (c Colour) operands() string {
	return number(float64(c.R)/255) + " " + number(float64(c.G)/255) + " " + number(float64(c.B)/255)
}

// Path fills a path, or, where width is more than 0, draws it as a line so wide in
// millimetres; one that ends with a Q fills itself. The path's operators are in its own units, which unit gives in
// millimetres, with its origin at x, y; y points down unless up is set.
func (p *Page) Path(path string, c Colour, width, x, y, unit float64, up bool) {
	p.begin()
	down := -unit * MM
	if up {
		down = -down
	}
	operator, paint := "rg", "f"
	if width > 0 {
		operator, paint = "RG "+number(width/unit)+" w 1 j", "S"
	}
	if strings.HasSuffix(path, "Q\n") {
		paint = ""
	}
	fmt.Fprintf(&p.b, "q %s %s %s 0 0 %s %s %s cm\n%s%s Q\n", c.operands(), operator, precise(unit*MM), precise(down), number(x*MM), number(p.h-y*MM), path, paint)
}

func precise(v float64) string { return strings.TrimRight(fmt.Sprintf("%.6f", v), "0") }

// Rect fills a rectangle.
func (p *Page) Rect(c Colour, x, y, w, h float64) {
	p.begin()
	fmt.Fprintf(&p.b, "%s rg %s %s %s %s re f\n", c.operands(), number(x*MM), number(p.h-(y+h)*MM), number(w*MM), number(h*MM))
}

// Frame draws the outline of a rectangle.
func (p *Page) Frame(c Colour, width, x, y, w, h float64) {
	p.begin()
	fmt.Fprintf(&p.b, "%s RG %s w %s %s %s %s re S\n", c.operands(), number(width*MM), number(x*MM), number(p.h-(y+h)*MM), number(w*MM), number(h*MM))
}

// Line draws a line.
func (p *Page) Line(c Colour, width, x1, y1, x2, y2 float64) {
	p.begin()
	fmt.Fprintf(&p.b, "%s RG %s w %s %s m %s %s l S\n", c.operands(), number(width*MM), number(x1*MM), number(p.h-y1*MM), number(x2*MM), number(p.h-y2*MM))
}

// Faint draws what draw does, of so much of its colour, from 0 to 1.
func (p *Page) Faint(alpha float64, draw func()) {
	p.begin()
	key := fmt.Sprintf("A%d", int(alpha*1000))
	p.faint[key] = alpha
	p.b.WriteString("q /" + key + " gs\n")
	draw()
	p.b.WriteString("Q\n")
}

// Turned draws what draw does, turned by the cosine and sine of an angle around a
// point, from which it measures.
func (p *Page) Turned(cos, sin, x, y float64, draw func()) {
	p.begin()
	fmt.Fprintf(&p.b, "q %s %s %s %s %s %s cm\n", precise(cos), precise(sin), precise(-sin), precise(cos), number(x*MM), number(p.h-y*MM))
	h := p.h
	p.h = 0
	draw()
	p.h = h
	p.b.WriteString("Q\n")
}

// Clipped draws what draw does, within a rectangle.
func (p *Page) Clipped(x, y, w, h float64, draw func()) {
	p.begin()
	fmt.Fprintf(&p.b, "q %s %s %s %s re W n\n", number(x*MM), number(p.h-(y+h)*MM), number(w*MM), number(h*MM))
	draw()
	p.b.WriteString("Q\n")
}

// Text writes characters that the font has, from x on the base line y.
func (p *Page) Text(f *Font, c Colour, size, x, y float64, text []rune) {
	p.write(f, fmt.Sprintf("%s rg", c.operands()), size, x, y, f.use(p).codes(text))
}

// Unseen writes characters, which the font need not have, so that they are found and
// copied, over a width: of what is drawn there otherwise. They are given in the order
// in which they are seen from left to right.
func (p *Page) Unseen(f *Font, size, x, y, width float64, text []rune) {
	if natural := f.blank() * float64(len(text)) * size / MM; natural > 0 && width > 0 {
		p.write(f, fmt.Sprintf("3 Tr %s Tz", number(100*width/natural)), size, x, y, f.use(p).blanks(text))
	}
}

func (p *Page) write(f *Font, state string, size, x, y float64, codes string) {
	p.begin()
	use := p.w.fonts[f]
	fmt.Fprintf(&p.b, "q %s BT /%s %s Tf %s %s Td <%s> Tj ET Q\n", state, use.name, number(size), number(x*MM), number(p.h-y*MM), codes)
}

// Image is a picture of pixels, made once for all pages that show it.
type Image struct {
	Width, Height int // in pixels
	rgb, alpha    []byte
}

// NewImage makes one of pixels of four bytes: red, green, blue, and how opaque.
func NewImage(width, height int, pixels []byte) *Image {
	rgb, alpha := make([]byte, 0, 3*width*height), make([]byte, 0, width*height)
	opaque := true
	for i := 0; i+3 < len(pixels); i += 4 {
		rgb, alpha = append(rgb, pixels[i:i+3]...), append(alpha, pixels[i+3])
		opaque = opaque && pixels[i+3] == 255
	}
	i := &Image{Width: width, Height: height, rgb: deflate(rgb)}
	if !opaque {
		i.alpha = deflate(alpha)
	}
	return i
}

// Image draws a picture.
func (p *Page) Image(i *Image, x, y, w, h float64) {
	p.begin()
	num, ok := p.w.images[i]
	if !ok {
		num = p.w.image(i)
		p.w.images[i] = num
	}
	name := fmt.Sprintf("I%d", num)
	p.images[name] = num
	fmt.Fprintf(&p.b, "q %s 0 0 %s %s %s cm /%s Do Q\n", number(w*MM), number(h*MM), number(x*MM), number(p.h-(y+h)*MM), name)
}

func (w *Writer) image(i *Image) int {
	mask := ""
	shape := fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /Filter /FlateDecode", i.Width, i.Height)
	if i.alpha != nil {
		mask = " /SMask " + ref(w.stream(0, shape+" /ColorSpace /DeviceGray", i.alpha))
	}
	return w.stream(0, shape+" /ColorSpace /DeviceRGB"+mask, i.rgb)
}

// Link makes an element, of the type Link, lead to an address from a place of the page.
func (p *Page) Link(e *Element, url, says string, x, y, w, h float64) {
	key := len(p.w.parents)
	num := p.w.object(0, fmt.Sprintf("<</Type /Annot /Subtype /Link /Rect [%s %s %s %s] /Border [0 0 0] /F 4 /StructParent %d /Contents %s /A <</S /URI /URI (%s)>>>>",
		number(x*MM), number(p.h-(y+h)*MM), number((x+w)*MM), number(p.h-y*MM), key, text(says), uri.Replace(url)))
	p.w.parents = append(p.w.parents, e.num)
	p.links = append(p.links, num)
	e.kids = append(e.kids, fmt.Sprintf("<</Type /OBJR /Pg %s /Obj %s>>", ref(p.num), ref(num)))
}

var uri = strings.NewReplacer("(", "%28", ")", "%29", `\`, "%5C", "\r", "", "\n", "")
