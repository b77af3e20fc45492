package verify_test

import (
	"fmt"
	"strings"
	"testing"

	"laurel/internal/standards/verify"
	"laurel/internal/testing/work"
)

// Documents made to keep a verifier busy: each gets its verdict without much
// work, and it is not valid. The budget is one for the document, all its proofs and
// all that is embedded.
func TestPoison(t *testing.T) {
	w := newWorld(t)
	verifier := w.verifier(now)
	signed := decode(t, w.sign(credential()))
	theProof := signed["proof"].([]any)[0]
	sameAgain := func(n int, item any) []any {
		list := make([]any, n)
		for i := range list {
			list[i] = item
		}
		return list
	}
	tree := func(depth, width int) any {
		node := map[string]any{"type": []any{"Profile"}, "name": "x"}
		for range depth {
			node = map[string]any{"type": []any{"Profile"}, "name": "x", "parentOrg": sameAgain(width, node)}
		}
		return node
	}
	evidence := sameAgain(9, map[string]any{"type": []any{"Evidence"}, "name": "x"})
	cases := map[string]map[string]any{
		"equal-siblings":   {"evidence": sameAgain(10, map[string]any{"type": []any{"Evidence"}})},
		"equal-trees":      {"issuer": map[string]any{"id": issuerID, "type": []any{"Profile"}, "name": "x", "parentOrg": tree(3, 9)}},
		"many-equal":       {"evidence": sameAgain(2000, map[string]any{"type": []any{"Evidence"}})},
		"eight-proofs":     {"proof": sameAgain(8, theProof), "evidence": evidence},
		"no-id":            {"id": nil, "evidence": evidence, "awardedDate": nil},
		"clique-of-blanks": {"credentialSubject": clique(9)},
		"long-string":      {"name": strings.Repeat("a", 900_000)},
		"many-types":       {"type": append([]any{"VerifiableCredential", "OpenBadgeCredential"}, manyTypes(5000)...)},
		"many-endorsements": {"endorsement": sameAgain(16, map[string]any{
			"type": []any{"VerifiableCredential", "EndorsementCredential"}, "issuer": issuerID, "proof": theProof, "endorsement": evidence,
		})},
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			data := encode(t, with(signed, change))
			var r *verify.Report
			made, _ := work.Of(func() { r = verifier.Credential(t.Context(), data) })
			if r.Verdict == verify.Valid {
				t.Error("valid")
			}
			if made > 2_000_000 {
				t.Error("too much work")
			}
			c, _ := r.Check(verify.Contexts)
			p, _ := r.Check(verify.Proof)
			t.Logf("%d bytes, %d allocations: %s; contexts %s, proof %s", len(data), made, r.Verdict, c.Code, p.Code)
		})
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
		nodes[i] = map[string]any{"id": fmt.Sprintf("_:b%d", i), "type": []any{"AchievementSubject"}, "related": others}
	}
	return nodes
}

func manyTypes(n int) []any {
	list := make([]any, n)
	for i := range list {
		list[i] = fmt.Sprintf("https://example.org/type/%d", i)
	}
	return list
}
