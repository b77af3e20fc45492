package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"laurel/internal/authoring/importer"
	"laurel/internal/material/durable"
	"laurel/internal/standards/fetch"
)

func (a *app) importCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "import",
		Short: "Make content of what was issued elsewhere",
		Long:  "Make content of what was issued elsewhere; see the commands below.",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.importOB2Command())
	return c
}

func (a *app) importOB2Command() *cobra.Command {
	var o importFlags
	c := &cobra.Command{
		Use:   "ob2 FILE|URL|DIR...",
		Short: "Make content of badges of Open Badges 1.x and 2.x",
		Long: `Make achievements and award lists of badges of Open Badges 1.x and 2.x: of
assertions, badge classes, issuers, keys and revocation lists as JSON, of signed
badges, and of baked PNG and SVG pictures, in any order. A badge class becomes a
file in content/achievements/, its assertions become an award list in
content/awards/, with evidence, narrative and expiry; pictures go to
content/images/. Nothing that is there is changed, and an import can be repeated:
only what is new is added. Look at what it made, then go on with laurel plan.

Left out, and told: what was revoked or has expired, since it cannot be signed
anew; what is of another issuer (--issuer); and every detail that has no place.
Mostly only a hash of a recipient's address is known. It is kept as it is, so
that the learner can still show whose the credential is; with --recipients, a
table with the columns email and name, laurel finds the addresses behind it.

Without --online, nothing is asked of anybody, unless you name a URL. With it,
what the badges refer to is got from where they say, and their hosts are asked
whether they were revoked.`,
		Example: `  laurel import ob2 old-badges/
  laurel import ob2 badge.png --online
  laurel import ob2 old-badges/ --recipients learners.csv --dry-run`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return a.importOB2(c.Context(), args, o) },
	}
	c.Flags().BoolVar(&o.online, "online", false, "get what the badges refer to, and ask whether they were revoked")
	c.Flags().StringVar(&o.issuer, "issuer", "", "import only the badges of the issuer with this id")
	c.Flags().StringVar(&o.recipients, "recipients", "", "a CSV file of addresses to try on hashed recipients: email,name")
	c.Flags().BoolVar(&o.dry, "dry-run", false, "show what would be written, and write nothing")
	return c
}

type importFlags struct {
	online, dry        bool
	issuer, recipients string
}

func (a *app) importOB2(ctx context.Context, args []string, flags importFlags) error {
	site, err := a.loadContent()
	if err != nil {
		return err
	}
	now, err := a.now()
	if err != nil {
		return err
	}
	o := importer.Options{Site: site, Now: now, Issuer: flags.issuer}
	if flags.recipients != "" {
		data, err := importFile(os.DirFS(filepath.Dir(a.env.path(flags.recipients))), filepath.Base(flags.recipients))
		if err == nil {
			o.Recipients, err = importer.ReadRecipients(data)
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", flags.recipients, err)
		}
	}
	get := a.getter()
	if flags.online {
		o.Fetch = get
	}
	var files []importer.File
	for _, arg := range args {
		if strings.HasPrefix(arg, "https://") || strings.HasPrefix(arg, "http://") {
			o.Fetch = get
			data, err := get(ctx, arg)
			if err != nil {
				return err
			}
			files = append(files, importer.File{Name: arg, Data: data})
			continue
		}
		found, err := importFiles(a.env.path(arg))
		if err != nil {
			return fmt.Errorf("read %s: %w", arg, err)
		}
		files = append(files, found...)
	}
	made, err := importer.Read(ctx, files, o)
	if err != nil {
		return err
	}
	if !flags.dry {
		if err := writeNew(a.dir, made.Files); err != nil {
			return err
		}
		if _, err := a.loadContent(); err != nil {
			return fmt.Errorf("what was imported does not fit the content there is: %w", err)
		}
	}
	return a.reportImport(made, flags.dry)
}

// getter gets what badges name, from public hosts only.
func (a *app) getter() func(context.Context, string) ([]byte, error) {
	options := a.env.Network
	options.MaxBytes = importer.MaxFile
	client := fetch.New(options)
	return func(ctx context.Context, url string) ([]byte, error) {
		r, err := client.Get(ctx, url)
		var status *fetch.Error
		if errors.As(err, &status) && status.Status == http.StatusGone {
			return nil, importer.ErrGone
		}
		if err != nil {
			return nil, err
		}
		return r.Body, nil
	}
}

