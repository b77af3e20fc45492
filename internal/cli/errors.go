package cli

import (
	"context"
	"errors"

	"laurel/internal/authoring/content"
	"laurel/internal/material/hint"
)

// reportProblem prints a failure of a command: what is wrong, then what to
// try.
func (a *app) reportProblem(err error) {
	var problems content.Problems
	if errors.As(err, &problems) {
		a.reportContent(problems)
		return
	}
	if errors.Is(err, context.Canceled) {
		a.notef("laurel: interrupted\n")
		return
	}
	a.notef("laurel: %s\n", cleanLines(err.Error()))
	if try := hint.Of(err); try != "" {
		a.notef("hint: %s\n", try)
	}
}

func (a *app) reportContent(problems content.Problems) {
	for _, p := range problems {
		a.notef("%s\n", p.String())
		if p.Excerpt != "" {
			a.notef("    %s\n", p.Excerpt)
		}
		if p.Hint != "" {
			a.notef("    hint: %s\n", p.Hint)
		}
	}
	a.notef("%s; nothing was written\n", plural(len(problems), "problem"))
}
