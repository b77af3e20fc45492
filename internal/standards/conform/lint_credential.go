package conform

import (
	"slices"
	"strconv"
	"strings"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/vc"
)

// credentialRules hold for what is no status list.
var credentialRules = []rule{
	{
		code: "lint-id", verifier: byVerifierCore, applies: isCredential,
		why: "the credential's id must be urn:uuid: and a UUID: the verifier wants a URL or URN, the profile one that says nothing",
		check: func(doc map[string]any, report func(*jsonld.Place)) {
			uuid, ok := strings.CutPrefix(text(doc, "id"), "urn:uuid:")
			if !ok || !isUUID(uuid) {
				report(document.Member("id"))
			}
		},
	},
	{
		code: "lint-issuer-object", verifier: byValidator, applies: isCredential,
		why: "the issuer must be an object of the type Profile, written as an array of one: a plain URL is refused",
		check: func(doc map[string]any, report func(*jsonld.Place)) {
			if !equal(object(doc, "issuer")["type"], []any{"Profile"}) {
				report(document.Member("issuer"))
			}
		},
	},
	{
		code: "lint-issuer-name", verifier: "Open Badges displayers", applies: isCredential,
		why: "the issuer has no name, and a displayer must show it",
		check: func(doc map[string]any, report func(*jsonld.Place)) {
			if issuer := object(doc, "issuer"); issuer != nil && text(issuer, "name") == "" {
				report(document.Member("issuer").Member("name"))
			}
		},
	},
	{
		code: "lint-endorsement-unsigned", verifier: byValidator, applies: isCredential,
		why: "an embedded endorsement has no proof: each is verified on its own",
		member: func(name string, v any) bool {
			if name != "endorsement" {
				return false
			}
			return slices.ContainsFunc(items(v), func(v any) bool {
				o, ok := v.(map[string]any)
				return ok && o["proof"] == nil
			})
		},
	},
}

func isCredential(doc map[string]any) bool { return !isList(doc) }

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, c := range []byte(s) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (c == '-') || !dash && !isHex(c) || c != strings.ToLower(string(c))[0] {
			return false
		}
	}
	return true
}

// subjectRules hold for the subject of an award.
var subjectRules = []rule{
	{
		code: "lint-subject-single", verifier: verifierSchema, applies: isAward,
		why: "credentialSubject must be one object: an array is refused",
		check: func(doc map[string]any, report func(*jsonld.Place)) {
			if object(doc, "credentialSubject") == nil {
				report(document.Member("credentialSubject"))
			}
		},
	},
	{
		code: "lint-subject-named", verifier: byValidator, applies: isAward,
		why: "the subject has neither an id nor an identifier, so nobody can tell whom the award is for",
		check: func(doc map[string]any, report func(*jsonld.Place)) {
			subject := object(doc, "credentialSubject")
			if subject != nil && text(subject, "id") == "" && subject["identifier"] == nil {
				report(document.Member("credentialSubject"))
			}
		},
	},
	{
		code: "lint-subject-image", verifier: byValidator, applies: isAward,
		why: "an image of the subject would have to be the baked credential itself, which cannot be known before signing",
		check: func(doc map[string]any, report func(*jsonld.Place)) {
			if object(doc, "credentialSubject")["image"] != nil {
				report(document.Member("credentialSubject").Member("image"))
			}
		},
	},
	{
		code: "lint-achievement-id", verifier: ob, applies: isAward,
		why: "the achievement's id must be an https URL, at which the achievement is published",
		check: func(doc map[string]any, report func(*jsonld.Place)) {
			subject := object(doc, "credentialSubject")
			achievement := object(subject, "achievement")
			if achievement != nil && !strings.HasPrefix(text(achievement, "id"), "https://") {
				report(document.Member("credentialSubject").Member("achievement").Member("id"))
			}
		},
	},
	{
		code: "lint-email-hashed", verifier: byLaurel, applies: isAward,
		why: "an e-mail address must be hashed: the credential may be shown to anybody",
		check: identities(func(o map[string]any) bool {
			return o["identityType"] == "emailAddress" && o["hashed"] != true
		}),
	},
	{
		code: "lint-identity-salt", verifier: byLaurel, applies: isAward,
		why: "a hashed identity must have a salt and SHA-256: otherwise a table of addresses tells whose it is",
		check: identities(func(o map[string]any) bool {
			return o["hashed"] == true && (text(o, "salt") == "" || !strings.HasPrefix(text(o, "identityHash"), "sha256$"))
		}),
	},
}

