package verify_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"laurel/internal/standards/proof"
	"laurel/internal/standards/sdjwt"
	"laurel/internal/standards/vc"
	"laurel/internal/standards/verify"
)

const tokenURL = "https://academy.example.org/status/1.jwt.txt"

// claims are those of an SD-JWT VC that passes every check once signed.
func claims() map[string]any {
	c := credential()
	subject := maps.Clone(c["credentialSubject"].(map[string]any))
	subject["identifier"] = []any{map[string]any{"type": "IdentityObject", "hashed": false, "identityHash": "Ana Example", "identityType": "name"}}
	return map[string]any{
		"vct": "https://academy.example.org/vct/achievements/woodworking.json", "iss": issuerID, "jti": c["id"],
		"iat": now.Add(-time.Hour).Unix(), "nbf": now.Add(-time.Hour).Unix(), "exp": now.Add(time.Hour).Unix(),
		"status": map[string]any{"status_list": map[string]any{"idx": 42, "uri": tokenURL}},
		"issuer": c["issuer"], "credentialSubject": subject,
	}
}

var withholdable = []string{"/credentialSubject/id", "/credentialSubject/identifier/0"}

// sdJWT signs claims.
func (w *world) sdJWT(claims map[string]any, pointers []string, header ...string) string {
	w.t.Helper()
	h := proof.JWSHeader{Type: "dc+sd-jwt", KeyID: keyID}
	if len(header) > 0 {
		h.Type = header[0]
	}
	if len(header) > 1 {
		h.KeyID = header[1]
	}
	made, err := sdjwt.Issue(encode(w.t, claims), sdjwt.Options{Header: h, Disclosable: pointers, Rand: rand.Reader}, key("first"))
	if err != nil {
		w.t.Fatal(err)
	}
	return made
}

// token is a signed Status List Token in which these entries are revoked.
func (w *world) token(change func(map[string]any), set ...int) []byte {
	w.t.Helper()
	claims := decode(w.t, w.tokenClaims(set...))
	if change != nil {
		change(claims)
	}
	return w.jwt(claims, vc.TokenStatusListType, keyID, key("first"))
}

func (w *world) tokenClaims(set ...int) []byte {
	w.t.Helper()
	bits := vc.NewBitstring(vc.ListLength)
	for _, i := range set {
		bits.Set(i, true)
	}
	data, err := vc.NewTokenStatusList(vc.StatusListOptions{URL: tokenURL, Issuer: issuerID, ValidFrom: now.Add(-time.Hour), TTL: time.Hour}, bits)
	if err != nil {
		w.t.Fatal(err)
	}
	return data
}

func (w *world) jwt(claims map[string]any, typ, kid string, k ed25519.PrivateKey) []byte {
	w.t.Helper()
	jwt, err := proof.SignJWS(encode(w.t, claims), proof.JWSHeader{Type: typ, KeyID: kid}, k)
	if err != nil {
		w.t.Fatal(err)
	}
	return []byte(jwt)
}

func present(t testing.TB, token string, reveal ...string) string {
	t.Helper()
	s, err := sdjwt.Parse(token)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := s.Present(reveal)
	if err != nil {
		t.Fatal(err)
	}
	return shown
}

func TestSDJWTVC(t *testing.T) {
	w := newWorld(t)
	w.serve(tokenURL, append(w.token(nil), '\n'))
	v := w.verifier(now)
	whole := w.sdJWT(claims(), withholdable)
	r := v.Credential(t.Context(), []byte(whole))
	want(t, r, verify.Valid, verify.Subject, "ok")
	if c, _ := r.Check(verify.Structure); c.Text != "The document has the structure of an SD-JWT, and shows 2 of 2 details that may be withheld." {
		t.Errorf("the structure is %q", c.Text)
	}
	s := r.Summary
	if s.SubjectName != "Ana Example" || s.Achievement != "Woodworking" || s.IssuerName != "Example Academy" || s.ValidUntil != "2026-06-01T13:00:00Z" ||
		r.Format != verify.FormatSDJWT || !slices.Equal(s.Type, []string{claims()["vct"].(string)}) || !slices.Equal(slices.Sorted(slices.Values(s.Disclosed)), withholdable) {
		t.Errorf("the summary is %+v", s)
	}
	r = v.Credential(t.Context(), []byte("\n"+present(t, whole)+"\n"))
	want(t, r, verify.Valid, verify.Subject, "subject-withheld")
	if r.Summary.SubjectName != "" || r.Summary.Disclosed != nil {
		t.Errorf("the summary of what is withheld is %+v", r.Summary)
	}
	want(t, v.Credential(t.Context(), []byte(present(t, whole, "/credentialSubject/identifier"))), verify.Valid, verify.Status, "ok")
	if r := verify.New(w.processor, w.checker, verify.Options{Now: now, Load: w.load, Require: &verify.Policy{Requirements: []verify.Requirement{
		{Key: "achievement", Value: "https://academy.example.org/achievements/woodworking/achievement.json"}, {Key: "achievementType", Value: "Badge"}}}}).
		Credential(t.Context(), []byte(whole)); !r.Fit() {
		t.Errorf("it is not fit: %+v", r.Requirements)
	}
	if w.asked[tokenURL] != 2 { // once each verifier
		t.Errorf("the list was asked for %d times", w.asked[tokenURL])
	}
}

