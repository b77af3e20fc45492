package did

import "time"

// PublishedKey is a key of a did:web document that laurel publishes.
type PublishedKey struct {
	Kid                string // the fragment
	PublicKeyMultibase string
	Revoked            time.Time // zero: not compromised
}

// WebDocument is the document of a did:web issuer in the form every known
// verifier takes (Controlled Identifiers v1.0, "Verification Methods"):
// Multikey methods with absolute ids, string entries in assertionMethod. Keys
// carry no expiry date, so that rotation voids nothing. A revoked key keeps its
// method, with the date, but leaves assertionMethod: verifiers that do not look at
// revoked, as those of @digitalbazaar/data-integrity, refuse it for that.
func WebDocument(id string, keys []PublishedKey) Document {
	d := Document{Context: []string{ContextDID, ContextMultikey}, ID: id}
	for _, k := range keys {
		m := VerificationMethod{ID: id + "#" + k.Kid, Type: "Multikey", Controller: id, PublicKeyMultibase: k.PublicKeyMultibase}
		if k.Revoked.IsZero() {
			d.AssertionMethod = append(d.AssertionMethod, m.ID)
		} else {
			m.Revoked = k.Revoked.UTC().Format(time.RFC3339)
		}
		d.VerificationMethod = append(d.VerificationMethod, m)
	}
	return d
}
