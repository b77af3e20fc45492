package site

import (
	"cmp"
	"fmt"
	"strings"

	"laurel/internal/authoring/model"
)

// The size of preview pictures, in pixels: what services that show links ask for.
const (
	PreviewWidth  = 1200
	PreviewHeight = 630
)

// PreviewCard is what a preview picture shows and says: an achievement, a program, the issuer,
// or that a link leads to some award. It is never about an award, and names nobody who
// has one.
type PreviewCard struct {
	Badge Badge
	// Language is that of its words, BCP 47. Kind is what it is in one or two words,
	// Text some sentences, of which as much is shown as there is room for; both may be
	// empty.
	Language          string
	Kind, Title, Text string
	// Foot and Host stand below: whose it is, and where.
	Foot, Host string
}

// preview plans a preview picture.
func (p *Layout) preview(path string, c PreviewCard) error {
	c.Host = strings.TrimPrefix(p.in.Site.BaseURL, "https://")
	key, err := digestOf(PreviewPicture, c)
	if err != nil {
		return fmt.Errorf("plan %s: %w", path, err)
	}
	p.add(Output{Path: path, Kind: PreviewPicture, Preview: &c, Fingerprint: key})
	return nil
}

// The paths of preview pictures.
const issuerPreviewPath = "preview.png"

func achievementPreviewPath(slug string) string { return "achievements/" + slug + "/preview.png" }
func programPreviewPath(slug string) string     { return "programs/" + slug + "/preview.png" }
func claimPreviewPath(e edition) string         { return e.folder + "claim/preview.png" }

// previewAt is the preview at a path, for a page from which root leads to the site's.
func previewAt(root, path string) Preview {
	return Preview{Href: root + path, Width: PreviewWidth, Height: PreviewHeight}
}

// awardPreview is that of the page of an award: of what it is for, not of whose it is.
func (p *Layout) awardPreview(root string, key model.AwardKey) Preview {
	switch _, drawn := p.badges[key.Slug()]; {
	case !drawn: // of a program that is no longer in the content
		return previewAt(root, issuerPreviewPath)
	case key.IsRecord():
		return previewAt(root, programPreviewPath(key.Achievement))
	}
	return previewAt(root, achievementPreviewPath(key.Achievement))
}

// previews plans all preview pictures.
func (p *Layout) previews() error {
	issuer := p.in.Issuer.Name
	own := PreviewCard{Badge: p.issuerBadge, Language: p.language(""), Title: issuer, Text: p.in.Issuer.Description, Foot: "Open Badges 3.0"}
	if err := p.preview(issuerPreviewPath, own); err != nil {
		return err
	}
	for _, a := range p.in.Site.Achievements {
		w := p.in.Achievements[a.Slug]
		if err := p.achievementPreview(a.Slug, w.InLanguage, w.AchievementType, w.Name, w.Description); err != nil {
			return err
		}
	}
	for slug, w := range p.gone {
		if err := p.achievementPreview(slug, w.InLanguage, w.AchievementType, w.Name, w.Description); err != nil {
			return err
		}
	}
	for _, program := range p.named() {
		language := p.language(program.InLanguage)
		c := PreviewCard{Badge: p.badges[recordSlug(program)], Language: language, Kind: p.terms(language)("LearningProgram"), Title: program.Name, Text: program.Description, Foot: issuer}
		if err := p.preview(programPreviewPath(program.Slug), c); err != nil {
			return err
		}
	}
	for _, e := range p.editions() {
		c := PreviewCard{Badge: p.issuerBadge, Language: e.language, Kind: "Open Badges 3.0", Title: p.anAward(e.language), Foot: issuer}
		if err := p.preview(claimPreviewPath(e), c); err != nil {
			return err
		}
	}
	return nil
}

func (p *Layout) achievementPreview(slug, language, kind, name, description string) error {
	language = p.language(language)
	return p.preview(achievementPreviewPath(slug), PreviewCard{Badge: p.badges[slug], Language: language,
		Kind: p.terms(language)(kind), Title: name, Text: description, Foot: p.in.Issuer.Name})
}

// anAward says in a language that a link leads to an award, and not to which.
func (p *Layout) anAward(language string) string {
	var said string
	if p.in.Word != nil {
		said, _ = p.in.Word(language, "claim.title")
	}
	return cmp.Or(said, "An award")
}
