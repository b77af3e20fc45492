package audit_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"maps"
	"math/big"
	"mime"
	"net"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"laurel/internal/publishing/audit"
	"laurel/internal/standards/fetch"
	"laurel/internal/standards/verify"
)

// reply is what the host of these tests would answer.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// host is a web host on this machine, which answers http and https at one port. What
// it does wrong is set by the faults.
type host struct {
	base        string
	files       fstest.MapFS
	certificate tls.Certificate
	spoil       func(r *http.Request, file string, a *reply) // file: "" for what is not there
}

// serve starts a host; the current one of which is what current holds.
func serve(t *testing.T, current *atomic.Pointer[host]) (base string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { current.Load().ServeHTTP(w, r) }), ErrorLog: log.New(io.Discard, "", 0),
		TLSConfig: &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &current.Load().certificate, nil }, NextProtos: []string{"h2", "http/1.1"}}}
	plain, secure := sieve(listener)
	go server.Serve(plain)
	go server.ServeTLS(secure, "", "")
	t.Cleanup(func() { listener.Close(); server.Close() }) // the queues end with the listener
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return "https://localhost:" + port
}

// sieve tells connections that begin with a TLS handshake from others.
func sieve(l net.Listener) (plain, secure net.Listener) {
	p, s := &queue{l.Addr(), make(chan net.Conn)}, &queue{l.Addr(), make(chan net.Conn)}
	go func() {
		defer close(p.conns)
		defer close(s.conns)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			r := bufio.NewReader(c)
			first, err := r.Peek(1)
			switch {
			case err != nil:
				c.Close()
			case first[0] == 22:
				s.conns <- peeked{c, r}
			default:
				p.conns <- peeked{c, r}
			}
		}
	}()
	return p, s
}

type queue struct {
	at    net.Addr
	conns chan net.Conn
}

func (q *queue) Accept() (net.Conn, error) {
	if c, ok := <-q.conns; ok {
		return c, nil
	}
	return nil, net.ErrClosed
}
func (q *queue) Close() error   { return nil }
func (q *queue) Addr() net.Addr { return q.at }

type peeked struct {
	net.Conn
	r io.Reader
}

func (p peeked) Read(b []byte) (int, error) { return p.r.Read(b) }

func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p := strings.TrimPrefix(r.URL.Path, "/")
	if p == "" || strings.HasSuffix(p, "/") {
		p += "index.html"
	}
	a := &reply{200, http.Header{}, nil}
	f := h.files[p]
	switch {
	case r.TLS == nil:
		a.status, p = 301, ""
		a.header.Set("Location", h.base+r.URL.Path)
	case f == nil && h.files[p+"/index.html"] != nil:
		a.status, p = 301, ""
		a.header.Set("Location", r.URL.Path+"/")
	case f == nil:
		a.status, p, f = 404, "", h.files["404.html"]
		a.body = f.Data
	default:
		a.body = f.Data
		a.header.Set("Content-Type", mime.TypeByExtension(path.Ext(p)))
		a.header.Set("Access-Control-Allow-Origin", "*")
		a.header.Set("Cache-Control", "max-age=600")
		if strings.HasPrefix(p, "assets/") {
			a.header.Set("Cache-Control", "max-age=31536000, immutable")
		}
	}
	if h.spoil != nil {
		h.spoil(r, p, a)
	}
	maps.Copy(w.Header(), a.header)
	if a.status == 200 {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.body))
		return
	}
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		w.Write(a.body)
	}
}

// authority signs certificates for hosts of these tests.
type authority struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
	pool *x509.CertPool
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{key: key, pool: x509.NewCertPool()}
	a.cert = &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(1, 0, 0), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, a.cert, a.cert, &key.PublicKey, key)
	if err == nil {
		a.cert, err = x509.ParseCertificate(der)
	}
	if err != nil {
		t.Fatal(err)
	}
	a.pool.AddCert(a.cert)
	return a
}

