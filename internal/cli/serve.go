package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/spf13/cobra"

	"laurel/internal/material/hint"
)

func (a *app) serveCommand() *cobra.Command {
	var port int
	c := &cobra.Command{
		Use:   "serve",
		Short: "Build, show the site on this machine, and rebuild on change",
		Long: `Build the site and serve public/ on this machine only, under the path of
baseURL. When content or theme changes, the site is built again and open pages
reload. A mistake in the content is reported, and the site stays as it was.

The script that reloads pages is added as they are served, never in public/.`,
		Example: "  laurel serve\n  laurel serve --port 8080",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return a.serve(c.Context(), port) },
	}
	c.Flags().IntVar(&port, "port", 4280, "port on 127.0.0.1; 0 picks a free one")
	return c
}

func (a *app) serve(ctx context.Context, port int) error {
	if err := a.build(ctx, false, false); err != nil {
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
		return hint.Errorf("laurel serve --port 0 picks a free one", "listen: %w", err)
	}
	p := &preview{dir: filepath.Join(a.dir, "public"), base: strings.TrimSuffix(base.Path, "/"), changed: make(chan struct{})}
	server := &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(listener) }()
	a.printf("http://%s%s/\n", listener.Addr(), p.base)
	if err := a.stdout.err; err != nil {
		return errors.Join(err, server.Close()) // nobody knows where it is
	}
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
			if err := a.build(ctx, false, false); err != nil {
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
