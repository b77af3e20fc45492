package cli

import (
	"context"
	"errors"
	"io/fs"
	"syscall"
	"time"

	"laurel/internal/authoring/content"
	"laurel/internal/issuing/keys"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/publishing/deliver"
	"laurel/internal/publishing/publish"
	"laurel/internal/publishing/site"
	"laurel/internal/standards/vc"
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

// hintFor says what to try, by the type of the error.
func hintFor(err error) string {
	var (
		locked  *ledger.LockedError
		damaged *keys.DamagedError
		mode    *keys.PermissionError
		pair    *keys.MismatchError
		exists  *keys.ExistsError
		corrupt *ledger.CorruptError
		foreign *publish.ForeignError
		list    *site.ListError
		noKey   *plan.KeyError
		award   *plan.AwardError
		address *vc.IssuedElsewhereError
		place   *notASiteError
		expired plan.AwardProblems
		final   *revokedError
		glyph   *deliver.Problems
		others  *deliver.ForeignError
		record  *deliver.DamagedError
		stopped *deliver.StoppedError
		busy    *deliver.BusyError
		cohort  *deliver.CohortError
		noLink  *noLinkError
		unknown *unknownNameError
		taken   *takenError
		open    *notSealedError
	)
	var own interface{ Hint() string }
	switch {
	case errors.As(err, &own) && own.Hint() != "":
		return own.Hint()
	case errors.As(err, &glyph):
		return "name a folder with fonts that have it, as with --fonts /usr/share/fonts, or put one in themes/<name>/fonts/; or print certificate.html, which a browser sets in its own fonts"
	case errors.As(err, &others):
		return "choose an empty folder, or one that an earlier laurel deliver made; it never touches files it did not write"
	case errors.As(err, &record):
		return "deliver to a new folder, and remove this one when its files are no longer needed: laurel cannot tell any more which of them it wrote"
	case errors.As(err, &stopped):
		return "what is there is whole: when there is room again, or whatever it was is mended, run the same command; it goes on from there"
	case errors.As(err, &busy):
		return "wait for it to end"
	case errors.As(err, &cohort) && isDay(cohort.Name):
		return "a day is written as --since=" + cohort.Name + "; what follows --since alone is a cohort"
	case errors.As(err, &cohort):
		return "a cohort is called as its file in content/awards/, without .yaml"
	case errors.As(err, &locked):
		return "wait for it to end; if it is no longer running, its lock is gone too and laurel can be run again"
	case errors.Is(err, syscall.EADDRINUSE):
		return "laurel serve --port 0 takes a free one"
	case errors.As(err, &noLink):
		return "laurel sign seals awards with the visibility link; laurel claim-links without names prints all there are"
	case errors.As(err, &unknown):
		return "a cohort is named as its file in content/awards, without .yaml; laurel plan shows the keys of awards that are not signed"
	case errors.As(err, &taken):
		return "laurel claim-links takes the place of nothing but its own lists: choose another name"
	case errors.As(err, &open):
		return "only awards with a claim link can be withdrawn; to take a credential back: laurel revoke AWARD"
	case errors.As(err, &final):
		return "a revoked credential cannot come back; to issue another one: laurel reissue AWARD"
	case errors.As(err, &place):
		return "go into one, or name it with -C DIR; laurel new DIR makes one"
	case errors.Is(err, keys.ErrPassphrase):
		return "it comes from --passphrase-file, LAUREL_PASSPHRASE or the terminal, in this order; if it is lost nobody can restore it: laurel key new, then laurel key retire the old one, and what that signed stays valid"
	case errors.As(err, &address):
		return "put baseURL in content/site.yaml back as it was; a new address is a new issuer, in a new site folder"
	case errors.As(err, &expired):
		return "leave it out, or write a validUntil that is still to come"
	case errors.As(err, &damaged):
		return "restore the file from a backup; or make another key with: laurel key new"
	case errors.Is(err, keys.ErrShort):
		return "take a sentence, or a few random words"
	case errors.As(err, &mode):
		return "chmod 600 " + mode.File
	case errors.As(err, &pair):
		return "the two files are of different keys: restore both from one backup"
	case errors.As(err, &exists):
		return "choose another name, or none"
	case errors.As(err, &corrupt) && corrupt.Merged:
		return "two copies of the folder were signed in and then merged; keep the ledger of one, and sign again what only the other had"
	case errors.As(err, &corrupt):
		return "restore content/ledger/ from a backup or from git; it is only ever appended to"
	case errors.Is(err, ledger.ErrClock):
		return "set this machine's clock (or SOURCE_DATE_EPOCH) right"
	case errors.As(err, &foreign):
		return "laurel never touches files it did not write, and never publishes them: move them away (if an earlier laurel wrote them elsewhere, remove public/ and build again)"
	case errors.As(err, &list):
		return "laurel sign"
	case errors.As(err, &noKey) && noKey.Kid == "":
		return "laurel key list shows what there is; laurel key new makes one"
	case errors.As(err, &noKey):
		return "restore keys/ from your copy, or make a key under a new name: laurel key new"
	case errors.As(err, &award):
		return "laurel plan shows the keys of awards"
	case errors.Is(err, fs.ErrPermission):
		return "check who owns the file and its folder"
	}
	return ""
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
