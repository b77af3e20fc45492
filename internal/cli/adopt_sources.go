package cli

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/adopt"
	"laurel/internal/issuing/capsule"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/material/hint"
	"laurel/internal/standards/bake"
	"laurel/internal/standards/did"
	"laurel/internal/standards/fetch"
	"laurel/internal/standards/tlog"
	"laurel/internal/standards/verify"
)

// gathering is what the sources of an adoption have.
type gathering struct {
	a        *app
	site     *model.Site
	did      string
	now      time.Time
	believed []named          // DID documents
	older    []plan.PublicKey // of an older ledger: when they were made and retired
	groups   []adopt.Group
	lists    []adopt.Document
	refused  []adopt.Refused
	capsules map[string]func() ([]byte, error) // by name
	links    []link
	logs     []log
	live     func(ctx context.Context, p string) ([]byte, error) // a file of the live site; nil: it is none of the sources
}

// named is a file and what is in it.
type named struct {
	name string
	data []byte
}

// link is a claim link, and whose it is where its table says so.
type link struct {
	model.ClaimLink
	name, email string
}

// log reads the files of a published log.
type log struct {
	name string
	read tlog.Reader
}

// sources goes through all of them, and through the site folder's own public/,
// whether it is named or not: what it has is published as it is.
func (g *gathering) sources(ctx context.Context, args []string) error {
	own := filepath.Join(g.a.dir, "public")
	if isFolder(own) {
		if err := g.fromTree(ctx, os.DirFS(own), "public"); err != nil {
			return err
		}
	}
	for _, arg := range args {
		var err error
		switch {
		case sameFolder(g.a.env.path(arg), own):
		case strings.HasPrefix(arg, "https://"):
			err = g.fromSite(ctx, arg)
		case strings.Contains(arg, "://"):
			err = misuse("use its https address", "%s is not https", clean(arg))
		default:
			err = g.fromPath(ctx, arg)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func sameFolder(x, y string) bool {
	a, err1 := os.Stat(x)
	b, err2 := os.Stat(y)
	return err1 == nil && err2 == nil && os.SameFile(a, b)
}

func (g *gathering) fromPath(ctx context.Context, arg string) error {
	name := g.a.env.path(arg)
	info, err := os.Stat(name)
	if err != nil {
		return fmt.Errorf("read a source: %w", err)
	}
	if _, err := os.Stat(filepath.Join(name, "0001.jsonl")); err == nil {
		return g.fromLedger(name, arg)
	}
	if info.IsDir() {
		return g.fromTree(ctx, os.DirFS(name), arg)
	}
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("read a source: %w", err)
	}
	defer f.Close()
	if archive, err := zip.NewReader(f, info.Size()); err == nil {
		return g.fromTree(ctx, archive, arg)
	}
	data, err := readInput(name)
	if err != nil {
		return fmt.Errorf("read %s: %w", arg, err)
	}
	return g.fromFile(arg, "", data)
}

// fromLedger takes what another ledger has, such as an older one. What it says is
// believed as far as it is signed, and of its decisions.
func (g *gathering) fromLedger(dir, name string) error {
	l, err := ledger.Open(dir, ledger.Options{})
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	defer l.Close()
	for r := range l.State().Records() {
		documents, err := l.Documents(r)
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		group := adopt.Group{Visibility: model.Visibility(r.Visibility), Record: r}
		for _, d := range documents {
			data := []byte(d.Document)
			if text := ""; d.Document.Kind() == '"' && json.Unmarshal(d.Document, &text) == nil {
				data = []byte(text)
			}
			group.Documents = append(group.Documents, adopt.Document{Name: name + ": " + r.Credential, Data: data, Variant: cmp.Or(d.Variant, ledger.Full)})
		}
		if r.Capsules != nil {
			sealed, err := l.Sealed(r)
			if err != nil {
				return fmt.Errorf("read %s: %w", name, err)
			}
			for _, c := range sealed {
				group.Capsules = append(group.Capsules, c.Capsule)
				group.Packed = append(group.Packed, jsontext.Value(`"`+c.Packed+`"`))
			}
		}
		g.groups = append(g.groups, group)
	}
	lists, err := l.ListDocuments()
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	for _, d := range lists {
		g.lists = append(g.lists, adopt.Document{Name: name, Data: d})
	}
	for _, k := range l.State().Keys() {
		g.older = append(g.older, plan.PublicKey{Kid: k.Kid, PublicKeyMultibase: k.PublicKeyMultibase, Created: k.Added, Retired: k.Retired, Revoked: k.Revoked, Reason: k.RevokedReason})
	}
	return nil
}

// fromTree looks at every file of a folder or archive. Links are not followed.
func (g *gathering) fromTree(ctx context.Context, fsys fs.FS, name string) error {
	g.index(fsys, name)
	folders := map[string][]named{} // files with credentials, by the folder of their award
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && p != "." && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".well-known" || d.Name() == "__MACOSX"):
			return fs.SkipDir
		case !d.Type().IsRegular() || strings.HasPrefix(d.Name(), "."):
			return nil
		case strings.HasSuffix(p, ".jwe") || path.Base(p) == "did.json":
			return nil
		}
		data, err := readEntry(fsys, p)
		if err != nil {
			return fmt.Errorf("read %s in %s: %w", p, name, err)
		}
		if format, claims := verify.Recognize(data); claims && format != verify.FormatZIP && !isList(data) {
			folder := path.Dir(p)
			if isVariant(path.Base(folder)) {
				folder = path.Dir(folder)
			}
			folders[folder] = append(folders[folder], named{p, data})
			return ctx.Err()
		}
		if err := g.fromFile(path.Join(name, p), "", data); err != nil {
			return err
		}
		return ctx.Err()
	})
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	order := make([]string, 0, len(folders))
	for folder := range folders {
		order = append(order, folder)
	}
	slices.Sort(order)
	for _, folder := range order {
		g.fromFolder(name, folder, folders[folder])
	}
	return nil
}

