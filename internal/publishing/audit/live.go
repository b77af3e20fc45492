package audit

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"laurel/internal/authoring/model"
	"laurel/internal/material/pool"
	"laurel/internal/standards/did"
	"laurel/internal/standards/fetch"
	"laurel/internal/standards/tlog"
	"laurel/internal/standards/verify"
)

// Severity is how much a finding matters.
type Severity string

// The severities. With a problem credentials cannot be checked, pages not be read, or
// what is private is public; a warning will become one, or is one for some visitors;
// a note is good to know.
const (
	IsProblem Severity = "problem"
	IsWarning Severity = "warning"
	IsNote    Severity = "note"
)

// Finding is something about a live site, and what to do about it.
type Finding struct {
	Check    string   `json:"check"` // what was looked at, such as "cors"; stable
	Severity Severity `json:"severity"`
	Where    []string `json:"where"` // paths of the site, sorted; "." is the whole site
	Text     string   `json:"text"`
	Fix      string   `json:"fix"` // in words, for this host
}

// LiveReport is what was found of a live site.
type LiveReport struct {
	URL      string `json:"url"`
	Host     Host   `json:"host"` // empty: not known
	Issuer   string `json:"issuer"`
	Known    int    `json:"known"`    // files that are known to belong to the site
	Asked    int    `json:"asked"`    // of them, those that were looked at
	Requests int    `json:"requests"` // all that were made
	Compared bool   `json:"compared"` // with a built site
	// Content is what the files say, as Run finds it; nil: they were not to be had. Its
	// problems and warnings are among the findings.
	Content  *Report   `json:"content"`
	Findings []Finding `json:"findings"`
}

// Count is the number of findings of a severity.
func (r *LiveReport) Count(s Severity) int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// Add enters a finding of the caller's.
func (r *LiveReport) Add(f Finding) {
	r.Findings = append(r.Findings, f)
	slices.SortStableFunc(r.Findings, func(x, y Finding) int {
		return cmp.Or(cmp.Compare(weight(x.Severity), weight(y.Severity)), cmp.Compare(x.Check, y.Check), slices.Compare(x.Where, y.Where), cmp.Compare(x.Text, y.Text))
	})
}

func weight(s Severity) int { return slices.Index([]Severity{IsProblem, IsWarning, IsNote}, s) }

// LiveOptions are what an audit of a live site needs.
type LiveOptions struct {
	Client      *fetch.Client
	NewVerifier func(verify.Loader) (*verify.Verifier, error)
	Now         time.Time
	// Built is the site as it was built; nil: there is none here, and what is online is
	// found by following its links.
	Built fs.FS
	// Former is the base URL that the site had before it moved; empty: it has not.
	Former string
	// Gone are paths that were online once, and must not be any more.
	Gone []string
	// Sample is how many files are looked at, at most: spread evenly, those that belong
	// together together, and always those that verifiers need. 0: all.
	Sample int
	// Progress is called with the files looked at so far; may be nil.
	Progress func(done, total int)
}

// Bounds of what is asked of a live site.
const (
	atOnce      = 8                // requests
	maxBody     = 32 << 20         // of a file of which no built one is known
	maxHeld     = 256 << 20        // of files that differ from the built ones, together
	maxFollowed = 20_000           // files, where links are followed
	maxLists    = 1000             // status lists, where none is built
	patience    = 20 * time.Second // for a host that asks to wait, each time
)

// Live looks at the site that is online at a base URL: at every file, how it is sent,
// and what the host does otherwise. Its errors are those of the end of ctx, and of a
// URL or host that laurel does not ask; everything else is a finding.
func Live(ctx context.Context, base string, o LiveOptions) (*LiveReport, error) {
	base = Base(base)
	l := &live{o: o, base: base, didPath: did.WebPath(base), online: newMirror(o.Built), report: &LiveReport{URL: base, Compared: o.Built != nil, Findings: []Finding{}}, found: map[string]*Finding{}, built: map[string]int64{}, seen: map[string]bool{}, beyond: map[string]bool{}}
	if _, err := did.WebDID(base); err != nil {
		return nil, err
	}
	if err := l.run(ctx); err != nil {
		return nil, err
	}
	for _, f := range l.found {
		slices.Sort(f.Where)
		f.Where = slices.Compact(f.Where)
		l.report.Add(*f)
	}
	return l.report, nil
}

// Base is the base URL of a site of which one of its addresses is given: without a
// slash, index.html or fragment at its end.
func Base(address string) string {
	address, _, _ = strings.Cut(address, "#")
	address = strings.TrimSuffix(strings.TrimSpace(address), "index.html")
	return strings.TrimRight(address, "/")
}

