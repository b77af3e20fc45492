package privacy

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"laurel/internal/material/hint"
)

// CheckPlace refuses a file or folder to write to that would
// be published, or is the own of this or another site folder: see refusals. Links
// are followed, and folders compared as the file system knows them; what is not
// there yet is told by its name. Whatever writes what names people asks it first.
func CheckPlace(site, out string) error {
	home, err := resolve(site)
	if err != nil {
		return fmt.Errorf("find the site folder: %w", err)
	}
	real, err := resolve(out)
	if err != nil {
		return fmt.Errorf("inspect %s: %w", out, err)
	}
	for _, refusal := range refusals {
		why, err := refusal(real, home)
		if err != nil {
			return fmt.Errorf("inspect %s: %w", out, err)
		}
		if why != "" {
			return hint.Errorf("files that name people or open their awards belong in a folder that is never published, such as ../packages",
				"cannot write to %s: it %s", out, why)
		}
	}
	return nil
}

// CheckTarget refuses a folder to publish to that is in the site folder, or that the site
// folder is in.
func CheckTarget(site, folder string) error {
	home, err := resolve(site)
	if err != nil {
		return fmt.Errorf("find the site folder: %w", err)
	}
	there, err := resolve(folder)
	if err != nil {
		return fmt.Errorf("find %s: %w", folder, err)
	}
	if below(there, home) || below(home, there) {
		return hint.Errorf("publish to a folder beside it, such as ../site", "%s is in the site folder, or the site folder in it; nothing was published", folder)
	}
	return nil
}

// refusals are the places where nothing private is written. Each says why a
// path is one; empty: it is not. Both paths are without links.
var refusals = []func(path, home string) (why string, err error){
	inPart, inOtherSite, inBuiltSite, aboveSite, inPublishedTree,
}

// inPart finds a path in a part of this site, wherever a link has put it.
func inPart(path, home string) (string, error) {
	for _, part := range folders {
		named := filepath.Join(home, filepath.FromSlash(part.name))
		folder, err := resolve(named)
		if err != nil {
			return "", err
		}
		info, err := os.Stat(folder)
		if below(path, named) || below(path, folder) || err == nil && inside(path, info) {
			return "lies inside " + part.name + "/, " + part.why, nil
		}
	}
	return "", nil
}

// inOtherSite finds a path in a part of another site folder.
func inOtherSite(path, home string) (string, error) {
	for _, part := range folders {
		if dir := partOfOther(path, home, part.name); dir != "" {
			return "lies inside " + dir + ", " + part.why + " in another site", nil
		}
	}
	return "", nil
}

// partOfOther is the part of that name of another site folder than home that a
// path lies in; empty: of none.
func partOfOther(path, home, part string) string {
	for dir := range upwards(path) {
		site := filepath.Dir(dir)
		if _, err := os.Stat(filepath.Join(site, "content", "site.yaml")); err == nil && site != home && filepath.Base(dir) == part {
			return dir
		}
	}
	return ""
}

// inBuiltSite finds a path in a copy of what laurel build writes.
func inBuiltSite(path, _ string) (string, error) {
	for dir := range upwards(path) {
		if IsBuiltSite(dir) {
			return "lies inside " + dir + ", which contains a built site, and would be published with it", nil
		}
	}
	return "", nil
}

func aboveSite(path, home string) (string, error) {
	if below(home, path) {
		return "is the site folder, or contains it", nil
	}
	return "", nil
}

// inPublishedTree finds a path in a git work tree that a built site is pushed
// from, wherever in it that lies: what is beside it is pushed as well. The one
// that the site folder is in is private.
func inPublishedTree(path, home string) (string, error) {
	for dir := range upwards(path) {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil && !below(home, dir) {
			site, err := siteBelow(dir)
			if err != nil {
				return "", err
			}
			if site != "" {
				return "lies inside " + dir + ", a git work tree with a built site in it, and may be pushed with that", nil
			}
		}
	}
	return "", nil
}

// siteBelow is a folder in a tree that holds a built site; empty: none.
func siteBelow(tree string) (site string, err error) {
	err = filepath.WalkDir(tree, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrPermission), err == nil && !d.IsDir():
			return nil
		case err != nil:
			return err
		case d.Name() == ".git":
			return fs.SkipDir
		case IsBuiltSite(path):
			site = path
			return fs.SkipAll
		}
		return nil
	})
	return site, err
}

// IsBuiltSite tells a folder that holds a built site by files that each has. Names
// with a dot in front do not count: "cp -r public/* elsewhere" leaves them behind.
func IsBuiltSite(dir string) bool {
	return !slices.ContainsFunc([]string{"issuer.json", "catalog.json", "verify"}, func(name string) bool {
		_, err := os.Lstat(filepath.Join(dir, name))
		return err != nil
	})
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
