package cases

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"laurel/internal/standards/verify"
	"laurel/internal/testing/interop"
)

// kindsAt is when the inputs of testdata/kinds are judged.
var kindsAt = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// kind is an input that genuine issuers, or people who save what they were sent,
// make, in testdata/kinds; what it refers to, by URL or DID; and what is right of it,
// strictly and with --lenient.
type kind struct {
	file            string
	strict, lenient string
	documents       []string // URL or DID, and file beside
}

func kinds() []kind {
	const school = "https://school.example/status/"
	const found = "undetermined "
	return []kind{
		// Another issuer's list: what it says is not known to be so, but where that is told to do.
		{"01-status-list-of-another-issuer/st-otherissuer.json", "undetermined status-list-issuer", "valid ok", []string{school + "otherissuer", "list-otherissuer"}},
	}
}

// input reads a file of testdata/kinds.
func (k kind) input(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata/kinds", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func (k kind) asCase(t *testing.T) Case {
	verdict, code, _ := strings.Cut(k.strict, " ")
	c := Case{Suite: "kinds", Name: k.file, Input: k.input(t, k.file), Documents: map[string][]byte{}, At: kindsAt, Verdict: verdict, Code: code}
	for i := 0; i+1 < len(k.documents); i += 2 {
		c.Documents[k.documents[i]] = k.input(t, filepath.Join(filepath.Dir(k.file), k.documents[i+1]))
	}
	return c
}

// TestKinds has the command line and the page judge one of each spelling of what
// genuine issuers make and laurel once called false.
func TestKinds(t *testing.T) {
	if err := interop.Install(t.Context(), pageSource); err != nil {
		t.Fatal(err)
	}
	var list []Case
	for _, k := range kinds() {
		list = append(list, k.asCase(t))
	}
	commandLineJudges(t, list)
	answers := askPage(t, list)
	for _, c := range list {
		page := answers[c.id()]
		if theirs := string(page.Verdict) + " " + page.Code; theirs != c.wanted() {
			t.Errorf("%s: the page says %s, want %s", c.Name, theirs, c.wanted())
		}
	}
	for _, k := range kinds() {
		args := []string{"verify", "--offline", "--no-cache", "--lenient", "--json", "--at", kindsAt.Format(time.RFC3339)}
		for i := 0; i+1 < len(k.documents); i += 2 {
			args = append(args, "--documents", k.documents[i]+"="+filepath.Join(filepath.Dir(k.file), k.documents[i+1]))
		}
		_, stdout, stderr := laurel(t, "testdata/kinds", append(args, k.file)...)
		var out struct{ Reports []verify.Report }
		if err := json.Unmarshal([]byte(stdout), &out); err != nil || len(out.Reports) != 1 {
			t.Errorf("%s: %v, %s", k.file, err, stderr)
			continue
		}
		if got := answer(&out.Reports[0]); got != k.lenient {
			t.Errorf("%s: with --lenient %s, want %s", k.file, got, k.lenient)
		}
	}
}
