package fetch_test

import (
	"compress/gzip"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"laurel/internal/standards/fetch"
)

// site is an https server on loopback, known to DNS as example.com.
type site struct {
	*httptest.Server
	mux   *http.ServeMux
	asked atomic.Int64
	last  atomic.Pointer[http.Request]
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{mux: http.NewServeMux()}
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		s.last.Store(r)
		s.mux.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	s.mux.HandleFunc("/did.json", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/did+json; charset=utf-8")
		w.Header().Set("Set-Cookie", "who=ada; Path=/")
		fmt.Fprint(w, `{"id":"did:web:example.com"}`)
	})
	return s
}

func (s *site) options() fetch.Options {
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return fetch.Options{Roots: roots, AllowLoopback: true}
}

func (s *site) url(host, path string) string {
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	return "https://" + host + ":" + port + path
}

func wantReason(t *testing.T, err error, want fetch.Reason) {
	t.Helper()
	var e *fetch.Error
	if !errors.As(err, &e) || e.Reason != want {
		t.Errorf("err = %v, want reason %s", err, want)
	}
}

// TestAsk wants answers as they come, redirects too, within the same limits as Get.
func TestAsk(t *testing.T) {
	s := newSite(t)
	s.mux.HandleFunc("/old", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/did.json", http.StatusFound) })
	c := fetch.New(s.options())
	a, err := c.Ask(t.Context(), fetch.Question{URL: s.URL + "/old#x", Header: map[string]string{"Origin": "https://example.org"}})
	if err != nil || a.Status != 302 || a.Header.Get("Location") != "/did.json" || a.Certificate == nil || s.asked.Load() != 1 {
		t.Errorf("%+v, %v, asked %d times", a, err, s.asked.Load())
	}
	if origin := s.last.Load().Header.Get("Origin"); origin != "https://example.org" {
		t.Errorf("origin %q", origin)
	}
	if a, err = c.Ask(t.Context(), fetch.Question{URL: s.URL + "/did.json", MaxBytes: 5}); err != nil || a.Status != 200 || string(a.Body) != `{"id"` || !a.Cut {
		t.Errorf("%+v, %v", a, err)
	}
	if a, err = c.Ask(t.Context(), fetch.Question{URL: s.URL + "/did.json", Method: "HEAD"}); err != nil || len(a.Body) > 0 || a.Header.Get("Content-Type") == "" {
		t.Errorf("%+v, %v", a, err)
	}
	for _, q := range []fetch.Question{{URL: "https://192.0.2.1/"}, {URL: "http://localhost/"}, {URL: "http://192.0.2.1/", Plain: true}, {URL: "ftp://example.com/", Plain: true}} {
		_, err := c.Ask(t.Context(), q)
		wantReason(t, err, fetch.Forbidden)
	}
	_, err = fetch.New(fetch.Options{}).Ask(t.Context(), fetch.Question{URL: s.url("localhost", "/")})
	wantReason(t, err, fetch.Forbidden)
}

func TestGet(t *testing.T) {
	s := newSite(t)
	c := fetch.New(s.options())
	r, err := c.Get(t.Context(), s.URL+"/did.json#key-1")
	if err != nil {
		t.Fatal(err)
	}
	if string(r.Body) != `{"id":"did:web:example.com"}` || r.MediaType != "application/did+json" || r.URL != s.URL+"/did.json" {
		t.Errorf("response = %+v", r)
	}
	last := s.last.Load()
	if !strings.Contains(last.Header.Get("Accept"), "application/vc+ld+json") || last.UserAgent() != "laurel" {
		t.Errorf("header = %v", last.Header)
	}
	if _, err := c.Get(t.Context(), s.URL+"/did.json"); err != nil || s.asked.Load() != 1 {
		t.Errorf("asked %d times, %v", s.asked.Load(), err)
	}
}

func TestGetRedirects(t *testing.T) {
	s := newSite(t)
	for i := range 5 {
		s.mux.HandleFunc(fmt.Sprintf("/hop/%d", i), func(w http.ResponseWriter, r *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "who", Value: "ada"})
			to := "/did.json"
			if i > 0 {
				to = fmt.Sprintf("/hop/%d", i-1)
			}
			http.Redirect(w, r, to, http.StatusFound)
		})
	}
	r, err := fetch.New(s.options()).Get(t.Context(), s.URL+"/hop/2")
	if err != nil || r.URL != s.URL+"/did.json" {
		t.Errorf("three redirects: %+v, %v", r, err)
	}
	if last := s.last.Load(); last.Header.Get("Cookie") != "" || last.Header.Get("Referer") != "" {
		t.Errorf("the last request carries %v", last.Header)
	}
	_, err = fetch.New(s.options()).Get(t.Context(), s.URL+"/hop/3")
	wantReason(t, err, fetch.Forbidden)

	for name, to := range map[string]string{
		"http":         "http://example.com/",
		"file":         "file:///etc/passwd",
		"private-ip":   "https://10.0.0.1/",
		"metadata":     "https://169.254.169.254/latest/meta-data/",
		"ipv6":         "https://[fd00::1]/",
		"user":         "https://ada:secret@example.com/",
		"short-number": "https://2130706433/",
	} {
		t.Run(name, func(t *testing.T) {
			s.mux.HandleFunc("/to/"+name, func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, to, http.StatusFound)
			})
			_, err := fetch.New(s.options()).Get(t.Context(), s.URL+"/to/"+name)
			wantReason(t, err, fetch.Forbidden)
			if !strings.Contains(err.Error(), "redirect") {
				t.Errorf("err = %v", err)
			}
		})
	}
}

