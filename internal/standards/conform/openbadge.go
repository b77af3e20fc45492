package conform

import (
	"regexp"
	"slices"
	"strings"

	"laurel/internal/standards/jsonld"
)

const ob = "Open Badges 3.0"

// openBadge checks what the Open Badges Specification v3.0 says in words and
// its JSON Schema does not, for the credentials that call themselves one.
func (f *findings) openBadge(doc map[string]any, p *jsonld.Place) {
	f.verifier = ob
	switch {
	case isType(doc, "AchievementCredential", "OpenBadgeCredential"):
		f.openBadgeIssuer(doc, p)
		f.image(doc, p)
		f.evidence(doc, p)
		f.date(doc, p, "awardedDate")
		f.achievementSubjects(doc, p)
	case isType(doc, "EndorsementCredential"):
		f.openBadgeIssuer(doc, p)
		f.endorsementSubjects(doc, p)
	case isType(doc, "ClrCredential"):
		f.openBadgeIssuer(doc, p)
		f.clrSubjects(doc, p)
	default:
		eachObject(doc, "credentialSubject", p, func(o map[string]any, _ *jsonld.Place) {
			if isType(o, "AchievementSubject") {
				f.add("ob-credential-type", p.Member("type"), "an AchievementSubject in a credential that is neither AchievementCredential nor OpenBadgeCredential")
			}
		})
	}
}

// openBadgeIssuer checks a Profile; a plain URL is allowed.
func (f *findings) openBadgeIssuer(doc map[string]any, p *jsonld.Place) {
	if _, ok := doc["id"]; !ok {
		f.add("id-missing", p.Member("id"), "the credential has no id")
	}
	if issuer := object(doc, "issuer"); issuer != nil {
		at := p.Member("issuer")
		f.ofType(issuer, at, "Profile", "ob-issuer-type", "the issuer is not a Profile")
		f.image(issuer, at)
	}
}

// ofType checks that an object is of a type; what is how a sentence calls it.
func (f *findings) ofType(o map[string]any, p *jsonld.Place, name, code, what string) {
	if !isType(o, name) {
		f.add(code, p.Member("type"), "%s", what)
	}
}

// image checks an Image, always an object.
func (f *findings) image(o map[string]any, p *jsonld.Place) {
	v, ok := o["image"]
	if !ok {
		return
	}
	if image, ok := v.(map[string]any); !ok || !isType(image, "Image") {
		f.add("ob-image", p.Member("image"), "the image is not an object of type Image")
	}
}

func (f *findings) evidence(doc map[string]any, p *jsonld.Place) {
	eachObject(doc, "evidence", p, func(o map[string]any, p *jsonld.Place) {
		f.ofType(o, p, "Evidence", "ob-evidence-type", "the evidence is not of type Evidence")
	})
}

// achievementSubjects checks class AchievementSubject.
func (f *findings) achievementSubjects(doc map[string]any, p *jsonld.Place) {
	eachObject(doc, "credentialSubject", p, func(o map[string]any, p *jsonld.Place) {
		f.ofType(o, p, "AchievementSubject", "ob-subject-type", "the subject is not an AchievementSubject")
		if o["id"] == nil && o["identifier"] == nil {
			// Asked for by "Verification and Validation", step 1; credentials
			// without either are in use and verifiers take them.
			f.warn("ob-subject-unnamed", p, "the subject has neither id nor identifier, so it says nothing of who earned it")
		}
		eachObject(o, "identifier", p, f.identityObject)
		achievement := object(o, "achievement")
		if achievement == nil {
			f.add("ob-achievement", p.Member("achievement"), "there is no achievement")
			return
		}
		f.achievement(achievement, p.Member("achievement"))
		f.results(o, achievement, p)
	})
}

// achievement checks class Achievement.
func (f *findings) achievement(o map[string]any, p *jsonld.Place) {
	f.ofType(o, p, "Achievement", "ob-achievement-type", "the achievement is not of type Achievement")
	for _, name := range []string{"id", "name", "description"} {
		if o[name] == nil {
			f.add("ob-achievement", p.Member(name), "the achievement has no %s", name)
		}
	}
	criteria := object(o, "criteria")
	if criteria["id"] == nil && criteria["narrative"] == nil {
		f.add("ob-criteria", p.Member("criteria"), "the criteria have neither id nor narrative")
	}
	f.image(o, p)
	f.alignments(o, p)
	eachObject(o, "resultDescription", p, f.alignments)
}

// alignments checks class Alignment.
func (f *findings) alignments(o map[string]any, p *jsonld.Place) {
	eachObject(o, "alignment", p, func(o map[string]any, p *jsonld.Place) {
		f.ofType(o, p, "Alignment", "ob-alignment", "the alignment is not of type Alignment")
		if text(o, "targetName") == "" {
			f.add("ob-alignment", p.Member("targetName"), "the alignment has no targetName")
		}
		if !isURL(text(o, "targetUrl")) {
			f.add("ob-alignment", p.Member("targetUrl"), "the targetUrl of the alignment is not a URL")
		}
		if v, ok := o["targetType"]; ok && !isTerm(v, targetTypes) {
			f.add("ob-alignment", p.Member("targetType"), "the targetType is not of the vocabulary, and an extension begins with ext:")
		}
	})
}

