package linked

import (
	"cmp"
	"strings"
	"time"

	"laurel/internal/standards/vc"
)

// schemaOrg is the context of schema.org, https://schema.org/docs/jsonldcontext.json.
const schemaOrg = "https://schema.org"

// maxListed is how many achievements a page lists for machines: the catalogue has all.
// schema.org's numberOfItems is then of the whole list.
const maxListed = 24

// document is a page's linked data: a node, or several that belong together.
func document(nodes ...Node) Node {
	if len(nodes) == 1 {
		nodes[0]["@context"] = schemaOrg
		return nodes[0]
	}
	return Node{"@context": schemaOrg, "@graph": nodes}
}

// Item is an entry of a list on a page: what it leads to, absolute, and its name.
type Item struct{ URL, Name string }

// list is a list of total entries on a page, of which it has the first.
func list(page string, items []Item, total int) Node {
	var first []Node
	for i, item := range items[:min(len(items), maxListed)] {
		first = append(first, node("ListItem", "position", i+1, "url", item.URL, "name", item.Name))
	}
	return node("ItemList", "@id", page+"#achievements", "numberOfItems", max(total, len(items)), "itemListElement", first)
}

// Home is of the first page in a language: who issues, the site, and the achievements
// that it shows, of so many in total.
func (s *Site) Home(page, language string, items []Item, total int) Node {
	site := node("WebSite", "@id", page+"#site", "url", page, "name", s.Issuer.Name, "inLanguage", language, "publisher", ref(s.DID))
	nodes := []Node{s.organization(), site}
	if len(items) > 0 {
		nodes = append(nodes, list(page, items, total))
	}
	return document(nodes...)
}

// organizationType is an EducationalOrganization's where some achievement is a course
// of study, or what ends one, else just an Organization's.
func (s *Site) organizationType() string {
	for _, a := range s.Achievements {
		if t := a.AchievementType; t == "Course" || t == "LearningProgram" || strings.HasSuffix(t, "Degree") || strings.HasSuffix(t, "Diploma") {
			return "EducationalOrganization"
		}
	}
	return "Organization"
}

// organization is the issuer, with all that is said of it.
func (s *Site) organization() Node {
	n := organization(s.organizationType(), s.DID, s.Issuer, node("PropertyValue", "propertyID", "DID", "value", s.DID))
	n["url"] = cmp.Or(s.Issuer.URL, s.URL)
	if s.Issuer.Image != nil {
		n.add("logo", s.Issuer.Image.ID)
	}
	return n
}

func organization(kind, id string, p vc.Profile, identifiers ...Node) Node {
	for _, i := range p.OtherIdentifier {
		identifiers = append(identifiers, identifier(i))
	}
	n := node(kind, "@id", id, "name", p.Name, "url", p.URL, "description", p.Description, "email", p.Email, "telephone", p.Phone, "identifier", identifiers)
	if p.Image != nil {
		n.add("image", p.Image.ID)
	}
	if a := p.Address; a != nil {
		n.add("address", node("PostalAddress", "streetAddress", a.StreetAddress, "postOfficeBoxNumber", a.PostOfficeBoxNumber, "postalCode", a.PostalCode,
			"addressLocality", a.AddressLocality, "addressRegion", a.AddressRegion, "addressCountry", cmp.Or(a.AddressCountryCode, a.AddressCountry)))
		if g := a.Geo; g != nil {
			// Zero is a latitude as good as any.
			n["location"] = Node{"@type": "Place", "geo": Node{"@type": "GeoCoordinates", "latitude": g.Latitude, "longitude": g.Longitude}}
		}
	}
	if p.ParentOrg != nil {
		n["parentOrganization"] = organization("Organization", p.ParentOrg.ID, *p.ParentOrg)
	}
	return n
}

func identifier(i vc.IdentifierEntry) Node {
	return node("PropertyValue", "propertyID", strings.TrimPrefix(i.IdentifierType, "ext:"), "value", i.Identifier)
}

// issuer is who issues, as other pages name it; the first page says more.
func (s *Site) issuer() Node {
	return node(s.organizationType(), "@id", s.DID, "name", s.Issuer.Name, "url", cmp.Or(s.Issuer.URL, s.URL))
}

// Recognizer is an organization that speaks for an achievement.
type Recognizer struct{ ID, Name, URL string }

