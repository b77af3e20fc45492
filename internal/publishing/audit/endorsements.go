package audit

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/go-json-experiment/json"

	"laurel/internal/standards/did"
	"laurel/internal/standards/verify"
)

const (
	endorserPattern    = "endorsers/*/did.json"
	endorsementPattern = "endorsements/*.json"
)

// addEndorsers makes the DID documents of endorsers known to the verifier, and finds
// out whether there are endorsements of whom the site has none.
func (a *auditor) addEndorsers() error {
	for p := range a.files {
		endorser, endorsement := is(p, endorserPattern), is(p, endorsementPattern)
		if !endorser && !endorsement {
			continue
		}
		data, err := fs.ReadFile(a.public, p)
		if err != nil {
			return fmt.Errorf("read %s: %w", p, err)
		}
		if endorsement {
			a.foreign = a.foreign || !a.isOurs(issuerOf(data))
			continue
		}
		document, err := did.ParseDocument(data)
		if err != nil {
			a.problem(p, "%v", err)
			continue
		}
		if url, err := did.WebURL(document.ID); err != nil || url != a.base+p {
			a.problem(p, "%s is not looked up where this file is", document.ID)
			continue
		}
		a.checkKeys(p, document)
		if err := a.docs.Add(document.ID, data); err != nil {
			a.problem(p, "%v", err)
		}
	}
	return nil
}

// issuerOf is the id of who signed a credential, or empty.
func issuerOf(data []byte) string {
	var c struct {
		Issuer struct {
			ID string `json:"id"`
		} `json:"issuer"`
	}
	if json.Unmarshal(data, &c) != nil {
		return ""
	}
	return c.Issuer.ID
}

// isOurs tells whether an id is of an endorser whose keys the site has.
func (a *auditor) isOurs(id string) bool {
	return strings.HasPrefix(id, a.report.Issuer+":endorsers:")
}

// endorsement judges one. Of one that somebody else signed, the keys are where only a
// network leads to.
func (a *auditor) endorsement(ctx context.Context, p string, data []byte) {
	r := a.verifier.Credential(ctx, data)
	if key, _ := r.Check(verify.IssuerKey); key.Outcome == verify.Unknown && !a.isOurs(issuerOf(data)) && r.Verdict == verify.Undetermined {
		return
	}
	c := a.found(p, r)
	if name := strings.TrimSuffix(path.Base(p), ".json"); a.isOurs(issuerOf(data)) && c.ID != "urn:uuid:"+name {
		c.State, c.Detail = Bad, "its id is not that of its file"
	}
	a.note(func(r *Report) { r.Credentials = append(r.Credentials, c) })
	if c.State == Bad {
		a.problem(p, "%s", c.Detail)
	}
}
