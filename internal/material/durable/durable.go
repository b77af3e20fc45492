// Package durable writes files as the system at hand keeps them: put in place whole
// or not at all, their names to last, and, where it is asked for, readable by their
// owner alone. What Windows does differently is told here, and nowhere else.
package durable

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// Replace puts data in place of a file, or where none is: whoever opens it has all of
// the old bytes or all of the new ones, after a power cut as well. perm is as for
// os.OpenFile; without bits of group and others, nobody else can read the file, see
// [Own]. A link is replaced, not followed.
func Replace(root *os.Root, name string, data []byte, perm fs.FileMode) error {
	temporary := path.Join(path.Dir(name), "."+path.Base(name)+".new-"+rand.Text()[:8])
	f, err := root.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil && perm&0o077 == 0 {
		err = Own(f)
	}
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = Rename(root, temporary, name)
	}
	if err != nil {
		Remove(root, temporary)
		return err
	}
	return SyncDir(root.Open(path.Dir(name)))
}

// ReplaceFile is [Replace] for a file whose folder may lie anywhere.
func ReplaceFile(file string, data []byte, perm fs.FileMode) error {
	root, err := os.OpenRoot(filepath.Dir(file))
	if err != nil {
		return err
	}
	defer root.Close()
	return Replace(root, filepath.Base(file), data, perm)
}

// Replaceable tells whether a file may be written in place of what is there: there is
// nothing, or a file that own knows by how it begins, its first 128 bytes at most. A link
// is none, wherever it leads.
func Replaceable(file string, own func(head []byte) bool) (bool, error) {
	info, err := os.Lstat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return true, nil
	case err != nil:
		return false, fmt.Errorf("inspect %s: %w", file, err)
	case !info.Mode().IsRegular():
		return false, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return false, fmt.Errorf("inspect %s: %w", file, err)
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, 128))
	if err != nil {
		return false, fmt.Errorf("inspect %s: %w", file, err)
	}
	return own(head), nil
}
