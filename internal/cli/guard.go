package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/publishing/render"
)

// privateParts are the folders of a site that are never published. The site
// folder itself stands for all of them.
var privateParts = []string{".", "content", "content/awards", "content/ledger", "keys"}

// exposedError says that a build would publish, or publishes already, what is
// private. Nothing was written.
type exposedError struct {
	what  string // "keys/", "themes/x/assets/a.json"
	where string // that is published, or what is private in it
}

func (e *exposedError) Error() string { return e.what + " " + e.where }

// foldersApart refuses a site folder of which a private part lies inside a
// published tree: its own public/, by a link in either, or that of another
// site. Links are followed and folders compared as the file system knows them,
// so that no other spelling of a path gets by.
func (a *app) foldersApart() error {
	dir, err := filepath.Abs(a.dir)
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil // what reads the content says so
	}
	if err != nil {
		return fmt.Errorf("find the site folder: %w", err)
	}
	if tree := otherSite(dir); tree != "" {
		return &exposedError{"the site folder", "lies inside " + tree + ", which another site publishes"}
	}
	public, err := os.Stat(filepath.Join(dir, "public"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at public: %w", err)
	}
	for _, part := range privateParts {
		real, err := filepath.EvalSymlinks(filepath.Join(dir, filepath.FromSlash(part)))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("look at %s: %w", part, err)
		}
		if !inside(real, public) {
			continue
		}
		if part == "." {
			return &exposedError{"the site folder", "lies inside what public/ leads to, and would be published"}
		}
		return &exposedError{part + "/", "lies inside public/, and would be published"}
	}
	return nil
}

// otherSite is the public/ of another site that the folder lies in; empty: of
// none.
func otherSite(dir string) string {
	for parent := filepath.Dir(dir); parent != dir; dir, parent = parent, filepath.Dir(parent) {
		if filepath.Base(dir) != "public" {
			continue
		}
		if _, err := os.Stat(filepath.Join(parent, "content", "site.yaml")); err == nil {
			return dir
		}
	}
	return ""
}

// inside tells whether a path without links in it is a folder, or below it.
func inside(path string, folder fs.FileInfo) bool {
	for {
		if info, err := os.Stat(path); err == nil && os.SameFile(info, folder) {
			return true
		}
		parent := filepath.Dir(path)
		if parent == path {
			return false
		}
		path = parent
	}
}

// assetsArePublic refuses files of a theme that are a key or a ledger, of
// whatever site, or one of this site's private files under another name.
// Templates and pictures need no such look: they never are published as they
// are.
func (a *app) assetsArePublic(assets []render.Asset) error {
	bySize := map[int64][]render.Asset{}
	for _, asset := range assets {
		if kind := privateForm(asset.Bytes); kind != "" {
			return &exposedError{asset.Path, "of the theme would be published, and holds " + kind}
		}
		if n := int64(len(asset.Bytes)); n > 0 {
			bySize[n] = append(bySize[n], asset)
		}
	}
	for _, part := range []string{"keys", "content"} {
		if err := a.notAmong(part, bySize); err != nil {
			return err
		}
	}
	return nil
}

// notAmong refuses assets that are a copy of, or a hard link to, a file of a
// private folder. What pages and pictures are made from may be a theme's too.
func (a *app) notAmong(part string, assets map[int64][]render.Asset) error {
	return filepath.WalkDir(filepath.Join(a.dir, part), func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return fmt.Errorf("look through %s: %w", part, err)
		case d.IsDir() && part == "content" && (d.Name() == "images" || d.Name() == "pages"):
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return fmt.Errorf("look through %s: %w", part, err)
		}
		for _, asset := range assets[info.Size()] {
			data, err := os.ReadFile(path)
			if err != nil {
				return fmt.Errorf("look through %s: %w", part, err)
			}
			if bytes.Equal(data, asset.Bytes) {
				return &exposedError{asset.Path, "of the theme would be published, and is a file of " + part + "/"}
			}
		}
		return nil
	})
}

// privateForm says what private thing the bytes are by their form: an
// encrypted or plain private key, or lines of a ledger; empty: none.
func privateForm(data []byte) string {
	trimmed := bytes.TrimSpace(data)
	if bytes.HasPrefix(trimmed, []byte("-----BEGIN ")) && bytes.Contains(trimmed, []byte("PRIVATE KEY-----")) {
		return "a private key"
	}
	if !bytes.HasPrefix(trimmed, []byte("{")) {
		return ""
	}
	for line := range bytes.Lines(trimmed) {
		if bytes.HasPrefix(line, []byte(`{"seq":`)) && bytes.Contains(line, []byte(`"prev":"`)) {
			return "lines of a ledger"
		}
	}
	var members map[string]jsontext.Value
	if json.Unmarshal(trimmed, &members) != nil {
		return ""
	}
	has := func(name string) bool { _, ok := members[name]; return ok }
	if has("ciphertext") && (has("encrypted_key") || has("recipients")) || has("kty") && has("d") {
		return "a private key"
	}
	return ""
}
