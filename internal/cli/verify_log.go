package cli

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"laurel/internal/authoring/model"
	"laurel/internal/standards/did"
	"laurel/internal/standards/fetch"
	"laurel/internal/standards/tlog"
	"laurel/internal/standards/verify"
)

// besideFile is the place in the log that a file beside a credential's tells.
func besideFile(name string) verify.Place {
	return func(context.Context, string, string) ([]byte, error) {
		data, err := readPlace(os.DirFS(filepath.Dir(name)), tlog.PlaceFile)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return data, err
	}
}

// readPlace reads a file that says where a credential is in a log: a byte more
// than it may have, so that the size is seen.
func readPlace(dir fs.FS, name string) ([]byte, error) {
	f, err := dir.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, fs.ErrNotExist
	}
	return io.ReadAll(io.LimitReader(f, verify.MaxLogFile+1))
}

// besideURL is the same of a credential's address, where that is on its issuer's
// site, which has such a file beside every public award: nobody else is asked for
// anything.
func (a *app) besideURL(url string) verify.Place {
	return func(ctx context.Context, site, _ string) ([]byte, error) {
		folder := url[:strings.LastIndexByte(url, '/')+1]
		if !strings.HasPrefix(url, site) || strings.ContainsAny(url, "?#") {
			return nil, nil
		}
		a.detailf("asking %s\n", clean(folder+tlog.PlaceFile))
		r, err := fetch.New(fetch.Options{}).Get(ctx, folder+tlog.PlaceFile)
		var failed *fetch.Error
		if errors.As(err, &failed) && (failed.Status == http.StatusNotFound || failed.Status == http.StatusGone) {
			return nil, verify.ErrNoPlace
		}
		if err != nil {
			return nil, err
		}
		return r.Body, nil
	}
}

// siteCopy is a folder of --documents that is a built site, or a copy of one: its
// DID document says under which address, with a slash at its end, it is published.
type siteCopy struct{ dir, address string }

// siteCopies are those among what --documents names.
func (a *app) siteCopies(documents []string) []siteCopy {
	var list []siteCopy
	for _, arg := range documents {
		dir := a.env.path(arg)
		for _, name := range []string{"did.json", ".well-known/did.json"} {
			data, err := readDocument(filepath.Join(dir, filepath.FromSlash(name)))
			if err != nil {
				continue
			}
			document, err := did.ParseDocument(data)
			if err != nil {
				continue
			}
			url, err := did.WebURL(document.ID)
			if address, ok := strings.CutSuffix(url, name); ok && err == nil {
				list = append(list, siteCopy{dir, address})
			}
		}
	}
	return list
}

// load answers for the addresses of the site's log.
func (c siteCopy) load(_ context.Context, url string) ([]byte, error) {
	name, ok := strings.CutPrefix(url, c.address)
	if !ok || !strings.HasPrefix(name, tlog.Folder) || !fs.ValidPath(name) {
		return nil, verify.ErrUnavailable
	}
	data, err := readWithin(c.dir, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, verify.ErrUnavailable
	}
	return data, err
}

// readWithin reads a file that is below a folder, and not by a link out of it.
func readWithin(dir, name string) ([]byte, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return readPlace(root.FS(), name)
}

// orCopies is a place of an input, or the one that a copy of the issuer's site
// has for a public award.
func orCopies(place verify.Place, copies []siteCopy) verify.Place {
	return func(ctx context.Context, address, id string) ([]byte, error) {
		if place != nil {
			if data, err := place(ctx, address, id); data != nil || err != nil {
				return data, err
			}
		}
		name := model.AwardFolder(id) + tlog.PlaceFile
		for _, c := range copies {
			if c.address != address || !fs.ValidPath(name) {
				continue
			}
			if data, err := readWithin(c.dir, name); err == nil {
				return data, nil
			}
		}
		return nil, nil
	}
}
