// Package audit looks at a built site as a stranger would: it has nothing but
// the files, and asks of each what a verifier, a browser or a host will ask.
// It uses no network: DID documents and status lists come from the site.
package audit

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/material/pool"
	"laurel/internal/standards/bake"
	"laurel/internal/standards/did"
	"laurel/internal/standards/tlog"
	"laurel/internal/standards/vc"
	"laurel/internal/standards/verify"
)

// Limits of GitHub Pages, the strictest of the usual free hosts.
const (
	maxFile = 100 << 20
	maxSite = 1 << 30
)

// State is what became of a credential.
type State string

// The states. Revoked and suspended credentials are as they should be: their
// site tells the truth about them.
const (
	Valid     State = "valid"
	Revoked   State = "revoked"
	Suspended State = "suspended"
	Expired   State = "expired"
	Bad       State = "bad"
)

// Credential is the finding about one credential of the site.
type Credential struct {
	File   string `json:"file"`
	ID     string `json:"id"`
	State  State  `json:"state"`
	Detail string `json:"detail,omitzero"` // the failed check; empty when valid
}

// Problem is something wrong with the site.
type Problem struct {
	File string `json:"file"`
	Text string `json:"text"`
}

// Report is what was found, sorted by file.
type Report struct {
	Issuer      string       `json:"issuer"`
	Files       int          `json:"files"`
	Links       int          `json:"links"`
	Lists       []Credential `json:"lists"`
	Credentials []Credential `json:"credentials"`
	Forms       []Credential `json:"forms"`    // further forms of credentials
	Capsules    int          `json:"capsules"` // files of sealed awards
	// RobotsUnread tells that robots.txt has no effect: the site lies below a path of
	// its host, and crawlers read the one at the host's root.
	RobotsUnread bool      `json:"robotsUnread"`
	Problems     []Problem `json:"problems"`
	Warnings     []Problem `json:"warnings"` // what may be meant, and may be a mistake
}

// Count is the number of credentials in a state.
func (r *Report) Count(s State) int {
	n := 0
	for _, c := range r.Credentials {
		if c.State == s {
			n++
		}
	}
	return n
}

// Options are what an audit needs.
type Options struct {
	// NewVerifier makes a verifier that asks only this loader.
	NewVerifier func(verify.Loader) (*verify.Verifier, error)
	Workers     int // 0: one a processor
	// Static tells which files the issuer added to what laurel writes; nil: none.
	Static func(path string) bool
	// Progress is called with the files looked at so far; may be nil.
	Progress func(done, total int)
}

// Run audits the site in public.
func Run(ctx context.Context, public fs.FS, o Options) (*Report, error) {
	return runAudit(ctx, public, o, nil)
}

// runAudit audits a site of which more files are there than those in public: isThere
// tells which. Nil: public is the whole site, and may be too large for its host.
func runAudit(ctx context.Context, public fs.FS, o Options, isThere func(p string) bool) (*Report, error) {
	a := &auditor{public: public, o: o, isThere: isThere, files: map[string]int64{}, docs: &verify.Documents{}, report: &Report{
		Lists: []Credential{}, Credentials: []Credential{}, Forms: []Credential{}, Problems: []Problem{}, Warnings: []Problem{}}}
	verifier := func() (err error) { a.verifier, err = o.NewVerifier(a.docs.Load); return err }
	each := func() error { return a.each(ctx) }
	for _, step := range []func() error{a.list, a.issuer, a.addLists, a.addEndorsers, a.claimPage, verifier, each} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	a.sort()
	return a.report, nil
}

type auditor struct {
	public   fs.FS
	o        Options
	isThere  func(p string) bool // see runAudit
	files    map[string]int64    // path -> size
	docs     *verify.Documents
	verifier *verify.Verifier
	foreign  bool       // there are endorsements that others signed
	base     string     // the site's URL, with a slash at the end
	didPath  string     // of the issuer's DID document
	keys     []byte     // the JWK Set that belongs beside it; nil: none
	tree     *tlog.Tree // of the log; nil: there is none, or it is not as it must be

	mu     sync.Mutex
	report *Report
}

// note writes into the report: files are looked at on all cores.
func (a *auditor) note(write func(r *Report)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	write(a.report)
}

func (a *auditor) problem(file, format string, args ...any) {
	a.note(func(r *Report) { r.Problems = append(r.Problems, Problem{file, fmt.Sprintf(format, args...)}) })
}

func (a *auditor) warning(file, text string) {
	a.note(func(r *Report) { r.Warnings = append(r.Warnings, Problem{file, text}) })
}

