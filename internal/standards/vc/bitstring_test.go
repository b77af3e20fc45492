package vc_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"testing"

	"laurel/internal/standards/vc"
)

func ExampleBitstring() {
	b := vc.NewBitstring(vc.ListLength)
	b.Set(94567, true)
	text, _ := b.Encode()
	again, _ := vc.DecodeBitstring(text, 0)
	revoked, _ := again.Get(94567)
	fmt.Println(again.Len(), revoked, text[:6])
	// Output: 131072 true uH4sIA
}

// packed is the multibase form of any GZIP input.
func packed(data []byte) string { return "u" + base64.RawURLEncoding.EncodeToString(data) }

func zip(t testing.TB, data []byte, header gzip.Header) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	w.Header = header
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestBitstringFirstBitIsLeftmost(t *testing.T) {
	b, err := vc.DecodeBitstring(packed(zip(t, []byte{0x80, 0x01}, gzip.Header{OS: 255})), 0)
	if err != nil {
		t.Fatal(err)
	}
	for i := range b.Len() {
		if got, _ := b.Get(i); got != (i == 0 || i == 15) {
			t.Errorf("bit %d is %v", i, got)
		}
	}
	for _, i := range []int{-1, 16, 1 << 40} {
		if _, err := b.Get(i); err == nil {
			t.Errorf("bit %d is in a list of 16", i)
		}
	}
}

func TestBitstringRoundTrip(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	b := vc.NewBitstring(vc.ListLength)
	want := map[int]bool{}
	for range 5000 {
		i := random.IntN(vc.ListLength)
		want[i] = random.IntN(3) > 0
		b.Set(i, want[i])
	}
	text, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := b.Encode(); again != text {
		t.Error("equal bits, other text")
	}
	back, err := vc.DecodeBitstring(text, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i := range vc.ListLength {
		if got, _ := back.Get(i); got != want[i] {
			t.Fatalf("bit %d is %v", i, got)
		}
	}
}

func TestBitstringHeaderTellsNothing(t *testing.T) {
	text, err := vc.NewBitstring(vc.ListLength).Encode()
	if err != nil {
		t.Fatal(err)
	}
	data, err := base64.RawURLEncoding.DecodeString(text[1:])
	if err != nil {
		t.Fatal(err)
	}
	// RFC 1952: ID1 ID2 CM FLG, MTIME of 4 bytes, XFL, OS (255 = unknown).
	if !bytes.Equal(data[:8], []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0}) || data[9] != 255 {
		t.Errorf("header is % x", data[:10])
	}
}

// TestBitstringOfOthers reads the list of Bitstring Status List v1.0, example
// "BitstringStatusListCredential", and that of the 1EdTech validator.
func TestBitstringOfOthers(t *testing.T) {
	for text, set := range map[string]int{
		"uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA":   -1,
		"uH4sIAAAAAAAA_-3BMQEAAAzDoMy_6cnoA9QFAAAAAAAAAAAAAAAAAAAAbD3uPa2cAEAAAA": 23,
	} {
		b, err := vc.DecodeBitstring(text, 0)
		if err != nil {
			t.Error(err)
			continue
		}
		if b.Len() != vc.ListLength {
			t.Errorf("%d bits", b.Len())
		}
		for i := range b.Len() {
			if got, _ := b.Get(i); got != (i == set) {
				t.Errorf("bit %d is %v", i, got)
			}
		}
	}
}

func TestDecodeBitstringRefuses(t *testing.T) {
	good := zip(t, make([]byte, 16384), gzip.Header{OS: 255})
	text := packed(good)
	other := []byte(good)
	other[len(other)-6] ^= 1 // the CRC
	for name, s := range map[string]string{
		"empty":            "",
		"no prefix":        text[1:],
		"other base":       "z" + text[1:],
		"prefix only":      "u",
		"padding":          text + "=",
		"newline":          text[:9] + "\n" + text[9:],
		"carriage return":  text + "\r",
		"standard base64":  "u+/" + text[3:],
		"trailing bits":    trailingBits(text),
		"not gzip":         packed([]byte("plain text")),
		"cut short":        packed(good[:len(good)-1]),
		"wrong checksum":   packed(other),
		"second member":    packed(append(bytes.Clone(good), good...)),
		"data after":       packed(append(bytes.Clone(good), 0)),
		"bomb":             packed(zip(t, make([]byte, vc.MaxBitstring+1), gzip.Header{})),
		"more than wanted": text + "A",
	} {
		if _, err := vc.DecodeBitstring(s, 0); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := vc.DecodeBitstring(text, 16383); err == nil {
		t.Error("the limit of the caller was passed over")
	}
	if _, err := vc.DecodeBitstring(text, 16384); err != nil {
		t.Error(err)
	}
}

// trailingBits returns s with another last character that decodes to the same
// bytes when nobody looks at the unused bits.
func trailingBits(s string) string {
	for _, c := range "BCDEFGH" {
		t := s[:len(s)-1] + string(c)
		if a, err := base64.RawURLEncoding.DecodeString(t[1:]); err == nil && packed(a) == s {
			return t
		}
	}
	panic("the example has no unused bits")
}

func TestSetOutsideOfListPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	vc.NewBitstring(8).Set(8, true)
}

func FuzzBitstring(f *testing.F) {
	f.Add(packed(zip(f, []byte{1, 2, 3}, gzip.Header{OS: 255})))
	f.Add(packed(zip(f, []byte("named"), gzip.Header{Name: "list", Comment: "c", OS: 3})))
	f.Add("uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA")
	f.Add("u\n")
	f.Fuzz(func(t *testing.T, s string) {
		const limit = 1 << 16
		b, err := vc.DecodeBitstring(s, limit)
		if err != nil {
			return
		}
		if b.Len() > limit*8 {
			t.Fatalf("%d bits", b.Len())
		}
		// The text is one of many for these bits, but no character of it is
		// without effect: base64url is strict.
		data, _ := base64.RawURLEncoding.DecodeString(s[1:])
		if packed(data) != s {
			t.Fatalf("%q has another form", s)
		}
		text, err := b.Encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := vc.DecodeBitstring(text, limit)
		if err != nil {
			t.Fatal(err)
		}
		if back.Len() != b.Len() {
			t.Fatalf("%d bits became %d", b.Len(), back.Len())
		}
		for i := range b.Len() {
			x, _ := b.Get(i)
			y, _ := back.Get(i)
			if x != y {
				t.Fatalf("bit %d changed", i)
			}
		}
	})
}
