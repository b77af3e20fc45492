package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"mime"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"golang.org/x/net/html"

	"laurel/internal/standards/did"
	"laurel/internal/standards/fetch"
	"laurel/internal/standards/vc"
)

// file asks for a file of the site, and looks at how it is sent and what it is.
func (l *live) file(ctx context.Context, p string) error {
	size, isBuilt := l.built[p]
	most := int64(maxBody)
	if isBuilt {
		most = size + 1<<16
	}
	address := l.base + "/" + (&url.URL{Path: strings.TrimSuffix(p, "index.html")}).EscapedPath()
	a, err := l.ask(ctx, fetch.Question{URL: address, MaxBytes: most})
	var failed *fetch.Error
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &failed) && failed.Reason == fetch.TimedOut:
		l.add("slow", IsProblem, p, "does not come in time", "try again later; if it stays so, ask your host, or move to one of the free ones: GitHub Pages, Netlify, Cloudflare Pages")
		return nil
	case err != nil:
		l.add("unreachable", IsProblem, p, "is not answered: "+err.Error(), "try again later; if it stays so, ask your host")
		return nil
	}
	l.mu.Lock()
	l.report.Asked++
	l.mu.Unlock()
	if a.Status != 200 {
		if isBuilt || l.essential(p) || a.Status != 404 && a.Status != 410 {
			l.refused(p, address, a)
		}
		return nil
	}
	if l.soft && !isBuilt && path.Ext(p) != ".html" && bytes.Equal(bytes.TrimSpace(a.Body), bytes.TrimSpace(l.home.Body)) {
		return nil // the page that is there for everything
	}
	l.sent(p, a)
	return l.compare(p, a)
}

