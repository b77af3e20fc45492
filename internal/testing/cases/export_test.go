package cases_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/go-json-experiment/json"

	"laurel/internal/testing/cases"
)

// TestExport writes every case to the file that LAUREL_EXPORT_CASES names, if it
// names one, for verifiers in other languages.
func TestExport(t *testing.T) {
	list := cases.All()
	var b bytes.Buffer
	if err := cases.Export(&b, list); err != nil {
		t.Fatal(err)
	}
	var read []struct {
		Name      string
		Input     []byte
		Documents map[string][]byte
		At        string
		Verdict   string
		Code      string
	}
	if err := json.Unmarshal(b.Bytes(), &read, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for i, c := range list {
		r := read[i]
		if r.Name != c.Suite+"/"+c.Name || !bytes.Equal(r.Input, c.Input) || len(r.Documents) != len(c.Documents) || r.At == "" || r.Verdict != c.Verdict || r.Code == "" {
			t.Errorf("%s was not exported as it is", c.Name)
		}
		if names[r.Name] {
			t.Errorf("there are two cases %s", r.Name)
		}
		names[r.Name] = true
	}
	if name := os.Getenv("LAUREL_EXPORT_CASES"); name != "" {
		if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		t.Logf("%d cases, %d bytes, in %s", len(read), b.Len(), name)
	}
}