func TestGetRefusesURLs(t *testing.T) {
	c := fetch.New(fetch.Options{})
	for _, u := range []string{
		"", "http://example.com/", "ftp://example.com/", "did:web:example.com", "https:example.com", "https:///x", "//example.com/", "/etc/passwd",
		"https://127.0.0.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://0/", "https://0x7f000001/", "https://127.1/", "https://192.0.2.1./",
		"https://93.184.216.34/", "https://ada@example.com/", "https://example.com/" + strings.Repeat("a", 2048), "https://exa mple.com/", "https://example.com:x/",
	} {
		_, err := c.Get(t.Context(), u)
		wantReason(t, err, fetch.Forbidden)
		if err != nil && len(err.Error()) > 400 {
			t.Errorf("error has %d bytes", len(err.Error()))
		}
	}
}

// localhost is a name, so only the look at the connection can refuse it.
func TestGetRefusesLocalName(t *testing.T) {
	s := newSite(t)
	o := s.options()
	o.AllowLoopback = false
	_, err := fetch.New(o).Get(t.Context(), s.url("localhost", "/did.json"))
	wantReason(t, err, fetch.Forbidden)
	if s.asked.Load() != 0 {
		t.Error("the server was asked")
	}
}

func TestGetRefusesPrivateNames(t *testing.T) {
	s := newSite(t)
	for name, addr := range map[string]string{
		"ten": "10.1.2.3", "carrier": "100.64.0.1", "link-local": "169.254.169.254", "zero": "0.0.0.0", "multicast": "224.0.0.1", "documentation": "192.0.2.7",
	} {
		t.Run(name, func(t *testing.T) {
			o := s.options()
			o.Resolver = resolver(t, addr)
			_, err := fetch.New(o).Get(t.Context(), s.url("example.com", "/did.json"))
			wantReason(t, err, fetch.Forbidden)
		})
	}
}

// A name that answers with a good address first and a private one after is
// refused at the second connection: nothing is remembered about names.
func TestGetRefusesRebinding(t *testing.T) {
	s := newSite(t)
	o := s.options()
	o.Resolver = resolver(t, "127.0.0.1", "10.0.0.1")
	s.mux.HandleFunc("/bounce", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		http.Redirect(w, r, s.url("www.example.com", "/did.json"), http.StatusFound)
	})
	_, err := fetch.New(o).Get(t.Context(), s.url("example.com", "/bounce"))
	wantReason(t, err, fetch.Forbidden)
	if s.asked.Load() != 1 {
		t.Errorf("asked %d times, want 1", s.asked.Load())
	}
}

