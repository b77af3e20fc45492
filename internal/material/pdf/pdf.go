// Package pdf writes tagged PDF: PDF 1.7 (ISO 32000-1) as PDF/UA-1 (ISO 14289-1) asks
// for it, with the structure, the language and the alternative texts that a screen
// reader needs, and fonts and attachments embedded.
//
// A document is written page by page, so that a long one takes little memory: what is
// kept are numbers of objects, the glyphs that fonts need, and the elements that are
// not ended yet. The same calls give the same bytes. It draws what it is told, and
// knows neither text layout nor what a document is about.
package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf16"
)

// MM is a millimetre in points. Lengths in this package are millimetres from the top
// left of the page, but for sizes of type, which are points.
const MM = 72 / 25.4

// Info is what a document says of itself.
type Info struct {
	// Title and Author are for people; Language is that of what has no other, BCP 47.
	Title, Author, Subject, Language string
	// Date is when it was made.
	Date time.Time
}

// Attachment is a file inside of a document.
type Attachment struct {
	Name        string // printable ASCII without brackets
	MediaType   string
	Description string
	Data        []byte
}

// Writer writes a document. Its methods remember the first error for Close.
type Writer struct {
	out     io.Writer
	sum     hash.Hash
	at      int64
	offsets []int64 // of objects, from 1
	err     error

	info        Info
	root        *Element
	pages       []int
	page        *Page
	parents     []int // object of each entry of the parent tree
	fonts       map[*Font]*fontUse
	inOrder     []*fontUse
	images      map[*Image]int
	attachments []int // file specifications
	names       []string
}

// The numbers of the objects that others refer to before they are written.
const (
	catalogObject = iota + 1
	pagesObject
	treeObject
	fixedObjects
)

// NewWriter begins a document.
func NewWriter(out io.Writer, info Info) *Writer {
	w := &Writer{out: out, sum: sha256.New(), info: info, fonts: map[*Font]*fontUse{}, images: map[*Image]int{}, offsets: make([]int64, fixedObjects)}
	w.raw("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	w.root = &Element{w: w, kind: "Document", num: w.reserve()}
	return w
}

// Root is the element of the whole document.
func (w *Writer) Root() *Element { return w.root }

func (w *Writer) raw(s string) {
	if w.err != nil {
		return
	}
	w.sum.Write([]byte(s))
	n, err := io.WriteString(w.out, s)
	w.at += int64(n)
	w.err = err
}

func (w *Writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

// reserve gives out the number of an object.
func (w *Writer) reserve() int {
	w.offsets = append(w.offsets, 0)
	return len(w.offsets) - 1
}

// object writes an object under a number, or, for 0, under a new one.
func (w *Writer) object(num int, body string) int {
	if num == 0 {
		num = w.reserve()
	}
	w.offsets[num] = w.at
	w.raw(strconv.Itoa(num) + " 0 obj\n" + body + "\nendobj\n")
	return num
}

// stream writes a stream, compressed unless its dictionary has a filter already.
func (w *Writer) stream(num int, dictionary string, data []byte) int {
	if !strings.Contains(dictionary, "/Filter") && !strings.Contains(dictionary, "/Metadata") {
		data = deflate(data)
		dictionary += " /Filter /FlateDecode"
	}
	return w.object(num, fmt.Sprintf("<<%s /Length %d>>\nstream\n%s\nendstream", dictionary, len(data), data))
}

// compressors are used again, as each takes a megabyte.
var compressors = sync.Pool{New: func() any { return zlib.NewWriter(nil) }}

func deflate(data []byte) []byte {
	var b bytes.Buffer
	z := compressors.Get().(*zlib.Writer)
	z.Reset(&b)
	z.Write(data)
	z.Close()
	compressors.Put(z)
	return b.Bytes()
}

func ref(num int) string { return strconv.Itoa(num) + " 0 R" }

func refs(nums []int) string {
	all := make([]string, len(nums))
	for i, n := range nums {
		all[i] = ref(n)
	}
	return "[" + strings.Join(all, " ") + "]"
}

// text is a string for people (7.9.2.2): UTF-16 with a byte order mark, in hex.
func text(s string) string {
	b := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return "<" + hex.EncodeToString(b) + ">"
}

// number is a coordinate with as many digits as print.
func number(v float64) string {
	s := strconv.FormatFloat(v, 'f', 3, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		return "0"
	}
	return s
}

// Attach puts a file into the document.
func (w *Writer) Attach(a Attachment) {
	if strings.ContainsFunc(a.Name, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`()\<>`, r) }) {
		w.fail(errors.New("write a PDF: an attachment whose name is not plain ASCII"))
		return
	}
	file := w.stream(0, fmt.Sprintf("/Type /EmbeddedFile /Subtype /%s /Params <</Size %d>>", strings.ReplaceAll(a.MediaType, "/", "#2F"), len(a.Data)), a.Data)
	w.attachments = append(w.attachments, w.object(0, fmt.Sprintf("<</Type /Filespec /F (%s) /UF (%s) /EF <</F %s /UF %s>> /AFRelationship /Data /Desc %s>>",
		a.Name, a.Name, ref(file), ref(file), text(a.Description))))
	w.names = append(w.names, a.Name)
}

