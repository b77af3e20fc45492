//go:build !windows

package bench

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	qrcode "github.com/skip2/go-qrcode"
)

// perCohort is how many awards one award list holds.
const perCohort = 500

// site is a site folder that goes with the test.
type site struct {
	t   *testing.T
	dir string
}

// newSite makes a site with the sample academy's definitions, a key and n awards.
func newSite(t *testing.T, n int, visibility string) site {
	t.Helper()
	s := site{t, t.TempDir()}
	for _, part := range []string{"achievements", "evidence", "images", "pages"} {
		must(t, os.CopyFS(filepath.Join(s.dir, "content", part), os.DirFS("../../../content/"+part)))
	}
	data, err := os.ReadFile("../../../content/site.yaml")
	must(t, err)
	must(t, os.WriteFile(filepath.Join(s.dir, "content/site.yaml"), data, 0o644))
	must(t, os.Mkdir(filepath.Join(s.dir, "content/awards"), 0o755))
	for i := 0; i*perCohort < n; i++ {
		s.cohort(fmt.Sprintf("cohort-%03d", i), min(perCohort, n-i*perCohort), visibility)
	}
	s.laurel("key", "new")
	return s
}

// cohort writes an award list and its roster.
func (s site) cohort(slug string, n int, visibility string) {
	yaml := "name: Bench " + slug + "\nachievement: bookkeeping\nawardedDate: 2026-06-30\nvisibility: " + visibility + "\nroster: " + slug + ".csv\n"
	var csv bytes.Buffer
	csv.WriteString("name,email,result.grade,result.exam,creditsEarned\n")
	for i := range n {
		fmt.Fprintf(&csv, "Learner %s-%04d Exampleton,%s-%04d@learner.example.org,%c,%d,6\n", slug, i, slug, i, "ABC"[i%3], 60+i%40)
	}
	awards := filepath.Join(s.dir, "content/awards")
	must(s.t, os.WriteFile(filepath.Join(awards, slug+".yaml"), []byte(yaml), 0o644))
	must(s.t, os.WriteFile(filepath.Join(awards, slug+".csv"), csv.Bytes(), 0o644))
}

// credentials are some that are published, at most n.
func (s site) credentials(n int) (docs [][]byte) {
	s.t.Helper()
	files, err := filepath.Glob(filepath.Join(s.dir, "public/awards/*/credential.json"))
	must(s.t, err)
	for _, f := range files[:min(n, len(files))] {
		b, err := os.ReadFile(f)
		must(s.t, err)
		docs = append(docs, b)
	}
	if len(docs) == 0 {
		s.t.Fatalf("no credentials in %s", s.dir)
	}
	return docs
}

// codes times the two QR codes of a public award's page: where it is checked,
// and its credential for a wallet.
func codes(t *testing.T, n int) time.Duration {
	const base = "https://academy.example.org/larkspur/"
	start := processorTime(t)
	for i := range n {
		id := fmt.Sprintf("5b0c7d1e-0000-4000-8000-%012d", i)
		for text, level := range map[string]qrcode.RecoveryLevel{
			base + "verify/#" + id:                     qrcode.Medium,
			base + "awards/" + id + "/credential.json": qrcode.Low,
		} {
			q, err := qrcode.New(text, level)
			must(t, err)
			q.Bitmap()
		}
	}
	return (processorTime(t) - start) / time.Duration(n)
}
