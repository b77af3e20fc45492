package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/material/hint"
	"laurel/internal/material/lettering"
	"laurel/internal/material/table"
	"laurel/internal/publishing/build"
	"laurel/internal/publishing/certificate"
	"laurel/internal/publishing/deliver"
	"laurel/internal/publishing/privacy"
	"laurel/internal/publishing/site"
	"laurel/internal/standards/tlog"
)

func (a *app) deliverCommand() *cobra.Command {
	var d delivery
	c := &cobra.Command{
		Use:   "deliver [COHORT|AWARD]... --out DIR",
		Short: "Write a folder for each learner, and a table for a mail merge",
		Long: `Write to DIR, outside anything that is published, a folder for each learner with
all of their awards, or those that you name: the credential, badge pictures, a certificate to print (PDF, with the credential attached) and one
that is a web page and verifies itself without a network. README.txt tells the
learner what each file is for; mail-merge.csv lists each learner's folder,
e-mail address and link; --format says how (xlsx: mail-merge.xlsx).

Awards belong to one learner if they have the same DID; failing that, the same
e-mail address and name; failing that, the same student number and name; failing
that, the same recipient key and name in one cohort.

Every award that is signed and not revoked is delivered, whatever its
visibility, unless the key that signed it is revoked, or it was signed for a
different name, address or DID from the one now in the content: those are
listed, and the exit code is 1. Files that are already as they should be are
left alone, so an interrupted run can simply be repeated. With --since, only
what has changed since the last run is delivered, and only that is in
mail-merge.csv; with --since=DAY, what was signed on or after that day. What is
no longer due (revoked, or gone from the content) is counted, and stays until
you run with --prune.

Certificates are set in fonts/regular.ttf and fonts/bold.ttf of the site's
theme, or in DejaVu Sans, which covers Latin with Vietnamese, Greek, Cyrillic,
Armenian, Georgian, Hebrew and Arabic. Characters it lacks are drawn with the
other fonts in the theme's fonts/, then with those in the folders that --fonts
names. An award with a character that none of them has gets no certificate.pdf;
the run then says which award that is, and the exit code is 1.

With --booklet FILE, nothing is written but one PDF of all these certificates, in
the order of their lists, for a printer: each begins a page of its own, and the
credentials are not in it.

` + awardHelp,
		Example: "  laurel deliver --out ../packages\n  laurel deliver spring-2026 --booklet ../spring-2026.pdf\n  laurel deliver spring-2026 --out ../packages --since\n  laurel deliver --out ../packages --since=2026-11-01 --paper letter\n  laurel deliver --out ../packages --fonts /usr/share/fonts",
		RunE: func(c *cobra.Command, args []string) error {
			d.names = args
			d.sinceSet = c.Flags().Changed("since")
			return a.deliver(c.Context(), d)
		},
		ValidArgsFunction: a.completeAwards(0, true),
	}
	c.Flags().StringVar(&d.out, "out", "", "the folder to write to, created if missing")
	c.Flags().StringVar(&d.booklet, "booklet", "", "in place of --out: one PDF of all certificates, to print")
	c.Flags().StringVar(&d.since, "since", "", "only what has changed since the last run; with =YYYY-MM-DD, what was signed on or after that day")
	c.Flags().Lookup("since").NoOptDefVal = sinceLast
	c.Flags().StringVar(&d.paper, "paper", string(certificate.A4), "paper size of the certificates: a4 or letter")
	c.Flags().StringArrayVar(&d.fonts, "fonts", nil, "a folder with more fonts, TrueType or OpenType, such as /usr/share/fonts (repeatable)")
	a.formatFlag(c, &d.format)
	c.Flags().BoolVar(&d.prune, "prune", false, "remove what earlier runs wrote that is no longer due")
	return c
}

// delivery is what one run is asked for.
type delivery struct {
	names      []string // cohorts and awards
	out, paper string
	booklet    string // file
	since      string
	sinceSet   bool
	prune      bool
	fonts      []string // folders
	format     table.Format
}

const sinceLast = "last"

