// Package build drives the last stage: a site's layout becomes bytes, on all
// cores, every file passes the privacy gate, and public/ is put in place.
//
// It uses no key, no network and no clock, and prints nothing. A run that fails
// leaves public/ as it was.
package build

import (
	"context"
	"crypto/sha256"
	"sync"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/material/pool"
	"laurel/internal/publishing/privacy"
	"laurel/internal/publishing/publish"
	"laurel/internal/publishing/render"
	"laurel/internal/publishing/site"
	"laurel/internal/standards/tlog"
)

// Input is all that a build depends on.
type Input struct {
	// Dir is the site folder.
	Dir      string
	Content  *model.Site
	Ledger   *ledger.Ledger
	Renderer *render.Renderer
	// Layout is of the same content, ledger and theme.
	Layout *site.Layout
	// Evidence returns the bytes of a file of evidence by its hex SHA-256.
	Evidence func(sha256 string) ([]byte, error)
	// Program is the digest of the running program: another one makes every
	// file anew.
	Program [sha256.Size]byte
	// Progress is told how many of its outputs are done; nil: nobody is.
	Progress func(done int)
}

// Result is what a build did, and what it could not do yet.
type Result struct {
	publish.Stats
	// Unsigned counts the awards of the content that have no credential, and
	// Stale the status lists whose bits have changed since they were signed.
	Unsigned, Stale int
	// Closed counts the sealed awards that were taken off the site though
	// nobody withdrew or reissued them: their claim links open nothing now.
	Closed int
}

// Run writes public/. It fails where something private would be published, and
// with the errors of publish.
func Run(ctx context.Context, in Input) (Result, error) {
	b, err := newBuilder(ctx, in)
	if err != nil {
		return Result{}, err
	}
	closed, err := closing(in.Dir, in.Layout, in.Ledger.State())
	if err != nil {
		return Result{}, err
	}
	stats, err := b.run(ctx, in.Dir)
	if err != nil {
		return Result{}, err
	}
	r := Pending(in.Content, in.Ledger.State())
	r.Stats, r.Closed = stats, closed
	return r, nil
}

// Pending is what of the content a build could not publish yet.
func Pending(content *model.Site, s *ledger.State) Result {
	return Result{Unsigned: unsigned(content, s), Stale: stale(s)}
}

// Built is public/ as a build has left it. No other build writes it before it is
// closed.
type Built struct {
	Files []publish.Placed // sorted by path
	// Stale are the paths whose files are not what a build would write now, or would
	// not be there, sorted.
	Stale  []string
	target *publish.Build
}

// Close lets builds write again.
func (b *Built) Close() error { return b.target.Close() }

// Look tells what of public/ a build would leave as it is. It writes nothing, and
// refuses what Run refuses but for what only the bytes of changed files tell.
func Look(ctx context.Context, in Input) (*Built, error) {
	b, err := newBuilder(ctx, in)
	if err != nil {
		return nil, err
	}
	if err := b.open(in.Dir); err != nil {
		return nil, err
	}
	for _, o := range b.plan.Outputs {
		b.target.Unchanged(o.Path)
	}
	built := &Built{target: b.target}
	built.Files, built.Stale = b.target.Placed()
	return built, nil
}

// newBuilder refuses what no build may go on with.
func newBuilder(ctx context.Context, in Input) (*builder, error) {
	if err := privacy.FoldersApart(in.Dir); err != nil {
		return nil, err
	}
	state := in.Ledger.State()
	theme := in.Renderer.Digest()
	b := &builder{plan: in.Layout, renderer: in.Renderer, documents: in.Ledger.Documents, sealed: in.Ledger.Sealed,
		gate:     privacy.NewGate(in.Dir, func(id string) bool { return state.ByCredential(id) != nil }, privateEvidence(in.Content, in.Layout)),
		evidence: in.Evidence,
		base:     append(in.Program[:], theme[:]...),
		common:   in.Layout.SealedDigest(theme),
		link:     in.Content.ClaimURL,
		tree:     sync.OnceValues(func() (*tlog.Tree, error) { return in.Ledger.Tree(ctx, Published(in.Dir)) }),
		progress: in.Progress}
	b.places = func(r *ledger.Record) ([]ledger.LogPlace, error) {
		tree, err := b.tree()
		if err != nil {
			return nil, err
		}
		return in.Ledger.LogPlaces(r, tree)
	}
	if err := b.passCopies(); err != nil {
		return nil, err
	}
	return b, privacy.ThemeApart(in.Dir, in.Content.Theme.Name)
}

