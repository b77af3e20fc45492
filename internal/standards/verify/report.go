package verify

import (
	"fmt"
	"slices"
	"strings"
)

// Verdict is the answer about a credential as a whole.
type Verdict string

// The verdicts. Invalid wins over Undetermined: what is known to be wrong is not
// softened by what could not be looked at.
const (
	Valid        Verdict = "valid"
	Invalid      Verdict = "invalid"
	Undetermined Verdict = "undetermined"
)

// Outcome is the answer of one check.
type Outcome string

// The outcomes. Skipped says that there was nothing to check, or that another
// check decided already; Unknown that something could not be looked at.
const (
	Pass    Outcome = "pass"
	Fail    Outcome = "fail"
	Warn    Outcome = "warn"
	Skipped Outcome = "skipped"
	Unknown Outcome = "unknown"
)

// The names of the checks, in the order of a report.
const (
	Structure    = "structure"
	Contexts     = "contexts"
	Schema       = "schema"
	Proof        = "proof"
	IssuerKey    = "issuer-key"
	Dates        = "dates"
	Status       = "status"
	Subject      = "subject"
	Endorsements = "endorsements"
	IssuerTrust  = "issuer-trust"
	Log          = "log"
	Fitness      = "fitness" // only where something is required
)

func checkNames() []string {
	return []string{Structure, Contexts, Schema, Proof, IssuerKey, Dates, Status, Subject, Endorsements, IssuerTrust, Log}
}

// Check is one row of a report. Code is one of reasons.json, stable and never
// given another meaning; Text is its sentence for people, the same as that of the
// verify page in English; Place is the JSON Pointer of what it is about, where it
// is about a part of the document; Detail is what the standards or the network
// say, for whoever has to put it right; Hint says what to do, where that helps.
// Every word of the credential in it was made safe to print.
type Check struct {
	Name    string  `json:"name"`
	Outcome Outcome `json:"outcome"`
	Code    string  `json:"code"`
	Text    string  `json:"text"`
	Place   string  `json:"place,omitempty"`
	Detail  string  `json:"detail,omitempty"`
	Hint    string  `json:"hint,omitempty"`
}

// Technical is place and detail in one line, empty if there are none.
func (c Check) Technical() string {
	if c.Place != "" && c.Detail != "" {
		return c.Place + ": " + c.Detail
	}
	return c.Place + c.Detail
}

// String is the sentence with place and detail behind it.
func (c Check) String() string {
	if t := c.Technical(); t != "" {
		return c.Text + " (" + t + ")"
	}
	return c.Text
}

// Report is what was found out about one credential or presentation: the
// verdict, one row for each of the eleven checks, and what the credential says of
// itself. Of an invalid or undetermined credential nothing in Summary is vouched
// for. Parts are the reports on the credentials of a presentation or a learner
// record, in their order, and Endorsements those on what others say in it; the verdict
// is about the whole with them. Where
// Options.Require was given, there is a twelfth row, fitness, which does not
// change the verdict, and Requirements has one row for each requirement.
type Report struct {
	Verdict Verdict `json:"verdict"`
	// Signed is there where all that keeps a credential from being valid is its form.
	Signed       *Signed   `json:"signed,omitempty"`
	Format       Format    `json:"format"`
	Carrier      string    `json:"carrier,omitempty"` // "png" or "svg" if it was baked, "pdf" or "html" if it was inside of one, "json" if other JSON is around it
	Item         string    `json:"item,omitempty"`    // which of several of one input: "[0]", "[1]", ...
	Checks       []Check   `json:"checks"`
	Requirements []Check   `json:"requirements,omitempty"`
	Summary      Summary   `json:"summary"`
	Parts        []*Report `json:"parts,omitempty"`
	// Files are rows about the files that the credential has digests of, where
	// Compare was asked; Name is that of the file. They do not change the verdict.
	Files   []Check `json:"files,omitempty"`
	related []related
	// Endorsements are the reports on the endorsements inside of a credential.
	Endorsements []*Report `json:"endorsements,omitempty"`
}