// sinceAs reads --since: the day to begin from, or that it is the last run. A
// day comes as --since=DAY: what follows --since alone is a cohort, which may
// well be called as a day is written.
func (d *delivery) sinceAs() (day time.Time, last bool, err error) {
	if !d.sinceSet {
		return time.Time{}, false, nil
	}
	if d.since == sinceLast {
		return time.Time{}, true, nil
	}
	day, err = time.Parse(time.DateOnly, d.since)
	if err != nil {
		return time.Time{}, false, misuse("for example --since=2026-11-01, or --since alone for what has changed since the last run", "--since takes a day, not %q", d.since)
	}
	return day, false, nil
}

// deliver writes learner packages: content + ledger + theme -> DIR.
func (a *app) deliver(ctx context.Context, d delivery) error {
	if d.out == "" && d.booklet == "" {
		return misuse("laurel deliver --out ../packages", "--out is missing: it names the folder to write to")
	}
	if d.booklet != "" && (d.out != "" || d.prune || d.since == sinceLast) {
		return misuse("laurel deliver spring-2026 --booklet ../spring-2026.pdf", "--booklet writes one file to print, and goes with neither --out, --prune nor --since alone")
	}
	paper := certificate.Paper(strings.ToLower(d.paper))
	if paper != certificate.A4 && paper != certificate.Letter {
		return misuse("use --paper a4 or --paper letter", "unknown paper size %q", d.paper)
	}
	day, last, err := d.sinceAs()
	if err != nil {
		return err
	}
	if err := a.inSite(); err != nil {
		return err
	}
	d.out = a.env.path(cmp.Or(d.out, d.booklet))
	if err := privacy.CheckPlace(a.dir, d.out); err != nil {
		return err
	}
	content, l, err := a.inputs()
	if err != nil {
		return err
	}
	defer l.Close()
	renderer, err := a.renderer(content)
	if err != nil {
		return err
	}
	planned, err := planSite(content, l, renderer)
	if err != nil {
		return err
	}
	if d.names, err = a.handedOut(l, content, d.names); err != nil {
		return err
	}
	where := published(l)
	where.Page = planned.AwardURL
	p, err := deliver.Make(content, l.State(), where, deliver.Selection{Names: d.names, SignedSince: day})
	if err != nil {
		return err
	}
	fonts, err := a.fonts(content, d.fonts)
	if err != nil {
		return err
	}
	program, err := programDigest()
	if err != nil {
		return err
	}
	now, err := a.now()
	if err != nil {
		return err
	}
	evidence, err := a.evidence()
	if err != nil {
		return err
	}
	maker := &deliver.Maker{Renderer: renderer, Evidence: evidence.Bytes, Fonts: fonts, Paper: paper, Documents: l.Documents,
		Places: a.logPlaces(ctx, l), Site: planned, Program: program, Now: now}
	if d.booklet != "" {
		return a.booklet(ctx, d, p, maker, content)
	}
	folder, err := deliver.OpenFolder(d.out, content.BaseURL)
	if err != nil {
		return fmt.Errorf("deliver to %s: %w", d.out, err)
	}
	defer folder.Close()
	o := deliver.Options{SinceLast: last, Prune: d.prune, Language: content.Languages[0], Table: d.format}
	bar := a.progress(len(folder.Selected(p, o)), "delivering")
	o.Progress = bar.set
	result, err := folder.Write(ctx, p, maker, o)
	bar.done()
	if err != nil {
		return err
	}
	if err := a.reportDelivered(d, p, result, folder.OwnGitignore, now); err != nil {
		return err
	}
	return a.reportLeft(p, result, "delivered without certificate.pdf")
}

// handedOut finds what is to be handed out.
func (a *app) handedOut(l *ledger.Ledger, content *model.Site, names []string) ([]string, error) {
	exact, guessed, err := a.finder(l, content, false).awards(names)
	if err != nil {
		for _, name := range names {
			if _, wrong := time.Parse(time.DateOnly, name); wrong == nil {
				return nil, hint.Errorf("write a day as --since="+name+"; what follows --since alone is a cohort or an award", "%w", err)
			}
		}
	}
	a.tellFound(guessed)
	return exact, err
}

