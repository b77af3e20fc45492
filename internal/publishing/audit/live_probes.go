package audit

import (
	"bytes"
	"context"
	"io/fs"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"golang.org/x/net/html"

	"laurel/internal/material/pool"
	"laurel/internal/publishing/privacy"
	"laurel/internal/standards/did"
	"laurel/internal/standards/fetch"
)

func (l *live) each(ctx context.Context, paths []string, do func(p string) error) error {
	return pool.Each(ctx, len(paths), atOnce, func(i int) error { return do(paths[i]) }, nil)
}

// probes asks for what tells how the host behaves. That it answers everything with a
// page has to be known first.
func (l *live) probes(ctx context.Context) error {
	if err := l.noSuchPage(ctx); err != nil {
		return err
	}
	probes := []func(context.Context) error{l.plainHTTP, l.slashes, l.capitals, l.headAndRange, l.repository, l.former}
	return pool.Each(ctx, len(probes), atOnce, func(i int) error { return probes[i](ctx) }, nil)
}

// get asks for an address below the base, and returns nil where there is no answer.
func (l *live) get(ctx context.Context, rest string, more fetch.Question) (*fetch.Answer, error) {
	more.URL = l.base + "/" + rest
	a, err := l.ask(ctx, more)
	if err != nil {
		return nil, ctx.Err()
	}
	return a, nil
}

func (l *live) softFix() string {
	return l.pick(map[Host]string{
		Netlify:         "take the line \"/* /index.html 200\" out of _redirects",
		CloudflarePages: "publish the file 404.html too: without it Cloudflare Pages takes the site for an app of one page; and take \"/* /index.html 200\" out of _redirects",
		S3:              "in the bucket's (or CloudFront's) error pages: 404.html with the status 404, not index.html with 200",
		Nginx:           "in nginx: try_files $uri $uri/ =404; and error_page 404 " + l.basePath() + "404.html;",
		Apache:          "in .htaccess: take out the RewriteRule to index.html, and write ErrorDocument 404 " + l.basePath() + "404.html",
		GitHub:          "take out the workflow step that copies index.html to 404.html",
	}, "have addresses that are not there answered with the page 404.html and the status 404, not with a page and 200")
}

func (l *live) basePath() string {
	u, err := url.Parse(l.base)
	if err != nil {
		return "/"
	}
	return u.Path + "/"
}

// noSuchPage asks for what is not there.
func (l *live) noSuchPage(ctx context.Context) error {
	a, err := l.get(ctx, random()+"/", fetch.Question{})
	if err != nil || a == nil {
		return err
	}
	var ours []byte
	if l.o.Built != nil {
		ours, _ = fs.ReadFile(l.o.Built, "404.html") // nil: there is none
	}
	switch {
	case a.Status == 200:
		l.soft = true
		l.add("soft-404", IsProblem, ".", "an address that is not there is answered with a page and 200, as if it were: verifiers take that page for a file, and search engines list it", l.softFix())
	case a.Status != 404 && a.Status != 410:
		l.add("not-found", IsWarning, ".", "an address that is not there is not answered with 404", l.softFix())
	case ours != nil && !bytes.Equal(bytes.TrimSpace(a.Body), bytes.TrimSpace(ours)) && !bytes.Equal(squeezed(a.Body), squeezed(ours)):
		l.add("not-found", IsWarning, "404.html", "who follows an old link gets a page of the host's, without a way back to the site", l.pick(map[Host]string{
			Nginx: "in nginx: error_page 404 " + l.basePath() + "404.html;", Apache: "in .htaccess: ErrorDocument 404 " + l.basePath() + "404.html",
			S3: "in the bucket: Properties, Static website hosting, Error document: 404.html; in CloudFront: Error pages",
		}, "have the host show 404.html for addresses that are not there"))
	}
	return nil
}

