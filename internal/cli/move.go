package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/material/durable"
	"laurel/internal/material/hint"
	"laurel/internal/publishing/audit"
	"laurel/internal/publishing/privacy"
	"laurel/internal/standards/did"
)

// movedDir is where a site's folders for its old addresses are.
const movedDir = "moved"

func (a *app) moveCommand() *cobra.Command {
	var sure confirmation
	c := &cobra.Command{
		Use:   "move NEW-URL",
		Short: "Prepare the move of the site to another address",
		Long: `Prepare the move to another address. Your identifier as an issuer is the site's
address, and so is part of every credential: it cannot move with the site. So there
will be two places, and this command makes the folder of each:

  moved/OLD-ADDRESS/  all that was issued so far, with its ledger and keys: a site folder
                      of its own. Its public/ stays at the old address. The DID document,
                      status lists, credentials, claim links and pages of awards are as
                      they were, so that what was issued stays valid and can be checked
                      while that address serves; all other pages lead to the new one.
  here                content/site.yaml has the new baseURL, and a new ledger begins. The
                      next "laurel sign" issues every award again, in one plan, under the
                      new identifier, with the dates of the content; learners need the new
                      claim links.

Nothing is revoked. What was revoked, suspended or withdrawn at the old address, or has
expired, is not issued again. What becomes of an award later is to be said in both
places: laurel -C moved/OLD-ADDRESS revoke AWARD. Sign and build there once a month as
well, so that its status lists do not grow old.

It is refused while anything is unsigned. Run again, it finishes what was cut off.`,
		Example: "  laurel move https://badges.example.org",
		Args:    cobra.ExactArgs(1),
		RunE:    func(c *cobra.Command, args []string) error { return a.move(c.Context(), args[0], sure) },
	}
	sure.add(c)
	return c
}

// removal is one move of a site.
type removal struct {
	a        *app
	from, to string // base URLs
	folder   string // of the old address, below the site folder, slash-separated
	skipped  []skipped
	again    int  // awards that are issued again
	publish  bool // site.yaml says where the old address is published
}

// skipped is an award that is not issued again.
type skipped struct {
	award, why string
}

func (a *app) move(ctx context.Context, address string, sure confirmation) error {
	if err := a.inSite(); err != nil {
		return err
	}
	if err := privacy.FoldersApart(a.dir); err != nil {
		return err
	}
	to := audit.Base(address)
	if _, err := did.WebDID(to); err != nil {
		return misuse("for example https://badges.example.org", "%q is no address for a site: %v", clean(address), err)
	}
	content, err := a.loadContent()
	if err != nil {
		return err
	}
	m := &removal{a: a, from: content.BaseURL, to: to}
	switch {
	case content.MovedTo != "":
		return hint.Errorf("run it in the folder of the site itself", "this folder is that of an old address; the site is at %s", content.MovedTo)
	case content.BaseURL == to && content.MovedFrom == "":
		return fmt.Errorf("%s is the address that the site has", to)
	case content.BaseURL == to:
		m.from = content.MovedFrom
	}
	if m.folder, err = folderOf(m.from); err != nil {
		return err
	}
	w, err := a.openWriter() // so that nobody signs meanwhile
	if err != nil {
		return err
	}
	defer w.Close()
	if content.BaseURL == to { // of a run that was cut off, as far as it is not done
		for _, c := range content.Cohorts {
			m.again += len(c.Awards)
		}
		for _, key := range content.NotIssued {
			m.skipped = append(m.skipped, skipped{key, ""})
		}
		return m.finish(ctx)
	}
	if err := m.weigh(content, w); err != nil {
		return err
	}
	if err := sure.ask(ctx, a, fmt.Sprintf("This moves the site from %s to %s: %s will be issued again with the next laurel sign; what was issued stays valid while the old address serves.", m.from, m.to, plural(m.again, "award"))); err != nil {
		return err
	}
	if err := m.copy(content); err != nil {
		return fmt.Errorf("prepare %s: %w", m.folder, err)
	}
	if err := m.rewrite(content); err != nil {
		return fmt.Errorf("change content/site.yaml: %w", err)
	}
	return m.finish(ctx)
}

// folderOf is the folder of an old address: its DID, as a name.
func folderOf(base string) (string, error) {
	id, err := did.WebDID(base)
	if err != nil {
		return "", err
	}
	return movedDir + "/" + strings.NewReplacer("%3A", "-", ":", "-").Replace(strings.TrimPrefix(id, "did:web:")), nil
}

