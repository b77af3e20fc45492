package content

import "slices"

// class is one class of the YAML vocabulary: the properties an author may
// write, in the order of messages, and why well-known others have no place.
type class struct {
	name     string
	fields   []string
	required []string // properties that must be there
	notes    map[string]string
	instead  string // hint where something else than a mapping was written
}

// everywhere says why properties of Open Badges are not written by authors,
// whatever the class.
var everywhere = map[string]string{
	"type":              "laurel writes the type itself: delete the line",
	"@type":             "laurel writes the type itself: delete the line",
	"@id":               "the spelling here is id",
	"@context":          "laurel writes the context itself: delete the line",
	"endorsement":       "endorsements are in content/endorsements",
	"endorsementJwt":    "endorsements are in content/endorsements",
	"issuer":            "the issuer is in site.yaml",
	"proof":             "laurel signs: delete the line",
	"credentialStatus":  "laurel keeps the status itself: delete the line",
	"credentialSubject": "write the subject's properties directly, such as name and email",
	"validFrom":         "validFrom is the time of signing; write awardedDate",
	"issuedOn":          "the name in Open Badges 3.0 is awardedDate",
	"issuanceDate":      "the name in Open Badges 3.0 is awardedDate",
	"expires":           "the name in Open Badges 3.0 is validUntil",
	"expirationDate":    "the name in Open Badges 3.0 is validUntil",
}

