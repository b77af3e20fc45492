package proof_test

import (
	"bytes"
	"crypto"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mr-tron/base58"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
	"laurel/internal/testing/vectors"
)

// An entryMap is a map as the vector writes it: pairs of key and value.
type entryMap[K comparable] struct{ Value [][2]json.RawMessage }

func (m entryMap[K]) entries(t *testing.T) map[K]string {
	t.Helper()
	out := make(map[K]string)
	for _, pair := range m.Value {
		var k K
		var v string
		if json.Unmarshal(pair[0], &k) != nil || json.Unmarshal(pair[1], &v) != nil {
			t.Fatal("the vector has another form")
		}
		out[k] = v
	}
	return out
}

type groupOf struct{ Matching, NonMatching entryMap[int] }

// TestDisclosureVector makes the base proof of the official vector with its keys,
// derives from it, and compares every value on the way.
func TestDisclosureVector(t *testing.T) {
	var v struct {
		KeyMaterial struct {
			BaseKeyPair, ProofKeyPair struct{ SecretKeyMultibase, PublicKeyMultibase string }
			HMACKeyString             string
		}
		MandatoryPointers, SelectivePointers []string
		AddBaseDocCanon, AddBaseDocHMACCanon []string
		AddBaseTransform                     struct{ Mandatory, NonMandatory entryMap[int] }
		AddHashData                          struct{ ProofHash, MandatoryHash string }
		AddProofConfigCanon                  string
		AddRawBaseSignatureInfo              struct {
			BaseSignature, PublicKey string
			Signatures               []string
			MandatoryPointers        []string
		}
		AddSignedSDBase          json.RawMessage
		DerivedRecoveredBaseData struct {
			BaseSignature, ProofPublicKey, HMACKey string
			Signatures                             []string
			MandatoryPointers                      []string
		}
		DerivedAllGroupData struct {
			Groups     struct{ Selective, Mandatory, Combined groupOf }
			Skolemized struct{ Compact map[string]any }
			LabelMap   entryMap[string]
			NQuads     []string
		}
		DerivedGroupIndexes        struct{ CombinedIndexes, MandatoryIndexes, NonMandatoryIndexes, SelectiveIndexes []int }
		DerivedAdjMandatoryIndexes struct{ AdjMandatoryIndexes []uint64 }
		DerivedAdjSignatures       struct {
			AdjSignatureIndexes []int
			FilteredSignatures  []string
		}
		DerivedUnsignedReveal json.RawMessage
		DerivedDisclosureData struct {
			Signatures       []string
			LabelMap         entryMap[string]
			MandatoryIndexes []uint64
		}
		DerivedRevealDocument json.RawMessage
	}
	if err := json.Unmarshal(vectors.Read("vc-di-ecdsa/ecdsa-sd-2023-prc.json"), &v); err != nil {
		t.Fatal(err)
	}
	p := processor(t)
	fixed := func(multibase string) []byte {
		raw, err := base58.Decode(multibase[1:])
		if err != nil {
			t.Fatal(err)
		}
		return raw[2:]
	}
	hmacKey, err := hex.DecodeString(v.KeyMaterial.HMACKeyString)
	if err != nil {
		t.Fatal(err)
	}

	// Add a base proof.
	want := parse(t, v.AddSignedSDBase)
	options := want["proof"].(map[string]any)
	unsigned := maps.Clone(want)
	delete(unsigned, "proof")
	doc, err := json.Marshal(unsigned)
	if err != nil {
		t.Fatal(err)
	}
	created, err := time.Parse(time.RFC3339, options["created"].(string))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := p.Sign(doc, proof.Options{
		Cryptosuite: "ecdsa-sd-2023", VerificationMethod: options["verificationMethod"].(string), Created: created,
		Mandatory: v.MandatoryPointers, Random: bytes.NewReader(slices.Concat(hmacKey, fixed(v.KeyMaterial.ProofKeyPair.SecretKeyMultibase))),
	}, secretKey(t, v.KeyMaterial.BaseKeyPair.SecretKeyMultibase))
	if err != nil {
		t.Fatal(err)
	}
	made := parse(t, signed)
	same(t, "base proof", made["proof"].([]any)[0], any(options))

	base, err := p.OpenBase(made)
	if err != nil {
		t.Fatal(err)
	}
	s, err := base.Stages()
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "canonical document", s.Canonical, strings.Join(v.AddBaseDocCanon, ""))
	equal(t, "canonical document with HMAC labels", strings.Join(s.Lines, ""), strings.Join(v.AddBaseDocHMACCanon, ""))
	equal(t, "canonical proof options", s.ProofConfig, v.AddProofConfigCanon)
	equal(t, "proof hash", hex.EncodeToString(s.ProofHash), v.AddHashData.ProofHash)
	equal(t, "base signature", hex.EncodeToString(s.BaseSignature), v.AddRawBaseSignatureInfo.BaseSignature)
	equal(t, "public key", "z"+base58.Encode(s.PublicKey), v.AddRawBaseSignatureInfo.PublicKey)
	var together []byte
	for _, i := range v.DerivedGroupIndexes.MandatoryIndexes {
		together = append(together, s.Lines[i]...)
	}
	equal(t, "mandatory hash", fmt.Sprintf("%x", sha256.Sum256(together)), v.AddHashData.MandatoryHash)
	same(t, "signatures", hexes(s.Signatures), v.AddRawBaseSignatureInfo.Signatures)
	same(t, "mandatory pointers", s.Mandatory, v.AddRawBaseSignatureInfo.MandatoryPointers)

	// What a holder reads in it.
	r := v.DerivedRecoveredBaseData
	equal(t, "recovered base signature", hex.EncodeToString(s.BaseSignature), r.BaseSignature)
	equal(t, "recovered key", "z"+base58.Encode(s.PublicKey), r.ProofPublicKey)
	equal(t, "recovered HMAC key", hex.EncodeToString(s.HMACKey), r.HMACKey)
	same(t, "recovered signatures", hexes(s.Signatures), r.Signatures)
	same(t, "recovered pointers", base.Mandatory(), r.MandatoryPointers)

	// Blank nodes, by where they are in the document, and groups.
	labels := make(map[string]string)
	theirs := v.DerivedAllGroupData.LabelMap.entries(t)
	collect(labels, "", v.DerivedAllGroupData.Skolemized.Compact, func(id string) string { return theirs[strings.TrimPrefix(id, "urn:bnid:")] })
	same(t, "label map", s.Labels, labels)
	equal(t, "all statements", strings.Join(s.Lines, ""), strings.Join(v.DerivedAllGroupData.NQuads, ""))
	group := func(what string, pointers []string, indexes []int, groups ...groupOf) {
		t.Helper()
		got, err := base.Matching(pointers)
		if err != nil {
			t.Fatal(err)
		}
		same(t, what+" indexes", got, indexes)
		for _, g := range groups {
			for matches, entries := range map[bool]map[int]string{true: g.Matching.entries(t), false: g.NonMatching.entries(t)} {
				for i, line := range entries {
					if s.Lines[i] != line || slices.Contains(got, i) != matches {
						t.Errorf("%s: statement %d", what, i)
					}
				}
			}
			if n := len(g.Matching.Value) + len(g.NonMatching.Value); n != len(s.Lines) {
				t.Errorf("%s: %d statements, want %d", what, len(s.Lines), n)
			}
		}
	}
	groups, indexes := v.DerivedAllGroupData.Groups, v.DerivedGroupIndexes
	group("mandatory", v.MandatoryPointers, indexes.MandatoryIndexes, groups.Mandatory, groupOf{v.AddBaseTransform.Mandatory, v.AddBaseTransform.NonMandatory})
	group("selective", v.SelectivePointers, indexes.SelectiveIndexes, groups.Selective)
	group("combined", slices.Concat(v.MandatoryPointers, v.SelectivePointers), indexes.CombinedIndexes, groups.Combined)

	// The derived proof.
	shown, labelMap, mandatory, signatures, err := base.DerivedParts(v.SelectivePointers)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "reveal document", shown, parse(t, v.DerivedUnsignedReveal))
	same(t, "verifier's labels", labelMap, v.DerivedDisclosureData.LabelMap.entries(t))
	same(t, "adjusted mandatory indexes", mandatory, v.DerivedAdjMandatoryIndexes.AdjMandatoryIndexes)
	same(t, "mandatory indexes", mandatory, v.DerivedDisclosureData.MandatoryIndexes)
	same(t, "filtered signatures", hexes(signatures), v.DerivedAdjSignatures.FilteredSignatures)
	same(t, "shown signatures", hexes(signatures), v.DerivedDisclosureData.Signatures)
	for i, at := range v.DerivedAdjSignatures.AdjSignatureIndexes {
		equal(t, fmt.Sprint("adjusted signature ", i), hex.EncodeToString(s.Signatures[at]), hex.EncodeToString(signatures[i]))
	}
	derived, err := base.Derive(v.SelectivePointers)
	if err != nil {
		t.Fatal(err)
	}
	final := parse(t, derived)
	same(t, "derived document", withoutProofSet(final), parse(t, v.DerivedRevealDocument))
	if err := verifyByFragment(t, p, final, 0); err != nil {
		t.Error(err)
	}
}

