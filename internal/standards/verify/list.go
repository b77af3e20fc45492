package verify

import (
	"context"
	"slices"
	"strings"
	"time"

	"laurel/internal/standards/vc"
)

// list is a status list for the credentials of one issuer, or why there is none.
// Problem has the outcome Pass when the list can be relied on, Warn when it can with a
// word about it, and else Unknown: what is wrong with a list is no fault of a
// credential. Genuine says that who the list names as its issuer signed it, whatever
// else is wrong; named that its id is the URL it was had from.
type list struct {
	kind           listKind
	bits           *vc.Bitstring
	purposes       []vc.StatusPurpose
	genuine, named bool
	problem        finding

	// signed is when its issuer last vouched for it; ttl is how long it wants to be
	// relied on from then, in milliseconds, 0 if it does not say.
	signed moment
	ttl    float64

	// foreign lists are of another than the issuer of the credential, owner. They
	// count where accepted says how they are told of.
	foreign  bool
	owner    string
	accepted finding

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
	if !l.signed.given {
		return pass("ok.status")
	}
	return pass("ok.status-dated", "date", sayTime(l.signed.Time))
}

// old warns of a list that its issuer has not signed for long: whoever publishes it
// could have kept a newer one back. Its ttl says for how long it is good, if that is
// a day or more; less is for caches (Bitstring Status List v1.0, 2.2, has it 5
// minutes where a list does not say), and nobody signs so often.
func (v *Verifier) old(l list) finding {
	limit := float64(maxListAge / time.Millisecond)
	if l.ttl >= float64(minListTTL/time.Millisecond) {
		limit = l.ttl
	}
	age := v.o.Now.UnixMilli() - l.signed.UnixMilli()
	if !l.signed.given || float64(age) <= limit {
		return pass("ok")
	}
	if days := age / (24 * time.Hour).Milliseconds(); days != 1 {
		return warn("status-list-old", "count", days)
	}
	return warn("status-list-old.day")
}

// said is what a list says of one credential: its meaning, unless a problem keeps it
// from counting. A revocation cannot be taken back, so one in a genuine list counts
// even if that is stale, too short, made wrongly or goes by another name; what is not
// revoked counts in none of these. (A host that puts one list of an issuer in the place
// of another could so make a credential look revoked, but only one whose index happens
// to be set in the other; issuers who give a list a wrong name are many.) The list of
// another than the credential's issuer has to bear its right name, and to be accepted.
func (v *Verifier) said(l list, meaning finding) finding {
	problem := l.problem
	revoked, suspended := meaning.code() == "revoked", meaning.code() == "suspended"
	counts := l.genuine && (l.named || !l.foreign)
	other := meaning
	if l.foreign && l.accepted.outcome != Warn {
		switch {
		case !l.genuine:
			return problem
		case counts && revoked:
			return unknown("status-list-issuer.revoked", "owner", quote(l.owner))
		case problem.outcome.rank() > Warn.rank():
			return unknown("status-list-issuer.open", "owner", quote(l.owner))
		case suspended:
			return unknown("status-list-issuer.suspended", "owner", quote(l.owner))
		case meaning.outcome == Pass:
			return unknown("status-list-issuer", "owner", quote(l.owner))
		}
		return unknown("status-list-issuer.open", "owner", quote(l.owner))
	}
	switch {
	case l.foreign && revoked:
		other = fail("revoked.other", "owner", quote(l.owner))
	case l.foreign && suspended:
		other = fail("suspended.other", "owner", quote(l.owner))
	}
	switch {
	case counts && revoked:
		return other
	case problem.outcome.rank() > Warn.rank():
		return problem
	}
	for _, f := range []finding{l.accepted, problem, v.old(l)} {
		if f.outcome == Warn && other.outcome == Warn {
			other = other.from(strings.TrimSpace(other.because + " " + f.text()))
		} else if f.outcome == Warn {
			other = worst(other, f)
		}
	}
	return other
}

// findList gets a status list and verifies it like any credential (Bitstring
// Status List v1.0, 3.2 "Validate Algorithm"). Its id must be the URL it was had from:
// else a host could put one good list in the place of another, so such a list speaks
// for nobody's good standing. The list has a work budget of its own, because what is
// found out here is kept for other credentials.
func (v *Verifier) findList(ctx context.Context, url, issuerID string) list {
	data, err := v.o.Load(ctx, url)
	if err != nil {
		return list{problem: statusUnavailable(url, err)}
	}
	o, f := one(openAll(data))
	if f.outcome != Pass {
		return list{problem: unknown("status-list-malformed.fetched", "host", safe(hostOf(url)))}
	}
	l, shape := v.parseList(o.doc)
	if shape.outcome == Fail {
		shape.outcome = Unknown
	}
	if l.bits == nil {
		return list{problem: shape}
	}
	l.by(v, idOf(o.doc["issuer"]), issuerID)
	name := v.nameList(stringOf(o.doc, "id"), url, l.foreign)
	secured, genuine, inForce := v.judgeList(ctx, o)
	l.genuine, l.named = genuine, name.outcome == Pass
	l.signed = v.signedAt(o)
	l.problem = worst(shape, name, secured, inForce)
	return l
}