// weigh refuses what cannot be moved, and says of each award whether it is issued again.
func (m *removal) weigh(content *model.Site, w *writer) error {
	s := w.State()
	if s.Len() == 0 {
		return hint.Errorf("write the new address as baseURL in content/site.yaml", "nothing has been signed yet, so there is nothing to move")
	}
	p, err := m.a.makePlan(w.Ledger, nil, nil)
	if err != nil {
		return err
	}
	if !p.Empty() {
		return hint.Errorf("laurel plan shows it; laurel sign, then try again", "there is something to sign; nothing was written")
	}
	now, err := m.a.now()
	if err != nil {
		return err
	}
	for _, c := range content.Cohorts {
		for _, award := range c.Awards {
			key := award.Key.String()
			if rec := s.Record(key); rec != nil {
				if why := notAgain(rec, now); why != "" {
					m.skipped = append(m.skipped, skipped{key, why})
					continue
				}
			}
			m.again++
		}
	}
	for rec := range s.Records() {
		if why := notAgain(rec, now); why != "" && plan.IsRecord(rec) && rec.ReplacedBy == "" {
			m.skipped = append(m.skipped, skipped{rec.Award, why})
		}
	}
	return nil
}

// notAgain says why an award is not issued again; empty: it is.
func notAgain(r *ledger.Record, now time.Time) string {
	switch {
	case r.Status != ledger.Active:
		return string(r.Status) + " on " + r.StatusSince.UTC().Format(time.DateOnly)
	case !r.Withdrawn.IsZero():
		return "withdrawn on " + r.Withdrawn.UTC().Format(time.DateOnly)
	case !r.ValidUntil.IsZero() && r.ValidUntil.Before(now):
		return "expired on " + r.ValidUntil.UTC().Format(time.DateOnly)
	}
	return ""
}

// copy makes the folder of the old address, whole or not at all.
func (m *removal) copy(content *model.Site) error {
	final := filepath.Join(m.a.dir, filepath.FromSlash(m.folder))
	if _, err := os.Stat(final); err == nil {
		if same, err := m.sameLedger(); err != nil || !same {
			return errors.Join(err, hint.Errorf("rename it, and try again", "%s is there already, with another ledger", m.folder))
		}
		return m.leaveTo(final, content) // of a run that was cut off, perhaps on the way elsewhere
	}
	part := final + ".part"
	if err := os.RemoveAll(part); err != nil {
		return err
	}
	for _, name := range []string{"content", "keys", "themes", ".gitignore", ".gitattributes"} {
		if err := copyTree(filepath.Join(m.a.dir, name), filepath.Join(part, name)); err != nil {
			return err
		}
	}
	if err := m.leaveTo(part, content); err != nil {
		return err
	}
	return os.Rename(part, final)
}

// leaveTo writes into the site.yaml of the old address's folder where the site is now.
func (m *removal) leaveTo(folder string, content *model.Site) error {
	name := filepath.Join(folder, "content", "site.yaml")
	// From the one here, which is the old address's until it is rewritten.
	text, err := os.ReadFile(filepath.Join(m.a.dir, "content", "site.yaml"))
	if err != nil {
		return err
	}
	text = deeper(text, content.Publish)
	text = fmt.Appendf(text, "\n# Written by laurel move: this is the folder of an old address.\nmovedTo: %s\n", m.to)
	return durable.ReplaceFile(name, text, 0o644)
}

// copyTree copies a file or folder with its permissions; what is not there is left out,
// and so are locks. Links are refused.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && name == from {
			return nil
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		info, err := d.Info()
		target := filepath.Join(to, rel)
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return os.MkdirAll(target, info.Mode().Perm()|0o700)
		case strings.HasPrefix(d.Name(), ".lock"):
			return nil
		case !info.Mode().IsRegular():
			return fmt.Errorf("%s is not a plain file", name)
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return durable.ReplaceFile(target, data, info.Mode().Perm())
	})
}

// The lines of site.yaml that a move writes, and those of an earlier one. Values are
// plain, as laurel wrote them.
var (
	baseLine  = regexp.MustCompile(`(?m)^baseURL:[^\n#]*`)
	moveLines = regexp.MustCompile(`(?m)^(\n# Written by laurel move[^\n]*\n)?(movedFrom|movedTo):[^\n]*\n?|^notIssued:[^\n]*\n(  [^\n]*\n?)*`)
)

