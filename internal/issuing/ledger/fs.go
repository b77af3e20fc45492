package ledger

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"laurel/internal/material/durable"
)

// FS is the ledger's folder, as far as the ledger uses it. Names are plain file
// names. Close is called once, by the Ledger's Close.
type FS interface {
	ReadDir() ([]fs.DirEntry, error)
	OpenFile(name string, flag int, perm fs.FileMode) (File, error)
	// SyncDir makes created files' names durable.
	SyncDir() error
	Close() error
}

// File is one segment. Write appends.
type File interface {
	io.Reader
	io.ReaderAt
	io.Writer
	Sync() error
	Truncate(size int64) error
	Close() error
}

// How segments are opened.
const (
	openRead   = os.O_RDONLY
	openAppend = os.O_WRONLY | os.O_APPEND
	openCreate = os.O_WRONLY | os.O_APPEND | os.O_CREATE | os.O_EXCL

	// A ledger holds names and addresses: nobody else's business.
	filePerm = 0o600
	dirPerm  = 0o700
)

// rootFS is the real folder. os.Root keeps symbolic links from leading out.
type rootFS struct{ root *os.Root }

func openRoot(dir string) (FS, error) {
	if info, err := os.Lstat(dir); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("%s is not a folder (a link leads elsewhere)", dir)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return rootFS{root}, nil
}

func (r rootFS) ReadDir() ([]fs.DirEntry, error) { return fs.ReadDir(r.root.FS(), ".") }

func (r rootFS) OpenFile(name string, flag int, perm fs.FileMode) (File, error) {
	f, err := r.root.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return segment{f, r.root, name}, nil
}

// segment is a file that can be cut also where it is open for appending.
type segment struct {
	*os.File
	root *os.Root
	name string
}

func (s segment) Truncate(size int64) error { return durable.Truncate(s.root, s.name, s.File, size) }

func (r rootFS) SyncDir() error { return durable.SyncDir(r.root.Open(".")) }

func (r rootFS) Close() error { return r.root.Close() }

// makeDir creates the ledger's folder, durably.
func makeDir(dir string) error {
	_, err := os.Stat(dir)
	if err == nil {
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	parent := filepath.Dir(filepath.Clean(dir))
	if parent != dir {
		if err := makeDir(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, dirPerm); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := durable.SyncDir(os.Open(parent)); err != nil {
		return fmt.Errorf("sync %s: %w", parent, err)
	}
	return nil
}
