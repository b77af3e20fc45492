package cases

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"laurel/internal/standards/verify"
	"laurel/internal/testing/interop"
)

// pageSource is where the verify page's code is, with a way to run it in Node.
const pageSource = "../../../themes/default/src"

// sampledForPage is the chance, one in so many, of a mutant to be shown to the
// page, which takes some ten milliseconds for each; the other with
// LAUREL_ALL_MUTANTS.
const (
	sampledForPage     = 400
	manySampledForPage = 20
)

// pageCase is what the page's code is asked in Node, one a line, and the page in
// a browser.
type pageCase struct {
	Name      string            `json:"name"` // in Node
	ID        string            `json:"id"`   // in a browser
	Data      []byte            `json:"data"`
	Documents map[string][]byte `json:"documents"`
	Place     []byte            `json:"place,omitzero"`
	At        time.Time         `json:"at"`
}

func (c Case) forPage() pageCase {
	return pageCase{c.id(), c.id(), c.Input, c.Documents, c.Place, c.At}
}

// TestPage has the code of the verify page judge every case, and
// a sample of the mutants, and wants the same verdict and code as laurel's.
func TestPage(t *testing.T) {
	if err := interop.Install(t.Context(), pageSource); err != nil {
		t.Fatal(err)
	}
	list := slices.Clone(All())
	mutants, sampled := 0, sampledForPage
	if os.Getenv("LAUREL_ALL_MUTANTS") != "" {
		sampled = manySampledForPage
	}
	for _, o := range Originals() {
		chance := rand.New(rand.NewPCG(7, uint64(len(o.Input))))
		for m := range Mutants(o, func() bool { return chance.IntN(fewer(sampled)) == 0 }) {
			mutants++
			c := o.Case
			c.Suite, c.Name, c.Input = "mutants", fmt.Sprintf("%s %d: %s at %s", o.Name, mutants, m.Kind, m.Where), m.Input
			list = append(list, c)
		}
	}
	answers := askPage(t, list)
	agreed, rows := 0, 0
	for _, c := range list {
		name := c.id()
		r := verifierOf(t, c).Credential(t.Context(), c.Input)
		mine := answer(r)
		if c.Suite == "carrier" {
			mine += carried(r)
		}
		page := answers[name]
		theirs := string(page.Verdict) + " " + page.Code
		if c.Suite == "carrier" {
			theirs += carried(&page.Report)
		}
		if theirs != mine {
			t.Errorf("%s: the page says %s, laurel %s", name, theirs, mine)
			continue
		}
		if c.Items != nil {
			var ours, pages []string
			for i, r := range verifierOf(t, c).All(t.Context(), c.Input, nil) {
				ours = append(ours, answer(r)+carried(r))
				if i < len(page.Items) {
					p := page.Items[i]
					pages = append(pages, string(p.Verdict)+" "+p.Code+carried(&p.Report))
				}
			}
			if !slices.Equal(ours, pages) {
				t.Errorf("%s: the page says of what is in it %q, laurel %q", name, pages, ours)
				continue
			}
		}
		agreed++
		rows += sameRows(t, name, &page.Report, r)
	}
	t.Logf("%d cases and mutants, of which laurel and the page judge %d alike, with the same %d sentences", len(list), agreed, rows)
}

// TestPageWrapped has the page judge what is wrapped in white space, in byte
// order marks and in line ends, and wants the same verdict and code as laurel's.
func TestPageWrapped(t *testing.T) {
	if err := interop.Install(t.Context(), pageSource); err != nil {
		t.Fatal(err)
	}
	list := Wrapped()
	if testing.Short() {
		list = list[:len(list)/10]
	}
	answers := askPage(t, list)
	codes := map[string]int{}
	for _, c := range list {
		r := verifierOf(t, c).Credential(t.Context(), c.Input)
		page := answers[c.id()]
		mine, theirs := answer(r), string(page.Verdict)+" "+page.Code
		if mine != theirs {
			t.Errorf("%s: the page says %s, laurel %s", c.Name, theirs, mine)
		}
		codes[mine]++
	}
	t.Logf("%d cases alike: %v", len(list), codes)
}

// sameRows wants two reports with one verdict to say the same in the same words,
// and to point at the same place: the row that decided, and every other with the
// same code. Where broken JSON is broken, and which branch of a schema was meant,
// each reader tells in its own way. It returns how many rows said the same.
func sameRows(t *testing.T, name string, theirs, mine *verify.Report) int {
	t.Helper()
	same := 0
	for _, m := range mine.Checks {
		switch p, _ := theirs.Check(m.Name); {
		case p.Code != m.Code || p.Outcome != m.Outcome:
			if m.Outcome == verify.Fail {
				t.Errorf("%s: %s: the page has %s %s, laurel %s %s", name, m.Name, p.Outcome, p.Code, m.Outcome, m.Code)
			}
		case p.Text != m.Text || p.Place != m.Place && !strings.HasPrefix(m.Code, "json-") && m.Code != "schema":
			t.Errorf("%s: %s: the page says at %q\n\t%s\nlaurel at %q\n\t%s", name, m.Name, p.Place, p.Text, m.Place, m.Text)
		default:
			same++
		}
	}
	return same
}

// carried is what a report says of the page for people that a credential came in,
// and of whom it is about.
func carried(r *verify.Report) string {
	structure, _ := r.Check(verify.Structure)
	subject, _ := r.Check(verify.Subject)
	return fmt.Sprintf(" out of %q, structure %s, subject %s", strings.NewReplacer("png", "", "svg", "").Replace(r.Carrier), structure.Code, subject.Code)
}

// pageAnswer is what cli.mjs of the page writes, one a line.
type pageAnswer struct {
	Name, Code string
	Items      []pageAnswer
	verify.Report
}

// askPage returns the page's report on each case.
func askPage(t *testing.T, list []Case) map[string]pageAnswer {
	t.Helper()
	var in, stdout, stderr bytes.Buffer
	lines := json.NewEncoder(&in)
	for _, c := range list {
		if err := lines.Encode(c.forPage()); err != nil {
			t.Fatal(err)
		}
	}
	node := exec.CommandContext(t.Context(), "node", "tools/cli.mjs", "--batch")
	node.Dir, node.Stdin, node.Stdout, node.Stderr = pageSource, &in, &stdout, &stderr
	if err := node.Run(); err != nil {
		t.Fatalf("node cli.mjs: %v\n%s", err, stderr.Bytes())
	}
	answers := map[string]pageAnswer{}
	scanner := bufio.NewScanner(&stdout)
	scanner.Buffer(nil, 16<<20)
	for scanner.Scan() {
		var answer pageAnswer
		if err := json.Unmarshal(scanner.Bytes(), &answer); err != nil {
			t.Fatalf("cli.mjs printed %q: %v", scanner.Bytes(), err)
		}
		answers[answer.Name] = answer
	}
	if err := scanner.Err(); err != nil || len(answers) != len(list) {
		t.Fatalf("%d answers to %d cases, %v", len(answers), len(list), err)
	}
	return answers
}
