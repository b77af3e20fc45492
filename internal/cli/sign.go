package cli

import (
	"context"
	"crypto"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"laurel/internal/issuing/keys"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/issuing/register"
	"laurel/internal/issuing/sign"
	"laurel/internal/material/hint"
)

func (a *app) signCommand() *cobra.Command {
	var passphrase passphraseFlag
	var digest string
	var dateRight, first confirmation
	c := &cobra.Command{
		Use:   "sign",
		Short: "Sign the plan",
		Long: `Sign what "laurel plan" shows and write it to the ledger. This is the only step
that uses a private key, and it needs no network. If there is nothing to sign,
no passphrase is asked for. Awards with the visibility link are sealed as well:
"laurel claim-links" prints the links that open them. An interrupted run keeps
what it has written; the next one continues from there.

The first signature of a site settles who its issuer is: laurel shows the DID and
the address, and asks; a script says --yes. What laurel new wrote as an example, such
as its baseURL and its people, is not signed.`,
		Example: "  laurel sign\n  laurel sign --plan sha256:9f86d081… --passphrase-file ~/laurel-passphrase",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.sign(c.Context(), signing{passphrase: passphrase, digest: digest, dateRight: dateRight, first: &first})
		},
	}
	passphrase.add(c, "passphrase-file")
	dateRight.addDate(c)
	first.add(c)
	c.Flags().StringVar(&digest, "plan", "", "sign only if the plan still has this digest")
	return c
}

// signing is what one run of sign or reissue is asked to do.
type signing struct {
	passphrase passphraseFlag
	digest     string
	// reissue picks what to reissue, once the ledger is open, and tells whether any of
	// it was found by something else than its key; nil means to sign the whole plan.
	reissue func(*ledger.Ledger) (r *plan.Reissue, guessed bool, err error)
	request *plan.RecordRequest // for records that were asked for; nil: none
	// sure confirms that many are reissued; nil: that has been confirmed.
	sure      *confirmation
	dateRight confirmation
	// first confirms the first signature of a site; nil: there was one before.
	first *confirmation
}

// sign is the second stage: plan + private key -> the ledger grows.
func (a *app) sign(ctx context.Context, s signing) error {
	w, err := a.openWriter()
	if err != nil {
		return err
	}
	defer w.Close()
	return a.signInto(ctx, w, s)
}

// signInto is sign on a ledger that is open.
func (a *app) signInto(ctx context.Context, w *writer, s signing) error {
	var reissue *plan.Reissue
	var guessed bool
	var err error
	if s.reissue != nil {
		if reissue, guessed, err = s.reissue(w.Ledger); err != nil {
			return err
		}
	}
	if s.request != nil {
		var found []*register.Entry
		if s.request.Learners, found, err = a.finder(w.Ledger, nil, false).learners(s.request.Learners); err != nil {
			return err
		}
		a.tellFound(found)
	}
	p, err := a.makePlan(w.Ledger, reissue, s.request)
	if err != nil {
		return err
	}
	if err := checkDigest(p, s.digest); err != nil {
		return err
	}
	if p.Empty() {
		return a.reportSigned(p)
	}
	if err := w.State().CheckTime(p.Now); err != nil {
		return err
	}
	if err := checkDate(ctx, a, p.Now, w.State(), &s.dateRight); err != nil {
		return err
	}
	if err := a.checkPlaceholders(p); err != nil {
		return err
	}
	if s.first != nil && p.NeedsKey() && p.Key.Kid != "" && plan.First(w.State()) && !a.env.Rehearsal {
		if err := s.first.ask(ctx, a, firstSentences(p)); err != nil {
			return err
		}
	}
	if renewal := renewed(p); s.sure != nil && (renewal > 1 || renewal > 0 && guessed) {
		if err := s.sure.ask(ctx, a, renewSentence(p)); err != nil {
			return err
		}
	}
	if n := replacing(p); s.sure != nil && (n > 1 || n > 0 && guessed) {
		if err := s.sure.ask(ctx, a, fmt.Sprintf("This revokes the credentials of %s for good and signs new ones.", plural(n, "award"))); err != nil {
			return err
		}
	}
	if p.NeedsKey() && p.Key.Kid != "" {
		a.notef("to sign: %s\n", signedParts(p))
	}
	held := programs{}
	defer held.close()
	unlocked, err := a.unlock(ctx, p, w.State(), held, s.passphrase)
	if err != nil {
		return err
	}
	o, err := signOptions(unlocked)
	if err != nil {
		return err
	}
	if o.Lists, err = w.ListDocuments(); err != nil {
		return err
	}
	tokens, err := w.ListTokens()
	if err != nil {
		return err
	}
	o.Lists = append(o.Lists, tokens...)
	evidence, err := a.evidence()
	if err != nil {
		return err
	}
	o.Documents, o.Signed, o.Evidence, o.NextHead = w.Documents, w.Signed, evidence.Bytes, w.NextHead
	bar := a.progress(len(p.Issue)+len(p.Seal), "signing")
	o.Progress = bar.set
	err = sign.Run(ctx, p, o, func(events []ledger.Event) error { return w.Append(p.Now, events) })
	bar.done()
	if err != nil {
		return err
	}
	return a.reportSigned(p)
}

