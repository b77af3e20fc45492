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
	root      *os.Root
	lock      *flock.Flock
	stage     string // below stateDir
	stageRoot *os.Root
	there     map[string]bool // files of public/ as the build began
	old       map[string]entry
	planned   map[string]File

	mu        sync.Mutex
	next      map[string]entry
	staged    []string        // paths
	folders   map[string]bool // of the stage, that are there
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
		next: make(map[string]entry, len(planned)), folders: map[string]bool{".": true}, there: map[string]bool{}}
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
	if err := b.root.Mkdir(b.stage, 0o755); err != nil {
		return fmt.Errorf("make %s: %w", b.stage, err)
	}
	if b.stageRoot, err = b.root.OpenRoot(b.stage); err != nil {
		return fmt.Errorf("open %s: %w", b.stage, err)
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
		b.there[rel] = true
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
	if !ok || !b.there[p] || was.Key != b.planned[p].Key {
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

// Made is a planned file with its bytes.
type Made struct {
	Path string
	Data []byte
}

// Put stages files. Those that already have these bytes are not touched. Files
// of one folder cost less when they are put together.
func (b *Build) Put(files ...Made) error {
	var folder *os.Root
	open := ""
	defer func() {
		if folder != nil {
			folder.Close()
		}
	}()
	for _, f := range files {
		e, changed, err := b.compare(f)
		if err != nil {
			return err
		}
		if !changed {
			b.keep(f.Path, e)
			continue
		}
		if dir := path.Dir(f.Path); folder == nil || dir != open {
			if folder != nil {
				folder.Close()
			}
			if folder, err = b.stageFolder(dir); err != nil {
				return fmt.Errorf("stage %s: %w", f.Path, err)
			}
			open = dir
		}
		if e.ModTime, err = write(folder, path.Base(f.Path), f.Data); err != nil {
			return fmt.Errorf("stage %s: %w", f.Path, err)
		}
		b.mu.Lock()
		b.next[f.Path] = e
		b.staged = append(b.staged, f.Path)
		b.mu.Unlock()
	}
	return nil
}

// compare tells whether a file has to be written, and refuses what must not
// be.
func (b *Build) compare(m Made) (e entry, changed bool, err error) {
	f, ok := b.planned[m.Path]
	if !ok {
		return e, false, fmt.Errorf("%s/%s was made but not planned", folder, m.Path)
	}
	b.mu.Lock()
	_, again := b.next[m.Path]
	b.mu.Unlock()
	if again {
		return e, false, fmt.Errorf("%s/%s was made twice", folder, m.Path)
	}
	e = entry{Key: f.Key, Sum: sha256.Sum256(m.Data), Size: int64(len(m.Data))}
	was, remembered := b.old[m.Path]
	if f.Immutable && remembered && was.Sum != e.Sum {
		return e, false, &ImmutableError{m.Path}
	}
	if !b.there[m.Path] {
		return e, true, nil
	}
	full := folder + "/" + m.Path
	info, err := b.root.Lstat(full)
	if err != nil {
		return e, false, fmt.Errorf("look at %s: %w", full, err)
	}
	same, err := b.same(full, info, m.Data)
	switch {
	case err != nil:
		return e, false, fmt.Errorf("compare %s: %w", full, err)
	case same:
		e.ModTime = info.ModTime().UnixNano()
		return e, false, nil
	case !remembered:
		return e, false, &ForeignError{[]string{full}}
	}
	return e, true, nil
}

// write makes a new file and returns its modification time.
func write(dir *os.Root, name string, data []byte) (int64, error) {
	f, err := dir.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return 0, err
	}
	_, err = f.Write(data)
	info, err2 := f.Stat()
	if err = errors.Join(err, err2, f.Close()); err != nil {
		return 0, err
	}
	return info.ModTime().UnixNano(), nil
}

// stageFolder opens a folder of the stage, which has the same folders as
// public/, and makes it when it is new.
func (b *Build) stageFolder(dir string) (*os.Root, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.folders[dir] {
		if err := b.stageRoot.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
		b.folders[dir] = true
	}
	return b.stageRoot.OpenRoot(dir)
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
	// Pruning first lets a folder take the place of a file, or a file that of
	// a folder.
	var err error
	if stats.Pruned, err = b.prune(); err != nil {
		return Stats{}, err
	}
	if err := b.place("."); err != nil {
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
	for _, p := range b.staged {
		e := b.next[p]
		e.Key = [32]byte{} // not in place yet
		union[p] = e
	}
	return writeManifest(b.root, union)
}

// place moves what is staged in a folder into that folder of public/. A folder
// that public/ does not have yet, such as a new award's, moves in one step.
func (b *Build) place(dir string) error {
	from, to := path.Join(b.stage, dir), path.Join(folder, dir)
	entries, err := fs.ReadDir(b.root.FS(), from)
	if err != nil {
		return fmt.Errorf("read %s: %w", from, err)
	}
	for _, e := range entries {
		name := path.Join(to, e.Name())
		if e.IsDir() {
			if _, err := b.root.Lstat(name); err == nil {
				if err := b.place(path.Join(dir, e.Name())); err != nil {
					return err
				}
				continue
			}
		}
		if err := b.root.Rename(path.Join(from, e.Name()), name); err != nil {
			return fmt.Errorf("put %s in place: %w", name, err)
		}
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
	if b.stageRoot != nil {
		b.stageRoot.Close()
	}
	if b.lock != nil {
		if b.stage != "" {
			b.root.RemoveAll(b.stage)
		}
		b.lock.Unlock()
	}
	return b.root.Close()
}