func (a *auditor) list() error {
	err := fs.WalkDir(a.public, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			a.problem(p, "is not a plain file; hosts drop it or refuse the site")
			return nil
		}
		a.files[p] = info.Size()
		return nil
	})
	if err != nil {
		return fmt.Errorf("look through the site: %w", err)
	}
	if len(a.files) == 0 {
		return errors.New("the folder has no files; build the site first")
	}
	a.report.Files = len(a.files)
	if a.isThere == nil {
		for _, p := range known[0].tooMuch(a.files) {
			a.problem(p.File, "%s", p.Text)
		}
	}
	return nil
}

// issuer reads the DID document and checks that it can be found where the DID
// says.
func (a *auditor) issuer() error {
	name := ".well-known/did.json"
	if _, ok := a.files[name]; !ok {
		name = "did.json"
	}
	data, err := fs.ReadFile(a.public, name)
	if err != nil {
		return fmt.Errorf("read the issuer's DID document: %w", err)
	}
	document, err := did.ParseDocument(data)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	url, err := did.WebURL(document.ID)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	base, ok := strings.CutSuffix(url, name)
	if !ok {
		return fmt.Errorf("read %s: %s is looked up at %s, which is not where this file is", name, document.ID, url)
	}
	a.base, a.didPath = base, name
	_, robots := a.files["robots.txt"]
	a.report.RobotsUnread = robots && a.basePath() != "/"
	a.report.Issuer = document.ID
	a.checkKeys(name, document)
	if a.keys, err = document.KeySet(); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	if _, ok := a.files[keySetFile]; !ok && a.keys != nil {
		a.problem(name, "has keys for JWTs, and there is no %s", keySetFile)
	}
	if err := a.log(document); err != nil {
		return err
	}
	return a.docs.Add(document.ID, data)
}

// checkKeys finds keys of a DID document that verifiers would not take.
func (a *auditor) checkKeys(name string, document *did.Document) {
	if len(document.VerificationMethod) == 0 {
		a.problem(name, "has no key")
	}
	for _, m := range document.VerificationMethod {
		if _, err := m.PublicKey(); err != nil {
			a.problem(name, "key %s: %v", m.ID, err)
		}
		if m.Controller != document.ID {
			a.problem(name, "key %s has a different controller", m.ID)
		}
		if m.Revoked == "" && !document.Asserts(m.ID) {
			a.problem(name, "key %s is not in assertionMethod, so verifiers refuse what it signed", m.ID)
		}
	}
}

// addLists makes the status lists known to the verifier under their URLs, those of
// SD-JWTs, which are tokens, too.
func (a *auditor) addLists() error {
	for p := range a.files {
		if !is(p, listPattern) && !is(p, tokenPattern) {
			continue
		}
		data, err := fs.ReadFile(a.public, p)
		if err != nil {
			return fmt.Errorf("read %s: %w", p, err)
		}
		if err := a.docs.Add(a.base+p, data); err != nil {
			a.problem(p, "%v", err)
		}
	}
	return nil
}

// is tells whether a path is of a pattern of path.Match.
func is(p, pattern string) bool {
	ok, _ := path.Match(pattern, p)
	return ok
}

const (
	listPattern  = "status/*.json"
	tokenPattern = "status/*.jwt.txt"
)

// each looks at every file, on all cores.
func (a *auditor) each(ctx context.Context) error {
	paths := slices.Sorted(maps.Keys(a.files))
	return pool.Each(ctx, len(paths), a.o.Workers, func(i int) error { return a.file(ctx, paths[i]) }, func(i int) {
		if a.o.Progress != nil {
			a.o.Progress(i+1, len(paths))
		}
	})
}

func (a *auditor) file(ctx context.Context, p string) error {
	if a.files[p] > maxFile {
		return nil
	}
	data, err := fs.ReadFile(a.public, p)
	if err != nil {
		return fmt.Errorf("read %s: %w", p, err)
	}
	if check := a.checkFor(p); check != nil {
		check(ctx, p, data)
	}
	a.exposed(p, data)
	a.unplaced(p, data)
	return nil
}

func (a *auditor) checkFor(p string) func(context.Context, string, []byte) {
	switch {
	case isCapsule(p):
		return a.capsule
	case is(p, listPattern):
		return a.statusList
	case is(p, tokenPattern):
		return a.statusToken
	case is(p, "awards/*/credential.json"):
		return a.credential
	case isForm(p):
		return a.form
	case path.Base(p) == keySetFile:
		return a.keySet
	case is(p, endorsementPattern):
		return a.endorsement
	case is(p, "achievements/*/achievement.json"):
		return a.achievement
	case strings.HasSuffix(p, ".html"):
		return a.page
	case is(p, "sitemap*.xml"):
		return a.sitemap
	case p == "feed.xml":
		return a.feed
	case p == "catalog.json" || p == "ctdl.json":
		return a.linked
	case strings.HasSuffix(p, ".json"):
		return a.jsonFile
	}
	return nil
}

