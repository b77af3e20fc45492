package cli

import (
	"context"
	"crypto"
	"fmt"
	"os"
	"slices"
	"strings"

	"laurel/internal/issuing/keys"
	"laurel/internal/issuing/plan"
	"laurel/internal/issuing/signer"
	"laurel/internal/material/hint"
	"laurel/internal/standards/did"
	"laurel/internal/standards/proof"
)

// startSigner runs the program that holds a key.
func (a *app) startSigner(ctx context.Context, command string) (*signer.Process, error) {
	env := slices.DeleteFunc(a.env.All(), func(v string) bool {
		return strings.HasPrefix(v, "LAUREL_PASSPHRASE=") || strings.HasPrefix(v, "LAUREL_NEW_PASSPHRASE=")
	})
	if err := os.MkdirAll(a.keysDir(), 0o700); err != nil {
		return nil, fmt.Errorf("make the keys folder: %w", err)
	}
	name := clean(signer.Program(command))
	return signer.Start(ctx, signer.Options{Command: command, Dir: a.keysDir(), Env: env,
		Stderr: func(line string) { a.notef("%s: %s\n", name, line) },
		Ask: func(ctx context.Context, question string) ([]byte, error) {
			tty, err := a.openTerminal()
			if err != nil {
				return nil, hint.Errorf("run it at a terminal, or tell the program in a way of its own; laurel-pkcs11 takes LAUREL_PIN and --pin-file",
					"there is no terminal to answer at")
			}
			defer tty.close()
			return ask(ctx, tty, question+": ")
		}})
}

// programs are those that hold keys of one plan, by their commands.
type programs map[string]*signer.Process

func (p programs) close() {
	for _, one := range p {
		one.Close()
	}
}

// signer is a key that a program holds. Each program runs once.
func (p programs) signer(ctx context.Context, a *app, command string, k plan.PublicKey) (crypto.Signer, error) {
	public, err := did.DecodeKey(k.PublicKeyMultibase)
	if err != nil {
		return nil, err
	}
	if p[command] == nil {
		if p[command], err = a.startSigner(ctx, command); err != nil {
			delete(p, command)
			return nil, err
		}
	}
	key, err := p[command].Signer(public)
	if err != nil {
		return nil, fmt.Errorf("key %s: %w", k.Kid, err)
	}
	return key, nil
}

// held is a key that "key new --exec" is to record.
type held struct {
	command   string
	algorithm keys.Algorithm
	name      string // the program's own name for it; empty: the only one of the algorithm
	profile   string // as in keys.Options
}

// registerKey records a key that a program holds.
func (a *app) registerKey(ctx context.Context, kid string, h held) error {
	if err := signer.CheckCommand(h.command); err != nil {
		return misuse("laurel help signer says what a command may be", "--exec: %v", err)
	}
	now, err := a.now()
	if err != nil {
		return err
	}
	w, err := a.openWriterAt(now)
	if err != nil {
		return err
	}
	defer w.Close()
	program, err := a.startSigner(ctx, h.command)
	if err != nil {
		return err
	}
	list := program.Keys()
	program.Close()
	key, err := h.choose(list)
	if err != nil {
		return err
	}
	if err := proof.CheckPublicKey(key.Public); err != nil {
		return fmt.Errorf("the key %q is none to sign with: %w", key.Name, err)
	}
	if err := a.checkProfile(h.profile, string(keys.AlgorithmOf(key.Public))); err != nil {
		return err
	}
	made, taken := now, kids(w.State())
	multikey, err := did.EncodeKey(key.Public)
	if err != nil {
		return err
	}
	// A key that the ledger knows gets its own name again: two names of one key would
	// be two keys, of which only one can be revoked.
	for _, known := range w.State().Keys() {
		if known.PublicKeyMultibase != multikey {
			continue
		}
		if kid != "" && kid != known.Kid || h.profile != known.Profile || !known.Retired.IsZero() || !known.Revoked.IsZero() || keys.HasPrivate(a.keysDir(), known.Kid) {
			return hint.Errorf("laurel key list shows it; --key names another key of the program", "the ledger has this key already, as %s", known.Kid)
		}
		kid, made = known.Kid, known.Added
		taken = slices.DeleteFunc(taken, func(s string) bool { return s == kid })
	}
	k, err := keys.Register(a.keysDir(), kid, key.Public, h.command, made, keys.Options{Taken: taken, Profile: h.profile})
	if err != nil {
		return err // says what was tried
	}
	return a.recordNew(w, now, k, fmt.Sprintf("%s holds it as %q; there is no private half in keys/, and only the token's owner can have a copy", clean(signer.Program(h.command)), key.Name))
}

// choose picks the key that is meant.
func (h held) choose(list []signer.Key) (signer.Key, error) {
	var fit []signer.Key
	var all []string
	for _, k := range list {
		alg := keys.AlgorithmOf(k.Public)
		all = append(all, fmt.Sprintf("%q (%s)", k.Name, alg))
		if h.name == k.Name || h.name == "" && alg == h.algorithm {
			fit = append(fit, k)
		}
	}
	program, has := clean(signer.Program(h.command)), "it has no key"
	if len(all) > 0 {
		has = "it has " + strings.Join(all, ", ")
	}
	switch {
	case len(fit) == 1:
		return fit[0], nil
	case len(fit) > 1:
		return signer.Key{}, misuse("name one with --key NAME: "+has, "%s holds %d keys of algorithm %s", program, len(fit), h.algorithm)
	case h.name != "":
		return signer.Key{}, hint.Errorf(has, "%s holds no key %q", program, clean(h.name))
	}
	return signer.Key{}, hint.Errorf(has+"; --algorithm says which is wanted, --key names one", "%s holds no key of algorithm %s", program, clean(string(h.algorithm)))
}
