package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/rivo/uniseg"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/keys"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/material/hint"
	"laurel/internal/material/text"
)

// Bounds of a printed plan; -v shows all.
const (
	manyAwards = 200 // more of a kind are not shown one by one
	fewRows    = 3   // of an award list, where there are many
	fewLists   = 40
	fewLines   = 20 // of anything else that is too many
	shortText  = 64 // longer texts are cut to what differs
)

func (a *app) printPlan(p *plan.Plan, state *ledger.State) {
	a.printSigner(p, state)
	if len(p.KeyEvents) > 0 {
		a.printf("\nkeys to record:\n")
		for _, k := range p.KeyEvents {
			a.printf("  %s %s%s\n", k.Kid, k.Action, ofProfile(k.Profile))
		}
	}
	a.printEndorsements(p)
	a.printIssues(p)
	a.printSealed(p)
	if len(p.Lists) > 0 {
		a.printf("\n%s to sign:\n", plural(len(p.Lists), "status list"))
		for _, l := range p.Lists {
			a.printf("  + status/%d.json  %s%s\n", l.List, l.Reason, ofProfile(l.Profile))
		}
	}
	if p.Head && len(p.Issue)+len(p.Endorse)+len(p.Lists) == 0 {
		a.printf("\nthe ledger's head to sign\n")
	}
	a.printChanged(p)
	a.printMissed(p)
	a.printUnendorsed(p)
	a.printMoved(p)
	a.printRest(p)
	if p.Empty() {
		a.printf("\nnothing to sign\n")
	}
	a.printf("\ndigest %s\n", p.Digest())
}

// printSigner says who signs, with which keys, and the date.
func (a *app) printSigner(p *plan.Plan, state *ledger.State) {
	a.printf("%s  %s\n", clean(p.Site.Issuer.Name), p.DID)
	if from := p.Site.MovedFrom; from != "" && len(p.Issue) > 0 {
		a.printf("moved from %s: what was issued there stays valid while that address serves; this issues it again here\n", clean(from))
	}
	switch {
	case p.Key.Kid == "" && len(state.Keys()) == 0:
		a.printf("no key yet: run laurel key new\n")
	case p.Key.Kid == "":
		a.printTrouble(a.noKey(state))
	case !keys.HasPrivate(a.keysDir(), p.Key.Kid):
		a.printTrouble(missingKey(p.Key))
	default:
		a.printf("key %s\n", p.Key.Kid)
	}
	for i, f := range p.Forms[1:] {
		before := slices.ContainsFunc(p.Forms[:i+1], func(b plan.Form) bool { return b.Key.Kid == f.Key.Kid })
		switch {
		case f.Key.Kid == "":
			a.printf("no key for %s yet: run laurel key new --algorithm %s\n", f.Format, plan.Algorithm(f.Format))
		case !keys.HasPrivate(a.keysDir(), f.Key.Kid):
			if !before { // one key may be that of several forms
				a.printTrouble(missingKey(f.Key))
			}
		default:
			a.printf("key %s for %s\n", f.Key.Kid, f.Format)
		}
	}
	a.printEndorsers(p)
	a.printDate(p.Now, state)
}

// printDate says which date would be signed, and what is wrong with it.
func (a *app) printDate(now time.Time, state *ledger.State) {
	a.printf("date %s\n", now.Format(time.DateOnly))
	if why := farAhead(now, state); why != "" {
		a.printf("  that is %s: set the clock right, or, if it is, laurel sign --date-is-right\n", why)
	} else if err := state.CheckTime(now); err != nil {
		a.printTrouble(err)
	}
}

func (a *app) printTrouble(err error) {
	a.printf("%s\n  %s\n", err, hint.Of(err))
}

// each prints a line for each, or for the first of too many.
func (a *app) each(n int, line func(i int)) {
	shown := n
	if n > manyAwards && !a.verbose {
		shown = fewLines
	}
	for i := range shown {
		line(i)
	}
	a.printMore(n-shown, "  ")
}

func (a *app) printMore(n int, indent string) {
	if n > 0 {
		a.printf("%s… and %d more: laurel plan -v shows all\n", indent, n)
	}
}

