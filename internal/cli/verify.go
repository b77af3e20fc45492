package cli

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"laurel/internal/standards/conform"
	"laurel/internal/standards/fetch"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/verify"
)

func (a *app) verifyCommand() *cobra.Command {
	var v verifying
	c := &cobra.Command{
		Use:   "verify FILE or URL...",
		Short: "Judge credentials of any issuer",
		Long: `Judge credentials of any issuer: form, contexts, schema, signature, whether the
key is the issuer's, dates, revocation. The verdict is "valid", "invalid", or
"undetermined" when something that is needed could not be had. "-" reads
standard input.

What the credential refers to (the issuer's DID document, status lists) is
looked for in --documents first, then on the network, unless --offline.

Exit code: 0 all valid, 1 one is invalid, 3 one is undetermined and none invalid.`,
		Example: `  laurel verify credential.json
  laurel verify https://academy.example.org/awards/5b0c…/credential.json
  laurel verify --offline --documents public credential.json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return misuse("laurel verify --help", "no file or URL is named")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return a.verify(c.Context(), v, args) },
	}
	c.Flags().BoolVar(&v.offline, "offline", false, "ask nothing of the network")
	c.Flags().StringArrayVar(&v.documents, "documents", nil, "DID documents and status lists at hand: DIR, FILE or URL=FILE (repeatable)")
	c.Flags().StringVar(&v.at, "at", "", "judge as of this time, such as 2026-06-30T12:00:00Z")
	return c
}

type verifying struct {
	offline   bool
	documents []string
	at        string
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

func newVerifier(now time.Time, load verify.Loader) (*verify.Verifier, error) {
	processor, err := proof.New()
	if err != nil {
		return nil, fmt.Errorf("prepare contexts: %w", err)
	}
	checker, err := conform.New()
	if err != nil {
		return nil, fmt.Errorf("prepare schemas: %w", err)
	}
	return verify.New(processor, checker, verify.Options{Now: now, Load: load}), nil
}

// verified is one report with what was asked for.
type verified struct {
	Input string `json:"input"`
	*verify.Report
}

func (a *app) verify(ctx context.Context, v verifying, inputs []string) error {
	now, err := v.time(a)
	if err != nil {
		return err
	}
	docs, err := loadDocuments(v.documents)
	if err != nil {
		return err
	}
	var network verify.Loader = offlineLoader
	if !v.offline {
		network = a.networkLoader()
	}
	verifier, err := newVerifier(now, verify.Chain(docs.Load, network))
	if err != nil {
		return err
	}
	var reports []verified
	for _, input := range inputs {
		data, err := a.input(ctx, input, v.offline)
		if err != nil {
			return err
		}
		r := verified{input, verifier.Credential(ctx, data)}
		reports = append(reports, r)
		if !a.json {
			a.printReport(r, len(inputs) > 1)
		}
	}
	code, verdict := conclude(reports)
	if a.json {
		if err := a.printJSON(struct {
			SchemaVersion int            `json:"schemaVersion"`
			Reports       []verified     `json:"reports"`
			Verdict       verify.Verdict `json:"verdict"`
		}{schemaVersion, reports, verdict}); err != nil {
			return err
		}
	}
	if code != exitGood {
		return &verdictError{code}
	}
	return nil
}

// conclude is the exit code and verdict of several reports: invalid wins over
// undetermined, and that over valid.
func conclude(reports []verified) (int, verify.Verdict) {
	code, verdict := exitGood, verify.Valid
	for _, r := range reports {
		switch r.Verdict {
		case verify.Invalid:
			return exitProblem, verify.Invalid
		case verify.Undetermined:
			code, verdict = exitUndetermined, verify.Undetermined
		}
	}
	return code, verdict
}

// input reads one FILE, URL or "-".
func (a *app) input(ctx context.Context, name string, offline bool) ([]byte, error) {
	switch {
	case name == "-":
		return readLimited(a.stdin, "standard input")
	case strings.HasPrefix(name, "https://"):
		if offline {
			return nil, misuse("download it first, or leave out --offline", "%s is on the network", clean(name))
		}
		r, err := fetch.New(fetch.Options{}).Get(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("get %s: %w", clean(name), err)
		}
		return r.Body, nil
	case strings.HasPrefix(name, "http://"):
		return nil, misuse("use its https address", "%s is not https", clean(name))
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return nil, misuse(`for a built site: laurel audit `+name, "%s is a folder", name)
	}
	return readDocument(name)
}

// marks are the outcomes as words of equal length, so that nothing depends on
// colour.
var marks = map[verify.Outcome]string{
	verify.Pass: "pass", verify.Fail: "FAIL", verify.Warn: "warn", verify.Skipped: "  - ", verify.Unknown: "  ? ",
}

func (a *app) printReport(r verified, several bool) {
	if several {
		a.printf("%s\n", clean(r.Input))
	}
	s := r.Summary
	facts := [][2]string{
		{"credential", s.ID}, {"achievement", s.Achievement}, {"to", joinNonEmpty(s.SubjectName, s.SubjectID)},
		{"by", joinNonEmpty(s.IssuerName, s.IssuerID)}, {"awarded", s.AwardedDate}, {"valid until", s.ValidUntil},
	}
	for _, f := range facts {
		if f[1] != "" {
			a.printf("%-12s %s\n", f[0], f[1])
		}
	}
	a.printf("\n")
	for _, c := range r.Checks {
		if c.Outcome == verify.Skipped && !a.verbose {
			continue
		}
		a.printf("%s  %-13s %s\n", marks[c.Outcome], c.Name, c.Text)
	}
	a.printf("\nverdict: %s\n", r.Verdict)
	if several {
		a.printf("\n")
	}
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
