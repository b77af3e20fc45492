package verify

import (
	"fmt"
	"strings"
)

// subject says whom the credential is about, as far as a verifier can: that the
// one who shows it is the one it names is for the reader to find out.
func (j *judgement) subject() finding {
	if hasType(j.doc, "BitstringStatusListCredential") {
		if l, f := parseList(j.doc); f.outcome != Pass {
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

// issuerTrust says what the issuer's name is worth. Laurel keeps no register of
// issuers, so a good credential is as trustworthy as whoever controls the name.
func (j *judgement) issuerTrust() finding {
	id := idOf(j.doc["issuer"])
	switch {
	case strings.HasPrefix(id, "did:web:"), strings.HasPrefix(id, "https://"):
		return finding{Warn, "issuer-unregistered", fmt.Sprintf("The issuer is whoever controls the domain %s; no register of issuers was asked. Make sure that the domain is who the credential says.", quote(hostOf(id)))}
	case strings.HasPrefix(id, "did:key:"):
		return finding{Warn, "issuer-anonymous", "The issuer is a bare key. Nothing ties it to the name in the credential; make sure of it in another way."}
	}
	return finding{Warn, "issuer-unregistered", "No register of issuers was asked; make sure that the issuer is who the credential says."}
}
