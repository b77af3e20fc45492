// Package importer turns badges of Open Badges 1.x and 2.x into content: their
// BadgeClasses into achievements, their Assertions into award lists, the issuer's
// details into a proposal.
//
// What it reads is a stranger's: JSON is read strictly, depth, size and number are
// bounded, no name in it becomes a path, and nothing is asked of the network but
// through Options.Fetch. What content would refuse is left out and told, so that what
// it makes loads without problems. It overwrites nothing, and an award that was
// revoked or has expired is not made anew.
package importer

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"laurel/internal/authoring/model"
	"laurel/internal/material/hint"
	"laurel/internal/material/text"
	"laurel/internal/standards/bake"
	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/vc"
)

// Limits of an import.
const (
	MaxFiles   = 100_000
	MaxFile    = 10 << 20  // bytes
	MaxTotal   = 512 << 20 // bytes of all files, and again of all that is fetched
	maxFetches = 5_000
)

// ErrGone is what Options.Fetch returns where the host says that a document is no
// more (HTTP 410), as it does for a badge that was revoked.
var ErrGone = errors.New("the host says that it is gone")

// File is a file that was handed in, or is to be written. Name has slashes; of one to
// be written it is relative to the site folder.
type File struct {
	Name string
	Data []byte
}

// Recipient is somebody whose address may be behind a hash.
type Recipient struct{ Email, Name string }

// Options are what an import depends on beside its files.
type Options struct {
	Site *model.Site // the content there is
	Now  time.Time
	// Fetch gets an https URL; nil: nothing is asked.
	Fetch func(ctx context.Context, url string) ([]byte, error)
	// Issuer is the id of the one whose badges are meant; empty: there is only one.
	Issuer string
	// Recipients are tried on hashed identities.
	Recipients []Recipient
}

// What a Note tells.
const (
	LeftOut = "left out" // a badge, or a badge's definition
	Dropped = "dropped"  // a detail
	Check   = "check"    // something to look at
)

// Note is one line of the report. About is a URL or a file, as it was handed in.
type Note struct {
	Kind  string `json:"kind"`
	About string `json:"about"`
	Text  string `json:"text"`
}

// Import is what was made of the files.
type Import struct {
	Files        []File // sorted by name
	Achievements int    // new ones
	Awards       int    // new ones
	Known        int    // awards that the content has already
	Notes        []Note // in order of what they are about
	// Issuer is YAML to compare site.yaml's issuer with; empty: nothing is known.
	Issuer []byte
}

// document is one object of Open Badges, with where it was found.
type document struct {
	id, kind, file string
	object         map[string]any
	jws            *proof.JWS // the object is its payload
	embedded       bool       // it stood in another one
	picture        []byte     // the PNG that it was baked into; nil: none
}

// The kinds of document.
const (
	assertion   = "Assertion"
	badgeClass  = "BadgeClass"
	issuer      = "Issuer"
	key         = "CryptographicKey"
	revocations = "RevocationList"
)

type importer struct {
	o        Options
	byID     map[string]*document
	byName   map[string]*document         // by the file's name without folder and ending
	all      []*document                  // assertions, in order of arrival
	pictures map[string][]byte            // by the file's name without folder
	fetched  map[string]*document         // by URL; nil: not to be had
	got      int                          // bytes that were fetched
	lists    []*document                  // revocation lists
	plain    map[*yaml.Node]bool          // narratives that are no Markdown any more
	spelled  [][]string                   // the addresses of Options.Recipients, each in all spellings
	there    map[string][]model.Recipient // of the content's awards, by achievement and date
	out      Import
}

// Read makes content of files. What cannot be kept is in Import.Notes; the error is
// for what nothing can be made of: too much, several issuers, and for ctx.
func Read(ctx context.Context, files []File, o Options) (*Import, error) {
	i := &importer{o: o, byID: map[string]*document{}, byName: map[string]*document{}, pictures: map[string][]byte{}, fetched: map[string]*document{}, plain: map[*yaml.Node]bool{}}
	total := 0
	for _, f := range files {
		total += len(f.Data)
	}
	if len(files) > MaxFiles || total > MaxTotal {
		return nil, fmt.Errorf("%d files with %d MB are more than laurel imports at once: %d, %d MB", len(files), total>>20, MaxFiles, MaxTotal>>20)
	}
	for _, f := range slices.SortedFunc(slices.Values(files), func(a, b File) int { return strings.Compare(a.Name, b.Name) }) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		i.add(ctx, f)
	}
	if err := i.make(ctx); err != nil {
		return nil, err
	}
	slices.SortStableFunc(i.out.Notes, func(a, b Note) int { return cmp.Or(strings.Compare(a.About, b.About), strings.Compare(a.Kind, b.Kind)) })
	i.out.Notes = slices.Compact(i.out.Notes)
	slices.SortFunc(i.out.Files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return &i.out, nil
}

func (i *importer) note(kind, about, format string, args ...any) {
	i.out.Notes = append(i.out.Notes, Note{kind, about, fmt.Sprintf(format, args...)})
}

