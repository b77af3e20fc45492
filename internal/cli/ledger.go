package cli

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/publishing/outside"
	"laurel/internal/standards/did"
	"laurel/internal/standards/tlog"
	"laurel/internal/standards/verify"
)

func (a *app) ledgerCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "ledger",
		Short: "Look at the ledger, check it, and bring copies of it together",
		Long: `content/ledger/ is the record of all that was ever signed. Every other command
refuses to go on where it is not the newest one that this folder, public/ or the
live site know of; these help then.`,
	}
	c.AddCommand(a.ledgerStatus(), a.ledgerCheck(), a.ledgerMerge(), a.ledgerAdopt(), a.ledgerMendClock(), a.ledgerMendAddress())
	return c
}

// ledgerReport is the JSON form of laurel ledger status, schema version 1.
type ledgerReport struct {
	SchemaVersion int              `json:"schemaVersion"`
	Events        int64            `json:"events"`
	Head          string           `json:"head"` // hash of the newest line
	Time          time.Time        `json:"time,omitzero"`
	Credentials   int              `json:"credentials"`
	Decisions     int              `json:"decisions"`
	Lists         int              `json:"lists"`
	Keys          int              `json:"keys"`
	Merges        int              `json:"merges"`
	Logged        int64            `json:"logged"` // leaves of the newest signed head
	Outside       []ledgerCompared `json:"outside"`
	Git           string           `json:"git"` // "none", "unmerged", "no-driver" or "ready"
}

// ledgerCompared is what one place outside of the ledger says to it.
type ledgerCompared struct {
	Where   string `json:"where"`
	Known   bool   `json:"known"`             // anything is known there
	Problem string `json:"problem,omitempty"` // empty: the ledger goes on from there
}

// driverCommand sets up git, once in each clone.
const driverCommand = `git config merge.laurel-ledger.driver "laurel ledger merge %O %A %B"`

func (a *app) ledgerStatus() *cobra.Command {
	var live bool
	c := &cobra.Command{
		Use:   "status",
		Short: "Show the newest event, and what is known of it elsewhere",
		Long: `Show the ledger's newest event and counts, and compare it with what this folder
remembers, what public/ shows and, with --live, what the live site shows; and
whether git is set up to merge two copies of it.`,
		Example: "  laurel ledger status\n  laurel ledger status --live",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return a.showLedger(c.Context(), live) },
	}
	c.Flags().BoolVar(&live, "live", false, "compare with the live site, too")
	return c
}

func (a *app) showLedger(ctx context.Context, live bool) error {
	if err := a.inSite(); err != nil {
		return err
	}
	l, err := ledger.Open(a.ledgerDir(), ledger.Options{})
	if err != nil {
		a.gitAdvice(a.gitState(ctx))
		return fmt.Errorf("read the ledger: %w", err)
	}
	defer l.Close()
	m, s := l.State().Mark(), l.State()
	r := ledgerReport{SchemaVersion: schemaVersion, Events: m.Seq, Head: m.Hash, Time: m.Time, Credentials: m.Credentials, Decisions: m.Decisions,
		Lists: len(s.Lists()), Keys: len(s.Keys()), Merges: len(s.Merges()), Logged: s.Log().Size, Git: a.gitState(ctx)}
	if r.Outside, err = a.compareLedger(ctx, s, live); err != nil {
		return err
	}
	behind := slices.ContainsFunc(r.Outside, func(c ledgerCompared) bool { return c.Problem != "" })
	if a.json {
		err = a.printJSON(r)
	} else {
		a.printLedger(r, l.Torn() != nil)
	}
	if err == nil && (behind || r.Git == "unmerged") {
		return &verdictError{exitProblem}
	}
	return err
}

// compareLedger holds an opened ledger against each place that knows of it.
func (a *app) compareLedger(ctx context.Context, s *ledger.State, live bool) ([]ledgerCompared, error) {
	places, err := a.outsideHere()
	if err != nil {
		return nil, err
	}
	if live {
		seen, err := a.live(ctx, "")
		if err != nil {
			return nil, err
		}
		places = append(places, seen)
	}
	list := []ledgerCompared{}
	for i, seen := range places {
		where := []string{outside.HeadFile, outside.Public, seen.Where}[i]
		c := ledgerCompared{Where: where, Known: !seen.Empty()}
		if err := s.Against(seen); i > 0 && err != nil {
			c.Problem = err.Error()
		}
		if i == 0 && c.Known {
			again, err := ledger.Open(a.ledgerDir(), ledger.Options{Seen: []ledger.Seen{seen}})
			if err != nil {
				c.Problem = err.Error()
			} else if err := again.Close(); err != nil {
				return nil, err
			}
		}
		list = append(list, c)
	}
	return list, nil
}

