package cases

import (
	"bytes"
	"strings"

	"laurel/internal/standards/bake"
)

// whyNotPage says why a case is not for the page: it is of a form that the page
// does not judge, or the page is known to answer it otherwise.
func whyNotPage(c Case) string {
	if why, ok := otherwise()[c.Suite+"/"+c.Name]; ok {
		return why
	}
	input := c.Input
	if text, err := bake.Unbake(input); err == nil {
		input = text
	}
	has := func(text string) bool { return bytes.Contains(input, []byte(text)) }
	switch {
	case bytes.HasPrefix(bytes.TrimSpace(input), []byte("eyJ")):
		return "the page does not judge JWTs"
	case has("VerifiablePresentation"), has("EnvelopedVerifiableCredential"), strings.HasPrefix(c.Name, "presentation-"):
		return "the page does not judge presentations"
	case has("1EdTechRevocationList"):
		return "the page does not know 1EdTechRevocationList"
	case has("2018/credentials/v1"):
		return "the page does not judge data model 1.1"
	}
	return ""
}

// otherwise are single cases to which the page has another answer.
func otherwise() map[string]string {
	const notACredential = "the page takes JSON that is no credential for a malformed one"
	const small = "jsonld 9.0.0 writes a number as small as 1e-7 as 0"
	const noJWK = "the page does not know did:jwk"
	const alone = "the page does not take a key alone for an issuer's document"
	return map[string]string{
		"attack-issuer/did-jwk":                               noJWK,
		"attack-issuer/did-jwk-other-fragment":                noJWK,
		"attack-issuer/did-jwk-private":                       noJWK,
		"attack-issuer/did-jwk-not-json":                      noJWK,
		"attack-issuer/https-key-alone":                       alone,
		"attack-issuer/https-key-alone-of-another":            alone,
		"attack-issuer/jwk-other-algorithm":                   "the page does not look at alg of a JWK",
		"attack-issuer/jwk-secret":                            "the page does not look at k of a JWK",
		"values/number-1e-07":                                 small,
		"values/number-5e-324":                                small,
		"values/number-zero-made-1e-7":                        small,
		"1edtech-ob30/simple-noproof.json":                    "the page does not judge data model 1.1",
		"well-known-did-configuration/did-configuration.json": notACredential,
		"attack-json/empty":                                   notACredential,
		"attack-json/space":                                   notACredential,
		"attack-json/no-members":                              notACredential,
		"attack-json/hello":                                   notACredential,
		"attack-json/html":                                    "the page does not tell web pages from other text",
		"attack-jose/json-serialization":                      notACredential,
		"attack-forms/open-badges-2":                          notACredential,
		"attack-forms/pdf":                                    "the page does not tell documents from other bytes",
		"attack-forms/jpeg":                                   "the page does not tell documents from other bytes",
		"attack-terms/context-twice":                          "the page takes a context that is given twice",
		"attack-status/bits-in-two-members":                   "the page depends on how strict the decompression of its browser is",
		"attack-status/bits-with-a-tail":                      "the page depends on how strict the decompression of its browser is",
		"attack-status/two-bits":                              "the page reads statuses of one bit only",
	}
}
