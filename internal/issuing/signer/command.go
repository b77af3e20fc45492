package signer

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"laurel/internal/material/hint"
	"laurel/internal/material/text"
)

// top is where whole paths begin.
var top = map[bool]string{true: "a drive", false: "/"}[runtime.GOOS == "windows"]

// maxCommand is the longest command, in bytes.
const maxCommand = 1000

// CheckCommand tells what is wrong with a command: that it cannot be parted, is
// longer than 1,000 bytes or not one line, or begins with neither a name nor a path
// from / on. It looks for no file.
func CheckCommand(command string) error {
	_, err := split(command)
	return err
}

// Program is the name of the program of a command, for messages.
func Program(command string) string {
	words, err := split(command)
	if err != nil {
		return "the signing program"
	}
	return filepath.Base(words[0])
}

// split parts a command at white space. Parts may be quoted.
func split(command string) ([]string, error) {
	if len(command) > maxCommand || text.Terminal(command) != command {
		return nil, fmt.Errorf("a command is one line of at most %d bytes", maxCommand)
	}
	var words []string
	var word strings.Builder
	var quote rune
	begun := false
	for _, r := range command {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, begun = r, true
		case quote == 0 && text.IsSpace(r):
			if begun {
				words = append(words, word.String())
				word.Reset()
			}
			begun = false
		default:
			begun = true
			word.WriteRune(r)
		}
	}
	if begun {
		words = append(words, word.String())
	}
	switch {
	case quote != 0:
		return nil, fmt.Errorf("the command has a %c without another one", quote)
	case len(words) == 0 || words[0] == "":
		return nil, fmt.Errorf("the command is empty")
	case filepath.Base(words[0]) != words[0] && !filepath.IsAbs(words[0]), strings.HasPrefix(words[0], "~"):
		return nil, hint.Errorf("write the whole path, or put the program in a folder of PATH and write its name alone",
			"the command begins with %s, which is neither a name nor a path from %s on", text.Quote(words[0]), top)
	}
	return words, nil
}

// find is where a program is. Folders of PATH that are not absolute are passed over:
// what they hold depends on where laurel is run.
func find(name string, env []string) (string, error) {
	if filepath.IsAbs(name) {
		if _, err := exec.LookPath(name); err != nil {
			return "", fmt.Errorf("the signing program %s cannot be run: %w", text.Terminal(name), unwrapExec(err))
		}
		return name, nil
	}
	for _, v := range env {
		variable, path, _ := strings.Cut(v, "=")
		if variable != "PATH" && !(runtime.GOOS == "windows" && strings.EqualFold(variable, "PATH")) {
			continue
		}
		for _, dir := range filepath.SplitList(path) {
			if !filepath.IsAbs(dir) {
				continue
			}
			if found, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
				return found, nil
			}
		}
	}
	return "", hint.Errorf("install it in a folder of PATH, or write its whole path in the command of the key",
		"the signing program %s is in no folder of PATH", text.Quote(name))
}

// unwrapExec takes the name, which the message has, off an error.
func unwrapExec(err error) error {
	if e, ok := err.(*exec.Error); ok {
		return e.Err
	}
	return err
}
