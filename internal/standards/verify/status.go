package verify

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"laurel/internal/standards/vc"
)

// entry is a credentialStatus that points into a bitstring (Bitstring Status
// List v1.0, 2.1 "BitstringStatusListEntry").
type entry struct {
	purpose vc.StatusPurpose
	index   int
	list    string
}

// status checks every status entry of the credential; the one that says the
// worst decides. No entry means that the issuer cannot take the credential back.
func (j *judgement) status(ctx context.Context) finding {
	entries := items(j.doc["credentialStatus"])
	if len(entries) == 0 {
		return finding{Skipped, "status-none", "The credential has no status: its issuer has no way to revoke it."}
	}
	if len(entries) > maxEntries {
		return finding{Fail, "status-too-many", fmt.Sprintf("The credential has %d status entries; laurel looks at no more than %d.", len(entries), maxEntries)}
	}
	var found []finding
	for _, v := range entries {
		found = append(found, j.entryStatus(ctx, v))
	}
	return worst(found...)
}

func (j *judgement) entryStatus(ctx context.Context, v any) finding {
	doc, ok := v.(map[string]any)
	if !ok {
		return finding{Fail, "status-malformed", "A status entry is not an object."}
	}
	if !hasType(doc, "BitstringStatusListEntry") {
		return finding{Unknown, "status-type-unknown", fmt.Sprintf("The status is of the type %s, which laurel does not know.", quote(textOf(doc["type"])))}
	}
	e, problem := parseEntry(doc)
	if problem.outcome != Pass {
		return problem
	}
	if !j.work.mayAsk(e.list) {
		return tooManyNames()
	}
	issuerID := idOf(j.doc["issuer"])
	// Two issuers pointing at one URL are two questions: the list must be of
	// the issuer who asks.
	l, ok := j.v.lists.get(ctx, issuerID+" "+e.list, func(ctx context.Context) list {
		return j.v.findList(ctx, e.list, issuerID)
	})
	if !ok {
		return stopped()
	}
	return l.status(e)
}

func parseEntry(doc map[string]any) (entry, finding) {
	malformed := func(what string) (entry, finding) {
		return entry{}, finding{Fail, "status-malformed", "The status entry is malformed: " + what + "."}
	}
	e := entry{purpose: vc.StatusPurpose(stringOf(doc, "statusPurpose")), list: stringOf(doc, "statusListCredential")}
	e.list, _, _ = strings.Cut(e.list, "#")
	index, isString := doc["statusListIndex"].(string)
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
	if _, ok := doc["statusSize"]; ok {
		return entry{}, finding{Unknown, "status-size-unsupported", "The status has more than one bit, which this version of laurel does not read."}
	}
	return e, finding{Pass, "ok", ""}
}

// status reads one entry's bit. A revocation cannot be taken back, so a bit that
// the issuer signed once counts even in a list that has become stale, is too
// short or goes by another name; a bit that is not set counts in none of these.
func (l list) status(e entry) finding {
	if l.bits == nil || l.problem.outcome == Fail {
		return l.problem
	}
	if !l.hasPurpose(e.purpose) {
		return finding{Fail, "status-purpose", fmt.Sprintf("The status list is not about %s.", quote(string(e.purpose)))}
	}
	set, err := l.bits.Get(e.index)
	if err != nil {
		return finding{Fail, "status-range", "The status entry points beyond the end of its list."}
	}
	if set && l.genuine && e.purpose == vc.Revocation {
		return finding{Fail, "revoked", "The issuer has revoked the credential."}
	}
	if l.problem.outcome != Pass {
		return l.problem
	}
	switch e.purpose {
	case vc.Revocation, vc.Suspension:
		if set {
			return finding{Fail, "suspended", "The issuer has suspended the credential for the time being."}
		}
		return finding{Pass, "ok", fmt.Sprintf("The issuer has not revoked or suspended the credential%s.", l.asOf())}
	case "refresh":
		if set {
			return finding{Warn, "refresh", "The issuer has a newer version of the credential."}
		}
		return finding{Pass, "ok", "The issuer has no newer version of the credential."}
	}
	return finding{Unknown, "status-purpose-unknown", fmt.Sprintf("The status is about %s, which laurel does not know.", quote(string(e.purpose)))}
}
