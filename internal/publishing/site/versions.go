package site

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/vc"
)

// leastHeld is how many awards a version has that may be shown although none of them
// is public: as for numbers of awards, fewer would single somebody out.
const leastHeld = 5

// version is one definition of an achievement that awards were signed with.
type version struct {
	definition string // vc.Achievement.Definition
	w          vc.Achievement
	label      string // of its folder
	first      *ledger.Record
	read       bool // on this site: one of its awards has a page, or a link that opens it
	// living and shown count awards that are in force, and those that have a page;
	// from and to are the years of what is told of.
	living, shown                            int
	from, to                                 int
	shownFrom, shownTo, livingFrom, livingTo int
}

// published tells whether a version has a page: one of its awards has, which shows the
// definition anyhow, or so many hold it that it singles nobody out.
func (v *version) published() bool { return v.shown > 0 || v.living >= leastHeld }

// findVersions finds the earlier versions of achievements, of which the ledger has the
// definition as it was signed. It reads one credential of each.
func (p *Layout) findVersions() error {
	all := map[string][]*version{}
	for rec := range p.in.State.Records() {
		key := keyOf(rec)
		if rec.Profile != "" || key.IsRecord() || rec.Definition == "" {
			continue
		}
		v := p.count1(all, key.Achievement, rec)
		v.read = v.read || p.shown(rec) || p.opened(rec)
		if p.shown(rec) {
			v.shown++
			v.shownFrom, v.shownTo = span(v.shownFrom, v.shownTo, rec)
		}
		if rec.Status == ledger.Active && rec.ReplacedBy == "" {
			v.living++
			v.livingFrom, v.livingTo = span(v.livingFrom, v.livingTo, rec)
		}
	}
	for slug, list := range all {
		slices.SortFunc(list, func(a, b *version) int { return int(a.first.Seq - b.first.Seq) })
		taken := map[string]bool{}
		for _, v := range list {
			c, err := p.credential(v.first)
			if err != nil {
				return fmt.Errorf("read a credential of achievement %s: %w", slug, err)
			}
			v.w = c.CredentialSubject.Achievement
			if v.read {
				p.signedIn[v.w.InLanguage] = true
			}
			v.w.Endorsement = nil // a definition is published without
			v.label = versionLabel(v.w.Version)
			if v.label == "" || taken[v.label] {
				v.label = strings.TrimPrefix(v.label+"-"+v.definition[:8], "-")
			}
			taken[v.label] = true
			if v.from, v.to = v.livingFrom, v.livingTo; v.shown > 0 {
				v.from, v.to = v.shownFrom, v.shownTo
			}
		}
		current := p.definitionOf(slug)
		p.versions[slug] = slices.DeleteFunc(list, func(v *version) bool { return v.definition == current || !v.published() })
	}
	return nil
}

// definitionOf is the digest of an achievement's current definition.
func (p *Layout) definitionOf(slug string) string {
	if w, ok := p.gone[slug]; ok {
		return w.Definition()
	}
	return p.in.Achievements[slug].Definition()
}

// count1 is the version that a record was signed with.
func (p *Layout) count1(all map[string][]*version, slug string, rec *ledger.Record) *version {
	list := all[slug]
	i := slices.IndexFunc(list, func(v *version) bool { return v.definition == rec.Definition })
	if i < 0 {
		i, list = len(list), append(list, &version{definition: rec.Definition, first: rec})
		all[slug] = list
	}
	if v := list[i]; rec.Seq < v.first.Seq {
		v.first = rec
	}
	return list[i]
}

// span widens some years by that in which a record was signed: days would tell more
// of an award than is told elsewhere.
func span(from, to int, rec *ledger.Record) (int, int) {
	year := rec.IssuedAt.UTC().Year()
	if from == 0 {
		return year, year
	}
	return min(from, year), max(to, year)
}

func (p *Layout) credential(rec *ledger.Record) (*vc.Credential, error) {
	b, err := p.in.Document(rec)
	if err != nil {
		return nil, err
	}
	return vc.ParseCredential(b)
}

var notInLabel = regexp.MustCompile(`[^a-z0-9.]+`)

// versionLabel makes the name of a folder of what an author calls a version; empty
// where that gives none, or that of a file beside it.
func versionLabel(version string) string {
	label := strings.Trim(notInLabel.ReplaceAllString(strings.ToLower(version), "-"), "-.")
	if len(label) > 40 || strings.Contains(label, "..") || regexp.MustCompile(`\.(html|json|png|svg)$`).MatchString(label) {
		return ""
	}
	return label
}

// versionFolder is where the page and the JSON of an earlier version are. The label is
// the author's version; the first that was signed under it has it alone, and one of
// the same name after it, or of none, has the beginning of its digest.
func versionFolder(slug string, v *version) string {
	return "achievements/" + slug + "/" + v.label + "/"
}

// versionOf is the page, from the site's root, of the earlier version that an award
// was signed with; empty: it is the current one, or has no page.
func (p *Layout) versionOf(rec *ledger.Record) string {
	slug := keyOf(rec).Achievement
	i := slices.IndexFunc(p.versions[slug], func(v *version) bool { return v.definition == rec.Definition })
	if i < 0 || rec.Definition == "" {
		return ""
	}
	return versionFolder(slug, p.versions[slug][i])
}

// earlier are the links to an achievement's earlier versions, the newest first.
func (p *Layout) earlier(slug, root string) []VersionLink {
	var links []VersionLink
	for _, v := range slices.Backward(p.versions[slug]) {
		links = append(links, VersionLink{Label: v.w.Version, Name: v.w.Name, Href: root + versionFolder(slug, v), From: v.from, To: v.to})
	}
	return links
}

// versionPages plans the pages and the JSON of an achievement's earlier versions: the
// definitions as they were signed.
func (p *Layout) versionPages(slug, imagePath string) error {
	for _, v := range p.versions[slug] {
		folder := versionFolder(slug, v)
		path := folder + "index.html"
		a := &AchievementPage{Common: p.common(path, v.w.Name, v.w.InLanguage), JSONHref: "achievement.json"}
		a.Description, a.NoIndex = v.w.Description, true
		a.Achievement = p.terms(a.Language).achievementView(v.w)
		a.Achievement.ImageHref = a.Root + imagePath
		p.linkSkills(&a.Achievement, a.Base)
		a.Achievement.Related = p.relatedLinks(v.w.Related, a.Root, a.Language)
		a.Preview = previewAt(a.Root, achievementPreviewPath(slug))
		a.Current = &VersionLink{Label: v.w.Version, Href: a.Root + p.achievementIn(slug, a.Language), From: v.from, To: v.to}
		if err := p.page(path, a); err != nil {
			return err
		}
		w := v.w
		w.Context = []string{vc.ContextVC, vc.ContextOB}
		b, err := w.Encode()
		if err != nil {
			return fmt.Errorf("encode a version of achievement %s: %w", slug, err)
		}
		p.data(folder+"achievement.json", b)
	}
	return nil
}
