// Package vectors holds the test vectors of others, each file once, and the
// one loader that all tests read them with. A folder of files is a suite:
//
//   - the suites of the table below, published by standards bodies and by other
//     verifiers; manifest.json of each names source, commit, licence and SHA-256
//     of every file, and what is expected of it;
//   - rfc9901, examples of SD-JWT, and 1edtech-ob20, those of Open Badges 2.0, with
//     such a manifest as well;
//   - rdf-canon, the W3C's tests of RDFC-1.0, with such a manifest;
//   - did-documents, what a verifier of those vectors may ask for, and contexts,
//     the JSON-LD contexts that only they use;
//   - urls, examples of addresses that Go and the scripts of the pages are held to;
//   - older, credentials in proofs of before Data Integrity, signed and judged good by
//     the libraries that suites.mjs of package interop runs;
//   - documents, unsigned ones made for laurel; jsonldjs and digitalbazaar, what
//     other implementations make of them, with the scripts that ran those.
//
// It knows nothing of laurel's own formats, and judges nothing. What is missing
// or cannot be read is a mistake in a test, and panics.
package vectors

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

//go:embed files
var embedded embed.FS

// Time is when the vectors are to be judged.
var Time = time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)

// Suites are those whose files are credentials or presentations, secured or to
// be secured.
func Suites() []string {
	return []string{"1edtech-ob30", "1edtech-baked", "dcc-verifier-core", "vc-di-eddsa", "vc-di-ecdsa", "vc-di-bbs",
		"w3c-rec-examples", "vcdm2-structure", "well-known-did-configuration"}
}

// Read returns a file by its suite and name, such as "1edtech-ob30/simple.json".
func Read(name string) []byte {
	data, err := embedded.ReadFile("files/" + name)
	if err != nil {
		panic(fmt.Sprintf("vectors: read %s: %v", name, err))
	}
	return data
}

// Files are the names of the files of a suite whose last element matches a
// pattern of path.Match, each with its suite before it, in order. The manifest
// is never among them.
func Files(suite, pattern string) []string {
	entries, err := fs.ReadDir(embedded, "files/"+suite)
	if err != nil {
		panic(fmt.Sprintf("vectors: list %s: %v", suite, err))
	}
	var names []string
	for _, e := range entries {
		fits, err := path.Match(pattern, e.Name())
		if err != nil {
			panic(fmt.Sprintf("vectors: pattern %q: %v", pattern, err))
		}
		if fits && e.Name() != "manifest.json" {
			names = append(names, suite+"/"+e.Name())
		}
	}
	return names
}

// Case is an entry of a manifest: a file, and what is expected of it.
type Case struct {
	Suite  string `json:"-"`
	File   string `json:"file"` // without the suite
	URL    string `json:"url"`  // at which others ask for it; empty: nobody does
	SHA256 string `json:"sha256"`

	Expected struct {
		Signature string `json:"signature"` // what the cryptography alone says
		Verdict   string `json:"verdict"`   // what a verifier must report
		Result    string `json:"result"`    // of rdf-canon: the file of the canonical form; empty: this is one
	} `json:"expected"`

	// Checked is what independent implementations said when the manifest was
	// made: a list of results, or a sentence where there was none that could.
	Checked jsontext.Value `json:"checked"`

	// Inject are the members that the W3C's harness adds to an input.
	Inject map[string]jsontext.Value `json:"inject"`

	HashAlgorithm string `json:"hashAlgorithm"` // of rdf-canon
	Complexity    int    `json:"complexity"`    // of rdf-canon
}

// Name is the file with its suite, as Read takes it.
func (c Case) Name() string { return c.Suite + "/" + c.File }

// Data are the bytes of the file.
func (c Case) Data() []byte { return Read(c.Name()) }

