package cli

import (
	"github.com/spf13/cobra"

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
		if err := deliver.CheckList(out); err != nil {
			return err
		}
	}
	content, l, err := a.inputs()
	if err != nil {
		return err
	}
	defer l.Close()
	list, err := deliver.ClaimLinks(content, l.State(), published(l), names)
	if err != nil {
		return err
	}
	text, err := list.Encode(a.json)
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
	return deliver.WriteList(out, text)
}

func (a *app) reportLinks(list *deliver.LinkList, out string) error {
	if out != "" {
		a.notef("wrote %s to %s\n", plural(len(list.Links), "claim link"), clean(out))
	}
	if list.Inert > 0 && !a.json {
		a.notef("put an apostrophe before %s that a spreadsheet could take for a formula\n", plural(list.Inert, "cell"))
	}
	if text := list.Omitted.String(); text != "" {
		a.notef("left out: %s\n", text)
	}
	return nil
}
