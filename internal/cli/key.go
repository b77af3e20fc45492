package cli

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"laurel/internal/issuing/keys"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/standards/did"
)

func (a *app) keyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "key",
		Short: "Make, list, retire and revoke keys",
		Long: `The private half of a key is in keys/<name>.jwe, encrypted under a passphrase;
the public half is beside it in keys/<name>.json and is recorded in the ledger,
from which the issuer's DID document is built.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.keyNew(), a.keyList(), a.keyRetire(), a.keyRevoke(), a.keyPassphrase())
	return c
}

func (a *app) keyNew() *cobra.Command {
	var passphrase passphraseFlag
	var algorithm string
	c := &cobra.Command{
		Use:     "new [NAME]",
		Short:   "Make a key",
		Long:    "Make a key and record its public half. Without NAME, it is called\nkey-<year>-<n>.",
		Example: "  laurel key new\n  laurel key new --passphrase-file ~/laurel-passphrase",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			now, err := a.now()
			if err != nil {
				return err
			}
			name := ""
			if len(args) == 1 {
				name = args[0]
			}
			// The ledger first: it knows the names of keys that are not here,
			// and a key that cannot be recorded should not be made.
			w, err := a.openWriterAt(now)
			if err != nil {
				return err
			}
			defer w.Close()
			secret, err := passphrase.read(c.Context(), a, "LAUREL_PASSPHRASE", fmt.Sprintf("New passphrase, at least %d characters: ", keys.MinPassphrase), true)
			if err != nil {
				return err
			}
			defer clear(secret)
			k, err := keys.New(a.keysDir(), name, keys.Algorithm(algorithm), secret, now, keys.Options{Taken: kids(w.State()), Iterations: a.env.KeyWork})
			if err != nil {
				return err // says what was tried
			}
			if err := a.recordKeys(w, now); err != nil {
				return fmt.Errorf("%s was made, but not recorded: %w", k.Kid, err)
			}
			if a.json {
				return a.printJSON(keyReport(k))
			}
			a.printf("%s\n", k.Kid)
			a.notef("keep keys/%s.jwe and its passphrase safe, with a copy elsewhere: nobody can restore them\n", k.Kid)
			return nil
		},
	}
	passphrase.add(c, "passphrase-file")
	c.Flags().StringVar(&algorithm, "algorithm", string(keys.Ed25519), "Ed25519 or P-256")
	return c
}

// openWriterAt opens the ledger to write at a time that it will take.
func (a *app) openWriterAt(now time.Time) (*ledger.Writer, error) {
	w, err := a.openWriter()
	if err != nil {
		return nil, err
	}
	if _, _, head := w.State().Head(); now.Before(head) {
		w.Close()
		return nil, &ledger.ClockError{Now: now, Head: head}
	}
	return w, nil
}

// kids are the names of all keys the ledger knows.
func kids(s *ledger.State) []string {
	var names []string
	for _, k := range s.Keys() {
		names = append(names, k.Kid)
	}
	return names
}

// recordKeys writes to the ledger what it does not know of the keys yet.
func (a *app) recordKeys(w *ledger.Writer, now time.Time) error {
	public, err := a.publicKeys()
	if err != nil {
		return err
	}
	planned := plan.KeyEvents(public, w.State())
	if len(planned) == 0 {
		return nil
	}
	events := make([]ledger.Event, len(planned))
	for i := range planned {
		events[i].Key = &planned[i]
	}
	return w.Append(now, events)
}

type keyJSON struct {
	SchemaVersion      int       `json:"schemaVersion,omitzero"`
	Kid                string    `json:"kid"`
	Algorithm          string    `json:"algorithm"`
	PublicKeyMultibase string    `json:"publicKeyMultibase"`
	Created            time.Time `json:"created"`
	Retired            time.Time `json:"retired,omitzero"`
	Revoked            time.Time `json:"revoked,omitzero"`
	Reason             string    `json:"reason,omitzero"`
}

func keyReport(k keys.Public) keyJSON {
	return keyJSON{schemaVersion, k.Kid, string(k.Algorithm), k.PublicKeyMultibase, k.Created, k.Retired, k.Revoked, k.RevokedReason}
}

func (a *app) keyList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the keys",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			list, away, err := a.allKeys()
			if err != nil {
				return err
			}
			if a.json {
				out := struct {
					SchemaVersion int       `json:"schemaVersion"`
					Keys          []keyJSON `json:"keys"`
				}{schemaVersion, []keyJSON{}}
				for _, k := range list {
					j := keyReport(k)
					j.SchemaVersion = 0
					out.Keys = append(out.Keys, j)
				}
				return a.printJSON(out)
			}
			if len(list) == 0 {
				a.notef("no keys yet: run laurel key new\n")
			}
			for _, k := range list {
				a.printf("%s  %s  %s  %s", k.Kid, k.Algorithm, k.PublicKeyMultibase, keyState(k))
				if away[k.Kid] {
					a.printf("  not in keys/")
				}
				a.printf("\n")
			}
			return nil
		},
	}
}

// allKeys are those of the keys folder, and those that only the ledger knows.
func (a *app) allKeys() (list []keys.Public, away map[string]bool, err error) {
	if err := a.inSite(); err != nil {
		return nil, nil, err
	}
	if list, err = keys.List(a.keysDir()); err != nil {
		return nil, nil, err
	}
	l, err := a.openLedger()
	if err != nil {
		return nil, nil, err
	}
	defer l.Close()
	away = make(map[string]bool)
	for _, k := range l.State().Keys() {
		if slices.ContainsFunc(list, func(p keys.Public) bool { return p.Kid == k.Kid }) {
			continue
		}
		away[k.Kid] = true
		list = append(list, keys.Public{Kid: k.Kid, Algorithm: algorithmOf(k.PublicKeyMultibase), PublicKeyMultibase: k.PublicKeyMultibase,
			Created: k.Added, Retired: k.Retired, Revoked: k.Revoked, RevokedReason: k.RevokedReason})
	}
	return list, away, nil
}

func algorithmOf(multikey string) keys.Algorithm {
	if key, err := did.DecodeMultikey(multikey); err == nil {
		if _, ok := key.(ed25519.PublicKey); ok {
			return keys.Ed25519
		}
	}
	return keys.P256
}

func keyState(k keys.Public) string {
	switch {
	case !k.Revoked.IsZero():
		return "revoked " + k.Revoked.Format(time.DateOnly)
	case !k.Retired.IsZero():
		return "retired " + k.Retired.Format(time.DateOnly)
	}
	return "active since " + k.Created.Format(time.DateOnly)
}

func (a *app) keyRetire() *cobra.Command {
	return &cobra.Command{
		Use:   "retire NAME",
		Short: "Stop signing with a key; what it signed stays valid",
		Args:  oneKey,
		RunE: func(_ *cobra.Command, args []string) error {
			return a.changeKey(args[0], "retired", func(now time.Time) error {
				return keys.Retire(a.keysDir(), args[0], now)
			})
		},
	}
}

func (a *app) keyRevoke() *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use:   "revoke NAME",
		Short: "Declare a key compromised; what it signed is no longer trusted",
		Long: `Declare a key compromised. From the next build on, the issuer's DID document
