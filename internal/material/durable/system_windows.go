package durable

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/windows"

	"laurel/internal/material/hint"
)

// patience is how long a file may be in the way that another program, such as a virus
// scanner, has open.
const patience = 2 * time.Second

// Rename is root.Rename, which takes the place of a file that is there. A read-only
// one is in the way but for this, and one that another program has open for a while.
func Rename(root *os.Root, from, to string) error {
	err := root.Rename(from, to)
	if !busy(err) {
		return err
	}
	if info, e := root.Lstat(to); e == nil && info.Mode().IsRegular() && info.Mode()&0o200 == 0 {
		if e := root.Chmod(to, 0o600); e != nil {
			return e
		}
		err = root.Rename(from, to)
	}
	for waited, wait := time.Duration(0), 5*time.Millisecond; busy(err) && waited < patience; waited, wait = waited+wait, 2*wait {
		time.Sleep(wait)
		err = root.Rename(from, to)
	}
	return err
}

func busy(err error) bool {
	return errors.Is(err, windows.ERROR_ACCESS_DENIED) || errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, fs.ErrPermission)
}

// Remove is root.Remove, and RemoveAll root.RemoveAll, but for file systems that do not
// know how Go asks to remove a file in a folder: there its path is used.
func Remove(root *os.Root, name string) error {
	return remove(root, name, root.Remove, os.Remove)
}

func RemoveAll(root *os.Root, name string) error {
	return remove(root, name, root.RemoveAll, removeTree)
}

func remove(root *os.Root, name string, inside, path func(string) error) error {
	err := inside(name)
	if errors.Is(err, windows.ERROR_INVALID_FUNCTION) {
		return path(filepath.Join(root.Name(), filepath.FromSlash(name)))
	}
	return err
}

// removeTree is os.RemoveAll, which asks as Go does in a folder, one by one.
func removeTree(path string) error {
	if info, err := os.Lstat(path); err == nil && info.IsDir() {
		entries, err := os.ReadDir(path)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if err := removeTree(filepath.Join(path, e.Name())); err != nil {
				return err
			}
		}
	}
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// SyncDir closes a folder; its arguments are what opening it returned. Windows cannot
// be asked to make the names in it last, and does it by itself.
func SyncDir(d *os.File, err error) error {
	if err != nil {
		return err
	}
	return d.Close()
}

// Truncate cuts a file, which is open for appending as well: that gives no right to
// cut it, so it is opened once more.
func Truncate(root *os.Root, name string, _ *os.File, size int64) error {
	f, err := root.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Truncate(size), f.Close())
}

// Own gives a file an access list of its own, instead of that of its folder: it lets in
// its owner alone, which does not keep administrators from taking it.
func Own(f *os.File) error {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return err
	}
	list, err := windows.SecurityDescriptorFromString("D:P(A;;FA;;;" + user.User.Sid.String() + ")")
	if err != nil {
		return err
	}
	dacl, _, err := list.DACL()
	if err != nil {
		return err
	}
	err = windows.SetNamedSecurityInfo(f.Name(), windows.SE_FILE_OBJECT,
		windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, dacl, nil)
	if errors.Is(err, windows.ERROR_NOT_SUPPORTED) || errors.Is(err, windows.ERROR_INVALID_FUNCTION) {
		return nil // a disk without access lists, such as a stick
	}
	return err
}

// crowds are groups that strangers belong to, by their letters in an access list as text.
var crowds = map[string]string{"WD": "Everyone", "BU": "Users", "AU": "Authenticated Users", "IU": "Interactive", "NU": "Network", "BG": "Guests", "AN": "Anonymous"}

// Others says how it is that others than its owner can read a file; empty: they cannot,
// or nobody can tell, as of a pipe or on a disk without access lists. It looks whether
// the access list lets in one of crowds, and at no other account or group.
func Others(f *os.File) (string, error) {
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return "", err
	}
	list, err := windows.GetSecurityInfo(windows.Handle(f.Fd()), windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return "", nil // nothing is kept of who may read it
	}
	if group := crowd(list.String()); group != "" {
		return "lets the group " + group + " in", nil
	}
	return "", nil
}

// crowd is the first group of crowds that an access list lets read; empty: none. The
// list is text, as SECURITY_DESCRIPTOR_STRING has it ("SDDL"): entries in parentheses
// of type;flags;rights;;;who, rights a number or letters in pairs.
func crowd(list string) string {
	for _, entry := range strings.Split(list, "(")[1:] {
		fields := strings.Split(strings.TrimRight(entry, ")"), ";")
		if len(fields) < 6 || fields[0] != "A" || strings.Contains(fields[1], "IO") {
			continue // denies, audits, or is only for what is made in a folder
		}
		const read = windows.FILE_READ_DATA | windows.GENERIC_READ | windows.GENERIC_ALL
		mask, err := strconv.ParseUint(fields[2], 0, 64)
		reads := err == nil && mask&read != 0
		for pair := range slices.Chunk([]byte(fields[2]), 2) {
			reads = reads || err != nil && slices.Contains([]string{"FA", "FR", "GA", "GR", "CC"}, string(pair))
		}
		if name := crowds[fields[5]]; reads && name != "" {
			return name
		}
	}
	return ""
}

// OwnHint is the command that keeps others from reading a file.
func OwnHint(file string) string {
	name := "YOU"
	if user, err := windows.GetCurrentProcessToken().GetTokenUser(); err == nil {
		if account, _, _, err := user.User.Sid.LookupAccount(""); err == nil {
			name = account
		}
	}
	return "icacls " + hint.Arg(file) + " /inheritance:r /grant:r " + hint.Arg(name+":F")
}

// ReadOnlyHint is the command that makes a file one that its owner cannot write.
func ReadOnlyHint(file string) string { return "attrib +R " + hint.Arg(file) }
