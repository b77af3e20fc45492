package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"laurel/internal/cli"
	"laurel/internal/standards/fetch"
)

// TestImportFromHost imports badges by their address: nothing is asked of a host without
// a word, and one that says 410 has revoked the badge.
func TestImportFromHost(t *testing.T) {
	t.Parallel()
	files, asked := map[string]string{}, 0
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		switch text, ok := files[r.URL.Path]; {
		case r.URL.Path == "/gone.json":
			w.WriteHeader(http.StatusGone)
		case ok:
			io.WriteString(w, text)
		default:
			http.NotFound(w, r)
		}
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	certificate, roots := forLocalhost(t)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.StartTLS()
	defer server.Close()
	base := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	assertion := func(name, who string) string {
		return fmt.Sprintf(`{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"%s/%s.json","recipient":{"type":"email","hashed":false,"identity":"%s@example.org"},
			"badge":"%s/knots.json","issuedOn":"2024-03-01","verification":{"type":"hosted"}}`, base, name, who, base)
	}
	files["/ana.json"] = assertion("ana", "ana")
	files["/knots.json"] = fmt.Sprintf(`{"type":"BadgeClass","id":"%s/knots.json","name":"Knots","description":"Ties six knots.","criteria":{"narrative":"Tie them."},"issuer":"%s/issuer.json"}`, base, base)
	files["/issuer.json"] = fmt.Sprintf(`{"type":"Profile","id":"%s/issuer.json","name":"Example","url":"https://example.org","email":"office@example.org"}`, base)
	dir := filepath.Join(t.TempDir(), "academy")
	must(t, ".", "new", dir)
	for _, part := range []string{"achievements", "awards", "programs"} {
		os.RemoveAll(filepath.Join(dir, "content", part))
	}
	badges := t.TempDir()
	writeFile(t, filepath.Join(badges, "gone.json"), assertion("gone", "ben"))
	run := func(args ...string) (int, string) {
		var out strings.Builder
		code := cli.Main(t.Context(), cli.Environment{Args: append([]string{"-C", dir, "import", "ob2"}, args...), Stdout: &out, Stderr: &out, Lookup: variables,
			Network: fetch.Options{Roots: roots, AllowLoopback: true}})
		return code, out.String()
	}
	if code, out := run(badges); code != 0 || asked != 0 || !strings.Contains(out, "is not at hand; --online gets it") {
		t.Errorf("offline: exit %d, %d requests: %s", code, asked, out)
	}
	if code, out := run(badges, base+"/ana.json"); code != 0 || !strings.Contains(out, "1 achievement and 1 award imported") || !strings.Contains(out, "gone.json: it was revoked") {
		t.Errorf("exit %d: %s", code, out)
	}
	if code, out := run(base + "/missing.json"); code != 1 {
		t.Errorf("exit %d: %s", code, out)
	}
	if code, out := run(strings.Replace(base, "https:", "http:", 1) + "/ana.json"); code != 1 || !strings.Contains(out, "https") {
		t.Errorf("without TLS: exit %d: %s", code, out)
	}
	must(t, dir, "plan")
}
