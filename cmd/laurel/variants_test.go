package main

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"laurel/internal/issuing/ledger"
)

// TestVariantsTellNoMore: the files of a variant, which a learner passes on to
// say less, say nothing of who the learner is nor which other credential it
// belongs to, in no text, metadata or name within.
func TestVariantsTellNoMore(t *testing.T) {
	t.Parallel()
	people := learners(rand.New(rand.NewPCG(3, 5)), 6)
	for i := range people {
		people[i].variants = true
	}
	people[0].name = "Marigold Quickthornsson" // so that at least one can be set in every font
	dir := crowdedSite(t)
	writeCohorts(t, dir, "grindstone", people)
	must(t, dir, "sign")
	must(t, dir, "build")
	packages := filepath.Join(t.TempDir(), "packages")
	if code, out, errs := run(t, dir, "deliver", "--out", packages); code > 1 { // 1: a name cannot be set in the certificate's font
		t.Fatalf("laurel deliver: exit %d\n%s%s", code, out, errs)
	}

	s := newSearch()
	l, err := ledger.Open(filepath.Join(dir, "content/ledger"), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for i, r := range recordOf(t, l, people) {
		p := people[i]
		first, last, _ := strings.Cut(p.name, " ")
		for what, text := range map[string]string{"name": p.name, "first name": first, "last name": last, "e-mail": p.email,
			"student number": p.studentID, "award key": r.Award, "id of the full credential": strings.TrimPrefix(r.Credential, "urn:uuid:")} {
			s.addForms(what, "", text)
			s.add(what+" in UTF-16", "", utf16Bytes(text))
			s.addHashes(what, "", text)
		}
		for _, c := range capsulesOf(t, l, r)[:min(1, len(r.Capsules))] {
			s.add("key of the learner's own link", "", []byte(c.Key))
		}
	}
	looked, kinds := 0, map[string]int{}
	all := files(t, packages)
	for name, data := range all {
		folders := strings.Split(name, "/")
		kind := folders[len(folders)-1]
		if kind == "certificate.pdf" {
			data = unpackPDF(data)
		}
		found := s.in("file", data)
		if variant := folders[max(0, len(folders)-2)]; variant != "no-name" && variant != "achievement-only" {
			if kind == "credential.json" || kind == "certificate.pdf" || kind == "badge.png" {
				if kinds["full "+kind]++; len(found) == 0 {
					t.Errorf("%s: the search finds nobody in it", kind)
				}
			}
			continue
		}
		looked++
		kinds[kind]++
		for _, f := range found {
			t.Errorf("%s/%s: %s", folders[len(folders)-2], kind, f)
		}
	}
	if kinds["certificate.pdf"] < 2 || kinds["full certificate.pdf"] < 1 || kinds["certificate.html"] != 12 || kinds["badge.png"] != 12 || kinds["badge.svg"] != 12 {
		t.Errorf("files of variants: %v", kinds)
	}
	t.Logf("%d secrets looked for in %d files of variants: %v", s.n, looked, kinds)
}

func utf16Bytes(text string) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		b = binary.BigEndian.AppendUint16(b, unit)
	}
	return b
}

// unpackPDF adds to a PDF what is in its packed streams.
func unpackPDF(data []byte) []byte {
	out := bytes.Clone(data)
	for rest := data; ; {
		i := bytes.Index(rest, []byte("stream"))
		if i < 0 {
			return out
		}
		rest = rest[i+len("stream"):]
		if b := inflated(bytes.TrimLeft(rest[:min(len(rest), 1<<20)], "\r\n")); b != nil {
			out = append(append(out, '\n'), b...)
		}
	}
}