// TestSDJWTVCRefuses: what can be wrong with the claims of a type.
func TestSDJWTVCRefuses(t *testing.T) {
	w := newWorld(t)
	w.serve(tokenURL, w.token(nil, 7))
	v := w.verifier(now)
	bad, no := verify.Invalid, verify.Undetermined
	set := func(name string, value any) func(map[string]any) {
		return func(c map[string]any) {
			if c[name] = value; value == nil {
				delete(c, name)
			}
		}
	}
	status := func(value any) func(map[string]any) { return set("status", value) }
	list := func(idx, uri any) any {
		return map[string]any{"status_list": map[string]any{"idx": idx, "uri": uri}}
	}
	for _, test := range []struct {
		name     string
		change   func(map[string]any)
		pointers []string
		header   []string
		verdict  verify.Verdict
		check    string
		code     string
	}{
		{"older-type", nil, nil, []string{"vc+sd-jwt"}, verify.Valid, verify.Proof, "ok"},
		{"whole-type", nil, nil, []string{"application/dc+sd-jwt"}, verify.Valid, verify.Proof, "ok"},
		{"other-type", nil, nil, []string{"jwt"}, no, verify.Structure, "jwt-type"},
		{"no-type", nil, nil, []string{""}, no, verify.Structure, "jwt-type"},
		{"vct-number", set("vct", 1), nil, nil, bad, verify.Structure, "sd-jwt-vc"},
		{"vct-empty", set("vct", ""), nil, nil, bad, verify.Structure, "sd-jwt-vc"},
		{"no-vct", set("vct", nil), nil, nil, bad, verify.Contexts, "context-missing"},
		{"cnf-text", set("cnf", "x"), nil, nil, bad, verify.Structure, "sd-jwt-vc"},
		{"no-iss", set("iss", nil), nil, nil, no, verify.Structure, "issuer-missing"},
		{"iss-number", set("iss", 1), nil, nil, bad, verify.Structure, "issuer-missing"},
		{"other-iss", set("iss", "did:web:other.example.org"), nil, nil, bad, verify.Proof, "jwt-claim-mismatch"},
		{"issuer-text", set("issuer", "The Academy"), nil, nil, verify.Valid, verify.Proof, "ok"},
		{"other-key", nil, nil, []string{"dc+sd-jwt", issuerID + "#other"}, verify.Valid, verify.IssuerKey, "ok"},
		{"foreign-key", nil, nil, []string{"dc+sd-jwt", "did:web:other.example.org#key-2026-1"}, bad, verify.IssuerKey, "method-foreign"},
		{"no-kid", nil, nil, []string{"dc+sd-jwt", ""}, verify.Valid, verify.IssuerKey, "ok"},
		{"iss-withheld", nil, []string{"/iss"}, nil, bad, verify.Structure, "sd-withheld"},
		{"vct-withheld", nil, []string{"/vct"}, nil, bad, verify.Structure, "sd-withheld"},
		{"exp-withheld", nil, []string{"/exp"}, nil, bad, verify.Structure, "sd-withheld"},
		{"status-withheld", nil, []string{"/status"}, nil, bad, verify.Structure, "sd-withheld"},
		{"index-withheld", nil, []string{"/status/status_list/idx"}, nil, bad, verify.Structure, "sd-withheld"},
		{"iat-withheld", nil, []string{"/iat"}, nil, verify.Valid, verify.Proof, "ok"},
		{"expired", set("exp", now.Add(-time.Minute).Unix()), nil, nil, bad, verify.Dates, "expired"},
		{"not-yet", set("nbf", now.Add(time.Minute).Unix()), nil, nil, bad, verify.Dates, "not-yet-valid"},
		{"exp-text", set("exp", "2026"), nil, nil, bad, verify.Proof, "jwt-claim-malformed"},
		{"made-later", set("iat", now.Add(time.Hour).Unix()), nil, nil, bad, verify.Proof, "proof-future"},
		{"no-dates", func(c map[string]any) { delete(c, "iat"); delete(c, "nbf"); delete(c, "exp") }, nil, nil, verify.Valid, verify.Dates, "ok"},
		{"no-status", status(nil), nil, nil, verify.Valid, verify.Status, "status-none"},
		{"status-text", status("x"), nil, nil, bad, verify.Status, "status-malformed"},
		{"status-other", status(map[string]any{"bitstring": 1}), nil, nil, no, verify.Status, "status-type-unknown"},
		{"status-empty", status(map[string]any{}), nil, nil, no, verify.Status, "status-type-unknown"},
		{"index-text", status(list("42", tokenURL)), nil, nil, bad, verify.Status, "status-malformed"},
		{"index-negative", status(list(-1, tokenURL)), nil, nil, bad, verify.Status, "status-malformed"},
		{"index-half", status(list(1.5, tokenURL)), nil, nil, bad, verify.Status, "status-malformed"},
		{"index-huge", status(list(1<<31, tokenURL)), nil, nil, bad, verify.Status, "status-malformed"},
		{"index-outside", status(list(vc.ListLength, tokenURL)), nil, nil, no, verify.Status, "status-range"},
		{"no-uri", status(list(1, nil)), nil, nil, bad, verify.Status, "status-malformed"},
		{"no-list", status(list(1, "https://academy.example.org/status/2.jwt.txt")), nil, nil, no, verify.Status, "status-unavailable"},
		{"a-bitstring-list", status(list(1, listURL)), nil, nil, no, verify.Status, "status-list-malformed"},
		{"revoked", status(list(7, tokenURL)), nil, nil, bad, verify.Status, "revoked"},
		{"unbound", set("cnf", map[string]any{"jwk": map[string]any{}}), nil, nil, verify.Valid, verify.Subject, "sd-unbound"},
		{"no-achievement", set("credentialSubject", map[string]any{"name": "x"}), nil, nil, verify.Valid, verify.Subject, "ok"},
		{"other-claims", func(c map[string]any) {
			delete(c, "credentialSubject")
			c["given_name"], c["verifiableCredential"] = "Ana", "x"
		}, []string{"/given_name"}, nil, verify.Valid, verify.Subject, "ok"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := claims()
			if test.change != nil {
				test.change(c)
			}
			want(t, v.Credential(t.Context(), []byte(w.sdJWT(c, test.pointers, test.header...))), test.verdict, test.check, test.code)
		})
	}
	changed := strings.Replace(w.sdJWT(claims(), nil), ".", ".e", 1)
	want(t, v.Credential(t.Context(), []byte(changed)), bad, verify.Structure, "json-syntax")
	forged := strings.SplitN(w.sdJWT(claims(), nil), ".", 3)
	other := strings.SplitN(w.sdJWT(with(claims(), map[string]any{"jti": "urn:uuid:1"}), nil), ".", 3)
	want(t, v.Credential(t.Context(), []byte(forged[0]+"."+other[1]+"."+forged[2])), bad, verify.Proof, "signature-invalid")
}

