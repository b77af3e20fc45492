package site

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/tlog"
	"laurel/internal/standards/vc"
)

// awards is the gate: it decides which awards are published at all, and in
// which way.
func (p *Layout) awards() error {
	var frames []Common // one a language, and that of a language which has none
	for _, tag := range append(slices.Clone(p.in.Site.Languages), "und") {
		frames = append(frames, p.common("awards/x/index.html", "", tag))
	}
	shared, err := digestOf(frames, p.names(), p.endorsed, p.in.Site.Certificate)
	if err != nil {
		return fmt.Errorf("plan awards: %w", err)
	}
	if err := p.hideRecords(); err != nil {
		return err
	}
	p.Outputs = slices.Grow(p.Outputs, 4*p.in.State.Len())
	for rec := range p.in.State.Records() {
		if rec.Profile != "" {
			continue // an endorsement: see there
		}
		switch {
		case p.shown(rec):
			p.award(rec, shared)
		case p.buried(rec):
			p.tombstone(rec, shared)
		}
		if p.opened(rec) {
			p.capsules(rec)
		}
		if rec.ReplacedBy == "" {
			p.count(rec)
		}
	}
	return nil
}

// count counts a living award.
func (p *Layout) count(rec *ledger.Record) {
	switch v := p.visibility(rec); {
	case v == "":
		p.Gone++
	case v == model.Private:
		p.Private++
	case !rec.Withdrawn.IsZero():
		p.Withdrawn++
	case v == model.Public:
		p.Public++
	case rec.Capsules == nil && rec.Status == ledger.Active:
		p.Unsealed++
	case rec.Capsules == nil:
		p.Withdrawn++
	default:
		p.Sealed++
	}
}

// opened tells whether a credential's capsules are published, so that its claim
// links open. They are so when its award is handed out by link today, or was
// until it became public. Those of a replaced one are gone: what was corrected may
// not be read under its old link.
func (p *Layout) opened(rec *ledger.Record) bool {
	v := p.visibility(rec)
	return (v == model.Link || v == model.Public) && rec.Withdrawn.IsZero() && !rec.Replaced()
}

// capsules plans a credential's sealed files: its capsules, and beside each the
// page of what it holds. Nothing of the award is in their names, which are random,
// nor in their place among the outputs, which are sorted by them.
//
// A page is a function of what was signed, of its place in the log, which is for
// ever, and of the theme, and of nothing else:
// it tells nothing to who watches the site change. It has no status, else it
// would be rewritten in the same build as a list's bit is set, and tie its name to
// that bit; nor anything of today's content, else an edit would rewrite the pages
// of one achievement alone, and so sort the capsules.
func (p *Layout) capsules(rec *ledger.Record) {
	place, _ := p.Logged(rec)
	set := p.certificateDigest()
	languages := strings.Join(p.in.Site.Languages, " ")
	for i, name := range rec.Capsules {
		p.add(Output{Path: model.CapsulePath(name), Kind: Capsule, Record: rec, Capsule: i, Immutable: true,
			Fingerprint: digest(string(Capsule), rec.CapsulePos.Hash[:], name)})
		p.add(Output{Path: model.CapsulePagePath(name), Kind: CapsulePage, Record: rec, Capsule: i,
			Fingerprint: digest(string(CapsulePage), rec.CapsulePos.Hash[:], place[:], name, languages, set[:])})
	}
}

// SealedDigest is that of all that sealed pages have in common, which goes into
// their keys: the theme, and what they say where a credential says nothing. Where
// it changes all of them change, or none.
func (p *Layout) SealedDigest(theme [32]byte) [32]byte {
	certificates := p.certificateDigest()
	return digest("sealed pages", theme[:], p.in.Site.BaseURL, strings.Join(p.in.Site.Languages, " "), certificates[:])
}

// SealedPage is the page of a form of a sealed award, of which document is the
// signed credential in its main form, and formats are the names of all its forms; link
// opens it, log is its LogFile, or empty, and certificate is its record's. It depends on these alone, and on what
// SealedDigest covers.
func (p *Layout) SealedPage(variant string, document []byte, formats []string, link string, log []byte, certificate string) (*AwardPage, error) {
	const root = "../../" // as from an award's folder, so that both show the same
	c, err := vc.Parse(document)
	if err != nil {
		return nil, fmt.Errorf("read a sealed credential: %w", err)
	}
	award, err := p.awardView(c, document, root, false)
	if err != nil {
		return nil, err
	}
	if award.Certificate, err = p.certificate(certificate, root); err != nil {
		return nil, err
	}
	for i := range award.Endorsements {
		award.Endorsements[i].VerifyHref = "" // what has one changes; the claim page judges them
	}
	e := p.edition(award.Achievement.Language)
	a := &AwardPage{
		Common: Common{Root: root, Base: root + e.folder, Language: e.language, Title: award.Achievement.Name, NoIndex: true, Issuer: award.IssuedBy},
		Award:  *award, State: Unchecked, Sealed: true, Variant: variant, Log: string(log), Related: p.sealedRelated(c.CredentialSubject.Achievement.Related, root, e.language),
		CredentialHref: "credential.json", BadgePNGHref: "badge.png", BadgeSVGHref: "badge.svg",
	}
	for _, f := range furtherForms(formats) {
		a.Forms = append(a.Forms, formFile(f))
	}
	a.Take = p.take(a, link, link, "")
	return a, nil
}