func (a *app) printLedger(r ledgerReport, torn bool) {
	a.printf("events       %d", r.Events)
	if r.Events > 0 {
		a.printf(", the newest of %s\nhead         %s", r.Time.UTC().Format(time.RFC3339), r.Head)
	}
	a.printf("\ncredentials  %d, %s\nstatus lists %d\nkeys         %d\nlog          %s\n", r.Credentials, plural(r.Decisions, "decision"), r.Lists, r.Keys,
		fmt.Sprintf("%d entries under the signed head", r.Logged))
	if r.Merges > 0 {
		a.printf("merged       %s\n", map[bool]string{true: "1 other copy", false: fmt.Sprintf("%d other copies", r.Merges)}[r.Merges == 1])
	}
	if torn {
		a.printf("the last line is unfinished: the next command that writes removes it\n")
	}
	for _, c := range r.Outside {
		switch {
		case c.Problem != "":
			a.printf("%-12s PROBLEM: %s\n", clean(c.Where), clean(c.Problem))
		case c.Known:
			a.printf("%-12s the ledger has all that is known there\n", clean(c.Where))
		default:
			a.printf("%-12s nothing is known there\n", clean(c.Where))
		}
	}
	a.gitAdvice(r.Git)
}

// gitState tells how git stands to the ledger.
func (a *app) gitState(ctx context.Context) string {
	if _, err := git(ctx, a.dir, "rev-parse", "--is-inside-work-tree"); err != nil {
		return "none"
	}
	if unmerged(a.dir) {
		return "unmerged"
	}
	attribute, _ := git(ctx, a.dir, "check-attr", "merge", "--", "content/ledger/0001.jsonl")
	driver, _ := git(ctx, a.dir, "config", "merge.laurel-ledger.driver")
	if !strings.HasSuffix(strings.TrimSpace(attribute), ": laurel-ledger") || strings.TrimSpace(driver) == "" {
		return "no-driver"
	}
	return "ready"
}

func (a *app) gitAdvice(state string) {
	switch state {
	case "unmerged":
		a.printf("git          PROBLEM: it has not merged content/ledger/; run laurel ledger merge\n")
		fallthrough
	case "no-driver":
		a.printf("git          to let git merge the ledger by itself, run once in each clone:\n  %s\n", driverCommand)
		a.printf("             and have in .gitattributes:\n  /content/ledger/*.jsonl -text merge=laurel-ledger\n")
	case "ready":
		a.printf("git          merges the ledger with laurel\n")
	}
}

