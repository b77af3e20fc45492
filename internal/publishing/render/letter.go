package render

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"laurel/internal/material/text"
)

// LetterPage is a letter that brings a learner their claim link, drawn by the theme's
// letter.html.
type LetterPage struct {
	Language    string    // of its words, BCP 47
	Name        string    // the learner's; may be empty
	Achievement string    // its name
	Issuer      string    // the issuer's name
	Link        string    // the claim link
	Until       time.Time // when the award expires; zero: never
	Renewal     bool      // it renews an earlier one
}

// Letter is a letter as the theme draws it: the subject, of one line, the text of its
// paragraphs with the addresses of their links, and the whole as HTML.
func (r *Renderer) Letter(p LetterPage) (subject, plain string, page []byte, err error) {
	local, err := r.localized(p.Language)
	if err != nil {
		return "", "", nil, err
	}
	var out bytes.Buffer
	if err := r.template(&out, local, "letter.html", p); err != nil {
		return "", "", nil, err
	}
	root, err := html.Parse(bytes.NewReader(out.Bytes()))
	if err != nil {
		return "", "", nil, fmt.Errorf("%s: letter.html: %w", r.theme.name, err)
	}
	var paragraphs []string
	for n := range root.Descendants() {
		switch n.DataAtom {
		case atom.Title:
			subject = text.Print(plainText(n))
		case atom.P, atom.H1, atom.H2, atom.Li:
			paragraphs = append(paragraphs, plainText(n))
		}
	}
	plain = strings.Join(paragraphs, "\n\n") + "\n"
	if subject == "" || !strings.Contains(plain, p.Link) {
		return "", "", nil, fmt.Errorf("%s: letter.html has no title, or no paragraph with a link to .Link", r.theme.name)
	}
	return subject, plain, out.Bytes(), nil
}

// plainText is what an element says, with the addresses of its links on lines of their own.
func plainText(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode:
			b.WriteString(spaces.ReplaceAllString(d.Data, " "))
		case d.DataAtom == atom.Br:
			b.WriteByte('\n')
		}
		if d.Type == html.TextNode && d.Parent.DataAtom == atom.A {
			for _, a := range d.Parent.Attr {
				if a.Key == "href" {
					b.WriteString(":\n" + a.Val)
				}
			}
		}
	}
	return strings.TrimSpace(b.String())
}

var spaces = regexp.MustCompile(`[ \t\r\n]+`)
