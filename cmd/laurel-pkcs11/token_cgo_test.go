//go:build cgo

package main

import (
	"bytes"
	"testing"
)

// Points and curves as tokens of several versions of PKCS #11 write them.
func TestEncodings(t *testing.T) {
	raw := bytes.Repeat([]byte{7}, 32)
	for name, point := range map[string][]byte{
		"bare":         raw,
		"octet_string": append([]byte{0x04, 0x20}, raw...),
		"bit_string":   append([]byte{0x03, 0x21, 0x00}, raw...),
	} {
		if got := bare(point, 32); !bytes.Equal(got, raw) {
			t.Errorf("%s: %x", name, got)
		}
	}
	for name, point := range map[string][]byte{
		"empty":       nil,
		"short":       raw[:31],
		"trailing":    append(append([]byte{0x04, 0x20}, raw...), 0),
		"unused_bits": append([]byte{0x03, 0x21, 0x01}, raw...),
		"other":       append([]byte{0x02, 0x20}, raw...),
	} {
		if got := bare(point, 32); got != nil {
			t.Errorf("%s: %x", name, got)
		}
	}
	for params, want := range map[string]bool{
		"\x13\x0cedwards25519": true,
		"\x06\x03\x2b\x65\x70": true,
		"\x13\x0cedwards44888": false,
		"\x06\x03\x2b\x65\x71": false, // Ed448
		"":                     false,
	} {
		if got := edwards([]byte(params)); got != want {
			t.Errorf("%x: %v", params, got)
		}
	}
}
