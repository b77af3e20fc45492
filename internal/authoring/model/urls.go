package model

import "strconv"

// The paths of public/ that signed documents name. They are part of records
// that are never altered, so they never change; the paths that only pages use
// are in publishing/site.

// AchievementPath is where an Achievement's JSON is published; its URL is the
// Achievement's id.
func AchievementPath(slug string) string { return "achievements/" + slug + "/achievement.json" }

// AchievementImagePath is where an achievement's picture is published: SVG
// when the author gave one, else PNG, made from the author's raster image or
// drawn.
func AchievementImagePath(a *Achievement) string {
	return "achievements/" + a.Slug + "/image" + imageExtension(a.Image)
}

// IssuerImagePath is where the issuer's picture is published.
func IssuerImagePath(image *Image) string { return "issuer" + imageExtension(image) }

// StatusListPath is where the status list with that number, from 1, is
// published; its URL is the list's id.
func StatusListPath(list int) string { return "status/" + strconv.Itoa(list) + ".json" }

// URL is the absolute URL of a path of public/.
func (s *Site) URL(path string) string { return s.BaseURL + "/" + path }

func imageExtension(i *Image) string {
	if i != nil && i.MediaType == "image/svg+xml" {
		return ".svg"
	}
	return ".png"
}
