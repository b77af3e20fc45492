package plan

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/material/text"
	"laurel/internal/standards/vc"
)

// Difference is one thing that the content says otherwise than what was signed, as
// authors write it. It can be compared, so that what many awards have in common is
// found.
type Difference struct {
	// Field is named as in YAML: "name", "result.points", "evidence[0].name". What
	// many awards share begins with what it is of: "achievement.criteria.narrative",
	// "issuer.url".
	Field string
	// Was and Is are texts as they are, whole and not cleaned; empty: there is none.
	// Dates are days where both have the same time of day; a list is in one line, as
	// YAML has it.
	Was, Is string
	// Hashed tells that only a hash of what it was is known; Was is then empty.
	Hashed bool
}

// Shared tells whether it is not of one award alone.
func (d Difference) Shared() bool {
	return strings.HasPrefix(d.Field, "achievement.") || strings.HasPrefix(d.Field, "issuer.")
}

// Invisible tells whether old and new look the same: they differ in characters that
// cannot be seen, in white space, or in how letters are composed.
func (d Difference) Invisible() bool {
	return d.Was != "" && d.Is != "" && text.Print(d.Was) == text.Print(d.Is)
}

// Excerpt is what was and is, cut to what differs and a few words on each side; what is
// left out is an ellipsis. Texts of no more than width characters are whole.
func (d Difference) Excerpt(width int) (was, is string) {
	x, y := []rune(d.Was), []rune(d.Is)
	if len(x) <= width && len(y) <= width {
		return d.Was, d.Is
	}
	before := 0
	for before < min(len(x), len(y)) && x[before] == y[before] {
		before++
	}
	after := 0
	for after < min(len(x), len(y))-before && x[len(x)-1-after] == y[len(y)-1-after] {
		after++
	}
	const context = 24
	return around(x, before, len(x)-after, context, width), around(y, before, len(y)-after, context, width)
}

// around is what stands from one place to another, with context on both sides.
func around(s []rune, from, to, context, width int) string {
	start, end := max(0, from-context), min(len(s), to+context)
	for start > 0 && start < from && s[start-1] != ' ' && s[start-1] != '\n' {
		start++ // whole words
	}
	for end < len(s) && end > to && s[end] != ' ' && s[end] != '\n' {
		end--
	}
	cut := string(s[start:end])
	if end-start > width {
		half := width / 2
		cut = string(s[start:start+half]) + "…" + string(s[end-half:end])
	}
	if start > 0 {
		cut = "…" + cut
	}
	if end < len(s) {
		cut += "…"
	}
	return cut
}

// inWords is what differs as authors write it, in the order of the fields. The
// documents and the award are those of a credential; nil: it is an endorsement.
func inWords(leaves []leaf, was, is *vc.Credential, a *model.Award) []Difference {
	var all []Difference
	people, results := false, false
	named := slices.ContainsFunc(leaves, func(l leaf) bool { return l.path == "credentialSubject.achievement.name" })
	for _, l := range leaves {
		switch {
		case was != nil && strings.HasPrefix(l.path, "credentialSubject.identifier"):
			if !people {
				all = append(all, identities(was, is, a)...)
			}
			people = true
		case was != nil && strings.HasPrefix(l.path, "credentialSubject.result"):
			if !results {
				all = append(all, resultsChanged(was.CredentialSubject.Result, is.CredentialSubject.Result)...)
			}
			results = true
		case l.path == "name" && named: // a credential is called as its achievement
		default:
			all = append(all, spread(authorsName(l.path), l.was, l.is)...)
		}
	}
	return all
}

// authorsName is a JSON path as authors name the field.
func authorsName(path string) string {
	switch path {
	case "credentialSubject.id":
		return "id"
	case "name":
		return "achievement.name"
	}
	for _, r := range []struct{ wire, written string }{
		{"credentialSubject.achievement.", "achievement."},
		{"credentialSubject.", ""},
		{"relatedResource", "evidence file"},
	} {
		if rest, ok := strings.CutPrefix(path, r.wire); ok {
			return r.written + rest
		}
	}
	return path
}

// spread is a difference of two values; of two lists of objects those of what does not
// stand in both.
func spread(field string, was, is any) []Difference {
	x, isList := was.([]any)
	y, alsoList := is.([]any)
	if !isList && !alsoList || isList && was != nil && !alsoList && is != nil {
		return []Difference{difference(field, was, is)}
	}
	if !slices.ContainsFunc(slices.Concat(x, y), func(v any) bool { _, ok := v.(map[string]any); return ok }) {
		return []Difference{difference(field, was, is)}
	}
	before := 0
	for before < min(len(x), len(y)) && same(x[before], y[before]) {
		before++
	}
	after := 0
	for after < min(len(x), len(y))-before && same(x[len(x)-1-after], y[len(y)-1-after]) {
		after++
	}
	var all []Difference
	for i := before; i < max(len(x), len(y))-after; i++ {
		var one, other any
		if i < len(x)-after {
			one = x[i]
		}
		if i < len(y)-after {
			other = y[i]
		}
		var parts []leaf
		at := field + "[" + strconv.Itoa(i) + "]"
		compare(at, one, other, &parts)
		slices.SortFunc(parts, func(a, b leaf) int { return strings.Compare(a.path, b.path) })
		for _, l := range parts {
			all = append(all, difference(l.path, l.was, l.is))
		}
	}
	return all
}