// plainHTTP asks without TLS, at the same port where the site has one of its own.
func (l *live) plainHTTP(ctx context.Context) error {
	u, err := url.Parse(l.base + "/")
	if err != nil {
		return err
	}
	u.Scheme = "http"
	a, err := l.ask(ctx, fetch.Question{URL: u.String(), Plain: true, MaxBytes: 1 << 16})
	if err != nil || a.Status >= 400 {
		return ctx.Err() // nobody is there
	}
	if to := a.Header.Get("Location"); a.Status >= 300 && strings.HasPrefix(to, "https://") {
		return nil
	}
	l.add("https", IsWarning, ".", "can be read without encryption (http), where anybody on the way can change it", l.pick(map[Host]string{
		GitHub: "in the repository: Settings, Pages, \"Enforce HTTPS\"", Netlify: "Domain management, HTTPS, \"Force HTTPS\"",
		CloudflarePages: "in Cloudflare: SSL/TLS, Edge Certificates, \"Always Use HTTPS\"", S3: "in CloudFront: the behaviour's viewer protocol policy \"Redirect HTTP to HTTPS\"",
		Nginx: "in nginx, in the server block of port 80: return 301 https://$host$request_uri;", Apache: "in the virtual host of port 80: Redirect permanent / https://" + u.Host + "/",
	}, "have http redirected to https at your host"))
	return nil
}

// folder is a folder of the site with a page: an achievement's where there is one.
func (l *live) folder() string {
	for _, p := range slices.Sorted(maps.Keys(l.built)) {
		if strings.HasPrefix(p, "achievements/") && path.Base(p) == "index.html" {
			return path.Dir(p)
		}
	}
	return "verify"
}

// slashes asks for a folder with and without a slash at the end.
func (l *live) slashes(ctx context.Context) error {
	folder := l.folder()
	with, err := l.get(ctx, folder+"/", fetch.Question{})
	if err != nil || with == nil {
		return err
	}
	without, err := l.get(ctx, folder, fetch.Question{})
	if err != nil || without == nil {
		return err
	}
	index := l.pick(map[Host]string{
		S3:     "use the bucket's website address (Properties, Static website hosting, index document index.html), not its REST address; before CloudFront, take that website address as the origin",
		Nginx:  "in nginx: index index.html; and try_files $uri $uri/ =404;",
		Apache: "in .htaccess: DirectoryIndex index.html",
	}, "have the host answer an address that ends in a slash with the index.html of that folder")
	switch {
	case l.soft:
	case with.Status == 404 || with.Status == 403:
		l.add("index", IsProblem, folder+"/index.html", "the address of a folder is not answered with its page", index)
	case with.Status >= 300 && with.Status < 400:
		l.add("slash", IsWarning, folder+"/index.html", "addresses that end in a slash are answered with a redirect, which makes every page slower, and breaks some", l.pick(map[Host]string{Netlify: "switch \"Pretty URLs\" off"}, "switch off at your host what takes slashes from addresses (\"trailing slash\", \"clean URLs\")"))
	case without.Status == 200 && bytes.Equal(without.Body, with.Body):
		l.add("slash", IsProblem, folder+"/index.html", "the address without a slash at the end is answered with the page itself, and not with a redirect, so that links in it lead astray", l.pick(map[Host]string{
			Nginx: "in nginx: try_files $uri $uri/ =404; in place of a rule that adds index.html", Apache: "in .htaccess: DirectorySlash On",
			Netlify: "switch \"Pretty URLs\" on, or add to _redirects: /" + folder + " /" + folder + "/ 301!",
		}, "have the host redirect the address of a folder without a slash to the one with a slash"))
	case without.Status == 404 || without.Status == 403:
		l.add("slash", IsNote, folder+"/index.html", "the address without a slash at the end is not answered; the site's own links have it", "nothing has to be done; if you print addresses, print the slash as well")
	}
	return nil
}

// capitals asks for a page in capitals.
func (l *live) capitals(ctx context.Context) error {
	a, err := l.get(ctx, "VERIFY/", fetch.Question{})
	if err != nil || a == nil || l.soft || a.Status != 200 {
		return err
	}
	l.add("capitals", IsNote, "verify/index.html", "the host takes capital and small letters for the same, so every page has many addresses, and two files whose names differ only in that would be one", "nothing has to be done while names in the site are in small letters, as laurel makes them; Linux hosts tell them apart")
	return nil
}

