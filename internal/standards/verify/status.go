package verify

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"laurel/internal/standards/vc"
)

// entry is a credentialStatus that points into a list of bits (Bitstring Status
// List v1.0, 2.1 "BitstringStatusListEntry").
type entry struct {
	kind     listKind
	purpose  vc.StatusPurpose
	index    int
	size     int // bits
	messages []any
	list     string
}

// status checks every status entry of the credential; the one that says the
// worst decides. No entry means that the issuer cannot take the credential back.
func (j *judgement) status(ctx context.Context) finding {
	var found []finding
	if claim, has := j.claims["status"]; has {
		found = append(found, j.tokenStatus(ctx, claim))
	}
	entries := vc.Items(j.doc["credentialStatus"])
	if len(entries) > maxEntries {
		found = append(found, unknown("status-too-many", "count", len(entries), "most", maxEntries))
		entries = entries[:maxEntries]
	}
	for _, v := range entries {
		found = append(found, j.entryStatus(ctx, v))
	}
	if len(found) == 0 {
		return skipped("status-none")
	}
	return worst(found...)
}

func (j *judgement) entryStatus(ctx context.Context, v any) finding {
	doc, ok := v.(map[string]any)
	if !ok {
		return fail("status-malformed").with("an entry is not an object")
	}
	if hasType(doc, "1EdTechRevocationList") {
		return j.revocationList(ctx, doc)
	}
	e, problem := j.parseEntry(doc)
	if problem.outcome != Pass {
		return problem
	}
	if !j.work.mayAsk(e.list) {
		return tooManyNames()
	}
	issuerID := idOf(j.doc["issuer"])
	// Two issuers pointing at one URL are two questions: whose list it is. So are two
	// kinds of lists: what is one of them is none of the others.
	l, ok := j.v.lists.get(ctx, issuerID+" bits "+e.list, func(ctx context.Context) list {
		return j.v.findList(ctx, e.list, issuerID)
	})
	if !ok {
		return unknown("stopped")
	}
	if l.bits != nil {
		l.problem = worst(l.problem, j.v.longEnough(l.bits.Len()/e.size))
	}
	return j.v.bitStatus(l, e)
}

func (j *judgement) parseEntry(doc map[string]any) (entry, finding) {
	malformed := func(what string) (entry, finding) {
		return entry{}, fail("status-malformed").with(what)
	}
	e := entry{purpose: vc.StatusPurpose(stringOf(doc, "statusPurpose")), list: stringOf(doc, "statusListCredential"), size: 1}
	known := false
	for _, kind := range listKinds() {
		if hasType(doc, kind.entry) {
			e.kind, known = kind, true
		}
	}
	if !known {
		return entry{}, unknown("status-type-unknown", "type", quote(textOf(doc["type"])))
	}
	e.list, _, _ = strings.Cut(e.list, "#")
	index, isString := doc["statusListIndex"].(string)
	if !isString && j.v.o.Lenient {
		index, isString = indexOf(doc["statusListIndex"])
	}
	switch {
	case e.purpose == "":
		return malformed("it has no statusPurpose")
	case e.list == "":
		return malformed("it has no statusListCredential")
	case !isString:
		return malformed("statusListIndex is not a string")
	}
	n, err := strconv.ParseUint(index, 10, 31)
	if err != nil || strconv.FormatUint(n, 10) != index {
		return malformed("statusListIndex is not a decimal number within any list")
	}
	e.index = int(n)
	if size, has := doc["statusSize"]; has {
		bits, ok := size.(float64)
		if !ok || bits < 1 || bits > maxStatusSize || bits != math.Trunc(bits) {
			return entry{}, unknown("status-size", "most", maxStatusSize)
		}
		e.size = int(bits)
	}
	e.messages = vc.Items(doc["statusMessage"])
	return e, pass("ok")
}

// value reads the bits of an entry as a number, the left-most bit the highest
// (Bitstring Status List v1.0, 3.2).
func (l list) value(e entry) (int, error) {
	value := 0
	for i := range e.size {
		set, err := l.bits.Get(e.index*e.size + i)
		if err != nil {
			return 0, err
		}
		value <<= 1
		if set {
			value |= 1
		}
	}
	return value, nil
}

// bitStatus reads one entry's value.
func (v *Verifier) bitStatus(l list, e entry) finding {
	if l.bits == nil {
		return l.problem
	}
	value, err := l.value(e)
	switch {
	case !l.hasPurpose(e.purpose):
		return worst(l.problem, unknown("status-purpose", "purpose", quote(string(e.purpose))))
	case err != nil:
		return worst(l.problem, unknown("status-range"))
	case l.kind != e.kind:
		l.problem = worst(l.problem, unknown("status-list-malformed.kind"))
	}
	return v.said(l, l.meaning(e, value))
}

// meaning says what a value is for each purpose (Bitstring Status List v1.0,
// 2.2, "statusPurpose").
func (l list) meaning(e entry, value int) finding {
	switch e.purpose {
	case vc.Revocation:
		if value != 0 {
			return e.says(fail("revoked"), value)
		}
		return l.inForce()
	case vc.Suspension:
		if value != 0 {
			return e.says(fail("suspended"), value)
		}
		return l.inForce()
	case "refresh":
		if value != 0 {
			return e.says(warn("refresh"), value)
		}
		return pass("ok.refresh")
	case "message":
		return e.says(warn("status-message", "value", fmt.Sprintf("0x%x", value)), value)
	}
	return unknown("status-purpose-unknown", "purpose", quote(string(e.purpose)))
}

// says adds to a finding what the credential says that a value means.
func (e entry) says(f finding, value int) finding {
	for _, v := range e.messages {
		m, _ := v.(map[string]any)
		n, err := strconv.ParseUint(strings.TrimPrefix(stringOf(m, "status"), "0x"), 16, 31)
		if err == nil && int(n) == value && stringOf(m, "message") != "" {
			f.key, f.values = f.key+".message", append(f.values, "message", quote(stringOf(m, "message")))
			return f
		}
	}
	return f
}
