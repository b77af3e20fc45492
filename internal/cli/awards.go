package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/issuing/register"
	"laurel/internal/material/hint"
	"laurel/internal/material/text"
)

// finder finds the awards that a command line names, for every command that takes
// AWARD. What names one for good is taken as it is, also where the content cannot be
// read; anything else is looked up in the register.
type finder struct {
	a        *app
	state    *ledger.State
	document func(*ledger.Record) ([]byte, error)
	site     *model.Site // with the learner records that were signed; nil: to be read when it is wanted
	signed   bool        // what was never signed is not meant
	register *register.Register
}

// finder looks in an opened ledger.
func (a *app) finder(l *ledger.Ledger, site *model.Site, signed bool) *finder {
	return &finder{a: a, state: l.State(), document: l.MainDocument, site: site, signed: signed}
}

// awards are the names as package plan takes them: award keys, credential ids and
// cohorts. Guessed are the awards that were found by anything else, to be shown. The
// error of what nothing or several are found by is a *hint.Error that says what to type.
func (f *finder) awards(names []string) (exact []string, guessed []*register.Entry, err error) {
	var wrong []error
	for _, name := range names {
		if f.exact(name) {
			exact = append(exact, name)
			continue
		}
		found, err := f.find(name)
		if err == nil && len(found.Entries) > 1 {
			err = f.several(name, found.Entries)
		}
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		e := found.Entries[0]
		as := e.Key
		if found.Record != nil {
			as = found.Record.Credential
		}
		exact, guessed = append(exact, as), append(guessed, e)
	}
	return exact, guessed, joined(wrong)
}

// selection is what names stand for of what was signed, and whether any of it was found
// by something else than its key, which is shown.
func (a *app) selection(l *ledger.Ledger, names []string) (chosen plan.Selection, guessed bool, err error) {
	exact, found, err := a.finder(l, nil, true).awards(names)
	if err != nil {
		return chosen, false, err
	}
	if chosen, err = plan.Select(l.State(), exact); err != nil {
		return chosen, false, err
	}
	a.tellFound(found)
	return chosen, len(found) > 0, nil
}

// learners are the names of learners as package plan takes them. All awards of one
// learner name the same one.
func (f *finder) learners(names []string) (exact []string, guessed []*register.Entry, err error) {
	var wrong []error
	for _, name := range names {
		found, err := f.find(name)
		found.Entries = slices.DeleteFunc(slices.Clone(found.Entries), func(e *register.Entry) bool { return e.Award == nil })
		switch {
		case err != nil:
		case len(found.Entries) == 0:
			err = f.none(name)
		case !f.one(found.Entries):
			err = f.several(name, found.Entries)
		}
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		e := found.Entries[0]
		exact = append(exact, e.Award.Key.Recipient)
		if e.Award.Program == nil {
			exact[len(exact)-1] = e.Key
		}
		if name != e.Key && model.FoldKey(name) != model.FoldKey(e.Award.Key.Recipient) {
			guessed = append(guessed, e)
		}
	}
	return exact, guessed, joined(wrong)
}

// one tells whether awards are one learner's.
func (f *finder) one(entries []*register.Entry) bool {
	keys := map[string]bool{}
	for _, e := range entries {
		key, _ := model.ParseAwardKey(e.Key)
		keys[model.FoldKey(key.Recipient)] = true
	}
	return len(keys) == 1 || slices.ContainsFunc(f.site.Learners(), func(l *model.Learner) bool {
		return !slices.ContainsFunc(entries, func(e *register.Entry) bool { return !slices.Contains(l.Awards, e.Award) })
	})
}

// joined is one error of several, with the first one's hint.
func joined(errs []error) error {
	if len(errs) < 2 {
		return errors.Join(errs...)
	}
	return hint.Errorf(hint.Of(errs[0]), "%w", errors.Join(errs...))
}

