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

	"github.com/spf13/cobra"

	"laurel/internal/issuing/adopt"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/material/hint"
	"laurel/internal/publishing/outside"
	"laurel/internal/standards/did"
	"laurel/internal/standards/verify"
)

func (a *app) ledgerAdopt() *cobra.Command {
	var f adoptFlags
	c := &cobra.Command{
		Use:   "adopt SOURCE...",
		Short: "Enter credentials that were found signed, where the ledger lost them",
		Long: `Enter this issuer's credentials in the ledger where it is lost or too old, as they
were signed and with their places in the status lists. Nothing is signed and
nothing is issued to anybody who has one.

SOURCE is a folder or ZIP archive, such as public/ or files that learners kept
(JSON, JWT, badges as PNG or SVG, certificates as PDF or HTML, folders that were
delivered); a single file; an older content/ledger/; the table that "laurel
claim-links" wrote, or messages with claim links, which open the sealed awards of
public/; or the site's own address or that of an award's page. From a live site come
its keys, status lists and log; which awards it has, it tells nobody.

Signatures have to verify with the issuer's keys: those of the ledger, of keys/, of
public/ in this folder, of the live site, and of --did-document. A did.json in any
other SOURCE is not believed. A credential belongs to the award of the content with
the same achievement and the recipient's DID, e-mail address or name; what fits none
is entered as "adopted/ACHIEVEMENT/UUID". A list may have places that nobody knows of
any more, so those that are adopted are frozen: they stay published with what is
revoked in them, and new awards get another list. A suspended credential is entered
as revoked, since a list does not tell one from the other.

What is refused is listed with the reason; exit 1 if it claims to be this issuer's.
Adopting again adds only what is new. Name all sources at once where you can: which
forms belong to one award is told by its claim link or its delivered folder, and what
was entered as an award of its own stays one.`,
		Example: "  laurel ledger adopt public\n  laurel ledger adopt public ~/links.csv ~/from-learners.zip\n  laurel ledger adopt https://academy.example.org --did-document backup/did.json",
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(c *cobra.Command, args []string) error { return a.adopt(c.Context(), args, f) },
	}
	c.Flags().StringVar(&f.did, "did-document", "", "a copy of the issuer's did.json to believe, where keys/, public/ and the site are lost")
	c.Flags().BoolVar(&f.withoutLists, "without-lists", false, "go on where a status list is lost for good: what was revoked in it has to be revoked again")
	c.Flags().BoolVar(&f.setAside, "set-aside", false, "move what is in public/ and could not be adopted to set-aside/, so that other commands go on without it")
	return c
}

type adoptFlags struct {
	did                    string
	withoutLists, setAside bool
}

// adopt enters what the sources have in one group.
func (a *app) adopt(ctx context.Context, args []string, f adoptFlags) error {
	if unmerged(a.dir) {
		return errUnmerged
	}
	content, err := a.loadContent()
	if err != nil {
		return err
	}
	id, err := did.WebDID(content.BaseURL)
	if err != nil {
		return fmt.Errorf("derive the issuer's DID from baseURL: %w", err)
	}
	now, err := a.now()
	if err != nil {
		return err
	}
	t, err := tools()
	if err != nil {
		return err
	}
	// Not compared with what is known of it outside: that is why we are here.
	w, err := ledger.OpenWriter(a.ledgerDir(), ledger.Options{Now: now})
	if err != nil {
		return fmt.Errorf("open the ledger: %w", err)
	}
	defer w.Close()
	g := &gathering{a: a, site: content, did: id, capsules: map[string]func() ([]byte, error){}, now: now}
	if err := g.sources(ctx, args); err != nil {
		return err
	}
	keys, err := g.keys(w.State(), f.did)
	if err != nil {
		return err
	}
	if err := g.openLinks(ctx); err != nil {
		return err
	}
	entries, err := g.entries(keys, w.State())
	if err != nil {
		return err
	}
	documents := 0
	for _, group := range g.groups {
		documents += len(group.Documents)
	}
	bar := a.progress(documents, "verifying")
	result, err := adopt.Run(ctx, adopt.Input{Site: content, DID: id, State: w.State(), Keys: keys, Now: now,
		Verifier: func(load verify.Loader) *verify.Verifier {
			return verify.New(t.Processor, t.Checker, verify.Options{Now: now, Load: load, BaseProofs: true})
		},
		Groups: g.groups, Lists: g.lists, Entries: entries, WithoutLists: f.withoutLists, Progress: bar.set})
	bar.done()
	if err != nil {
		return err
	}
	result.Refused = append(g.refused, result.Refused...)
	if len(result.Events) > 0 {
		if err := w.Append(now, result.Events); err != nil {
			return err
		}
	}
	left, err := a.afterAdoption(w, f.setAside)
	if err != nil {
		return err
	}
	return a.reportAdopted(result, left)
}

