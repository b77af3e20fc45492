package render

import (
	"net/url"
	"time"

	"laurel/internal/publishing/site"
	"laurel/internal/standards/vc"
)

// The samples below are what the golden pages and the preview show. All people
// and organisations are made up.

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 9, 30, 0, 0, time.UTC) }

const sampleHost = "https://academy.example.org/"

func sampleCommon(root, path, title string) site.Common {
	return site.Common{
		Root: root, Base: root, Path: path, URL: sampleHost + path[:len(path)-len("index.html")], Canonical: sampleHost + path[:len(path)-len("index.html")], Language: "en", Title: title,
		Preview: site.Preview{Width: 512, Height: 512},
		Logo:    site.Preview{Width: 512, Height: 512},
		Issuer: site.Issuer{
			DID: "did:web:academy.example.org", Name: "Harbour Street Academy", URL: "https://academy.example.org/about/",
			Email: "records@academy.example.org", Phone: "+44 20 7946 0000",
			Description: "An evening school for trades and technology by the old harbour. We teach small groups, assess real work, and stand behind every record we sign.",
			Address:     []string{"14 Harbour Street", "Example Town EX1 2MP"},
			ImageHref:   root + "images/academy.svg", SmallHref: root + "images/academy.svg", ImageAlt: "A harbour crane in a ring",
		},
		Nav: []site.Link{
			{Label: "About", Href: root + "about/", Current: path == "about/index.html"},
			{Label: "Privacy", Href: root + "privacy/"},
		},
	}
}

func sampleHome() *site.HomePage {
	card := func(name, typ, description, image string, tags ...string) site.AchievementCard {
		return site.AchievementCard{
			Name: name, Type: typ, Description: description, Tags: tags, Href: "./achievements/" + initial(name) + "/",
			ImageHref: image, ImageAlt: name, Is: url.Values{"type": {typ}, "tag": tags}.Encode(),
		}
	}
	page := &site.HomePage{
		Common: sampleCommon("./", "index.html", "Harbour Street Academy"),
		Catalogue: site.Catalogue{Size: "some", Achievements: []site.AchievementCard{
			card("Welding Foundations", "Certificate of completion", "Safe set-up, fillet and butt welds in two positions, and reading a weld symbol, shown on three test pieces.", "./images/badge1.svg", "metal", "safety", "workshop", "evening"),
			card("Workshop First Aider", "Badge", "Knows what to do in the first ten minutes after an accident.", "./images/badge2.svg", "safety"),
			card("Data Analysis with Open Tools", "Micro-credential", "Cleans, joins and charts a data set of the learner's choosing, and defends the conclusions.", "./images/badge1.svg", "data", "statistics"),
			card("Community Interpreter, Level 3: health, housing and public services", "Certificate", "Interprets in both directions in simulated appointments, keeps to the code of conduct.", "./images/badge3.svg", "languages"),
			card("شهادة الخط العربي", "Course", "مبادئ خط النسخ والرقعة، مع لوحة نهائية.", "./images/badge3.svg", "calligraphy", "arts"),
			card("Peer Mentor", "Badge", "", "./images/badge2.svg"),
		}},
	}
	page.Total = len(page.Achievements)
	page.Description = page.Issuer.Description
	page.Preview = site.Preview{Href: "./issuer.png", Width: 512, Height: 384}
	page.Endorsements = []site.Endorsement{sampleEndorsement("")}
	return page
}

// sampleMany is the first page of a site with more achievements than it shows.
func sampleMany() *site.HomePage {
	page := sampleHome()
	page.Endorsements = nil
	page.Catalogue.Size, page.Total, page.PerPage, page.AllHref, page.Skills = "many", 1234, 40, "./achievements/", 1
	page.Achievements[4].Language, page.Achievements[0].Field = "ar", "Metalwork"
	page.Programs = []site.ProgramCard{{Name: "Workshop Foundation", Description: "What every course builds on.", Href: "./programs/workshop/", ImageHref: "./images/badge1.svg", Count: 3}}
	page.Facets = []site.Facet{
		{Name: "type", Choices: []site.Choice{{Value: "Badge", Label: "Badge", Count: 1000}, {Value: "Course", Label: "Course", Count: 1}}},
		{Name: "skill", Total: 50, Choices: []site.Choice{{Value: "loten", Label: "Löten", Language: "de", Count: 2}}, More: []site.Choice{{Value: "weld", Label: "weld", Count: 1}}},
		{Name: "language", Choices: []site.Choice{{Value: "de", Label: "de", Count: 2}, {Value: "en", Label: "en", Count: 1}}},
	}
	return page
}

