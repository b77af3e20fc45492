// Package publish writes public/: it stages every changed file first, puts
// them in place file by file by renaming, and prunes what an earlier build
// wrote and this one does not plan.
//
// It never touches a file it did not write. What it wrote is remembered in
// .laurel/public.txt beside public/, not inside, since a list of everything
// that is published would also tell the addresses of awards.
package publish

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gofrs/flock"
)

const (
	folder   = "public"
	stateDir = ".laurel"
)

// tolerated are files at the top of public/ that belong to the host or to git
// and are neither written nor removed.
var tolerated = map[string]bool{".gitignore": true, ".gitkeep": true, ".git": true, "CNAME": true}

// ForeignError says that public/ holds files laurel did not write. Nothing was
// written.
type ForeignError struct {
	Paths []string // relative to the site folder, sorted
}

func (e *ForeignError) Error() string {
	return "not written by laurel: " + strings.Join(e.Paths, ", ")
}

// ImmutableError says that a published record would get other bytes.
type ImmutableError struct{ Path string }

func (e *ImmutableError) Error() string {
	return fmt.Sprintf("%s/%s is a signed record and would change", folder, e.Path)
}

// BusyError says that another build is writing.
type BusyError struct{}

func (*BusyError) Error() string { return "another laurel is building this site" }

// File is one file a build plans.
type File struct {
	Path      string // relative to public/, slash-separated
	Key       [32]byte
	Immutable bool
}

// Stats count what a build did.
type Stats struct{ Written, Unchanged, Pruned int }

// Build is one run over public/. Its methods but Commit may be called from
// several goroutines.
type Build struct {
	root    *os.Root
	lock    *flock.Flock
	stage   string // below stateDir
	old     map[string]entry
	planned map[string]File

	mu        sync.Mutex
	next      map[string]entry
	staged    map[string]string // path -> staged file
	counter   atomic.Int64
	unchanged int
}

// Open starts a build of the site folder dir for exactly the planned files.
// It fails with a *ForeignError when public/ holds anything else. Close must
// be called.
func Open(dir string, planned []File) (*Build, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the site folder: %w", err)
	}
	b := &Build{root: root, planned: make(map[string]File, len(planned)),
		next: make(map[string]entry, len(planned)), staged: map[string]string{}}
	if err := b.open(dir, planned); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

func (b *Build) open(dir string, planned []File) error {
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
		if err := b.root.MkdirAll(d, 0o755); err != nil {
			return fmt.Errorf("make %s: %w", d, err)
		}
	}
	b.lock = flock.New(filepath.Join(dir, stateDir, "lock"))
	if ok, err := b.lock.TryLock(); err != nil {
		return fmt.Errorf("lock %s: %w", stateDir, err)
	} else if !ok {
		b.lock = nil
		return &BusyError{}
	}
	var err error
	if b.old, err = readManifest(b.root); err != nil {
		return err
	}
	if err := b.findForeign(); err != nil {
		return err
	}
	b.stage = stateDir + "/stage-" + rand.Text()[:8]
	if err := b.sweep(); err != nil {
		return err
	}
	if err := b.root.Mkdir(b.stage, 0o700); err != nil {
		return fmt.Errorf("make %s: %w", b.stage, err)
	}
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
			if err := b.root.RemoveAll(stateDir + "/" + e.Name()); err != nil {
				return fmt.Errorf("remove an old stage: %w", err)
			}
		}
	}
	return nil
}

// findForeign looks for anything in public/ that is neither remembered nor
// planned. A planned file that is not remembered is looked at when its bytes
// are known: the same bytes are taken over.
func (b *Build) findForeign() error {
	var foreign []string
	err := fs.WalkDir(b.root.FS(), folder, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel := strings.TrimPrefix(p, folder+"/")
		if tolerated[rel] {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return nil
		}
		_, remembered := b.old[rel]
		_, planned := b.planned[rel]
		if !d.Type().IsRegular() || !remembered && !planned {
			foreign = append(foreign, p)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("look through %s: %w", folder, err)
	}
	if len(foreign) > 0 {
		sort.Strings(foreign)
		return &ForeignError{foreign}
	}
	return nil
}

// Unchanged tells whether the file on disk is the one an earlier build wrote
// under the same key, and if so takes it over: Put is not needed.
func (b *Build) Unchanged(p string) bool {
	was, ok := b.old[p]
	f := b.planned[p]
	if !ok || was.Key != f.Key {
		return false
	}
	info, err := b.root.Lstat(folder + "/" + p)
	if err != nil || !info.Mode().IsRegular() || info.Size() != was.Size || info.ModTime().UnixNano() != was.ModTime {
		return false
	}
	b.keep(p, was)
	return true
}

func (b *Build) keep(p string, e entry) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.next[p] = e
	b.unchanged++
}

