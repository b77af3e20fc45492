package main

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"laurel/internal/testing/browser"
	"laurel/internal/testing/interop"
)

// TestLighthouse asks Lighthouse, for make lighthouse, of the first page, of that of an
// achievement in two languages, and of an award: everything is as good as can be, but
// that search engines are to leave the award alone.
func TestLighthouse(t *testing.T) {
	if os.Getenv("LAUREL_LIGHTHOUSE") == "" {
		t.Skip("it is make lighthouse: installing it takes longer than a test may")
	}
	program := filepath.Join(interop.Repository(t), "internal/testing/browser/lighthouse")
	if err := interop.Install(t.Context(), program); err != nil {
		t.Fatal(err)
	}
	dir := academy.read(t)
	server := serve(t, filepath.Join(dir, "public"), "/larkspur/")
	// The site is below a path, and robots.txt is the host's, of which Lighthouse asks too.
	next := server.Config.Handler
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			w.Header().Set("Content-Type", "text/plain")
			w.Write([]byte("User-agent: *\nAllow: /\n"))
			return
		}
		next.ServeHTTP(w, r)
	})
	award := awardFolders(t, dir)["welding-spring-2026/mig-welding-1/zoe-brontesdottir"]
	for _, page := range []string{"verify/", "", "achievements/mig-welding-1/", "de/", award} {
		c := exec.CommandContext(t.Context(), filepath.Join(program, "node_modules/.bin/lighthouse"), server.URL+"/larkspur/"+page, "--quiet", "--output=json",
			"--only-categories=accessibility,best-practices,seo", "--chrome-flags=--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync")
		c.Env = append(os.Environ(), "CHROME_PATH="+browser.Chromium(t))
		out, err := c.Output()
		if err != nil {
			t.Fatalf("/%s: %v\n%.2000s", page, err, out)
		}
		var report struct {
			Categories map[string]struct {
				Score     *float64
				AuditRefs []struct {
					ID     string
					Weight float64
				}
			}
			Audits map[string]struct {
				Score       *float64
				Title       string
				Explanation string
				Details     struct{ Items json.RawMessage }
			}
		}
		if err := json.Unmarshal(out, &report); err != nil {
			t.Fatal(err)
		}
		if len(report.Categories) != 3 {
			t.Fatalf("/%s: %d categories", page, len(report.Categories))
		}
		for name, category := range report.Categories {
			asked, failed := 0, 0
			for _, ref := range category.AuditRefs {
				a := report.Audits[ref.ID]
				if ref.Weight == 0 || a.Score == nil {
					continue
				}
				asked++
				if *a.Score == 1 {
					continue
				}
				if failed++; ref.ID != "is-crawlable" || page != award {
					t.Errorf("/%s: %s: %s: %s %s %.400s", page, name, ref.ID, a.Title, a.Explanation, a.Details.Items)
				}
			}
			if category.Score == nil || asked < 4 || *category.Score < 1 && failed == 0 {
				t.Errorf("/%s: %s: of %d audits there is no score of 100", page, name, asked)
			} else {
				t.Logf("/%s: %s %.0f, %d audits", page, name, 100**category.Score, asked)
			}
		}
	}
}
