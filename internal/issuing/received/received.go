// Package received judges endorsements that others signed, before they are embedded,
// and again whenever the site is made of them. It asks nobody: an endorsement is
// judged with the documents that lie beside it.
package received

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"laurel/internal/authoring/model"
	"laurel/internal/standards/did"
	"laurel/internal/standards/vc"
	"laurel/internal/standards/verify"
)

// Fault says what is wrong with an endorsement, and what to try; an empty fault:
// nothing. It must be an EndorsementCredential by somebody else than the issuer, of
// what the content says that it endorses, and valid at a time. Without a time, it
// must be genuine and not revoked: dates are then for who looks at it, as those of all
// else that was signed. What lies beside it must not be of this site: sealed pages judge
// with it, too.
func Fault(ctx context.Context, s *model.Site, r *model.Received, now time.Time, verifier func(time.Time, verify.Loader) (*verify.Verifier, error)) (fault, hint string) {
	e, err := vc.ReadEndorsement(r.Document)
	if err != nil {
		return "is not a JSON document that a verifier would read", "save it as it was received"
	}
	if !slices.Contains(e.Types, "EndorsementCredential") {
		return "is not an EndorsementCredential", "name the endorsement itself here, and what it is judged with in documents:"
	}
	issuer, err := did.WebDID(s.BaseURL)
	if err != nil {
		return "cannot be judged: " + err.Error(), ""
	}
	want := issuer
	if r.Achievement != nil {
		want = s.URL(model.AchievementPath(r.Achievement.Slug))
	}
	endorsers := issuer + ":endorsers:"
	switch {
	case e.EndorserID == issuer:
		return "is signed by the issuer", "an endorsement comes from somebody else"
	case strings.HasPrefix(e.EndorserID, endorsers):
		return "is signed by an endorser of this site", "write it in a list of endorsements: in its place"
	case e.Subject != want:
		return "endorses something else", "it must be of " + want
	}
	documents := &verify.Documents{}
	for _, d := range r.Documents {
		if err := documents.Add("", d); err != nil {
			return "has a document beside it that is none: " + err.Error(), "documents: are DID documents and status lists, as they are published"
		}
		var head struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal(d, &head); err != nil || head.ID == issuer || strings.HasPrefix(head.ID, endorsers) || strings.HasPrefix(head.ID, s.BaseURL+"/") {
			return "has a document beside it that would speak for this site", "whoever endorses has no say about the keys and lists of others: take it out of documents:"
		}
	}
	at := now
	if now.IsZero() {
		at = e.ValidFrom.Time
	}
	v, err := verifier(at, documents.Load)
	if err != nil {
		return "cannot be judged: " + err.Error(), ""
	}
	report := v.Credential(ctx, r.Document)
	if now.IsZero() {
		return genuine(report)
	}
	return valid(report)
}

// valid finds the row that decides a verdict that is not valid.
func valid(r *verify.Report) (fault, hint string) {
	if r.Verdict == verify.Valid {
		return "", ""
	}
	return told(r.Decisive())
}

// genuine finds a row that tells of what does not change with time.
func genuine(r *verify.Report) (fault, hint string) {
	for _, c := range r.Checks {
		bad := c.Outcome == verify.Fail
		switch c.Name {
		case verify.Structure, verify.Contexts, verify.Proof, verify.IssuerKey:
			bad = c.Outcome != verify.Pass && c.Outcome != verify.Warn
		case verify.Dates:
			bad = false
		case verify.Status:
			bad = c.Code == "revoked" || c.Code == "suspended"
		}
		if bad {
			return told(c)
		}
	}
	return "", ""
}

// hints are what to try, by the code of a row.
var hints = map[string]string{
	"issuer-unavailable": "save the endorser's did.json beside it, and name it in documents:",
	"status-unavailable": "save the status list that it names beside it, and name it in documents:",
	"expired":            "take it out of the list; credentials that embed it keep it",
	"revoked":            "take it out of the list: the endorser has taken it back",
	"suspended":          "take it out of the list until the endorser reinstates it, and save the newer status list",
}

func told(c verify.Check) (fault, hint string) {
	if hint = hints[c.Code]; hint == "" {
		hint = "ask for it again, and save it as it was received"
	}
	return "does not verify: " + c.String(), hint
}
