package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"laurel/internal/authoring/content"
	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/material/hint"
	"laurel/internal/publishing/audit"
	"laurel/internal/standards/fetch"
	"laurel/internal/standards/verify"
)

func (a *app) auditCommand() *cobra.Command {
	sample := defaultSample
	c := &cobra.Command{
		Use:   "audit [DIR|URL]",
		Short: "Check a whole built site, or the one that is online",
		Long: `Check a built site as a stranger would, without the network: every credential
and the copies baked into its pictures, every status list, the DID document,
every internal link, and that no file is larger than hosts allow. No file may
contain a claim link, even inside an archive, or a credential that has no page.
DIR is public/ in the site folder unless you name one; that one is also held
against the ledger: nothing published may be missing there.

With a URL, the site that is online there is checked: that the DID document is
served without a redirect, that verify pages of others may read what they need, how
files are sent and how long they are kept, the certificate, how old the status lists
are, addresses that are not there, links, what the host adds or leaves out, and its
limits. Each finding says what to do about it, in words for that host. In the site's
folder it is also compared with public/ and the ledger; elsewhere the links of the
site lead the way.

Revoked and expired credentials are counted; they are not problems. Files that
"laurel build" does not write, and assets of a kind that often lists people, are
warnings.`,
		Example: "  laurel audit\n  laurel audit public --json\n  laurel audit https://ana-example.github.io/badges",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			dir := a.dir + "/public"
			if len(args) == 1 {
				if strings.Contains(args[0], "://") {
					return a.auditLive(c.Context(), args[0], sample)
				}
				dir = a.env.path(args[0])
			}
			return a.audit(c.Context(), dir)
		},
	}
	c.Flags().IntVar(&sample, "sample", sample, "with a URL: look at `N` files at most, spread evenly over the site; 0: at all")
	return c
}

// defaultSample is how many files of a live site are looked at.
const defaultSample = 2000

func (a *app) audit(ctx context.Context, dir string) error {
	report, err := a.auditReport(ctx, dir)
	if err != nil {
		return err
	}
	if a.json {
		err = a.printJSON(struct {
			SchemaVersion int `json:"schemaVersion"`
			*audit.Report
		}{schemaVersion, report})
	} else {
		a.printAudit(report)
	}
	if err == nil && len(report.Problems) > 0 {
		return &verdictError{exitProblem}
	}
	return err
}

// auditReport is what there is to say of a folder, and of the ledger where that folder
// is its own public/.
func (a *app) auditReport(ctx context.Context, dir string) (*audit.Report, error) {
	now, err := a.now()
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, hint.Errorf("laurel build writes public/; to audit another folder: laurel audit DIR", "there is no folder %s to audit", clean(dir))
	}
	if err != nil {
		return nil, fmt.Errorf("open the site: %w", err)
	}
	defer root.Close()
	var bar progress
	report, err := audit.Run(ctx, root.FS(), audit.Options{
		NewVerifier: func(load verify.Loader) (*verify.Verifier, error) { return newVerifier(now, load) },
		Static:      a.staticFile(dir),
		Progress:    a.begun(&bar, "auditing"),
	})
	bar.done()
	if err != nil {
		return nil, err
	}
	if err := a.auditLedger(dir); err != nil {
		problem := audit.Problem{File: "content/ledger", Text: err.Error()}
		if behind := (*ledger.OutsideError)(nil); errors.As(err, &behind) {
			problem.Text = behind.Error() // which names it, too
		}
		report.Problems = append(report.Problems, problem)
		a.notef("hint: %s\n", cmp.Or(hint.Of(err), "laurel ledger check"))
	}
	return report, nil
}

