package audit

import (
	"fmt"
	"path"
	"strings"

	"laurel/internal/standards/fetch"
)

// Host is who serves a site.
type Host string

// The hosts whose settings and limits are known. Cloudflare may also stand before
// another one, so that only sites at pages.dev are known to be CloudflarePages.
const (
	GitHub          Host = "GitHub Pages"
	GitLab          Host = "GitLab Pages"
	Netlify         Host = "Netlify"
	CloudflarePages Host = "Cloudflare Pages"
	Cloudflare      Host = "Cloudflare"
	S3              Host = "S3"
	Nginx           Host = "nginx"
	Apache          Host = "Apache"
)

// hostOf guesses who serves a site, by its name and an answer; empty: somebody else.
func hostOf(name string, a *fetch.Answer) Host {
	for suffix, host := range map[string]Host{".github.io": GitHub, ".gitlab.io": GitLab, ".netlify.app": Netlify, ".pages.dev": CloudflarePages} {
		if strings.HasSuffix(strings.ToLower(name), suffix) {
			return host
		}
	}
	server := strings.ToLower(a.Header.Get("Server"))
	for _, known := range []struct {
		is   bool
		host Host
	}{
		{server == "github.com", GitHub},
		{server == "netlify" || a.Header.Get("X-Nf-Request-Id") != "", Netlify},
		{server == "cloudflare" || a.Header.Get("Cf-Ray") != "", Cloudflare},
		{server == "amazons3" || a.Header.Get("X-Amz-Request-Id") != "" || a.Header.Get("X-Amz-Cf-Id") != "", S3},
		{strings.HasPrefix(server, "nginx") || strings.HasPrefix(server, "openresty"), Nginx},
		{strings.HasPrefix(server, "apache") || strings.HasPrefix(server, "litespeed"), Apache},
	} {
		if known.is {
			return known.host
		}
	}
	return ""
}

// limits are what a host takes at most; 0: it names no limit.
type limits struct {
	host   Host
	source string // the host's own page that says so
	site   int64
	file   int64
	files  int
	folder int // files in one folder
}

// known are the limits that hosts publish, read in November 2026.
var known = []limits{
	{host: GitHub, site: maxSite, file: maxFile, source: "docs.github.com, \"GitHub Pages limits\" and \"About large files on GitHub\""},
	{host: GitLab, site: 1 << 30, files: 200_000, source: "docs.gitlab.com, \"GitLab.com settings\", Pages"},
	{host: CloudflarePages, file: 25 << 20, files: 20_000, source: "developers.cloudflare.com, Pages, \"Limits\"; paid plans take 100,000 files"},
	{host: Netlify, folder: 54_000, source: "docs.netlify.com, \"File-based uploads\""},
}

// tooMuch says what of a site is more than its host takes: the file or folder, and
// what is wrong with it.
func (l limits) tooMuch(files map[string]int64) []Problem {
	var found []Problem
	var total int64
	folders := map[string]int{}
	for p, size := range files {
		total += size
		folders[path.Dir(p)]++
		if l.file > 0 && size > l.file {
			found = append(found, Problem{p, fmt.Sprintf("is %d MiB large; %s takes files of at most %d MiB", size>>20, l.host, l.file>>20)})
		}
	}
	if l.site > 0 && total > l.site {
		found = append(found, Problem{".", fmt.Sprintf("the site is %d MiB large; %s takes at most %d MiB", total>>20, l.host, l.site>>20)})
	}
	if l.files > 0 && len(files) > l.files {
		found = append(found, Problem{".", fmt.Sprintf("the site has %d files; %s takes at most %d", len(files), l.host, l.files)})
	}
	for folder, n := range folders {
		if l.folder > 0 && n > l.folder {
			found = append(found, Problem{folder, fmt.Sprintf("has %d files; %s takes at most %d in one folder", n, l.host, l.folder)})
		}
	}
	return found
}

// static is where files for the host lie that laurel build copies as they are.
const static = "content/static/"

// sendHeader says how to have a host send a header with some files, "/*" being all.
func sendHeader(h Host, files, name, value string) string {
	switch h {
	case GitHub, GitLab:
		return fmt.Sprintf("%s does so by itself and lets nobody change it, so something before it does (a proxy, or a service that your domain goes through): set it there, or have the domain lead to %s directly", h, h)
	case Netlify, CloudflarePages, Cloudflare:
		where := ""
		if h == Cloudflare {
			where = "on Cloudflare Pages "
		}
		fix := fmt.Sprintf("%swrite into %s_headers the line %q and below it, indented, \"%s: %s\"; then build and publish again", where, static, files, name, value)
		if h == Cloudflare {
			fix += "; where Cloudflare stands before another host: Rules, Transform Rules, \"Modify Response Header\""
		}
		return fix
	case Nginx:
		// An add_header in a location takes away those of the server block; expires does not.
		if seconds, ok := strings.CutPrefix(strings.Split(value, ",")[0], "max-age="); ok {
			return fmt.Sprintf("in the site's server block of nginx: location %s { expires %ss; }, then nginx -s reload", strings.TrimSuffix(files, "*"), seconds)
		}
		return fmt.Sprintf("in the site's server block of nginx, outside of every location: add_header %s %q always; and again in each location that has an add_header of its own; then nginx -s reload", name, value)
	case Apache:
		return fmt.Sprintf("with mod_headers on, in a .htaccess in the site's folder (or %s.htaccess): Header always set %s %q", static, name, value)
	case S3:
		if strings.HasPrefix(name, "Access-Control-") {
			return "in the bucket's Permissions, CORS: allow the origin \"*\" and the method GET; in CloudFront choose the response headers policy \"SimpleCORS\""
		}
		return fmt.Sprintf("set %s to %q in the metadata of the objects %s (laurel publish does), or in a response headers policy of CloudFront", name, value, files)
	}
	return fmt.Sprintf("ask your host to send \"%s: %s\" with %s; with nginx: add_header %s %q always; with Apache: Header always set %s %q; on Netlify and Cloudflare Pages in %s_headers", name, value, files, name, value, name, value, static)
}