// Achievement is of the page of an achievement: the credential, by whom it is
// recognized beside its issuer, and the course that leads to it where it is the record
// of one.
func (s *Site) Achievement(a *Achievement, by []Recognizer) Node {
	recognized := []Node{s.issuer()}
	for _, r := range by {
		recognized = append(recognized, node("Organization", "@id", r.ID, "name", r.Name, "url", r.URL))
	}
	var translations []Node
	for _, r := range a.Related {
		if other := s.achievement(r.ID); other != nil && r.InLanguage != "" && r.InLanguage != s.language(a.InLanguage) {
			translations = append(translations, ref(r.ID))
		}
	}
	n := node("EducationalOccupationalCredential", "@id", a.ID, "name", a.Name, "description", a.Description, "url", a.Page,
		"inLanguage", s.language(a.InLanguage), "recognizedBy", recognized, "workTranslation", translations, "validFor", a.ValidFor, "version", a.Version, "keywords", a.Tag,
		"competencyRequired", each(of(a.Alignment, skill), skillTerm), "educationalAlignment", each(of(a.Alignment, occupation, rest), alignment),
		"educationalLevel", each(of(a.Alignment, level), skillTerm), "datePublished", day(a.Published))
	if field := cmp.Or(a.Specialization, a.FieldOfStudy); field != "" {
		n["about"] = node("DefinedTerm", "name", field)
	}
	if t := a.AchievementType; t != "" {
		n["credentialCategory"] = category(t)
	}
	if a.Image != nil {
		n.add("image", a.Image.ID)
	}
	if a.Creator != nil {
		n["creator"] = organization("Organization", a.Creator.ID, *a.Creator)
	}
	var identifiers []Node
	if a.HumanCode != "" {
		identifiers = append(identifiers, node("PropertyValue", "propertyID", "humanCode", "value", a.HumanCode))
	}
	for _, i := range a.OtherIdentifier {
		identifiers = append(identifiers, identifier(i))
	}
	n.add("identifier", identifiers)
	if a.AchievementType != "Course" {
		return document(n)
	}
	course := node("Course", "@id", a.Page+"#course", "name", a.Name, "description", a.Description, "url", a.Page, "inLanguage", s.language(a.InLanguage),
		"provider", ref(s.DID), "courseCode", a.HumanCode, "educationalCredentialAwarded", ref(a.ID))
	if a.CreditsAvailable != nil {
		course.add("numberOfCredits", credits(*a.CreditsAvailable))
	}
	return document(course, n)
}

// credits are a number of credits, which may be a fraction.
func credits(n float64) Node { return node("QuantitativeValue", "value", n) }

// achievementTypes is where Open Badges defines the terms of achievementType.
const achievementTypes = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#AchievementType"

func category(t string) any {
	if t != own(t) {
		return own(t) // an author's own word
	}
	return node("DefinedTerm", "name", t, "inDefinedTermSet", achievementTypes)
}

func skillTerm(a vc.Alignment) Node {
	n := node("DefinedTerm", "name", a.TargetName, "description", a.TargetDescription, "url", a.TargetURL, "termCode", a.TargetCode)
	if a.TargetFramework != "" {
		n["inDefinedTermSet"] = node("DefinedTermSet", "name", a.TargetFramework)
	}
	return n
}

func alignment(a vc.Alignment) Node {
	return node("AlignmentObject", "alignmentType", own(a.TargetType), "targetName", a.TargetName, "targetDescription", a.TargetDescription,
		"targetUrl", a.TargetURL, "educationalFramework", a.TargetFramework)
}

// Award is a public award, without whose it is.
type Award struct {
	Page, ID           string // absolute URL; urn:uuid:…
	Achievement        string // its id; empty of a record
	Name, Type         string // of the achievement
	Language           string
	Credential         string // absolute URL of what was signed
	Awarded, Expires   time.Time
	IssuerID, IssuedBy string // as signed
}

// Award is of the page of a public award.
func (s *Site) Award(a Award) Node {
	n := node("EducationalOccupationalCredential", "@id", a.Page, "identifier", a.ID, "name", a.Name, "credentialCategory", own(a.Type), "url", a.Page,
		"inLanguage", s.language(a.Language), "dateCreated", day(a.Awarded), "expires", day(a.Expires),
		"recognizedBy", node("Organization", "@id", a.IssuerID, "name", a.IssuedBy),
		"encoding", node("MediaObject", "contentUrl", a.Credential, "encodingFormat", "application/vc"))
	if a.Achievement != "" {
		n["exampleOfWork"] = ref(a.Achievement)
	}
	return document(n)
}

// Program is of the page of a program.
func (s *Site) Program(p *Program) Node {
	n := node("EducationalOccupationalProgram", "@id", p.Page+"#program", "name", p.Name, "description", p.Description, "url", p.Page, "image", p.Image,
		"provider", s.issuer())
	var awarded, courses []Node
	for _, id := range p.Achievements {
		if a := s.achievement(id); a != nil {
			awarded = append(awarded, node("EducationalOccupationalCredential", "@id", a.ID, "name", a.Name, "url", a.Page))
			if a.AchievementType == "Course" {
				courses = append(courses, node("Course", "@id", a.Page+"#course", "name", a.Name, "url", a.Page))
			}
		}
	}
	n.add("educationalCredentialAwarded", awarded, "hasCourse", courses)
	if p.Credits > 0 {
		n["numberOfCredits"] = credits(p.Credits)
	}
	return document(n)
}

// Skill is of the page of a skill in a language: what it is called there, what it is in
// frameworks, of which there is at least one, and the achievements that it is part of.
func Skill(page, name string, in []vc.Alignment, items []Item) Node {
	term := skillTerm(in[0])
	term["name"] = name
	term["@id"] = page + "#skill"
	var same []string
	for _, other := range in[1:] {
		same = append(same, other.TargetURL)
	}
	term.add("sameAs", same)
	return document(term, node("CollectionPage", "@id", page, "url", page, "name", name, "about", ref(page+"#skill"), "mainEntity", list(page, items, 0)))
}
