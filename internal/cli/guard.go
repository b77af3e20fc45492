package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/publishing/audit"
	"laurel/internal/publishing/render"
)

// privateParts are the folders of a site that are never published. The site
// folder itself stands for all of them.
var privateParts = []string{".", "content", "content/awards", "content/ledger", "keys"}

// exposedError says that a build would publish, or publishes already, what is
// private. Nothing was written. It never quotes what is private.
type exposedError struct {
	what  string // "keys/", "assets/a-0a1b2c3d.json"
	where string // that is published, or what is private in it
	hint  string
}

// What to try: about keys and the folders of a site, and about what learners
// are handed.
const (
	moveKeys     = "what is published is for everybody and for good; move one of the two elsewhere (and if it was online already: laurel key revoke the key)"
	moveDelivery = "what is published is for everybody and for good; deliver to a folder that never is, such as ../packages (and if it was online already: laurel withdraw AWARD closes its claim link)"
	takeOutLink  = "whoever has a claim link has the award: take it out of the theme and of content/ (and if it was online already: laurel withdraw AWARD)"
)

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
		return &exposedError{"the site folder", "lies inside " + tree + ", which another site publishes", moveKeys}
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
			return &exposedError{"the site folder", "lies inside what public/ leads to, and would be published", moveKeys}
		}
		return &exposedError{part + "/", "lies inside public/, and would be published", moveKeys}
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
// whatever site, that hold what is for one learner alone, or that are one of
// this site's private files under another name. Templates and pictures need no
// such look: they are never published as they are, and nothing that is made of
// them may hold a claim link.
func (a *app) assetsArePublic(assets []render.Asset, s *ledger.State) error {
	bySize := map[int64][]render.Asset{}
	for _, asset := range assets {
		if kind := privateForm(asset.Bytes); kind != "" {
			return &exposedError{asset.Path, "of the theme would be published, and holds " + kind, moveKeys}
		}
		if err := noLearners(asset, s); err != nil {
			return err
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

// noLearners refuses an asset that holds a claim link, a credential, or the id
// of one, which certificates show; or that is a list of learners.
func noLearners(asset render.Asset, s *ledger.State) error {
	found := audit.Find(asset.Bytes)
	holds, hint := "", moveDelivery
	switch {
	case found.ClaimLink:
		holds, hint = "a claim link", takeOutLink
	case found.Credential:
		holds = "a signed credential"
	case slices.ContainsFunc(found.IDs, func(id string) bool { return s.ByCredential(id) != nil }):
		holds = "the id of a credential"
	case isLearnerList(asset.Bytes):
		holds = "a list of learners"
	default:
		return nil
	}
	return &exposedError{asset.Path, "of the theme would be published, and holds " + holds, hint}
}

// isLearnerList knows the lists that "laurel deliver" and "laurel claim-links"
// write, also where there are no links in them: the first line of the tables,
// and that of the record of a delivery.
func isLearnerList(data []byte) bool {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	return bytes.HasPrefix(data, []byte("name,email,achievement,")) || bytes.HasPrefix(data, []byte(`{"laurel":"delivery"`))
}

// noDelivery refuses a theme in whose assets learners were delivered their
// packages: most of what is in them tells by itself what it is, but not, for
// one, a picture of a QR code.
func (a *app) noDelivery(theme string) error {
	site := os.DirFS(a.dir)
	name := "themes/" + theme
	for _, dir := range []string{".", "themes", name} {
		if _, err := fs.Stat(site, path.Join(dir, model.DeliveryRecord)); err == nil {
			return &exposedError{name + "/", "lies in a folder with packages for learners, and its assets would be published", moveDelivery}
		}
	}
	found := ""
	err := fs.WalkDir(site, name+"/assets", func(p string, d fs.DirEntry, err error) error {
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
		return fmt.Errorf("look through %s: %w", name, err)
	}
	if found != "" {
		return &exposedError{found + "/", "would be published, and holds packages for learners", moveDelivery}
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
				return &exposedError{asset.Path, "of the theme would be published, and is a file of " + part + "/", moveKeys}
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