// furtherForms are those beside the main one that a credential is signed in.
func furtherForms(formats []string) []model.Form {
	return slices.DeleteFunc(slices.Clone(model.Forms), func(f model.Form) bool {
		return f.Name == model.MainForm || !slices.Contains(formats, f.Name)
	})
}

func formFile(f model.Form) FormFile { return FormFile{f.Name, f.File, f.MediaType} }

// publicForms are the further forms that are published beside a public award.
func publicForms(rec *ledger.Record) []model.Form {
	return slices.DeleteFunc(furtherForms(rec.Formats), func(f model.Form) bool { return !f.Public })
}

// sealedRelated are the links to related achievements, those of this site without
// a label.
func (p *Layout) sealedRelated(related []vc.Related, root, language string) []Link {
	return mapAll(related, func(r vc.Related) Link {
		if slug := p.slugOf(r.ID); slug != "" {
			return Link{Href: root + p.achievementIn(slug, cmp.Or(r.InLanguage, language)), Language: r.InLanguage}
		}
		return outside(r)
	})
}

// shown tells whether a credential has a page that shows it: its award is public,
// and it was neither replaced nor withdrawn.
func (p *Layout) shown(rec *ledger.Record) bool {
	return p.visibility(rec) == model.Public && rec.Withdrawn.IsZero() && !rec.Replaced()
}

// buried tells whether a credential that had a page has a tombstone in its place.
// One that was signed for its learner alone has none, whatever its award is today:
// that there was something to correct is not for others. Nor has one whose award is
// public no more: nothing of it is to be there.
func (p *Layout) buried(rec *ledger.Record) bool {
	return p.visibility(rec) == model.Public && public(rec) && !p.shown(rec)
}

// public tells whether a credential was public by choice when it was signed.
func public(rec *ledger.Record) bool { return model.Visibility(rec.Visibility) == model.Public }

// visibility is that of a credential's award, as today's content has it. An
// award that is no longer in the content has none and is not shown: its
// credential stays good, but who takes a name out wants it off the site.
func (p *Layout) visibility(rec *ledger.Record) model.Visibility { return p.today[rec.Award] }

// visibilities are those of today's content, by award key.
func visibilities(s *model.Site) map[string]model.Visibility {
	today := make(map[string]model.Visibility)
	for _, c := range s.Cohorts {
		for _, a := range c.Awards {
			today[a.Key.String()] = a.Visibility
		}
	}
	return today
}

// names are what pages say of other achievements: the name of each that has a
// page, by slug.
func (p *Layout) names() map[string]string {
	names := make(map[string]string, len(p.in.Site.Achievements)+len(p.gone))
	for _, a := range p.in.Site.Achievements {
		names[a.Slug] = a.Name
	}
	for slug, a := range p.gone {
		names[slug] = a.Name
	}
	return names
}