func sampleAll() *site.CataloguePage {
	cards := sampleHome().Achievements
	return &site.CataloguePage{Common: sampleCommon("../", "achievements/index.html", ""), Total: 5,
		Groups: []site.CatalogueGroup{{Letter: "D", Achievements: cards[2:3]}, {Letter: "W", Achievements: cards[:2]}, {Letter: "#", Achievements: cards[3:5]}}}
}

func sampleSkills() *site.SkillsPage {
	return &site.SkillsPage{Common: sampleCommon("../", "skills/index.html", ""), Groups: []site.SkillGroup{
		{Framework: "ESCO", Skills: []site.SkillLink{{Link: site.Link{Label: "operate welding equipment", Href: "operate-welding-equipment/"}, Count: 1250}}},
		{Skills: []site.SkillLink{{Link: site.Link{Label: "Löten", Href: "loten/", Language: "de"}, Count: 1}}}}}
}

// sampleSkill is in German, of a skill that has no German name.
func sampleSkill() *site.SkillPage {
	page := &site.SkillPage{Common: sampleCommon("../../../", "de/skills/operate-welding-equipment/index.html", "operate welding equipment"), Skill: "operate-welding-equipment",
		Nodes: sampleAchievement().Alignments[:1], Achievements: sampleHome().Achievements[:1], Programs: sampleMany().Programs}
	page.Language, page.Foreign, page.Base, page.Description = "de", "en", "../../", page.Nodes[0].Description
	return page
}

func sampleProgram() *site.ProgramPage {
	cards := sampleHome().Achievements
	page := &site.ProgramPage{Common: sampleCommon("../../", "programs/workshop/index.html", "Workshop Foundation"), ImageHref: "./images/badge1.svg", SomeOf: 2, AwardedAtLeast: 20,
		Parts: []site.ProgramPart{{AchievementCard: cards[0], Relations: []site.ProgramRelation{{Type: "after", Link: site.Link{Label: "Workshop First Aider", Href: "../../achievements/w/"}}}}, {AchievementCard: cards[1]}, {AchievementCard: cards[2]}}}
	page.Description = "What every course builds on."
	page.From = []site.Link{{Label: "Welding Foundations", Href: "../../achievements/w/"}, {Label: "Workshop First Aider", Href: "../../achievements/w/", Language: "de"}}
	return page
}

func sampleAchievement() site.Achievement {
	return site.Achievement{
		ID:          sampleHost + "achievements/welding-foundations/achievement.json",
		Name:        "Welding Foundations",
		Description: "Safe set-up, fillet and butt welds in two positions, and reading a weld symbol, shown on three test pieces.",
		Type:        "Certificate of completion",
		CriteriaMarkdown: "The learner\n\n- attends at least **40 of 48 hours**,\n- welds three test pieces that pass a visual and a bend test,\n" +
			"- passes the safety interview.\n\n## Test pieces\n\n1. Fillet weld, flat position\n2. Fillet weld, horizontal position\n3. Butt weld, 6 mm plate\n\n" +
			"The test pieces follow the practice described in the [workshop handbook](https://academy.example.org/handbook).\n\n" +
			"| Piece | Time |\n|---|---|\n| 1 and 2 | 40 min |\n| 3 | 60 min |\n",
		CriteriaURL: "https://academy.example.org/handbook/welding",
		ImageHref:   "./image.svg",
		ImageAlt:    "A torch and a seam in a green ring",
		Alignments: []site.Alignment{
			{Name: "operate welding equipment", URL: "http://data.europa.eu/esco/skill/00000000-0000-4000-8000-000000000001", Framework: "ESCO", Code: "S8.3.1", Type: "Skill", Description: "Use welding equipment to melt and join together pieces of metal or steel, wearing protective eyewear during the working process."},
			{Name: "Welders, Cutters, Solderers, and Brazers", URL: "https://www.onetonline.org/link/summary/51-4121.00", Framework: "O*NET-SOC", Code: "51-4121.00", Type: "Occupation"},
			{Name: "Follow safety procedures in a workshop", URL: "urn:example:case:5e1a", Framework: "Harbour Street Framework of Competencies for Trades and Technology 2026"},
		},
		Results: []site.ResultDescription{
			{
				Name: "Weld quality", Type: "Rubric criterion level", Required: "Proficient",
				Levels: []site.Level{
					{Name: "Developing", Level: "1", Points: "1", Description: "Welds hold, with visible porosity or uneven beads."},
					{Name: "Proficient", Level: "2", Points: "3", Description: "Even beads, full penetration, passes the bend test.", Required: true},
					{Name: "Excellent", Level: "3", Points: "5", Description: "Even in difficult positions; could be shown to a customer."},
				},
			},
			{Name: "Safety interview", Type: "Percent", ValueMin: "0", ValueMax: "100", Required: "80"},
			{Name: "Final grade", Type: "Letter grade", AllowedValues: []string{"Not yet", "C", "B", "A"}, Required: "C"},
		},
		Creator: "Guild of Harbour Trades", CreditsAvailable: "5", FieldOfStudy: "Metalwork", Specialization: "Manual arc welding",
		HumanCode: "WF-101", Language: "en", Version: "2026.1",
		Tags: []string{"metal", "safety", "workshop", "evening"},
		Related: []site.Link{
			{Label: "Workshop First Aider", Href: "../workshop-first-aider/"},
			{Label: "Welding Foundations, 2024 edition", Href: "https://old.example.org/welding"},
		},
	}
}

