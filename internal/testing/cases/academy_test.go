package cases

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"fmt"
	"maps"
	"math/big"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"laurel/internal/standards/did"
	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/vc"
)

const (
	issuerID = "did:web:academy.example.org"
	keyID    = issuerID + "#key-2026-1"
	listURL  = "https://academy.example.org/status/1.json"
	guildID  = "did:web:guild.example.org"
	guildKey = guildID + "#key-1"
)

var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

type object = map[string]any

// academy is an invented issuer with everything a verifier may ask for. Its
// documents may be changed; those of one academy are not those of another.
type academy struct {
	processor  *proof.Processor
	vocabulary *jsonld.Vocabulary // of what processor verifies
	documents  map[string][]byte
}

// newAcademy returns an academy with a did:web document of four keys, an empty
// status list, and a guild that endorses.
func newAcademy() *academy {
	shared := founding()
	return &academy{processor: shared.processor, vocabulary: shared.vocabulary, documents: maps.Clone(shared.documents)}
}

// founding makes once what every academy begins with.
var founding = sync.OnceValue(func() *academy {
	p, err := proof.New()
	check("read contexts", err)
	v, _, err := jsonld.Vocabularies(nil)
	check("read contexts", err)
	a := &academy{processor: p, vocabulary: v, documents: map[string][]byte{}}
	a.publish(issuerID, a.document())
	a.publish(guildID, did.WebDocument(guildID, []did.PublishedKey{{Kid: "key-1", PublicKeyMultibase: multikey(edKey("guild").Public())}}))
	a.documents[listURL] = a.list(nil)
	return a
})

// check panics: these documents are made from constants, so an error is a bug
// in this package or in one that it calls.
func check(what string, err error) {
	if err != nil {
		panic(fmt.Sprintf("cases: %s: %v", what, err))
	}
}

// edKey is an Ed25519 key that depends on its name alone.
func edKey(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("laurel test key " + name))
	return ed25519.NewKeyFromSeed(seed[:])
}

// ecKey is an ECDSA key that depends on its curve and name alone.
func ecKey(curve elliptic.Curve, name string) *ecdsa.PrivateKey {
	size := (curve.Params().BitSize + 7) / 8
	sum := sha256.Sum256([]byte("laurel test key " + name))
	scalar := new(big.Int).SetBytes(sum[:]).FillBytes(make([]byte, size))
	// The least bits are enough: 256 bits are below the order of P-384, and
	// the first is taken away for P-256.
	scalar[size-len(sum)] &= 0x7f
	key, err := ecdsa.ParseRawPrivateKey(curve, scalar)
	check("make an ECDSA key", err)
	return key
}

func multikey(public any) string {
	s, err := did.EncodeMultikey(public)
	check("write a Multikey", err)
	return s
}

// document is the academy's: an Ed25519 key, P-256 and P-384.
func (a *academy) document() did.Document {
	return did.WebDocument(issuerID, []did.PublishedKey{
		{Kid: "key-2026-1", PublicKeyMultibase: multikey(edKey("first").Public())},
		{Kid: "key-p256", PublicKeyMultibase: multikey(ecKey(elliptic.P256(), "first").Public())},
		{Kid: "key-p384", PublicKeyMultibase: multikey(ecKey(elliptic.P384(), "first").Public())},
	})
}

// publish serves a document under a DID, whatever it says of itself.
func (a *academy) publish(id string, d did.Document) {
	data, err := d.Encode()
	check("write a DID document", err)
	a.documents[id] = data
}

// list is a signed status list in which these bits are set; change may change it
// before it is signed.
func (a *academy) list(change func(object), set ...int) []byte {
	bits := vc.NewBitstring(vc.ListLength)
	for _, i := range set {
		bits.Set(i, true)
	}
	c, err := vc.NewStatusList(vc.StatusListOptions{URL: listURL, Issuer: issuerID, Purpose: vc.Revocation, ValidFrom: now.Add(-24 * time.Hour)}, bits)
	check("make a status list", err)
	data, err := c.Encode()
	check("write a status list", err)
	doc := decode(data)
	if change != nil {
		change(doc)
	}
	return a.sign(doc)
}

