package interop

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// disclosure is an answer of disclose.mjs.
type disclosure struct {
	Verified, Revoked bool
	File, Error       string
}

// disclose has the npm suite do jobs, and returns an answer for each.
func disclose(t *testing.T, a *academy, out string, jobs []map[string]any) []disclosure {
	t.Helper()
	return answers[disclosure](t, "disclose.mjs", a, out, jobs)
}

// answers has a script do jobs, a line of JSON each, and returns an answer for each.
func answers[T any](t *testing.T, script string, a *academy, out string, jobs []map[string]any) (list []T) {
	t.Helper()
	var input strings.Builder
	for _, job := range jobs {
		line, err := json.Marshal(job)
		if err != nil {
			t.Fatal(err)
		}
		input.Write(append(line, '\n'))
	}
	stdout, stderr, code := nodeReading(t, input.String(), script, "--at", judgedAt.Format(time.RFC3339), a.public(), a.url, out)
	for line := range splitLines(stdout) {
		var one T
		if err := json.Unmarshal(line, &one); err != nil {
			t.Fatalf("%s printed %q: %v", script, line, err)
		}
		list = append(list, one)
	}
	if code != 0 || len(list) != len(jobs) {
		t.Fatalf("%s: exit code %d, %d of %d answers\n%s", script, code, len(list), len(jobs), stderr)
	}
	return list
}

// choices are the pointers of what can be shown of a credential.
func (a *academy) choices(t *testing.T, file string) (list [][]string) {
	t.Helper()
	var out struct{ Choices []struct{ Pointers []string } }
	if err := json.Unmarshal(a.run(t, "disclose", file, "--list", "--json"), &out); err != nil {
		t.Fatal(err)
	}
	for _, c := range out.Choices {
		list = append(list, c.Pointers)
	}
	return list
}

// disclosed has laurel show a part of a credential.
func (a *academy) disclosed(t *testing.T, file, out string, reveal []string) string {
	t.Helper()
	args := []string{"disclose", file, "-o", out}
	for _, pointer := range reveal {
		args = append(args, "--reveal", pointer)
	}
	a.run(t, args...)
	return out
}

// What an award can say, for its learner to show or keep back.
const talks = `name: Talks
achievement: %s
awardedDate: 2026-10-30T19:00:00Z
activityStartDate: 2026-09-01
creditsEarned: 0.5
recipients:
  - name: %s
    email: exempla@example.org
    licenseNumber: PS-77
    role: %[3]s
    term: Autumn 2026
    narrative: %[3]s
    result: [{resultDescription: points, value: "81"}]
    evidence: [{id: "https://learner.example.org/recording", name: %[3]s}, {narrative: %[3]s}]
`

