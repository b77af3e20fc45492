package content

import (
	"os"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"laurel/internal/authoring/model"
	"laurel/internal/material/markdown"
	"laurel/internal/material/table"
)

// Load reads content/ of the site folder that root is open on, and returns
// the site, complete and checked, or every problem there is: the error is then
// Problems. It reads nothing outside root, follows no symbolic link, and
// writes nothing. The same files give the same result on every machine.
func Load(root *os.Root) (*model.Site, error) { return LoadJudged(root, nil) }

// Judge says what is wrong with an endorsement that somebody else signed, and what
// to try; an empty fault: nothing.
type Judge func(s *model.Site, r *model.Received) (fault, hint string)

// LoadJudged is Load where such endorsements are judged as well, so that what is
// wrong with them is told with all else. A nil judge finds nothing.
func LoadJudged(root *os.Root, judge Judge) (*model.Site, error) {
	l := newLoader(root)
	l.judgeReceived = judge
	return l.result()
}

// LoadCohort reads one award list and nothing else, for whoever has to answer at once:
// its awards have no more of their achievements than the slug, and what is wrong is left
// out. Nil: there is none of that name.
func LoadCohort(root *os.Root, slug string) *model.Cohort {
	l := newLoader(root)
	l.achievements = map[string]*achievement{}
	for _, f := range l.contentFiles("content/achievements", ".yaml") {
		l.achievements[f.slug] = &achievement{Achievement: &model.Achievement{Slug: f.slug}, broken: true}
	}
	l.images.checked = map[string]*model.Image{}
	l.visibility = model.Link
	for _, f := range l.contentFiles("content/awards", ".yaml") {
		if f.slug == slug {
			c, _ := l.cohort(f, map[string]bool{})
			return c
		}
	}
	return nil
}

func newLoader(root *os.Root) *loader {
	return &loader{
		root: root, problems: &collector{perFile: map[string]int{}, alike: map[Problem]*alike{}}, texts: map[string]string{}, grades: map[string][]model.Result{},
		narratives: markdown.New(markdown.Absolute), pages: markdown.New(markdown.Within),
		wholeBytes: wholeBytes, partBytes: partBytes,
	}
}

func (l *loader) result() (*model.Site, error) {
	site := l.load()
	if site != nil {
		site.Warnings = l.warnings
	}
	if p := l.problems.sorted(); len(p) > 0 {
		return nil, p
	}
	return site, nil
}

// loader is the state of one Load.
type loader struct {
	root     *os.Root
	problems *collector
	images   imageFolder
	files    evidenceFolder
	// narratives and pages are the Markdown that may be written there.
	narratives, pages *markdown.Markdown
	// achievements by slug: one for each file with a good name, so that a
	// reference to a broken definition is not a second problem.
	achievements  map[string]*achievement
	languages     []string
	visibility    model.Visibility
	texts         map[string]string         // one copy of texts that many awards share
	grades        map[string][]model.Result // one copy of results that many awards share
	later         []func()                  // checks that need all achievements
	translations  []translation
	translated    []translatedPage
	nameless      []nameless // variants that need all awards
	judgeReceived Judge
	warnings      []model.Warning

	wholeBytes, partBytes int // as the constants; tests read short lists in parts
}

func (l *loader) load() *model.Site {
	if !l.folder("content") {
		return nil
	}
	l.strayNames()
	l.images.checked = map[string]*model.Image{}
	l.images.read(l, imageDir)
	l.files.read(l, evidenceDir)
	site := l.site()
	l.visibility, l.languages = site.Visibility, site.Languages

	l.achievements = map[string]*achievement{}
	files := l.contentFiles("content/achievements", ".yaml")
	for _, f := range files {
		l.achievements[f.slug] = &achievement{Achievement: &model.Achievement{Slug: f.slug, Source: model.Source{File: f.name, Line: 1, Column: 1}}}
	}
	for _, f := range files {
		l.achievement(f, l.achievements[f.slug])
		site.Achievements = append(site.Achievements, l.achievements[f.slug].Achievement)
	}
	for _, check := range l.later {
		check()
	}
	l.translate()
	for _, f := range l.contentFiles("content/programs", ".yaml") {
		site.Programs = append(site.Programs, l.program(f))
	}
	rosters := map[string]bool{}
	read := true
	for _, f := range l.contentFiles("content/awards", ".yaml") {
		if slices.Contains(model.Reserved, f.slug) {
			l.fault(f.name, "a cohort cannot have this name: the keys of "+f.slug+" begin with it", "rename the file")
		}
		c, ok := l.cohort(f, rosters)
		read = read && ok
		site.Cohorts = append(site.Cohorts, c)
	}
	if read {
		l.unusedRosters(rosters)
	}
	if len(site.NotIssued) > 0 {
		left := map[string]bool{}
		for _, key := range site.NotIssued {
			left[key] = true
		}
		for _, c := range site.Cohorts {
			c.Awards = slices.DeleteFunc(c.Awards, func(a *model.Award) bool { return left[a.Key.String()] })
		}
	}
	l.endorsements(site)
	l.namelessMembers(site.Cohorts)
	for _, f := range l.contentFiles("content/pages", ".md") {
		site.Pages = append(site.Pages, l.page(f))
	}
	l.translatePages(site.Pages)
	site.Static = l.static()
	return site
}

// topNames are what content/ is made of; other names may stand beside them
// (rosters may have a folder of their own), but not ones that look like a slip.
var topNames = []string{"site.yaml", "achievements", "programs", "awards", "endorsements", "pages", "images", "evidence", "static", "ledger"}

func (l *loader) strayNames() {
	for _, e := range l.entries("content") {
		name := e.Name()
		if slices.Contains(topNames, name) || strings.HasPrefix(name, ".") {
			continue
		}
		hint := didYouMean(name, topNames)
		if name == "site.yml" {
			hint = `did you mean "site.yaml"?`
		}
		if hint != "" {
			l.fault("content/"+name, "is not a name that laurel reads", hint)
		}
	}
}

// unusedRosters reports tables beside the cohorts that none of them names:
// awards that nobody would get.
func (l *loader) unusedRosters(used map[string]bool) {
	for _, e := range l.entries("content/awards") {
		name := "content/awards/" + e.Name()
		if (table.IsText(name) || table.IsWorkbook(name)) && !used[norm.NFC.String(name)] && !strings.HasPrefix(e.Name(), ".") && !isLock(e.Name()) {
			l.fault(name, "no cohort uses this roster", "add roster: "+e.Name()+" to a cohort, or move the file out of content/awards")
		}
	}
}

// share returns one copy of equal texts.
func (l *loader) share(s string) string {
	if s == "" || len(s) > 256 {
		return s
	}
	if t, ok := l.texts[s]; ok {
		return t
	}
	s = strings.Clone(s)
	l.texts[s] = s
	return s
}
