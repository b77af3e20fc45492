package vc

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A Choice is something of a credential that its holder may show or keep back.
type Choice struct {
	Pointers []string // JSON pointers (RFC 6901) to it; the first names it
	Term     string   // the member it is, as "result"; of an identity with its type, "identifier.name"
	Text     string   // what of it tells it from others, in the document's words; may be empty
}

// alwaysShown are JSON pointers to what of a credential is shown whatever its
// holder chooses, where it is there.
var alwaysShown = []string{"/id", "/type", "/name", "/issuer/id", "/issuer/type", "/issuer/name",
	"/validFrom", "/validUntil", "/issuanceDate", "/expirationDate",
	"/credentialStatus", "/credentialSchema", "/refreshService", "/termsOfUse", "/credentialSubject/id", "/credentialSubject/type",
	"/credentialSubject/achievement/id", "/credentialSubject/achievement/type", "/credentialSubject/achievement/name",
	"/credentialSubject/achievement/description", "/credentialSubject/achievement/criteria", "/credentialSubject/achievement/achievementType",
	"/credentialSubject/achievement/image", "/credentialSubject/achievement/inLanguage", "/credentialSubject/achievement/version"}

// AlwaysShown returns the JSON pointers to what must be in every part that is shown
// of a credential, which is a parsed document with or without proofs:
//
//   - what Open Badges 3.0 requires, and what says whether the credential still
//     counts: dates, status, terms of use;
//   - of the achievement also its type, picture, language and version, which tell
//     which one it is;
//   - who it is about, as far as that is an id. A subject needs an id or an
//     identifier (Open Badges Specification v3.0, section "AchievementSubject"), so
//     without an id the identifier that tells least: the first that is hashed;
//   - of a learner record and of an endorsement, the whole subject.
//
// All else is for its holder to show: identifiers, results, evidence, narrative,
// credits, role, term, license number, dates of activity, source, the date of the
// award (validFrom tells by when it was made), and what else there is about the issuer
// and the achievement. That names nobody, but is long: without it, what is shown
// may fit into a QR code.
func AlwaysShown(doc map[string]any) []string {
	var pointers []string
	for _, pointer := range alwaysShown {
		if valueAt(doc, pointer) != nil {
			pointers = append(pointers, pointer)
		}
	}
	subject, _ := doc["credentialSubject"].(map[string]any)
	if _, is := doc["issuer"].(string); is {
		pointers = append(pointers, "/issuer")
	}
	types := Items(doc["type"])
	switch {
	case slices.Contains(types, any("ClrCredential")), slices.Contains(types, any("EndorsementCredential")):
		pointers = append(pointers, "/credentialSubject")
	case subject != nil && subject["id"] == nil && subject["identifier"] != nil:
		pointers = append(pointers, leastIdentifier(subject["identifier"]))
	}
	return pointers
}

// leastIdentifier is a JSON pointer to the identifier that tells least.
func leastIdentifier(value any) string {
	list := Items(value)
	i := max(0, slices.IndexFunc(list, func(v any) bool {
		identity, _ := v.(map[string]any)
		return identity["hashed"] == true
	}))
	return itemPointer("/credentialSubject/identifier", i, len(list))
}

// itemPointer points to an item of an array; to one of one as a whole, since some
// libraries write such an array as its item.
func itemPointer(array string, i, length int) string {
	if length == 1 {
		return array
	}
	return array + "/" + strconv.Itoa(i)
}

// Choices returns what of a credential its holder may show: whatever pointers to
// what is always shown leave. Document and subject are taken apart, an array of
// objects into its items; all else is one choice, also where some of it is always
// shown. With a piece of evidence goes what relatedResource says of it, with a
// result its description: the scale. The order is settled.
func Choices(doc map[string]any, always []string) []Choice {
	return withResources(doc, (&chooser{doc, whole(doc, "", slices.Clone(always))}).in(doc, ""))
}

// WithScales returns pointers with those to what goes with the choices that they
// point to, into or around: without its scale a result is not one of Open Badges 3.0.
func WithScales(choices []Choice, pointers []string) []string {
	all := slices.Clone(pointers)
	for _, c := range choices {
		if covered(c.Pointers[0], pointers) || slices.ContainsFunc(pointers, func(p string) bool { return covered(p, c.Pointers[:1]) }) {
			all = append(all, c.Pointers[1:]...)
		}
	}
	return all
}

// whole adds to pointers those to objects of which they leave nothing.
func whole(obj map[string]any, at string, pointers []string) []string {
	for name, value := range obj {
		inner, is := value.(map[string]any)
		here := at + "/" + escaped(name)
		if !is || covered(here, pointers) {
			continue
		}
		pointers = whole(inner, here, pointers)
		left := false
		for member := range inner {
			left = left || member != "id" && member != "type" && !covered(here+"/"+escaped(member), pointers)
		}
		if !left && slices.ContainsFunc(pointers, func(p string) bool { return strings.HasPrefix(p, here+"/") }) {
			pointers = append(pointers, here)
		}
	}
	return pointers
}

// covered tells whether pointers show all of what one points to.
func covered(pointer string, pointers []string) bool {
	return slices.ContainsFunc(pointers, func(p string) bool { return pointer == p || strings.HasPrefix(pointer, p+"/") })
}

