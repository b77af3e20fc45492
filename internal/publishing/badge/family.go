package badge

import (
	"slices"
	"strings"
)

// family is how the badges of several kinds of achievement are drawn: those of
// some types, and those of an issuer's own ("ext:…") that have a word in them.
type family struct {
	silhouette silhouette
	glyph      func(m matrix, c scheme) []shape
	types      []string
	words      []string // in lower case
}

// families have every term of the AchievementType enumeration between them (Open
// Badges Specification v3.0, "AchievementType Enumeration"). The first is that of
// all else; of several with a word of a type, the first counts.
var families = [...]family{
	{silhouetteCircle, glyphStar, []string{"Achievement", "Badge"}, nil},
	{silhouetteOctagon, glyphLayers, []string{"MicroCredential"}, []string{"micro"}},
	{silhouetteCircle, glyphCap, []string{"AssociateDegree", "BachelorDegree", "Degree", "DoctoralDegree", "MasterDegree",
		"ProfessionalDoctorate", "ResearchDoctorate"}, []string{"degree"}},
	{silhouetteCircle, glyphScroll, []string{"Diploma", "GeneralEducationDevelopment", "SecondarySchoolDiploma"}, []string{"diploma"}},
	{silhouetteOctagon, glyphShield, []string{"License", "QualityAssuranceCredential"}, []string{"licen"}}, // both spellings
	{silhouetteHexagon, glyphGear, []string{"ApprenticeshipCertificate", "Fieldwork", "JourneymanCertificate"}, []string{"apprentice"}},
	{silhouetteSeal, glyphRosette, []string{"Certificate", "CertificateOfCompletion", "Certification", "MasterCertificate"}, []string{"certif"}},
	{silhouetteHexagon, glyphCube, []string{"Competency"}, []string{"competenc", "skill"}},
	{silhouetteSquare, glyphPeaks, []string{"LearningProgram"}, []string{"program"}},
	{silhouetteSquare, glyphBook, []string{"Course"}, []string{"course", "workshop"}},
	{silhouetteBurst, glyphGem, []string{"Award"}, []string{"award"}},
	{silhouetteFlower, glyphHeart, []string{"CommunityService"}, []string{"service"}},
	{silhouetteFlower, glyphRings, []string{"CoCurricular", "Membership"}, []string{"member"}},
	{silhouetteCircle, glyphCheck, []string{"Assessment", "Assignment"}, nil},
}

// familyOf returns the family of an achievementType, which may be empty.
func familyOf(achievementType string) family {
	named := func(f family) bool { return slices.Contains(f.types, achievementType) }
	hinted := func(f family) bool {
		return slices.ContainsFunc(f.words, func(w string) bool { return strings.Contains(strings.ToLower(achievementType), w) })
	}
	for _, is := range []func(family) bool{named, hinted} {
		if i := slices.IndexFunc(families[:], is); i >= 0 {
			return families[i]
		}
	}
	return families[0]
}