var (
	siteClass = &class{
		name: "site.yaml", required: []string{"baseURL", "languages", "issuer"},
		fields: []string{"baseURL", "languages", "theme", "issuer", "visibility", "sign", "status", "certificate", "publish", "movedTo", "movedFrom", "notIssued"},
		notes:  map[string]string{"baseUrl": `did you mean "baseURL"?`, "language": `did you mean "languages"? It is a list`, "name": "the name is a property of issuer", "id": "the issuer's id is the did:web of baseURL"},
	}
	signClass   = &class{name: "sign", fields: []string{"formats", "key"}}
	statusClass = &class{name: "status", fields: []string{"validFor"}}

	profileFields = []string{
		"name", "url", "phone", "description", "image", "email", "address", "otherIdentifier", "official", "parentOrg",
		"familyName", "givenName", "additionalName", "patronymicName", "honorificPrefix", "honorificSuffix",
		"familyNamePrefix", "dateOfBirth",
	}
	issuerClass = &class{
		name: "the issuer's Profile", required: []string{"name"}, fields: profileFields,
		notes: map[string]string{"id": "the issuer's id is the did:web of baseURL: delete the line", "telephone": `did you mean "phone"?`},
	}
	profileClass = &class{
		name: "a Profile", required: []string{"id", "name"}, fields: append([]string{"id"}, profileFields...),
		notes: map[string]string{"telephone": `did you mean "phone"?`},
	}
	addressClass = &class{
		name: "an Address",
		fields: []string{"addressCountry", "addressCountryCode", "addressRegion", "addressLocality", "streetAddress",
			"postOfficeBoxNumber", "postalCode", "geo"},
	}
	geoClass        = &class{name: "GeoCoordinates", required: []string{"latitude", "longitude"}, fields: []string{"latitude", "longitude"}}
	identifierClass = &class{name: "an IdentifierEntry", required: []string{"identifier", "identifierType"}, fields: []string{"identifier", "identifierType"}}
	imageClass      = &class{name: "an Image", fields: []string{"file", "id", "caption"}}

	certificateClass = &class{
		name: "certificate", fields: []string{"design", "signatories", "partner", "seal", "background", "caption"},
		notes: map[string]string{"signatory": `did you mean "signatories"? It is a list`, "signatures": `did you mean "signatories"?`, "logo": "the issuer's is its image; another's is that of partner"},
	}
	signatoryClass = &class{
		name: "a signatory", required: []string{"name"}, fields: []string{"name", "title", "image"},
		notes:   map[string]string{"signature": `did you mean "image"? It is the picture of the signature`, "role": `did you mean "title"?`},
		instead: "write name: and title: after the hyphen",
	}
	partnerClass = &class{name: "partner", required: []string{"name"}, fields: []string{"name", "image"}, notes: map[string]string{"logo": `did you mean "image"?`}}

	achievementClass = &class{
		name: "an Achievement", required: []string{"name", "description", "criteria"},
		fields: []string{"name", "description", "achievementType", "criteria", "image", "alignment", "creator", "creditsAvailable",
			"fieldOfStudy", "humanCode", "inLanguage", "otherIdentifier", "related", "resultDescription", "specialization",
			"tag", "version", "published", "validFor", "renewal", "variants", "certificate"},
		notes: map[string]string{
			"id": "an achievement's id follows from its file name: delete the line", "slug": "the file name is the slug: delete the line",
			"tags": `did you mean "tag"?`, "alignments": `did you mean "alignment"?`, "expires": "write validFor, such as validFor: P2Y",
			"validUntil": "write validFor, such as validFor: P2Y", "variant": `did you mean "variants"? It is a list`,
		},
	}
	criteriaClass = &class{
		name: "Criteria", fields: []string{"narrative", "id"},
		instead: "write narrative: with Markdown, or id: with a URL, below it",
	}
	alignmentClass = &class{
		name: "an Alignment", required: []string{"targetName", "targetUrl"},
		fields: []string{"targetName", "targetUrl", "targetCode", "targetDescription", "targetFramework", "targetType"},
		notes:  map[string]string{"targetURL": `did you mean "targetUrl"?`},
	}
	relatedClass           = &class{name: "Related", required: []string{"id"}, fields: []string{"id", "inLanguage", "version"}}
	resultDescriptionClass = &class{
		name: "a ResultDescription", required: []string{"id", "name", "resultType"},
		fields: []string{"id", "name", "resultType", "alignment", "allowedValue", "requiredLevel", "requiredValue",
			"rubricCriterionLevel", "valueMax", "valueMin"},
	}
	rubricClass = &class{name: "a RubricCriterionLevel", required: []string{"id", "name"}, fields: []string{"id", "name", "description", "level", "points", "alignment"}}

	programClass = &class{
		name: "a program", required: []string{"name", "achievements"},
		fields: []string{"name", "description", "achievements", "association", "completion", "visibility", "variants", "validFor", "image", "inLanguage"},
		notes: map[string]string{
			"associations": `did you mean "association"?`, "members": `did you mean "achievements"?`, "id": "a program is known by its file name: delete the line",
			"achievement": `did you mean "achievements"? It is a list`, "variant": `did you mean "variants"? It is a list`,
			"someOf": "write it below completion:", "credits": "write it below completion:", "validUntil": "write validFor, such as validFor: P2Y",
		},
	}
	associationClass = &class{
		name: "an Association", required: []string{"associationType", "sourceId", "targetId"}, fields: []string{"associationType", "sourceId", "targetId"},
		notes: map[string]string{"source": `did you mean "sourceId"?`, "target": `did you mean "targetId"?`},
	}
	completionClass = &class{
		name: "completion", fields: []string{"someOf", "from", "credits"},
		instead: "write all, or someOf: 2 with from: [slugs], or credits: 30, below it",
	}
	choiceClass = &class{
		name: "a record's variant", required: []string{"name", "label"}, fields: []string{"name", "label", "achievements", "form"},
		instead: "write no-name, or name: and achievements: after the hyphen",
	}

	// perAward are the properties a cohort gives to all its awards and a
	// recipient may override.
	perAward = []string{
		"awardedDate", "visibility", "achievement", "achievements", "validUntil", "activityStartDate", "activityEndDate",
		"creditsEarned", "licenseNumber", "narrative", "role", "term", "source", "evidence", "result",
	}
	cohortClass = &class{
		name: "a cohort", required: []string{"name"}, fields: append([]string{"name", "recipients", "roster", "columns", "dates", "encoding", "variants", "formats", "certificate"}, perAward...),
		notes: map[string]string{"results": `did you mean "result"?`, "validFor": "validFor is a property of the achievement; write validUntil here",
			"variant": `did you mean "variants"? It is a list`},
	}
	recipientClass = &class{
		name: "a recipient", fields: append([]string{"name", "id", "email", "studentId", "key", "hashedEmail"}, perAward...),
		notes: map[string]string{
			"results": `did you mean "result"?`, "did": "the field for a DID is id", "identifier": "write studentId, email or key",
			"validFor":    "validFor is a property of the achievement; write validUntil here",
			"variants":    "variants is a property of the achievement or the cohort: all learners have the same choice",
			"formats":     "formats is a property of the cohort or of sign in site.yaml",
			"certificate": "certificate is a property of the cohort, the achievement or site.yaml",
		},
		instead: "write name: and email: and so on after the hyphen",
	}
	hashedEmailClass = &class{
		name: "a hashed e-mail address", required: []string{"identityHash"}, fields: []string{"identityHash", "salt"},
		instead: "write identityHash: and salt: below it",
	}
	evidenceClass = &class{
		name: "Evidence", fields: []string{"id", "file", "name", "description", "narrative", "genre", "audience"},
		notes: map[string]string{"url": "the field for a URL is id", "image": "write file: with the name of a file in content/evidence"},
	}
	resultClass = &class{name: "a Result", required: []string{"resultDescription"}, fields: []string{"resultDescription", "value", "status", "achievedLevel", "alignment"}}

	endorsersClass = &class{
		name: "a file of endorsements", fields: []string{"endorser", "endorsements", "received"},
		notes: map[string]string{"endorsement": `did you mean "endorsements"? It is a list`, "name": "the name is a property of endorser"},
	}
	endorserClass = &class{
		name: "an endorser's Profile", required: []string{"name"},
		fields: slices.DeleteFunc(slices.Clone(profileFields), func(name string) bool { return name == "image" }),
		notes: map[string]string{"id": "the endorser's id is a did:web below baseURL: delete the line", "telephone": `did you mean "phone"?`,
			"image": "only the issuer's picture is published"},
	}
	endorsementClass = &class{
		name: "an endorsement", required: []string{"name", "endorsementComment"},
		fields: append(targetFields, "name", "endorsementComment", "awardedDate", "validUntil"),
		notes:  map[string]string{"comment": `did you mean "endorsementComment"?`, "description": `did you mean "endorsementComment"?`},
	}
	targetFields  = []string{"achievement", "issuer", "award"}
	receivedClass = &class{
		name: "an endorsement that was received", required: []string{"file"},
		fields: []string{"achievement", "issuer", "file", "documents", "embed"},
		notes: map[string]string{"document": `did you mean "documents"? It is a list`, "name": "the name is in the file: delete the line",
			"award": "only an endorsement that is made here can be of one award: an award's id is drawn when it is signed"},
	}

	pageClass = &class{
		name: "a page", required: []string{"title"}, fields: []string{"title", "language", "translationOf", "order", "hidden"},
		notes: map[string]string{"lang": `did you mean "language"?`, "slug": "the file name is the slug: delete the line", "name": `did you mean "title"?`},
	}
)

