package deliver

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/gofrs/flock"

	"laurel/internal/material/durable"
	"laurel/internal/material/hint"
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

	// OwnGitignore tells that somebody else's .gitignore is there, which stays.
	OwnGitignore bool

	mu      sync.Mutex
	entries map[string]entry
	journal *os.File
	length  int64 // of what the journal has for certain

	// fill writes the bytes of a file; a test has it fail.
	fill func(w *os.File, data []byte) error
}

// ErrBusy says that another run writes to the folder.
var ErrBusy = hint.Errorf("wait for it to end", "another laurel deliver is writing to this folder")

// OpenFolder opens a delivery of the site, whose baseURL is named, in dir, and
// makes the folder if it is not there. It fails with a *ForeignError for a
// folder that holds anything and no delivery, and with a *DamagedError for one
// whose record cannot be read. Close must be called.
func OpenFolder(dir, site string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder: %w", cause(err))
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder: %w", cause(err))
	}
	f := &Folder{root: root, site: site, fill: func(w *os.File, data []byte) error {
		_, err := w.Write(data)
		return err
	}}
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
		if err := f.foreign(); err != nil {
			return err
		}
	}
	if err := f.hold(dir); err != nil {
		return err
	}
	if known { // as it is now that nobody else writes
		if entries, _, err = readRecord(f.root, f.site); err != nil {
			return err
		}
	}
	f.entries = entries
	if err := f.ignored(); err != nil {
		return err
	}
	return f.save()
}

// hold takes the lock of the folder. The lock is never a link, which might lead
// out of it: one that is there is looked at first, and what was locked after.
func (f *Folder) hold(dir string) error {
	if w, err := f.root.OpenFile(lockFile, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600); err == nil {
		w.Close()
	} else if !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("lock the folder: %w", cause(err))
	}
	there, err := f.root.Lstat(lockFile)
	if err != nil {
		return fmt.Errorf("lock the folder: %w", cause(err))
	}
	if !there.Mode().IsRegular() {
		return fmt.Errorf("lock the folder: %s is not a file of laurel's", lockFile)
	}
	name := filepath.Join(dir, lockFile)
	lock := flock.New(name, flock.SetFlag(os.O_RDONLY))
	if ok, err := lock.TryLock(); err != nil {
		return fmt.Errorf("lock the folder: %w", cause(err))
	} else if !ok {
		return ErrBusy
	}
	f.lock = lock
	if locked, err := os.Stat(name); err != nil || !os.SameFile(there, locked) {
		return fmt.Errorf("lock the folder: %s was replaced meanwhile", lockFile)
	}
	return nil
}

// gitignore keeps a delivery out of git, where names stay for good.
const gitignore = "# Written by laurel deliver: the files here name people.\n*\n"

// ignored writes .gitignore. One that says something else is somebody's.
func (f *Folder) ignored() error {
	const name = ".gitignore"
	info, err := f.root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return f.put(".", name, []byte(gitignore))
	}
	if err != nil {
		return fmt.Errorf("inspect %s: %w", name, cause(err))
	}
	f.OwnGitignore = true
	if info.Mode().IsRegular() && info.Size() == int64(len(gitignore)) {
		text, err := f.root.ReadFile(name)
		if err != nil {
			return fmt.Errorf("read %s: %w", name, cause(err))
		}
		f.OwnGitignore = string(text) != gitignore
	}
	return nil
}

// foreign is an error for a folder without a record that holds anything but
// what a run leaves that was stopped at its beginning.
func (f *Folder) foreign() error {
	all, err := fs.ReadDir(f.root.FS(), ".")
	if err != nil {
		return fmt.Errorf("read the folder: %w", cause(err))
	}
	count, record := 0, false
	for _, e := range all {
		switch name := e.Name(); {
		case name == recordFile:
			record = true
		case name != lockFile && name != ".gitignore" && !strings.HasPrefix(name, temporary):
			count++
		}
	}
	switch {
	case count == 0:
		return nil
	case record:
		return &DamagedError{}
	}
	return &ForeignError{Count: count}
}

// save writes the record with one line a folder, durably, and opens it for the
// notes of this run.
func (f *Folder) save() error {
	b, err := wholeRecord(f.site, f.entries)
	if err != nil {
		return fmt.Errorf("write %s: %w", recordFile, err)
	}
	if f.journal != nil {
		f.journal.Close()
		f.journal = nil
	}
	if err := f.put(".", recordFile, b); err != nil {
		return err
	}
	if err := f.syncFolder(); err != nil {
		return fmt.Errorf("write %s: %w", recordFile, cause(err))
	}
	f.journal, err = f.root.OpenFile(recordFile, os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("open %s: %w", recordFile, cause(err))
	}
	f.length = int64(len(b))
	return nil
}

// syncFolder makes the names in the delivery's folder durable.
func (f *Folder) syncFolder() error {
	return durable.SyncDir(f.root.Open("."))
}