func TestGetFailures(t *testing.T) {
	s := newSite(t)
	s.mux.HandleFunc("/large", func(w http.ResponseWriter, r *http.Request) { w.Write(make([]byte, 1<<20+1)) })
	s.mux.HandleFunc("/full", func(w http.ResponseWriter, r *http.Request) { w.Write(make([]byte, 1<<20)) })
	s.mux.HandleFunc("/bomb", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		for range 64 {
			z.Write(make([]byte, 1<<20))
		}
		z.Close()
	})
	s.mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done() // however slow the machine is, the client is the one to give up
	})
	s.mux.HandleFunc("/drip", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write([]byte(" ")); err != nil {
				return
			}
			w.(http.Flusher).Flush()
			time.Sleep(10 * time.Millisecond)
		}
	})
	c := fetch.New(s.options())
	for path, want := range map[string]fetch.Reason{"/missing": fetch.BadStatus, "/large": fetch.TooLarge, "/bomb": fetch.TooLarge} {
		_, err := c.Get(t.Context(), s.URL+path)
		wantReason(t, err, want)
	}
	impatient := s.options()
	impatient.Timeout = 300 * time.Millisecond
	for _, path := range []string{"/slow", "/drip"} {
		_, err := fetch.New(impatient).Get(t.Context(), s.URL+path)
		wantReason(t, err, fetch.TimedOut)
	}
	if r, err := c.Get(t.Context(), s.URL+"/full"); err != nil || len(r.Body) != 1<<20 {
		t.Errorf("a body of 1 MiB: %v", err)
	}

	_, err := fetch.New(fetch.Options{AllowLoopback: true}).Get(t.Context(), s.URL+"/did.json")
	wantReason(t, err, fetch.Unreachable) // nobody vouches for the certificate
	s.Close()
	_, err = fetch.New(s.options()).Get(t.Context(), s.URL+"/did.json")
	wantReason(t, err, fetch.Unreachable)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Get(ctx, s.URL+"/other"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestGetUsesNoProxy(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	t.Setenv("https_proxy", "http://127.0.0.1:1")
	s := newSite(t)
	o := s.options()
	o.Resolver = resolver(t, "127.0.0.1")
	if _, err := fetch.New(o).Get(t.Context(), s.url("example.com", "/did.json")); err != nil {
		t.Error(err)
	}
}

func TestIsPublic(t *testing.T) {
	for addr, want := range map[string]bool{
		"93.184.216.34": true, "185.199.108.153": true, "2606:50c0:8000::153": true, "64:ff9b::5db8:d822": true,
		"127.0.0.1": false, "10.0.0.1": false, "172.16.0.1": false, "172.32.0.1": true, "192.168.1.1": false, "169.254.169.254": false,
		"0.0.0.0": false, "0.1.2.3": false, "100.64.0.1": false, "100.128.0.1": true, "192.0.0.1": false, "198.19.255.255": false,
		"224.0.0.1": false, "240.0.0.1": false, "255.255.255.255": false, "203.0.113.9": false,
		"::": false, "::1": false, "fe80::1": false, "fc00::1": false, "fec0::1": false, "ff02::1": false, "64:ff9b::a00:1": false, "64:ff9b:1::1": false,
		"::7f00:1": false, "2002:7f00:1::": false, "2001:0:1::": false, "2001:db8::1": false, "3fff::1": false, "100::1": false,
	} {
		if got := fetch.IsPublic(netip.MustParseAddr(addr)); got != want {
			t.Errorf("IsPublic(%s) = %t", addr, got)
		}
	}
}

func TestIsIPLiteral(t *testing.T) {
	for host, want := range map[string]bool{
		"example.com": false, "1.example": false, "localhost": false, "0xample": false, "a.0x": true, "1": true, "0177.1": true, "1.2.3.4.": true, "::1": true,
	} {
		if got := fetch.IsIPLiteral(host); got != want {
			t.Errorf("IsIPLiteral(%q) = %t", host, got)
		}
	}
}
