package proof_test

import (
	"crypto/elliptic"
	"encoding/base64"
	"maps"
	"reflect"
	"strings"
	"testing"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
)

// FuzzJWS: every refusal has a code; what is read is the one form of itself; and
// nothing verifies but what the key signed.
func FuzzJWS(f *testing.F) {
	signed := joseSigned(f, "EdDSA", testKey(), `{"name":"x"}`)
	key := testKey().Public()
	f.Add(signed)
	f.Add(joseSigned(f, "ES256", testKeyOn(f, elliptic.P256()), "x"))
	f.Add(joseSigned(f, "ES384", testKeyOn(f, elliptic.P384()), "x"))
	f.Add(b64(`{"alg":"none"}`) + ".." + b64(``))
	f.Add(b64(`{"alg":"EdDSA","crit":["b64"],"b64":false,"jwk":{"kty":"OKP"}}`) + ".e30.AAAA")
	f.Fuzz(func(t *testing.T, text string) {
		j, err := proof.ParseJWS(text)
		if err != nil {
			if jsonld.CodeOf(err) == "" {
				t.Fatalf("no code: %v", err)
			}
			return
		}
		parts := strings.Split(text, ".")
		if len(parts) != 3 || b64(string(j.Payload)) != parts[1] {
			t.Fatalf("a second form of a payload: %q", text)
		}
		err = j.Verify(key)
		if err == nil && parts[0]+"."+parts[1] != signed[:strings.LastIndexByte(signed, '.')] {
			t.Fatalf("verifies: %q", text)
		}
		if err != nil && jsonld.CodeOf(err) == "" {
			t.Fatalf("no code: %v", err)
		}
	})
}

// FuzzDerivedProof: every refusal has a code; a proofValue that is read has no
// second form but the order of its labels; and only the holder's own verifies.
func FuzzDerivedProof(f *testing.F) {
	v := residentVector(f)
	p, original := processor(f), parse(f, v.DerivedRevealDocument)
	options := original["proof"].(map[string]any)
	value := options["proofValue"].(string)
	key := methodKey(f, options["verificationMethod"].(string))
	raw, err := base64.RawURLEncoding.DecodeString(value[1:])
	if err != nil {
		f.Fatal(err)
	}
	want, err := proof.ParseDerived(value)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte{0xd9, 0x5d, 0x00, 0x85})
	f.Add([]byte{0xd9, 0x5d, 0x01, 0x85, 0x40, 0x40, 0x80, 0xa0, 0x80})
	f.Add([]byte{0xd9, 0x5d, 0x01, 0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, data []byte) {
		text := "u" + base64.RawURLEncoding.EncodeToString(data)
		d, err := proof.ParseDerived(text)
		if err != nil {
			if jsonld.CodeOf(err) == "" {
				t.Fatalf("no code: %v", err)
			}
			return
		}
		if len(data) != len(raw) && reflect.DeepEqual(d, want) {
			t.Fatalf("a second form: %x", data)
		}
		doc := maps.Clone(original)
		changed := maps.Clone(options)
		changed["proofValue"] = text
		doc["proof"] = changed
		// Of each signature there is a second form; of all else there is none.
		err = p.Verify(doc, 0, key, nil)
		if err == nil && !reflect.DeepEqual(d.WithoutSignatures(), want.WithoutSignatures()) {
			t.Fatalf("verifies: %x", data)
		}
		if err != nil && jsonld.CodeOf(err) == "" {
			t.Fatalf("no code: %v", err)
		}
	})
}

// FuzzBaseProof: every refusal has a code, a proofValue that is read has no second
// form, and nothing but the issuer's own shows anything.
func FuzzBaseProof(f *testing.F) {
	p, original := processor(f), parse(f, residentVector(f).AddSignedSDBase)
	options := original["proof"].(map[string]any)
	value := options["proofValue"].(string)
	f.Add(value)
	f.Add("u2V0A")
	f.Add("u2V0AhUBAQICA")
	f.Add(value[:len(value)-8])
	f.Fuzz(func(t *testing.T, text string) {
		doc, changed := maps.Clone(original), maps.Clone(options)
		changed["proofValue"] = text
		doc["proof"] = changed
		base, err := p.OpenBase(doc)
		if err == nil {
			if again, err := base.Encode(); err != nil || again != text {
				t.Fatalf("a second form: %s, %v", text, err)
			}
			_, err = base.Derive([]string{"/validFrom"})
		}
		if err != nil && jsonld.CodeOf(err) == "" {
			t.Fatalf("no code: %v", err)
		}
	})
}