func (a *authority) sign(t *testing.T, name string, from, to time.Time) tls.Certificate {
	t.Helper()
	one := &x509.Certificate{SerialNumber: big.NewInt(2), DNSNames: []string{name}, NotBefore: from, NotAfter: to}
	der, err := x509.CreateCertificate(rand.Reader, one, a.cert, &a.key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: a.key}
}

// planted is one fault of a host or of what was published there: the finding that it
// must give, and what its fix must name.
type planted struct {
	check    string
	severity audit.Severity
	where    string
	says     string
	fix      string
	server   string // what the host calls itself
	plant    func(h *host)
	options  func(o *audit.LiveOptions)
}

// only does something to what is answered for one file; "*.html" for those of a kind.
func only(pattern string, do func(a *reply)) func(h *host) {
	return func(h *host) {
		h.spoil = func(_ *http.Request, file string, a *reply) {
			if ok, _ := path.Match(pattern, file); ok && file != "" || strings.HasPrefix(pattern, "*.") && path.Ext(file) == pattern[1:] {
				do(a)
			}
		}
	}
}

func header(name, value string) func(a *reply) {
	return func(a *reply) { a.header.Set(name, value) }
}

func status(code int) func(a *reply) {
	return func(a *reply) { a.status, a.body = code, nil }
}

