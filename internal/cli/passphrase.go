package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"laurel/internal/issuing/keys"
	"laurel/internal/material/durable"
	"laurel/internal/material/hint"
)

// passphraseFlag says where a passphrase comes from: the file, else
// LAUREL_PASSPHRASE, else the terminal. There is no flag for the passphrase
// itself, which other users of the machine could read.
type passphraseFlag struct{ file string }

func (p *passphraseFlag) add(c *cobra.Command, name string) {
	c.Flags().StringVar(&p.file, name, "", "read the passphrase from the first line of this file")
}

// given tells that the passphrase does not come from the terminal.
func (p *passphraseFlag) given(a *app, variable string) bool {
	return p.file != "" || a.env.get(variable) != ""
}

// read asks once, or twice for a new passphrase.
func (p *passphraseFlag) read(ctx context.Context, a *app, variable, prompt string, isNew bool) ([]byte, error) {
	if p.file != "" {
		return firstLine(a.env.path(p.file))
	}
	if v := a.env.get(variable); v != "" {
		return []byte(v), nil
	}
	tty, err := a.openTerminal()
	if err != nil {
		return nil, misuse("set "+variable+", or use --passphrase-file", "a passphrase is needed and there is no terminal to ask for it")
	}
	defer tty.close()
	first, err := ask(ctx, tty, prompt)
	if err != nil || !isNew {
		return first, err
	}
	if len(first) == 0 {
		// Shown at the terminal alone, where it was asked for: never in an output.
		generated, err := keys.GeneratePassphrase()
		if err != nil {
			return nil, err
		}
		first = []byte(generated)
		fmt.Fprintf(tty.out, "Your new passphrase, which is shown this once; write it down and keep it safe:\n\n    %s\n\n", generated)
	} else if err := keys.CheckPassphrase(first); err != nil {
		return nil, err
	}
	second, err := ask(ctx, tty, "Again: ")
	if err != nil {
		return nil, err
	}
	defer clear(second)
	if !bytes.Equal(first, second) {
		return nil, errors.New("the two passphrases differ; nothing was written")
	}
	return first, nil
}

// terminal is where somebody is asked, whatever the standard streams are: one device,
// or two of Windows.
type terminal struct{ in, out *os.File }

// openTerminal fails where there is none.
func (a *app) openTerminal() (*terminal, error) {
	in, err := os.OpenFile(a.env.Terminal, os.O_RDWR, 0)
	if err != nil || a.env.Terminal != consoleIn {
		return &terminal{in, in}, err
	}
	out, err := os.OpenFile(consoleOut, os.O_RDWR, 0)
	if err != nil {
		in.Close()
		return nil, err
	}
	return &terminal{in, out}, nil
}

func (t *terminal) close() {
	t.in.Close()
	if t.out != t.in {
		t.out.Close()
	}
}

// ask reads a line without showing it. An interruption gives the terminal back
// as it was.
func ask(ctx context.Context, tty *terminal, prompt string) ([]byte, error) {
	before, err := term.GetState(int(tty.in.Fd()))
	if err != nil {
		return nil, fmt.Errorf("read the passphrase: %w", err)
	}
	type answer struct {
		line []byte
		err  error
	}
	answered := make(chan answer, 1)
	fmt.Fprint(tty.out, prompt)
	go func() {
		line, err := term.ReadPassword(int(tty.in.Fd()))
		answered <- answer{line, err}
	}()
	select {
	case a := <-answered:
		fmt.Fprintln(tty.out)
		if a.err != nil {
			return nil, fmt.Errorf("read the passphrase: %w", a.err)
		}
		return a.line, nil
	case <-ctx.Done():
		fmt.Fprintln(tty.out)
		return nil, errors.Join(ctx.Err(), term.Restore(int(tty.in.Fd()), before))
	}
}

// maxPassphraseFile is generous for a line a person or a generator wrote.
const maxPassphraseFile = 4096

// firstLine is that of a file that nobody but its owner can read, without a byte
// order mark or line end.
func firstLine(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the passphrase: %w", err)
	}
	defer f.Close()
	// A pipe, as of a shell's <(…), is nobody's to open.
	why, err := durable.Others(f)
	if err != nil {
		return nil, fmt.Errorf("read the passphrase: %w", err)
	}
	if why != "" {
		return nil, hint.Errorf(durable.OwnHint(path), "%s %s: others can read the passphrase", path, why)
	}
	b, err := io.ReadAll(io.LimitReader(f, maxPassphraseFile))
	if err != nil {
		return nil, fmt.Errorf("read the passphrase: %w", err)
	}
	line, _, _ := bytes.Cut(b, []byte{'\n'})
	line = bytes.TrimPrefix(bytes.TrimRight(line, "\r"), []byte("\ufeff"))
	if len(line) == 0 {
		return nil, fmt.Errorf("read the passphrase: the first line of %s is empty", path)
	}
	return line, nil
}
