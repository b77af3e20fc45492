package vc_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"laurel/internal/standards/vc"
	"laurel/internal/testing/interop"
)

// rubric is a description with levels in an order that is not theirs.
func rubric(required string) vc.ResultDescription {
	return vc.ResultDescription{ID: "d", Name: "Limits", RequiredLevel: required, RubricCriterionLevel: []vc.RubricCriterionLevel{
		{ID: "high", Name: "Measures them", Level: "2", Description: "Shows how far."}, {ID: "low", Name: "Silent", Level: "0"}, {ID: "mid", Name: "Names them", Level: "1"},
	}}
}

// unranked says no order of its levels.
func unranked(required string) vc.ResultDescription {
	d := rubric(required)
	for i := range d.RubricCriterionLevel {
		d.RubricCriterionLevel[i].Level = "I"
	}
	return d
}

func values(n int) (list []string) {
	for i := range n {
		list = append(list, "v"+strings.Repeat("+", i))
	}
	return list
}

var standings = []struct {
	name string
	r    vc.Result
	d    vc.ResultDescription
	want string
}{
	{"number-passed", vc.Result{Value: "8"}, vc.ResultDescription{ValueMin: "0", ValueMax: "10", RequiredValue: "6"}, "8 of 10, pass at 6: passed"},
	{"number-at-the-mark", vc.Result{Value: "6.0"}, vc.ResultDescription{ValueMin: "0", ValueMax: "10", RequiredValue: "6"}, "6.0 of 10, pass at 6: passed"},
	{"number-missed", vc.Result{Value: "9"}, vc.ResultDescription{ValueMin: "0", ValueMax: "100", RequiredValue: "50"}, "9 of 100, pass at 50: required not reached"},
	{"number-nothing-required", vc.Result{Value: "9"}, vc.ResultDescription{ValueMin: "0", ValueMax: "100"}, "9 of 100"},
	{"number-no-end", vc.Result{Value: "9"}, vc.ResultDescription{ValueMin: "1"}, "9, where 1 is the lowest"},
	{"number-no-start", vc.Result{Value: "9"}, vc.ResultDescription{ValueMax: "12", RequiredValue: "7"}, "9 of at most 12, pass at 7: passed"},
	{"percent", vc.Result{Value: "49.9"}, vc.ResultDescription{ResultType: "Percent", RequiredValue: "50"}, "49.9 of 100, pass at 50: required not reached"},
	{"no-number", vc.Result{Value: "excellent"}, vc.ResultDescription{ValueMin: "0", ValueMax: "10", RequiredValue: "6"}, "excellent of 10, pass at 6"},
	{"letter-passed", vc.Result{Value: "B"}, vc.ResultDescription{AllowedValue: []string{"F", "D", "C", "B", "A"}, RequiredValue: "C"}, "B (F D C B A; required C): passed"},
	{"letter-missed", vc.Result{Value: "D"}, vc.ResultDescription{AllowedValue: []string{"F", "D", "C", "B", "A"}, RequiredValue: "C"}, "D (F D C B A; required C): required not reached"},
	{"letter-unknown", vc.Result{Value: "E"}, vc.ResultDescription{AllowedValue: []string{"F", "D"}, RequiredValue: "D"}, "E (F D; required D)"},
	{"lower-is-better", vc.Result{Value: "1.3"}, vc.ResultDescription{AllowedValue: []string{"5.0", "4.0", "1.3", "1.0"}, RequiredValue: "4.0"}, "1.3 (5.0 4.0 1.3 1.0; required 4.0): passed"},
	{"words", vc.Result{Value: "Merit"}, vc.ResultDescription{AllowedValue: []string{"Not yet", "Pass", "Merit"}}, "Merit (Not yet, Pass, Merit)"},
	{"many-values", vc.Result{Value: "v"}, vc.ResultDescription{AllowedValue: values(14)}, "v (v v+ v++ v+++ v++++ v+++++ … v++++++++ v+++++++++ v++++++++++ v+++++++++++ v++++++++++++ v+++++++++++++)"},
	{"level-passed", vc.Result{AchievedLevel: "high"}, rubric("mid"), "Measures them, level 3 of 3 (required Names them): passed"},
	{"level-missed", vc.Result{AchievedLevel: "low"}, rubric("mid"), "Silent, level 1 of 3 (required Names them): required not reached"},
	{"level-nothing-required", vc.Result{AchievedLevel: "mid"}, rubric(""), "Names them, level 2 of 3"},
	{"level-of-nobody", vc.Result{AchievedLevel: "other"}, rubric("mid"), "(required Names them)"},
	{"level-without-order", vc.Result{AchievedLevel: "high"}, unranked("mid"), "Measures them (required Names them)"},
	{"level-required-without-order", vc.Result{AchievedLevel: "mid"}, unranked("mid"), "Names them (required Names them): passed"},
	{"level-and-value", vc.Result{AchievedLevel: "mid", Value: "4"}, func() vc.ResultDescription {
		d := rubric("mid")
		d.RequiredValue, d.ValueMin, d.ValueMax = "5", "0", "9"
		return d
	}(), "4, level 2 of 3, pass at 5: required not reached"},
	{"status", vc.Result{Status: "InProgress"}, vc.ResultDescription{ResultType: "Status"}, "in progress"},
	{"status-of-nobody", vc.Result{Status: "Dreaming"}, vc.ResultDescription{ResultType: "Status"}, "Dreaming"},
	{"status-and-value", vc.Result{Status: "Completed", Value: "5"}, vc.ResultDescription{ValueMin: "0", ValueMax: "9"}, "5 of 9, completed"},
	{"braces", vc.Result{Value: "{max}$&"}, vc.ResultDescription{ValueMin: "{value}", ValueMax: "9"}, "{max}$& of {value}–9"},
}