// judge verifies a document. It is revoked, suspended or expired only when
// nothing else is wrong with it.
func (a *auditor) judge(ctx context.Context, p string, data []byte) Credential {
	return a.found(p, a.verifier.Credential(ctx, data))
}

func (a *auditor) found(p string, r *verify.Report) Credential {
	c := Credential{File: p, ID: r.Summary.ID, State: Valid}
	if r.Verdict == verify.Valid {
		return c
	}
	for _, check := range r.Checks {
		if check.Outcome != verify.Fail && check.Outcome != verify.Unknown {
			continue
		}
		if check.Name == verify.Endorsements && check.Outcome == verify.Unknown && a.foreign {
			return c // the last check: what others say is judged where their keys are
		}
		state := stateOf(check.Code)
		if c.State == Valid || state == Bad {
			c.State, c.Detail = state, check.Name+": "+check.String()
		}
		if state == Bad {
			return c
		}
	}
	if c.State == Valid {
		c.State, c.Detail = Bad, "the verdict is "+string(r.Verdict)
	}
	return c
}

// stateOf is the state that a failed check's reason code stands for.
func stateOf(code string) State {
	switch code {
	case "revoked", "key-revoked":
		return Revoked
	case "suspended":
		return Suspended
	case "expired":
		return Expired
	}
	return Bad
}

func (a *auditor) statusList(ctx context.Context, p string, data []byte) {
	c := a.judge(ctx, p, data)
	if c.State == Valid && c.ID != a.base+p {
		c.State, c.Detail = Bad, "its id is not the URL it is published under"
	}
	a.note(func(r *Report) { r.Lists = append(r.Lists, c) })
	if c.State != Valid {
		a.problem(p, "%s", c.Detail)
	}
}

// statusToken holds a Status List Token against the list beside it, which says the same
// in the other form.
func (a *auditor) statusToken(ctx context.Context, p string, _ []byte) {
	statuses, row := a.verifier.StatusToken(ctx, a.base+p, a.report.Issuer)
	if row.Outcome != verify.Pass {
		a.problem(p, "%s", row)
		return
	}
	data, err := fs.ReadFile(a.public, strings.TrimSuffix(p, ".jwt.txt")+".json")
	if err != nil {
		a.problem(p, "there is no list beside it that says the same")
		return
	}
	var list *vc.StatusListCredential
	var bits *vc.Bitstring
	if list, err = vc.ParseStatusList(data); err == nil {
		bits, err = vc.DecodeBitstring(list.CredentialSubject.EncodedList, 0)
	}
	if err != nil {
		return // said of the list
	}
	same := statuses.Len() == bits.Len()
	for i := 0; same && i < bits.Len(); i++ {
		set, _ := bits.Get(i)
		status, _ := statuses.Get(i)
		same = set == (status != vc.TokenValid)
	}
	if !same {
		a.problem(p, "does not say the same as the list beside it")
	}
}

func (a *auditor) credential(ctx context.Context, p string, data []byte) {
	a.ofFolder(ctx, p, data, func(r *Report) *[]Credential { return &r.Credentials })
	a.named(p, data)
	a.logged(ctx, p, data)
	a.baked(path.Dir(p)+"/badge.png", data, bake.UnbakePNG)
	a.baked(path.Dir(p)+"/badge.svg", data, bake.UnbakeSVG)
	a.evidence(path.Dir(p), data)
}

// evidence holds the files in an award's folder evidence against the digests in its
// credential: each is one that was signed, and each that was signed is there.
func (a *auditor) evidence(folder string, credential []byte) {
	var c struct {
		RelatedResource []vc.RelatedResource `json:"relatedResource"`
	}
	if json.Unmarshal(credential, &c) != nil {
		return // the verdict says so
	}
	signed := map[string]string{}
	for _, r := range c.RelatedResource {
		if name := model.EvidenceName(r.ID, r.MediaType); name != "" {
			signed[name] = r.DigestSRI
		}
	}
	there, _ := fs.ReadDir(a.public, folder+"/evidence")
	for _, e := range there {
		p := folder + "/evidence/" + e.Name()
		data, err := fs.ReadFile(a.public, p)
		sum := sha256.Sum256(data)
		switch want := signed[e.Name()]; {
		case want == "":
			a.problem(p, "is not evidence that the credential beside it has a digest of")
		case err != nil || want != "sha256-"+base64.StdEncoding.EncodeToString(sum[:]):
			a.problem(p, "is not the file that was signed with the credential beside it")
		}
		delete(signed, e.Name())
	}
	for _, name := range slices.Sorted(maps.Keys(signed)) {
		a.problem(folder+"/evidence/"+name, "is missing: the credential beside it has its digest")
	}
}

