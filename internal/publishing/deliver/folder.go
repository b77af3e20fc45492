package deliver

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/gofrs/flock"
)

// temporary begins the names of files that are being written.
const temporary = ".laurel-new-"

// lockFile is held while a run writes.
const lockFile = ".laurel-lock"

// Folder is a delivery on disk. Its files are 0600 and its folders 0700.
type Folder struct {
	root *os.Root
	lock *flock.Flock
	site string

	mu      sync.Mutex
	entries map[string]entry
	journal *os.File
}

// BusyError says that another run writes to the folder.
type BusyError struct{}

func (*BusyError) Error() string { return "another laurel deliver is writing to this folder" }

// OpenFolder opens a delivery of the site, whose baseURL is named, in dir, and
// makes the folder if it is not there. It fails with a *ForeignError for a
// folder that holds anything and no delivery. Close must be called.
func OpenFolder(dir, site string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder: %w", err)
	}
	f := &Folder{root: root, site: site}
	if err := f.open(dir); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (f *Folder) open(dir string) error {
	entries, known, err := readRecord(f.root, f.site)
	if err != nil {
		return err
	}
	if !known {
		if name, err := f.foreign(); err != nil || name != "" {
			return errors.Join(err, foreignOrNil(name))
		}
	}
	f.lock = flock.New(filepath.Join(dir, lockFile))
	if ok, err := f.lock.TryLock(); err != nil {
		f.lock = nil
		return fmt.Errorf("lock the folder: %w", err)
	} else if !ok {
		f.lock = nil
		return &BusyError{}
	}
	if known { // as it is now that nobody else writes
		if entries, _, err = readRecord(f.root, f.site); err != nil {
			return err
		}
	}
	f.entries = entries
	if err := f.put(".gitignore", []byte(gitignore)); err != nil {
		return err
	}
	if err := f.save(); err != nil {
		return err
	}
	f.journal, err = f.root.OpenFile(recordFile, os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("open %s: %w", recordFile, err)
	}
	return nil
}

// gitignore keeps a delivery out of git, where names stay for good.
const gitignore = "# Written by laurel deliver: what is here names people.\n*\n"

func foreignOrNil(name string) error {
	if name == "" {
		return nil
	}
	return &ForeignError{name}
}

// foreign is the first file in a folder that is no delivery yet; a lock that a
// run left behind is none.
func (f *Folder) foreign() (string, error) {
	all, err := fs.ReadDir(f.root.FS(), ".")
	if err != nil {
		return "", fmt.Errorf("read the folder: %w", err)
	}
	for _, e := range all {
		if e.Name() != lockFile && e.Name() != ".gitignore" && !strings.HasPrefix(e.Name(), temporary) {
			return e.Name(), nil
		}
	}
	return "", nil
}

// save writes the record with one line a folder.
func (f *Folder) save() error {
	b, err := wholeRecord(f.site, f.entries)
	if err != nil {
		return fmt.Errorf("write %s: %w", recordFile, err)
	}
	return f.put(recordFile, b)
}

