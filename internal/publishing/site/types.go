package site

import (
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/standards/vc"
)

// typeMetadata describes a type of SD-JWTs for wallets and verifiers (SD-JWT-based
// Verifiable Digital Credentials, 4.2 "Type Metadata Format").
type typeMetadata struct {
	VCT         string        `json:"vct"`
	Name        string        `json:"name"`
	Description string        `json:"description,omitzero"`
	Extends     string        `json:"extends,omitzero"`
	Display     []typeDisplay `json:"display"`
	Claims      []typeClaim   `json:"claims,omitempty"`
}

// typeDisplay is how a type is called in one language.
type typeDisplay struct {
	Locale      string         `json:"locale"`
	Name        string         `json:"name"`
	Description string         `json:"description,omitzero"`
	Rendering   *typeRendering `json:"rendering,omitzero"`
}

type typeRendering struct {
	Simple struct {
		Logo struct {
			URI     string `json:"uri"`
			AltText string `json:"alt_text,omitzero"`
		} `json:"logo"`
	} `json:"simple"`
}

// typeClaim says of a claim how it is called, and whether it can be withheld.
type typeClaim struct {
	Path      []any       `json:"path"` // nil: each item
	Display   []typeLabel `json:"display"`
	Mandatory bool        `json:"mandatory,omitzero"`
	SD        string      `json:"sd"`
}

type typeLabel struct {
	Locale string `json:"locale"`
	Label  string `json:"label"`
}

// claimWord is a word of the theme for a claim.
type claimWord struct {
	word, sd  string
	mandatory bool
	path      []any
}

// claimWords are those for the claims that vc.SDJWTClaims makes.
var claimWords = []claimWord{
	{"award.for", "never", true, []any{"credentialSubject", "achievement", "name"}},
	{"verifier.fact.by", "never", true, []any{"issuer", "name"}},
	{"award.date", "never", false, []any{"awardedDate"}},
	{"award.to", "always", false, []any{"credentialSubject", "identifier", nil}},
	{"award.holder", "always", false, []any{"credentialSubject", "id"}},
	{"award.activity", "always", false, []any{"credentialSubject", "activityStartDate"}},
	{"award.activity", "always", false, []any{"credentialSubject", "activityEndDate"}},
	{"results", "always", false, []any{"credentialSubject", "result", nil}},
	{"credits.earned", "always", false, []any{"credentialSubject", "creditsEarned"}},
	{"award.license", "always", false, []any{"credentialSubject", "licenseNumber"}},
	{"narrative", "always", false, []any{"credentialSubject", "narrative"}},
	{"award.role", "always", false, []any{"credentialSubject", "role"}},
	{"award.source", "always", false, []any{"credentialSubject", "source"}},
	{"award.term", "always", false, []any{"credentialSubject", "term"}},
	{"evidence", "always", false, []any{"evidence", nil}},
}

// recordWords are those of a learner's record.
var recordWords = append([]claimWord{{"achievements", "always", true, []any{"credentialSubject", "verifiableCredential", nil}}}, claimWords[1:5]...)

// types plans what describes the types of SD-JWTs: one of all achievements, which has
// the claims, one for each achievement, which extends it, and that of records. They
// are there once something is signed in that form, and so named by it for ever.
func (p *Layout) types() error {
	if !slices.Contains(p.in.State.Formats(), model.SDJWTForm) {
		return nil
	}
	common := []struct {
		path, name string
		claims     []claimWord
	}{{model.TypeOfAchievements, "Achievement", claimWords}, {model.TypeOfRecords, "Learner record", recordWords}}
	for _, c := range common {
		t := typeMetadata{VCT: p.in.Site.URL(c.path), Name: c.name, Description: "An SD-JWT VC of " + p.in.Issuer.Name + " with claims of Open Badges 3.0"}
		for _, language := range p.in.Site.Languages {
			word, err := p.in.Word(language, "verifier.untitled")
			if err != nil {
				return err
			}
			t.Display = append(t.Display, typeDisplay{Locale: language, Name: word})
		}
		for _, claim := range c.claims {
			made := typeClaim{Path: claim.path, Mandatory: claim.mandatory, SD: claim.sd}
			for _, language := range p.in.Site.Languages {
				word, err := p.in.Word(language, claim.word)
				if err != nil {
					return err
				}
				made.Display = append(made.Display, typeLabel{language, word})
			}
			t.Claims = append(t.Claims, made)
		}
		if err := p.typeFile(c.path, t); err != nil {
			return err
		}
	}
	for _, a := range p.in.Site.Achievements {
		if err := p.typeOf(a.Slug, p.in.Achievements[a.Slug]); err != nil {
			return err
		}
	}
	for slug, w := range p.gone {
		if err := p.typeOf(slug, w); err != nil {
			return err
		}
	}
	return nil
}

func (p *Layout) typeOf(slug string, w vc.Achievement) error {
	t := typeMetadata{VCT: p.in.Site.URL(model.TypePath(slug)), Name: w.Name, Description: w.Description, Extends: p.in.Site.URL(model.TypeOfAchievements)}
	d := typeDisplay{Locale: p.language(w.InLanguage), Name: w.Name, Description: w.Description}
	if w.Image != nil {
		d.Rendering = &typeRendering{}
		d.Rendering.Simple.Logo.URI, d.Rendering.Simple.Logo.AltText = w.Image.ID, w.Image.Caption
	}
	t.Display = []typeDisplay{d}
	return p.typeFile(model.TypePath(slug), t)
}

func (p *Layout) typeFile(path string, t typeMetadata) error {
	data, err := json.Marshal(t, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return fmt.Errorf("encode %s: %w", path, err)
	}
	p.data(path, append(data, '\n'))
	return nil
}
