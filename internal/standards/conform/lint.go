package conform

import (
	"reflect"
	"slices"
	"strings"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/vc"
)

// The verifiers that the rules speak of. What they insist on was tried with
// their releases of November 2026.
const (
	byDigitalBazaar = "@digitalbazaar/vc"
	byVerifierCore  = "@digitalcredentials/verifier-core"
	byValidator     = "1EdTech validator"
	byJSONLD        = "JSON-LD safe mode"
	byLaurel        = "laurel's own profile"
)

// rule is one thing that laurel demands of what it signs, beyond the standards:
// the narrow form that every known verifier takes.
type rule struct {
	code     string
	verifier string // who would refuse a document that breaks it
	why      string // for people
	applies  func(doc map[string]any) bool
	// One of the two is set. check looks at a document and reports the places
	// that break the rule; member is asked of each member and array element of
	// the document and tells whether it breaks the rule.
	check  func(doc map[string]any, report func(*jsonld.Place))
	member func(name string, v any) bool
}

// Lint says what would make a known verifier refuse a document that laurel is
// about to sign, or has signed: a credential or a status list. It begins with
// Structure, and a document that fails there is not judged further. Only
// proof rules need a proof; without one they say nothing.
func (c *Checker) Lint(doc map[string]any) []Finding {
	found := Structure(doc)
	if slices.ContainsFunc(found, func(f Finding) bool { return f.Severity == Error }) {
		return found
	}
	f := &findings{}
	var walked []rule
	for _, r := range lintRules {
		if !r.applies(doc) {
			continue
		}
		if r.member != nil {
			walked = append(walked, r)
			continue
		}
		f.verifier = r.verifier
		r.check(doc, func(p *jsonld.Place) { f.add(r.code, p, "%s", r.why) })
	}
	f.walk(doc, document, walked)
	return f.sorted()
}

// at makes a check of one place of a document.
func at(good func(doc map[string]any) bool, members ...string) func(map[string]any, func(*jsonld.Place)) {
	return func(doc map[string]any, report func(*jsonld.Place)) {
		if !good(doc) {
			report(location(members))
		}
	}
}

// in makes a check of one object of a document, where it is one.
func in(name, member string, good func(o map[string]any) bool) func(map[string]any, func(*jsonld.Place)) {
	return at(func(doc map[string]any) bool { o := object(doc, name); return o == nil || good(o) }, name, member)
}

// walk asks the member rules of everything in the document.
func (f *findings) walk(v any, p *jsonld.Place, rules []rule) {
	switch v := v.(type) {
	case map[string]any:
		for name, w := range v {
			at := p.Member(name)
			f.ask(name, w, at, rules)
			f.walk(w, at, rules)
		}
	case []any:
		for i, w := range v {
			at := p.Item(i)
			f.ask("", w, at, rules)
			f.walk(w, at, rules)
		}
	}
}

func (f *findings) ask(name string, v any, p *jsonld.Place, rules []rule) {
	for _, r := range rules {
		if r.member(name, v) {
			f.verifier = r.verifier
			f.add(r.code, p, "%s", r.why)
		}
	}
}

// lintRules are all of them, in the order of the documents they speak of.
var lintRules = slices.Concat(commonRules, credentialRules, subjectRules, statusRules, proofRules, listRules)

func always(map[string]any) bool { return true }

func isList(doc map[string]any) bool { return isType(doc, "BitstringStatusListCredential") }

func isAward(doc map[string]any) bool {
	return isType(doc, "AchievementCredential", "OpenBadgeCredential")
}

// profile is what laurel issues of one type.
type profile struct {
	kind     string
	contexts []string
}

var profiles = []profile{
	{"OpenBadgeCredential", []string{contextV2, vc.ContextOB}},
	{"ClrCredential", []string{contextV2, vc.ContextCLR, vc.ContextOB}},
	{"EndorsementCredential", []string{contextV2, vc.ContextOB}},
	{"BitstringStatusListCredential", []string{contextV2}},
}

func profileOf(doc map[string]any) (profile, bool) {
	for _, p := range profiles {
		if isType(doc, p.kind) {
			return p, true
		}
	}
	return profile{}, false
}

