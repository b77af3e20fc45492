package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"

	"laurel/internal/material/durable"
)

// remember writes down the union of the files of this build and the last one
// before any is put in place, so that a build that is killed half-way knows
// its own files the next time.
func (b *Build) remember() error {
	union := make(map[string]entry, len(b.next))
	maps.Copy(union, b.old)
	for _, p := range b.staged {
		e := b.next[p]
		e.Fingerprint = [32]byte{} // not in place yet
		union[p] = e
	}
	return writeManifest(b.root, union)
}

// putInPlace moves what is staged in a folder into that folder of public/. A folder
// that public/ does not have yet, such as a new award's, moves in one step.
func (b *Build) putInPlace(dir string) error {
	from, to := path.Join(b.stage, dir), path.Join(folder, dir)
	entries, err := fs.ReadDir(b.root.FS(), from)
	if err != nil {
		return fmt.Errorf("read %s: %w", from, err)
	}
	for _, e := range entries {
		name := path.Join(to, e.Name())
		if e.IsDir() {
			if _, err := b.root.Lstat(name); err == nil {
				if err := b.putInPlace(path.Join(dir, e.Name())); err != nil {
					return err
				}
				continue
			}
		}
		if err := durable.Rename(b.root, path.Join(from, e.Name()), name); err != nil {
			return fmt.Errorf("put %s in place: %w", name, err)
		}
	}
	return nil
}

// prune removes the files an earlier build wrote that are no longer planned,
// and the folders they leave empty.
func (b *Build) prune() (int, error) {
	pruned := 0
	for p := range b.old {
		if _, ok := b.planned[p]; ok {
			continue
		}
		err := durable.Remove(b.root, folder+"/"+p)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return pruned, fmt.Errorf("prune %s/%s: %w", folder, p, err)
		}
		if err == nil {
			pruned++
		}
		for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
			if durable.Remove(b.root, folder+"/"+dir) != nil {
				break // not empty
			}
		}
	}
	return pruned, nil
}