// withoutProofSet has its one proof alone instead of in an array.
func withoutProofSet(doc map[string]any) map[string]any {
	doc = maps.Clone(doc)
	doc["proof"] = doc["proof"].([]any)[0]
	return doc
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n%v\nwant\n%v", what, got, want)
	}
}

func hexes(list [][]byte) []string {
	out := make([]string, len(list))
	for i, b := range list {
		out[i] = hex.EncodeToString(b)
	}
	return out
}

// collect gathers what a function says of the ids of a document, by path.
func collect(into map[string]string, path string, value any, of func(string) string) {
	if m, ok := value.(map[string]any); ok {
		if id, ok := m["id"].(string); ok && of(id) != "" {
			into[path] = of(id)
		}
		for name, v := range m {
			collect(into, path+"/"+name, v, of)
		}
	}
}

// baseOf signs a document with a base proof and opens it.
func baseOf(t *testing.T, p *proof.Processor, doc map[string]any, mandatory ...string) *proof.Base {
	t.Helper()
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	o := benchOptions
	o.Cryptosuite, o.Mandatory = "ecdsa-sd-2023", mandatory
	signed, err := p.Sign(data, o, testKeyOn(t, elliptic.P256()))
	if err != nil {
		t.Fatal(err)
	}
	base, err := p.OpenBase(parse(t, signed))
	if err != nil {
		t.Fatal(err)
	}
	return base
}

