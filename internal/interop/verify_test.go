package interop

import (
	"encoding/json"
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
			Source string `json:"source"`
			report
		} `json:"reports"`
	}
	if err := json.Unmarshal(stdout, &out); err != nil {
		t.Fatalf("laurel verify --json: %v\n%s", err, stdout)
	}
	reports := map[string]report{}
	for _, r := range out.Reports {
		reports[r.Source] = r.report
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
	slices.Sort(files)
	return files
}

// testAudit has laurel look at the whole site: it must find nothing wrong but
// the two awards whose bit is set.
func testAudit(t *testing.T, a *academy) {
	stdout, code := a.try(t, "audit", a.public(), "--json")
	if code != 0 {
		t.Errorf("laurel audit: exit code %d\n%s", code, stdout)
	}
}
