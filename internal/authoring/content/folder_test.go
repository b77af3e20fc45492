package content_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"laurel/internal/authoring/content"
)

// TestFolderNames looks at what stands where laurel reads.
func TestFolderNames(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"upper-case", "content/achievements/Welding.yaml", "content/achievements/Welding.yaml: the file name must be lower-case letters a to z, digits and single hyphens, at most 64 characters; rename it to welding.yaml"},
		{"dots", "content/achievements/a..b.yaml", "rename it to a-b.yaml"},
		{"letters", "content/achievements/Schweißen für alle.yaml", "content/achievements/Schweißen für alle.yaml: the file name must be"},
		{"long", "content/awards/" + strings.Repeat("a", 65) + ".yaml", "at most 64 characters"},
		{"device", "content/awards/aux.yaml", "content/awards/aux.yaml: is a name that Windows keeps for a device: a site with it could not be opened there; rename it to aux-1.yaml"},
		{"device-image", "content/images/nul.tar.png", "content/images/nul.tar.png: is a name that Windows keeps for a device"},
		{"yml", "content/awards/autumn.yml", "content/awards/autumn.yml: is not a .yaml file; rename it to autumn.yaml"},
		{"shout", "content/awards/autumn.YAML", "rename it to autumn.yaml"},
		{"backup", "content/awards/autumn.yaml~", "content/awards/autumn.yaml~: is not a .yaml file; move it out"},
		{"folder", "content/awards/old/autumn.yaml", "content/awards/old: is a folder"},
		{"unused-roster", "content/awards/autumn.csv", "content/awards/autumn.csv: no cohort uses this roster"},
		{"misspelt-folder", "content/achievments/x.yaml", `content/achievments: is not a name that laurel reads; did you mean "achievements"?`},
		{"site-yml", "content/site.yml", `content/site.yml: is not a name that laurel reads; did you mean "site.yaml"?`},
		{"page-html", "content/pages/x.html", "content/pages/x.html: is not a .md file"},
		{"page-reserved", "content/pages/verify.md", "content/pages/verify.md: has a name that the published site needs for itself"},
		{"page-language", "content/pages/de-ch.md", "content/pages/de-ch.md: has the name of the folder of the pages in the language de-CH; rename the file"},
		{"image-case", "content/images/Logo.svg", "differs from Logo.svg only in case"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := academy().with(c.file, "---\ntitle: x\n---\nx\n").problems(t)
			if !strings.Contains(p.Error(), c.want) {
				t.Errorf("want %q, got:\n%v", c.want, p)
			}
		})
	}
}

// TestFolderLeavesAlone: what editors and systems leave behind, and rosters in
// a folder of their own, are no problem.
func TestFolderLeavesAlone(t *testing.T) {
	f := academy().with("content/.DS_Store", "x").with("content/awards/.spring-2026.yaml.swp", "x").
		with("content/images/.hidden", "x").with("content/README.md", "x").with("content/images/unused.txt", "x").
		with("content/rosters/autumn.csv", "email\nx@example.org\n").
		with("content/awards/autumn.yaml", "name: Autumn\nachievement: safety\nawardedDate: 2026-10-01\nroster: ../rosters/autumn.csv\n")
	if _, err := f.load(t); err != nil {
		t.Error(err)
	}
}

// TestFolderLinks: nothing is read through a symbolic link, inside the folder
// or out of it, and nothing waits for a FIFO.
func TestFolderLinks(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("name: secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{siteFile, welding, spring, springSheet, about, logo} {
		where := file
		if file == springSheet {
			where = spring
		}
		for name, make := range map[string]func(path string) error{
			"outside":  func(path string) error { return os.Symlink(outside, path) },
			"inside":   func(path string) error { return os.Symlink("../../content/site.yaml", path) },
			"dangling": func(path string) error { return os.Symlink("nothing", path) },
			"proc":     func(path string) error { return os.Symlink("/proc/self/environ", path) },
			"fifo":     func(path string) error { return exec.Command("mkfifo", path).Run() },
			"folder":   func(path string) error { return os.Mkdir(path, 0o700) },
		} {
			t.Run(filepath.Base(file)+"/"+name, func(t *testing.T) {
				root := academy().write(t)
				path := filepath.Join(root.Name(), filepath.FromSlash(file))
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
				if err := make(path); err != nil {
					t.Fatal(err)
				}
				if file == logo && name == "folder" {
					where = siteFile // such a folder may be there; the file is not
				}
				_, err := content.Load(root)
				if err == nil || !strings.Contains(err.Error(), where) || strings.Contains(err.Error(), "secret") {
					t.Errorf("%s: %v", where, err)
				}
			})
		}
	}
}