// TestDerive shows each part of documents with lists, with credentials in them,
// and with ids that are repeated, and nothing else.
func TestDerive(t *testing.T) {
	p, key := newProcessor(t), testKeyOn(t, elliptic.P256()).Public()
	for _, name := range []string{"welding", "endorsed", "clr"} {
		doc := parse(t, vectors.Read("documents/"+name+".json"))
		delete(doc, "proof")
		base := baseOf(t, p, doc, "/issuer", "/credentialSubject/type")
		var pointers []string
		for pointer := range within("", doc) {
			if strings.Contains(pointer, "/allowedValue/") || strings.Contains(pointer, "/@") {
				_, err := base.Derive([]string{"/type", pointer})
				wantCode(t, err, "pointer-partial")
				if e := new(jsonld.Error); !errors.As(err, &e) || e.Pointer != pointer {
					t.Errorf("%s%s: %v", name, pointer, err)
				}
				continue
			}
			pointers = append(pointers, pointer)
		}
		slices.Sort(pointers)
		for _, reveal := range append([][]string{nil, {""}, pointers}, slices.Collect(slices.Chunk(pointers, 1))...) {
			derived, err := base.Derive(reveal)
			if err != nil {
				t.Errorf("%s%v: %v", name, reveal, err)
				continue
			}
			shown := parse(t, derived)
			if err := p.Verify(shown, 0, key, nil); err != nil {
				t.Errorf("%s%v: %v", name, reveal, err)
			}
			if delete(shown, "proof"); len(reveal) != 1 {
				continue
			}
			if _, err := p.OpenBase(parse(t, derived)); jsonld.CodeOf(err) != "derived-proof" {
				t.Errorf("%s%v: %v", name, reveal, err)
			}
			if reveal[0] == "" {
				same(t, name, shown, doc)
			}
		}
		t.Logf("%s: %d pointers", name, len(pointers))
	}
}

// within are the pointers to all that is in a value, but not in a context.
func within(at string, value any) map[string]bool {
	out := make(map[string]bool)
	add := func(name string, v any) {
		here := at + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
		out[here] = true
		maps.Copy(out, within(here, v))
	}
	switch value := value.(type) {
	case map[string]any:
		for name, v := range value {
			if name != "@context" {
				add(name, v)
			}
		}
	case []any:
		for i, v := range value {
			add(fmt.Sprint(i), v)
		}
	}
	return out
}

