package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/issuing/ledger"
)

// RevokedKeys tells with which revoked key a record was signed, by its name;
// with none: empty. Whoever verifies such a record finds it invalid, whenever it
// was signed, so it is worth reissuing and not worth handing out. The documents
// are read only where the ledger knows of a revoked key at all.
func RevokedKeys(s *ledger.State, documents func(*ledger.Record) ([]ledger.Document, error)) func(*ledger.Record) (string, error) {
	revoked := map[string]bool{}
	for _, k := range s.Keys() {
		if !k.Revoked.IsZero() {
			revoked[k.Kid] = true
		}
	}
	return func(rec *ledger.Record) (string, error) {
		if len(revoked) == 0 {
			return "", nil
		}
		kids, err := signersOf(rec, documents)
		if i := slices.IndexFunc(kids, func(kid string) bool { return revoked[kid] }); i >= 0 {
			return kids[i], err
		}
		return "", err
	}
}

// SignedWith are the credentials in force, suspended ones too, that were signed
// with a key: those that stop being valid with it. It reads their documents.
func SignedWith(s *ledger.State, kid string, documents func(*ledger.Record) ([]ledger.Document, error)) ([]*ledger.Record, error) {
	var list []*ledger.Record
	for rec := range s.Records() {
		if rec.Status == ledger.Revoked {
			continue
		}
		kids, err := signersOf(rec, documents)
		if err != nil {
			return nil, err
		}
		if slices.Contains(kids, kid) {
			list = append(list, rec)
		}
	}
	return list, nil
}

func signersOf(rec *ledger.Record, documents func(*ledger.Record) ([]ledger.Document, error)) ([]string, error) {
	all, err := documents(rec)
	var kids []string
	for _, d := range all {
		var more []string
		if more, err = signers(d.Document); err != nil {
			break
		}
		kids = append(kids, more...)
	}
	if err != nil {
		return nil, fmt.Errorf("read credential %s: %w", rec.Credential, err)
	}
	return kids, nil
}

// signers are the names of the keys of a document's embedded proofs. A JOSE
// form, which has none, was signed with the key of its event's other forms.
func signers(document jsontext.Value) ([]string, error) {
	if document.Kind() != '{' {
		return nil, nil
	}
	type proof struct {
		VerificationMethod string `json:"verificationMethod"`
	}
	var signed struct {
		Proof jsontext.Value `json:"proof"`
	}
	if err := json.Unmarshal(document, &signed); err != nil || signed.Proof == nil {
		return nil, err
	}
	var proofs []proof
	if signed.Proof.Kind() == '{' {
		proofs = make([]proof, 1)
		if err := json.Unmarshal(signed.Proof, &proofs[0]); err != nil {
			return nil, err
		}
	} else if err := json.Unmarshal(signed.Proof, &proofs); err != nil {
		return nil, err
	}
	var kids []string
	for _, p := range proofs {
		if _, kid, ok := strings.Cut(p.VerificationMethod, "#"); ok {
			kids = append(kids, kid)
		}
	}
	return kids, nil
}