// Enumerations of Open Badges Specification v3.0, in its spelling.
var (
	achievementTypes = []string{
		"Achievement", "ApprenticeshipCertificate", "Assessment", "Assignment", "AssociateDegree", "Award", "Badge",
		"BachelorDegree", "Certificate", "CertificateOfCompletion", "Certification", "CommunityService", "Competency",
		"Course", "CoCurricular", "Degree", "Diploma", "DoctoralDegree", "Fieldwork", "GeneralEducationDevelopment",
		"JourneymanCertificate", "LearningProgram", "License", "Membership", "ProfessionalDoctorate",
		"QualityAssuranceCredential", "MasterCertificate", "MasterDegree", "MicroCredential", "ResearchDoctorate",
		"SecondarySchoolDiploma",
	}
	resultTypes = []string{
		"GradePointAverage", "LetterGrade", "Percent", "PerformanceLevel", "PredictedScore", "RawScore", "Result",
		"RubricCriterion", "RubricCriterionLevel", "RubricScore", "ScaledScore", "Status",
	}
	resultStatuses  = []string{"Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Provisional", "Withdrew"}
	alignmentTypes  = []string{"ceasn:Competency", "ceterms:Credential", "CFItem", "CFRubric", "CFRubricCriterion", "CFRubricCriterionLevel", "CTDL"}
	identifierTypes = []string{
		"name", "sourcedId", "systemId", "productId", "userName", "accountId", "emailAddress", "nationalIdentityNumber",
		"isbn", "issn", "lisSourcedId", "oneRosterSourcedId", "sisSourcedId", "ltiContextId", "ltiDeploymentId",
		"ltiToolId", "ltiPlatformId", "ltiUserId", "identifier",
	}

	associationTypes = []string{"exactMatchOf", "isChildOf", "isParentOf", "isPartOf", "isPeerOf", "isRelatedTo", "precedes", "replacedBy"}
	recordForms      = []string{"full", "no-name"}
	// ownWords are what the claim page calls other choices.
	ownWords = []string{"full", "no-name", "achievement-only", "choose", "other"}

	visibilities = []string{"link", "public", "private"}
	variants     = []string{"full", "no-name", "achievement-only"}
)

// rosterColumns are the columns of a roster, beside result.<id of a
// ResultDescription>.
var rosterColumns = []string{
	"name", "id", "email", "studentId", "key", "achievement", "awardedDate", "visibility", "narrative", "role", "term",
	"licenseNumber", "creditsEarned", "activityStartDate", "activityEndDate", "validUntil",
	"evidence.id", "evidence.file", "evidence.name", "evidence.description", "evidence.narrative", "evidence.genre", "evidence.audience",
}
