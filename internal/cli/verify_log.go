package cli

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"laurel/internal/standards/did"
	"laurel/internal/standards/fetch"
	"laurel/internal/standards/tlog"
	"laurel/internal/standards/verify"
)

// besideFile is the place in the log that a file beside a credential's tells.
func besideFile(name string) verify.Place {
	return func(context.Context, string) []byte {
		f, err := os.Open(filepath.Join(filepath.Dir(name), verify.LogFile))
		if err != nil {
			return nil
		}
		defer f.Close()
		if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
			return nil
		}
		data, err := io.ReadAll(io.LimitReader(f, verify.MaxLogFile))
		if err != nil {
			return nil
		}
		return data
	}
}

// besideURL is the same of a credential's address, where that is on its issuer's
// site: nobody else is asked for anything.
func (a *app) besideURL(url string) verify.Place {
	return func(ctx context.Context, site string) []byte {
		folder := url[:strings.LastIndexByte(url, '/')+1]
		if !strings.HasPrefix(url, site) || strings.Contains(url, "?") {
			return nil
		}
		a.detailf("asking %s\n", clean(folder+verify.LogFile))
		r, err := fetch.New(fetch.Options{}).Get(ctx, folder+verify.LogFile)
		if err != nil || len(r.Body) > verify.MaxLogFile {
			return nil
		}
		return r.Body
	}
}

// logOf has the log of a built site, or of a copy of one, answer for the
// addresses that its issuer's DID document gives it; nil: there is none.
func logOf(dir string) verify.Loader {
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
		site, ok := strings.CutSuffix(url, name)
		if err != nil || !ok {
			continue
		}
		return func(_ context.Context, url string) ([]byte, error) {
			rest, ok := strings.CutPrefix(url, site+"log/")
			if !ok || path.Clean("/"+rest) != "/"+rest {
				return nil, verify.ErrUnavailable
			}
			return readLogFile(dir, rest)
		}
	}
	return nil
}

func readLogFile(dir, name string) ([]byte, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := root.Open("log/" + name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, verify.ErrUnavailable
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, max(tlog.MaxFile, tlog.MaxCheckpoint)+1))
}