// unfinished says of an error of signing what was done before it. That only the
// report of it was lost is another matter.
func unfinished(done string, err error) error {
	var lost *outputError
	if err == nil || errors.As(err, &lost) {
		return err
	}
	return fmt.Errorf("%s: %w", done, err)
}

func checkDigest(p *plan.Plan, want string) error {
	if want == "" {
		return nil
	}
	if !strings.HasPrefix(want, "sha256:") {
		return misuse(`it is the last line of "laurel plan"`, "--plan takes a digest such as sha256:9f86…")
	}
	if got := p.Digest(); got != want {
		return fmt.Errorf("the plan has changed since it was reviewed; nothing was signed (its digest is now %s)", got)
	}
	return nil
}

// unlock opens the private keys of a plan; none when nothing needs them. All that
// are missing are told before a passphrase is asked for. Keys that programs hold are
// added to held.
func (a *app) unlock(ctx context.Context, p *plan.Plan, state *ledger.State, held programs, from passphraseFlag) (map[string]crypto.Signer, error) {
	if p.NeedsKey() && p.Key.Kid == "" {
		return nil, a.noKey(state)
	}
	needed := p.NeededKeys()
	for _, k := range needed {
		switch {
		case k.Kid == "":
			return nil, &plan.KeyError{Text: "there is no key to sign with for " + k.Profile, Profile: k.Profile}
		case !keys.HasPrivate(a.keysDir(), k.Kid):
			return nil, missingKey(k)
		}
	}
	opened := map[string]crypto.Signer{}
	open := opening{a: a, from: from, held: held}
	defer open.forget()
	for _, k := range needed {
		key, err := open.key(ctx, k)
		if err != nil {
			return nil, err
		}
		opened[k.Kid] = key
	}
	return opened, nil
}

// opening opens several keys. People use one passphrase for all of them, so that
// each one that was given is tried for the next key before another is asked for.
type opening struct {
	a     *app
	from  passphraseFlag
	held  programs
	given [][]byte
}

func (o *opening) forget() {
	for _, p := range o.given {
		clear(p)
	}
}

func (o *opening) key(ctx context.Context, k plan.PublicKey) (crypto.Signer, error) {
	if err := keys.Restore(o.a.keysDir(), keys.Public{Kid: k.Kid, PublicKeyMultibase: k.PublicKeyMultibase, Profile: k.Profile, Created: k.Created}); err != nil {
		return nil, err
	}
	command, err := keys.Command(o.a.keysDir(), k.Kid)
	if err != nil {
		return nil, err
	}
	if command != "" {
		return o.held.signer(ctx, o.a, command, k)
	}
	for _, passphrase := range o.given {
		if key, err := keys.Unlock(o.a.keysDir(), k.Kid, passphrase); !errors.Is(err, keys.ErrPassphrase) {
			return key, err
		} else if o.from.given(o.a, "LAUREL_PASSPHRASE") {
			return nil, hint.Errorf("give all keys that sign the same passphrase: laurel key passphrase "+k.Kid, "%w", err)
		}
	}
	passphrase, err := o.from.read(ctx, o.a, "LAUREL_PASSPHRASE", "Passphrase of "+k.Kid+": ", false)
	if err != nil {
		return nil, err
	}
	o.given = append(o.given, passphrase)
	return keys.Unlock(o.a.keysDir(), k.Kid, passphrase)
}

func signOptions(unlocked map[string]crypto.Signer) (sign.Options, error) {
	t, err := tools()
	if err != nil {
		return sign.Options{}, err
	}
	var seed [8]byte
	rand.Read(seed[:])
	return sign.Options{Keys: unlocked, Processor: t.Processor, Checker: t.Checker, Seed: binary.BigEndian.Uint64(seed[:])}, nil
}

func signedParts(p *plan.Plan) string {
	var parts []string
	awards, records := p.Parts()
	for _, part := range []struct {
		n    int
		what string
	}{{len(p.Endorse), "endorsement"}, {len(awards), "award"}, {len(records), "learner record"}, {p.Variants(), "variant"}, {len(p.Lists), "status list"}} {
		if part.n > 0 {
			parts = append(parts, plural(part.n, part.what))
		}
	}
	if len(parts) == 0 {
		return "the ledger's head"
	}
	if last := len(parts) - 1; last > 1 {
		parts = append(parts[:0], strings.Join(parts[:last], ", "), parts[last])
	}
	return strings.Join(parts, " and ")
}

