package host

import (
	"path"
	"strings"
)

// mediaTypes are those of files by the ending of their names, as browsers and
// verifiers want them.
var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".json": "application/json", ".xml": "application/xml", ".txt": "text/plain; charset=utf-8", ".jwe": "application/jose",
	".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".ico": "image/x-icon", ".gif": "image/gif", ".webp": "image/webp",
	".pdf": "application/pdf", ".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf", ".otf": "font/otf", ".webmanifest": "application/manifest+json",
}

// mediaType is what a store is to say of a file. A name without an ending is text
// where it is not a tile of the log: the log's head, CNAME, files by which services
// see whose a site is.
func mediaType(p string) string {
	name := path.Base(p)
	if t := mediaTypes[strings.ToLower(path.Ext(name))]; t != "" {
		return t
	}
	if !strings.Contains(name, ".") && !strings.HasPrefix(p, "log/tile/") {
		return "text/plain; charset=utf-8"
	}
	return "application/octet-stream"
}

// cacheControl says how long a file may be kept. What keeps its name is asked for
// every time, which costs no more than a few bytes where it is as it was: a page that
// outlives its styles is broken, and a list that is kept does not tell of revocation.
func cacheControl(t Turn) string {
	switch t {
	case Lasting:
		return "public, max-age=31536000, immutable"
	case Deciding:
		return "no-cache"
	}
	return "public, max-age=0, must-revalidate"
}
