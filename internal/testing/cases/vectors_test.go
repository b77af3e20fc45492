package cases

import (
	_ "embed"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/testing/vectors"
)

// verdictsFile has verdict and deciding code of each case made from the
// published vectors, which TestCases can write anew; where a manifest has a
// verdict, that one counts.
//
//go:embed testdata/verdicts.json
var verdictsFile []byte

// Vectors returns a case for every secured or structural document of the
// published vectors. Verdicts are those of laurel as it is distributed: where a
// vector needs a context that is for tests only, it is undetermined.
func Vectors() []Case {
	documents := vectors.Documents()
	var recorded map[string]string
	check("read verdicts.json", json.Unmarshal(verdictsFile, &recorded))
	var all []Case
	for _, suite := range vectors.Suites() {
		for _, v := range vectors.Manifest(suite) {
			for _, p := range parts(v) {
				verdict, code, _ := strings.Cut(recorded[suite+"/"+p.name], " ")
				code, form, _ := strings.Cut(code, " & ")
				if demanded := verdictOf(v, p.name); demanded != "" {
					verdict = demanded
				}
				all = append(all, Case{Name: p.name, Suite: suite, Input: p.data, Documents: documents, At: vectors.Time, Verdict: verdict, Code: code, Form: form})
			}
		}
	}
	return all
}

// verdictOf is what the manifest demands, put in laurel's three words; empty if it
// demands none of a verifier of signed credentials. The documents of
// vcdm2-structure carry no proof, so that even a conforming one is nobody's.
func verdictOf(v vectors.Case, name string) string {
	if special, ok := specialVerdicts()[v.Suite+"/"+name]; ok {
		return special
	}
	switch {
	case strings.HasPrefix(v.Expected.Verdict, "accept"):
		return valid
	case strings.HasPrefix(v.Expected.Verdict, "reject"):
		return invalid
	}
	return ""
}

// specialVerdicts are those that cannot be read from a manifest, and why.
func specialVerdicts() map[string]string {
	return map[string]string{
		// The list has 100,000 bits: too few to rely on (strict).
		"dcc-verifier-core/v2EddsaWithValidStatus.json":           undetermined,
		"dcc-verifier-core/v2WithValidStatus.json":                undetermined,
		"dcc-verifier-core/status-list-e5WK8CbZ1GjycuPombrj.json": undetermined,
		// Its key comes with it and is not tied to the issuer.
		"1edtech-baked/simple-jwt.svg":                               undetermined,
		"1edtech-ob30/bit-string-list--testlist.json":                valid,
		"1edtech-ob30/impl-guide-signing-vector.json-signedDocument": valid,
		"1edtech-ob30/clr-signing-vector.json-signedDocument":        valid,
	}
}

// part is one document to be judged of a file of vectors.
type part struct {
	name string
	data []byte
}

// members are the members under which the files of the W3C keep secured
// documents beside intermediate values.
func members() []string {
	return []string{"signedDocument", "addSignedSDBase", "derivedRevealDocument", "addSignedBase", "ecdsa-rdfc-2019", "eddsa-rdfc-2022", "ecdsa-sd-2023", "jwt", "sdJwt"}
}

func parts(v vectors.Case) []part {
	data := v.Data()
	if !strings.HasSuffix(v.File, ".json") {
		return []part{{v.File, data}}
	}
	if v.Suite == "vcdm2-structure" {
		return []part{{v.File, v.Injected()}}
	}
	var all map[string]jsontext.Value
	check("read a vector", json.Unmarshal(data, &all))
	var found []part
	for _, name := range members() {
		value, ok := all[name]
		if !ok {
			continue
		}
		if value.Kind() == '"' {
			var token string
			check("read a token", json.Unmarshal(value, &token))
			value = jsontext.Value(token)
		}
		found = append(found, part{v.File + "-" + name, value})
	}
	if found == nil {
		return []part{{v.File, data}}
	}
	return found
}