// headAndRange asks for a file's head alone, for a part of it, and for it uncompressed.
func (l *live) headAndRange(ctx context.Context) error {
	const p = "index.html"
	whole, err := l.get(ctx, "", fetch.Question{Header: map[string]string{"Accept-Encoding": "identity"}})
	if err != nil || whole == nil || whole.Status != 200 {
		return err
	}
	if encoding := whole.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		l.add("encoding", IsProblem, p, "is sent compressed ("+encoding+") even to who does not ask for it; simple verifiers cannot read it", l.pick(map[Host]string{S3: "upload the files uncompressed (laurel publish does), and let CloudFront compress"}, "let the host compress only for browsers that ask for it (nginx: gzip on; not gzip_static always;)"))
	}
	head, err := l.get(ctx, "", fetch.Question{Method: "HEAD", Header: map[string]string{"Accept-Encoding": "identity"}})
	if err != nil {
		return err
	}
	if head == nil || head.Status != whole.Status || head.Header.Get("Content-Type") != whole.Header.Get("Content-Type") {
		l.add("head", IsWarning, p, "is answered otherwise where only its head is asked for (HEAD): link checkers and previews take it for missing", l.pick(map[Host]string{Nginx: "allow HEAD: limit_except GET HEAD", Apache: "allow HEAD: <LimitExcept GET HEAD>"}, "allow the method HEAD at your host or its firewall"))
	}
	part, err := l.get(ctx, "", fetch.Question{Header: map[string]string{"Accept-Encoding": "identity", "Range": "bytes=1-8"}})
	if err != nil || part == nil || len(whole.Body) < 9 {
		return err
	}
	if ok := part.Status == 200 && bytes.Equal(part.Body, whole.Body) || part.Status == 206 && bytes.Equal(part.Body, whole.Body[1:9]); !ok && !whole.Cut {
		l.add("range", IsWarning, p, "who asks for a part of a file (as PDF viewers and resumed downloads do) gets something else", "switch byte ranges off at your host if they do not work (Apache: Header unset Accept-Ranges; nginx: max_ranges 0;)")
	}
	return nil
}

// former asks whether the address from which the site moved still serves what was issued
// there is checked by.
func (l *live) former(ctx context.Context) error {
	if l.o.Former == "" {
		return nil
	}
	id, err := did.WebDID(l.o.Former)
	if err != nil {
		return err
	}
	where := l.o.Former + "/" + did.WebPath(l.o.Former)
	a, err := l.ask(ctx, fetch.Question{URL: where})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil && a.Status == 200 {
		if document, err := did.ParseDocument(a.Body); err == nil && document.ID == id {
			return nil
		}
	}
	l.add("moved-from", IsProblem, ".", "it moved from "+l.o.Former+", and "+where+" does not answer with the document of "+id+" any more: what was issued before the move cannot be checked by anybody",
		"publish the folder that laurel move made, moved/, at the old address again, and keep paying for its domain; who has a credential from there needs the new one: laurel claim-links")
	return nil
}

// misplaced looks for a site that is not where it was built for: in the folder public/
// of what is published, at the root of its host, or in both.
func (l *live) misplaced(ctx context.Context) error {
	root, err := url.Parse(l.base)
	if err != nil {
		return err
	}
	root.Path, root.RawPath = "", ""
	for _, at := range []string{l.base + "/public", root.String(), root.String() + "/public"} {
		for _, name := range []string{"did.json", ".well-known/did.json"} {
			if at+"/"+name == l.base+"/"+l.didPath {
				continue
			}
			a, err := l.ask(ctx, fetch.Question{URL: at + "/" + name})
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil || a.Status != 200 {
				continue
			}
			if document, err := did.ParseDocument(a.Body); err != nil || l.elsewhere(document) {
				continue
			}
			l.add("base-path", IsProblem, ".", "is at "+at+"/ in place of "+l.base+"/, which it was built for, so that its links and all that you issued lead nowhere",
				l.pick(map[Host]string{
					GitHub:          "publish what is in public/, not the folder around it: laurel publish, or the workflow in .github/",
					Netlify:         "in the site's settings: Build & deploy, Publish directory: public",
					CloudflarePages: "in the project's settings: Builds, Build output directory: public",
				}, "publish what is in public/, not the folder around it, at "+l.base+"/")+"; or, if the site is to stay there: laurel move "+at)
			return nil
		}
	}
	return nil
}

