package content_test

import (
	"strings"
	"testing"

	"laurel/internal/authoring/content"
	"laurel/internal/authoring/model"
)

const guild = "content/endorsements/guild.yaml"

// endorsed is a site with endorsements, made here and received.
func endorsed() files {
	return academy().with(guild, `endorser:
  name: Example Guild
  url: https://guild.example.org/
endorsements:
  - achievement: welding
    name: Fit for the trade
    endorsementComment: We **hire** who has it.
    awardedDate: 2026-02-01
    validUntil: 2027-02-01
  - issuer: true
    name: A good school
    endorsementComment: We know it.
  - award: spring-2026/welding/ada@example.com
    name: Well done
    endorsementComment: We saw it.
received:
  - achievement: safety
    file: crane.json
    documents: [crane-did.json]
`).with("content/endorsements/crane.json", `{"id": "urn:x"}`).with("content/endorsements/crane-did.json", `{}`)
}

func TestLoadEndorsements(t *testing.T) {
	var asked *model.Received
	site, err := content.LoadJudged(endorsed().write(t), func(_ *model.Site, r *model.Received) (string, string) { asked = r; return "", "" })
	if err != nil {
		t.Fatal(err)
	}
	e := site.Endorser("guild")
	if e == nil || e.Profile.Name != "Example Guild" || e.Profile.ID != "" || len(e.Endorsements) != 3 {
		t.Fatalf("endorser: %+v", e)
	}
	for i, want := range []string{"endorsements/guild/achievements/welding", "endorsements/guild/issuer", "endorsements/guild/awards/spring-2026/welding/ada@example.com"} {
		key := e.Endorsements[i].Key()
		if again, err := model.ParseAwardKey(key.String()); key.String() != want || err != nil || again != key || key.Cohort != model.Endorsements {
			t.Errorf("key %d is %v, want %s", i, key, want)
		}
	}
	first := e.Endorsements[0]
	if first.Comment != "We **hire** who has it." || first.Source.Line != 5 || first.ValidUntil.IsZero() || first.AwardedDate.IsZero() {
		t.Errorf("endorsement: %+v", first)
	}
	if len(site.Received) != 1 || site.Received[0] != asked || asked.File != "content/endorsements/crane.json" || len(asked.Documents) != 1 || asked.Target.String() != "achievements/safety" {
		t.Errorf("received: %+v", asked)
	}
}

// TestEndorsementRules changes one thing of a good site and looks for the problem.
func TestEndorsementRules(t *testing.T) {
	site := endorsed()
	for _, c := range []struct{ name, old, new, field, text string }{
		{"no-such-achievement", "achievement: welding", "achievement: weldin", "endorsements[0].achievement", `did you mean "welding"?`},
		{"no-such-award", "award: spring-2026/welding/ada", "award: spring-2026/welding/eve", "endorsements[2].award", "no such award"},
		{"no-target", "- issuer: true\n    name", "- name", "endorsements[1]", "does not say what is endorsed"},
		{"two-targets", "  - issuer: true\n", "  - issuer: true\n    achievement: safety\n", "endorsements[1].issuer", "a second thing"},
		{"issuer-false", "issuer: true", "issuer: false", "endorsements[1].issuer", "must be true"},
		{"twice", "- issuer: true", "- achievement: welding", "endorsements[1]", "the endorsement in line 5"},
		{"no-name", "    name: Fit for the trade\n", "", "endorsements[0].name", "required"},
		{"comment", "endorsementComment: We know", "comment: We know", "endorsements[1].comment", `did you mean "endorsementComment"?`},
		{"markdown", "We **hire** who has it.", "<b>Hire</b>", "endorsements[0].endorsementComment", "HTML"},
		{"dates", "validUntil: 2027", "validUntil: 2025", "endorsements[0].validUntil", "before awardedDate"},
		{"issuer-himself", "name: Example Guild", "name: Example Academy", "endorser.name", "issuer's own"},
		{"issuers-page", "https://guild.example.org/", "https://example.org", "endorser.url", "issuer's own"},
		{"endorser-id", "  name: Example Guild", "  name: Example Guild\n  id: did:web:guild.example.org", "endorser.id", "did:web below baseURL"},
		{"endorser-missing", "endorser:\n  name: Example Guild\n  url: https://guild.example.org/\n", "", "endorsements.endorser", "say who endorses"},
		{"received-award", "  - achievement: safety\n    file", "  - award: spring-2026/welding/ada@example.com\n    file", "received[0].award", "drawn when it is signed"},
		{"received-jwt", "crane.json", "crane.jwt", "received[0].file", "endorsementJwt"},
		{"received-elsewhere", "file: crane.json", "file: ../site.json", "received[0].file", "name of a file in content/endorsements"},
		{"received-missing", "file: crane.json", "file: lost.json", "received[0].file", "is missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := site.replace(t, guild, c.old, c.new).problems(t)
			for _, p := range found {
				if p.Field == c.field && strings.Contains(p.Text+" "+p.Hint, c.text) && p.File == guild && p.Line > 0 && p.Column > 0 {
					return
				}
			}
			t.Errorf("no problem of %s that says %q:\n%v", c.field, c.text, found)
		})
	}
	whole := func(name, text string, f files) {
		t.Run(name, func(t *testing.T) {
			if found := f.problems(t); !strings.Contains(found.Error(), text) {
				t.Errorf("no problem that says %q: %v", text, found)
			}
		})
	}
	whole("jwt-inside", "is a JWT", site.with("content/endorsements/crane.json", "eyJh.eyJh.AAAA"))
	whole("stray-document", "no file of endorsements names this document", site.with("content/endorsements/more.json", "{}"))
	whole("stray-file", "is not a .yaml file", site.with("content/endorsements/more.txt", "x"))
	whole("nothing", "endorser: and endorsements:", site.with("content/endorsements/none.yaml", "{}"))
	whole("cohort", "cannot have this name", site.with("content/awards/endorsements.yaml", site[spring]))
	t.Run("judged", func(t *testing.T) {
		_, err := content.LoadJudged(site.write(t), func(*model.Site, *model.Received) (string, string) { return "is forged", "ask again" })
		if found := asProblems(t, nil, err); len(found) != 1 || found[0].String() != guild+":18:11: received[0].file: is forged" || found[0].Hint != "ask again" {
			t.Errorf("problems: %v", err)
		}
	})
}
