package verify

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"laurel/internal/material/text"
	"laurel/internal/standards/conform"
	"laurel/internal/standards/did"
	"laurel/internal/standards/vc"
)

// Policy is what a credential must be to be fit for a purpose, such as a job. All
// keys that occur must be met; the values of one key are alternatives.
type Policy struct {
	Requirements []Requirement
}

// Requirement is one condition. Its keys:
//
//	achievement      the id (URL) of the achievement
//	achievementType  its type, such as Certificate
//	alignment        the targetUrl of one of its alignments
//	issuer           a DID or URL, the domain behind it, or the name that the
//	                 register has for it; where only the issuer itself says that
//	                 this is its name, it is not known whether that is met
//	awardedAfter     a date or date and time
//	notOlderThan     an ISO 8601 duration such as P2Y, P18M or P90D
//	recipient        an e-mail address or other identity, compared with the salted
//	                 hash, or a DID
//	log              true: it has been in its issuer's log from the day on which it
//	                 became valid; where that is not known, so is whether it is met
//
// The day of an award is awardedDate, else the start of the credential's validity.
type Requirement struct {
	Key   string
	Value string
}

// requirementKeys are the keys, with who tells whether a credential meets them.
var requirementKeys = []struct {
	key string
	met func(*judgement, string) finding
}{
	{"achievement", (*judgement).hasAchievement},
	{"achievementType", (*judgement).hasAchievementType},
	{"alignment", (*judgement).hasAlignment},
	{"issuer", (*judgement).hasIssuer},
	{"awardedAfter", (*judgement).awardedAfter},
	{"notOlderThan", (*judgement).notOlderThan},
	{"recipient", (*judgement).hasRecipient},
	{"log", (*judgement).isLogged},
}

// RequirementKeys returns the keys of requirements.
func RequirementKeys() []string {
	var keys []string
	for _, k := range requirementKeys {
		keys = append(keys, k.key)
	}
	return keys
}

// Check tells what is wrong with the requirement itself.
func (r Requirement) Check() error {
	switch {
	case !slices.Contains(RequirementKeys(), r.Key):
		return fmt.Errorf("requirement %q is not one of %s", r.Key, strings.Join(RequirementKeys(), ", "))
	case strings.TrimSpace(r.Value) == "":
		return fmt.Errorf("requirement %s has no value", r.Key)
	case r.Key == "log" && r.Value != "true":
		return fmt.Errorf("requirement log: %q is not true", r.Value)
	case r.Key == "awardedAfter":
		if _, err := parseDay(r.Value); err != nil {
			return fmt.Errorf("requirement %s: %q is neither a date nor a date and time with a zone", r.Key, r.Value)
		}
	case r.Key == "notOlderThan":
		if _, err := before(time.Time{}, r.Value); err != nil {
			return fmt.Errorf("requirement %s: %q is not a duration such as P2Y, P18M or P90D", r.Key, r.Value)
		}
	case r.Key == "recipient" && !strings.ContainsAny(r.Value, "@:"):
		// Nobody is to be turned down because a name was given, which is never compared.
		return fmt.Errorf("requirement %s: %q is neither an e-mail address nor a DID; names are not compared", r.Key, r.Value)
	}
	return nil
}

// fitness holds a valid credential, or the best of those in a presentation or
// learner record, against what is required. The verdict stays as it is.
func (v *Verifier) fitness(j *judgement, r *Report) {
	if v.o.Require == nil || len(v.o.Require.Requirements) == 0 {
		return
	}
	if r.Verdict != Valid {
		r.Checks = append(r.Checks, skipped("not-reached.fitness").check(Fitness))
		return
	}
	var best []requirement
	for i, candidate := range j.candidates() {
		if rows := candidate.requirements(); i == 0 || unmet(rows) < unmet(best) {
			best = rows
		}
	}
	for _, one := range best {
		r.Requirements = append(r.Requirements, one.check(one.of))
	}
	r.Checks = append(r.Checks, fitnessOf(best).check(Fitness))
}

// candidates are the document and all that are inside of it and valid.
func (j *judgement) candidates() []*judgement {
	list := []*judgement{j}
	for _, part := range j.parts {
		if part.r.Verdict == Valid {
			list = append(list, part.candidates()...)
		}
	}
	return list
}

// requirement is a finding about one key of what is required.
type requirement struct {
	finding
	of string
}

// unmet counts those that are not met, or of which that is not known.
func unmet(rows []requirement) int {
	n := 0
	for _, c := range rows {
		if c.outcome.rank() > Warn.rank() {
			n++
		}
	}
	return n
}

// fitnessOf makes one row of those for the requirements.
func fitnessOf(rows []requirement) finding {
	result := pass("ok.fitness", "count", len(rows))
	for _, c := range rows {
		result = worst(result, c.finding)
	}
	if n := unmet(rows); n > 1 {
		result.detail = fmt.Sprintf("and %d more of %d requirements are not met", n-1, len(rows))
	}
	return result
}

// requirements holds one document against each key that is required.
func (j *judgement) requirements() []requirement {
	var rows []requirement
	for _, k := range requirementKeys {
		var result finding
		for _, r := range j.v.o.Require.Requirements {
			if r.Key != k.key {
				continue
			}
			f := k.met(j, r.Value)
			if result.outcome == "" || f.outcome.rank() < result.outcome.rank() {
				result = f
			}
		}
		if result.outcome != "" {
			rows = append(rows, requirement{result, k.key})
		}
	}
	return rows
}

// achievements are those of the credential's subjects.
func (j *judgement) achievements() []map[string]any {
	var list []map[string]any
	for _, v := range vc.Items(j.doc["credentialSubject"]) {
		subject, _ := v.(map[string]any)
		for _, v := range vc.Items(subject["achievement"]) {
			if a, ok := v.(map[string]any); ok {
				list = append(list, a)
			}
		}
	}
	return list
}

