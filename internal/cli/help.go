package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"laurel/internal/docs"
)

// addHelp gives the program its manual: "laurel help NAME" prints a chapter or tells
// of a command, and where both have the name, the chapter comes first.
func (a *app) addHelp(root *cobra.Command) {
	for _, t := range docs.Topics() {
		if c, _, err := root.Find([]string{t.Name}); err == nil && c != root {
			c.Long = strings.TrimSpace(c.Long + "\n\nlaurel help " + t.Name + " is the chapter about it.")
			continue
		}
		root.AddCommand(&cobra.Command{Use: t.Name, Short: t.Title, Long: chapter(t)})
	}
	root.InitDefaultHelpCmd()
	help, _, _ := root.Find([]string{"help"})
	help.Args = func(_ *cobra.Command, args []string) error {
		c, rest, err := root.Find(args)
		if len(args) == 0 || err == nil && c != root && len(rest) == 0 {
			return nil
		}
		try := "laurel help lists all commands"
		if near := nearest(c, rest[0]); near != "" {
			try = "did you mean laurel help " + strings.TrimPrefix(c.CommandPath()+" ", "laurel ") + near + "?"
		}
		return misuse(try, "there is no help about %s", clean(strings.Join(args, " ")))
	}
	command := help.Run
	help.Run = func(c *cobra.Command, args []string) {
		if len(args) == 1 {
			if t, ok := docs.Lookup(args[0]); ok {
				about, _, _ := root.Find(args)
				a.printf("%s\n", chapter(t))
				if about.Runnable() || about.HasAvailableSubCommands() {
					a.printf("\n%s", about.UsageString())
				}
				return
			}
		}
		command(c, args)
	}
}

// chapter is a topic as it is printed.
func chapter(t docs.Topic) string { return "# " + t.Title + "\n\n" + strings.TrimSpace(t.Text) }
