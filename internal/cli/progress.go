package cli

import (
	"github.com/schollz/progressbar/v3"
)

// progress is a bar on a terminal, and nothing elsewhere.
type progress struct{ bar *progressbar.ProgressBar }

func (a *app) progress(total int, what string) progress {
	if total == 0 || !a.isTerminal(a.stderr) {
		return progress{}
	}
	return progress{progressbar.NewOptions(total,
		progressbar.OptionSetWriter(a.stderr),
		progressbar.OptionSetDescription(what),
		progressbar.OptionShowCount(),
		progressbar.OptionSetWidth(30),
		progressbar.OptionSetTheme(progressbar.ThemeASCII),
		progressbar.OptionClearOnFinish(),
	)}
}

// begun makes the bar with the first that is done: before, nobody knows of how many.
func (a *app) begun(bar *progress, what string) func(done, total int) {
	return func(done, total int) {
		if done == 1 {
			*bar = a.progress(total, what)
		}
		bar.set(done)
	}
}

// set shows that n are done. The bar is only for show, so its errors are too.
func (p progress) set(n int) {
	if p.bar != nil {
		_ = p.bar.Set(n)
	}
}

func (p progress) done() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
