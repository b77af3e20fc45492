// Package host brings a built site to the place that it is served from: a branch
// of a git repository, a folder, or a store that speaks S3. A place is compared
// first, and nothing at it changes before somebody has seen the Change and applies
// it; what is equal already is not touched, and nothing but the site's files gets
// there.
//
// Order keeps a site whole for those who look at it meanwhile, and after a run that
// was killed: what never changes goes first, pages follow, then what verifiers
// decide by, and what is no longer of the site is removed last. A run that was
// killed is mended by the next.
//
// It reads public/ and nothing else of a site folder. Secrets come from where the
// place's own programs keep them, never from the content.
package host

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"slices"
	"strings"

	"laurel/internal/material/hint"
)

// Turn says when a file takes its place.
type Turn int

// The turns, in their order.
const (
	// Lasting files have a name of their own for each content: assets of the theme,
	// tiles of the log. They may be kept by whoever got them.
	Lasting Turn = iota
	// Ordinary files are all others.
	Ordinary
	// Deciding files are what a verdict depends on: the DID document, status lists,
	// the log's head. Whoever keeps one has to ask whether it is still so.
	Deciding
)

// File is one of a site.
type File struct {
	Path   string // relative to public/, slash-separated
	Size   int64
	SHA256 [sha256.Size]byte
	Turn   Turn
}

// Site is what is to be published: exactly these files of a folder.
type Site struct {
	Root  *os.Root // public/
	Files []File   // sorted by path
	// Ours tells of a path that laurel writes files of this name, so that one that is
	// there and no longer of the site was written by an earlier laurel.
	Ours func(path string) bool
}

// read is a file's content. It fails where that is not what was compared.
func (s *Site) read(f File) ([]byte, error) {
	data, err := s.Root.ReadFile(f.Path)
	if err != nil {
		return nil, fmt.Errorf("read public/%s: %w", f.Path, err)
	}
	if sha256.Sum256(data) != f.SHA256 {
		return nil, hint.Errorf("laurel build writes public/ anew", "public/%s has changed since it was built", f.Path)
	}
	return data, nil
}

// byPath are the files of the site by their paths.
func (s *Site) byPath() map[string]File {
	files := make(map[string]File, len(s.Files))
	for _, f := range s.Files {
		files[f.Path] = f
	}
	return files
}

// Place is where sites are published.
type Place interface {
	// String names the place in messages. It has no secrets.
	String() string
	// Compare holds a place against a site. The Change has to be closed.
	Compare(ctx context.Context, s *Site) (*Change, error)
}

// Change is what publishing does at a place.
type Change struct {
	// Added, Changed and Removed are paths, sorted.
	Added, Changed, Removed []string
	// Foreign are those of Removed that laurel did not write.
	Foreign   []string
	Unchanged int

	read  func(ctx context.Context, path string) ([]byte, error)
	apply func(ctx context.Context, done func(n int)) error
	close func() error
}

// Steps is how much Apply has to do.
func (c *Change) Steps() int { return len(c.Added) + len(c.Changed) + len(c.Removed) }

// Read is a file as it is at the place; nil: there is none.
func (c *Change) Read(ctx context.Context, path string) ([]byte, error) { return c.read(ctx, path) }

// Apply carries the change out. done is told how many Steps are done.
func (c *Change) Apply(ctx context.Context, done func(n int)) error { return c.apply(ctx, done) }

// Close gives free what Compare has opened.
func (c *Change) Close() error {
	if c.close == nil {
		return nil
	}
	return c.close()
}

// sort brings the lists in order and finds what is foreign.
func (c *Change) sort(ours func(path string) bool) {
	for _, list := range [][]string{c.Added, c.Changed, c.Removed} {
		slices.Sort(list)
	}
	for _, p := range c.Removed {
		if !ours(p) {
			c.Foreign = append(c.Foreign, p)
		}
	}
}

// inTurn are the files of the site with these paths, as they have to take their
// places, one list for each turn.
func (s *Site) inTurn(paths ...[]string) [][]File {
	files := s.byPath()
	turns := make([][]File, Deciding+1)
	all := slices.Concat(paths...)
	slices.Sort(all)
	for _, p := range all {
		f := files[p]
		turns[f.Turn] = append(turns[f.Turn], f)
	}
	return turns
}

// A siteFolder is told by any of these: whoever publishes there would lose it, and
// with it the only record of what was signed.
func siteFolder(path string) bool {
	return path == "content/site.yaml" || strings.HasPrefix(path, "content/ledger/") || strings.HasPrefix(path, "keys/") && strings.HasSuffix(path, ".jwe")
}

// refuseSiteFolder is the error of a place that holds a site folder; nil where it
// does not.
func refuseSiteFolder(place string, paths func(yield func(string) bool)) error {
	for p := range paths {
		if siteFolder(p) {
			return hint.Errorf("publish to a branch, folder or bucket that has nothing but the site", "%s holds a site folder (%s), which publishing would destroy; nothing was published", place, p)
		}
	}
	return nil
}