// fromFolder takes the credentials of one folder for forms of one award, where it
// is one of a site or a delivery: the full form in it, and others in folders of
// their names. Elsewhere each file stands for itself.
func (g *gathering) fromFolder(source, folder string, files []named) {
	public := path.Base(path.Dir(folder)) == "awards"
	one := adopt.Group{Visibility: map[bool]model.Visibility{true: model.Public}[public]}
	delivered := public || slices.ContainsFunc(files, func(f named) bool { return isVariant(path.Base(path.Dir(f.name))) })
	for _, f := range files {
		name := path.Join(source, f.name)
		variant := ""
		if sub := path.Base(path.Dir(f.name)); path.Dir(f.name) != folder && isVariant(sub) {
			variant = sub
		} else if delivered {
			variant = ledger.Full
		}
		g.linksIn(f.data)
		for _, d := range g.unwrap(name, f.data) {
			d.Variant = variant
			if delivered {
				one.Documents = append(one.Documents, d)
			} else {
				g.groups = append(g.groups, adopt.Group{Documents: []adopt.Document{d}})
			}
		}
	}
	if len(one.Documents) > 0 {
		g.groups = append(g.groups, one)
	}
}

func isVariant(name string) bool {
	return name == string(model.NoName) || name == string(model.AchievementOnly)
}

// fromFile takes what one file has: a status list, credentials, claim links.
func (g *gathering) fromFile(name string, visibility model.Visibility, data []byte) error {
	if isList(data) {
		g.lists = append(g.lists, adopt.Document{Name: name, Data: data})
		return nil
	}
	if format, claims := verify.Recognize(data); claims && format != verify.FormatZIP {
		for _, d := range g.unwrap(name, data) {
			g.groups = append(g.groups, adopt.Group{Documents: []adopt.Document{d}, Visibility: visibility})
		}
	}
	g.linksIn(data)
	return nil
}

// isList tells a status list of whatever issuer by its type.
func isList(data []byte) bool {
	if !bytes.Contains(data, []byte("BitstringStatusListCredential")) {
		return false
	}
	var head struct {
		Type jsontext.Value `json:"type"`
	}
	return json.Unmarshal(data, &head) == nil && bytes.Contains(head.Type, []byte(`"BitstringStatusListCredential"`))
}

