package site

import (
	"net/url"
	"strings"
)

// The paths of public/ that only pages and downloads use. Those that signed
// documents name are in package model. Published paths are forever.

func achievementPagePath(slug string) string { return "achievements/" + slug + "/index.html" }

func textPagePath(slug string) string { return slug + "/index.html" }

// root is the relative way from a page to the site's root.
func root(path string) string {
	depth := strings.Count(path, "/")
	if depth == 0 {
		return "./"
	}
	return strings.Repeat("../", depth)
}

// page is the address of a page's path as links show it: a folder for an
// index.html.
func page(path string) string { return strings.TrimSuffix(path, "index.html") }

// basePath is the path of a base URL, ending in a slash.
func basePath(base string) string {
	u, err := url.Parse(base)
	if err != nil || u.Path == "" {
		return "/"
	}
	return u.Path + "/"
}
