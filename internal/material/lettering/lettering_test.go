package lettering_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"

	"laurel/internal/material/lettering"
	"laurel/internal/material/text"
)

func open(t testing.TB, from lettering.Sources) *lettering.Fonts {
	t.Helper()
	f, err := lettering.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func set(t testing.TB, f *lettering.Fonts, text string) *lettering.Text {
	t.Helper()
	s, err := f.Set(lettering.Words{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func Example() {
	fonts, err := lettering.Open(lettering.Sources{})
	if err != nil {
		panic(err)
	}
	text, err := fonts.Set(lettering.Words{Text: text.Print("one  two\nthree")})
	if err != nil {
		panic(err)
	}
	lines, _ := text.Wrap(5)
	for _, l := range lines {
		shapes := 0
		for range l.Shapes() {
			shapes++
		}
		fmt.Printf("%q: %d shapes\n", l, shapes)
	}
	// Output:
	// "one two": 6 shapes
	// "three": 5 shapes
}

// TestShapes: the shapes of a line stand from left to right within its width,
// and those of a second line are the same as if it stood alone.
func TestShapes(t *testing.T) {
	f := open(t, lettering.Sources{})
	type placed struct {
		x float64
		o *lettering.Outline
	}
	all := func(l lettering.Line) (out []placed) {
		for s := range l.Shapes() {
			out = append(out, placed{s.X, s.Outline})
		}
		return out
	}
	for _, c := range []struct {
		text, second string
		width        float64
	}{{"one two three", "three", 4.8}, {"ab محمد نمونه", "نمونه", 4.5}, {"محمد Ali 12", "Ali 12", 3}} {
		lines, _ := set(t, f, c.text).Wrap(c.width)
		if len(lines) != 2 || lines[1].String() != c.second {
			t.Fatalf("%q: %q", c.text, lines)
		}
		for _, l := range lines {
			shapes := all(l)
			if !slices.IsSortedFunc(shapes, func(a, b placed) int { return int(math.Copysign(1, a.x-b.x)) }) || shapes[0].x < -0.1 || shapes[len(shapes)-1].x > l.Width() {
				t.Errorf("%q: %v in %.2f", l, shapes, l.Width())
			}
		}
		alone, err := f.Set(lettering.Words{Text: c.second, RightToLeft: lines[1].Of.Base == 1})
		if err != nil {
			t.Fatal(err)
		}
		got, want := all(lines[1]), all(alone.Whole())
		if !slices.EqualFunc(got, want, func(a, b placed) bool { return a.o == b.o && math.Abs(a.x-b.x) < 1e-9 }) {
			t.Errorf("%q in its line: %v, alone %v", c.second, got, want)
		}
	}
}

// TestAddressAmongRight: an address stands as it is written in a text that runs from
// right to left, with the slash at its end.
func TestAddressAmongRight(t *testing.T) {
	f := open(t, lettering.Sources{})
	const address = "https://academy.example.org/verify/"
	type placed struct {
		o *lettering.Outline
		x float64
	}
	shapes := func(text string) (out []placed) {
		for s := range set(t, f, text).Whole().Shapes() {
			out = append(out, placed{s.Outline, s.X})
		}
		return out
	}
	if got, want := shapes("محمد: "+address), shapes(address); len(got) < len(want) || !slices.Equal(got[:len(want)], want) {
		t.Error("it is in another order, or not at the left")
	}
}

// TestMissing names the character that no font has.
func TestMissing(t *testing.T) {
	_, err := open(t, lettering.Sources{}).Set(lettering.Words{Text: "abc 学習"})
	var missing *lettering.MissingRune
	if !errors.As(err, &missing) || missing.Rune != '学' {
		t.Errorf("%v", err)
	}
}

// TestAsText: what the caller sets by itself is measured and has no shapes.
func TestAsText(t *testing.T) {
	plain := open(t, lettering.Sources{AsText: func(bool, []rune) bool { return true }})
	line := set(t, plain, "Soldering").Whole()
	for range line.Shapes() {
		t.Error("there are shapes")
	}
	if shaped := set(t, open(t, lettering.Sources{}), "Soldering").Whole(); math.Abs(shaped.Width()-line.Width()) > 0.1 {
		t.Errorf("widths %v and %v", shaped.Width(), line.Width())
	}
	for range set(t, plain, "محمد").Whole().Shapes() {
		return
	}
	t.Error("text from right to left has no shapes")
}

// TestMainFont takes the theme's font for the built-in one.
func TestMainFont(t *testing.T) {
	built := open(t, lettering.Sources{})
	if m := built.Main(true); !m.BuiltIn() || m.Path() != "DejaVu Sans Bold" {
		t.Errorf("bold is %s", m.Path())
	}
	one := open(t, lettering.Sources{Theme: fstest.MapFS{"fonts/regular.ttf": {Data: gomono.TTF}}})
	if one.Main(false) != one.Main(true) || one.Main(true).BuiltIn() || one.Main(true).Path() != "fonts/regular.ttf" {
		t.Error("the theme's font does not stand in for its bold")
	}
	two := open(t, lettering.Sources{Theme: fstest.MapFS{"fonts/regular.ttf": {Data: gomono.TTF}, "fonts/bold.ttf": {Data: gobold.TTF}}})
	if two.Main(true).Path() != "fonts/bold.ttf" || len(two.MainData(true)) != len(gobold.TTF) || two.Digest() == one.Digest() || one.Digest() == built.Digest() {
		t.Error("the theme's bold is not taken")
	}
}

// TestAddresses: an address is divided anywhere but after a hyphen, other words
// there as well; whatever its width, nothing of it is lost or too wide.
func TestAddresses(t *testing.T) {
	f := open(t, lettering.Sources{})
	for words, want := range map[string]bool{
		"Verify at: https://academy.example.org/verify/#ad085b26-f991-4d98-af08-4996a13dce16": false,
		"urn:uuid:ad085b26-f991-4d98-af08-4996a13dce16":                                       false,
		"a:" + strings.Repeat("-", 40) + "b":                                                  true, // nowhere else
		"Kfz-Mechatronikerin-Gesellenprüfung-Wiederholung":                                    true,
	} {
		divided := false
		for width := 6.0; width < 30; width++ {
			lines, _ := set(t, f, words).Wrap(width)
			all := ""
			for i, l := range lines {
				divided = divided || i < len(lines)-1 && strings.HasSuffix(l.String(), "-")
				if all += l.String(); l.Width() > width {
					t.Errorf("%q is wider than %v", l, width)
				}
			}
			if strings.ReplaceAll(all, " ", "") != strings.ReplaceAll(words, " ", "") {
				t.Errorf("%q became %q", words, all)
			}
		}
		if divided != want {
			t.Errorf("%q is divided after a hyphen: %v", words, divided)
		}
	}
}
