package conform

import (
	"reflect"
	"regexp"
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
		why:   "the credential's id must be urn:uuid: and a UUID: the verifier wants a URL or URN, the profile one that says nothing",
		check: at(func(doc map[string]any) bool { return uuidURN.MatchString(text(doc, "id")) }, "id"),
	},
	{
		code: "lint-issuer-object", verifier: byValidator, applies: isCredential,
		why: "the issuer must be an object of the type Profile, written as an array of one: a plain URL is refused",
		check: at(func(doc map[string]any) bool {
			return reflect.DeepEqual(object(doc, "issuer")["type"], []any{"Profile"})
		}, "issuer"),
	},
	{
		code: "lint-issuer-name", verifier: "Open Badges displayers", applies: isCredential,
		why:   "the issuer has no name, and a displayer must show it",
		check: in("issuer", "name", func(o map[string]any) bool { return text(o, "name") != "" }),
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

var uuidURN = regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// subjectRules hold for the subject of an award.
var subjectRules = []rule{
	{
		code: "lint-subject-single", verifier: verifierSchema, applies: isAward,
		why:   "credentialSubject must be one object: an array is refused",
		check: at(func(doc map[string]any) bool { return object(doc, "credentialSubject") != nil }, "credentialSubject"),
	},
	{
		code: "lint-subject-named", verifier: byValidator, applies: isAward,
		why: "the subject has neither an id nor an identifier, so nobody can tell whom the award is for",
		check: at(func(doc map[string]any) bool {
			subject := object(doc, "credentialSubject")
			return subject == nil || text(subject, "id") != "" || subject["identifier"] != nil
		}, "credentialSubject"),
	},
	{
		code: "lint-subject-image", verifier: byValidator, applies: isAward,
		why:   "an image of the subject would have to be the baked credential itself, which cannot be known before signing",
		check: in("credentialSubject", "image", func(o map[string]any) bool { return o["image"] == nil }),
	},
	{
		code: "lint-achievement-id", verifier: ob, applies: isAward,
		why: "the achievement's id must be an https URL, at which the achievement is published",
		check: at(func(doc map[string]any) bool {
			achievement := object(object(doc, "credentialSubject"), "achievement")
			return achievement == nil || strings.HasPrefix(text(achievement, "id"), "https://")
		}, "credentialSubject", "achievement", "id"),
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
		why:   "credentialStatus must be one object: an array is refused, and verifier-core looks at the first entry only",
		check: at(func(doc map[string]any) bool { return object(doc, "credentialStatus") != nil }, "credentialStatus"),
	},
	{
		code: "lint-status-type", verifier: byVerifierCore, applies: hasStatus,
		why:   "the status must be a BitstringStatusListEntry, written as a string: verifiers take any other type for good",
		check: in("credentialStatus", "type", func(o map[string]any) bool { return o["type"] == "BitstringStatusListEntry" }),
	},
	{
		code: "lint-status-id", verifier: verifierSchemaStrict, applies: hasStatus,
		why: "the status entry must have the id <list URL>#<index>",
		check: in("credentialStatus", "id", func(o map[string]any) bool {
			return o["id"] == text(o, "statusListCredential")+"#"+text(o, "statusListIndex")
		}),
	},
	{
		code: "lint-status-purpose", verifier: byValidator, applies: hasStatus,
		why:   "the purpose must be revocation or suspension: no verifier acts on another",
		check: in("credentialStatus", "statusPurpose", func(o map[string]any) bool { return isKnownPurpose(o["statusPurpose"]) }),
	},
	{
		code: "lint-status-index", verifier: bsl, applies: hasStatus,
		why: "the index must be a decimal string without leading zeros",
		check: in("credentialStatus", "statusListIndex", func(o map[string]any) bool {
			n, err := strconv.Atoi(text(o, "statusListIndex"))
			return err == nil && n >= 0 && strconv.Itoa(n) == o["statusListIndex"]
		}),
	},
	{
		code: "lint-status-url", verifier: byDigitalBazaar, applies: hasStatus,
		why:   "the list must have an https URL that ends in .json: hosts know no other name for JSON",
		check: in("credentialStatus", "statusListCredential", func(o map[string]any) bool { return isListURL(text(o, "statusListCredential")) }),
	},
}

func hasStatus(doc map[string]any) bool { return doc["credentialStatus"] != nil }

func isKnownPurpose(v any) bool {
	return v == string(vc.Revocation) || v == string(vc.Suspension)
}

func isListURL(s string) bool {
	return strings.HasPrefix(s, "https://") && strings.HasSuffix(s, ".json") && !strings.ContainsAny(s, "?#")
}
