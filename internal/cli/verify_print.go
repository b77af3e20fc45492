package cli

import (
	"cmp"
	"slices"
	"strings"

	"laurel/internal/standards/verify"
)

// marks are the outcomes as words of equal length, so that nothing depends on
// colour.
var marks = map[verify.Outcome]string{
	verify.Pass: "pass", verify.Fail: "FAIL", verify.Warn: "warn", verify.Skipped: "  - ", verify.Unknown: "  ? ",
}

// carriers are what people read, and what carries a credential that says so or
// otherwise: nothing is said of pictures, in which nothing stands.
var carriers = map[string]string{"pdf": "a PDF; what is printed in it was not checked", "html": "a web page; what is printed in it was not checked", "json": "other data; what those say was not checked"}

// maxInFull is the most valid credentials of one run that are printed with all
// their rows; of more, only the others are, and of these what is to be known of them.
const maxInFull = 10

func (a *app) printReports(reports []verified) {
	for _, r := range reports {
		if len(reports) > maxInFull && r.Fit() && !a.verbose {
			s := r.Summary
			line := "valid  " + clean(r.Input)
			if what := joinNonEmpty(cmp.Or(s.Achievement, s.Name), s.SubjectName, byOf(s)); what != "" {
				line += ": " + what
			}
			a.printf("%s\n", line)
			if c, ok := r.Reason(); ok {
				a.printf("%7s%s  %s\n", "", a.mark(c.Outcome), c.Text)
			}
			continue
		}
		if len(reports) > 1 {
			a.printf("%s\n", clean(r.Input))
		}
		a.printReport(r.Report, "")
		if len(reports) > 1 {
			a.printf("\n")
		}
	}
	a.printCount(reports)
}

// printCount tells how many there are of each verdict, where there are several.
func (a *app) printCount(reports []verified) {
	if len(reports) < 2 {
		return
	}
	count := map[verify.Verdict]int{}
	unfit := 0
	for _, r := range reports {
		count[r.Verdict]++
		if r.Unfit() {
			unfit++
		}
	}
	a.printf("%s: %d valid, %d invalid, %d undetermined\n", plural(len(reports), "credential"), count[verify.Valid], count[verify.Invalid], count[verify.Undetermined])
	if unfit > 0 {
		a.printf("%d of the valid ones do not meet the requirements\n", unfit)
	}
}

// mark is the word for an outcome, in its colour.
func (a *app) mark(o verify.Outcome) string { return a.paint(marks[o], outcomeColour(o)) }

// printEndorsed says who endorses what a credential says, and whether that is to be
// believed: each once.
func (a *app) printEndorsed(r *verify.Report, indent string) {
	told := map[string]bool{}
	for _, e := range r.Endorsements {
		s := e.Summary
		line := issuerOf(s) + ": " + s.Name
		if told[line] {
			continue
		}
		told[line] = true
		a.printf("%s%6sendorsed by %s: %s\n", indent, "", line, e.Verdict)
		if e.Verdict != verify.Valid {
			a.printf("%s%21s%s\n", indent, "", e.Decisive())
		}
	}
}

// nameOf is the name of what is not about an achievement, such as a learner record.
func nameOf(s verify.Summary) string {
	if s.Achievement != "" {
		return ""
	}
	return s.Name
}