// note writes down what is now known of a folder.
func (f *Folder) note(e entry) error {
	text, err := e.line()
	if err != nil {
		return fmt.Errorf("write %s: %w", recordFile, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.journal.Write(text); err != nil {
		return fmt.Errorf("write %s: %w", recordFile, err)
	}
	if len(e.Files) == 0 {
		delete(f.entries, e.Folder)
	} else {
		f.entries[e.Folder] = e
	}
	return nil
}

func (f *Folder) entry(folder string) entry {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.entries[folder]
}

// unchanged tells whether a folder was made from the same before and still has
// all of its files, none of them emptied by a power cut.
func (f *Folder) unchanged(folder, made string) bool {
	e := f.entry(folder)
	if e.Made != made {
		return false
	}
	for _, name := range e.Files {
		if info, err := f.root.Lstat(folder + "/" + name); err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
			return false
		}
	}
	return true
}

// file is one to be written, named below its folder.
type file struct {
	name string
	data []byte
}

// write puts the files into a folder and removes those that an earlier run
// wrote there and this one does not. What is there and was not written by a run
// is a *ForeignError. The names are noted before anything is written, so that a
// run that is killed knows its own files.
func (f *Folder) write(folder string, files []file, made, pending string) error {
	old := f.entry(folder)
	now := entry{Folder: folder, Delivered: old.Delivered, Pending: pending}
	for _, file := range files {
		now.Files = append(now.Files, file.name)
		full := folder + "/" + file.name
		if _, err := f.root.Lstat(full); err == nil && !slices.Contains(old.Files, file.name) {
			return &ForeignError{full}
		}
	}
	during := now
	during.Files = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(now.Files), old.Files...))))
	if err := f.note(during); err != nil {
		return err
	}
	if old.Made == "" && old.Files != nil {
		f.sweepAll(folder, old.Files)
	}
	for _, file := range files {
		if err := f.put(folder+"/"+file.name, file.data); err != nil {
			return err
		}
	}
	for _, name := range old.Files {
		if !slices.Contains(now.Files, name) {
			if err := f.remove(folder, name); err != nil {
				return err
			}
		}
	}
	now.Made = made
	return f.note(now)
}

// put writes a file under a temporary name and gives it its own.
func (f *Folder) put(name string, data []byte) error {
	dir := path.Dir(name)
	if err := f.root.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make %s: %w", dir, err)
	}
	temp := path.Join(dir, temporary+rand.Text()[:10])
	w, err := f.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	_, err = w.Write(data)
	if closed := w.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = f.root.Rename(temp, name)
	}
	if err != nil {
		f.root.Remove(temp)
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// remove removes a file below a folder, and the folders it leaves empty.
func (f *Folder) remove(folder, name string) error {
	full := folder + "/" + name
	if err := f.root.Remove(full); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove %s: %w", full, err)
	}
	for dir := path.Dir(full); dir != "."; dir = path.Dir(dir) {
		f.sweep(dir)
		if f.root.Remove(dir) != nil {
			break // not empty
		}
	}
	return nil
}

// sweep removes what a run that was killed was writing.
func (f *Folder) sweep(dir string) {
	all, err := fs.ReadDir(f.root.FS(), dir)
	if err != nil {
		return
	}
	for _, e := range all {
		if strings.HasPrefix(e.Name(), temporary) {
			f.root.Remove(path.Join(dir, e.Name()))
		}
	}
}

// sweepAll does so in a folder and in those below it that its files are in.
func (f *Folder) sweepAll(folder string, files []string) {
	seen := map[string]bool{}
	for _, name := range files {
		if dir := path.Dir(folder + "/" + name); !seen[dir] {
			seen[dir] = true
			f.sweep(dir)
		}
	}
}

// stale are the folders, sorted, of an earlier run that are not among the due
// ones.
func (f *Folder) stale(due map[string]bool) []string {
	var out []string
	for _, folder := range sortedKeys(f.entries) {
		if !due[folder] {
			out = append(out, folder)
		}
	}
	return out
}

// prune removes what earlier runs wrote to a folder.
func (f *Folder) prune(folder string) error {
	for _, name := range f.entry(folder).Files {
		if err := f.remove(folder, name); err != nil {
			return err
		}
	}
	return f.note(entry{Folder: folder})
}

// finish notes that a run has come to its end: what is pending is delivered.
func (f *Folder) finish() error {
	for folder, e := range f.entries {
		if e.Pending != "" {
			e.Delivered, e.Pending = e.Pending, ""
			f.entries[folder] = e
		}
	}
	return f.save()
}

// Close ends a run. What was written stays, and is known to the next one.
func (f *Folder) Close() error {
	if f.journal != nil {
		f.journal.Close()
	}
	if f.lock != nil {
		f.lock.Unlock()
	}
	return f.root.Close()
}
