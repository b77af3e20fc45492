package linked

import (
	"crypto/sha256"
	"strings"

	"github.com/google/uuid"

	"laurel/internal/standards/vc"
)

// ctdlContext is the context of CTDL, https://credreg.net/ctdl/terms.
const ctdlContext = "https://credreg.net/ctdl/schema/context/json"

// CTDL is the catalogue for registers of credentials: the issuer, what it awards, and
// the courses and programs that lead there. Texts of authors are in their languages.
func (s *Site) CTDL() Node {
	graph := []Node{s.ctdlIssuer()}
	for i := range s.Achievements {
		graph = append(graph, s.ctdlAchievement(&s.Achievements[i])...)
	}
	for i := range s.Programs {
		p := &s.Programs[i]
		n := s.ctdlOffer("LearningProgram", p.Page+"#program", p.Name, p.Description, p.Page, p.Language)
		n.add("ceterms:targetCredential", p.Achievements)
		graph = append(graph, n)
	}
	return Node{"@context": ctdlContext, "@graph": graph}
}

// ctid is the identifier by which its owner recognizes a resource in registers: the one
// that an author gives as ext:CTID, else one made of the resource's own, for good. It
// has the form of a random UUID, as CTDL asks ("About the CTID", "CTID Structure").
func ctid(id string, known []vc.IdentifierEntry) string {
	for _, i := range known {
		if isCTID(i) {
			return strings.ToLower(i.Identifier)
		}
	}
	sum := sha256.Sum256([]byte("CTID of " + id))
	random := uuid.UUID(sum[:16])
	random[6], random[8] = random[6]&0x0f|0x40, random[8]&0x3f|0x80
	return "ce-" + random.String()
}

func isCTID(i vc.IdentifierEntry) bool {
	rest, ok := strings.CutPrefix(strings.ToLower(i.Identifier), "ce-")
	return i.IdentifierType == "ext:CTID" && ok && len(rest) == 36 && uuid.Validate(rest) == nil
}

// in is a text in a language; nil of none.
func in(language, text string) Node {
	if text == "" {
		return nil
	}
	return Node{language: text}
}

func (s *Site) ctdlIssuer() Node {
	i := s.Issuer
	n := node("ceterms:CredentialOrganization", "@id", s.DID, "ceterms:ctid", ctid(s.DID, i.OtherIdentifier), "ceterms:name", in(s.Language, i.Name),
		"ceterms:description", in(s.Language, i.Description), "ceterms:subjectWebpage", s.URL, "ceterms:identifier", s.ctdlIdentifiers(i.OtherIdentifier))
	if i.Email != "" {
		n["ceterms:email"] = []string{i.Email}
	}
	if i.Image != nil {
		n.add("ceterms:image", i.Image.ID)
	}
	if a := i.Address; a != nil {
		place := node("ceterms:Place", "ceterms:streetAddress", in(s.Language, a.StreetAddress), "ceterms:postOfficeBoxNumber", a.PostOfficeBoxNumber,
			"ceterms:postalCode", a.PostalCode, "ceterms:addressLocality", in(s.Language, a.AddressLocality), "ceterms:addressRegion", in(s.Language, a.AddressRegion),
			"ceterms:addressCountry", in(s.Language, a.AddressCountry))
		if a.Geo != nil {
			place["ceterms:latitude"], place["ceterms:longitude"] = a.Geo.Latitude, a.Geo.Longitude
		}
		n["ceterms:address"] = []Node{place}
	}
	return n
}

func (s *Site) ctdlIdentifiers(list []vc.IdentifierEntry) []Node {
	return each(list, func(i vc.IdentifierEntry) Node {
		if isCTID(i) {
			return nil
		}
		return node("ceterms:IdentifierValue", "ceterms:identifierTypeName", in("en", strings.TrimPrefix(i.IdentifierType, "ext:")), "ceterms:identifierValueCode", i.Identifier)
	})
}