type live struct {
	o       LiveOptions
	base    string // without a slash at the end
	didPath string
	host    Host
	built   map[string]int64 // path -> size of what was built
	online  *mirror
	report  *LiveReport
	home    *fetch.Answer
	soft    bool // the host answers 200 for everything

	mu    sync.Mutex
	found map[string]*Finding // by check, text and fix
	held  int
	done  int
	seen  map[string]bool // paths of pages and lists of addresses that were followed
	links []string        // paths that pages online lead to
	// beyond are paths that were found and not asked for: they are too many.
	beyond map[string]bool
}

// add enters a finding. One that is the same in several places is one finding.
func (l *live) add(check string, s Severity, where, text, fix string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := check + "\x00" + text + "\x00" + fix
	f := l.found[key]
	if f == nil {
		f = &Finding{Check: check, Severity: s, Text: text, Fix: fix}
		l.found[key] = f
	}
	f.Where = append(f.Where, where)
}

// ask puts a question about a path of the site, and waits where the host asks to.
func (l *live) ask(ctx context.Context, q fetch.Question) (*fetch.Answer, error) {
	q.Header = maps.Clone(q.Header)
	if q.Header == nil {
		q.Header = map[string]string{}
	}
	if q.Header["Origin"] == "" {
		q.Header["Origin"] = "https://verifier.example"
	}
	for try := 0; ; try++ {
		l.mu.Lock()
		l.report.Requests++
		l.mu.Unlock()
		a, err := l.o.Client.Ask(ctx, q)
		if err != nil || try == 2 || a.Status != 429 && a.Status != 503 {
			return a, err
		}
		wait := 2 * time.Second
		if n, err := strconv.Atoi(a.Header.Get("Retry-After")); err == nil && n >= 0 {
			wait = min(time.Duration(n)*time.Second, patience)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait):
		}
	}
}

func (l *live) run(ctx context.Context) error {
	up, err := l.connect(ctx)
	if err != nil || !up {
		return err
	}
	if err := l.listBuilt(); err != nil {
		return err
	}
	if err := l.probes(ctx); err != nil {
		return err
	}
	if l.o.Built != nil {
		err = l.askBuilt(ctx)
	} else {
		err = l.follow(ctx)
	}
	if err != nil {
		return err
	}
	if l.online.files[l.didPath] == nil {
		if err := l.misplaced(ctx); err != nil {
			return err
		}
	}
	for _, lim := range known {
		if lim.host == l.host {
			l.limits(lim)
		}
	}
	return l.content(ctx)
}

// connect asks for the home page: where that is not to be had for a reason of the
// connection, nothing else is either.
func (l *live) connect(ctx context.Context) (bool, error) {
	a, err := l.ask(ctx, fetch.Question{URL: l.base + "/"})
	var failed *fetch.Error
	switch {
	case errors.As(err, &failed) && failed.Reason == fetch.Forbidden:
		return false, err
	case ctx.Err() != nil:
		return false, ctx.Err()
	case err != nil:
		l.unreachable(err)
		return false, nil
	}
	u, err := url.Parse(l.base)
	if err != nil {
		return false, err
	}
	l.home, l.host = a, hostOf(u.Hostname(), a)
	l.report.Host = l.host
	l.expires(a.Certificate)
	return true, nil
}

// unreachable tells why there is no connection.
func (l *live) unreachable(err error) {
	var name x509.HostnameError
	var authority x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	u, _ := url.Parse(l.base)
	here := u.Hostname()
	renew := "have it renewed where your domain or server is looked after: GitHub Pages: Settings, Pages, take the custom domain out and enter it again; Netlify: Domain management, HTTPS, \"Renew certificate\"; a server of your own: certbot renew, and a timer that does it every day"
	switch {
	case errors.As(err, &name):
		l.add("certificate-name", IsProblem, ".", "its certificate is for another name than "+here+", so browsers warn and verifiers refuse: nothing that you issued can be checked",
			"get a certificate for "+here+": GitHub Pages: Settings, Pages, \"Enforce HTTPS\" (it can take a day after the domain was entered); Netlify, Cloudflare: add "+here+" as a domain of the site; a server of your own: certbot -d "+here)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		l.add("certificate-expired", IsProblem, ".", "its certificate is out of date, so browsers warn and verifiers refuse: nothing that you issued can be checked", renew+". If it is new, the clock of this computer is wrong")
	case errors.As(err, &authority), errors.As(err, &invalid):
		l.add("certificate-chain", IsProblem, ".", "its certificate is not signed by an authority that computers know, or the host does not send the whole chain",
			"use a certificate of a known authority (Let's Encrypt is free), and have the server send all of the chain: nginx: ssl_certificate with fullchain.pem; Apache: SSLCertificateFile with fullchain.pem; hosts such as GitHub Pages do so by themselves")
	default:
		l.add("unreachable", IsProblem, ".", "does not answer: "+err.Error(), "look whether the address is right and opens in a browser, whether the domain is paid for and its DNS leads to the host, and try again in some minutes")
	}
}

