package privacy

import (
	"bytes"
	"regexp"

	"laurel/internal/authoring/model"
)

// credentialID is the id of a credential as laurel makes them.
var credentialID = regexp.MustCompile(`urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// baseProof is how the base64url of a base proof of ecdsa-sd-2023 begins: its header,
// an array of five, and a signature of 64 bytes (Data Integrity ECDSA Cryptosuites
// v1.0, section 3.5.2).
var baseProof = []byte("u2V0AhVhA")

// Found is what can be read in a file that is for one learner alone.
type Found struct {
	ClaimLink  bool     // of whatever site
	Credential bool     // a signed one
	BaseProof  bool     // of ecdsa-sd-2023: it shows everything, and is for the holder alone
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
	f.BaseProof = f.BaseProof || bytes.Contains(data, baseProof)
	ids := credentialID.FindAll(data, -1)
	for _, id := range ids {
		f.IDs = append(f.IDs, string(id))
	}
	f.Credential = f.Credential || len(ids) > 0 && bytes.Contains(data, []byte("credentialSubject"))
}
