package deliver

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/publishing/certificate"
	"laurel/internal/publishing/render"
	"laurel/internal/publishing/site"
	"laurel/internal/standards/tlog"
)

// Maker fills in the files of awards. Its fields are set once; it may be used
// by several goroutines.
type Maker struct {
	Renderer *render.Renderer
	Fonts    *certificate.Fonts
	Paper    certificate.Paper
	// Documents are the signed forms of a record's credentials.
	Documents func(*ledger.Record) ([]ledger.Document, error)
	// Places are where those are in the log; none: they are not in it.
	Places func(*ledger.Record) ([]ledger.LogPlace, error)
	// Evidence returns the bytes of a file of evidence by its hex SHA-256.
	Evidence func(sha256 string) ([]byte, error)
	// Site is what is published of the awards, and beside them.
	Site *site.Layout
	// Program is the digest of the running program: another one makes every
	// file anew.
	Program [sha256.Size]byte
	// Now is when files are made: certificates say what is past then.
	Now time.Time

	pictures sync.Map // printed -> *certificate.Picture
}

// made is a digest of all that an award's files depend on.
func (m *Maker) made(a *Award) string {
	h := sha256.New()
	fmt.Fprintf(h, "%x\n%x\n%x\n%s\n%s\n", m.Program, m.Renderer.Digest(), m.Fonts.Digest(), m.Paper, m.Site.IssuerProfile())
	fmt.Fprintf(h, "%s\n", a.StateAt(m.Now).Lasting())
	fmt.Fprintf(h, "%x\n%x\n", a.handed(), sha256.Sum256(m.Site.DIDDocument()))
	for _, n := range lists(a.Record) {
		fmt.Fprintf(h, "%d %x\n", n, sha256.Sum256(m.Site.StatusList(n)))
	}
	fmt.Fprintf(h, "%x\n", m.Site.HeldDigest(a.Record))
	fmt.Fprintf(h, "%x\n", m.Site.CertificateDigest(a.Record))
	place, _ := m.Site.Logged(a.Record)
	fmt.Fprintf(h, "%x\n%x\n%+v\n", m.Site.JudgedWithDigest(), place, m.Site.Badge(a.Content.Slug()))
	return hex.EncodeToString(h.Sum(nil))
}

