package ledger_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"laurel/internal/issuing/ledger"
)

// TestMain lets the test binary be another process that writes to a ledger.
func TestMain(m *testing.M) {
	if dir := os.Getenv("LAUREL_TEST_LEDGER"); dir != "" {
		child(dir, os.Getenv("LAUREL_TEST_ROLE"))
		return
	}
	os.Exit(m.Run())
}

func child(dir, role string) {
	o := ledger.Options{MaxSegment: 40 << 10, Now: start}
	switch role {
	case "hold": // keep the lock until standard input ends
		w, err := ledger.OpenWriter(dir, o)
		fmt.Println("held", err)
		io.Copy(io.Discard, os.Stdin)
		if err == nil {
			w.Close()
		}
	case "append": // append groups until killed
		w, err := ledger.OpenWriter(dir, o)
		if err != nil {
			fmt.Println("error", err)
			return
		}
		unsealed := 0 // what a kill left of a group
		for n := w.State().Len(); ; n += 5 {
			var group []ledger.Event
			for ; unsealed < n; unsealed++ {
				if w.State().ByCredential(credential(unsealed)).Capsules == nil {
					group = append(group, capsules(unsealed, ""))
				}
			}
			for i := n; i < n+5; i++ {
				group = append(group, issue(i), capsules(i, ""))
			}
			unsealed += 5
			if err := w.Append(start, group); err != nil {
				fmt.Println("error", err)
				return
			}
			fmt.Println(n + 5)
		}
	case "one": // append one award, waiting for the lock
		for {
			w, err := ledger.OpenWriter(dir, o)
			var locked *ledger.LockedError
			if errors.As(err, &locked) {
				time.Sleep(time.Millisecond)
				continue
			}
			if err != nil {
				fmt.Println("error", err)
				return
			}
			n := w.State().Len()
			err = w.Append(start, issues(n, n+1))
			fmt.Println(n, errors.Join(err, w.Close()))
			return
		}
	}
}

func startChild(t *testing.T, dir, role string) (*exec.Cmd, io.WriteCloser, *bufio.Reader) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "LAUREL_TEST_LEDGER="+dir, "LAUREL_TEST_ROLE="+role)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, in, bufio.NewReader(out)
}

// P21: a second process is told who writes, may read, and gets its turn.
func TestSecondProcess(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "ledger")
	cmd, in, out := startChild(t, dir, "hold")
	if line, err := out.ReadString('\n'); line != "held <nil>\n" {
		t.Fatalf("the first process says %q, %v", line, err)
	}
	_, err := ledger.OpenWriter(dir, ledger.Options{Now: time.Now()})
	var locked *ledger.LockedError
	if !errors.As(err, &locked) {
		t.Fatalf("error is %v", err)
	}
	host, _ := os.Hostname()
	if h := locked.Holder; h.PID != cmd.Process.Pid || h.Host != host || !h.Since.Equal(start) {
		t.Errorf("the holder is told as %+v", h)
	}
	if want := fmt.Sprintf("process %d on %s is writing to it, since ", cmd.Process.Pid, host); !strings.Contains(err.Error(), want) {
		t.Errorf("error is %v", err)
	}
	open(t, dir)
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	w := openWriter(t, dir, ledger.Options{Now: time.Now()})
	if _, err := ledger.OpenWriter(dir, ledger.Options{}); !errors.As(err, &locked) || locked.Holder.PID != os.Getpid() {
		t.Errorf("a second writer of the same process: %v", err)
	}
	w.Close()
	if data, err := os.ReadFile(filepath.Join(dir, ".lock")); err != nil || len(data) != 0 {
		t.Errorf("the lock file of a closed ledger has %q, %v", data, err)
	}
}

// A killed holder's lock is free at once, and its name misleads nobody.
func TestKilledHolder(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes")
	}
	dir := filepath.Join(t.TempDir(), "ledger")
	cmd, _, out := startChild(t, dir, "hold")
	if line, err := out.ReadString('\n'); line != "held <nil>\n" {
		t.Fatalf("the first process says %q, %v", line, err)
	}
	cmd.Process.Kill()
	cmd.Wait()
	openWriter(t, dir, ledger.Options{})
}

// kills is how often TestKill kills; LAUREL_KILLS=1000 before a release.
func kills(t *testing.T) int {
	if s := os.Getenv("LAUREL_KILLS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return 25
}

// P18: kill -9 at a random moment, again and again on the same ledger. What
// was acknowledged is there, nothing is there twice (opening checks that).
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes")
	}
	dir := filepath.Join(t.TempDir(), "ledger")
	for round := range kills(t) {
		cmd, _, out := startChild(t, dir, "append")
		time.AfterFunc(time.Duration(rand.Int64N(int64(60*time.Millisecond))), func() { cmd.Process.Kill() })
		acknowledged := 0
		for {
			line, err := out.ReadString('\n')
			if err != nil {
				break
			}
			if acknowledged, err = strconv.Atoi(strings.TrimSpace(line)); err != nil {
				t.Fatalf("round %d: the writer says %q", round, line)
			}
		}
		cmd.Wait()
		l, err := ledger.Open(dir, ledger.Options{})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if n := l.State().Len(); n < acknowledged {
			t.Fatalf("round %d: %d acknowledged, %d there", round, acknowledged, n)
		}
		l.Close()
	}
	l := open(t, dir)
	unsealed := 0
	for r := range l.State().Records() {
		if _, err := l.Documents(r); err != nil {
			t.Fatal(err)
		}
		if r.Capsules == nil {
			unsealed++ // by the last kill alone
			continue
		}
		if ev, err := l.Event(r.CapsulePos); err != nil || ev.Capsule == nil || ev.Capsule.Credential != r.Credential {
			t.Fatalf("the capsule of %s: %+v, %v", r.Credential, ev, err)
		}
	}
	if unsealed > 5 {
		t.Errorf("%d awards are not sealed", unsealed)
	}
	t.Logf("%d events after %d kills", seqOf(l), kills(t))
}

// P21: eight processes at once come to what they would one after the other.
func TestConcurrentProcesses(t *testing.T) {
	const rounds, width = 3, 8
	dir := filepath.Join(t.TempDir(), "ledger")
	for range rounds {
		var wg sync.WaitGroup
		for range width {
			cmd, _, out := startChild(t, dir, "one")
			wg.Go(func() {
				line, _ := out.ReadString('\n')
				if err := cmd.Wait(); err != nil || !strings.HasSuffix(line, " <nil>\n") {
					t.Errorf("a process says %q, %v", line, err)
				}
			})
		}
		wg.Wait()
	}
	serial := filepath.Join(t.TempDir(), "ledger")
	for n := range rounds * width {
		write(t, serial, ledger.Options{}, issues(n, n+1))
	}
	a, b := open(t, dir), open(t, serial)
	if x, y := summary(a.State()), summary(b.State()); x != y {
		t.Errorf("concurrent:\n%s\nserial:\n%s", x, y)
	}
}
