package proof_test

import (
	"encoding/json"
	"path/filepath"
	"testing"
)

// An example of a Recommendation, signed in several ways.
type example struct {
	ECDSARDFC2019 json.RawMessage `json:"ecdsa-rdfc-2019"`
	ECDSASD2023   json.RawMessage `json:"ecdsa-sd-2023"`
}

// examples reads the cases of the manifest.
func examples(t testing.TB) map[string]example {
	t.Helper()
	var m struct{ Cases []struct{ File string } }
	if err := json.Unmarshal(read(t, "w3c-rec-examples/manifest.json"), &m); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/w3c-rec-examples/*.json")
	if err != nil || len(files) != len(m.Cases)+1 {
		t.Fatalf("%d files, %d cases, %v", len(files)-1, len(m.Cases), err)
	}
	all := make(map[string]example)
	for _, c := range m.Cases {
		var e example
		if err := json.Unmarshal(read(t, "w3c-rec-examples/"+c.File), &e); err != nil {
			t.Fatal(err)
		}
		all[c.File] = e
	}
	return all
}

// TestExamples: the examples of VCDM 2.0 with embedded proofs. Those of
// ecdsa-sd-2023 are base proofs.
func TestExamples(t *testing.T) {
	p := processor(t)
	count := map[string]int{}
	for file, e := range examples(t) {
		t.Run(file, func(t *testing.T) {
			if e.ECDSARDFC2019 != nil {
				if err := verifyByFragment(t, p, parse(t, e.ECDSARDFC2019), 0); err != nil {
					t.Error(err)
				}
				count["verifies"]++
			}
			if e.ECDSASD2023 != nil {
				wantCode(t, verifyByFragment(t, p, parse(t, e.ECDSASD2023), 0), "base-proof")
				count["base proof"]++
			}
		})
	}
	t.Logf("%d examples: %v", len(examples(t)), count)
	if count["verifies"] != 5 || count["base proof"] != 5 {
		t.Errorf("got %v", count)
	}
}
