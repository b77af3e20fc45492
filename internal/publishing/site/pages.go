package site

import (
	"time"

	"laurel/internal/publishing/linked"
	"laurel/internal/standards/vc"
)

// This file is what a theme's templates get: one page type a kind of page.
// Every string is plain text; a field named …Markdown is Markdown, which
// render turns into safe HTML. Links named Href are relative to the page.

// Common is what every page knows.
type Common struct {
	// Root is the relative way from this page to the site's root, ending in
	// a slash: "./", "../", "../../".
	Root string
	// Base is the way from this page to the start of the site in the page's language:
	// Root, or Root with the language's folder behind it.
	Base string
	// Path is the page's place in public/, such as "achievements/x/index.html".
	Path      string
	URL       string // absolute, of the page
	Canonical string // the same; of what is shown under several, its own
	Language  string // BCP 47
	// Foreign is the language of what the page is about, BCP 47, where that is not the
	// page's: it is written in that language alone.
	Foreign string
	Title   string
	// Description is one plain sentence for search engines; may be empty.
	Description string
	NoIndex     bool
	// LinkedData is what the page says to machines, in JSON-LD, for a script element of
	// the type application/ld+json; nil: nothing.
	LinkedData linked.Node
	// Preview is shown where the page is linked to.
	Preview Preview
	Issuer  Issuer
	// Logo is the theme's, which stands for the issuer in the frame of pages; without an
	// Href the issuer's small picture does.
	Logo Preview
	// Nav are the pages to read in this language.
	Nav []Link
	// Alternates are this page in each of the site's languages, the site's first one
	// first; their links have no label but their language. Empty: there is but one.
	Alternates []Link
}

// Preview is a picture that stands for something: of a page it is a PNG.
type Preview struct {
	Href  string // empty: none
	Badge Badge
	// Width and Height are in pixels; render knows them if they are 0.
	Width, Height int
}

// Link is a labelled link. Href is empty where there is nothing to follow: the
// label is then all there is to show.
type Link struct {
	Label, Href string
	// Language is that of what it leads to, BCP 47; empty: that of the page.
	Language string
	Current  bool
}

// Issuer is the issuer's Profile as shown.
type Issuer struct {
	DID, Name, URL, Email, Phone, Description string

	Address []string // lines
	// ImageHref is its picture for up to 160 pixels of CSS, SmallHref for up to 56 (as
	// signed, on an award's page, the first alone); empty: none.
	ImageHref, SmallHref, ImageAlt string
	LinkedIn                       string // the number that LinkedIn knows it by; empty: not told

	// Domain is the host that publishes the issuer's keys, as it is registered; empty:
	// its identifier names none.
	Domain string
	// Identifiers are the numbers that registers and accreditors know it by.
	Identifiers           []Identifier
	ParentName, ParentURL string // of the organisation it is part of; empty: none
}

// Identifier is a number or name that a register knows somebody by.
type Identifier struct {
	Type string // what it is of, such as "UKPRN"
	ID   string
}

// HomePage is index.html.
type HomePage struct {
	Common
	Catalogue
	Programs     []ProgramCard
	Skills       int           // how many skills have pages
	Endorsements []Endorsement // of the issuer
}

// AchievementCard is an achievement in a list.
type AchievementCard struct {
	Name, Description string
	Type              string // label; empty: none
	Field             string // of study; empty: none
	Language          string // BCP 47, where it is not the page's
	Tags              []string
	// Is is what can be chosen it by, in the form of the catalogue's address: "skill=a&type=Badge".
	Is   string
	Href string
	// ImageHref is its picture for a card, SmallHref that for a row: see Shown.
	ImageHref, SmallHref, ImageAlt string
}

// AchievementPage is achievements/<slug>/index.html.
type AchievementPage struct {
	Common
	Achievement Achievement
	// Translations are the same achievement in other languages, each with its name.
	Translations []Link
	// Earlier are the versions of it that awards were given for and that it is no
	// more, the newest first. Current is set on the page of such a version: it leads
	// to what it is today, and says from when to when awards were given for this one.
	Earlier  []VersionLink
	Current  *VersionLink
	JSONHref string
	// AwardedAtLeast is a round number of awards of which there are at
	// least that many; 0 where a number would single someone out.
	AwardedAtLeast int
	ValidFor       string // ISO 8601 duration; empty: does not expire
	Endorsements   []Endorsement
	// Around are achievements of this site that it relates to, by what it says itself
	// or by a program that both are of, and Programs those that hold it.
	Around   []AroundCard
	Programs []ProgramCard
	// Offered tells that it is still in the content: who asks can earn it.
	Offered bool
}

// AroundCard is an achievement in a list, with what it is to another one.
type AroundCard struct {
	AchievementCard
	Type string // see Relation: what the other one is to it
}

