package plan

import (
	"math"
	"slices"
	"strings"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/did"
)

// checkKeys finds keys that have the name of another one in the ledger: what
// they sign could not be told from what that one signed.
func checkKeys(keys []PublicKey, s *ledger.State) error {
	for _, known := range s.Keys() {
		for _, k := range keys {
			if k.Kid == known.Kid && k.PublicKeyMultibase != known.PublicKeyMultibase {
				return &KeyError{Kid: k.Kid, Text: "keys/ contains a different key from the one of that name in the ledger"}
			}
			if k.Kid == known.Kid && k.Profile != known.Profile {
				return &KeyError{Kid: k.Kid, Text: "keys/ says that it is the key of another profile than the ledger does"}
			}
		}
	}
	return nil
}

// known are keys with what the ledger says of them as well: it has the last
// word, since a keys folder may come from a backup, or from another machine.
func known(keys []PublicKey, s *ledger.State) []PublicKey {
	states := s.Keys()
	keys = slices.Clone(keys)
	for i := range keys {
		k := &keys[i]
		n := slices.IndexFunc(states, func(st ledger.KeyState) bool { return st.Kid == k.Kid })
		if n < 0 {
			continue
		}
		if k.Retired.IsZero() {
			k.Retired = states[n].Retired
		}
		if k.Revoked.IsZero() {
			k.Revoked, k.Reason = states[n].Revoked, states[n].RevokedReason
		}
	}
	return keys
}

// Form is one form that awards are signed in, and the key that does it.
type Form struct {
	Format string // the name of one of model.Forms
	// Key has an empty Kid where no key fits the form.
	Key PublicKey
}

// Forms are the forms that a site asks for, for all awards or for those of some
// cohort, the main one first. Each has the key that sign.key names for it, or the
// newest that can sign. A name that is of no such key is a *SettingError.
func Forms(keys []PublicKey, s *ledger.State, site *model.Site) ([]Form, error) {
	keys = ofProfile(known(keys, s), "")
	// What names a token goes on to ask for it, whatever is signed today.
	tokens := slices.ContainsFunc(s.Lists(), func(l ledger.ListState) bool { return l.Token })
	used := map[string]bool{}
	var forms []Form
	for _, f := range model.Forms {
		if !Asks(site, f.Name) && !(tokens && f.Name == model.SDJWTForm) {
			continue
		}
		key, err := chooseKey(keys, f, site.Sign.Keys)
		if err != nil {
			return nil, err
		}
		used[key.Kid] = true
		forms = append(forms, Form{f.Name, key})
	}
	for _, n := range site.Sign.Keys {
		those, err := named(keys, n)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(those, func(k PublicKey) bool { return used[k.Kid] }) {
			return nil, &SettingError{n.Source, "sign.key: " + n.Kid + " is used for no form: " + unused(those, forms),
				"write the name of a key that fits a form of sign.formats, once for each; laurel key list shows the keys"}
		}
	}
	return forms, nil
}

// Asks tells whether awards of a site, or of some cohort, are to be signed in a form.
func Asks(site *model.Site, format string) bool {
	return format == model.MainForm || slices.Contains(site.Sign.Formats, format) ||
		slices.ContainsFunc(site.Cohorts, func(c *model.Cohort) bool { return slices.Contains(c.Formats, format) })
}

// chooseKey returns the key for a form: of the first of names that has one that fits,
// or of all, the newest that can sign; an empty Key when there is none.
func chooseKey(keys []PublicKey, form model.Form, names []model.KeyName) (PublicKey, error) {
	for _, n := range names {
		those, err := named(keys, n)
		if err != nil {
			return PublicKey{}, err
		}
		if k := newest(those, form); k.Kid != "" {
			return k, nil
		}
	}
	return newest(keys, form), nil
}

