package content_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"laurel/internal/authoring/content"
	"laurel/internal/authoring/model"
)

const trade = "content/programs/trade.yaml"

// programs is the academy with a program, and awards that have every form.
func programs(t *testing.T) files {
	f := academy().replace(t, spring, "roster:", "variants: [no-name]\nroster:")
	f["content/achievements/exam.yaml"] = "name: Exam\ndescription: The end\ncriteria: {narrative: Pass it.}\ncreditsAvailable: 2\n"
	f[trade] = `name: Trade
description: All of it.
achievements: [welding, safety, exam]
association:
  - {associationType: isPartOf, sourceId: safety, targetId: welding}
  - {associationType: precedes, sourceId: welding, targetId: exam}
completion: {someOf: 2, from: [welding, safety, exam]}
visibility: public
validFor: P2Y
inLanguage: en
variants:
  - no-name
  - name: without-exam
    label: Without the exam
    achievements: [welding, safety]
    form: no-name
`
	return f
}

func TestLoadProgram(t *testing.T) {
	site, err := programs(t).load(t)
	if err != nil {
		t.Fatal(err)
	}
	p := site.Program("trade")
	if p == nil || p.Name != "Trade" || len(p.Achievements) != 3 || p.Achievements[0] != site.Achievement("welding") || p.Visibility != model.Public ||
		p.ValidFor.Years != 2 || p.Completion.SomeOf != 2 || len(p.Completion.From) != 3 || len(p.Associations) != 2 || len(p.Variants) != 2 {
		t.Fatalf("misread: %+v", p)
	}
	if v := p.Variants[1]; v.Name != "without-exam" || !v.NoName || len(v.Achievements) != 2 || v.Label != "Without the exam" || !p.Variants[0].NoName {
		t.Errorf("variants: %+v", p.Variants)
	}
	if a := p.Associations[1]; a.Type != "precedes" || a.Source.Slug != "welding" || a.Target.Slug != "exam" {
		t.Errorf("association: %+v", a)
	}
}

func TestProgramRules(t *testing.T) {
	for _, c := range []struct{ name, old, new, field, text string }{
		{"unknown-achievement", "[welding, safety, exam]\nassoc", "[weldign, safety, exam]\nassoc", "achievements[0]", `did you mean "welding"?`},
		{"twice", "[welding, safety, exam]\nassoc", "[welding, welding, safety, exam]\nassoc", "achievements[1]", "in the list twice"},
		{"unknown-field", "inLanguage: en", "credits: 3", "credits", "below completion"},
		{"association-type", "isPartOf", "isPartof", "association[0].associationType", `did you mean "isPartOf"?`},
		{"association-field", "sourceId: safety", "source: safety", "association[0].source", "sourceId"},
		{"association-outside", "[welding, safety, exam]\nassoc", "[welding, safety]\nassoc", "association[1].targetId", "not among the program's"},
		{"self", "targetId: welding", "targetId: safety", "association[0]", "to itself"},
		{"duplicate", "  - {associationType: precedes", "  - {associationType: isPartOf, sourceId: safety, targetId: welding}\n  - {associationType: precedes", "association[1]", "in line 5"},
		{"duplicate-turned", "  - {associationType: precedes", "  - {associationType: isChildOf, sourceId: exam, targetId: welding}\n  - {associationType: isParentOf, sourceId: welding, targetId: exam}\n  - {associationType: precedes", "association[2]", "says the same"},
		{"peers-twice", "  - {associationType: precedes", "  - {associationType: isPeerOf, sourceId: exam, targetId: welding}\n  - {associationType: isPeerOf, sourceId: welding, targetId: exam}\n  - {associationType: precedes", "association[2]", "says the same"},
		{"cycle", "  - {associationType: precedes", "  - {associationType: isPartOf, sourceId: exam, targetId: safety}\n  - {associationType: isParentOf, sourceId: exam, targetId: welding}\n  - {associationType: precedes", "association[2]", "closes a cycle: welding, exam, safety, welding"},
		{"order-cycle", "completion", "  - {associationType: precedes, sourceId: exam, targetId: welding}\ncompletion", "association[2]", "cannot precede itself"},
		{"some-of-more", "someOf: 2", "someOf: 4", "completion.someOf", "more than the 3"},
		{"some-of-nothing", "someOf: 2", "someOf: 0", "completion.someOf", "at least 1"},
		{"some-of-twice", "from: [welding, safety, exam]", "from: [welding, welding]", "completion.from[1]", "twice"},
		{"some-of-other", "from: [welding, safety, exam]", "from: [welding, nothing]", "completion.from[1]", "no such achievement"},
		{"both", "someOf: 2", "someOf: 2, credits: 3", "completion.credits", "not both"},
		{"neither", "someOf: 2, from", "from", "completion", "needs someOf or credits"},
		{"word", "{someOf: 2, from: [welding, safety, exam]}", "some", "completion", "must be all"},
		{"credits-missing", "{someOf: 2, from: [welding, safety, exam]}", "{credits: 3}", "achievements[1]", "creditsAvailable in content/achievements/safety.yaml"},
		{"credits-from", "someOf: 2, from", "credits: 3, from", "completion.from", "belongs to someOf"},
		{"variant-word", "  - no-name\n", "  - no-nam\n", "variants[0]", `did you mean "no-name"?`},
		{"variant-name", "name: without-exam", "name: full", "variants[1].name", "of its own"},
		{"variant-digit", "name: without-exam", "name: 2-exams", "variants[1].name", "a letter first"},
		{"variant-label", "    label: Without the exam\n", "", "variants[1].label", "required"},
		{"variant-twice", "  - no-name\n", "  - no-name\n  - {name: without-exam, label: X, achievements: [exam]}\n", "variants[2].name", "in the list twice"},
		{"variant-all", "    achievements: [welding, safety]\n    form: no-name\n", "", "variants[1]", "same as the record itself"},
		{"variant-unknown", "achievements: [welding, safety]\n", "achievements: [welding, safe]\n", "variants[1].achievements[1]", "no such achievement"},
		{"period", "P2Y", "2 years", "validFor", "ISO 8601"},
		{"visibility", "visibility: public", "visibility: open", "visibility", "must be"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := programs(t).replace(t, trade, c.old, c.new).load(t)
			problems, _ := err.(content.Problems)
			i := slices.IndexFunc(problems, func(p content.Problem) bool { return p.Field == c.field })
			if i < 0 || len(problems) > 2 {
				t.Fatalf("problems: %v", err)
			}
			if p := problems[i]; p.File != trade || p.Field != c.field || !strings.Contains(p.Text+"; "+p.Hint, c.text) || p.Line == 0 || p.Column == 0 {
				t.Errorf("problem %v; %s", p, p.Hint)
			}
		})
	}
}

