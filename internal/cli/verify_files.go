package cli

import (
	"context"
	"io"
	"io/fs"
	"os"
	"strings"

	"laurel/internal/authoring/model"
	"laurel/internal/standards/fetch"
	"laurel/internal/standards/verify"
)

// filesIn are the files that lie beside a credential in a folder or archive: under
// their own names, in a folder evidence, as laurel deliver and build write them, or
// with that before the name, as in the archive that a page makes.
func filesIn(folder fs.FS) verify.FileAtHand {
	return func(_ context.Context, _, name string) []byte {
		for _, path := range []string{"evidence/" + name, name, "evidence-" + name} {
			if data := readEvidence(folder, path); data != nil {
				return data
			}
		}
		return nil
	}
}

// readEvidence reads a file of at most the size that laurel lets evidence have, and a
// byte more, with which it is another; nil: there is none.
func readEvidence(folder fs.FS, name string) []byte {
	if !fs.ValidPath(name) {
		return nil
	}
	if info, err := fs.Stat(folder, name); err != nil || !info.Mode().IsRegular() {
		return nil // before it is opened: a pipe would wait for somebody to write
	}
	f, err := folder.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, model.MaxEvidence+1))
	if err != nil {
		return nil
	}
	return data
}

// filesOf are those that a credential from an address names below its own folder: no
// other host is asked for anything, and nothing beside what the credential stands in.
func (a *app) filesOf(url string) verify.FileAtHand {
	folder := url[:strings.LastIndexByte(url, '/')+1]
	return func(ctx context.Context, id, _ string) []byte {
		if !strings.HasPrefix(id, folder) || strings.ContainsAny(id, "?#") {
			return nil
		}
		a.detailf("asking %s\n", clean(id))
		r, err := fetch.New(fetch.Options{}).Get(ctx, id)
		if err != nil {
			return nil
		}
		return r.Body
	}
}

// orSite are files beside an input, or those of a copy of the site that names them.
func orSite(files verify.FileAtHand, copies []siteCopy) verify.FileAtHand {
	return func(ctx context.Context, id, name string) []byte {
		if files != nil {
			if data := files(ctx, id, name); data != nil {
				return data
			}
		}
		for _, c := range copies {
			if path, ok := strings.CutPrefix(id, c.address); ok {
				if data := c.evidence(path); data != nil {
					return data
				}
			}
		}
		return nil
	}
}

// evidence reads a file of the copy, and not by a link out of it.
func (c siteCopy) evidence(path string) []byte {
	root, err := os.OpenRoot(c.dir)
	if err != nil {
		return nil
	}
	defer root.Close()
	return readEvidence(root.FS(), path)
}
