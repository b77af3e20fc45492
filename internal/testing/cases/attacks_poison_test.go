package cases

import (
	"fmt"
	"slices"
	"strings"
)

// poisonAttacks are made to keep a verifier busy. They are refused, and soon.
func poisonAttacks() []attack {
	poison := func(name, code string, changes object) attack {
		return tamper(name, invalid, code, func(doc object) {
			for member, value := range changes {
				if doc[member] = value; value == absent {
					delete(doc, member)
				}
			}
		})
	}
	evidence := slices.Repeat([]any{object{"type": []any{"Evidence"}, "name": "x"}}, 9)
	profile := any(object{"type": []any{"Profile"}, "name": "x"})
	for range 3 {
		profile = object{"type": []any{"Profile"}, "name": "x", "parentOrg": slices.Repeat([]any{profile}, 9)}
	}
	types := []any{"VerifiableCredential", "OpenBadgeCredential"}
	for i := range 5000 {
		types = append(types, fmt.Sprintf("https://example.org/type/%d", i))
	}
	return []attack{
		poison("equal-siblings", "signature-invalid", object{"evidence": slices.Repeat([]any{object{"type": []any{"Evidence"}}}, 10)}),
		poison("equal-siblings-many", "signature-invalid", object{"evidence": slices.Repeat([]any{object{"type": []any{"Evidence"}}}, 2000)}),
		poison("equal-trees", "schema", object{"issuer": with(profile.(object), object{"id": issuerID})}),
		poison("no-id", "signature-invalid & id-missing", object{"id": absent, "evidence": evidence, "awardedDate": absent}),
		poison("clique-of-blanks", "ob-achievement", object{"credentialSubject": clique(9)}),
		poison("long-string", "signature-invalid", object{"name": strings.Repeat("a", 900_000)}),
		poison("many-types", "signature-invalid", object{"type": types}),
		tamper("eight-proofs", invalid, "signature-invalid", func(doc object) {
			doc["proof"] = slices.Repeat([]any{proofOf(doc)}, 8)
			doc["evidence"] = evidence
		}),
		tamper("thousand-proofs", invalid, "proof-malformed", func(doc object) { doc["proof"] = slices.Repeat([]any{proofOf(doc)}, 1000) }),
		tamper("endorsements-of-endorsements", invalid, "schema", func(doc object) {
			doc["endorsement"] = slices.Repeat([]any{object{
				"type": []any{"VerifiableCredential", "EndorsementCredential"}, "issuer": issuerID, "proof": proofOf(doc), "endorsement": evidence,
			}}, 16)
		}),
	}
}

// clique is n nodes without a name that all point to each other.
func clique(n int) []any {
	nodes := make([]any, n)
	for i := range nodes {
		var others []any
		for k := range n {
			if k != i {
				others = append(others, fmt.Sprintf("_:b%d", k))
			}
		}
		nodes[i] = object{"id": fmt.Sprintf("_:b%d", i), "type": []any{"AchievementSubject"}, "related": others}
	}
	return nodes
}
