package cli

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"laurel/internal/material/pool"
	"laurel/internal/standards/conform"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/verify"
)

func (a *app) verifyCommand() *cobra.Command {
	var v verifying
	c := &cobra.Command{
		Use:   "verify FILE, FOLDER, ZIP or URL...",
		Short: "Judge credentials of any issuer",
		Long: `Judge credentials of any issuer: form, contexts, schema, signature, whether the
key is the issuer's, dates, revocation. The content of each input tells what it
is: a credential as JSON or JWT, alone, in an envelope, a presentation or a
learner record, baked into a PNG or SVG, attached to a PDF, or in a certificate
that is one web page ("laurel deliver" writes both of these). What is printed in
a PDF or web page is not checked: compare it with what the credential says. In a
folder or ZIP archive, every credential is judged. "-" reads standard input.

A claim link is opened if --documents or the site folder has its award, and is
never printed; if not, open it in a browser, and verify the file you can
download there.

The row "log" says since when the credential has been in its issuer's log, and
warns of one that was dated back, or is not where it is said to be. It is known
where to look if a file log.json lies beside the credential ("laurel build" and
"laurel deliver" write it), if --documents is a copy of the site and the award
public, or from a claim link. The row does not change the verdict.

Files that a credential has digests of, such as its evidence, are compared with
those where they are at hand: beside the credential, in a folder evidence beside
it, in the same archive, below the credential's own address, or in --documents. A
changed one does not change the verdict, but the exit code is 1.

The verdict is "valid" or "invalid", or it is "undetermined" if something needed
could not be fetched, or the input is of a kind that cannot be verified.

What the credential refers to (the issuer's DID document, status lists) is
looked for first in --documents, then in a cache (DID documents for 10 minutes,
status lists as long as their issuer allows), then on the network, unless
--offline is given. -v names every request.

--require says what a valid credential must be to be of use: achievement=URL,
achievementType=, alignment=URL, issuer=DID, domain or a name that the --registry
has for it (one that only the issuer gives itself decides nothing), awardedAfter=DATE,
notOlderThan=P2Y, recipient=e-mail address or DID, or log: it has been in its
issuer's log from the day on which it became valid. Every key must be met; if one
is given several values, any of them will do. --policy reads the same from a
YAML file (log: true). Requirements do not change the verdict; the row "fitness"
reports whether they are met.

--registry is a list of known issuers: JSON in the Digital Credentials
Consortium's format, or YAML, a list of {did, name, url}. An issuer that is not
listed gives a warning.

A fault of a status list makes the verdict undetermined, never invalid; but what a
genuine list revokes is revoked, whatever else is wrong with the list. One by another
than the issuer is undetermined, too: with --lenient, or if --registry has whose it
is, it counts. One that was not signed for 30 days, or for as long as it says, is a
warning, since whoever hosts it may have kept a newer one back.

--lenient accepts, with a warning, what real issuers get wrong: status lists
that are too short, by another issuer, in another base64, or whose id is not their
URL, dates without a time zone (read as UTC) or without a time (the whole day),
documents that do not pass their schema, such as one with an achievementType off the
list or with several statuses, pictures given as their URL, members that are null, a
statusListIndex that is a number, times of a JWT up to five minutes from those of the
credential in it (the stricter one counts), a credential of one data model where a JWT
has those of the other, a presentation whose id is a bare UUID. It excuses nothing in a
signature.

--table prints one line for each credential: file, verdict, whom it is about, what
it is, by whom, when it was awarded and until when it is valid, and why it is not
simply valid or what to know first, cut to the width of the terminal, or to 120
columns where there is none. Credentials in a presentation have lines of their own,
file[0], file[1] and so on. --csv writes the same whole, for spreadsheets (RFC 4180,
UTF-8 with a byte order mark), in the columns file, verdict, who, what, by, awarded,
from, until, code, reason and fit. What a spreadsheet would compute has an apostrophe
before it.

In a folder or ZIP archive, what is no credential is left out: notes, scans, pictures
of anything else, empty files. Standard error names the first ten of them, with -v all.
A file that looks as if there were one in it, but cannot be read, is listed as
undetermined. One input may hold several credentials, as an array of them or a
server's answer does: each is judged, as FILE[0], FILE[1], and so on.

Exit code: 0 if all are valid and fit; 1 if one is invalid or not fit, whatever else;
else 2 if a named file is missing or cannot be read (the others are judged all the
same), a folder has no credential, or nothing was judged because the command line, a
policy or a list of issuers is wrong; else 3 if one is undetermined, or it is not known whether it is fit.`,
		Example: `  laurel verify credential.json
  laurel verify https://academy.example.org/awards/5b0c…/credential.json
  laurel verify applications.zip --require achievementType=Certificate --require notOlderThan=P2Y
  laurel verify certificate.pdf
  laurel verify badge.png --require recipient=ana@example.org --registry known.yaml
  laurel verify --offline --documents public credential.json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return misuse("laurel verify --help", "no file or URL is named")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return a.verify(c.Context(), v, args) },
	}
	f := c.Flags()
	f.BoolVar(&v.offline, "offline", false, "do not use the network")
	f.BoolVar(&v.noCache, "no-cache", false, "neither read nor write the cache")
	f.BoolVar(&v.lenient, "lenient", false, "turn the deviations named above into warnings")
	f.BoolVar(&v.table, "table", false, "print one line for each credential")
	f.BoolVar(&v.csv, "csv", false, "print one line for each credential, for spreadsheets")
	f.StringArrayVar(&v.documents, "documents", nil, "DID documents and status lists you already have: DIR, FILE or URL=FILE (repeatable)")
	f.StringVar(&v.at, "at", "", "judge as of this time, such as 2026-06-30T12:00:00Z")
	f.StringArrayVar(&v.require, "require", nil, "KEY=VALUE that the credential must meet (repeatable)")
	f.StringVar(&v.recipient, "recipient", "", "e-mail address or DID: --require recipient=…")
	f.StringVar(&v.policy, "policy", "", "YAML file of requirements")
	f.StringArrayVar(&v.registry, "registry", nil, "list of known issuers, JSON or YAML (repeatable)")
	return c
}

type verifying struct {
	offline, noCache, lenient bool
	table, csv                bool
	documents                 []string
	at                        string
	require                   []string
	recipient, policy         string
	registry                  []string
}

// time is when the credential is judged.
func (v verifying) time(a *app) (time.Time, error) {
	if v.at == "" {
		return a.now()
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, v.at); err == nil {
			return t, nil
		}
	}
	return time.Time{}, misuse("write it as 2026-06-30T12:00:00Z or 2026-06-30", "--at %q is not a time", v.at)
}

// options reads everything that the flags name.
func (v verifying) options(a *app) (verify.Options, error) {
	var o verify.Options
	var err error
	if o.Now, err = v.time(a); err != nil {
		return o, err
	}
	o.Lenient = v.lenient
	if o.Require, err = v.requirements(a); err != nil {
		return o, err
	}
	if o.Registry, err = a.loadRegistries(v.registry); err != nil {
		return o, err
	}
	docs, err := a.loadDocuments(v.documents)
	if err != nil {
		return o, err
	}
	network, err := a.loader(v)
	if err != nil {
		return o, err
	}
	o.Load = verify.Chain(docs, network)
	return o, nil
}

func newVerifier(now time.Time, load verify.Loader) (*verify.Verifier, error) {
	return verifierOf(verify.Options{Now: now, Load: load})
}

// tools are the program's own contexts and schemas, prepared once: nothing
// changes them, and all that signs or verifies shares them.
var tools = sync.OnceValues(func() (tooling, error) {
	processor, err := proof.New()
	if err != nil {
		return tooling{}, fmt.Errorf("prepare contexts: %w", err)
	}
	checker, err := conform.New()
	if err != nil {
		return tooling{}, fmt.Errorf("prepare schemas: %w", err)
	}
	return tooling{processor, checker}, nil
})

type tooling struct {
	*proof.Processor
	*conform.Checker
}

func verifierOf(o verify.Options) (*verify.Verifier, error) {
	t, err := tools()
	if err != nil {
		return nil, err
	}
	return verify.New(t.Processor, t.Checker, o), nil
}

// verified is one report with what was asked for.
type verified struct {
	Input string `json:"input"`
	*verify.Report
}

func (a *app) verify(ctx context.Context, v verifying, args []string) error {
	// A third of the time of judging one credential would go to collecting a
	// few megabytes of garbage; limits keep the memory of hostile input small.
	debug.SetGCPercent(400)
	if n := countTrue(a.json, v.table, v.csv); n > 1 {
		return misuse("choose one of them", "--json, --table and --csv are three ways to print the same")
	}
	if err := a.noClaimLink(v); err != nil {
		return err
	}
	o, err := v.options(a)
	if err != nil {
		return misused(err)
	}
	verifier, err := verifierOf(o)
	if err != nil {
		return err
	}
	inputs, unread, err := a.toJudge(ctx, args, v)
	if err != nil {
		return err
	}
	reports, err := a.judgeAll(ctx, verifier, inputs)
	if err != nil {
		return err
	}
	code, verdict := conclude(reports)
	if unread > 0 && code != exitProblem {
		code = exitMisused
	}
	switch {
	case v.csv:
		if err := a.printCSV(reports); err != nil {
			return err
		}
	case v.table:
		a.printTable(reports)
	case a.json:
		if err := a.printJSON(struct {
			SchemaVersion int            `json:"schemaVersion"`
			Reports       []verified     `json:"reports"`
			Verdict       verify.Verdict `json:"verdict"`
		}{schemaVersion, reports, verdict}); err != nil {
			return err
		}
	default:
		a.printReports(reports)
	}
	if code != exitGood {
		return &verdictError{code}
	}
	return nil
}

func countTrue(list ...bool) (n int) {
	for _, v := range list {
		if v {
			n++
		}
	}
	return n
}

// minProgress is the fewest inputs of which it is shown how many are judged.
const minProgress = 20

// judgeAll judges all inputs on all cores; reports come in the order of inputs and of
// what is in them.
func (a *app) judgeAll(ctx context.Context, verifier *verify.Verifier, inputs []input) ([]verified, error) {
	judged := make([][]*verify.Report, len(inputs))
	var bar progress
	if len(inputs) >= minProgress {
		bar = a.progress(len(inputs), "judging")
		defer bar.done()
	}
	err := pool.Each(ctx, len(inputs), 0, func(i int) (err error) {
		judged[i], err = inputs[i].judge(ctx, verifier)
		return err
	}, func(i int) { bar.set(i + 1) })
	var reports []verified
	for i, list := range judged {
		for _, r := range list {
			reports = append(reports, verified{clean(inputs[i].name) + r.Item, r})
		}
	}
	return reports, err
}

// conclude is the exit code and verdict of several reports: invalid wins over
// undetermined, and that over valid. One that is valid and not fit for what is
// required leaves the verdict, and fails the command; one of which it is not known
// has the exit code of undetermined.
func conclude(reports []verified) (int, verify.Verdict) {
	code, verdict := exitGood, verify.Valid
	for _, r := range reports {
		switch {
		case r.Verdict == verify.Invalid:
			return exitProblem, verify.Invalid
		case r.Unfit():
			code = exitProblem
		case !r.Fit() && code == exitGood:
			code = exitUndetermined
		}
		if r.Verdict == verify.Undetermined {
			verdict = verify.Undetermined
		}
	}
	return code, verdict
}

func joinNonEmpty(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, ", ")
}
