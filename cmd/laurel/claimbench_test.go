package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"laurel/internal/testing/browser"
)

// slowPhone is a telephone of four years ago on a bad line: a quarter of this
// machine's speed, 1.6 Mbit/s down, 0.75 up, and 150 ms from request to answer.
func slowPhone() []browser.Setting {
	return []browser.Setting{
		browser.Window(412),
		browser.Command(emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: 4}),
		browser.Command(network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true}),
		chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
				MatchedNetworkConditions: []*network.Conditions{{Latency: 150, DownloadThroughput: 1.6e6 / 8, UploadThroughput: 0.75e6 / 8}}})
			return err
		}),
	}
}

// TestClaimPageTimes measures, for make bench, and asserts nothing: it opens a
// claim link on a slow phone with nothing in its cache, and tells how long it
// takes until the award is seen and until it is judged, and how much script is
// loaded until then.
func TestClaimPageTimes(t *testing.T) {
	if os.Getenv("LAUREL_BENCH") == "" {
		t.Skip("it is part of make bench")
	}
	site := newClaimSite(t)
	server := serve(t, site.public, "/larkspur/")
	profile := browser.Open(t)
	var seen, judged []float64
	for range 7 {
		tab := browser.NewTab(t, profile, server.URL, slowPhone()...)
		if err := tab.Visit(server.URL + "/larkspur/claim/#" + site.links["claimed"]); err != nil {
			t.Fatal(err)
		}
		times, err := browser.Evaluate[[2]float64](tab, `new Promise((resolve, reject) => {
			const app = document.getElementById('claim-app');
			const look = () => app.dataset.state === 'open' ?
				resolve([performance.getEntriesByName('first-award')[0].startTime, performance.now()]) : setTimeout(look, 10);
			look();
			setTimeout(() => reject(new Error('the award is not judged: ' + app.dataset.state)), 60000);
		})`)
		if err != nil {
			t.Fatal(err)
		}
		seen, judged = append(seen, times[0]), append(judged, times[1])
	}
	asset := func(name string) string {
		found, err := filepath.Glob(filepath.Join(site.public, "assets", name))
		if err != nil || len(found) != 1 {
			t.Fatalf("%d files %s, %v", len(found), name, err)
		}
		return found[0]
	}
	size := func(names ...string) (sum float64) {
		for _, name := range names {
			sum += packedSize(t, asset(name))
		}
		return sum
	}
	first, later := size("claim-*.js", "claimpage-*.js"), size("claimed-*.js", "verifier-*.js", "verdicts-en-????????.js")
	t.Logf("claim page on a slow phone: the award is seen after %.0f ms, and judged after %.0f", median(seen), median(judged))
	t.Logf("script until it is seen %.1f kB gzipped, in all %.1f; page %.1f, style %.1f",
		first, first+later, packedSize(t, filepath.Join(site.public, "claim/index.html")), size("style-*.css"))
}

// median is the middle one of some figures.
func median(all []float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

// packedSize is that of a file, gzipped, in kB.
func packedSize(t *testing.T, file string) float64 {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	z.Write(data) // a buffer takes all
	z.Close()
	return float64(b.Len()) / 1000
}
