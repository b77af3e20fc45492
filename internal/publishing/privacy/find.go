package privacy

import (
	"bytes"
	"regexp"

	"laurel/internal/authoring/model"
)

// credentialID is the id of a credential as laurel makes them.
var credentialID = regexp.MustCompile(`urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// Found is what can be read in a file that is for one learner alone.
type Found struct {
	ClaimLink  bool     // of whatever site
	Credential bool     // a signed one
	IDs        []string // of credentials, in no order
}

// Find looks for it in all that can be unpacked of a file. It does not see what
// only a picture shows, such as a QR code.
func Find(data []byte) Found {
	var f Found
	for view := range unpack(data) {
		f.look(view)
	}
	return f
}

// look adds what is in bytes as they are.
func (f *Found) look(data []byte) {
	f.ClaimLink = f.ClaimLink || model.FindClaimLink(data) >= 0
	ids := credentialID.FindAll(data, -1)
	for _, id := range ids {
		f.IDs = append(f.IDs, string(id))
	}
	f.Credential = f.Credential || len(ids) > 0 && bytes.Contains(data, []byte("credentialSubject"))
}