// add reads a file: a document, several, or a picture, which may have one in it.
func (i *importer) add(ctx context.Context, f File) {
	if len(f.Data) > MaxFile {
		i.note(LeftOut, f.Name, "it is larger than %d MB", MaxFile>>20)
		return
	}
	if bake.IsPNG(f.Data) || bake.IsSVG(f.Data) {
		baked, err := bake.UnbakeOlder(f.Data)
		switch {
		case errors.Is(err, bake.ErrNotBaked):
			if _, err := bake.Unbake(f.Data); err == nil {
				i.note(LeftOut, f.Name, "it is a badge of Open Badges 3.0, which needs no import")
				return
			}
			i.pictures[path.Base(f.Name)] = f.Data
		case err != nil:
			i.note(LeftOut, f.Name, "it cannot be read: %v", err)
		default:
			before := len(i.all)
			if i.text(ctx, f.Name, baked); len(i.all) == before+1 && bake.IsPNG(f.Data) {
				i.all[before].picture = f.Data
			}
		}
		return
	}
	if bytes.HasPrefix(f.Data, []byte{0xff, 0xd8, 0xff}) {
		i.pictures[path.Base(f.Name)] = f.Data
		return
	}
	i.text(ctx, f.Name, f.Data)
}

// text reads JSON, a compact JWS, or the URL of a document.
func (i *importer) text(ctx context.Context, name string, data []byte) {
	data = text.TrimBytes(bytes.TrimPrefix(data, []byte("\ufeff")))
	switch {
	case bytes.HasPrefix(data, []byte("eyJ")):
		j, err := proof.ParseJWS(string(data))
		if err != nil {
			i.note(LeftOut, name, "it is no signed badge that can be read: %v", err)
			return
		}
		o, err := jsonld.ParseObject(j.Payload)
		if err != nil {
			i.note(LeftOut, name, "what was signed cannot be read: %v", err)
			return
		}
		i.object(name, o, "", j)
	case bytes.HasPrefix(data, []byte("https://")) && !bytes.ContainsAny(data, " \n"):
		if i.fetch(ctx, string(data)) == nil {
			i.note(LeftOut, name, "it names the badge %s, which is not at hand%s", data, i.online())
		}
	case bytes.HasPrefix(data, []byte("{")), bytes.HasPrefix(data, []byte("[")):
		v, err := jsonld.ParseLimit(data, MaxFile)
		if err != nil {
			i.note(LeftOut, name, "it cannot be read: %v", err)
			return
		}
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		for _, item := range list {
			if o, ok := item.(map[string]any); ok {
				i.object(name, o, "", nil)
			}
		}
	case bytes.HasPrefix(data, []byte("-----BEGIN PUBLIC KEY-----")): // as 1.x has them
		i.known(&document{id: name, kind: key, file: name, object: map[string]any{"publicKeyPem": string(data)}}, strings.TrimSuffix(path.Base(name), path.Ext(name)))
	default:
		i.note(LeftOut, name, "it is neither JSON, a signed badge nor a picture")
	}
}

func (i *importer) online() string {
	if i.o.Fetch == nil {
		return "; --online gets it"
	}
	return ""
}

// object takes a document in, and those that stand in it. url is where it was got.
func (i *importer) object(name string, o map[string]any, url string, j *proof.JWS) *document {
	d := &document{id: cmp.Or(stringOf(o, "id", "@id"), url), kind: kindOf(o), file: cmp.Or(url, name), object: o, jws: j}
	switch d.kind {
	case "":
		i.note(LeftOut, d.file, "it is no assertion, badge class, issuer, key or revocation list of Open Badges 1.x or 2.x")
		return nil
	case "Endorsement":
		i.note(LeftOut, cmp.Or(d.id, d.file), "endorsements are made anew: see content/endorsements")
		return nil
	case revocations:
		i.lists = append(i.lists, d)
	case assertion:
		if d.id == "" {
			d.id = cmp.Or(stringOf(child(o, "verify"), "url"), stringOf(o, "uid"), name)
		}
		i.all = append(i.all, d)
	}
	i.known(d, strings.TrimSuffix(path.Base(name), path.Ext(name)))
	i.inside(d, "badge", badgeClass)
	i.inside(d, "issuer", issuer)
	i.inside(d, "publicKey", key)
	return d
}

// inside takes a document in that stands in another one.
func (i *importer) inside(d *document, member, kind string) {
	o := child(d.object, member)
	if o == nil {
		return
	}
	in := &document{id: cmp.Or(stringOf(o, "id", "@id"), d.file+"#"+member), kind: kind, file: d.file, object: o, embedded: true}
	if len(o) > 1 { // else it says no more than where
		i.known(in, "")
	}
	if kind == badgeClass {
		i.inside(in, "issuer", issuer)
	}
}

