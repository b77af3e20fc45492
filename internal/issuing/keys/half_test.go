//go:build !windows

package keys_test

import (
	"errors"
	"syscall"
	"testing"

	"laurel/internal/issuing/keys"
)

// Both files or none: where writing fails, nothing is left, and the name is
// free.
func TestNoHalfKey(t *testing.T) {
	dir := t.TempDir()
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	// Every file is cut at 64 bytes, as on a full disk.
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 64, Max: before.Max}); err != nil {
		t.Fatal(err)
	}
	_, err := keys.New(dir, "key-a", keys.Ed25519, passphrase, now, quick)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(err, syscall.EFBIG) {
		t.Errorf("error is %v", err)
	}
	if got := names(t, dir); got != "" {
		t.Errorf("the folder has %s", got)
	}
	newKey(t, dir, "key-a", keys.Ed25519)
}