// Fit tells whether the credential is valid and meets every requirement, without
// requirements whether it is valid; and that no file at hand is another than signed.
func (r *Report) Fit() bool {
	c, ok := r.Check(Fitness)
	return r.Verdict == Valid && (!ok || c.Outcome == Pass || c.Outcome == Warn) && !r.Changed()
}

// Changed tells whether a file that is at hand is not the one that the credential has
// the digest of.
func (r *Report) Changed() bool {
	return slices.ContainsFunc(r.Files, func(c Check) bool { return c.Outcome == Fail })
}

// Unfit tells a valid credential of which it is known that it does not meet the
// requirements, or that a file at hand does not belong to it.
func (r *Report) Unfit() bool {
	c, ok := r.Check(Fitness)
	return r.Verdict == Valid && (ok && c.Outcome == Fail || r.Changed())
}

// Decisive returns the row that the verdict comes from: the first failure, else
// the first that could not be made, where what is about the form alone comes last:
// that a credential was forged or revoked says more.
func (r *Report) Decisive() Check {
	for _, outcome := range []Outcome{Fail, Unknown} {
		for _, form := range []bool{false, true} {
			for _, c := range r.Checks {
				if c.Outcome == outcome && c.Name != Fitness && c.ofForm() == form {
					return c
				}
			}
		}
	}
	return unknown("not-reached.whole").check("")
}

// ofForm tells a row that is about how a document is written, and not about what was
// found out of it.
func (c Check) ofForm() bool {
	switch c.Name {
	case Structure, Contexts, Schema:
		return true
	}
	return slices.Contains([]string{"date-malformed", "status-malformed", "embedded-malformed"}, c.Code)
}

// Signed says who signed a credential that is not valid for its form alone, and that
// it is as it was signed. By is what is certain of the issuer, never a name that it
// gave itself; Text is the whole as a sentence.
type Signed struct {
	By   string `json:"by"`
	Text string `json:"text"`
}

// signedOffForm is Signed for a credential whose form alone decided its verdict.
func (j *judgement) signedOffForm() *Signed {
	row := j.r.Decisive()
	if j.r.Verdict == Valid || j.format == FormatPresentation || !row.ofForm() || !j.r.passed(Proof) || !j.r.passed(IssuerKey) {
		return nil
	}
	by := hostOf(idOf(j.doc["issuer"]))
	say := fail("signed-off-form", "issuer", quote(by))
	if row.Outcome == Unknown {
		say = unknown("signed-off-form.unknown", "issuer", quote(by))
	}
	return &Signed{By: safe(by), Text: say.from(row.Text).text()}
}

// Reason is the row that says why a report is as it is, for a list of many: the
// decisive one; of a valid credential whether it is fit, else a file that was changed,
// else what warns of it: last of who the issuer or the subject is, and not of an
// issuer whose domain nobody looked up, as nearly every report does, unless its name
// may be taken for another, which is told first. False: there is nothing to say.
func (r *Report) Reason() (Check, bool) {
	if r.Verdict != Valid {
		c := r.Decisive()
		if r.Signed != nil {
			c.Text = r.Signed.Text
		}
		return c, true
	}
	if c, ok := r.Check(Fitness); ok && c.Outcome != Pass {
		return c, true
	}
	for _, c := range r.Files {
		if c.Outcome == Fail || c.Outcome == Warn {
			return c, true
		}
	}
	for _, tells := range []func(Check) bool{
		func(c Check) bool { return c.Code == "issuer-lookalike" },
		func(c Check) bool { return c.Name != IssuerTrust && c.Name != Subject },
		func(c Check) bool { return c.Code != "issuer-unregistered" },
	} {
		if i := slices.IndexFunc(r.Checks, func(c Check) bool { return c.Outcome == Warn && tells(c) }); i >= 0 {
			return r.Checks[i], true
		}
	}
	return Check{}, false
}

// Check returns the row with this name.
func (r *Report) Check(name string) (Check, bool) {
	i := slices.IndexFunc(r.Checks, func(c Check) bool { return c.Name == name })
	if i < 0 {
		return Check{}, false
	}
	return r.Checks[i], true
}