// unwrap takes credentials out of what carries them: pictures, certificates,
// presentations. What claims to be one and is not read is refused.
func (g *gathering) unwrap(name string, data []byte) []adopt.Document {
	var inside [][]byte
	switch {
	case bake.IsPNG(data), bake.IsSVG(data):
		if credential, err := bake.Unbake(data); err == nil {
			inside = [][]byte{credential}
		}
	case bytes.HasPrefix(bytes.TrimSpace(data), []byte("<")):
		if credential, err := bake.FromHTML(data); err == nil {
			inside = [][]byte{credential}
		}
	case bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")):
		inside, _ = bake.Attachments(data)
	default:
		inside = presented(data)
	}
	if len(inside) == 0 {
		g.refused = append(g.refused, adopt.Refused{Name: name, Reason: "no credential could be taken out of it"})
	}
	var all []adopt.Document
	for _, d := range inside {
		all = append(all, adopt.Document{Name: name, Data: d, Carried: !bytes.Equal(d, data)})
	}
	return all
}

// presented are the credentials of a presentation, or what is none as it is.
func presented(data []byte) [][]byte {
	var p struct {
		VerifiableCredential []jsontext.Value `json:"verifiableCredential"`
	}
	if !bytes.Contains(data, []byte("VerifiablePresentation")) || json.Unmarshal(data, &p) != nil || len(p.VerifiableCredential) == 0 {
		return [][]byte{data}
	}
	var all [][]byte
	for _, c := range p.VerifiableCredential {
		all = append(all, c)
	}
	return all
}

// linksIn finds claim links in a table or any other text, with the name and address
// that stand beside it in the table that laurel writes.
func (g *gathering) linksIn(data []byte) {
	if !model.HasClaimLink(data) {
		return
	}
	if rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))).ReadAll(); err == nil && len(rows) > 0 && slices.Contains(rows[0], "link") {
		column := func(row []string, name string) string {
			if i := slices.Index(rows[0], name); i >= 0 {
				return strings.TrimPrefix(row[i], "'") // an apostrophe keeps spreadsheets from calculating
			}
			return ""
		}
		for _, row := range rows[1:] {
			if l, err := model.ParseClaimLink(column(row, "link")); err == nil {
				g.links = append(g.links, link{l, column(row, "name"), column(row, "email")})
			}
		}
		return
	}
	for rest := data; ; {
		at := model.FindClaimLink(rest)
		if at < 0 {
			return
		}
		// The dot between name and key may be escaped.
		end := min(len(rest), at+32+3+43)
		if l, err := model.ParseClaimLink(string(rest[at:end])); err == nil {
			g.links = append(g.links, link{ClaimLink: l})
		} else if l, err := model.ParseClaimLink(string(rest[at:min(len(rest), at+32+1+43)])); err == nil {
			g.links = append(g.links, link{ClaimLink: l})
		}
		rest = rest[at+32:]
	}
}

// index finds the sealed awards and the log of a folder or archive.
func (g *gathering) index(fsys fs.FS, name string) {
	_ = fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // told when the files are read
		}
		stem, ok := strings.CutSuffix(path.Base(p), ".jwe")
		switch {
		case d.IsDir() && strings.HasPrefix(d.Name(), ".git"):
			return fs.SkipDir
		case ok && len(stem) == 32 && d.Type().IsRegular():
			g.capsules[stem] = func() ([]byte, error) { return readEntry(fsys, p) }
		case p == tlog.Folder+tlog.CheckpointPath || strings.HasSuffix(p, "/"+tlog.Folder+tlog.CheckpointPath):
			folder := path.Dir(p)
			g.logs = append(g.logs, log{path.Join(name, folder), func(file string) ([]byte, error) { return readEntry(fsys, path.Join(folder, file)) }})
		}
		return nil
	})
}

// readEntry reads no more than is ever looked at.
func readEntry(fsys fs.FS, p string) ([]byte, error) {
	f, err := fsys.Open(p)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxInput+1))
}

