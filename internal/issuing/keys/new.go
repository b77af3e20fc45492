package keys

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"laurel/internal/material/durable"
	"laurel/internal/standards/did"
)

// New makes a key in the folder dir, which is created when missing. An empty
// kid becomes key-<year>-<n>, with an n that was not used. When New fails,
// neither file is there; when it is killed, at most a private half that nobody
// knows of. Errors are ErrShort, ErrGuessable, *ExistsError, or of the file system.
func New(dir, kid string, alg Algorithm, passphrase []byte, now time.Time, o Options) (Public, error) {
	if err := CheckPassphrase(passphrase); err != nil {
		return Public{}, fmt.Errorf("new key: %w", err)
	}
	f, kid, err := openNew(dir, kid, now, o.Taken)
	if err != nil {
		return Public{}, err
	}
	defer f.root.Close()
	key, err := generate(alg)
	if err != nil {
		return Public{}, fmt.Errorf("new key: %w", err)
	}
	multikey, err := did.EncodeKey(key.Public())
	if err != nil {
		return Public{}, fmt.Errorf("new key: %w", err)
	}
	p := Public{Kid: kid, Algorithm: alg, PublicKeyMultibase: multikey, Profile: o.Profile, Created: now.UTC().Truncate(time.Second), Key: key.Public()}
	data, err := sealAndCheck(p, key, passphrase, o)
	if err != nil {
		return Public{}, fmt.Errorf("new key %s: %w", kid, err)
	}
	if err := f.create(p, data); err != nil {
		return Public{}, fmt.Errorf("new key: %w", err)
	}
	return p, nil
}

// openNew opens the folder for a key of that name; an empty one becomes the next.
func openNew(dir, kid string, now time.Time, taken []string) (_ folder, name string, err error) {
	if kid != "" {
		if err := CheckKid(kid); err != nil {
			return folder{}, "", fmt.Errorf("new key: %w", err)
		}
		if slices.Contains(taken, kid) {
			return folder{}, "", fmt.Errorf("new key: %w", &ExistsError{kid, "another key of that name"})
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return folder{}, "", fmt.Errorf("new key: %w", err)
	}
	f, err := openFolder(dir)
	if err == nil && kid == "" {
		if kid, err = f.freeKid(now.UTC().Year(), taken); err != nil {
			f.root.Close()
		}
	}
	return f, kid, err
}

// Register writes the public half of a key that the program of a command holds, of any
// algorithm. Kid and dir are as New's; made is when the key begins its life here. The
// caller has looked that the program holds it, and keeps others from making a key at
// the same time, as the ledger's lock does. Errors are *ExistsError, or of the file
// system.
func Register(dir, kid string, public crypto.PublicKey, exec string, made time.Time, o Options) (Public, error) {
	multikey, err := did.EncodeKey(public)
	if err != nil {
		return Public{}, fmt.Errorf("new key: %w", err)
	}
	f, kid, err := openNew(dir, kid, made, o.Taken)
	if err != nil {
		return Public{}, err
	}
	defer f.root.Close()
	p := Public{Kid: kid, Algorithm: AlgorithmOf(public), PublicKeyMultibase: multikey, Profile: o.Profile, Created: made.UTC().Truncate(time.Second), Exec: exec, Key: public}
	if err := f.free(kid); err != nil {
		return Public{}, fmt.Errorf("new key: %w", err)
	}
	return p, f.writePublic(p)
}

func generate(alg Algorithm) (crypto.Signer, error) {
	switch alg {
	case Ed25519:
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return key, err
	case P256:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case P384:
		return ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case RSA3072:
		return rsa.GenerateKey(rand.Reader, 3072)
	}
	return nil, fmt.Errorf("unknown algorithm %q", shorten(string(alg)))
}

// freeKid finds the number after the highest one of the year, private halves
// without a public one included.
func (f folder) freeKid(year int, taken []string) (string, error) {
	entries, err := fs.ReadDir(f.root.FS(), ".")
	if err != nil {
		return "", err
	}
	names := slices.Clone(taken)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	prefix := fmt.Sprintf("key-%d-", year)
	highest := 0
	for _, name := range names {
		rest, ok := strings.CutPrefix(name, prefix)
		if !ok {
			continue
		}
		rest, _, _ = strings.Cut(rest, ".")
		if n, err := strconv.Atoi(rest); err == nil && n > highest && n < 1_000_000 {
			highest = n
		}
	}
	return prefix + strconv.Itoa(highest+1), nil
}

// sealAndCheck encrypts a key, and opens it again before anything relies on
// it.
func sealAndCheck(p Public, key crypto.Signer, passphrase []byte, o Options) ([]byte, error) {
	data, err := seal(p.Kid, key, passphrase, o)
	if err != nil {
		return nil, err
	}
	again, err := unseal(data, passphrase)
	if err != nil {
		return nil, fmt.Errorf("the encrypted key does not open again: %w", err)
	}
	if !equal(again.Public(), p.Key) {
		return nil, errors.New("the encrypted key opens as a different key")
	}
	return data, nil
}

// create writes both files. The private one is first, and is what claims the
// name: a public half without a private one would be chosen to sign with.
func (f folder) create(p Public, private []byte) error {
	if err := f.free(p.Kid); err != nil {
		return err
	}
	name := p.Kid + privateExt
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, privatePerm)
	if errors.Is(err, fs.ErrExist) {
		return &ExistsError{p.Kid, f.file(name)}
	}
	if err != nil {
		return err
	}
	_, err = file.Write(private)
	if err == nil {
		err = durable.Own(file)
	}
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		err = fmt.Errorf("write %s: %w", f.file(name), err)
	} else {
		err = f.writePublic(p)
	}
	if err != nil {
		return errors.Join(err, durable.Remove(f.root, name), f.removeIfThere(p.Kid+publicExt))
	}
	return nil
}

// free tells that there is neither half of a key of that name.
func (f folder) free(kid string) error {
	for _, ext := range []string{privateExt, publicExt} {
		if _, err := f.root.Lstat(kid + ext); err == nil {
			return &ExistsError{kid, f.file(kid + ext)}
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (f folder) removeIfThere(name string) error {
	err := durable.Remove(f.root, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func equal(a, b crypto.PublicKey) bool {
	e, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && e.Equal(b)
}
