package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// placeError says that a folder is no place for what names people.
type placeError struct{ out, why string }

func (e *placeError) Error() string { return fmt.Sprintf("cannot deliver to %s: %s", e.out, e.why) }

// outsidePublished refuses a folder for learner packages that is published, or
// that laurel reads: in public/ of this site or another, in a copy of a built
// site such as the work tree it is pushed from, in content/ or in keys/. Links
// are followed, and folders compared as the file system knows them.
func (a *app) outsidePublished(out string) error {
	real, err := resolve(out)
	if err != nil {
		return fmt.Errorf("look at %s: %w", out, err)
	}
	home, err := resolve(a.dir)
	if err != nil {
		return fmt.Errorf("find the site folder: %w", err)
	}
	for _, part := range []struct{ name, why string }{
		{"public", "it lies inside public/, which is published"},
		{"content", "it lies inside content/, which laurel reads"},
		{"keys", "it lies inside keys/"},
	} {
		folder, err := resolve(filepath.Join(home, part.name))
		if err != nil {
			return fmt.Errorf("look at %s: %w", part.name, err)
		}
		if below(real, folder) {
			return &placeError{out, part.why}
		}
		if info, err := os.Stat(folder); err == nil && inside(real, info) {
			return &placeError{out, part.why}
		}
	}
	if tree := otherSite(real); tree != "" {
		return &placeError{out, "it lies inside " + tree + ", which another site publishes"}
	}
	if tree := builtSite(real); tree != "" {
		return &placeError{out, "it lies inside " + tree + ", which holds a built site, and is published with it"}
	}
	if below(home, real) {
		return &placeError{out, "the site folder lies inside it"}
	}
	return nil
}

// resolve is a path without links; what of it is not there yet stays as it is.
func resolve(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return real, err
	}
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return "", fmt.Errorf("%s is a link that leads nowhere", path)
	}
	parent := filepath.Dir(path)
	if parent == path {
		return path, nil
	}
	if parent, err = resolve(parent); err != nil {
		return "", err
	}
	return filepath.Join(parent, filepath.Base(path)), nil
}

// below tells whether a path is a folder, or below it, by their names.
func below(path, folder string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rel)
}

// builtSite is the folder, path itself or one above it, that holds what laurel
// build writes; empty: none.
func builtSite(path string) string {
	for {
		if holdsSite(path) {
			return path
		}
		parent := filepath.Dir(path)
		if parent == path {
			return ""
		}
		path = parent
	}
}

func holdsSite(dir string) bool {
	for _, name := range []string{".nojekyll", "issuer.json", "catalog.json", "verify"} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err != nil {
			return false
		}
	}
	return true
}