// Close writes what is left and returns the first error that there was.
func (w *Writer) Close() error {
	w.endPage()
	for _, f := range w.inOrder {
		f.write(w)
	}
	w.root.End()
	kids := make([]string, len(w.parents))
	for i, n := range w.parents {
		kids[i] = strconv.Itoa(i) + " " + ref(n)
	}
	parentTree := w.object(0, "<</Nums ["+strings.Join(kids, " ")+"]>>")
	w.object(treeObject, fmt.Sprintf("<</Type /StructTreeRoot /K %s /ParentTree %s /ParentTreeNextKey %d>>", ref(w.root.num), ref(parentTree), len(w.parents)))
	w.object(pagesObject, fmt.Sprintf("<</Type /Pages /Count %d /Kids %s>>", len(w.pages), refs(w.pages)))
	metadata := w.stream(0, "/Type /Metadata /Subtype /XML", []byte(w.xmp()))
	date := "(D:" + w.info.Date.UTC().Format("20060102150405") + "Z)"
	info := w.object(0, fmt.Sprintf("<</Title %s /Author %s /Subject %s /Creator (laurel) /Producer (laurel) /CreationDate %s /ModDate %s>>",
		text(w.info.Title), text(w.info.Author), text(w.info.Subject), date, date))
	catalog := fmt.Sprintf("<</Type /Catalog /Version /1.7 /Pages %s /MarkInfo <</Marked true>> /ViewerPreferences <</DisplayDocTitle true>> /StructTreeRoot %s /Metadata %s /Lang %s",
		ref(pagesObject), ref(treeObject), ref(metadata), text(w.info.Language))
	if len(w.attachments) > 0 {
		catalog += " /AF " + refs(w.attachments) + " /Names <</EmbeddedFiles <</Names ["
		for i, n := range w.attachments {
			catalog += "(" + w.names[i] + ") " + ref(n) + " "
		}
		catalog += "]>>>>"
	}
	w.object(catalogObject, catalog+">>")
	return w.end(info)
}

// end writes the table of objects and the trailer.
func (w *Writer) end(info int) error {
	start := w.at
	var table strings.Builder
	fmt.Fprintf(&table, "xref\n0 %d\n0000000000 65535 f \n", len(w.offsets))
	for num, at := range w.offsets[1:] {
		if at == 0 && w.err == nil {
			return fmt.Errorf("bug: object %d of a PDF was not written", num+1)
		}
		fmt.Fprintf(&table, "%010d 00000 n \n", at)
	}
	id := hex.EncodeToString(w.sum.Sum(nil)[:16])
	fmt.Fprintf(&table, "trailer\n<</Size %d /Root %s /Info %s /ID [<%s> <%s>]>>\nstartxref\n%d\n%%%%EOF\n", len(w.offsets), ref(catalogObject), ref(info), id, id, start)
	if w.raw(table.String()); w.err != nil {
		return fmt.Errorf("write a PDF: %w", w.err)
	}
	return nil
}

