package cli

import (
	"bufio"
	"context"
	"errors"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// confirmation asks before a whole cohort meets a decision that is final. It
// asks people only: where standard input is no terminal, a script has decided.
type confirmation struct {
	yes  bool
	what string // a sentence with a place for the awards; empty: nothing is asked
}

func (c *confirmation) add(command *cobra.Command, what string) {
	c.what = what
	command.Flags().BoolVarP(&c.yes, "yes", "y", false, "do not ask for confirmation when a whole cohort is named")
}

// errDeclined says that the answer was not yes.
var errDeclined = errors.New("not confirmed; nothing was written")

func (c *confirmation) ask(ctx context.Context, a *app, awards int) error {
	in, isFile := a.stdin.(*os.File)
	if c.what == "" || c.yes || !isFile || !term.IsTerminal(int(in.Fd())) {
		return nil
	}
	a.notef(c.what+" Go on? [y/N] ", plural(awards, "award"))
	answered := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(in).ReadString('\n') // an end without an answer is a no
		answered <- line
	}()
	select {
	case line := <-answered:
		if answer := strings.ToLower(strings.TrimSpace(line)); answer != "y" && answer != "yes" {
			return errDeclined
		}
		return nil
	case <-ctx.Done():
		a.notef("\n")
		return ctx.Err()
	}
}
