package verify_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"laurel/internal/standards/verify"
	"laurel/internal/testing/work"
)

// TestLimits gives inputs below 200 kB that hold as much work as fits: each gets a
// verdict within five seconds and 500 MB (P6), and none is valid. The budget is
// one for a presentation or learner record and everything in it.
func TestLimits(t *testing.T) {
	w := newWorld(t)
	verifier := w.verifier(now)
	poisoned := with(decode(t, w.sign(credential())), map[string]any{"evidence": repeat(10, map[string]any{"type": []any{"Evidence"}})})
	var credentials, jwts []any
	for i := range 64 {
		credentials = append(credentials, with(poisoned, map[string]any{"id": fmt.Sprintf("urn:uuid:0b9b3f3e-0d5b-4d2a-9a44-%012d", i)}))
		jwts = append(jwts, string(compact(t, map[string]any{"alg": "EdDSA", "kid": fmt.Sprintf("did:web:h%d.example#a", i)}, with(by(fmt.Sprintf("did:web:h%d.example", i)), nil), key("first"))))
	}
	deep := any("a")
	for range 60 {
		deep = []any{deep}
	}
	for name, data := range map[string][]byte{
		"presentation-of-poison":       encode(t, presentation(credentials[:40]...)),
		"signed-presentation":          encode(t, with(presentation(credentials[:40]...), map[string]any{"proof": poisoned["proof"]})),
		"learner-record-of-poison":     encode(t, with(clr(credentials[:40]...), map[string]any{"proof": poisoned["proof"]})),
		"presentation-of-64-hosts":     encode(t, presentation(jwts...)),
		"presentation-of-65":           encode(t, presentation(append(repeat(64, "eyJh.eyJh.AAAA"), "eyJh.eyJh.AAAA")...)),
		"presentations-in-each-other":  encode(t, presentation(repeat(40, presentation(repeat(40, presentation()))))),
		"jwt-of-deep-json":             jwtOf(t, with(credential(), map[string]any{"name": deep}), nil),
		"jwt-with-long-header":         []byte("eyJh" + strings.Repeat("A", 190_000) + ".e30.AAAA"),
		"many-status-entries":          jwtOf(t, with(credential(), map[string]any{"credentialStatus": repeat(900, statusEntry(listURL, "revocation", "1"))}), nil),
		"many-endorsement-tokens":      jwtOf(t, with(credential(), map[string]any{"endorsementJwt": repeat(64, "eyJh.eyJh.AAAA")}), nil),
		"points":                       []byte("eyJ" + strings.Repeat("a.", 90_000)),
		"tildes":                       []byte("eyJa.eyJa.a" + strings.Repeat("~", 190_000)),
		"envelope-of-percent":          encode(t, envelope("EnvelopedVerifiableCredential", "data:application/vc+jwt,"+strings.Repeat("%41", 60_000))),
		"angle-brackets":               bytes.Repeat([]byte("<svg"), 45_000),
		"did-jwk-of-a-large-rsa-key":   compact(t, map[string]any{"alg": "RS256", "kid": "x"}, by("did:jwk:"+strings.Repeat("A", 100_000)), key("first")),
		"revocation-of-names-and-more": jwtOf(t, with(credential(), map[string]any{"credentialStatus": manyLists(40)}), nil),
	} {
		t.Run(name, func(t *testing.T) {
			if len(data) > 200_000 && !strings.Contains(name, "presentation") && !strings.Contains(name, "learner") && !strings.Contains(name, "many") {
				t.Errorf("%d bytes", len(data))
			}
			var r *verify.Report
			made, bytes := work.Of(func() { r = verifier.Credential(t.Context(), data) })
			if t.Logf("%d allocations, %d MB", made, bytes>>20); made > 1_000_000 || bytes > 100<<20 {
				t.Error("too much work")
			}
			if r.Verdict == verify.Valid {
				t.Error("valid")
			}
			wantSafe(t, r)
		})
	}
}

func repeat(n int, item any) []any {
	list := make([]any, n)
	for i := range list {
		list[i] = item
	}
	return list
}

func manyLists(n int) []any {
	list := make([]any, n)
	for i := range list {
		list[i] = statusEntry(fmt.Sprintf("https://h%d.example/list", i), "revocation", "1")
	}
	return list
}
