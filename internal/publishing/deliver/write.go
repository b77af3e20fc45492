package deliver

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"laurel/internal/material/hint"
	"laurel/internal/material/pool"
	"laurel/internal/material/table"
	"laurel/internal/publishing/certificate"
)

// readmeFile is the text in every learner's folder.
const readmeFile = "README.txt"

// Options are what a run may be asked for beside its plan.
type Options struct {
	// SinceLast leaves out what has not changed since the last run that came
	// to its end.
	SinceLast bool
	// Prune removes the folders of awards that are no longer due.
	Prune bool
	// Language is that of a learner whose first award names none.
	Language string
	// Table is how the table for the mail merge is written.
	Table table.Format
	// Progress is told how many awards are done; nil: nobody is.
	Progress func(done int)
}

// Result says what a run did.
type Result struct {
	Awards    []*Award // those in the table for the mail merge, in the order of the plan
	Written   int      // awards of which files were written
	Unchanged int      // awards that were there already, as they should be
	Learners  int      // of Awards
	// Stale are folders of awards that are no longer due: revoked, no longer in
	// the content, or of a learner whose name has changed. Pruned tells whether
	// they were removed.
	Stale  []string
	Pruned bool
	// Problems are the awards that were written without certificate.pdf, since
	// no font has a character; nil: none. They count as delivered, as their
	// learners have all else: only a run without SinceLast tries again.
	Problems *Problems
}

// Problems are the awards whose certificate cannot be set on paper.
type Problems struct{ List []*certificate.GlyphError }