// importFiles reads a file, or all plain files of a folder and those below it. Links
// are not followed, names with a dot before them are left out.
func importFiles(name string) ([]importer.File, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		data, err := importFile(os.DirFS(filepath.Dir(name)), filepath.Base(name))
		return []importer.File{{Name: filepath.Base(name), Data: data}}, err
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	var files []importer.File
	total := 0
	err = fs.WalkDir(root.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case p != "." && strings.HasPrefix(path.Base(p), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular():
			return nil
		}
		data, err := importFile(root.FS(), p)
		files = append(files, importer.File{Name: p, Data: data})
		if total += len(data); err == nil && (total > importer.MaxTotal || len(files) > importer.MaxFiles) {
			err = fmt.Errorf("the folder has more than laurel imports at once: %d files, %d MB", importer.MaxFiles, importer.MaxTotal>>20)
		}
		return err
	})
	return files, err
}

// importFile reads a plain file, at most a byte more than an import takes.
func importFile(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a plain file")
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, importer.MaxFile+1))
}

// writeNew writes files that must not be there, all or none.
func writeNew(dir string, files []importer.File) (err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("open the site folder: %w", err)
	}
	defer root.Close()
	for n, f := range files {
		if err = root.MkdirAll(path.Dir(f.Name), 0o755); err == nil {
			err = writeOne(root, f)
		}
		if err != nil {
			for _, done := range files[:n] {
				err = errors.Join(err, durable.Remove(root, done.Name))
			}
			return fmt.Errorf("write %s: %w; nothing was imported", f.Name, err)
		}
	}
	return nil
}

func writeOne(root *os.Root, f importer.File) error {
	out, err := root.OpenFile(f.Name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, bytes.NewReader(f.Data))
	if err = errors.Join(err, out.Close()); err != nil {
		err = errors.Join(err, durable.Remove(root, f.Name))
	}
	return err
}

func (a *app) reportImport(made *importer.Import, dry bool) error {
	if a.json {
		names := []string{}
		for _, f := range made.Files {
			names = append(names, f.Name)
		}
		notes := made.Notes
		if notes == nil {
			notes = []importer.Note{}
		}
		return a.printJSON(struct {
			SchemaVersion int             `json:"schemaVersion"`
			DryRun        bool            `json:"dryRun"`
			Files         []string        `json:"files"`
			Achievements  int             `json:"achievements"`
			Awards        int             `json:"awards"`
			Known         int             `json:"known"`
			Notes         []importer.Note `json:"notes"`
			Issuer        string          `json:"issuer,omitzero"`
		}{schemaVersion, dry, names, made.Achievements, made.Awards, made.Known, notes, string(made.Issuer)})
	}
	for _, f := range made.Files {
		a.printf("%s\n", clean(f.Name))
	}
	if len(made.Files) == 0 {
		a.printf("nothing new")
	} else {
		a.printf("%s and %s %s", plural(made.Achievements, "achievement"), plural(made.Awards, "award"), map[bool]string{false: "imported", true: "to import"}[dry])
	}
	if made.Known > 0 {
		a.printf("; %s known already", plural(made.Known, "award"))
	}
	a.printf("\n")
	for _, kind := range []struct{ kind, title string }{
		{importer.LeftOut, "left out:"}, {importer.Dropped, "details that were not kept:"}, {importer.Check, "to look at:"},
	} {
		title := kind.title + "\n"
		for _, n := range made.Notes {
			if n.Kind == kind.kind {
				a.printf("%s  %s: %s\n", title, clean(n.About), clean(n.Text))
				title = ""
			}
		}
	}
	if len(made.Files) > 0 && len(made.Issuer) > 0 {
		a.printf("the issuer, as the badges have it, to compare with content/site.yaml:\n")
		for line := range strings.Lines(string(made.Issuer)) {
			a.printf("  %s\n", clean(strings.TrimRight(line, "\n")))
		}
	}
	switch {
	case len(made.Files) > 0 && dry:
		a.notef("nothing was written\n")
	case len(made.Files) > 0:
		a.notef("look at them, then: laurel plan\n")
	}
	return nil
}