// auditLive checks the site that is online; where the folder here is that site's,
// against its public/ and ledger, too.
func (a *app) auditLive(ctx context.Context, address string, sample int) error {
	now, err := a.now()
	if err != nil {
		return err
	}
	if sample < 0 {
		return misuse("", "--sample takes a number of files, or 0 for all")
	}
	base := audit.Base(address)
	if !strings.HasPrefix(base, "https://") {
		return misuse("laurel audit "+strings.Replace(base, "http://", "https://", 1), "laurel audits sites at https addresses, and %q is none", clean(address))
	}
	var bar progress
	o := audit.LiveOptions{Client: fetch.New(a.env.Network), Now: now, Sample: sample,
		NewVerifier: func(load verify.Loader) (*verify.Verifier, error) { return newVerifier(now, load) },
		Progress:    a.begun(&bar, "asking")}
	ours := a.inSite() == nil
	if ours {
		content, err := a.loadContent()
		if err != nil {
			return err
		}
		o.Former = content.MovedFrom
		if ours = content.BaseURL == base; !ours {
			o.Former = ""
			a.notef("the site in this folder is at %s: %s is looked at as a stranger's\n", clean(content.BaseURL), clean(base))
		}
	}
	var ledgerSays *audit.Finding
	if ours {
		root, err := os.OpenRoot(filepath.Join(a.dir, "public"))
		switch {
		case err == nil:
			defer root.Close()
			o.Built = root.FS()
		case errors.Is(err, fs.ErrNotExist):
			a.notef("there is no public/ to compare with: run laurel build first\n")
		default:
			return fmt.Errorf("open the built site: %w", err)
		}
		l, err := a.openLedger()
		if err != nil {
			return err
		}
		defer l.Close()
		o.Gone = everPublished(l.State())
		if ledgerSays, err = a.heldAgainst(ctx, base, l.State()); err != nil {
			return err
		}
	}
	report, err := audit.Live(ctx, base, o)
	bar.done()
	if err != nil {
		return err
	}
	if ledgerSays != nil {
		report.Add(*ledgerSays)
	}
	if a.json {
		err = a.printJSON(struct {
			SchemaVersion int `json:"schemaVersion"`
			*audit.LiveReport
		}{schemaVersion, report})
	} else {
		a.printLive(report)
	}
	if err == nil && report.Count(audit.IsProblem) > 0 {
		return &verdictError{exitProblem}
	}
	return err
}

// everPublished are the paths that a ledger's awards have, or had, on the site.
func everPublished(s *ledger.State) (paths []string) {
	for rec := range s.Records() {
		for _, name := range rec.Capsules {
			paths = append(paths, model.CapsulePath(name), model.CapsulePagePath(name))
		}
		if rec.Visibility == ledger.Public {
			paths = append(paths, model.AwardFolder(rec.Credential)+"credential.json")
		}
	}
	return paths
}

// heldAgainst compares the ledger with what the live site shows of it. What does not
// answer is told by the audit.
func (a *app) heldAgainst(ctx context.Context, base string, s *ledger.State) (*audit.Finding, error) {
	seen, err := a.live(ctx, base)
	if err != nil {
		return nil, ctx.Err()
	}
	if err := s.Against(seen); err != nil {
		return &audit.Finding{Check: "ledger", Severity: audit.IsProblem, Where: []string{"content/ledger"}, Text: err.Error(), Fix: hint.Of(err)}, nil
	}
	if seen.Checkpoint != "" && seen.Checkpoint != s.Log().Checkpoint {
		return &audit.Finding{Check: "behind", Severity: audit.IsNote, Where: []string{"log/checkpoint"}, Text: "the newest of the ledger is not published yet", Fix: "laurel build, then laurel publish"}, nil
	}
	return nil, nil
}

