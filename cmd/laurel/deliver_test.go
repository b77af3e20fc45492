package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/image/font/gofont/goregular"

	"laurel/internal/authoring/model"
	"laurel/internal/standards/vc"
	"laurel/internal/testing/poppler"
)

// TestDelivered looks at every package of the sample academy: each certificate
// on paper is one page with the credential inside, each credential verifies in
// all of its forms, and what says less says less.
func TestDelivered(t *testing.T) {
	slow(t, "opens pages in a browser")
	t.Parallel()
	dir, out := academy.read(t), filepath.Join(packages.read(t), "packages")
	awards, err := filepath.Glob(filepath.Join(out, "*/*/credential.json"))
	if err != nil {
		t.Fatal(err)
	}
	variants, err := filepath.Glob(filepath.Join(out, "*/*/*/credential.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(awards) < 90 || len(variants) < 20 {
		t.Fatalf("%d awards and %d variants", len(awards), len(variants))
	}
	papers := 0
	for _, file := range sample(slices.Concat(awards, variants), 60) {
		folder := filepath.Dir(file)
		if _, err := os.Stat(filepath.Join(folder, "certificate.pdf")); err == nil {
			papers++
			checkPaper(t, folder)
		}
		for _, name := range []string{"badge.png", "badge.svg", "certificate.html"} {
			if info, err := os.Stat(filepath.Join(folder, name)); err != nil || info.Size() == 0 {
				t.Errorf("%s/%s: %v", folder, name, err)
			}
		}
	}
	if papers < 45 {
		t.Errorf("only %d certificates on paper", papers)
	}
	t.Run("verify", func(t *testing.T) {
		args := []string{"verify", "--offline", "--documents", filepath.Join(dir, "public")}
		for _, file := range slices.Concat(sample(awards, 8), sample(variants, 4)) {
			folder := filepath.Dir(file)
			if strings.Contains(readString(t, filepath.Join(folder, "certificate.html")), "wrap award award-suspended") {
				continue
			}
			for _, name := range []string{"credential.json", "badge.png", "badge.svg", "certificate.html", "certificate.pdf"} {
				// Not every name has its glyphs.
				if _, err := os.Stat(filepath.Join(folder, name)); err == nil || name != "certificate.pdf" {
					args = append(args, filepath.Join(folder, name))
				}
			}
		}
		must(t, dir, args...)
	})
	t.Run("variants", func(t *testing.T) { saysLess(t, out, variants) })
	t.Run("codes", func(t *testing.T) { paperCodes(t, dir, slices.Concat(awards, variants)) })
	t.Run("table", func(t *testing.T) { checkTable(t, out, len(awards)) })
}

// TestDeliveredFonts looks for what the built-in font lacks in a folder of the
// machine: then no award goes without a certificate on paper, and learners are
// named there in their own scripts.
func TestDeliveredFonts(t *testing.T) {
	slow(t, "draws certificates")
	t.Parallel()
	dir := copySample(t)
	must(t, dir, "sign")
	files, err := filepath.Glob(filepath.Join(dir, "content/awards/*"))
	if err != nil {
		t.Fatal(err)
	}
	names := ""
	for _, file := range files {
		names += readString(t, file)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "made.ttf"), madeFont(names), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "packages")
	must(t, dir, "deliver", "bicycles-summer-2026", "welding-spring-2026", "--out", out, "--fonts", t.TempDir(), "--fonts", folder)
	awards, err := filepath.Glob(filepath.Join(out, "*/*/credential.json"))
	if err != nil || len(awards) < 20 {
		t.Fatalf("%d awards, %v", len(awards), err)
	}
	for _, file := range awards {
		checkPaper(t, filepath.Dir(file))
	}
}

