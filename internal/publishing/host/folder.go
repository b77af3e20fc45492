package host

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"laurel/internal/material/durable"
)

// Folder is a folder that a server on this machine, or a program that copies,
// serves. It need not exist yet. A .git in it is left alone.
type Folder struct {
	Dir string
	// Now is the time that all written files get: their own would tell which belong
	// together.
	Now time.Time
}

// folderStage is where files wait below the folder. One of a run that was killed is
// removed by the next.
const folderStage = ".laurel-publish"

func (f *Folder) String() string { return "folder " + f.Dir }

// Compare reads the files that are there.
func (f *Folder) Compare(ctx context.Context, s *Site) (*Change, error) {
	there := map[string]fs.FileInfo{}
	c := &Change{}
	root, err := os.OpenRoot(f.Dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		root, err = nil, nil
	case err != nil:
		return nil, fmt.Errorf("open %s: %w", f.Dir, err)
	default:
		c.close = root.Close
		err = walkFolder(root, there)
	}
	if err == nil {
		err = refuseSiteFolder(f.String(), maps.Keys(there))
	}
	for _, file := range s.Files {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
		info, ok := there[file.Path]
		if !ok {
			c.Added = append(c.Added, file.Path)
			continue
		}
		delete(there, file.Path)
		same := false
		if info.Mode().IsRegular() && info.Size() == file.Size {
			if same, err = sameContent(root, file); err != nil {
				return nil, errors.Join(err, c.Close())
			}
		}
		if same {
			c.Unchanged++
		} else {
			c.Changed = append(c.Changed, file.Path)
		}
	}
	for p := range there {
		c.Removed = append(c.Removed, p)
	}
	c.sort(func(p string) bool { return p == folderStage || s.Ours(p) })
	c.read = func(_ context.Context, p string) ([]byte, error) {
		if root == nil {
			return nil, nil
		}
		data, err := root.ReadFile(p)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return data, err
	}
	c.apply = func(ctx context.Context, done func(int)) error { return f.apply(ctx, s, c, done) }
	return c, nil
}

// walkFolder finds what is below a folder: every file, and every link as what it is.
func walkFolder(root *os.Root, there map[string]fs.FileInfo) error {
	return fs.WalkDir(root.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("look through %s: %w", root.Name(), err)
		case p == ".git" && d.IsDir():
			return fs.SkipDir
		case p == ".git":
			return nil
		case d.IsDir() && p != folderStage || d.Name() == ".DS_Store" || d.Name() == "Thumbs.db" || d.Name() == "desktop.ini":
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return fmt.Errorf("look through %s: %w", root.Name(), err)
		}
		there[p] = info
		if p == folderStage && d.IsDir() {
			return fs.SkipDir
		}
		return nil
	})
}

func sameContent(root *os.Root, f File) (bool, error) {
	in, err := root.Open(f.Path)
	if err != nil {
		return false, fmt.Errorf("compare %s: %w", f.Path, err)
	}
	defer in.Close()
	h := sha256.New()
	if _, err := io.Copy(h, in); err != nil {
		return false, fmt.Errorf("compare %s: %w", f.Path, err)
	}
	return [sha256.Size]byte(h.Sum(nil)) == f.SHA256, nil
}

// apply stages all that is new, so that a full disk is noticed before anything has
// changed, then moves file after file into its place.
func (f *Folder) apply(ctx context.Context, s *Site, c *Change, done func(int)) (err error) {
	if err := os.MkdirAll(f.Dir, 0o755); err != nil {
		return fmt.Errorf("make %s: %w", f.Dir, err)
	}
	root, err := os.OpenRoot(f.Dir)
	if err != nil {
		return fmt.Errorf("open %s: %w", f.Dir, err)
	}
	defer root.Close()
	if err := durable.RemoveAll(root, folderStage); err != nil {
		return fmt.Errorf("remove what a run that was killed left: %w", err)
	}
	if err := root.Mkdir(folderStage, 0o755); err != nil {
		return fmt.Errorf("stage in %s: %w", f.Dir, err)
	}
	defer func() { err = errors.Join(err, durable.RemoveAll(root, folderStage)) }()
	turns := s.inTurn(c.Added, c.Changed)
	staged := map[string]string{}
	for _, files := range turns {
		for _, file := range files {
			if err := ctx.Err(); err != nil {
				return err
			}
			name := folderStage + "/" + strconv.Itoa(len(staged))
			data, err := s.read(file)
			if err == nil {
				err = errors.Join(root.WriteFile(name, data, 0o644), root.Chtimes(name, f.Now, f.Now))
			}
			if err != nil {
				return fmt.Errorf("stage %s: %w", file.Path, err)
			}
			staged[file.Path] = name
		}
	}
	n := 0
	step := func() { n++; done(n) }
	// What stands where a folder has to be, or in a folder where a file has to be, goes first.
	early, late := split(c.Removed, s.byPath())
	for _, p := range early {
		if err := removeFile(root, p); err != nil {
			return err
		}
		step()
	}
	for _, files := range turns {
		for _, file := range files {
			if err := ctx.Err(); err != nil {
				return err
			}
			if dir := path.Dir(file.Path); dir != "." {
				if err := root.MkdirAll(dir, 0o755); err != nil {
					return fmt.Errorf("make the folder of %s: %w", file.Path, err)
				}
			}
			if err := durable.Rename(root, staged[file.Path], file.Path); err != nil {
				return fmt.Errorf("put %s in place: %w", file.Path, err)
			}
			step()
		}
	}
	for _, p := range late {
		if p == folderStage {
			continue // an old one is gone
		}
		if err := removeFile(root, p); err != nil {
			return err
		}
		step()
	}
	return nil
}

// split tells which of the paths that go are in the way of one that comes.
func split(going []string, coming map[string]File) (early, late []string) {
	folders := map[string]bool{}
	for p := range coming {
		for dir := path.Dir(p); dir != "." && !folders[dir]; dir = path.Dir(dir) {
			folders[dir] = true
		}
	}
	inTheWay := func(p string) bool {
		if folders[p] {
			return true
		}
		for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
			if _, ok := coming[dir]; ok {
				return true
			}
		}
		return false
	}
	for _, p := range going {
		if inTheWay(p) {
			early = append(early, p)
		} else {
			late = append(late, p)
		}
	}
	return early, late
}

// removeFile removes a file, and the folders that it leaves empty.
func removeFile(root *os.Root, p string) error {
	if err := durable.Remove(root, p); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove %s: %w", p, err)
	}
	for dir := path.Dir(p); dir != "." && !strings.HasPrefix(dir, ".."); dir = path.Dir(dir) {
		if durable.Remove(root, dir) != nil {
			break // not empty
		}
	}
	return nil
}
