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

	"laurel/internal/issuing/ledger"
	"laurel/internal/material/hint"
	"laurel/internal/publishing/audit"
	"laurel/internal/standards/verify"
)

func (a *app) auditCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "audit [DIR|URL]",
		Short: "Check a whole built site",
		Long: `Check a built site as a stranger would, without the network: every credential
and the copies baked into its pictures, every status list, the DID document,
every internal link, and that no file is larger than hosts allow. No file may
contain a claim link, even inside an archive, or a credential that has no page.
DIR is public/ in the site folder unless you name one; that one is also held
against the ledger: nothing published may be missing there.

With a URL, the keys, status lists and log of the live site are held against the
ledger of the site folder, over the network.

Revoked and expired credentials are counted; they are not problems. Files that
"laurel build" does not write, and assets of a kind that often lists people, are
warnings.`,
		Example: "  laurel audit\n  laurel audit public --json\n  laurel audit https://ana-example.github.io/badges",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			dir := a.dir + "/public"
			if len(args) == 1 {
				if strings.Contains(args[0], "://") {
					return a.auditLive(c.Context(), args[0])
				}
				dir = a.env.path(args[0])
			}
			return a.audit(c.Context(), dir)
		},
	}
}

func (a *app) audit(ctx context.Context, dir string) error {
	now, err := a.now()
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return hint.Errorf("laurel build writes public/; to audit another folder: laurel audit DIR", "there is no folder %s to audit", clean(dir))
	}
	if err != nil {
		return fmt.Errorf("open the site: %w", err)
	}
	defer root.Close()
	var bar progress
	report, err := audit.Run(ctx, root.FS(), audit.Options{
		NewVerifier: func(load verify.Loader) (*verify.Verifier, error) { return newVerifier(now, load) },
		Progress: func(done, total int) {
			if done == 1 {
				bar = a.progress(total, "auditing")
			}
			bar.set(done)
		},
	})
	bar.done()
	if err != nil {
		return err
	}
	if err := a.auditLedger(dir); err != nil {
		problem := audit.Problem{File: "content/ledger", Text: err.Error()}
		if behind := (*ledger.OutsideError)(nil); errors.As(err, &behind) {
			problem.Text = behind.Error() // which names it, too
		}
		report.Problems = append(report.Problems, problem)
		a.notef("hint: %s\n", cmp.Or(hint.Of(err), "laurel ledger check"))
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

// auditLive compares the ledger with a live site.
func (a *app) auditLive(ctx context.Context, url string) error {
	if err := a.inSite(); err != nil {
		return err
	}
	seen, err := a.live(ctx, url)
	if err != nil {
		return err
	}
	l, err := a.openLedger()
	if err != nil {
		return err
	}
	defer l.Close()
	found := struct {
		SchemaVersion int      `json:"schemaVersion"`
		URL           string   `json:"url"`
		Keys          int      `json:"keys"`
		Lists         int      `json:"lists"`
		Behind        bool     `json:"behind"` // the site does not show the ledger's newest signed head
		Problems      []string `json:"problems"`
	}{schemaVersion, seen.Where, len(seen.Keys), len(seen.Lists), seen.Checkpoint != l.State().Log().Checkpoint, []string{}}
	if len(seen.Keys) == 0 {
		found.Problems = append(found.Problems, "there is no DID document of an issuer with keys")
	}
	if err := l.State().Against(seen); err != nil {
		found.Problems = append(found.Problems, err.Error())
		a.notef("hint: %s\n", hint.Of(err))
	}
	if a.json {
		err = a.printJSON(found)
	} else {
		a.printf("site         %s\nkeys         %d\nstatus lists %d\n", clean(found.URL), found.Keys, found.Lists)
		for _, p := range found.Problems {
			a.printf("PROBLEM  %s\n", clean(p))
		}
		switch {
		case len(found.Problems) > 0:
			a.printf("%s\n", plural(len(found.Problems), "problem"))
		case found.Behind:
			a.printf("no problems; the newest of the ledger is not published yet\n")
		default:
			a.printf("no problems\n")
		}
	}
	if err == nil && len(found.Problems) > 0 {
		return &verdictError{exitProblem}
	}
	return err
}

// auditLedger compares the ledger with the site, where that is the site folder's
// own public/.
func (a *app) auditLedger(dir string) error {
	own, err := os.Stat(filepath.Join(a.dir, "public"))
	if err != nil || a.inSite() != nil {
		return nil
	}
	if it, err := os.Stat(dir); err != nil || !os.SameFile(own, it) {
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
