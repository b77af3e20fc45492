package keys

import (
	"crypto"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"laurel/internal/standards/did"
)

// Unlock returns the private key kid of the folder dir: an ed25519.PrivateKey,
// an *ecdsa.PrivateKey or an *rsa.PrivateKey. Its own copies of what it decrypts are wiped; the
// caller wipes the passphrase.
//
// Errors: ErrPassphrase; *HeldError for a key that a program holds; *DamagedError for a file that is not as it was
// written; *MismatchError when the public half is of another key;
// *PermissionError when others can read the private file; fs.ErrNotExist.
func Unlock(dir, kid string, passphrase []byte) (crypto.Signer, error) {
	f, p, err := openKey(dir, kid)
	if err != nil {
		return nil, fmt.Errorf("unlock key: %w", err)
	}
	defer f.root.Close()
	key, err := f.unlock(p, passphrase)
	if err != nil {
		return nil, fmt.Errorf("unlock key %s: %w", kid, err)
	}
	return key, nil
}

// Restore writes a public half that is missing beside its private one, as after
// only the private one was restored from a copy. What is there stays.
func Restore(dir string, p Public) error {
	if err := CheckKid(p.Kid); err != nil {
		return fmt.Errorf("restore public key: %w", err)
	}
	f, err := openFolder(dir)
	if err != nil {
		return err
	}
	defer f.root.Close()
	if _, err := f.root.Lstat(p.Kid + publicExt); err == nil {
		return nil
	}
	if p.Key, err = did.DecodeKey(p.PublicKeyMultibase); err == nil {
		if p.Algorithm = AlgorithmOf(p.Key); !p.Algorithm.made() {
			err = errors.New("it is of a kind that no key here is")
		}
	}
	if err != nil {
		return fmt.Errorf("restore public key %s: %w", p.Kid, err)
	}
	return f.writePublic(p)
}

// HasPrivate tells whether the folder dir has the private half of a key, or names
// the program that has it.
func HasPrivate(dir, kid string) bool {
	if CheckKid(kid) != nil {
		return false
	}
	if _, err := os.Lstat(filepath.Join(dir, kid+privateExt)); err == nil {
		return true
	}
	f, p, err := openKey(dir, kid)
	if err != nil {
		return false
	}
	f.root.Close()
	return p.Exec != ""
}

// Command is that of the program which holds a key; empty: a file does. It may be run:
// the public half that has it was written by Register on this machine, or somebody
// made it read-only who knows it. Errors are *CommandError, and those of reading.
func Command(dir, kid string) (string, error) {
	f, p, err := openKey(dir, kid)
	if err != nil {
		return "", fmt.Errorf("read key: %w", err)
	}
	defer f.root.Close()
	if p.Exec == "" {
		return "", nil
	}
	name := kid + publicExt
	_, fi, err := f.read(name, false)
	if err != nil {
		return "", err
	}
	if fi.Mode()&0o222 != 0 {
		return "", &CommandError{f.file(name), p.Exec, fi.Mode()}
	}
	return p.Exec, nil
}

// openKey opens the folder and reads a key's public half.
func openKey(dir, kid string) (folder, Public, error) {
	if err := CheckKid(kid); err != nil {
		return folder{}, Public{}, err
	}
	f, err := openFolder(dir)
	if err != nil {
		return folder{}, Public{}, err
	}
	p, err := f.readPublic(kid)
	if err != nil {
		f.root.Close()
		return folder{}, Public{}, err
	}
	return f, p, nil
}

func (f folder) unlock(p Public, passphrase []byte) (crypto.Signer, error) {
	if p.Exec != "" {
		return nil, &HeldError{p.Kid, p.Exec}
	}
	name := p.Kid + privateExt
	data, _, err := f.read(name, true)
	if err != nil {
		return nil, err
	}
	key, err := unseal(data, passphrase)
	if errors.Is(err, ErrPassphrase) {
		return nil, err
	}
	if err != nil {
		return nil, &DamagedError{f.file(name), err.Error()}
	}
	if !equal(key.Public(), p.Key) {
		return nil, &MismatchError{p.Kid, f.file(p.Kid + publicExt)}
	}
	return key, nil
}

// ChangePassphrase encrypts a private key anew. The file is replaced in one
// step: killed at any moment, it opens with the old passphrase or with the
// new. Errors are those of Unlock, ErrShort and ErrGuessable.
func ChangePassphrase(dir, kid string, old, new []byte, o Options) error {
	if err := CheckPassphrase(new); err != nil {
		return err
	}
	f, p, err := openKey(dir, kid)
	if err != nil {
		return err
	}
	defer f.root.Close()
	key, err := f.unlock(p, old)
	if err != nil {
		return err
	}
	data, err := sealAndCheck(p, key, new, o)
	if err == nil {
		err = f.replace(kid+privateExt, data, privatePerm)
	}
	return err
}

// Retire ends a key's signing. What it signed stays good. A key that is
// retired or revoked already is a *LifeError.
func Retire(dir, kid string, at time.Time) error {
	return change(dir, kid, at, "retire", func(p *Public, at time.Time) error {
		if !p.Revoked.IsZero() {
			return &LifeError{kid, "revoked", p.Revoked}
		}
		if !p.Retired.IsZero() {
			return &LifeError{kid, "retired", p.Retired}
		}
		p.Retired = at
		return nil
	})
}

// Revoke takes trust from a key that is in wrong hands. The reason is one line
// of at most 1,000 bytes. A key that is revoked already is a *LifeError.
func Revoke(dir, kid string, at time.Time, reason string) error {
	if err := checkReason(reason); err != nil {
		return fmt.Errorf("revoke key: %w", err)
	}
	return change(dir, kid, at, "revoke", func(p *Public, at time.Time) error {
		if !p.Revoked.IsZero() {
			return &LifeError{kid, "revoked", p.Revoked}
		}
		p.Revoked, p.RevokedReason = at, reason
		return nil
	})
}

// change rewrites a public half.
func change(dir, kid string, at time.Time, verb string, edit func(*Public, time.Time) error) error {
	f, p, err := openKey(dir, kid)
	if err != nil {
		return fmt.Errorf("%s key: %w", verb, err)
	}
	defer f.root.Close()
	at = at.UTC().Truncate(time.Second)
	if at.Before(p.Created) {
		return fmt.Errorf("%s key %s: the clock says %s, but the key was made at %s", verb, kid, at.Format(time.RFC3339), p.Created.Format(time.RFC3339))
	}
	if err := edit(&p, at); err != nil {
		return fmt.Errorf("%s key: %w", verb, err)
	}
	if err := f.writePublic(p); err != nil {
		return fmt.Errorf("%s key %s: %w", verb, kid, err)
	}
	return nil
}
