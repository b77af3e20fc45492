package interop

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// report is laurel's verdict on one document.
type report struct {
	Verdict string `json:"verdict"`
	Checks  []struct {
		Name, Outcome, Code string
	} `json:"checks"`
}

// String is the verdict with the checks that led to it.
func (r report) String() string {
	text := r.Verdict
	for _, c := range r.Checks {
		if c.Outcome == "fail" || c.Outcome == "unknown" {
			text += ", " + c.Name + " " + c.Outcome + " " + c.Code
		}
	}
	return text
}

func (r report) status() string {
	for _, c := range r.Checks {
		if c.Name == "status" {
			return c.Code
		}
	}
	return ""
}

// stopped tells whether the credential's bit is set: one list serves
// revocation and suspension, as a credential has one status entry.
func (r report) stopped() bool {
	return r.Verdict == "invalid" && (r.status() == "revoked" || r.status() == "suspended")
}

// verify has laurel judge files without a network, the published folder in the
// place of the web, at the time the judges judge at.
func (a *academy) verify(t *testing.T, files []string) map[string]report {
	t.Helper()
	args := append([]string{"verify", "--offline", "--json", "--documents", a.public(), "--at", judgedAt.Format(time.RFC3339)}, files...)
	stdout, code := a.try(t, args...)
	if code != 0 && code != 1 {
		t.Fatalf("laurel verify: exit code %d\n%s", code, stdout)
	}
	var out struct {
		Reports []struct {
			Input string `json:"input"`
			report
		} `json:"reports"`
	}
	if err := json.Unmarshal(stdout, &out); err != nil {
		t.Fatalf("laurel verify --json: %v\n%s", err, stdout)
	}
	reports := map[string]report{}
	for _, r := range out.Reports {
		reports[r.Input] = r.report
	}
	for _, file := range files {
		if _, ok := reports[file]; !ok {
			t.Fatalf("laurel verify --json says nothing of %s", file)
		}
	}
	return reports
}

// published lists the credentials and lists of the built site.
func (a *academy) published(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"awards/*/credential.json", "status/*.json"} {
		found, err := filepath.Glob(filepath.Join(a.public(), pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("nothing is published as %s (%v)", pattern, err)
		}
		files = append(files, found...)
	}
	files = append(files, a.endorsements(t)...)
	slices.Sort(files)
	return files
}

// endorsements are those that were signed here: of the issuer, of an achievement and
// of an award.
func (a *academy) endorsements(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(a.public(), "endorsements", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	files := slices.DeleteFunc(found, func(name string) bool {
		b, err := os.ReadFile(name)
		return err != nil || !bytes.Contains(b, []byte(":endorsers:"))
	})
	if len(files) != 3 {
		t.Fatalf("%d endorsements are published, want 3", len(files))
	}
	return files
}

// testAudit has laurel look at the whole site. It must find nothing wrong with
// it, and the state of each credential must be what the judges say.
func testAudit(t *testing.T, a *academy, verdicts []verdict) {
	stdout, code := a.try(t, "audit", a.public(), "--json")
	var out struct {
		Lists, Credentials []struct{ File, ID, State string }
		Problems           []struct{ File, Text string }
	}
	if err := json.Unmarshal(stdout, &out); err != nil {
		t.Fatalf("laurel audit --json: %v\n%s", err, stdout)
	}
	if code != 0 || len(out.Problems) > 0 {
		t.Errorf("laurel audit: exit code %d, %v", code, out.Problems)
	}
	states := map[string]string{}
	for _, c := range append(out.Credentials, out.Lists...) {
		states[filepath.Join(a.public(), filepath.FromSlash(c.File))] = c.State
	}
	ids := a.issued(t)
	// One bit says both: only the ledger and the award's page know which.
	want := map[string]string{
		a.credentialFile(ids[revokedAward]):   "revoked",
		a.credentialFile(ids[suspendedAward]): "revoked",
	}
	for _, v := range verdicts {
		state := states[v.File]
		if stopped := state == "revoked" || state == "suspended"; stopped != v.revoked() || !stopped && state != "valid" {
			t.Errorf("%s: audit says %q, %s says revoked=%t", v.File, state, v.Judge, v.revoked())
		}
		if w := want[v.File]; w != "" && state != w {
			t.Errorf("%s: audit says %q, want %q", v.File, state, w)
		}
	}
	if len(states) != len(a.published(t)) {
		t.Errorf("audit saw %d credentials and lists, %d are published", len(states), len(a.published(t)))
	}
}