// printIssues shows the people: each award list, and who is in it with what.
func (a *app) printIssues(p *plan.Plan) {
	awards, records := p.Parts()
	if len(awards) > 0 {
		a.printf("\n%s to sign%s:\n", plural(len(awards), "award"), extent(awards))
		batches := p.Batches()
		many := len(awards) > manyAwards && !a.verbose
		for i, b := range batches {
			if many && i == fewLists {
				rest := 0
				for _, b := range batches[i:] {
					rest += len(b.Issues)
				}
				a.printf("\n  … and %s in %s more: laurel plan -v shows all\n", plural(rest, "award"), plural(len(batches)-i, "list"))
				break
			}
			a.printBatch(b, p.Now, many)
		}
	}
	if len(records) > 0 {
		a.printf("\n%s to sign%s:\n", plural(len(records), "learner record"), extent(records))
		a.each(len(records), func(n int) {
			i := records[n]
			a.printf("  + %s%s  %s, %s, %s%s: %s\n", beforeKey(i.Award), clean(i.Award.Key.String()), clean(i.Award.Title()), i.Award.Visibility,
				plural(len(i.Holds.Members), "member"), remark(i, p.Now), clean(i.Holds.Why))
		})
	}
}

// printBatch prints what is to be signed of one award list as a table. What all rows
// have in common is said above it.
func (a *app) printBatch(b plan.Batch, now time.Time, many bool) {
	rows := b.Issues
	head := visible(b.Achievement.Name) + ", " + plural(len(rows), "award")
	one, variants := rows[0].Award.Visibility, variantsOf(rows[0])
	for _, i := range rows {
		if i.Award.Visibility != one {
			one = ""
		}
		if variantsOf(i) != variants {
			variants = ""
		}
	}
	if one != "" {
		head += ", " + string(one)
	}
	if variants != "" {
		head += ", each also as " + variants
	}
	a.printf("\n")
	a.printWrapped("  ", clean(b.Cohort.Slug+"/"+b.Achievement.Slug)+"  "+head)
	if many && len(rows) > fewRows+1 {
		rows = rows[:fewRows]
	}
	table := newPeople("NAME", "AWARDED", "EXPIRES", "VISIBILITY", "RESULTS", "KEY")
	for _, i := range rows {
		visibility := string(i.Award.Visibility)
		if one != "" {
			visibility = ""
		}
		notes := remarks(i, now)
		if v := variantsOf(i); v != variants {
			notes = append([]string{"also as " + v}, notes...)
		}
		if a.verbose {
			for _, f := range plan.Details(i.Award) {
				notes = append(notes, f.Name+": "+visible(f.Text))
			}
		} else if n := details(i.Award); n != "" {
			notes = append(notes, n)
		}
		table.add(notes, cmp.Or(visible(i.Award.Recipient.Name), "(no name)"), i.Award.AwardedDate.Format(time.DateOnly), dayOrNone(i.Award.ValidUntil),
			visibility, results(i.Award), clean(i.Award.Key.Recipient))
	}
	table.print(a, "    + ")
	a.printMore(len(b.Issues)-len(rows), "      ")
}

func variantsOf(i *plan.Issue) string {
	var names []string
	for _, v := range i.Variants {
		names = append(names, string(v.Name))
	}
	return strings.Join(names, ", ")
}

