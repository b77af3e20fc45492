package deliver

// mailMergeFile is the table for a mail merge, beside the learners' folders.
const mailMergeFile = "mail-merge.csv"

// mailMerge is the table of what is delivered, a line an award.
func mailMerge(awards []*Award) []byte {
	t := NewTable("name", "email", "achievement", "folder", "link")
	for _, a := range awards {
		r := a.Content.Recipient
		t.Row(r.Name, r.Email, a.Content.Achievement.Name, a.Learner.Folder, a.Link)
	}
	return t.Bytes()
}