// xmp is what the document says of itself for machines: that it is PDF/UA-1, too.
func (w *Writer) xmp() string {
	e := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	date := w.info.Date.UTC().Format(time.RFC3339)
	return "<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""` +
		` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">` +
		`<pdfuaid:part>1</pdfuaid:part><dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + e.Replace(w.info.Title) + `</rdf:li></rdf:Alt></dc:title>` +
		`<dc:creator><rdf:Seq><rdf:li>` + e.Replace(w.info.Author) + `</rdf:li></rdf:Seq></dc:creator>` +
		`<dc:description><rdf:Alt><rdf:li xml:lang="x-default">` + e.Replace(w.info.Subject) + `</rdf:li></rdf:Alt></dc:description>` +
		`<dc:language><rdf:Bag><rdf:li>` + e.Replace(w.info.Language) + `</rdf:li></rdf:Bag></dc:language>` +
		`<xmp:CreateDate>` + date + `</xmp:CreateDate><xmp:ModifyDate>` + date + `</xmp:ModifyDate><xmp:CreatorTool>laurel</xmp:CreatorTool><pdf:Producer>laurel</pdf:Producer>` +
		`</rdf:Description></rdf:RDF></x:xmpmeta>` + "\n<?xpacket end=\"w\"?>"
}

// Element is an element of the document's structure (14.7.2): what is drawn belongs to
// one, in the order in which it is read.
type Element struct {
	w      *Writer
	parent *Element
	kind   string
	num    int
	kids   []string
	open   []*Element // kids that are not ended
	ended  bool

	// Alt is said in place of a picture, Actual in place of what is drawn; Language is
	// BCP 47 where it is another than the parent's. Scope is "Column" or "Row" of a TH.
	// Box is where a figure stands, from left and top to right and bottom.
	Alt, Actual, Language, Scope string
	Box                          [4]float64
}

// Add adds an element of a standard type (14.8.4), such as P, H1, Figure.
func (e *Element) Add(kind string) *Element {
	child := &Element{w: e.w, parent: e, kind: kind, num: e.w.reserve()}
	e.kids = append(e.kids, ref(child.num))
	e.open = append(e.open, child)
	return child
}

// End writes an element and all that is in it; nothing can be added any more.
func (e *Element) End() {
	if e.ended {
		return
	}
	for len(e.open) > 0 {
		e.open[0].End()
	}
	parent := treeObject
	if e.parent != nil {
		parent = e.parent.num
	}
	body := fmt.Sprintf("<</Type /StructElem /S /%s /P %s /K [%s]", e.kind, ref(parent), strings.Join(e.kids, " "))
	if e.Alt != "" {
		body += " /Alt " + text(e.Alt)
	}
	if e.Actual != "" {
		body += " /ActualText " + text(e.Actual)
	}
	if e.Language != "" {
		body += " /Lang " + text(e.Language)
	}
	if e.Scope != "" {
		body += " /A <</O /Table /Scope /" + e.Scope + ">>"
	}
	if e.Box != [4]float64{} {
		h := e.w.height()
		body += fmt.Sprintf(" /A <</O /Layout /Placement /Block /BBox [%s %s %s %s]>>", number(e.Box[0]*MM), number(h-e.Box[3]*MM), number(e.Box[2]*MM), number(h-e.Box[1]*MM))
	}
	e.w.object(e.num, body+">>")
	e.ended, e.open, e.kids = true, nil, nil
	if p := e.parent; p != nil {
		p.open = slices.DeleteFunc(p.open, func(kid *Element) bool { return kid == e })
	}
}

// height is that of the current page, in points.
func (w *Writer) height() float64 {
	if w.page == nil {
		return 0
	}
	return w.page.h
}
