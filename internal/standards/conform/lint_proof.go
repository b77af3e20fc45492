package conform

import (
	"strings"

	"laurel/internal/standards/jsonld"
)

// proofRules hold for the proof of a signed document.
var proofRules = []rule{
	{
		code: "lint-proof-single", verifier: verifierSchemaStrict, applies: hasProof,
		why:   "the proof must be an array of one: the strict schema wants an array, and of several proofs some verifiers check only one",
		check: at(func(doc map[string]any) bool { list, ok := doc["proof"].([]any); return ok && len(list) == 1 }, "proof"),
	},
	{
		code: "lint-proof-suite", verifier: byVerifierCore, applies: hasProof,
		why: "the proof must be a DataIntegrityProof of eddsa-rdfc-2022, the one suite that every verifier knows",
		check: proofs("cryptosuite", func(doc, o map[string]any) bool {
			return o["type"] == "DataIntegrityProof" && o["cryptosuite"] == "eddsa-rdfc-2022"
		}),
	},
	{
		code: "lint-proof-purpose", verifier: byDigitalBazaar, applies: hasProof,
		why:   "the purpose of the proof must be assertionMethod",
		check: proofs("proofPurpose", func(doc, o map[string]any) bool { return o["proofPurpose"] == "assertionMethod" }),
	},
	{
		code: "lint-proof-issuer", verifier: byDigitalBazaar, applies: hasProof,
		why: "the verification method must be a key of the issuer: the issuer's id, # and the name of the key",
		check: proofs("verificationMethod", func(doc, o map[string]any) bool {
			kid, ok := strings.CutPrefix(text(o, "verificationMethod"), issuerID(doc)+"#")
			return ok && kid != ""
		}),
	},
	{
		code: "lint-proof-key-name", verifier: byValidator, applies: hasProof,
		why: "the name of the key begins like a Multibase key (z or u): the verifier would take the name for the key and not resolve the DID",
		check: proofs("verificationMethod", func(doc, o map[string]any) bool {
			_, kid, _ := strings.Cut(text(o, "verificationMethod"), "#")
			return !strings.HasPrefix(kid, "z") && !strings.HasPrefix(kid, "u")
		}),
	},
}

func hasProof(doc map[string]any) bool { return doc["proof"] != nil }

// proofs makes a check of every proof of a document.
func proofs(member string, good func(doc, o map[string]any) bool) func(map[string]any, func(*jsonld.Place)) {
	return func(doc map[string]any, report func(*jsonld.Place)) {
		eachObject(doc, "proof", document, func(o map[string]any, p *jsonld.Place) {
			if !good(doc, o) {
				report(p.Member(member))
			}
		})
	}
}
