package cases

import (
	"io"
	"time"

	"github.com/go-json-experiment/json"
)

// exported is a Case as other programs read it.
type exported struct {
	Name       string            `json:"name"` // suite, slash, name
	Input      []byte            `json:"input"`
	Documents  map[string][]byte `json:"documents"`
	At         time.Time         `json:"at"`
	Verdict    string            `json:"verdict"`
	Code       string            `json:"code"`
	WhyNotPage string            `json:"whyNotPage,omitzero"`
}

// Export writes cases as one JSON array of objects with the members name (suite,
// slash, name), input and documents (base64 with padding; documents by URL or
// DID), at (RFC 3339), verdict, code, and whyNotPage where there is such a
// reason.
func Export(w io.Writer, list []Case) error {
	out := make([]exported, len(list))
	for i, c := range list {
		out[i] = exported{c.Suite + "/" + c.Name, c.Input, c.Documents, c.At, c.Verdict, c.Code, c.WhyNotPage}
	}
	return json.MarshalWrite(w, out, json.Deterministic(true))
}
