package cli

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"laurel/internal/issuing/ledger"
)

func (a *app) revokeCommand() *cobra.Command {
	return a.statusCommand(ledger.ActionRevoke, "revoked", "Take credentials back for good",
		`A revoked credential never becomes valid again. To correct one, use
"laurel reissue".`)
}

func (a *app) suspendCommand() *cobra.Command {
	return a.statusCommand(ledger.ActionSuspend, "suspended", "Make credentials invalid until they are reinstated",
		`A credential has one status entry, which is all that the Open Badges schemas
allow; so while it is suspended verifiers report it as revoked.`)
}

func (a *app) reinstateCommand() *cobra.Command {
	return a.statusCommand(ledger.ActionReinstate, "reinstated", "Make suspended credentials valid again", "")
}

const awardsHelp = `AWARD is an award key as "laurel plan" shows it, a credential id, or a cohort,
which means all of its awards.`

func (a *app) statusCommand(action, done, short, long string) *cobra.Command {
	var awards awardsFlag
	var reason string
	var public bool
	c := &cobra.Command{
		Use:   action + " AWARD...",
		Short: short,
		Long: strings.TrimSpace(short + `. The decision and its reason are written to the
ledger at once; the next "laurel sign" signs the status list, and the next
"laurel build" publishes it. ` + "\n\n" + awardsHelp + "\n\n" + long),
		Example: "  laurel " + action + " spring-2026/welding-basics/ana@example.org --reason \"…\"\n  laurel " + action + " --from awards.txt",
		RunE: func(_ *cobra.Command, args []string) error {
			return a.decide(action, done, awards, args, reason, public)
		},
	}
	awards.add(c)
	c.Flags().StringVar(&reason, "reason", "", "why, for the ledger")
	c.Flags().BoolVar(&public, "publish-reason", false, "show the reason on the award's page")
	return c
}

// decide writes status decisions to the ledger, all or none.
func (a *app) decide(action, done string, from awardsFlag, args []string, reason string, public bool) error {
	if public && reason == "" {
		return misuse("add --reason TEXT", "--publish-reason has no reason to publish")
	}
	names, err := from.read(args)
	if err != nil {
		return err
	}
	now, err := a.now()
	if err != nil {
		return err
	}
	w, err := a.openWriter()
	if err != nil {
		return err
	}
	defer w.Close()
	records, err := find(w.State(), names)
	if err != nil {
		return err
	}
	events := make([]ledger.Event, len(records))
	for i, r := range records {
		events[i].Status = &ledger.StatusEvent{Award: r.Award, Credential: r.Credential, Action: action,
			Reason: reason, Date: now, Public: public}
	}
	if err := w.Append(now, events); err != nil {
		return err
	}
	if a.json {
		return a.printJSON(struct {
			SchemaVersion int      `json:"schemaVersion"`
			Action        string   `json:"action"`
			Credentials   []string `json:"credentials"`
		}{schemaVersion, action, credentialsOf(records)})
	}
	a.printf("%s %s; laurel sign makes it known to verifiers\n", done, plural(len(records), "award"))
	return nil
}

func credentialsOf(records []*ledger.Record) []string {
	ids := make([]string, len(records))
	for i, r := range records {
		ids[i] = r.Credential
	}
	return ids
}

func (a *app) reissueCommand() *cobra.Command {
	var awards awardsFlag
	var passphrase passphraseFlag
	var reason string
	c := &cobra.Command{
		Use:   "reissue AWARD...",
		Short: "Revoke credentials and sign them anew from today's content",
		Long: `Revoke credentials and sign them anew from today's content: a corrected name,
a learner's new DID. The old credential stays in the ledger, revoked; the new
one has an id of its own. Other awards of the plan are left alone.

` + awardsHelp,
		Example: "  laurel reissue spring-2026/welding-basics/ana@example.org --reason \"name corrected\"",
		RunE: func(c *cobra.Command, args []string) error {
			names, err := awards.read(args)
			if err != nil {
				return err
			}
			pick := func(s *ledger.State) ([]string, error) {
				records, err := find(s, names)
				if err != nil {
					return nil, err
				}
				keys := make([]string, len(records))
				for i, r := range records {
					keys[i] = r.Award
				}
				return keys, nil
			}
			return a.sign(c.Context(), signing{passphrase: passphrase, reissue: pick, reason: reason})
		},
	}
	awards.add(c)
	passphrase.add(c, "passphrase-file")
	c.Flags().StringVar(&reason, "reason", "", "why, for the ledger")
	return c
}

// awardsFlag takes awards as arguments or from a file.
type awardsFlag struct{ file string }

func (f *awardsFlag) add(c *cobra.Command) {
	c.Flags().StringVar(&f.file, "from", "", "read award keys or credential ids from this file, one a line")
}

func (f *awardsFlag) read(args []string) ([]string, error) {
	if f.file == "" {
		if len(args) == 0 {
			return nil, misuse("name an award key, a credential id or a cohort, or use --from FILE", "no award is named")
		}
		return args, nil
	}
	if len(args) > 0 {
		return nil, misuse("use one of the two", "awards are named both on the command line and by --from")
	}
	file, err := os.Open(f.file)
	if err != nil {
		return nil, fmt.Errorf("read awards: %w", err)
	}
	defer file.Close()
	var names []string
	s := bufio.NewScanner(file)
	for s.Scan() {
		if line := strings.TrimSpace(s.Text()); line != "" && !strings.HasPrefix(line, "#") {
			names = append(names, line)
		}
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("read awards from %s: %w", f.file, err)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("read awards from %s: there is none in it", f.file)
	}
	return names, nil
}

// find returns the living records named by award key, credential id or cohort,
// each once, in the order named.
func find(s *ledger.State, names []string) ([]*ledger.Record, error) {
	var found []*ledger.Record
	seen := make(map[string]bool)
	add := func(r *ledger.Record) {
		if !seen[r.Credential] {
			seen[r.Credential] = true
			found = append(found, r)
		}
	}
	for _, name := range names {
		before := len(found)
		switch {
		case s.Record(name) != nil:
			add(s.Record(name))
		case s.ByCredential(name) != nil:
			add(s.ByCredential(name))
		case !strings.ContainsAny(name, "/:"):
			for r := range s.Records() {
				if r.ReplacedBy == "" && strings.HasPrefix(r.Award, name+"/") {
					add(r)
				}
			}
		}
		if len(found) == before && !seen[name] {
			return nil, fmt.Errorf("no signed award, credential or cohort is called %s; nothing was written", clean(name))
		}
	}
	return found, nil
}