// refused tells of an answer that is not the file.
func (l *live) refused(p, address string, a *fetch.Answer) {
	to := a.Header.Get("Location")
	switch s := a.Status; {
	case s >= 300 && s < 400 && p == l.didPath:
		fix := "let the address of your issuer, " + address + ", be answered with the file itself, and switch redirects off for it (Netlify: the \"_redirects\" file and the primary domain; Cloudflare: Redirect Rules; nginx, Apache: return and Redirect lines)"
		if there, err := url.Parse(to); err == nil && there.Host != "" && !strings.HasPrefix(to, l.base+"/") {
			fix = "your identifier is this address, so it must not move: have " + address + " answered here. If the site did move: bring it back, run laurel move NEW-URL in the site's folder, and leave the folder that it makes at the old place"
		}
		l.add("did-redirected", IsProblem, p, fmt.Sprintf("is answered with a redirect (%d) to %q; verifiers do not follow it, and nothing that you issued can be checked", s, to), fix)
	case s >= 300 && s < 400:
		l.add("redirected", IsProblem, p, fmt.Sprintf("is answered with a redirect (%d) to %q, and not with the file", s, to),
			l.pick(map[Host]string{
				Netlify: "take the line out of _redirects, and switch \"Pretty URLs\" off in the site's post-processing settings",
				GitHub:  "GitHub Pages redirects only to a custom domain: take it out in Settings, Pages, or make it the baseURL with laurel move",
			}, "take the redirect out of your host's settings; if it leads to the site's new home: laurel move NEW-URL"))
	case (s == 404 || s == 410) && strings.HasPrefix(p, ".well-known/"):
		l.add("did-missing", IsProblem, p, "is not there, so nobody can check what you issued; hosts and upload programs often leave out folders that begin with a dot",
			l.pick(map[Host]string{
				GitHub: "publish the file .nojekyll as well, which laurel build writes (laurel publish does; with the website's upload, show hidden files first), and look whether .well-known is in the repository that is published",
				S3:     "upload the folder .well-known too: aws s3 sync takes it, the console's upload hides it; laurel publish does it",
				Nginx:  "take out the rule for files that begin with a dot (location ~ /\\.), or put before it: location /.well-known/ { }",
				Apache: "take out the rule that forbids files that begin with a dot (RedirectMatch 404 /\\.), and upload hidden files too",
			}, "upload hidden files and folders too (in FileZilla: Server, Force showing hidden files), and allow .well-known in the server's rules"))
	case (s == 404 || s == 410) && p == l.didPath:
		l.add("did-missing", IsProblem, p, "is not there, so nobody can check what you issued",
			"publish public/ so that its did.json is at "+address+"; if the site is at another address than its baseURL, publish it where the baseURL says, or run laurel move NEW-URL")
	case s == 404 || s == 410:
		l.add("missing", IsProblem, p, "is not there, though it belongs to the site", "publish public/ again, whole: laurel publish. "+l.pick(map[Host]string{
			GitHub: "If it begins with a dot or an underscore, the file .nojekyll is missing in the repository",
			S3:     "S3 tells apart capital and small letters, and the bucket needs an index document (Properties, Static website hosting)",
		}, "If the name has capitals or a dot at its beginning, the upload program may have changed or left it out"))
	case s == 401 || s == 403:
		l.add("forbidden", IsProblem, p, fmt.Sprintf("is refused (%d): the host wants a password, or may not read the file", s), l.pick(map[Host]string{
			S3:         "in the bucket: Permissions, switch \"Block all public access\" off and allow s3:GetObject for everybody (or let CloudFront read it)",
			GitHub:     "in the repository: Settings, Pages, Visibility: Public; a private site cannot be checked by anybody",
			Netlify:    "in the site's settings: Visitor access, take out the password; preview deployments are protected, the published one must not be",
			Cloudflare: "in Cloudflare: Zero Trust, Access, take out the policy for this address; Security, WAF: let everybody ask for .json files", CloudflarePages: "in Cloudflare: Zero Trust, Access, take out the policy for this address",
			Nginx:  "let the server's user read it: chmod -R a+rX in the site's folder; take out auth_basic and deny",
			Apache: "let the server's user read it: chmod -R a+rX in the site's folder; take out Require lines in .htaccess",
		}, "allow everybody to read all files of the site; a login before it keeps verifiers out"))
	case s == 429:
		l.add("throttled", IsWarning, p, "is refused for a while: the host was asked too much", "run it again later with --sample 200; if visitors meet it as well, put a content delivery network before the site, or ask your host")
	case s >= 500:
		l.add("server-error", IsProblem, p, fmt.Sprintf("is answered with an error of the host (%d)", s), "look at the host's status page and its error log, and try again; a broken .htaccess or _redirects file does this too")
	default:
		l.add("status", IsProblem, p, fmt.Sprintf("is answered with %d in place of 200", s), "ask your host why; the file has to be answered with 200 and its content")
	}
}

// pick is the words for the host of the site, or those for all others.
func (l *live) pick(of map[Host]string, other string) string {
	if words, ok := of[l.host]; ok {
		return words
	}
	if words, ok := of[CloudflarePages]; ok && l.host == Cloudflare {
		return words
	}
	return other
}

// mediaTypes are what files must be sent as; the first is what to write into settings.
var mediaTypes = map[string][]string{
	".html": {"text/html"}, ".css": {"text/css"}, ".js": {"text/javascript", "application/javascript", "application/x-javascript"},
	".json": {"application/json", "application/did+json", "application/did+ld+json", "application/ld+json", "application/vc", "application/vc+ld+json", "application/manifest+json", "application/jwk-set+json"},
	".svg":  {"image/svg+xml"}, ".png": {"image/png"}, ".jpg": {"image/jpeg"}, ".xml": {"application/xml", "text/xml", "application/atom+xml", "application/rss+xml"},
	".pdf": {"application/pdf"}, ".woff2": {"font/woff2", "application/font-woff2"},
}

// forStrangers tells a file that pages of other sites ask for: what verifiers need.
func forStrangers(p string) bool {
	switch {
	case strings.HasPrefix(p, "assets/"), strings.HasPrefix(p, "c/"), strings.HasPrefix(p, "claim/"), path.Base(p) == "manifest.json":
		return false
	case strings.HasPrefix(p, "awards/"):
		return path.Ext(p) != ".html"
	}
	return path.Ext(p) == ".json" || strings.HasSuffix(p, ".jwt.txt") || strings.HasPrefix(p, "log/")
}

