package cli

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
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
	"laurel/internal/material/tone"
	"laurel/internal/publishing/build"
	"laurel/internal/publishing/privacy"
	"laurel/internal/publishing/render"
	"laurel/internal/publishing/site"
	"laurel/internal/standards/did"
	"laurel/themes"
)

func (a *app) buildCommand() *cobra.Command {
	var live, strict bool
	c := &cobra.Command{
		Use:   "build",
		Short: "Write public/",
		Long: `Write the static site to public/ from content, ledger and theme. No key, no
network and no clock is used for it: the same inputs give the same bytes anywhere.
The clock only tells which awards have expired, as their pages do to whoever opens
them.
Unchanged files are not touched, files that an earlier build wrote and this one
does not are removed, and any file that laurel did not write is an error.

With --live, the site at baseURL is asked first, and where it shows more than the
ledger has, nothing is written: so that an old copy of the folder takes nothing
back. Use it where a site is published from a fresh copy, without public/.

With --strict, nothing is written where something waits to be signed: an award, a
claim link, or a status list. Use it where nobody reads what a build says.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.build(c.Context(), live, strict) },
	}
	c.Flags().BoolVar(&live, "live", false, "compare with the live site first, over the network")
	c.Flags().BoolVar(&strict, "strict", false, "refuse where something waits to be signed")
	return c
}

// build is the third stage: content + ledger + theme -> public/.
func (a *app) build(ctx context.Context, live, strict bool) error {
	if err := privacy.FoldersApart(a.dir); err != nil {
		return err // before anything is read from there
	}
	content, l, err := a.inputs()
	if err != nil {
		return nothingWritten(err)
	}
	defer l.Close()
	defer lean(l.State().Len() > 5000, 60)()
	if live {
		seen, err := a.live(ctx, content.BaseURL)
		if err != nil {
			return err
		}
		if err := l.State().Against(seen); err != nil {
			return nothingWritten(err)
		}
	}
	in, err := a.buildInput(content, l)
	if err != nil {
		return err
	}
	if strict {
		if err := allSigned(in, "nothing was written"); err != nil {
			return err
		}
	}
	bar := a.progress(len(in.Layout.Outputs), "building")
	in.Progress = bar.set
	done, err := build.Run(ctx, in)
	bar.done()
	if err != nil {
		return err
	}
	a.remember(l.State().Mark())
	if in.Renderer.OwnStyle {
		a.notef("themes/%s/assets/style.css stands in the place of all of laurel's style sheet: to change some of it, write assets/extra.css, or replace a part (laurel help theme)\n", clean(content.Theme.Name))
	}
	now, err := a.now()
	if err != nil {
		return err
	}
	return a.reportBuilt(in.Layout, done, now)
}

// buildInput is all that a build of this folder depends on.
func (a *app) buildInput(content *model.Site, l *ledger.Ledger) (in build.Input, err error) {
	renderer, err := a.renderer(content)
	if err != nil {
		return in, err
	}
	planned, err := planSite(content, l, renderer)
	if err != nil {
		return in, err
	}
	program, err := programDigest()
	if err != nil {
		return in, err
	}
	evidence, err := a.evidence()
	if err != nil {
		return in, err
	}
	return build.Input{Dir: a.dir, Content: content, Ledger: l, Renderer: renderer, Layout: planned, Evidence: evidence.Bytes, Program: program}, nil
}

// allSigned refuses where something waits to be signed, and says what was not done.
func allSigned(in build.Input, nothing string) error {
	var waiting []string
	p := build.Pending(in.Content, in.Ledger.State())
	for _, w := range []struct {
		n    int
		what string
	}{{p.Unsigned, "award"}, {in.Layout.Unsealed, "claim link"}, {p.Stale, "status list"}} {
		if w.n > 0 {
			waiting = append(waiting, plural(w.n, w.what))
		}
	}
	if len(waiting) == 0 {
		return nil
	}
	return hint.Errorf("laurel plan shows what, laurel sign signs it; then laurel build", "not signed yet: %s; %s", strings.Join(waiting, ", "), nothing)
}

// inputs reads content and ledger at the same time.
func (a *app) inputs() (*model.Site, *ledger.Ledger, error) {
	var content *model.Site
	var contentErr error
	var reading sync.WaitGroup
	reading.Go(func() { content, contentErr = a.loadContent() })
	l, err := a.openLedger()
	reading.Wait()
	if contentErr != nil {
		err = contentErr
	}
	if err != nil {
		if l != nil {
			l.Close()
		}
		return nil, nil, err
	}
	asSigned(content, l.State())
	return content, l, nil
}

// asSigned adds to content what the ledger alone knows of its awards: the dates of those
// that were renewed, and the learner records that were signed.
func asSigned(content *model.Site, s *ledger.State) {
	plan.AsRenewed(content, s)
	if records := plan.Records(content, s); records != nil {
		content.Cohorts = append(content.Cohorts, records)
	}
}

func planSite(content *model.Site, l *ledger.Ledger, r *render.Renderer) (*site.Layout, error) {
	id, err := did.WebDID(content.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("derive the issuer's DID from baseURL: %w", err)
	}
	in := site.Input{Site: content, State: l.State(), Document: l.MainDocument, List: l.ListDocument, Token: l.ListToken,
		Word: func(language, key string) (string, error) { return r.Words(language).Text(key) }}
	in.Issuer, in.Achievements = definitions(content, id)
	in.Assets = r.Assets()
	return site.Make(in)
}

// renderer reads the site's theme over the built-in one.
func (a *app) renderer(content *model.Site) (*render.Renderer, error) {
	root, err := os.OpenRoot(a.dir)
	if err != nil {
		return nil, fmt.Errorf("open the site folder: %w", err)
	}
	// Not closed: fonts of the theme are read when they are first needed.
	look := content.Theme
	o := render.Options{ThemeName: "themes/" + look.Name, Look: render.Look{Headings: look.Fonts.Headings, Text: look.Fonts.Text}}
	o.Look.Accent, _ = tone.Parse(look.Accent) // both were checked
	o.Look.Paper, _ = tone.Parse(look.Paper)
	o.BuiltIn, _ = themes.Open(look.Name)
	theme, err := fs.Sub(root.FS(), o.ThemeName) // need not be there
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", o.ThemeName, err)
	}
	images, err := fs.Sub(root.FS(), "content/images")
	if err != nil {
		return nil, fmt.Errorf("read content/images: %w", err)
	}
	return render.New(theme, images, o)
}

// programDigest is that of the running program, so that a newer laurel makes
// every file anew. It is made once: a preview builds again and again.
var programDigest = sync.OnceValues(func() ([32]byte, error) {
	name, err := os.Executable()
	if err != nil {
		return [32]byte{}, fmt.Errorf("find the running program: %w", err)
	}
	f, err := os.Open(filepath.Clean(name))
	if err != nil {
		return [32]byte{}, fmt.Errorf("read the running program: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return [32]byte{}, fmt.Errorf("read the running program: %w", err)
	}
	return [32]byte(h.Sum(nil)), nil
})

func (a *app) reportBuilt(p *site.Layout, b build.Result, now time.Time) error {
	expired, expiring := p.Late(now)
	if a.json {
		return a.printJSON(struct {
			SchemaVersion int `json:"schemaVersion"`
			Written       int `json:"written"`
			Unchanged     int `json:"unchanged"`
			Pruned        int `json:"pruned"`
			Public        int `json:"public"`
			Link          int `json:"link"`
			Private       int `json:"private"`
			Unsealed      int `json:"unsealed"`
			Withdrawn     int `json:"withdrawn"`
			Gone          int `json:"gone"`
			Unsigned      int `json:"unsigned"`
			StaleLists    int `json:"staleLists"`
			Closed        int `json:"closed"`
			Expired       int `json:"expired"`
			Expiring      int `json:"expiring"`
		}{schemaVersion, b.Written, b.Unchanged, b.Pruned, p.Public, p.Sealed, p.Private,
			p.Unsealed, p.Withdrawn, p.Gone, b.Unsigned, b.Stale, b.Closed, expired, expiring})
	}
	a.printf("public/: %s written, %d unchanged, %d removed\n", plural(b.Written, "file"), b.Unchanged, b.Pruned)
	a.printf("awards: %d public, %d by claim link; not in public/: %s\n", p.Public, p.Sealed, unpublished(p))
	a.noteLate(expired, expiring)
	if b.Closed > 0 {
		a.notef("%s by link taken off the site, so their claim links no longer open anything: if that was not intended, check visibility in content/\n", plural(b.Closed, "award"))
	}
	if p.Unsealed > 0 {
		a.notef("%s by link not sealed yet, so without a claim link: run laurel sign\n", plural(p.Unsealed, "award"))
	}
	if p.Gone > 0 {
		a.notef("%s no longer in the content, so taken off the site: see laurel plan\n", plural(p.Gone, "award"))
	}
	if b.Unsigned > 0 {
		a.notef("%s not signed yet: run laurel sign\n", plural(b.Unsigned, "award"))
	}
	if b.Stale > 0 {
		a.notef("%s out of date, so verifiers do not know of the latest decisions yet: run laurel sign\n", plural(b.Stale, "status list"))
	}
	return nil
}

// noteLate states what time has taken back, or soon will.
func (a *app) noteLate(expired, expiring int) {
	if expired > 0 {
		a.notef("expired: %s; their pages say so to whoever opens them\n", plural(expired, "award"))
	}
	if expiring > 0 {
		a.notef("ends within 90 days: %s\n", plural(expiring, "award"))
	}
}

// unpublished says which awards have no file, other than those that are gone.
func unpublished(p *site.Layout) string {
	said := fmt.Sprintf("%d private", p.Private)
	if p.Withdrawn > 0 {
		said += fmt.Sprintf(", %d withdrawn", p.Withdrawn)
	}
	if p.Unsealed > 0 {
		said += fmt.Sprintf(", %d not sealed", p.Unsealed)
	}
	return said
}
