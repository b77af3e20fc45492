package cli

import (
	"cmp"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/rivo/uniseg"
	"golang.org/x/term"

	"laurel/internal/material/table"
	"laurel/internal/standards/verify"
)

// tableRow is one credential in a list of many, safe to print.
type tableRow struct {
	file, verdict, who, what, by, awarded, from, until, code, reason, fit string
	report                                                                *verify.Report
}

// tableColumns are the names of what --csv writes, in its order, which programs rely
// on: the verify page's own list has the same, but for the last.
var tableColumns = []string{"file", "verdict", "who", "what", "by", "awarded", "from", "until", "code", "reason", "fit"}

func (r tableRow) cells() []string {
	return []string{r.file, r.verdict, r.who, r.what, r.by, r.awarded, r.from, r.until, r.code, r.reason, r.fit}
}

// rowsOf are the rows about a report: its own and, after it, those of the credentials
// in a presentation, which are counted from 0 in brackets.
func rowsOf(file string, r *verify.Report) []tableRow {
	s := r.Summary
	row := tableRow{
		file: file, verdict: string(r.Verdict), report: r,
		who: cmp.Or(s.SubjectName, s.SubjectID, s.HolderID), what: cmp.Or(s.Achievement, s.Name),
		by: byOf(s), awarded: dayOf(s.AwardedDate), from: dayOf(s.ValidFrom), until: dayOf(s.ValidUntil),
	}
	if c, ok := r.Reason(); ok {
		row.code, row.reason = c.Code, c.Text
	}
	if _, required := r.Check(verify.Fitness); required && r.Verdict == verify.Valid || r.Changed() {
		row.fit = "unknown"
		if r.Fit() {
			row.fit = "yes"
		} else if r.Unfit() {
			row.fit = "no"
		}
	}
	rows := []tableRow{row}
	if r.Format == verify.FormatPresentation {
		for i, part := range r.Parts {
			rows = append(rows, rowsOf(fmt.Sprintf("%s[%d]", file, i), part)...)
		}
	}
	return rows
}

// byOf is the name that an issuer gives itself, and the domain or key, which is certain.
func byOf(s verify.Summary) string {
	if s.IssuerName == "" || s.IssuerHost == "" {
		return cmp.Or(s.IssuerName, s.IssuerHost)
	}
	return s.IssuerName + " (" + s.IssuerHost + ")"
}

var dateAndTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT`)

// dayOf is the day of a date and time as it was written; all else stays whole.
func dayOf(date string) string {
	if dateAndTime.MatchString(date) {
		return date[:len("2006-01-02")]
	}
	return date
}

func allRows(reports []verified) (rows []tableRow) {
	for _, r := range reports {
		rows = append(rows, rowsOf(clean(r.Input), r.Report)...)
	}
	return rows
}

// printCSV writes every row whole, for spreadsheets.
func (a *app) printCSV(reports []verified) error {
	rows := [][]string{tableColumns}
	for _, r := range allRows(reports) {
		rows = append(rows, r.cells())
	}
	_, err := table.Write(a.stdout, table.CSV, rows)
	return err
}

// Widths of a table, in columns of a terminal.
const (
	tableWidth = 120 // where it is not printed on a terminal
	leastWidth = 80
	dateWidth  = len("2006-01-02")
	leastCell  = 10 // a cell is cut to no less while another is longer
	gap        = "  "
)

// printTable prints a line for each row, cut to the width of the terminal.
func (a *app) printTable(reports []verified) {
	lines := [][]string{{"FILE", "VERDICT", "WHO", "WHAT", "BY", "AWARDED", "UNTIL", "REASON"}}
	rows := allRows(reports)
	for _, r := range rows {
		verdict := r.verdict
		switch {
		case r.report.Unfit():
			verdict = "not fit"
		case r.report.Verdict == verify.Valid && !r.report.Fit():
			verdict = "fit?"
		}
		awarded, until := cutTo(cmp.Or(r.awarded, r.from), dateWidth, false), cutTo(r.until, dateWidth, false)
		lines = append(lines, []string{r.file, verdict, r.who, r.what, r.by, awarded, until, firstSentence(r.reason)})
	}
	a.printColumns(lines, fitColumns(lines, a.outputWidth(), share), 0, func(i, c int) string {
		if c != 1 {
			return ""
		}
		return verdictColour(rows[i].report)
	})
	a.printCount(reports)
}

// printColumns prints lines, the first one the names of the columns, each cut to the
// width of its column: that of one column at its beginning, others at their end. Colour
// is that of a cell, counted without the first line; empty: none.
func (a *app) printColumns(lines [][]string, widths []int, endOf int, colour func(line, column int) string) {
	for i, line := range lines {
		var b strings.Builder
		for c, cell := range line {
			if widths[c] == 0 {
				continue
			}
			cell = cutTo(cell, widths[c], c == endOf)
			pad := strings.Repeat(" ", widths[c]-uniseg.StringWidth(cell))
			if i > 0 {
				cell = a.paint(cell, colour(i-1, c))
			}
			b.WriteString(cell + pad + gap)
		}
		a.printf("%s\n", strings.TrimRight(b.String(), " "))
	}
}

// firstSentence is a text up to the end of its first sentence.
func firstSentence(s string) string {
	if i := strings.Index(s, ". "); i >= 0 {
		return s[:i+1]
	}
	return s
}

// outputWidth is how many columns a line of output may have.
func (a *app) outputWidth() int {
	if f, ok := a.stdout.to.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return max(width, leastWidth)
		}
	}
	return tableWidth
}

// fitColumns is how wide each column of a table is, so that a line has at most so
// many columns in all: the widest gives way first, down to a least, and below that
// only when all have come to it; share is how much a column has that it may give. What is empty but for its head has no width and no
// gap.
func fitColumns(lines [][]string, most int, share func(widths []int, c int) int) []int {
	widths := make([]int, len(lines[0]))
	total := -len(gap)
	for c := range widths {
		for i, line := range lines {
			if i > 0 && line[c] != "" {
				widths[c] = max(widths[c], uniseg.StringWidth(line[c]), uniseg.StringWidth(lines[0][c]))
			}
		}
		if widths[c] > 0 {
			total += widths[c] + len(gap)
		}
	}
	for least := leastCell; total > most && least > 0; {
		c := -1
		for i := range widths {
			if share(widths, i) > 0 && widths[i] > least && (c < 0 || share(widths, i) > share(widths, c)) {
				c = i
			}
		}
		if c < 0 {
			least-- // all are cut to it, and it is not enough
			continue
		}
		widths[c]--
		total--
	}
	return widths
}

// share is how much a column has that it may give: the reason, the last, tells more
// than the rest, and keeps three times as much, the file, which tells whose line it
// is, twice; verdict and dates keep all.
func share(widths []int, c int) int {
	switch c {
	case 0:
		return widths[c] / 2
	case 1, 5, 6:
		return 0
	case len(widths) - 1:
		return widths[c] / 3
	}
	return widths[c]
}

// cutTo cuts a text to so many columns, with … where something is left out: of a
// path at its beginning. No character is cut from its accents.
func cutTo(s string, width int, path bool) string {
	if uniseg.StringWidth(s) <= width {
		return s
	}
	var all []string
	for state := -1; s != ""; {
		var cluster string
		cluster, s, _, state = uniseg.FirstGraphemeClusterInString(s, state)
		all = append(all, cluster)
	}
	if path {
		slices.Reverse(all)
	}
	left := width - 1
	n := 0
	for n < len(all) && uniseg.StringWidth(all[n]) <= left {
		left -= uniseg.StringWidth(all[n])
		n++
	}
	kept := all[:n]
	if path {
		slices.Reverse(kept)
		return "…" + strings.Join(kept, "")
	}
	return strings.Join(kept, "") + "…"
}

// Colours of words that say the same without them (ECMA-48, 8.3.117).
const (
	red    = "31"
	green  = "32"
	yellow = "33"
)

// paint colours a word of laurel's own, on a terminal that wants it.
func (a *app) paint(word, colour string) string {
	if colour == "" || !a.isTerminal(a.stdout.to) {
		return word
	}
	return "\x1b[" + colour + "m" + word + "\x1b[0m"
}

// verdictColour is that of a verdict, and of whether it is fit.
func verdictColour(r *verify.Report) string {
	switch {
	case r.Verdict == verify.Invalid || r.Unfit():
		return red
	case r.Fit():
		return green
	}
	return yellow
}

// outcomeColour is that of the mark of a row.
func outcomeColour(o verify.Outcome) string {
	return map[verify.Outcome]string{verify.Fail: red, verify.Unknown: yellow}[o]
}
