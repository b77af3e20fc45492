package register

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/material/text"
	"laurel/internal/standards/vc"
)

// Found is what something stands for.
type Found struct {
	// Entries are the awards meant: one, or several that it does not tell apart, or
	// none.
	Entries []*Entry
	// Record is the credential, where it names one: an award may have had others.
	Record *ledger.Record
}

// Find looks up an award by the first of these that anything agrees with: a claim
// link, or the id of a credential, bare, as urn:uuid: or in the address of a page; its
// key; the recipient's key, e-mail address, DID or number; the whole name; words of
// the name. Case, accents and the spelling of umlauts (Mueller) do not count. The
// error is model.ErrBrokenClaimLink.
func (r *Register) Find(what string) (Found, error) {
	what = strings.TrimSpace(what)
	switch rec, err := r.credential(what); {
	case err != nil:
		return Found{}, err
	case rec != nil:
		f := Found{Record: rec}
		if e := r.byKey[rec.Award]; e != nil {
			f.Entries = []*Entry{e}
		}
		return f, nil
	}
	if e := r.byKey[what]; e != nil {
		return Found{Entries: []*Entry{e}}, nil
	}
	m := r.matcher()
	address := what
	if strings.Contains(what, "@") {
		address = text.Email(strings.TrimPrefix(what, "mailto:"))
	}
	found := m.byID[Fold(address)]
	if len(found) == 0 {
		found = m.hashed(address, r.Entries)
	}
	if len(found) > 0 {
		return Found{Entries: found}, nil
	}
	for _, name := range []string{Fold(what), loose(what)} {
		if found := m.byName[name]; len(found) > 0 {
			return Found{Entries: found}, nil
		}
	}
	named := Named(what)
	for _, e := range r.Entries {
		if named(e.Name) {
			found = append(found, e)
		}
	}
	return Found{Entries: found}, nil
}

var uuid = regexp.MustCompile(`(?i)(?:^|[^0-9a-z-])([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:$|[^0-9a-z-])`)

// credential finds the one that an id or a link names; nil: it names none that the
// ledger has.
func (r *Register) credential(what string) (*ledger.Record, error) {
	if rec := r.state.ByCredential(what); rec != nil {
		return rec, nil
	}
	link, err := model.ParseClaimLink(what)
	switch {
	case err == nil:
		for rec := range r.state.Records() {
			if slices.Contains(rec.Capsules, link.Name) {
				return rec, nil
			}
		}
		return nil, nil
	case err == model.ErrBrokenClaimLink:
		return nil, err
	}
	if parts := uuid.FindStringSubmatch(what); parts != nil {
		return r.state.ByCredential("urn:uuid:" + strings.ToLower(parts[1])), nil
	}
	return nil, nil
}

// matcher has what people are known by, folded.
type matcher struct {
	byID, byName map[string][]*Entry
	gone         bool // some are known by their credentials alone
}

func (r *Register) matcher() *matcher {
	if r.match != nil {
		return r.match
	}
	m := &matcher{byID: map[string][]*Entry{}, byName: map[string][]*Entry{}}
	put := func(in map[string][]*Entry, name string, e *Entry) {
		if list := in[name]; name != "" && (len(list) == 0 || list[len(list)-1] != e) {
			in[name] = append(list, e)
		}
	}
	for _, e := range r.Entries {
		put(m.byID, Fold(e.Key), e)
		put(m.byID, Fold(model.FoldKey(keyOf(e.Key).Recipient)), e)
		if e.Award != nil {
			of := e.Award.Recipient
			put(m.byID, Fold(of.Key), e)
			put(m.byID, Fold(of.ID), e)
			put(m.byID, Fold(of.StudentID), e)
			put(m.byID, Fold(text.Email(of.Email)), e)
		} else {
			m.gone = true
			put(m.byID, Fold(e.id), e)
		}
		put(m.byName, Fold(e.Name), e)
		put(m.byName, loose(e.Name), e)
	}
	r.match = m
	return m
}

// hashed are the entries whose credential alone is known, and is of an address.
func (m *matcher) hashed(address string, all []*Entry) []*Entry {
	if !m.gone || !strings.Contains(address, "@") {
		return nil
	}
	var found []*Entry
	for _, e := range all {
		if slices.ContainsFunc(e.identities, func(i vc.IdentityObject) bool {
			return i.IdentityType == "emailAddress" && i.IdentityHash != "" && vc.IsIdentity(i.IdentityHash, i.Salt, i.Hashed, address)
		}) {
			found = append(found, e)
		}
	}
	return found
}

// Named tells of a name whether it has all words of what is looked for, in any order.
func Named(what string) func(name string) bool {
	words := strings.Fields(loose(what))
	return func(name string) bool {
		has := strings.Fields(loose(name))
		return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(has, w) })
	}
}

// Near are up to three entries that what is looked for may be a slip of, by name or
// key, the nearest first.
func (r *Register) Near(what string) []*Entry {
	of := map[string]*Entry{}
	var known []string
	for _, e := range r.Entries {
		for _, name := range []string{Fold(e.Name), Fold(e.Key), Fold(keyOf(e.Key).Recipient)} {
			if name != "" && of[name] == nil {
				of[name] = e
				known = append(known, name)
			}
		}
	}
	var near []*Entry
	for _, name := range text.Near(Fold(what), known, 6) {
		if !slices.Contains(near, of[name]) && len(near) < 3 {
			near = append(near, of[name])
		}
	}
	return near
}

// Fold makes equal what people take for the same: in small letters, without accents,
// words parted by one space.
func Fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch plain, ok := undivided[r]; {
		case unicode.Is(unicode.Mn, r) && r < 0x900, r == '\u00ad': // vowels of Indic scripts are marks, too
		case ok:
			b.WriteString(plain)
		case r == ',' || r == ';' || unicode.IsSpace(r):
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// undivided are letters with a stroke or of two, which Unicode does not take apart.
var undivided = map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ħ': "h", 'ŧ': "t",
	'’': "'", '‘': "'", 'ʼ': "'", '‐': "-", '‑': "-", '–': "-"}

// loose is Fold for names in which an umlaut may have been written out, where a keyboard
// has none.
func loose(s string) string { return written.Replace(Fold(s)) }

var written = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u", "aa", "a")

// String is what tells an award from others: name, achievement and date.
func (e *Entry) String() string {
	s := e.Name
	if s == "" {
		s = "without a name"
	}
	if e.Title != "" {
		s += ", " + e.Title
	}
	if !e.Awarded.IsZero() {
		s += ", " + e.Awarded.Format("2006-01-02")
	}
	if e.Record == nil {
		s += ", not signed"
	} else if e.Record.Status != ledger.Active {
		s += fmt.Sprintf(", %s", e.Record.Status)
	}
	return s
}