func (j *judgement) hasAchievement(want string) finding {
	if slices.ContainsFunc(j.achievements(), func(a map[string]any) bool { return stringOf(a, "id") == want }) {
		return pass("ok.achievement", "wanted", quote(want))
	}
	return fail("require-achievement", "wanted", quote(want))
}

func (j *judgement) hasAchievementType(want string) finding {
	has := ""
	for _, a := range j.achievements() {
		if stringOf(a, "achievementType") == want {
			return pass("ok.achievement-type", "wanted", quote(want))
		}
		if t := stringOf(a, "achievementType"); t != "" {
			has = t
		}
	}
	if has == "" {
		return fail("require-achievement-type.none", "wanted", quote(want))
	}
	return fail("require-achievement-type", "type", quote(has), "wanted", quote(want))
}

func (j *judgement) hasAlignment(want string) finding {
	for _, a := range j.achievements() {
		for _, v := range vc.Items(a["alignment"]) {
			if alignment, ok := v.(map[string]any); ok && stringOf(alignment, "targetUrl") == want {
				return pass("ok.alignment", "wanted", quote(want))
			}
		}
	}
	return fail("require-alignment", "wanted", quote(want))
}

func (j *judgement) hasIssuer(want string) finding {
	id := idOf(j.doc["issuer"])
	host, ok := did.HostOf(id)
	if id == want || ok && (strings.EqualFold(host.Name, want) || host.Unicode == want) {
		return pass("ok.issuer", "issuer", quote(id))
	}
	if registry := j.v.o.Registry; registry != nil {
		if known, ok := registry.Issuers[id]; ok {
			if strings.EqualFold(known.Name, want) {
				return pass("ok.issuer-named", "name", quote(known.Name), "register", quote(registry.Name))
			}
			return fail("require-issuer.named", "name", quote(known.Name), "register", quote(registry.Name), "wanted", quote(want))
		}
	}
	// Anybody can give themselves a name.
	issuer, _ := j.doc["issuer"].(map[string]any)
	switch claims := strings.EqualFold(textOf(issuer["name"]), want); {
	case claims && ok:
		return unknown("require-issuer-claimed", "name", quote(want), "host", quote(hostOf(id)))
	case claims:
		return unknown("require-issuer-claimed.key", "name", quote(want))
	}
	return fail("require-issuer", "issuer", quote(id), "wanted", quote(want))
}

// awarded is the day of the award.
func (j *judgement) awarded() moment {
	for _, name := range []string{"awardedDate", "validFrom", "issuanceDate"} {
		if t, ok := j.timeOf(j.doc[name]); ok && t.given {
			return t
		}
	}
	return moment{}
}

func (j *judgement) awardedAfter(want string) finding {
	limit, err := parseDay(want)
	return j.notBefore(limit, err, want)
}

func (j *judgement) notOlderThan(want string) finding {
	limit, err := before(j.v.o.Now, want)
	return j.notBefore(limit, err, want)
}

func (j *judgement) notBefore(limit time.Time, err error, want string) finding {
	awarded := j.awarded()
	switch {
	case err != nil:
		return fail("require-date.malformed", "wanted", quote(want))
	case !awarded.given:
		return fail("require-date.none", "wanted", sayTime(limit))
	case awarded.Before(limit):
		return fail("require-date", "date", sayTime(awarded.Time), "wanted", sayTime(limit))
	}
	return pass("ok.awarded", "date", sayTime(awarded.Time))
}

// hasRecipient compares an identity with those of the subjects: the id, and each
// IdentityObject, hashed or not (Open Badges Specification v3.0, "IdentityObject").
func (j *judgement) hasRecipient(want string) finding {
	for _, v := range vc.Items(j.doc["credentialSubject"]) {
		subject, _ := v.(map[string]any)
		if id := stringOf(subject, "id"); id == want || isMailbox(id, want) {
			return pass("ok.recipient")
		}
		for _, v := range vc.Items(subject["identifier"]) {
			identity, ok := v.(map[string]any)
			if !ok || identity["identityType"] == "name" {
				continue // many people have one name
			}
			if vc.IsIdentity(stringOf(identity, "identityHash"), stringOf(identity, "salt"), identity["hashed"] == true, want) {
				return pass("ok.recipient")
			}
		}
	}
	return fail("require-recipient")
}

// isLogged asks the row for the log. What came with a credential may be another's,
// so that only one that was found there later is known not to be fit.
func (j *judgement) isLogged(string) finding {
	switch c, _ := j.r.Check(Log); {
	case c.Outcome == Pass:
		return pass("ok.logged")
	case c.Code == "log-later":
		return fail("require-log")
	}
	return unknown("require-log.open")
}

// isMailbox tells whether a subject's id is the mailto URL of an address.
func isMailbox(id, address string) bool {
	to, ok := strings.CutPrefix(id, "mailto:")
	return ok && text.Email(to) == text.Email(address)
}

// parseDay reads a date, or a date and time with its zone.
func parseDay(s string) (time.Time, error) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t, nil
	}
	return conform.ParseDateTime(s)
}

// before subtracts an ISO 8601 duration of years, months, weeks and days.
func before(t time.Time, duration string) (time.Time, error) {
	m := durationForm.FindStringSubmatch(duration)
	if m == nil || duration == "P" {
		return t, errors.New("not a duration")
	}
	n := func(i int) int { value, _ := strconv.Atoi(m[i]); return value } // what is not there is 0
	return t.AddDate(-n(1), -n(2), -7*n(3)-n(4)), nil
}

var durationForm = regexp.MustCompile(`^P(?:([0-9]{1,4})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,4})W)?(?:([0-9]{1,4})D)?$`)
