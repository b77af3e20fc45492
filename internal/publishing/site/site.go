// Package site decides every file of public/: its path, its URL, its kind, and
// what it shows. It is pure: content and ledger state come in, a Layout goes
// out; render fills in the bytes.
//
// It is also the only place where an award turns into published files. A public award gets a page and files of its own, a sealed
// one capsules that tell nothing without their keys. Nothing else that is
// published names a recipient, an award or a cohort, and a count is shown only
// where it singles nobody out.
package site

import (
	"crypto/sha256"
	"fmt"
	"sort"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/publishing/linked"
	"laurel/internal/standards/did"
	"laurel/internal/standards/vc"
)

// Input is all that a site depends on, but for its theme.
type Input struct {
	Site  *model.Site
	State *ledger.State
	// Issuer and Achievements, by slug, are today's definitions in wire form.
	Issuer       vc.Profile
	Achievements map[string]vc.Achievement
	// Document returns the main signed document of a record.
	Document func(*ledger.Record) ([]byte, error)
	// List returns the newest signed document of a status list.
	List func(ledger.ListState) ([]byte, error)
	// Token returns the newest Status List Token of a list that has one.
	Token func(ledger.ListState) ([]byte, error)
	// Word is a word of the theme in a language, by its key.
	Word func(language, key string) (string, error)
	// Assets are the theme's files: path and bytes.
	Assets []AssetFile
}

// AssetFile is a file of the theme that every visitor may fetch.
type AssetFile struct {
	Path  string // "assets/style-1a2b3c4d.css", the digits being of its SHA-256
	Bytes []byte
	// Language is that in which it has words, in small letters; empty: it has none, and
	// is there whatever languages the site has.
	Language string
}

// Layout is every file of public/, sorted by path.
type Layout struct {
	Outputs []Output
	// Public and Private count the living awards by visibility. Of those that
	// are handed out by link, Sealed have their capsules on the site, Unsealed
	// wait to be sealed by the next signing. Withdrawn, public ones too, were
	// taken off, or revoked or suspended before they were sealed. Gone are no
	// longer in the content.
	Public, Private, Sealed, Unsealed, Withdrawn, Gone int

	in     Input
	did    string
	today  map[string]model.Visibility // by award key
	badges map[string]Badge            // by slug, see model.AwardKey.Slug
	gone   map[string]vc.Achievement
	// versions are the earlier ones that have a page, by slug, the oldest first.
	versions map[string][]*version
	// signedIn are the languages of what was signed and is read here.
	signedIn map[string]bool

	issuerBadge          Badge
	didDocument, profile []byte
	lists                map[int][]byte // signed status lists, by number
	pages                map[*ledger.Record]string
	endorsed             map[string]bool             // paths of endorsements
	judging              map[string][]byte           // see JudgedWith, by id
	said                 map[string][]jsontext.Value // endorsements in force, by what they are of
	offer                *linked.Site
	beside               func() beside
	skills               func() skills
	held                 func() map[string]int
	certificateDigest    func() [32]byte // of what the site says of certificates
}

// ListError says that the published site would name a status list that was
// never signed, or, Merged, that two copies of the ledger signed: either is behind
// the other.
type ListError struct {
	List   int
	Merged bool
}

func (e *ListError) Error() string {
	if e.Merged {
		return fmt.Sprintf("status list %d was signed in two copies of the ledger, and says what only one of them decided", e.List)
	}
	return fmt.Sprintf("status list %d has awards but was never signed", e.List)
}

// Hint says what to try.
func (*ListError) Hint() string { return "laurel sign" }

// HeadError says that the ledger has taken over an earlier log and has signed no head
// of it yet: a site made now would have no log, where it had one.
type HeadError struct{ Entries int64 }

func (e *HeadError) Error() string {
	return fmt.Sprintf("the ledger has taken over %d entries of the published log, and has not signed its new head; built now, the site would lose its log", e.Entries)
}

// Hint says what to try.
func (*HeadError) Hint() string { return "laurel sign" }

