package interop

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"sync"
	"testing"
	"time"
)

// installed makes node_modules once for all tests of a run.
var installed = sync.OnceValue(func() error {
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Minute)
	defer stop()
	return Install(ctx, ".")
})

// needNode fails, rather than skips: a run without the judges proves nothing.
func needNode(t *testing.T) {
	t.Helper()
	if err := installed(); err != nil {
		t.Fatal(err)
	}
}

// verdict is one line of judge.mjs.
type verdict struct {
	File     string `json:"file"`
	ID       string `json:"id"`
	Judge    string `json:"judge"`
	Verified bool   `json:"verified"`
	Revoked  *bool  `json:"revoked"` // nil: has no status, or it was not read
	Error    string `json:"error"`
	Mutation string `json:"mutation"`
	Genuine  bool   `json:"genuine"`

	Summary *struct {
		Files           int `json:"files"`
		Verdicts        int `json:"verdicts"`
		RefusedRequests int `json:"refusedRequests"`
	} `json:"summary"`
}

func (v verdict) revoked() bool { return v.Revoked != nil && *v.Revoked }

// judge runs judge.mjs and returns its verdicts. It fails the test if the run
// was cut short or asked for the network.
func judge(t *testing.T, args ...string) []verdict {
	t.Helper()
	stdout, stderr, code := node(t, append([]string{"judge.mjs"}, args...)...)
	if code != 0 {
		t.Fatalf("judge.mjs: exit code %d\n%s", code, stderr)
	}
	var verdicts []verdict
	summed := false
	for line := range splitLines(stdout) {
		var v verdict
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatalf("judge.mjs printed %q: %v", line, err)
		}
		if v.Summary != nil {
			summed = v.Summary.Verdicts == len(verdicts) && v.Summary.RefusedRequests == 0
			continue
		}
		verdicts = append(verdicts, v)
	}
	if !summed || len(verdicts) == 0 {
		t.Fatalf("judge.mjs stopped after %d verdicts\n%s", len(verdicts), stderr)
	}
	return verdicts
}

// node runs a script of this folder.
func node(t *testing.T, args ...string) (stdout, stderr []byte, code int) {
	t.Helper()
	return nodeReading(t, "", args...)
}

// nodeReading runs a script of this folder that reads a text.
func nodeReading(t *testing.T, input string, args ...string) (stdout, stderr []byte, code int) {
	t.Helper()
	needNode(t)
	stdout, stderr, code, err := Run(t.Context(), ".", input, args...)
	if err != nil {
		t.Fatal(err)
	}
	return stdout, stderr, code
}

// splitLines yields the lines of a text that are not empty.
func splitLines(text []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for line := range bytes.Lines(text) {
			if line = bytes.TrimSpace(line); len(line) > 0 && !yield(line) {
				return
			}
		}
	}
}
