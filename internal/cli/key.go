package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/keys"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/material/hint"
	"laurel/internal/material/text"
	"laurel/internal/standards/did"
)

func (a *app) keyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "key",
		Short: "Make, list, retire and revoke keys",
		Long: `The private half of a key is in keys/<name>.jwe, encrypted under a passphrase, or
a program holds it ("laurel help signer");
the public half is beside it in keys/<name>.json and is recorded in the ledger,
from which the issuer's DID document is built. Bodies that endorse in
content/endorsements have keys of their own, and DID documents at
endorsers/<name>/did.json.`,
	}
	c.AddCommand(a.keyNew(), a.keyList(), a.keyRetire(), a.keyRevoke(), a.keyPassphrase())
	return c
}

func (a *app) keyNew() *cobra.Command {
	var passphrase passphraseFlag
	var algorithm, profile string
	var h held
	c := &cobra.Command{
		Use:   "new [NAME]",
		Short: "Make a key",
		Long: `Make a key and record its public half. Without NAME, it is called
key-<year>-<n>. The passphrase is yours, or, when you press Enter instead, six
random words that laurel shows once; one that is short, common or made of too
little is refused. A file with the passphrase must be readable by you alone.

Every credential is signed with an Ed25519 key. Those that sign.formats of
content/site.yaml asks for beside that need keys of other algorithms: P-256 or
RSA-3072 for vc-jwt, P-256 for most others. Give all of them one passphrase, and
laurel sign asks for it once.

With --profile, it is the key of a body that endorses: NAME.yaml in
content/endorsements says who. It never signs an award.

With --exec, the key is one that a program holds, such as laurel-pkcs11 for HSMs and
smart cards: laurel records its public half and runs COMMAND to sign ("laurel help
signer"). It is that of --algorithm, or the one that the program calls as --key says.`,
		Example: "  laurel key new\n  laurel key new --algorithm P-256\n  laurel key new --profile welders-guild\n  laurel key new --passphrase-file ~/laurel-passphrase\n" +
			"  laurel key new --exec \"laurel-pkcs11 --module /usr/lib/softhsm/libsofthsm2.so\"",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if h.command == "" && h.name != "" {
				return misuse("laurel help signer", "--key is for keys that a program holds, which --exec names")
			}
			if h.command == "" && !slices.Contains(keys.Algorithms, keys.Algorithm(algorithm)) {
				return misuse("leave --algorithm out for the key that every credential needs", "there are no keys of algorithm %q: it is %s", clean(algorithm), algorithmNames())
			}
			name := ""
			if len(args) == 1 {
				name = args[0]
				if err := keys.CheckKid(name); err != nil { // before a passphrase is thought of
					return misuse("laurel key new without a name takes the next one", "%v", err)
				}
			}
			if h.command != "" {
				if passphrase.file != "" {
					return misuse("leave --passphrase-file out", "a key that a program holds has no passphrase here")
				}
				h.command, h.algorithm, h.profile = text.Trim(h.command), keys.Algorithm(algorithm), profile
				return a.registerKey(c.Context(), name, h)
			}
			if err := a.checkProfile(profile, algorithm); err != nil {
				return err
			}
			now, err := a.now()
			if err != nil {
				return err
			}
			// The ledger first: it knows the names of keys that are not here,
			// and a key that cannot be recorded should not be made.
			w, err := a.openWriterAt(now)
			if err != nil {
				return err
			}
			defer w.Close()
			secret, err := passphrase.read(c.Context(), a, "LAUREL_PASSPHRASE", fmt.Sprintf("New passphrase, at least %d characters (or press Enter, and laurel makes one): ", keys.MinPassphrase), true)
			if err != nil {
				return err
			}
			defer clear(secret)
			k, err := keys.New(a.keysDir(), name, keys.Algorithm(algorithm), secret, now, keys.Options{Taken: kids(w.State()), Profile: profile, Iterations: a.env.KeyWork})
			if err != nil {
				return err // says what was tried
			}
			return a.recordNew(w, now, k, "keep keys/"+k.Kid+".jwe and its passphrase safe, with a copy elsewhere: nobody can restore them")
		},
	}
	passphrase.add(c, "passphrase-file")
	c.Flags().StringVar(&profile, "profile", "", "the endorser whose key it is (default: the issuer's)")
	a.completeSlugs(c, "profile", "endorsements")
	c.Flags().StringVar(&algorithm, "algorithm", string(keys.Ed25519), "the kind of key: "+algorithmNames())
	c.Flags().StringVar(&h.command, "exec", "", "the command of a program that holds the key")
	c.Flags().StringVar(&h.name, "key", "", "with --exec, the program's name for the key")
	return c
}