// ctdlTypes are the terms of achievementType that are no class of CTDL, or stand for a
// course of study: their achievement is the Open Badge itself.
func ctdlType(t string) string {
	switch t {
	case "ApprenticeshipCertificate", "AssociateDegree", "BachelorDegree", "Certificate", "CertificateOfCompletion", "Certification", "Degree", "Diploma",
		"DoctoralDegree", "GeneralEducationDevelopment", "JourneymanCertificate", "License", "MasterCertificate", "MasterDegree", "MicroCredential",
		"ProfessionalDoctorate", "QualityAssuranceCredential", "ResearchDoctorate", "SecondarySchoolDiploma":
		return t
	}
	return "OpenBadge"
}

// ctdlOffer is a course or program, without what it has of its own.
func (s *Site) ctdlOffer(class, id, name, description, page, language string) Node {
	language = s.language(language)
	n := node("ceterms:"+class, "@id", id, "ceterms:ctid", ctid(id, nil), "ceterms:name", in(language, name), "ceterms:description", in(language, description),
		"ceterms:subjectWebpage", page, "ceterms:inLanguage", []string{language}, "ceterms:ownedBy", []string{s.DID}, "ceterms:offeredBy", []string{s.DID})
	n["ceterms:lifeCycleStatusType"] = active("Life Cycle Status", "lifeCycle:Active")
	return n
}

// active says by a term of a scheme of concepts that something is on offer.
func active(scheme, term string) Node {
	return node("ceterms:CredentialAlignmentObject", "ceterms:frameworkName", in("en", scheme), "ceterms:targetNode", term, "ceterms:targetNodeName", in("en", "Active"))
}

func (s *Site) ctdlAchievement(a *Achievement) []Node {
	language := s.language(a.InLanguage)
	aligned := func(list []vc.Alignment) []Node {
		return each(list, func(a vc.Alignment) Node {
			return node("ceterms:CredentialAlignmentObject", "ceterms:targetNode", a.TargetURL, "ceterms:targetNodeName", in(language, a.TargetName),
				"ceterms:targetNodeDescription", in(language, a.TargetDescription), "ceterms:frameworkName", in(language, a.TargetFramework), "ceterms:codedNotation", a.TargetCode)
		})
	}
	n := node("ceterms:"+ctdlType(a.AchievementType), "@id", a.ID, "ceterms:ctid", ctid(a.ID, a.OtherIdentifier), "ceterms:name", in(language, a.Name),
		"ceterms:description", in(language, a.Description), "ceterms:subjectWebpage", a.Page, "ceterms:inLanguage", []string{language},
		"ceterms:ownedBy", []string{s.DID}, "ceterms:offeredBy", []string{s.DID}, "ceterms:credentialStatusType", active("Credential Status", "credentialStat:Active"),
		"ceterms:credentialId", a.HumanCode, "ceterms:identifier", s.ctdlIdentifiers(a.OtherIdentifier), "ceterms:renewalFrequency", a.ValidFor,
		"ceterms:versionCode", a.Version, "ceterms:dateEffective", day(a.Published), "ceterms:occupationType", aligned(of(a.Alignment, occupation)))
	if len(a.Tag) > 0 {
		n["ceterms:keyword"] = Node{language: a.Tag}
	}
	if a.Image != nil {
		n.add("ceterms:image", a.Image.ID)
	}
	var subjects []Node
	for _, field := range []string{a.FieldOfStudy, a.Specialization} {
		if field != "" {
			subjects = append(subjects, node("ceterms:CredentialAlignmentObject", "ceterms:targetNodeName", in(language, field)))
		}
	}
	n.add("ceterms:subject", subjects)
	requires := node("ceterms:ConditionProfile", "ceterms:description", in(language, a.Criteria.Narrative), "ceterms:subjectWebpage", a.Criteria.ID,
		"ceterms:targetCompetency", aligned(of(a.Alignment, skill)))
	if a.CreditsAvailable != nil {
		requires["ceterms:creditValue"] = []Node{{"@type": "ceterms:ValueProfile", "schema:value": *a.CreditsAvailable}}
	}
	nodes := []Node{n}
	if a.AchievementType == "Course" {
		course := s.ctdlOffer("Course", a.Page+"#course", a.Name, a.Description, a.Page, a.InLanguage)
		course.add("ceterms:codedNotation", a.HumanCode, "ceterms:targetCredential", []string{a.ID})
		requires["ceterms:targetLearningOpportunity"] = []string{a.Page + "#course"}
		nodes = append(nodes, course)
	}
	n["ceterms:requires"] = []Node{requires}
	return nodes
}
