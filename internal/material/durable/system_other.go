//go:build !windows

package durable

import (
	"errors"
	"fmt"
	"os"

	"laurel/internal/material/hint"
)

// Rename is root.Rename, which takes the place of a file that is there. Windows, where
// one that is open in another program is in the way, is asked again for two seconds.
func Rename(root *os.Root, from, to string) error { return root.Rename(from, to) }

// Remove is root.Remove, and RemoveAll root.RemoveAll, but for file systems that do not
// know how Go asks Windows to remove a file in a folder: there its path is used.
func Remove(root *os.Root, name string) error    { return root.Remove(name) }
func RemoveAll(root *os.Root, name string) error { return root.RemoveAll(name) }

// SyncDir makes the names in a folder last, and closes it; its arguments are what
// opening it returned. Windows cannot be asked for that, and does it by itself.
func SyncDir(d *os.File, err error) error {
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Truncate cuts a file, and f is that, open for appending. Windows gives no right to
// cut with that, so it is opened once more.
func Truncate(_ *os.Root, _ string, f *os.File, size int64) error { return f.Truncate(size) }

// Own keeps everybody else from reading a file that was made with a mode for its owner
// alone. That does so by itself but on Windows, where a file has the access list of its
// folder: it gets one of its own, which lets its owner in.
func Own(*os.File) error { return nil }

// Others says how it is that others than its owner can read a file; empty: they cannot,
// or nobody can tell, as of a pipe. On Windows that is told by its access list: whether
// that lets in Everyone, Users, Authenticated Users, Interactive, Network, Guests, or who is anonymous.
func Others(f *os.File) (string, error) {
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if mode := info.Mode(); mode.IsRegular() && mode&0o077 != 0 {
		return fmt.Sprintf("has mode %04o", mode.Perm()), nil
	}
	return "", nil
}

// OwnHint is the command that keeps others from reading a file.
func OwnHint(file string) string { return "chmod 600 " + hint.Arg(file) }

// ReadOnlyHint is the command that makes a file one that its owner cannot write.
func ReadOnlyHint(file string) string { return "chmod 400 " + hint.Arg(file) }
