package did

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ParseKeySet reads the JWK Set of an https issuer (RFC 7517, 5) as a document
// of that issuer: a method "<issuer>#<kid>" under assertionMethod for each key that is
// for signatures, "<issuer>#/keys/<i>" for one without a kid. Iss is the issuer that the set names
// itself, or empty. At most 1 MiB and 256 keys. Keys of one kid that are equal as JSON
// are one, others have the Fault ErrAmbiguous; what is no key is passed over, and
// Whole tells so.
func ParseKeySet(data []byte, issuer string) (d *Document, iss string, err error) {
	defer wrap(&err, "parse JWK Set")
	var set struct {
		Iss  string           `json:"iss"`
		Keys []jsontext.Value `json:"keys"`
	}
	if err := read(data, &set); err != nil {
		return nil, "", err
	}
	if len(set.Keys) == 0 {
		return nil, "", errors.New("no keys")
	}
	if len(set.Keys) > maxMethods {
		return nil, "", fmt.Errorf("more than %d keys", maxMethods)
	}
	d = &Document{ID: issuer}
	for i, raw := range set.Keys {
		var jwk map[string]any
		if raw.Kind() != '{' || json.Unmarshal(raw, &jwk) != nil {
			d.unread = append(d.unread, Methods, Assertion)
			continue
		}
		kid, _ := jwk["kid"].(string)
		if use, has := jwk["use"]; has && use != "sig" {
			continue
		}
		if kid == "" {
			kid = fmt.Sprintf("/keys/%d", i)
		}
		id := issuer + "#" + kid
		if i := d.index(id); i >= 0 {
			if known := &d.VerificationMethod[i]; !reflect.DeepEqual(known.PublicKeyJwk, jwk) {
				known.fault = ErrAmbiguous
			}
			continue
		}
		d.VerificationMethod = append(d.VerificationMethod, VerificationMethod{ID: id, Type: "JsonWebKey", Controller: issuer, PublicKeyJwk: jwk})
		d.AssertionMethod = append(d.AssertionMethod, id)
	}
	return d, set.Iss, nil
}
