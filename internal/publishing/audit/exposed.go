package audit

import "laurel/internal/publishing/privacy"

// givesLink does not quote the link: a report is passed on.
const givesLink = "gives a claim link away"

// exposed reports what a site gives away.
func (a *auditor) exposed(p string, data []byte) {
	found := privacy.Find(data)
	if found.ClaimLink {
		a.problem(p, "%s", givesLink)
	}
	if found.Credential && !awardFile.MatchString(p) {
		a.problem(p, "contains a credential, which only the files of a public award may")
	}
}