func (p *Problems) Error() string {
	lines := make([]string, len(p.List))
	for i, e := range p.List {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Hint says what to try.
func (*Problems) Hint() string {
	return "name a folder with fonts that have it, for example --fonts /usr/share/fonts, or put a font in themes/<name>/fonts/; or print certificate.html, which a browser sets in its own fonts"
}

// Selected are the awards that a run would deliver.
func (f *Folder) Selected(p *Delivery, o Options) []*Award {
	var out []*Award
	for _, a := range p.Awards {
		if a.selected && (!o.SinceLast || f.entry(a.Folder).Delivered != a.handed()) {
			out = append(out, a)
		}
	}
	return out
}

// Write delivers the selected awards of a plan. What is there already as it
// should be is left alone, so a run that was interrupted goes on.
func (f *Folder) Write(ctx context.Context, p *Delivery, m *Maker, o Options) (Result, error) {
	r := Result{Awards: f.Selected(p, o)}
	done, problems, err := f.awards(ctx, r.Awards, m, o)
	r.Problems = problems
	count := map[outcome]int{}
	for _, d := range done {
		count[d]++
	}
	if r.Written, r.Unchanged = count[written], count[unchanged]; err != nil {
		return r, hint.Errorf("what is there is complete: once there is room, or the cause is fixed, run the same command again; it continues from there",
			"%w (%d of %d awards are there)", err, r.Written+r.Unchanged, len(r.Awards))
	}
	if r.Learners, err = f.readmes(ctx, r.Awards, m, o); err != nil {
		return r, err
	}
	if err := f.mailMerge(r.Awards, o.Table); err != nil {
		return r, err
	}
	if r.Stale = f.stale(p.due()); o.Prune {
		for _, folder := range r.Stale {
			if err := f.prune(folder); err != nil {
				return r, err
			}
		}
		r.Pruned = true
	}
	return r, f.finish()
}

// due are the folders that a delivery of the whole plan would have.
func (p *Delivery) due() map[string]bool {
	all := map[string]bool{}
	for _, l := range p.Learners {
		all[l.Folder] = true
		for _, a := range l.Awards {
			all[a.Folder] = true
		}
	}
	return all
}

// outcome is what became of an award.
type outcome int

const (
	untouched outcome = iota
	unchanged
	written
)

// awards writes awards on all cores, each by itself, and tells what became of
// them. After a failure no further one is begun: a disk that is full stays so.
// The error is that of the first in the plan's order.
func (f *Folder) awards(ctx context.Context, awards []*Award, m *Maker, o Options) ([]outcome, *Problems, error) {
	done, glyphs := make([]outcome, len(awards)), make([]*certificate.GlyphError, len(awards))
	err := pool.Each(ctx, len(awards), 0, func(i int) (err error) {
		if done[i], glyphs[i], err = f.award(awards[i], m); err != nil {
			return &AwardError{awards[i].Content.Source.String(), err}
		}
		return nil
	}, o.Progress)
	if glyphs = slices.DeleteFunc(glyphs, func(g *certificate.GlyphError) bool { return g == nil }); len(glyphs) == 0 {
		return done, nil, err
	}
	return done, &Problems{glyphs}, err
}

// award writes one award, and tells whether anything had to be written.
func (f *Folder) award(a *Award, m *Maker) (outcome, *certificate.GlyphError, error) {
	made, handed := m.made(a), a.handed()
	if f.unchanged(a.Folder, a.Learner.Who, made) {
		e := f.entry(a.Folder)
		if e.Pending == "" && e.Delivered != handed {
			e.Pending = handed
			if err := f.note(e, false); err != nil {
				return untouched, nil, err
			}
		}
		return unchanged, nil, nil
	}
	files, err := m.files(a)
	var glyph *certificate.GlyphError
	if errors.As(err, &glyph) {
		made, err = "", nil // to be tried again by a run that takes all
	}
	if err != nil {
		return untouched, nil, err
	}
	if err := f.write(a.Folder, a.Learner.Who, files, made, handed); err != nil {
		return untouched, nil, err
	}
	return written, glyph, nil
}

// AwardError says what failed with an award, or with the README.txt of its
// learner. The award is named by its place in the content: the names of its
// files are people's.
type AwardError struct {
	Place string // file:line
	Err   error
}

func (e *AwardError) Error() string { return e.Place + ": " + e.Err.Error() }
func (e *AwardError) Unwrap() error { return e.Err }

// readmes writes the text for every learner of whom an award is delivered:
// about these, and about those of theirs that are there from earlier.
func (f *Folder) readmes(ctx context.Context, awards []*Award, m *Maker, o Options) (int, error) {
	done := map[*Learner]bool{}
	for _, a := range awards {
		l := a.Learner
		if done[l] {
			continue
		}
		done[l] = true
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		var there []*Award
		kinds := map[string]bool{}
		for _, other := range l.Awards {
			files := f.entry(other.Folder).Files
			if len(files) > 0 {
				there = append(there, other)
			}
			for _, name := range files {
				kinds[name] = true
			}
		}
		language := cmp.Or(l.Awards[0].Content.Language(), o.Language)
		text, err := m.readme(l, there, kinds, language)
		if err != nil {
			return 0, &AwardError{a.Content.Source.String(), fmt.Errorf("write %s: %w", readmeFile, err)}
		}
		sum := sha256.Sum256(text)
		if made := hex.EncodeToString(sum[:]); !f.unchanged(l.Folder, l.Who, made) {
			if err := f.write(l.Folder, l.Who, []file{{readmeFile, text}}, made, ""); err != nil {
				return 0, &AwardError{a.Content.Source.String(), err}
			}
		}
	}
	return len(done), nil
}

// MailMergeFile is the name of the table for a mail merge, beside the learners' folders.
func MailMergeFile(f table.Format) string { return "mail-merge" + f.Extension() }

// mailMerge writes that table.
func (f *Folder) mailMerge(awards []*Award, format table.Format) error {
	data, err := mailMergeTable(awards, format)
	if err != nil {
		return err
	}
	return f.put(".", MailMergeFile(format), data)
}

// mailMergeTable is what is delivered, a line an award.
func mailMergeTable(awards []*Award, f table.Format) ([]byte, error) {
	rows := [][]string{{"name", "email", "achievement", "folder", "link"}}
	for _, a := range awards {
		r := a.Content.Recipient
		rows = append(rows, []string{r.Name, r.Email, a.Content.Title(), a.Learner.Folder, a.Link})
	}
	var b bytes.Buffer
	_, err := table.Write(&b, f, rows)
	return b.Bytes(), err
}