// madeFont is a font with a shape for each character beyond Europe's alphabets
// in a text, which are those of other letters: no font of all scripts is needed.
func madeFont(text string) []byte {
	var all []rune
	for _, r := range text {
		if r > 0x0600 && !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	slices.Sort(all)
	// A table of format 12 (OpenType Specification 1.9, "cmap").
	cmap := []byte{0, 0, 0, 1, 0, 3, 0, 10, 0, 0, 0, 12, 0, 12, 0, 0}
	for _, v := range []int{16 + 12*len(all), 0, len(all)} {
		cmap = binary.BigEndian.AppendUint32(cmap, uint32(v))
	}
	for i, r := range all {
		for _, v := range []int{int(r), int(r), 40 + i%100} {
			cmap = binary.BigEndian.AppendUint32(cmap, uint32(v))
		}
	}
	font := bytes.Clone(goregular.TTF)
	entry := font[bytes.Index(font, []byte("cmap")):]
	binary.BigEndian.PutUint32(entry[8:], uint32(len(font)))
	binary.BigEndian.PutUint32(entry[12:], uint32(len(cmap)))
	return append(font, cmap...)
}

// checkPaper reads a certificate on paper: its one page, which is upright in the
// design of that name and across in others, its texts, and the credential inside
// of it, byte for byte.
func checkPaper(t *testing.T, folder string) {
	t.Helper()
	file := filepath.Join(folder, "certificate.pdf")
	signed := readString(t, filepath.Join(folder, "credential.json"))
	detached := filepath.Join(t.TempDir(), "credential.json")
	poppler.Run(t, "pdfdetach", "-save", "1", "-o", detached, file)
	if readString(t, detached) != signed {
		t.Errorf("%s: what is attached is not what was signed", file)
	}
	c, err := vc.Parse([]byte(signed))
	if err != nil {
		t.Fatal(err)
	}
	title := c.CredentialSubject.Achievement.Name
	record := slices.Contains(c.Type, "ClrCredential")
	if record {
		title = c.Name
	}
	upright := strings.Contains(readString(t, filepath.Join(folder, "certificate.html")), `<div class="sheet sheet-certificate sheet-portrait">`)
	pages := poppler.Pages(t, file)
	if record != (len(pages) > 1) {
		t.Fatalf("%s: %d pages", file, len(pages))
	}
	for i, p := range pages {
		if upright != (p.Width < p.Height) {
			t.Errorf("%s: page %d is %v wide and %v high, upright: %v", file, i+1, p.Width, p.Height, upright)
		}
	}
	text := ""
	for _, p := range pages { // a learner record's table is on further ones
		for _, w := range p.Words {
			text += squeezed(w.Text)
		}
	}
	// What is written from right to left is in the order of reading here alone.
	ordered := sync.OnceValue(func() string { return squeezed(poppler.Run(t, "pdftotext", "-layout", file, "-")) })
	want := []string{c.ID, c.Issuer.ID, c.Issuer.Name, title}
	for _, i := range c.CredentialSubject.Identifier {
		if i.IdentityType == "name" {
			want = append(want, i.IdentityHash)
		}
	}
	for _, w := range want {
		if w == "" || !strings.Contains(text, squeezed(w)) && !strings.Contains(ordered(), squeezed(w)) {
			t.Errorf("%s: %q is not in %s", file, w, ordered())
		}
	}
}

// squeezed is text without its spaces, which say nothing in a PDF.
func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

// saysLess looks for what a variant leaves out in all of its files.
func saysLess(t *testing.T, out string, variants []string) {
	names := map[string]string{} // by learner's folder
	for _, row := range table(t, out) {
		names[row[3]] = row[0]
	}
	for _, file := range variants {
		folder := filepath.Dir(file)
		if form := filepath.Base(folder); form != string(model.NoName) && form != string(model.AchievementOnly) {
			continue // some of a record, with the learner's name
		}
		rel, err := filepath.Rel(out, folder)
		if err != nil {
			t.Fatal(err)
		}
		name := names[strings.Split(filepath.ToSlash(rel), "/")[0]]
		full := readString(t, filepath.Join(folder, "..", "credential.json"))
		if name == "" || !strings.Contains(full, name) {
			t.Fatalf("%s: the full form does not name %q", folder, name)
		}
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			data := readString(t, filepath.Join(folder, e.Name()))
			if strings.HasSuffix(e.Name(), ".pdf") {
				data += poppler.Run(t, "pdftotext", filepath.Join(folder, e.Name()), "-") + poppler.Run(t, "pdfinfo", filepath.Join(folder, e.Name()))
			}
			if strings.Contains(data, name) {
				t.Errorf("%s/%s names the learner", rel, e.Name())
			}
		}
	}
}

