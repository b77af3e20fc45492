// Package poppler reads PDFs for tests, with poppler's programs.
package poppler

import (
	"encoding/xml"
	"errors"
	"os/exec"
	"strings"
	"testing"
)

// Run runs a program of poppler-utils, as pdftotext is, and returns what it
// prints. A run without it proves nothing, so the test fails rather than skips.
func Run(t testing.TB, args ...string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), args[0], args[1:]...)
	var errs strings.Builder
	c.Stderr = &errs
	out, err := c.Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Fatalf("these tests need %s (Debian: apt-get install poppler-utils; \"make test\" does that)", args[0])
	}
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, errs.String())
	}
	if strings.Contains(errs.String(), "Syntax ") {
		t.Errorf("%s: %s", strings.Join(args, " "), errs.String())
	}
	return string(out)
}

// Page is a page of a PDF with its words, in points from the top left.
type Page struct {
	Width  float64 `xml:"width,attr"`
	Height float64 `xml:"height,attr"`
	Words  []struct {
		Left   float64 `xml:"xMin,attr"`
		Top    float64 `xml:"yMin,attr"`
		Right  float64 `xml:"xMax,attr"`
		Bottom float64 `xml:"yMax,attr"`
		Text   string  `xml:",chardata"`
	} `xml:"word"`
}

// Pages returns the pages that pdftotext finds in a file.
func Pages(t testing.TB, file string) []Page {
	t.Helper()
	var document struct {
		Pages []Page `xml:"body>doc>page"`
	}
	d := xml.NewDecoder(strings.NewReader(strings.ToValidUTF8(Run(t, "pdftotext", "-bbox", file, "-"), "")))
	d.Strict, d.Entity = false, xml.HTMLEntity
	if err := d.Decode(&document); err != nil {
		t.Fatal(err)
	}
	return document.Pages
}
