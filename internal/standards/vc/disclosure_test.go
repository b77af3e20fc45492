package vc

import (
	"encoding/json"
	"os"
	"reflect"
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