// commonRules hold for every document.
var commonRules = []rule{
	{
		code: "lint-type", verifier: byVerifierCore, applies: always,
		why: "the type must be exactly VerifiableCredential and OpenBadgeCredential (or the one other type that laurel issues), in this order: the verifier looks for a schema by that name",
		check: at(func(doc map[string]any) bool {
			p, ok := profileOf(doc)
			return ok && reflect.DeepEqual(doc["type"], []any{"VerifiableCredential", p.kind})
		}, "type"),
	},
	{
		code: "lint-context", verifier: byJSONLD, applies: func(doc map[string]any) bool { _, ok := profileOf(doc); return ok },
		why: "the contexts must be exactly those of the profile, in this order: credentials/v2, CLR 2.0.1 for a learner record, Open Badges 3.0.3 unless it is a status list",
		check: at(func(doc map[string]any) bool {
			p, _ := profileOf(doc)
			list, _ := doc["@context"].([]any)
			return slices.EqualFunc(list, p.contexts, func(v any, url string) bool { return v == url })
		}, "@context"),
	},
	{
		code: "lint-issuer-did", verifier: byDigitalBazaar, applies: always,
		why: "the issuer's id must be a did:web with a host name: the key is looked up there",
		check: at(func(doc map[string]any) bool {
			id := issuerID(doc)
			return strings.HasPrefix(id, "did:web:") && !strings.ContainsAny(id, "/?#")
		}, "issuer"),
	},
	{
		code: "lint-valid-from", verifier: verifierSchema, applies: always,
		why:   "validFrom is missing, which the schema demands",
		check: at(func(doc map[string]any) bool { return doc["validFrom"] != nil }, "validFrom"),
	},
	{
		code: "lint-date", verifier: byLaurel, applies: always,
		why:    "dates are written in UTC and whole seconds, as 2026-01-31T12:00:00Z: no verifier reads that form in two ways",
		member: func(name string, v any) bool { return slices.Contains(dateMembers, name) && !isPlainDate(v) },
	},
	{
		code: "lint-plain-text", verifier: verifierSchema, applies: always,
		why: "texts are plain strings: value objects with a language fail both schemas, maps of languages fail JSON-LD safe mode",
		member: func(name string, v any) bool {
			_, isObject := v.(map[string]any)
			return isObject && slices.Contains(textMembers, name) || strings.HasPrefix(name, "@") && name != "@context"
		},
	},
	{
		code: "lint-empty", verifier: ob, applies: always,
		why: "null and empty arrays are left out of a document (Serialization), and null is lost without a word in JSON-LD",
		member: func(_ string, v any) bool {
			list, isList := v.([]any)
			return v == nil || isList && len(list) == 0
		},
	},
	{
		code: "lint-number", verifier: byDigitalBazaar, applies: always,
		why: "the number is too large to be exact in JavaScript",
		member: func(_ string, v any) bool {
			n, ok := number(v)
			return ok && (n > 1<<53-1 || n < -(1<<53-1))
		},
	},
	{
		code: "lint-identical-items", verifier: byDigitalBazaar, applies: always,
		why:    "jsonld.js refuses a document with eight identical items in a list",
		member: func(name string, v any) bool { return name == "allowedValue" && mostEqual(v) >= 8 },
	},
	{
		code: "lint-endorsement-jwt", verifier: byJSONLD, applies: always,
		why:    "endorsementJwt is in the Open Badges context only since June 2026: verifiers with the earlier one refuse it",
		member: func(name string, _ any) bool { return name == "endorsementJwt" },
	},
	{
		code: "lint-extension-type", verifier: byJSONLD, applies: always,
		why: "the types of 1EdTech's extensions are defined only in the context extensions.json, which laurel does not use",
		member: func(name string, v any) bool {
			o, ok := v.(map[string]any)
			return ok && slices.ContainsFunc(types(o), func(t string) bool { return strings.HasPrefix(t, "1EdTech") })
		},
	},
}

var dateMembers = []string{
	"validFrom", "validUntil", "awardedDate", "activityStartDate", "activityEndDate", "created", "expires",
}

var textMembers = []string{
	"name", "description", "narrative", "caption", "targetName", "targetDescription", "targetFramework", "value", "licenseNumber",
	"role", "term", "fieldOfStudy", "specialization", "humanCode", "genre", "audience",
}

// isPlainDate tells whether v has the form that vc.Time writes.
func isPlainDate(v any) bool {
	s, _ := v.(string)
	_, err := ParseDateTime(s)
	return err == nil && len(s) == len("2026-01-31T12:00:00Z") && strings.HasSuffix(s, "Z") && !strings.Contains(s, "T24")
}

// mostEqual counts the commonest string of an array.
func mostEqual(v any) int {
	counts, most := map[string]int{}, 0
	for _, v := range items(v) {
		if s, ok := v.(string); ok {
			counts[s]++
			most = max(most, counts[s])
		}
	}
	return most
}

func issuerID(doc map[string]any) string {
	if id, ok := doc["issuer"].(string); ok {
		return id
	}
	return text(object(doc, "issuer"), "id")
}
