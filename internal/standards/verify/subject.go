package verify

// subject says whom the credential is about, as far as a verifier can: that the
// one who shows it is the one it names is for the reader to find out.
func (j *judgement) subject() finding {
	if _, ok := listKindOf(j.doc); ok {
		if l, f := j.v.parseList(j.doc); f.outcome.rank() > Warn.rank() {
			return f
		} else if len(l.purposes) == 0 {
			return finding{Fail, "status-list-malformed", "The status list does not say what its bits mean."}
		}
		return finding{Pass, "ok", "The document is a status list."}
	}
	if !hasType(j.doc, "AchievementCredential") && !hasType(j.doc, "OpenBadgeCredential") {
		return finding{Pass, "ok", "The credential has a subject. That whoever shows it is the one it names was not checked."}
	}
	subject := firstSubject(j.doc)
	if stringOf(subject, "id") == "" && len(items(subject["identifier"])) == 0 {
		return finding{Warn, "subject-unidentified", "The credential names no learner by anything that could be checked."}
	}
	return finding{Pass, "ok", "The credential names its learner. That whoever shows it is that learner was not checked."}
}
