package cases_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"laurel/internal/standards/verify"
	"laurel/internal/testing/cases"
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

// pageCase is what cli.mjs of the page reads, one a line.
type pageCase struct {
	Name      string            `json:"name"`
	Data      []byte            `json:"data"`
	Documents map[string][]byte `json:"documents"`
	At        time.Time         `json:"at"`
}

// TestPage has the code of the verify page judge every case that it supports,
// and a sample of the mutants, and wants the same verdict and code as laurel's.
func TestPage(t *testing.T) {
	if err := interop.Install(t.Context(), pageSource); err != nil {
		t.Fatal(err)
	}
	list := cases.All()
	mutants, sampled := 0, sampledForPage
	if os.Getenv("LAUREL_ALL_MUTANTS") != "" {
		sampled = manySampledForPage
	}
	for _, o := range cases.Originals() {
		if o.WhyNotPage != "" {
			continue
		}
		chance := rand.New(rand.NewPCG(7, uint64(len(o.Input))))
		for m := range cases.Mutants(o) {
			if chance.IntN(sampled) == 0 {
				mutants++
				c := o.Case
				c.Suite, c.Name, c.Input = "mutants", fmt.Sprintf("%s %d: %s at %s", o.Name, mutants, m.Kind, m.Where), m.Input
				list = append(list, c)
			}
		}
	}
	answers := askPage(t, list)
	agreed, left, early := 0, 0, 0
	for _, c := range list {
		name := c.Suite + "/" + c.Name
		r := verifierOf(t, c).Credential(t.Context(), c.Input)
		mine := string(r.Verdict) + " " + cases.Deciding(r)
		if c.Suite == "carrier" {
			mine += carried(r)
		}
		switch same := answers[name] == mine; {
		case c.WhyNotPage != "" && same:
			early++
		case c.WhyNotPage != "":
			left++
			t.Logf("%s: the page says %s, laurel %s: %s", name, answers[name], mine, c.WhyNotPage)
		case same:
			agreed++
		default:
			t.Errorf("%s: the page says %s, laurel %s", name, answers[name], mine)
		}
	}
	t.Logf("laurel judged %d, the page %d: %d cases and mutants of both alike; %d not for the page, of which it agrees on %d",
		len(list), len(answers), agreed, left+early, early)
}

// carried is what a report says of the page for people that a credential came in,
// and of whom it is about.
func carried(r *verify.Report) string {
	structure, _ := r.Check(verify.Structure)
	subject, _ := r.Check(verify.Subject)
	return fmt.Sprintf(" out of %q, structure %s, subject %s", strings.NewReplacer("png", "", "svg", "").Replace(r.Carrier), structure.Code, subject.Code)
}

// askPage returns verdict and code of each case, of a carrier more.
func askPage(t *testing.T, list []cases.Case) map[string]string {
	t.Helper()
	var in, stdout, stderr bytes.Buffer
	lines := json.NewEncoder(&in)
	for _, c := range list {
		if err := lines.Encode(pageCase{c.Suite + "/" + c.Name, c.Input, c.Documents, c.At}); err != nil {
			t.Fatal(err)
		}
	}
	node := exec.CommandContext(t.Context(), "node", "tools/cli.mjs", "--batch")
	node.Dir, node.Stdin, node.Stdout, node.Stderr = pageSource, &in, &stdout, &stderr
	if err := node.Run(); err != nil {
		t.Fatalf("node cli.mjs: %v\n%s", err, stderr.Bytes())
	}
	answers := map[string]string{}
	scanner := bufio.NewScanner(&stdout)
	scanner.Buffer(nil, 16<<20)
	for scanner.Scan() {
		var answer struct {
			Name, Code string
			verify.Report
		}
		if err := json.Unmarshal(scanner.Bytes(), &answer); err != nil {
			t.Fatalf("cli.mjs printed %q: %v", scanner.Bytes(), err)
		}
		answers[answer.Name] = string(answer.Verdict) + " " + answer.Code
		if strings.HasPrefix(answer.Name, "carrier/") {
			answers[answer.Name] += carried(&answer.Report)
		}
	}
	if err := scanner.Err(); err != nil || len(answers) != len(list) {
		t.Fatalf("%d answers to %d cases, %v", len(answers), len(list), err)
	}
	return answers
}