// booklet writes one PDF of all certificates, whole or not at all.
func (a *app) booklet(ctx context.Context, d delivery, p *deliver.Delivery, maker *deliver.Maker, content *model.Site) error {
	title := content.Issuer.Name
	if len(d.names) == 1 {
		if c := content.Cohort(d.names[0]); c != nil {
			title = c.Name
		}
	}
	f, err := os.CreateTemp(filepath.Dir(d.out), ".booklet-") // of mode 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", d.out, err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	bar := a.progress(p.Count(), "drawing")
	out := bufio.NewWriter(f)
	n, problems, err := maker.Booklet(ctx, p, out, title, content.Languages[0], bar.set)
	bar.done()
	if err == nil && n > 0 {
		err = errors.Join(out.Flush(), f.Sync(), f.Close(), os.Rename(f.Name(), d.out))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", d.out, err)
	}
	if n > 0 {
		a.printf("%s: %s\n", clean(d.out), plural(n, "certificate"))
		a.notef("this file names people: keep it out of public places\n")
	} else {
		a.printf("no certificates to print\n")
	}
	return a.reportLeft(p, deliver.Result{Problems: problems}, "left out of the booklet")
}

// logPlaces finds the documents of records in the log, which is read when the
// first is wanted.
func (a *app) logPlaces(ctx context.Context, l *ledger.Ledger) func(*ledger.Record) ([]ledger.LogPlace, error) {
	tree := sync.OnceValues(func() (*tlog.Tree, error) { return l.Tree(ctx, build.Published(a.dir)) })
	return func(r *ledger.Record) ([]ledger.LogPlace, error) {
		log, err := tree()
		if err != nil {
			return nil, err
		}
		return l.LogPlaces(r, log)
	}
}

// published is where records are found in the ledger.
func published(l *ledger.Ledger) deliver.Published {
	return deliver.Published{Capsules: l.Capsules, Documents: l.Documents, RevokedKey: plan.RevokedKeys(l.State(), l.Documents)}
}

// fonts are the theme's, the built-in ones and those of folders.
func (a *app) fonts(content *model.Site, folders []string) (*certificate.Fonts, error) {
	root, err := os.OpenRoot(a.dir)
	if err != nil {
		return nil, fmt.Errorf("open the site folder: %w", err)
	}
	// Not closed: fonts of the theme are read when they are first needed.
	theme, err := fs.Sub(root.FS(), "themes/"+content.Theme.Name)
	if err != nil {
		return nil, fmt.Errorf("read themes/%s: %w", content.Theme.Name, err)
	}
	from := lettering.Sources{Theme: theme, Note: func(file string, why error) {
		a.detailf("%s\n", clean(fmt.Sprintf("%s is left out: %v", file, why)))
	}}
	for _, name := range folders {
		from.Folders = append(from.Folders, lettering.Folder{Name: name, Files: os.DirFS(a.env.path(name))})
	}
	fonts, err := certificate.NewFonts(from)
	if err != nil {
		return nil, fmt.Errorf("find fonts for certificates: %w", err)
	}
	return fonts, nil
}

// reportDelivered says what a run did. It tells awards by their places in the
// content, and never their keys, links and folders, which lead to people: logs
// are read by others.
func (a *app) reportDelivered(d delivery, p *deliver.Delivery, r deliver.Result, ownGitignore bool, now time.Time) error {
	left := map[deliver.Reason]int{}
	for _, l := range p.Left {
		left[l.Why]++
	}
	if a.json {
		return a.printDelivered(d, p, r, left)
	}
	a.printf("%s: %s to %s (%d written, %d unchanged), and %s\n", clean(d.out),
		plural(len(r.Awards), "award"), plural(r.Learners, "learner"), r.Written, r.Unchanged, deliver.MailMergeFile(d.format))
	switch n := len(r.Stale); {
	case n > 0 && r.Pruned:
		a.printf("removed: %s no longer due\n", plural(n, "folder"))
	case n > 0:
		a.notef("no longer due, but still there: %s (revoked, gone from the content, or renamed); --prune removes them\n", plural(n, "folder"))
	}
	if n := left[deliver.Unsigned]; n > 0 {
		a.notef("not delivered, because not signed yet: %s (run laurel sign)\n", plural(n, "award"))
	}
	if n := left[deliver.Revoked]; n > 0 {
		a.notef("not delivered, because revoked: %s\n", plural(n, "award"))
	}
	expired := 0
	for _, w := range r.Awards {
		if w.StateAt(now) == site.Expired {
			expired++
		}
	}
	if expired > 0 {
		a.notef("delivered, though expired, as their certificates say: %s\n", plural(expired, "award"))
	}
	if ownGitignore {
		a.notef("%s has its own .gitignore, which was kept: make sure that git ignores what is here\n", clean(d.out))
	}
	if len(r.Awards) > 0 {
		a.notef("these files name people: send each only to the person it belongs to, and keep them out of public places\n")
	}
	return nil
}

