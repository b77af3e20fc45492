package cases

import (
	"embed"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// testdata/vectors holds published vectors; the manifest.json of each suite names
// source, commit and licence of every file. verdicts.json has verdict and
// deciding code of each case made from them, which TestCases can write anew; where
// a manifest has a verdict, that one counts.
//
//go:embed testdata/vectors testdata/verdicts.json
var testdata embed.FS

// vector is a case of a manifest.json.
type vector struct {
	File     string `json:"file"`
	URL      string `json:"url"`
	Expected struct {
		Verdict string `json:"verdict"`
	} `json:"expected"`
	Inject object `json:"inject"`
}

// vectorTime is the defaultEvaluationTime of the vectors.
var vectorTime = time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)

func read(path ...string) []byte {
	data, err := testdata.ReadFile("testdata/" + strings.Join(path, "/"))
	check("read a vector", err)
	return data
}

// suites are the folders of vectors that hold credentials or presentations.
func suites() []string {
	return []string{"1edtech-ob30", "1edtech-baked", "dcc-verifier-core", "vc-di-eddsa", "vc-di-ecdsa", "vc-di-bbs", "w3c-rec-examples", "vcdm2-structure", "well-known-did-configuration"}
}

func manifest(suite string) []vector {
	var m struct {
		Cases []vector `json:"cases"`
	}
	check("read a manifest", json.Unmarshal(read("vectors", suite, "manifest.json"), &m))
	return m.Cases
}

// Vectors returns a case for every secured or structural document of the
// published vectors. Verdicts are those of laurel as it is distributed: where a
// vector needs a context that is for tests only, it is undetermined.
func Vectors() []Case {
	documents := vectorDocuments()
	var recorded map[string]string
	check("read verdicts.json", json.Unmarshal(read("verdicts.json"), &recorded))
	var all []Case
	for _, suite := range suites() {
		for _, v := range manifest(suite) {
			for _, p := range parts(suite, v) {
				verdict, code, _ := strings.Cut(recorded[suite+"/"+p.name], " ")
				if demanded := v.verdict(suite, p.name); demanded != "" {
					verdict = demanded
				}
				all = append(all, Case{Name: p.name, Suite: suite, Input: p.data, Documents: documents, At: vectorTime, Verdict: verdict, Code: code})
			}
		}
	}
	return all
}

// verdict is what the manifest demands, put in laurel's three words; empty if it
// demands none of a verifier of signed credentials. The documents of
// vcdm2-structure carry no proof, so that even a conforming one is nobody's.
func (v vector) verdict(suite, name string) string {
	if special, ok := specialVerdicts()[suite+"/"+name]; ok {
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

func parts(suite string, v vector) []part {
	data := read("vectors", suite, v.File)
	if !strings.HasSuffix(v.File, ".json") {
		return []part{{v.File, data}}
	}
	if suite == "vcdm2-structure" {
		return []part{{v.File, injected(data, v.Inject)}}
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

// injected does what the harness of the W3C's test suite does with an input.
func injected(data []byte, inject object) []byte {
	text := strings.NewReplacer("PAST DATE", "2025-08-01T00:00:00Z", "FUTURE DATE", "2027-08-01T00:00:00Z").Replace(string(data))
	doc := decode([]byte(text))
	for name, value := range inject {
		doc[name] = value
	}
	if issuer, ok := doc["issuer"].(object); ok && issuer["id"] == nil {
		issuer["id"] = "did:example:issuer"
	}
	return encode(doc)
}

// vectorDocuments are what a verifier of the vectors may ask for.
func vectorDocuments() map[string][]byte {
	documents := map[string][]byte{}
	var m struct {
		Documents []struct {
			ID   string `json:"id"`
			File string `json:"file"`
		} `json:"documents"`
	}
	check("read a manifest", json.Unmarshal(read("vectors", "did-documents", "manifest.json"), &m))
	for _, d := range m.Documents {
		documents[d.ID] = read("vectors", "did-documents", d.File)
	}
	for _, suite := range suites() {
		for _, v := range manifest(suite) {
			if v.URL != "" {
				documents[v.URL] = read("vectors", suite, v.File)
			}
		}
	}
	if len(documents) < 6 {
		panic(fmt.Sprintf("cases: only %d documents beside the vectors", len(documents)))
	}
	return documents
}
