package cli

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"laurel/internal/issuing/ledger"
	"laurel/internal/material/hint"
	"laurel/internal/publishing/outside"
	"laurel/internal/standards/fetch"
)

// seen is what is known of the ledger in this folder, outside of it. It is looked
// up before the ledger is opened, so that what another laurel writes meanwhile
// cannot be ahead of it. While git has not merged the ledger nothing is believed.
func (a *app) seen() ([]ledger.Seen, error) {
	if unmerged(a.dir) {
		return nil, errUnmerged
	}
	return a.outsideHere()
}

// outsideHere is what .laurel/ and public/ know of the ledger.
func (a *app) outsideHere() ([]ledger.Seen, error) {
	mark, err := outside.ReadMark(a.dir)
	if err != nil {
		return nil, err
	}
	public, err := outside.Folder(a.dir)
	if err != nil {
		return nil, err
	}
	return []ledger.Seen{{Where: outside.HeadFile, Mark: mark}, public}, nil
}

var errUnmerged = hint.Errorf("run laurel ledger merge, then git add content/ledger and git commit; \"laurel ledger status\" tells how git does it by itself",
	"git has not merged content/ledger/: two copies of the folder both signed; nothing was written")

// nothingWritten says so of a ledger that is refused, for commands that write.
func nothingWritten(err error) error {
	var behind *ledger.OutsideError
	if errors.As(err, &behind) {
		return fmt.Errorf("%w; nothing was written", err)
	}
	return err
}

// unmerged tells whether git has conflicts in the ledger. Where there is no git,
// or no repository, there are none.
func unmerged(dir string) bool {
	out, err := git(context.Background(), dir, "ls-files", "--unmerged", "--", "content/ledger")
	return err == nil && strings.TrimSpace(out) != ""
}

// git runs git in a folder. No program that the repository's configuration names
// is run on the way.
func git(ctx context.Context, dir string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, "git", append([]string{"-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"}, args...)...)
	c.Dir = dir
	out, err := c.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		err = errors.New(strings.TrimSpace(string(exit.Stderr)))
	}
	return string(out), err
}

// writer is the ledger opened for writing. Close also writes down how far it got.
type writer struct {
	*ledger.Writer
	a     *app
	began int64
}

// Close gives the ledger free and remembers its newest event in .laurel/head.json.
func (w *writer) Close() error {
	mark := w.State().Mark()
	err := w.Writer.Close()
	if mark.Seq > w.began {
		w.a.remember(mark)
	}
	return err
}

// remember writes .laurel/head.json. The ledger is safe already, so a failure is
// told, and is not one of the command.
func (a *app) remember(m ledger.Mark) {
	if err := outside.WriteMark(a.dir, m); err != nil {
		a.notef("laurel: %s\n", cleanLines(err.Error()))
	}
}

// live asks the live site what it shows of the ledger. base is its URL; empty: that
// of the content.
func (a *app) live(ctx context.Context, base string) (ledger.Seen, error) {
	if base == "" {
		content, err := a.loadContent()
		if err != nil {
			return ledger.Seen{}, err
		}
		base = content.BaseURL
	}
	client := fetch.New(a.env.Network)
	seen, err := outside.Live(strings.TrimSuffix(base, "/"), func(url string) ([]byte, error) {
		a.detailf("asking %s\n", clean(url))
		r, err := client.Get(ctx, url)
		var answer *fetch.Error
		switch {
		case errors.As(err, &answer) && answer.Reason == fetch.BadStatus && (answer.Status == 404 || answer.Status == 410):
			return nil, nil
		case err != nil:
			return nil, err
		}
		return r.Body, nil
	})
	if err != nil {
		return seen, hint.Errorf("without a network, or before the site is published for the first time, leave out --live", "look at the live site: %w", err)
	}
	return seen, nil
}