func (a *app) printDelivered(d delivery, p *deliver.Delivery, r deliver.Result, left map[deliver.Reason]int) error {
	type award struct {
		Source string `json:"source"` // file:line
	}
	type leftOut struct {
		Source string         `json:"source"`
		Reason deliver.Reason `json:"reason"`
	}
	out := struct {
		SchemaVersion int       `json:"schemaVersion"`
		Out           string    `json:"out"`
		Learners      int       `json:"learners"`
		Written       int       `json:"written"`
		Unchanged     int       `json:"unchanged"`
		Unsigned      int       `json:"unsigned"`
		Revoked       int       `json:"revoked"`
		KeyRevoked    int       `json:"keyRevoked"`
		Reassigned    int       `json:"reassigned"`
		Awards        []award   `json:"awards"`
		Left          []leftOut `json:"left"`
		WithoutPaper  []award   `json:"withoutPDF"`
		Stale         int       `json:"stale"` // folders
		Pruned        bool      `json:"pruned"`
	}{schemaVersion, d.out, r.Learners, r.Written, r.Unchanged, left[deliver.Unsigned], left[deliver.Revoked],
		left[deliver.KeyRevoked], left[deliver.Reassigned], []award{}, []leftOut{}, []award{}, len(r.Stale), r.Pruned}
	for _, w := range r.Awards {
		out.Awards = append(out.Awards, award{w.Content.Source.String()})
	}
	for _, l := range p.Left {
		out.Left = append(out.Left, leftOut{l.Content.Source.String(), l.Why})
	}
	if r.Problems != nil {
		for _, e := range r.Problems.List {
			out.WithoutPaper = append(out.WithoutPaper, award{e.Place})
		}
	}
	return a.printJSON(out)
}

// leftWhy are the reasons for which an award is not delivered that somebody
// should do something about.
var leftWhy = []struct {
	reason     deliver.Reason
	text, hint string
}{
	{deliver.KeyRevoked, "signed with a revoked key, so invalid for everybody",
		"laurel reissue AWARD signs an award again; it also takes a cohort"},
	{deliver.Reassigned, "signed for a different name, e-mail address or DID from the one now in the content",
		"laurel reissue AWARD signs an award again for the person now named in the content; if a line was given to somebody else by mistake, restore its key"},
}

// reportLeft names what was not delivered, or not whole, and ought to be; without says
// what awards lack that no font can write.
func (a *app) reportLeft(p *deliver.Delivery, r deliver.Result, without string) error {
	found := false
	for _, why := range leftWhy {
		var places []string
		for _, l := range p.Left {
			if l.Why == why.reason {
				places = append(places, l.Content.Source.String())
			}
		}
		if len(places) > 0 {
			found = true
			a.notef("laurel: %s not delivered, %s:\n%s", plural(len(places), "award"), why.text, a.some(places))
			a.notef("hint: %s\n", why.hint)
		}
	}
	if r.Problems != nil {
		found = true
		var lines []string
		for _, e := range r.Problems.List {
			lines = append(lines, e.Error())
		}
		a.notef("laurel: %s %s:\n%s", plural(len(lines), "award"), without, a.some(lines))
		a.notef("hint: %s\n", hint.Of(r.Problems))
	}
	if found {
		return &verdictError{exitProblem}
	}
	return nil
}

// shown are the lines of one list that a terminal has patience for.
const shown = 10

// some are the first lines of a list, indented, and with -v all of them. One row
// may earn several awards.
func (a *app) some(lines []string) string {
	text, said := "", 0
	for i := 0; i < len(lines); {
		same := 1
		for i+same < len(lines) && lines[i+same] == lines[i] {
			same++
		}
		if rest := len(lines) - i; said >= shown && rest > 1 && !a.verbose {
			return text + fmt.Sprintf("  and %d more; -v shows them\n", rest)
		}
		text += "  " + clean(lines[i])
		if same > 1 {
			text += fmt.Sprintf(" (%s)", plural(same, "award"))
		}
		text += "\n"
		said++
		i += same
	}
	return text
}
