package sdjwt_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/sdjwt"
	"laurel/internal/testing/vectors"
)

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// newKey is a key on P-256, always the same for a number.
func newKey(n int64) *ecdsa.PrivateKey {
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), big.NewInt(n).FillBytes(make([]byte, 32)))
	if err != nil {
		panic(err)
	}
	return key
}

// chance is a source of numbers that are always the same.
func chance() io.Reader { return rand.NewChaCha8([32]byte{1}) }

func canonical(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func vectorKey(x, y string) *ecdsa.PublicKey {
	point := []byte{4}
	for _, s := range []string{x, y} {
		b, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil {
			panic(err)
		}
		point = append(point, b...)
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		panic(err)
	}
	return key
}

// TestRFC9901: the examples of the RFC's own text, with signatures and key binding.
func TestRFC9901(t *testing.T) {
	issuer := vectorKey("b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ", "Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8")
	holder := vectorKey("TCAER19Zvu3OHF4j4W4vfSVoHIP1ILilDls7vCeGemc", "ZxjiWWbZMQGHVWKVQ4hbSIirsVfuecCE6t4jT9F2HZQ")

	issued, err := sdjwt.Parse(string(vectors.Read("rfc9901/simple-issued.txt")))
	if err != nil {
		t.Fatal(err)
	}
	if err := issued.Verify(issuer); err != nil {
		t.Error(err)
	}
	delete(issued.Claims, "cnf")
	want := `{"address":{"country":"US","locality":"Anytown","region":"Anystate","street_address":"123 Main St"},"birthdate":"1940-01-01","email":"johndoe@example.com",` +
		`"exp":1883000000,"family_name":"Doe","given_name":"John","iat":1683000000,"iss":"https://issuer.example.com","nationalities":["US","DE"],` +
		`"phone_number":"+1-202-555-0101","phone_number_verified":true,"sub":"user_42","updated_at":1570000000}`
	if got := canonical(t, issued.Claims); got != want {
		t.Errorf("the claims are %s", got)
	}
	if len(issued.Disclosures) != 10 || issued.Hidden != 0 || issued.Disclosures[8].Pointer != "/nationalities/0" {
		t.Errorf("%d disclosures, %d hidden", len(issued.Disclosures), issued.Hidden)
	}
	if !issued.Has("/iss") || issued.Has("/given_name") || issued.Has("/nationalities/1") || !issued.Has("/nationalities") || issued.Has("/nothing") {
		t.Error("what may be withheld is not told")
	}

	presented, err := sdjwt.Parse(string(vectors.Read("rfc9901/pid-presented.txt")))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(presented.Verify(issuer), presented.Binding.JWS.Verify(holder)); err != nil {
		t.Error(err)
	}
	delete(presented.Claims, "cnf")
	want = `{"age_equal_or_over":{"18":true},"exp":1883000000,"iat":1683000000,"iss":"https://pid-issuer.bund.de.example","nationalities":["DE"],"vct":"urn:eudi:pid:de:1"}`
	if got := canonical(t, presented.Claims); got != want {
		t.Errorf("the claims are %s", got)
	}
	if b := presented.Binding; b.Audience != "https://verifier.example.org" || b.Nonce != "1234567890" || b.Issued != 1748454271 || presented.Hidden != 18 {
		t.Errorf("the binding is %+v, %d hidden", b, presented.Hidden)
	}
}

const payload = `{"iss":"did:web:academy.example.org","name":"Weld","who":{"id":"x","names":["a","b",{"c":1}],"more":{"deep":true,"odd/name~":0}}}`

var disclosable = []string{"/who/id", "/who/names/1", "/who/names/2/c", "/who/names/2", "/who/more", "/who/more/deep", "/who/more/odd~1name~0"}

func issue(t testing.TB, pointers ...string) string {
	t.Helper()
	made, err := sdjwt.Issue([]byte(payload), sdjwt.Options{Header: proof.JWSHeader{Type: "dc+sd-jwt", KeyID: "k"}, Disclosable: pointers, Rand: chance()}, newKey(7))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// TestIssue: what is issued has everything in it, and each presentation what it is
// to show, and no more.
func TestIssue(t *testing.T) {
	made := issue(t, disclosable...)
	s, err := sdjwt.Parse(made)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Verify(newKey(7).Public()); err != nil {
		t.Error(err)
	}
	if jsonld.CodeOf(s.Verify(newKey(8).Public())) != "signature-invalid" {
		t.Error("another key verifies it")
	}
	var whole any
	if err := json.Unmarshal([]byte(payload), &whole); err != nil {
		t.Fatal(err)
	}
	if got := canonical(t, s.Claims); got != canonical(t, whole) {
		t.Errorf("the claims are %s", got)
	}
	pointers := make([]string, len(s.Disclosures))
	for i, d := range s.Disclosures {
		pointers[i] = d.Pointer
	}
	if slices.Sort(pointers); !slices.Equal(pointers, slices.Sorted(slices.Values(disclosable))) {
		t.Errorf("disclosable are %v", pointers)
	}
	for _, secret := range []string{"deep", "odd", `"x"`} {
		if bytes.Contains(s.JWS.Payload, []byte(secret)) {
			t.Errorf("the payload tells %s", secret)
		}
	}
	for _, test := range []struct {
		reveal []string
		claims string
		hidden int
	}{
		{nil, `{"iss":"did:web:academy.example.org","name":"Weld","who":{"names":["a"]}}`, 4},
		{[]string{"/who/id"}, `{"iss":"did:web:academy.example.org","name":"Weld","who":{"id":"x","names":["a"]}}`, 3},
		{[]string{"/who/names/2"}, `{"iss":"did:web:academy.example.org","name":"Weld","who":{"names":["a",{"c":1}]}}`, 3},
		{[]string{"/who/more/deep"}, `{"iss":"did:web:academy.example.org","name":"Weld","who":{"more":{"deep":true},"names":["a"]}}`, 4},
		{[]string{"/who/more/odd~1name~0", "/iss"}, `{"iss":"did:web:academy.example.org","name":"Weld","who":{"more":{"odd/name~":0},"names":["a"]}}`, 4},
		{[]string{"/who/names"}, `{"iss":"did:web:academy.example.org","name":"Weld","who":{"names":["a","b",{"c":1}]}}`, 2},
		{[]string{""}, canonical(t, whole), 0},
	} {
		shown, err := s.Present(test.reveal)
		if err != nil {
			t.Fatal(err)
		}
		p, err := sdjwt.Parse(shown)
		if err != nil {
			t.Fatal(err)
		}
		if got := canonical(t, p.Claims); got != test.claims || p.Hidden != test.hidden {
			t.Errorf("%v shows %s, %d hidden", test.reveal, got, p.Hidden)
		}
		if err := p.Verify(newKey(7).Public()); err != nil {
			t.Error(err)
		}
	}
	if got := s.Always(); !slices.Equal(got, []string{"/iss", "/name", "/who/names/0"}) {
		t.Errorf("always shown are %q", got)
	}
	if _, err := s.Present([]string{"/who/nobody"}); jsonld.CodeOf(err) != "pointer-missing" {
		t.Errorf("a pointer to nothing: %v", err)
	}
	if issue(t, disclosable...) != made {
		t.Error("the same input makes something else")
	}
	if bare := issue(t); strings.Count(bare, "~") != 1 || strings.Contains(bare, b64(`"_sd`)) {
		t.Errorf("without disclosures it is %s", bare)
	}
}

func TestIssueRefuses(t *testing.T) {
	for _, test := range []struct{ name, payload, pointer, want string }{
		{"nothing", payload, "/nobody", "points to nothing"},
		{"whole", payload, "", "is the whole"},
		{"no-pointer", payload, "name", "is the whole, or no JSON Pointer"},
		{"inside-of-text", payload, "/name/x", "points to nothing"},
		{"not-json", "{", "/name", "json-syntax"},
		{"not-an-object", "[]", "/0", "json-syntax"},
		{"reserved", `{"a":{"_sd_alg":1},"b":1}`, "/b", "sd-name-forbidden"},
		{"element", `{"a":[{"...":"x"}],"b":1}`, "/b", "has digests in it already"},
		{"digests", `{"_sd":"x","b":1}`, "/b", "sd-jwt-malformed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := sdjwt.Issue([]byte(test.payload), sdjwt.Options{Disclosable: []string{test.pointer}, Rand: chance()}, newKey(7))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
	for name, o := range map[string]sdjwt.Options{
		"twice":   {Disclosable: []string{"/name", "/name"}, Rand: chance()},
		"no-salt": {Disclosable: []string{"/name"}, Rand: strings.NewReader("short")},
	} {
		if _, err := sdjwt.Issue([]byte(payload), o, newKey(7)); err == nil {
			t.Errorf("%s is issued", name)
		}
	}
}

// token signs any payload.
func token(t testing.TB, payload any, disclosures ...string) string {
	t.Helper()
	data, err := json.Marshal(payload)
	if err != nil {
		t.Fatal(err)
	}
	jwt, err := proof.SignJWS(data, proof.JWSHeader{Type: "dc+sd-jwt"}, newKey(7))
	if err != nil {
		t.Fatal(err)
	}
	return jwt + "~" + strings.Join(append(disclosures, ""), "~")
}

type m = map[string]any
type l = []any

// TestParseRefuses: every way in which disclosures and digests can be wrong.
func TestParseRefuses(t *testing.T) {
	name, other, element := b64(`["s","name","Ana"]`), b64(`["t","name","Ben"]`), b64(`["s","x"]`)
	hidden := func(d string) m { return m{"_sd": l{digest(d)}} }
	item := func(d string) m { return m{"list": l{m{"...": digest(d)}}} }
	of := func(raw string) (m, string) { return hidden(b64(raw)), b64(raw) }
	good := token(t, hidden(name), name)
	if _, err := sdjwt.Parse(good); err != nil {
		t.Fatal(err)
	}
	one := func(raw string) string { payload, d := of(raw); return token(t, payload, d) }
	deep := strings.Repeat("[", 40) + strings.Repeat("]", 40)
	inner := b64(`["s","b",` + deep + `]`)
	outer := b64(`["s","a",{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"x":{"_sd":["` + digest(inner) +
		`"]}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}]`)
	many := make([]string, 1001)
	digests := make(l, 10_001)
	for i := range digests {
		d := b64(fmt.Sprintf(`["s","n%d",1]`, i))
		if digests[i] = digest(d); i < len(many) {
			many[i] = d
		}
	}
	for _, test := range []struct{ name, in, code string }{
		{"empty", "", "sd-jwt-malformed"},
		{"a-jwt", strings.Split(good, "~")[0], "sd-jwt-malformed"},
		{"no-jwt", "~" + name + "~", "jws-malformed"},
		{"last-tilde-missing", strings.TrimSuffix(good, "~"), "kb-malformed"},
		{"empty-disclosure", good + "~", "sd-jwt-malformed"},
		{"space", good[:len(good)-2] + " ~", "sd-jwt-malformed"},
		{"padding", good[:len(good)-1] + "=~", "sd-jwt-malformed"},
		{"not-json", one(`["s","name"`), "json-syntax"},
		{"more-behind", one(`["s","name",1] 2`), "json-syntax"},
		{"an-object", one(`{"s":"name"}`), "sd-jwt-malformed"},
		{"of-one", one(`["s"]`), "sd-jwt-malformed"},
		{"of-four", one(`["s","name",1,2]`), "sd-jwt-malformed"},
		{"salt-is-a-number", one(`[1,"name",1]`), "sd-jwt-malformed"},
		{"name-is-a-number", one(`["s",1,1]`), "sd-jwt-malformed"},
		{"name-is-null", one(`["s",null,1]`), "sd-jwt-malformed"},
		{"twice-in-value", one(`["s","name",{"a":1,"a":2}]`), "json-duplicate-name"},
		{"two-cases-in-value", one(`["s","name",{"a":1,"A":2}]`), "json-duplicate-name"},
		{"element-as-claim", one(`["s","x"]`), "sd-jwt-malformed"},
		{"claim-as-element", token(t, item(name), name), "sd-jwt-malformed"},
		{"named-sd", one(`["s","_sd",[]]`), "sd-name-forbidden"},
		{"named-dots", one(`["s","...","x"]`), "sd-name-forbidden"},
		{"named-alg", one(`["s","_sd_alg","sha-256"]`), "sd-name-forbidden"},
		{"dots-in-object", token(t, m{"a": m{"...": "x"}}), "sd-name-forbidden"},
		{"alg-inside", token(t, m{"a": m{"_sd_alg": "sha-256"}}), "sd-name-forbidden"},
		{"sd-not-an-array", token(t, m{"_sd": digest(name)}, name), "sd-jwt-malformed"},
		{"sd-null", token(t, m{"_sd": nil}), "sd-jwt-malformed"},
		{"digest-not-a-string", token(t, m{"_sd": l{1}}), "sd-jwt-malformed"},
		{"element-not-a-string", token(t, m{"list": l{m{"...": 1}}}), "sd-jwt-malformed"},
		{"element-with-more", token(t, m{"list": l{m{"...": digest(element), "x": 1}}}, element), "sd-jwt-malformed"},
		{"claim-there-already", token(t, m{"_sd": l{digest(name)}, "name": "Eve"}, name), "sd-claim-twice"},
		{"claim-disclosed-twice", token(t, m{"_sd": l{digest(name), digest(other)}}, name, other), "sd-claim-twice"},
		{"claim-in-another-case", token(t, m{"_sd": l{digest(name)}, "Name": "Eve"}, name), "json-duplicate-name"},
		{"digest-twice", token(t, m{"_sd": l{digest(name), digest(name)}}, name), "sd-digest-twice"},
		{"digest-twice-undisclosed", token(t, m{"_sd": l{digest(name), digest(name)}}), "sd-digest-twice"},
		{"digest-in-two-places", token(t, m{"_sd": l{digest(name)}, "a": m{"_sd": l{digest(name)}}}, name), "sd-digest-twice"},
		{"digest-in-two-elements", token(t, m{"a": l{m{"...": "x"}}, "b": l{m{"...": "x"}}}), "sd-digest-twice"},
		{"disclosure-twice", token(t, hidden(name), name, name), "sd-disclosure-twice"},
		{"disclosure-of-nothing", token(t, hidden(name), name, other), "sd-disclosure-unused"},
		{"disclosure-without-outer", token(t, hidden(outer), inner), "sd-disclosure-unused"},
		{"other-algorithm", token(t, m{"_sd_alg": "sha-512"}), "sd-algorithm-unknown"},
		{"algorithm-in-capitals", token(t, m{"_sd_alg": "SHA-256"}), "sd-algorithm-unknown"},
		{"algorithm-null", token(t, m{"_sd_alg": nil}), "sd-algorithm-unknown"},
		{"too-deep", token(t, hidden(outer), outer, inner), "json-too-deep"},
		{"too-large", token(t, hidden(name)) + strings.Repeat("A", 3<<20) + "~", "json-too-large"},
		{"too-many-disclosures", token(t, m{"_sd": digests[:1001]}, many...), "sd-jwt-malformed"},
		{"too-many-digests", token(t, m{"_sd": digests}), "sd-jwt-malformed"},
		{"payload-not-an-object", token(t, l{}), "json-syntax"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := sdjwt.Parse(test.in); jsonld.CodeOf(err) != test.code {
				t.Errorf("got %v, want code %q", err, test.code)
			}
		})
	}
}

// TestBinding: a key binding JWT is for one choice of disclosures, and complete.
func TestBinding(t *testing.T) {
	made := issue(t, "/who/id", "/name")
	holder := newKey(9)
	bind := func(h proof.JWSHeader, key crypto.Signer, claims m) string {
		data, err := json.Marshal(claims)
		if err != nil {
			t.Fatal(err)
		}
		jwt, err := proof.SignJWS(data, h, key)
		if err != nil {
			t.Fatal(err)
		}
		return made + jwt
	}
	claims := func(change func(m)) m {
		c := m{"iat": 1_790_000_000, "aud": "https://verifier.example.org", "nonce": "n", "sd_hash": digest(made)}
		change(c)
		return c
	}
	typ := proof.JWSHeader{Type: "kb+jwt"}
	good := bind(typ, holder, claims(func(m) {}))
	s, err := sdjwt.Parse(good)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Binding.JWS.Verify(holder.Public()); err != nil {
		t.Error(err)
	}
	if shown, err := s.Present([]string{""}); err != nil || shown != made {
		t.Errorf("presented again it is %s, %v", shown, err)
	}
	parts := strings.Split(good, "~")
	for name, in := range map[string]string{
		"fewer-disclosures": parts[0] + "~" + parts[1] + "~" + parts[3],
		"other-order":       parts[0] + "~" + parts[2] + "~" + parts[1] + "~" + parts[3],
		"other-type":        bind(proof.JWSHeader{Type: "jwt"}, holder, claims(func(m) {})),
		"no-type":           bind(proof.JWSHeader{}, holder, claims(func(m) {})),
		"no-iat":            bind(typ, holder, claims(func(c m) { delete(c, "iat") })),
		"iat-as-text":       bind(typ, holder, claims(func(c m) { c["iat"] = "1" })),
		"no-aud":            bind(typ, holder, claims(func(c m) { delete(c, "aud") })),
		"two-auds":          bind(typ, holder, claims(func(c m) { c["aud"] = l{"a", "b"} })),
		"no-nonce":          bind(typ, holder, claims(func(c m) { delete(c, "nonce") })),
		"no-hash":           bind(typ, holder, claims(func(c m) { delete(c, "sd_hash") })),
		"hash-of-the-jwt":   bind(typ, holder, claims(func(c m) { c["sd_hash"] = digest(parts[0]) })),
		"not-a-jwt":         made + "x",
	} {
		if _, err := sdjwt.Parse(in); jsonld.CodeOf(err) != "kb-malformed" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestMutations: no bit of what came with the JWT can be another (P1).
func TestMutations(t *testing.T) {
	made := issue(t, disclosable...)
	key := newKey(7).Public()
	start := strings.IndexByte(made, '~')
	for i := start; i < len(made); i++ {
		for bit := range 8 {
			mutant := []byte(made)
			mutant[i] ^= 1 << bit
			s, err := sdjwt.Parse(string(mutant))
			if err == nil {
				err = s.Verify(key)
			}
			if jsonld.CodeOf(err) == "" {
				t.Fatalf("byte %d bit %d: %v", i, bit, err)
			}
		}
	}
}

// FuzzParse: what is parsed is presented again as it was written, and nothing is in
// the claims that is in neither payload nor disclosures.
func FuzzParse(f *testing.F) {
	f.Add(string(vectors.Read("rfc9901/simple-issued.txt")))
	f.Add(string(vectors.Read("rfc9901/pid-presented.txt")))
	f.Add(issue(f, disclosable...))
	f.Fuzz(func(t *testing.T, in string) {
		s, err := sdjwt.Parse(in)
		if err != nil {
			if jsonld.CodeOf(err) == "" {
				t.Errorf("an error without a code: %v", err)
			}
			return
		}
		all, err := s.Present([]string{""})
		if err != nil || all != in[:strings.LastIndexByte(in, '~')+1] {
			t.Errorf("presented again it is %q, %v", all, err)
		}
		for _, d := range s.Disclosures {
			if v, ok := jsonld.At(s.Claims, d.Pointer); !ok || canonical(t, v) != canonical(t, d.Value) {
				t.Errorf("at %q stands %v, not %v", d.Pointer, v, d.Value)
			}
		}
	})
}
