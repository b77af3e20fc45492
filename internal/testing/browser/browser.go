// Package browser has tests look at pages in Chromium: one browser for all
// tests of a process, tabs that note what should not happen, a server on this
// machine that is like a static host, and axe-core.
//
// It knows how a browser is driven, and nothing of what is on laurel's pages.
// A run without Chromium proves nothing, so tests fail where there is none.
package browser

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience is how long one step may take before it counts as hanging. It
// measures nothing: a machine may be slow, and all its tests run at once.
const patience = 2 * time.Minute

// pool is the one browser of the process.
var pool struct {
	mu    sync.Mutex
	ctx   context.Context // nil: not started
	close func()
}

// Open returns a profile of its own in the browser of this process, which it
// starts when it is first asked for: cookies, storage, cache and downloads are
// those of the test alone. The profile and its tabs go with the test, and Close
// ends the browser. With -short the test is skipped.
func Open(t testing.TB) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("opens pages in a browser")
	}
	ctx, stop := chromedp.NewContext(start(t), chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a profile in Chromium: %v", err)
	}
	return ctx
}

// Close ends the browser, if there is one. It belongs behind the last test, in
// TestMain.
func Close() {
	pool.mu.Lock()
	defer pool.mu.Unlock()
	if pool.ctx != nil {
		pool.close()
		pool.ctx = nil
	}
}

// Camera is what the browser's camera sees from now on: a film as YUV4MPEG2,
// without sound. There is one camera, so tests that use it wait for each other
// until they end.
func Camera(t testing.TB, film []byte) {
	t.Helper()
	camera.Lock()
	t.Cleanup(camera.Unlock)
	start(t)
	if err := os.WriteFile(filepath.Join(left, "camera.y4m"), film, 0o600); err != nil {
		t.Fatal(err)
	}
}

var (
	camera sync.Mutex
	left   string // the folder of all that the browser leaves
)

// start returns the browser, started.
func start(t testing.TB) context.Context {
	t.Helper()
	pool.mu.Lock()
	defer pool.mu.Unlock()
	if pool.ctx != nil && pool.ctx.Err() == nil {
		return pool.ctx
	}
	// The folder of the profile is made, and removed, by the allocator. What
	// else the browser leaves goes with it, as far as its processes, some of
	// which end a moment later, let it.
	dir, err := os.MkdirTemp("", "laurel-browser")
	if err != nil {
		t.Fatal(err)
	}
	left = dir
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(Chromium(t)),
		chromedp.Headless, chromedp.NoSandbox, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.DisableGPU,
		chromedp.WSURLReadTimeout(patience),
		chromedp.Env("TMPDIR="+dir, "XDG_CACHE_HOME="+dir, "XDG_CONFIG_HOME="+dir),
		chromedp.Flag("use-file-for-fake-video-capture", filepath.Join(dir, "camera.y4m")),
		chromedp.Flag("renderer-process-limit", "1"), // the tabs of a profile share a process, and compiled scripts
	}
	for _, flag := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync",
		"disable-extensions", "disable-dev-shm-usage", "disable-renderer-backgrounding", "disable-background-timer-throttling",
		"disable-backgrounding-occluded-windows", "use-fake-device-for-media-stream", "use-fake-ui-for-media-stream"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	closeAll := func() {
		cancel()
		stop()
		os.RemoveAll(dir)
	}
	if err := chromedp.Do(ctx); err != nil {
		closeAll()
		t.Fatalf("start Chromium: %v", err)
	}
	pool.ctx, pool.close = ctx, closeAll
	return ctx
}

// Chromium finds the browser: its file.
func Chromium(t testing.TB) string {
	t.Helper()
	names := []string{"chromium", "chromium-browser", "google-chrome"}
	if name := os.Getenv("CHROMIUM"); name != "" {
		names = []string{name}
	}
	for _, name := range names {
		if file, err := exec.LookPath(name); err == nil {
			return file
		}
	}
	t.Fatalf("these tests need Chromium (Debian: apt-get install chromium; \"make test\" does that), and there is none of %s; CHROMIUM names another", strings.Join(names, ", "))
	return ""
}