func same(a, b any) bool {
	var leaves []leaf
	compare("", a, b, &leaves)
	return leaves == nil
}

func difference(field string, was, is any) Difference {
	d := Difference{Field: field, Was: written(was), Is: written(is)}
	x, y := dayAndTime(d.Was), dayAndTime(d.Is)
	if x != nil && y != nil && x[1] == y[1] || x != nil && d.Is == "" && x[1] == midnight || y != nil && d.Was == "" && y[1] == midnight {
		if x != nil {
			d.Was = x[0]
		}
		if y != nil {
			d.Is = y[0]
		}
	}
	return d
}

const midnight = "00:00:00Z"

// dayAndTime are the two parts of a moment of a document; nil: it is none.
func dayAndTime(s string) []string {
	if len(s) >= len("2006-01-02T15:04:05Z") && s[4] == '-' && s[7] == '-' && s[10] == 'T' {
		return []string{s[:10], s[11:]}
	}
	return nil
}

// written is a value as YAML has it in one line, without the types that laurel writes
// by itself.
func written(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case []any:
		parts := make([]string, len(v))
		for i, one := range v {
			parts[i] = written(one)
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if name != "type" {
				parts = append(parts, name+": "+written(v[name]))
			}
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return "?" // it was read from JSON
	}
	return string(b)
}

// identities are the differences of a recipient's name and address.
func identities(was, is *vc.Credential, a *model.Award) []Difference {
	var all []Difference
	find := func(c *vc.Credential, kind string) *vc.IdentityObject {
		for i := range c.CredentialSubject.Identifier {
			if o := &c.CredentialSubject.Identifier[i]; o.IdentityType == kind {
				return o
			}
		}
		return nil
	}
	plain := func(o *vc.IdentityObject) string {
		if o == nil {
			return ""
		}
		return o.IdentityHash
	}
	if x, y := plain(find(was, "name")), plain(find(is, "name")); x != y {
		all = append(all, Difference{Field: "name", Was: x, Is: y})
	}
	x, y := find(was, "emailAddress"), find(is, "emailAddress")
	if x == nil && y == nil || x != nil && y != nil && *x == *y {
		return all
	}
	d := Difference{Field: "email", Is: a.Recipient.Email}
	if y != nil && d.Is == "" {
		d.Is = y.IdentityHash // an address that was imported as its hash
	}
	if x != nil {
		// The address was signed as a hash. Where it is the award's key it is known.
		if key := a.Key.Recipient; vc.IsIdentity(x.IdentityHash, x.Salt, x.Hashed, key) {
			d.Was = key
		} else {
			d.Hashed = true
		}
	}
	return append(all, d)
}

// resultsChanged are the differences of results, each named as a roster's column is.
func resultsChanged(was, is []vc.Result) []Difference {
	name := func(r vc.Result) string {
		_, fragment, _ := strings.Cut(r.ResultDescription, "#")
		return "result." + cmp.Or(fragment, r.ResultDescription)
	}
	type value struct{ name, value string }
	values := func(list []vc.Result) (all []value) {
		for _, r := range list {
			all = append(all, value{name(r), resultText(r)})
		}
		return all
	}
	x, y := values(was), values(is)
	var all []Difference
	for _, v := range x {
		if i := slices.IndexFunc(y, func(o value) bool { return o.name == v.name }); i < 0 {
			all = append(all, Difference{Field: v.name, Was: v.value})
		} else if y[i] != v {
			all = append(all, Difference{Field: v.name, Was: v.value, Is: y[i].value})
		}
	}
	for _, v := range y {
		if !slices.ContainsFunc(x, func(o value) bool { return o.name == v.name }) {
			all = append(all, Difference{Field: v.name, Is: v.value})
		}
	}
	return all
}

// resultText is a result in a few words: its value, level and status.
func resultText(r vc.Result) string {
	_, level, found := strings.Cut(r.AchievedLevel, "#")
	if !found {
		level = r.AchievedLevel
	}
	parts := []string{}
	for _, part := range []string{r.Value, level, r.Status} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	for _, a := range r.Alignment {
		parts = append(parts, cmp.Or(a.TargetName, a.TargetURL))
	}
	return strings.Join(parts, ", ")
}

func variantNames(rec *ledger.Record) string {
	return joined(mapAll(rec.Variants, func(v ledger.VariantIssue) string { return v.Name }))
}

func joined[S ~string](list []S) string {
	return strings.Join(mapAll(list, func(s S) string { return string(s) }), ", ")
}
