package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"laurel/internal/authoring/model"
	"laurel/internal/publishing/privacy"
)

// awardFile are the files of an award.
var awardFile = regexp.MustCompile(`^awards/[0-9a-f-]{36}/(index\.html|log\.json|badge\.(png|svg)|` + formFiles() + `)$`)

// formFiles matches the files of the forms that are published.
func formFiles() string {
	var names []string
	for _, f := range model.Forms {
		if f.Public {
			names = append(names, regexp.QuoteMeta(f.File))
		}
	}
	return strings.Join(names, "|")
}

// isForm tells a further form of a credential.
func isForm(p string) bool {
	return awardFile.MatchString(p) && slices.ContainsFunc(model.Forms, func(f model.Form) bool { return f.Name != model.MainForm && f.File == path.Base(p) })
}

// keySetFile is what a JWK Set is called.
const keySetFile = "jwks.json"

var endorsementFile = regexp.MustCompile(`^endorsements/[0-9a-f-]{36}\.json$`)

// inLanguage is the folder of the pages in another language than the site's first.
const inLanguage = `[a-z]{2,3}(-[A-Za-z0-9]{2,8})*/`

// places are the paths of a site but for its DID document and the theme's
// assets. The first folder of a page is whatever its author called it.
var places = sync.OnceValue(func() []*regexp.Regexp {
	return []*regexp.Regexp{
		regexp.MustCompile(`^(index\.html|404\.html|catalog(-context)?\.json|ctdl\.json|feed\.xml|sitemap(-[0-9]+)?\.xml|robots\.txt|issuer\.json|(issuer|logo)(-card|-row)?\.(png|jpg|svg)|icon-(180|512)\.png|manifest\.json|preview\.png|(\.well-known/)?jwks\.json|\.nojekyll)$`),
		regexp.MustCompile(`^achievements/[^/]+/(index\.html|achievement\.json|image(-card|-row)?\.(png|jpg|svg)|preview\.png)$`),
		regexp.MustCompile(`^achievements/[^/]+/[a-z0-9][a-z0-9.-]*/(index\.html|achievement\.json)$`), // earlier versions
		regexp.MustCompile(`^programs/[^/]+/(index\.html|image(-card|-row)?\.(png|jpg|svg)|preview\.png)$`),
		regexp.MustCompile(`^skills/[a-z0-9-]+/index\.html$`),
		awardFile,
		endorsementFile,
		regexp.MustCompile(`^endorsers/[a-z0-9-]+/did\.json$`),
		regexp.MustCompile(`^certificates/[0-9a-f]{32}\.(png|svg)$`),
		regexp.MustCompile(`^awards/[0-9a-f-]{36}/evidence/[^/]+$`), // held against its credential
		regexp.MustCompile(`^status/[0-9]+\.(json|jwt\.txt)$`),
		regexp.MustCompile(`^vct/(achievement|record|achievements/[^/]+)\.json$`),
		regexp.MustCompile(`^log/(checkpoint|tile/(entries|[0-9]+)/(x[0-9]{3}/)*[0-9]{3}(\.p/[0-9]+)?)$`),
		regexp.MustCompile(`^c/[^/]+$`), // looked at as sealed awards
		regexp.MustCompile(`^claim/(index\.html|preview\.png|award\.[A-Za-z0-9-]+\.json)$`),
		regexp.MustCompile(`^[a-z0-9-]+/index\.html$`),
		regexp.MustCompile(`^` + inLanguage + `(404\.html|claim/preview\.png|([a-z0-9-]+/){0,2}index\.html)$`),
		regexp.MustCompile(`^(CNAME|\.git|\.gitignore|\.gitkeep)$`), // the host's, which a build leaves alone
	}
})

var assetFile = regexp.MustCompile(`^assets/.+-[0-9a-f]{8}\.[A-Za-z0-9]+$`)

// Written tells whether laurel writes files of this name, now or in an earlier
// version; it knows nothing of content/static.
func Written(p string) bool {
	return isPlace(p) || assetFile.MatchString(p) || p == "did.json" || p == ".well-known/did.json"
}

// tables are the kinds of files in which lists of people, and what is handed to
// them, come. A theme may have any, and hardly ever does.
var tables = regexp.MustCompile(`(?i)\.(csv|tsv|xlsx?|ods|pdf|zip|gz|jsonl|jwt|jwe|eml|html?)$`)

// unplaced reports a file that is nowhere laurel writes one: it came by another
// way, and may be meant for somebody else.
func (a *auditor) unplaced(p string, data []byte) {
	switch {
	case a.delivered(p):
		a.problem(p, "belongs to a delivery to learners, and names them")
	case isAsset(p, data):
		if tables.MatchString(p) {
			a.warning(p, "is an asset of a kind that themes rarely have; check whether it names anybody")
		}
	case p != a.didPath && !isPlace(p) && (a.o.Static == nil || !a.o.Static(p)):
		a.warning(p, "is not a file that laurel build writes")
	}
}

// givesLink does not quote the link: a report is passed on.
const givesLink = "gives a claim link away"

// exposed reports what a site gives away.
func (a *auditor) exposed(p string, data []byte) {
	found := privacy.Find(data)
	if found.ClaimLink {
		a.problem(p, "%s", givesLink)
	}
	if found.BaseProof {
		a.problem(p, "contains a base proof, with which everything in its credential can be shown")
	}
	if found.Credential && !awardFile.MatchString(p) && !endorsementFile.MatchString(p) {
		a.problem(p, "contains a credential, which only the files of a public award may")
	}
}

// delivered tells whether a file is a delivery's record, or lies in a folder
// that has one, or below.
func (a *auditor) delivered(p string) bool {
	if path.Base(p) == model.DeliveryRecord {
		return true
	}
	for dir := path.Dir(p); ; dir = path.Dir(dir) {
		if _, ok := a.files[path.Join(dir, model.DeliveryRecord)]; ok {
			return true
		}
		if dir == "." {
			return false
		}
	}
}

func isPlace(p string) bool {
	return slices.ContainsFunc(places(), func(place *regexp.Regexp) bool { return place.MatchString(p) })
}

// isAsset tells whether a file is named as the assets of a theme are: by what
// it holds, with the first digits of its SHA-256 before the extension.
func isAsset(p string, data []byte) bool {
	sum := sha256.Sum256(data)
	stem := strings.TrimSuffix(p, path.Ext(p))
	return strings.HasPrefix(p, "assets/") && strings.HasSuffix(stem, "-"+hex.EncodeToString(sum[:4]))
}
