package cli

import (
	"github.com/spf13/cobra"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/plan"
)

func (a *app) recordCommand() *cobra.Command {
	var passphrase passphraseFlag
	var dateRight confirmation
	var program string
	c := &cobra.Command{
		Use:   "record LEARNER...",
		Short: "Sign a learner record that was asked for",
		Long: `Sign a learner record, a ClrCredential with the credentials in it that a learner
holds. Records of who completes a program of content/programs come by themselves,
with "laurel sign"; this makes one on request: of all that the learner holds, or,
with --program, of one program. A program that is not complete gives a record that
says it is partial. Nothing else of the plan is signed.

LEARNER is a recipient key (the last part of an award key), an e-mail address, a
number, a name, a DID, or an award key.
Awards of all lists with the same recipient key, or the same DID, are one learner's.
A record is kept up to date like any other from then on: when what it holds is
revoked or signed anew, or there is more, "laurel sign" replaces it.`,
		Example: "  laurel record ana@example.org\n  laurel record ana@example.org --program welding",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return misuse("name a recipient key, the last part of an award key", "no learner is named")
			}
			return a.sign(c.Context(), signing{passphrase: passphrase, dateRight: dateRight, request: &plan.RecordRequest{Learners: args, Program: program}})
		},
		ValidArgsFunction: a.completeAwards(0, false),
	}
	passphrase.add(c, "passphrase-file")
	dateRight.addDate(c)
	c.Flags().StringVar(&program, "program", model.Everything, "the program; "+model.Everything+" is all that the learner holds")
	a.completeSlugs(c, "program", "programs")
	return c
}
