package conform_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"laurel/internal/standards/conform"
	"laurel/internal/testing/vectors"
)

// parse reads a document as the strict parser of proof does, but for its
// limits; numbers are json.Number.
func parse(t testing.TB, data []byte) map[string]any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var doc map[string]any
	if err := d.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// read reads a vector, or this package's own credential.
func read(t testing.TB, name string) map[string]any {
	t.Helper()
	if name != "good.json" {
		return parse(t, vectors.Read(name))
	}
	data, err := os.ReadFile("testdata/good.json")
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, data)
}

func errorsOf(list []conform.Finding) []conform.Finding {
	return slices.DeleteFunc(slices.Clone(list), func(f conform.Finding) bool { return f.Severity != conform.Error })
}

func codes(list []conform.Finding) []string {
	var names []string
	for _, f := range list {
		names = append(names, f.Code)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// TestVCDM2Vectors runs the inputs of the W3C test suite of VCDM v2.0
// (w3c/vc-data-model-2.0-test-suite, see the manifest for the commit). The
// harness of that suite gives an issuer object without an id the id of the
// issuer under test, and turns PAST DATE and FUTURE DATE into dates.
func TestVCDM2Vectors(t *testing.T) {
	accepted, refused := 0, 0
	list := vectors.Manifest("vcdm2-structure")
	for _, c := range list {
		doc := parse(t, c.Injected())
		found := errorsOf(conform.Structure(doc))
		conforming := c.Expected.Verdict == "conforming"
		switch {
		case conforming && len(found) > 0:
			t.Errorf("%s: refused: %v", c.File, found)
		case !conforming && len(found) == 0:
			t.Errorf("%s: taken", c.File)
		case conforming:
			accepted++
		default:
			refused++
			t.Logf("%s: %v", c.File, codes(found))
		}
	}
	t.Logf("%d cases: %d accepted, %d refused", len(list), accepted, refused)
}

// TestOpenBadgeVectors gives the codes that the structure of the 1EdTech
// validator's test resources and of DCC's verifier-core fixtures is refused
// with. What is wrong with the others, a proof, a date or a status, is not for
// this package.
func TestOpenBadgeVectors(t *testing.T) {
	for file, want := range map[string]string{
		"1edtech-ob30/simple.json":                                     "",
		"1edtech-ob30/simple-context-alias.json":                       "",
		"1edtech-ob30/simple-did-web-method.json":                      "",
		"1edtech-ob30/simple-err-expired.json":                         "",
		"1edtech-ob30/endorsement-valid.json":                          "",
		"1edtech-ob30/bit-string-list--testlist.json":                  "",
		"1edtech-ob30/bit-string-list--credential-status-revoked.json": "status-malformed",
		"1edtech-ob30/simple-err-credential-subject-type.json":         "ob-subject-type",
		"1edtech-ob30/simple-err-evidence-type.json":                   "ob-evidence-type",
		"1edtech-ob30/simple-err-issuer-type.json":                     "ob-issuer-type",
		"1edtech-ob30/simple-err-type.json":                            "ob-credential-type",
		"1edtech-ob30/simple-noproof.json":                             "vcdm1-unsupported",
		"1edtech-ob30/simple_v1.json":                                  "vcdm1-unsupported",
		"dcc-verifier-core/v2EddsaWithValidStatus.json":                "",
		"dcc-verifier-core/v2Expired.json":                             "",
		"dcc-verifier-core/v2NoStatus.json":                            "",
		"dcc-verifier-core/v2SimpleIssuerId.json":                      "",
		"dcc-verifier-core/v2WithValidStatus.json":                     "",
		"dcc-verifier-core/status-list-e5WK8CbZ1GjycuPombrj.json":      "",
	} {
		found := errorsOf(conform.Structure(read(t, file)))
		if got := strings.Join(codes(found), " "); got != want {
			t.Errorf("%s: got %q, want %q: %v", file, got, want, found)
		}
	}
	warned := conform.Structure(read(t, "dcc-verifier-core/v2EddsaWithValidStatus.json"))
	if len(warned) != 1 || warned[0].Code != "ob-subject-unnamed" || warned[0].Severity != conform.Warning {
		t.Errorf("a subject without name: %v", warned)
	}
}
