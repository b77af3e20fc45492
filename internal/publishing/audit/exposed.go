package audit

import (
	"bytes"
	"regexp"

	"laurel/internal/authoring/model"
)

// givesLink does not quote the link: a report is passed on.
const givesLink = "gives a claim link away"

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
	for view := range Unpack(data) {
		f.ClaimLink = f.ClaimLink || model.FindClaimLink(view) >= 0
		ids := credentialID.FindAll(view, -1)
		for _, id := range ids {
			f.IDs = append(f.IDs, string(id))
		}
		f.Credential = f.Credential || len(ids) > 0 && bytes.Contains(view, []byte("credentialSubject"))
	}
	return f
}

// exposed reports what a site gives away.
func (a *auditor) exposed(p string, data []byte) {
	found := Find(data)
	if found.ClaimLink {
		a.problem(p, "%s", givesLink)
	}
	if found.Credential && !awardFile.MatchString(p) {
		a.problem(p, "holds a credential, which only the files of a public award may")
	}
}
