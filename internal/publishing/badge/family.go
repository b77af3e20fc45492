package badge

import "strings"

// family is how the badges of several kinds of achievement are drawn.
type family struct {
	silhouette silhouette
	glyph      func(m matrix, c scheme) []shape
}

var (
	familyBadge      = family{silhouetteCircle, glyphStar}
	familyAward      = family{silhouetteBurst, glyphGem}
	familyCertified  = family{silhouetteSeal, glyphRosette}
	familyCourse     = family{silhouetteSquare, glyphBook}
	familyProgram    = family{silhouetteSquare, glyphPeaks}
	familyCompetency = family{silhouetteHexagon, glyphCube}
	familyMicro      = family{silhouetteOctagon, glyphLayers}
	familyLicense    = family{silhouetteOctagon, glyphShield}
	familyDegree     = family{silhouetteCircle, glyphCap}
	familyDiploma    = family{silhouetteCircle, glyphScroll}
	familyCraft      = family{silhouetteHexagon, glyphGear}
	familyAssessment = family{silhouetteCircle, glyphCheck}
	familyService    = family{silhouetteFlower, glyphHeart}
	familyMembership = family{silhouetteFlower, glyphRings}
)

// families has a row for each term of the AchievementType enumeration, Open
// Badges Specification v3.0, "AchievementType Enumeration".
var families = map[string]family{
	"Achievement":                 familyBadge,
	"ApprenticeshipCertificate":   familyCraft,
	"Assessment":                  familyAssessment,
	"Assignment":                  familyAssessment,
	"AssociateDegree":             familyDegree,
	"Award":                       familyAward,
	"BachelorDegree":              familyDegree,
	"Badge":                       familyBadge,
	"Certificate":                 familyCertified,
	"CertificateOfCompletion":     familyCertified,
	"Certification":               familyCertified,
	"CoCurricular":                familyMembership,
	"CommunityService":            familyService,
	"Competency":                  familyCompetency,
	"Course":                      familyCourse,
	"Degree":                      familyDegree,
	"Diploma":                     familyDiploma,
	"DoctoralDegree":              familyDegree,
	"Fieldwork":                   familyCraft,
	"GeneralEducationDevelopment": familyDiploma,
	"JourneymanCertificate":       familyCraft,
	"LearningProgram":             familyProgram,
	"License":                     familyLicense,
	"MasterCertificate":           familyCertified,
	"MasterDegree":                familyDegree,
	"Membership":                  familyMembership,
	"MicroCredential":             familyMicro,
	"ProfessionalDoctorate":       familyDegree,
	"QualityAssuranceCredential":  familyLicense,
	"ResearchDoctorate":           familyDegree,
	"SecondarySchoolDiploma":      familyDiploma,
}

// familyHints find a family for the types of our own that the enumeration
// allows ("ext:…"), by a word in them, in this order.
var familyHints = [...]struct {
	word   string
	family family
}{
	{"micro", familyMicro},
	{"degree", familyDegree},
	{"diploma", familyDiploma},
	{"licen", familyLicense}, // both spellings
	{"apprentice", familyCraft},
	{"certif", familyCertified},
	{"competenc", familyCompetency},
	{"skill", familyCompetency},
	{"program", familyProgram},
	{"course", familyCourse},
	{"workshop", familyCourse},
	{"award", familyAward},
	{"service", familyService},
	{"member", familyMembership},
}

// familyOf returns the family of an achievementType; the badge's for none and
// for unknown ones.
func familyOf(achievementType string) family {
	if f, ok := families[achievementType]; ok {
		return f
	}
	t := strings.ToLower(achievementType)
	for _, h := range familyHints {
		if strings.Contains(t, h.word) {
			return h.family
		}
	}
	return familyBadge
}