func sampleAchievementPage() *site.AchievementPage {
	page := &site.AchievementPage{
		Common:       sampleCommon("../../", "achievements/welding-foundations/index.html", "Welding Foundations"),
		Earlier:      []site.VersionLink{{Label: "2024", Name: "Welding Foundations", Href: "../../achievements/welding-foundations/2024/", From: 2023, To: 2025}, {Name: "Welding", Href: "../../achievements/welding-foundations/1a2b3c4d/", From: 2022, To: 2022}},
		Translations: []site.Link{{Label: "Grundlagen des Schweißens", Href: "../schweissen/", Language: "de"}, {Label: "أساسيات اللحام", Href: "../lahm/", Language: "ar"}},
		Achievement:  sampleAchievement(), JSONHref: "achievement.json", AwardedAtLeast: 1250, ValidFor: "P2Y6M",
	}
	page.LinkedData = map[string]any{"@context": "https://schema.org", "@type": "EducationalOccupationalCredential", "name": "Welding </script> & \u2028 Foundations"}
	page.Endorsements = []site.Endorsement{sampleEndorsement("")}
	page.Offered, page.Achievement.Alignments[0].Href = true, "../../skills/operate-welding-equipment/"
	page.Around = []site.AroundCard{{AchievementCard: sampleHome().Achievements[1], Type: "after"}}
	page.Programs = sampleMany().Programs
	page.Description = page.Achievement.Description
	page.Preview = site.Preview{Href: "../../achievements/welding-foundations/image.png", Width: 512, Height: 512}
	return page
}

func sampleEndorsement(of string) site.Endorsement {
	return site.Endorsement{ID: "urn:uuid:5f1c0b0e-98d3-4a7e-8a55-2b1d6f1f0c10", Of: of, Name: "Fit for the bench", Endorser: "Example Guild", EndorserID: "did:web:guild.example.org",
		EndorserURL: "https://guild.example.org/", CommentMarkdown: "Who has it starts **without a trial week**.", Date: time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC),
		VerifyHref: "../../verify/#vc=https://academy.example.org/endorsements/5f1c0b0e-98d3-4a7e-8a55-2b1d6f1f0c10.json"}
}

// standing is a result of a value or what else r says, on the scale of d.
func standing(value string, r vc.Result, d vc.ResultDescription) site.Standing {
	r.Value = value
	s, _ := r.Standing([]vc.ResultDescription{d})
	return s
}

const sampleUUID = "3f8b7c52-91de-4c0a-b6a4-0d6a5c1f2e77"

