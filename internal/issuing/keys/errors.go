package keys

import (
	"fmt"
	"io/fs"
	"time"

	"laurel/internal/material/durable"
)

// ErrPassphrase means that the passphrase does not open the key.
var ErrPassphrase error = &passphraseError{"wrong passphrase",
	"it is read from --passphrase-file, LAUREL_PASSPHRASE or the terminal, in this order; if it is lost, nobody can restore it: run laurel key new, then laurel key retire for the old key; what that signed stays valid"}

// ErrShort means that a new passphrase has fewer than MinPassphrase
// characters.
var ErrShort error = &passphraseError{fmt.Sprintf("the passphrase has fewer than %d characters", MinPassphrase),
	"use a sentence, or a few random words"}

// ErrGuessable means that a new passphrase is long enough and still soon found
// by who tries common passwords, words, names, dates and rows of keys.
var ErrGuessable error = &passphraseError{"the passphrase would soon be guessed: it is common, or made of too little",
	"use four or more random words; at a terminal, laurel makes one for you when you press Enter instead"}

type passphraseError struct{ text, hint string }

func (e *passphraseError) Error() string { return e.text }
func (e *passphraseError) Hint() string  { return e.hint }

// DamagedError means that a file is not as it was written. Only what is told
// of the file's form: its content is nobody's business.
type DamagedError struct {
	File    string
	Problem string
}

func (e *DamagedError) Error() string { return fmt.Sprintf("%s is damaged: %s", e.File, e.Problem) }

// Hint says what to try.
func (*DamagedError) Hint() string {
	return "restore the file from a backup, or make another key: laurel key new"
}

// MismatchError means that the private half of a key belongs to another
// public half than the one beside it.
type MismatchError struct{ Kid, File string }

func (e *MismatchError) Error() string {
	return fmt.Sprintf("%s is not the public half of the private key %s", e.File, e.Kid)
}

// Hint says what to try.
func (*MismatchError) Hint() string {
	return "the two files belong to different keys: restore both from the same backup"
}

// PermissionError means that others than its owner may read a private key.
type PermissionError struct {
	File string
	Why  string // how it is that they may, such as "has mode 0644"
}

func (e *PermissionError) Error() string {
	return fmt.Sprintf("%s %s: others can read the private key", e.File, e.Why)
}

// Hint says what to try.
func (e *PermissionError) Hint() string { return durable.OwnHint(e.File) }

// ExistsError means that a key of that name, or half of one, is there.
type ExistsError struct{ Kid, File string }

func (e *ExistsError) Error() string {
	return fmt.Sprintf("key %s: %s exists, and a key is never overwritten", e.Kid, e.File)
}

// Hint says what to try.
func (*ExistsError) Hint() string { return "choose another name, or leave it out" }

func (e *ExistsError) Unwrap() error { return fs.ErrExist }

// HeldError means that the private half of a key is not here, but held by a program.
type HeldError struct{ Kid, Exec string }

func (e *HeldError) Error() string {
	return fmt.Sprintf("key %s has no passphrase: its private half is not in keys/, but held by the program of %q", e.Kid, e.Exec)
}

// Hint says what to try.
func (*HeldError) Hint() string {
	return "what protects it, such as the PIN of a token, is changed with the token's own programs"
}

// CommandError means that the file which names a command may have come from
// elsewhere, with a repository, so that the command is not run.
type CommandError struct {
	File, Exec string
	Mode       fs.FileMode
}

func (e *CommandError) Error() string {
	return fmt.Sprintf("%s names the command %q, and has mode %04o: it may have come with a repository, and what it says is not run", e.File, e.Exec, e.Mode.Perm())
}

// Hint says what to try.
func (e *CommandError) Hint() string {
	return "if you know this command, and it is to hold your key: " + durable.ReadOnlyHint(e.File)
}

// LifeError means that a key is past the step asked for.
type LifeError struct {
	Kid   string
	State string // "retired" or "revoked"
	Since time.Time
}

func (e *LifeError) Error() string {
	return fmt.Sprintf("key %s has been %s since %s", e.Kid, e.State, e.Since.Format(time.RFC3339))
}