// Injected is the JSON of the file as the W3C's test suite of VCDM 2.0 hands it
// to a verifier: with dates for PAST DATE and FUTURE DATE, the members to
// inject, and the id of an issuer that has none.
func (c Case) Injected() []byte {
	text := strings.NewReplacer("PAST DATE", "2025-08-01T00:00:00Z", "FUTURE DATE", "2027-08-01T00:00:00Z").Replace(string(c.Data()))
	doc := c.object([]byte(text))
	maps.Copy(doc, c.Inject)
	if issuer := doc["issuer"]; issuer.Kind() == '{' {
		members := c.object(issuer)
		if members["id"] == nil {
			members["id"] = jsontext.Value(`"did:example:issuer"`)
			doc["issuer"] = c.encode(members)
		}
	}
	return c.encode(doc)
}

func (c Case) object(data []byte) map[string]jsontext.Value {
	var members map[string]jsontext.Value
	if err := json.Unmarshal(data, &members); err != nil {
		panic(fmt.Sprintf("vectors: read %s: %v", c.Name(), err))
	}
	return members
}

func (c Case) encode(members map[string]jsontext.Value) []byte {
	data, err := json.Marshal(members, json.Deterministic(true))
	if err != nil {
		panic(fmt.Sprintf("vectors: change %s: %v", c.Name(), err))
	}
	return data
}

// Manifest are the cases of a suite, in the order of its manifest.
func Manifest(suite string) []Case {
	var m struct {
		Cases []Case `json:"cases"`
	}
	if err := json.Unmarshal(Read(suite+"/manifest.json"), &m); err != nil {
		panic(fmt.Sprintf("vectors: read the manifest of %s: %v", suite, err))
	}
	if len(m.Cases) == 0 {
		panic(fmt.Sprintf("vectors: %s has no cases", suite))
	}
	for i := range m.Cases {
		m.Cases[i].Suite = suite
	}
	return m.Cases
}

// Documents are what a verifier of the vectors may ask for, by DID or URL: DID
// documents, and the status lists and credentials that have a URL.
func Documents() map[string][]byte {
	var m struct {
		Documents []struct {
			ID   string `json:"id"`
			File string `json:"file"`
		} `json:"documents"`
	}
	if err := json.Unmarshal(Read("did-documents/manifest.json"), &m); err != nil {
		panic(fmt.Sprintf("vectors: read the manifest of did-documents: %v", err))
	}
	documents := map[string][]byte{}
	for _, d := range m.Documents {
		documents[d.ID] = Read("did-documents/" + d.File)
	}
	for _, suite := range Suites() {
		for _, c := range Manifest(suite) {
			if c.URL != "" {
				documents[c.URL] = c.Data()
			}
		}
	}
	return documents
}

// Contexts are the JSON-LD contexts that vectors use and laurel does not know,
// by URL. One of them defines any word.
func Contexts() map[string][]byte {
	return map[string][]byte{
		"https://www.w3.org/ns/credentials/examples/v2": Read("contexts/credentials-examples-v2.jsonld"),
		"https://w3id.org/citizenship/v4rc1":            Read("contexts/citizenship-v4rc1.jsonld"),
	}
}

// URL is an example of an address, and what it is: an absolute URL, a data: URL
// with a media type, an IRI that N-Quads can carry, and where the document of a
// did:web stands.
type URL struct {
	Text string `json:"text"`
	Is   string `json:"is"` // words of url, data and iri
	Web  string `json:"web"`
}

// Host is an example of an issuer's name and its host: as did.HostOf says it, if there
// is one.
type Host struct {
	ID        string `json:"id"`
	Host      string `json:"host"`
	LooksLike bool   `json:"looksLike"`
	User      bool   `json:"user"`
}

// Hosts are examples that laurel and the scripts of the pages are held to.
func Hosts() (list []Host) {
	if err := json.Unmarshal(Read("urls/hosts.json"), &list); err != nil || len(list) < 50 {
		panic(fmt.Sprintf("vectors: %d examples of hosts, %v", len(list), err))
	}
	return list
}

// URLs are the examples that Go and the scripts of the pages are held to.
func URLs() (list []URL) {
	if err := json.Unmarshal(Read("urls/examples.json"), &list); err != nil || len(list) < 100 {
		panic(fmt.Sprintf("vectors: %d examples of URLs, %v", len(list), err))
	}
	return list
}
