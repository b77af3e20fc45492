package picture

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// corpus are SVGs that are shown: those of testdata/svg, and the sample academy's.
func corpus(t testing.TB) map[string][]byte {
	t.Helper()
	out := files(t, "testdata/svg/*.svg", "../../../content/images/*.svg")
	if len(out) < 60 {
		t.Fatalf("the corpus has %d drawings", len(out))
	}
	return out
}

func files(t testing.TB, patterns ...string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, pattern := range patterns {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(names), err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			out[filepath.Base(name)] = data
		}
	}
	return out
}

func names(m map[string][]byte) []string {
	var out []string
	for name := range m {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func readGood(t testing.TB, name string, data []byte) *node {
	t.Helper()
	d, problems := readSVG(data)
	if len(problems) > 0 {
		t.Fatalf("%s: %v", name, problems)
	}
	return d
}

// TestCorpus: what is accepted is written whole, and the same again.
func TestCorpus(t *testing.T) {
	all := corpus(t)
	for _, name := range names(all) {
		if problems := Check(all[name], SVG); len(problems) > 0 {
			t.Errorf("%s: %v", name, problems)
			continue
		}
		written, err := ToSVG(all[name], SVG)
		if err != nil {
			t.Fatal(err)
		}
		checkXML(t, written)
		if missing := lost(string(all[name]), string(written)); missing != "" {
			t.Errorf("%s: %s is lost", name, missing)
		}
		again, err := ToSVG(written, SVG)
		if err != nil || !bytes.Equal(again, written) {
			t.Errorf("%s: written again, it differs: %v", name, err)
		}
	}
}

// TestBeside: the PNG beside an SVG is large enough, and of its proportions.
func TestBeside(t *testing.T) {
	svg := func(attributes string) []byte {
		return []byte(`<svg xmlns="http://www.w3.org/2000/svg" ` + attributes + `/>`)
	}
	square, wide, thin := svg(`viewBox="0 0 9 9"`), svg(`width="400" height="200" viewBox="0 0 9 9"`), svg(`width="100%" viewBox="5 5 1000 1"`)
	for _, tt := range []struct {
		svg  []byte
		w, h int
		want string
	}{
		{square, 512, 512, ""}, {square, 2000, 1970, ""}, {wide, 1024, 512, ""}, {wide, 1024, 520, ""}, {thin, 512, 1, ""}, {svg(`height="4cm" viewBox="0 0 2 3"`), 400, 600, ""},
		{square, 511, 511, "is 511 by 511 pixels, which looks blurred"}, {square, 1, 1, "blurred"},
		{square, 512, 500, "is 512 by 500 pixels, but the SVG is 9 by 9: is it another picture?"}, {square, 500, 512, "another picture"},
		{wide, 512, 512, "but the SVG is 400 by 200"}, {thin, 512, 4, "but the SVG is 1000 by 1"},
	} {
		problem, hint := Beside(tt.svg, testImage(t, tt.w, tt.h))
		if !strings.Contains(problem, tt.want) || (problem == "") != (tt.want == "") || (hint == "") != (tt.want == "") {
			t.Errorf("%s, %d by %d: %q, %q; want %q", tt.svg, tt.w, tt.h, problem, hint, tt.want)
		}
	}
	if problem, _ := Beside([]byte("<svg"), nil); problem == "" {
		t.Error("what is no picture may lie beside another")
	}
}
