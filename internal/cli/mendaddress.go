package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/material/hint"
	"laurel/internal/publishing/outside"
	"laurel/internal/standards/vc"
)

func (a *app) ledgerMendAddress() *cobra.Command {
	var sure confirmation
	var offline bool
	c := &cobra.Command{
		Use:   "mend-address",
		Short: "Begin the ledger anew under another baseURL, while nothing is published",
		Long: `A site was signed with a wrong baseURL, and nothing of it is published yet: put the
right one in content/site.yaml and run this. The ledger and public/ of the wrong
address are set aside in .laurel/, and the next "laurel sign" signs everything anew
under the right one.

The wrong address is asked whether the site is there. Where it is, this is refused:
what is published stays issued under its address, and "laurel move" leads from there.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.mendAddress(c.Context(), sure, offline) },
	}
	sure.add(c)
	c.Flags().BoolVar(&offline, "offline", false, "do not ask the wrong address whether the site is there")
	return c
}

func (a *app) mendAddress(ctx context.Context, sure confirmation, offline bool) error {
	site, err := a.loadContent()
	if err != nil {
		return err
	}
	w, err := a.openWriter() // so that nobody else writes meanwhile
	if err != nil {
		return err
	}
	old, err := addressSigned(w.Ledger)
	signed, seen := w.State().Len(), publicOf(w.State())
	if err := errors.Join(err, w.Close()); err != nil {
		return err
	}
	if old == "" || old == site.BaseURL {
		return hint.Errorf("put the right baseURL in content/site.yaml first", "nothing to mend: what was signed has the baseURL of content/site.yaml")
	}
	asked := "Nothing is published there."
	var live ledger.Seen
	if !offline {
		live, err = a.live(ctx, old)
	}
	switch {
	case offline:
		asked = "Whether it is published there was not asked."
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		asked = "Whether it is published there could not be asked."
		a.notef("laurel: %s\n", cleanLines(err.Error()))
	case isOurs(live, seen):
		return hint.Errorf("put baseURL back as it was; then: laurel move "+site.BaseURL,
			"the site is published at %s, and what was issued there stays; nothing was written", old)
	}
	if err := sure.ask(ctx, a, fmt.Sprintf("The ledger has %s, signed for %s. %s All of it is set aside, to be signed anew for %s; files and claim links that were handed out already would be worth nothing.",
		plural(signed, "award"), old, asked, site.BaseURL)); err != nil {
		return err
	}
	aside, err := a.putAway()
	if err != nil {
		return fmt.Errorf("set the ledger aside: %w", err)
	}
	if a.json {
		return a.printJSON(struct {
			SchemaVersion int    `json:"schemaVersion"`
			Was           string `json:"was"`   // the wrong base URL
			Aside         string `json:"aside"` // where what was signed for it is now
		}{schemaVersion, old, aside})
	}
	a.printf("set aside what was signed for %s, in %s\n", clean(old), aside)
	a.notef("next: laurel plan, then laurel sign\n")
	return nil
}

// addressSigned is the base URL that signed status lists name; empty: none is signed.
func addressSigned(l *ledger.Ledger) (string, error) {
	for _, list := range l.State().Lists() {
		if list.SignedAt.IsZero() {
			continue
		}
		b, err := l.ListDocument(list)
		if err != nil {
			return "", fmt.Errorf("read status list %d: %w", list.List, err)
		}
		c, err := vc.ParseStatusList(b)
		if err != nil {
			return "", fmt.Errorf("read status list %d: %w", list.List, err)
		}
		if base, ok := strings.CutSuffix(c.ID, "/"+model.StatusListPath(list.List)); ok {
			return base, nil
		}
	}
	return "", nil
}

func publicOf(s *ledger.State) map[string]bool {
	all := map[string]bool{}
	for _, k := range s.Keys() {
		all[k.PublicKeyMultibase] = true
	}
	return all
}

// isOurs tells whether a live site is this one: it has one of its keys.
func isOurs(live ledger.Seen, keys map[string]bool) bool {
	for _, k := range live.Keys {
		if keys[k.PublicKeyMultibase] {
			return true
		}
	}
	return false
}

// putAway moves the ledger, and before it all that knows of it, to a folder in .laurel/.
// Cut off, it can be run again: the ledger goes last.
func (a *app) putAway() (string, error) {
	root, err := os.OpenRoot(a.dir)
	if err != nil {
		return "", err
	}
	defer root.Close()
	now, err := a.now()
	if err != nil {
		return "", err
	}
	aside := ".laurel/set-aside-" + now.Format("20060102-150405")
	if err := root.MkdirAll(aside, 0o700); err != nil {
		return "", err
	}
	for _, name := range []string{"public", ".laurel/public.txt", outside.HeadFile, "content/ledger"} {
		if err := root.Rename(name, path.Join(aside, path.Base(name))); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return aside, nil
}