// signedWith names the keys of a plan.
func signedWith(p *plan.Plan) string {
	var names []string
	for _, k := range p.NeededKeys() {
		names = append(names, k.Kid)
	}
	if last := len(names) - 1; last > 0 {
		return strings.Join(names[:last], ", ") + " and " + names[last]
	}
	return names[0]
}

func signedSentence(p *plan.Plan) string {
	sealed, _ := p.Sealed()
	switch {
	case p.NeedsKey() && sealed > 0:
		return "signed " + signedParts(p) + " with " + signedWith(p) + "; sealed " + plural(sealed, "award")
	case p.NeedsKey():
		return "signed " + signedParts(p) + " with " + signedWith(p)
	case sealed > 0:
		return "nothing to sign; sealed " + plural(sealed, "award")
	case len(p.KeyEvents) > 0:
		return "nothing to sign; recorded " + plural(len(p.KeyEvents), "change") + " of keys"
	}
	return "nothing to sign"
}

// renewed counts the awards that are renewed.
func renewed(p *plan.Plan) int {
	n := 0
	for _, i := range p.Issue {
		if i.Renewal != "" {
			n++
		}
	}
	return n
}

// replacing counts the awards whose credentials others take the place of, and that are
// not renewed.
func replacing(p *plan.Plan) int {
	n := 0
	for _, i := range p.Issue {
		if i.Replaces != "" && i.Renewal == "" {
			n++
		}
	}
	return n
}

// relinked counts the awards whose learners had a claim link before, and have
// another one now, and names the cohorts they are of.
func relinked(p *plan.Plan) (n int, cohorts []string) {
	for _, i := range p.Issue {
		if i.Replaces != "" && i.Renewal != ledger.RenewalKeep && len(i.Capsules) > 0 {
			n++
			if c := i.Award.Key.Cohort; !slices.Contains(cohorts, c) {
				cohorts = append(cohorts, c)
			}
		}
	}
	return n, cohorts
}

func (a *app) reportSigned(p *plan.Plan) error {
	sealed, capsules := p.Sealed()
	_, records := p.Parts()
	if a.json {
		return a.printJSON(struct {
			SchemaVersion int    `json:"schemaVersion"`
			Digest        string `json:"digest"`
			Key           string `json:"key"`
			Signed        int    `json:"signed"`
			Variants      int    `json:"variants"` // of the awards signed
			Sealed        int    `json:"sealed"`   // awards
			Capsules      int    `json:"capsules"`
			Lists         int    `json:"lists"`
			Changed       int    `json:"changed"`
			Moved         int    `json:"moved"`
			Vanished      int    `json:"vanished"`
			Passed        int    `json:"passed"`
			Records       int    `json:"records"` // of those signed
			Void          int    `json:"void"`    // records that were revoked, as a member was
			Waiting       int    `json:"waiting"`
			Renewed       int    `json:"renewed"`
		}{schemaVersion, p.Digest(), p.Key.Kid, len(p.Issue), p.Variants(), sealed, capsules, len(p.Lists), len(p.Changed), len(p.Moved), len(p.Vanished), p.Passed,
			len(records), len(p.Void), len(p.Waiting), renewed(p)})
	}
	a.printf("%s\n", signedSentence(p))
	a.reportRenewed(p)
	if sealed > 0 {
		a.notef("after the next build, claim links open them: see laurel claim-links\n")
	}
	if n, cohorts := relinked(p); n > 0 {
		a.notef("after the next build, the old claim links of %s open nothing: send the new ones, which \"laurel claim-links %s\" prints\n",
			plural(n, "award"), clean(strings.Join(cohorts, " ")))
	}
	if n := len(p.Changed) + len(p.Vanished) + len(p.Moved) + len(p.Unclear); n > 0 {
		a.notef("%s changed, moved or gone since signing: see laurel plan\n", plural(n, "award"))
	}
	if n := len(p.Void); n > 0 {
		a.notef("revoked %s, no longer complete without what was revoked: see laurel plan\n", plural(n, "learner record"))
	}
	if n := len(p.Waiting); n > 0 {
		a.notef("%s due, but not signed: see laurel plan\n", plural(n, "learner record"))
	}
	if p.Passed > 0 {
		a.notef("left alone: %s revoked, not in the content, already signed from the same content, or renewed already\n", plural(p.Passed, "award"))
	}
	return nil
}