// named are the keys that a name of sign.key is that of, and that can sign: the one
// of that name, or all that a program holds.
func named(keys []PublicKey, n model.KeyName) ([]PublicKey, error) {
	var those []PublicKey
	reason := ""
	for _, k := range keys {
		if k.Kid != n.Kid && (k.Exec == "" || model.ExecPrefix+k.Exec != n.Kid) {
			continue
		}
		if why := ended(k); why != "" {
			reason = why
		} else {
			those = append(those, k)
		}
	}
	command, isCommand := strings.CutPrefix(n.Kid, model.ExecPrefix)
	switch {
	case len(those) > 0:
		return those, nil
	case reason != "":
		return nil, &SettingError{n.Source, "sign.key: " + n.Kid + " cannot sign: " + reason, "name another key, or leave sign.key out: then the newest one signs"}
	case isCommand:
		return nil, &SettingError{n.Source, "sign.key: no key of keys/ is one that " + command + " holds",
			"laurel key new --exec records one, with the same COMMAND: what is run is decided there, and not by the content"}
	}
	return nil, &SettingError{n.Source, "sign.key: keys/ has no key " + n.Kid + " of the issuer's", "laurel key list shows the keys"}
}

// newest is the newest key that can sign a form.
func newest(keys []PublicKey, form model.Form) PublicKey {
	var newest PublicKey
	for _, k := range keys {
		if ended(k) == "" && fits(k, form) && (newest.Kid == "" || k.Created.After(newest.Created) ||
			k.Created.Equal(newest.Created) && k.Kid > newest.Kid) {
			newest = k
		}
	}
	return newest
}

// unused says why keys that are named sign nothing.
func unused(those []PublicKey, forms []Form) string {
	for _, f := range forms {
		if form, _ := model.FormOf(f.Format); newest(those, form).Kid != "" {
			return f.Format + " is signed with " + f.Key.Kid + ", which is named before it"
		}
	}
	return "it is a key of another kind"
}

// ended says why nothing is signed with a key any more, or nothing.
func ended(k PublicKey) string {
	switch _, err := did.DecodeKey(k.PublicKeyMultibase); {
	case !k.Revoked.IsZero():
		return "it is revoked"
	case !k.Retired.IsZero():
		return "it is retired"
	case err != nil:
		return "its public half cannot be read"
	}
	return ""
}

// fits tells whether a key is of a kind that signs a form.
func fits(k PublicKey, form model.Form) bool {
	key, err := did.DecodeKey(k.PublicKeyMultibase)
	return err == nil && slices.Contains(form.Keys, did.Kind(key))
}

// FormsOf are the forms that an award is signed in, the main one first.
func (p *Plan) FormsOf(a *model.Award) []Form {
	formats := p.Site.FormatsOf(a)
	return slices.DeleteFunc(slices.Clone(p.Forms), func(f Form) bool {
		return f.Format != model.MainForm && !slices.Contains(formats, f.Format)
	})
}

