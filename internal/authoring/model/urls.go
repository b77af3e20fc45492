package model

import (
	"path"
	"strconv"
	"strings"

	"laurel/internal/material/text"
)

// The paths of public/ that signed documents and links in people's hands name.
// They are part of records that are never altered, so they never change; the
// paths that only pages use are in publishing/site.

// AchievementPath is where an Achievement's JSON is published; its URL is the
// Achievement's id.
func AchievementPath(slug string) string { return "achievements/" + slug + "/achievement.json" }

// AchievementImagePath is the picture of an achievement that credentials name:
// the PNG, since wallets draw no SVG. The SVG is published beside it, always.
func AchievementImagePath(slug string) string { return AchievementImageStem(slug) + ".png" }

// AchievementImageStem is the path of an achievement's pictures without .png
// or .svg.
func AchievementImageStem(slug string) string { return "achievements/" + slug + "/image" }

// ProgramImagePath is the picture of a program that its records name, as
// AchievementImagePath's.
func ProgramImagePath(slug string) string { return ProgramImageStem(slug) + ".png" }

// ProgramImageStem is the path of a program's pictures without .png or .svg.
func ProgramImageStem(slug string) string { return "programs/" + slug + "/image" }

// IssuerImagePath is the picture of the issuer that credentials name; again it
// is the PNG of two.
const IssuerImagePath = IssuerImageStem + ".png"

// IssuerImageStem is the path of the issuer's pictures without .png or .svg.
const IssuerImageStem = "issuer"

// StatusListPath is where the status list with that number, from 1, is
// published; its URL is the list's id.
func StatusListPath(list int) string { return "status/" + strconv.Itoa(list) + ".json" }

// StatusTokenPath is where the same list is published as a Status List Token, which
// SD-JWTs name.
func StatusTokenPath(list int) string { return "status/" + strconv.Itoa(list) + ".jwt.txt" }

// StatusTokenOf is the URL of a status list as a token, by the list's own.
func StatusTokenOf(list string) string { return strings.TrimSuffix(list, ".json") + ".jwt.txt" }

// StatusListOf is the URL of the list beside which a Status List Token is published.
func StatusListOf(token string) string { return strings.TrimSuffix(token, ".jwt.txt") + ".json" }

// AchievementSlug is that of an AchievementPath.
func AchievementSlug(path string) (string, bool) {
	slug, ok := strings.CutPrefix(path, "achievements/")
	if !ok {
		return "", false
	}
	slug, _, _ = strings.Cut(slug, "/")
	return slug, slug != ""
}

// TypePath is where the type of SD-JWTs of an achievement is described; its URL is
// their vct. TypeOfAchievements is what it extends, TypeOfRecords that of learners' records.
func TypePath(slug string) string { return "vct/achievements/" + slug + ".json" }

// The types that are of no achievement.
const (
	TypeOfAchievements = "vct/achievement.json"
	TypeOfRecords      = "vct/record.json"
)

// EndorsementPath is where an endorsement is published, by the UUID of its
// credential.
func EndorsementPath(credential string) string {
	return "endorsements/" + strings.TrimPrefix(credential, "urn:uuid:") + ".json"
}

// CapsulePath is where a sealed award is published, by the capsule's name, 32
// digits of lower-case hex.
func CapsulePath(name string) string { return "c/" + name + ".jwe" }

// CapsulePagePath is where the page of a sealed award is published, as it is
// shown and encrypted, by the name of the capsule that it stands beside. The
// claim page knows both paths from the link.
func CapsulePagePath(name string) string { return "c/" + name + ".page.jwe" }

// AwardFolder is where the files of a public award are, by the UUID of its
// credential: 122 random bits, so that nobody finds it by guessing.
func AwardFolder(credential string) string {
	return "awards/" + strings.TrimPrefix(credential, "urn:uuid:") + "/"
}

// EvidenceTypes are the media types that files of evidence may have, by the ending of
// their names: what browsers show without running anything, and everybody can open.
var EvidenceTypes = map[string]string{".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".txt": "text/plain"}

// MaxEvidence is the most that the files of one award's evidence may have together,
// in bytes: sealed, they stand in the learner's capsule and in that of the full
// credential alone, both in one event of the ledger.
const MaxEvidence = 2 << 20

// EvidenceID is what a credential calls the n-th file of its evidence, from 1: where
// a public award has it published, under its own name; else an id that tells nothing
// beyond the credential's.
func (s *Site) EvidenceID(credential string, public bool, n int, f *EvidenceFile) string {
	if public {
		return s.URL(AwardFolder(credential) + "evidence/" + path.Base(f.File))
	}
	return credential + "#evidence-" + strconv.Itoa(n)
}

// EvidenceName is the name under which a file of evidence is published and handed
// over, by what its credential calls it and its media type; empty for an id that is
// none of EvidenceID's.
func EvidenceName(id, mediaType string) string {
	if _, n, ok := strings.Cut(id, "#evidence-"); ok && strings.HasPrefix(id, "urn:uuid:") && n != "" && strings.Trim(n, "0123456789") == "" {
		for _, ending := range []string{".pdf", ".png", ".jpg", ".txt"} {
			if EvidenceTypes[ending] == mediaType {
				return "evidence-" + n + ending
			}
		}
		return ""
	}
	_, name, _ := strings.Cut(id, "/evidence/")
	if !strings.HasPrefix(id, "https://") || !text.IsFileName(name) || EvidenceTypes[strings.ToLower(path.Ext(name))] != mediaType {
		return ""
	}
	return name
}

// URL is the absolute URL of a path of public/.
func (s *Site) URL(path string) string { return s.BaseURL + "/" + path }

// WalletURL is what the Learner Credential Wallet registers with Android and iOS, with
// the name of its one parameter: a page's only link of a scheme of its own.
const WalletURL = "dccrequest://request?request="
