package cli

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"laurel/internal/standards/fetch"
	"laurel/internal/standards/verify"
)

// maxDocument is the largest file that is read as a credential or document;
// package jsonld refuses larger ones anyway.
const maxDocument = 1 << 20

// loadDocuments reads what --documents names: a folder, which may have a log, a
// file, or URL=FILE.
func (a *app) loadDocuments(args []string) (verify.Loader, error) {
	docs := &verify.Documents{}
	loaders := []verify.Loader{docs.Load}
	for _, arg := range args {
		url, file, ok := strings.Cut(arg, "=")
		if !ok || !strings.Contains(url, ":") {
			url, file = "", arg
		}
		path := a.env.path(file)
		if url == "" {
			info, err := os.Stat(path)
			if err != nil {
				return nil, fmt.Errorf("--documents: %w", cannotRead(arg, err))
			}
			if info.IsDir() {
				if err := addFolder(docs, path); err != nil {
					return nil, fmt.Errorf("read documents of %s: %w", arg, err)
				}
				continue
			}
		}
		data, err := readDocument(path)
		if err != nil {
			return nil, err
		}
		if err := docs.Add(url, data); err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
	}
	for _, c := range a.siteCopies(args) {
		loaders = append(loaders, c.load)
	}
	return verify.Chain(loaders...), nil
}

// addFolder adds every JSON file below a folder that a verifier may ask for, and
// every Status List Token.
// Credentials of learners, of which there may be many, are not among them.
func addFolder(docs *verify.Documents, dir string) error {
	return filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.Type().IsRegular() || !strings.HasSuffix(p, ".json") && !strings.HasSuffix(p, ".jsonld") && !strings.HasSuffix(p, ".jwt.txt") {
			return nil
		}
		if info, err := d.Info(); err != nil || info.Size() > maxDocument {
			return err
		}
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		if verify.Wanted(data) {
			return docs.Add("", data)
		}
		return nil
	})
}

func readDocument(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, cannotRead(path, err)
	}
	defer f.Close()
	return readLimited(f, path)
}

// readLimited reads a byte more than is allowed, so that package jsonld sees
// that it is too much.
func readLimited(r io.Reader, name string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return data, nil
}

// loader asks the cache and then the network, as far as the flags allow.
func (a *app) loader(v verifying) (verify.Loader, error) {
	if v.offline {
		return offlineLoader, nil
	}
	var mu sync.Mutex
	tell := func(format string, args ...any) {
		mu.Lock() // credentials are judged on all cores
		defer mu.Unlock()
		a.detailf("%s", cleanLines(fmt.Sprintf(format, args...)))
	}
	network := networkLoader(tell)
	if v.noCache {
		return network, nil
	}
	now, err := a.now()
	if err != nil {
		return nil, err
	}
	if a.env.CacheDir == "" {
		a.detailf("no cache: there is no folder for it\n")
		return network, nil
	}
	cache := fetch.Disk{Dir: filepath.Join(a.env.CacheDir, "laurel"), Now: now, Tell: tell}
	return cache.Before(network), nil
}

// networkLoader asks the network, and says so.
func networkLoader(tell func(format string, args ...any)) verify.Loader {
	client := fetch.New(fetch.Options{})
	return func(ctx context.Context, url string) ([]byte, error) {
		if strings.HasPrefix(url, "did:") {
			return nil, verify.ErrUnavailable // asked again by its https URL
		}
		tell("asking %s\n", url)
		r, err := client.Get(ctx, url)
		if err != nil {
			return nil, err
		}
		return r.Body, nil
	}
}

// offlineLoader answers for --offline: everything else is not to be had.
func offlineLoader(context.Context, string) ([]byte, error) {
	return nil, fmt.Errorf("%w offline", verify.ErrUnavailable)
}
