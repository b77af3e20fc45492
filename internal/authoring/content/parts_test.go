package content_test

import (
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"

	"laurel/internal/authoring/content"
)

// lists are award lists in the ways people write them; some of them must not
// be cut where they seem to invite it.
var lists = map[string]string{
	"indented": "recipients:\n  - name: A\n    key: a\n  - name: B\n    key: b\n",
	"flush":    "recipients:\n- name: A\n  key: a\n- name: B\n  key: b\nterm: Spring\n",
	"alone":    "recipients:\n  -\n    name: A\n    key: a\n  -\n    name: B\n    key: b\n",
	"wide":     "recipients:\n      - {name: A, key: a}\n\n      # somebody else\n      - {name: B,\n         key: b}\nrole: Student\n",
	"windows":  "recipients:\r\n  - name: A\r\n    key: a\r\n  - name: B\r\n    key: b\r\nrole: Student\r\n",
	"block":    "recipients:\n  - name: A\n    key: a\n    narrative: |\n      - one\n      - two\n  - name: B\n    key: b\n",
	"quoted":   "recipients:\n  - name: A\n    key: a\n    narrative: \"x\n  - name: C\n    key: c\"\n  - name: B\n    key: b\n",
	"flow":     "recipients: [{name: A, key: a}, {name: B, key: b}]\n",
	"flow-at":  "recipients:\n  [{name: A, key: a},\n  {name: B, key: b}]\n",
	"hidden":   "narrative: \"recipients\nrecipients:\n  - name: C\n    key: c\nend\"\nrecipients:\n  - name: A\n    key: a\n  - name: B\n    key: b\n",
	"anchor":   "recipients:\n  - name: A\n    key: a\n    evidence: &e\n      - name: W\n  - name: B\n    key: b\n    evidence: *e\n",
	"twice":    "recipients:\n  - name: A\n    key: a\nrecipients:\n  - name: B\n    key: b\n",
	"dedented": "recipients:\n  - name: A\n    key: a\n - name: B\n   key: b\n",
	"document": "recipients:\n- name: A\n  key: a\n---\n- name: B\n  key: b\n",
	"broken":   "recipients:\n  - name: A\n    key: a\n  - name: [B\n    key: b\n",
	"no-list":  "recipients:\n  name: A\n  key: a\n",
	"no-items": "recipients:\n  # none\n",
	"no-name":  "recipients:\n  - key: a\n  - name: B\n    key: b\n  - email: nobody\n",
	"ampers":   "recipients:\n  - name: A & Co\n    key: a\n  - name: B\n    key: b\n",
}

// TestParts: a list that is read part by part says the same as one that is
// read as a whole, mistakes included.
func TestParts(t *testing.T) {
	site := academy()
	root := site.write(t)
	if err := root.Remove(springSheet); err != nil {
		t.Fatal(err)
	}
	for name, list := range lists {
		text := "name: Spring\nachievement: safety\nawardedDate: 2026-06-30\n" + list
		if err := root.WriteFile(spring, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, size := range []int{1, 40, 1000} {
			compareParts(t, name, root, size)
		}
	}
}

func compareParts(t *testing.T, name string, root *os.Root, size int) {
	t.Helper()
	whole, wholeErr := content.LoadWhole(root)
	parts, partsErr := content.LoadInParts(root, size)
	if (wholeErr == nil) != (partsErr == nil) {
		t.Errorf("%s: as a whole %v, in parts %v", name, wholeErr, partsErr)
		return
	}
	if wholeErr == nil {
		if !reflect.DeepEqual(whole, parts) {
			t.Errorf("%s: the sites differ", name)
		}
		return
	}
	// As a whole, a list that cannot be parsed, or may not be read (a problem
	// without a field), says nothing else; in parts, what was read before it.
	var w, p content.Problems
	if !errors.As(wholeErr, &w) || !errors.As(partsErr, &p) {
		t.Fatalf("%s: other errors: %v, %v", name, wholeErr, partsErr)
	}
	more := false
	for _, one := range w {
		more = more || one.Field == ""
		if !strings.Contains(partsErr.Error(), one.String()) {
			t.Errorf("%s: in parts, a problem is not found: %v", name, one)
		}
	}
	if len(p) != len(w) && !more {
		t.Errorf("%s: as a whole\n%v\nin parts\n%v", name, w, p)
	}
}

// TestPartsPositions: a mistake deep in a long list is found where it is.
func TestPartsPositions(t *testing.T) {
	f := many(10_000, false)
	lines := strings.Split(f[spring], "\n")
	const item = 9_000
	line := 4 + 12*item // of its name
	lines[line+1] = "    emial: nobody"
	f[spring] = strings.Join(lines, "\n")
	for _, p := range f.problems(t) {
		if p.Field == "recipients[9000].emial" && p.Line == line+2 && p.Column == 5 && p.Excerpt == "    emial: nobody" {
			return
		}
	}
	t.Error("the misspelt field was not found in its place")
}
