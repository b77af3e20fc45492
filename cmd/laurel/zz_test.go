package main

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"laurel/internal/material/picture"
	"laurel/internal/testing/poppler"
)

func uuid4() string {
	b := make([]byte, 16)
	rand.Read(b)
	b[6] = b[6]&15 | 0x40
	b[8] = b[8]&63 | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func TestZZ(t *testing.T) {
	out := os.Getenv("ZZ")
	if out == "" {
		t.Skip()
	}
	os.MkdirAll(out, 0o755)
	dir := copySample(t)
	hardAcademy(t, dir)
	must(t, dir, "sign")
	must(t, dir, "revoke", "food-2026/food-handler/food-01", "hard-2026/hard/wide", "--yes", "--reason", "issued by mistake")
	must(t, dir, "sign")
	must(t, dir, "build")
	folders := awardFolders(t, dir)
	server := serve(t, filepath.Join(dir, "public"), "/larkspur/")
	b := newTab(t, newBrowser(t), server.URL, colours("dark"))
	index, _ := os.Create(filepath.Join(out, "index.txt"))
	defer index.Close()
	n := 150
	fmt.Sscan(os.Getenv("ZZN"), &n)
	for _, award := range []string{"food-2026/food-handler/food-01", "welding-spring-2026/mig-welding-1/zoe-brontesdottir", "hard-2026/hard/wide", "daten-2026/datenanalyse/daten-02"} {
		if err := b.visit(server.URL + "/larkspur/" + folders[award]); err != nil {
			t.Fatal(err)
		}
		b.look()
		checkFits(t, b, award)
		for i := range n {
			link := "https://academy.example.org/larkspur/verify/#" + uuid4()
			q, _ := picture.NewQRCode(link)
			if _, err := evaluate[string](b, fmt.Sprintf(`(() => { const s = document.querySelector('.sheet-qr svg'); s.setAttribute('viewBox', '0 0 %d %d'); s.querySelector('path').setAttribute('d', %q); return '' })()`, q.Size, q.Size, q.Path)); err != nil {
				t.Fatal(err)
			}
			paper := papers()[i%4]
			name := fmt.Sprintf("%s-%03d", filepath.Base(award), i)
			data, err := b.pdf(paper.params)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(out, name+".pdf")
			os.WriteFile(file, data, 0o644)
			poppler.Run(t, "pdftoppm", "-png", "-singlefile", "-r", "150", file, strings.TrimSuffix(file, ".pdf"))
			fmt.Fprintf(index, "%s\t%s\t%s\n", name, paper.name, link)
		}
	}
}

func TestZZRead(t *testing.T) {
	out := os.Getenv("ZZ")
	dir := academy.read(t)
	server := serve(t, filepath.Join(dir, "public"), "/larkspur/")
	b := newTab(t, newBrowser(t), server.URL, colours("dark"))
	if err := b.visit(server.URL + "/larkspur/verify/"); err != nil {
		t.Fatal(err)
	}
	reader := qrReader(t, dir)
	index, _ := os.ReadFile(filepath.Join(out, "index.txt"))
	bad, n := map[string]int{}, map[string]int{}
	start := time.Now()
	for _, l := range strings.Split(strings.TrimSpace(string(index)), "\n") {
		f := strings.Split(l, "\t")
		data, _ := os.ReadFile(filepath.Join(out, f[0]+".png"))
		text, err := evaluate[string](b, fmt.Sprintf(`import(%q).then(m => m.readPicture(new Blob([Uint8Array.from(atob(%q), c => c.charCodeAt(0))], {type: 'image/png'}))).then(s => s ?? '')`,
			reader, base64.StdEncoding.EncodeToString(data)))
		if err != nil {
			t.Fatal(err)
		}
		k := f[0][:4] + " " + f[1]
		n[k]++
		if text != f[2] {
			bad[k]++
			t.Logf("%s %s: %q", f[0], f[1], text)
		}
	}
	t.Log(time.Since(start), n, "bad", bad)
}

func TestZZBuild(t *testing.T) {
	n := 10
	fmt.Sscan(os.Getenv("ZZN"), &n)
	for k := range 3 {
		t.Run(fmt.Sprint(k), func(t *testing.T) {
			t.Parallel()
			for i := range n {
				dir, err := os.MkdirTemp("", "zz")
				if err != nil {
					t.Fatal(err)
				}
				defer os.RemoveAll(dir)
				sampleContent(t, dir)
				if k != 1 {
					hardAcademy(t, dir)
				}
				must(t, dir, "sign")
				must(t, dir, "revoke", "food-2026/food-handler/food-01", "--yes", "--reason", "issued by mistake")
				must(t, dir, "sign")
				code, out, errs := run(t, dir, "build")
				if code != 0 {
					t.Errorf("%d: %s %s", i, out, errs)
				}
				os.RemoveAll(dir)
			}
		})
	}
}
