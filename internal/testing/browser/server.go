package browser

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// named are files whose name changes with their bytes.
var named = regexp.MustCompile(`-[0-9a-f]{8,}\.[a-z0-9]+$`)

// types are the media types of what a site has, and whether a host packs them.
var types = map[string]struct {
	name string
	pack bool
}{
	".json": {"application/json", true}, ".svg": {"image/svg+xml", true}, ".css": {"text/css", true},
	".js": {"text/javascript", true}, ".html": {"text/html; charset=utf-8", true}, ".xml": {"application/xml", true},
	".txt": {"text/plain", true}, ".jwe": {"", true}, ".png": {"image/png", false},
}

// Serve serves a folder below a base path, such as "/academy/", as a static host
// does: texts packed with gzip, assets to be kept by the browser, and the site's
// own 404.html for what is not there. It ends with the test.
func Serve(t testing.TB, dir, base string) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/favicon.ico" { // asked for by pictures that are opened as pages
			w.WriteHeader(http.StatusNoContent)
			return
		}
		name := strings.TrimPrefix(r.URL.Path, base)
		if strings.HasSuffix(r.URL.Path, "/") {
			name += "index.html"
		}
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path.Clean("/"+name))))
		status := http.StatusOK
		if err != nil || !strings.HasPrefix(r.URL.Path, base) {
			name, status = "404.html", http.StatusNotFound
			if data, err = os.ReadFile(filepath.Join(dir, name)); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
		}
		media := types[path.Ext(name)]
		w.Header().Set("Content-Type", media.name)
		if named.MatchString(name) {
			w.Header().Set("Cache-Control", "max-age=31536000, immutable")
		}
		if media.pack && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			w.Header().Set("Content-Encoding", "gzip")
			data = packed(data)
		}
		w.WriteHeader(status)
		w.Write(data)
	}))
	t.Cleanup(s.Close)
	return s
}

// packed is data as a host sends it.
func packed(data []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		panic(err)
	}
	z.Write(data) // a buffer takes all
	z.Close()
	return b.Bytes()
}