func sampleAward() *site.AwardPage {
	page := &site.AwardPage{
		Common: sampleCommon("../../", "awards/"+sampleUUID+"/index.html", "Welding Foundations: Amina Yusuf-Lindqvist"),
		Status: site.AwardStatus{State: "valid"}, State: site.Unchecked, CredentialHref: "credential.json", BadgePNGHref: "badge.png", BadgeSVGHref: "badge.svg",
	}
	page.Preview = site.Preview{Href: "badge.png", Width: 512, Height: 512}
	byDID := site.Endorsement{ID: "urn:uuid:5f1c0b0e-98d3-4a7e-8a55-2b1d6f1f0c11", Of: "issuer", Name: "A workshop we trust", EndorserID: "did:web:chamber.example.org",
		ValidUntil: time.Date(2031, time.March, 2, 0, 0, 0, 0, time.UTC)}
	page.Award = site.Award{
		CredentialID:  "urn:uuid:" + sampleUUID,
		Endorsements:  []site.Endorsement{sampleEndorsement("award"), byDID},
		EndorsedBy:    []string{"Example Guild", "did:web:chamber.example.org"},
		RecipientName: "Amina Yusuf-Lindqvist",
		RecipientID:   "did:key:z6MkexampleexampleexampleexampleexampleexampleA",
		Achievement:   sampleAchievement(),
		Results: []site.Result{
			{Name: "Weld quality", Standing: standing("", vc.Result{AchievedLevel: "2", Status: "Completed"}, vc.ResultDescription{RequiredLevel: "2", RubricCriterionLevel: []vc.RubricCriterionLevel{
				{ID: "1", Level: "1"}, {ID: "2", Name: "Proficient", Level: "2", Points: "3", Description: "Even beads, full penetration, passes the bend test."}, {ID: "3", Level: "3"},
			}})},
			{Name: "Safety interview", Standing: standing("64", vc.Result{}, vc.ResultDescription{ValueMin: "0", ValueMax: "100", RequiredValue: "80"})},
			{Name: "Final grade", Standing: standing("A", vc.Result{}, vc.ResultDescription{AllowedValue: []string{"Not yet", "C", "B", "A"}, RequiredValue: "C"}), Alignments: []site.Alignment{{Name: "operate welding equipment", URL: "http://data.europa.eu/esco/skill/00000000-0000-4000-8000-000000000001", Framework: "ESCO"}}},
		},
		Evidence: []site.Evidence{
			{Name: "Test piece 3, butt weld", Description: "Photographs before and after the bend test.", URL: "https://portfolio.example.com/amina/piece-3", Genre: "Photographs", Audience: "Employers", NarrativeMarkdown: "Welded in **52 minutes**. No porosity found."},
			{Description: "Examiner's notes, kept by the academy."},
		},
		NarrativeMarkdown: "Amina helped two classmates through the vertical welds, and it showed in *their* test pieces too.",
		AwardedDate:       day(2026, time.March, 5),
		ValidFrom:         day(2026, time.March, 7),
		ValidUntil:        day(2028, time.September, 5),
		ActivityStart:     day(2026, time.January, 12),
		ActivityEnd:       day(2026, time.March, 1),
		CreditsEarned:     "5", LicenseNumber: "HSA-W-0042", Role: "Learner", Term: "Spring 2026", Source: "Guild of Harbour Trades",
		Cryptosuite:        "eddsa-rdfc-2022",
		VerificationMethod: "did:web:academy.example.org#key-2026-1",
		StatusList:         sampleHost + "status/1.json",
		StatusIndex:        "73201",
		IssuedBy:           page.Issuer,
	}
	page.Take = site.Take{
		PageURL: page.Canonical, VerifyURL: sampleHost + "verify/#" + sampleUUID, CredentialURL: page.Canonical + "credential.json",
		WalletHref:       "dccrequest://request?request=%7B%22credentialRequestOrigin%22%3A%22https%3A%2F%2Facademy.example.org%22%7D",
		VerifierPlusHref: "https://verifierplus.org/#verify?vc=https%3A%2F%2Facademy.example.org%2Fawards%2F" + sampleUUID + "%2Fcredential.json",
		LinkedIn: site.LinkedIn{
			Href: "https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME&name=Welding%20Foundations",
			Name: page.Achievement.Name, Organization: page.Issuer.Name, Issued: page.AwardedDate, Expires: page.ValidUntil,
			CredentialID: sampleUUID, URL: page.Canonical,
		},
	}
	page.Description = "Awarded by Harbour Street Academy on 5 March 2026."
	page.NoIndex = true
	page.Achievement.Href = "../../achievements/welding-foundations/"
	page.Achievement.ImageHref = "badge.svg"
	return page
}