// sent looks at how a file is sent.
func (l *live) sent(p string, a *fetch.Answer) {
	kind, params, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if err != nil {
		kind = ""
	}
	ending := path.Ext(p)
	if want := mediaTypes[ending]; want != nil && !slices.Contains(want, kind) {
		// Pictures are drawn whatever they are called; what runs, or is read, is not.
		severity := IsProblem
		if kind != "" && a.Header.Get("X-Content-Type-Options") == "" && (strings.HasPrefix(want[0], "image/") && ending != ".svg" || ending == ".xml" || ending == ".pdf" || ending == ".woff2") {
			severity = IsWarning
		}
		said := "without a media type"
		if kind != "" {
			said = fmt.Sprintf("as %q", kind)
		}
		l.add("media-type", severity, p, fmt.Sprintf("%s files are sent %s in place of %q; browsers and verifiers refuse them", ending, said, want[0]), l.pick(map[Host]string{
			S3:      fmt.Sprintf("set Content-Type to %q in the metadata of these objects (laurel publish does so by itself)", want[0]),
			Nginx:   fmt.Sprintf("in nginx.conf: include mime.types; and for what is missing there: types { %s %s; }", want[0], ending[1:]),
			Apache:  fmt.Sprintf("in .htaccess: AddType %s %s", want[0], ending),
			Netlify: fmt.Sprintf("in %s_headers: the line \"/*%s\", and below it, indented, \"Content-Type: %s\"", static, ending, want[0]), CloudflarePages: fmt.Sprintf("in %s_headers: the line \"/*%s\", and below it, indented, \"Content-Type: %s\"", static, ending, want[0]),
			GitHub: "GitHub Pages knows the type by the file's ending: look whether a proxy before it changes it, or the file was renamed",
		}, fmt.Sprintf("tell your host that files ending in %s are %s", ending, want[0])))
	}
	if charset := strings.ToLower(params["charset"]); ending == ".html" && charset != "" && charset != "utf-8" && charset != "utf8" {
		l.add("charset", IsProblem, p, fmt.Sprintf("pages are sent as %q; they are UTF-8, and names with accents come out wrong", params["charset"]),
			l.pick(map[Host]string{Nginx: "in nginx: charset utf-8;", Apache: "in .htaccess: AddDefaultCharset UTF-8"}, "set the charset of pages to utf-8 at your host (Apache: AddDefaultCharset UTF-8; nginx: charset utf-8;)"))
	}
	if origin := a.Header.Get("Access-Control-Allow-Origin"); forStrangers(p) && origin != "*" && origin != "https://verifier.example" {
		said := "is not allowed to be read by pages of other sites"
		if origin != "" {
			said = fmt.Sprintf("may be read by pages of %q alone", origin)
		}
		l.add("cors", IsProblem, p, said+" (CORS): verify pages of others cannot check what you issued", sendHeader(l.host, l.basePath()+"*", "Access-Control-Allow-Origin", "*"))
	}
	l.cached(p, a)
	if len(a.Header.Values("Set-Cookie")) > 0 {
		l.add("cookies", IsWarning, p, "the host sets a cookie with it, so that it can tell visitors apart; the site itself never does",
			l.pick(map[Host]string{CloudflarePages: "in Cloudflare: Security, Bots: switch \"Bot Fight Mode\" off; Speed, Load balancing: no session affinity"}, "switch statistics, bot protection and session cookies off at your host"))
	}
	if strings.Contains(strings.ToLower(a.Header.Get("X-Robots-Tag")), "noindex") && (p == "index.html" || strings.HasPrefix(p, "achievements/")) {
		l.add("noindex", IsWarning, p, "the host tells search engines not to list it (X-Robots-Tag: noindex)",
			l.pick(map[Host]string{Netlify: "hosts do so for preview addresses: audit and use the published one; else take it out of _headers", CloudflarePages: "hosts do so for preview addresses: audit and use the published one; else take it out of _headers"}, "take the header X-Robots-Tag out of your host's settings"))
	}
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Header.Get("Content-Disposition"))), "attachment") && (ending == ".html" || ending == ".svg" || ending == ".json") {
		l.add("attachment", IsProblem, p, "is sent to be saved (Content-Disposition: attachment), so that browsers do not show it", "take the header Content-Disposition out of your host's settings; a file storage such as a cloud drive is no host for a site")
	}
	if policy := strings.ToLower(a.Header.Get("Content-Security-Policy")); ending == ".html" && policy != "" && !lets(policy) {
		l.add("csp", IsProblem, p, "the host adds a Content-Security-Policy that keeps the site's own scripts, styles or pictures from working", "take the header Content-Security-Policy out of your host's settings: every page has one of its own, which is stricter and fits it")
	}
}