// isTerm tells whether v is of a vocabulary or an extension of it (Open Badges
// Specification v3.0, "Extending the Vocabulary").
func isTerm(v any, vocabulary []string) bool {
	s, _ := v.(string)
	return slices.Contains(vocabulary, s) || strings.HasPrefix(s, "ext:") && len(s) > len("ext:")
}

// results checks that each Result belongs to a ResultDescription of the
// achievement and says what that asks for.
func (f *findings) results(subject, achievement map[string]any, p *jsonld.Place) {
	descriptions := map[string]map[string]any{}
	eachObject(achievement, "resultDescription", p, func(o map[string]any, _ *jsonld.Place) {
		descriptions[text(o, "id")] = o
	})
	eachObject(subject, "result", p, func(o map[string]any, p *jsonld.Place) {
		f.ofType(o, p, "Result", "ob-result", "the result is not of type Result")
		f.alignments(o, p)
		v, ok := o["resultDescription"]
		if !ok {
			return
		}
		id, _ := v.(string)
		description := descriptions[id]
		if description == nil {
			f.add("ob-result", p.Member("resultDescription"), "the result belongs to no resultDescription of the achievement")
			return
		}
		if text(description, "resultType") == "Status" && text(o, "status") == "" {
			f.add("ob-result", p.Member("status"), "a result of the type Status has no status")
		}
		if v, ok := o["achievedLevel"]; ok && !hasLevel(description, v) {
			f.add("ob-result", p.Member("achievedLevel"), "the achievedLevel is no level of the resultDescription")
		}
	})
	eachObject(achievement, "resultDescription", p.Member("achievement"), func(o map[string]any, p *jsonld.Place) {
		if v, ok := o["requiredLevel"]; ok && !hasLevel(o, v) {
			f.add("ob-result", p.Member("requiredLevel"), "the requiredLevel is no level of the resultDescription")
		}
	})
}

func hasLevel(description map[string]any, id any) bool {
	found := false
	eachObject(description, "rubricCriterionLevel", document, func(o map[string]any, _ *jsonld.Place) {
		found = found || o["id"] == id
	})
	return found
}

// identityObject checks class IdentityObject and the form of a hash
// (IdentityHash).
func (f *findings) identityObject(o map[string]any, p *jsonld.Place) {
	f.ofType(o, p, "IdentityObject", "ob-identity", "the identifier is not an IdentityObject")
	hashed, ok := o["hashed"].(bool)
	if !ok {
		f.add("ob-identity", p.Member("hashed"), "the identifier does not say whether it is hashed")
	}
	if hash := text(o, "identityHash"); hash == "" || hashed && !identityHash.MatchString(hash) {
		f.add("ob-identity", p.Member("identityHash"), "the identityHash is neither an identity nor sha256$ or md5$ and a digest")
	}
	if !isTerm(o["identityType"], identityTypes) {
		f.add("ob-identity", p.Member("identityType"), "the identityType is not of the vocabulary, and an extension begins with ext:")
	}
	for name := range o {
		if !slices.Contains(identityMembers, name) {
			f.add("ob-identity", p.Member(name), "an identifier has no such member")
		}
	}
}

var identityHash = regexp.MustCompile(`^(sha256\$[0-9A-Fa-f]{64}|md5\$[0-9A-Fa-f]{32})$`)

// endorsementSubjects checks class EndorsementCredential and its subject.
func (f *findings) endorsementSubjects(doc map[string]any, p *jsonld.Place) {
	if doc["name"] == nil {
		f.add("ob-endorsement", p.Member("name"), "the endorsement has no name")
	}
	eachObject(doc, "credentialSubject", p, func(o map[string]any, p *jsonld.Place) {
		f.ofType(o, p, "EndorsementSubject", "ob-subject-type", "the subject is not an EndorsementSubject")
		if o["id"] == nil {
			f.add("ob-endorsement", p.Member("id"), "the endorsement does not say what it endorses")
		}
	})
}

// clrSubjects checks class ClrCredential of the Comprehensive Learner Record
// Standard v2.0 and its subject.
func (f *findings) clrSubjects(doc map[string]any, p *jsonld.Place) {
	if doc["name"] == nil {
		f.add("clr-credential", p.Member("name"), "the learner record has no name")
	}
	eachObject(doc, "credentialSubject", p, func(o map[string]any, p *jsonld.Place) {
		f.ofType(o, p, "ClrSubject", "ob-subject-type", "the subject is not a ClrSubject")
		if v, ok := o["verifiableCredential"]; !ok || len(items(v)) == 0 {
			f.add("clr-credential", p.Member("verifiableCredential"), "the learner record holds no credential")
		}
		eachObject(o, "association", p, func(o map[string]any, p *jsonld.Place) {
			if _, ok := o["type"].(string); !ok {
				f.add("clr-credential", p.Member("type"), "the type of an association is not one string")
			}
		})
	})
}
