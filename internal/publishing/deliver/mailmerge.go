package deliver

import (
	"bytes"
	"encoding/csv"
	"strings"
)

// mailMergeFile is the table for a mail merge, beside the learners' folders.
const mailMergeFile = "mail-merge.csv"

// mailMerge writes the table: RFC 4180 with CRLF, UTF-8. It begins with a byte
// order mark: Excel takes a file without one for the machine's own code page,
// and so sends letters to people whose names it has garbled; every other
// program that reads CSV knows the mark.
func mailMerge(awards []*Award) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.Write([]string{"name", "email", "achievement", "folder", "link"}); err != nil {
		return nil, err
	}
	for _, a := range awards {
		r := a.Content.Recipient
		row := []string{r.Name, r.Email, a.Content.Achievement.Name, a.Learner.Folder, a.Link}
		for i, cell := range row {
			row[i] = harmless(cell)
		}
		if err := w.Write(row); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// harmless makes a cell text for programs that take what begins so for a
// formula, and would carry out what a learner's name says.
func harmless(cell string) string {
	cell = strings.NewReplacer("\r", " ", "\n", " ", "\t", " ", "\x00", "").Replace(cell)
	trimmed := strings.TrimLeft(cell, " \u00a0\ufeff")
	if trimmed != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(trimmed)[0]) {
		return "'" + cell
	}
	return cell
}