// TestFolderLinkedFolders: nor are folders that are links.
func TestFolderLinkedFolders(t *testing.T) {
	for _, dir := range []string{"content", "content/achievements", "content/awards", "content/pages", "content/images", "content/images/badges"} {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			root := academy().write(t)
			path := filepath.Join(root.Name(), filepath.FromSlash(dir))
			moved := filepath.Join(root.Name(), "moved")
			if err := os.Rename(path, moved); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(moved, path); err != nil {
				t.Fatal(err)
			}
			_, err := content.Load(root)
			if err == nil || !strings.Contains(err.Error(), dir+": is a symbolic link") {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestFolderImages(t *testing.T) {
	const photo, badge = "content/images/photo.jpg", "content/images/badges/welding.png"
	good := academy()
	flipped := []byte(good[badge])
	flipped[len(flipped)-20] ^= 1
	for _, c := range []struct{ name, file, text, want string }{
		{"text", photo, "hello", photo + ": is not an image that can be read"},
		{"empty", photo, "", photo + ": is not an image that can be read"},
		{"html", badge, "<html>", badge + ": is not an image"},
		{"png-as-jpeg", photo, good[badge], photo + ": is a PNG image, which its file name does not say"},
		{"jpeg-as-png", badge, good[photo], badge + ": is a JPEG image"},
		{"cut-png", badge, good[badge][:60], badge + ": is a damaged PNG image"},
		{"flipped-png", badge, string(flipped), badge + ": is a damaged PNG image"},
		{"cut-jpeg", photo, good[photo][:len(good[photo])-2], photo + ": is a JPEG image that was cut off"},
		{"wide", badge, pngImage(4097, 1), "4097 by 1 pixels"},
		{"svg-as-png", badge, svgImage, badge + ": is not an image"},
		{"png-as-svg", logo, good[badge], logo + ":1:1: the file is not UTF-8 text"},
		{"svg-latin", logo, `<?xml version="1.0" encoding="ISO-8859-1"?><svg/>`, "not well-formed"},
		{"svg-entity", logo, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><text>&x;</text></svg>`, "not well-formed"},
		{"svg-deep", logo, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">` + strings.Repeat("<g>", 100), "too deep"},
		{"svg-many", logo, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">` + strings.Repeat("<g/>", 30_000), "too many elements"},
		{"svg-large", logo, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">` + strings.Repeat(" ", 2<<20), "larger than 1 MiB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := good.with(c.file, c.text).problems(t)
			if !strings.Contains(p.Error(), c.want) {
				t.Errorf("want %q, got:\n%v", c.want, p)
			}
		})
	}
}

// uses is a drawing of ten levels of ten uses each.
func uses() string {
	var b strings.Builder
	b.WriteString(`<g id="u0"><path d="M0 0h1v1z"/></g>`)
	for i := range 10 {
		fmt.Fprintf(&b, `<g id="u%d">%s</g>`, i+1, strings.Repeat(fmt.Sprintf(`<use href="#u%d"/>`, i), 10))
	}
	return b.String()
}

// TestImageBeside: an SVG needs a PNG beside it, which is looked at like any
// picture, and compared with the SVG; another SVG or PNG is another digest. And
// the names of files are what they are in any case.
func TestImageBeside(t *testing.T) {
	const png = "content/images/logo.png"
	digests := map[string]bool{}
	for _, s := range []files{
		academy(),
		academy().with(png, pngImage(512, 511)),
		academy().replace(t, logo, "A wreath", "A word"),
		academy().replace(t, logo, "<title>A wreath</title>", `<text font-size="2" style="white-space:pre;mix-blend-mode:screen">A wreath</text>`),
	} {
		loaded, err := content.Load(s.write(t))
		if err != nil {
			t.Fatal(err)
		}
		i := loaded.Issuer.Image
		if i.PNG != "logo.png" || len(i.SHA256) != 128 || digests[i.SHA256] {
			t.Errorf("%+v, after %v", i, digests)
		}
		digests[i.SHA256] = true
	}
	place := siteFile + ":17:17: issuer.image.file: "
	for name, c := range map[string]struct{ png, want string }{
		"missing": {"", place + "is an SVG, which wallets, link previews and printed certificates do not show: they need a PNG of it; put content/images/logo.png beside it: the drawing exported as PNG, at least 512 pixels on its longer side, from the program it was drawn with or from a browser"},
		"broken":  {"hello", png + ": is not an image that can be read"},
		"jpeg":    {jpegImage(), png + ": is a JPEG image"},
		"small":   {pngImage(511, 511), place + "content/images/logo.png, the PNG beside it, is 511 by 511 pixels, which looks blurred; export it with at least 512 pixels on its longer side"},
		"another": {pngImage(512, 400), place + "content/images/logo.png, the PNG beside it, is 512 by 400 pixels, but the SVG is 10 by 10: is it another picture?; export the whole drawing"},
	} {
		s := academy().with(png, c.png)
		if c.png == "" {
			delete(s, png)
		}
		if p := s.problems(t); len(p) != 1 || !strings.HasPrefix(p.Error(), c.want) {
			t.Errorf("%s: %v", name, p)
		}
	}
	upper := academy().with("content/images/logo.PNG", pngImage(512, 512))
	delete(upper, png)
	if loaded, err := content.Load(upper.write(t)); err != nil || loaded.Issuer.Image.PNG != "logo.PNG" {
		t.Error(err)
	}
	shouted := academy().with("content/images/photo.JPG", academy()["content/images/photo.jpg"])
	delete(shouted, "content/images/photo.jpg")
	for name, text := range shouted {
		shouted[name] = strings.ReplaceAll(text, "photo.jpg", "photo.JPG")
	}
	if _, err := content.Load(shouted.write(t)); err != nil {
		t.Error(err)
	}
}
