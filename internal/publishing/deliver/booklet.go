package deliver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"laurel/internal/publishing/certificate"
	"laurel/internal/publishing/site"
)

// Booklet writes the certificates of the selected awards of a plan, in its order, as
// one PDF to print: the full form of each, and no credentials. They are made one after
// the other, and no more of them is kept than a PDF's table of contents needs. It
// returns how many there are, and those that no font can write, which are not.
func (m *Maker) Booklet(ctx context.Context, p *Delivery, out io.Writer, title, language string, done func(int)) (n int, problems *Problems, err error) {
	var newest time.Time
	for _, a := range p.Awards {
		if a.selected && a.Record.IssuedAt.After(newest) {
			newest = a.Record.IssuedAt
		}
	}
	b := m.Fonts.NewBooklet(out, title, m.Site.IssuerName(), language, newest, m.Paper)
	tried := 0
	for _, a := range p.Awards {
		if !a.selected {
			continue
		}
		if err := ctx.Err(); err != nil {
			return n, problems, err
		}
		err := m.addTo(b, a)
		if glyph := (*certificate.GlyphError)(nil); errors.As(err, &glyph) {
			if problems == nil {
				problems = &Problems{}
			}
			problems.List = append(problems.List, glyph)
		} else if err != nil {
			return n, problems, &AwardError{a.Content.Source.String(), err}
		} else {
			n++
		}
		if tried++; done != nil {
			done(tried)
		}
	}
	if n == 0 {
		return 0, problems, nil
	}
	return n, problems, b.Close()
}

// addTo adds an award's certificate to a booklet.
func (m *Maker) addTo(b *certificate.Booklet, a *Award) error {
	forms, err := m.forms(a.Record)
	if err != nil {
		return err
	}
	page, err := m.page(a, forms[0])
	if err != nil {
		return err
	}
	paper, err := m.paper(a, page, m.Site.Badge(a.Content.Slug()), nil)
	if err != nil {
		return fmt.Errorf("draw a certificate: %w", err)
	}
	return b.Add(paper)
}

// Count is how many awards a plan has to print.
func (p *Delivery) Count() (n int) {
	for _, a := range p.Awards {
		if a.selected {
			n++
		}
	}
	return n
}

// page is what an award's files show of one of its forms, as it stands now.
func (m *Maker) page(a *Award, f form) (*site.AwardPage, error) {
	page, err := m.Site.PackagePage(a.Record, f.variant, f.main, a.share(f.variant))
	if err != nil {
		return nil, err
	}
	page.State = site.StateAt(page.ValidFrom, page.ValidUntil, page.Status.State, m.Now).Lasting()
	return page, nil
}
