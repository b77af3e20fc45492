package host

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"laurel/internal/material/hint"
)

// Git is a branch of a repository. What is published is one commit without a parent,
// so that what was taken off the site is in no history; its author, date and message
// name nobody. It is made in a repository of its own, in a temporary folder, which
// has never seen another file than those of public/.
//
// The git program is run with the user's own settings as far as these say how to
// reach a repository: credential helpers, ssh, proxies, insteadOf. Filters,
// attributes, hooks and signatures of theirs have no effect.
type Git struct {
	// Repository is an address as git takes it, or a path, relative to Dir.
	Repository string
	Branch     string
	Dir        string
	// Env is the environment that git runs in, as "name=value".
	Env []string
	// Now is the date of the commit.
	Now time.Time
}

// Author and message of every commit. The e-mail address can be nobody's; a commit
// that has it was made by laurel.
const (
	gitName    = "laurel"
	gitEmail   = "laurel@publish.invalid"
	gitMessage = "Publish"
)

// Names in the temporary repository.
const (
	gitRemote = "there"
	gitFound  = "refs/laurel/found" // what the branch is
	gitBuilt  = "refs/laurel/built" // what it is to be
)

func (g *Git) String() string { return "branch " + g.Branch + " of " + g.Repository }

// gitRun is git in a temporary repository.
type gitRun struct {
	*Git
	folder string
	env    []string
}

// Compare fetches the branch, without its history, and holds it against the site.
func (g *Git) Compare(ctx context.Context, s *Site) (*Change, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return nil, hint.Errorf("install git, or publish to a folder and bring that to its place in another way", "there is no git program here")
	}
	folder, err := os.MkdirTemp("", "laurel-publish-")
	if err != nil {
		return nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	r := &gitRun{g, folder, nil}
	r.env = r.environment()
	c, err := r.compare(ctx, s)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return c, nil
}

func (r *gitRun) compare(ctx context.Context, s *Site) (*Change, error) {
	tip, err := r.tip(ctx)
	if err != nil {
		return nil, err
	}
	format := "sha1"
	if len(tip) == 64 {
		format = "sha256"
	}
	for _, args := range [][]string{
		{"init", "--quiet", "--bare", "--template=", "--object-format=" + format, r.folder},
		{"config", "remote." + gitRemote + ".url", r.Repository},
	} {
		if _, err := r.git(ctx, nil, args...); err != nil {
			return nil, fmt.Errorf("make a temporary repository: %w", err)
		}
	}
	there := map[string]string{}
	if tip != "" {
		if there, err = r.found(ctx); err != nil {
			return nil, err
		}
	}
	if err := refuseSiteFolder(r.String(), maps.Keys(there)); err != nil {
		return nil, err
	}
	if err := r.commit(ctx, s); err != nil {
		return nil, err
	}
	built, err := r.tree(ctx, gitBuilt)
	if err != nil {
		return nil, err
	}
	c := &Change{close: func() error { return os.RemoveAll(r.folder) }}
	for p, id := range built {
		switch was, ok := there[p]; {
		case !ok:
			c.Added = append(c.Added, p)
		case was != id:
			c.Changed = append(c.Changed, p)
		default:
			c.Unchanged++
		}
	}
	for p := range there {
		if _, ok := built[p]; !ok {
			c.Removed = append(c.Removed, p)
		}
	}
	ours := s.Ours
	if tip != "" && c.Steps() > 0 {
		if ours, err = r.ours(ctx, ours); err != nil {
			return nil, err
		}
	}
	c.sort(ours)
	c.read = func(ctx context.Context, p string) ([]byte, error) {
		if _, ok := there[p]; !ok {
			return nil, nil
		}
		return r.git(ctx, nil, "cat-file", "blob", gitFound+":"+p)
	}
	c.apply = func(ctx context.Context, done func(int)) error {
		if err := r.push(ctx, tip); err != nil {
			return err
		}
		done(c.Steps())
		return nil
	}
	return c, nil
}

// tip is the commit that the branch is at; empty: there is no such branch.
func (r *gitRun) tip(ctx context.Context) (string, error) {
	out, err := r.git(ctx, nil, "ls-remote", "--", r.Repository, "refs/heads/"+r.Branch)
	if err != nil {
		return "", r.unreachable(err)
	}
	for line := range strings.Lines(string(out)) {
		if id, name, _ := strings.Cut(strings.TrimSpace(line), "\t"); name == "refs/heads/"+r.Branch {
			return id, nil // the pattern also finds refs that end so
		}
	}
	return "", nil
}

func (r *gitRun) unreachable(err error) error {
	return hint.Errorf("check the address, that the repository exists, and that \"git ls-remote "+r.Repository+"\" works: credentials are git's own matter", "reach %s: %w", r.Repository, err)
}

// found fetches the commit that the branch is at, and returns its files. Where the
// server can, their content stays there.
func (r *gitRun) found(ctx context.Context) (map[string]string, error) {
	_, err := r.git(ctx, nil, "fetch", "--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head", "--filter=blob:none", gitRemote, "+refs/heads/"+r.Branch+":"+gitFound)
	if err != nil {
		return nil, r.unreachable(err)
	}
	return r.tree(ctx, gitFound)
}

