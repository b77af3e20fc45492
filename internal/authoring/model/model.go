// Package model holds what authors write, checked and complete: the site, its
// issuer, its achievements, its cohorts and their awards.
//
// Every value here has passed package content: slugs are safe path segments,
// URLs are absolute, dates have a time zone, every reference inside a value
// leads to something that exists. The package knows nothing of files, keys,
// the ledger or the wire form of a credential. Property names and meanings
// are those of Open Badges Specification v3.0, "Data Models"; where a field
// differs (a local name in place of an IRI) its comment says so.
package model

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Site is one site folder's content.
type Site struct {
	// BaseURL is the https URL under which public/ is served, without query,
	// fragment or trailing slash: "https://example.org" or
	// "https://example.org/academy".
	BaseURL string
	// MovedTo is set in the folder that was left at an old address: the site's new one.
	// MovedFrom is the old one, where the site has moved; empty: it has not. NotIssued
	// are the keys of awards that were issued there and are not again, as they were
	// revoked, suspended, withdrawn or had expired: Cohorts are without them.
	MovedTo, MovedFrom string
	NotIssued          []string
	// Languages are BCP 47 tags; the first is the default. Never empty.
	Languages []string
	Theme     Theme
	// Issuer is the Profile of the site's one issuer. Its ID is empty: the
	// DID follows from BaseURL.
	Issuer Profile
	// Visibility is what an award has when neither it nor its cohort says.
	Visibility Visibility
	Sign       Sign
	Status     Status
	// Certificate is how certificates are drawn where neither cohort nor achievement
	// says.
	Certificate Certificate
	Publish     Publish

	Achievements []*Achievement // sorted by Slug
	Programs     []*Program     // sorted by Slug
	Cohorts      []*Cohort      // sorted by Slug
	Endorsers    []*Endorser    // sorted by Slug
	Received     []*Received    // by file and line
	Pages        []*Page        // sorted by Slug
	Static       []StaticFile   // sorted by Path

	// Warnings are what its author may want to know, and what is no mistake.
	Warnings []Warning
}

// Warning is one of them. It may quote names of columns, and no cells.
type Warning struct {
	Source     Source
	Text, Hint string
}

// Theme is how the site looks: pages, badges and certificates, on a screen and on paper.
// But for fonts and logo nothing in it is empty, unless the content could not be read.
type Theme struct {
	// Name is that of a built-in theme or of a folder of themes/, or of both: the
	// folder is then laid over.
	Name string
	// Accent and Paper are colours, as #rrggbb: all others follow from them, see
	// package tone. Paper is light.
	Accent, Paper string
	Fonts         Fonts
	// Logo stands for the issuer in the frame of pages; nil: its image does.
	Logo *Image
}

// Fonts are lists of font families as CSS has them; empty: laurel's own. Files of fonts,
// which certificates in PDF need, are in a theme's folder.
type Fonts struct{ Headings, Text string }

// Achievement returns the achievement with that slug, or nil.
func (s *Site) Achievement(slug string) *Achievement {
	if i := slices.IndexFunc(s.Achievements, func(a *Achievement) bool { return a.Slug == slug }); i >= 0 {
		return s.Achievements[i]
	}
	return nil
}

// Cohort returns the award list with that slug, or nil.
func (s *Site) Cohort(slug string) *Cohort {
	if i := slices.IndexFunc(s.Cohorts, func(c *Cohort) bool { return c.Slug == slug }); i >= 0 {
		return s.Cohorts[i]
	}
	return nil
}

// Sign is the site's "sign" block.
type Sign struct {
	// Formats are the forms in which awards are signed, by their names; the first is
	// always MainForm. A cohort may say others.
	Formats []string
	// FormatsSource is where they are written; zero where the site does not say.
	FormatsSource Source
	// Keys are the names (kids) of the keys to sign with, at most one for each
	// form; a form that none of them fits is signed with the newest active key that
	// does.
	Keys []KeyName
}