// Achievement is an achievement as shown, from today's definition on its own
// page and from the signed credential on an award page.
type Achievement struct {
	ID, Name, Description string
	Type                  string // label of achievementType

	CriteriaMarkdown, CriteriaURL, ImageHref, ImageAlt string

	Alignments []Alignment
	Results    []ResultDescription
	Creator    string // name, where it is not the issuer

	CreditsAvailable, FieldOfStudy, Specialization, HumanCode, Language, Version string

	Tags    []string
	Related []Link
	Href    string // the achievement's page; empty on that page itself and where the site no longer has it
}

// VersionLink leads to a version of an achievement. From and To are the years in which
// awards were signed for it.
type VersionLink struct {
	Label    string // what its author called it; may be empty
	Name     string
	Href     string
	From, To int
}

// Alignment is a link to a node of a skill framework.
type Alignment struct {
	Name, URL, Code, Framework, Description, Type string
	// Skill is what addresses call it: that of the catalogue with all that teaches
	// it is ?skill={{.Skill}}#achievements, seen from the root.
	Skill string
	// Href is the page of the skill on this site; empty: it has none, or is not told.
	Href string
}

// ResultDescription is a kind of result with its scale.
type ResultDescription struct {
	Name          string
	Type          string // label of resultType
	AllowedValues []string
	ValueMin      string
	ValueMax      string
	Required      string // value or level name; empty: none
	Levels        []Level
	Alignments    []Alignment
}

// Level is a rubric level.
type Level struct {
	Name, Description, Level, Points string
	Required                         bool
}

// Award is an award as shown: what its signed credential says, and nothing else
// but where the site's pictures and pages are, seen from an award's folder. A
// public award and a sealed one show it in the same bytes.
type Award struct {
	CredentialID string
	// IssuedBy is the issuer as signed; Common.Issuer is today's.
	IssuedBy      Issuer
	RecipientName string // empty: the credential names nobody
	RecipientID   string // DID; empty: none
	// Achievement is without Related: which of those have a page, and what
	// they are called, was not signed.
	Achievement Achievement
	Results     []Result
	Evidence    []Evidence
	// Endorsements are those that the credential embeds, and EndorsedBy the names of
	// who endorses it or its achievement, each once.
	Endorsements []Endorsement
	EndorsedBy   []string
	// NarrativeMarkdown is the issuer's words about this award.
	NarrativeMarkdown          string
	AwardedDate, ValidFrom     time.Time
	ValidUntil                 time.Time // zero: does not expire
	ActivityStart, ActivityEnd time.Time // zero: none

	CreditsEarned, LicenseNumber, Role, Term string
	Source                                   string // name of who asserted it, where not the issuer
	// Proof facts, for the "how to verify" part; StatusList is a URL.
	Cryptosuite, VerificationMethod, StatusList, StatusIndex string
	// Record is what a learner record holds; nil: this is an award of Achievement. Of a
	// record that is its program, of which only name, description and picture are set.
	Record *Record
	// Certificate is how it is drawn on paper; no credential says that.
	Certificate Certificate
}

// AwardPage is awards/<uuid>/index.html, or the page of a sealed award, of which
// the claim page shows what is not the site's frame.
type AwardPage struct {
	Common
	Award
	Status AwardStatus
	// State is what the page says in its status line before anybody checked: of a
	// published page Unchecked, or what the issuer decided against the award.
	State State
	// Listed is where its status list is, seen from the page; empty: elsewhere, or on a
	// sealed page.
	Listed string
	// Sealed pages are drawn for every status that the award can come to have:
	// which it is shows the script of the claim page, that has judged it. Variant
	// is the name of its form, which the script offers by that before it has read
	// the capsule.
	Sealed  bool
	Variant string
	// Log is a LogFile of the credential in JSON, on sealed pages; empty: it is
	// not in the log.
	Log string
	// Related are the achievements that the award's is related to. On a sealed
	// page those of this site have no label: the claim page's script names
	// those that have a page.
	Related []Link
	// Downloads, relative.
	CredentialHref string
	BadgePNGHref   string
	BadgeSVGHref   string
	// Forms are the credential's further forms.
	Forms []FormFile
	Take  Take
	// IsRenewal tells that it renews an earlier credential of the award; Renewed is the date
	// of award of the newest that renews it, zero where none does, and RenewedHref its page,
	// empty where the two do not say the same name. Of public awards alone.
	IsRenewal   bool
	Renewed     time.Time
	RenewedHref string
}

// FormFile is a signed form of a credential beside the main one.
type FormFile struct {
	Format    string // its name in model.Forms
	Href      string // relative, and what the file is called
	MediaType string
}

// In is the page of an award in another state, of which the site knows nothing but
// that.
func (a *AwardPage) In(state State) *AwardPage {
	other := *a
	other.Status, other.State = AwardStatus{State: string(state)}, state
	return &other
}

