package cli

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"laurel/internal/material/hint"
)

//go:embed skeleton
var skeleton embed.FS

// skeletonNames are the files whose published name go:embed does not take, or
// that would take effect in laurel's own repository.
var skeletonNames = map[string]string{
	"gitattributes":       ".gitattributes",
	"gitignore":           ".gitignore",
	"github-workflow.yml": ".github/workflows/publish.yml",
}

func (a *app) newCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "new DIR",
		Short:   "Create a site folder",
		Long:    "Create a site folder with commented sample content, a .gitignore that keeps\nsecrets out, and a workflow that publishes public/ on GitHub Pages. DIR must be\nempty or not exist yet.",
		Example: "  laurel new academy",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				return nil
			}
			return misuse("laurel new academy", "name the folder to make, which gets all that a site needs: commented sample content to change, "+
				"a .gitignore that keeps secrets out, and a workflow that publishes the site")
		},
		RunE: func(c *cobra.Command, args []string) error {
			dir := args[0]
			if c.Flags().Changed("dir") && !filepath.IsAbs(dir) {
				dir = filepath.Join(a.dir, dir)
			}
			files, err := writeSkeleton(a.env.path(dir))
			if err != nil {
				return fmt.Errorf("make %s: %w", dir, err)
			}
			if a.json {
				return a.printJSON(struct {
					SchemaVersion int      `json:"schemaVersion"`
					Dir           string   `json:"dir"`
					Files         []string `json:"files"`
				}{schemaVersion, dir, files})
			}
			for _, f := range files {
				a.printf("%s\n", path.Join(dir, f))
			}
			a.notef("next: cd %s, edit content/site.yaml, then run laurel key new\n", hint.Arg(clean(dir)))
			return nil
		},
	}
}

// writeSkeleton refuses a folder that has anything in it, and never
// overwrites.
func writeSkeleton(dir string) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, err
	}
	if len(entries) > 0 {
		return nil, errors.New("the folder is not empty; nothing was written")
	}
	var written []string
	err = fs.WalkDir(skeleton, "skeleton", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name := strings.TrimPrefix(p, "skeleton/")
		if other, ok := skeletonNames[name]; ok {
			name = other
		}
		written = append(written, name)
		return copyOut(root, p, name)
	})
	return written, err
}

func copyOut(root *os.Root, from, to string) error {
	in, err := skeleton.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := root.MkdirAll(path.Dir(to), 0o755); err != nil {
		return err
	}
	out, err := root.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
