package cases

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"laurel/internal/standards/verify"
	"laurel/internal/testing/interop"
)

// kindsAt is when the inputs of testdata/kinds are judged.
var kindsAt = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// kind is an input that genuine issuers, or people who save what they were sent,
// make, in testdata/kinds; what is right of it, strictly and with --lenient; and what
// it refers to. Of several in one input each has its answer.
type kind struct {
	file            string
	strict, lenient string
	documents       []string // URL or DID, and file beside
}

func kinds() []kind {
	return []kind{
		{"01-status-list-of-another-issuer/st-otherissuer-revoked.json", "undetermined status-list-issuer", "invalid revoked", []string{"https://school.example/status/otherissuer-revoked", "list-otherissuer-revoked"}},
		{"01-status-list-of-another-issuer/st-otherissuer.json", "undetermined status-list-issuer", "valid ok", []string{"https://school.example/status/otherissuer", "list-otherissuer"}},
		{"02-did-document-method-twice/c-k10-dup.json", "valid ok", "valid ok", []string{"did:web:k10.example", "did-k10-dup.json"}},
		{"02-did-document-method-twice/c-k17-dup-diff.json", "undetermined key-ambiguous", "undetermined key-ambiguous", []string{"did:web:k17.example", "did-k17-dup-diff.json"}},
		{"02-did-document-method-twice/c-k21-reldup.json", "valid ok", "valid ok", []string{"did:web:k21.example", "did-k21-reldup.json"}},
		{"03-jwt-judged-by-json-ld/j33-v1-type-undefined.jwt", "valid ok", "valid ok", nil},
		{"03-jwt-judged-by-json-ld/j36-v2-schema-type-undefined.jwt", "valid ok", "valid ok", nil},
		{"03-jwt-judged-by-json-ld/j37-v2-unknown-context.jwt", "undetermined context-unknown", "undetermined context-unknown", nil},
		{"04-kid-is-a-hint/d04-vm-bare-didkey.json", "valid ok", "valid ok", nil},
		{"04-kid-is-a-hint/j02-kid-bare-didkey.jwt", "valid ok", "valid ok", nil},
		{"04-kid-is-a-hint/j03-kid-none-didkey.jwt", "valid ok", "valid ok", nil},
		{"04-kid-is-a-hint/j11-didjwk-bare.jwt", "valid ok", "valid ok", nil},
		{"04-kid-is-a-hint/j14-didjwk-nokid.jwt", "valid ok", "valid ok", nil},
		{"04-kid-is-a-hint/j21-didweb-bare.jwt", "valid ok", "valid ok", []string{"did:web:school.example", "did-web.json"}},
		{"04-kid-is-a-hint/j22-didweb-jwk-header.jwt", "valid ok", "valid ok", []string{"did:web:school.example", "did-web.json"}},
		{"04-kid-is-a-hint/j24-didweb-nokid.jwt", "valid ok", "valid ok", []string{"did:web:school.example", "did-web.json"}},
		{"05-key-kinds-unknown-are-called-malformed/c-k1-2018-base58.json", "valid ok", "valid ok", []string{"did:web:k1.example", "did-k1-2018-base58.json"}},
		{"05-key-kinds-unknown-are-called-malformed/c-k2-2018-jwk.json", "valid ok", "valid ok", []string{"did:web:k2.example", "did-k2-2018-jwk.json"}},
		{"05-key-kinds-unknown-are-called-malformed/c-k22-multikey-secp.json", "undetermined key-unsupported", "undetermined key-unsupported", []string{"did:web:k22.example", "did-k22-multikey-secp.json"}},
		{"05-key-kinds-unknown-are-called-malformed/c-k4-2020-jwk.json", "valid ok", "valid ok", []string{"did:web:k4.example", "did-k4-2020-jwk.json"}},
		{"05-key-kinds-unknown-are-called-malformed/c-k6-multikey-u.json", "valid ok", "valid ok", []string{"did:web:k6.example", "did-k6-multikey-u.json"}},
		{"05-key-kinds-unknown-are-called-malformed/d03-issuer-didkey-secp.json", "undetermined key-unsupported", "undetermined key-unsupported", nil},
		{"05-key-kinds-unknown-are-called-malformed/j52-rs256-didkey-rsa.jwt", "valid ok", "valid ok", nil},
		{"06-proof-of-unknown-suite-judged/d22-unknown-suite-created-nozone.json", "undetermined blockcerts", "undetermined blockcerts", nil},
		{"06-proof-of-unknown-suite-judged/d24-unknown-suite-type-undefined.json", "undetermined suite-unsupported", "undetermined suite-unsupported", nil},
		{"07-vcdm11-date-without-zone/d19-v1-nozone.json", "valid ok", "valid ok", nil},
		{"07-vcdm11-date-without-zone/d20-v1-zone.json", "valid ok", "valid ok", nil},
		{"08-refused-by-policy-is-called-invalid/d12-inline-context.json", "undetermined context-inline", "undetermined context-inline", nil},
		{"09-did-web-spelling/c-u1-upper-host.json", "valid ok", "valid ok", []string{"did:web:User.github.io:repo", "did-u1-upper-host.json"}},
		{"09-did-web-spelling/c-u3-trailing-port443.json", "valid ok", "valid ok", []string{"did:web:school2.example%3A443", "did-u3-trailing-port443.json"}},
		{"10-credential-in-an-envelope-people-have/d01-good.json", "valid ok", "valid ok", nil},
		{"10-credential-in-an-envelope-people-have/d21-bom.json", "valid ok", "valid ok", nil},
		{"10-credential-in-an-envelope-people-have/w1-jwt-in-json.json", "valid ok", "valid ok", nil},
		{"10-credential-in-an-envelope-people-have/w12-bearer.txt", "valid ok", "valid ok", nil},
		{"10-credential-in-an-envelope-people-have/w13-data-url.txt", "valid ok", "valid ok", nil},
		{"10-credential-in-an-envelope-people-have/w2-oid4vci-response.json", "valid ok", "valid ok", nil},
		{"10-credential-in-an-envelope-people-have/w4-array.json", "valid ok", "valid ok", nil},
		{"10-credential-in-an-envelope-people-have/w6-wrapped.jwt", "valid ok", "valid ok", nil},
		{"10-credential-in-an-envelope-people-have/w7-getOpenBadgeCredentialsResponse.json", "undetermined input-several: valid ok, valid ok", "valid ok, valid ok", nil},
		{"11-european-digital-credential/w15-jws-flattened.json", "undetermined european-credential", "undetermined european-credential", nil},
		{"12-status-list-faults-charged-to-the-credential/st-corrupt.json", "undetermined status-list-malformed", "undetermined status-list-malformed", []string{"https://school.example/status/corrupt", "list-corrupt"}},
		{"12-status-list-faults-charged-to-the-credential/st-nou.json", "undetermined status-list-malformed", "valid ok", []string{"https://school.example/status/nou", "list-nou"}},
		{"12-status-list-faults-charged-to-the-credential/st-sl21-std.json", "valid ok", "valid ok", []string{"https://school.example/status/sl21-std", "list-sl21-std"}},
		{"12-status-list-faults-charged-to-the-credential/st-sl21-u.json", "valid ok", "valid ok", []string{"https://school.example/status/sl21-u", "list-sl21-u"}},
		{"12-status-list-faults-charged-to-the-credential/st-stdb64.json", "undetermined status-list-malformed", "valid ok", []string{"https://school.example/status/stdb64", "list-stdb64"}},
		{"13-same-algorithm-other-name/d02-eddsa-2022.json", "valid ok", "valid ok", nil},
		{"13-same-algorithm-other-name/j50-alg-Ed25519.jwt", "valid ok", "valid ok", nil},
		{"14-jwt-of-walt-id/j31-v1-nbf-90s-before.jwt", "undetermined jwt-claim-near", "valid ok", nil},
		{"14-jwt-of-walt-id/j35-v2-under-vc.jwt", "undetermined version-mix", "valid ok", nil},
		{"15-genuine-but-off-schema/d11-null-image.json", "invalid value-null", "valid ok", nil},
		{"15-genuine-but-off-schema/d14-status-array.json", "invalid schema", "undetermined status-unavailable", nil},
		{"15-genuine-but-off-schema/d15-image-string.json", "invalid ob-image", "valid ok", nil},
		{"15-genuine-but-off-schema/d17-dateonly.json", "invalid date-malformed", "valid ok", nil},
		{"16-image-containers/b04-text.png", "valid ok", "valid ok", nil},
		{"16-image-containers/b06-kw-openbadges.png", "valid ok", "valid ok", nil},
		{"16-image-containers/b15-trailing.png", "valid ok", "valid ok", nil},
	}
}

