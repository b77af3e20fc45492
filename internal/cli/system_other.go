//go:build !windows

package cli

import "os"

// What a passphrase is asked at.
const terminalDevice = "/dev/tty"

// Windows has two devices for it.
const consoleIn, consoleOut = "CONIN$", "CONOUT$"

// colours tells whether a terminal can show colours, which Windows' has to be told to.
func colours(*os.File) bool { return true }