// handed is a digest of what an award is to its learner: the credential, what
// it is worth, and the link. When it changes the learner should hear of it.
func (a *Award) handed() string {
	h := sha256.New()
	fmt.Fprintf(h, "%x\n%s\n%s\n%s\n", a.Record.Pos.Hash, a.Record.Status, a.Content.Visibility, a.Link)
	for _, variant := range slices.Sorted(maps.Keys(a.Shares)) {
		fmt.Fprintf(h, "%s %s\n", variant, a.Shares[variant])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// StateAt is how an award stands at a time, as far as its record says.
func (a *Award) StateAt(now time.Time) site.State {
	return site.StateAt(time.Time{}, a.Record.ValidUntil, string(a.Record.Status), now)
}

// lists are the numbers of the status lists that a record's credentials name.
func lists(rec *ledger.Record) []int {
	all := []int{rec.List}
	for _, v := range rec.Variants {
		all = append(all, v.List)
	}
	return all
}

// form is one credential of an award, in all its signed forms.
type form struct {
	variant string // "full", …
	list    int
	main    []byte // with an embedded proof, as it was signed
	others  []ledger.Document
}

// forms are the full credential and its variants.
func (m *Maker) forms(rec *ledger.Record) ([]form, error) {
	documents, err := m.Documents(rec)
	if err != nil {
		return nil, fmt.Errorf("read credential %s: %w", rec.Credential, err)
	}
	all := []form{{variant: ledger.Full, list: rec.List}}
	for _, v := range rec.Variants {
		all = append(all, form{variant: v.Name, list: v.List})
	}
	for i := range all {
		for _, d := range documents {
			switch name := d.Variant; {
			case name != all[i].variant && (name != "" || all[i].variant != ledger.Full):
			case all[i].main == nil:
				all[i].main = d.Document
			default:
				all[i].others = append(all[i].others, d)
			}
		}
		if all[i].main == nil {
			return nil, fmt.Errorf("the ledger has no document of %s, form %s", rec.Credential, all[i].variant)
		}
	}
	return all, nil
}

// files makes all files of an award, named below its folder. With a
// *certificate.GlyphError, all are made but the certificates on paper that the
// fonts cannot write.
func (m *Maker) files(a *Award) ([]file, error) {
	forms, err := m.forms(a.Record)
	if err != nil {
		return nil, err
	}
	places, err := m.Places(a.Record)
	if err != nil {
		return nil, fmt.Errorf("find credential %s in the log: %w", a.Record.Credential, err)
	}
	var all []file
	var glyph *certificate.GlyphError
	for _, f := range forms {
		made, err := m.formFiles(a, f)
		if err != nil && !errors.As(err, &glyph) {
			return nil, err
		}
		place, err := m.Site.LogFile(f.variant, places)
		if err != nil {
			return nil, err
		}
		if place != nil {
			made = append(made, file{tlog.PlaceFile, place})
		}
		for _, file := range made {
			if f.variant != ledger.Full {
				file.name = f.variant + "/" + file.name
			}
			all = append(all, file)
		}
	}
	for _, e := range a.Record.Evidence {
		data, err := m.Evidence(e.SHA256)
		if err != nil {
			return nil, fmt.Errorf("read %s, evidence of %s: %w", e.Name, a.Record.Award, err)
		}
		all = append(all, file{evidenceFolder + e.Name, data})
	}
	if glyph != nil {
		return all, glyph
	}
	return all, nil
}

// evidenceFolder is where an award's folder has the files of its evidence.
const evidenceFolder = "evidence/"

// share is the link that a form of the award shows to others.
func (a *Award) share(variant string) string {
	if variant == ledger.Full && a.Content.Visibility == model.Public {
		return "" // its page is for everybody
	}
	return a.Shares[variant]
}

// formFiles makes the files of one form of an award, as files does.
func (m *Maker) formFiles(a *Award, f form) ([]file, error) {
	page, err := m.page(a, f)
	if err != nil {
		return nil, err
	}
	badge := m.Site.Badge(a.Content.Slug())
	files := []file{{"credential.json", f.main}}
	for _, d := range f.others {
		data, err := ledger.Bytes(d.Document)
		if err != nil {
			return nil, fmt.Errorf("read credential %s as %s: %w", a.Record.Credential, d.Format, err)
		}
		name := "credential-" + d.Format + ".json" // of a form that laurel does not sign, and has adopted
		if form, ok := model.FormOf(d.Format); ok {
			name = form.File
		}
		files = append(files, file{name, data})
	}
	for _, svg := range []bool{false, true} {
		data, err := m.Renderer.Badges.Picture(badge, svg, f.main)
		if err != nil {
			return nil, err
		}
		files = append(files, file{map[bool]string{false: "badge.png", true: "badge.svg"}[svg], data})
	}
	html, err := m.html(page, badge, f)
	if err != nil {
		return nil, err
	}
	files = append(files, file{"certificate.html", html})
	paper, err := m.paper(a, page, badge, f.main)
	if err != nil {
		return nil, err
	}
	pdf, err := m.Fonts.PDF(paper, m.Paper)
	if err != nil {
		return files, err
	}
	return append(files, file{"certificate.pdf", pdf}), nil
}

// paper is what the certificate on paper of a form of an award shows.
func (m *Maker) paper(a *Award, page *site.AwardPage, badge site.Badge, credential []byte) (certificate.Content, error) {
	picture, err := m.picture(badge, certificate.AchievementSide)
	if err != nil {
		return certificate.Content{}, err
	}
	issuer, err := m.picture(m.Site.IssuerBadge(), certificate.IssuerSide)
	if err != nil {
		return certificate.Content{}, err
	}
	pictures := map[string]*certificate.Picture{}
	for _, p := range page.Certificate.Pictured() {
		if pictures[p.Href], err = m.picture(p.Badge, certificate.SmallSide); err != nil {
			return certificate.Content{}, err
		}
	}
	if of := page.Certificate.Background; of.Href != "" {
		if pictures[of.Href], err = m.picture(of.Badge, certificate.BackgroundSide); err != nil {
			return certificate.Content{}, err
		}
	}
	return certificate.Content{
		Award: page, Words: m.Renderer.Words(page.Language), Look: m.Renderer.Palette.Print, Picture: picture, IssuerPicture: issuer,
		Pictures: pictures, Credential: credential, Place: a.Content.Source.String(),
	}, nil
}

// printed is a picture of some size.
type printed struct {
	badge site.Badge
	side  int
}

// picture is a badge's for paper, made once.
func (m *Maker) picture(badge site.Badge, side int) (*certificate.Picture, error) {
	if p, ok := m.pictures.Load(printed{badge, side}); ok {
		return p.(*certificate.Picture), nil
	}
	data, err := m.Renderer.Badges.Picture(badge, false, nil)
	if err != nil {
		return nil, err
	}
	p, err := certificate.NewPicture(data, side)
	if err != nil {
		return nil, err
	}
	kept, _ := m.pictures.LoadOrStore(printed{badge, side}, p)
	return kept.(*certificate.Picture), nil
}

// html is the certificate that is a file.
func (m *Maker) html(page *site.AwardPage, badge site.Badge, f form) ([]byte, error) {
	list := m.Site.StatusList(f.list)
	var head struct {
		ValidFrom time.Time `json:"validFrom"` // when it was signed
	}
	if err := json.Unmarshal(list, &head); err != nil {
		return nil, fmt.Errorf("read status list %d: %w", f.list, err)
	}
	picture, err := m.Renderer.Badges.Picture(badge, true, nil)
	if err != nil {
		return nil, err
	}
	issuer, err := m.Renderer.Badges.Picture(m.Site.IssuerBadge(), true, nil)
	if err != nil {
		return nil, err
	}
	judgedWith, err := m.Site.JudgedWith(f.main)
	if err != nil {
		return nil, err
	}
	documents, err := json.Marshal(append([]string{}, judgedWith...))
	if err != nil {
		return nil, fmt.Errorf("encode documents: %w", err)
	}
	pictures := map[string][]byte{}
	for _, p := range page.Certificate.Pictured() {
		if pictures[p.Href], err = m.Renderer.Badges.Picture(p.Badge, true, nil); err != nil {
			return nil, err
		}
	}
	return m.Renderer.File(render.FilePage{
		AwardPage: *page, Pictures: pictures, Credential: string(f.main), DIDDocument: string(m.Site.DIDDocument()), StatusListDocument: string(list), Documents: string(documents),
		AsOf: head.ValidFrom, Picture: picture, IssuerPicture: issuer,
	})
}

// explained are the files that a learner is told about, by their words.
var explained = []struct{ word, name string }{
	{"pdf", "certificate.pdf"}, {"html", "certificate.html"}, {"png", "badge.png"}, {"svg", "badge.svg"},
	{"json", "credential.json"}, {"log", tlog.PlaceFile},
}

// readme is the text beside a learner's awards, in the language of the first.
// kinds are the names of files among them. Its date is that of the newest award,
// so that it stays the same while they do.
func (m *Maker) readme(l *Learner, awards []*Award, kinds map[string]bool, language string) ([]byte, error) {
	words := m.Renderer.Words(language)
	var b strings.Builder
	var failed error
	say := func(key string, pairs ...any) {
		text, err := words.Text("deliver.readme."+key, pairs...)
		if err != nil && failed == nil {
			failed = err
		}
		io.WriteString(&b, text+"\n")
	}
	say("title")
	var newest time.Time
	for _, a := range awards {
		if a.Record.IssuedAt.After(newest) {
			newest = a.Record.IssuedAt
		}
	}
	from := []any{"issuer", oneLine(m.Site.IssuerName()), "date", words.Date(newest)}
	if name := oneLine(l.Awards[0].Content.Recipient.Name); name != "" {
		say("for", append(from, "name", name)...)
	} else {
		say("from", from...)
	}
	b.WriteString("\n")
	for _, a := range awards {
		fmt.Fprintf(&b, "- %s: %s/\n", oneLine(a.Content.Title()), strings.TrimPrefix(a.Folder, l.Folder+"/"))
		if a.Link != "" {
			fmt.Fprintf(&b, "  %s\n", a.Link)
		}
	}
	b.WriteString("\n")
	if kinds["certificate.pdf"] {
		say("start.pdf")
	} else {
		say("start.html")
	}
	b.WriteString("\n")
	for _, e := range explained {
		if kinds[e.name] {
			say(e.word)
		}
	}
	for _, f := range model.Forms {
		switch {
		case f.Name == model.MainForm || !kinds[f.File]:
		case f.Public:
			say("form", "file", f.File, "form", f.Name)
		default:
			say("alone", "file", f.File)
		}
	}
	if slices.ContainsFunc(awards, func(a *Award) bool { return len(a.Record.Evidence) > 0 }) {
		say("evidence")
	}
	if slices.ContainsFunc(awards, func(a *Award) bool { return len(a.Record.Variants) > 0 }) {
		b.WriteString("\n")
		say("variants")
	}
	b.WriteString("\n")
	if slices.ContainsFunc(awards, func(a *Award) bool { return a.Content.Visibility == model.Link && a.Link != "" }) {
		say("link")
		b.WriteString("\n")
	}
	say("verify")
	say("page", "url", m.Site.VerifyURL())
	b.WriteString("\n")
	say("private")
	return []byte(b.String()), failed
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
