package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mutation is one change of one content file.
type mutation struct{ name, file, text string }

// The files that are mutated: what "laurel new" writes, and of the sample
// academy the richest definition, award list, roster and issuer.
var mutated = []string{
	"content/site.yaml",
	"content/achievements/welcome-badge.yaml",
	"content/achievements/mig-welding-1.yaml",
	"content/awards/first-evening.yaml",
	"content/awards/welding-spring-2026.yaml",
	"content/awards/bicycles-summer-2026.csv",
	"content/pages/about.md",
}

// property is a line of YAML with a property: indentation and hyphens, name,
// value.
var property = regexp.MustCompile(`^((?:  )*(?:- )?)([A-Za-z]+):(?: +(.*))?$`)

// required are the properties that nothing can do without, each with its
// column; others are left alone when it is their turn to be removed.
var required = map[string]string{
	"content/site.yaml":                       "1:baseURL 1:languages 1:issuer 7:identifierType 7:latitude",
	"content/achievements/welcome-badge.yaml": "1:name 1:description 1:criteria",
	"content/achievements/mig-welding-1.yaml": "1:name 1:description 1:criteria 5:targetUrl 5:resultType",
	"content/awards/first-evening.yaml":       "1:name 1:achievement 1:awardedDate",
	"content/awards/welding-spring-2026.yaml": "1:name 1:achievement 1:awardedDate",
	"content/pages/about.md":                  "1:title",
}

// hostileValues take the place of a property's value, by what it is.
func hostileValues(name string) map[string]string {
	values := map[string]string{
		"bidi":      `"a\u202eb"`,
		"nul":       `"a\0b"`,
		"escape":    "a\x1b]0;b",
		"no-alias":  "*nothing",
		"tag":       `!!binary "aGk="`,
		"long-text": `"` + strings.Repeat("long ", 4_000) + `"`,
	}
	switch name {
	case "id", "url", "baseURL", "targetUrl":
		values["javascript"] = `"javascript:alert(1)"`
		values["data"] = `"data:text/html,<script>alert(1)</script>"`
		values["password"] = `"https://user:secret@example.org/"`
	case "file", "roster", "achievement", "key":
		values["climbs"] = `"../../keys/key-2026-1.jwe"`
		values["absolute"] = `"/etc/passwd"`
	case "narrative":
		values["script"] = `"<script>alert(1)</script>"`
	case "visibility", "achievementType", "resultType", "targetType", "status":
		values["markup"] = `"<script>alert(1)</script>"`
	}
	if name == "key" { // a stable key is never published, and may be any text
		delete(values, "climbs")
		delete(values, "absolute")
	}
	return values
}

// mutateYAML spoils the lines from..to of a file, one property at a time.
func mutateYAML(file, text string, from, to int) []mutation {
	lines := strings.Split(text, "\n")
	if to == 0 {
		to = len(lines)
	}
	var list []mutation
	put := func(kind string, line int, replacement ...string) {
		list = append(list, mutation{fmt.Sprintf("%s:%d:%s", file, line+1, kind), file,
			strings.Join(slices.Concat(lines[:line], replacement, lines[line+1:]), "\n")})
	}
	inText := -1 // indentation of the block text we are in
	for i := from; i < to; i++ {
		indent := len(lines[i]) - len(strings.TrimLeft(lines[i], " "))
		if inText >= 0 && (indent > inText || strings.TrimSpace(lines[i]) == "") {
			continue
		}
		inText = -1
		m := property.FindStringSubmatch(lines[i])
		if m == nil {
			continue
		}
		head, name, value := m[1], m[2], m[3]
		hyphen := strings.Contains(head, "-")
		block := value == "" || value[0] == '|' || value[0] == '>'
		if block && value != "" {
			inText = len(head)
		}
		put("misspelt", i, head+name+"x: "+value)
		put("capital", i, head+strings.ToUpper(name)+": "+value)
		if block {
			continue
		}
		put("emptied", i, head+name+":")
		put("doubled", i, lines[i], strings.Repeat(" ", len(head))+name+": "+value)
		put("mapping", i, head+name+": {x: {y: z}}")
		put("list", i, head+name+": [[[x]]]")
		for _, kind := range slices.Sorted(maps.Keys(hostileValues(name))) {
			put(kind, i, head+name+": "+hostileValues(name)[kind])
		}
		if !hyphen && slices.Contains(strings.Fields(required[file]), fmt.Sprintf("%d:%s", len(head)+1, name)) {
			put("removed", i)
		}
	}
	return list
}