// ExecPrefix is what stands in sign.key before the command of a program that holds
// keys. It chooses among the keys that keys/ has of that program; what is run is never
// taken from content.
const ExecPrefix = "exec:"

// KeyName is the name of a key, and where it is written.
type KeyName struct {
	Kid    string // or ExecPrefix and a command: all keys that its program holds
	Source Source
}

// Status is the site's "status" block.
type Status struct {
	// ValidFor bounds each signed status list with a validUntil; the zero
	// Period (the default) sets none.
	ValidFor Period
}

// Visibility says who may find an award on the published site.
type Visibility string

const (
	Link    Visibility = "link"    // sealed; opened by who has the claim link
	Public  Visibility = "public"  // a page and the files
	Private Visibility = "private" // one bit of a status list
)

// Variant is one form of an award's credential. Each is a credential of its
// own, with its own id and status index, so that a learner who shows one shows
// nothing of the others.
type Variant string

const (
	// Full says all that is known of the award. Every award has it.
	Full Variant = "full"
	// NoName says, beside what AchievementOnly does, how well and when it was
	// earned: results (without alignments), credits, the dates of the activity.
	// Of the recipient it has the e-mail address, as a hash under a salt of its
	// own, and a made-up id; never a name, a DID, or any text about the award.
	NoName Variant = "no-name"
	// AchievementOnly says that somebody earned the achievement, and when: no
	// identifier of the recipient, no results, no other detail of the award.
	AchievementOnly Variant = "achievement-only"
)

// Period is an ISO 8601 duration of whole years, months, weeks and days, and
// hours, minutes, seconds, such as "P2Y6M". The zero value means none.
type Period struct {
	Years, Months, Days     int // weeks are counted as seven days
	Hours, Minutes, Seconds int
}

// IsZero tells whether no duration is set.
func (p Period) IsZero() bool { return p == Period{} }