// AsSaid is when what the page says was so: when the issuer decided it, else when the
// award was signed.
func (a *AwardPage) AsSaid() time.Time {
	if a.Status.Since.IsZero() {
		return a.ValidFrom
	}
	return a.Status.Since
}

// Shown is what the script of the page may come to say of it, and so has a template for.
func (a *AwardPage) Shown() []State {
	all := []State{Valid, Expiring, Expired, NotYet, Suspended, Revoked, Invalid, Unknown}
	if a.Record != nil {
		all = append(all, Fallen)
	}
	return all
}

// PartStates are those of what a record holds, of which its page has templates.
func (*AwardPage) PartStates() []State {
	return []State{Valid, Expired, NotYet, Suspended, Revoked, Unknown}
}

// Take is how an award is taken to where its learner wants to show it.
type Take struct {
	// PageURL is what a learner copies to share the award, absolute: the
	// award's page, or for a sealed award a link that opens what was chosen;
	// empty for a private one.
	PageURL string
	// VerifyURL is where a QR code leads, absolute: a page that judges the
	// credential itself when it is opened. For a sealed award it is PageURL,
	// for a private one the page that verifies what is handed in.
	VerifyURL string
	// CredentialURL is the absolute URL of the credential's JSON, which a
	// wallet scans; empty for what has none: only a public award does.
	CredentialURL string
	// WalletHref is the beginning of a link that opens the Learner Credential Wallet,
	// to which the page's script adds the credential.
	WalletHref string
	// VerifierPlusHref asks another site to verify, and names CredentialURL
	// to it; empty for a sealed award.
	VerifierPlusHref string
	LinkedIn         LinkedIn
}

// LinkedIn is an entry among the licences and certifications of a LinkedIn
// profile: a link that fills in its form, and the same fields for copying.
type LinkedIn struct {
	Href         string
	Name         string // of the achievement
	Organization string // the issuer's name
	Issued       time.Time
	Expires      time.Time // zero: does not expire
	CredentialID string
	URL          string // Take.PageURL
}

// AwardStatus is what the ledger says of an award today.
type AwardStatus struct {
	// State is "valid", "revoked" or "suspended", or "fallen" of a record that is none
	// of these two where something it holds is; expiry is told by ValidUntil.
	State  string
	Since  time.Time
	Reason string // only what the issuer marked as public; usually empty
}

// TombstonePage is awards/<uuid>/index.html of a public award that was replaced or
// withdrawn: it says nothing of what was signed. Its title is the theme's.
type TombstonePage struct {
	Common
	CredentialID string
	State        string // "replaced" or "withdrawn"
	Since        time.Time
	// ReplacedHref leads to the newer credential; empty: that is for its holder
	// to show, or there is none.
	ReplacedHref string
}

// Standing is a result beside the scale it was reached on.
type Standing = vc.Standing

// Result is a result as shown: a theme's function result says it with its scale,
// in words.
type Result struct {
	Name string // of its ResultDescription
	Standing
	Alignments []Alignment
	// Levels are those of its rubric, lowest first where Place is not 0.
	Levels []Level
}

// Evidence is proof of the work done.
type Evidence struct {
	Name, Description, URL, Genre, Audience string
	NarrativeMarkdown                       string
	// File is the name of a file that goes with the award, of the media type
	// FileType, at FileHref, relative to a public award's page; on that of a sealed
	// one the claim page's script leads there to what is in the capsule. Empty: there
	// is none, and URL may lead elsewhere.
	File, FileType, FileHref string
}

// Endorsement is what somebody else says of an achievement, the issuer or an award.
type Endorsement struct {
	ID   string // of its credential
	Of   string // on an award's page "achievement", "issuer" or "award"
	Name string
	// Endorser is the name of who endorses; empty: EndorserID is all that is known.
	Endorser, EndorserID, EndorserURL string
	CommentMarkdown                   string
	Date                              time.Time // zero: not said
	ValidUntil                        time.Time // zero: does not expire
	// VerifyHref leads to the page that judges it; empty: it has no address here.
	VerifyHref string
}

// TextPage is a free page of content/pages.
// Its title is the text's.
type TextPage struct {
	Common
	Markdown string
}

// VerifyPage is verify/index.html, which judges credentials in the visitor's
// browser. Its title is the theme's.
type VerifyPage struct {
	Common
	// BaseURL is the site's, as its credentials name it: what begins with it
	// the page finds beside itself, wherever it is served from.
	BaseURL string
}

// ClaimPage is claim/index.html, which opens a sealed award in the visitor's
// browser and shows its page as that of a public award is shown. Its title is the
// theme's.
type ClaimPage struct {
	Common
	// BaseURL is the site's, as its credentials name it, ending in a slash.
	BaseURL string
}

// NotFoundPage is 404.html. Its links are absolute within the host (they start
// with the base URL's path), since the host shows it at any depth: Root is
// that path with a slash at the end.
type NotFoundPage struct{ Common }