func dayOrNone(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func results(award *model.Award) string {
	var all []string
	for _, f := range plan.Results(award) {
		all = append(all, visible(f.Name+" "+f.Text))
	}
	return strings.Join(all, "; ")
}

// details counts what an award says beside its columns.
func details(award *model.Award) string {
	var all []string
	evidence := 0
	for _, f := range plan.Details(award) {
		name, _, _ := strings.Cut(f.Name, "[")
		switch {
		case name == "email" || name == "id" || name == "evidence":
		default:
			all = append(all, name)
		}
	}
	if evidence = len(award.Evidence); evidence > 0 {
		all = append(all, plural(evidence, "piece")+" of evidence")
	}
	if all == nil {
		return ""
	}
	return "with " + strings.Join(all, ", ")
}

// extent says what comes with the awards to be signed.
func extent(issues []*plan.Issue) string {
	text := ""
	variants, awards, capsules := 0, 0, 0
	for _, i := range issues {
		variants += len(i.Variants)
		if i.Capsules != nil {
			awards++
			capsules += len(i.Capsules)
		}
	}
	if variants > 0 {
		text += ", with " + plural(variants, "variant")
	}
	if awards > 0 {
		text += fmt.Sprintf(", %d to seal in %s", awards, plural(capsules, "capsule"))
	}
	return text
}

func wasWere(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// remarks are what is unusual about one to be signed.
func remarks(i *plan.Issue, now time.Time) (all []string) {
	if i.Holds != nil && i.Holds.Partial {
		all = append(all, "partial")
	}
	switch {
	case i.Renewal != "":
		all = append(all, renewalRemark(i))
	case i.Replaces != "":
		all = append(all, "replaces "+i.Replaces)
	}
	if i.Shared {
		all = append(all, "whose status index is another award's, too")
	}
	if i.Award.AwardedDate.After(now) {
		all = append(all, "awarded in the future: "+i.Award.AwardedDate.Format(time.DateOnly))
	}
	return all
}

func remark(i *plan.Issue, now time.Time) string {
	all := remarks(i, now)
	if v := variantsOf(i); v != "" {
		all = append([]string{v}, all...)
	}
	if all == nil {
		return ""
	}
	return ", " + strings.Join(all, ", ")
}

// beforeKey is who an award is of; with two spaces after it.
func beforeKey(award *model.Award) string {
	if award == nil || award.Recipient.Name == "" {
		return ""
	}
	return visible(award.Recipient.Name) + "  "
}

func (a *app) printSealed(p *plan.Plan) {
	if len(p.Seal) > 0 {
		a.printf("\n%s to seal, which %s already signed:\n", plural(len(p.Seal), "award"), wasWere(len(p.Seal)))
		a.each(len(p.Seal), func(i int) {
			a.printf("  * %s%s\n", beforeKey(p.Seal[i].Award), clean(p.Seal[i].Record.Award))
		})
	}
	if len(p.Twice) > 0 {
		a.printf("\n%s to revoke, which stand for an award that has another; the learner needs the other's link:\n", plural(len(p.Twice), "credential"))
		for _, e := range p.Twice {
			a.printf("  x %s  %s  %s\n", clean(e.Award), clean(e.Credential), clean(e.Reason))
		}
	}
	if len(p.Void) > 0 {
		a.printf("\n%s to revoke, because a member was revoked and the program is no longer complete:\n", plural(len(p.Void), "learner record"))
		for _, e := range p.Void {
			a.printf("  x %s  %s\n", clean(e.Award), clean(e.Credential))
		}
		a.printf("  to have one signed anew all the same, as partial: laurel record LEARNER --program PROGRAM\n")
	}
}

// printChanged shows what has changed since it was signed, old and new: what many awards
// have in common once.
func (a *app) printChanged(p *plan.Plan) {
	if len(p.Changed) == 0 {
		return
	}
	a.printf("\n%s changed since signing; what was signed stays as it is:\n", awardsAmong(len(p.Changed), func(i int) bool { return p.Changed[i].Award != nil }))
	edits, single := p.Edits()
	a.each(len(edits), func(i int) {
		e := edits[i]
		of := ""
		if e.Achievement != "" {
			of = "achievement " + e.Achievement + ", "
			e.Field = strings.TrimPrefix(e.Field, "achievement.")
		}
		a.printWrapped("  ~ ", of+a.difference(e.Difference))
		example := beforeKey(e.Changes[0].Award) + clean(e.Changes[0].Record.Award)
		if n := len(e.Changes); n > 1 {
			example = awardsAmong(n, func(i int) bool { return e.Changes[i].Award != nil }) + ", such as " + example
		}
		a.printWrapped("      ", example)
	})
	a.each(len(single), func(i int) {
		c := single[i]
		a.printWrapped("  ~ ", beforeKey(c.Award)+clean(c.Record.Award))
		for _, d := range c.Differences {
			a.printWrapped("      ", a.difference(d))
		}
		if len(c.Differences) == 0 {
			a.printWrapped("      ", strings.Join(c.Fields, ", "))
		}
	})
	a.printf("  to revoke them and sign them again: laurel reissue AWARD\n")
}

// difference is one as people read it: name: Jürgen Müßig → Jürgen Mühsig.
func (a *app) difference(d plan.Difference) string {
	was, is := d.Was, d.Is
	if !a.verbose {
		was, is = d.Excerpt(shortText)
	}
	was, is = visible(was), visible(is)
	note := ""
	if d.Invisible() {
		was, is, note = spelledOut(d.Was), spelledOut(d.Is), ", which looks the same"
	}
	switch {
	case d.Hashed:
		was = "another one"
	case was == "":
		was = "(none)"
	}
	return d.Field + ": " + was + " → " + cmp.Or(is, "(none)") + note
}

func (a *app) printMissed(p *plan.Plan) {
	missed := p.Missed()
	if len(missed) > 0 {
		a.printf("\n%s with a result that does not reach what is required, which pages will say (where a lower mark is better, list the marks in allowedValue, the worst first):\n", plural(len(missed), "award"))
		a.each(len(missed), func(i int) {
			a.printf("  ! %s%s  %s\n", beforeKey(missed[i].Award), clean(missed[i].Award.Key.String()), results(missed[i].Award))
		})
	}
	if p.Earlier > 0 {
		a.printf("\n%s signed for an earlier version of the achievement, which the site keeps readable\n", plural(p.Earlier, "award"))
	}
	for _, achievement := range p.Unversioned {
		a.printf("\nachievement %s has changed since it was awarded, and its version has not (%s): give it a new one, such as version: %q, so that readers can tell the two apart\n",
			achievement.Slug, clean(cmp.Or(achievement.Version, "it has none")), strconv.Itoa(p.Now.Year()))
	}
}

// printMoved shows what is not signed since it looks signed, and how to say that it is.
func (a *app) printMoved(p *plan.Plan) {
	if len(p.Moved) > 0 {
		a.printf("\n%s not signed, because each looks like one already signed under another key:\n", plural(len(p.Moved), "award"))
		told := map[string]bool{}
		a.each(len(p.Moved), func(i int) {
			m := p.Moved[i]
			a.printWrapped("  > ", beforeKey(m.Award)+clean(m.Award.Key.String()))
			a.printWrapped("      ", "looks like "+clean(m.Record.Award)+keepKey(m))
			if m.Row != nil {
				a.printWrapped("      ", fmt.Sprintf("that is the key of %s at %v now: give that row its own old key, too", cmp.Or(visible(m.Row.Recipient.Name), "another recipient"), m.Row.Source))
			}
			for _, s := range a.keepFiles(m) {
				if !told[s] {
					told[s] = true
					a.printWrapped("      ", s)
				}
			}
		})
		a.printf("  then, if more than the key has changed: laurel reissue AWARD\n")
		a.printf("  if it is a new one all the same: put the old row back beside it, or first laurel revoke the old one\n")
	}
	for _, u := range p.Unclear {
		a.printf("\n%s not signed, because it is not clear which is which of %s already signed:\n", plural(len(u.Awards), "award"), plural(len(u.Records), "award"))
		for _, award := range u.Awards {
			a.printWrapped("  ? ", fmt.Sprintf("%s%s  at %v", beforeKey(award), clean(award.Key.String()), award.Source))
		}
		for _, r := range u.Records {
			a.printWrapped("      ", fmt.Sprintf("looks like %s, signed %s: to the row that is the same, add key: %s", clean(r.Award), r.IssuedAt.Format(time.DateOnly), clean(plan.Moved{Record: r}.Was().Recipient)))
		}
		a.printf("  if all of them are new: put the old rows back beside them, or first laurel revoke the old ones\n")
	}
}

// keepKey says how a recipient keeps the old key; empty: the key has not changed.
func keepKey(m plan.Moved) string {
	was := m.Was()
	if was.Recipient == m.Award.Key.Recipient {
		return ""
	}
	where := m.Award.Source.String()
	if strings.HasSuffix(m.Award.Source.File, ".yaml") {
		return fmt.Sprintf("; add key: %s at %s", clean(was.Recipient), where)
	}
	return fmt.Sprintf("; add key: %s at %s, in a column key", clean(was.Recipient), where)
}

// keepFiles says which files are to have their old names.
func (a *app) keepFiles(m plan.Moved) (all []string) {
	was, is := m.Was(), m.Award.Key
	if was.Achievement != is.Achievement {
		all = append(all, fmt.Sprintf("give content/achievements/%s.yaml its old name %s.yaml again, and its lists: achievement: %s", is.Achievement, was.Achievement, was.Achievement))
	}
	if was.Cohort != is.Cohort {
		all = append(all, fmt.Sprintf("give content/awards/%s.yaml its old name %s.yaml again, or put the row back there", is.Cohort, was.Cohort))
	}
	return all
}

func (a *app) printRest(p *plan.Plan) {
	if len(p.Waiting) > 0 {
		a.printf("\n%s due, but not to be signed as things are:\n", plural(len(p.Waiting), "learner record"))
		a.each(len(p.Waiting), func(i int) {
			a.printf("  ? %s%s  %s\n", beforeKey(p.Waiting[i].Award), clean(p.Waiting[i].Award.Key.String()), clean(p.Waiting[i].Why))
		})
	}
	if n := len(p.Fewer); n > 0 {
		a.printf("\n%s %s signed in fewer forms than are asked for now, which what is signed from now on has;\n  to revoke and sign those anew in all of them: laurel reissue AWARD\n", plural(n, "award"), wasWere(n))
	}
	if len(p.Vanished) > 0 {
		a.printf("\n%s no longer in the content; what was signed stays issued, but is not on the site:\n", awardsAmong(len(p.Vanished), func(i int) bool { return p.Vanished[i].Profile == "" }))
		a.each(len(p.Vanished), func(i int) { a.printf("  - %s\n", clean(p.Vanished[i].Award)) })
		a.printf("  to revoke them: laurel revoke AWARD\n")
	}
}

// people is a table that is whole: what has no room beside the rest comes below it.
type people struct {
	head   []string
	rows   [][]string
	notes  [][]string
	widths []int
}

func newPeople(head ...string) *people { return &people{head: head, widths: make([]int, len(head))} }

// add adds a row; a column that no row has anything in is not shown.
func (t *people) add(notes []string, cells ...string) {
	for c, cell := range cells {
		if cell != "" {
			t.widths[c] = max(t.widths[c], uniseg.StringWidth(cell), uniseg.StringWidth(t.head[c]))
		}
	}
	t.rows, t.notes = append(t.rows, cells), append(t.notes, notes)
}

// print writes the table, in lines that are no longer than the output is wide. The last
// columns go below their row where they do not fit, and a name that is too long has a
// line of its own.
func (t *people) print(a *app, mark string) {
	width := a.outputWidth()
	room := width - uniseg.StringWidth(mark)
	inline := len(t.head)
	used := func() int {
		n := -len(gap)
		for c := range inline {
			if t.widths[c] > 0 {
				n += t.widths[c] + len(gap)
			}
		}
		return n
	}
	for inline > len(t.head)-2 && used() > room {
		inline--
	}
	if over := used() - room; over > 0 {
		t.widths[0] = max(t.widths[0]-over, 4)
	}
	indent := strings.Repeat(" ", uniseg.StringWidth(mark))
	line := func(mark string, cells []string) {
		var b strings.Builder
		b.WriteString(mark)
		for c, cell := range cells[:inline] {
			if t.widths[c] == 0 {
				continue
			}
			wide := uniseg.StringWidth(cell)
			if c == 0 && wide > t.widths[0] {
				a.printWrapped(mark, cell)
				b.Reset()
				b.WriteString(indent)
				cell, wide = "", 0
			}
			b.WriteString(cell + strings.Repeat(" ", t.widths[c]-wide) + gap)
		}
		a.printf("%s\n", strings.TrimRight(b.String(), " "))
	}
	line(indent, t.head)
	for i, cells := range t.rows {
		line(mark, cells)
		for c := inline; c < len(cells); c++ {
			if cells[c] != "" {
				a.printWrapped(indent+"  ", strings.ToLower(t.head[c])+": "+cells[c])
			}
		}
		for _, note := range t.notes[i] {
			a.printWrapped(indent+"  ", note)
		}
	}
}

// printWrapped prints a text after an indent, in as many lines as it takes, those after
// the first indented by two more. It is broken at spaces, and within a word only where
// that alone is too long.
func (a *app) printWrapped(indent, s string) {
	next := strings.Repeat(" ", uniseg.StringWidth(indent)+len(gap))
	room := a.outputWidth() - uniseg.StringWidth(indent)
	for {
		var line string
		line, s = lineOf(s, room)
		a.printf("%s%s\n", indent, line)
		if s == "" {
			return
		}
		indent, room = next, a.outputWidth()-len(next)
	}
}

// lineOf parts a text after as many words as have room, and at least one character.
func lineOf(s string, room int) (line, rest string) {
	if uniseg.StringWidth(s) <= room {
		return s, ""
	}
	end, width, space := 0, 0, -1
	for state, left := -1, s; left != ""; {
		var cluster string
		var wide int
		cluster, left, wide, state = uniseg.FirstGraphemeClusterInString(left, state)
		if cluster == " " {
			space = end
		}
		if width += wide; width > room && end > 0 {
			break
		}
		end += len(cluster)
	}
	if space > 0 {
		return s[:space], strings.TrimLeft(s[space:], " ")
	}
	return s[:end], s[end:]
}

// visible is a text with nothing in it that cannot be seen: such characters are written
// as \u and their number, and lines end in \n.
func visible(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7f }) {
		return s
	}
	var b strings.Builder
	before := ' '
	for _, r := range s {
		switch c := text.ClassOf(r); {
		case r == '\n':
			b.WriteString(`\n`)
		case r == ' ', c == text.Shown, c == text.Joiner && !unicode.Is(unicode.Latin, before) && before != ' ':
			b.WriteRune(r)
		default:
			b.WriteString(number(r))
		}
		before = r
	}
	return b.String()
}

// spelledOut is a text in quotation marks in which every character beyond ASCII is its
// number, so that texts that look the same can be told apart.
func spelledOut(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r >= ' ' && r < 0x7f {
			b.WriteRune(r)
		} else {
			b.WriteString(number(r))
		}
	}
	return `"` + b.String() + `"`
}

func number(r rune) string {
	if r > 0xffff {
		return fmt.Sprintf(`\U%08x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}