// expires warns of a certificate that ends soon: within three weeks, or the last
// quarter of one that lasts less, which hosts renew that late.
func (l *live) expires(c *x509.Certificate) {
	if c == nil {
		return
	}
	left := c.NotAfter.Sub(l.o.Now)
	if left < min(21*24*time.Hour, c.NotAfter.Sub(c.NotBefore)/4) {
		l.add("certificate-expires", IsWarning, ".", fmt.Sprintf("its certificate ends on %s; after that nothing that you issued can be checked", c.NotAfter.UTC().Format(time.DateOnly)),
			"hosts renew it by themselves some weeks before, so something is in the way: look at the certificate in the host's settings (GitHub Pages: Settings, Pages, custom domain, DNS check; Netlify: Domain management, HTTPS); a server of your own: certbot renew, and a timer that does it every day")
	}
}

// hostFile tells a file that the host reads and does not serve.
func hostFile(p string) bool {
	switch path.Base(p) {
	case ".nojekyll", "CNAME", ".gitignore", ".gitattributes", ".gitkeep", ".git", ".htaccess", "_headers", "_redirects", "web.config":
		return true
	}
	return path.Base(p) == "404.html" // asked for by an address that there is not
}

func (l *live) listBuilt() error {
	if l.o.Built == nil {
		return nil
	}
	err := fs.WalkDir(l.o.Built, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.Name() == ".git" {
				return fs.SkipDir
			}
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().IsRegular() {
			l.built[p] = info.Size()
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("look through the built site: %w", err)
	}
	return nil
}

// unit is what files are sampled by: an award's are judged together, and so are the
// two of a sealed one.
func unit(p string) string {
	switch parts := strings.Split(p, "/"); {
	case parts[0] == "awards" && len(parts) > 2:
		return "awards/" + parts[1]
	case parts[0] == "c":
		return strings.TrimSuffix(strings.TrimSuffix(p, ".jwe"), ".page")
	}
	return p
}

// always tells a file that is looked at in every sample.
func (l *live) always(p string) bool {
	return p == l.didPath || !strings.Contains(p, "/") || strings.HasPrefix(p, "status/") || strings.HasPrefix(p, tlog.Folder) || strings.HasPrefix(p, "assets/") ||
		strings.HasPrefix(p, "claim/") || strings.HasPrefix(p, "verify/") || path.Base(p) == keySetFile
}

// sample picks the files to look at.
func (l *live) sample() []string {
	var files []string
	units := map[string][]string{}
	for _, p := range slices.Sorted(maps.Keys(l.built)) {
		switch {
		case hostFile(p):
		case l.o.Sample == 0 || l.always(p):
			files = append(files, p)
		default:
			units[unit(p)] = append(units[unit(p)], p)
		}
	}
	names := slices.Sorted(maps.Keys(units))
	rest := 0
	for _, u := range units {
		rest += len(u)
	}
	// Of n units in a row every n/k-th one: kinds lie together, so that each has its share.
	if room := l.o.Sample - len(files); room > 0 && rest > 0 {
		k := max(1, min(len(names), len(names)*room/rest))
		for i := range k {
			files = append(files, units[names[i*len(names)/k]]...)
		}
	}
	return files
}

func (l *live) askBuilt(ctx context.Context) error {
	files := l.sample()
	for p := range l.built {
		if !hostFile(p) {
			l.report.Known++
		}
	}
	if err := l.askAll(ctx, files, len(files)); err != nil {
		return err
	}
	return l.leftovers(ctx)
}

func (l *live) askAll(ctx context.Context, files []string, total int) error {
	return pool.Each(ctx, len(files), atOnce, func(i int) error { return l.file(ctx, files[i]) }, func(int) {
		l.done++
		if l.o.Progress != nil {
			l.o.Progress(l.done, max(total, l.done))
		}
	})
}

// follow finds the files of a site of which nothing is known but its address: what
// every site has, and what its pages and lists of addresses lead to.
func (l *live) follow(ctx context.Context) error {
	next := []string{"index.html", l.didPath, path.Join(path.Dir(l.didPath), keySetFile), "catalog.json", "catalog-context.json", "ctdl.json", "feed.xml", "sitemap.xml", "robots.txt", "issuer.json",
		"verify/index.html", "claim/index.html", tlog.Folder + tlog.CheckpointPath}
	if l.soft { // any number of lists would be there
		next = append(next, model.StatusListPath(1))
	}
	most := maxFollowed
	if l.o.Sample > 0 {
		most = min(most, l.o.Sample)
	}
	asked := map[string]bool{}
	for list := 1; !l.soft && list <= maxLists; list++ {
		p := model.StatusListPath(list)
		asked[p] = true
		if err := l.file(ctx, p); err != nil {
			return err
		}
		if l.online.files[p] == nil {
			break
		}
	}
	for len(next) > 0 {
		var round []string
		for _, p := range next {
			switch {
			case asked[p] || hostFile(p):
			case len(asked) < most || strings.HasPrefix(p, tlog.Folder):
				asked[p] = true
				round = append(round, p)
			default:
				l.beyond[p] = true
			}
		}
		if err := l.askAll(ctx, round, len(asked)); err != nil {
			return err
		}
		for _, p := range round {
			l.leadsTo(p)
		}
		next, l.links = l.links, nil
	}
	l.report.Known = len(l.online.files) + len(l.beyond)
	return nil
}

// essential tells a file that every site has: where there is nothing built to compare
// with, only these are missed.
func (l *live) essential(p string) bool {
	return p == l.didPath || p == "index.html" || p == "verify/index.html" || p == model.StatusListPath(1)
}

// leadsTo gathers the paths that a file online leads to.
func (l *live) leadsTo(p string) {
	f := l.online.files[p]
	if f == nil || l.seen[p] {
		return
	}
	l.seen[p] = true
	data, err := l.online.ReadFile(p)
	if err != nil {
		return
	}
	if p == tlog.Folder+tlog.CheckpointPath {
		if _, rest, ok := strings.Cut(string(data), "\n"); ok {
			size, _, _ := strings.Cut(rest, "\n")
			if n, err := strconv.ParseInt(size, 10, 64); err == nil && n > 0 && n < 1<<24 {
				for _, tile := range tlog.Paths(n) {
					l.links = append(l.links, tlog.Folder+tile)
				}
			}
		}
		return
	}
	for _, link := range addresses(p, data) {
		if to, ok := l.path(p, link); ok {
			l.links = append(l.links, to)
		}
	}
}

// path is the file of the site that an address in the file p leads to.
func (l *live) path(p, link string) (string, bool) {
	from, err := url.Parse(l.base + "/" + strings.TrimSuffix(p, "index.html"))
	if err != nil {
		return "", false
	}
	to, err := from.Parse(link)
	if err != nil || to.RawQuery != "" {
		return "", false
	}
	to.Fragment = ""
	rest, ok := strings.CutPrefix(to.String(), l.base+"/")
	if rest, err = url.PathUnescape(rest); !ok || err != nil {
		return "", false
	}
	if rest == "" || strings.HasSuffix(rest, "/") {
		rest += "index.html"
	}
	return rest, fs.ValidPath(rest)
}

// content judges what the files online say. What could not be had is taken from the
// built site, where there is one: it was told already.
func (l *live) content(ctx context.Context) error {
	for p, size := range l.built {
		if l.online.files[p] == nil && (l.o.Sample == 0 || l.always(p)) {
			l.online.put(p, nil, size)
		}
	}
	if l.online.files[l.didPath] == nil || !l.ourDID(ctx) {
		return ctx.Err()
	}
	r, err := runAudit(ctx, l.online, Options{NewVerifier: l.o.NewVerifier}, l.isThere)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		l.add("content", IsProblem, l.didPath, err.Error(), l.again())
		return nil
	}
	l.report.Content, l.report.Issuer = r, r.Issuer
	for _, p := range r.Problems {
		l.add("content", IsProblem, p.File, p.Text, l.mend(p.File))
	}
	for _, p := range r.Warnings {
		l.add("content", IsWarning, p.File, p.Text, l.mend(p.File))
	}
	for _, list := range r.Lists {
		l.fresh(list)
	}
	return nil
}

// isThere tells of a file that was not looked at that the site has it.
func (l *live) isThere(p string) bool {
	_, ok := l.built[p]
	return ok || l.beyond[p]
}

// mend says what to do about a file whose content is wrong.
func (l *live) mend(p string) string {
	if f := l.online.files[p]; l.o.Built != nil && f != nil && f.body == nil {
		return "the built site has the same fault: laurel audit shows it; mend content/ or the theme, then laurel build, and publish again"
	}
	return l.again()
}

func (l *live) again() string {
	if l.o.Built == nil {
		return "in the site's folder: laurel build, laurel audit, then publish again; if it is right there, something on the way changes it"
	}
	return "publish public/ again: laurel publish. If it is still so half an hour later, something on the way changes the files: compare with what laurel audit says of public/"
}

// random is an address that no site has.
func random() string { return "no-such-page-" + strings.ToLower(rand.Text()) }
