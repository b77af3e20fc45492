package ledger

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/gofrs/flock"
)

const lockName = ".lock"

// holderName is where a writer leaves word: in the lock itself, but on Windows, where
// nobody else can read a file that is locked.
func holderName(lock string) string {
	if runtime.GOOS == "windows" {
		return lock + ".holder"
	}
	return lock
}

// Holder is who writes to a ledger.
type Holder struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	Since time.Time `json:"since,omitzero"` // Options.Now of the holder; zero when it gave none
}

// LockedError means that another process is writing to the ledger.
type LockedError struct {
	Dir    string
	Holder Holder // zero when the holder has not said yet
}

func (e *LockedError) Error() string {
	if e.Holder.PID == 0 {
		return fmt.Sprintf("ledger %s: another process is writing to it", e.Dir)
	}
	s := fmt.Sprintf("ledger %s: process %d on %s is writing to it", e.Dir, e.Holder.PID, printable(e.Holder.Host))
	if !e.Holder.Since.IsZero() {
		s += ", since " + stamp(e.Holder.Since)
	}
	return s
}

// Hint says what to try.
func (*LockedError) Hint() string {
	return "wait for it to end; if it is no longer running, its lock is gone too, and laurel can be run again"
}

// lock takes the ledger for writing. The operating system frees it when the
// process ends, however that happens, so the file stays and is never stale.
func lock(dir string, now time.Time) (*flock.Flock, error) {
	name := filepath.Join(dir, lockName)
	if fi, err := os.Lstat(name); err == nil && !fi.Mode().IsRegular() {
		return nil, fmt.Errorf("lock ledger: %s is not a regular file", name)
	}
	fl := flock.New(name, flock.SetPermissions(filePerm))
	ok, err := fl.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock ledger: %w", err)
	}
	if !ok {
		return nil, &LockedError{Dir: dir, Holder: readHolder(holderName(name))}
	}
	if err := writeHolder(holderName(name), now); err != nil {
		return nil, errors.Join(fmt.Errorf("lock ledger: %w", err), fl.Unlock())
	}
	return fl, nil
}

// writeHolder leaves word for a second writer. It need not last, so there is
// no fsync.
func writeHolder(name string, now time.Time) error {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	b, err := json.Marshal(Holder{PID: os.Getpid(), Host: host, Since: now.UTC().Truncate(time.Second)})
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(b, '\n'), filePerm)
}

func readHolder(name string) Holder {
	f, err := os.Open(name)
	if err != nil {
		return Holder{}
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, 4096))
	var h Holder
	if err != nil || json.Unmarshal(b, &h) != nil {
		return Holder{}
	}
	return h
}

// unlock removes the holder's name first, so that it never names a process
// that no longer writes.
func unlock(fl *flock.Flock) error {
	err := os.Truncate(holderName(fl.Path()), 0)
	if errors.Is(err, fs.ErrNotExist) { // the whole folder was removed meanwhile
		err = nil
	}
	return errors.Join(err, fl.Unlock())
}
