package conform

import (
	"regexp"

	"laurel/internal/standards/vc"
)

// listRules hold for a status list.
var listRules = []rule{
	{
		code: "lint-list-url", verifier: byDigitalBazaar, applies: isList,
		why:   "the id of a list must be the https URL it is published at, ending in .json",
		check: at(func(doc map[string]any) bool { return isListURL(text(doc, "id")) }, "id"),
	},
	{
		code: "lint-list-subject-type", verifier: byVerifierCore, applies: isList,
		why:   "the type of a list's subject must be a plain string: the verifier takes no array",
		check: in("credentialSubject", "type", func(o map[string]any) bool { return o["type"] == "BitstringStatusList" }),
	},
	{
		code: "lint-list-purpose", verifier: byValidator, applies: isList,
		why:   "the purpose of a list must be one plain string, revocation or suspension",
		check: in("credentialSubject", "statusPurpose", func(o map[string]any) bool { return isKnownPurpose(o["statusPurpose"]) }),
	},
	{
		code: "lint-list-length", verifier: bsl, applies: isList,
		why: "the list must expand to at least 131,072 bits, from base64url and one GZIP member",
		check: in("credentialSubject", "encodedList", func(o map[string]any) bool {
			bits, err := vc.DecodeBitstring(text(o, "encodedList"), vc.MaxBitstring)
			return err == nil && bits.Len() >= vc.ListLength
		}),
	},
	{
		code: "lint-list-entity", verifier: byVerifierCore, applies: isList,
		why:    "the text looks like an HTML character reference: the verifier would decode it and the signature would fail",
		member: func(_ string, v any) bool { s, ok := v.(string); return ok && entity.MatchString(s) },
	},
}

// entity is what looks like an HTML character reference.
var entity = regexp.MustCompile(`&[#A-Za-z0-9]+;`)