// fromSite takes the keys, lists and log of the live site, or an award's credential
// from the address of its page.
func (g *gathering) fromSite(ctx context.Context, address string) error {
	client := fetch.New(fetch.Options{})
	get := func(ctx context.Context, url string) ([]byte, error) {
		g.a.detailf("asking %s\n", clean(url))
		r, err := client.Get(ctx, url)
		var e *fetch.Error
		switch {
		case errors.As(err, &e) && (e.Status == 404 || e.Status == 410):
			return nil, nil
		case err != nil:
			return nil, err
		}
		return r.Body, nil
	}
	page, fragment, _ := strings.Cut(address, "#")
	if !strings.HasPrefix(page+"/", g.site.URL("")) {
		return misuse("name the site that content/site.yaml has as baseURL, or download the files", "%s is not of this site", clean(page))
	}
	if l, err := model.ParseClaimLink("#" + fragment); err == nil {
		g.links = append(g.links, link{ClaimLink: l})
		page = g.site.BaseURL
	}
	g.live = func(ctx context.Context, p string) ([]byte, error) { return get(ctx, g.site.URL(p)) }
	if p := strings.TrimPrefix(page, g.site.URL("")); strings.HasPrefix(p, "awards/") {
		p = strings.TrimSuffix(strings.TrimSuffix(p, "index.html"), "/")
		if !strings.HasSuffix(p, ".json") {
			p += "/credential.json"
		}
		data, err := g.live(ctx, p)
		if err != nil {
			return err
		}
		if data == nil {
			g.refused = append(g.refused, adopt.Refused{Name: address, Reason: "the site has no such credential"})
			return nil
		}
		return g.fromFile(g.site.URL(p), model.Public, data)
	}
	document, err := g.live(ctx, did.WebPath(g.site.BaseURL))
	if err != nil {
		return err
	}
	if document != nil {
		g.believed = append(g.believed, named{g.site.URL(did.WebPath(g.site.BaseURL)), document})
	}
	for n := 1; n <= ledger.MaxList; n++ {
		list, err := g.live(ctx, model.StatusListPath(n))
		if err != nil {
			return err
		}
		if list == nil {
			break
		}
		g.lists = append(g.lists, adopt.Document{Name: g.site.URL(model.StatusListPath(n)), Data: list})
	}
	checkpoint, err := g.live(ctx, tlog.Folder+tlog.CheckpointPath)
	if err != nil {
		return err
	}
	if checkpoint != nil {
		g.logs = append(g.logs, log{g.site.URL("log"), func(file string) ([]byte, error) {
			data, err := g.live(ctx, tlog.Folder+file)
			if err == nil && data == nil {
				err = fs.ErrNotExist
			}
			return data, err
		}})
	}
	return nil
}

// openLinks opens the sealed awards of the claim links, those of a learner's own
// first, since they hold the others.
func (g *gathering) openLinks(ctx context.Context) error {
	opened := map[string]bool{}
	slices.SortStableFunc(g.links, func(x, y link) int { return strings.Compare(y.email, x.email) }) // what a table tells of comes first
	var rest []adopt.Group
	for _, l := range g.links {
		if opened[l.Name] {
			continue
		}
		opened[l.Name] = true
		packed, contents, err := g.open(ctx, l.ClaimLink)
		if err != nil {
			g.refused = append(g.refused, adopt.Refused{Name: "a claim link to " + l.Name, Reason: err.Error(), Ours: !errors.Is(err, fs.ErrNotExist)})
			continue
		}
		group := adopt.Group{Visibility: model.Link, Name: l.name, Email: l.email}
		own := len(contents.Credentials) > 1 || contents.Credentials[0].Variant == ledger.Full
		for _, form := range contents.Credentials {
			for _, d := range form.Documents {
				data := []byte(d.Document)
				if d.Document.Kind() == '"' {
					var text string
					if json.Unmarshal(d.Document, &text) == nil {
						data = []byte(text)
					}
				}
				group.Documents = append(group.Documents, adopt.Document{Name: "the sealed award " + l.Name, Data: data, Variant: form.Variant})
			}
		}
		if own {
			group.Capsules, group.Packed = g.allCapsules(ctx, l, packed, contents)
		}
		if len(group.Capsules) > 1 {
			for _, c := range group.Capsules[1:] {
				opened[c.Name] = true
			}
		}
		if len(contents.Credentials) > 1 {
			g.groups = append(g.groups, group)
		} else {
			rest = append(rest, group)
		}
	}
	g.groups = append(g.groups, rest...)
	return nil
}