// printLive prints the findings, the most grave first, each with its fix.
func (a *app) printLive(r *audit.LiveReport) {
	a.printf("site         %s\n", clean(r.URL))
	if r.Host != "" {
		a.printf("host         %s\n", r.Host)
	}
	if r.Issuer != "" {
		a.printf("issuer       %s\n", clean(r.Issuer))
	}
	a.printf("files        %d looked at", r.Asked)
	if r.Known > r.Asked {
		a.printf(" of %d", r.Known)
	}
	if !r.Compared {
		a.printf(", found by following links")
	}
	a.printf("\n")
	if c := r.Content; c != nil {
		a.printf("status lists %d\n", len(c.Lists))
		a.printCounts(c)
	}
	for _, f := range r.Findings {
		a.printf("%-8s %s: %s\n", strings.ToUpper(string(f.Severity)), places(f.Where), clean(f.Text))
		if f.Fix != "" {
			a.printf("    fix: %s\n", clean(f.Fix))
		}
	}
	said := []string{}
	for _, s := range []audit.Severity{audit.IsProblem, audit.IsWarning, audit.IsNote} {
		if n := r.Count(s); n > 0 || s == audit.IsProblem {
			said = append(said, cmp.Or(map[bool]string{true: "no problems"}[n == 0], plural(n, string(s))))
		}
	}
	a.printf("%s\n", strings.Join(said, ", "))
}

// places names the first files that a finding is about, and counts the others.
func places(where []string) string {
	const most = 3
	said := clean(strings.Join(where[:min(most, len(where))], ", "))
	switch {
	case len(where) == 1 && where[0] == ".":
		return "the site"
	case len(where) > most:
		return fmt.Sprintf("%s and %d more", said, len(where)-most)
	}
	return said
}

// isOwn tells whether a folder is the site folder's own public/.
func (a *app) isOwn(dir string) bool {
	own, err := os.Stat(filepath.Join(a.dir, "public"))
	if err != nil || a.inSite() != nil {
		return false
	}
	it, err := os.Stat(dir)
	return err == nil && os.SameFile(own, it)
}

// staticFile tells what of public/ is in content/static; nil of other folders.
func (a *app) staticFile(dir string) func(path string) bool {
	if !a.isOwn(dir) {
		return nil
	}
	return func(path string) bool {
		info, err := os.Lstat(filepath.Join(a.dir, content.StaticDir, filepath.FromSlash(path)))
		return err == nil && info.Mode().IsRegular()
	}
}

// auditLedger compares the ledger with the site, where that is the site folder's
// own public/.
func (a *app) auditLedger(dir string) error {
	if !a.isOwn(dir) {
		return nil
	}
	l, err := a.openLedger()
	if err != nil {
		return err
	}
	return l.Close()
}

func (a *app) printAudit(r *audit.Report) {
	a.printf("issuer       %s\n", clean(r.Issuer))
	a.printf("files        %d, %d links\n", r.Files, r.Links)
	a.printf("status lists %d\n", len(r.Lists))
	a.printCounts(r)
	if r.RobotsUnread {
		a.printf("robots.txt   not read by crawlers, as the site is below a path of its host: see in it\n")
	}
	for _, c := range r.Credentials {
		if c.State != audit.Valid && c.State != audit.Bad {
			a.printf("  %-9s  %s\n", c.State, clean(c.File))
		}
	}
	for _, w := range r.Warnings {
		a.printf("WARNING  %s: %s\n", clean(w.File), clean(w.Text))
	}
	for _, p := range r.Problems {
		a.printf("PROBLEM  %s: %s\n", clean(p.File), clean(p.Text))
	}
	said := "no problems"
	if len(r.Problems) > 0 {
		said = plural(len(r.Problems), "problem")
	}
	if len(r.Warnings) > 0 {
		said += ", " + plural(len(r.Warnings), "warning")
	}
	a.printf("%s\n", said)
}

// printCounts says how many credentials there are, and what became of them.
func (a *app) printCounts(r *audit.Report) {
	a.printf("credentials  %d", len(r.Credentials))
	for _, s := range []audit.State{audit.Valid, audit.Revoked, audit.Suspended, audit.Expired, audit.Bad} {
		if n := r.Count(s); n > 0 {
			a.printf(", %d %s", n, s)
		}
	}
	a.printf("\n")
	if len(r.Forms) > 0 {
		a.printf("more forms   %d\n", len(r.Forms))
	}
	if r.Capsules > 0 {
		a.printf("sealed       %s\n", plural(r.Capsules, "file"))
	}
}