func TestProgramCreditsCannotBeReached(t *testing.T) {
	f := programs(t).replace(t, trade, "[welding, safety, exam]\nassoc", "[welding, exam]\nassoc")
	f = f.replace(t, trade, "  - {associationType: isPartOf, sourceId: safety, targetId: welding}\n", "")
	f = f.replace(t, trade, "achievements: [welding, safety]\n", "achievements: [welding]\n")
	if _, err := f.replace(t, trade, "{someOf: 2, from: [welding, safety, exam]}", "{credits: 5.5}").load(t); err != nil {
		t.Error(err)
	}
	_, err := f.replace(t, trade, "{someOf: 2, from: [welding, safety, exam]}", "{credits: 6}").load(t)
	if p := only(t, err); p.Field != "completion.credits" || !strings.Contains(p.Text, "the 5.5 that all achievements give") {
		t.Errorf("problem %v", p)
	}
}

// TestProgramMembersWithoutName: a record that names nobody has no members that do.
func TestProgramMembersWithoutName(t *testing.T) {
	_, err := programs(t).replace(t, spring, "variants: [no-name]", "variants: []").load(t)
	problems := err.(content.Problems)
	if len(problems) != 2 || problems[0].Field != "variants[0]" || problems[1].Field != "variants[1].name" || !strings.Contains(problems[0].Text, spring) {
		t.Errorf("problems: %v", err)
	}
}

func TestReservedNames(t *testing.T) {
	f := programs(t)
	f["content/awards/records.yaml"] = "name: X\nachievement: exam\nvariants: [no-name]\nawardedDate: 2026-01-01\nrecipients: [{key: a, name: A}]\n"
	if p := only(t, second(f.load(t))); p.File != "content/awards/records.yaml" || !strings.Contains(p.Text, "cannot have this name") {
		t.Errorf("problem %v", p)
	}
	delete(f, "content/awards/records.yaml")
	f["content/programs/everything.yaml"] = "name: X\nachievements: [exam]\n"
	if p := only(t, second(f.load(t))); p.File != "content/programs/everything.yaml" {
		t.Errorf("problem %v", p)
	}
	delete(f, "content/programs/everything.yaml")
	var many strings.Builder
	for i := range 65 {
		f[fmt.Sprintf("content/achievements/a%d.yaml", i)] = f["content/achievements/exam.yaml"]
		fmt.Fprintf(&many, "  - a%d\n", i)
	}
	f["content/programs/long.yaml"] = "name: Long\nachievements:\n" + many.String()
	if p := only(t, second(f.load(t))); p.Field != "achievements" || !strings.Contains(p.Text, "more than 64") {
		t.Errorf("problem %v", p)
	}
}

func second[A any](_ A, err error) error { return err }

// only is the one problem of an error.
func only(t *testing.T, err error) content.Problem {
	t.Helper()
	problems, _ := err.(content.Problems)
	if len(problems) != 1 {
		t.Fatalf("%d problems: %v", len(problems), err)
	}
	return problems[0]
}