// disclosing is a site with two awards, signed so that their learners choose, and
// the files with their base proofs, and the first as an SD-JWT. The achievement of the second has an ordered
// list.
func disclosing(t *testing.T) (a *academy, bases []string, token string) {
	t.Helper()
	a = &academy{bin: laurel(t), dir: filepath.Join(t.TempDir(), "site"), key: filepath.Join(t.TempDir(), "passphrase"), url: "https://talks.example.org/badges"}
	write := func(name, text string) string {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	read := func(name string) string {
		t.Helper()
		data, err := os.ReadFile(filepath.Join(a.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	write(a.key, "a made-up passphrase for a test\n")
	if out, err := exec.CommandContext(t.Context(), a.bin, "new", a.dir).CombinedOutput(); err != nil {
		t.Fatalf("laurel new: %v\n%s", err, out)
	}
	content := filepath.Join(a.dir, "content")
	if err := os.RemoveAll(filepath.Join(content, "awards")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(content, "awards"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, slug := range []string{"short-course", "with-a-list"} {
		write(filepath.Join(content, "awards", slug+".yaml"), fmt.Sprintf(talks, slug, quoted(t, "Exempla "+hardName), quoted(t, hardText)))
	}
	own := strings.NewReplacer("example.github.io", "talks.example.org", "Example School", "House of Talks", "school.example.org", "house.example.org", "badges@", "talks@", "A small school that exists only in this example.", "A house.")
	write(filepath.Join(content, "site.yaml"), own.Replace(read("content/site.yaml"))+"\nsign:\n  formats: [eddsa-rdfc-2022, ecdsa-sd-2023, dc+sd-jwt]\n")
	write(filepath.Join(content, "achievements", "with-a-list.yaml"), read("content/achievements/short-course.yaml")+
		"\n  - {id: delivery, name: Delivery, resultType: LetterGrade, allowedValue: [read, free]}\n")
	a.run(t, "key", "new", "--passphrase-file", a.key)
	a.run(t, "key", "new", "--algorithm", "P-256", "--passphrase-file", a.key)
	a.run(t, "sign", "--yes", "--passphrase-file", a.key)
	a.run(t, "build")
	for line := range splitLines([]byte(read("content/ledger/0001.jsonl"))) {
		var e struct {
			Documents []struct {
				Format   string
				Document json.RawMessage
			}
		}
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		for _, d := range e.Documents {
			if d.Format == "ecdsa-sd-2023" {
				bases = append(bases, write(filepath.Join(t.TempDir(), "base.json"), string(d.Document)))
			}
			var text string
			if d.Format == "dc+sd-jwt" && token == "" && json.Unmarshal(d.Document, &text) == nil {
				token = write(filepath.Join(t.TempDir(), "token.sd-jwt.txt"), text)
			}
		}
	}
	if len(bases) != 2 {
		t.Fatalf("%d base proofs in the ledger", len(bases))
	}
	return a, bases, token
}

// TestDisclosure shows parts of credentials, and has everybody judge them, both
// ways: what laurel signs and derives, what the npm suite derives from what laurel
// signed, and the reverse. Of a document with an ordered list the suite (version
// 3.4.1) derives nothing, as it gives the list an id; the same is true of one with
// a place on the earth, since jsonld does not read what it compacted of that. It
// verifies what laurel derives of both.
func TestDisclosure(t *testing.T) {
	if testing.Short() {
		t.Skip("asks the verifiers of others on Node")
	}
	needNode(t)
	a, bases, token := disclosing(t)
	plain, listed := bases[0], bases[1]
	dir := t.TempDir()
	choices := a.choices(t, plain)
	if len(choices) != 14 {
		t.Fatalf("%q can be shown of %s", choices, plain)
	}
	selections := [][]string{{"/id"}, slices.Concat(choices...), {}}
	for _, c := range choices { // with what goes with them
		if c[0] == "/credentialSubject/result" || c[0] == "/evidence/1" {
			selections[2] = append(selections[2], c...)
		}
	}
	var jobs []map[string]any
	var ours, theirs, of []string
	for i, s := range selections {
		ours = append(ours, a.disclosed(t, plain, filepath.Join(dir, fmt.Sprintf("laurel-%d.json", i)), s))
		jobs = append(jobs, map[string]any{"derive": plain, "reveal": s})
	}
	ours = append(ours, a.disclosed(t, listed, filepath.Join(dir, "list.json"), selections[2]))
	for _, file := range ours {
		jobs = append(jobs, map[string]any{"verify": file})
	}
	jobs = append(jobs, map[string]any{"sign": plain, "mandatory": []string{"/issuer", "/validFrom", "/credentialSubject/id"}})
	for i, d := range disclose(t, a, dir, jobs) {
		switch {
		case d.Error != "" || jobs[i]["sign"] == nil && (!d.Verified || d.Revoked):
			t.Fatalf("npm, %v: %s", jobs[i], d.Error)
		case jobs[i]["derive"] != nil:
			theirs = append(theirs, d.File)
		case jobs[i]["sign"] != nil:
			of = append(of, a.disclosed(t, d.File, filepath.Join(dir, "of-npm.json"), selections[2]))
		}
	}
	all := slices.Concat(ours, theirs, of)
	for file, r := range a.verify(t, all) {
		if r.Verdict != "valid" {
			t.Errorf("%s: laurel says %s", file, r)
		}
	}
	a.onPage(t, all)
	// The claim page derives the same, to the last byte of its proofs.
	for base, files := range map[string][]string{plain: ours[:3], listed: ours[3:]} {
		chosen := selections
		if base == listed {
			chosen = selections[2:]
		}
		for i, derived := range derivedOnPage(t, base, chosen) {
			data, err := os.ReadFile(files[i])
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(parsed(t, "the page", derived), parsed(t, files[i], data)) {
				t.Errorf("%q: the claim page derives\n%s\nlaurel\n%s", chosen[i], derived, data)
			}
		}
	}
	// The same choice shows the same, whoever derives it.
	for i, file := range theirs {
		if laurel, npm := withoutProof(t, ours[i]), withoutProof(t, file); !bytes.Equal(laurel, npm) {
			t.Errorf("%q:\n%s\nnpm\n%s", selections[i], laurel, npm)
		}
	}
	t.Logf("%d choices, %d derived credentials", len(choices), len(all))
	t.Run("sd-jwt", func(t *testing.T) { testSDJWT(t, a, dir, token) })
}

// derivedOnPage has the claim page's code derive from a base proof.
func derivedOnPage(t *testing.T, base string, selections [][]string) [][]byte {
	t.Helper()
	var input strings.Builder
	for _, s := range selections {
		line, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		input.Write(append(line, '\n'))
	}
	stdout, stderr, code, err := Run(t.Context(), scripts, input.String(), filepath.Join("tools", "disclose.mjs"), base)
	if err != nil || code != 0 {
		t.Fatalf("disclose.mjs of the page: exit code %d, %v\n%s", code, err, stderr)
	}
	lines := slices.Collect(splitLines(stdout))
	if len(lines) != len(selections) {
		t.Fatalf("the page derived %d of %d", len(lines), len(selections))
	}
	return lines
}

// scripts are those of the pages.
var scripts = filepath.Join("..", "..", "..", "themes", "default", "src")

// withoutProof is what a credential says.
func withoutProof(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc := parsed(t, file, data).(map[string]any)
	delete(doc, "proof")
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// onPage has the verify page's code judge files, which it must find valid.
func (a *academy) onPage(t *testing.T, files []string) {
	t.Helper()
	if err := Install(t.Context(), scripts); err != nil {
		t.Fatal(err)
	}
	args := []string{filepath.Join("tools", "cli.mjs"), "--at", judgedAt.Format(time.RFC3339)}
	documents, err := filepath.Glob(filepath.Join(a.public(), "status", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	// A token says its name only in its claims.
	documents = append(documents, a.url+"/status/1.jwt.txt="+filepath.Join(a.public(), "status", "1.jwt.txt"))
	endorsers, err := filepath.Glob(filepath.Join(a.public(), "endorsers", "*", "did.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, document := range append(append(documents, endorsers...), filepath.Join(a.public(), "did.json")) {
		args = append(args, "--documents", document)
	}
	stdout, stderr, _, err := Run(t.Context(), scripts, "", append(args, files...)...)
	if err != nil {
		t.Fatal(err)
	}
	judged := map[string]bool{}
	for line := range splitLines(stdout) {
		var r struct{ Name, Verdict, Code string }
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		judged[r.Name] = true
		if r.Verdict != "valid" {
			t.Errorf("%s: the verify page says %s, %s", r.Name, r.Verdict, r.Code)
		}
	}
	if len(judged) != len(files) {
		t.Errorf("the verify page judged %q\n%s", slices.Sorted(maps.Keys(judged)), stderr)
	}
}
