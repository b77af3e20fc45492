package interop

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The sample academy's base URL, and the awards whose status the tests change.
// All of them are public.
const (
	baseURL = "https://academy.example.org/larkspur"

	revokedAward    = "food-2026/food-handler/food-01"
	suspendedAward  = "data-2026/data-analysis/data-02"
	reinstatedAward = "welding-spring-2026/mig-welding-1/hong-gildong"
)

// Signing happens at one fixed time and judging an hour later, so that the
// verdicts are the same after an award has expired.
var (
	signedAt = time.Date(2026, 11, 15, 12, 0, 0, 0, time.UTC)
	judgedAt = signedAt.Add(time.Hour)
)

// academy is the sample academy, signed and built in a folder of its own.
type academy struct {
	bin string
	dir string // the site folder
	key string // passphrase file
	url string // base URL
}

// buildAcademy goes the way of a provider: key, sign, decide on three awards,
// sign the list again, build.
func buildAcademy(t *testing.T) *academy {
	t.Helper()
	a := &academy{bin: laurel(t), dir: t.TempDir(), url: baseURL}
	content := os.DirFS(filepath.Join("..", "..", "..", "content"))
	if err := os.CopyFS(filepath.Join(a.dir, "content"), content); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(a.dir, "content", "ledger")); err != nil {
		t.Fatal(err)
	}
	a.writeHardText(t)
	a.key = filepath.Join(t.TempDir(), "passphrase")
	if err := os.WriteFile(a.key, []byte("a made-up passphrase for a test\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	a.run(t, "key", "new", "--passphrase-file", a.key)
	a.run(t, "key", "new", "--algorithm", "P-256", "--passphrase-file", a.key)
	a.run(t, "key", "new", "--profile", "welders-guild", "--passphrase-file", a.key)
	a.run(t, "sign", "--yes", "--passphrase-file", a.key)
	a.run(t, "revoke", revokedAward, "--reason", "licence withdrawn after an inspection")
	a.run(t, "suspend", suspendedAward, "--reason", "project under review")
	a.run(t, "suspend", reinstatedAward, "--reason", "test pieces mixed up")
	a.run(t, "reinstate", reinstatedAward, "--reason", "test pieces found")
	a.run(t, "sign", "--yes", "--passphrase-file", a.key)
	a.run(t, "build")
	return a
}

// laurel is the binary of LAUREL_BIN, or one that is built here.
func laurel(t *testing.T) string {
	t.Helper()
	if bin := os.Getenv("LAUREL_BIN"); bin != "" {
		return bin
	}
	bin := filepath.Join(t.TempDir(), "laurel")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", bin, "laurel/cmd/laurel").CombinedOutput(); err != nil {
		t.Fatalf("build laurel: %v\n%s", err, out)
	}
	return bin
}

func (a *academy) public() string { return filepath.Join(a.dir, "public") }

// run carries out one command and fails the test if it does not succeed.
func (a *academy) run(t *testing.T, args ...string) []byte {
	t.Helper()
	stdout, code := a.try(t, args...)
	if code != 0 {
		t.Fatalf("laurel %s: exit code %d", strings.Join(args, " "), code)
	}
	return stdout
}

// try carries out one command and returns its standard output and exit code.
func (a *academy) try(t *testing.T, args ...string) ([]byte, int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), a.bin, append([]string{"-C", a.dir}, args...)...)
	cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH="+strconv.FormatInt(signedAt.Unix(), 10))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("laurel %s: %v", strings.Join(args, " "), err)
	}
	if stderr.Len() > 0 {
		t.Logf("laurel %s: %s", strings.Join(args, " "), bytes.TrimSpace(stderr.Bytes()))
	}
	return stdout.Bytes(), cmd.ProcessState.ExitCode()
}

// issued maps award keys to credential ids, as the ledger has them.
func (a *academy) issued(t *testing.T) map[string]string {
	t.Helper()
	segments, err := filepath.Glob(filepath.Join(a.dir, "content", "ledger", "*.jsonl"))
	if err != nil || len(segments) == 0 {
		t.Fatalf("no ledger in the site folder (%v)", err)
	}
	ids := map[string]string{}
	for _, name := range segments {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<24)
		for lines.Scan() {
			var e struct{ Type, Award, Credential string }
			if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if e.Type == "issue" {
				ids[e.Award] = e.Credential
			}
		}
		if err := errors.Join(lines.Err(), file.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return ids
}

// credentialFile is where a public award's credential is published.
func (a *academy) credentialFile(id string) string {
	return filepath.Join(a.public(), "awards", strings.TrimPrefix(id, "urn:uuid:"), "credential.json")
}
