package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"laurel/internal/issuing/ledger"
	"laurel/internal/material/durable"
	"laurel/internal/material/hint"
)

func (a *app) ledgerMerge() *cobra.Command {
	return &cobra.Command{
		Use:   "merge [OTHER | BASE OURS THEIRS]",
		Short: "Take in what another copy of the ledger has",
		Long: `Take in the events of another copy of the ledger, when two people signed in two
copies of the folder. Nothing of either is lost, and nothing is issued twice:
where both issued an award, or drew the same status index, the next "laurel sign"
sets it right, as "laurel plan" shows.

OTHER is a site folder, a folder of ledger files, or a commit of git. Without it,
the merge, rebase or cherry-pick that git is in the middle of is finished.

With three files it is a merge driver for git. Run once in each clone:

  ` + driverCommand,
		Example: "  laurel ledger merge ~/backup/academy\n  laurel ledger merge origin/main\n  laurel ledger merge",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 2 || len(args) > 3 {
				return misuse("laurel help ledger merge", "merge takes one other copy, the three files of a git merge driver, or nothing")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			switch len(args) {
			case 3:
				return a.driveMerge(c.Context(), a.env.path(args[1]), a.env.path(args[2]))
			case 1:
				return a.mergeOther(c.Context(), args[0])
			}
			return a.finishMerge(c.Context())
		},
	}
}

// reportMerged says what was taken in, and what the copies disagree on.
func (a *app) reportMerged(m ledger.Merged) error {
	if a.json {
		return a.printJSON(struct {
			SchemaVersion int      `json:"schemaVersion"`
			Events        int      `json:"events"`
			Credentials   int      `json:"credentials"`
			Decisions     int      `json:"decisions"`
			Twice         int      `json:"twice"`
			Shared        int      `json:"shared"`
			Moot          []string `json:"moot"`
		}{schemaVersion, m.Events, m.Credentials, m.Decisions, len(m.Twice), len(m.Shared), append([]string{}, m.Moot...)})
	}
	if m.Events == 0 {
		a.printf("nothing to merge: all that the other copy has is here\n")
		return nil
	}
	a.printf("merged %s: %s, %s\n", plural(m.Events, "event"), plural(m.Credentials, "credential"), plural(m.Decisions, "decision"))
	a.tellMerged(m)
	if m.Events > 0 {
		a.notef("next: laurel sign, then laurel build\n")
	}
	return nil
}

func (a *app) tellMerged(m ledger.Merged) {
	if n := len(m.Twice); n > 0 {
		a.notef("laurel: %s issued in both copies: the next laurel sign revokes the second credential of each\n", plural(n, "award"))
	}
	if n := len(m.Shared); n > 0 {
		a.notef("laurel: %s with a status index that another has, too: the next laurel sign issues them anew\n", plural(n, "award"))
	}
	for _, why := range m.Moot {
		a.notef("laurel: %s\n", clean(why))
	}
}

