package main

import (
	"bytes"
	"encoding/hex"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"

	"laurel/internal/docs"
	"laurel/internal/testing/browser"
	"laurel/internal/testing/poppler"
)

// TestThemeOfTenLines does what the guide for themes says, to the letter, and looks at
// what comes out: page, badge, certificate on paper and as PDF have the new accent and
// not the old one.
func TestThemeOfTenLines(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	guide, _ := docs.Lookup("theme")
	blocks := regexp.MustCompile("(?s)```()\n(.*?)```").FindAllStringSubmatch(guide.Text, -1)
	if len(blocks) != 2 || strings.Count(blocks[0][2]+blocks[1][2], "\n") > 10 {
		t.Fatalf("the guide's theme is not of ten lines: %q", blocks)
	}
	accent := regexp.MustCompile(`accent: "#(..)(..)(..)"`).FindStringSubmatch(blocks[0][2])
	name := regexp.MustCompile(`name: (\S+)`).FindStringSubmatch(blocks[0][2])
	if accent == nil || name == nil {
		t.Fatal("the guide's theme has no accent or no name")
	}

	dir := t.TempDir()
	must(t, t.TempDir(), "new", dir)
	fastKey(t, dir)
	must(t, dir, "sign")
	before := lookOf(t, dir)
	site := filepath.Join(dir, "content/site.yaml")
	b, err := os.ReadFile(site)
	if err != nil {
		t.Fatal(err)
	}
	assets := filepath.Join(dir, "themes", name[1], "assets")
	if err := os.MkdirAll(assets, 0o755); err != nil {
		t.Fatal(err)
	}
	for file, text := range map[string]string{site: string(b) + blocks[0][2], filepath.Join(assets, "extra.css"): blocks[1][2]} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	after := lookOf(t, dir)
	for what := range before {
		old, now := before[what], after[what]
		if what == "badge" {
			if apart, err := browser.Apart(old, now); err != nil || apart < 2 {
				t.Errorf("the badge changed by %.1f %%, %v", apart, err)
			}
			continue
		}
		for _, c := range []struct {
			in    image.Image
			whose string
			color string
			want  bool
		}{{old, "before", "17614a", true}, {old, "before", accent[1] + accent[2] + accent[3], false}, {now, "after", "17614a", false}, {now, "after", accent[1] + accent[2] + accent[3], true}} {
			if n := pixelsOf(t, c.in, c.color); c.want != (n >= 40) || !c.want && n > 8 {
				t.Errorf("%s, %s: %d pixels of #%s", what, c.whose, n, c.color)
			}
		}
	}
}

// lookOf builds a new site, and is how it looks: page, badge, print, PDF.
func lookOf(t *testing.T, dir string) map[string]image.Image {
	t.Helper()
	must(t, dir, "build")
	out := t.TempDir()
	must(t, dir, "deliver", "first-evening", "--out", filepath.Join(out, "packages"))
	var pdfs []string
	err := filepath.WalkDir(out, func(p string, d os.DirEntry, err error) error {
		if strings.HasSuffix(p, ".pdf") {
			pdfs = append(pdfs, p)
		}
		return err
	})
	if err != nil || len(pdfs) == 0 {
		t.Fatalf("%d certificates, %v", len(pdfs), err)
	}
	badge, err := os.ReadFile(filepath.Join(dir, "public/achievements/welcome-badge/image.png"))
	if err != nil {
		t.Fatal(err)
	}
	server := serve(t, filepath.Join(dir, "public"), "/badges")
	b := newTab(t, newBrowser(t), server.URL)
	if err := b.do(window(1000), colours("light")); err != nil {
		t.Fatal(err)
	}
	if err := b.visit(server.URL + "/badges/"); err != nil {
		t.Fatal(err)
	}
	shot, err := b.Picture("body", 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.visit(server.URL + "/badges/" + awardFolders(t, dir)["first-evening/welcome-badge/welcome-01"]); err != nil {
		t.Fatal(err)
	}
	yes := true
	printed, err := b.pdf(page.PrintToPDFParams{PrintBackground: &yes, PreferCSSPageSize: &yes})
	if err != nil {
		t.Fatal(err)
	}
	paper := filepath.Join(out, "printed.pdf")
	if err := os.WriteFile(paper, printed, 0o644); err != nil {
		t.Fatal(err)
	}
	return map[string]image.Image{"page": shot, "badge": decoded(t, badge), "print": firstPage(t, paper), "PDF": firstPage(t, pdfs[0])}
}

func firstPage(t *testing.T, pdf string) image.Image {
	t.Helper()
	return decoded(t, []byte(poppler.Run(t, "pdftoppm", "-r", "60", "-png", "-f", "1", "-l", "1", pdf)))
}

func decoded(t *testing.T, data []byte) image.Image {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// pixelsOf counts those that have nearly a colour.
func pixelsOf(t *testing.T, m image.Image, color string) (n int) {
	t.Helper()
	c, err := hex.DecodeString(color)
	if err != nil {
		t.Fatal(err)
	}
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
			r, g, b, _ := m.At(x, y).RGBA()
			if near(r, c[0]) && near(g, c[1]) && near(b, c[2]) {
				n++
			}
		}
	}
	return n
}

func near(channel uint32, want byte) bool {
	d := int(channel>>8) - int(want)
	return -5 <= d && d <= 5
}
