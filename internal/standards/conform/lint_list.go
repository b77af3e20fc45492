package conform

import (
	"strings"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/vc"
)

// listRules hold for a status list.
var listRules = []rule{
	{
		code: "lint-list-url", verifier: byDigitalBazaar, applies: isList,
		why: "the id of a list must be the https URL it is published at, ending in .json",
		check: func(doc map[string]any, report func(*jsonld.Place)) {
			if !isListURL(text(doc, "id")) {
				report(document.Member("id"))
			}
		},
	},
	{
		code: "lint-list-subject-type", verifier: byVerifierCore, applies: isList,
		why:   "the type of a list's subject must be a plain string: the verifier takes no array",
		check: listSubject("type", func(o map[string]any) bool { return o["type"] == "BitstringStatusList" }),
	},
	{
		code: "lint-list-purpose", verifier: byValidator, applies: isList,
		why:   "the purpose of a list must be one plain string, revocation or suspension",
		check: listSubject("statusPurpose", func(o map[string]any) bool { return isKnownPurpose(o["statusPurpose"]) }),
	},
	{
		code: "lint-list-length", verifier: bsl, applies: isList,
		why: "the list must expand to at least 131,072 bits, from base64url and one GZIP member",
		check: listSubject("encodedList", func(o map[string]any) bool {
			bits, err := vc.DecodeBitstring(text(o, "encodedList"), vc.MaxBitstring)
			return err == nil && bits.Len() >= vc.ListLength
		}),
	},
	{
		code: "lint-list-entity", verifier: byVerifierCore, applies: isList,
		why:    "the text looks like an HTML character reference: the verifier would decode it and the signature would fail",
		member: func(_ string, v any) bool { s, ok := v.(string); return ok && hasEntity(s) },
	},
}

func listSubject(member string, good func(o map[string]any) bool) func(map[string]any, func(*jsonld.Place)) {
	return func(doc map[string]any, report func(*jsonld.Place)) {
		if o := object(doc, "credentialSubject"); o != nil && !good(o) {
			report(document.Member("credentialSubject").Member(member))
		}
	}
}

// hasEntity tells whether s holds & , letters, digits or #, and a semicolon.
func hasEntity(s string) bool {
	for {
		_, after, ok := strings.Cut(s, "&")
		if !ok {
			return false
		}
		rest := strings.TrimLeft(after, "#abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
		if rest != after && strings.HasPrefix(rest, ";") {
			return true
		}
		s = after
	}
}