// lets tells whether a policy lets a page use its own site.
func lets(policy string) bool {
	directives := map[string]string{}
	for d := range strings.SplitSeq(policy, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(d), " ")
		directives[name] = value
	}
	if _, ok := directives["sandbox"]; ok {
		return false
	}
	for _, d := range []string{"script-src", "style-src", "img-src", "connect-src"} {
		value, ok := directives[d]
		if !ok {
			value, ok = directives["default-src"]
		}
		if ok && !strings.Contains(value, "'self'") && !slices.Contains(strings.Fields(value), "*") && !slices.Contains(strings.Fields(value), "https:") {
			return false
		}
	}
	return true
}

// Caching: what tells whether something was revoked may be kept for a day at most, and
// should be asked for again within an hour; what is named by its content, for good.
const (
	keepAtMost = 24 * time.Hour
	keepWell   = time.Hour
)

func (l *live) cached(p string, a *fetch.Answer) {
	control := strings.ToLower(a.Header.Get("Cache-Control"))
	var fresh time.Duration
	never := false
	for d := range strings.SplitSeq(control, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(d), "=")
		switch seconds, err := strconv.ParseInt(strings.Trim(value, `"`), 10, 32); {
		case name == "no-store", name == "no-cache":
			never = true
		case name == "max-age" && err == nil:
			fresh = max(fresh, time.Duration(seconds)*time.Second)
		case name == "immutable" && fresh == 0:
			fresh = 365 * 24 * time.Hour
		}
	}
	if expires, err := time.Parse(time.RFC1123, a.Header.Get("Expires")); err == nil && !strings.Contains(control, "max-age") {
		fresh = max(fresh, expires.Sub(l.o.Now))
	}
	age, _ := strconv.ParseInt(a.Header.Get("Age"), 10, 32)
	isList := strings.HasPrefix(p, "status/")
	switch {
	case !never && fresh > keepWell && (isList || p == l.didPath || path.Base(p) == keySetFile || path.Ext(p) == ".html"):
		severity, what := IsProblem, "so long is a credential that you revoke still taken for good"
		if fresh <= keepAtMost || path.Ext(p) == ".html" {
			severity = IsWarning
		}
		switch {
		case path.Ext(p) == ".html":
			what = "visitors see old pages for so long"
		case !isList:
			what = "so long does nobody know of a new or revoked key"
		}
		l.add("cached-long", severity, p, fmt.Sprintf("browsers and verifiers are told to keep it for %s: %s", days(fresh), what), sendHeader(l.host, l.basePath()+files(p), "Cache-Control", "max-age=600"))
	case isList && time.Duration(age)*time.Second > keepAtMost:
		l.add("cached-long", IsProblem, p, fmt.Sprintf("the host gives out a copy that is %s old", days(time.Duration(age)*time.Second)), "have the host's cache emptied after each publishing: Cloudflare: Caching, Purge everything; CloudFront: an invalidation of /*; Netlify and GitHub Pages do it themselves")
	case strings.HasPrefix(p, "assets/") && never:
		l.add("assets-uncached", IsWarning, p, "browsers are told not to keep it, so every page loads slowly; its name changes with its content, so it can be kept for good", sendHeader(l.host, l.basePath()+"assets/*", "Cache-Control", "max-age=31536000, immutable"))
	}
}

