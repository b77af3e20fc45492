package cases

import (
	"fmt"
	"slices"
	"strings"
)

// attack is a case made from a good credential of the academy. Its input is what
// make returns; make may also change what the academy publishes. Behind " & " code has
// what Case.Form is to be.
type attack struct {
	name    string
	verdict string
	code    string // of several in one input: "input-several: valid ok, invalid expired"
	make    func(a *academy) []byte
}

const (
	valid        = "valid"
	invalid      = "invalid"
	undetermined = "undetermined"
)

// Attacks returns what forgers, hostile issuers and careless hosts may hand to a
// verifier, and the harmless twins of some, by suite.
func Attacks() []Case {
	var all []Case
	for _, s := range []struct {
		name string
		list []attack
	}{
		{"attack-json", jsonAttacks()},
		{"values", valueCases()},
		{"attack-terms", termAttacks()},
		{"attack-proof", proofAttacks()},
		{"attack-key", keyAttacks()},
		{"attack-issuer", issuerAttacks()},
		{"attack-kinds", kindAttacks()},
		{"attack-es256k", secp256k1Tokens()},
		{"attack-status", append(statusAttacks(), olderStatuses()...)},
		{"attack-claims", claimAttacks()},
		{"attack-embedded", embeddedAttacks()},
		{"attack-image", imageAttacks()},
		{"carrier", carrierCases()},
		{"envelopes", envelopeCases()},
		{"attack-jose", joseAttacks()},
		{"attack-token", slices.Concat(kidAttacks(), typeAttacks(), dateAttacks())},
		{"sd-jwt", sdJWTCases()},
		{"attack-suites", suiteAttacks()},
		{"attack-detached", detachedAttacks()},
		{"attack-forms", formAttacks()},
		{"attack-poison", poisonAttacks()},
		{"attack-off-form", offFormAttacks()},
	} {
		all = append(all, build(s.name, s.list)...)
	}
	return all
}

func build(suite string, list []attack) []Case {
	var all []Case
	for _, t := range list {
		a := newAcademy()
		input := t.make(a)
		code, form, _ := strings.Cut(t.code, " & ")
		c := Case{Name: t.name, Suite: suite, Input: input, Documents: a.documents, At: now, Verdict: t.verdict, Code: code, Form: form}
		if code, items, ok := strings.Cut(code, ": "); ok {
			c.Code, c.Items = code, strings.Split(items, ", ")
		}
		all = append(all, c)
	}
	names := map[string]bool{}
	for _, c := range all {
		if names[c.Name] {
			panic(fmt.Sprintf("cases: two cases %s/%s", suite, c.Name))
		}
		names[c.Name] = true
	}
	return slices.Clip(all)
}

// tamper returns an attack that changes a signed credential.
func tamper(name, verdict, code string, change func(doc object)) attack {
	return attack{name, verdict, code, func(a *academy) []byte {
		doc := decode(a.sign(credential()))
		change(doc)
		return encode(doc)
	}}
}

// signed returns an attack, or a good case, in which the issuer itself signs a
// changed credential.
func signed(name, verdict, code string, change func(doc object)) attack {
	return attack{name, verdict, code, func(a *academy) []byte {
		doc := credential()
		change(doc)
		return a.sign(doc)
	}}
}

func subjectOf(doc object) object     { return at(doc, "credentialSubject") }
func achievementOf(doc object) object { return at(doc, "credentialSubject", "achievement") }
func proofOf(doc object) object       { return at(doc, "proof", 0) }
