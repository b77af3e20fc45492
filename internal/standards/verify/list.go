package verify

import (
	"context"
	"fmt"
	"slices"
	"time"

	"laurel/internal/standards/proof"
	"laurel/internal/standards/vc"
)

// list is a status list for the credentials of one issuer, or why there is none.
// Problem has the outcome Pass when the list can be relied on; genuine says that
// the issuer signed it, whatever else is wrong.
type list struct {
	bits      *vc.Bitstring
	purposes  []vc.StatusPurpose
	validFrom time.Time
	genuine   bool
	problem   finding
}

func (l list) size() int {
	if l.bits == nil {
		return 1024
	}
	return l.bits.Len()/8 + 1024
}

func (l list) hasPurpose(p vc.StatusPurpose) bool { return slices.Contains(l.purposes, p) }

func (l list) asOf() string {
	if l.validFrom.IsZero() {
		return ""
	}
	return ", as of its list of " + sayTime(l.validFrom)
}

// findList gets a status list and verifies it like any credential (Bitstring
// Status List v1.0, 3.2 "Validate Algorithm"). It must be the issuer's own, and
// its id the URL it was had from: else a host could put one good list in the
// place of another, so such a list speaks for nobody's good standing. The list has a work budget of its own, because what is found
// out here is kept for other credentials.
func (v *Verifier) findList(ctx context.Context, url, issuerID string) list {
	data, err := v.o.Load(ctx, url)
	if err != nil {
		return list{problem: finding{Unknown, "status-unavailable", fmt.Sprintf("The status list could not be had from %s: %s.", safe(hostOf(url)), safe(err.Error()))}}
	}
	doc, err := proof.ParseObject(data)
	if err != nil {
		return list{problem: finding{Unknown, "status-list-malformed", fmt.Sprintf("What %s has for the status list is not a credential in JSON form.", safe(hostOf(url)))}}
	}
	l, shape := parseList(doc)
	if l.bits == nil {
		return list{problem: shape}
	}
	name := nameList(doc, url)
	secured, inForce := v.judgeList(ctx, doc, issuerID)
	l.genuine = secured.outcome == Pass
	l.problem = worst(shape, name, secured, inForce)
	return l
}

// parseList takes out the bits. The finding is about the bits alone.
func parseList(doc map[string]any) (list, finding) {
	malformed := func(what string) (list, finding) {
		return list{}, finding{Fail, "status-list-malformed", "The status list is malformed: " + what + "."}
	}
	if !hasType(doc, "BitstringStatusListCredential") {
		return malformed("it is not a BitstringStatusListCredential")
	}
	subjects := items(doc["credentialSubject"])
	if len(subjects) != 1 {
		return malformed("it does not have one subject")
	}
	subject, ok := subjects[0].(map[string]any)
	if !ok || !hasType(subject, "BitstringStatusList") {
		return malformed("its subject is not a BitstringStatusList")
	}
	if _, ok := subject["statusSize"]; ok {
		return list{}, finding{Unknown, "status-size-unsupported", "The status list has more than one bit for a credential, which this version of laurel does not read."}
	}
	var l list
	for _, p := range items(subject["statusPurpose"]) {
		name, ok := p.(string)
		if !ok || name == "" {
			return malformed("its statusPurpose is not a word")
		}
		l.purposes = append(l.purposes, vc.StatusPurpose(name))
	}
	bits, err := vc.DecodeBitstring(stringOf(subject, "encodedList"), vc.MaxBitstring)
	if err != nil {
		return malformed(safe(err.Error()))
	}
	l.bits = bits
	l.validFrom, _ = timeOf(doc["validFrom"])
	if bits.Len() < vc.ListLength {
		return l, finding{Unknown, "status-list-length", fmt.Sprintf("The status list has %d entries, and with less than %d whoever publishes it learns too much about who is looked up.", bits.Len(), vc.ListLength)}
	}
	return l, finding{Pass, "ok", ""}
}

// nameList holds the list's id against the URL it was asked for under.
func nameList(doc map[string]any, url string) finding {
	switch id := stringOf(doc, "id"); id {
	case url:
		return finding{Pass, "ok", ""}
	case "":
		return finding{Unknown, "status-list-id", "The status list does not say which list it is."}
	default:
		return finding{Unknown, "status-list-id", fmt.Sprintf("What is published as the status list says that it is another one, %s.", quote(id))}
	}
}

// judgeList verifies that the issuer made this list, and apart from that its
// dates.
func (v *Verifier) judgeList(ctx context.Context, doc map[string]any, issuerID string) (secured, inForce finding) {
	j := &judgement{v: v, r: newReport(), doc: doc, work: newWork()}
	secured = worst(j.structure(), j.contexts())
	if secured.outcome.rank() < Unknown.rank() {
		signature, key := j.proofs(ctx)
		secured = worst(key, signature)
	}
	switch made := idOf(doc["issuer"]); {
	case made != issuerID:
		secured = finding{Fail, "status-list-issuer", fmt.Sprintf("The status list was issued by %s, not by the issuer of the credential.", quote(made))}
	case secured.outcome == Fail:
		secured = finding{Fail, "status-list-invalid", "The status list is not genuine. " + secured.text}
	case secured.outcome == Unknown:
		secured = finding{Unknown, "status-list-undetermined", "The status list could not be verified. " + secured.text}
	default:
		secured = finding{Pass, "ok", ""}
	}
	inForce = finding{Pass, "ok", ""}
	if f := j.dates(); f.outcome == Fail {
		inForce = finding{Unknown, "status-list-stale", "The status list is not in force at this time, so it says nothing about today."}
	}
	if doc["credentialStatus"] != nil {
		inForce = finding{Unknown, "status-list-status", "The status list has a status itself, which laurel does not follow."}
	}
	return secured, inForce
}