// leftBehind is what public/ still has and the ledger does not know.
type leftBehind struct {
	Sealed   int  `json:"sealed"`
	Public   int  `json:"public"`
	Missing  int  `json:"missing"` // credentials beyond the ledger's that .laurel/head.json counted
	SetAside bool `json:"setAside"`
	behind   error
}

// afterAdoption makes the ledger the one that .laurel/head.json tells of, and looks
// for what public/ has beyond it.
func (a *app) afterAdoption(w *ledger.Writer, setAside bool) (leftBehind, error) {
	var left leftBehind
	mark := w.State().Mark()
	was, err := outside.ReadMark(a.dir)
	if err == nil && was.Seq > 0 {
		left.Missing = max(0, was.Credentials-mark.Credentials)
	}
	if mark.Seq > 0 {
		if err := os.Remove(filepath.Join(a.dir, outside.HeadFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return left, fmt.Errorf("remove %s: %w", outside.HeadFile, err)
		}
		a.remember(mark)
	}
	seen, err := outside.Folder(a.dir)
	if err != nil {
		return left, err
	}
	unknown := w.State().Unknown(seen)
	left.Sealed, left.Public = len(unknown.Capsules), len(unknown.Credentials)
	if setAside && left.Sealed+left.Public > 0 {
		if err := a.setAside(unknown); err != nil {
			return left, err
		}
		left.SetAside = true
		if seen, err = outside.Folder(a.dir); err != nil {
			return left, err
		}
	}
	left.behind = w.State().Against(seen)
	return left, nil
}

// setAside moves files of public/ that the ledger does not know out of it.
func (a *app) setAside(unknown ledger.Seen) error {
	root, err := os.OpenRoot(a.dir)
	if err != nil {
		return fmt.Errorf("open the site folder: %w", err)
	}
	defer root.Close()
	var paths []string
	for _, id := range unknown.Credentials {
		paths = append(paths, "awards/"+strings.TrimPrefix(id, "urn:uuid:"))
	}
	for _, name := range unknown.Capsules {
		paths = append(paths, "c/"+name+".jwe", "c/"+name+".page.jwe")
	}
	for _, p := range paths {
		to := filepath.Join("set-aside", filepath.FromSlash(p))
		if err := root.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return fmt.Errorf("set aside public/%s: %w", p, err)
		}
		if err := root.Rename(filepath.Join("public", filepath.FromSlash(p)), to); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("set aside public/%s: %w", p, err)
		}
	}
	return nil
}

func (a *app) reportAdopted(r *adopt.Result, left leftBehind) error {
	refused := slices.ContainsFunc(r.Refused, func(x adopt.Refused) bool { return x.Ours })
	if a.json {
		if r.Refused == nil {
			r.Refused = []adopt.Refused{}
		}
		if err := a.printJSON(struct {
			SchemaVersion int             `json:"schemaVersion"`
			Adopted       int             `json:"adopted"`
			Matched       int             `json:"matched"`
			Variants      int             `json:"variants"`
			Revoked       int             `json:"revoked"`
			Known         int             `json:"known"`
			Sealed        int             `json:"sealed"`
			Lists         int             `json:"lists"`
			Keys          int             `json:"keys"`
			Entries       int             `json:"entries"`
			Refused       []adopt.Refused `json:"refused"`
			Left          leftBehind      `json:"left"`
		}{schemaVersion, r.Adopted, r.Matched, r.Variants, r.Revoked, r.Known, r.Sealed, r.Lists, r.Keys, r.Entries, r.Refused, left}); err != nil {
			return err
		}
	} else {
		a.printAdopted(r, left)
	}
	if refused {
		return errNotAllAdopted
	}
	return nil
}

var errNotAllAdopted = hint.Errorf("see the reasons above; what was adopted stays adopted", "not everything that claims to be this issuer's was adopted")

