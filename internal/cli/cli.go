// Package cli is laurel's face: commands, flags, printing and exit codes. It
// wires the stages together, one page each for plan, sign and build, and is
// the only package that reads the clock and the environment: see Environment.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

// Exit codes.
const (
	exitGood         = 0
	exitProblem      = 1 // content is wrong, a credential is not valid
	exitMisused      = 2
	exitUndetermined = 3 // something needed for a verdict could not be had
)

// schemaVersion is that of every --json output. Members may be added under the
// same version; none changes its meaning.
const schemaVersion = 1

// Main runs one command line and returns its exit code. An interrupt of the
// process ends the run in good order.
func Main(ctx context.Context, env Environment) int {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second one ends the process at once
	env = env.complete()
	out := &output{to: env.Stdout}
	a := &app{env: env, stdin: env.Stdin, stdout: out, stderr: env.Stderr}
	root := a.root()
	root.SetArgs(env.Args)
	root.SetIn(env.Stdin)
	root.SetOut(out)
	root.SetErr(env.Stderr)
	return a.report(out.check(root.ExecuteContext(ctx)))
}

// app is one run of the command line.
type app struct {
	env    Environment
	stdin  io.Reader
	stdout *output
	stderr io.Writer

	dir     string // -C
	json    bool
	verbose bool
	running bool // a command has begun: what fails now is not misuse of flags
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "laurel",
		Short: "Publish verifiable learning and employment records from a folder",
		Long: `Laurel reads achievement definitions and award lists from a folder, signs
Open Badges 3.0 credentials offline, and writes a static site.

  laurel new academy            create a site folder
  cd academy
  laurel key new                make the key that signs
  laurel plan                   see what would be signed
  laurel sign                   sign it
  laurel build                  write public/, ready for any static host`,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRun: func(c *cobra.Command, _ []string) {
			a.running = true
			a.findDir(c)
		},
		RunE: func(c *cobra.Command, args []string) error {
			return c.Help()
		},
		Args: known,
	}
	root.SetVersionTemplate("laurel {{.Version}}\n")
	root.PersistentFlags().StringVarP(&a.dir, "dir", "C", ".", "the site folder")
	root.PersistentFlags().BoolVar(&a.json, "json", false, "print JSON")
	root.PersistentFlags().BoolVarP(&a.verbose, "verbose", "v", false, "print more about what is done")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return &usageError{err: err, command: c.CommandPath()} })
	root.AddCommand(
		a.newCommand(), a.keyCommand(), a.planCommand(), a.signCommand(), a.buildCommand(), a.serveCommand(),
		a.revokeCommand(), a.suspendCommand(), a.reinstateCommand(), a.reissueCommand(),
		a.listCommand(), a.showCommand(), a.renewCommand(), a.recordCommand(), a.claimLinksCommand(), a.withdrawCommand(), a.ledgerCommand(),
		a.importCommand(), a.verifyCommand(), a.auditCommand(), a.moveCommand(), a.deliverCommand(), a.publishCommand(), a.discloseCommand(), a.themeCommand(),
	)
	a.addHelp(root)
	for _, c := range root.Commands() {
		if c.HasSubCommands() {
			c.Args, c.RunE = known, root.RunE
		}
	}
	return root
}

// nearest are the commands below one that a mistyped one may be; empty: none is near.
func nearest(c *cobra.Command, typed string) string {
	c.SuggestionsMinimumDistance = 2
	return strings.Join(c.SuggestionsFor(typed), " or ")
}

// known refuses what is no command, and says which one was perhaps meant.
func known(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	try := c.CommandPath() + " --help lists all commands"
	if near := nearest(c, args[0]); near != "" {
		try = "did you mean " + c.CommandPath() + " " + near + "?"
	}
	return misuse(try, "there is no command %s %s", c.CommandPath(), clean(args[0]))
}

// Set by the linker, in "make build" and "make release": what git describe says of the
// sources, and the time of their commit (RFC 3339). Empty: they are from no repository.
var linkedVersion, linkedTime string

// version is that of a tag, or "devel" with what else is known of the sources.
func version() string {
	v := linkedVersion
	if info, ok := debug.ReadBuildInfo(); v == "" && ok && info.Main.Version != "(devel)" {
		v = info.Main.Version // as "go install" has it
	}
	if strings.HasPrefix(v, "v") {
		return v
	}
	return strings.TrimSpace("devel " + v)
}

// Commands is the command line, to be described: manual pages and completions are made
// of it.
func Commands() *cobra.Command { return (&app{env: Environment{}.complete()}).root() }

// now is the time of this run: SOURCE_DATE_EPOCH, or the clock.
func (a *app) now() (time.Time, error) {
	epoch := a.env.get("SOURCE_DATE_EPOCH")
	if epoch == "" {
		return a.env.Now().UTC().Truncate(time.Second), nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return time.Time{}, &usageError{err: fmt.Errorf("SOURCE_DATE_EPOCH is %q, not a number of seconds", epoch)}
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// printf writes what was asked for.
func (a *app) printf(format string, args ...any) { fmt.Fprintf(a.stdout, format, args...) }

// notef writes everything else.
func (a *app) notef(format string, args ...any) { fmt.Fprintf(a.stderr, format, args...) }

// detailf writes what only -v wants.
func (a *app) detailf(format string, args ...any) {
	if a.verbose {
		a.notef(format, args...)
	}
}

// usageError is a command line that cannot be carried out as it stands.
type usageError struct {
	err     error
	command string
	hint    string
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func misuse(hint, format string, args ...any) error {
	return &usageError{err: fmt.Errorf(format, args...), hint: hint}
}

// verdictError ends a command whose output has said what there is to say.
type verdictError struct{ code int }

func (e *verdictError) Error() string { return "exit " + strconv.Itoa(e.code) }

// report prints an error with its hint and returns the exit code.
func (a *app) report(err error) int {
	if err == nil {
		return exitGood
	}
	var verdict *verdictError
	if errors.As(err, &verdict) {
		return verdict.code
	}
	var usage *usageError
	var lost *outputError
	if errors.As(err, &usage) || !a.running && !errors.As(err, &lost) {
		a.notef("laurel: %s\n", cleanLines(err.Error()))
		switch {
		case usage != nil && usage.hint != "":
			a.notef("hint: %s\n", usage.hint)
		case usage != nil && usage.command != "":
			a.notef("hint: %s --help\n", usage.command)
		case !strings.Contains(err.Error(), "Did you mean"):
			a.notef("hint: laurel --help\n")
		}
		return exitMisused
	}
	a.reportProblem(err)
	return exitProblem
}
