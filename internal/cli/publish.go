package cli

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/material/hint"
	"laurel/internal/publishing/audit"
	"laurel/internal/publishing/build"
	"laurel/internal/publishing/host"
	"laurel/internal/publishing/outside"
	"laurel/internal/publishing/privacy"
	"laurel/internal/publishing/site"
	"laurel/internal/standards/did"
	"laurel/internal/standards/fetch"
)

// publishing are the flags of laurel publish.
type publishing struct {
	to                               model.Publish
	dryRun, replace, offline, noWait bool
	wait                             time.Duration
}

func (a *app) publishCommand() *cobra.Command {
	var p publishing
	c := &cobra.Command{
		Use:   "publish [git|folder|s3]",
		Short: "Bring public/ to where it is served",
		Long: `Bring public/, and nothing else, to the place that publish: in content/site.yaml
names, or a flag: a branch of a git repository, a folder, or a bucket of a store
that speaks S3. Where several are named, say which one.

Nothing is published that laurel audit refuses, that waits to be signed, or that is
not what laurel build would write now; nor from a ledger that is older than what the
place or the live site shows. Only what differs is written: what never changes
first, then pages, then status lists and did.json, and what is no longer of the site
is removed last. A run that was killed is mended by the next one; a second run does
nothing. Files there that laurel did not write are an error, unless --replace.

A git branch gets one commit without a parent, with a date and no name, so no history
of people builds up. git asks for credentials as it always does. Keys of a store come
from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or from ~/.aws/credentials.

Then the live site is looked at until it shows what was published.`,
		Example:   "  laurel publish --dry-run\n  laurel publish --git git@github.com:ana-example/badges.git --branch main\n  laurel publish --folder /srv/www/badges\n  laurel publish --s3 badges --endpoint https://s3.example.org",
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: []string{"git", "folder", "s3"},
		RunE: func(c *cobra.Command, args []string) error {
			if p.noWait && c.Flags().Changed("wait") {
				return misuse("leave out one of the two", "--wait and --no-wait contradict each other")
			}
			return a.publish(c.Context(), p, args)
		},
	}
	f := c.Flags()
	f.StringVar(&p.to.Git.Repository, "git", "", "`REPOSITORY` to push to, as git takes it")
	f.StringVar(&p.to.Git.Branch, "branch", "", "the branch of it (default \""+model.DefaultBranch+"\")")
	f.StringVar(&p.to.Folder, "folder", "", "`FOLDER` to write to")
	f.StringVar(&p.to.S3.Bucket, "s3", "", "`BUCKET` to write to")
	f.StringVar(&p.to.S3.Endpoint, "endpoint", "", "`URL` of the store (default \""+model.DefaultEndpoint+"\")")
	f.StringVar(&p.to.S3.Prefix, "prefix", "", "what all keys in the bucket begin with, such as badges")
	f.StringVar(&p.to.S3.Region, "region", "", "region of the bucket")
	f.BoolVar(&p.dryRun, "dry-run", false, "list what would be added, changed and removed, and do nothing")
	f.BoolVar(&p.replace, "replace", false, "remove files there that laurel did not write, or that are another issuer's")
	f.BoolVar(&p.offline, "offline", false, "do not look at the live site, neither before nor after")
	f.BoolVar(&p.noWait, "no-wait", false, "look at the live site once afterwards, and do not wait")
	f.DurationVar(&p.wait, "wait", 10*time.Minute, "how long to wait for the live site")
	return c
}