// mergeOther merges a folder or a commit into this folder's ledger.
func (a *app) mergeOther(ctx context.Context, name string) error {
	if err := a.inSite(); err != nil {
		return err
	}
	dir := a.env.path(name)
	switch {
	case isFolder(filepath.Join(dir, "content", "ledger")):
		dir = filepath.Join(dir, "content", "ledger")
	case !isFolder(dir):
		temporary, err := os.MkdirTemp("", "laurel-ledger-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(temporary)
		inside, err := git(ctx, a.dir, "rev-parse", "--show-prefix")
		if err == nil {
			err = extract(ctx, a.dir, name, strings.TrimSpace(inside)+"content/ledger", temporary)
		}
		if err != nil {
			return fmt.Errorf("%s is neither a folder nor a commit of git: %w", clean(name), err)
		}
		dir = temporary
	}
	other, err := ledger.Open(dir, ledger.Options{})
	if err != nil {
		return fmt.Errorf("read the other ledger: %w", err)
	}
	defer other.Close()
	if other.State().Mark().Seq == 0 {
		return fmt.Errorf("there is no ledger in %s", clean(name))
	}
	now, err := a.now()
	if err != nil {
		return err
	}
	raw, err := ledger.OpenWriter(a.ledgerDir(), ledger.Options{Now: now})
	if err != nil {
		return fmt.Errorf("open the ledger: %w", err)
	}
	w := &writer{raw, a, raw.State().Mark().Seq}
	defer w.Close()
	if other.State().HasMerged(raw.State().Mark()) {
		defer a.remember(other.State().Mark())
		m := beyond(raw.State(), other.State())
		if err := replaceLedger(dir, a.ledgerDir()); err != nil {
			return err
		}
		return a.reportMerged(m)
	}
	m, err := w.Merge(ctx, other)
	if err != nil {
		return fmt.Errorf("merge the ledgers: %w", err)
	}
	return a.reportMerged(m)
}

// finishMerge does what git could not: it merges the ledgers of the two commits
// that git is merging, rebasing or picking.
func (a *app) finishMerge(ctx context.Context) error {
	if err := a.inSite(); err != nil {
		return err
	}
	ours, theirs, err := a.mergingCommits(ctx)
	if err != nil {
		return err
	}
	inside, err := git(ctx, a.dir, "rev-parse", "--show-prefix")
	if err != nil {
		return err
	}
	temporary, err := os.MkdirTemp("", "laurel-ledger-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	one, other := filepath.Join(temporary, "ours"), filepath.Join(temporary, "theirs")
	folder := strings.TrimSpace(inside) + "content/ledger"
	if err := errors.Join(extract(ctx, a.dir, ours, folder, one), extract(ctx, a.dir, theirs, folder, other)); err != nil {
		return err
	}
	m, result, err := mergeFolders(ctx, one, other, 0)
	if err != nil {
		return err
	}
	if err := replaceLedger(result, a.ledgerDir()); err != nil {
		return err
	}
	a.notef("now: git add content/ledger, and go on with git (git commit, git rebase --continue or git cherry-pick --continue)\n")
	return a.reportMerged(m)
}

// mergingCommits are the two sides of what git is in the middle of; or, after a
// merge that took one side's ledger, of that.
func (a *app) mergingCommits(ctx context.Context) (ours, theirs string, err error) {
	for _, name := range []string{"MERGE_HEAD", "CHERRY_PICK_HEAD", "REBASE_HEAD"} {
		if _, err := git(ctx, a.dir, "rev-parse", "--verify", "--quiet", name+"^{commit}"); err == nil {
			return "HEAD", name, nil
		}
	}
	if _, err := git(ctx, a.dir, "rev-parse", "--verify", "--quiet", "HEAD^2"); err == nil {
		return "HEAD^1", "HEAD^2", nil
	}
	return "", "", hint.Errorf("name the other copy: laurel ledger merge OTHER, a site folder or a commit", "git is not merging anything here")
}

// extract writes the segments of a commit's ledger to a folder.
func extract(ctx context.Context, repository, commit, folder, to string) error {
	if strings.HasPrefix(commit, "-") {
		return fmt.Errorf("%s is not a commit", commit)
	}
	out, err := git(ctx, repository, "ls-tree", "--full-tree", commit, folder+"/")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	for line := range strings.Lines(out) {
		info, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		f := strings.Fields(info)
		if len(f) != 3 || f[1] != "blob" || path.Ext(name) != ".jsonl" {
			continue
		}
		if err := blob(ctx, repository, f[2], filepath.Join(to, path.Base(name))); err != nil {
			return err
		}
	}
	return nil
}

func blob(ctx context.Context, repository, id, to string) error {
	data, err := git(ctx, repository, "cat-file", "blob", id)
	if err != nil {
		return fmt.Errorf("read %s: %w", id, err)
	}
	return os.WriteFile(to, []byte(data), 0o600)
}

// mergeFolders merges the ledger in other into the one in folder one, and returns the
// folder that has all: other, where it took the one in before. maxSegment 0 is the
// usual one.
func mergeFolders(ctx context.Context, one, other string, maxSegment int64) (ledger.Merged, string, error) {
	w, err := ledger.OpenWriter(one, ledger.Options{MaxSegment: maxSegment})
	if err != nil {
		return ledger.Merged{}, "", fmt.Errorf("read our ledger: %w", err)
	}
	defer w.Close()
	l, err := ledger.Open(other, ledger.Options{})
	if err != nil {
		return ledger.Merged{}, "", fmt.Errorf("read their ledger: %w", err)
	}
	defer l.Close()
	if l.State().HasMerged(w.State().Mark()) {
		return beyond(w.State(), l.State()), other, nil
	}
	m, err := w.Merge(ctx, l)
	if err != nil {
		return m, "", fmt.Errorf("merge the ledgers: %w", err)
	}
	return m, one, w.Close()
}

// beyond counts what a ledger has that took in all of another.
func beyond(one, all *ledger.State) ledger.Merged {
	a, b := one.Mark(), all.Mark()
	return ledger.Merged{Events: int(b.Seq - a.Seq), Credentials: b.Credentials - a.Credentials, Decisions: b.Decisions - a.Decisions}
}

// replaceLedger puts the segments of one folder in the place of those of another.
// Git has both sides, so that nothing is lost where this is cut off.
func replaceLedger(from, to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	names, err := segments(from)
	if err != nil {
		return err
	}
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		if err := durable.ReplaceFile(filepath.Join(to, name), data, 0o600); err != nil {
			return err
		}
	}
	there, err := segments(to)
	if err != nil {
		return err
	}
	for _, name := range there {
		if !slices.Contains(names, name) {
			if err := os.Remove(filepath.Join(to, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// segments are the names of a ledger's files, in order.
func segments(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".jsonl" {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// driveMerge merges two versions of one segment for git, which calls it for every
// segment that both sides changed or added, with files of no telling name, and
// takes the others as they are. Ours stays as it is, with what theirs has beyond it
// behind its last line: so every segment of ours but the last comes out unchanged,
// and the last takes in all of theirs. That gives a whole ledger where both sides
// have as many segments; else the merge is left to "laurel ledger merge".
func (a *app) driveMerge(ctx context.Context, ours, theirs string) error {
	one, err := os.ReadFile(ours)
	if err != nil {
		return err
	}
	two, err := os.ReadFile(theirs)
	if err != nil {
		return err
	}
	temporary, err := os.MkdirTemp("", "laurel-ledger-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	d := &mergeDriver{dir: a.env.Dir, variables: a.env.All(), ours: filepath.Join(temporary, "ours"), theirs: filepath.Join(temporary, "theirs")}
	if err := errors.Join(os.Mkdir(d.ours, 0o700), os.Mkdir(d.theirs, 0o700)); err != nil {
		return err
	}
	name, err := d.prepare(ctx, one, two)
	if err != nil || name == "" {
		return err
	}
	mine, err1 := segments(d.ours)
	other, err2 := segments(d.theirs)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	m, result, err := mergeFolders(ctx, d.ours, d.theirs, 1<<62)
	switch {
	case err != nil:
		return err
	case result == d.ours && len(mine) != len(other) && m.Events > 0, len(mine) > len(other):
		return hint.Errorf("run laurel ledger merge, then git add content/ledger, and go on with git",
			"one side has %d segments of the ledger and the other %d, which git cannot merge one by one", len(mine), len(other))
	}
	data, err := os.ReadFile(filepath.Join(result, name))
	if err != nil {
		return err
	}
	if name == mine[len(mine)-1] {
		a.tellMerged(m)
	}
	return os.WriteFile(ours, data, 0o600)
}

// mergeDriver gathers the two ledgers that git is merging, of which it shows one
// segment.
type mergeDriver struct {
	dir          string   // of the work tree
	variables    []string // of the environment
	ours, theirs string   // folders
}

// prepare fills the folders, and returns the name of the segment; empty: it is to
// stay as it is.
func (d *mergeDriver) prepare(ctx context.Context, one, two []byte) (string, error) {
	simple := sameStart(one, two) && !isEnded(one) && !isEnded(two)
	if simple && bytes.HasPrefix(one, []byte(`{"seq":1,`)) {
		return ledger.FirstSegment, d.write(ledger.FirstSegment, one, two)
	}
	folder, name, err := d.place(ctx, one)
	if err != nil || name == "" {
		return "", err // not ours, but a base of two that git makes up: any will do
	}
	own, err := d.index(ctx, folder)
	if err != nil {
		return "", err
	}
	for file, id := range own {
		if err := blob(ctx, d.dir, id, filepath.Join(d.ours, file)); err != nil {
			return "", err
		}
		if simple && file < name { // the beginnings are the same
			if err := blob(ctx, d.dir, id, filepath.Join(d.theirs, file)); err != nil {
				return "", err
			}
		}
	}
	if simple {
		return name, d.write(name, one, two)
	}
	return name, d.find(ctx, folder, name, two)
}

func (d *mergeDriver) write(name string, one, two []byte) error {
	return errors.Join(os.WriteFile(filepath.Join(d.ours, name), one, 0o600), os.WriteFile(filepath.Join(d.theirs, name), two, 0o600))
}

// sameStart tells whether two segments begin with the same line, so that all
// before is the same, too: each line has the hash of the one before it.
func sameStart(one, two []byte) bool {
	a, _, ok1 := bytes.Cut(one, []byte{'\n'})
	b, _, ok2 := bytes.Cut(two, []byte{'\n'})
	return ok1 && ok2 && bytes.Equal(a, b)
}

// isEnded tells whether another segment follows.
func isEnded(segment []byte) bool { return bytes.HasSuffix(segment, []byte("\n\n")) }

// place finds which file of the repository ours is.
func (d *mergeDriver) place(ctx context.Context, one []byte) (folder, name string, err error) {
	id, err := hashOf(ctx, d.dir, one)
	if err != nil {
		return "", "", err
	}
	out, err := git(ctx, d.dir, "ls-files", "--stage", "--full-name", ":/")
	if err != nil {
		return "", "", err
	}
	for line := range strings.Lines(out) {
		info, file, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if f := strings.Fields(info); len(f) == 3 && f[1] == id && path.Ext(file) == ".jsonl" && strings.HasSuffix("/"+path.Dir(file), "/content/ledger") {
			return path.Dir(file), path.Base(file), nil
		}
	}
	return "", "", nil
}

// index are the segments of ours: git's index is that until the merge is done.
func (d *mergeDriver) index(ctx context.Context, folder string) (map[string]string, error) {
	out, err := git(ctx, d.dir, "ls-files", "--stage", "--full-name", "--", ":/"+folder)
	if err != nil {
		return nil, err
	}
	ids := map[string]string{}
	for line := range strings.Lines(out) {
		info, file, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if f := strings.Fields(info); len(f) == 3 && path.Ext(file) == ".jsonl" {
			ids[path.Base(file)] = f[1]
		}
	}
	return ids, nil
}

// find fills in theirs from the commit that git is merging in. Git tells a driver
// nothing about it but in the names of variables, or in its files.
func (d *mergeDriver) find(ctx context.Context, folder, name string, two []byte) error {
	id, err := hashOf(ctx, d.dir, two)
	if err != nil {
		return err
	}
	var commits []string
	for _, v := range d.variables {
		if v, ok := strings.CutPrefix(v, "GITHEAD_"); ok {
			commit, _, _ := strings.Cut(v, "=")
			commits = append(commits, commit)
		}
	}
	commits = append(commits, "MERGE_HEAD", "CHERRY_PICK_HEAD", "REBASE_HEAD")
	for _, file := range []string{"rebase-merge/done", "sequencer/todo"} {
		out, err := git(ctx, d.dir, "rev-parse", "--git-path", file)
		if err != nil {
			continue
		}
		text, err := os.ReadFile(filepath.Join(d.dir, strings.TrimSpace(out)))
		for line := range strings.Lines(string(text)) {
			if f := strings.Fields(line); err == nil && len(f) > 1 && !strings.HasPrefix(f[1], "-") {
				commits = append(commits, f[1])
			}
		}
	}
	slices.Reverse(commits) // the newest of a list is what is being done
	// A single pick leaves no trace before it is done: the commit that this version of
	// the segment came with.
	if out, err := git(ctx, d.dir, "log", "--all", "--format=%H", "--find-object="+id); err == nil {
		commits = append(commits, strings.Fields(out)...)
	}
	for _, commit := range commits {
		out, err := git(ctx, d.dir, "rev-parse", "--verify", "--quiet", commit+":"+folder+"/"+name)
		if err == nil && strings.TrimSpace(out) == id {
			return extract(ctx, d.dir, commit, folder, d.theirs)
		}
	}
	return hint.Errorf("run laurel ledger merge, then git add content/ledger, and go on with git",
		"this segment of the ledger is merged with those before it, and git does not say of which commit it is")
}

func hashOf(ctx context.Context, dir string, data []byte) (string, error) {
	f, err := os.CreateTemp("", "laurel-blob-")
	if err != nil {
		return "", err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err := errors.Join(err, f.Close()); err != nil {
		return "", err
	}
	out, err := git(ctx, dir, "hash-object", "--no-filters", f.Name())
	return strings.TrimSpace(out), err
}
