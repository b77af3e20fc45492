package publish

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"
)

// Unchanged tells whether the file on disk is the one an earlier build wrote
// under the same fingerprint, and if so takes it over: Put is not needed.
func (b *Build) Unchanged(p string) bool {
	was, remembered := b.old[p]
	info, there := b.there[p]
	if !remembered || !there || was.Fingerprint != b.planned[p].Fingerprint {
		return false
	}
	if info.Size() != was.Size || info.ModTime().UnixNano() != was.ModTime {
		return false
	}
	b.keep(p, was)
	return true
}

// Placed is a planned file that is in place.
type Placed struct {
	Path string
	Size int64
	Sum  [sha256.Size]byte
}

// Placed are the files that are as they were planned, sorted by path, once Unchanged
// was asked of each; stale are the paths of all others, and of what an earlier build
// wrote and this one would prune.
func (b *Build) Placed() (files []Placed, stale []string) {
	for p := range b.planned {
		if e, ok := b.next[p]; ok {
			files = append(files, Placed{p, e.Size, e.Sum})
		} else {
			stale = append(stale, p)
		}
	}
	for p := range b.old {
		_, planned := b.planned[p]
		if _, there := b.there[p]; there && !planned {
			stale = append(stale, p)
		}
	}
	slices.SortFunc(files, func(x, y Placed) int { return strings.Compare(x.Path, y.Path) })
	slices.Sort(stale)
	return files, stale
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
		if e.ModTime, err = write(folder, path.Base(f.Path), f.Data, b.began); err != nil {
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
	e = entry{Fingerprint: f.Fingerprint, Sum: sha256.Sum256(m.Data), Size: int64(len(m.Data))}
	was, remembered := b.old[m.Path]
	if f.Immutable && remembered && was.Sum != e.Sum {
		return e, false, &ImmutableError{m.Path}
	}
	info, there := b.there[m.Path]
	if !there {
		return e, true, nil
	}
	full := folder + "/" + m.Path
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

// write makes a new file and returns its modification time as the file system
// keeps it: that of the whole build. Hosts show it, and the moments at which
// single files were made would tell which of them belong together.
func write(dir *os.Root, name string, data []byte, modified time.Time) (int64, error) {
	f, err := dir.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return 0, err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close(), dir.Chtimes(name, modified, modified)); err != nil {
		return 0, err
	}
	info, err := dir.Stat(name)
	if err != nil {
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