// exact tells what needs no looking up.
func (f *finder) exact(name string) bool {
	if f.state.Record(name) != nil || f.state.ByCredential(name) != nil {
		return true
	}
	for r := range f.state.Records() {
		if key, _ := model.ParseAwardKey(r.Award); key.Cohort == name && name != "" {
			return true
		}
	}
	return !f.signed && f.site != nil && f.site.Cohort(name) != nil
}

// find looks something up. There is at least one entry, or an error.
func (f *finder) find(name string) (register.Found, error) {
	if err := f.load(); err != nil {
		return register.Found{}, err
	}
	found, err := f.register.Find(name)
	if err != nil {
		return found, hint.Errorf("copy the whole link, to its last character, or name the award by its key or the learner's name", "%w", err)
	}
	all := found.Entries
	if f.signed {
		found.Entries = slices.DeleteFunc(slices.Clone(all), func(e *register.Entry) bool { return e.Record == nil })
	}
	switch {
	case len(found.Entries) > 0:
		return found, nil
	case len(all) > 0:
		return found, hint.Errorf("laurel sign signs it", "%s is not signed yet; nothing was written", clean(all[0].Key))
	}
	if f.site.Cohort(name) != nil {
		return found, hint.Errorf("laurel sign signs them", "no award of %s is signed yet; nothing was written", clean(name))
	}
	return found, f.none(name)
}

func (f *finder) load() (err error) {
	if f.register != nil {
		return nil
	}
	if f.site == nil {
		if f.site, err = f.a.loadContent(); err != nil {
			f.site = &model.Site{} // what was signed is told by its documents
		}
		asSigned(f.site, f.state)
	}
	f.register, err = register.Make(f.site, f.state, f.document)
	return err
}

// none says that nothing is found, and what was maybe meant.
func (f *finder) none(name string) error {
	const where = "laurel list shows all awards with their keys"
	if model.HasClaimLink([]byte(name)) {
		return hint.Errorf(where, "no award has this claim link: was it replaced, or is it another site's?")
	}
	near := f.register.Near(name)
	if len(near) == 0 {
		if slug := text.Nearest(name, f.cohorts()); slug != "" {
			return hint.Errorf("did you mean "+slug+"?", "no award, cohort or learner is found by %s", quoted(name))
		}
		return hint.Errorf(where, "no award, cohort or learner is found by %s", quoted(name))
	}
	return hint.Errorf("did you mean "+f.candidate(near[0])+"?", "no award, cohort or learner is found by %s; near to it:%s", quoted(name), f.lines(near))
}

func (f *finder) cohorts() []string {
	var slugs []string
	for _, c := range f.site.Cohorts {
		slugs = append(slugs, c.Slug)
	}
	return slugs
}

func (f *finder) several(name string, entries []*register.Entry) error {
	return hint.Errorf("name one by its key, such as "+f.candidate(entries[0]), "%s is %s:%s", quoted(name), plural(len(entries), "award"), f.lines(entries))
}

func quoted(name string) string {
	if model.HasClaimLink([]byte(name)) {
		return "this link"
	}
	return `"` + clean(name) + `"`
}

// candidate is an award as it is to be typed.
func (f *finder) candidate(e *register.Entry) string { return shellWord(e.Key) }

// lines are awards, one a line, as they are to be typed.
func (f *finder) lines(entries []*register.Entry) string {
	const most = 20
	var b strings.Builder
	for i, e := range entries {
		if i == most {
			fmt.Fprintf(&b, "\n  and %d more", len(entries)-most)
			break
		}
		fmt.Fprintf(&b, "\n  %s  %s", f.candidate(e), clean(e.String()))
	}
	return b.String()
}

// tellFound shows what was found by anything but a key, before anything is done to it.
func (a *app) tellFound(entries []*register.Entry) {
	for _, e := range entries {
		a.notef("found %s  %s\n", shellWord(e.Key), clean(e.String()))
	}
}
