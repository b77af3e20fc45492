package build

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/publishing/site"
	"laurel/internal/standards/tlog"
)

// capsules is where sealed awards are in public/.
var capsules = path.Dir(model.CapsulePath("x"))

// Published reads files of the log as they are in the public/ of a site folder.
func Published(dir string) tlog.Reader {
	return func(name string) ([]byte, error) {
		root, err := os.OpenRoot(filepath.Join(dir, "public"))
		if err != nil {
			return nil, err
		}
		defer root.Close()
		f, err := root.Open(tlog.Folder + name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return io.ReadAll(io.LimitReader(f, max(tlog.MaxFile, tlog.MaxCheckpoint)+1))
	}
}

// unsigned counts the awards of the content that have no credential.
func unsigned(content *model.Site, s *ledger.State) int {
	n := 0
	for _, c := range content.Cohorts {
		for _, award := range c.Awards {
			if s.Record(award.Key.String()) == nil {
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

// closing counts the sealed awards that a build takes off the site though
// nobody withdrew or reissued them, so that a mistake in visibility is noticed. It is called
// before public/ is written.
func closing(dir string, p *site.Layout, s *ledger.State) (int, error) {
	entries, err := os.ReadDir(filepath.Join(dir, "public", capsules))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("look at public/%s: %w", capsules, err)
	}
	going := make(map[string]bool, len(entries))
	for _, e := range entries {
		going[path.Join(capsules, e.Name())] = true
	}
	for _, o := range p.Outputs {
		delete(going, o.Path)
	}
	n := 0
	for rec := range s.Records() {
		if len(rec.Capsules) > 0 && rec.Withdrawn.IsZero() && !rec.Replaced() && going[model.CapsulePath(rec.Capsules[0])] {
			n++
		}
	}
	return n, nil
}