// tree are the files of a commit: mode and object by path.
func (r *gitRun) tree(ctx context.Context, commit string) (map[string]string, error) {
	out, err := r.git(ctx, nil, "ls-tree", "-r", "-z", "--full-tree", commit)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", commit, err)
	}
	files := map[string]string{}
	for line := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		if what, p, ok := strings.Cut(line, "\t"); ok {
			files[p] = what
		}
	}
	return files, nil
}

// ours is what of the branch laurel wrote: all of a commit of its own, and what has
// a name of laurel's nowhere else, since a branch with other commits is not for a
// site alone.
func (r *gitRun) ours(ctx context.Context, named func(string) bool) (func(string) bool, error) {
	out, err := r.git(ctx, nil, "cat-file", "commit", gitFound)
	if err != nil {
		return nil, fmt.Errorf("read the commit of %s: %w", r.String(), err)
	}
	head, _, _ := strings.Cut(string(out), "\n\n")
	if strings.Contains(head, "\ncommitter "+gitName+" <"+gitEmail+"> ") && !strings.Contains(head, "\nparent ") {
		return func(string) bool { return true }, nil
	}
	return named, nil
}

// commit writes the site as one commit. Fast-import takes the bytes as they are, and
// writes one pack, where each object would be a file otherwise.
func (r *gitRun) commit(ctx context.Context, s *Site) error {
	pipe, in := io.Pipe()
	streamed := make(chan error, 1)
	go func() {
		w := bufio.NewWriterSize(in, 1<<20)
		err := errors.Join(r.stream(w, s), w.Flush())
		in.CloseWithError(err)
		streamed <- err
	}()
	_, err := r.git(ctx, pipe, "fast-import", "--quiet", "--done")
	pipe.Close() // ends the stream where git has ended first
	if cause := <-streamed; cause != nil && !errors.Is(cause, io.ErrClosedPipe) {
		return cause // git's complaint follows from it
	}
	if err != nil {
		return fmt.Errorf("make the commit: %w", err)
	}
	return nil
}

func (r *gitRun) stream(w io.Writer, s *Site) error {
	fmt.Fprintf(w, "commit %s\ncommitter %s <%s> %d +0000\ndata %d\n%s\n", gitBuilt, gitName, gitEmail, r.Now.Unix(), len(gitMessage), gitMessage)
	for _, f := range s.Files {
		data, err := s.read(f)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "M 100644 inline %s\ndata %d\n", quoteForGit(f.Path), len(data)); err != nil {
			return err
		}
		if _, err := w.Write(append(data, '\n')); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "done\n")
	return err
}

// quoteForGit is a path as a C string.
func quoteForGit(p string) string {
	var b bytes.Buffer
	b.WriteByte('"')
	for _, c := range []byte(p) {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < 0x20 || c >= 0x7f:
			fmt.Fprintf(&b, "\\%03o", c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// push puts the commit in the place of the one that was compared, and no other.
func (r *gitRun) push(ctx context.Context, tip string) error {
	branch := "refs/heads/" + r.Branch
	_, err := r.git(ctx, nil, "push", "--quiet", "--no-verify", "--force-with-lease="+branch+":"+tip, gitRemote, gitBuilt+":"+branch) // a + would take force and leave out the lease
	if err != nil && strings.Contains(err.Error(), "stale info") {
		return hint.Errorf("laurel publish compares anew, and shows what it would change", "%s was published by somebody else meanwhile; nothing was pushed", r.String())
	}
	if err != nil {
		return hint.Errorf("check that you may push there, and that the branch is not protected", "push to %s: %w", r.String(), err)
	}
	return nil
}

// notForGit are variables that would lead git elsewhere, or write somebody's name
// into what is published.
var notForGit = []string{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
	"GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE", "GIT_REPLACE_REF_BASE", "GIT_QUARANTINE_PATH",
	"GIT_DEFAULT_HASH", "GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_LITERAL_PATHSPECS", "LC_ALL", "LANGUAGE", "LC_MESSAGES"}

func (r *gitRun) environment() []string {
	env := slices.DeleteFunc(slices.Clone(r.Env), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains(notForGit, name) || strings.HasPrefix(name, "GIT_AUTHOR_") || strings.HasPrefix(name, "GIT_COMMITTER_")
	})
	return append(env, "LC_ALL=C", "GIT_DIR="+r.folder, "GIT_NO_REPLACE_OBJECTS=1", "GIT_ALLOW_PROTOCOL=https:ssh:file")
}

// git runs git in the temporary repository. Its complaints are the error.
func (r *gitRun) git(ctx context.Context, in io.Reader, args ...string) ([]byte, error) {
	none := filepath.Join(r.folder, "none") // not there
	c := exec.CommandContext(ctx, "git", append([]string{"-c", "core.hooksPath=" + none, "-c", "core.fsmonitor=false", "-c", "core.attributesFile=" + none,
		"-c", "core.excludesFile=" + none, "-c", "protocol.version=2", "-c", "push.gpgSign=false", "-c", "push.followTags=false", "-c", "push.recurseSubmodules=no",
		"-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "core.bigFileThreshold=" + strconv.Itoa(512<<20), "-c", "transfer.fsckObjects=false"}, args...)...)
	c.Dir, c.Env, c.Stdin = r.Dir, r.env, in
	var out, complaints bytes.Buffer
	c.Stdout, c.Stderr = &out, &complaints
	err := c.Run()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if text := strings.TrimSpace(complaints.String()); err != nil && text != "" {
		err = errors.New(text)
	}
	return out.Bytes(), err
}
