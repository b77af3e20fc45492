package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"laurel/internal/authoring/model"
	"laurel/internal/material/hint"
	"laurel/internal/material/table"
	"laurel/internal/publishing/deliver"
	"laurel/internal/publishing/privacy"
)

func (a *app) claimLinksCommand() *cobra.Command {
	var out, letters string
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

With --eml DIR, each link is a letter of its own instead: an e-mail that is ready to be
sent, in the language of what was awarded, from the issuer's e-mail address in
content/site.yaml. Open one, and your mail program shows it as a draft. What they say is
in letter.html of the theme ("laurel theme copy letter.html"). Whoever has an award
that was renewed is told so. Delete the folder when they are sent.

Awards signed with the visibility link have one. Awards that are not signed, not
sealed, private, revoked, withdrawn, or signed with a key that was revoked are
left out and counted. Without arguments, the links of all cohorts are printed.

` + awardHelp,
		Example: "  laurel claim-links spring-2026 --out ~/spring-2026-links.csv\n  laurel claim-links spring-2026 --out ~/spring-2026-links.xlsx\n  laurel claim-links spring-2026 --eml ~/letters",
		RunE: func(c *cobra.Command, args []string) error {
			if letters != "" {
				if out != "" || c.Flags().Changed("format") || a.json {
					return misuse("run it once for the letters and once for the list", "--eml writes letters, and goes with neither --out, --format nor --json")
				}
				return a.letters(args, letters)
			}
			return a.claimLinks(c, args, out, format)
		},
		ValidArgsFunction: a.completeAwards(0, true),
	}
	c.Flags().StringVar(&out, "out", "", "write to this file, readable by you alone; an earlier list there is replaced")
	c.Flags().StringVar(&letters, "eml", "", "write a letter to each learner into this folder, in place of the list")
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
	list, _, err := a.linksOf(names)
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

// linksOf are the claim links of what is named, and the content that has it.
func (a *app) linksOf(names []string) (*deliver.LinkList, *model.Site, error) {
	content, l, err := a.inputs()
	if err != nil {
		return nil, nil, err
	}
	defer l.Close()
	if names, err = a.handedOut(l, content, names); err != nil {
		return nil, nil, err
	}
	list, err := deliver.ClaimLinks(content, l.State(), published(l), names)
	return list, content, err
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

// letters writes a letter for each claim link into a folder that is new, or empty: one
// with letters of before would have links that open nothing any more.
func (a *app) letters(names []string, dir string) error {
	dir = a.env.path(dir)
	if err := privacy.CheckPlace(a.dir, dir); err != nil {
		return err
	}
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return hint.Errorf("name a folder that is not there yet, or delete the letters that were sent", "%s is not empty; nothing was written", clean(dir))
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look at %s: %w", dir, err)
	}
	now, err := a.now()
	if err != nil {
		return err
	}
	list, content, err := a.linksOf(names)
	if err != nil {
		return err
	}
	renderer, err := a.renderer(content)
	if err != nil {
		return err
	}
	letters, without, err := list.Letters(renderer, content, now)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("create the folder of the letters: %w", err)
	}
	for _, letter := range letters {
		if err := deliver.WriteFile(filepath.Join(dir, letter.File), letter.Data); err != nil {
			return err
		}
	}
	a.printf("%s in %s\n", plural(len(letters), "letter"), clean(dir))
	if without > 0 {
		a.notef("left out: %d without an e-mail address (laurel claim-links prints their links)\n", without)
	}
	if text := list.Omitted.String(); text != "" {
		a.notef("left out: %s\n", text)
	}
	if len(letters) > 0 {
		a.notef("whoever has a letter has the award: send each, then delete the folder\n")
	}
	return nil
}