// input reads a file of testdata/kinds.
func (k kind) input(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata/kinds", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func (k kind) asCase(t *testing.T) Case {
	decided, items, several := strings.Cut(k.strict, ": ")
	verdict, code, _ := strings.Cut(decided, " ")
	c := Case{Suite: "kinds", Name: k.file, Input: k.input(t, k.file), Documents: map[string][]byte{}, At: kindsAt, Verdict: verdict, Code: code}
	if several {
		c.Items = strings.Split(items, ", ")
	}
	for i := 0; i+1 < len(k.documents); i += 2 {
		c.Documents[k.documents[i]] = k.input(t, filepath.Join(filepath.Dir(k.file), k.documents[i+1]))
	}
	return c
}

// TestKinds has the command line and the page judge one of each spelling of what
// genuine issuers make and laurel once called false.
func TestKinds(t *testing.T) {
	if err := interop.Install(t.Context(), pageSource); err != nil {
		t.Fatal(err)
	}
	var list []Case
	for _, k := range kinds() {
		list = append(list, k.asCase(t))
	}
	commandLineJudges(t, list)
	answers := askPage(t, list)
	for i, k := range kinds() {
		c := list[i]
		page := answers[c.id()]
		theirs := string(page.Verdict) + " " + page.Code
		for i, item := range page.Items {
			theirs += []string{": ", ", "}[min(i, 1)] + string(item.Verdict) + " " + item.Code
		}
		if want := k.strict; theirs != want {
			t.Errorf("%s: the page says %s, want %s", c.Name, theirs, want)
		}
	}
	for _, k := range kinds() {
		args := []string{"verify", "--offline", "--no-cache", "--lenient", "--json", "--at", kindsAt.Format(time.RFC3339)}
		for i := 0; i+1 < len(k.documents); i += 2 {
			args = append(args, "--documents", k.documents[i]+"="+filepath.Join(filepath.Dir(k.file), k.documents[i+1]))
		}
		_, stdout, stderr := laurel(t, "testdata/kinds", append(args, k.file)...)
		var out struct{ Reports []verify.Report }
		if err := json.Unmarshal([]byte(stdout), &out); err != nil {
			t.Fatalf("%s: %v, %s", k.file, err, stderr)
		}
		var got []string
		for _, r := range out.Reports {
			got = append(got, answer(&r))
		}
		if got := strings.Join(got, ", "); got != k.lenient {
			t.Errorf("%s: with --lenient %s, want %s", k.file, got, k.lenient)
		}
	}
}
