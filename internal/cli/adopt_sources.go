package cli

import (
	"archive/zip"
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/adopt"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/standards/tlog"
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
		g.older = append(g.older, plan.PublicKey{Kid: k.Kid, PublicKeyMultibase: k.PublicKeyMultibase, Profile: k.Profile, Created: k.Added, Retired: k.Retired, Revoked: k.Revoked, Reason: k.RevokedReason})
	}
	return nil
}
