package cli

import "github.com/spf13/cobra"

func (a *app) ledgerCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "ledger",
		Short: "Put the ledger right when something went wrong",
		Long: `The ledger, content/ledger/, is the record of everything that was ever signed,
revoked and published as a status list.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.ledgerMendClock())
	return c
}
