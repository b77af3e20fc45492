package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/spf13/cobra"
)

func (a *app) serveCommand() *cobra.Command {
	var port int
	c := &cobra.Command{
		Use:   "serve",
		Short: "Build, show the site on this machine, and rebuild on change",
		Long: `Build the site and serve public/ on this machine only, under the path of
baseURL. When content or theme changes it is built again, and open pages reload.
A mistake in the content is told, and the site stays as it was.

Only what is served is changed for the reload, never public/ itself.`,
		Example: "  laurel serve\n  laurel serve --port 8080",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return a.serve(c.Context(), port) },
	}
	c.Flags().IntVar(&port, "port", 4280, "port on 127.0.0.1; 0 takes a free one")
	return c
}

func (a *app) serve(ctx context.Context, port int) error {
	if err := a.build(ctx); err != nil {
		return err
	}
	site, err := a.loadContent()
	if err != nil {
		return err
	}
	base, err := url.Parse(site.BaseURL)
	if err != nil {
		return fmt.Errorf("read baseURL: %w", err)
	}
	watcher, err := a.watch()
	if err != nil {
		return err
	}
	defer watcher.Close()
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	p := &preview{root: os.DirFS(filepath.Join(a.dir, "public")), base: strings.TrimSuffix(base.Path, "/"), changed: make(chan struct{})}
	server := &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(listener) }()
	a.printf("http://%s%s/\n", listener.Addr(), p.base)
	a.notef("stop with Ctrl-C\n")

	a.rebuild(ctx, watcher, p, stopped)
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := server.Shutdown(closing); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}

// settle is how long the folder must be quiet before it is built again:
// editors write a file in several steps.
const settle = 150 * time.Millisecond

// rebuild builds after each change until the context ends.
func (a *app) rebuild(ctx context.Context, w *fsnotify.Watcher, p *preview, stopped <-chan error) {
	quiet := time.NewTimer(0)
	quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case err := <-stopped:
			a.notef("laurel: %v\n", err)
			return
		case e, ok := <-w.Events:
			if !ok {
				return
			}
			if info, err := os.Stat(e.Name); err == nil && info.IsDir() && e.Has(fsnotify.Create) {
				_ = w.Add(e.Name) // a folder that is gone again needs no watching
			}
			quiet.Reset(settle)
		case err := <-w.Errors:
			a.notef("laurel: watch the folder: %v\n", err)
		case <-quiet.C:
			if err := a.build(ctx); err != nil {
				a.reportProblem(err)
				continue
			}
			p.reload()
		}
	}
}

// watch looks at content and themes, folder by folder. The ledger is content
// too: signing in another terminal shows at once.
func (a *app) watch() (*fsnotify.Watcher, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watch the folder: %w", err)
	}
	for _, part := range []string{"content", "themes"} {
		err := filepath.WalkDir(filepath.Join(a.dir, part), func(p string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil || !d.IsDir() {
				return err
			}
			return w.Add(p)
		})
		if err != nil {
			return nil, errors.Join(fmt.Errorf("watch the folder: %w", err), w.Close())
		}
	}
	return w, nil
}

// preview serves public/ as the host will: folders by their index.html, and
// 404.html for what is not there. Every page also gets a script that reloads
// it after a build.
type preview struct {
	root fs.FS
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

func (p *preview) file(w http.ResponseWriter, r *http.Request, name string) {
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	} else if info, err := fs.Stat(p.root, name); err == nil && info.IsDir() {
		http.Redirect(w, r, r.URL.Path+"/", http.StatusMovedPermanently)
		return
	}
	data, err := fs.ReadFile(p.root, name)
	if err != nil {
		data, err = fs.ReadFile(p.root, "404.html")
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

// withReload adds the reload script to a page, and to its content security
// policy what that needs.
func withReload(page []byte) []byte {
	allow := []byte("default-src 'none'; connect-src 'self'; ")
	page = bytes.Replace(page, []byte("default-src 'none'; "), allow, 1)
	if !bytes.Contains(page, []byte("script-src 'self'")) {
		page = bytes.Replace(page, allow, append(allow, "script-src 'self'; "...), 1)
	}
	script := []byte(`<script src="` + reloadScript + `" defer></script></head>`)
	return bytes.Replace(page, []byte("</head>"), script, 1)
}