// note writes down what is now known of a folder; durably where files are
// written only then, which without a note would be somebody else's.
func (f *Folder) note(e entry, durably bool) error {
	text, err := e.line()
	if err != nil {
		return fmt.Errorf("write %s: %w", recordFile, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	err = f.fill(f.journal, text)
	if err == nil && durably {
		err = f.journal.Sync()
	}
	if err != nil {
		// Half a line would spoil the next one.
		return fmt.Errorf("write %s: %w", recordFile, cause(errors.Join(err, durable.Truncate(f.root, recordFile, f.journal, f.length))))
	}
	f.length += int64(len(text))
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

// unchanged tells whether a folder was made from the same, for the same, and has
// all of its files, none of them emptied by a power cut.
func (f *Folder) unchanged(folder, who, made string) bool {
	e := f.entry(folder)
	if e.Made != made || e.Who != who {
		return false
	}
	return !slices.ContainsFunc(e.Files, func(name string) bool {
		info, err := f.root.Lstat(folder + "/" + name)
		return err != nil || !info.Mode().IsRegular() || info.Size() == 0
	})
}

// file is one to be written, named below its folder.
type file struct {
	name string
	data []byte
}

// write puts the files of a learner into a folder and removes those that an
// earlier run wrote there and this one does not. What is there and was not
// written by a run, or was written for another learner, is a *ForeignError. The
// names are noted before anything is written, so that a run that is killed
// knows its own files.
func (f *Folder) write(folder, who string, files []file, made, pending string) error {
	old := f.entry(folder)
	if old.Files != nil && old.Who != who {
		return &ForeignError{File: files[0].name}
	}
	now := entry{Folder: folder, Who: who, Delivered: old.Delivered, Pending: pending}
	for _, file := range files {
		now.Files = append(now.Files, file.name)
		if _, err := f.root.Lstat(folder + "/" + file.name); err == nil && !slices.Contains(old.Files, file.name) {
			return &ForeignError{File: file.name}
		}
	}
	during := now
	during.Files = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(now.Files), old.Files...))))
	if err := f.note(during, true); err != nil {
		return err
	}
	if old.Made == "" && old.Files != nil {
		f.sweepAll(folder, old.Files)
	}
	for _, file := range files {
		if err := f.put(folder, file.name, file.data); err != nil {
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
	return f.note(now, false)
}

// put writes a file of a folder under a temporary name and gives it its own.
// The error names the file, and never the folder, which is called after
// somebody.
func (f *Folder) put(folder, name string, data []byte) error {
	full := path.Join(folder, name)
	dir := path.Dir(full)
	temp := path.Join(dir, temporary+rand.Text()[:10])
	err := f.root.MkdirAll(dir, 0o700)
	if err == nil {
		err = f.create(temp, data, name == recordFile)
	}
	if err == nil {
		err = durable.Rename(f.root, temp, full)
	}
	if err != nil {
		durable.Remove(f.root, temp)
		return fmt.Errorf("write %s: %w", name, cause(err))
	}
	return nil
}

// create writes a file that is not there.
func (f *Folder) create(name string, data []byte, durably bool) error {
	w, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = f.fill(w, data)
	if err == nil && durably {
		err = w.Sync()
	}
	return errors.Join(err, w.Close())
}

// cause is why the file system failed, without the path, which names people.
func cause(err error) error {
	var (
		at   *fs.PathError
		link *os.LinkError
	)
	switch {
	case errors.As(err, &at):
		return at.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

// remove removes a file below a folder, and the folders it leaves empty.
func (f *Folder) remove(folder, name string) error {
	full := folder + "/" + name
	if err := durable.Remove(f.root, full); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove %s: %w", name, cause(err))
	}
	for dir := path.Dir(full); dir != "."; dir = path.Dir(dir) {
		f.sweep(dir)
		if durable.Remove(f.root, dir) != nil {
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
			durable.Remove(f.root, path.Join(dir, e.Name()))
		}
	}
}

// sweepAll does so in a folder and in those below it that its files are in.
func (f *Folder) sweepAll(folder string, files []string) {
	dirs := map[string]bool{}
	for _, name := range files {
		dirs[path.Dir(folder+"/"+name)] = true
	}
	for dir := range dirs {
		f.sweep(dir)
	}
}

// stale are the folders, sorted, of an earlier run that are not among the due
// ones.
func (f *Folder) stale(due map[string]bool) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(f.entries)), func(folder string) bool { return due[folder] })
}

// prune removes what earlier runs wrote to a folder.
func (f *Folder) prune(folder string) error {
	for _, name := range f.entry(folder).Files {
		if err := f.remove(folder, name); err != nil {
			return fmt.Errorf("remove a folder that is no longer due: %w", err)
		}
	}
	return f.note(entry{Folder: folder}, false)
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
