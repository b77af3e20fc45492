package plan

import (
	"encoding/base64"
	"encoding/hex"
	"strings"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/vc"
)

// sri begins the digest of a file as it stands in a credential (W3C Subresource
// Integrity).
const sri = "sha256-"

// resources are what a credential says of the files among an award's evidence, still
// without their ids: those depend on the credential's.
func resources(list []model.Evidence) []vc.RelatedResource {
	var all []vc.RelatedResource
	for _, e := range list {
		if e.File != nil {
			digest, _ := hex.DecodeString(e.File.SHA256) // content wrote it
			all = append(all, vc.RelatedResource{MediaType: e.File.MediaType, DigestSRI: sri + base64.StdEncoding.EncodeToString(digest)})
		}
	}
	return all
}

// nameEvidence gives the files among a credential's evidence their ids.
func (m mapper) nameEvidence(c *vc.Credential, a *model.Award, public bool) {
	n := 0
	for i, e := range a.Evidence {
		if e.File != nil {
			id := m.site.EvidenceID(c.ID, public, n+1, e.File)
			c.Evidence[i].ID, c.RelatedResource[n].ID = id, id
			n++
		}
	}
}

// EvidenceOf are the files of a credential's evidence, as the ledger keeps them. What
// laurel would not have named so is none of them.
func EvidenceOf(c *vc.Credential) []ledger.EvidenceFile {
	var files []ledger.EvidenceFile
	for _, r := range c.RelatedResource {
		digest, ok := strings.CutPrefix(r.DigestSRI, sri)
		raw, err := base64.StdEncoding.Strict().DecodeString(digest)
		if name := model.EvidenceName(r.ID, r.MediaType); name != "" && ok && err == nil && len(raw) == 32 {
			files = append(files, ledger.EvidenceFile{ID: r.ID, Name: name, MediaType: r.MediaType, SHA256: hex.EncodeToString(raw)})
		}
	}
	return files
}
