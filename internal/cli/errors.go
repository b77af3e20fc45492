package cli

import (
	"context"
	"errors"
	"io/fs"

	"laurel/internal/authoring/content"
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
	if hint := hintFor(err); hint != "" {
		a.notef("hint: %s\n", hint)
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

// hintFor says what to try: what the error itself says, else its cause.
func hintFor(err error) string {
	var hinted interface{ Hint() string }
	switch {
	case errors.As(err, &hinted) && hinted.Hint() != "":
		return hinted.Hint()
	case errors.Is(err, fs.ErrPermission):
		return "check who owns the file and its folder"
	}
	return ""
}
