package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"laurel/internal/issuing/keys"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
)

func (a *app) keyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "key",
		Short: "Make, list, retire and revoke keys",
		Long: `The private half of a key is encrypted under a passphrase in keys/<name>.jwe;
the public half stands beside it in keys/<name>.json and is recorded in the
ledger, from which the issuer's DID document is built.`,
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
		Long:    "Make a key and record its public half. The name is key-<year>-<n> when none is given.",
		Example: "  laurel key new\n  laurel key new --passphrase-file ~/laurel-passphrase",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			now, err := a.now()
			if err != nil {
				return err
			}
			name := ""
			if len(args) == 1 {
				name = args[0]
			}
			secret, err := passphrase.read(a, "LAUREL_PASSPHRASE", "New passphrase: ", true)
			if err != nil {
				return err
			}
			defer clear(secret)
			k, err := keys.New(a.keysDir(), name, keys.Algorithm(algorithm), secret, now, keys.Options{})
			if err != nil {
				return fmt.Errorf("make a key: %w", err)
			}
			if err := a.recordKeys(now); err != nil {
				return err
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

// recordKeys writes to the ledger what it does not know of the keys yet.
func (a *app) recordKeys(now time.Time) error {
	public, err := a.publicKeys()
	if err != nil {
		return err
	}
	w, err := a.openWriter()
	if err != nil {
		return err
	}
	defer w.Close()
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
			list, err := keys.List(a.keysDir())
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
				a.notef("no keys yet: laurel key new\n")
			}
			for _, k := range list {
				a.printf("%s  %s  %s  %s\n", k.Kid, k.Algorithm, k.PublicKeyMultibase, keyState(k))
			}
			return nil
		},
	}
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
		Args:  cobra.ExactArgs(1),
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
marks it revoked, and verifiers refuse everything it ever signed: the dates in
a credential are the signer's own words. Make another key, then sign the awards
anew with "laurel reissue".`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.changeKey(args[0], "revoked", func(now time.Time) error {
				return keys.Revoke(a.keysDir(), args[0], now, reason)
			})
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why, for the ledger")
	return c
}

func (a *app) changeKey(kid, done string, change func(time.Time) error) error {
	now, err := a.now()
	if err != nil {
		return err
	}
	if err := change(now); err != nil {
		return err
	}
	if err := a.recordKeys(now); err != nil {
		return err
	}
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

func (a *app) keyPassphrase() *cobra.Command {
	var was, is passphraseFlag
	c := &cobra.Command{
		Use:   "passphrase NAME",
		Short: "Change a key's passphrase",
		Long: `Change a key's passphrase. The old one comes from the terminal,
LAUREL_PASSPHRASE or --passphrase-file, the new one from the terminal,
LAUREL_NEW_PASSPHRASE or --new-passphrase-file.`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			old, err := was.read(a, "LAUREL_PASSPHRASE", "Passphrase of "+clean(args[0])+": ", false)
			if err != nil {
				return err
			}
			defer clear(old)
			next, err := is.read(a, "LAUREL_NEW_PASSPHRASE", "New passphrase: ", true)
			if err != nil {
				return err
			}
			defer clear(next)
			if err := keys.ChangePassphrase(a.keysDir(), args[0], old, next, keys.Options{}); err != nil {
				return fmt.Errorf("change the passphrase of %s: %w", clean(args[0]), err)
			}
			a.notef("passphrase of %s changed\n", args[0])
			return nil
		},
	}
	was.add(c, "passphrase-file")
	is.add(c, "new-passphrase-file")
	return c
}