// known makes a document findable. One of its own counts more than one that stood in
// another.
func (i *importer) known(d *document, name string) {
	if old := i.byID[d.id]; old == nil || old.embedded && !d.embedded {
		i.byID[d.id] = d
	}
	if name != "" && i.byName[name] == nil {
		i.byName[name] = d
	}
}

// refer finds the document that a member names or holds.
func (i *importer) refer(ctx context.Context, d *document, member, kind string) *document {
	id := stringOf(d.object, member)
	if o := child(d.object, member); o != nil {
		id = cmp.Or(stringOf(o, "id", "@id"), d.file+"#"+member)
	}
	return i.find(ctx, id, kind)
}

func (i *importer) find(ctx context.Context, id, kind string) *document {
	is := func(d *document) bool { return d != nil && d.kind == kind }
	switch d := i.byID[id]; {
	case id == "":
		return nil
	case is(d):
		return d
	}
	// Documents of 1.0 do not say where they are; in a folder their names do.
	last, _, _ := strings.Cut(path.Base(id), "?")
	if d := i.byName[strings.TrimSuffix(last, path.Ext(last))]; is(d) && stringOf(d.object, "id", "@id") == "" {
		return d
	}
	if d := i.fetch(ctx, id); is(d) {
		return d
	}
	return nil
}

// fetch gets a document, once; nil: it is not to be had.
func (i *importer) fetch(ctx context.Context, url string) *document {
	if d, asked := i.fetched[url]; asked {
		return d
	}
	data, asked, err := i.get(ctx, url)
	if !asked {
		return nil
	}
	if err != nil {
		if errors.Is(err, ErrGone) {
			d := &document{id: url, kind: assertion, file: url, object: map[string]any{"revoked": true}}
			i.fetched[url] = d
			return d
		}
		i.note(Check, url, "%v", err)
		return nil
	}
	if o, err := jsonld.ParseObject(data); err == nil {
		i.fetched[url] = i.object(url, o, url, nil)
	} else {
		i.text(ctx, url, data)
		i.fetched[url] = i.byID[url]
	}
	return i.fetched[url]
}

// get asks for a URL, unless nothing may be asked, or there was too much already.
func (i *importer) get(ctx context.Context, url string) (data []byte, asked bool, err error) {
	if i.o.Fetch == nil || len(i.fetched) >= maxFetches || i.got >= MaxTotal || !strings.HasPrefix(url, "https://") {
		return nil, false, nil
	}
	i.fetched[url] = nil
	data, err = i.o.Fetch(ctx, url)
	i.got += len(data)
	return data, true, err
}

// kindOf tells what an object is; empty: none of Open Badges.
func kindOf(o map[string]any) string {
	for _, t := range stringsOf(o["type"], o["@type"]) {
		switch t[strings.LastIndexAny(t, "#:/")+1:] {
		case assertion:
			return assertion
		case badgeClass:
			return badgeClass
		case issuer, "IssuerOrg", "Profile":
			return issuer
		case key:
			return key
		case revocations:
			return revocations
		case "Endorsement":
			return "Endorsement"
		}
	}
	has := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(n string) bool { return o[n] == nil })
	}
	switch {
	case has("recipient", "badge"), o["revoked"] == true:
		return assertion
	case has("name", "criteria", "issuer"):
		return badgeClass
	case has("revokedAssertions"):
		return revocations
	case has("publicKeyPem"):
		return key
	case has("name", "url"):
		return issuer
	}
	return ""
}

// stringOf is the first of some members that is a string.
func stringOf(o map[string]any, names ...string) string {
	for _, n := range names {
		if s, ok := o[n].(string); ok && s != "" {
			return s
		}
	}
	return ""
}

// stringsOf are the strings of values that may be one or a list.
func stringsOf(values ...any) (list []string) {
	for _, v := range values {
		for _, item := range vc.Items(v) {
			if s, ok := item.(string); ok {
				list = append(list, s)
			}
		}
	}
	return list
}

func child(o map[string]any, name string) map[string]any {
	c, _ := o[name].(map[string]any)
	return c
}

// ReadRecipients reads a table of addresses: CSV with a first line that names its
// columns, email and perhaps name, in any order. The error names the line.
func ReadRecipients(data []byte) ([]Recipient, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.FieldsPerRecord = -1
	var list []Recipient
	columns := map[string]int{}
	for line := 1; ; line++ {
		row, err := r.Read()
		switch {
		case errors.Is(err, io.EOF) && line > 1:
			return list, nil
		case err != nil:
			return nil, fmt.Errorf("it is no table in CSV: %v", err)
		case line == 1:
			for n, c := range row {
				columns[strings.ToLower(strings.TrimSpace(c))] = n
			}
			if _, ok := columns["email"]; !ok {
				return nil, hint.Errorf("its first line names the columns: email,name", "it has no column email")
			}
			continue
		}
		at := func(name string) string {
			if n, ok := columns[name]; ok && n < len(row) {
				return strings.TrimSpace(row[n])
			}
			return ""
		}
		if email := at("email"); email != "" {
			list = append(list, Recipient{Email: email, Name: at("name")})
		}
	}
}
