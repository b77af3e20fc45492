package proof_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/mr-tron/base58"

	"laurel/internal/standards/did"
	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
	"laurel/internal/testing/vectors"
)

// processor knows the contexts of the W3C vectors too.
func processor(t testing.TB) *proof.Processor {
	t.Helper()
	p, err := proof.NewWithContexts(vectors.Contexts())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func parse(t testing.TB, data []byte) map[string]any {
	t.Helper()
	doc, err := jsonld.ParseObject(data)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// methodKey reads the key that is the fragment of a verification method, or all of
// a did:key.
func methodKey(t testing.TB, method string) crypto.PublicKey {
	t.Helper()
	text, fragment, has := strings.Cut(method, "#")
	if has {
		text = fragment
	}
	key, err := did.DecodeMultikey(strings.TrimPrefix(text, "did:key:"))
	if err != nil {
		t.Fatalf("no key in %q: %v", method, err)
	}
	return key
}

// secretKey reads a published secret key of a vector: a seed of Ed25519 or a
// number of P-256, behind its multicodec header.
func secretKey(t testing.TB, multibase string) crypto.Signer {
	t.Helper()
	raw, err := base58.Decode(multibase[1:])
	if err != nil || len(raw) != 34 {
		t.Fatalf("%d bytes, %v", len(raw), err)
	}
	if raw[0] == 0x80 && raw[1] == 0x26 {
		return ed25519.NewKeyFromSeed(raw[2:])
	}
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), raw[2:])
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestW3CVectors(t *testing.T) {
	for _, file := range []string{
		"vc-di-eddsa/eddsa-rdfc-2022-alumni.json",
		"vc-di-ecdsa/ecdsa-rdfc-2019-p256-alumni.json",
		"vc-di-ecdsa/ecdsa-jcs-2019-p256-alumni.json",
	} {
		t.Run(file, func(t *testing.T) {
			var v struct {
				KeyPair                                       struct{ PrivateKeyMultibase, SecretKeyMultibase string }
				UnsignedDocument, ProofConfig, SignedDocument json.RawMessage
				CanonicalDocument, CanonicalProofConfig       string
				DocumentHash, ProofConfigHash, CombinedHash   string
				SignatureHex                                  string
			}
			if err := json.Unmarshal(vectors.Read(file), &v); err != nil {
				t.Fatal(err)
			}
			if v.CombinedHash != v.ProofConfigHash+v.DocumentHash {
				t.Fatal("the vector contradicts itself")
			}
			compare(t, official{
				unsigned: v.UnsignedDocument, signed: v.SignedDocument, config: parse(t, v.ProofConfig),
				canonical: v.CanonicalDocument, canonicalConfig: v.CanonicalProofConfig,
				hashData: v.CombinedHash, signature: v.SignatureHex,
			}, secretKey(t, v.KeyPair.PrivateKeyMultibase+v.KeyPair.SecretKeyMultibase))
		})
	}
}

// TestImplementationGuideVectors: that of Open Badges 3.0, and that of a
// ClrCredential, whose context uses xsd: and does not define it.
func TestImplementationGuideVectors(t *testing.T) {
	for _, file := range []string{"impl-guide-signing-vector.json", "clr-signing-vector.json"} {
		t.Run(file, func(t *testing.T) {
			var v struct {
				PublishedTestSecretKeyHex               string
				UnsignedDocument, SignedDocument        json.RawMessage
				CanonicalDocument, CanonicalProofConfig string
				DocumentHash, ProofConfigHash           string
				SignatureHex                            string
			}
			if err := json.Unmarshal(vectors.Read("1edtech-ob30/"+file), &v); err != nil {
				t.Fatal(err)
			}
			raw, err := hex.DecodeString(v.PublishedTestSecretKeyHex)
			if err != nil {
				t.Fatal(err)
			}
			proofs, err := proof.Proofs(parse(t, v.SignedDocument))
			if err != nil {
				t.Fatal(err)
			}
			options := map[string]any{"type": proofs[0].Type, "cryptosuite": proofs[0].Cryptosuite, "proofPurpose": "assertionMethod",
				"created": "2010-01-01T19:23:24Z", "verificationMethod": proofs[0].VerificationMethod}
			compare(t, official{
				unsigned: v.UnsignedDocument, signed: v.SignedDocument, config: options,
				canonical: v.CanonicalDocument, canonicalConfig: v.CanonicalProofConfig,
				hashData: v.ProofConfigHash + v.DocumentHash, signature: v.SignatureHex,
			}, ed25519.PrivateKey(raw))
		})
	}
}

type official struct {
	unsigned, signed           []byte
	config                     map[string]any
	canonical, canonicalConfig string
	hashData, signature        string
}

// compare signs the document of an official vector and compares every
// intermediate value byte for byte; the signatures of ECDSA too, as those who made
// the vectors signed by RFC 6979.
func compare(t *testing.T, v official, key crypto.Signer) {
	p := processor(t)
	suite := v.config["cryptosuite"].(string)
	stages, err := p.Stages(parse(t, v.unsigned), v.config, suite, key.Public())
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "canonical document", string(stages.Document), v.canonical)
	equal(t, "canonical proof options", string(stages.Config), v.canonicalConfig)
	equal(t, "hash data", hex.EncodeToString(stages.HashData), v.hashData)

	created, err := time.Parse(time.RFC3339, v.config["created"].(string))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := p.Sign(v.unsigned, proof.Options{Cryptosuite: suite, VerificationMethod: v.config["verificationMethod"].(string), Created: created}, key)
	if err != nil {
		t.Fatal(err)
	}
	doc := parse(t, signed)
	want := parse(t, v.signed)
	proofs, err := proof.Proofs(doc)
	if err != nil {
		t.Fatal(err)
	}
	expected, err := proof.Proofs(want)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "proofValue", proofs[0].ProofValue, expected[0].ProofValue)
	raw, err := base58.Decode(proofs[0].ProofValue[1:])
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "signature", hex.EncodeToString(raw), v.signature)
	for name, document := range map[string]map[string]any{"signed here": doc, "signed there": want} {
		if err := p.Verify(document, 0, key.Public(), nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func equal(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\ngot  %s\nwant %s", what, got, want)
	}
}

// cases are those of the suites of Open Badges (their sources are named in the
// manifests).
func cases(t testing.TB) (all []vectors.Case) {
	t.Helper()
	for _, suite := range []string{"1edtech-ob30", "dcc-verifier-core"} {
		list := vectors.Manifest(suite)
		if files := vectors.Files(suite, "*.json"); len(files) != len(list) {
			t.Errorf("%s: %d files, %d cases", suite, len(files), len(list))
		}
		all = append(all, list...)
	}
	return all
}

// credential is the signed document of a case.
func credential(t testing.TB, c vectors.Case) map[string]any {
	doc := parse(t, c.Data())
	if signed, ok := doc["signedDocument"].(map[string]any); ok {
		return signed
	}
	return doc
}

// TestSignaturesOfOthers: what the cryptography alone says about the published
// vectors, per manifest.
func TestSignaturesOfOthers(t *testing.T) {
	p, err := proof.New()
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, c := range cases(t) {
		t.Run(c.Suite+"/"+c.File, func(t *testing.T) {
			doc := credential(t, c)
			if c.Expected.Signature == "no proof" {
				_, err := proof.Proofs(doc)
				wantCode(t, err, "proof-missing")
				count["no proof"]++
				return
			}
			proofs, err := proof.Proofs(doc)
			if err != nil {
				t.Fatal(err)
			}
			for i := range proofs {
				err := verifyByFragment(t, p, doc, i)
				switch {
				case c.Expected.Signature == "verifies":
					if err != nil {
						t.Error(err)
					}
					count["verifies"]++
					count[proofs[i].Type]++
				case c.Expected.Signature == "fails":
					if err == nil {
						t.Error("verified")
					}
					t.Log(err)
					count["fails"]++
				default:
					t.Errorf("unknown expectation %q", c.Expected.Signature)
				}
			}
		})
	}
	t.Logf("%d cases: %v", len(cases(t)), count)
	want := map[string]int{"verifies": 18, "fails": 6, "no proof": 1, "Ed25519Signature2020": 8, "DataIntegrityProof": 10}
	for kind, n := range want {
		if count[kind] != n {
			t.Errorf("%s: %d, want %d", kind, count[kind], n)
		}
	}
}

func verifyByFragment(t *testing.T, p *proof.Processor, doc map[string]any, i int) error {
	proofs, err := proof.Proofs(doc)
	if err != nil {
		return err
	}
	method := proofs[i].VerificationMethod
	return p.Verify(doc, i, methodKey(t, method), nil)
}
