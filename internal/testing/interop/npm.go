package interop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

// oldestNode is the least major version of Node that the scripts here run on.
const oldestNode = 20

// Install makes sure that Node is there and that node_modules in dir is what
// package-lock.json beside it says, with npm ci if it is not. Tests of several
// packages may ask for the same folder at the same time.
func Install(ctx context.Context, dir string) error {
	if err := checkNode(ctx); err != nil {
		return err
	}
	lock := flock.New(filepath.Join(dir, "package-lock.json"))
	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return fmt.Errorf("lock %s: %w", dir, err)
	}
	defer lock.Unlock()
	if fresh(dir) {
		return nil
	}
	npm := exec.CommandContext(ctx, "npm", "ci", "--no-audit", "--no-fund")
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci in %s: %w\n%s", dir, err, out)
	}
	return nil
}

// Run runs a script of the folder dir, which is this package's own as seen from
// the test that asks, after Install. It gives the script a text to read.
func Run(ctx context.Context, dir, input string, args ...string) (stdout, stderr []byte, code int, err error) {
	script := append([]string{filepath.Join(dir, args[0])}, args[1:]...)
	cmd := exec.CommandContext(ctx, "node", script...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &errs
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, nil, 0, fmt.Errorf("node %s: %w", args[0], err)
	}
	return out.Bytes(), errs.Bytes(), cmd.ProcessState.ExitCode(), nil
}

func checkNode(ctx context.Context) error {
	out, err := exec.CommandContext(ctx, "node", "--version").Output()
	if err != nil {
		return fmt.Errorf("these tests need Node %d or newer and npm (Debian: apt-get install nodejs npm): %w", oldestNode, err)
	}
	version := strings.TrimPrefix(strings.TrimSpace(string(out)), "v")
	major, _, _ := strings.Cut(version, ".")
	if n, err := strconv.Atoi(major); err != nil || n < oldestNode {
		return errors.New("these tests need Node " + strconv.Itoa(oldestNode) + " or newer, this is " + version)
	}
	return nil
}

// fresh tells whether npm finished installing after the lockfile was last
// changed. npm writes the hidden lockfile last.
func fresh(dir string) bool {
	done, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json"))
	if err != nil {
		return false
	}
	lock, err := os.Stat(filepath.Join(dir, "package-lock.json"))
	return err == nil && !lock.ModTime().After(done.ModTime())
}

// Repository is the folder of go.mod, which a test of whatever package lies
// below.
func Repository(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("there is no go.mod above this test")
		}
		dir = parent
	}
}