func (a *app) ledgerCheck() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Check the whole ledger: chain, log and every signature",
		Long: `Check every line's place in the chain, every signed head of the log against the
events it covers, and the signature of every credential and status list ever
signed; and that nothing is missing that this folder and public/ know of. Revoked
and expired credentials are no problems.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.checkLedger(c.Context()) },
	}
}

func (a *app) checkLedger(ctx context.Context) error {
	content, err := a.loadContent()
	if err != nil {
		return err
	}
	now, err := a.now()
	if err != nil {
		return err
	}
	l, err := ledger.Open(a.ledgerDir(), ledger.Options{})
	if err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	defer l.Close()
	if _, err := l.Tree(ctx, nil); err != nil {
		return fmt.Errorf("check the log: %w", err)
	}
	c := ledgerChecker{now: now}
	if wrong := l.State().WrongUntil(); wrong.After(now) {
		c.now = wrong // what a wrong clock dated was signed all the same
	}
	if err := c.open(l, content.BaseURL); err != nil {
		return err
	}
	bar := a.progress(int(l.State().Mark().Seq), "checking")
	err = l.Each(ctx, func(ev *ledger.Event) error {
		c.event(ctx, ev)
		return ctx.Err()
	}, bar.set)
	bar.done()
	if err != nil {
		return err
	}
	known, err := a.compareLedger(ctx, l.State(), false)
	if err != nil {
		return err
	}
	for _, k := range known {
		if k.Problem != "" {
			c.problems = append(c.problems, k.Problem)
		}
	}
	if a.json {
		err = a.printJSON(struct {
			SchemaVersion int      `json:"schemaVersion"`
			Events        int64    `json:"events"`
			Documents     int      `json:"documents"`
			Heads         int      `json:"heads"`
			Problems      []string `json:"problems"`
		}{schemaVersion, l.State().Mark().Seq, c.documents, c.heads, append([]string{}, c.problems...)})
	} else {
		a.printf("events       %d\ndocuments    %d\nsigned heads %d\n", l.State().Mark().Seq, c.documents, c.heads)
		for _, p := range c.problems {
			a.printf("PROBLEM  %s\n", clean(p))
		}
		if len(c.problems) == 0 {
			a.printf("no problems\n")
		}
	}
	if err == nil && len(c.problems) > 0 {
		return &verdictError{exitProblem}
	}
	return err
}

// ledgerChecker verifies all that the ledger says was signed, with the keys it
// records.
type ledgerChecker struct {
	now      time.Time
	verifier *verify.Verifier
	origin   string
	keys     []ed25519.PublicKey

	mu               sync.Mutex
	documents, heads int
	problems         []string
}

// open prepares the keys, none of them as revoked: it is about signatures.
func (c *ledgerChecker) open(l *ledger.Ledger, baseURL string) error {
	id, err := did.WebDID(baseURL)
	if err != nil {
		return fmt.Errorf("derive the issuer's DID from baseURL: %w", err)
	}
	c.origin = tlog.Origin(baseURL)
	published := map[string][]did.PublishedKey{id: nil}
	for _, k := range l.State().Keys() {
		whose := id
		if k.Profile != "" {
			if whose, err = did.WebDID((&model.Site{BaseURL: baseURL}).EndorserURL(k.Profile)); err != nil {
				return fmt.Errorf("derive the DID of %s: %w", k.Profile, err)
			}
		}
		published[whose] = append(published[whose], did.PublishedKey{Kid: k.Kid, PublicKeyMultibase: k.PublicKeyMultibase, JOSE: true})
		if key, err := did.DecodeKey(k.PublicKeyMultibase); err == nil && whose == id {
			if key, ok := key.(ed25519.PublicKey); ok {
				c.keys = append(c.keys, key)
			}
		}
	}
	docs := &verify.Documents{}
	for whose, keys := range published {
		document, err := did.WebDocument(whose, keys).Encode()
		if err != nil {
			return err
		}
		if err := docs.Add(whose, document); err != nil {
			return err
		}
	}
	c.verifier, err = verifierOf(verify.Options{Now: c.now, Load: docs.Load, BaseProofs: true})
	return err
}

func (c *ledgerChecker) event(ctx context.Context, ev *ledger.Event) {
	switch {
	case ev.Issue != nil:
		for _, d := range ev.Issue.Documents {
			data, err := ledger.Bytes(d.Document)
			if err != nil {
				data = d.Document // what cannot be read is told as that
			}
			c.document(ctx, ev.Seq, data)
		}
	case ev.List != nil:
		c.document(ctx, ev.Seq, ev.List.Document)
	case ev.Head != nil:
		c.head(ev.Seq, ev.Head.Checkpoint)
	case ev.Merge != nil && ev.Merge.Checkpoint != "":
		c.head(ev.Seq, ev.Merge.Checkpoint)
	}
}

// document holds a document to its signature and form. That it was revoked since, or
// has expired, is as it should be.
func (c *ledgerChecker) document(ctx context.Context, seq int64, data []byte) {
	report := c.verifier.Credential(ctx, data)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.documents++
	for _, check := range report.Checks {
		bad := check.Outcome == verify.Fail || check.Outcome == verify.Unknown && check.Name != verify.Endorsements && // those of others are not at hand,
			check.Code != "embedded-undetermined" // nor are the lists of what a record holds, which has events of its own
		if bad && check.Name != verify.Status && check.Name != verify.Dates {
			c.problems = append(c.problems, fmt.Sprintf("event %d: %s: %s", seq, check.Name, check.String()))
		}
	}
}

func (c *ledgerChecker) head(seq int64, checkpoint string) {
	_, err := tlog.OpenCheckpoint(checkpoint, c.origin, c.keys)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.heads++; err != nil {
		c.problems = append(c.problems, fmt.Sprintf("event %d: %v", seq, err))
	}
}