// award plans the files of one public award. Their keys are digests of the
// line of the ledger and of what else each shows; shared is that of what every
// award page shows.
func (p *Layout) award(rec *ledger.Record, shared [32]byte) {
	folder := model.AwardFolder(rec.Credential)
	badge := p.badgeOf(rec)
	status := p.status(rec)
	picture := badge.digest()
	page := digest(string(Page), rec.Pos.Hash[:], shared[:], p.awardPreview("", keyOf(rec)).Href,
		status.State, status.Since.String(), status.Reason, p.versionOf(rec))
	if next := p.successor(rec); next != nil {
		page = digest(string(Page), page[:], "renewed", next.Pos.Hash[:])
	}
	if around := p.around(rec); around != ([32]byte{}) {
		page = digest(string(Page), page[:], around[:])
	}
	baked := digest(string(BakedPicture), rec.Pos.Hash[:], picture[:])

	p.pages[rec] = p.in.Site.URL(folder)
	p.add(Output{Path: folder + "index.html", Kind: Page, Fingerprint: page, Record: rec})
	p.add(Output{Path: folder + "credential.json", Kind: Credential, Fingerprint: digest(string(Credential), rec.Pos.Hash[:]), Record: rec, Immutable: true})
	for _, f := range publicForms(rec) {
		p.add(Output{Path: folder + f.File, Kind: Credential, Format: f.Name, Fingerprint: digest(string(Credential), f.Name, rec.Pos.Hash[:]), Record: rec, Immutable: true})
	}
	p.add(Output{Path: folder + "badge.png", Kind: BakedPicture, Fingerprint: baked, Record: rec, Badge: &badge})
	p.add(Output{Path: folder + "badge.svg", Kind: BakedPicture, Fingerprint: baked, Record: rec, Badge: &badge})
	for i, f := range rec.Evidence {
		p.add(Output{Path: folder + "evidence/" + f.Name, Kind: EvidenceFile, Fingerprint: digest(string(EvidenceFile), f.SHA256), Record: rec, File: i, Immutable: true})
	}
	if place, ok := p.Logged(rec); ok {
		p.add(Output{Path: folder + tlog.PlaceFile, Kind: LogPlace, Fingerprint: place, Record: rec})
	}
}

// digest is that of strings and bytes, each with its length before it.
func digest(parts ...any) [32]byte {
	h := sha256.New()
	for _, part := range parts {
		switch v := part.(type) {
		case string:
			fmt.Fprintf(h, "%d:%s", len(v), v)
		case []byte:
			fmt.Fprintf(h, "%d:%s", len(v), v)
		default:
			panic("bug: a digest of something that is neither string nor bytes")
		}
	}
	return [32]byte(h.Sum(nil))
}

// AwardPage is the page of a public award, drawn from its signed credential:
// what is shown is what was signed.
func (p *Layout) AwardPage(o Output, document []byte) (*AwardPage, error) {
	a, c, err := p.awardPage(o.Record, root(o.Path), o.Path, document)
	if err != nil {
		return nil, err
	}
	a.CredentialHref, a.BadgePNGHref, a.BadgeSVGHref = "credential.json", "badge.png", "badge.svg"
	a.Forms = mapAll(publicForms(o.Record), formFile)
	a.Preview = p.awardPreview(a.Root, keyOf(o.Record))
	a.Take = p.publicTake(a, o.Record)
	if err := p.renewal(a, o.Record); err != nil {
		return nil, err
	}
	p.linkAward(a, &c.CredentialSubject.Achievement)
	return a, nil
}

// awardPage is what a signed credential says, and what the site says of it today,
// for a page at path from which root leads to the site's.
func (p *Layout) awardPage(rec *ledger.Record, root, path string, document []byte) (*AwardPage, *vc.Credential, error) {
	c, err := vc.Parse(document)
	if err != nil {
		return nil, nil, fmt.Errorf("read credential %s: %w", rec.Credential, err)
	}
	award, err := p.awardView(c, document, root, true)
	if err != nil {
		return nil, nil, err
	}
	if award.Certificate, err = p.certificate(rec.Certificate, root); err != nil {
		return nil, nil, fmt.Errorf("read credential %s: %w", rec.Credential, err)
	}
	e := p.edition(award.Achievement.Language)
	a := &AwardPage{Common: p.commonIn(root, path, award.Achievement.Name, e), Award: *award,
		Status: p.status(rec), Related: p.relatedLinks(c.CredentialSubject.Achievement.Related, root, e.language)}
	a.NoIndex = true
	if was := p.versionOf(rec); was != "" {
		a.Achievement.Href = root + was
	}
	if a.Record != nil && a.Record.Fallen && a.Status.State == "valid" {
		a.Status.State = "fallen"
	}
	a.State, a.Listed = written(a.Status), p.listed(a.StatusList, root)
	return a, c, nil
}

// listed is where a status list of this site is, for a page from which root leads to
// the site's; empty: it is elsewhere.
func (p *Layout) listed(url, root string) string {
	if path, ok := strings.CutPrefix(url, p.in.Site.URL("")); ok {
		return root + path
	}
	return ""
}

