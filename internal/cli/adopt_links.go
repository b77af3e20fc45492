package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/adopt"
	"laurel/internal/issuing/capsule"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/did"
	"laurel/internal/standards/fetch"
	"laurel/internal/standards/tlog"
)

// fromAward takes a public award from its address: one file, or its page, beside
// which there are all its forms.
func (g *gathering) fromAward(ctx context.Context, address, p string) error {
	files := []string{p}
	if path.Ext(p) == "" {
		files = nil
		for _, f := range model.Forms {
			if f.Public {
				files = append(files, p+"/"+f.File)
			}
		}
	}
	for i, file := range files {
		switch data, err := g.live(ctx, file); {
		case err != nil:
			return err
		case data != nil:
			if err := g.fromFile(g.site.URL(file), model.Public, data); err != nil {
				return err
			}
		case i == 0:
			g.refused = append(g.refused, adopt.Refused{Name: address, Reason: "the site has no such credential"})
			return nil
		}
	}
	return nil
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
		return g.fromAward(ctx, address, strings.TrimSuffix(strings.TrimSuffix(p, "index.html"), "/"))
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
