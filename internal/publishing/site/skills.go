package site

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"laurel/internal/publishing/linked"
	"laurel/internal/standards/vc"
)

// skill is what achievements are aligned with: a node of a framework, or several of the
// same name.
type skill struct {
	// slugs are its names for addresses: the first is that of its page, the others
	// those of what its nodes are called in other languages.
	slugs []string
	nodes []vc.Alignment // each target once
	names []word         // once a language, the site's first one first
	// taught are the slugs of the achievements that it is part of.
	taught []string
}

// word is a text and its language.
type word struct{ text, language string }

// in is its name for who reads a language.
func (s *skill) in(language string) word {
	for _, name := range s.names {
		if sameLanguage(name.language, language) {
			return name
		}
	}
	return s.names[0]
}

// skills are those of the content's achievements.
type skills struct {
	all []*skill          // by slug
	of  map[string]*skill // by the target of an alignment
}

// makeSkills finds the skills of today's achievements. What has one target is one
// skill, whatever it is called in each language, and so is what has one name in several
// frameworks.
func (p *Layout) makeSkills() skills {
	found, named := skills{of: map[string]*skill{}}, map[string]*skill{}
	for _, foreign := range []bool{false, true} { // names in the site's first language come first
		for _, a := range p.in.Site.Achievements {
			w := p.in.Achievements[a.Slug]
			if language := p.language(w.InLanguage); foreign != sameLanguage(language, p.language("")) {
				for _, alignment := range alignmentsOf(w) {
					if !linked.IsLevel(alignment) {
						found.add(named, alignment, word{cmp.Or(alignment.TargetName, alignment.TargetURL), language}, a.Slug)
					}
				}
			}
		}
	}
	slices.SortFunc(found.all, func(a, b *skill) int { return strings.Compare(a.slugs[0], b.slugs[0]) })
	return found
}

func (f *skills) add(named map[string]*skill, a vc.Alignment, name word, achievement string) {
	slug := skillSlug(a)
	s := f.of[a.TargetURL]
	if s == nil {
		if s = named[slug]; s == nil {
			s = &skill{}
			f.all = append(f.all, s)
		}
		f.of[a.TargetURL] = s
		s.nodes = append(s.nodes, a)
	}
	if named[slug] == nil {
		named[slug] = s
		s.slugs = append(s.slugs, slug)
	}
	if !slices.ContainsFunc(s.names, func(w word) bool { return sameLanguage(w.language, name.language) }) {
		s.names = append(s.names, name)
	}
	if !slices.Contains(s.taught, achievement) {
		s.taught = append(s.taught, achievement)
	}
}

// linkSkills has the alignments of an achievement lead to the pages of their skills,
// from a page from which base leads to the start of its language.
func (p *Layout) linkSkills(a *Achievement, base string) {
	link := func(list []Alignment) {
		for i := range list {
			if s := p.skills().of[list[i].URL]; s != nil {
				list[i].Href = base + page(skillPath(s.slugs[0]))
			}
		}
	}
	link(a.Alignments)
	for _, r := range a.Results {
		link(r.Alignments)
	}
}

// alignmentsOf are those of an achievement and of its results.
func alignmentsOf(w vc.Achievement) []vc.Alignment {
	all := slices.Clone(w.Alignment)
	for _, d := range w.ResultDescription {
		all = append(all, d.Alignment...)
	}
	return all
}

const skillsPath = "skills/index.html"

func skillPath(slug string) string { return "skills/" + slug + "/index.html" }

// SkillsPage is skills/index.html: what can be learned here.
type SkillsPage struct {
	Common
	Groups []SkillGroup // by framework
}

// SkillGroup is the skills of one framework.
type SkillGroup struct {
	Framework string // empty: they name none
	Skills    []SkillLink
}

// SkillLink leads to the page of a skill.
type SkillLink struct {
	Link
	Count int // of achievements that it is part of
}

// SkillPage is skills/<slug>/index.html: which achievements here a skill is part of.
type SkillPage struct {
	Common
	// Skill is its slug, and Nodes what it is in each framework.
	Skill        string
	Nodes        []Alignment
	Achievements []AchievementCard
	Programs     []ProgramCard
}

// skillPages plans the pages of an edition that are about skills.
func (p *Layout) skillPages(e edition) error {
	if len(p.skills().all) == 0 {
		return nil
	}
	list := &SkillsPage{Common: p.commonFor(e, skillsPath, "")}
	for _, s := range p.skills().all {
		page := &SkillPage{Skill: s.slugs[0]}
		name := s.in(e.language)
		page.Common = p.commonFor(e, skillPath(page.Skill), name.text)
		page.Common.Foreign = foreign(name.language, e.language)
		page.Nodes = mapAll(s.nodes, p.terms(page.Language).alignmentView)
		page.Description = s.nodes[0].TargetDescription
		page.Achievements = p.cardsOf(s.taught, e, page.Common)
		page.Programs = p.programsWith(s.taught, e, page.Common)
		page.LinkedData = linked.Skill(page.URL, page.Title, s.nodes, items(page.Common, page.Achievements))
		if err := p.page(page.Path, page); err != nil {
			return err
		}
		list.add(s.nodes[0].TargetFramework, SkillLink{Link{Label: name.text, Language: page.Foreign, Href: page.Skill + "/"}, len(page.Achievements)})
	}
	return p.page(list.Path, list)
}

func (s *SkillsPage) add(framework string, link SkillLink) {
	i := slices.IndexFunc(s.Groups, func(g SkillGroup) bool { return g.Framework == framework })
	if i < 0 {
		i = len(s.Groups)
		s.Groups = append(s.Groups, SkillGroup{Framework: framework})
	}
	s.Groups[i].Skills = append(s.Groups[i].Skills, link)
}

// foreign is a language, or empty where who reads another one reads it too.
func foreign(language, read string) string {
	if sameLanguage(language, read) {
		return ""
	}
	return language
}

// skillSlug is what a skill is called in addresses: its name in small letters and
// digits of ASCII. Names that this does not spell, all or in part, end in eight digits
// of their SHA-256.
func skillSlug(a vc.Alignment) string {
	name := a.TargetName
	if name == "" {
		name = a.TargetURL
	}
	var b strings.Builder
	spelled := true
	for _, c := range norm.NFKD.String(spelling.Replace(strings.ToLower(name))) {
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			b.WriteRune(c)
		case unicode.Is(unicode.Mn, c), c == '\'', c == '’':
		default:
			spelled = spelled && !unicode.IsLetter(c) && !unicode.IsNumber(c) && !strings.ContainsRune("+#", c)
			if s := b.String(); s != "" && !strings.HasSuffix(s, "-") {
				b.WriteByte('-')
			}
		}
	}
	slug := strings.Trim(b.String(), "-")
	if len(slug) > 60 {
		slug, spelled = strings.Trim(slug[:60], "-"), false
	}
	if !spelled || slug == "" {
		sum := sha256.Sum256([]byte(norm.NFC.String(name)))
		slug = strings.Trim(slug+"-"+hex.EncodeToString(sum[:4]), "-")
	}
	return slug
}

// spelling writes letters in ASCII that have no parts.
var spelling = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i")