// NeededForms are the forms of all that the plan signs, the main one first, which
// status lists and the log's head have as well.
func (p *Plan) NeededForms() []Form {
	if !p.NeedsKey() {
		return nil
	}
	needed := map[string]bool{model.MainForm: true}
	for _, l := range p.Lists {
		needed[model.SDJWTForm] = needed[model.SDJWTForm] || l.Token
	}
	for _, i := range p.Issue {
		for _, f := range p.FormsOf(i.Award) {
			needed[f.Format] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(p.Forms), func(f Form) bool { return !needed[f.Format] })
}

// checkTokens finds a list that is to be signed as a token, where no key does that.
func (p *Plan) checkTokens() error {
	if p.Key.Kid == "" || !slices.ContainsFunc(p.Lists, func(l *List) bool { return l.Token }) {
		return nil
	}
	if i := slices.IndexFunc(p.Forms, func(f Form) bool { return f.Format == model.SDJWTForm }); p.Forms[i].Key.Kid == "" {
		return &SettingError{p.Site.Sign.FormatsSource, "no key can sign status lists as SD-JWTs read them, which needs P-256",
			"laurel key new --algorithm " + Algorithm(model.SDJWTForm)}
	}
	return nil
}

// checkForms finds a form of something that is to be signed which no key fits.
// Without a key for the main form nothing is signed at all, which is told
// elsewhere.
func (p *Plan) checkForms() error {
	if p.Key.Kid == "" {
		return nil
	}
	for _, i := range p.Issue {
		for _, f := range p.FormsOf(i.Award) {
			if f.Key.Kid != "" {
				continue
			}
			form, _ := model.FormOf(f.Format)
			at := p.Site.Sign.FormatsSource
			if c := i.Award.Cohort; c != nil && c.Formats != nil {
				at = c.FormatsSource
			}
			return &SettingError{at, "no key can sign " + f.Format + ", which needs " + strings.Join(form.Keys, " or "),
				"laurel key new --algorithm " + Algorithm(f.Format)}
		}
	}
	return nil
}

// Algorithm is the one of "laurel key new" that makes a key for a form.
func Algorithm(format string) string {
	form, _ := model.FormOf(format)
	if form.Keys[0] == did.RSA {
		return "RSA-3072"
	}
	return form.Keys[0]
}

// KeyEvents returns what the ledger has yet to learn about the keys, so that a
// build knows every public key without the keys folder.
func KeyEvents(keys []PublicKey, s *ledger.State) []ledger.KeyEvent {
	known := make(map[string]ledger.KeyState)
	for _, k := range s.Keys() {
		known[k.Kid] = k
	}
	var events []ledger.KeyEvent
	for _, k := range keys {
		was, ok := known[k.Kid]
		if !ok {
			events = append(events, ledger.KeyEvent{Kid: k.Kid, Action: ledger.ActionAdded,
				PublicKeyMultibase: k.PublicKeyMultibase, Profile: k.Profile, At: k.Created})
		}
		if !k.Retired.IsZero() && was.Retired.IsZero() {
			events = append(events, ledger.KeyEvent{Kid: k.Kid, Action: ledger.ActionRetired, At: k.Retired})
		}
		if !k.Revoked.IsZero() && was.Revoked.IsZero() {
			events = append(events, ledger.KeyEvent{Kid: k.Kid, Action: ledger.ActionRevoked, At: k.Revoked, Reason: k.Reason})
		}
	}
	return events
}

// ofProfile are the keys of one profile. A key of another never signs for it.
func ofProfile(keys []PublicKey, profile string) []PublicKey {
	return slices.DeleteFunc(slices.Clone(keys), func(k PublicKey) bool { return k.Profile != profile })
}

// published are the keys of a profile's DID document once the plan is carried out,
// which signs some forms.
func published(s *ledger.State, events []ledger.KeyEvent, profile string, forms []Form) []did.PublishedKey {
	formats := s.Formats()
	for _, f := range forms {
		formats = append(formats, f.Format)
	}
	jose := profile == "" && model.HasCompact(formats) // endorsers sign the main form alone
	var keys []did.PublishedKey
	for _, k := range s.Keys() {
		if k.Profile != profile {
			continue
		}
		keys = append(keys, did.PublishedKey{Kid: k.Kid, PublicKeyMultibase: k.PublicKeyMultibase, Revoked: k.Revoked, JOSE: jose})
	}
	for _, e := range events {
		switch e.Action {
		case ledger.ActionAdded:
			if e.Profile == profile {
				keys = append(keys, did.PublishedKey{Kid: e.Kid, PublicKeyMultibase: e.PublicKeyMultibase, JOSE: jose})
			}
		case ledger.ActionRevoked:
			if i := slices.IndexFunc(keys, func(k did.PublishedKey) bool { return k.Kid == e.Kid }); i >= 0 {
				keys[i].Revoked = e.At
			}
		}
	}
	return keys
}

// lastRevocation is the seq of the event that revoked a key last, 0 where none
// is revoked: what was signed before may be worth nothing. One that the ledger
// has yet to learn comes after everything in it.
func lastRevocation(s *ledger.State, events []ledger.KeyEvent) int64 {
	var last int64
	for _, k := range s.Keys() {
		last = max(last, k.RevokedSeq)
	}
	if slices.ContainsFunc(events, func(e ledger.KeyEvent) bool { return e.Action == ledger.ActionRevoked }) {
		last = math.MaxInt64
	}
	return last
}