// ofFolder judges a file of an award's folder, which must have the award's id, and
// adds what came of it to a list of the report.
func (a *auditor) ofFolder(ctx context.Context, p string, data []byte, list func(*Report) *[]Credential) {
	c := a.judge(ctx, p, data)
	if folder := path.Base(path.Dir(p)); c.ID != "urn:uuid:"+folder {
		c.State, c.Detail = Bad, "its id is not that of its folder"
	}
	a.note(func(r *Report) { *list(r) = append(*list(r), c) })
	if c.State == Bad {
		a.problem(p, "%s", c.Detail)
	}
}

// form judges a further form of a credential: it is worth what its main form is.
func (a *auditor) form(ctx context.Context, p string, data []byte) {
	a.ofFolder(ctx, p, data, func(r *Report) *[]Credential { return &r.Forms })
	if _, ok := a.files[path.Dir(p)+"/credential.json"]; !ok {
		a.problem(p, "is a further form of a credential that is not beside it")
	}
	a.logged(ctx, p, data)
}

// keySet checks that a JWK Set has the keys of the DID document that JOSE forms name.
func (a *auditor) keySet(_ context.Context, p string, data []byte) {
	if !bytes.Equal(data, a.keys) {
		a.problem(p, "is not the set of the keys in %s", a.didPath)
	}
}

// named checks that what a credential names of this site is there.
func (a *auditor) named(p string, data []byte) {
	type thing struct {
		ID    string `json:"id"`
		Image struct {
			ID string `json:"id"`
		} `json:"image"`
	}
	var c struct {
		Image             thing `json:"image"`
		Issuer            thing `json:"issuer"`
		CredentialSubject struct {
			// One, or of a learner record a list.
			Achievement jsontext.Value `json:"achievement"`
		} `json:"credentialSubject"`
	}
	err := json.Unmarshal(data, &c)
	if err != nil {
		return // the verdict says so
	}
	var about []thing
	switch c.CredentialSubject.Achievement.Kind() {
	case '[':
		err = json.Unmarshal(c.CredentialSubject.Achievement, &about)
	case '{':
		about = make([]thing, 1)
		err = json.Unmarshal(c.CredentialSubject.Achievement, &about[0])
	}
	if err != nil {
		return
	}
	urls := []string{c.Image.ID, c.Issuer.Image.ID}
	for _, achievement := range about {
		urls = append(urls, achievement.ID, achievement.Image.ID)
	}
	for _, url := range urls {
		if strings.HasPrefix(url, a.base) {
			a.link(p, url, false)
		}
	}
}

// baked checks that a picture holds the credential beside it.
func (a *auditor) baked(p string, credential []byte, unbake func([]byte) ([]byte, error)) {
	if _, ok := a.files[p]; !ok {
		return
	}
	held, err := fs.ReadFile(a.public, p)
	if err == nil {
		held, err = unbake(held)
	}
	switch {
	case err != nil:
		a.problem(p, "%v", err)
	case !sameJSON(held, credential):
		a.problem(p, "contains a different credential from the one beside it")
	}
}

func sameJSON(x, y []byte) bool {
	var a, b any
	if json.Unmarshal(x, &a) != nil || json.Unmarshal(y, &b) != nil {
		return false
	}
	p, err1 := json.Marshal(a, json.Deterministic(true))
	q, err2 := json.Marshal(b, json.Deterministic(true))
	return err1 == nil && err2 == nil && bytes.Equal(p, q)
}

func (a *auditor) achievement(_ context.Context, p string, data []byte) {
	var head struct {
		ID string `json:"id"`
	}
	switch err := json.Unmarshal(data, &head); {
	case err != nil:
		a.problem(p, "is not JSON: %v", err)
	case head.ID != a.base+p:
		a.problem(p, "its id is not the URL it is published under")
	}
}

func (a *auditor) jsonFile(_ context.Context, p string, data []byte) {
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		a.problem(p, "is not JSON: %v", err)
	}
}

func (a *auditor) sort() {
	r := a.report
	r.Problems, r.Warnings = sorted(r.Problems), sorted(r.Warnings)
	sort.Slice(r.Credentials, func(i, j int) bool { return r.Credentials[i].File < r.Credentials[j].File })
	sort.Slice(r.Forms, func(i, j int) bool { return r.Forms[i].File < r.Forms[j].File })
	sort.Slice(r.Lists, func(i, j int) bool { return r.Lists[i].File < r.Lists[j].File })
}

// sorted sorts by file, and says nothing twice.
func sorted(problems []Problem) []Problem {
	slices.SortFunc(problems, func(x, y Problem) int {
		return cmp.Or(strings.Compare(x.File, y.File), strings.Compare(x.Text, y.Text))
	})
	return slices.Compact(problems)
}
