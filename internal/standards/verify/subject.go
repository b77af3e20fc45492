package verify

import (
	"strings"

	"laurel/internal/standards/vc"
)

// subject says whom the credential is about, as far as a verifier can: that the
// one who shows it is the one it names is for the reader to find out.
func (j *judgement) subject() finding {
	who := j.named()
	if j.sd == nil {
		return who
	}
	bound := j.bound()
	if bound.outcome == Pass && who.outcome == Pass {
		return bound
	}
	return worst(who, bound)
}

// named is subject without the question who shows it.
func (j *judgement) named() finding {
	subject := firstSubject(j.doc)
	if j.typed {
		return j.namedByType(subject)
	}
	if _, ok := listKindOf(j.doc); ok {
		if l, f := j.v.parseList(j.doc); f.outcome.rank() > Warn.rank() {
			return f
		} else if len(l.purposes) == 0 {
			return fail("status-list-malformed").with("it does not say what its bits mean")
		}
		return pass("ok.list")
	}
	if !hasType(j.doc, "AchievementCredential") && !hasType(j.doc, "OpenBadgeCredential") && !hasType(j.doc, "ClrCredential") {
		return pass("ok.subject-other")
	}
	if stringOf(subject, "id") == "" && len(vc.Items(subject["identifier"])) == 0 {
		return warn("subject-unidentified")
	}
	if isUnnamed(subject) {
		return warn("subject-unnamed")
	}
	return pass("ok.subject")
}

// isUnnamed tells a subject of which there is but an id made up for the
// credential: urn:uuid names nobody whom anybody could ask.
func isUnnamed(subject map[string]any) bool {
	return isMadeUp(stringOf(subject, "id")) && len(vc.Items(subject["identifier"])) == 0 && subjectName(subject) == ""
}

// isMadeUp tells an id that is none but where it was written. The scheme and
// namespace of a URN have no case (RFC 8141, 3.1).
func isMadeUp(id string) bool {
	const prefix = "urn:uuid:"
	return len(id) >= len(prefix) && strings.EqualFold(id[:len(prefix)], prefix)
}
