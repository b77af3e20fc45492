package deliver

import (
	"os"
	"slices"

	"laurel/internal/authoring/model"
	"laurel/internal/material/lettering"
)

// For tests of pure functions.
var (
	Slug          = slug
	LearnerFolder = learnerFolder
	DigestOf      = digestOf
	MailMerge     = mailMerge
)

// Put writes files into a folder of a delivery as one award is written.
func (f *Folder) Put(folder, made, pending string, names ...string) error {
	var files []file
	for _, name := range names {
		files = append(files, file{name, []byte(made)})
	}
	return f.write(folder, "", files, made, pending)
}

// PutFor does so for a learner.
func (f *Folder) PutFor(who, folder, name, text string) error {
	return f.write(folder, who, []file{{name, []byte(text)}}, text, "")
}

// Fill has every write go through a function.
func (f *Folder) Fill(fill func(w *os.File, data []byte) error) { f.fill = fill }

// Unchanged, Stale, Prune and Finish are the steps of a run.
func (f *Folder) Unchanged(folder, made string) bool { return f.unchanged(folder, "", made) }
func (f *Folder) Stale(due map[string]bool) []string { return f.stale(due) }
func (f *Folder) Prune(folder string) error          { return f.prune(folder) }
func (f *Folder) Finish() error                      { return f.finish() }
func (f *Folder) Delivered(folder string) string     { return f.entry(folder).Delivered }

// NewAward is an award as a table of a mail merge shows it.
func NewAward(folder, name, email, achievement, link string) *Award {
	return &Award{Learner: &Learner{Folder: folder}, Link: link, Content: &model.Award{
		Recipient: model.Recipient{Name: name, Email: email}, Achievement: &model.Achievement{Name: achievement}}}
}

// Visual is a text as it is seen from left to right.
func (f *Fonts) Visual(line string, rightToLeft bool) (string, error) {
	t, err := f.letters.Set(lettering.Words{Text: line, RightToLeft: rightToLeft})
	if err != nil {
		return "", err
	}
	var all []rune
	for _, p := range t.Whole().Pieces() {
		part := slices.Clone(t.Runes[p.From:p.To])
		if p.Level%2 == 1 {
			slices.Reverse(part)
		}
		all = append(all, part...)
	}
	return string(all), nil
}

// Glyphs are the numbers of the glyphs of a text, from left to right, none where
// it is written as text, and the fonts of its runs.
func (f *Fonts) Glyphs(s string, bold bool) (ids []uint32, fonts []string, err error) {
	t, err := f.letters.Set(lettering.Words{Text: s, Bold: bold})
	if err != nil {
		return nil, nil, err
	}
	for _, p := range t.Whole().Pieces() {
		fonts = append(fonts, p.Face.Path())
		for _, g := range p.Glyphs {
			ids = append(ids, uint32(g.ID))
		}
	}
	return ids, fonts, nil
}

// Lines are the lines of a text in a width, in sizes of its type.
func (f *Fonts) Lines(s string, width float64) ([]string, error) {
	t, err := f.letters.Set(lettering.Words{Text: s})
	if err != nil {
		return nil, err
	}
	lines, _ := t.Wrap(width)
	var all []string
	for _, l := range lines {
		all = append(all, l.String())
	}
	return all, nil
}
