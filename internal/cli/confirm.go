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

// confirmation is had before what is final, or meets many: a person at a terminal
// is asked; where nobody can be asked, the command line has to say so.
type confirmation struct {
	given bool
	flag  string // without its hyphens
}

func (c *confirmation) add(command *cobra.Command) {
	c.flag = "yes"
	command.Flags().BoolVarP(&c.given, c.flag, "y", false, "do not ask for confirmation; needed where there is no terminal to ask at")
}

// addDate is add for a date that is implausible.
func (c *confirmation) addDate(command *cobra.Command) {
	c.flag = "date-is-right"
	command.Flags().BoolVar(&c.given, c.flag, false, "sign although the clock's date lies implausibly far ahead")
}

// errDeclined says that the answer was not yes.
var errDeclined = errors.New("not confirmed; nothing was written")

// ask returns nil when what the sentences say is confirmed. Otherwise nothing may
// be written.
func (c *confirmation) ask(ctx context.Context, a *app, sentences string) error {
	if c.given {
		return nil
	}
	in, isFile := a.stdin.(*os.File)
	if !isFile || !term.IsTerminal(int(in.Fd())) {
		return misuse("if that is meant, add --"+c.flag, "%s Nothing was written: there is no terminal to ask for confirmation.", sentences)
	}
	a.notef("%s Go on? [y/N] ", sentences)
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