func (a *app) printAdopted(r *adopt.Result, left leftBehind) {
	for _, x := range r.Refused {
		a.notef("  %s: %s\n", clean(x.Name), clean(x.Reason))
	}
	if len(r.Events) == 0 {
		a.printf("nothing to adopt\n")
	} else {
		parts := []string{plural(r.Adopted, "credential")}
		if r.Variants > 0 {
			parts = append(parts, plural(r.Variants, "variant"))
		}
		for _, p := range []struct {
			n    int
			what string
		}{{r.Lists, "status list"}, {r.Keys, "event of keys"}, {r.Entries, "entry of the log"}} {
			switch {
			case p.n == 1:
				parts = append(parts, "1 "+p.what)
			case p.n > 1:
				parts = append(parts, fmt.Sprintf("%d %s", p.n, map[string]string{"status list": "status lists", "event of keys": "events of keys", "entry of the log": "entries of the log"}[p.what]))
			}
		}
		a.printf("adopted %s\n", strings.Join(parts, ", "))
		a.printf("  %d of them of awards in the content, %d revoked, %d with their claim link\n", r.Matched, r.Revoked, r.Sealed)
	}
	if r.Known > 0 {
		a.printf("known before: %s\n", plural(r.Known, "credential"))
	}
	for _, n := range r.NoLists {
		a.notef("status list %d is lost: what was revoked in it has to be revoked again\n", n)
	}
	if left.Missing > 0 {
		a.notef("still missing, by what %s counted: %s; adopt them, too, for example from learners' files, before laurel sign: it would issue their awards a second time\n", outside.HeadFile, plural(left.Missing, "credential"))
	}
	switch n := left.Sealed + left.Public; {
	case n > 0 && left.SetAside:
		a.notef("moved to set-aside/: %s and %s; keep it, and adopt it with the links or files that turn up\n", plural(left.Public, "public award"), plural(left.Sealed, "sealed file"))
	case n > 0:
		a.notef("in public/ and not adopted: %s and %s; other commands are refused until they are adopted, too (claim links open the sealed ones), or set aside with --set-aside\n",
			plural(left.Public, "public award"), plural(left.Sealed, "sealed file"))
		if r.Known > 0 {
			a.notef("where their links were among the sources: what they open was entered before, form by form; move content/ledger/ away and adopt all sources at once, the moved folder among them\n")
		}
	}
	if left.behind != nil && left.Sealed+left.Public == 0 {
		a.notef("laurel: %s\n", cleanLines(left.behind.Error()))
	}
}

// keys are the issuer's: those of the ledger, of keys/, and of the DID documents
// that are believed.
func (g *gathering) keys(s *ledger.State, file string) ([]plan.PublicKey, error) {
	list, err := g.a.publicKeys(s)
	if err != nil {
		return nil, err
	}
	for _, k := range s.Keys() {
		if !slices.ContainsFunc(list, func(p plan.PublicKey) bool { return p.Kid == k.Kid }) {
			list = append(list, plan.PublicKey{Kid: k.Kid, PublicKeyMultibase: k.PublicKeyMultibase, Profile: k.Profile, Created: k.Added, Retired: k.Retired, Revoked: k.Revoked, Reason: k.RevokedReason})
		}
	}
	for _, k := range g.older { // what it says of a key that is known otherwise
		if i := slices.IndexFunc(list, func(p plan.PublicKey) bool { return p.Kid == k.Kid && p.PublicKeyMultibase == k.PublicKeyMultibase }); i >= 0 {
			if list[i].Retired.IsZero() {
				list[i].Retired = k.Retired
			}
			if list[i].Revoked.IsZero() {
				list[i].Revoked, list[i].Reason = k.Revoked, k.Reason
			}
		}
	}
	if own, err := os.ReadFile(filepath.Join(g.a.dir, "public", filepath.FromSlash(did.WebPath(g.site.BaseURL)))); err == nil {
		g.believed = append(g.believed, named{"public/" + did.WebPath(g.site.BaseURL), own})
	}
	if file != "" {
		b, err := readDocument(g.a.env.path(file))
		if err != nil {
			return nil, err
		}
		g.believed = append(g.believed, named{file, b})
	}
	for _, d := range g.believed {
		doc, err := did.ParseDocument(d.data)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", d.name, err)
		}
		if doc.ID != g.did {
			return nil, hint.Errorf("look at baseURL in content/site.yaml", "%s is the DID document of %s, not of %s", d.name, doc.ID, g.did)
		}
		for _, m := range doc.PublishedKeys(g.now) {
			k := plan.PublicKey{Kid: m.Kid, PublicKeyMultibase: m.PublicKeyMultibase, Created: g.now, Revoked: m.Revoked}
			if !k.Revoked.IsZero() {
				k.Reason = "found revoked when it was adopted"
			}
			i := slices.IndexFunc(list, func(p plan.PublicKey) bool { return p.Kid == k.Kid })
			switch {
			case i < 0:
				list = append(list, k)
			case list[i].PublicKeyMultibase != k.PublicKeyMultibase:
				return nil, hint.Errorf("one of the two is not the issuer's", "%s has another key %s than the ledger, keys/ or another DID document; nothing was written", d.name, k.Kid)
			case list[i].Revoked.IsZero() && !k.Revoked.IsZero():
				list[i].Revoked, list[i].Reason = k.Revoked, k.Reason
			}
		}
	}
	if len(list) == 0 {
		return nil, hint.Errorf("name a copy of the issuer's did.json with --did-document; a did.json in a SOURCE is not believed, since whoever sent it could have made it",
			"there is no key to verify with: not in the ledger, keys/, public/ or on a site")
	}
	return list, nil
}