// TestStandings: a result is said with its scale, what passes, and whether it did
// where that follows, by Go and by the scripts of the pages alike. The other
// description of the same achievement changes nothing.
func TestStandings(t *testing.T) {
	const pages = "../../../themes/default/src"
	data, err := os.ReadFile(filepath.Join(pages, "../strings/en.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any // a word that counts has several forms
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	words := map[string]string{}
	for key, v := range all {
		if word, ok := v.(string); ok {
			words[key] = word
		}
	}
	type question struct {
		Result      vc.Result      `json:"r"`
		Achievement vc.Achievement `json:"achievement"`
	}
	var questions []question
	for _, c := range standings {
		c.r.ResultDescription, c.d.ID = "d", "d"
		a := vc.Achievement{ResultDescription: []vc.ResultDescription{{ID: "other", Name: "Other", ValueMax: "3"}, c.d, {ID: "d", ValueMax: "4"}}}
		standing, d := c.r.Standing(a.ResultDescription)
		if got := standing.Text(func(key string) string { return words["verifier.result."+key] }); got != c.want || d.Name != c.d.Name {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		questions = append(questions, question{c.r, a})
	}
	none, _ := vc.Result{Value: "7", ResultDescription: "nowhere"}.Standing(nil)
	if got := none.Text(func(string) string { return "?" }); got != "7" {
		t.Errorf("without a description: %q", got)
	}

	if testing.Short() {
		t.Skip("the rest needs Node")
	}
	if err := interop.Install(t.Context(), pages); err != nil {
		t.Fatal(err)
	}
	in, err := json.Marshal(questions)
	if err != nil {
		t.Fatal(err)
	}
	const program = `
import {build} from 'esbuild';
import {readFileSync} from 'node:fs';
import {options} from './tools/build.mjs';
const source = "export {standing} from './pages/standing'; export {addWords} from './pages/words';";
const made = await build({...options, stdin: {contents: source, resolveDir: '.', loader: 'ts'}, format: 'esm', minify: false});
const {standing, addWords} = await import('data:text/javascript;base64,' + Buffer.from(made.outputFiles[0].contents).toString('base64'));
const words = JSON.parse(readFileSync('../strings/en.json', 'utf8'));
addWords(Object.fromEntries(Object.entries(words).filter(([k]) => k.startsWith('verifier.')).map(([k, v]) => [k.slice(9), v])));
console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(q => standing(q.r, q.achievement).text)));`
	node := exec.CommandContext(t.Context(), "node", "--input-type=module", "-e", program)
	var stderr strings.Builder
	node.Dir, node.Stdin, node.Stderr = pages, strings.NewReader(string(in)), &stderr
	out, err := node.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, stderr.String())
	}
	var said []string
	if err := json.Unmarshal(out, &said); err != nil || len(said) != len(standings) {
		t.Fatalf("%d answers: %v", len(said), err)
	}
	for i, c := range standings {
		if said[i] != c.want {
			t.Errorf("%s: the script says %q, want %q", c.name, said[i], c.want)
		}
	}
}
