package interop

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sdJWT is an answer of sdjwt.mjs.
type sdJWT struct {
	Verified    bool
	File, Error string
	Claims      map[string]any
	Type        struct {
		Name, VCT string
		Claims    []struct{ Path []any }
	}
}

// testSDJWT has the library of others judge what laurel signs and shows, with its
// status and its type, show parts of it, and issue and show some of its own, which
// laurel judges, as does the page.
func testSDJWT(t *testing.T, a *academy, dir, token string) {
	ask := func(jobs ...map[string]any) []sdJWT {
		t.Helper()
		list := answers[sdJWT](t, "sdjwt.mjs", a, dir, jobs)
		for i, s := range list {
			if !s.Verified {
				t.Errorf("npm, %v: %s", jobs[i], s.Error)
			}
		}
		return list
	}
	choices := a.choices(t, token)
	if len(choices) != 11 {
		t.Errorf("%q can be shown of %s", choices, token)
	}
	least := a.disclosed(t, token, filepath.Join(dir, "least.sd-jwt.txt"), nil)
	some := a.disclosed(t, token, filepath.Join(dir, "some.sd-jwt.txt"), []string{"/credentialSubject/identifier/0", "/evidence/1"})
	answers := ask(
		map[string]any{"verify": token}, map[string]any{"verify": least}, map[string]any{"verify": some},
		map[string]any{"present": token, "reveal": map[string]any{"credentialSubject": map[string]any{"identifier": []any{true, false}}, "evidence": []any{false, true}}},
		map[string]any{"issue": map[string]any{"vct": "https://example.com/degree", "given_name": "Ana", "degrees": []any{"BA", "MA"}, "address": map[string]any{"city": "Ys", "country": "FR"}},
			"frame": map[string]any{"_sd": []any{"given_name", "address"}, "degrees": map[string]any{"_sd": []any{0, 1}}, "address": map[string]any{"_sd": []any{"city"}}}},
		map[string]any{"bind": filepath.Join(dir, "npm-1.sd-jwt.txt"), "reveal": map[string]any{"degrees": []any{false, true}, "address": map[string]any{"city": true}}},
	)
	whole, theirs, issued, bound := answers[0], answers[3], answers[4], answers[5]
	if whole.Type.Name != "Public Speaking, Short Course" || len(whole.Type.Claims) < 10 {
		t.Errorf("the type is %+v", whole.Type)
	}
	// The same choice shows the same, whoever makes it, but for the order.
	if parts := func(file string) []string {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return slices.Sorted(slices.Values(strings.Split(string(bytes.TrimSpace(data)), "~")))
	}; !slices.Equal(parts(some), parts(theirs.File)) {
		t.Errorf("npm shows\n%v\nlaurel\n%v", parts(theirs.File), parts(some))
	}
	for i, name := range []string{"whole", "least", "some"} {
		subject := answers[i].Claims["credentialSubject"].(map[string]any)
		if got := len(slices.Collect(maps.Keys(subject))); (got > 5) != (name == "whole") || strings.Contains(answers[i].Error, "Exempla") {
			t.Errorf("%s: npm sees %d members of the subject", name, got)
		}
	}
	all := []string{token, least, some, theirs.File, issued.File, bound.File}
	for file, r := range a.verify(t, all) {
		if r.Verdict != "valid" {
			t.Errorf("%s: laurel says %s", file, r)
		}
	}
	a.onPage(t, all)
}