// identities makes a check of every identifier of the subject.
func identities(bad func(o map[string]any) bool) func(map[string]any, func(*jsonld.Place)) {
	return func(doc map[string]any, report func(*jsonld.Place)) {
		subject := object(doc, "credentialSubject")
		eachObject(subject, "identifier", document.Member("credentialSubject"), func(o map[string]any, p *jsonld.Place) {
			if bad(o) {
				report(p)
			}
		})
	}
}

// statusRules hold for the status entry of a credential.
var statusRules = []rule{
	{
		code: "lint-status-single", verifier: verifierSchema, applies: hasStatus,
		why: "credentialStatus must be one object: an array is refused, and verifier-core looks at the first entry only",
		check: func(doc map[string]any, report func(*jsonld.Place)) {
			if object(doc, "credentialStatus") == nil {
				report(status())
			}
		},
	},
	{
		code: "lint-status-type", verifier: byVerifierCore, applies: hasStatus,
		why:   "the status must be a BitstringStatusListEntry, written as a string: verifiers take any other type for good",
		check: entry(func(o map[string]any) bool { return o["type"] == "BitstringStatusListEntry" }, "type"),
	},
	{
		code: "lint-status-id", verifier: verifierSchemaStrict, applies: hasStatus,
		why: "the status entry must have the id <list URL>#<index>",
		check: entry(func(o map[string]any) bool {
			return o["id"] == text(o, "statusListCredential")+"#"+text(o, "statusListIndex")
		}, "id"),
	},
	{
		code: "lint-status-purpose", verifier: byValidator, applies: hasStatus,
		why:   "the purpose must be revocation or suspension: no verifier acts on another",
		check: entry(func(o map[string]any) bool { return isKnownPurpose(o["statusPurpose"]) }, "statusPurpose"),
	},
	{
		code: "lint-status-index", verifier: bsl, applies: hasStatus,
		why: "the index must be a decimal string without leading zeros",
		check: entry(func(o map[string]any) bool {
			n, err := strconv.Atoi(text(o, "statusListIndex"))
			return err == nil && n >= 0 && strconv.Itoa(n) == o["statusListIndex"]
		}, "statusListIndex"),
	},
	{
		code: "lint-status-url", verifier: byDigitalBazaar, applies: hasStatus,
		why:   "the list must have an https URL that ends in .json: hosts know no other name for JSON",
		check: entry(func(o map[string]any) bool { return isListURL(text(o, "statusListCredential")) }, "statusListCredential"),
	},
}

func hasStatus(doc map[string]any) bool { return doc["credentialStatus"] != nil }

func status() *jsonld.Place { return document.Member("credentialStatus") }

// entry makes a check of the one status entry.
func entry(good func(o map[string]any) bool, member string) func(map[string]any, func(*jsonld.Place)) {
	return func(doc map[string]any, report func(*jsonld.Place)) {
		if o := object(doc, "credentialStatus"); o != nil && !good(o) {
			report(status().Member(member))
		}
	}
}

func isKnownPurpose(v any) bool {
	return v == string(vc.Revocation) || v == string(vc.Suspension)
}

func isListURL(s string) bool {
	return strings.HasPrefix(s, "https://") && strings.HasSuffix(s, ".json") && !strings.ContainsAny(s, "?#")
}
