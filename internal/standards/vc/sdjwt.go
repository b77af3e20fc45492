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

// SDJWTCredential turns the claims of SDJWTClaims back into a credential, as far as
// laurel reads its own. What is not in them, is tells: the type of credential beside
// the general one, empty for an OpenBadgeCredential, and the status list whose index is
// that of the Status List Token.
func SDJWTCredential(claims map[string]any, is func(vct, token string) (kind, list string)) ([]byte, error) {
	text := func(v any) string { s, _ := v.(string); return s }
	status, _ := claims["status"].(map[string]any)
	entry, _ := status["status_list"].(map[string]any)
	kind, list := is(text(claims["vct"]), text(entry["uri"]))
	if kind == "" {
		kind = "OpenBadgeCredential"
	}
	c := maps.Clone(claims)
	for _, name := range []string{"vct", "iss", "jti", "iat", "nbf", "exp", "cnf", "status"} {
		delete(c, name)
	}
	c["type"], c["id"] = []string{"VerifiableCredential", kind}, claims["jti"]
	for name, of := range map[string]string{"validFrom": "nbf", "validUntil": "exp"} {
		if at, has := claims[of].(float64); has {
			c[name] = time.Unix(int64(at), 0).UTC().Format(time.RFC3339)
		}
	}
	if index, has := entry["idx"].(float64); has {
		c["credentialStatus"] = map[string]any{"type": "BitstringStatusListEntry", "statusPurpose": "revocation",
			"statusListIndex": strconv.Itoa(int(index)), "statusListCredential": list}
	}
	out, err := json.Marshal(c, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("write the credential: %w", err)
	}
	return out, nil
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
