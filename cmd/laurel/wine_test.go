package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// With these, the scripts run the laurel of another test binary, which was made for
// Windows, under Wine: "make wine". Everything else in a script is of this system, so
// absolute names are given to laurel as Wine has them.
const (
	wineProgram = "LAUREL_WINE"        // Wine itself
	wineLaurel  = "LAUREL_WINE_LAUREL" // that binary
	wineSigner  = "LAUREL_WINE_PATH"   // a folder with fakesigner.exe, which is it too
)

// underWine runs this command line there.
func underWine() {
	args := []string{os.Getenv(wineLaurel)}
	for _, a := range os.Args[1:] {
		if filepath.IsAbs(a) {
			a = "Z:" + strings.ReplaceAll(a, "/", `\`)
		}
		args = append(args, a)
	}
	// A pseudoterminal is no console to Wine: what asks there waits for ever.
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, os.Getenv(wineProgram), args...)
	c.Env = append(os.Environ(), asLaurel+"=1", "WINEPATH="+os.Getenv(wineSigner))
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := c.Run()
	// Wine keeps an access list as bits of a mode, and makes too many of that of a key.
	keys, _ := filepath.Glob("keys/*.jwe")
	for _, k := range keys {
		os.Chmod(k, 0o600)
	}
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		os.Exit(exit.ExitCode())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(99)
	}
}
