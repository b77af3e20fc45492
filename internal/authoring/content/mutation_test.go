package content_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"laurel/internal/authoring/content"
)

// mutation is one change of one file. Its problem must be in that file, and
// on line where that is not 0.
type mutation struct {
	name, file, text string
	line             int
}

// property is a line of YAML with a property: indentation with hyphens, name,
// rest.
var property = regexp.MustCompile(`^((?:  )*(?:- )?)([a-z][A-Za-z]*):(?: (.*))?$`)

// required are the lines a site cannot do without.
var required = map[string]string{
	siteFile: `baseURL: https://example.org/academy|languages: [en, de-CH]|name: Example Academy|latitude: 52.52|longitude: 13.405|` +
		`identifierType: sisSourcedId|name: Example Group|id: https://parent.example.com/`,
	welding: `name: Welding|targetUrl: http://data.example.com/skill/1|name: Example Creator|identifierType: ext:shop|name: Final grade|` +
		`resultType: LetterGrade|resultType: Percent|name: Score|name: Apprentice|name: Journeyman|targetUrl: https://example.com/j`,
	safety: `name: Safety|description: Knows the rules.|narrative: Pass the test.|id: photo.jpg`,
	spring: `name: Spring 2026|achievement: welding|awardedDate: 2026-06-30|achievedLevel: journeyman|status: Completed|value: 99.5|` +
		`id: https://school.example.com/|name: Example School|email: ada@example.com|id: did:web:bo.example.com`,
	about: `title: About`,
}

// yamlMutations misspells, retypes, doubles, empties, poisons and, where it is
// required, removes every property of a YAML text that starts at a line.
func yamlMutations(file string, lines []string, from, to int) []mutation {
	var list []mutation
	add := func(kind string, i, line int, replacement ...string) {
		text := append(append(append([]string(nil), lines[:i]...), replacement...), lines[i+1:]...)
		list = append(list, mutation{fmt.Sprintf("%s:%d:%s", filepath.Base(file), i+1, kind), file, strings.Join(text, "\n"), line})
	}
	block := 1 << 20 // indentation of the block text we are in
	for i := from; i < to; i++ {
		indent := len(lines[i]) - len(strings.TrimLeft(lines[i], " "))
		if indent <= block {
			block = 1 << 20
		}
		m := property.FindStringSubmatch(lines[i])
		if m == nil || indent > block {
			continue
		}
		head, name, rest := m[1], m[2], m[3]
		if rest == "|" {
			block = indent
			add("misspelt", i, i+1, head+name+"x: |")
			continue
		}
		add("misspelt", i, i+1, head+name+"x:"+strings.TrimSuffix(" "+rest, " "))
		if rest == "" {
			continue
		}
		again := strings.Repeat(" ", len(head)) + name + ": " + rest
		add("doubled", i, i+2, lines[i], again)
		add("emptied", i, i+1, head+name+":")
		add("as-mapping", i, i+1, head+name+": {x: {y: z}}")
		if rest[0] != '[' {
			add("as-list", i, i+1, head+name+": [[x]]")
		}
		add("bidi", i, i+1, head+name+`: "a\u202eb"`)
		add("nul", i, i+1, head+name+`: "a\0b"`)
		add("raw-control", i, i+1, head+name+": a\x1bb")
		add("dangling-alias", i, i+1, head+name+": *nothing")
		if strings.Contains("|"+required[file]+"|", "|"+strings.TrimSpace(lines[i])+"|") {
			add("removed", i, 0)
		}
	}
	return list
}

// cellMutations spoil every cell of a roster that has a form of its own.
func cellMutations(file, text string) []mutation {
	var list []mutation
	lines := strings.Split(text, "\r\n")
	header := strings.Split(strings.TrimPrefix(lines[0], "\ufeff"), ",")
	for i, name := range header {
		for kind, to := range map[string]string{"misspelt": name + "x", "emptied": "", "doubled": header[(i+1)%len(header)]} {
			h := append([]string(nil), header...)
			h[i] = to
			list = append(list, mutation{"csv:header:" + name + ":" + kind, file, strings.Join(append([]string{strings.Join(h, ",")}, lines[1:]...), "\r\n"), 1})
		}
		for kind, cell := range map[string]string{"tab": "a\tb", "bidi": "a\u202eb", "nul": "a\x00b", "space": " x ", "quote": `a"b`, "extra": "a,b", "lost": "a\ufffdb", "latin1": "a\xe9b", "return": "a\rb"} {
			cells := make([]string, len(header))
			cells[2] = "s-9"
			cells[i] = cell
			if (kind == "space" || kind == "tab") && (name == "narrative" || strings.HasPrefix(name, "evidence.n")) {
				continue // prose, or a name that was tried
			}
			if kind == "space" && (name == "name" || name == "studentId") {
				continue // white space around a cell is taken off, which TestSpelling holds
			}
			list = append(list, mutation{"csv:cell:" + name + ":" + kind, file, lines[0] + "\r\n" + strings.Join(cells, ",") + "\r\n", 2})
		}
	}
	return list
}