marks it revoked, and verifiers refuse everything it ever signed, since whoever
has the key can put any date in a credential. Make another key, then sign the
awards again with "laurel reissue".`,
		Args: oneKey,
		RunE: func(_ *cobra.Command, args []string) error {
			return a.changeKey(args[0], "revoked", func(now time.Time) error {
				return keys.Revoke(a.keysDir(), args[0], now, reason)
			})
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "the reason, for the ledger")
	return c
}

func (a *app) changeKey(kid, done string, change func(time.Time) error) error {
	now, err := a.now()
	if err != nil {
		return err
	}
	w, err := a.openWriterAt(now)
	if err != nil {
		return err
	}
	defer w.Close()
	if err := change(now); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no key called %s in keys/", clean(kid))
	} else if err != nil {
		return err
	}
	if err := a.recordKeys(w, now); err != nil {
		return fmt.Errorf("%s is %s, but the ledger does not say so yet; laurel sign will record it: %w", kid, done, err)
	}
	return a.reportKey(kid, done)
}

func (a *app) reportKey(kid, done string) error {
	if a.json {
		return a.printJSON(struct {
			SchemaVersion int    `json:"schemaVersion"`
			Kid           string `json:"kid"`
			Action        string `json:"action"`
		}{schemaVersion, kid, done})
	}
	a.printf("%s %s\n", kid, done)
	return nil
}

// oneKey is the argument check of commands that take the name of a key.
func oneKey(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return misuse("laurel key list", "name one key")
	}
	return nil
}

func (a *app) keyPassphrase() *cobra.Command {
	var was, is passphraseFlag
	c := &cobra.Command{
		Use:   "passphrase NAME",
		Short: "Change a key's passphrase",
		Long: `Change a key's passphrase. The old one is read from the terminal,
LAUREL_PASSPHRASE or --passphrase-file, the new one from the terminal,
LAUREL_NEW_PASSPHRASE or --new-passphrase-file.`,
		Args: oneKey,
		RunE: func(c *cobra.Command, args []string) error {
			if err := a.inSite(); err != nil {
				return err
			}
			old, err := was.read(c.Context(), a, "LAUREL_PASSPHRASE", "Passphrase of "+clean(args[0])+": ", false)
			if err != nil {
				return err
			}
			defer clear(old)
			next, err := is.read(c.Context(), a, "LAUREL_NEW_PASSPHRASE", "New passphrase: ", true)
			if err != nil {
				return err
			}
			defer clear(next)
			if err := keys.ChangePassphrase(a.keysDir(), args[0], old, next, keys.Options{Iterations: a.env.KeyWork}); err != nil {
				return fmt.Errorf("change the passphrase of %s: %w", clean(args[0]), err)
			}
			return a.reportKey(args[0], "given a new passphrase")
		},
	}
	was.add(c, "passphrase-file")
	is.add(c, "new-passphrase-file")
	return c
}