// private are files of a site folder that show that more than public/ is online.
var private = sync.OnceValue(func() map[string]*regexp.Regexp {
	return map[string]*regexp.Regexp{
		"content/site.yaml":                 regexp.MustCompile(`(?m)^baseURL:`),
		"content/ledger/0001.jsonl":         regexp.MustCompile(`^\s*\{"`),
		".git/HEAD":                         regexp.MustCompile(`^(ref: |[0-9a-f]{40})`),
		".git/config":                       regexp.MustCompile(`(?m)^\[core\]`),
		".laurel/head.json":                 regexp.MustCompile(`^\s*\{`),
		".laurel/public.txt":                regexp.MustCompile(`^laurel public`),
		"content/awards/first-evening.yaml": regexp.MustCompile(`(?m)^achievement`),
	}
})

// repository asks whether the whole site folder is online, and not public/ alone.
func (l *live) repository(ctx context.Context) error {
	ask := []string{}
	for _, up := range []string{"", "../"} {
		for p := range private() {
			ask = append(ask, up+p)
		}
	}
	return l.each(ctx, ask, func(p string) error {
		if strings.HasPrefix(p, "../") && l.basePath() == "/" {
			return nil
		}
		u, err := url.Parse(l.base + "/")
		if err == nil {
			u, err = u.Parse(p)
		}
		if err != nil {
			return err
		}
		a, err := l.ask(ctx, fetch.Question{URL: u.String(), MaxBytes: 1 << 16})
		if err != nil {
			return ctx.Err()
		}
		if a.Status == 200 && private()[strings.TrimPrefix(p, "../")].Match(a.Body) && !(l.soft && bytes.Contains(a.Body, []byte("<html"))) {
			l.add("private", IsProblem, p, "is online: the whole site folder is published, and with it everybody's names and addresses", "take the site offline now; then publish the folder public/ alone: laurel publish, or the workflow in .github/, which does that. Copies may be in caches and search engines: think of those whose data it was, and of the law")
		}
		return nil
	})
}

// limits says what is more than the host takes.
func (l *live) limits(lim limits) {
	sizes := l.built
	if l.o.Built == nil {
		sizes = map[string]int64{}
		for p, f := range l.online.files {
			sizes[p] = f.size
		}
	}
	for _, p := range lim.tooMuch(sizes) {
		l.add("size", IsProblem, p.File, p.Text+" ("+lim.source+")", "make pictures and evidence smaller, take old achievements and pages off the site, or move to a host that takes more; awards that are by link only take least")
	}
}

var locations = regexp.MustCompile(`(?:<loc>|href=")([^<"]+)`)

// addresses are those that a file has: links of a page, what a sitemap or feed lists,
// and strings of a JSON document that are URLs.
func addresses(p string, data []byte) (all []string) {
	switch path.Ext(p) {
	case ".html":
		_ = eachTag(data, func(t html.Token) {
			for _, at := range t.Attr {
				switch {
				case at.Key == "srcset":
					all = append(all, candidates(at.Val)...)
				case at.Key == "href", at.Key == "src", t.Data == "meta" && at.Key == "content" && attr(t, "property") == "og:image":
					all = append(all, at.Val)
				}
			}
		})
	case ".xml":
		for _, m := range locations.FindAllSubmatch(data, -1) {
			all = append(all, html.UnescapeString(string(m[1])))
		}
	case ".json":
		if privacy.Find(data).Credential && !strings.HasPrefix(p, "awards/") {
			return nil
		}
		var v any
		if json.Unmarshal(data, &v) == nil {
			all = urls(v)
		}
	}
	return all
}

func urls(v any) (all []string) {
	switch v := v.(type) {
	case string:
		if strings.HasPrefix(v, "https://") && !strings.ContainsAny(v, " \n") {
			return []string{v}
		}
	case []any:
		for _, item := range v {
			all = append(all, urls(item)...)
		}
	case map[string]any:
		for _, item := range v {
			all = append(all, urls(item)...)
		}
	}
	return all
}