func mutations(site files) []mutation {
	var list []mutation
	for _, file := range []string{siteFile, welding, safety, spring} {
		lines := strings.Split(site[file], "\n")
		list = append(list, yamlMutations(file, lines, 0, len(lines))...)
	}
	page := strings.Split(site[about], "\n")
	list = append(list, yamlMutations(about, page, 1, 5)...)
	list = append(list, cellMutations(springSheet, site[springSheet])...)
	for _, file := range []string{siteFile, welding, safety, spring, springSheet, about} {
		list = append(list,
			mutation{file + ":empty", file, "", 1},
			mutation{file + ":latin1", file, "\xe9" + site[file], 1},
			mutation{file + ":utf16", file, "\xff\xfe" + site[file], 1},
			mutation{file + ":nul", file, site[file] + "\x00", 0},
			mutation{file + ":bidi", file, site[file] + "\u2066", 0},
		)
		if file != springSheet && file != about {
			list = append(list,
				mutation{file + ":second-document", file, site[file] + "---\na: b\n", 0},
				mutation{file + ":list", file, "- a\n", 1},
				mutation{file + ":text", file, "hello\n", 1},
				mutation{file + ":unclosed", file, site[file] + "x: [\n", 0},
			)
		}
	}
	return list
}

// TestMutations: each of several hundred changes is noticed, in the right
// file, on a line of it, and without a word about people.
func TestMutations(t *testing.T) {
	site := academy()
	root := site.write(t)
	list := mutations(site)
	if len(list) < 200 {
		t.Fatalf("only %d mutations", len(list))
	}
	t.Logf("%d mutations", len(list))
	for i, m := range list {
		if testing.Short() && i%10 != 0 {
			continue
		}
		if err := root.WriteFile(m.file, []byte(m.text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := content.Load(root)
		checkMutation(t, m, err)
		if err := root.WriteFile(m.file, []byte(site[m.file]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := content.Load(root); err != nil {
		t.Errorf("after all mutations were undone: %v", err)
	}
}

func checkMutation(t *testing.T, m mutation, err error) {
	t.Helper()
	var problems content.Problems
	if !errors.As(err, &problems) {
		t.Errorf("%s: accepted, or another error: %v", m.name, err)
		return
	}
	found := false
	for _, p := range problems {
		if p.Text == "" || p.File == "" {
			t.Errorf("%s: an empty problem: %+v", m.name, p)
		}
		found = found || p.File == m.file && p.Line > 0 && p.Column > 0 && (m.line == 0 || p.Line == m.line)
	}
	if !found {
		t.Errorf("%s: no problem in %s:%d, but:\n%v", m.name, m.file, m.line, err)
	}
	for _, person := range []string{"Ada", "ada@", "Bo Ex", "bo.ex", "李", "Cy Ex", "cy@", "Dee", "s-5", "s-3"} {
		if strings.Contains(err.Error(), person) {
			t.Errorf("%s: the message names %s: %v", m.name, person, err)
		}
	}
}

// TestVanishedFiles: a file that vanishes is missed where something
// needs it.
func TestVanishedFiles(t *testing.T) {
	for file, where := range map[string]string{
		siteFile: siteFile, welding: spring, safety: welding, springSheet: spring,
		logo: siteFile, "content/images/photo.jpg": safety, "content/images/badges/welding.png": welding,
	} {
		root := academy().write(t)
		if err := root.Remove(filepath.FromSlash(file)); err != nil {
			t.Fatal(err)
		}
		_, err := content.Load(root)
		if err == nil || !strings.Contains(err.Error(), where) {
			t.Errorf("without %s: %v", file, err)
		}
	}
	empty, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer empty.Close()
	if _, err := content.Load(empty); err == nil || err.Error() != "content: is missing; a site folder has content/site.yaml; `laurel new DIR` creates one" {
		t.Errorf("an empty folder: %v", err)
	}
}
