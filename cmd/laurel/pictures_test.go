package main

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"laurel/internal/testing/browser"
	"laurel/internal/testing/poppler"
)

// TestPictures: wherever the sample academy shows a PNG, it is the author's SVG
// as Chromium draws it: in the badge of an award, on its certificate, in the
// issuer's logo, and where a page is linked to.
func TestPictures(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	public, delivered := filepath.Join(academy.read(t), "public"), filepath.Join(packages.read(t), "packages")
	tab := browser.NewTab(t, browser.Open(t), "about:blank")
	svg := func(name string) []byte { return []byte(readString(t, filepath.Join("../../content/images", name))) }
	apart := func(shown image.Image, name string, onWhite bool) float64 {
		t.Helper()
		size := shown.Bounds().Size()
		drawn, err := tab.DrawSVG(svg(name), size.X, size.Y)
		if err != nil {
			t.Fatal(err)
		}
		if onWhite {
			white := image.NewRGBA(image.Rect(0, 0, size.X, size.Y))
			draw.Draw(white, white.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
			draw.Draw(white, white.Rect, drawn, image.Point{}, draw.Over)
			drawn = white
		}
		far, err := browser.Apart(shown, drawn)
		if err != nil {
			t.Fatal(err)
		}
		return far
	}
	same := func(file, name string) {
		t.Helper()
		if far := apart(readPNG(t, file), name, false); far > 2 {
			t.Errorf("%s is %.2f %% apart from %s", file, far, name)
		}
	}
	same(filepath.Join(public, "issuer.png"), "larkspur.svg")
	pictures := map[string]string{"cabinetmaking": "cabinetmaking.svg", "mig-welding-1": "mig-welding.svg"}
	for slug, name := range pictures {
		same(filepath.Join(public, "achievements", slug, "image.png"), name)
		folders, err := filepath.Glob(filepath.Join(delivered, "*", slug))
		if err != nil || len(folders) == 0 {
			t.Fatalf("%s: %d packages, %v", slug, len(folders), err)
		}
		same(filepath.Join(folders[0], "badge.png"), name)
		paper := ""
		for _, folder := range folders {
			if file := filepath.Join(folder, "certificate.pdf"); paper == "" {
				if _, err := os.Stat(file); err == nil {
					paper = file
				}
			}
		}
		out := t.TempDir()
		poppler.Run(t, "pdfimages", "-png", paper, filepath.Join(out, "p"))
		on, err := filepath.Glob(filepath.Join(out, "*.png"))
		if err != nil || len(on) < 2 {
			t.Fatalf("%s has %d pictures, %v", paper, len(on), err)
		}
		for _, name := range []string{name, "larkspur.svg"} {
			nearest := 100.
			for i := range on[1:] { // each has its mask after it
				m := readPNG(t, on[i])
				if mask, ok := readPNG(t, on[i+1]).(*image.Gray); ok && m.Bounds() == mask.Rect && mask.Rect.Dx() == mask.Rect.Dy() {
					cut := image.NewNRGBA(mask.Rect)
					draw.DrawMask(cut, cut.Rect, m, image.Point{}, &image.Alpha{Pix: mask.Pix, Stride: mask.Stride, Rect: mask.Rect}, image.Point{}, draw.Src)
					nearest = min(nearest, apart(cut, name, false))
				}
			}
			if nearest > 2 {
				t.Errorf("%s: of %d pictures the nearest is %.2f %% apart from %s", paper, len(on), nearest, name)
			}
		}
	}

	// Links to pages: a PNG of the size that is named, with the picture on its panel.
	pages := map[string]string{"index.html": "larkspur.svg"}
	for slug, name := range pictures {
		pages["achievements/"+slug+"/index.html"] = name
		for _, file := range glob(t, public, "awards/*/index.html") {
			record := strings.Contains(readString(t, filepath.Join(filepath.Dir(file), "credential.json")), `"ClrCredential"`)
			if !record && strings.Contains(readString(t, file), "achievements/"+slug+"/") {
				rel, err := filepath.Rel(public, file)
				if err != nil {
					t.Fatal(err)
				}
				pages[rel] = name
			}
		}
	}
	for page, name := range pages {
		found := previewImage.FindStringSubmatch(readString(t, filepath.Join(public, page)))
		if found == nil {
			t.Errorf("%s has no PNG to show where it is linked to", page)
			continue
		}
		file := filepath.Join(public, found[1])
		preview, tile := readPNG(t, file), image.NewRGBA(image.Rect(0, 0, 264, 264))
		draw.Draw(tile, tile.Rect, preview, image.Pt(83, 183), draw.Src)
		if size := preview.Bounds().Size(); size != image.Pt(1200, 630) || found[2] != strconv.Itoa(size.X) || found[3] != strconv.Itoa(size.Y) {
			t.Errorf("%s says %s by %s pixels of a picture of %v", page, found[2], found[3], size)
		}
		if far := apart(tile, name, true); far > 2 || len(readString(t, file)) >= 200_000 {
			t.Errorf("%s: the picture on its panel is %.2f %% apart from %s", file, far, name)
		}
	}
	for _, credential := range glob(t, delivered, "*/*/credential.json") {
		if text := readString(t, credential); strings.Contains(text, "larkspur/issuer.svg") || strings.Contains(text, "/image.svg") || !strings.Contains(text, "larkspur/issuer.png") {
			t.Fatalf("%s names a picture that wallets do not draw", credential)
		}
	}
}

// TestPictureBeside: an SVG alone is an error of every command that reads the
// content, with its place and what to do; the PNG beside it is what is shown, and
// another of either changes what it is shown in.
func TestPictureBeside(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "school")
	must(t, "", "new", dir)
	fastKey(t, dir)
	for _, file := range []string{"speaking-autumn.yaml", "speaking-autumn.csv"} { // of another achievement
		if err := os.Remove(filepath.Join(dir, "content/awards", file)); err != nil {
			t.Fatal(err)
		}
	}
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(dir, "content", name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	sample := func(name string) string { return readString(t, filepath.Join("../../content/images", name)) }
	write("achievements/welcome-badge.yaml", "name: Welcome\ndescription: d\ncriteria: {narrative: Come.}\nimage: {file: hand.svg, caption: A hand}\n")
	write("images/hand.svg", sample("mig-welding.svg"))
	for _, command := range []string{"plan", "sign", "build", "deliver --out " + filepath.Join(dir, "packages")} {
		code, _, errs := run(t, dir, strings.Fields(command)...)
		if code != 1 || !strings.Contains(errs, "content/achievements/welcome-badge.yaml:4:15: image.file: is an SVG") ||
			!strings.Contains(errs, "put content/images/hand.png beside it: the drawing exported as PNG, at least 512 pixels on its longer side") {
			t.Errorf("%s: exit %d\n%s", command, code, errs)
		}
	}

	public := func(name string) string { return readString(t, filepath.Join(dir, "public", name)) }
	const stem, preview = "achievements/welcome-badge/image", "achievements/welcome-badge/preview.png"
	award := ""
	build := func() [5]string {
		t.Helper()
		must(t, dir, "build")
		award = filepath.Dir(glob(t, filepath.Join(dir, "public"), "awards/*/badge.png")[0])
		return [5]string{public(stem + ".png"), readString(t, award+"/badge.png"), public(preview), public(stem + ".svg"), readString(t, award+"/badge.svg")}
	}
	write("images/hand.png", sample("mig-welding.png"))
	must(t, dir, "sign")
	first := build()
	if apart, err := browser.Apart(readPNG(t, award+"/badge.png"), readPNG(t, "../../content/images/mig-welding.png")); err != nil || apart > 0 {
		t.Errorf("badge.png is not the PNG beside the SVG: %v, %v", apart, err)
	}
	if page := public("achievements/welcome-badge/index.html"); !strings.Contains(page, "/"+preview+`">
<meta property="og:image:width" content="1200">
<meta property="og:image:height" content="630">`) {
		t.Errorf("links to the page show no PNG:\n%s", page)
	}
	if size := readPNG(t, filepath.Join(dir, "public", preview)).Bounds().Size(); size != image.Pt(1200, 630) {
		t.Errorf("%s has %v pixels", preview, size)
	}
	write("images/hand.png", sample("larkspur.png"))
	second := build()
	write("images/hand.svg", sample("larkspur.svg"))
	third := build()
	for i, name := range []string{"image.png", "badge.png", "preview.png", "image.svg", "badge.svg"} {
		if drawn := i >= 3; (first[i] == second[i]) != drawn || (second[i] == third[i]) == drawn {
			t.Errorf("%s is not what its file says", name)
		}
	}
}

var previewImage = regexp.MustCompile(`<meta property="og:image" content="https://academy\.example\.org/larkspur/([^"]*\.png)">
<meta property="og:image:width" content="(\d+)">
<meta property="og:image:height" content="(\d+)">`)

func readPNG(t *testing.T, file string) image.Image {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return m
}

func glob(t *testing.T, dir, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(files), err)
	}
	return files
}