// TestTokenStatusList: what can be wrong with a list, which is not the fault of the
// credential, unless it is revoked there.
func TestTokenStatusList(t *testing.T) {
	bad, no := verify.Invalid, verify.Undetermined
	set := func(name string, value any) func(map[string]any) { return func(c map[string]any) { c[name] = value } }
	statuses := func(bits any, lst string) func(map[string]any) {
		return set("status_list", map[string]any{"bits": bits, "lst": lst})
	}
	for _, test := range []struct {
		name    string
		token   func(*world) []byte
		verdict verify.Verdict
		code    string
	}{
		{"good", func(w *world) []byte { return w.token(nil) }, verify.Valid, "ok"},
		{"revoked", func(w *world) []byte { return w.token(nil, 42) }, bad, "revoked"},
		{"without-iss", func(w *world) []byte { return w.token(func(c map[string]any) { delete(c, "iss") }) }, verify.Valid, "ok"},
		{"other-iss", func(w *world) []byte { return w.token(set("iss", "did:web:other.example.org")) }, no, "status-list-invalid"},
		{"other-name", func(w *world) []byte { return w.token(set("sub", "https://academy.example.org/status/2.jwt.txt")) }, no, "status-list-id"},
		{"no-name", func(w *world) []byte { return w.token(set("sub", 1)) }, no, "status-list-id"},
		{"revoked-under-other-name", func(w *world) []byte { return w.token(set("sub", "x"), 42) }, bad, "revoked"},
		{"expired", func(w *world) []byte { return w.token(set("exp", now.Unix())) }, no, "status-list-stale"},
		{"revoked-though-expired", func(w *world) []byte { return w.token(set("exp", now.Unix()), 42) }, bad, "revoked"},
		{"no-iat", func(w *world) []byte { return w.token(func(c map[string]any) { delete(c, "iat") }) }, no, "status-list-stale"},
		{"of-tomorrow", func(w *world) []byte { return w.token(set("iat", now.Add(24*time.Hour).Unix())) }, no, "status-list-stale"},
		{"suspended", func(w *world) []byte { return w.token(statuses(2, "eNo76fITAAPfAgc")) }, no, "status-range"},
		{"no-bits", func(w *world) []byte { return w.token(statuses(nil, "eNrbuRgAAhcBXQ")) }, no, "status-list-malformed"},
		{"half-bits", func(w *world) []byte { return w.token(statuses(1.5, "eNrbuRgAAhcBXQ")) }, no, "status-list-malformed"},
		{"no-list", func(w *world) []byte { return w.token(statuses(1, "")) }, no, "status-list-malformed"},
		{"no-statuses", func(w *world) []byte { return w.token(set("status_list", 1)) }, no, "status-list-malformed"},
		{"other-type", func(w *world) []byte {
			return w.jwt(decode(w.t, []byte(`{"sub":"`+tokenURL+`"}`)), "jwt", keyID, key("first"))
		}, no, "status-list-malformed"},
		{"not-a-jwt", func(w *world) []byte { return []byte("<html>") }, no, "status-list-malformed"},
		{"no-object", func(w *world) []byte { return []byte("eyJhbGciOiJFZERTQSJ9.MQ.AAAA") }, no, "status-list-malformed"},
		{"forged", func(w *world) []byte {
			good := strings.Split(string(w.token(nil)), ".")
			return []byte(good[0] + "." + good[1] + "." + strings.Split(string(w.token(nil, 42)), ".")[2])
		}, no, "status-list-invalid"},
		{"other-key", func(w *world) []byte {
			return w.jwt(map[string]any{"sub": tokenURL, "iat": now.Unix(), "status_list": map[string]any{"bits": 1, "lst": "eNrbuRgAAhcBXQ"}}, vc.TokenStatusListType, keyID, key("second"))
		}, no, "status-list-invalid"},
		{"no-key", func(w *world) []byte {
			return w.jwt(map[string]any{"sub": tokenURL, "iat": now.Unix(), "status_list": decode(w.t, w.tokenClaims())["status_list"]}, vc.TokenStatusListType, "", key("first"))
		}, verify.Valid, "ok"},
		{"no-key-by-another", func(w *world) []byte {
			return w.jwt(map[string]any{"sub": tokenURL, "iat": now.Unix(), "status_list": decode(w.t, w.tokenClaims())["status_list"]}, vc.TokenStatusListType, "", key("mallory"))
		}, no, "status-list-invalid"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			w.serve(tokenURL, test.token(w))
			want(t, w.verifier(now).Credential(t.Context(), []byte(w.sdJWT(claims(), nil))), test.verdict, verify.Status, test.code)
		})
	}
	// The values of more than one bit, and those of the form's own.
	for idx, code := range map[int]string{0: "revoked", 1: "suspended", 2: "ok", 3: "status-purpose-unknown"} {
		w := newWorld(t)
		w.serve(tokenURL, w.token(statuses(2, "eNo76fITAAPfAgc")))
		c := with(claims(), map[string]any{"status": map[string]any{"status_list": map[string]any{"idx": idx, "uri": tokenURL}}})
		if check, _ := w.verifier(now).Credential(t.Context(), []byte(w.sdJWT(c, nil))).Check(verify.Status); check.Code != code {
			t.Errorf("status %d: %v", idx, check)
		}
	}
	// A list names itself, so that a folder of files will do.
	w := newWorld(t)
	if token := w.token(nil); !verify.Wanted(token) {
		t.Error("a list is not wanted")
	} else {
		w.serve("", token)
	}
	want(t, w.verifier(now).Credential(t.Context(), []byte(w.sdJWT(claims(), nil))), verify.Valid, verify.Status, "ok")
	if verify.Wanted([]byte(w.sdJWT(claims(), nil))) {
		t.Error("a credential is wanted")
	}
}