// paperCodes reads the QR codes of certificates: each leads to where the
// credential itself is verified.
func paperCodes(t *testing.T, dir string, files []string) {
	server := serve(t, filepath.Join(dir, "public"), "/larkspur/")
	b := newTab(t, newBrowser(t), server.URL)
	if err := b.visit(server.URL + "/larkspur/verify/"); err != nil {
		t.Fatal(err)
	}
	reader, kinds := qrReader(t, dir), map[string]int{}
	for _, file := range sample(files, 24) {
		pdf := filepath.Join(filepath.Dir(file), "certificate.pdf")
		if _, err := os.Stat(pdf); err != nil {
			continue
		}
		link := readPrintedCode(t, b, reader, copied(t, pdf))
		rest, ok := strings.CutPrefix(link, "https://academy.example.org/larkspur/")
		if text := squeezed(poppler.Run(t, "pdftotext", pdf, "-")); !ok || !strings.Contains(text, link) {
			t.Errorf("%s: the code leads to %q", pdf, link)
		}
		kind, _, _ := strings.Cut(rest, "#")
		kinds[kind]++
	}
	if kinds["verify/"] == 0 || kinds["claim/"] == 0 || len(kinds) != 2 {
		t.Errorf("codes lead to %v", kinds)
	}
}

// copied is a copy of a file, so that what is made beside it disturbs nobody.
func copied(t *testing.T, file string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), filepath.Base(file))
	if err := os.WriteFile(to, []byte(readString(t, file)), 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

// table are the rows of the table for a mail merge.
func table(t *testing.T, out string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(readString(t, filepath.Join(out, "mail-merge.csv")))).ReadAll()
	if err != nil || len(rows) == 0 || strings.Join(rows[0], ",") != "\ufeffname,email,achievement,folder,link" {
		t.Fatalf("%q, %v", rows, err)
	}
	return rows[1:]
}

func checkTable(t *testing.T, out string, awards int) {
	rows := table(t, out)
	if len(rows) != awards {
		t.Errorf("%d rows for %d awards", len(rows), awards)
	}
	links := map[string]bool{}
	for _, row := range rows {
		if info, err := os.Stat(filepath.Join(out, row[3])); err != nil || !info.IsDir() {
			t.Errorf("folder %s: %v", row[3], err)
		}
		if row[4] != "" && links[row[4]] {
			t.Errorf("two learners have the link %s", row[4])
		}
		links[row[4]] = true
	}
}

// TestDeliverKilled ends runs in the middle. The next one goes on, and in the
// end all is as if nothing had happened.
func TestDeliverKilled(t *testing.T) {
	slow(t, "kills processes")
	t.Parallel()
	dir := copySample(t)
	var list strings.Builder
	list.WriteString("name: Many\nachievement: bicycle-mechanic\nawardedDate: 2026-06-30\nrecipients:\n")
	for i := range 40 {
		fmt.Fprintf(&list, "  - name: Made Up %d\n    email: made-up-%d@example.org\n", i, i)
	}
	if err := os.WriteFile(filepath.Join(dir, "content/awards/many.yaml"), []byte(list.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, dir, "sign")
	out, whole := filepath.Join(t.TempDir(), "killed"), filepath.Join(t.TempDir(), "whole")
	must(t, dir, "deliver", "many", "--out", whole)
	midway := 0
	for _, enough := range []int{1, 4, 9, 15, 22, 30} {
		ctx, kill := context.WithCancel(t.Context())
		c := laurel(ctx, dir, "deliver", "many", "--out", out)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		for range 20_000 { // a run that ends without them is not killed in the middle
			if done, _ := filepath.Glob(filepath.Join(out, "*/*/certificate.pdf")); len(done) >= enough {
				break
			}
			time.Sleep(2 * time.Millisecond)
		}
		kill() // SIGKILL
		c.Wait()
		if done, _ := filepath.Glob(filepath.Join(out, "*/*/certificate.pdf")); len(done) < 40 {
			midway++
		}
	}
	if midway < 3 {
		t.Errorf("only %d runs were killed in the middle", midway)
	}
	must(t, dir, "deliver", "many", "--out", out)
	if code, stdout, _ := run(t, dir, "deliver", "many", "--out", out, "--since", "--json"); code != 0 || !strings.Contains(stdout, `"awards": []`) {
		t.Errorf("exit %d, and not all was delivered: %s", code, stdout)
	}
	must(t, dir, "deliver", "many", "--out", out)
	a, b := contents(t, whole), contents(t, out)
	for name := range a {
		if !bytes.Equal(a[name], b[name]) {
			t.Errorf("%s is missing or differs", name)
		}
	}
	for name := range b {
		if a[name] == nil {
			t.Errorf("%s was left behind", name)
		}
	}
	if len(a) < 6*40 {
		t.Errorf("only %d files", len(a))
	}
}

// contents are the files below a folder.
func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		all[rel], err = os.ReadFile(p)
		if all[rel] == nil {
			all[rel] = []byte{}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
