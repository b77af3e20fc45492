package proof_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"strings"
	"testing"

	"github.com/c2sp/wycheproof"
	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"laurel/internal/standards/did"
	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
)

// A wycheproofGroup are tests under one key.
type wycheproofGroup struct {
	PublicKey struct{ Pk, Uncompressed string }
	Public    map[string]any
	Tests     []struct {
		TcID     int
		Comment  string
		Flags    []string
		Msg, Sig string
		JWS      json.RawMessage
		Result   string
	}
}

func wycheproofGroups(t testing.TB, file string) []wycheproofGroup {
	t.Helper()
	data, err := fs.ReadFile(wycheproof.TestVectors, file)
	if err != nil {
		t.Fatal(err)
	}
	var v struct{ TestGroups []wycheproofGroup }
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v.TestGroups
}

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	data, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestWycheproofSignatures runs the vectors against what every proof is checked
// with (P1). None of these files has a result "acceptable"; s above half the order
// ("signature malleability") is valid there too.
func TestWycheproofSignatures(t *testing.T) {
	for _, suite := range []struct {
		file   string
		key    func(wycheproofGroup) (crypto.PublicKey, error)
		verify func(key crypto.PublicKey, message, signature []byte) error
	}{
		{"ed25519_test.json", func(g wycheproofGroup) (crypto.PublicKey, error) {
			return ed25519.PublicKey(unhex(t, g.PublicKey.Pk)), nil
		}, proof.VerifyEd25519},
		{"ecdsa_secp256r1_sha256_p1363_test.json", func(g wycheproofGroup) (crypto.PublicKey, error) {
			return ecdsa.ParseUncompressedPublicKey(elliptic.P256(), unhex(t, g.PublicKey.Uncompressed))
		}, proof.VerifyECDSA},
		{"ecdsa_secp384r1_sha384_p1363_test.json", func(g wycheproofGroup) (crypto.PublicKey, error) {
			return ecdsa.ParseUncompressedPublicKey(elliptic.P384(), unhex(t, g.PublicKey.Uncompressed))
		}, proof.VerifyECDSA},
		{"ecdsa_secp256k1_sha256_p1363_test.json", func(g wycheproofGroup) (crypto.PublicKey, error) {
			return secp256k1.ParsePubKey(unhex(t, g.PublicKey.Uncompressed))
		}, proof.VerifySecp256k1},
	} {
		t.Run(suite.file, func(t *testing.T) {
			count := map[string]int{}
			for _, g := range wycheproofGroups(t, suite.file) {
				key, err := suite.key(g)
				if err != nil {
					t.Fatal(err)
				}
				keyErr := proof.CheckPublicKey(key)
				for _, test := range g.Tests {
					err := keyErr
					if err == nil {
						err = suite.verify(key, unhex(t, test.Msg), unhex(t, test.Sig))
					}
					if (err == nil) != (test.Result == "valid") {
						t.Errorf("%d, %s: %s, got %v", test.TcID, test.Comment, test.Result, err)
					}
					if err != nil && jsonld.CodeOf(err) == "" {
						t.Errorf("%d: no code: %v", test.TcID, err)
					}
					count[test.Result]++
				}
			}
			t.Logf("%v", count)
			if count["valid"] < 80 || count["invalid"] < 60 {
				t.Errorf("only %v", count)
			}
		})
	}
}

// TestWycheproofJOSE runs JWS and JWK vectors (P1) against ParseJWS, the reader of
// keys in issuers' documents, and Verify. No invalid one is accepted. What is
// valid with another algorithm than the five is refused with a code that says so.
// Nothing here takes sets of keys; a set of one is taken for that key.
func TestWycheproofJOSE(t *testing.T) {
	for file, want := range map[string]map[string]int{
		"json_web_signature_test.json": {"invalid": 355, "valid": 10},
		"json_web_key_test.json":       {"invalid": 21, "valid": 1},
		"json_web_crypto_test.json":    {"invalid": 45, "valid": 2},
	} {
		t.Run(file, func(t *testing.T) {
			count := map[string]int{}
			for _, g := range wycheproofGroups(t, file) {
				for _, test := range g.Tests {
					if test.JWS == nil {
						count["not a JWS"]++
						continue
					}
					err := verifyJOSE(test.JWS, g.Public)
					switch {
					case test.Result == "valid" && (jsonld.CodeOf(err) == "suite-unknown" || jsonld.CodeOf(err) == "algorithm-forbidden"):
						count["valid, of an algorithm that is not verified"]++
					case test.Result == "valid" && jsonld.CodeOf(err) == "jws-malformed" && strings.HasPrefix(test.Comment, "InvalidCharacter"):
						count["valid, with characters that base64url lacks"]++ // of HS256, too
					case (err == nil) != (test.Result == "valid"):
						t.Errorf("%d, %s: %s, got %v", test.TcID, test.Comment, test.Result, err)
					default:
						count[test.Result]++
					}
				}
			}
			t.Logf("%v", count)
			for kind, n := range want {
				if count[kind] != n {
					t.Errorf("%s: %d, want %d", kind, count[kind], n)
				}
			}
		})
	}
}

// verifyJOSE does with a JWS and the JWK of its signer what is done with those of
// an issuer.
func verifyJOSE(raw json.RawMessage, members map[string]any) error {
	var compact string
	if err := json.Unmarshal(raw, &compact); err != nil {
		compact = string(raw) // the JSON form
	}
	j, err := proof.ParseJWS(compact)
	if err != nil {
		return err
	}
	if !j.Known() {
		return j.Verify(nil)
	}
	if set, _ := members["keys"].([]any); len(set) == 1 {
		members, _ = set[0].(map[string]any)
	}
	key, err := did.VerificationMethod{Type: "JsonWebKey", PublicKeyJwk: members}.PublicKey()
	if err != nil {
		return err
	}
	return j.Verify(key)
}