func escaped(name string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(name) }

type chooser struct {
	doc    map[string]any
	always []string
}

func (c *chooser) in(obj map[string]any, at string) []Choice {
	var own, deeper []Choice
	for _, name := range slices.SortedFunc(maps.Keys(obj), inChoiceOrder) {
		if slices.Contains([]string{"@context", "id", "type", "proof"}, name) {
			continue // with whatever it is in
		}
		pointer := at + "/" + escaped(name)
		items := []any{obj[name]}
		if list, is := obj[name].([]any); is && slices.ContainsFunc(list, isObject) {
			items = list
		}
		for i, item := range items {
			here := itemPointer(pointer, i, len(items))
			inner, _ := item.(map[string]any)
			switch {
			case covered(here, c.always):
			case inner != nil && name == "credentialSubject":
				deeper = append(deeper, c.in(inner, here)...)
			default:
				own = append(own, c.choice(name, here, item))
			}
		}
	}
	return append(deeper, own...)
}

// inChoiceOrder compares members by choiceOrder, and others by name.
func inChoiceOrder(a, b string) int {
	place := func(name string) int {
		if i := slices.Index(choiceOrder, name); i >= 0 {
			return i
		}
		return len(choiceOrder)
	}
	return cmp.Or(place(a)-place(b), strings.Compare(a, b))
}

func (c *chooser) choice(name, pointer string, value any) Choice {
	made := Choice{Pointers: []string{pointer}, Term: name, Text: plainText(value)}
	obj, _ := value.(map[string]any)
	switch {
	case obj == nil:
	case name == "identifier" && obj["identityType"] != nil:
		made.Term += "." + plainText(obj["identityType"])
		made.Text = ""
		if obj["hashed"] != true {
			made.Text = plainText(obj["identityHash"])
		}
	case name == "result":
		made.Text = c.result(obj, &made)
	default:
		for _, named := range []string{"name", "targetName", "id"} {
			if made.Text = plainText(obj[named]); made.Text != "" {
				break
			}
		}
	}
	return made
}

// result is the name of what was assessed, and how it went. Its description goes
// with it.
func (c *chooser) result(result map[string]any, with *Choice) string {
	subject, _ := c.doc["credentialSubject"].(map[string]any)
	achievement, _ := subject["achievement"].(map[string]any)
	name, how := "", cmp.Or(plainText(result["value"]), plainText(result["status"]))
	descriptions := Items(achievement["resultDescription"])
	for i, v := range descriptions {
		d, _ := v.(map[string]any)
		if d["id"] != result["resultDescription"] {
			continue
		}
		name = plainText(d["name"])
		with.Pointers = append(with.Pointers, itemPointer("/credentialSubject/achievement/resultDescription", i, len(descriptions)))
		for _, v := range Items(d["rubricCriterionLevel"]) {
			if level, _ := v.(map[string]any); level != nil && level["id"] == result["achievedLevel"] {
				how = cmp.Or(plainText(level["name"]), how)
			}
		}
		break
	}
	return strings.TrimPrefix(strings.TrimSuffix(name+": "+how, ": "), ": ")
}

// withResources gives what is said of the file of a piece of evidence to that.
func withResources(doc map[string]any, choices []Choice) []Choice {
	resources, evidence := Items(doc["relatedResource"]), Items(doc["evidence"])
	given := make(map[string]bool)
	for i, e := range evidence {
		at := slices.IndexFunc(choices, func(c Choice) bool { return c.Pointers[0] == itemPointer("/evidence", i, len(evidence)) })
		own, _ := e.(map[string]any)
		for k, v := range resources {
			if r, _ := v.(map[string]any); at >= 0 && own["id"] != nil && r["id"] == own["id"] {
				pointer := itemPointer("/relatedResource", k, len(resources))
				choices[at].Pointers = append(choices[at].Pointers, pointer)
				given[pointer] = true
			}
		}
	}
	return slices.DeleteFunc(choices, func(c Choice) bool { return given[c.Pointers[0]] })
}

// plainText is what is written of a value that is no object.
func plainText(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case float64:
		return strconv.FormatFloat(value, 'g', -1, 64)
	case bool:
		return strconv.FormatBool(value)
	case []any:
		texts := make([]string, len(value))
		for i, item := range value {
			texts[i] = plainText(item)
		}
		return strings.Join(texts, ", ")
	case map[string]any:
		return plainText(value["@value"])
	}
	return ""
}

func isObject(value any) bool {
	_, is := value.(map[string]any)
	return is
}

// Items are the values of a member, which JSON-LD writes without brackets where there
// is one; none of a member that is not there or null.
func Items(value any) []any {
	switch value := value.(type) {
	case nil:
		return nil
	case []any:
		return value
	}
	return []any{value}
}

// valueAt is what a JSON pointer of alwaysShown points to, through objects alone; nil:
// nothing.
func valueAt(doc any, pointer string) any {
	for _, name := range strings.Split(pointer, "/")[1:] {
		in, _ := doc.(map[string]any)
		doc = in[name]
	}
	return doc
}