// checkProfile finds an endorser for whom a key would be of no use.
func (a *app) checkProfile(slug, algorithm string) error {
	if slug == "" {
		return nil
	}
	if algorithm != string(keys.Ed25519) {
		return misuse("leave --algorithm out", "endorsements are signed with %s keys alone, so a key of algorithm %q would be of no use to an endorser", keys.Ed25519, clean(algorithm))
	}
	site, err := a.loadContent()
	if err != nil {
		return err
	}
	if site.Endorser(slug) == nil {
		return hint.Errorf("say who endorses there first, with endorser: and name: below it", "content/endorsements/%s.yaml names no endorser", clean(slug))
	}
	return nil
}

// openWriterAt opens the ledger to write at a time that it will take.
func (a *app) openWriterAt(now time.Time) (*writer, error) {
	w, err := a.openWriter()
	if err != nil {
		return nil, err
	}
	if err := w.State().CheckTime(now); err != nil {
		return nil, errors.Join(err, w.Close())
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
func (a *app) recordKeys(w *writer, now time.Time) error {
	public, err := a.publicKeys(w.State())
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

// recordNew records a new key and reports it, with a note for its owner.
func (a *app) recordNew(w *writer, now time.Time, k keys.Public, note string) error {
	if err := a.recordKeys(w, now); err != nil {
		return fmt.Errorf("%s was made, but not recorded: %w", k.Kid, err)
	}
	if a.json {
		return a.printJSON(keyReport(k))
	}
	a.printf("%s\n", k.Kid)
	a.notef("%s\n", note)
	return nil
}

type keyJSON struct {
	SchemaVersion      int       `json:"schemaVersion,omitzero"`
	Kid                string    `json:"kid"`
	Algorithm          string    `json:"algorithm"`
	PublicKeyMultibase string    `json:"publicKeyMultibase"`
	Profile            string    `json:"profile,omitzero"` // of an endorser; empty: the issuer's
	Created            time.Time `json:"created"`
	Retired            time.Time `json:"retired,omitzero"`
	Revoked            time.Time `json:"revoked,omitzero"`
	Reason             string    `json:"reason,omitzero"`
	Exec               string    `json:"exec,omitzero"` // the command of the program that holds it
}

func keyReport(k keys.Public) keyJSON {
	return keyJSON{schemaVersion, k.Kid, string(k.Algorithm), k.PublicKeyMultibase, k.Profile, k.Created, k.Retired, k.Revoked, k.RevokedReason, k.Exec}
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
				if k.Profile != "" {
					a.printf("  of %s", clean(k.Profile))
				}
				switch {
				case away[k.Kid]:
					a.printf("  not in keys/")
				case k.Exec != "":
					a.printf("  exec:%s", clean(k.Exec))
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
		list = append(list, keys.Public{Kid: k.Kid, Algorithm: algorithmOf(k.PublicKeyMultibase), PublicKeyMultibase: k.PublicKeyMultibase, Profile: k.Profile,
			Created: k.Added, Retired: k.Retired, Revoked: k.Revoked, RevokedReason: k.RevokedReason})
	}
	return list, away, nil
}

func algorithmOf(multikey string) keys.Algorithm {
	key, err := did.DecodeKey(multikey)
	if err != nil {
		return "unknown"
	}
	return keys.AlgorithmOf(key)
}

func algorithmNames() string {
	var names []string
	for _, a := range keys.Algorithms {
		names = append(names, string(a))
	}
	return strings.Join(names, ", ")
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
	var sure confirmation
	c := &cobra.Command{
		Use:   "retire NAME",
		Short: "Stop signing with a key; what it signed stays valid",
		Long: `Stop signing with a key. What it signed stays valid. The key's files need not be
in keys/: the ledger knows its public half.`,
		Args:              oneKey,
		ValidArgsFunction: a.completeKeys,
		RunE: func(c *cobra.Command, args []string) error {
			return a.endKey(c.Context(), args[0], keyEnd{action: ledger.ActionRetired, sure: sure})
		},
	}
	sure.add(c)
	return c
}

func (a *app) keyRevoke() *cobra.Command {
	end := keyEnd{action: ledger.ActionRevoked}
	c := &cobra.Command{
		Use:   "revoke NAME",
		Short: "Declare a key compromised; what it signed is no longer trusted",
		Long: `Declare a key compromised. From the next build on, the issuer's DID document
marks it revoked, and verifiers refuse everything it ever signed, since whoever
has the key can put any date in a credential. The key's files need not be in
keys/: the ledger knows its public half.

With --reissue, the awards it signed are at once signed again with another key of
keys/ ("laurel key new" makes one), from today's content: the dates of award stay,
and learners need new claim links. Given again, it goes on where it was cut off.`,
		Example:           "  laurel key new\n  laurel key revoke key-2026-1 --reissue --reason \"laptop stolen\"",
		Args:              oneKey,
		ValidArgsFunction: a.completeKeys,
		RunE: func(c *cobra.Command, args []string) error {
			return a.endKey(c.Context(), args[0], end)
		},
	}
	end.sure.add(c)
	end.signing.passphrase.add(c, "passphrase-file")
	end.signing.dateRight.addDate(c)
	c.Flags().BoolVar(&end.reissue, "reissue", false, "sign the awards again with another key")
	c.Flags().StringVar(&end.reason, "reason", "", "the reason, for the ledger")
	return c
}

// keyEnd is the end of a key's use.
type keyEnd struct {
	action  string // ledger.ActionRetired or ActionRevoked
	reason  string
	sure    confirmation
	reissue bool
	signing signing // of what is reissued
}

// endKey retires or revokes a key of the ledger or of keys/. The ledger has the
// last word on both, so it is written first.
func (a *app) endKey(ctx context.Context, kid string, end keyEnd) error {
	now, err := a.now()
	if err != nil {
		return err
	}
	w, err := a.openWriter()
	if err != nil {
		return err
	}
	defer w.Close()
	known, public, err := a.knownKey(w.State(), kid)
	if err != nil {
		return err
	}
	ended := !known.Revoked.IsZero()
	if err := hasEnded(known, end); err != nil {
		return err
	}
	hit, err := a.whatItSigned(w.Ledger, kid)
	if err != nil {
		return err
	}
	if end.reissue {
		if err := a.otherKey(public, w.State(), known.Profile); err != nil {
			return err
		}
		if err := checkDate(ctx, a, now, w.State(), &end.signing.dateRight); err != nil {
			return err
		}
	}
	if !ended || len(hit.records) > 0 {
		if err := end.sure.ask(ctx, a, end.sentence(kid, hit)); err != nil {
			return err
		}
	}
	if !ended {
		if err := a.writeEnd(w, known, now, end); err != nil {
			return err
		}
		if !end.reissue {
			return a.reportEnd(kid, end, hit)
		}
		a.notef("%s %s\n", kid, end.action)
	}
	return unfinished(kid+" is revoked, but its awards are not all signed again (the same command goes on)", a.reissueAll(ctx, w, hit, end))
}

// knownKey is what the ledger knows of a key, else what keys/ does; public are
// those of keys/ without it. Where keys/ cannot be read, a key of the ledger is
// ended all the same.
func (a *app) knownKey(s *ledger.State, kid string) (known ledger.KeyState, public []plan.PublicKey, err error) {
	var names []string
	for _, k := range s.Keys() {
		names = append(names, k.Kid)
		if k.Kid == kid {
			known = k
		}
	}
	public, err = a.publicKeys(s)
	if err != nil && known.Kid == "" {
		return known, nil, err
	}
	for _, k := range public {
		if known.Kid == "" && k.Kid == kid {
			known = ledger.KeyState{Kid: kid, PublicKeyMultibase: k.PublicKeyMultibase, Profile: k.Profile, Added: k.Created}
		}
		if !slices.Contains(names, k.Kid) {
			names = append(names, k.Kid)
		}
	}
	if known.Kid == "" {
		try := "there are no keys yet"
		if len(names) > 0 {
			try = "the keys are " + strings.Join(names, ", ")
		}
		return known, nil, hint.Errorf(try, "neither the ledger nor keys/ has a key called %s", clean(kid))
	}
	return known, slices.DeleteFunc(public, func(k plan.PublicKey) bool { return k.Kid == kid }), nil
}

// hasEnded refuses to end a key twice. To go on with a reissue is not that.
func hasEnded(k ledger.KeyState, end keyEnd) error {
	switch {
	case !k.Revoked.IsZero() && !end.reissue:
		return &keys.LifeError{Kid: k.Kid, State: ledger.ActionRevoked, Since: k.Revoked}
	case !k.Retired.IsZero() && end.action == ledger.ActionRetired:
		return &keys.LifeError{Kid: k.Kid, State: ledger.ActionRetired, Since: k.Retired}
	}
	return nil
}

// otherKey finds a key of a profile to sign with once another is revoked, and those of
// the issuer, who signs the awards that embed what that one signed.
func (a *app) otherKey(public []plan.PublicKey, s *ledger.State, profile string) error {
	site, err := a.loadContent()
	if err != nil {
		return err
	}
	if profile != "" {
		switch k, err := plan.EndorserKey(public, s, profile); {
		case err != nil:
			return err
		case k.Kid == "":
			return hint.Errorf("laurel key new --profile "+profile+", then this again", "there is no other key to sign with for %s; nothing was written", profile)
		case !keys.HasPrivate(a.keysDir(), k.Kid):
			return missingKey(k)
		}
	}
	forms, err := plan.Forms(public, s, site)
	if err != nil {
		return err
	}
	for _, f := range forms {
		switch {
		case f.Key.Kid == "" && f.Format == model.MainForm:
			return hint.Errorf("laurel key new, then this again", "there is no other key to sign with; nothing was written")
		case f.Key.Kid == "":
			return hint.Errorf("laurel key new --algorithm "+plan.Algorithm(f.Format)+", then this again", "there is no other key to sign %s with; nothing was written", f.Format)
		case !keys.HasPrivate(a.keysDir(), f.Key.Kid):
			return missingKey(f.Key)
		}
	}
	return nil
}

// reach is what a key signed that is in force.
type reach struct {
	records              []*ledger.Record
	credentials, cohorts int    // variants are credentials of their own
	lists                string // the cohorts with the most awards
}

func (a *app) whatItSigned(l *ledger.Ledger, kid string) (reach, error) {
	records, err := plan.SignedWith(l.State(), kid, l.Documents)
	if err != nil {
		return reach{}, err
	}
	r := reach{records: records}
	of := map[string]int{}
	for _, rec := range records {
		r.credentials += 1 + len(rec.Variants)
		key, _ := model.ParseAwardKey(rec.Award)
		of[key.Cohort]++
	}
	names := slices.SortedFunc(maps.Keys(of), func(x, y string) int { return cmp.Or(of[y]-of[x], strings.Compare(x, y)) })
	r.cohorts = len(names)
	const told = 8
	for i, name := range names[:min(len(names), told)] {
		if i > 0 {
			r.lists += ", "
		}
		r.lists += fmt.Sprintf("%s (%d)", clean(name), of[name])
	}
	if len(names) > told {
		r.lists += fmt.Sprintf(" and %d more", len(names)-told)
	}
	return r, nil
}

func (r reach) String() string {
	if len(r.records) == 0 {
		return "nothing that is in force"
	}
	return fmt.Sprintf("%s of %s in %s: %s", plural(r.credentials, "credential"), plural(len(r.records), "award"), plural(r.cohorts, "list"), r.lists)
}

// sentence is what is confirmed before a key ends.
func (end keyEnd) sentence(kid string, hit reach) string {
	switch {
	case end.action == ledger.ActionRetired:
		return fmt.Sprintf("This ends signing with %s for good. What it signed stays valid (%v).", kid, hit)
	case end.reissue:
		return fmt.Sprintf("This revokes %s for good, and all that it signed stops being valid (%v). The awards are signed again with another key.", kid, hit)
	}
	return fmt.Sprintf("This revokes %s for good, and all that it signed stops being valid (%v).", kid, hit)
}

// writeEnd records the end of a key, first in the ledger, then in keys/.
func (a *app) writeEnd(w *writer, k ledger.KeyState, now time.Time, end keyEnd) error {
	when, date := decisionTime(now, w.State())
	if date.Before(k.Added) {
		date = k.Added // a clock that is behind is no reason to trust a stolen key
	}
	var events []ledger.Event
	if !slices.Contains(kids(w.State()), k.Kid) {
		events = append(events, ledger.Event{Key: &ledger.KeyEvent{Kid: k.Kid, Action: ledger.ActionAdded, PublicKeyMultibase: k.PublicKeyMultibase, Profile: k.Profile, At: k.Added}})
	}
	events = append(events, ledger.Event{Key: &ledger.KeyEvent{Kid: k.Kid, Action: end.action, At: date, Reason: end.reason}})
	if err := w.Append(when, events); err != nil {
		return err
	}
	var err error
	if end.action == ledger.ActionRetired {
		err = keys.Retire(a.keysDir(), k.Kid, date)
	} else {
		err = keys.Revoke(a.keysDir(), k.Kid, date, end.reason)
	}
	var before *keys.LifeError
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.As(err, &before) {
		a.notef("laurel: the ledger has it, which is what counts, but keys/%s.json could not be changed: %v\n", k.Kid, err)
	}
	return nil
}

// reissueAll signs anew what a revoked key had signed. Suspended awards are left
// as they are: signed anew, they would be valid.
func (a *app) reissueAll(ctx context.Context, w *writer, hit reach, end keyEnd) error {
	r := &plan.Reissue{Lenient: true, Reason: end.reason}
	suspended := 0
	for _, rec := range hit.records {
		if rec.Status == ledger.Suspended {
			suspended++
		} else {
			r.Awards = append(r.Awards, rec.Award)
		}
	}
	s := end.signing
	s.reissue = func(*ledger.Ledger) (*plan.Reissue, bool, error) { return r, false, nil }
	if err := a.signInto(ctx, w, s); err != nil {
		return err
	}
	if suspended > 0 {
		a.notef("left alone: %s suspended; to sign them again: laurel reinstate, then laurel reissue\n", plural(suspended, "award"))
	}
	return nil
}

func (a *app) reportEnd(kid string, end keyEnd, hit reach) error {
	if a.json {
		return a.printJSON(struct {
			SchemaVersion int    `json:"schemaVersion"`
			Kid           string `json:"kid"`
			Action        string `json:"action"`
			Credentials   int    `json:"credentials"` // that it signed and that were in force
			Awards        int    `json:"awards"`
			Cohorts       int    `json:"cohorts"`
		}{schemaVersion, kid, end.action, hit.credentials, len(hit.records), hit.cohorts})
	}
	a.printf("%s %s; it signed %v\n", kid, end.action, hit)
	if end.action == ledger.ActionRevoked {
		a.notef("laurel sign and laurel build make it known to verifiers")
		if len(hit.records) > 0 {
			a.notef("; laurel key revoke %s --reissue signs its awards again", kid)
		}
		a.notef("\n")
	}
	return nil
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
		Args:              oneKey,
		ValidArgsFunction: a.completeKeys,
		RunE: func(c *cobra.Command, args []string) error {
			if err := a.inSite(); err != nil {
				return err
			}
			if list, err := keys.List(a.keysDir()); err != nil {
				return err
			} else if i := slices.IndexFunc(list, func(k keys.Public) bool { return k.Kid == args[0] }); i >= 0 && list[i].Exec != "" {
				return &keys.HeldError{Kid: list[i].Kid, Exec: list[i].Exec}
			}
			old, err := was.read(c.Context(), a, "LAUREL_PASSPHRASE", "Passphrase of "+clean(args[0])+": ", false)
			if err != nil {
				return err
			}
			defer clear(old)
			next, err := is.read(c.Context(), a, "LAUREL_NEW_PASSPHRASE", "New passphrase (or press Enter, and laurel makes one): ", true)
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