// files is a pattern for settings of a host.
func files(p string) string {
	switch {
	case strings.HasPrefix(p, "status/"):
		return "status/*"
	case path.Ext(p) == ".html":
		return "*"
	}
	return p
}

func days(d time.Duration) string {
	switch n := int(d.Hours()) / 24; {
	case n > 1:
		return strconv.Itoa(n) + " days"
	case d < 2*time.Hour:
		return strconv.Itoa(int(d.Minutes())) + " minutes"
	}
	return strconv.Itoa(int(d.Hours())) + " hours"
}

// compare holds a file online against the built one, and keeps it for the look at what
// the files say.
func (l *live) compare(p string, a *fetch.Answer) error {
	size, isBuilt := l.built[p]
	var want []byte
	if isBuilt {
		var err error
		if want, err = fs.ReadFile(l.o.Built, p); err != nil {
			return fmt.Errorf("read %s: %w", p, err)
		}
	}
	l.mu.Lock()
	switch same := isBuilt && bytes.Equal(a.Body, want); {
	case same:
		l.online.put(p, nil, size)
	case l.held+len(a.Body) <= maxHeld && !a.Cut:
		l.held += len(a.Body)
		l.online.put(p, a.Body, int64(len(a.Body)))
	}
	l.mu.Unlock()
	if isBuilt && bytes.Equal(a.Body, want) {
		return nil
	}
	check, severity, text, fix := l.difference(p, a.Body, want, isBuilt)
	if check != "" {
		l.add(check, severity, p, text, fix)
	}
	return nil
}

var lfs = []byte("version https://git-lfs.github.com/spec/")

// difference says in what way a file is not the built one; without a built one, what
// can be seen of it alone.
func (l *live) difference(p string, got, want []byte, isBuilt bool) (check string, s Severity, text, fix string) {
	trimmed := bytes.TrimPrefix(bytes.TrimSpace(got), []byte("\ufeff"))
	switch {
	case len(got) == 0 && len(want) > 0:
		return "empty", IsProblem, "is empty online", "the upload broke off, or the host's disk is full: publish public/ again"
	case bytes.HasPrefix(got, lfs):
		return "lfs", IsProblem, "is a note of Git LFS, and not the file: the host does not fetch such files", "take the file out of Git LFS (git lfs untrack, in .gitattributes), or use laurel publish, which does not use it"
	case bytes.HasPrefix(got, []byte{0x1f, 0x8b}) && !bytes.HasPrefix(want, []byte{0x1f, 0x8b}):
		return "compressed", IsProblem, "is sent compressed, without saying so; nobody can read it", l.pick(map[Host]string{S3: "set Content-Encoding to gzip in the metadata of the object, or upload it uncompressed (laurel publish does)"}, "upload the files as they are, and leave compressing to the host")
	case path.Ext(p) == ".json" && bytes.HasPrefix(trimmed, []byte("<")):
		return "page-instead", IsProblem, "is answered with a page in place of the file", "publish public/ again; if the file is there, take out the rule that answers every address with a page: " + l.softFix()
	case !isBuilt:
		return "", "", "", ""
	case bytes.Equal(lineEndings(got), lineEndings(want)):
		return "line-endings", IsProblem, "has other line endings than what was built: git on Windows, or an upload in \"text mode\", changes them, and checks by digest fail", "write into the file .gitattributes of what you publish the line \"* -text\" (laurel publish does), and upload in binary mode"
	case path.Ext(p) == ".html":
		if added := injected(got, want); added != "" {
			return "injected", IsProblem, fmt.Sprintf("the host adds %q to pages, which neither you nor your learners asked for", added), l.pick(map[Host]string{
				Netlify:    "in the site's settings: Build & deploy, Post processing: take out \"Snippet injection\"; switch Netlify Drawer off",
				Cloudflare: "in Cloudflare: Speed: Rocket Loader off; Scrape Shield: Email Address Obfuscation off; Web Analytics: no automatic setup; Apps: none", CloudflarePages: "in Cloudflare Pages: Metrics: switch Web Analytics off; Scrape Shield: Email Address Obfuscation off",
			}, "switch off what your host calls statistics, snippets, optimisation or advertising, or move to a host that leaves pages as they are")
		}
		if bytes.Equal(squeezed(got), squeezed(want)) {
			return "rewritten", IsWarning, "is not sent as it was built: the host makes pages \"smaller\"", l.pick(map[Host]string{Netlify: "Build & deploy, Post processing: switch asset optimization off", Cloudflare: "Speed, Optimization: switch Auto Minify off"}, "switch off minifying and other optimisation at your host")
		}
	case path.Ext(p) == ".json" && sameJSON(got, want):
		return "rewritten", IsWarning, "is not sent as it was built: it says the same in another spelling", "switch off minifying and other optimisation at your host"
	}
	if p == l.didPath {
		if document, err := did.ParseDocument(got); err == nil && l.elsewhere(document) {
			return "", "", "", "" // what becomes of it is said there
		}
		return "did-differs", IsProblem, "is not the one that was built here: verifiers see other keys than you sign with", "if the folder here is the newest: publish public/ again. If somebody else published: bring their ledger here first (laurel ledger status --live tells)"
	}
	if text := l.otherList(p, got, want); text != "" {
		return "differs", IsProblem, text, l.again()
	}
	return "differs", IsProblem, "is not the file that was built here", l.again()
}

