package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"laurel/internal/cli"
	"laurel/internal/standards/fetch"
)

// TestLiveSite publishes a school on this machine, and compares old ledgers with it
// that come with neither public/ nor .laurel/, as in a fresh clone.
func TestLiveSite(t *testing.T) {
	t.Parallel()
	served := http.NotFoundHandler()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { served.ServeHTTP(w, r) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	certificate, roots := forLocalhost(t)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.StartTLS()
	defer server.Close()
	live := func(dir string, args ...string) (int, string) {
		var out strings.Builder
		code := cli.Main(t.Context(), cli.Environment{Args: append([]string{"-C", dir}, args...), Stdout: &out, Stderr: &out, Lookup: variables,
			Network: fetch.Options{Roots: roots, AllowLoopback: true}})
		return code, out.String()
	}
	dir := t.TempDir()
	school(t, dir)
	site := filepath.Join(dir, "content/site.yaml")
	b, err := os.ReadFile(site)
	if err != nil {
		t.Fatal(err)
	}
	base := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	writeFile(t, site, strings.Replace(string(b), "https://school.example.org", base, 1))
	must(t, dir, "sign")
	if code, out := live(dir, "build", "--live"); code != 0 { // nothing is published yet
		t.Fatalf("exit %d: %s", code, out)
	}
	copyTree(t, filepath.Join(dir, "content/ledger"), filepath.Join(dir, "old"))
	must(t, dir, "revoke", "spring/welding/ben")
	must(t, dir, "sign")
	must(t, dir, "build")
	published := t.TempDir()
	copyTree(t, filepath.Join(dir, "public"), published)
	// A wrong baseURL, while nothing is published, and when it is.
	wrong := filepath.Join(t.TempDir(), "wrong")
	copyTree(t, dir, wrong)
	mendAddress := func() (int, string) { return live(wrong, "ledger", "mend-address", "--yes") }
	if code, out := mendAddress(); code != 1 || !strings.Contains(out, "nothing to mend") {
		t.Errorf("the right address: exit %d: %s", code, out)
	}
	elsewhere := filepath.Join(wrong, "content/site.yaml")
	writeFile(t, elsewhere, strings.Replace(read(t, elsewhere), base, "https://badges.example.org/school", 1))
	if code, _, errs := run(t, wrong, "sign"); code != 1 || !strings.Contains(errs, "laurel ledger mend-address") {
		t.Errorf("a wrong address: exit %d: %s", code, errs)
	}
	if code, out := mendAddress(); code != 0 || !strings.Contains(out, "set aside what was signed for "+base) {
		t.Errorf("nothing is published: exit %d: %s", code, out)
	}
	must(t, wrong, "sign")
	must(t, wrong, "build")
	if read(t, filepath.Join(wrong, "public/did.json")) == "" {
		t.Error("no DID document for the right address")
	}
	files := http.FileServer(http.Dir(published))
	served = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		files.ServeHTTP(w, r)
	})
	// What is published is looked at where visitors find it.
	for _, c := range []struct {
		to, wait string
		code     int
		want     string
	}{
		{published, "--no-wait", 0, "nothing to publish: folder " + published},
		{filepath.Join(t.TempDir(), "other"), "--no-wait", 0, base + " shows it"},
	} {
		if code, out := live(dir, "publish", "--folder", c.to, c.wait); code != c.code || !strings.Contains(out, c.want) {
			t.Errorf("publish: exit %d: %s", code, out)
		}
	}
	if err := os.Remove(filepath.Join(published, "verify/index.html")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(published, "index.html")); err != nil {
		t.Fatal(err)
	}
	if code, out := live(dir, "publish", "--folder", filepath.Join(t.TempDir(), "other"), "--no-wait"); code != 3 || !strings.Contains(out, base+" does not show it yet: index.html") {
		t.Errorf("publish elsewhere: exit %d: %s", code, out)
	}
	if code, out := live(dir, "publish", "--folder", published, "--wait", "1m"); code != 0 || !strings.Contains(out, ": 2 files added, 0 changed, 0 removed") || !strings.Contains(out, base+" shows it") {
		t.Errorf("publish again: exit %d: %s", code, out)
	}
	writeFile(t, site, strings.Replace(read(t, site), base, "https://badges.example.org", 1))
	if code, out := live(dir, "ledger", "mend-address", "--yes"); code != 1 || !strings.Contains(out, "the site is published at "+base) || !strings.Contains(out, "laurel move https://badges.example.org") {
		t.Errorf("it is published: exit %d: %s", code, out)
	}
	writeFile(t, site, strings.Replace(read(t, site), "https://badges.example.org", base, 1))
	for _, args := range [][]string{{"build", "--live"}, {"audit", base}, {"ledger", "status", "--live"}} {
		if code, out := live(dir, args...); code != 0 {
			t.Errorf("%v: exit %d: %s", args, code, out)
		}
	}
	if _, out := live(dir, "audit", base); !strings.Contains(out, " looked at\n") || !strings.Contains(out, "credentials  2, 1 valid, 1 revoked\n") || !strings.HasSuffix(out, "no problems, 1 warning\n") {
		t.Errorf("the site is not as it should be: %s", out) // but that the server has a page of its own for what is not there
	}
	// What somebody else sees of it: without the folder, and with a host that is at fault.
	good := served
	served = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Server", "nginx")
		if r.URL.Path == "/status/1.json" {
			w.Header().Set("Cache-Control", "max-age=864000")
		}
		good.ServeHTTP(w, r)
	})
	const fault = "PROBLEM  status/1.json: browsers and verifiers are told to keep it for 10 days: so long is a credential that you revoke still taken for good\n" +
		"    fix: in the site's server block of nginx: location /status/ { expires 600s; }"
	code, out := live(t.TempDir(), "audit", base+"/index.html")
	if code != 1 || !strings.Contains(out, fault) || !strings.Contains(out, ", found by following links\n") {
		t.Errorf("exit %d: %s", code, out)
	}
	if code, out = live(dir, "audit", base, "--json", "--sample", "3"); code != 1 || !strings.Contains(out, `"check": "cached-long"`) || !strings.Contains(out, `"fix": "in the site`) {
		t.Errorf("exit %d: %s", code, out)
	}
	for _, args := range [][]string{{"audit", "http://localhost/"}, {"audit", base, "--sample", "-1"}} {
		if code, out := live(dir, args...); code != 2 {
			t.Errorf("%v: exit %d: %s", args, code, out)
		}
	}
	served = good
	os.RemoveAll(filepath.Join(dir, "public"))
	os.RemoveAll(filepath.Join(dir, ".laurel"))
	bring(t, filepath.Join(dir, "old"), filepath.Join(dir, "content/ledger"))
	for _, args := range [][]string{{"build", "--live"}, {"audit", base}, {"ledger", "status", "--live"}} {
		if code, out := live(dir, args...); code != 1 || !strings.Contains(out, "content/ledger/ is older than what ") {
			t.Errorf("%v: exit %d: %s", args, code, out)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "public")); err == nil {
		t.Error("public/ was written")
	}
	// Built without asking, an old ledger is not published, wherever it is to go.
	must(t, dir, "build")
	if code, out := live(dir, "publish", "--folder", filepath.Join(t.TempDir(), "new")); code != 1 || !strings.Contains(out, "content/ledger/ is older than what "+base+" tells of") || !strings.Contains(out, "nothing was published") {
		t.Errorf("publish: exit %d: %s", code, out)
	}
	os.RemoveAll(filepath.Join(dir, "public"))
	os.RemoveAll(filepath.Join(dir, ".laurel"))
	os.RemoveAll(filepath.Join(dir, "content/ledger"))
	if code, out := live(dir, "build", "--live"); code != 1 || !strings.Contains(out, "is gone or empty") {
		t.Errorf("lost: exit %d: %s", code, out)
	}
	server.Close()
	if code, out := live(dir, "build", "--live"); code != 1 || !strings.Contains(out, "look at the live site") {
		t.Errorf("no answer: exit %d: %s", code, out)
	}
}

// forLocalhost makes a certificate for this machine, and the pool that trusts it.
func forLocalhost(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	one := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, one, one, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// read is a file's text.
func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