// privateEvidence are the files of evidence of the content that the site does not
// publish beside an award, by hex SHA-256.
func privateEvidence(content *model.Site, layout *site.Layout) map[string]bool {
	private := map[string]bool{}
	for _, c := range content.Cohorts {
		for _, a := range c.Awards {
			for _, e := range a.Evidence {
				if e.File != nil {
					private[e.File.SHA256] = true
				}
			}
		}
	}
	for _, o := range layout.Outputs {
		if o.Kind == site.EvidenceFile {
			delete(private, o.Record.Evidence[o.File].SHA256)
		}
	}
	return private
}

// builder fills in the bytes of a planned site.
type builder struct {
	plan      *site.Layout
	renderer  *render.Renderer
	documents func(*ledger.Record) ([]ledger.Document, error)
	sealed    func(*ledger.Record) ([]ledger.SealedCapsule, error)
	link      func(model.ClaimLink) string // that opens a capsule
	tree      func() (*tlog.Tree, error)   // of the log; derived when it is wanted first
	evidence  func(sha256 string) ([]byte, error)
	places    func(*ledger.Record) ([]ledger.LogPlace, error)
	gate      *privacy.Gate
	base      []byte            // what every fingerprint depends on beside the output's own
	common    [sha256.Size]byte // the digest of what sealed pages have in common
	progress  func(done int)
	target    *publish.Build
}

func (b *builder) run(ctx context.Context, dir string) (publish.Stats, error) {
	if err := b.open(dir); err != nil {
		return publish.Stats{}, err
	}
	defer b.target.Close()
	if err := b.outputs(ctx); err != nil {
		return publish.Stats{}, err
	}
	return b.target.Commit()
}

// open opens public/ for what is planned.
func (b *builder) open(dir string) (err error) {
	files := make([]publish.File, len(b.plan.Outputs))
	for i, o := range b.plan.Outputs {
		files[i] = publish.File{Path: o.Path, Immutable: o.Immutable, Fingerprint: sha256.Sum256(append(b.base[:len(b.base):len(b.base)], o.Fingerprint[:]...))}
	}
	b.target, err = publish.Open(dir, files, site.OfLog)
	return err
}

// passCopies sends the files of the theme and of content/static through the gate in
// every build, also those that are published already: what the ledger and the private
// folders hold may have changed since.
func (b *builder) passCopies() error {
	var assets []privacy.File
	for _, o := range b.plan.Outputs {
		if o.Kind == site.Asset {
			assets = append(assets, privacy.File{Path: o.Path, Origin: privacy.Theme, Data: o.Bytes})
		}
		if o.Kind == site.Static {
			assets = append(assets, privacy.File{Path: o.Path, Origin: privacy.Static, Data: o.Bytes})
		}
	}
	return b.gate.Pass(assets...)
}

// outputs makes every file that is not as it was, on all cores.
func (b *builder) outputs(ctx context.Context) error {
	groups := group(b.plan.Outputs)
	done := 0
	return pool.Each(ctx, len(groups), 0, func(i int) error { return b.make(groups[i]) }, func(i int) {
		done += len(groups[i])
		if b.progress != nil {
			b.progress(done)
		}
	})
}

// group gathers the outputs that are made together, since they need the same
// event of the ledger: the files of an award's page stand side by side, its
// capsules and their pages wherever their random names put them. A group is a list of indexes.
func group(outputs []site.Output) [][]int {
	var groups [][]int
	capsules := map[*ledger.Record]int{} // the group of a record's capsules
	for i, o := range outputs {
		g, known := capsules[o.Record]
		switch {
		case isSealed(o) && known:
			groups[g] = append(groups[g], i)
			continue
		case isSealed(o):
			capsules[o.Record] = len(groups)
		case o.Record != nil && i > 0 && outputs[i-1].Record == o.Record && !isSealed(outputs[i-1]):
			groups[len(groups)-1] = append(groups[len(groups)-1], i)
			continue
		}
		groups = append(groups, []int{i})
	}
	return groups
}