// TestSDJWTHolder: who shows the credential.
func TestSDJWTHolder(t *testing.T) {
	w := newWorld(t)
	w.serve(tokenURL, w.token(nil))
	v := w.verifier(now)
	holder := key("holder")
	jwk := map[string]any{"kty": "OKP", "crv": "Ed25519", "x": base64.RawURLEncoding.EncodeToString(holder.Public().(ed25519.PublicKey))}
	bound := with(claims(), map[string]any{"cnf": map[string]any{"jwk": jwk}})
	show := func(c map[string]any, k ed25519.PrivateKey, iat int64) []byte {
		token := w.sdJWT(c, withholdable)
		sum := sha256.Sum256([]byte(token))
		kb := w.jwt(map[string]any{"iat": iat, "aud": "https://employer.example.org", "nonce": "n", "sd_hash": base64.RawURLEncoding.EncodeToString(sum[:])}, "kb+jwt", "", k)
		return append([]byte(token), kb...)
	}
	r := v.Credential(t.Context(), show(bound, holder, now.Unix()))
	want(t, r, verify.Valid, verify.Subject, "ok")
	if c, _ := r.Check(verify.Subject); !strings.Contains(c.Text, "https://employer.example.org") {
		t.Errorf("the subject is %q", c.Text)
	}
	want(t, v.Credential(t.Context(), show(bound, key("thief"), now.Unix())), verify.Invalid, verify.Subject, "kb-invalid")
	want(t, v.Credential(t.Context(), show(bound, holder, now.Add(time.Hour).Unix())), verify.Invalid, verify.Subject, "kb-invalid")
	want(t, v.Credential(t.Context(), show(bound, holder, 1<<44)), verify.Invalid, verify.Subject, "kb-malformed")
	want(t, v.Credential(t.Context(), show(claims(), holder, now.Unix())), verify.Undetermined, verify.Subject, "kb-unsupported")
	for _, cnf := range []map[string]any{{"kid": "did:key:z6Mk#x"}, {"jwk": map[string]any{"kty": "oct", "k": "AA"}}, {"jwk": 1}} {
		want(t, v.Credential(t.Context(), show(with(claims(), map[string]any{"cnf": cnf}), holder, now.Unix())), verify.Undetermined, verify.Subject, "kb-unsupported")
	}
	cut := strings.Split(string(show(bound, holder, now.Unix())), "~")
	want(t, v.Credential(t.Context(), []byte(cut[0]+"~"+cut[1]+"~"+cut[3])), verify.Invalid, verify.Structure, "kb-malformed")
}

// TestSDJWTOfDataModel: a credential of the data model, as JOSE secures it.
func TestSDJWTOfDataModel(t *testing.T) {
	w := newWorld(t)
	v := w.verifier(now)
	for _, typ := range []string{"vc+sd-jwt", ""} {
		whole := w.sdJWT(credential(), []string{"/credentialSubject/id"}, typ)
		want(t, v.Credential(t.Context(), []byte(whole)), verify.Valid, verify.Subject, "ok")
		want(t, v.Credential(t.Context(), []byte(present(t, whole))), verify.Valid, verify.Subject, "subject-unidentified")
	}
	want(t, v.Credential(t.Context(), []byte(w.sdJWT(with(credential(), map[string]any{"exp": now.Unix() - 1}), nil, "vc+sd-jwt"))), verify.Invalid, verify.Proof, "proof-expired")
	want(t, v.Credential(t.Context(), []byte(w.sdJWT(version1(), nil, "vc+sd-jwt"))), verify.Undetermined, verify.Structure, "version-mix")
	want(t, v.Credential(t.Context(), []byte(w.sdJWT(map[string]any{"hello": "world"}, nil, "vc+sd-jwt"))), verify.Undetermined, verify.Structure, "not-a-credential")
}
