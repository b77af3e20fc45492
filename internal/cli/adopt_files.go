package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/adopt"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/bake"
	"laurel/internal/standards/tlog"
	"laurel/internal/standards/verify"
)

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
		case path.Base(path.Dir(p)) == "status" && strings.HasSuffix(p, ".txt"): // tells what the list beside it does
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
		inside, _, _ = bake.FromHTML(data)
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
