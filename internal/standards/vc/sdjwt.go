package vc

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// SDJWTOptions are what the claims of an SD-JWT VC have that the credential has not.
type SDJWTOptions struct {
	Type       string // vct, an https URL
	StatusList string // URL of the Status List Token that has the credential's index; empty: it has no status
	// HolderKey is the JWK of the subject; nil where none follows from its id.
	HolderKey map[string]any
}

// alwaysTold are the members of a subject that say nothing of a person: what the
// achievement is, and what the program of a learner's record.
var alwaysTold = []string{"type", "achievement", "association"}

// SDJWTClaims turns an unsecured credential that laurel issues, an AchievementCredential
// or ClrCredential in its JSON, into the claims of an SD-JWT VC
// (SD-JWT-based Verifiable Digital Credentials, 2.2.2), with JSON Pointers to what its
// holder may withhold.
//
// Claims that JWT has are those: iss, jti, iat, nbf, exp, cnf, status. All else stands
// under the names and in the places of Open Badges 3.0, and so a pointer into the
// credential is one into the claims; @context and type are left out, of which vct
// takes the place. To be withheld are each identity of the subject, its id, each
// result, what else is told of how it was earned, each piece of evidence and each
// credential in a record: whatever is about a person. What was achieved and who says
// so always shows.
func SDJWTClaims(credential []byte, o SDJWTOptions) (claims []byte, disclosable []string, err error) {
	var c map[string]any
	if err := json.Unmarshal(credential, &c); err != nil {
		return nil, nil, fmt.Errorf("read the credential: %w", err)
	}
	issuer, _ := c["issuer"].(map[string]any)
	subject, _ := c["credentialSubject"].(map[string]any)
	from, err := numericDate(c["validFrom"])
	if issuer["id"] == nil || subject == nil || err != nil || from == 0 {
		return nil, nil, errors.New("the credential lacks issuer, validFrom or subject")
	}
	until, err := numericDate(c["validUntil"])
	if err != nil {
		return nil, nil, err
	}
	out := maps.Clone(c)
	for _, name := range []string{"@context", "type", "id", "validFrom", "validUntil", "credentialStatus", "proof"} {
		delete(out, name)
	}
	out["vct"], out["iss"], out["iat"], out["nbf"] = o.Type, issuer["id"], from, from
	if id, has := c["id"]; has {
		out["jti"] = id
	}
	if until != 0 {
		out["exp"] = until
	}
	if o.HolderKey != nil {
		out["cnf"] = map[string]any{"jwk": o.HolderKey}
	}
	if o.StatusList != "" {
		entry, _ := c["credentialStatus"].(map[string]any)
		text, _ := entry["statusListIndex"].(string)
		index, err := strconv.Atoi(text)
		if err != nil {
			return nil, nil, errors.New("the credential lacks a status index")
		}
		out["status"] = map[string]any{"status_list": map[string]any{"idx": index, "uri": o.StatusList}}
	}
	if claims, err = json.Marshal(out, json.Deterministic(true)); err != nil {
		return nil, nil, fmt.Errorf("write the claims: %w", err)
	}
	return claims, withholdable(out, subject), nil
}

func withholdable(claims, subject map[string]any) []string {
	var pointers []string
	add := func(pointer string, v any) {
		list, isList := v.([]any)
		if !isList {
			pointers = append(pointers, pointer)
		}
		for i := range list {
			pointers = append(pointers, pointer+"/"+strconv.Itoa(i))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(subject)) {
		if !slices.Contains(alwaysTold, name) {
			add("/credentialSubject/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(name), subject[name])
		}
	}
	for _, name := range []string{"endorsement", "evidence", "relatedResource"} {
		if v, has := claims[name]; has {
			add("/"+name, v)
		}
	}
	return pointers
}

// numericDate is a date of a credential in seconds (RFC 7519, 2); 0 for none.
func numericDate(v any) (int64, error) {
	if v == nil {
		return 0, nil
	}
	text, _ := v.(string)
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return 0, fmt.Errorf("read a date of the credential: %w", err)
	}
	return t.Unix(), nil
}
