package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"laurel/internal/authoring/content"
	"laurel/internal/authoring/model"
	"laurel/internal/issuing/keys"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/issuing/received"
	"laurel/internal/material/hint"
	"laurel/internal/standards/vc"
)

func (a *app) keysDir() string   { return filepath.Join(a.dir, "keys") }
func (a *app) ledgerDir() string { return filepath.Join(a.dir, "content", "ledger") }

// findDir finds the site folder: the one that -C names, else that of the working folder,
// which may lie anywhere in it, as git finds its own.
func (a *app) findDir(c *cobra.Command) {
	a.dir = a.env.path(filepath.Clean(a.dir))
	if c.Flags().Changed("dir") || isSite(a.dir) {
		return
	}
	for at := a.dir; ; {
		above := filepath.Join(at, "..")
		here, err1 := os.Stat(at)
		there, err2 := os.Stat(above)
		if err1 != nil || err2 != nil || os.SameFile(here, there) {
			return // the top; the command says what is missing
		}
		if at = above; isSite(at) {
			a.dir = at
			a.detailf("site: %s\n", clean(at))
			return
		}
	}
}

func isSite(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "content", "site.yaml"))
	return err == nil
}

// inSite refuses to go on outside a site folder, where keys and ledger would
// be made in a place nobody looks for them.
func (a *app) inSite() error {
	if _, err := os.Stat(filepath.Join(a.dir, "content", "site.yaml")); errors.Is(err, fs.ErrNotExist) {
		dir, err := filepath.Abs(a.dir)
		if err != nil {
			dir = a.dir
		}
		return hint.Errorf("change to a site folder, or into one, or name it with -C DIR; laurel new DIR creates one",
			"%s is not a site folder, nor in one: it has no content/site.yaml", dir)
	}
	return nil
}

func (a *app) loadContent() (*model.Site, error) { return a.loadContentAt(time.Time{}) }

// loadContentAt judges endorsements by others at a time; zero: as far as no clock is
// needed.
func (a *app) loadContentAt(now time.Time) (*model.Site, error) {
	if err := a.inSite(); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(a.dir)
	if err != nil {
		return nil, fmt.Errorf("open the site folder: %w", err)
	}
	defer root.Close()
	site, err := content.LoadJudged(root, func(s *model.Site, r *model.Received) (fault, hint string) {
		return received.Fault(context.Background(), s, r, now, newVerifier)
	})
	if err == nil {
		for _, w := range site.Warnings {
			a.notef("warning: %s\n    hint: %s\n", clean(w.Source.String()+": "+w.Text), clean(w.Hint))
		}
	}
	return site, err
}

// evidence finds files of evidence in the site folder. That is not closed: they are
// read when they are first needed.
func (a *app) evidence() (*content.Evidence, error) {
	root, err := os.OpenRoot(a.dir)
	if err != nil {
		return nil, fmt.Errorf("open the site folder: %w", err)
	}
	return content.NewEvidence(root), nil
}

// openLedger opens the ledger for reading. It is refused where more is known of it
// outside.
func (a *app) openLedger() (*ledger.Ledger, error) {
	seen, err := a.seen()
	if err != nil {
		return nil, err
	}
	l, err := ledger.Open(a.ledgerDir(), ledger.Options{Seen: seen})
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	if t := l.Torn(); t != nil {
		a.notef("laurel: %s ends in an unfinished line (after a power cut, or while another laurel is writing); the line is ignored\n", t.File)
	}
	return l, nil
}

// openWriter opens the ledger for writing. It is refused where more is known of it
// outside.
func (a *app) openWriter() (*writer, error) {
	if err := a.inSite(); err != nil {
		return nil, err
	}
	now, err := a.now()
	if err != nil {
		return nil, err
	}
	seen, err := a.seen()
	if err != nil {
		return nil, err
	}
	w, err := ledger.OpenWriter(a.ledgerDir(), ledger.Options{Now: now, Seen: seen})
	if err != nil {
		return nil, fmt.Errorf("open the ledger: %w", nothingWritten(err))
	}
	if t := w.Torn(); t != nil {
		a.notef("laurel: removed the unfinished last line of %s (%d bytes)\n", t.File, t.Bytes)
	}
	return &writer{w, a, w.State().Mark().Seq}, nil
}

// publicKeys lists the keys folder in the form plan wants. A private half whose
// public one is missing is told by the ledger's.
func (a *app) publicKeys(s *ledger.State) ([]plan.PublicKey, error) {
	list, err := keys.List(a.keysDir())
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	out := make([]plan.PublicKey, len(list))
	for i, k := range list {
		out[i] = plan.PublicKey{Kid: k.Kid, PublicKeyMultibase: k.PublicKeyMultibase, Profile: k.Profile,
			Created: k.Created, Retired: k.Retired, Revoked: k.Revoked, Reason: k.RevokedReason, Exec: k.Exec}
	}
	for _, k := range s.Keys() {
		if !slices.ContainsFunc(list, func(p keys.Public) bool { return p.Kid == k.Kid }) && keys.HasPrivate(a.keysDir(), k.Kid) {
			out = append(out, plan.PublicKey{Kid: k.Kid, PublicKeyMultibase: k.PublicKeyMultibase, Profile: k.Profile,
				Created: k.Added, Retired: k.Retired, Revoked: k.Revoked, Reason: k.RevokedReason})
		}
	}
	return out, nil
}

// noKey says that no key can sign, and what of those that the ledger knows would
// have to be restored.
func (a *app) noKey(s *ledger.State) error {
	var files, names []string
	for _, k := range s.Keys() {
		if k.Profile == "" && k.Retired.IsZero() && k.Revoked.IsZero() && !keys.HasPrivate(a.keysDir(), k.Kid) {
			files, names = append(files, privateFile(k.Kid)), append(names, k.Kid)
		}
	}
	if len(files) == 0 {
		return hint.Errorf("laurel key list shows the keys; laurel key new makes one", "there is no key to sign with")
	}
	return hint.Errorf(restoreHint(strings.Join(files, " or "), names[0], ""),
		"there is no key to sign with: the ledger knows %s, but keys/ does not have it", strings.Join(names, " and "))
}

// missingKey says that the private half of a key is not there.
func missingKey(k plan.PublicKey) error {
	return hint.Errorf(restoreHint(privateFile(k.Kid), k.Kid, k.Profile), "%s is missing, the private half of %s", privateFile(k.Kid), k.Kid)
}

func restoreHint(files, kid, profile string) string {
	another := "laurel key new"
	if profile != "" {
		another += " --profile " + profile
	}
	return "restore " + files + " from your copy, or, if a program holds it, run laurel key new --exec again; if it is lost for good: " + another + ", then laurel key retire " + kid +
		"; if it is in wrong hands: " + another + ", then laurel key revoke " + kid + " --reissue"
}

func privateFile(kid string) string { return "keys/" + kid + ".jwe" }

// definitions are today's issuer and achievements in wire form.
func definitions(s *model.Site, did string) (vc.Profile, map[string]vc.Achievement) {
	achievements := make(map[string]vc.Achievement, len(s.Achievements))
	for _, a := range s.Achievements {
		achievements[a.Slug] = plan.Achievement(s, did, a)
	}
	return plan.Issuer(s, did), achievements
}
