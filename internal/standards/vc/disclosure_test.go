package vc

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"testing"
)

// TestDisclosure: what is always shown of the documents of testdata/disclosure.json,
// and what is for the holder to choose. The scripts of the pages are held to the
// same.
func TestDisclosure(t *testing.T) {
	data, err := os.ReadFile("testdata/disclosure.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name     string
		Document map[string]any
		Always   []string
		Choices  []Choice
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		always := AlwaysShown(c.Document)
		if !reflect.DeepEqual(always, c.Always) {
			t.Errorf("%s: always %q", c.Name, always)
		}
		choices := Choices(c.Document, always)
		if len(choices) != len(c.Choices) {
			t.Errorf("%s: %d choices, want %d: %q", c.Name, len(choices), len(c.Choices), choices)
			continue
		}
		for i := range choices {
			if !reflect.DeepEqual(choices[i], c.Choices[i]) {
				t.Errorf("%s: %q, want %q", c.Name, choices[i], c.Choices[i])
			}
		}
	}
}

// TestWithScales: however a result is pointed to, its description goes with it.
func TestWithScales(t *testing.T) {
	choices := []Choice{{Pointers: []string{"/s/result/0", "/a/d/0"}}, {Pointers: []string{"/s/result/1", "/a/d/1"}}, {Pointers: []string{"/evidence"}}}
	for _, c := range []struct {
		pointer string
		with    []string
	}{
		{"", []string{"/a/d/0", "/a/d/1"}},
		{"/s/result", []string{"/a/d/0", "/a/d/1"}},
		{"/s/result/1", []string{"/a/d/1"}},
		{"/s/result/1/value", []string{"/a/d/1"}},
		{"/s/result/10", nil},
		{"/evidence/0", nil},
	} {
		if got := WithScales(choices, []string{c.pointer})[1:]; !slices.Equal(got, c.with) {
			t.Errorf("%s: with it %q, want %q", c.pointer, got, c.with)
		}
	}
}
