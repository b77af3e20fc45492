package interop

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"
)

// testForms has the libraries of others verify every form beside the main one, and
// laurel and its page what those libraries sign.
func testForms(t *testing.T, a *academy) {
	stdout, stderr, code := node(t, "forms.mjs", "--at", judgedAt.Format(time.RFC3339), a.public(), a.url, t.TempDir())
	if code != 0 {
		t.Fatalf("forms.mjs: exit code %d\n%s", code, stderr)
	}
	judged := map[string]int{}
	var made []string
	for line := range splitLines(stdout) {
		var v struct {
			Judge, File, Error, Made string
			Verified                 bool
		}
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		switch {
		case v.Made != "":
			made = append(made, v.Made)
		case !v.Verified:
			t.Errorf("%s refuses %s: %s", v.Judge, v.File, v.Error)
		default:
			judged[v.Judge+" "+filepath.Base(v.File)]++
		}
	}
	for _, want := range []string{"jose, jwks.json credential.jwt.txt", "jose, did.json credential.jwt.txt", "did-jwt credential.jwt.txt",
		"jose, jwks.json credential.vc.jwt.txt", "jose, did.json credential.vc.jwt.txt", "@digitalbazaar/ecdsa-rdfc-2019 credential.ecdsa.json"} {
		if judged[want] != 2 {
			t.Errorf("%s: %d verified, want 2", want, judged[want])
		}
	}
	if len(made) != 6 {
		t.Fatalf("%d credentials were made, want 6", len(made))
	}
	ours, err := filepath.Glob(filepath.Join(a.public(), "awards", "*", "credential.*"))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, file := range ours {
		if name := filepath.Base(file); name != "credential.json" {
			all = append(all, file)
		}
	}
	all = append(all, made...)
	for file, r := range a.verify(t, all) {
		if r.Verdict != "valid" {
			t.Errorf("%s: laurel says %s", file, r)
		}
	}
	a.onPage(t, all)
}
