package verify

import (
	"context"
	"slices"
	"strings"
	"time"

	"laurel/internal/standards/vc"
)

// list is a status list for the credentials of one issuer, or why there is none.
// Problem has the outcome Pass when the list can be relied on, and Warn when it
// can with a word about it; genuine says that the issuer signed it, whatever else
// is wrong.
type list struct {
	kind      listKind
	bits      *vc.Bitstring
	purposes  []vc.StatusPurpose
	validFrom time.Time
	genuine   bool
	problem   finding

	// tokens are those of a Status List Token.
	tokens *vc.TokenStatuses

	// revoked are the ids in a 1EdTechRevocationList, which has no bits.
	revoked map[string]bool
}

// listKind is one generation of status lists.
type listKind struct {
	entry, credential, subject string
	multibase                  bool // encodedList has the prefix u
}

// listKinds are the Bitstring Status List v1.0, which laurel issues, and what
// came before it (Status List 2021, W3C Community Group), which it only verifies.
func listKinds() []listKind {
	return []listKind{
		{"BitstringStatusListEntry", "BitstringStatusListCredential", "BitstringStatusList", true},
		{"StatusList2021Entry", "StatusList2021Credential", "StatusList2021", false},
	}
}

// listKindOf tells what kind of list a credential is.
func listKindOf(doc map[string]any) (listKind, bool) {
	for _, kind := range listKinds() {
		if hasType(doc, kind.credential) {
			return kind, true
		}
	}
	return listKind{}, false
}

func (l list) size() int {
	switch {
	case l.tokens != nil:
		return l.tokens.Len() + 1024
	case l.bits == nil:
		return 1024 + 128*len(l.revoked)
	}
	return l.bits.Len()/8 + 1024
}

func (l list) hasPurpose(p vc.StatusPurpose) bool { return slices.Contains(l.purposes, p) }

// inForce says that a bit is not set, and of when the list is.
func (l list) inForce() finding {
	if l.validFrom.IsZero() {
		return pass("ok.status")
	}
	return pass("ok.status-dated", "date", sayTime(l.validFrom))
}

// findList gets a status list and verifies it like any credential (Bitstring
// Status List v1.0, 3.2 "Validate Algorithm"). It must be the issuer's own, and
// its id the URL it was had from: else a host could put one good list in the
// place of another, so such a list speaks for nobody's good standing. The list has
// a work budget of its own, because what is found out here is kept for other
// credentials.
func (v *Verifier) findList(ctx context.Context, url, issuerID string) list {
	data, err := v.o.Load(ctx, url)
	if err != nil {
		return list{problem: statusUnavailable(url, err)}
	}
	o, f := open(data)
	if f.outcome != Pass {
		return list{problem: unknown("status-list-malformed.fetched", "host", safe(hostOf(url)))}
	}
	l, shape := v.parseList(o.doc)
	if l.bits == nil {
		return list{problem: shape}
	}
	name := nameList(o.doc, url)
	if name.outcome == Unknown && v.o.Lenient {
		name.outcome = Warn
	}
	secured, inForce := v.judgeList(ctx, o, issuerID)
	l.genuine = secured.outcome == Pass
	l.problem = worst(shape, name, secured, inForce)
	return l
}

func statusUnavailable(url string, err error) finding {
	return unknown("status-unavailable", "host", safe(hostOf(url))).with(err.Error())
}

// parseList takes out the bits. The finding is about the bits alone.
func (v *Verifier) parseList(doc map[string]any) (list, finding) {
	malformed := func(what string) (list, finding) {
		return list{}, fail("status-list-malformed").with(what)
	}
	kind, ok := listKindOf(doc)
	if !ok {
		return malformed("it is not a " + listKinds()[0].credential)
	}
	subjects := vc.Items(doc["credentialSubject"])
	if len(subjects) != 1 {
		return malformed("it does not have one subject")
	}
	subject, ok := subjects[0].(map[string]any)
	if !ok || !hasType(subject, kind.subject) {
		return malformed("its subject is not a " + kind.subject)
	}
	l := list{kind: kind}
	for _, p := range vc.Items(subject["statusPurpose"]) {
		name, ok := p.(string)
		if !ok || name == "" {
			return malformed("its statusPurpose is not a word")
		}
		l.purposes = append(l.purposes, vc.StatusPurpose(name))
	}
	encoded := stringOf(subject, "encodedList")
	if !kind.multibase {
		encoded = "u" + strings.TrimRight(encoded, "=")
	}
	bits, err := vc.DecodeBitstring(encoded, vc.MaxBitstring)
	if err != nil {
		return malformed(err.Error())
	}
	l.bits = bits
	if l.validFrom, _ = timeOf(doc["validFrom"]); l.validFrom.IsZero() {
		l.validFrom, _ = timeOf(doc["issuanceDate"])
	}
	return l, v.longEnough(bits.Len())
}

// longEnough checks the number of entries of a list.
func (v *Verifier) longEnough(entries int) finding {
	if entries >= vc.ListLength {
		return pass("ok")
	}
	short := unknown("status-list-length", "count", entries, "least", vc.ListLength)
	if v.o.Lenient {
		short.outcome = Warn
	}
	return short
}

// nameList holds the list's id against the URL it was asked for under.
func nameList(doc map[string]any, url string) finding {
	switch id := stringOf(doc, "id"); id {
	case url:
		return pass("ok")
	case "":
		return unknown("status-list-id.unnamed")
	default:
		return unknown("status-list-id", "list", quote(id))
	}
}

// judgeList verifies that the issuer made this list, and apart from that its
// dates.
func (v *Verifier) judgeList(ctx context.Context, o opened, issuerID string) (secured, inForce finding) {
	j := &judgement{opened: o, v: v, r: newReport(), work: newWork()}
	doc := o.doc
	secured = worst(j.structure(), j.contexts())
	if secured.outcome.rank() < Unknown.rank() {
		signature, key := j.secured(ctx, idOf(doc["issuer"]))
		secured = worst(key, signature)
	}
	switch made := idOf(doc["issuer"]); {
	case made != issuerID:
		secured = fail("status-list-issuer", "owner", quote(made))
	case secured.outcome == Fail:
		secured = fail("status-list-invalid").from(secured.text())
	case secured.outcome == Unknown:
		secured = unknown("status-list-undetermined").from(secured.text())
	default:
		secured = pass("ok")
	}
	inForce = pass("ok")
	if f := j.dates(); f.outcome == Fail {
		inForce = unknown("status-list-stale")
	}
	if doc["credentialStatus"] != nil {
		inForce = unknown("status-list-status")
	}
	return secured, inForce
}
