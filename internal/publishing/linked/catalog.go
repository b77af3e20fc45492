package linked

import "laurel/internal/standards/vc"

// The names of the catalogue's files, in the site's root.
const (
	CatalogFile        = "catalog.json"
	CatalogContextFile = "catalog-context.json"
	CTDLFile           = "ctdl.json"
)

// openBadges is the vocabulary of Open Badges, whose terms the catalogue has.
const openBadges = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"

// CatalogContext is the context of the catalogue: what each of its names means, and
// nothing else. It is the same for every site.
func CatalogContext() Node {
	iri := func(id string) Node { return Node{"@id": id, "@type": "@id"} }
	as := func(id, kind string) Node { return Node{"@id": id, "@type": "xsd:" + kind} }
	terms := Node{"@version": 1.1, "@protected": true, "id": "@id", "type": "@type",
		"schema": "http://schema.org/", "ob": openBadges, "xsd": "http://www.w3.org/2001/XMLSchema#",
		"Catalog": "schema:Collection", "Program": "schema:EducationalOccupationalProgram",
		"achievement": iri("schema:hasPart"), "program": iri("schema:mentions"), "requires": iri("schema:educationalCredentialAwarded"),
		"issuer": iri("schema:publisher"), "page": iri("schema:url"), "image": iri("schema:image"), "feed": iri("schema:subjectOf"), "ctdl": iri("schema:encoding"),
		"schemaVersion": as("schema:schemaVersion", "integer"), "published": as("schema:datePublished", "date"), "validFor": as("schema:validFor", "duration"),
		"creditsAvailable": as("ob:creditsAvailable", "float"), "targetUrl": iri("ob:targetUrl"), "alignment": iri("ob:alignment"),
	}
	for _, name := range []string{"name", "description", "inLanguage", "version"} {
		terms[name] = "schema:" + name
	}
	for _, name := range []string{"Achievement", "Alignment", "achievementType", "humanCode", "tag", "targetName", "targetCode", "targetFramework", "targetType"} {
		terms[name] = "ob:" + name
	}
	return Node{"@context": terms}
}

// Catalog is the list of what the site offers, for machines. There is nothing about
// awards in it.
func (s *Site) Catalog() Node {
	c := Node{"@context": s.URL + CatalogContextFile, "type": "Catalog", "id": s.URL + CatalogFile, "schemaVersion": 2,
		"issuer": s.DID, "name": s.Issuer.Name, "page": s.URL, "ctdl": s.URL + CTDLFile, "achievement": []Node{}}
	c.add("inLanguage", s.Language, "feed", s.Feed)
	if len(s.Achievements) > 0 {
		c["achievement"] = each(s.Achievements, func(a Achievement) Node {
			n := Node{"type": "Achievement", "id": a.ID, "name": a.Name, "description": a.Description, "page": a.Page}
			n.add("achievementType", a.AchievementType, "inLanguage", a.InLanguage, "tag", a.Tag, "version", a.Version, "humanCode", a.HumanCode,
				"validFor", a.ValidFor, "published", day(a.Published), "alignment", each(a.Alignment, func(a vc.Alignment) Node {
					n := Node{"type": "Alignment", "targetName": a.TargetName, "targetUrl": a.TargetURL}
					n.add("targetCode", a.TargetCode, "targetFramework", a.TargetFramework, "targetType", a.TargetType)
					return n
				}))
			if a.Image != nil {
				n["image"] = a.Image.ID
			}
			if a.CreditsAvailable != nil {
				n["creditsAvailable"] = *a.CreditsAvailable
			}
			return n
		})
	}
	c.add("program", each(s.Programs, func(p Program) Node {
		n := Node{"type": "Program", "id": p.Page + "#program", "name": p.Name, "page": p.Page, "requires": p.Achievements}
		n.add("description", p.Description, "inLanguage", p.Language, "image", p.Image)
		return n
	}))
	return c
}
