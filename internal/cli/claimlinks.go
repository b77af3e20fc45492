package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/publishing/deliver"
	"laurel/internal/publishing/privacy"
)

func (a *app) claimLinksCommand() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "claim-links [COHORT|AWARD]...",
		Short: "Print the links that open sealed awards, for a mail merge",
		Long: `Print the claim links of awards as CSV: name, email, achievement, link. A link
opens its award in the browser, as soon as "laurel build" has published it.
Whoever has the link has the award, so send each to its learner alone, and
delete the list when it is sent.

Awards have a link when they are signed with the visibility link. Left out, and
counted, are those that are not signed, not sealed, private, revoked or
withdrawn, or signed with a key that was revoked. AWARD is an award key as
"laurel plan" shows it, or a credential id; without any, all cohorts are printed.`,
		Example: "  laurel claim-links spring-2026 --out ~/spring-2026-links.csv",
		RunE: func(_ *cobra.Command, args []string) error {
			return a.claimLinks(args, out)
		},
	}
	c.Flags().StringVar(&out, "out", "", "write to this file, readable by you alone, or take the place of an earlier list")
	return c
}

// claimLinks prints what was asked for, and says what has no link.
func (a *app) claimLinks(names []string, out string) error {
	out = a.env.path(out)
	if out != "" {
		if err := privacy.CheckPlace(a.dir, out); err != nil {
			return err
		}
		if err := replaceable(out); err != nil {
			return err
		}
	}
	content, l, err := a.inputs()
	if err != nil {
		return err
	}
	defer l.Close()
	awards, gone, err := namedAwards(content, l.State(), names)
	if err != nil {
		return err
	}
	list, err := linksOf(content, l, awards)
	if err != nil {
		return err
	}
	for range gone {
		list.omitted.add("no longer in the content")
	}
	if len(names) > 0 && len(list.links) == 0 {
		return &noLinkError{list.omitted.String()}
	}
	text, err := list.encode(a.json)
	if err != nil {
		return err
	}
	if err := a.hand(text, out); err != nil {
		return err
	}
	return a.reportLinks(list, out)
}

// hand prints text, or writes it to a file.
func (a *app) hand(text []byte, out string) error {
	if out == "" {
		_, err := a.stdout.Write(text)
		return err
	}
	return writePrivate(out, text)
}

func (a *app) reportLinks(list linkList, out string) error {
	if out != "" {
		a.notef("wrote %s to %s\n", plural(len(list.links), "claim link"), clean(out))
	}
	if list.inert > 0 && !a.json {
		a.notef("put an apostrophe before %s that a spreadsheet could take for a formula\n", plural(list.inert, "cell"))
	}
	if text := list.omitted.String(); text != "" {
		a.notef("left out: %s\n", text)
	}
	return nil
}

// noLinkError says why nothing that was named has a claim link.
type noLinkError struct{ why string }

func (e *noLinkError) Error() string { return "none of these has a claim link: " + e.why }

// Hint says what to try.
func (*noLinkError) Hint() string {
	return "laurel sign seals awards with the visibility link; laurel claim-links without names prints all there are"
}

// unknownNameError is a name that nothing has.
type unknownNameError struct{ name string }

func (e *unknownNameError) Error() string {
	return fmt.Sprintf("no cohort, award or credential is called %s", clean(e.name))
}

// Hint says what to try.
func (*unknownNameError) Hint() string {
	return "a cohort is named as its file in content/awards, without .yaml; laurel plan shows the keys of awards that are not signed"
}

// namedAwards are the awards of the content that names stand for, in content's
// order; all of them where there are no names. What is named and is in the
// ledger alone is counted in gone.
func namedAwards(content *model.Site, s *ledger.State, names []string) (awards []*model.Award, gone int, err error) {
	wanted := make(map[string]bool, len(names)) // cohorts and award keys
	for _, name := range names {
		if rec := s.ByCredential(name); rec != nil {
			name = rec.Award
		}
		wanted[name] = true
	}
	met := make(map[string]bool, len(wanted))
	for _, c := range content.Cohorts {
		met[c.Slug] = true
		for _, award := range c.Awards {
			met[award.Key.String()] = true
			if len(names) == 0 || wanted[c.Slug] || wanted[award.Key.String()] {
				awards = append(awards, award)
			}
		}
	}
	for name := range wanted {
		switch {
		case met[name]:
		case s.Record(name) != nil:
			gone++
		default:
			return nil, 0, &unknownNameError{name}
		}
	}
	return awards, gone, nil
}

// claimLink is one line of the list.
type claimLink struct {
	Name        string `json:"name"`
	Email       string `json:"email"`
	Achievement string `json:"achievement"`
	Link        string `json:"link"`
	Award       string `json:"award"`
}