// AddTo returns t moved on by the period, counted on the calendar of t's time
// zone. A day that the target month lacks becomes that month's last day:
// 29 February plus one year is 28 February.
func (p Period) AddTo(t time.Time) time.Time {
	y, m, d := t.Date()
	first := time.Date(y+p.Years, m+time.Month(p.Months), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
	d = min(d, first.AddDate(0, 1, -1).Day())
	return first.AddDate(0, 0, d-1+p.Days).Add(
		time.Duration(p.Hours)*time.Hour + time.Duration(p.Minutes)*time.Minute + time.Duration(p.Seconds)*time.Second)
}

// Source is the place in the content a value was read from.
type Source struct {
	File   string // slash-separated, relative to the site folder
	Line   int    // from 1; 0 where there is none
	Column int    // in characters, from 1
}

func (s Source) String() string { return s.File + ":" + strconv.Itoa(s.Line) }

// Page is a free page, Markdown with front matter.
type Page struct {
	Slug     string // file name without .md
	Title    string
	Language string // BCP 47; empty means the site's default
	// TranslationOf is the slug of the page that it is the translation of; empty: of none.
	TranslationOf string
	Order         int  // place in the navigation, lowest first; ties by Slug
	Hidden        bool // true keeps it out of the navigation
	Markdown      string
	Source        Source
}

// Original is the slug of the page that it is one language of: its own, unless it is a
// translation.
func (p *Page) Original() string { return cmp.Or(p.TranslationOf, p.Slug) }

// Image is a picture below content/images, checked to be what it says.
type Image struct {
	// File is the path relative to content/images, slash-separated.
	File string
	// MediaType is image/png, image/jpeg or image/svg+xml.
	MediaType string
	// Caption describes the picture to who cannot see it.
	Caption string
	// PNG is a file of the same name that lies beside an SVG, and is shown where
	// a PNG is wanted; empty if File is no SVG.
	PNG string
	// SHA256 is the hex digest of the file, of an SVG without a byte order mark,
	// and after it that of PNG.
	SHA256 string
}

// Profile is an issuer, creator or source (class Profile).
type Profile struct {
	ID              string // IRI; empty for the site's own issuer
	Name            string
	URL             string
	Phone           string
	Description     string
	Image           *Image
	Email           string
	Address         *Address
	OtherIdentifier []IdentifierEntry
	Official        string
	ParentOrg       *Profile

	FamilyName, GivenName, AdditionalName, PatronymicName string
	HonorificPrefix, HonorificSuffix, FamilyNamePrefix    string
	DateOfBirth                                           string // YYYY-MM-DD
}

// Address is a postal address (class Address).
type Address struct {
	AddressCountry     string
	AddressCountryCode string // ISO 3166-1 alpha-2

	AddressRegion, AddressLocality, StreetAddress, PostOfficeBoxNumber, PostalCode string
	Geo                                                                            *GeoCoordinates
}

// GeoCoordinates are WGS 84 degrees (class GeoCoordinates).
type GeoCoordinates struct{ Latitude, Longitude float64 }

// IdentifierEntry is an identifier of a thing (class IdentifierEntry).
type IdentifierEntry struct{ Identifier, IdentifierType string }

// LinkedInOrganization is the IdentifierType of the number that LinkedIn knows an
// organisation by.
const LinkedInOrganization = "ext:LinkedIn:organizationId"

// IsLinkedInNumber tells whether s is such a number: digits, at most 20.
func IsLinkedInNumber(s string) bool {
	return s != "" && len(s) <= 20 && strings.Trim(s, "0123456789") == ""
}

// Achievement is one definition (class Achievement). Its IRI follows from the
// site's base URL and Slug.
type Achievement struct {
	Slug              string
	Name              string
	Description       string
	AchievementType   string // a term of the enumeration, or "ext:…"; empty allowed
	Alignment         []Alignment
	Creator           *Profile
	CreditsAvailable  *float64
	Criteria          Criteria
	FieldOfStudy      string
	HumanCode         string
	Image             *Image // nil: laurel draws one
	InLanguage        string
	OtherIdentifier   []IdentifierEntry
	Related           []Related
	ResultDescription []ResultDescription
	Specialization    string
	Tag               []string
	Version           string
	// Published is the day since which it is offered; zero: not said.
	Published time.Time
	// ValidFor: awards expire that long after their AwardedDate.
	ValidFor Period
	// Supersede tells that a credential is revoked when it is renewed, where others stay
	// until they end.
	Supersede bool
	// Variants are what awards are signed as beside Full, where their cohort
	// does not say.
	Variants []Variant
	// Certificate is what it says of its certificates; see Award.OwnCertificate.
	Certificate Certificate
	Source      Source
}

// Criteria say how the achievement is earned (class Criteria). At least one of
// ID and Narrative is set.
type Criteria struct {
	ID        string // https URL of a page
	Narrative string // Markdown
}

// Alignment is a link to a node of a skill framework (class Alignment).
type Alignment struct {
	TargetCode, TargetDescription, TargetName, TargetFramework, TargetType, TargetURL string
}

// Related is another version or translation of an achievement (class
// Related). ID is an absolute IRI, or the slug of an achievement of this site.
type Related struct {
	ID, InLanguage, Version string
}

// ResultDescription is a kind of result an award may carry (class
// ResultDescription).
type ResultDescription struct {
	// ID is an absolute IRI or a local name ("final-grade"), which stands for
	// the achievement's IRI with that fragment. Unique in the achievement,
	// together with the IDs of the rubric levels.
	ID                   string
	Name                 string
	ResultType           string
	Alignment            []Alignment
	AllowedValue         []string // lowest first
	RequiredLevel        string   // ID of a RubricCriterionLevel
	RequiredValue        string
	RubricCriterionLevel []RubricCriterionLevel
	ValueMax             string
	ValueMin             string
}

// RubricCriterionLevel is one level of a rubric (class RubricCriterionLevel).
// ID is as in ResultDescription.
type RubricCriterionLevel struct {
	ID, Name, Description, Level, Points string
	Alignment                            []Alignment
}

// Cohort is one award list.
type Cohort struct {
	Slug string // file name without .yaml; first part of every award key
	Name string
	// Formats are the forms in which its awards are signed, as in Sign; nil: the
	// site's. FormatsSource is where they are written.
	Formats       []string
	FormatsSource Source
	// Certificate is what it says of its certificates; see Award.OwnCertificate.
	Certificate Certificate
	Awards      []*Award // in the order of the list; YAML recipients before roster rows
	Source      Source
}

// Award is one row of a cohort for one achievement; it becomes one
// AchievementCredential. Values of the cohort that the row does not override
// are already filled in.
//
// A record is an award as well, of the cohort Records, for a Program and no
// Achievement; it becomes a ClrCredential. Of the fields below the dates it has none.
type Award struct {
	// Key is unique in the site.
	Key         AwardKey
	Cohort      *Cohort
	Achievement *Achievement
	Program     *Program // of a record; else nil
	Recipient   Recipient
	Visibility  Visibility
	// Variants are what the award is signed as beside Full, in the order of
	// the content, without duplicates: the cohort's, else the achievement's.
	Variants    []Variant
	AwardedDate time.Time
	// ValidUntil is set when the row says so, else AwardedDate plus the
	// achievement's ValidFor; zero means the award does not expire.
	ValidUntil        time.Time
	ActivityStartDate time.Time // zero: none
	ActivityEndDate   time.Time // zero: none
	CreditsEarned     *float64
	LicenseNumber     string
	Narrative         string // Markdown; AchievementSubject.narrative
	Role              string
	Term              string
	AssertedBy        *Profile // AchievementSubject.source, written "source"
	Evidence          []Evidence
	Result            []Result
	Source            Source
}

// Recipient is who earned an award. At least one of ID, Email, StudentID and
// Key is set.
type Recipient struct {
	Name      string
	ID        string // a DID of the learner's choosing
	Email     string
	StudentID string
	Key       string // stable key where none of the others is wanted
	// HashedEmail stands for an e-mail address that only the recipient knows.
	HashedEmail HashedEmail
}

// HashedEmail is an e-mail address that an earlier credential gave as a hash: SHA-256
// of the address with the salt after it, "sha256$" and 64 digits of hex (Open Badges
// Specification v3.0, "IdentityHash"). Zero: there is none.
type HashedEmail struct{ IdentityHash, Salt string }

// StableKey is the last part of an award key: the first present of Key, ID,
// StudentID and Email.
func (r Recipient) StableKey() string {
	return cmp.Or(r.Key, r.ID, r.StudentID, r.Email)
}

// Evidence is proof of the work done (class Evidence).
type Evidence struct {
	ID          string        // https URL; empty where File is
	File        *EvidenceFile // nil: it is elsewhere, or only described
	Name        string
	Description string
	Narrative   string // Markdown
	Genre       string
	Audience    string
}

// EvidenceFile is a file below content/evidence, checked to be what it says. It is
// published beside a public award, sealed with one that is handed out by link, and
// handed over with any.
type EvidenceFile struct {
	// File is the path relative to content/evidence, slash-separated.
	File      string
	MediaType string // of EvidenceTypes
	// SHA256 is the hex digest of the file.
	SHA256 string
	Size   int64
}

// Result is what was reached (class Result).
type Result struct {
	// ResultDescription is the ID of one of the achievement's.
	ResultDescription string
	AchievedLevel     string // ID of one of its RubricCriterionLevels
	Status            string // Completed, Enrolled, Failed, InProgress, OnHold, Provisional, Withdrew
	Value             string
	Alignment         []Alignment
}
