// Package publish writes public/: it stages every changed file first, puts
// them in place file by file by renaming, and prunes what an earlier build
// wrote and this one does not plan.
//
// It never touches a file it did not write. What it wrote is remembered in
// .laurel/public.txt beside public/, not inside, since a list of everything
// that is published would also tell the addresses of awards.
package publish

import (
	"crypto/rand"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"laurel/internal/material/durable"
	"laurel/internal/material/hint"
)

const (
	folder   = "public"
	stateDir = ".laurel"
)

// tolerated are files at the top of public/ that belong to git and are neither written nor removed.
var tolerated = map[string]bool{".gitignore": true, ".gitkeep": true, ".git": true}

// litter is what desktops leave in any folder they show.
var litter = map[string]bool{".DS_Store": true, "Thumbs.db": true, "desktop.ini": true}

// ForeignError says that public/ holds files laurel did not write. Nothing was
// written.
type ForeignError struct {
	Paths []string // relative to the site folder, sorted
}

func (e *ForeignError) Error() string {
	return "not written by laurel: " + strings.Join(e.Paths, ", ")
}

// Hint says what to try.
func (*ForeignError) Hint() string {
	return "laurel never touches files it did not write, and never publishes them: move them away, to content/static/ if they are to be published (if laurel did write them, but .laurel/ was lost, remove public/ and build again)"
}

// ImmutableError says that a published record would get other bytes.
type ImmutableError struct{ Path string }

func (e *ImmutableError) Error() string {
	return fmt.Sprintf("%s/%s is a signed record and would change", folder, e.Path)
}

// ErrBusy says that another build is writing.
var ErrBusy = hint.Errorf("wait for it to end", "another laurel is building this site")

// File is one file a build plans.
type File struct {
	Path        string // relative to public/, slash-separated
	Fingerprint [32]byte
	Immutable   bool
}

// Stats count what a build did.
type Stats struct{ Written, Unchanged, Pruned int }

// Build is one run over public/. Its methods but Commit may be called from
// several goroutines.
type Build struct {
	root      *os.Root
	lock      *flock.Flock
	stage     string // below stateDir
	stageRoot *os.Root
	began     time.Time              // when this build did, which all it writes bears
	there     map[string]fs.FileInfo // files of public/ as the build began
	old       map[string]entry
	planned   map[string]File

	mu        sync.Mutex
	next      map[string]entry
	staged    []string        // paths
	folders   map[string]bool // of the stage, that are there
	unchanged int
}

// Open starts a build of the site folder dir for exactly the planned files.
// It fails with a *ForeignError when public/ holds anything else. Files whose
// paths are own can be nobody else's: they are replaced and pruned also where
// .laurel/ was lost and does not remember them; nil: there are none. Close must
// be called.
func Open(dir string, planned []File, own func(path string) bool) (*Build, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the site folder: %w", err)
	}
	b := &Build{root: root, planned: make(map[string]File, len(planned)),
		next: make(map[string]entry, len(planned)), folders: map[string]bool{".": true}, there: map[string]fs.FileInfo{}}
	if err := b.open(dir, planned, own); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

func (b *Build) open(dir string, planned []File, own func(path string) bool) error {
	for _, f := range planned {
		if !fs.ValidPath(f.Path) || f.Path == "." {
			return fmt.Errorf("a file is planned under the impossible path %q", f.Path)
		}
		if _, ok := b.planned[f.Path]; ok {
			return fmt.Errorf("%s/%s is planned twice", folder, f.Path)
		}
		b.planned[f.Path] = f
	}
	for _, d := range []string{stateDir, folder} {
		if info, err := b.root.Lstat(d); err == nil && !info.IsDir() {
			return fmt.Errorf("%s is not a folder of this site folder (a link leads elsewhere)", d)
		}
		if err := b.root.MkdirAll(d, 0o755); err != nil {
			return fmt.Errorf("make %s: %w", d, err)
		}
	}
	b.lock = flock.New(filepath.Join(dir, stateDir, "lock"))
	if ok, err := b.lock.TryLock(); err != nil {
		return fmt.Errorf("lock %s: %w", stateDir, err)
	} else if !ok {
		b.lock = nil
		return ErrBusy
	}
	var err error
	if b.old, err = readManifest(b.root); err != nil {
		return err
	}
	if err := b.findForeign(own); err != nil {
		return err
	}
	b.stage = stateDir + "/stage-" + rand.Text()[:8]
	if err := b.sweep(); err != nil {
		return err
	}
	if err := b.root.Mkdir(b.stage, 0o755); err != nil {
		return fmt.Errorf("make %s: %w", b.stage, err)
	}
	if b.stageRoot, err = b.root.OpenRoot(b.stage); err != nil {
		return fmt.Errorf("open %s: %w", b.stage, err)
	}
	info, err := b.stageRoot.Stat(".")
	if err != nil {
		return fmt.Errorf("inspect %s: %w", b.stage, err)
	}
	b.began = info.ModTime()
	return nil
}

// sweep removes the stages of builds that were killed; the lock is ours.
func (b *Build) sweep() error {
	entries, err := fs.ReadDir(b.root.FS(), stateDir)
	if err != nil {
		return fmt.Errorf("read %s: %w", stateDir, err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "stage-") {
			if err := durable.RemoveAll(b.root, stateDir+"/"+e.Name()); err != nil {
				return fmt.Errorf("remove an old stage: %w", err)
			}
		}
	}
	return nil
}

// Commit puts the staged files in place and prunes. It fails, before it has
// changed anything, when a planned file was not made.
func (b *Build) Commit() (Stats, error) {
	var missing []string
	for p := range b.planned {
		if _, ok := b.next[p]; !ok {
			missing = append(missing, p)
		}
	}
	if len(missing) > 0 {
		sort.Strings(missing)
		return Stats{}, fmt.Errorf("planned but not made: %s", strings.Join(missing, ", "))
	}
	stats := Stats{Written: len(b.staged), Unchanged: b.unchanged}
	if len(b.staged) > 0 {
		if err := b.remember(); err != nil {
			return Stats{}, err
		}
	}
	// Pruning first lets a folder take the place of a file, or a file that of
	// a folder.
	var err error
	if stats.Pruned, err = b.prune(); err != nil {
		return Stats{}, err
	}
	if err := b.putInPlace("."); err != nil {
		return Stats{}, err
	}
	if maps.Equal(b.old, b.next) {
		return stats, nil
	}
	return stats, writeManifest(b.root, b.next)
}

// Close ends the build; without Commit nothing in public/ has changed.
func (b *Build) Close() error {
	if b.stageRoot != nil {
		b.stageRoot.Close()
	}
	if b.lock != nil {
		if b.stage != "" {
			durable.RemoveAll(b.root, b.stage)
		}
		b.lock.Unlock()
	}
	return b.root.Close()
}
