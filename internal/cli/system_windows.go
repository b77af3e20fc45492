package cli

import (
	"os"

	"golang.org/x/sys/windows"
)

// What a passphrase is asked at: the console's input; its output is a device of its own.
const terminalDevice = consoleIn

const consoleIn, consoleOut = "CONIN$", "CONOUT$"

// colours tells whether a console can show colours, and has it do so.
func colours(f *os.File) bool {
	var mode uint32
	console := windows.Handle(f.Fd())
	return windows.GetConsoleMode(console, &mode) == nil &&
		windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