// otherList says which of two status lists is the newer one; empty: it is none.
func (l *live) otherList(p string, got, want []byte) string {
	if !is(p, listPattern) {
		return ""
	}
	online, err1 := vc.ParseStatusList(got)
	here, err2 := vc.ParseStatusList(want)
	if err1 != nil || err2 != nil {
		return ""
	}
	if online.ValidFrom.Before(here.ValidFrom.Time) {
		return fmt.Sprintf("is of %s, older than the one that was built here: what was revoked since is still taken for good", online.ValidFrom.UTC().Format(time.DateOnly))
	}
	return fmt.Sprintf("is of %s, newer than the one that was built here", online.ValidFrom.UTC().Format(time.DateOnly))
}

func lineEndings(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")) }

var comments = regexp.MustCompile(`(?s)<!--.*?-->`)

// squeezed is a page without white space, quotes and comments, which minifiers change.
func squeezed(page []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if r <= ' ' || r == '"' || r == '\'' || r == '/' {
			return -1
		}
		return r
	}, comments.ReplaceAll(page, nil))
}

// injected is the first thing that a page loads or runs and the built one does not.
func injected(got, want []byte) string {
	tags := func(page []byte) (all []string) {
		_ = eachTag(page, func(t html.Token) {
			switch t.Data {
			case "script", "iframe", "img", "link", "object", "embed":
				all = append(all, t.String())
			}
		})
		return all
	}
	had := tags(want)
	for _, t := range tags(got) {
		if !slices.Contains(had, t) {
			return t
		}
	}
	return ""
}

// fresh looks at the dates of a status list.
func (l *live) fresh(c Credential) {
	data, err := l.online.ReadFile(c.File)
	if err != nil {
		return
	}
	list, err := vc.ParseStatusList(data)
	if err != nil {
		return // said of its content
	}
	sign := "in the site's folder: laurel sign, laurel build, then publish; do so once a month (a date in your calendar will do)"
	age := l.o.Now.Sub(list.ValidFrom.Time)
	var until struct {
		ValidUntil time.Time `json:"validUntil"`
	}
	_ = json.Unmarshal(data, &until) // it was read above
	switch left := until.ValidUntil.Sub(l.o.Now); {
	case !until.ValidUntil.IsZero() && left <= 0:
		l.add("list-expired", IsProblem, c.File, fmt.Sprintf("ended on %s: nothing that stands in it can be checked any more", until.ValidUntil.UTC().Format(time.DateOnly)), sign)
	case !until.ValidUntil.IsZero() && left < 7*24*time.Hour:
		l.add("list-expires", IsWarning, c.File, fmt.Sprintf("ends on %s: after that nothing that stands in it can be checked", until.ValidUntil.UTC().Format(time.DateOnly)), sign)
	case age > 30*24*time.Hour:
		l.add("list-old", IsWarning, c.File, fmt.Sprintf("is %s old: verifiers warn that nobody may have looked after it", days(age)), sign)
	case age < -5*time.Minute:
		l.add("list-future", IsProblem, c.File, "begins in the future, so verifiers do not take it yet: a clock was wrong", "look at this computer's clock; if the one that signed was wrong: laurel ledger mend-clock")
	}
}

