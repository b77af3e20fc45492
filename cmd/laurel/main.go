// Command laurel publishes verifiable learning and employment records from a
// folder.
package main

import (
	"context"
	"os"

	"laurel/internal/cli"
)

func main() {
	os.Exit(cli.Main(context.Background(), cli.Process()))
}