// mutateRoster spoils a CSV's header, column by column, and cells of its first
// row.
func mutateRoster(t *testing.T, file, text string) []mutation {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []mutation
	put := func(kind string, row, column int, value string) {
		changed := slices.Clone(rows)
		changed[row] = slices.Clone(rows[row])
		changed[row][column] = value
		var b strings.Builder
		w := csv.NewWriter(&b)
		if err := w.WriteAll(changed); err != nil {
			t.Fatal(err)
		}
		list = append(list, mutation{fmt.Sprintf("%s:%d:%s:%s", file, row+1, rows[0][column], kind), file, b.String()})
	}
	for c, name := range rows[0] {
		put("misspelt", 0, c, name+"x")
		put("emptied", 0, c, "")
		put("doubled", 0, c, rows[0][(c+1)%len(rows[0])])
		put("markup", 0, c, "<script>alert(1)</script>")
		for kind, value := range map[string]string{"nul": "a\x00b", "bidi": "a\u202eb", "latin1": "a\xe9b", "long": strings.Repeat("long", 20_000)} {
			put(kind, 1, c, value)
		}
		if !slices.Contains([]string{"name", "studentId"}, name) {
			put("markup", 1, c, "<script>alert(1)</script>")
			put("formula", 1, c, `=HYPERLINK("https://example.com")`)
		}
	}
	return append(list,
		mutation{file + ":open-quote", file, text + "\"open,\n"},
		mutation{file + ":cell-too-many", file, text + "x" + strings.Repeat(",", len(rows[0])) + "\n"})
}

// mutateFile spoils a file as a whole.
func mutateFile(file, text string) []mutation {
	list := []mutation{
		{file + ":empty", file, ""},
		{file + ":latin1", file, "\xe9" + text},
		{file + ":utf16", file, "\xff\xfe" + text},
		{file + ":nul", file, text + "\x00"},
	}
	if strings.HasSuffix(file, ".yaml") {
		list = append(list,
			mutation{file + ":second-document", file, text + "---\na: b\n"},
			mutation{file + ":list", file, "- a\n"},
			mutation{file + ":text", file, "hello\n"},
			mutation{file + ":unclosed", file, text + "x: [\n"},
			mutation{file + ":tab", file, text + "\tx: y\n"},
			mutation{file + ":alias-bomb", file, aliasBomb() + text},
		)
	}
	return list
}

// aliasBomb is a few lines of YAML that stand for a billion.
func aliasBomb() string {
	b := "bomb0: &bomb0 [x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 9; i++ {
		b += fmt.Sprintf("bomb%d: &bomb%d [%s]\n", i, i, strings.Repeat(fmt.Sprintf("*bomb%d, ", i-1), 9))
	}
	return b
}

// richSite is a new site folder with a part of the sample academy in it, with
// plain pictures, signed and built.
func richSite(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "academy")
	must(t, "", "new", dir)
	var plain bytes.Buffer
	if err := png.Encode(&plain, image.NewPaletted(image.Rect(0, 0, 512, 512), color.Palette{color.White, color.Black})); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{
		"content/site.yaml",
		"content/achievements/mig-welding-1.yaml", "content/achievements/bicycle-mechanic.yaml",
		"content/awards/welding-spring-2026.yaml", "content/awards/bicycles-summer-2026.yaml", "content/awards/bicycles-summer-2026.csv",
		"content/images/mig-welding.svg", "content/images/bicycle-mechanic.png", "content/images/larkspur.svg",
		"content/images/mig-welding.png", "content/images/larkspur.png",
		"content/images/signatures/hazel-specimen.svg", "content/images/signatures/hazel-specimen.png",
	} {
		b, err := os.ReadFile(filepath.Join("../..", file))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, ".png") && filepath.Base(filepath.Dir(file)) == "images" { // it is read a thousand times, and stays as it is; a signature is small
			b = plain.Bytes()
		}
		to := filepath.Join(dir, file)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	fastKey(t, dir)
	must(t, dir, "sign")
	must(t, dir, "build")
	return dir
}