// sampleBareAward has only what every award has.
func sampleBareAward() *site.AwardPage {
	page := sampleAward()
	page.Preview.Href = ""
	return &site.AwardPage{
		Common: page.Common, Status: site.AwardStatus{State: "valid"}, State: site.Unchecked, CredentialHref: "credential.json",
		Award: site.Award{
			CredentialID: page.CredentialID, IssuedBy: page.Issuer, AwardedDate: page.AwardedDate, ValidFrom: page.ValidFrom,
			Achievement: site.Achievement{Name: "Peer Mentor", Description: "Stood by newcomers for a term."},
			Cryptosuite: page.Cryptosuite, VerificationMethod: page.VerificationMethod, StatusList: page.StatusList, StatusIndex: "5",
		},
	}
}

func sampleRevokedAward() *site.AwardPage {
	page := sampleAward()
	page.Language = "de"
	page.RecipientName = "Maximiliane Freifrau von Hohenstein-Wackernagel zu Obersulm-Affaltrach"
	page.Achievement.Name = "Grundlagen der Arbeitssicherheitsbeauftragtenausbildung in Metallverarbeitungsbetrieben"
	page.State, page.Status = site.Revoked, site.AwardStatus{State: "revoked", Since: day(2026, time.April, 1), Reason: "Der Name war falsch geschrieben."}
	return page
}

func sampleArabicAward() *site.AwardPage {
	page := sampleBareAward()
	page.Language = "ar"
	page.RecipientName = "فاطمة الزهراء بنت عبد الرحمن"
	page.Achievement = site.Achievement{Name: "شهادة الخط العربي", Type: "دورة", Description: "مبادئ خط النسخ والرقعة، مع لوحة نهائية.", Language: "ar", CriteriaMarkdown: "حضور **٤٠ ساعة** وتقديم لوحة نهائية."}
	page.State, page.Status = site.Suspended, site.AwardStatus{State: "suspended", Since: day(2026, time.May, 2)}
	page.BadgePNGHref = "badge.png"
	return page
}

// sampleRecord is of a learner who holds three things of a program in two parts, one
// of which was revoked since.
func sampleRecord() *site.AwardPage {
	page := sampleAward()
	member := func(id, credits string, date time.Time, results ...site.Result) site.Member {
		return site.Member{CredentialID: "urn:uuid:00000000-0000-4000-8000-00000000000" + id, Credits: credits, AwardedDate: date, Results: results,
			Href: "../../awards/00000000-0000-4000-8000-00000000000" + id + "/", Status: site.AwardStatus{State: "valid"}}
	}
	full := sampleAward()
	welding := member("1", "5", day(2026, time.March, 5), full.Results...)
	aid := member("2", "1.5", day(2026, time.April, 20))
	aid.ValidUntil = day(2028, time.April, 20)
	mentor := member("3", "", day(2026, time.May, 2))
	mentor.Href, mentor.Issuer, mentor.Status = "", "Guild of Harbour Trades", site.AwardStatus{State: "revoked", Since: day(2026, time.June, 1), Reason: "Issued by mistake."}
	page.Status.State, page.State = "fallen", site.Fallen
	page.Title = "Harbour Trades, First Year"
	page.Award = site.Award{
		CredentialID: full.CredentialID, IssuedBy: full.IssuedBy, RecipientName: full.RecipientName, ValidFrom: full.ValidFrom, ValidUntil: full.ValidUntil,
		Achievement: site.Achievement{Name: page.Title, Description: "What every further course in the harbour builds on.", ImageHref: "badge.svg"},
		Cryptosuite: full.Cryptosuite, VerificationMethod: full.VerificationMethod, StatusList: full.StatusList, StatusIndex: "9",
		Record: &site.Record{Partial: true, Count: 3, Credits: "6.5", Fallen: true, Parts: []site.RecordPart{
			{Name: "Metalwork", Parts: []site.RecordPart{
				{Name: "Welding Foundations", Language: "en", Href: "../../achievements/welding-foundations/", Members: []site.Member{welding},
					Relations: []site.Relation{{Type: "after", Name: "Workshop First Aider"}, {Type: "peer", Name: "مبادئ خط النسخ", Language: "ar"}}},
			}},
			{Name: "Workshop First Aider", Href: "../../achievements/first-aid/", Members: []site.Member{aid}, Relations: []site.Relation{{Type: "before", Name: "Welding Foundations"}}},
			{Name: "Peer Mentor", Members: []site.Member{mentor}},
		}},
	}
	return page
}

