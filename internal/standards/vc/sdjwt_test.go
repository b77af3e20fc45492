package vc_test

import (
	"slices"
	"strings"
	"testing"

	"laurel/internal/standards/vc"
)

const unsecured = `{"@context":["c"],"id":"urn:uuid:1","type":["VerifiableCredential","OpenBadgeCredential"],"name":"Weld",
 "issuer":{"id":"did:web:example.org","type":["Profile"],"name":"A"},"validFrom":"2026-01-15T09:00:00Z","validUntil":"2028-01-15T09:00:00Z","awardedDate":"2026-01-10T00:00:00Z",
 "credentialSubject":{"id":"did:key:z","type":["AchievementSubject"],"identifier":[{"identityHash":"Ana"},{"identityHash":"x"}],"achievement":{"id":"a"},"creditsEarned":2.5,"result":[{"value":"1"}],"role":"r"},
 "evidence":[{"id":"e1"},{"id":"e2"}],
 "credentialStatus":{"statusListIndex":"42","statusListCredential":"https://example.org/status/1.json"}}`

// TestSDJWTClaims: claims of JWT are where those who read them look, all else is
// where Open Badges has it, and what is about the person may be withheld.
func TestSDJWTClaims(t *testing.T) {
	claims, disclosable, err := vc.SDJWTClaims([]byte(unsecured), vc.SDJWTOptions{Type: "https://example.org/vct/a.json", StatusList: "https://example.org/status/1.jwt.txt", HolderKey: map[string]any{"kty": "OKP"}})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"awardedDate":"2026-01-10T00:00:00Z","cnf":{"jwk":{"kty":"OKP"}},` +
		`"credentialSubject":{"achievement":{"id":"a"},"creditsEarned":2.5,"id":"did:key:z","identifier":[{"identityHash":"Ana"},{"identityHash":"x"}],"result":[{"value":"1"}],"role":"r","type":["AchievementSubject"]},` +
		`"evidence":[{"id":"e1"},{"id":"e2"}],"exp":1831539600,"iat":1768467600,"iss":"did:web:example.org","issuer":{"id":"did:web:example.org","name":"A","type":["Profile"]},"jti":"urn:uuid:1","name":"Weld","nbf":1768467600,` +
		`"status":{"status_list":{"idx":42,"uri":"https://example.org/status/1.jwt.txt"}},"vct":"https://example.org/vct/a.json"}`
	if string(claims) != want {
		t.Errorf("the claims are %s", claims)
	}
	if want := []string{"/credentialSubject/creditsEarned", "/credentialSubject/id", "/credentialSubject/identifier/0", "/credentialSubject/identifier/1",
		"/credentialSubject/result/0", "/credentialSubject/role", "/evidence/0", "/evidence/1"}; !slices.Equal(disclosable, want) {
		t.Errorf("disclosable are %q", disclosable)
	}
	bare, _, err := vc.SDJWTClaims([]byte(`{"issuer":{"id":"i"},"validFrom":"2026-01-15T09:00:00Z","credentialSubject":{}}`), vc.SDJWTOptions{Type: "t"})
	if err != nil || string(bare) != `{"credentialSubject":{},"iat":1768467600,"iss":"i","issuer":{"id":"i"},"nbf":1768467600,"vct":"t"}` {
		t.Errorf("bare claims are %s, %v", bare, err)
	}
	for name, in := range map[string]string{
		"not-json":   `{`,
		"no-issuer":  strings.Replace(unsecured, `"issuer"`, `"by"`, 1),
		"no-subject": strings.Replace(unsecured, `"credentialSubject"`, `"about"`, 1),
		"no-date":    strings.Replace(unsecured, `"validFrom"`, `"from"`, 1),
		"bad-date":   strings.Replace(unsecured, "2028-01-15T09:00:00Z", "2028", 1),
		"bad-index":  strings.Replace(unsecured, `"42"`, `"x"`, 1),
	} {
		if _, _, err := vc.SDJWTClaims([]byte(in), vc.SDJWTOptions{StatusList: "s"}); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
