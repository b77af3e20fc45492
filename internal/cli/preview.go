package cli

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// preview serves public/ as the host will: folders by their index.html, and
// 404.html for what is not there. Every page also gets a script that reloads
// it after a build.
type preview struct {
	dir  string // public/
	base string // path of the base URL, without a slash at the end

	mu      sync.Mutex
	changed chan struct{} // closed with the next build
}

// The preview's own paths, which no site has.
const (
	reloadScript = "/.laurel/reload.js"
	reloadEvents = "/.laurel/reload"
)

// reloadJS asks for an answer that comes when there is something new.
const reloadJS = `(async () => {
	for (;;) {
		try {
			if ((await fetch("` + reloadEvents + `")).ok) location.reload();
		} catch {
			await new Promise(later => setTimeout(later, 1000));
		}
	}
})();
`

func (p *preview) reload() {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *preview) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// A page elsewhere must not read the site through a name of its own that
	// points here.
	if host, _, _ := net.SplitHostPort(r.Host); host != "127.0.0.1" && host != "localhost" {
		http.Error(w, "only for this machine", http.StatusForbidden)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	switch r.URL.Path {
	case reloadScript:
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		_, _ = w.Write([]byte(reloadJS))
		return
	case reloadEvents:
		p.wait(w, r)
		return
	}
	rest, ok := strings.CutPrefix(r.URL.Path, p.base+"/")
	if !ok {
		http.Redirect(w, r, p.base+"/", http.StatusFound)
		return
	}
	p.file(w, r, rest)
}

// wait answers when a build has changed something.
func (p *preview) wait(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	changed := p.changed
	p.mu.Unlock()
	select {
	case <-changed:
		w.WriteHeader(http.StatusNoContent)
	case <-r.Context().Done():
	}
}

// file answers with a file of public/. No link is followed out of it: what is
// published is in it, and what a link leads to is not.
func (p *preview) file(w http.ResponseWriter, r *http.Request, name string) {
	root, err := openFolder(p.dir)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer root.Close()
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	} else if info, err := root.Stat(name); err == nil && info.IsDir() {
		http.Redirect(w, r, r.URL.Path+"/", http.StatusMovedPermanently)
		return
	}
	data, err := root.ReadFile(name)
	if err != nil {
		data, err = root.ReadFile("404.html")
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write(withReload(data))
		return
	}
	if path.Ext(name) == ".html" {
		data = withReload(data)
	}
	http.ServeContent(w, r, path.Base(name), time.Time{}, bytes.NewReader(data))
}

// openFolder opens a folder that is no link, for each request anew: a build may
// have made it again.
func openFolder(dir string) (*os.Root, error) {
	info, err := os.Lstat(dir)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is not a folder", dir)
	}
	return os.OpenRoot(dir)
}

// policy is the Content-Security-Policy of a page.
var policy = regexp.MustCompile(`(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(">)`)

// withReload adds the reload script to a page, and to its content security
// policy what that needs, beside all that the page itself needs.
func withReload(page []byte) []byte {
	if at := policy.FindSubmatchIndex(page); at != nil {
		allowed := string(page[at[4]:at[5]])
		for _, directive := range []string{"connect-src", "script-src"} {
			allowed = allowSelf(allowed, directive)
		}
		page = slices.Concat(page[:at[4]], []byte(allowed), page[at[5]:])
	}
	script := []byte(`<script src="` + reloadScript + `" defer></script></head>`)
	return bytes.Replace(page, []byte("</head>"), script, 1)
}

// allowSelf adds 'self' to a directive of a policy. Of two directives of one
// name browsers take the first alone (Content Security Policy Level 3, "Parse a
// serialized CSP"), so it is changed where it stands.
func allowSelf(policy, directive string) string {
	parts := strings.Split(policy, ";")
	for i, part := range parts {
		words := strings.Fields(part)
		if len(words) == 0 || !strings.EqualFold(words[0], directive) {
			continue
		}
		if !slices.Contains(words, "'self'") {
			words = slices.DeleteFunc(words, func(w string) bool { return w == "'none'" })
			parts[i] = " " + strings.Join(append(words, "'self'"), " ")
		}
		return strings.Join(parts, ";")
	}
	return policy + "; " + directive + " 'self'"
}