func newReport() *Report {
	r := &Report{Verdict: Undetermined}
	for _, name := range checkNames() {
		r.Checks = append(r.Checks, skipped("not-reached").check(name))
	}
	return r
}

func (r *Report) set(name string, f finding) {
	i := slices.IndexFunc(r.Checks, func(c Check) bool { return c.Name == name })
	r.Checks[i] = f.check(name)
}

func (r *Report) passed(name string) bool {
	c, _ := r.Check(name)
	return c.Outcome == Pass || c.Outcome == Warn
}

// conclude gives the verdict. A document is valid only if the checks that carry
// it were made and passed, whatever the other rows say. A presentation that
// nobody signed is as good as its credentials.
func (r *Report) conclude() {
	r.Verdict = Valid
	carrying := []string{Structure, Contexts, Proof, IssuerKey, Dates}
	if r.Format == FormatPresentation {
		carrying = []string{Structure, Contexts, Proof, Subject}
	}
	for _, name := range carrying {
		if !r.passed(name) {
			r.Verdict = Undetermined
		}
	}
	for _, c := range r.Checks {
		switch c.Outcome {
		case Fail:
			r.Verdict = Invalid
			return
		case Unknown:
			r.Verdict = Undetermined
		}
	}
}

// finding is the outcome of a check before it has a row. Its sentence is the one
// that reasons.json has under key, a code or a code and one of its forms such as
// "ok.dates", with values in the place of the names in braces.
type finding struct {
	outcome Outcome
	key     string
	values  []any  // name, value, name, value
	place   string // JSON Pointer
	detail  string
	because string // the sentence of what it follows from
}

func pass(key string, values ...any) finding { return finding{outcome: Pass, key: key, values: values} }
func fail(key string, values ...any) finding { return finding{outcome: Fail, key: key, values: values} }
func warn(key string, values ...any) finding { return finding{outcome: Warn, key: key, values: values} }
func skipped(key string, values ...any) finding {
	return finding{outcome: Skipped, key: key, values: values}
}
func unknown(key string, values ...any) finding {
	return finding{outcome: Unknown, key: key, values: values}
}

// with adds what the standards or the network say.
func (f finding) with(detail string) finding {
	f.detail = safe(detail)
	return f
}

// from adds the sentence of what the finding follows from.
func (f finding) from(text string) finding {
	f.because = text
	return f
}

// code is the key without its form.
func (f finding) code() string {
	code, _, _ := strings.Cut(f.key, ".")
	return code
}

// text is the sentence with its values.
func (f finding) text() string {
	text, ok := english().sentences[f.key]
	if !ok {
		text = f.key // TestReasons finds those
	}
	pairs := make([]string, 0, len(f.values))
	for i, v := range f.values {
		s := fmt.Sprint(v)
		if i%2 == 0 {
			s = "{" + s + "}"
		}
		pairs = append(pairs, s)
	}
	text = strings.NewReplacer(pairs...).Replace(text)
	if f.because != "" {
		text += " " + f.because
	}
	return text
}

// good tells a finding that says nothing against what was checked.
func good(f finding) bool { return f.outcome == Pass || f.outcome == Warn }

// check makes a row of a finding. What passed needs no hint.
func (f finding) check(name string) Check {
	c := Check{Name: name, Outcome: f.outcome, Code: f.code(), Text: f.text(), Place: safe(f.place), Detail: f.detail}
	if f.outcome.rank() > Pass.rank() {
		c.Hint = english().hints[c.Code]
	}
	return c
}

// rank orders outcomes by how much they matter.
func (o Outcome) rank() int {
	return slices.Index([]Outcome{Skipped, Pass, Warn, Unknown, Fail}, o)
}

// worst returns the finding that matters most, the first of equals.
func worst(list ...finding) finding {
	return slices.MaxFunc(list, func(a, b finding) int { return a.outcome.rank() - b.outcome.rank() })
}