// by notes whose list it is, and whether that of another counts: where a register
// knows him, or where that is allowed. Bitstring Status List v1.0, 2.2, lets the
// issuers differ, and the issuer of the credential signed the URL of the list; but
// that says where it is, not by whom it is.
func (l *list) by(v *Verifier, owner, issuerID string) {
	if owner == issuerID {
		return
	}
	l.foreign, l.owner = true, owner
	if r := v.o.Registry; r != nil {
		if _, known := r.Issuers[owner]; known {
			l.accepted = warn("status-list-issuer.known", "owner", quote(owner), "register", quote(r.Name))
			return
		}
	}
	if v.o.Lenient {
		l.accepted = warn("status-list-issuer.counted", "owner", quote(owner))
	}
}

func statusUnavailable(url string, err error) finding {
	return unknown("status-unavailable", "host", safe(hostOf(url))).with(err.Error())
}

// signedAt is when a list was signed, as its issuer says: what it says of itself goes
// before what its proof says, which is of when somebody ran a program.
func (v *Verifier) signedAt(o opened) (at moment) {
	j := &judgement{opened: o, v: v}
	for _, name := range []string{"validFrom", "issuanceDate"} {
		if t, ok := j.timeOf(o.doc[name]); ok && t.given {
			return t
		}
	}
	for _, name := range []string{"iat", "nbf"} {
		if t, ok := numericDate(o.claims[name]); ok && t.given {
			return t
		}
	}
	for _, p := range objectsIn(o.doc["proof"]) {
		if t, ok := j.timeOf(p["created"]); ok && t.given && (!at.given || t.After(at.Time)) {
			at = t
		}
	}
	return at
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
	bits, proper, err := vc.ReadBitstring(stringOf(subject, "encodedList"))
	if err != nil {
		return malformed(err.Error())
	}
	l.bits = bits
	l.ttl, _ = subject["ttl"].(float64)
	spelled := pass("ok")
	if kind.multibase && !proper {
		spelled = fail("status-list-malformed.spelled")
		if v.o.Lenient {
			spelled.outcome = Warn
		}
	}
	return l, worst(spelled, v.longEnough(bits.Len()))
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

// nameList holds the list's id against the URL it was asked for under. That of
// another issuer than the credential's must fit, whatever is allowed.
func (v *Verifier) nameList(id, url string, foreign bool) finding {
	if id == url {
		return pass("ok")
	}
	f := unknown("status-list-id", "list", quote(id))
	if id == "" {
		f = unknown("status-list-id.unnamed")
	}
	if v.o.Lenient && !foreign {
		f.outcome = Warn
	}
	return f
}

// judgeList verifies that who the list names as its issuer made it, and apart from
// that its form and its dates. A list whose form is wrong may still be genuine, if its
// terms have a known meaning, or its signature covers every byte.
func (v *Verifier) judgeList(ctx context.Context, o opened) (secured finding, genuine bool, inForce finding) {
	j := &judgement{opened: o, v: v, r: newReport(), work: newWork()}
	contexts := j.contexts()
	form := worst(j.structure(), contexts)
	inForce = pass("ok")
	if o.jws != nil || contexts.outcome.rank() <= Warn.rank() {
		made := func() (bool, finding) {
			signature, key := j.secured(ctx, idOf(o.doc["issuer"]))
			return good(signature) && good(key), worst(key, signature)
		}
		var why finding
		if genuine, why = made(); !genuine {
			secured = ofList(why, "status-list-invalid")
			j.bySigner = true
			switch genuine, _ = made(); {
			case genuine && (why.code() == "proof-expired" || why.code() == "proof-future"):
				inForce = unknown("status-list-stale")
			case genuine:
				form = worst(form, why)
			}
		}
	}
	if secured.outcome == "" || genuine {
		secured = ofList(form, "status-list-malformed")
	}
	switch f := j.dates(); {
	case f.code() == "date-malformed":
		inForce = unknown("status-list-malformed").from(f.text())
	case f.outcome == Fail:
		inForce = unknown("status-list-stale")
	}
	if o.doc["credentialStatus"] != nil {
		inForce = unknown("status-list-status")
	}
	return secured, genuine, inForce
}

// ofList says of a list what was found out of it as a document, where it failed with
// this code.
func ofList(f finding, failed string) finding {
	switch f.outcome {
	case Fail:
		return unknown(failed).from(f.text())
	case Unknown, Skipped: // what was not reached is not good
		return unknown("status-list-undetermined").from(f.text())
	}
	return pass("ok")
}