// printReport prints what the credential says, the rows that were decided, and
// the verdict; the parts of a presentation or learner record after it, indented.
func (a *app) printReport(r *verify.Report, indent string) {
	s := r.Summary
	if r.Signed != nil {
		a.printf("%s%s\n\n", indent, r.Signed.Text)
	}
	facts := [][2]string{
		{"taken out of", carriers[r.Carrier]}, {"credential", s.ID}, {"achievement", s.Achievement}, {"name", nameOf(s)}, {"to", joinNonEmpty(s.SubjectName, s.SubjectID)},
		{"by", issuerOf(s)}, {"holder", s.HolderID}, {"awarded", s.AwardedDate}, {"valid until", s.ValidUntil},
	}
	if a.verbose {
		facts = append(facts, [2]string{"format", joinNonEmpty(string(r.Format), r.Carrier)})
	}
	for _, result := range s.Results {
		said := result.Text
		if result.Name != "" {
			said = result.Name + ": " + said
		}
		facts = append(facts, [2]string{"result", said})
	}
	said := false
	for _, f := range facts {
		if f[1] != "" {
			a.printf("%s%-12s %s\n", indent, f[0], f[1])
			said = true
		}
	}
	if said {
		a.printf("\n")
	}
	for _, c := range r.Checks {
		if c.Outcome == verify.Skipped && !a.verbose {
			continue
		}
		a.printf("%s%s  %-13s %s\n", indent, a.mark(c.Outcome), c.Name, c.Text)
		if t := c.Technical(); t != "" {
			a.printf("%s%21s%s\n", indent, "", t)
		}
		if c.Hint != "" && (c.Outcome == verify.Fail || c.Outcome == verify.Unknown || c.Outcome == verify.Warn && r.Verdict == verify.Valid) {
			a.printf("%s%21s%s\n", indent, "", c.Hint)
		}
	}
	for _, c := range r.Files {
		if c.Outcome != verify.Skipped || a.verbose {
			a.printf("%s%s  %-13s %s\n", indent, a.mark(c.Outcome), "file", c.Text)
		}
	}
	a.printEndorsed(r, indent)
	for _, c := range r.Requirements {
		if c.Outcome != verify.Pass || a.verbose {
			a.printf("%s%s  require %s: %s\n", indent, a.mark(c.Outcome), c.Name, c.Text)
		}
	}
	record := slices.Contains(s.Type, "ClrCredential") && !a.verbose
	if record && len(r.Parts) > 0 {
		a.printf("\n%sholds %s:\n", indent, plural(len(r.Parts), "credential"))
		for _, part := range r.Parts {
			a.printMember(part, r, indent+"  ")
		}
	}
	for i, part := range r.Parts {
		if record {
			break
		}
		a.printf("\n%s  part %d of %d\n", indent, i+1, len(r.Parts))
		a.printReport(part, indent+"  ")
	}
	verdict := a.paint(string(r.Verdict), verdictColour(r))
	switch {
	case r.Verdict == verify.Valid && r.Changed():
		verdict += ", but a file is not the one that was signed with it"
	case r.Unfit():
		verdict += ", but it does not meet the requirements"
	case r.Verdict == verify.Valid && !r.Fit():
		verdict += ", but it is not known whether it meets the requirements"
	}
	if len(r.Parts) > 0 {
		verdict += ", for the whole"
	}
	a.printf("\n%sverdict: %s\n", indent, verdict)
}

// printMember prints one credential of a learner record: its verdict, what it is, when
// it was awarded, its results, and the rows that keep it from being valid, or warn of
// what those of the record do not. With -v each is printed in full instead.
func (a *app) printMember(r, of *verify.Report, indent string) {
	s := r.Summary
	what := cmp.Or(s.Achievement, s.Name, s.ID)
	if s.PartOf != "" {
		what += " (part of " + s.PartOf + ")"
	}
	date, _, _ := strings.Cut(s.AwardedDate, "T")
	verdict := string(r.Verdict)
	if r.Verdict == verify.Invalid {
		verdict = "INVALID"
	}
	a.printf("%s%-12s  %s\n", indent, verdict, joinNonEmpty(what, date))
	for _, result := range s.Results {
		said := result.Text
		if result.Name != "" {
			said = result.Name + ": " + said
		}
		a.printf("%s%14s%s\n", indent, "", said)
	}
	if r.Signed != nil {
		a.printf("%s%8s%s\n", indent, "", r.Signed.Text)
	}
	for _, c := range r.Checks {
		whole, _ := of.Check(c.Name)
		if c.Outcome == verify.Fail || c.Outcome == verify.Unknown || c.Outcome == verify.Warn && c.Text != whole.Text {
			a.printf("%s%8s%s  %-13s %s\n", indent, "", a.mark(c.Outcome), c.Name, c.String())
		}
	}
}

// issuerOf says who issued a credential: the name it gives itself, its id, and, where
// its domain is not in letters of ASCII, that as it is registered and as it looks.
func issuerOf(s verify.Summary) string {
	host := ""
	if strings.Contains(s.IssuerHost, "xn--") {
		host = s.IssuerHost
	}
	return joinNonEmpty(s.IssuerName, s.IssuerID, host)
}