// publish is the fourth stage: public/ -> where it is served.
func (a *app) publish(ctx context.Context, p publishing, args []string) error {
	content, l, err := a.inputs()
	if err != nil {
		return nothingPublished(err)
	}
	defer l.Close()
	place, err := a.place(p, content.Publish, args)
	if err != nil {
		return err
	}
	in, err := a.buildInput(content, l)
	if err != nil {
		return err
	}
	if err := allSigned(in, "nothing was published"); err != nil {
		return err
	}
	built, err := build.Look(ctx, in)
	if err != nil {
		return err
	}
	defer built.Close()
	if n := len(built.Stale); n > 0 {
		return hint.Errorf("laurel build, and look at it with laurel serve", "public/ is not what laurel build would write now (%s, such as %s); nothing was published", plural(n, "file"), built.Stale[0])
	}
	if err := a.mayPublish(ctx); err != nil {
		return err
	}
	root, err := os.OpenRoot(filepath.Join(a.dir, "public"))
	if err != nil {
		return fmt.Errorf("open public/: %w", err)
	}
	defer root.Close()
	s := &host.Site{Root: root, Ours: audit.Written}
	for _, f := range built.Files {
		s.Files = append(s.Files, host.File{Path: f.Path, Size: f.Size, SHA256: f.Sum})
	}
	for i, o := range in.Layout.Outputs { // sorted by path, too
		s.Files[i].Turn = turn(o)
	}
	change, err := place.Compare(ctx, s)
	if err != nil {
		return err
	}
	defer change.Close()
	if err := a.mayReplace(ctx, l.State(), content.BaseURL, place, change, p.replace); err != nil {
		return err
	}
	look := &lookAtLive{a: a, base: strings.TrimSuffix(content.BaseURL, "/")}
	if !p.offline {
		if err := look.before(ctx, l.State()); err != nil {
			return err
		}
	}
	r := publication{SchemaVersion: schemaVersion, Place: place.String(), DryRun: p.dryRun, Added: list(change.Added), Changed: list(change.Changed), Removed: list(change.Removed), Unchanged: change.Unchanged, Live: "not asked"}
	if !p.dryRun && change.Steps() > 0 {
		bar := a.progress(change.Steps(), "publishing")
		err := change.Apply(ctx, bar.set)
		bar.done()
		if err != nil {
			return fmt.Errorf("publish to %s: %w", place, err)
		}
		r.Published = true
	}
	var late error
	if !p.dryRun && !p.offline {
		if p.noWait || !r.Published {
			p.wait = 0
		}
		r.Live, late = look.after(ctx, s, change, p.wait)
	}
	return errors.Join(a.reportPublished(r), late)
}

// nothingPublished says so of a ledger that is refused.
func nothingPublished(err error) error {
	var behind *ledger.OutsideError
	if errors.As(err, &behind) {
		return fmt.Errorf("%w; nothing was published", err)
	}
	return err
}

// turn is when a file takes its place, and with it how long it may be kept.
func turn(o site.Output) host.Turn {
	switch {
	case site.Decides(o.Path):
		return host.Deciding
	case o.Kind == site.Asset || o.Kind == site.LogTile:
		return host.Lasting
	}
	return host.Ordinary
}

// place is where to publish: what the flags say, else the content, and if that names
// several, the one of this kind.
func (a *app) place(p publishing, content model.Publish, args []string) (host.Place, error) {
	to, flags := p.to, true
	if to.Git.Repository == "" && to.Folder == "" && to.S3.Bucket == "" {
		flags = false
		if to.Git.Branch != "" || to.S3.Endpoint != "" || to.S3.Prefix != "" || to.S3.Region != "" {
			return nil, misuse("--branch goes with --git; --endpoint, --prefix and --region go with --s3", "a flag says more about a place than there is")
		}
		to = content
	}
	named := map[string]bool{"git": to.Git.Repository != "", "folder": to.Folder != "", "s3": to.S3.Bucket != ""}
	var kinds []string
	for _, kind := range []string{"git", "folder", "s3"} {
		if named[kind] {
			kinds = append(kinds, kind)
		}
	}
	kind := ""
	switch {
	case len(args) == 1 && named[args[0]]:
		kind = args[0]
	case len(args) == 1 && slices.Contains([]string{"git", "folder", "s3"}, args[0]):
		return nil, misuse("write it under publish: in content/site.yaml (laurel help fields), or say --"+args[0], "there is no %s to publish to", args[0])
	case len(args) == 1:
		return nil, misuse("laurel publish git, folder or s3; where that is, say publish: in content/site.yaml, or flags", "there is no kind of place called %s", clean(args[0]))
	case len(kinds) == 0:
		return nil, misuse("write it under publish: in content/site.yaml, or say --git REPOSITORY, --folder FOLDER or --s3 BUCKET", "nothing says where to publish")
	case len(kinds) > 1:
		return nil, misuse("laurel publish "+kinds[0], "there are several places to publish to: %s", strings.Join(kinds, ", "))
	default:
		kind = kinds[0]
	}
	if flags {
		if err := to.Check(); err != nil {
			return nil, &usageError{err: err, hint: hint.Of(err)}
		}
	}
	now, err := a.now()
	if err != nil {
		return nil, err
	}
	switch kind {
	case "git":
		dir := a.dir
		if flags {
			dir = cmp.Or(a.env.Dir, ".")
		}
		return &host.Git{Repository: to.Git.Repository, Branch: cmp.Or(to.Git.Branch, model.DefaultBranch), Dir: dir, Env: a.env.All(), Now: now}, nil
	case "folder":
		folder := a.env.path(to.Folder)
		if !flags && !filepath.IsAbs(to.Folder) {
			folder = filepath.Join(a.dir, filepath.FromSlash(to.Folder))
		}
		if err := privacy.CheckTarget(a.dir, folder); err != nil {
			return nil, err
		}
		return &host.Folder{Dir: folder, Now: now}, nil
	}
	return &host.S3{Endpoint: cmp.Or(to.S3.Endpoint, model.DefaultEndpoint), Bucket: to.S3.Bucket, Prefix: to.S3.Prefix, Region: cmp.Or(to.S3.Region, a.env.get("AWS_REGION")),
		AccessKey: a.env.get("AWS_ACCESS_KEY_ID"), SecretKey: a.env.get("AWS_SECRET_ACCESS_KEY"), Token: a.env.get("AWS_SESSION_TOKEN"),
		File: cmp.Or(a.env.get("AWS_SHARED_CREDENTIALS_FILE"), filepath.Join(cmp.Or(a.env.get("HOME"), a.env.get("USERPROFILE")), ".aws", "credentials")), Profile: a.env.get("AWS_PROFILE")}, nil
}