// Make plans the site. It reads signed documents only of endorsements, and of
// achievements that are no longer in the content.
func Make(in Input) (*Layout, error) {
	id, err := did.WebDID(in.Site.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("derive the issuer's DID from baseURL: %w", err)
	}
	p := &Layout{in: in, did: id, today: visibilities(in.Site), badges: map[string]Badge{}, gone: map[string]vc.Achievement{}, versions: map[string][]*version{}, signedIn: map[string]bool{},
		lists: map[int][]byte{}, pages: map[*ledger.Record]string{}, endorsed: map[string]bool{}, judging: map[string][]byte{}, said: map[string][]jsontext.Value{}}
	p.beside, p.skills, p.held = sync.OnceValue(p.makeBeside), sync.OnceValue(p.makeSkills), sync.OnceValue(p.countHeld)
	p.certificateDigest = sync.OnceValue(func() [32]byte {
		digest, _ := digestOf(in.Site.Certificate) // of strings: it cannot fail
		return digest
	})
	steps := []func() error{
		p.findGone, p.findBadges, p.findVersions, p.documents, p.icons, p.statusLists, p.types, p.endorsements, p.offers, p.home, p.achievements, p.programs, p.previews, p.indexes, p.texts, p.verifyPage, p.claimPage, p.machines, p.awards, p.certificates, p.log, p.assets, p.static,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	sort.Slice(p.Outputs, func(i, j int) bool { return p.Outputs[i].Path < p.Outputs[j].Path })
	return p, p.collisions()
}

// collisions finds two outputs under one path, also where a file system does
// not tell upper from lower case.
func (p *Layout) collisions() error {
	seen := make(map[string]string, len(p.Outputs))
	for _, o := range p.Outputs {
		folded := strings.ToLower(o.Path)
		if other, ok := seen[folded]; ok {
			return fmt.Errorf("two files are planned for public/%s (and public/%s)", o.Path, other)
		}
		seen[folded] = o.Path
	}
	return nil
}

func (p *Layout) add(o Output) {
	o.URL = p.in.Site.URL(page(o.Path))
	p.Outputs = append(p.Outputs, o)
}

// data adds a file whose bytes are known.
func (p *Layout) data(path string, b []byte) {
	p.add(Output{Path: path, Kind: Data, Bytes: b, Fingerprint: sha256.Sum256(b)})
}

// page adds a page whose data are known; where the site has moved, one that leads on.
func (p *Layout) page(path string, data any) error {
	if p.in.Site.MovedTo != "" && !p.stays(path) {
		p.data(path, p.forward(path))
		return nil
	}
	key, err := digestOf(Page, data)
	if err != nil {
		return fmt.Errorf("plan page %s: %w", path, err)
	}
	p.add(Output{Path: path, Kind: Page, Page: data, Fingerprint: key})
	return nil
}

// digestOf is the digest of some values in their JSON form.
func digestOf(values ...any) ([32]byte, error) {
	b, err := json.Marshal(values, json.Deterministic(true))
	return sha256.Sum256(b), err
}

// findGone finds achievements that have awards and are no longer in the
// content. Their pages stay, from what was signed last: an achievement's URL
// is its id in credentials that people hold.
func (p *Layout) findGone() error {
	newest := make(map[string]*ledger.Record)
	for rec := range p.in.State.Records() {
		if key := keyOf(rec); rec.Profile == "" && !key.IsRecord() && p.in.Site.Achievement(key.Achievement) == nil {
			newest[key.Achievement] = rec
		}
	}
	for slug, rec := range newest {
		c, err := p.credential(rec)
		if err != nil {
			return fmt.Errorf("read a credential of achievement %s: %w", slug, err)
		}
		w := c.CredentialSubject.Achievement
		w.Endorsement = nil // a definition is published without
		p.gone[slug] = w
	}
	return nil
}

// keyOf is a record's award key; zero where laurel would not have written it.
func keyOf(r *ledger.Record) model.AwardKey {
	key, _ := model.ParseAwardKey(r.Award)
	return key
}

// badgeOf is the picture of a record's achievement, or program.
func (p *Layout) badgeOf(r *ledger.Record) Badge { return p.badges[keyOf(r).Slug()] }

// common fills what every page knows, for one that is there once: its frame is that of
// who reads its language.
func (p *Layout) common(path, title, language string) Common {
	return p.commonIn(root(path), path, title, p.edition(language))
}

// commonIn is common for a page of an edition, from which r leads to the site's root.
// Its navigation has what is written in its language.
func (p *Layout) commonIn(r, path, title string, e edition) Common {
	c := Common{Root: r, Base: r + e.folder, Path: path, URL: p.in.Site.URL(page(path)), Language: e.language, Title: title, Issuer: p.issuer(r), Logo: p.logo(r)}
	c.Canonical, c.Preview = c.URL, previewAt(r, issuerPreviewPath)
	for _, t := range p.in.Site.Pages {
		if at := textPagePath(t.Slug); !t.Hidden && sameLanguage(p.language(t.Language), e.language) {
			c.Nav = append(c.Nav, Link{Label: t.Title, Href: c.Base + page(at), Current: path == e.folder+at})
		}
	}
	return c
}

// language is the one that a page is written in, or the site's first.
func (p *Layout) language(tag string) string {
	if tag == "" {
		return p.in.Site.Languages[0]
	}
	return tag
}

// issuer is the issuer as it is today.
func (p *Layout) issuer(root string) Issuer {
	w := p.in.Issuer
	i := issuerView(p.did, &w)
	if w.Image != nil {
		shown := p.issuerBadge.Shown(root + model.IssuerImageStem)
		i.ImageHref, i.SmallHref = shown.Card, shown.Row
		i.ImageAlt = w.Image.Caption
	}
	return i
}

// issuerView is an issuer as shown, without a picture.
func issuerView(id string, w *vc.Profile) Issuer {
	i := Issuer{DID: id, Name: w.Name, URL: w.URL, Email: w.Email, Phone: w.Phone,
		Description: w.Description, Address: addressLines(w.Address), LinkedIn: linkedInID(w.OtherIdentifier)}
	if host, ok := did.HostOf(id); ok {
		i.Domain = host.String()
	}
	for _, o := range w.OtherIdentifier {
		if name, ok := strings.CutPrefix(o.IdentifierType, "ext:"); ok && o.IdentifierType != model.LinkedInOrganization {
			i.Identifiers = append(i.Identifiers, Identifier{Type: name, ID: o.Identifier})
		}
	}
	if w.ParentOrg != nil {
		i.ParentName, i.ParentURL = w.ParentOrg.Name, w.ParentOrg.URL
	}
	return i
}

// linkedInID is the number that LinkedIn knows an organisation by, where its profile
// says so.
func linkedInID(identifiers []vc.IdentifierEntry) string {
	for _, i := range identifiers {
		if i.IdentifierType == model.LinkedInOrganization && model.IsLinkedInNumber(i.Identifier) {
			return i.Identifier
		}
	}
	return ""
}

func addressLines(a *vc.Address) []string {
	if a == nil {
		return nil
	}
	var lines []string
	for _, l := range []string{
		a.StreetAddress, a.PostOfficeBoxNumber,
		strings.TrimSpace(a.PostalCode + " " + a.AddressLocality),
		a.AddressRegion, a.AddressCountry,
	} {
		if l != "" {
			lines = append(lines, l)
		}
	}
	return lines
}
