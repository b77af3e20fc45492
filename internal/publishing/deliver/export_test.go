package deliver

import (
	"os"

	"laurel/internal/authoring/model"
)

// For tests of pure functions.
var (
	Slug          = slug
	LearnerFolder = learnerFolder
	DigestOf      = digestOf
	MailMerge     = mailMergeTable
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