// mayPublish refuses what laurel audit refuses.
func (a *app) mayPublish(ctx context.Context) error {
	report, err := a.auditReport(ctx, filepath.Join(a.dir, "public"))
	if err != nil || len(report.Problems) == 0 {
		return err
	}
	for _, p := range report.Problems {
		a.notef("PROBLEM  %s: %s\n", clean(p.File), clean(p.Text))
	}
	return hint.Errorf("laurel audit shows all that it finds", "%s in public/; nothing was published", plural(len(report.Problems), "problem"))
}

// mayReplace refuses what would be lost at a place: files that laurel did not write,
// another issuer's site, and a ledger that is newer.
func (a *app) mayReplace(ctx context.Context, state *ledger.State, base string, place host.Place, c *host.Change, replace bool) error {
	if len(c.Foreign) > 0 && !replace {
		shown := c.Foreign[:min(5, len(c.Foreign))]
		said := clean(strings.Join(shown, ", "))
		if more := len(c.Foreign) - len(shown); more > 0 {
			said += fmt.Sprintf(" and %d more", more)
		}
		return hint.Errorf("files to be published go to content/static/; --replace removes those that are there", "%s has files that laurel did not write: %s; nothing was published", place, said)
	}
	read := func(path string) ([]byte, error) {
		data, err := c.Read(ctx, path)
		if err != nil {
			err = fmt.Errorf("read %s at %s: %w", path, place, err)
		}
		return data, err
	}
	document, err := read(did.WebPath(base))
	if err != nil {
		return err
	}
	ours, err := did.WebDID(base)
	if err != nil {
		return fmt.Errorf("derive the issuer's DID from baseURL: %w", err)
	}
	if d, err := did.ParseDocument(document); err == nil && d.ID != ours {
		if replace {
			return nil
		}
		return hint.Errorf("is it the right place? --replace puts this site into the place of that one", "%s has the site of %s; nothing was published", place, clean(d.ID))
	}
	seen, err := outside.Live(base, func(url string) ([]byte, error) { return read(strings.TrimPrefix(url, base+"/")) })
	if err != nil {
		return err
	}
	seen.Where = place.String()
	return nothingPublished(state.Against(seen))
}

// publication is what publishing did.
type publication struct {
	SchemaVersion int      `json:"schemaVersion"`
	Place         string   `json:"place"`
	DryRun        bool     `json:"dryRun"`
	Published     bool     `json:"published"` // something was changed there
	Added         []string `json:"added"`
	Changed       []string `json:"changed"`
	Removed       []string `json:"removed"`
	Unchanged     int      `json:"unchanged"`
	// Live is whether the live site shows it: "yes", "not yet", "no answer", "not asked".
	Live string `json:"live"`
}

// list is never nil, for JSON.
func list(paths []string) []string { return append([]string{}, paths...) }

