// Package content reads the content/ folder of a site into a checked
// model.Site, or says everything that is wrong with it, at once, each problem
// with its file, line, column and field.
//
// It owns the YAML, CSV and Markdown that authors write. It guesses nothing:
// an unknown or repeated field, a number where text belongs, a local time, a
// reference that leads nowhere, a picture that is none are problems. It knows
// nothing of keys, the ledger or credentials, and writes nothing. Content is
// not trusted: everything is read through an os.Root, no symbolic link is
// followed, no FIFO or device opened, and every file, value and depth has a
// limit (files.go, yaml.go, text.go, roster.go).
//
// # Values
//
// Property names are those of Open Badges Specification v3.0. A value marked
// * is required.
//
//	text      one line, at most 1,000 characters, in quotes where YAML would
//	          read a number, date, true, false or null
//	prose     text of several lines, at most 16 KiB
//	Markdown  prose within the limits of material/markdown; no raw HTML, no
//	          images, links only to http, https, mailto, without titles
//	verbatim  text, or a number without quotes, which stays as written: 1.10
//	number    decimal, at most 15 digits
//	date      2026-06-30, its first moment in UTC; or 2026-06-30T09:00:00+02:00,
//	          a moment with its zone, in whole seconds
//	day       2026-06-30
//	duration  ISO 8601: P2Y, P6M, P90D, PT12H
//	language  BCP 47: en, de-CH, zh-Hant
//	URL       absolute http or https URL, without user name and password
//	IRI       a URL, a DID or a URN
//	image     the name of a PNG, JPEG or SVG file below content/images, or a
//	          mapping with file (or id) and caption; at most 10 MiB and 4,096
//	          pixels a side; SVG that only draws, at most 1 MiB, with a PNG
//	          of the same name and proportions beside it (logo.png beside
//	          logo.svg), at least 512 pixels on its longer side, which is
//	          what is shown wherever SVG is not; without one, an emblem is
//	          drawn: its outline by achievementType, colours and pattern by
//	          the achievement's id, two initials and a level of its name
//	slug      a to z, 0 to 9 and single hyphens, at most 64 characters
//	extensible a term of the Open Badges enumeration, or ext: and an own one
//
// Every text is composed on reading (Unicode's form NFC), so that what looks the
// same is signed the same.
//
// Anchors and aliases may be used; tags, merge keys and second documents may
// not. The properties type and @context are never written: laurel adds them.
//
// # content/site.yaml
//
//	baseURL*     https URL under which public/ is served; no query, fragment or
//	             IP address; slashes at its end are dropped
//	languages*   list of languages; the first is the default, and has the pages at
//	             the site's root, each other one's are in a folder of its name; the
//	             theme has words in each
//	issuer*      Profile without id, name*
//	theme        Theme, or only its name; default: default
//	visibility   link, public or private; default: link
//	sign         formats: list of model.Forms that starts with eddsa-rdfc-2022
//	             (the default); key: name of a key, or a list of names, one for
//	             each kind that the forms need; default: the newest that fits
//	status       validFor: duration a signed status list is good for
//	certificate  Certificate: of all awards
//	publish      where `laurel publish` brings the site: one or several of git
//	             [repository*: https, ssh or file address, or a path relative to the
//	             site folder; branch, default gh-pages], folder: a path relative to
//	             the site folder, and s3 [bucket*, endpoint: https URL of the store,
//	             default that of AWS; prefix of all keys; region]. No secrets: git
//	             has its own, and those of stores are in AWS_ACCESS_KEY_ID and
//	             AWS_SECRET_ACCESS_KEY, or in ~/.aws/credentials
//	movedTo      https URL: in the folder that was left at an old address, the new
//	             one; its pages lead there. This field and the next two are written
//	             by "laurel move"
//	movedFrom    https URL: the address that the site had before
//	notIssued    list of award keys that were issued there, and are not here again
//
//	Certificate  how certificates are drawn, on paper and as PDF; none of it is in a
//	             credential. design: classic (the default), modern or portrait;
//	             signatories [name*, title, image: of the signature], at most two,
//	             [] for none; partner: name* and image, who awards together with
//	             the issuer; seal image; background image; caption: of the QR code.
//	             What a cohort says counts before what the achievement does, and
//	             that before the site. Of cohort and achievement each award keeps
//	             what they said when it was signed
//
//	Theme        name: slug of a built-in theme or a folder of themes/; accent and
//	             paper: colours, #rrggbb or #rgb in quotes, paper a light one;
//	             logo and background: images; fonts: headings and text, or one for
//	             both: font families as in CSS; certificate: classic, modern or
//	             portrait. What is left out is as themes/<name>/theme.yaml says, which
//	             has all of these but name, logo and background
//	Profile      id* IRI (not for the issuer), name*, url URL, phone,
//	             description prose, image, email, address Address,
//	             otherIdentifier [IdentifierEntry], official, parentOrg Profile,
//	             familyName, givenName, additionalName, patronymicName,
//	             honorificPrefix, honorificSuffix, familyNamePrefix,
//	             dateOfBirth day
//	Address      addressCountry, addressCountryCode (DE), addressRegion,
//	             addressLocality, streetAddress, postOfficeBoxNumber,
//	             postalCode, geo: latitude* and longitude* in degrees
//	IdentifierEntry  identifier*, identifierType* extensible
//
// # content/achievements/<slug>.yaml
//
//	name*, description* prose, criteria* Criteria,
//	achievementType extensible, image, alignment [Alignment],
//	creator Profile, creditsAvailable number, fieldOfStudy,
//	humanCode verbatim, inLanguage language,
//	otherIdentifier [IdentifierEntry], related [Related],
//	resultDescription [ResultDescription], specialization, tag [text],
//	version verbatim, published date: since when it is offered, for the feed
//	of new ones and for search engines; validFor duration: awards expire so
//	long after awardedDate; variants [full, no-name or achievement-only]: the forms of
//	each award between which its learner chooses; full is always made,
//	no-name has results, credits, dates and the e-mail address as a hash,
//	nothing else of the recipient or about the award; certificate Certificate
//
//	Criteria     narrative Markdown, id URL; at least one
//	Alignment    targetName*, targetUrl* URL, targetCode verbatim,
//	             targetDescription prose, targetFramework,
//	             targetType extensible; one of a type ext:…Level, such as
//	             ext:EQFLevel, is a level, every other one a skill, which has a
//	             page of all achievements of this site that show it
//	Related      id*: a slug of this site or an IRI, inLanguage, version;
//	             with the inLanguage of an achievement of this site, other than
//	             its own, it is the same one in another language: one such link
//	             suffices, all that are linked so get links to each other
//	ResultDescription  id*: a name such as final-grade, or an IRI; name*,
//	             resultType* extensible, alignment [Alignment],
//	             allowedValue [verbatim], lowest first, which is the worst first
//	             of marks where the lower one is better; requiredLevel: id of a
//	             level; requiredValue verbatim, valueMin and valueMax: decimal,
//	             rubricCriterionLevel [RubricCriterionLevel]; what is required
//	             passes, and what is above it
//	RubricCriterionLevel  id*, name*, description prose, level verbatim,
//	             points verbatim, alignment [Alignment]; lowest first, each with
//	             a higher level, or else points, than the one before; where no
//	             level has either, they are numbered from 1
//
// # content/programs/<slug>.yaml
//
//	name*, description prose, achievements* [slug], at most 64,
//	association  [associationType*, sourceId* and targetId*: slugs of these]:
//	             none twice, and no cycle of isPartOf, isChildOf and isParentOf,
//	             of precedes, or of replacedBy
//	completion   all (the default); or someOf: how many of from: [slug], by
//	             default all; or credits: how many creditsAvailable or, in an
//	             award, creditsEarned, which all of them then have
//	visibility   of records: link, public or private; default: that of site.yaml
//	variants     [no-name; or name*: a slug, label*, achievements [slug] and form
//	             (full or no-name)]: what else a record is signed as; no-name
//	             needs the no-name form of all that is in it
//	validFor     duration: records expire so long after they are signed
//	image, inLanguage language
//
// # content/awards/<cohort>.yaml
//
//	name*
//	achievement slug, or achievements [slug]
//	roster       CSV file below content/, as seen from content/awards
//	recipients   list of recipients; it, the roster, or both must be there
//	variants     in place of the achievement's; [] for none but full
//	formats      in place of the site's sign.formats
//	certificate  Certificate
//
//	             A cohort gives these to all its awards; a recipient may
//	             override each, and may have achievement(s) of its own:
//	awardedDate* date, in the cohort or in each recipient
//	visibility   link, public or private; default: that of site.yaml
//	validUntil, activityStartDate, activityEndDate  dates
//	creditsEarned number, licenseNumber, narrative Markdown, role, term,
//	source       Profile: who asserts it, AchievementSubject.source
//	evidence     [Evidence: id URL, or file: one of content/evidence; name, description prose,
//	             narrative Markdown, genre, audience]
//	result       [Result: resultDescription*: id of one of the achievement's;
//	             value verbatim, status, achievedLevel: id of a level,
//	             alignment [Alignment]]
//
//	recipient    name; id: a DID; email; studentId; key; hashedEmail: for an
//	             address that only the recipient knows, identityHash* as an
//	             earlier badge gave it, and its salt. One of id to key
//	             is required; the first present of key, id, studentId, email
//	             makes the award key <cohort>/<achievement>/<recipient key>,
//	             which no two awards share. A studentId may have slashes; beside
//	             a key or id it may be any text.
//
// Where a recipient earns several achievements, each result goes to those
// that have its result description. A result of the type Status needs a
// status, one of the type RubricCriterionLevel an achievedLevel; a value must
// be among allowedValue and between valueMin and valueMax where these are set.
//
// # Rosters
//
// CSV in UTF-8 with commas, with or without a byte order mark, with either
// line ending. The first line names the columns: name, id, email, studentId,
// key, achievement, awardedDate, visibility, narrative, role, term,
// licenseNumber, creditsEarned, activityStartDate, activityEndDate,
// validUntil, evidence.id, evidence.name, evidence.description,
// evidence.narrative, evidence.genre, evidence.audience, and result.<id of a
// result description>, whose cells hold a status, a level or a value, as the
// type of the result wants it. White space around a cell is not part of it. An
// empty cell says nothing, so the cohort's value counts; a row of empty cells is
// skipped. A roster stands beside the recipients of its cohort and comes after
// them.
//
// # content/pages/<slug>.md
//
// Front matter between two lines of ---, with title*, language (one of
// site.yaml's), translationOf (slug of the page that this one is a translation of),
// order (whole number) and hidden (true or false); then Markdown, at most 64 KiB
// in all, where links may be relative.
package content
