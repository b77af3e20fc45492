package tlog

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Where a log is. Folder is below its site's base URL, CheckpointPath below that
// folder, and PlaceFile beside a credential, where it says which entry is its.
const (
	Folder         = "log/"
	CheckpointPath = "checkpoint"
	PlaceFile      = "log.json"
)

// MaxCheckpoint is the longest checkpoint that is read, in bytes.
const MaxCheckpoint = 4096

// Origin is the name of the log of a site, and that of the key it is signed
// with: the site's base URL without its scheme, and "/log". A note's key name
// has neither white space nor a plus sign.
func Origin(baseURL string) string {
	_, rest, _ := strings.Cut(baseURL, "://")
	return strings.NewReplacer("+", "%2B", " ", "%20").Replace(strings.TrimRight(rest, "/")) + "/log"
}

// SignCheckpoint is the checkpoint of a head: a signed note (C2SP signed-note,
// tlog-checkpoint) with one Ed25519 signature, and checked before it is given.
func SignCheckpoint(origin string, head Head, key crypto.Signer) (string, error) {
	public, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		return "", errors.New("a log's head can only be signed with an Ed25519 key")
	}
	verifier, err := newVerifier(origin, public)
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("%s\n%d\n%s\n", origin, head.Size, base64.StdEncoding.EncodeToString(head.Root[:]))
	signed, err := note.Sign(&note.Note{Text: text}, signer{verifier, key})
	if err != nil {
		return "", fmt.Errorf("sign the log's head: %w", err)
	}
	if got, err := OpenCheckpoint(string(signed), origin, []ed25519.PublicKey{public}); err != nil || got != head {
		return "", fmt.Errorf("the log's head was signed, but is not found right: %v", err)
	}
	return string(signed), nil
}

// OpenCheckpoint is the head that a checkpoint states, when it is of the log
// of this origin and signed by one of the keys. Signatures of others beside it
// do no harm. The error is ErrUnsigned when there is none by these keys.
func OpenCheckpoint(text, origin string, keys []ed25519.PublicKey) (Head, error) {
	if len(text) > MaxCheckpoint {
		return Head{}, fmt.Errorf("the checkpoint is longer than %d bytes", MaxCheckpoint)
	}
	var unsigned error = ErrUnsigned
	for _, key := range keys {
		verifier, err := newVerifier(origin, key)
		if err != nil {
			return Head{}, err
		}
		n, err := note.Open([]byte(text), note.VerifierList(verifier))
		var unknown *note.UnverifiedNoteError
		var invalid *note.InvalidSignatureError
		switch {
		case errors.As(err, &unknown):
			continue
		case errors.As(err, &invalid):
			unsigned = fmt.Errorf("%w: a signature in its name does not fit", ErrUnsigned)
			continue
		case err != nil:
			return Head{}, fmt.Errorf("the checkpoint is not a signed note: %w", err)
		}
		return parseCheckpoint(n.Text, origin)
	}
	return Head{}, unsigned
}

// ErrUnsigned means that a checkpoint has no signature by the keys that it
// could be signed with.
var ErrUnsigned = errors.New("the checkpoint is not signed by the log's owner")

// StatedHead is the head that a checkpoint states, of whichever log it is and
// whoever signed it.
func StatedHead(text string) (Head, error) {
	body, _, ok := strings.Cut(text, "\n\n")
	if !ok || len(text) > MaxCheckpoint {
		return Head{}, errCheckpoint
	}
	origin, _, _ := strings.Cut(body, "\n")
	return parseCheckpoint(body+"\n", origin)
}

var errCheckpoint = errors.New("the checkpoint does not state a log's size and root")

// parseCheckpoint reads a checkpoint's text, extension lines passed over.
func parseCheckpoint(text, origin string) (Head, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 {
		return Head{}, errCheckpoint
	}
	if lines[0] != origin {
		return Head{}, fmt.Errorf("the checkpoint is not of the log %s", origin)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return Head{}, errCheckpoint
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != len(Hash{}) || strings.Contains(lines[2], "\r") {
		return Head{}, errCheckpoint
	}
	return Head{size, Hash(root)}, nil
}

func newVerifier(origin string, key ed25519.PublicKey) (note.Verifier, error) {
	text, err := note.NewEd25519VerifierKey(origin, key)
	if err != nil {
		return nil, fmt.Errorf("the log's key: %w", err)
	}
	verifier, err := note.NewVerifier(text)
	if err != nil {
		return nil, fmt.Errorf("the log's name %s: %w", origin, err)
	}
	return verifier, nil
}

// signer is a key that signs notes.
type signer struct {
	note.Verifier
	key crypto.Signer
}

func (s signer) Sign(msg []byte) ([]byte, error) {
	return s.key.Sign(rand.Reader, bytes.Clone(msg), crypto.Hash(0))
}
