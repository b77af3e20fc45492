package cli

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"

	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
)

// afterRevocation is what becomes of awards whose key was revoked: verifiers
// take nothing of that key any more, whenever it was signed.
const afterRevocation = "signed with a key that is revoked since (laurel reissue signs them anew)"

// revokedKey returns what tells the name of the key that signed a record's
// credential, where that key is revoked; else it is empty. Keys are those of
// the ledger, and of keys/, which knows of a revocation first.
func (a *app) revokedKey(l *ledger.Ledger) (func(*ledger.Record) (string, error), error) {
	keys, err := a.publicKeys()
	if err != nil {
		return nil, err
	}
	return revokedKeyOf(mainDocument(l), l.State().Keys(), keys), nil
}

// revokedKeyOf reads documents only where a key is revoked, and of records only
// that are older than the last revocation: no later one can be of that key.
func revokedKeyOf(document func(*ledger.Record) ([]byte, error), known []ledger.KeyState, keys []plan.Key) func(*ledger.Record) (string, error) {
	revoked := map[string]bool{}
	last := int64(0)
	for _, k := range known {
		if !k.Revoked.IsZero() {
			revoked[k.Kid] = true
			last = max(last, k.RevokedSeq)
		}
	}
	for _, k := range keys {
		if !k.Revoked.IsZero() && !revoked[k.Kid] {
			revoked[k.Kid] = true
			last = 1<<63 - 1
		}
	}
	return func(r *ledger.Record) (string, error) {
		if r.Seq > last {
			return "", nil
		}
		b, err := document(r)
		if err != nil {
			return "", fmt.Errorf("read credential %s: %w", r.Credential, err)
		}
		var signed struct {
			Proof []struct {
				VerificationMethod string `json:"verificationMethod"`
			} `json:"proof"`
		}
		if err := json.Unmarshal(b, &signed); err != nil {
			return "", fmt.Errorf("read credential %s: it is not what laurel signs", r.Credential) // the cause may quote it
		}
		for _, p := range signed.Proof {
			if _, kid, _ := strings.Cut(p.VerificationMethod, "#"); revoked[kid] {
				return kid, nil
			}
		}
		return "", nil
	}
}