// credential is a complete one, unsigned, that passes every check once signed.
func credential() object {
	return object{
		"@context": []any{vc.ContextVC, vc.ContextOB},
		"id":       "urn:uuid:0b9b3f3e-0d5b-4d2a-9a44-0f8b1f1a2c3d",
		"type":     []any{"VerifiableCredential", "OpenBadgeCredential"},
		"name":     "Woodworking",
		"issuer": object{
			"id": issuerID, "type": []any{"Profile"}, "name": "Example Academy", "url": "https://academy.example.org/",
		},
		"validFrom":   "2026-01-15T09:00:00Z",
		"validUntil":  "2028-01-15T09:00:00Z",
		"awardedDate": "2026-01-10T00:00:00Z",
		"credentialSubject": object{
			"id": "did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi", "type": []any{"AchievementSubject"},
			"achievement": object{
				"id": "https://academy.example.org/achievements/woodworking/achievement.json", "type": []any{"Achievement"},
				"achievementType": "Badge", "name": "Woodworking", "description": "Planing, sawing, joining.",
				"criteria": object{"narrative": "A stool that carries a person."},
			},
		},
		"credentialStatus": statusEntry(listURL, "revocation", "94567"),
	}
}

func statusEntry(url, purpose string, index any) object {
	return object{
		"id": fmt.Sprint(url, "#", index), "type": "BitstringStatusListEntry", "statusPurpose": purpose,
		"statusListIndex": index, "statusListCredential": url,
	}
}

// statement is a credential that is no badge, unsigned: what its issuer says of
// its subject is a name.
func statement() object {
	return object{
		"@context":  []any{vc.ContextVC},
		"id":        "urn:uuid:2a3f8f0e-7a55-4c5e-8a0f-3f1d6c1b9e22",
		"type":      []any{"VerifiableCredential"},
		"issuer":    issuerID,
		"validFrom": "2026-01-15T09:00:00Z",
		"credentialSubject": object{
			"id": "did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi", "name": "Ana Example",
		},
	}
}

// endorsement is one of the academy's course by the guild, unsigned.
func endorsement() object {
	return object{
		"@context":  []any{vc.ContextVC, vc.ContextOB},
		"id":        "urn:uuid:51d0c6d0-31b3-44a4-8a8c-8f8ef44d7f00",
		"type":      []any{"VerifiableCredential", "EndorsementCredential"},
		"name":      "A good course",
		"issuer":    object{"id": guildID, "type": []any{"Profile"}, "name": "Example Guild"},
		"validFrom": "2026-01-01T00:00:00Z",
		"credentialSubject": object{
			"id": "https://academy.example.org/achievements/woodworking/achievement.json", "type": []any{"EndorsementSubject"},
			"endorsementComment": "We hire who has it.",
		},
	}
}

// encode writes a document compactly, members sorted.
func encode(doc any) []byte {
	data, err := json.Marshal(doc, json.Deterministic(true))
	check("write a document", err)
	return data
}

// decode reads a document that is known to be good.
func decode(data []byte) object {
	doc, err := jsonld.ParseObject(data)
	check("read a document", err)
	return doc
}

// with returns a copy of a document with changed members; absent takes one out.
func with(doc object, changes object) object {
	doc = maps.Clone(doc)
	for name, value := range changes {
		if value == absent {
			delete(doc, name)
		} else {
			doc[name] = value
		}
	}
	return doc
}

// absent is the value of a member that is to be taken out.
var absent any = struct{ absent bool }{true}

// at returns the object at a path of members and items.
func at(v any, path ...any) object {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			v = v.(object)[step]
		case int:
			v = v.([]any)[step]
		}
	}
	return v.(object)
}