// elsewhere tells whether a DID document is of another address than the site's.
func (l *live) elsewhere(document *did.Document) bool {
	own, err := did.WebDID(l.base)
	return err != nil || document.ID != own
}

// ourDID tells whether the DID document online is of this address, which all else
// hangs on, and says what becomes of credentials where it is of another.
func (l *live) ourDID(ctx context.Context) bool {
	data, err := l.online.ReadFile(l.didPath)
	if err != nil {
		return false
	}
	document, err := did.ParseDocument(data)
	if err != nil {
		if l.o.Built == nil {
			l.add("did-differs", IsProblem, l.didPath, "is not a DID document: "+err.Error(), l.again())
		}
		return false
	}
	if !l.elsewhere(document) {
		return true
	}
	l.report.Issuer = document.ID
	move := "a did:web is the address itself, and cannot move: keep the old address serving (a folder of the old files there is enough), run laurel move " + l.base + " in the site's folder, which issues everybody's credentials again for this one, and publish both"
	at, err := did.WebURL(document.ID)
	if err != nil {
		l.add("did-other", IsProblem, l.didPath, "is of "+document.ID+", which is no address", move)
		return false
	}
	a, err := l.ask(ctx, fetch.Question{URL: at})
	if ctx.Err() == nil && err == nil && a.Status == 200 && bytes.Equal(a.Body, data) {
		l.add("did-other", IsProblem, l.didPath, fmt.Sprintf("is of %s: all that was issued is checked at %s, which still answers, and not here", document.ID, at),
			"publish to that address alone; or, if this one is to be the site's: "+move)
	} else {
		l.add("did-other", IsProblem, l.didPath, fmt.Sprintf("is of %s: all that was issued is checked at %s, which does not answer with this document, so nobody can check it", document.ID, at),
			"bring the old address back at once, if you can. "+move)
	}
	return false
}

// leftovers looks for files online that the built site does not have: what pages there
// still lead to, and what was taken off the site.
func (l *live) leftovers(ctx context.Context) error {
	gone := map[string]bool{}
	for _, p := range l.o.Gone {
		if _, ok := l.built[p]; !ok {
			gone[p] = true
		}
	}
	for p, f := range l.online.files {
		if f.body != nil {
			l.leadsTo(p)
		}
	}
	ask := slices.Collect(maps.Keys(gone))
	for _, p := range l.links {
		if _, ok := l.built[p]; !ok {
			ask = append(ask, p)
		}
	}
	slices.Sort(ask)
	ask = slices.Compact(ask)
	if most := l.o.Sample; most > 0 && len(ask) > most {
		ask = ask[:most]
	}
	return l.each(ctx, ask, func(p string) error {
		a, err := l.ask(ctx, fetch.Question{Method: "GET", URL: l.base + "/" + strings.TrimSuffix(p, "index.html"), MaxBytes: 1 << 16})
		if err != nil || a.Status != 200 || l.soft {
			return ctx.Err()
		}
		if gone[p] {
			l.add("withdrawn", IsProblem, p, "was taken off the site here, and is still online: whoever has its address can read it", "publish with laurel publish, which removes what is not in public/ any more; by hand, delete it at the host, and empty the host's cache")
			return nil
		}
		l.add("leftover", IsWarning, p, "is online, and public/ does not have it any more", "publish with laurel publish, which removes what is not in public/ any more; by hand, delete it at the host")
		return nil
	})
}