// TestDeriveShows: of what is pointed to, all; of the way there, ids and types.
func TestDeriveShows(t *testing.T) {
	p := newProcessor(t)
	base := baseOf(t, p, parse(t, []byte(with(`, "credentialSubject": {"id": "did:example:x", "type": "AchievementSubject", "role": "r", "term": "t",
		"result": [{"type": "Result", "value": "1"}, {"type": "Result", "value": "2"}, {"type": "Result", "value": "3"}]}`))), "/issuer")
	derived, err := base.Derive([]string{"/credentialSubject/result/2", "/credentialSubject/term", "/credentialSubject/result/0/value"})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "subject", parse(t, derived)["credentialSubject"], any(parse(t, []byte(`{"id": "did:example:x", "type": "AchievementSubject", "term": "t",
		"result": [{"type": "Result", "value": "1"}, {"type": "Result", "value": "3"}]}`))))
}

func TestDeriveRefuses(t *testing.T) {
	p, small := newProcessor(t), parse(t, []byte(with(`, "name": "x"`)))
	base := baseOf(t, p, small, "/issuer", "/id")
	for _, pointer := range []string{"/nothing", "name", "/issuer/name/x", "/type/2", "/type/00", "/type/-1", "/type/-", "/na~me", "/proof", "/"} {
		_, err := base.Derive([]string{pointer})
		wantCode(t, err, "pointer-unknown")
	}
	o := benchOptions
	o.Cryptosuite, o.Mandatory = "ecdsa-sd-2023", []string{"/nothing"}
	sign := func(key crypto.Signer) error {
		_, err := p.Sign([]byte(with(``)), o, key)
		return err
	}
	wantCode(t, sign(testKeyOn(t, elliptic.P256())), "pointer-unknown")
	wantCode(t, sign(testKeyOn(t, elliptic.P384())), "key-mismatch")
	wantCode(t, sign(testKey()), "key-mismatch")
	if o.Random = strings.NewReader("short"); jsonld.CodeOf(sign(testKeyOn(t, elliptic.P256()))) != "" {
		t.Error("signs without enough that is random")
	}
	o.Mandatory, o.Random = nil, nil
	wantCode(t, sign(testKeyOn(t, elliptic.P256())), "pointer-unknown")

	signed := parse(t, vectors.Read("vc-di-ecdsa/ecdsa-sd-2023-prc.json"))["addSignedSDBase"].(map[string]any)
	open := func(edit func(doc, proof map[string]any)) error {
		doc := parse(t, vectors.Read("vc-di-ecdsa/ecdsa-sd-2023-prc.json"))["addSignedSDBase"].(map[string]any)
		edit(doc, doc["proof"].(map[string]any))
		base, err := processor(t).OpenBase(doc)
		if err == nil {
			_, err = base.Derive([]string{"/validFrom", "/credentialSubject"})
		}
		return err
	}
	value := signed["proof"].(map[string]any)["proofValue"].(string)
	for _, test := range []struct {
		name, code string
		edit       func(doc, proof map[string]any)
	}{
		{"as-signed", "", func(_, _ map[string]any) {}},
		{"other-suite", "base-missing", func(_, proof map[string]any) { proof["cryptosuite"] = "ecdsa-rdfc-2019" }},
		{"no-proof", "proof-missing", func(doc, _ map[string]any) { delete(doc, "proof") }},
		{"two", "proof-malformed", func(doc, proof map[string]any) { doc["proof"] = []any{proof, proof} }},
		{"other-beside", "", func(doc, proof map[string]any) {
			doc["proof"] = []any{map[string]any{"type": "Other"}, proof}
		}},
		{"cut", "signature-malformed", func(_, proof map[string]any) { proof["proofValue"] = value[:len(value)-4] }},
		{"longer", "signature-malformed", func(_, proof map[string]any) { proof["proofValue"] = value + "AAAA" }},
		{"other-document", "signature-invalid", func(doc, _ map[string]any) { doc["validFrom"] = "2024-12-17T00:00:00Z" }},
		{"more-said", "signature-invalid", func(doc, _ map[string]any) { doc["validUntil"] = []any{"2024-12-17T00:00:00Z", "2025-12-17T00:00:00Z"} }},
		{"chained", "proof-malformed", func(doc, proof map[string]any) {
			proof["previousProof"] = "urn:x:1"
			doc["proof"] = []any{map[string]any{"type": "Other", "id": "urn:x:1"}, proof}
		}},
	} {
		if err := open(test.edit); jsonld.CodeOf(err) != test.code || test.code == "" && err != nil {
			t.Errorf("%s: %v, want %q", test.name, err, test.code)
		}
	}
}
