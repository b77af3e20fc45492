package site

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/vc"
)

// awards is the gate: it decides which awards are published at all.
//
// Today's content says who may see an award; for an award that is no longer in
// the content, what was decided when it was signed still holds.
func (p *Plan) awards() error {
	today := make(map[string]model.Visibility)
	for _, c := range p.in.Site.Cohorts {
		for _, a := range c.Awards {
			today[a.Key] = a.Visibility
		}
	}
	header := p.issuer("")
	for rec := range p.in.State.Records() {
		visibility, ok := today[rec.Award]
		if !ok {
			visibility = model.Visibility(rec.Visibility)
		}
		living := rec.ReplacedBy == ""
		switch {
		case visibility == model.Public:
			if living {
				p.Public++
			}
			if err := p.award(rec, header); err != nil {
				return err
			}
		case !living:
		case visibility == model.Private:
			p.Private++
		default:
			p.Sealed++
		}
	}
	return nil
}

// award plans the files of one public award.
func (p *Plan) award(rec *ledger.Record, header Issuer) error {
	folder := awardFolder(rec.Credential)
	badge := p.badges[achievementOf(rec)]
	key := func(kind Kind, extra ...any) ([32]byte, error) {
		return keyOf(append([]any{kind, rec.LineHash}, extra...)...)
	}
	pageKey, err := key(Page, p.status(rec, "../../"), header, p.common(folder+"index.html", "", "").Nav, p.achievementPageOf(rec))
	if err != nil {
		return fmt.Errorf("plan award %s: %w", rec.Credential, err)
	}
	credentialKey, err := key(Credential)
	if err != nil {
		return fmt.Errorf("plan award %s: %w", rec.Credential, err)
	}
	bakedKey, err := key(BakedPicture, badge)
	if err != nil {
		return fmt.Errorf("plan award %s: %w", rec.Credential, err)
	}
	p.add(Output{Path: folder + "index.html", Kind: Page, Key: pageKey, Record: rec})
	p.add(Output{Path: folder + "credential.json", Kind: Credential, Key: credentialKey, Record: rec, Immutable: true})
	p.add(Output{Path: folder + "badge.png", Kind: BakedPicture, Key: bakedKey, Record: rec, Badge: badge})
	p.add(Output{Path: folder + "badge.svg", Kind: BakedPicture, Key: bakedKey, Record: rec, Badge: badge})
	return nil
}

// achievementPageOf is what an award's page takes from today's definition
// rather than from the signed credential: where its achievement is shown.
func (p *Plan) achievementPageOf(rec *ledger.Record) string {
	slug := achievementOf(rec)
	if a := p.in.Site.Achievement(slug); a != nil {
		return model.AchievementImagePath(a)
	}
	return p.pathOf(p.gone[slug].Image, slug)
}

// AwardPage is the page of a public award, drawn from its signed credential:
// what is shown is what was signed.
func (p *Plan) AwardPage(o Output, document []byte) (*AwardPage, error) {
	c, err := vc.ParseCredential(document)
	if err != nil {
		return nil, fmt.Errorf("read credential %s: %w", o.Record.Credential, err)
	}
	w := c.CredentialSubject.Achievement
	a := &AwardPage{
		Common:            p.common(o.Path, w.Name, w.InLanguage),
		CredentialID:      c.ID,
		RecipientName:     recipientName(c),
		RecipientID:       c.CredentialSubject.ID,
		Evidence:          mapAll(c.Evidence, evidenceView),
		NarrativeMarkdown: c.CredentialSubject.Narrative,
		AwardedDate:       c.AwardedDate.Time,
		ValidFrom:         c.ValidFrom.Time,
		ValidUntil:        c.ValidUntil.Time,
		ActivityStart:     c.CredentialSubject.ActivityStartDate.Time,
		ActivityEnd:       c.CredentialSubject.ActivityEndDate.Time,
		CreditsEarned:     number(c.CredentialSubject.CreditsEarned),
		LicenseNumber:     c.CredentialSubject.LicenseNumber,
		Role:              c.CredentialSubject.Role,
		Term:              c.CredentialSubject.Term,
		CredentialHref:    "credential.json",
		BadgePNGHref:      "badge.png",
		BadgeSVGHref:      "badge.svg",
	}
	a.NoIndex = true
	a.Achievement = p.achievementView(w, a.Root, p.achievementPageOf(o.Record))
	for _, r := range c.CredentialSubject.Result {
		a.Results = append(a.Results, resultView(r, w.ResultDescription))
	}
	if s := c.CredentialSubject.Source; s != nil {
		a.Source = s.Name
	}
	if s := c.CredentialStatus; s != nil {
		a.StatusList, a.StatusIndex = s.StatusListCredential, s.StatusListIndex
	}
	a.Status = p.status(o.Record, a.Root)
	a.Cryptosuite, a.VerificationMethod, err = proofFacts(c)
	if err != nil {
		return nil, fmt.Errorf("read credential %s: %w", o.Record.Credential, err)
	}
	return a, nil
}

func (p *Plan) status(rec *ledger.Record, root string) AwardStatus {
	s := AwardStatus{State: "valid"}
	switch rec.Status {
	case ledger.Revoked:
		s.State = "revoked"
	case ledger.Suspended:
		s.State = "suspended"
	default:
		return s
	}
	s.Since = rec.StatusSince
	if rec.StatusPublic {
		s.Reason = rec.StatusReason
	}
	if rec.ReplacedBy != "" {
		s.ReplacedHref = root + awardFolder(rec.ReplacedBy)
	}
	return s
}

func recipientName(c *vc.Credential) string {
	for _, id := range c.CredentialSubject.Identifier {
		if id.IdentityType == "name" && !id.Hashed {
			return id.IdentityHash
		}
	}
	return ""
}

func evidenceView(e vc.Evidence) Evidence {
	return Evidence{Name: e.Name, Description: e.Description, URL: e.ID, Genre: e.Genre,
		Audience: e.Audience, NarrativeMarkdown: e.Narrative}
}

// resultView joins a result with the description it refers to.
func resultView(r vc.Result, descriptions []vc.ResultDescription) Result {
	v := Result{Value: r.Value, Status: r.Status, Alignments: mapAll(r.Alignment, alignmentView)}
	for _, d := range descriptions {
		if d.ID != r.ResultDescription {
			continue
		}
		v.Name = d.Name
		for _, l := range d.RubricCriterionLevel {
			if l.ID == r.AchievedLevel {
				level := levelView(l)
				level.Required = l.ID == d.RequiredLevel
				v.Level = &level
				if v.Value == "" {
					v.Value = l.Name
				}
			}
		}
	}
	return v
}

func proofFacts(c *vc.Credential) (suite, method string, err error) {
	var proofs []struct {
		Cryptosuite        string `json:"cryptosuite"`
		VerificationMethod string `json:"verificationMethod"`
	}
	if err := json.Unmarshal(c.Proof, &proofs); err != nil || len(proofs) == 0 {
		return "", "", fmt.Errorf("read its proof: %v", err)
	}
	return proofs[0].Cryptosuite, strings.TrimSpace(proofs[0].VerificationMethod), nil
}
