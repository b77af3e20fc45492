package verify_test

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"laurel/internal/standards/bake"
	"laurel/internal/standards/conform"
	"laurel/internal/standards/did"
	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/vc"
	"laurel/internal/standards/verify"
)

const (
	issuerID = "did:web:academy.example.org"
	keyID    = issuerID + "#key-2026-1"
	listURL  = "https://academy.example.org/status/1.json"
)

var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// world is an invented issuer with everything a verifier may ask for.
type world struct {
	t         testing.TB
	processor *proof.Processor
	checker   *conform.Checker
	docs      *verify.Documents

	mu    sync.Mutex
	asked map[string]int
}

// tools are made once for all tests: compiling the schemas takes most of a
// test's time. Both are safe for concurrent use.
var tools = sync.OnceValues(func() (*proof.Processor, *conform.Checker) {
	p, err := proof.New()
	if err != nil {
		panic(err)
	}
	c, err := conform.New()
	if err != nil {
		panic(err)
	}
	return p, c
})

// vocabulary is what verifiers read documents with.
var vocabulary = sync.OnceValue(func() *jsonld.Vocabulary {
	v, _, err := jsonld.Vocabularies(nil)
	if err != nil {
		panic(err)
	}
	return v
})

func newWorld(t testing.TB) *world {
	t.Helper()
	p, c := tools()
	w := &world{t: t, processor: p, checker: c, docs: &verify.Documents{}, asked: map[string]int{}}
	w.publish(w.document())
	w.serve(listURL, w.list(nil))
	return w
}

// key is a private key that depends on its name alone.
func key(name string) ed25519.PrivateKey {
	seed := make([]byte, ed25519.SeedSize)
	copy(seed, name)
	return ed25519.NewKeyFromSeed(seed)
}