// Put stages a file's bytes. A file that already has them is not touched.
func (b *Build) Put(p string, data []byte) error {
	f, ok := b.planned[p]
	if !ok {
		return fmt.Errorf("%s/%s was made but not planned", folder, p)
	}
	b.mu.Lock()
	_, again := b.next[p]
	b.mu.Unlock()
	if again {
		return fmt.Errorf("%s/%s was made twice", folder, p)
	}
	e := entry{Key: f.Key, Sum: sha256.Sum256(data), Size: int64(len(data))}
	was, remembered := b.old[p]
	if f.Immutable && remembered && was.Sum != e.Sum {
		return &ImmutableError{p}
	}
	full := folder + "/" + p
	if info, err := b.root.Lstat(full); err == nil {
		if same, err := b.same(full, info, data); err != nil {
			return fmt.Errorf("compare %s: %w", full, err)
		} else if same {
			e.ModTime = info.ModTime().UnixNano()
			b.keep(p, e)
			return nil
		}
		if !remembered {
			return &ForeignError{[]string{full}}
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look at %s: %w", full, err)
	}
	name := fmt.Sprintf("%s/%d", b.stage, b.counter.Add(1))
	if err := b.root.WriteFile(name, data, 0o644); err != nil {
		return fmt.Errorf("stage %s: %w", full, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.next[p] = e
	b.staged[p] = name
	return nil
}

func (b *Build) same(full string, info fs.FileInfo, data []byte) (bool, error) {
	if !info.Mode().IsRegular() || info.Size() != int64(len(data)) {
		return false, nil
	}
	on, err := b.root.ReadFile(full)
	return bytes.Equal(on, data), err
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
	if err := b.place(); err != nil {
		return Stats{}, err
	}
	var err error
	if stats.Pruned, err = b.prune(); err != nil {
		return Stats{}, err
	}
	if maps.Equal(b.old, b.next) {
		return stats, nil
	}
	return stats, writeManifest(b.root, b.next)
}

// remember writes down the union of the files of this build and the last one
// before any is put in place, so that a build that is killed half-way knows
// its own files the next time.
func (b *Build) remember() error {
	union := make(map[string]entry, len(b.next))
	for p, e := range b.old {
		union[p] = e
	}
	for p := range b.staged {
		e := b.next[p]
		e.Key = [32]byte{} // not in place yet
		union[p] = e
	}
	return writeManifest(b.root, union)
}

// place renames the staged files, folders first.
func (b *Build) place() error {
	made := make(map[string]bool)
	for p, name := range b.staged {
		full := folder + "/" + p
		if dir := path.Dir(full); !made[dir] {
			if err := b.root.MkdirAll(dir, 0o755); err != nil {
				return fmt.Errorf("make %s: %w", dir, err)
			}
			made[dir] = true
		}
		if err := b.root.Rename(name, full); err != nil {
			return fmt.Errorf("put %s in place: %w", full, err)
		}
		info, err := b.root.Lstat(full)
		if err != nil {
			return fmt.Errorf("look at %s: %w", full, err)
		}
		e := b.next[p]
		e.ModTime = info.ModTime().UnixNano()
		b.next[p] = e
	}
	return nil
}

// prune removes the files an earlier build wrote that are no longer planned,
// and the folders they leave empty.
func (b *Build) prune() (int, error) {
	pruned := 0
	for p := range b.old {
		if _, ok := b.planned[p]; ok {
			continue
		}
		err := b.root.Remove(folder + "/" + p)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return pruned, fmt.Errorf("prune %s/%s: %w", folder, p, err)
		}
		if err == nil {
			pruned++
		}
		for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
			if b.root.Remove(folder+"/"+dir) != nil {
				break // not empty
			}
		}
	}
	return pruned, nil
}

// Close ends the build; without Commit nothing in public/ has changed.
func (b *Build) Close() error {
	if b.lock != nil {
		if b.stage != "" {
			b.root.RemoveAll(b.stage)
		}
		b.lock.Unlock()
	}
	return b.root.Close()
}
