package model

import (
	"strconv"
	"strings"
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

// URL is the absolute URL of a path of public/.
func (s *Site) URL(path string) string { return s.BaseURL + "/" + path }

// WalletURL is what the Learner Credential Wallet registers with Android and iOS, with
// the name of its one parameter: a page's only link of a scheme of its own.
const WalletURL = "dccrequest://request?request="