func multikey(t testing.TB, k ed25519.PrivateKey) string {
	t.Helper()
	s, err := did.EncodeMultikey(k.Public())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// document is the issuer's, with one key.
func (w *world) document() did.Document {
	return did.WebDocument(issuerID, []did.PublishedKey{{Kid: "key-2026-1", PublicKeyMultibase: multikey(w.t, key("first"))}})
}

func (w *world) publish(d did.Document) {
	w.t.Helper()
	data, err := d.Encode()
	if err != nil {
		w.t.Fatal(err)
	}
	w.serve(d.ID, data)
}

func (w *world) serve(url string, data []byte) {
	w.t.Helper()
	if err := w.docs.Add(url, data); err != nil {
		w.t.Fatal(err)
	}
}

// load is the world's documents, counting.
func (w *world) load(ctx context.Context, url string) ([]byte, error) {
	w.mu.Lock()
	w.asked[url]++
	w.mu.Unlock()
	return w.docs.Load(ctx, url)
}

func (w *world) verifier(at time.Time) *verify.Verifier {
	return verify.New(w.processor, w.checker, verify.Options{Now: at, Load: w.load})
}

// credential is a complete one, unsigned, that passes every check once signed.
func credential() map[string]any {
	return map[string]any{
		"@context": []any{vc.ContextVC, vc.ContextOB},
		"id":       "urn:uuid:0b9b3f3e-0d5b-4d2a-9a44-0f8b1f1a2c3d",
		"type":     []any{"VerifiableCredential", "OpenBadgeCredential"},
		"name":     "Woodworking",
		"issuer": map[string]any{
			"id": issuerID, "type": []any{"Profile"}, "name": "Example Academy", "url": "https://academy.example.org/",
		},
		"validFrom":   "2026-01-15T09:00:00Z",
		"validUntil":  "2028-01-15T09:00:00Z",
		"awardedDate": "2026-01-10T00:00:00Z",
		"credentialSubject": map[string]any{
			"id": "did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi", "type": []any{"AchievementSubject"},
			"achievement": map[string]any{
				"id": "https://academy.example.org/achievements/woodworking/achievement.json", "type": []any{"Achievement"},
				"achievementType": "Badge", "name": "Woodworking", "description": "Planing, sawing, joining.",
				"criteria": map[string]any{"narrative": "A stool that carries a person."},
			},
		},
		"credentialStatus": statusEntry(listURL, "revocation", "94567"),
	}
}

func statusEntry(url, purpose, index string) map[string]any {
	return map[string]any{
		"id": url + "#" + index, "type": "BitstringStatusListEntry", "statusPurpose": purpose,
		"statusListIndex": index, "statusListCredential": url,
	}
}

func endorsement() map[string]any {
	return map[string]any{
		"@context":  []any{vc.ContextVC, vc.ContextOB},
		"id":        "urn:uuid:51d0c6d0-31b3-44a4-8a8c-8f8ef44d7f00",
		"type":      []any{"VerifiableCredential", "EndorsementCredential"},
		"name":      "A good course",
		"issuer":    map[string]any{"id": issuerID, "type": []any{"Profile"}, "name": "Example Guild"},
		"validFrom": "2026-01-01T00:00:00Z",
		"credentialSubject": map[string]any{
			"id": "https://academy.example.org/achievements/woodworking/achievement.json", "type": []any{"EndorsementSubject"},
			"endorsementComment": "We hire who has it.",
		},
	}
}

func encode(t testing.TB, doc map[string]any) []byte {
	t.Helper()
	data, err := json.Marshal(doc, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func decode(t testing.TB, data []byte) map[string]any {
	t.Helper()
	doc, err := jsonld.ParseObject(data)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// sign signs with the issuer's key.
func (w *world) sign(doc map[string]any) []byte {
	w.t.Helper()
	return w.signAs(doc, keyID, key("first"))
}

func (w *world) signAs(doc map[string]any, method string, k ed25519.PrivateKey) []byte {
	w.t.Helper()
	data, err := w.processor.Sign(encode(w.t, doc), proof.Options{VerificationMethod: method, Created: now.Add(-time.Hour)}, k)
	if err != nil {
		w.t.Fatalf("sign: %v", err)
	}
	return data
}

// list is a signed status list in which these bits are set; change may change it
// before it is signed.
func (w *world) list(change func(map[string]any), set ...int) []byte {
	w.t.Helper()
	bits := vc.NewBitstring(vc.ListLength)
	for _, i := range set {
		bits.Set(i, true)
	}
	c, err := vc.NewStatusList(vc.StatusListOptions{URL: listURL, Issuer: issuerID, Purpose: vc.Revocation, ValidFrom: now.Add(-24 * time.Hour)}, bits)
	if err != nil {
		w.t.Fatal(err)
	}
	data, err := c.Encode()
	if err != nil {
		w.t.Fatal(err)
	}
	doc := decode(w.t, data)
	if change != nil {
		change(doc)
	}
	return w.sign(doc)
}

// with returns a copy of a document with changed members; nil takes one out.
func with(doc map[string]any, changes map[string]any) map[string]any {
	doc = maps.Clone(doc)
	for name, value := range changes {
		if value == nil {
			delete(doc, name)
		} else {
			doc[name] = value
		}
	}
	return doc
}

// want fails the test unless the report has this verdict and, unless check is
// empty, this code in the row of that name.
func want(t testing.TB, r *verify.Report, verdict verify.Verdict, check, code string) {
	t.Helper()
	c, ok := r.Check(check)
	if r.Verdict != verdict || check != "" && (!ok || c.Code != code) {
		t.Errorf("verdict %s, %s %q; want %s, %q", r.Verdict, check, c.Code, verdict, code)
		logReport(t, r)
	}
	if len(r.Checks) != 11 {
		t.Errorf("%d rows, want 11", len(r.Checks))
	}
}

func ExampleChain() {
	docs := &verify.Documents{}
	docs.Add("", []byte(`{"id":"did:web:academy.example.org"}`))
	network := func(context.Context, string) ([]byte, error) { return []byte("asked"), nil }
	load := verify.Chain(docs.Load, network)
	a, _ := load(context.Background(), "did:web:academy.example.org")
	b, _ := load(context.Background(), "https://example.com/list")
	fmt.Printf("%s\n%s\n", a, b)
	// Output:
	// {"id":"did:web:academy.example.org"}
	// asked
}

// BenchmarkCredential is one of many credentials of an issuer whose document and
// list are known already.
func BenchmarkCredential(b *testing.B) {
	w := newWorld(b)
	verifier := w.verifier(now)
	signed := w.sign(credential())
	for b.Loop() {
		if r := verifier.Credential(b.Context(), signed); r.Verdict != verify.Valid {
			b.Fatal(r.Verdict)
		}
	}
}

// bakedSVG is a picture with a credential in it.
func bakedSVG(t testing.TB, credential []byte) []byte {
	t.Helper()
	blank, err := bake.NewSVG([]byte(`<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>`))
	if err != nil {
		t.Fatal(err)
	}
	baked, err := blank.Bake(credential)
	if err != nil {
		t.Fatal(err)
	}
	return baked
}
