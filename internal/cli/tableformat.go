package cli

import (
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"laurel/internal/material/table"
)

// formatFlag adds --format, for a table that a command writes.
func (a *app) formatFlag(c *cobra.Command, f *table.Format) {
	c.Flags().Var(f, "format", "how the table is written: csv, semicolon, tab or xlsx")
	c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(table.Formats, cobra.ShellCompDirectiveNoFileComp))
}

// tableFormat is the format of a table that is written to a file, or printed where out is
// empty: what --format says, else what the name of the file does. A workbook is not
// printed on a terminal, and no file is given the name of another kind.
func (a *app) tableFormat(c *cobra.Command, f *table.Format, out string) error {
	said := c.Flags().Changed("format")
	extension := strings.ToLower(filepath.Ext(out))
	if !said && extension == table.XLSX.Extension() {
		*f = table.XLSX
	}
	if !said && extension == table.Tab.Extension() {
		*f = table.Tab
	}
	switch {
	case out == "" && *f == table.XLSX && a.isTerminal(a.stdout.to):
		return misuse("add --out FILE.xlsx", "a workbook is not text that a terminal could show")
	case out != "" && (*f == table.XLSX) != (extension == table.XLSX.Extension()) && !a.json:
		return misuse("name the file …"+f.Extension()+", or choose another --format", "--format %s does not go with the name of the file", f)
	}
	return nil
}
