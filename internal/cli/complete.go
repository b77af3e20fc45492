package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"laurel/internal/authoring/content"
	"laurel/internal/issuing/keys"
)

// Completion asks files for their names, and reads no more than one award list: it has
// to answer while somebody types, also beside a hundred thousand awards. What cannot be
// read has no candidates; an error would be printed into the middle of the line.

const noFiles = cobra.ShellCompDirectiveNoFileComp

// completeAwards are the candidates for AWARD, part by part as of a path: the award
// lists, the achievements of one, its recipients. At most so many are named, 0: any
// number. Lists says whether a list may stand for all of its awards.
func (a *app) completeAwards(most int, lists bool) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		if most > 0 && len(args) >= most {
			return nil, noFiles
		}
		cohort, rest, inList := strings.Cut(begun, "/")
		if !inList {
			var names []string
			for _, slug := range a.slugs("awards") {
				if lists {
					names = append(names, slug)
				}
				names = append(names, slug+"/")
			}
			return begins(names, begun), noFiles | cobra.ShellCompDirectiveNoSpace
		}
		var names []string
		for _, key := range a.keysOf(cohort) {
			achievement, recipient, _ := strings.Cut(key.key, "/")
			if strings.Contains(rest, "/") {
				name := cohort + "/" + achievement + "/" + recipient
				if key.name != "" {
					name += "\t" + clean(key.name)
				}
				names = append(names, name)
			} else {
				names = append(names, cohort+"/"+achievement+"/")
			}
		}
		slices.Sort(names)
		directive := noFiles
		if !strings.Contains(rest, "/") {
			directive |= cobra.ShellCompDirectiveNoSpace
		}
		return begins(slices.Compact(names), begun), directive
	}
}

// keyed is one award of a list: its key without the list, and whose it is.
type keyed struct{ key, name string }

// keysOf are those of one award list; none where it cannot be read.
func (a *app) keysOf(cohort string) (all []keyed) {
	root, err := os.OpenRoot(a.siteDir())
	if err != nil {
		return nil
	}
	defer root.Close()
	if c := content.LoadCohort(root, cohort); c != nil {
		for _, award := range c.Awards {
			all = append(all, keyed{award.Key.Achievement + "/" + award.Key.Recipient, award.Recipient.Name})
		}
	}
	return all
}

// siteDir is the site folder. Completion runs without what is run before a command.
func (a *app) siteDir() string { return a.env.path(filepath.Clean(a.dir)) }

// slugs are the names of the YAML files of a folder of content/.
func (a *app) slugs(folder string) []string {
	entries, _ := os.ReadDir(filepath.Join(a.siteDir(), "content", folder))
	var slugs []string
	for _, e := range entries {
		if slug, ok := strings.CutSuffix(e.Name(), ".yaml"); ok && e.Type().IsRegular() {
			slugs = append(slugs, slug)
		}
	}
	return slugs
}

func begins(names []string, begun string) []string {
	return slices.DeleteFunc(names, func(n string) bool { return !strings.HasPrefix(n, begun) })
}

// completeSlugs completes a flag that takes the name of a file of a folder of content/.
func (a *app) completeSlugs(c *cobra.Command, flag, folder string) {
	c.RegisterFlagCompletionFunc(flag, func(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		return begins(a.slugs(folder), begun), noFiles
	})
}

// completeFilter completes the flags of an awardFilter.
func (a *app) completeFilter(c *cobra.Command) {
	a.completeSlugs(c, "cohort", "awards")
	a.completeSlugs(c, "achievement", "achievements")
	c.RegisterFlagCompletionFunc("status", cobra.FixedCompletions(listStatuses, noFiles))
	c.RegisterFlagCompletionFunc("visibility", cobra.FixedCompletions([]string{"public", "link", "private", withdrawn, gone}, noFiles))
}

// completeKeys are the names of keys.
func (a *app) completeKeys(_ *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	list, _ := keys.List(filepath.Join(a.siteDir(), "keys"))
	var names []string
	for _, k := range list {
		if !slices.Contains(args, k.Kid) {
			names = append(names, k.Kid)
		}
	}
	return begins(names, begun), noFiles
}