// TestLive plants faults in a host on this machine, one after the other. Each must be
// found, and the fix be named that its host needs; where there is none, nothing is.
func TestLive(t *testing.T) {
	var current atomic.Pointer[host]
	base := serve(t, &current)
	ca, now := newAuthority(t), time.Now().Truncate(time.Second)
	good := ca.sign(t, "localhost", now.Add(-time.Hour), now.AddDate(0, 0, 90))
	site := builtFor(t, base, now)
	a := newAuditor(t)
	a.now = now.Add(time.Minute)
	award, sealed := "", ""
	for _, p := range slices.Sorted(maps.Keys(site)) {
		if path.Base(p) == "credential.json" {
			award = p
		}
		if strings.HasPrefix(p, "c/") {
			sealed = p
		}
	}
	run := func(h *host, change func(o *audit.LiveOptions)) *audit.LiveReport {
		t.Helper()
		current.Store(h)
		o := audit.LiveOptions{Client: fetch.New(fetch.Options{Roots: ca.pool, AllowLoopback: true}), Now: a.now, Built: site,
			NewVerifier: func(load verify.Loader) (*verify.Verifier, error) {
				return verify.New(a.processor, a.checker, verify.Options{Now: a.now, Load: load}), nil
			}}
		if change != nil {
			change(&o)
		}
		r, err := audit.Live(t.Context(), base+"/", o)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	clean := func() *host { return &host{base: base, files: maps.Clone(site), certificate: good} }

	t.Run("clean", func(t *testing.T) {
		for name, change := range map[string]func(o *audit.LiveOptions){
			"compared": nil, "alone": func(o *audit.LiveOptions) { o.Built = nil }, "sample": func(o *audit.LiveOptions) { o.Sample = 60 },
			"alone-sample": func(o *audit.LiveOptions) { o.Built, o.Sample = nil, 20 },
		} {
			r := run(clean(), change)
			if len(r.Findings) > 0 || r.Content == nil {
				t.Errorf("%s: %+v", name, r.Findings)
				continue
			}
			valid, files := r.Content.Count(audit.Valid), len(site)-2 // .nojekyll and 404.html are asked for in another way
			switch {
			case name == "compared" && (r.Asked != files || valid < 3 || !r.Compared || len(r.Content.Lists) != 1),
				name == "alone" && (r.Asked < 45 || valid != 0 || r.Compared || len(r.Content.Lists) != 1), // award pages are linked from nowhere
				name == "sample" && (r.Asked < 50 || r.Asked > 70),
				name == "alone-sample" && r.Asked > 30:
				t.Errorf("%s: %d files asked for of %d, %d valid", name, r.Asked, files, valid)
			}
		}
	})
	for _, c := range faults(t, ca, now, site, award, sealed) {
		t.Run(c.check+" "+c.where+" "+c.server, func(t *testing.T) {
			h := clean()
			c.plant(h)
			if c.server != "" {
				spoil := h.spoil
				h.spoil = func(r *http.Request, file string, a *reply) {
					a.header.Set("Server", c.server)
					if spoil != nil {
						spoil(r, file, a)
					}
				}
			}
			r := run(h, c.options)
			if len(r.Findings) > 4 {
				t.Errorf("%d findings: %+v", len(r.Findings), r.Findings)
			}
			for _, f := range r.Findings {
				if f.Fix == "" {
					t.Errorf("no fix of %+v", f)
				}
				if f.Check == c.check && f.Severity == c.severity && slices.Contains(f.Where, c.where) && strings.Contains(f.Text, c.says) && strings.Contains(f.Fix, c.fix) {
					return
				}
			}
			t.Errorf("no finding %s (%s) of %s with %q and fix %q, but %+v", c.check, c.severity, c.where, c.says, c.fix, r.Findings)
		})
	}
}

// faults are what hosts, uploads and forgetting do to a site.
func faults(t *testing.T, ca *authority, now time.Time, site fstest.MapFS, award, sealed string) []planted {
	t.Helper()
	const doc, list = ".well-known/did.json", "status/1.json"
	const problem, warning, note = audit.IsProblem, audit.IsWarning, audit.IsNote
	put := func(p, text string) func(h *host) {
		return func(h *host) { h.files[p] = &fstest.MapFile{Data: []byte(text)} }
	}
	edit := func(p, old, to string) func(h *host) {
		return func(h *host) {
			if !bytes.Contains(h.files[p].Data, []byte(old)) {
				t.Fatalf("%s does not hold %q", p, old)
			}
			h.files[p] = &fstest.MapFile{Data: bytes.Replace(h.files[p].Data, []byte(old), []byte(to), 1)}
		}
	}
	remove := func(p string) func(h *host) { return func(h *host) { delete(h.files, p) } }
	shows := func(c tls.Certificate) func(h *host) { return func(h *host) { h.certificate = c } }
	ask := func(do func(r *http.Request, a *reply)) func(h *host) {
		return func(h *host) { h.spoil = func(r *http.Request, _ string, a *reply) { do(r, a) } }
	}
	later := func(d time.Duration) func(o *audit.LiveOptions) {
		return func(o *audit.LiveOptions) { o.Now = now.Add(d) }
	}
	script := ""
	for _, p := range slices.Sorted(maps.Keys(site)) {
		if path.Ext(p) == ".js" {
			script = p
		}
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.Write(site["catalog.json"].Data)
	z.Close()
	other := regexp.MustCompile(`did:web:localhost%3A[0-9]+`).ReplaceAllString(string(site[doc].Data), "did:web:localhost%3A1")
	return []planted{
		{"certificate-expires", warning, ".", "its certificate ends on " + now.AddDate(0, 0, 12).UTC().Format(time.DateOnly), "certbot renew", "", shows(ca.sign(t, "localhost", now.AddDate(0, 0, -78), now.AddDate(0, 0, 12))), nil},
		{"certificate-expired", problem, ".", "out of date", "have it renewed", "", shows(ca.sign(t, "localhost", now.AddDate(0, 0, -90), now.Add(-time.Hour))), nil},
		{"certificate-name", problem, ".", "for another name than localhost", "get a certificate for localhost", "", shows(ca.sign(t, "example.org", now.Add(-time.Hour), now.AddDate(0, 0, 90))), nil},
		{"certificate-chain", problem, ".", "not signed by an authority", "fullchain.pem", "", shows(newAuthority(t).sign(t, "localhost", now.Add(-time.Hour), now.AddDate(0, 0, 90))), nil},
		{"https", warning, ".", "without encryption", "Enforce HTTPS", "GitHub.com", ask(func(r *http.Request, a *reply) {
			if r.TLS == nil {
				a.status, a.body = 200, site["index.html"].Data
			}
		}), nil},

		{"did-redirected", problem, doc, "redirect (301) to \"https://www.example.org/did.json\"", "laurel move NEW-URL", "", only(doc, func(a *reply) { a.status = 301; a.header.Set("Location", "https://www.example.org/did.json") }), nil},
		{"moved-from", problem, ".", "what was issued before the move cannot be checked", "publish the folder that laurel move made", "", func(*host) {}, func(o *audit.LiveOptions) { o.Former = "https://localhost:1/badges" }},
		{"did-missing", problem, doc, "begin with a dot", ".nojekyll", "GitHub.com", remove(doc), nil},
		{"did-missing", problem, doc, "begin with a dot", "location ~ /\\.", "nginx/1.27", remove(doc), nil},
		{"base-path", problem, ".", "/public/ in place of ", "Publish directory: public", "Netlify", func(h *host) {
			h.files = fstest.MapFS{"404.html": site["404.html"]}
			for p, f := range site {
				h.files["public/"+p] = f
			}
		}, nil},
		{"did-differs", problem, doc, "other keys than you sign with", "publish public/ again", "", edit(doc, `"publicKeyMultibase": "`, `"publicKeyMultibase": "z`), nil},
		{"did-other", problem, doc, "which does not answer", "laurel move https://localhost:", "", put(doc, other), nil},
		{"media-type", problem, doc, `as "text/plain"`, "AddType application/json .json", "Apache/2.4", only(doc, header("Content-Type", "text/plain")), nil},
		{"media-type", problem, script, "without a media type", "metadata of these objects", "AmazonS3", only(script, header("Content-Type", "")), nil},
		{"media-type", warning, "issuer.png", `as "application/octet-stream"`, "tell your host that files ending in .png are image/png", "", only("issuer.png", header("Content-Type", "application/octet-stream")), nil},
		{"charset", problem, "index.html", `"iso-8859-1"`, "AddDefaultCharset UTF-8", "Apache", only("*.html", header("Content-Type", "text/html; charset=iso-8859-1")), nil},
		{"cors", problem, doc, "not allowed to be read", "content/static/_headers", "Netlify", only("*.json", func(a *reply) { a.header.Del("Access-Control-Allow-Origin") }), nil},
		{"cors", problem, list, `pages of "https://academy.example.org" alone`, `outside of every location: add_header Access-Control-Allow-Origin "*" always;`, "nginx", only(list, header("Access-Control-Allow-Origin", "https://academy.example.org")), nil},
		{"cors", problem, award, "not allowed to be read", "CORS: allow the origin", "AmazonS3", only(award, func(a *reply) { a.header.Del("Access-Control-Allow-Origin") }), nil},
		{"cached-long", problem, list, "keep it for 7 days: so long is a credential that you revoke still taken for good", `location /status/ { expires 600s; }`, "nginx", only(list, header("Cache-Control", "public, max-age=604800")), nil},
		{"cached-long", problem, doc, "keep it for 30 days", "Cache-Control: max-age=600", "cloudflare", only(doc, header("Cache-Control", "max-age=2592000")), nil},
		{"cached-long", problem, list, "a copy that is 3 days old", "an invalidation of /*", "", only(list, header("Age", "280000")), nil},
		{"assets-uncached", warning, script, "every page loads slowly", "max-age=31536000, immutable", "Apache", only(script, header("Cache-Control", "no-store")), nil},
		{"cookies", warning, "index.html", "sets a cookie", "Bot Fight Mode", "cloudflare", only("index.html", header("Set-Cookie", "__cf_bm=1")), nil},
		{"noindex", warning, "index.html", "X-Robots-Tag", "preview addresses", "Netlify", only("index.html", header("X-Robots-Tag", "noindex")), nil},
		{"attachment", problem, "verify/index.html", "to be saved", "Content-Disposition", "", only("verify/index.html", header("Content-Disposition", "attachment")), nil},
		{"csp", problem, "verify/index.html", "keeps the site's own scripts", "take the header Content-Security-Policy out", "", only("verify/index.html", header("Content-Security-Policy", "default-src 'none'")), nil},

		{"missing", problem, list, "is not there", "laurel publish", "", remove(list), nil},
		{"missing", problem, award, "is not there", "index document", "AmazonS3", remove(award), nil},
		{"forbidden", problem, "catalog.json", "refused (403)", "Block all public access", "AmazonS3", only("catalog.json", status(403)), nil},
		{"server-error", problem, "feed.xml", "an error of the host (500)", "error log", "", only("feed.xml", status(500)), nil},
		{"throttled", warning, "feed.xml", "asked too much", "--sample", "", only("feed.xml", func(a *reply) { status(429)(a); a.header.Set("Retry-After", "0") }), nil},
		{"redirected", problem, "verify/index.html", "redirect (302)", "Pretty URLs", "Netlify", only("verify/index.html", func(a *reply) { a.status = 302; a.header.Set("Location", "/verify") }), nil},
		{"empty", problem, "catalog.json", "is empty online", "the upload broke off", "", put("catalog.json", ""), nil},
		{"lfs", problem, "issuer.png", "Git LFS", "git lfs untrack", "", put("issuer.png", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"), nil},
		{"compressed", problem, "catalog.json", "compressed, without saying so", "Content-Encoding to gzip", "AmazonS3", put("catalog.json", zipped.String()), nil},
		{"page-instead", problem, "catalog.json", "a page in place of the file", "publish public/ again", "", put("catalog.json", "<!doctype html><html></html>"), nil},
		{"line-endings", problem, "robots.txt", "other line endings", "* -text", "", func(h *host) {
			h.files["robots.txt"] = &fstest.MapFile{Data: bytes.ReplaceAll(site["robots.txt"].Data, []byte("\n"), []byte("\r\n"))}
		}, nil},
		{"injected", problem, "index.html", `adds "<script src=\"/rum.js\">" to pages`, "Rocket Loader off", "cloudflare", edit("index.html", "</body>", `<script src="/rum.js"></script></body>`), nil},
		{"rewritten", warning, "about/index.html", "smaller", "asset optimization off", "Netlify", func(h *host) {
			h.files["about/index.html"] = &fstest.MapFile{Data: bytes.ReplaceAll(site["about/index.html"].Data, []byte("\n"), nil)}
		}, nil},
		{"rewritten", warning, "ctdl.json", "in another spelling", "switch off minifying", "", func(h *host) {
			h.files["ctdl.json"] = &fstest.MapFile{Data: append([]byte(" "), site["ctdl.json"].Data...)}
		}, nil},
		{"differs", problem, "about/index.html", "is not the file that was built here", "publish public/ again", "", edit("about/index.html", "</main>", "<p>What was there before.</p></main>"), nil},
		{"content", problem, award, "proof: ", "publish public/ again", "", edit(award, `"name":"`, `"name":"X`), nil},
		{"content", problem, "index.html", `"gone/" leads nowhere`, "laurel build", "", edit("index.html", "</main>", `<a href="gone/">x</a></main>`), func(o *audit.LiveOptions) { o.Built = nil }},
		{"content", problem, "catalog.json", "contains a credential", "publish public/ again", "", put("catalog.json", string(site[award].Data)), nil},
		{"leftover", warning, "gone/index.html", "public/ does not have it any more", "laurel publish", "", func(h *host) {
			edit("about/index.html", "</main>", `<a href="../gone/">x</a></main>`)(h)
			h.files["gone/index.html"] = h.files["404.html"]
		}, nil},
		{"withdrawn", problem, "c/00000000000000000000000000000000.jwe", "still online", "delete it at the host", "", func(h *host) { h.files["c/00000000000000000000000000000000.jwe"] = site[sealed] },
			func(o *audit.LiveOptions) { o.Gone = []string{"c/00000000000000000000000000000000.jwe", sealed} }},
		{"private", problem, "content/site.yaml", "the whole site folder is published", "take the site offline now", "", put("content/site.yaml", "baseURL: https://example.org\n"), nil},
		{"private", problem, ".git/HEAD", "the whole site folder is published", "publish the folder public/ alone", "", put(".git/HEAD", "ref: refs/heads/main\n"), nil},

		{"list-old", warning, list, "is 40 days old", "laurel sign", "", func(h *host) { h.certificate = ca.sign(t, "localhost", now.Add(-time.Hour), now.AddDate(1, 0, 0)) }, later(40 * 24 * time.Hour)},
		{"list-future", problem, list, "begins in the future", "laurel ledger mend-clock", "", func(*host) {}, later(-24 * time.Hour)},

		{"soft-404", problem, ".", "answered with a page and 200", "/* /index.html 200", "Netlify", func(h *host) {
			h.spoil = func(r *http.Request, file string, a *reply) {
				if file == "" && a.status == 404 {
					a.status, a.body = 200, site["index.html"].Data
					a.header.Set("Content-Type", "text/html")
				}
			}
		}, nil},
		{"not-found", warning, "404.html", "a page of the host's", "ErrorDocument 404 /404.html", "Apache", ask(func(_ *http.Request, a *reply) {
			if a.status == 404 {
				a.body = []byte("<h1>Not Found</h1>")
			}
		}), nil},
		{"slash", problem, "achievements/short-course/index.html", "links in it lead astray", "DirectorySlash On", "Apache", ask(func(r *http.Request, a *reply) {
			if f := site[strings.Trim(r.URL.Path, "/")+"/index.html"]; f != nil && a.status == 301 && r.TLS != nil {
				a.status, a.body = 200, f.Data
				a.header.Del("Location")
			}
		}), nil},
		{"index", problem, "achievements/short-course/index.html", "not answered with its page", "not its REST address", "AmazonS3", ask(func(r *http.Request, a *reply) {
			if strings.HasPrefix(r.URL.Path, "/achievements/short-course") && strings.HasSuffix(r.URL.Path, "/") {
				status(403)(a)
			}
		}), nil},
		{"capitals", note, "verify/index.html", "capital and small letters", "nothing has to be done", "", func(h *host) { h.files["VERIFY/index.html"] = site["verify/index.html"] }, nil},
		{"encoding", problem, "index.html", "compressed (gzip) even to who does not ask", "gzip_static", "", ask(func(r *http.Request, a *reply) {
			if r.Header.Get("Accept-Encoding") == "identity" && r.TLS != nil && r.Header.Get("Range") == "" {
				a.header.Set("Content-Encoding", "gzip")
			}
		}), nil},
		{"head", warning, "index.html", "HEAD", "limit_except GET HEAD", "nginx", ask(func(r *http.Request, a *reply) {
			if r.Method == http.MethodHead {
				status(405)(a)
			}
		}), nil},
		{"range", warning, "index.html", "a part of a file", "Accept-Ranges", "", ask(func(r *http.Request, a *reply) {
			if r.Header.Get("Range") != "" {
				a.status, a.body = 416, nil
			}
		}), nil},
		{"size", problem, "robots.txt", "GitHub Pages takes files of at most 100 MiB (docs.github.com", "move to a host that takes more", "GitHub.com", func(*host) {}, func(o *audit.LiveOptions) { o.Built = swollen{site, "robots.txt", 101 << 20} }},
		{"size", problem, ".", "GitHub Pages takes at most 1024 MiB", "move to a host that takes more", "GitHub.com", func(*host) {}, func(o *audit.LiveOptions) { o.Built = swollenAll{site, 99 << 20} }},
	}
}
