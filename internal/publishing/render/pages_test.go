package render

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"laurel/internal/publishing/site"
)

func newTest(t testing.TB) *Renderer {
	t.Helper()
	r, err := New(nil, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func render(t testing.TB, r *Renderer, page any) string {
	t.Helper()
	var out bytes.Buffer
	if err := r.Page(&out, page); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// withoutDigests leaves out the digests of styles, scripts and what they use, new with
// every change of them; that they are right, the browser tests see.
func withoutDigests(html string) string {
	html = regexp.MustCompile(`-[0-9a-f]{8}\.(css|js|json)"`).ReplaceAllString(html, `-00000000.$1"`)
	return regexp.MustCompile(`integrity="sha256-[^"]*"`).ReplaceAllString(html, `integrity="sha256-"`)
}

// TestGolden compares every sample page with testdata/golden. UPDATE_GOLDEN=1
// writes them anew; read the difference before committing it. Where that of a
// sealed award differs and no file of the theme has changed, the version of pages
// in package capsule has to be raised.
func TestGolden(t *testing.T) {
	r := newTest(t)
	for name, page := range samples() {
		t.Run(name, func(t *testing.T) { golden(t, name, withoutDigests(render(t, r, page))) })
	}
	t.Run("award-sealed", func(t *testing.T) {
		page := sampleAward()
		page.Sealed, page.Status = true, site.AwardStatus{}
		page.Related = []site.Link{{Href: "../../achievements/peer-mentor/"}, {Label: "https://example.com/x", Href: "https://example.com/x"}}
		html, err := r.Sealed(page)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "award-sealed", withoutDigests(string(html)))
		record := sampleRecord()
		record.Sealed, record.Status, record.Record.Fallen = true, site.AwardStatus{}, false
		for _, row := range record.Record.Rows() {
			if row.Member != nil {
				row.Member.Href, row.Member.Status = "", site.AwardStatus{}
			}
		}
		if html, err = r.Sealed(record); err != nil {
			t.Fatal(err)
		}
		golden(t, "record-sealed", withoutDigests(string(html)))
		if _, err := r.Sealed(sampleAward()); err == nil {
			t.Error("the page of a public award is drawn as a sealed one")
		}
	})
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "golden", name+".html")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs from %s; run with UPDATE_GOLDEN=1 and read the difference", name, file)
	}
}

// TestPreview writes the samples and their assets as a site to the folder in
// the variable PREVIEW, to be looked at in a browser.
func TestPreview(t *testing.T) {
	folder := os.Getenv("PREVIEW")
	if folder == "" {
		folder = t.TempDir()
	}
	r := newTest(t)
	write := func(name string, data []byte) {
		t.Helper()
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, asset := range r.Assets() {
		write(asset.Path, asset.Bytes)
	}
	for name, page := range samples() {
		_, common, err := describe(page)
		if err != nil {
			t.Fatal(err)
		}
		// Variants of a page stand beside it.
		name := filepath.Join(filepath.Dir(common.Path), name+".html")
		write(name, []byte(render(t, r, page)))
	}
	for _, name := range []string{
		"images/academy.svg", "images/badge1.svg", "images/badge2.svg", "images/badge3.svg",
		"achievements/welding-foundations/image.svg", "awards/" + sampleUUID + "/badge.svg",
	} {
		write(name, []byte(sampleImage))
	}
}
