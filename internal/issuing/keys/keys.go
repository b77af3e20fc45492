// Package keys owns the keys folder: <kid>.jwe is a private key, encrypted
// under a passphrase, and <kid>.json its public half with its dates. Of a key that
// a program holds only the public half is here, and the command that runs the program.
//
// A private key is a JWK (RFC 7517) inside a JWE (RFC 7516) made with
// PBES2-HS512+A256KW and A256GCM (RFC 7518, "Key Encryption with PBES2").
// Private files are created exclusively, mode 0600, and never overwritten but
// by a change of passphrase. The package refuses to open one that others can
// read, and no error of it holds anything that was decrypted or typed.
package keys

import (
	"cmp"
	"crypto"
	"crypto/rsa"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"laurel/internal/standards/did"
)

// Algorithm is a kind of signing key.
type Algorithm string

// The algorithms.
const (
	Ed25519 Algorithm = "Ed25519"
	P256    Algorithm = "P-256"
	P384    Algorithm = "P-384"
	RSA3072 Algorithm = "RSA-3072"
)

// Algorithms are all of them, the usual one first.
var Algorithms = []Algorithm{Ed25519, P256, P384, RSA3072}

// AlgorithmOf tells which algorithm a public key belongs to, one of Algorithms, or
// RSA with another number of bits; empty for a key of another kind.
func AlgorithmOf(key crypto.PublicKey) Algorithm {
	kind := Algorithm(did.Kind(key))
	if rsa, ok := key.(*rsa.PublicKey); ok {
		kind += Algorithm("-" + strconv.Itoa(rsa.N.BitLen()))
	}
	return kind
}

// made tells an algorithm that New makes keys of.
func (a Algorithm) made() bool { return slices.Contains(Algorithms, a) }

// Public is the public half of a key, and its life so far, as <kid>.json has it.
type Public struct {
	// Kid names the key: the fragment of its verification method's id.
	Kid                string    `json:"kid"`
	Algorithm          Algorithm `json:"algorithm"`
	PublicKeyMultibase string    `json:"publicKeyMultibase"` // as did.EncodeKey writes it
	Profile            string    `json:"profile,omitzero"`   // slug of the endorser whose it is; empty: the issuer's
	Created            time.Time `json:"created"`
	Retired            time.Time `json:"retired,omitzero"` // zero: may sign
	Revoked            time.Time `json:"revoked,omitzero"` // zero: to be trusted
	RevokedReason      string    `json:"reason,omitzero"`
	// Exec is the command that runs the program which holds the private half; empty:
	// that is in <kid>.jwe.
	Exec string `json:"exec,omitzero"`
	// Key is an ed25519.PublicKey, an *ecdsa.PublicKey or an *rsa.PublicKey, from
	// PublicKeyMultibase.
	Key crypto.PublicKey `json:"-"`
}

// Options are the settings of what encrypts a key.
type Options struct {
	// Iterations is the work a guess at the passphrase costs, as rounds of
	// PBKDF2 with HMAC-SHA-512. Zero means 600,000. A lower number is for
	// tests, which make many keys.
	Iterations int
	// Taken are names that a new key must not have although the folder has
	// no such key: those of keys that were lost, or are elsewhere.
	Taken []string
	// Profile is that of a new key.
	Profile string
}

// List returns the public halves in the folder dir, by Created, then Kid. It
// needs no passphrase. A folder that does not exist has no keys.
func List(dir string) ([]Public, error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list keys: %w", err)
	}
	defer root.Close()
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, fmt.Errorf("list keys in %s: %w", dir, err)
	}
	var list []Public
	for _, e := range entries {
		kid, ok := strings.CutSuffix(e.Name(), publicExt)
		if !ok || CheckKid(kid) != nil {
			continue
		}
		p, err := folder{root, dir}.readPublic(kid)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b Public) int {
		return cmp.Or(a.Created.Compare(b.Created), strings.Compare(a.Kid, b.Kid))
	})
	return list, nil
}

// kidPattern keeps key names apart from multibase keys, which begin with z or
// u and have no hyphen: some verifiers take a fragment that looks like a
// Multikey for the key itself, and never resolve the DID. Lower case only,
// because some file systems cannot tell the cases apart.
var kidPattern = regexp.MustCompile(`^key(-[a-z0-9]+)+$`)

const maxKid = 64

// CheckKid tells what is wrong with a key name. A good one is "key-" and
// lower-case letters, digits and hyphens, such as key-2026-1.
func CheckKid(kid string) error {
	if len(kid) > maxKid || !kidPattern.MatchString(kid) {
		return fmt.Errorf("key name %q: write one like key-2026-1: \"key-\", then lower-case letters, digits and single hyphens, at most %d characters", shorten(kid), maxKid)
	}
	return nil
}

func shorten(s string) string {
	if len(s) > maxKid {
		return s[:maxKid] + "…"
	}
	return s
}

// folder is an opened keys folder.
type folder struct {
	root *os.Root
	dir  string // as it is told to people
}

func openFolder(dir string) (folder, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return folder{}, fmt.Errorf("open keys: %w", err)
	}
	return folder{root, dir}, nil
}

func (f folder) file(name string) string { return path.Join(f.dir, name) }