// allCapsules are those of a learner's own link; nil where one of them is not there.
func (g *gathering) allCapsules(ctx context.Context, l link, packed string, contents *capsule.Contents) ([]ledger.Capsule, []jsontext.Value) {
	capsules := []ledger.Capsule{{Name: l.ClaimLink.Name, Key: l.Key}}
	all := []jsontext.Value{jsontext.Value(`"` + packed + `"`)}
	if len(contents.Credentials) == 1 {
		return capsules, all
	}
	for _, form := range contents.Credentials {
		share, err := model.ParseClaimLink(form.Share)
		if err != nil {
			return nil, nil
		}
		packed, _, err := g.open(ctx, share)
		if err != nil {
			return nil, nil
		}
		capsules = append(capsules, ledger.Capsule{Name: share.Name, Key: share.Key, Variant: form.Variant})
		all = append(all, jsontext.Value(`"`+packed+`"`))
	}
	return capsules, all
}

// open opens one capsule, from a source or from the live site.
func (g *gathering) open(ctx context.Context, l model.ClaimLink) (string, *capsule.Contents, error) {
	read := g.capsules[l.Name]
	if read == nil {
		read = func() ([]byte, error) {
			if g.live == nil {
				return nil, nil
			}
			return g.live(ctx, model.CapsulePath(l.Name))
		}
	}
	data, err := read()
	switch {
	case err != nil:
		return "", nil, err
	case data == nil:
		return "", nil, fmt.Errorf("its sealed file is in none of the sources: %w", fs.ErrNotExist)
	}
	return capsule.Packed(string(data), l.Key)
}

// entries are those of the longest log that the issuer's keys have signed. They can
// only be the first of a ledger: where it has others, nothing is to be entered.
func (g *gathering) entries(keys []plan.PublicKey, s *ledger.State) ([]byte, error) {
	var public []ed25519.PublicKey
	for _, k := range keys {
		if key, err := did.DecodeMultikey(k.PublicKeyMultibase); err == nil {
			if key, ok := key.(ed25519.PublicKey); ok {
				public = append(public, key)
			}
		}
	}
	var best []byte
	var bad error
	seq, _, _ := s.Head()
	for _, l := range g.logs {
		tree, err := readLog(l.read, tlog.Origin(g.site.BaseURL), public)
		if err != nil {
			bad = fmt.Errorf("read the log of %s: %w; nothing was written", l.name, err)
			continue
		}
		checkpoint, _ := l.read("checkpoint") // it was read before
		if err := s.Against(ledger.Seen{Where: l.name, Checkpoint: string(checkpoint)}); seq > 0 && err != nil {
			return nil, hint.Errorf("so that the log goes on: move content/ledger/ away, to older-ledger for example, then laurel ledger adopt public older-ledger",
				"the log of %s has entries that the ledger has not, and they can only be the first of an empty ledger; nothing was written", l.name)
		}
		if int(tree.Size())*ledger.EntrySize > len(best) {
			best = best[:0]
			for i := range tree.Size() {
				e := tree.Entry(i)
				best = append(best, e[:]...)
			}
		}
	}
	if best == nil && bad != nil && seq == 0 {
		return nil, hint.Errorf("without its entries the log could never go on; if it is damaged for good, move public/log away", "%w", bad)
	}
	return best, nil
}

func readLog(read tlog.Reader, origin string, keys []ed25519.PublicKey) (*tlog.Tree, error) {
	checkpoint, err := read("checkpoint")
	if err != nil {
		return nil, fmt.Errorf("read the log's head: %w", err)
	}
	head, err := tlog.OpenCheckpoint(string(checkpoint), origin, keys)
	if err != nil {
		return nil, err
	}
	return tlog.ReadTree(head, read)
}