func sampleTombstone(language, state string) *site.TombstonePage {
	page := &site.TombstonePage{Common: sampleCommon("../../", "awards/00000000-0000-4000-8000-000000000001/index.html", ""),
		CredentialID: "urn:uuid:00000000-0000-4000-8000-000000000001", State: state, Since: day(2026, time.April, 1)}
	if page.Language, page.NoIndex = language, true; state == "replaced" {
		page.ReplacedHref = "../../awards/00000000-0000-4000-8000-000000000002/"
	}
	return page
}

func sampleText() *site.TextPage {
	return &site.TextPage{
		Common:   sampleCommon("../", "about/index.html", "About us"),
		Markdown: "We opened in **1987** in a former net store.\n\n# What we promise\n\n- We publish no name that its owner did not ask us to publish.\n- We answer questions about a record within two days: <records@academy.example.org>.\n\n> A record is worth what stands behind it.\n\n### Further reading\n\nThe [standard](https://www.imsglobal.org/spec/ob/v3p0 \"a title\") and `laurel verify`.\n\n```sh\nlaurel verify URL\n```\n",
	}
}

func sampleVerify(language string) *site.VerifyPage {
	page := &site.VerifyPage{Common: sampleCommon("../", "verify/index.html", ""), BaseURL: sampleHost}
	page.Language = language
	return page
}

func sampleClaim(language string) *site.ClaimPage {
	page := &site.ClaimPage{Common: sampleCommon("../", "claim/index.html", ""), BaseURL: sampleHost}
	page.Language, page.NoIndex = language, true
	return page
}

func sampleNotFound() *site.NotFoundPage {
	page := &site.NotFoundPage{Common: sampleCommon("/", "404.html/index.html", "Page not found")}
	page.Path, page.Canonical = "404.html", sampleHost+"404.html"
	return page
}

// samples are all sample pages by the name of their golden file.
func samples() map[string]any {
	awardIn := func(language, name string) *site.AwardPage {
		page := sampleAward()
		page.Language, page.RecipientName = language, name
		return page
	}
	bareHome := &site.HomePage{Common: site.Common{Root: "../", Base: "./", Path: "fr/index.html", URL: sampleHost + "fr/", Canonical: sampleHost + "fr/", Foreign: "en", Language: "fr", Title: "École", Issuer: site.Issuer{Name: "École", DID: "did:web:example.org"},
		Alternates: []site.Link{{Href: "../", Language: "en"}, {Href: "../fr/", Language: "fr", Current: true}, {Href: "../ar/", Language: "ar"}}}}
	earlier := sampleAchievementPage()
	earlier.Earlier, earlier.Translations, earlier.NoIndex = nil, nil, true
	earlier.Current = &site.VersionLink{Label: "2024", Href: "../../achievements/welding-foundations/", From: 2023, To: 2025}
	return map[string]any{
		"achievement-earlier": earlier, "home-many": sampleMany(), "catalogue": sampleAll(), "skills": sampleSkills(), "skill-de": sampleSkill(), "program": sampleProgram(),
		"home": sampleHome(), "home-bare": bareHome, "achievement": sampleAchievementPage(),
		"award": sampleAward(), "award-bare": sampleBareAward(), "award-revoked-de": sampleRevokedAward(), "award-suspended-ar": sampleArabicAward(),
		"award-es": awardIn("es", "王小明"), "award-fr": awardIn("fr", "आरती शर्मा"), "record": sampleRecord(),
		"tombstone": sampleTombstone("en", "replaced"), "tombstone-fr": sampleTombstone("fr", "withdrawn"),
		"text": sampleText(), "verify": sampleVerify("en"), "verify-de": sampleVerify("de"),
		"claim": sampleClaim("en"), "claim-fr": sampleClaim("fr"), "notfound": sampleNotFound(),
	}
}

const sampleImage = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 320"><circle cx="160" cy="160" r="150" fill="#17614a"/><circle cx="160" cy="160" r="128" fill="none" stroke="#e8d9ae" stroke-width="6"/><path d="M100 165l40 42 80-92" fill="none" stroke="#fff" stroke-width="18"/></svg>`