func (a *app) reportPublished(r publication) error {
	if a.json {
		return a.printJSON(r)
	}
	if r.DryRun || a.verbose {
		for _, l := range []struct {
			sign  string
			paths []string
		}{{"+", r.Added}, {"~", r.Changed}, {"-", r.Removed}} {
			for _, p := range l.paths {
				a.printf("%s %s\n", l.sign, clean(p))
			}
		}
	}
	counts := fmt.Sprintf("%s added, %d changed, %d removed, %d as they were", plural(len(r.Added), "file"), len(r.Changed), len(r.Removed), r.Unchanged)
	switch {
	case len(r.Added)+len(r.Changed)+len(r.Removed) == 0:
		a.printf("nothing to publish: %s has what public/ has (%s)\n", clean(r.Place), plural(r.Unchanged, "file"))
	case r.DryRun:
		a.printf("%s: would be %s; nothing was published\n", clean(r.Place), counts)
	default:
		a.printf("%s: %s\n", clean(r.Place), counts)
	}
	return nil
}

// lookAtLive asks the site where visitors find it.
type lookAtLive struct {
	a       *app
	base    string
	answers bool // its host did
}

// before refuses a ledger that is older than what the live site shows. A site that
// does not answer shows nothing, and that is told.
func (l *lookAtLive) before(ctx context.Context, state *ledger.State) error {
	seen, err := l.a.live(ctx, l.base)
	var answer *fetch.Error
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &answer):
		l.a.notef("%s does not answer as it should, so only the place itself was compared: %s\n", clean(l.base), clean(answer.Error()))
		return nil
	case err != nil:
		return err
	}
	l.answers = true
	return nothingPublished(state.Against(seen))
}

// Files that are looked at afterwards: all that decide, and so many of the others.
const (
	lookedAt = 20
	pause    = 5 * time.Second
)

// after waits until the live site shows what was published.
func (l *lookAtLive) after(ctx context.Context, s *host.Site, c *host.Change, wait time.Duration) (said string, late error) {
	if !l.answers {
		return "no answer", nil
	}
	want := map[string][sha256.Size]byte{} // zero: it has to be gone
	for _, f := range s.Files {
		_, added := slices.BinarySearch(c.Added, f.Path)
		_, changed := slices.BinarySearch(c.Changed, f.Path)
		if f.Turn == host.Deciding || f.Path == "index.html" || (added || changed) && f.Path != ".nojekyll" && len(want) < lookedAt {
			want[f.Path] = f.SHA256
		}
	}
	for _, p := range c.Removed[:min(len(c.Removed), lookedAt)] {
		want[p] = [sha256.Size]byte{}
	}
	told := false
	waiting, stop := context.WithTimeout(ctx, wait) // by the machine's time, whatever the date is said to be
	defer stop()
	for {
		missing, err := l.missing(ctx, want)
		switch {
		case err != nil:
			return "not yet", err
		case missing == "":
			l.a.notef("%s shows it\n", clean(l.base))
			return "yes", nil
		case waiting.Err() != nil:
			l.a.notef("%s does not show it yet: %s\nhint: is the place the one that it is served from? On GitHub: Settings > Pages. laurel audit %s tells more\n", clean(l.base), clean(missing), clean(l.base))
			return "not yet", &verdictError{exitUndetermined}
		case !told:
			told = true
			l.a.notef("published; waiting until %s shows it, which takes GitHub Pages a minute or two, and ten where a browser or a network keeps copies (Ctrl-C ends only the waiting)\n", clean(l.base))
		}
		select {
		case <-ctx.Done():
			return "not yet", ctx.Err()
		case <-time.After(pause):
		}
	}
}

// missing says which of the files the live site does not show as they should be;
// empty: it shows them all.
func (l *lookAtLive) missing(ctx context.Context, want map[string][sha256.Size]byte) (string, error) {
	o := l.a.env.Network
	o.MaxBytes = 100 << 20
	client := fetch.New(o)
	for _, p := range slices.Sorted(maps.Keys(want)) {
		r, err := client.Get(ctx, l.base+"/"+p)
		var answer *fetch.Error
		gone := want[p] == [sha256.Size]byte{}
		switch {
		case ctx.Err() != nil:
			return "", ctx.Err()
		case errors.As(err, &answer) && gone && (answer.Status == 404 || answer.Status == 410):
		case errors.As(err, &answer):
			return p + ": " + answer.Error(), nil
		case err != nil:
			return "", err
		case gone:
			return p + " is still there", nil
		case sha256.Sum256(r.Body) != want[p]:
			return p + " is another one", nil
		}
	}
	return "", nil
}
