package cli

import (
	"github.com/spf13/cobra"

	"laurel/internal/material/table"
	"laurel/internal/publishing/deliver"
	"laurel/internal/publishing/privacy"
)

func (a *app) claimLinksCommand() *cobra.Command {
	var out string
	var format table.Format
	c := &cobra.Command{
		Use:   "claim-links [COHORT|AWARD]...",
		Short: "Print the links that open sealed awards, for a mail merge",
		Long: `Print the claim links of awards as a table: name, email, achievement, link. A link
opens its award in the browser once the output of "laurel build" is published.
Whoever has the link has the award, so send each link to its learner only, and
delete the list when you have sent them.

The list is CSV with commas; --format semicolon is what Excel opens by itself where
commas mark decimals, and --format xlsx, or --out with a name that ends so, a workbook.

Awards signed with the visibility link have one. Awards that are not signed, not
sealed, private, revoked, withdrawn, or signed with a key that was revoked are
left out and counted. Without arguments, the links of all cohorts are printed.

` + awardHelp,
		Example: "  laurel claim-links spring-2026 --out ~/spring-2026-links.csv\n  laurel claim-links spring-2026 --out ~/spring-2026-links.xlsx",
		RunE: func(c *cobra.Command, args []string) error {
			return a.claimLinks(c, args, out, format)
		},
		ValidArgsFunction: a.completeAwards(0, true),
	}
	c.Flags().StringVar(&out, "out", "", "write to this file, readable by you alone; an earlier list there is replaced")
	a.formatFlag(c, &format)
	return c
}

// claimLinks prints what was asked for, and says what has no link.
func (a *app) claimLinks(c *cobra.Command, names []string, out string, format table.Format) error {
	if err := a.tableFormat(c, &format, out); err != nil {
		return err
	}
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
	if names, err = a.handedOut(l, content, names); err != nil {
		return err
	}
	list, err := deliver.ClaimLinks(content, l.State(), published(l), names)
	if err != nil {
		return err
	}
	text, err := list.Encode(format)
	if a.json {
		text, err = list.EncodeJSON()
	}
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
		a.notef("put an apostrophe before %s that a spreadsheet could read as a formula\n", plural(list.Inert, "cell"))
	}
	if text := list.Omitted.String(); text != "" {
		a.notef("left out: %s\n", text)
	}
	return nil
}
