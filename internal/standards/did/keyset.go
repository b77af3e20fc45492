package did

import (
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
)

// ParseKeySet reads the JWK Set of an https issuer (RFC 7517, 5) as a document
// of that issuer: a method "<issuer>#<kid>" under assertionMethod for each key
// with a kid that is for signatures. Iss is the issuer that the set names
// itself, or empty. At most 1 MiB and 256 keys; two keys of one kid are an error.
func ParseKeySet(data []byte, issuer string) (d *Document, iss string, err error) {
	defer wrap(&err, "parse JWK Set")
	if len(data) > maxDocument {
		return nil, "", errors.New("longer than 1 MiB")
	}
	var set struct {
		Iss  string           `json:"iss"`
		Keys []map[string]any `json:"keys"`
	}
	if err := json.Unmarshal(data, &set); err != nil {
		return nil, "", err
	}
	if len(set.Keys) == 0 {
		return nil, "", errors.New("no keys")
	}
	if len(set.Keys) > maxMethods {
		return nil, "", fmt.Errorf("more than %d keys", maxMethods)
	}
	d = &Document{ID: issuer}
	for _, jwk := range set.Keys {
		kid, _ := jwk["kid"].(string)
		if use, has := jwk["use"]; kid == "" || has && use != "sig" {
			continue
		}
		id := issuer + "#" + kid
		if _, twice := d.Method(id); twice {
			return nil, "", fmt.Errorf("a second key with the kid %q", kid)
		}
		d.VerificationMethod = append(d.VerificationMethod, VerificationMethod{ID: id, Type: "JsonWebKey", Controller: issuer, PublicKeyJwk: jwk})
		d.AssertionMethod = append(d.AssertionMethod, id)
	}
	return d, set.Iss, nil
}
