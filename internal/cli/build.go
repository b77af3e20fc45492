package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/spf13/cobra"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/publishing/publish"
	"laurel/internal/publishing/render"
	"laurel/internal/publishing/site"
	"laurel/internal/standards/did"
)

func (a *app) buildCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "build",
		Short: "Write public/",
		Long: `Write the static site to public/ from content, ledger and theme. No key, no
network and no clock is used: the same inputs give the same bytes anywhere.
Files that have not changed are not touched, files that an earlier build wrote
and this one does not are removed, and files laurel did not write are an error.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.build(c.Context()) },
	}
}

// build is the third stage: content + ledger + theme -> public/.
func (a *app) build(ctx context.Context) error {
	if err := a.foldersApart(); err != nil {
		return err
	}
	content, l, err := a.inputs()
	if err != nil {
		return err
	}
	defer l.Close()
	if err := a.ledgerIsThere(l); err != nil {
		return err
	}
	renderer, err := a.renderer(content)
	if err != nil {
		return err
	}
	if err := a.assetsArePublic(renderer.Assets(), l.State()); err != nil {
		return err
	}
	if err := a.noDelivery(content.Theme); err != nil {
		return err
	}
	planned, err := planSite(content, l, renderer)
	if err != nil {
		return err
	}
	program, err := programDigest()
	if err != nil {
		return err
	}
	b := &builder{plan: planned, renderer: renderer, document: mainDocument(l), sealed: sealedForms(l),
		base: keyBase(program, renderer.Digest())}
	closed, err := a.closed(planned, l.State())
	if err != nil {
		return err
	}
	stats, err := b.run(ctx, a)
	if err != nil {
		return err
	}
	return a.reportBuilt(built{planned, stats, unsigned(content, l.State()), stale(l.State()), closed})
}

// lostLedgerError says that there is no ledger where awards were published
// from one.
type lostLedgerError struct{}

func (*lostLedgerError) Error() string {
	return "the ledger is empty, but public/ has awards; building now would take them all off the site"
}

func (a *app) ledgerIsThere(l *ledger.Ledger) error {
	if seq, _, _ := l.State().Head(); seq > 0 {
		return nil
	}
	for _, folder := range []string{"awards", capsuleFolder} {
		entries, err := os.ReadDir(filepath.Join(a.dir, "public", folder))
		if err == nil && len(entries) > 0 {
			return &lostLedgerError{}
		}
	}
	return nil
}

// capsuleFolder is where sealed awards are in public/.
var capsuleFolder = path.Dir(model.CapsulePath("x"))

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
	return content, l, nil
}

func planSite(content *model.Site, l *ledger.Ledger, r *render.Renderer) (*site.Plan, error) {
	id, err := did.WebDID(content.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("derive the issuer's DID from baseURL: %w", err)
	}
	in := site.Input{Site: content, State: l.State(), Document: mainDocument(l), List: listDocument(l)}
	in.Issuer, in.Achievements = definitions(content, id)
	for _, asset := range r.Assets() {
		in.Assets = append(in.Assets, site.AssetFile{Path: asset.Path, Bytes: asset.Bytes})
	}
	return site.Make(in)
}

// listDocument returns the newest signed document of a status list.
func listDocument(l *ledger.Ledger) func(ledger.ListState) ([]byte, error) {
	return func(s ledger.ListState) ([]byte, error) {
		e, err := l.Event(s.Pos)
		if err != nil {
			return nil, err
		}
		return e.List.Document, nil
	}
}

// sealedForms returns the capsules of a record as they were sealed, each a
// compact JWE.
func sealedForms(l *ledger.Ledger) func(*ledger.Record) ([]string, error) {
	return func(r *ledger.Record) ([]string, error) {
		e, err := l.Event(r.CapsulePos)
		if err != nil {
			return nil, err
		}
		if e.Capsule == nil {
			return nil, fmt.Errorf("event %d holds none", e.Seq)
		}
		sealed := make([]string, len(e.Capsule.Sealed))
		for i, text := range e.Capsule.Sealed {
			if err := json.Unmarshal(text, &sealed[i]); err != nil {
				return nil, fmt.Errorf("event %d, capsule %d: not a string: %w", e.Seq, i, err)
			}
		}
		return sealed, nil
	}
}

// renderer reads the site's theme over the built-in one.
func (a *app) renderer(content *model.Site) (*render.Renderer, error) {
	root, err := os.OpenRoot(a.dir)
	if err != nil {
		return nil, fmt.Errorf("open the site folder: %w", err)
	}
	// Not closed: fonts of the theme are read when they are first needed.
	name := "themes/" + content.Theme
	theme, err := fs.Sub(root.FS(), name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if _, err := fs.Stat(root.FS(), name); err != nil {
		if !errors.Is(err, fs.ErrNotExist) || content.Theme != "default" {
			return nil, fmt.Errorf("read the theme that site.yaml names: %w", err)
		}
		theme = nil
	}
	images, err := fs.Sub(root.FS(), "content/images")
	if err != nil {
		return nil, fmt.Errorf("read content/images: %w", err)
	}
	return render.New(theme, images, render.Options{ThemeName: name})
}

// programDigest is that of the running program, so that a newer laurel makes
// every file anew.
func programDigest() ([32]byte, error) {
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
}

func keyBase(program, theme [32]byte) []byte { return append(program[:], theme[:]...) }

// unsigned counts the awards of the content that have no credential.
func unsigned(content *model.Site, s *ledger.State) int {
	n := 0
	for _, c := range content.Cohorts {
		for _, award := range c.Awards {
			if s.Record(award.Key) == nil {
				n++
			}
		}
	}
	return n
}

// stale counts the status lists whose bits have changed since they were
// signed.
func stale(s *ledger.State) int {
	n := 0
	for _, l := range s.Lists() {
		if l.Changed {
			n++
		}
	}
	return n
}

// closed counts the sealed awards that a build takes off the site though nobody
// withdrew them, so that a mistake in visibility is noticed: their claim links
// open nothing then. It is called before public/ is written.
func (a *app) closed(p *site.Plan, s *ledger.State) (int, error) {
	entries, err := os.ReadDir(filepath.Join(a.dir, "public", capsuleFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("look at public/%s: %w", capsuleFolder, err)
	}
	going := make(map[string]bool, len(entries))
	for _, e := range entries {
		going[path.Join(capsuleFolder, e.Name())] = true
	}
	for _, o := range p.Outputs {
		delete(going, o.Path)
	}
	n := 0
	for rec := range s.Records() {
		if len(rec.Capsules) > 0 && rec.Withdrawn.IsZero() && going[model.CapsulePath(rec.Capsules[0])] {
			n++
		}
	}
	return n, nil
}

// built is what a build did, and what it could not do yet.
type built struct {
	plan  *site.Plan
	stats publish.Stats
	// unsigned awards, stale status lists, and awards whose claim links opened
	// until this build.
	unsigned, stale, closed int
}

func (a *app) reportBuilt(b built) error {
	p, stats := b.plan, b.stats
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
		}{schemaVersion, stats.Written, stats.Unchanged, stats.Pruned, p.Public, p.Sealed, p.Private,
			p.Unsealed, p.Withdrawn, p.Gone, b.unsigned, b.stale, b.closed})
	}
	a.printf("public/: %s written, %d unchanged, %d removed\n", plural(stats.Written, "file"), stats.Unchanged, stats.Pruned)
	a.printf("awards: %d public, %d by claim link; not in public/: %s\n", p.Public, p.Sealed, unpublished(p))
	if b.closed > 0 {
		a.notef("%s by link taken off the site, and claim links to them open nothing now: see visibility in content/ if that was not meant\n", plural(b.closed, "award"))
	}
	if p.Unsealed > 0 {
		a.notef("%s by link not sealed yet, and so without a claim link: laurel sign\n", plural(p.Unsealed, "award"))
	}
	if p.Gone > 0 {
		a.notef("%s no longer in the content, and so off the site: laurel plan\n", plural(p.Gone, "award"))
	}
	if b.unsigned > 0 {
		a.notef("%s not signed yet: laurel sign\n", plural(b.unsigned, "award"))
	}
	if b.stale > 0 {
		a.notef("%s out of date, so revocations are not known to verifiers yet: laurel sign\n", plural(b.stale, "status list"))
	}
	return nil
}

// unpublished says which awards have no file, other than those that are gone.
func unpublished(p *site.Plan) string {
	said := fmt.Sprintf("%d private", p.Private)
	if p.Withdrawn > 0 {
		said += fmt.Sprintf(", %d withdrawn", p.Withdrawn)
	}
	if p.Unsealed > 0 {
		said += fmt.Sprintf(", %d not sealed", p.Unsealed)
	}
	return said
}

// builder fills in the bytes of a planned site.
type builder struct {
	plan     *site.Plan
	renderer *render.Renderer
	document func(*ledger.Record) ([]byte, error)
	sealed   func(*ledger.Record) ([]string, error)
	base     []byte // what every key depends on beside the output's own
	target   *publish.Build
}

func (b *builder) run(ctx context.Context, a *app) (publish.Stats, error) {
	files := make([]publish.File, len(b.plan.Outputs))
	for i, o := range b.plan.Outputs {
		files[i] = publish.File{Path: o.Path, Immutable: o.Immutable, Key: sha256.Sum256(append(b.base[:len(b.base):len(b.base)], o.Key[:]...))}
	}
	target, err := publish.Open(a.dir, files)
	if err != nil {
		return publish.Stats{}, err
	}
	defer target.Close()
	b.target = target
	bar := a.progress(len(b.plan.Outputs), "building")
	err = b.outputs(ctx, bar)
	bar.done()
	if err != nil {
		return publish.Stats{}, err
	}
	return target.Commit()
}

// outputs makes every file that is not as it was, on all cores.
func (b *builder) outputs(ctx context.Context, bar progress) error {
	groups := group(b.plan.Outputs)
	errs := make([]error, len(groups))
	next := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				if errs[i] = ctx.Err(); errs[i] == nil {
					errs[i] = b.make(groups[i])
				}
			}
		})
	}
	done := 0
	for i := range groups {
		next <- i
		done += len(groups[i])
		bar.set(done)
	}
	close(next)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// group gathers the outputs that are made together, since they need the same
// event of the ledger: the files of an award's page stand side by side, its
// capsules wherever their random names put them. A group is a list of indexes.
func group(outputs []site.Output) [][]int {
	var groups [][]int
	capsules := map[*ledger.Record]int{} // the group of a record's capsules
	for i, o := range outputs {
		g, known := capsules[o.Record]
		switch {
		case o.Kind == site.Capsule && known:
			groups[g] = append(groups[g], i)
			continue
		case o.Kind == site.Capsule:
			capsules[o.Record] = len(groups)
		case o.Record != nil && i > 0 && outputs[i-1].Record == o.Record && outputs[i-1].Kind != site.Capsule:
			groups[len(groups)-1] = append(groups[len(groups)-1], i)
			continue
		}
		groups = append(groups, []int{i})
	}
	return groups
}

// make fills in the outputs of a group that are not as they were.
func (b *builder) make(indexes []int) error {
	var read signed
	var made []publish.Made
	for _, i := range indexes {
		o := b.plan.Outputs[i]
		if b.target.Unchanged(o.Path) {
			continue
		}
		if err := b.read(o, &read); err != nil {
			return err
		}
		data, err := b.bytes(o, read)
		if err != nil {
			return fmt.Errorf("make public/%s: %w", o.Path, err)
		}
		if model.FindClaimLink(data) >= 0 {
			return &exposedError{"public/" + o.Path, "would hold a claim link", takeOutLink}
		}
		made = append(made, publish.Made{Path: o.Path, Data: data})
	}
	return b.target.Put(made...)
}

// signed is what a group's outputs need of the ledger: an award's credential,
// or its capsules. Each is read once, when the first output needs it.
type signed struct {
	document []byte
	sealed   []string
}

func (b *builder) read(o site.Output, s *signed) (err error) {
	switch {
	case o.Record == nil:
	case o.Kind == site.Capsule && s.sealed == nil:
		if s.sealed, err = b.sealed(o.Record); err != nil {
			return fmt.Errorf("read the capsules of %s: %w", o.Record.Credential, err)
		}
	case o.Kind != site.Capsule && s.document == nil:
		if s.document, err = b.document(o.Record); err != nil {
			return fmt.Errorf("read credential %s: %w", o.Record.Credential, err)
		}
	}
	return nil
}

// bytes fills in one output.
func (b *builder) bytes(o site.Output, from signed) ([]byte, error) {
	switch o.Kind {
	case site.Data, site.Asset:
		return o.Bytes, nil
	case site.Credential:
		return from.document, nil
	case site.Capsule:
		if o.Capsule >= len(from.sealed) {
			return nil, fmt.Errorf("the ledger holds no capsule %d of %s", o.Capsule, o.Record.Credential)
		}
		return []byte(from.sealed[o.Capsule]), nil
	case site.BrowserTemplate:
		return b.renderer.BrowserTemplate(o.Language)
	case site.Page:
		page := o.Page
		if o.Record != nil {
			var err error
			if page, err = b.plan.AwardPage(o, from.document); err != nil {
				return nil, err
			}
		}
		var w bytes.Buffer
		err := b.renderer.Page(&w, page)
		return w.Bytes(), err
	case site.Picture, site.BakedPicture:
		return b.renderer.Picture(o.Badge, strings.HasSuffix(o.Path, ".svg"), from.document)
	}
	return nil, fmt.Errorf("no way to make a file of kind %q", o.Kind)
}
