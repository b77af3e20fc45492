package cli

import (
	"io"
	"os"
	"path/filepath"
	"time"

	"laurel/internal/standards/fetch"
)

// Environment is all that a run of the command line takes from its
// surroundings. Nothing in this package looks at the process itself, so that
// several runs, each with an Environment of its own, may go on in one process.
type Environment struct {
	// Args are the arguments, without the program's name.
	Args []string

	// Stdin, Stdout and Stderr are the standard streams. Nil is an empty input,
	// or an output that nobody reads. Progress bars, colours and questions are
	// for streams that are an *os.File of a terminal.
	Stdin          io.Reader
	Stdout, Stderr io.Writer

	// Lookup returns a variable of the environment, and whether it is set. Nil:
	// none is. Those that are looked up are LAUREL_PASSPHRASE,
	// LAUREL_NEW_PASSPHRASE, SOURCE_DATE_EPOCH, NO_COLOR and TERM, and for stores
	// that speak S3 HOME, USERPROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
	// AWS_SESSION_TOKEN, AWS_SHARED_CREDENTIALS_FILE, AWS_PROFILE and AWS_REGION.
	Lookup func(name string) (value string, ok bool)

	// All returns all variables as "name=value": git tells a merge driver in a name
	// what it merges. Nil: there are none.
	All func() []string

	// Dir is the working folder: names of files and folders in Args that are not
	// absolute lie in it. Empty: that of the process.
	Dir string

	// CacheDir is the folder in which documents from the network are kept for a
	// while, in a folder "laurel" of their own. Empty: none are kept.
	CacheDir string

	// Terminal is the device at which a passphrase is asked for, whatever the
	// standard streams are. Empty: it is not asked for, and a command that needs
	// one fails.
	Terminal string

	// KeyWork is what a guess at the passphrase of a key made here costs, as
	// Iterations of keys.Options. Zero, as it is for everybody: what is safe.
	// Nothing on the command line or around it changes that; tests do, which make
	// many keys.
	KeyWork int

	// Rehearsal tells that nothing that is signed is meant: the sample content of laurel
	// new may be, and the first signature of a site is not asked about. False, as it is
	// for everybody: nothing on the command line or around it changes that; tests do,
	// which make many sites.
	Rehearsal bool

	// Network are the limits of what is asked over the network. Tests let it reach
	// this machine.
	Network fetch.Options

	// Now is the clock. Nil: time.Now. SOURCE_DATE_EPOCH takes precedence.
	Now func() time.Time
}

// Process is the environment of the running process.
func Process() Environment {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = "" // a home is not set: nothing is kept
	}
	return Environment{Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Lookup: os.LookupEnv, All: os.Environ, CacheDir: cache, Terminal: terminalDevice, Now: time.Now}
}

// complete fills in what may be left out.
func (e Environment) complete() Environment {
	if e.Stdin == nil {
		e.Stdin = eof{}
	}
	if e.Stdout == nil {
		e.Stdout = io.Discard
	}
	if e.Stderr == nil {
		e.Stderr = io.Discard
	}
	if e.Lookup == nil {
		e.Lookup = func(string) (string, bool) { return "", false }
	}
	if e.All == nil {
		e.All = func() []string { return nil }
	}
	if e.Now == nil {
		e.Now = time.Now
	}
	return e
}

// get is a variable of the environment; empty: it is not set.
func (e Environment) get(name string) string {
	value, ok := e.Lookup(name)
	if !ok {
		return ""
	}
	return value
}

// path is where a file or folder that the command line names lies.
func (e Environment) path(name string) string {
	if name == "" || e.Dir == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(e.Dir, name)
}

// eof is an input with nothing in it.
type eof struct{}

func (eof) Read([]byte) (int, error) { return 0, io.EOF }