// awardView is what a signed credential says, and nothing else, for a page from
// which root leads to the site's; of what a record holds also what the ledger knows, if
// that is asked for.
func (p *Layout) awardView(c *vc.Credential, document []byte, root string, known bool) (*Award, error) {
	s := c.CredentialSubject
	a := &Award{
		CredentialID:      c.ID,
		IssuedBy:          p.issuedBy(&c.Issuer, root),
		RecipientName:     recipientName(c),
		RecipientID:       holder(s.ID),
		Evidence:          mapAll(c.Evidence, evidenceView(c)),
		NarrativeMarkdown: s.Narrative,
		AwardedDate:       c.AwardedDate.Time,
		ValidFrom:         c.ValidFrom.Time,
		ValidUntil:        c.ValidUntil.Time,
		ActivityStart:     s.ActivityStartDate.Time,
		ActivityEnd:       s.ActivityEndDate.Time,
		CreditsEarned:     number(s.CreditsEarned),
		LicenseNumber:     s.LicenseNumber,
		Role:              s.Role,
		Term:              s.Term,
		Achievement:       p.achievementSigned(s.Achievement, root),
	}
	say := p.terms(p.edition(a.Achievement.Language).language)
	for _, r := range s.Result {
		a.Results = append(a.Results, say.resultView(r, s.Achievement.ResultDescription))
	}
	for _, e := range []struct {
		of   string
		list []jsontext.Value
	}{{"award", c.Endorsement}, {"achievement", s.Achievement.Endorsement}, {"issuer", c.Issuer.Endorsement}} {
		views, err := p.endorsementViews(e.of, e.list, root+p.edition(a.Achievement.Language).folder)
		if err != nil {
			return nil, fmt.Errorf("read credential %s: %w", c.ID, err)
		}
		a.Endorsements = append(a.Endorsements, views...)
	}
	a.EndorsedBy = endorsersOf(a.Endorsements)
	if s.Source != nil {
		a.Source = s.Source.Name
	}
	if s := c.CredentialStatus; s != nil {
		a.StatusList, a.StatusIndex = s.StatusListCredential, s.StatusListIndex
	}
	var err error
	if a.Record, err = p.recordView(c, document, root, known); err != nil {
		return nil, fmt.Errorf("read record %s: %w", c.ID, err)
	}
	if a.Cryptosuite, a.VerificationMethod, err = proofFacts(c); err != nil {
		return nil, fmt.Errorf("read credential %s: %w", c.ID, err)
	}
	return a, nil
}

// achievementSigned is the achievement of a credential. Its picture is where the
// credential says, else where achievements have it; its page stays for as long
// as the site has the award.
func (p *Layout) achievementSigned(w vc.Achievement, root string) Achievement {
	slug := p.slugOf(w.ID)
	a := p.terms(p.edition(w.InLanguage).language).achievementView(w)
	a.ImageHref = root + p.pathOf(w.Image, slug)
	if slug != "" {
		a.Href = root + p.achievementIn(slug, w.InLanguage)
	}
	return a
}

// issuedBy is the issuer of a credential. Its picture is shown where it is one of
// this site's files.
func (p *Layout) issuedBy(w *vc.Profile, root string) Issuer {
	i := issuerView(w.ID, w)
	if path, ok := p.shownPath(w.Image); ok {
		i.ImageHref, i.ImageAlt = root+path, w.Image.Caption
	}
	return i
}

func (p *Layout) status(rec *ledger.Record) AwardStatus {
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

// holder is the identifier by which a recipient can show that it is theirs. That
// of a credential which names nobody is a random UUID, which tells nothing.
func holder(id string) string {
	if strings.HasPrefix(id, "urn:uuid:") {
		return ""
	}
	return id
}

// evidenceView shows the evidence of a credential, with the files of it that go with
// the award.
func evidenceView(c *vc.Credential) func(vc.Evidence) Evidence {
	return func(e vc.Evidence) Evidence {
		v := Evidence{Name: e.Name, Description: e.Description, URL: e.ID, Genre: e.Genre,
			Audience: e.Audience, NarrativeMarkdown: e.Narrative}
		for _, r := range c.RelatedResource {
			if name := model.EvidenceName(r.ID, r.MediaType); r.ID == e.ID && name != "" && ownEvidence(c.ID, r.ID) {
				v.URL, v.File, v.FileType, v.FileHref = "", name, r.MediaType, "evidence/"+name
			}
		}
		return v
	}
}

// ownEvidence tells whether an id is that of a file that goes with a credential.
func ownEvidence(credential, id string) bool {
	return strings.HasPrefix(id, credential+"#") || strings.Contains(id, "/"+model.AwardFolder(credential)+"evidence/")
}

// resultView joins a result with the description it refers to.
func (say terms) resultView(r vc.Result, descriptions []vc.ResultDescription) Result {
	standing, d := r.Standing(descriptions)
	levels, _ := d.Levels()
	return Result{Name: d.Name, Standing: standing, Alignments: mapAll(r.Alignment, say.alignmentView), Levels: mapAll(levels, levelView)}
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