func withoutMove(text []byte) []byte {
	text = moveLines.ReplaceAll(text, nil)
	if len(text) > 0 && text[len(text)-1] != '\n' {
		text = append(text, '\n')
	}
	return text
}

// publishBlock is where the site is published.
var publishBlock = regexp.MustCompile(`(?m)^publish:[^\n]*(\n([ \t#][^\n]*|\r?$))*`)

// deeper writes paths of places where the site is published as they are from the folder
// of the old address, which lies two levels lower.
func deeper(text []byte, p model.Publish) []byte {
	return publishBlock.ReplaceAllFunc(text, func(block []byte) []byte {
		for _, place := range []string{p.Folder, p.Git.Repository} {
			if place != "" && !filepath.IsAbs(place) && !strings.HasPrefix(place, "~") && !strings.Contains(place, ":") {
				block = bytes.Replace(block, []byte(place), []byte("../../"+place), 1)
			}
		}
		return block
	})
}

// rewrite gives the site its new address.
func (m *removal) rewrite(content *model.Site) error {
	name := filepath.Join(m.a.dir, "content", "site.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if len(baseLine.FindAll(text, -1)) != 1 {
		return hint.Errorf("write it as one line that begins with baseURL:", "baseURL was not found")
	}
	text = publishBlock.ReplaceAllFunc(withoutMove(text), func(block []byte) []byte {
		m.publish = true
		return append([]byte("# Of the old address; write where the new one is published.\n# "), bytes.ReplaceAll(bytes.TrimRight(block, " \t\r\n"), []byte("\n"), []byte("\n# "))...)
	})
	text = baseLine.ReplaceAllFunc(text, func(line []byte) []byte {
		return append([]byte("baseURL: "+m.to), line[len(bytes.TrimRight(line, " \t\r")):]...)
	})
	text = fmt.Appendf(text, "\n# Written by laurel move. What was issued at the old address is checked there: see %s/.\nmovedFrom: %s\n", m.folder, m.from)
	if len(m.skipped)+len(content.NotIssued) > 0 {
		text = append(text, "notIssued:\n"...)
		for _, key := range content.NotIssued { // of an earlier move
			text = fmt.Appendf(text, "  - %q\n", key)
		}
		for _, s := range m.skipped {
			text = fmt.Appendf(text, "  - %q # %s\n", s.award, s.why)
		}
	}
	return durable.ReplaceFile(name, text, 0o644)
}

// ledgerFiles are the names of a ledger's segments.
func ledgerFiles(dir string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "content", "ledger", "*.jsonl"))
	slices.Sort(files)
	return files, err
}

// sameLedger tells whether the ledger here is the one in the folder of the old address.
func (m *removal) sameLedger() (bool, error) {
	old := filepath.Join(m.a.dir, filepath.FromSlash(m.folder))
	here, err := ledgerFiles(m.a.dir)
	if err != nil {
		return false, err
	}
	there, err := ledgerFiles(old)
	if err != nil || len(here) == 0 || len(here) != len(there) {
		return false, err
	}
	for i, name := range here {
		x, err1 := os.ReadFile(name)
		y, err2 := os.ReadFile(there[i])
		if err := errors.Join(err1, err2); err != nil || !bytes.Equal(x, y) || filepath.Base(name) != filepath.Base(there[i]) {
			return false, err
		}
	}
	return true, nil
}

