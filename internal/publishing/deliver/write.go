package deliver

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"laurel/internal/authoring/model"
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
	// no font has a character; nil: none. They count as not delivered.
	Problems *Problems
}

// Problems are the awards whose certificate cannot be set on paper.
type Problems struct{ List []*GlyphError }

func (p *Problems) Error() string {
	text := ""
	for i, e := range p.List {
		if i > 0 {
			text += "\n"
		}
		text += e.Error()
	}
	return text
}

// Selected are the awards that a run would deliver.
func (f *Folder) Selected(p *Plan, o Options) []*Award {
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
func (f *Folder) Write(ctx context.Context, p *Plan, m *Maker, o Options) (Result, error) {
	r := Result{Awards: f.Selected(p, o)}
	written, problems, err := f.awards(ctx, r.Awards, m, o)
	if err != nil {
		return r, err
	}
	r.Problems = problems
	for _, w := range written {
		if w {
			r.Written++
		} else {
			r.Unchanged++
		}
	}
	if r.Learners, err = f.readmes(ctx, r.Awards, m, o); err != nil {
		return r, err
	}
	table, err := mailMerge(r.Awards)
	if err != nil {
		return r, fmt.Errorf("write %s: %w", mailMergeFile, err)
	}
	if err := f.put(mailMergeFile, table); err != nil {
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
func (p *Plan) due() map[string]bool {
	all := map[string]bool{}
	for _, l := range p.Learners {
		all[l.Folder] = true
		for _, a := range l.Awards {
			all[a.Folder] = true
		}
	}
	return all
}

// awards writes awards on all cores, each by itself, and tells of which files
// were written. The error is that of the first in the plan's order.
func (f *Folder) awards(ctx context.Context, awards []*Award, m *Maker, o Options) ([]bool, *Problems, error) {
	written, errs, glyphs := make([]bool, len(awards)), make([]error, len(awards)), make([]*GlyphError, len(awards))
	next := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				if errs[i] = ctx.Err(); errs[i] == nil {
					written[i], glyphs[i], errs[i] = f.award(awards[i], m)
				}
			}
		})
	}
	for i := range awards {
		next <- i
		if o.Progress != nil {
			o.Progress(i)
		}
	}
	close(next)
	wg.Wait()
	var problems Problems
	for i, err := range errs {
		if err != nil {
			return nil, nil, err
		}
		if glyphs[i] != nil {
			problems.List = append(problems.List, glyphs[i])
		}
	}
	if len(problems.List) == 0 {
		return written, nil, nil
	}
	return written, &problems, nil
}

// award writes one award, and tells whether anything had to be written.
func (f *Folder) award(a *Award, m *Maker) (bool, *GlyphError, error) {
	made, handed := m.made(a), a.handed()
	if f.unchanged(a.Folder, made) {
		e := f.entry(a.Folder)
		if e.Pending == "" && e.Delivered != handed {
			e.Pending = handed
			return false, nil, f.note(e)
		}
		return false, nil, nil
	}
	files, err := m.files(a)
	var glyph *GlyphError
	if errors.As(err, &glyph) {
		made, handed, err = "", "", nil // to be tried again
	}
	if err != nil {
		return false, nil, err
	}
	return true, glyph, f.write(a.Folder, files, made, handed)
}

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
		language := l.Awards[0].Content.Achievement.InLanguage
		if language == "" {
			language = o.Language
		}
		text, err := m.readme(l, there, kinds, language)
		if err != nil {
			return 0, fmt.Errorf("write %s: %w", readmeFile, err)
		}
		sum := sha256.Sum256(text)
		if made := hex.EncodeToString(sum[:]); !f.unchanged(l.Folder, made) {
			if err := f.write(l.Folder, []file{{readmeFile, text}}, made, ""); err != nil {
				return 0, err
			}
		}
	}
	return len(done), nil
}

// place is a source as "file:line".
func place(s model.Source) string { return fmt.Sprintf("%s:%d", s.File, s.Line) }
