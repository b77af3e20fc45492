package keys

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/material/durable"
	"laurel/internal/standards/did"
)

const (
	publicExt  = ".json"
	privateExt = ".jwe"

	publicPerm  = 0o644
	privatePerm = 0o600
	// execPerm is that of a public half with a command. git makes no file that its
	// owner cannot write, so what comes with a repository does not have it.
	execPerm = 0o400

	// maxFile is the largest file read, in bytes; a key has less than 1,000.
	maxFile = 64 << 10
	// maxReason is the longest reason of a revocation, in bytes.
	maxReason = 1000
)

func (f folder) readPublic(kid string) (Public, error) {
	name := kid + publicExt
	data, _, err := f.read(name, false)
	if err != nil {
		return Public{}, fmt.Errorf("read public key: %w", err)
	}
	p, err := parsePublic(data)
	if err != nil {
		return Public{}, &DamagedError{f.file(name), err.Error()}
	}
	if p.Kid != kid {
		return Public{}, &DamagedError{f.file(name), fmt.Sprintf("it belongs to key %q", shorten(p.Kid))}
	}
	return p, nil
}

// parsePublic reads a public half, strictly.
func parsePublic(data []byte) (Public, error) {
	var p Public
	err := json.Unmarshal(data, &p, json.RejectUnknownMembers(true))
	if err != nil {
		return Public{}, jsonError(err)
	}
	if p.Key, err = did.DecodeKey(p.PublicKeyMultibase); err != nil {
		return Public{}, fmt.Errorf("publicKeyMultibase is not a public key: %v", err)
	}
	if alg := AlgorithmOf(p.Key); alg != p.Algorithm || !alg.made() && p.Exec == "" {
		return Public{}, errors.New("algorithm is not that of the public key")
	}
	if p.Created.IsZero() {
		return Public{}, errors.New("created is missing")
	}
	p.Created, p.Retired, p.Revoked = p.Created.UTC(), p.Retired.UTC(), p.Revoked.UTC()
	return p, nil
}

func (p Public) encode() ([]byte, error) {
	b, err := json.Marshal(p, json.Deterministic(true), jsontext.WithIndent("  "))
	return append(b, '\n'), err
}

// writePublic writes or replaces the public half, atomically and durably.
func (f folder) writePublic(p Public) error {
	data, err := p.encode()
	if err != nil {
		return fmt.Errorf("encode public key %s: %w", p.Kid, err)
	}
	perm := fs.FileMode(publicPerm)
	if p.Exec != "" {
		perm = execPerm
	}
	return f.replace(p.Kid+publicExt, data, perm)
}

// replace puts a file in place of name, all of it or nothing.
func (f folder) replace(name string, data []byte, perm fs.FileMode) error {
	if err := durable.Replace(f.root, name, data, perm); err != nil {
		return fmt.Errorf("write %s: %w", f.file(name), err)
	}
	return nil
}

// read returns a regular file of at most maxFile bytes; one that is private, only when
// nobody but its owner can read it.
func (f folder) read(name string, private bool) ([]byte, os.FileInfo, error) {
	// A pipe would block on opening.
	if fi, err := f.root.Lstat(name); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", f.dir, err)
	} else if !fi.Mode().IsRegular() {
		return nil, nil, &DamagedError{f.file(name), "it is not a regular file"}
	}
	file, err := f.root.Open(name)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", f.dir, err)
	}
	defer file.Close()
	fi, err := file.Stat()
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", f.dir, err)
	}
	if private {
		why, err := durable.Others(file)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", f.dir, err)
		}
		if why != "" {
			return nil, nil, &PermissionError{f.file(name), why}
		}
	}
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", f.dir, err)
	}
	if len(data) > maxFile {
		return nil, nil, &DamagedError{f.file(name), fmt.Sprintf("it has more than %d bytes", maxFile)}
	}
	return data, fi, nil
}

// checkReason allows a short line of text.
func checkReason(reason string) error {
	if len(reason) > maxReason || !utf8.ValidString(reason) || strings.ContainsFunc(reason, unicode.IsControl) {
		return fmt.Errorf("the reason is not one line of at most %d bytes of UTF-8", maxReason)
	}
	return nil
}

// jsonError says where JSON is wrong, and quotes nothing.
func jsonError(err error) error {
	var syn *jsontext.SyntacticError
	var sem *json.SemanticError
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return errors.New("a member is given twice")
	case errors.Is(err, json.ErrUnknownName):
		return errors.New("it has an unknown member")
	case errors.As(err, &syn):
		return fmt.Errorf("invalid JSON at byte %d", syn.ByteOffset)
	case errors.As(err, &sem):
		return fmt.Errorf("wrong kind of value in %q", sem.JSONPointer)
	}
	return errors.New("invalid JSON")
}