// finish takes out of the site's folder what is in that of the old address, and builds
// there. All of it may have been done before.
func (m *removal) finish(ctx context.Context) error {
	a := m.a
	old := filepath.Join(a.dir, filepath.FromSlash(m.folder))
	same, err := m.sameLedger()
	if err != nil {
		return err
	}
	here, err := ledgerFiles(a.dir)
	if err != nil {
		return err
	}
	_, built := os.Stat(filepath.Join(old, "public"))
	switch {
	case !same && len(here) > 0:
		a.printf("the site moved to %s already; nothing was written\n", clean(m.to))
		return nil
	case len(here) == 0 && built == nil:
		a.printf("the site moved to %s already, and nothing has been signed there yet\n", clean(m.to))
		return nil
	}
	// What was built and seen here is the old address's. What comes first is what keeps
	// other commands from going on if this ends half way.
	for _, name := range []string{"public", ".laurel"} {
		from, to := filepath.Join(a.dir, name), filepath.Join(old, name)
		if _, err := os.Stat(to); err == nil {
			if err := os.RemoveAll(from); err != nil && name == ".laurel" {
				return err
			}
			continue
		}
		if err := os.Rename(from, to); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("move %s to %s: %w", name, m.folder, err)
		}
	}
	there := *a
	there.dir, there.json = old, false
	there.stdout = &output{to: a.stderr}
	if err := there.build(ctx, false, false); err != nil {
		return fmt.Errorf("build %s: %w", m.folder, err)
	}
	if err := m.dropKeys(old); err != nil {
		return err
	}
	for _, name := range slices.Backward(here) { // the first segment last: without it the rest is refused
		if err := os.Remove(name); err != nil {
			return fmt.Errorf("begin a new ledger: %w", err)
		}
	}
	return m.report()
}

// dropKeys removes keys that were revoked from the site's folder: the ledger that said so
// is another's now, and they must never sign again.
func (m *removal) dropKeys(old string) error {
	l, err := ledger.Open(filepath.Join(old, "content", "ledger"), ledger.Options{})
	if err != nil {
		return fmt.Errorf("read the ledger of %s: %w", m.folder, err)
	}
	defer l.Close()
	for _, k := range l.State().Keys() {
		if k.Revoked.IsZero() {
			continue
		}
		for _, ending := range []string{".jwe", ".json"} {
			if err := os.Remove(filepath.Join(m.a.keysDir(), k.Kid+ending)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("take out a revoked key: %w", err)
			}
		}
	}
	return nil
}

func (m *removal) report() error {
	a := m.a
	if a.json {
		type award struct {
			Award string `json:"award"`
			Why   string `json:"why"`
		}
		notAgain := make([]award, len(m.skipped))
		for i, s := range m.skipped {
			notAgain[i] = award{s.award, s.why}
		}
		return a.printJSON(struct {
			SchemaVersion int     `json:"schemaVersion"`
			From          string  `json:"from"`
			To            string  `json:"to"`
			Folder        string  `json:"folder"`
			Again         int     `json:"again"`
			NotAgain      []award `json:"notAgain"`
		}{schemaVersion, m.from, m.to, m.folder, m.again, notAgain})
	}
	was, err := did.WebDID(m.from)
	if err != nil {
		return err
	}
	is, err := did.WebDID(m.to)
	if err != nil {
		return err
	}
	a.printf("%s\n  stays for what was issued so far, while %s serves %s/public\n", clean(was), clean(m.from), m.folder)
	a.printf("%s\n  issues %s again with the next laurel sign\n", clean(is), plural(m.again, "award"))
	if len(m.skipped) > 0 {
		a.printf("not issued again:\n")
		for _, s := range m.skipped {
			a.printf("  %s  %s\n", clean(s.award), cmp.Or(s.why, "-"))
		}
	}
	a.notef("next: put %s/public in the place of the old site, and leave it there\n", m.folder)
	if m.publish {
		a.notef("next: write under publish: in content/site.yaml where the new address is published; what stood there is the old one's\n")
	}
	if _, err := os.Stat(filepath.Join(a.dir, "content", "static", "CNAME")); err == nil {
		a.notef("next: content/static/CNAME names the old domain: change or delete it here\n")
	}
	a.notef("next: laurel plan, laurel sign, laurel build; publish public/ at %s\n", clean(m.to))
	a.notef("next: send learners their new links: laurel claim-links; the old ones open the old credentials\n")
	a.notef("next: once a month, as here: laurel -C %s sign, laurel -C %s build, and publish it; what you revoke is to be revoked there, too\n", m.folder, m.folder)
	return nil
}

// alsoThere reminds of the folder of an old address, where the same award may have a
// credential that is valid.
func (a *app) alsoThere(action string) {
	content, err := a.loadContent()
	if err != nil || content.MovedFrom == "" {
		return // what is wrong with the content is told elsewhere
	}
	if folder, err := folderOf(content.MovedFrom); err == nil {
		a.notef("what was issued at %s is not concerned; there as well: laurel -C %s %s AWARD, then sign and build\n", clean(content.MovedFrom), folder, action)
	}
}