// treeDigest is that of the names, modes, times and bytes of all files below
// folders of dir.
func treeDigest(t *testing.T, dir string, folders ...string) string {
	t.Helper()
	h := sha256.New()
	for _, folder := range folders {
		all := files(t, filepath.Join(dir, folder))
		for _, p := range slices.Sorted(maps.Keys(all)) {
			if p == ".lock" {
				continue // held, and empty again
			}
			info, err := os.Lstat(filepath.Join(dir, folder, p))
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(h, "%s/%s %v %v %d\n", folder, p, info.Mode(), info.ModTime().UnixNano(), len(all[p]))
			h.Write(all[p])
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// people are the names, addresses and numbers of the recipients in the award
// lists of a site: what no line but an excerpt may hold.
func people(t *testing.T, dir string) []string {
	t.Helper()
	lists, err := filepath.Glob(filepath.Join(dir, "content/awards/*"))
	if err != nil {
		t.Fatal(err)
	}
	inYAML := regexp.MustCompile(`(?m)^ +(?:- )?(?:name|email|studentId): *(\S.*\S) *$`)
	address := regexp.MustCompile(`[^\s,]+@[^\s,]+`)
	var found []string
	for _, file := range lists {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range inYAML.FindAllSubmatch(b, -1) {
			found = append(found, string(m[1]))
		}
		found = append(found, address.FindAllString(string(b), -1)...)
		if strings.HasSuffix(file, ".csv") {
			rows, err := csv.NewReader(strings.NewReader(string(b))).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			name := slices.Index(rows[0], "name")
			for _, row := range rows[1:] {
				found = append(found, row[name])
			}
		}
	}
	return found
}

// TestMutatedContent spoils one thing after the other in a signed and built
// site. Each of plan, sign and build must name the file and the line, nobody by
// name, and leave ledger, keys and public/ as they are (P13). Of the mutations a
// fair part is tried; LAUREL_MUTATIONS=all tries them all, -short a tenth.
func TestMutatedContent(t *testing.T) {
	t.Parallel()
	dir := richSite(t)
	names := people(t, dir)
	if len(names) < 30 {
		t.Fatalf("only %d names and addresses found", len(names))
	}
	var list []mutation
	for _, file := range mutated {
		b, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		switch filepath.Ext(file) {
		case ".yaml":
			list = append(list, mutateYAML(file, text, 0, 0)...)
		case ".md":
			front, _, _ := strings.Cut(strings.TrimPrefix(text, "---\n"), "\n---\n")
			list = append(list, mutateYAML(file, text, 1, 2+strings.Count(front, "\n"))...)
		case ".csv":
			list = append(list, mutateRoster(t, file, text)...)
		}
		list = append(list, mutateFile(file, text)...)
	}
	all := len(list)
	if os.Getenv("LAUREL_MUTATIONS") != "all" {
		random := rand.New(rand.NewPCG(1, 2))
		random.Shuffle(all, func(i, j int) { list[i], list[j] = list[j], list[i] })
		list = list[:min(all, 500)]
	}
	if testing.Short() {
		list = list[:len(list)/10]
	} else if len(list) < 200 {
		t.Fatalf("only %d mutations", len(list))
	}
	t.Logf("%d mutations of %d", len(list), all)

	guarded := []string{"content/ledger", "keys", "public"}
	before := treeDigest(t, dir, guarded...)
	for _, m := range list {
		original, err := os.ReadFile(filepath.Join(dir, m.file))
		if err != nil {
			t.Fatal(err)
		}
		write := func(b []byte) {
			if err := os.WriteFile(filepath.Join(dir, m.file), b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		write([]byte(m.text))
		for _, command := range []string{"plan", "sign", "build"} {
			code, stdout, stderr := run(t, dir, command)
			checkRefusal(t, m, command, code, stdout, stderr, names)
		}
		write(original)
		if after := treeDigest(t, dir, guarded...); after != before {
			t.Fatalf("%s: ledger, keys or public/ has changed", m.name)
		}
	}
	if out := must(t, dir, "plan"); !strings.Contains(out, "nothing to sign") {
		t.Errorf("after all mutations were undone:\n%s", out)
	}
}

func checkRefusal(t *testing.T, m mutation, command string, code int, stdout, stderr string, names []string) {
	t.Helper()
	if code != 1 || stdout != "" {
		t.Errorf("%s: %s: exit %d, standard output %q, standard error\n%s", m.name, command, code, stdout, stderr)
		return
	}
	place := regexp.MustCompile(`^` + regexp.QuoteMeta(m.file) + `:[1-9][0-9]*:[1-9][0-9]*: \S`)
	placed := false
	for line := range strings.Lines(stderr) {
		if strings.HasPrefix(line, "    ") && !strings.HasPrefix(line, "    hint: ") {
			continue // the author's own line
		}
		placed = placed || place.MatchString(line)
		for _, name := range names {
			if strings.Contains(line, name) {
				t.Errorf("%s: %s: a message names somebody: %s", m.name, command, line)
			}
		}
	}
	if !placed {
		t.Errorf("%s: %s: no line of %s is named:\n%s", m.name, command, m.file, stderr)
	}
}