// linkList is what claim-links prints, and what it leaves out.
type linkList struct {
	links   []claimLink
	omitted omissions
	inert   int // cells with an apostrophe
}

// linksOf reads the claim links of awards out of the ledger.
func linksOf(content *model.Site, l *ledger.Ledger, awards []*model.Award) (linkList, error) {
	var list linkList
	revokedKey := plan.RevokedKeys(l.State(), l.Documents)
	for _, award := range awards {
		rec := l.State().Record(award.Key.String())
		if why := noLink(award, rec); why != "" {
			list.omitted.add(why)
			continue
		}
		switch kid, err := revokedKey(rec); {
		case err != nil:
			return linkList{}, err
		case kid != "":
			list.omitted.add("signed with a key that is revoked (laurel reissue signs them anew)")
			continue
		}
		capsules, err := l.Capsules(rec)
		if err != nil {
			return linkList{}, err
		}
		own := capsules[0] // the learner's
		list.links = append(list.links, claimLink{award.Recipient.Name, award.Recipient.Email, award.Achievement.Name,
			content.ClaimURL(model.ClaimLink{Name: own.Name, Key: own.Key}), award.Key.String()})
	}
	return list, nil
}

// noLink says why an award has no claim link; empty: it has one.
func noLink(award *model.Award, rec *ledger.Record) string {
	switch {
	case award.Visibility == model.Private:
		return "private"
	case rec == nil:
		return "not signed yet"
	case rec.Status == ledger.Revoked:
		return "revoked"
	case !rec.Withdrawn.IsZero():
		return "withdrawn"
	case rec.Capsules == nil && award.Visibility == model.Public:
		return "public, with a page in place of a link"
	case rec.Capsules == nil && rec.Status == ledger.Suspended:
		return "suspended before they were sealed"
	case rec.Capsules == nil:
		return "not sealed yet (laurel sign does it)"
	}
	return ""
}

// omissions count awards by the reason why they are left out, in the order in
// which the reasons came up.
type omissions struct {
	reasons []string
	counts  []int
}

func (o *omissions) add(reason string) {
	i := slices.Index(o.reasons, reason)
	if i < 0 {
		i = len(o.reasons)
		o.reasons, o.counts = append(o.reasons, reason), append(o.counts, 0)
	}
	o.counts[i]++
}

func (o *omissions) String() string {
	parts := make([]string, len(o.reasons))
	for i, reason := range o.reasons {
		parts[i] = fmt.Sprintf("%d %s", o.counts[i], reason)
	}
	return strings.Join(parts, ", ")
}

// encode is the list as CSV, or as JSON.
func (list *linkList) encode(asJSON bool) ([]byte, error) {
	if asJSON {
		return encodeJSON(struct {
			SchemaVersion int         `json:"schemaVersion"`
			Links         []claimLink `json:"links"`
			Omitted       int         `json:"omitted"`
		}{schemaVersion, append([]claimLink{}, list.links...), list.omitted.total()})
	}
	table := deliver.NewTable("name", "email", "achievement", "link")
	for _, l := range list.links {
		table.Row(l.Name, l.Email, l.Achievement, l.Link)
	}
	list.inert = table.Inert()
	return table.Bytes(), nil
}

func (o *omissions) total() int {
	n := 0
	for _, c := range o.counts {
		n += c
	}
	return n
}

// takenError is a file that claim-links did not write.
type takenError struct{ file string }

func (e *takenError) Error() string {
	return clean(e.file) + " is there already, and is no list of claim links; nothing was written"
}

// Hint says what to try.
func (*takenError) Hint() string {
	return "laurel claim-links takes the place of nothing but its own lists: choose another name"
}

// replaceable refuses to write over what is not a list that claim-links wrote
// before. A link is none, wherever it leads.
func replaceable(file string) error {
	info, err := os.Lstat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("look at %s: %w", clean(file), err)
	case !info.Mode().IsRegular():
		return &takenError{file}
	}
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("look at %s: %w", clean(file), err)
	}
	defer f.Close()
	head := make([]byte, 128)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return fmt.Errorf("look at %s: %w", clean(file), err)
	}
	for _, asJSON := range []bool{false, true} {
		empty, err := (&linkList{}).encode(asJSON)
		if err != nil {
			return err
		}
		own, _, _ := bytes.Cut(empty, []byte("[")) // as far as it is always the same
		if bytes.HasPrefix(head[:n], own) {
			return nil
		}
	}
	return &takenError{file}
}

// writePrivate puts a list in place at once, readable by its owner alone.
func writePrivate(file string, text []byte) error {
	if err := replaceable(file); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*") // with mode 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", clean(file), err)
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("write %s: %w", clean(file), err)
	}
	return nil
}
