// Command laurel publishes verifiable learning and employment records from a
// folder.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"laurel/internal/cli"
)

func main() { end(cli.Process()) }

// end is a run, and the end of the process.
func end(e cli.Environment) {
	// A reader that went away is told as an error of writing, with its exit code.
	signal.Ignore(syscall.SIGPIPE)
	os.Exit(cli.Main(context.Background(), e))
}
