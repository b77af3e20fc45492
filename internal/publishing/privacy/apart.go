package privacy

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"

	"laurel/internal/authoring/model"
)

// FoldersApart refuses a site folder of which a private part lies inside a
// published tree: its own public/, by a link in either, or that of another
// site. Links are followed and folders compared as the file system knows them,
// so that no other spelling of a path gets by.
func FoldersApart(site string) error {
	dir, err := filepath.Abs(site)
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil // what reads the content says so
	case err != nil:
		return fmt.Errorf("find the site folder: %w", err)
	}
	if tree := partOfOther(dir, dir, "public"); tree != "" {
		return exposed("the site folder", "lies inside "+tree+", which another site publishes", moveKeys)
	}
	public, err := os.Stat(filepath.Join(dir, "public"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("inspect public: %w", err)
	case inside(dir, public):
		return exposed("the site folder", "lies inside what public/ leads to, and would be published", moveKeys)
	}
	for _, part := range folders {
		if !part.apart {
			continue
		}
		real, err := filepath.EvalSymlinks(filepath.Join(dir, filepath.FromSlash(part.name)))
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return fmt.Errorf("inspect %s: %w", part.name, err)
		case inside(real, public):
			return exposed(part.name+"/", "lies inside public/, and would be published", moveKeys)
		}
	}
	return nil
}

// inside tells whether a path without links in it is a folder, or below it.
func inside(path string, folder fs.FileInfo) bool {
	for dir := range upwards(path) {
		if info, err := os.Stat(dir); err == nil && os.SameFile(info, folder) {
			return true
		}
	}
	return false
}

// upwards yields a path and every folder above it.
func upwards(path string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for yield(path) && path != filepath.Dir(path) {
			path = filepath.Dir(path)
		}
	}
}

// ThemeApart refuses a theme of a site folder in whose assets learners were delivered their
// packages: most of what is in them tells by itself what it is, but not, for
// one, a picture of a QR code.
func ThemeApart(site, theme string) error {
	files := os.DirFS(site)
	name := "themes/" + theme
	for _, dir := range []string{".", "themes", name} {
		if _, err := fs.Stat(files, path.Join(dir, model.DeliveryRecord)); err == nil {
			return exposed(name+"/", "is in a folder with packages for learners, and its assets would be published", moveDelivery)
		}
	}
	found := ""
	err := fs.WalkDir(files, name+"/assets", func(p string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case d.Name() == model.DeliveryRecord:
			found = path.Dir(p)
			return fs.SkipAll
		case d.IsDir() && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir // nothing in it is an asset
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("search %s: %w", name, err)
	}
	if found != "" {
		return exposed(found+"/", "would be published, and contains packages for learners", moveDelivery)
	}
	return nil
}
