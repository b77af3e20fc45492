package plan

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/did"
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

// signers are the names of the keys of a document's embedded proofs, and of those of
// what endorsers of this site say within it: it is as good as these; or of the key that
// the header of a JOSE form names.
func signers(document jsontext.Value) ([]string, error) {
	if document.Kind() == '"' {
		return joseSigner(document)
	}
	var signed struct {
		Proof  jsontext.Value `json:"proof"`
		Issuer struct {
			ID          string           `json:"id"`
			Endorsement []jsontext.Value `json:"endorsement"`
		} `json:"issuer"`
		Endorsement       []jsontext.Value `json:"endorsement"`
		CredentialSubject struct {
			Achievement jsontext.Value `json:"achievement"` // a record has many
		} `json:"credentialSubject"`
	}
	if err := json.Unmarshal(document, &signed); err != nil {
		return nil, err
	}
	var achievement struct {
		Endorsement []jsontext.Value `json:"endorsement"`
	}
	if a := signed.CredentialSubject.Achievement; a.Kind() == '{' {
		if err := json.Unmarshal(a, &achievement); err != nil {
			return nil, err
		}
	}
	methods, err := methodsOf(signed.Proof)
	for _, e := range slices.Concat(signed.Endorsement, signed.Issuer.Endorsement, achievement.Endorsement) {
		var inside struct {
			Proof jsontext.Value `json:"proof"`
		}
		if err == nil {
			err = json.Unmarshal(e, &inside)
		}
		if err == nil {
			var more []string
			more, err = methodsOf(inside.Proof)
			methods = append(methods, slices.DeleteFunc(more, func(m string) bool { return !strings.HasPrefix(m, signed.Issuer.ID+":endorsers:") })...)
		}
	}
	var kids []string
	for _, m := range methods {
		if kid := did.KidOf(m); kid != "" {
			kids = append(kids, kid)
		}
	}
	return kids, err
}

// methodsOf are the verification methods of one proof or several.
func methodsOf(value jsontext.Value) ([]string, error) {
	type proof struct {
		VerificationMethod string `json:"verificationMethod"`
	}
	var proofs []proof
	var err error
	switch value.Kind() {
	case '{':
		proofs = make([]proof, 1)
		err = json.Unmarshal(value, &proofs[0])
	case '[':
		err = json.Unmarshal(value, &proofs)
	}
	var methods []string
	for _, p := range proofs {
		methods = append(methods, p.VerificationMethod)
	}
	return methods, err
}

func joseSigner(document jsontext.Value) ([]string, error) {
	compact, err := ledger.Bytes(document)
	if err != nil {
		return nil, err
	}
	first, _, _ := strings.Cut(string(compact), ".")
	text, err := base64.RawURLEncoding.DecodeString(first)
	if err != nil {
		return nil, fmt.Errorf("the header of a JWT: %w", err)
	}
	var header struct {
		Kid string `json:"kid"`
	}
	if err := json.Unmarshal(text, &header); err != nil {
		return nil, fmt.Errorf("the header of a JWT: %w", err)
	}
	return []string{did.KidOf(header.Kid)}, nil
}
