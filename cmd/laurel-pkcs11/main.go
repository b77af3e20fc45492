// Command laurel-pkcs11 is a signing program for laurel: it signs with the keys of a
// token that speaks PKCS #11, which are HSMs, smart cards and what is made to look like
// them. It speaks the protocol of laurel/internal/issuing/signer.
//
// It is the one program here that needs cgo, as the modules of tokens are libraries
// in C; built without, it says so. laurel itself stays without, and a fault in a
// module is not one in laurel.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"laurel/internal/issuing/signer"
)

const usage = `laurel-pkcs11 signs for laurel with the keys of a PKCS #11 token.

  laurel key new --exec "laurel-pkcs11 --module FILE [--token LABEL] [--pin-file FILE]"

  --module FILE    the token's library, such as /usr/lib/softhsm/libsofthsm2.so
  --token LABEL    the token, where there are several
  --pin-file FILE  the PIN is the first line of this file, which only you can read

Without --pin-file the PIN is in LAUREL_PIN; without both, laurel asks for it. There is
no flag for the PIN itself, which other users of the machine could read.

It offers all private keys that may sign, of Ed25519, P-256, P-384 and RSA, whose
public half or certificate has the same ID. pkcs11-tool of OpenSC makes some:

  pkcs11-tool --module FILE --login --keypairgen --key-type EC:edwards25519 --id 01 --label laurel
  pkcs11-tool --module FILE --login --keypairgen --key-type EC:prime256v1 --id 02 --label laurel-p256

"laurel help signer" says how laurel uses it.
`

// settings are what the command line says.
type settings struct{ module, token, pinFile string }

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "laurel-pkcs11: %v\n", err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer) error {
	var s settings
	flags := flag.NewFlagSet("laurel-pkcs11", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&s.module, "module", "", "")
	flags.StringVar(&s.token, "token", "", "")
	flags.StringVar(&s.pinFile, "pin-file", "", "")
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		_, err := io.WriteString(out, usage)
		return err
	case err != nil:
		return fmt.Errorf("%w; --help says more", err)
	case flags.NArg() > 0:
		return fmt.Errorf("unknown argument %q; --help says more", flags.Arg(0))
	case s.module == "":
		return errors.New("--module FILE is missing, the token's library; --help says more")
	}
	return serve(s, in, out)
}

// pin is the token's: from the file, else LAUREL_PIN, else the user's.
func (s settings) pin(ask signer.Ask, question string) (string, error) {
	if s.pinFile != "" {
		return pinOf(s.pinFile)
	}
	if pin := os.Getenv("LAUREL_PIN"); pin != "" {
		return pin, nil
	}
	return ask(question)
}

// pinOf is the first line of a file that nobody but its owner can read.
func pinOf(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", fmt.Errorf("read the PIN: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", fmt.Errorf("read the PIN: %w", err)
	}
	if mode := info.Mode(); mode.IsRegular() && mode&0o077 != 0 {
		return "", fmt.Errorf("%s has mode %04o, so that others can read the PIN: chmod 600 %s", name, mode.Perm(), name)
	}
	b, err := io.ReadAll(io.LimitReader(f, 4096))
	if err != nil {
		return "", fmt.Errorf("read the PIN: %w", err)
	}
	line, _, _ := bytes.Cut(b, []byte{'\n'})
	if line = bytes.TrimRight(line, "\r"); len(line) == 0 {
		return "", fmt.Errorf("read the PIN: the first line of %s is empty", name)
	}
	return string(line), nil
}
