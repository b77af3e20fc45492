package importer

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"laurel/internal/authoring/content"
	"laurel/internal/authoring/model"
	"laurel/internal/material/hint"
	"laurel/internal/standards/vc"
)

// badge is an assertion that is to become an award.
type badge struct {
	*document
	class   *document
	issued  time.Time
	expires time.Time // zero: never
}

// make resolves what refers to what, and makes files of it.
func (i *importer) make(ctx context.Context) error {
	groups := map[string][]*document{}
	var ids []string
	for _, d := range slices.Clone(i.all) {
		if groups[d.id] == nil {
			ids = append(ids, d.id)
		}
		groups[d.id] = append(groups[d.id], d)
	}
	var badges []*badge
	for _, id := range ids {
		if err := ctx.Err(); err != nil {
			return err
		}
		if b := i.badge(ctx, id, groups[id]); b != nil {
			badges = append(badges, b)
		}
	}
	classes, err := i.classes(ctx, badges)
	if err != nil {
		return err
	}
	return i.content(ctx, classes, slices.DeleteFunc(badges, func(b *badge) bool { return !slices.Contains(classes, b.class) }))
}

// badge judges the copies of one assertion. Where they differ, what ends it counts, and
// else what the one says that says most.
func (i *importer) badge(ctx context.Context, id string, copies []*document) *badge {
	at := -1
	for n, d := range copies {
		if d.object["badge"] != nil && (at < 0 || len(d.object) > len(copies[at].object)) {
			at = n
		}
	}
	if why, is := i.revoked(ctx, copies); is {
		i.note(LeftOut, id, "it was revoked%s; what was revoked is not signed anew", why)
		return nil
	}
	if at < 0 {
		i.note(LeftOut, id, "it does not say for which badge it is")
		return nil
	}
	b := &badge{document: copies[at]}
	if b.class = i.refer(ctx, b.document, "badge", badgeClass); b.class == nil {
		i.note(LeftOut, id, "the badge class that it names, %s, is not at hand%s", stringOf(b.object, "badge"), i.online())
		return nil
	}
	if !i.signed(ctx, b) {
		return nil
	}
	var fault string
	if b.issued, fault = moment(b.object["issuedOn"]); fault != "" || b.issued.IsZero() {
		i.note(LeftOut, id, "issuedOn %s", orMissing(fault))
		return nil
	}
	for _, d := range copies {
		until, fault := moment(d.object["expires"])
		if fault != "" {
			i.note(LeftOut, id, "expires %s", fault)
			return nil
		}
		if !until.IsZero() && (b.expires.IsZero() || until.Before(b.expires)) {
			b.expires = until
		}
	}
	switch {
	case !b.expires.IsZero() && !b.expires.After(i.o.Now):
		i.note(LeftOut, id, "it expired on %s, so that it cannot be signed anew", b.expires.UTC().Format(time.DateOnly))
		return nil
	case !b.expires.IsZero() && b.expires.Before(b.issued):
		i.note(LeftOut, id, "it expires before it was issued")
		return nil
	case b.issued.After(i.o.Now):
		i.note(LeftOut, id, "it is issued in the future, on %s", b.issued.UTC().Format(time.DateOnly))
		return nil
	}
	return b
}

func orMissing(fault string) string {
	if fault == "" {
		return "is missing"
	}
	return fault
}

// revoked tells whether one of the copies says that an assertion is revoked, or a
// revocation list, or, where it may be asked, its host; and why, if that is told.
func (i *importer) revoked(ctx context.Context, copies []*document) (why string, is bool) {
	for _, d := range copies {
		if d.object["revoked"] == true {
			return reason(stringOf(d.object, "revocationReason")), true
		}
	}
	names := []string{copies[0].id}
	for _, d := range copies {
		names = append(names, stringsOf(d.object["uid"])...)
		if c := i.refer(ctx, d, "badge", badgeClass); c != nil {
			if by := i.refer(ctx, c, "issuer", issuer); by != nil {
				i.refer(ctx, by, "revocationList", revocations) // it is then among the lists
			}
		}
	}
	for _, l := range i.lists {
		for _, item := range vc.Items(l.object["revokedAssertions"]) {
			o, _ := item.(map[string]any)
			s, _ := item.(string)
			if slices.Contains(names, s) || o != nil && (slices.Contains(names, stringOf(o, "id", "@id")) || slices.Contains(names, stringOf(o, "uid"))) {
				return reason(stringOf(o, "revocationReason")), true
			}
		}
		for _, n := range names[1:] { // of 1.x: uid and reason
			if s, ok := l.object[n].(string); ok {
				return reason(s), true
			}
		}
	}
	hosted := slices.ContainsFunc(copies, func(d *document) bool { return d.jws == nil }) && strings.HasPrefix(copies[0].id, "https://")
	if !hosted || slices.ContainsFunc(copies, func(d *document) bool { return d.file == d.id }) {
		return "", false
	}
	if i.o.Fetch == nil {
		i.note(Check, "hosted assertions", "whether they have been revoked since was not asked; --online asks")
		return "", false
	}
	if d := i.fetch(ctx, copies[0].id); d == nil {
		i.note(Check, copies[0].id, "its host did not say whether it was revoked")
	} else if d.object["revoked"] == true {
		return reason(stringOf(d.object, "revocationReason")), true
	}
	return "", false
}

func reason(s string) string {
	if s = oneLine(s); s == "" {
		return ""
	}
	return ": " + s
}

// signed checks the signature of a badge that has one, as far as its key is at hand.
func (i *importer) signed(ctx context.Context, b *badge) bool {
	if b.jws == nil {
		if kind := stringsOf(child(b.object, "verification")["type"], child(b.object, "verify")["type"]); slices.Contains(kind, "signed") || slices.Contains(kind, "SignedBadge") {
			i.note(Check, b.id, "it says that it is signed, but came without its signature")
		}
		return true
	}
	var found *document
	for _, d := range []*document{
		{file: b.file, object: child(b.object, "verification")}, {file: b.file, object: child(b.object, "verify")}, i.refer(ctx, b.class, "issuer", issuer),
	} {
		for _, member := range []string{"creator", "url", "publicKey"} {
			if d != nil && found == nil && d.object != nil {
				found = i.refer(ctx, d, member, key)
			}
		}
	}
	if found == nil {
		i.note(Check, b.id, "its signature was not checked: the key is not at hand%s", i.online())
		return true
	}
	block, _ := pem.Decode([]byte(stringOf(found.object, "publicKeyPem")))
	var public any
	err := errors.New("there is no public key in PEM")
	if block != nil {
		public, err = x509.ParsePKIXPublicKey(block.Bytes)
	}
	if err == nil {
		err = b.jws.Verify(public)
	}
	if err != nil {
		i.note(LeftOut, b.id, "its signature does not fit the key %s: %v", found.id, err)
		return false
	}
	return true
}

// classes are the badge classes to import, by id: those of the one issuer.
func (i *importer) classes(ctx context.Context, badges []*badge) ([]*document, error) {
	var classes []*document
	for _, b := range badges {
		classes = append(classes, b.class)
	}
	for _, d := range i.byID {
		if d.kind == badgeClass {
			classes = append(classes, d)
		}
	}
	slices.SortFunc(classes, func(a, b *document) int { return strings.Compare(a.id, b.id) })
	classes = slices.Compact(classes)
	by := map[string]*document{}
	var others []string
	of := map[*document]string{}
	for _, c := range classes {
		d := i.refer(ctx, c, "issuer", issuer)
		id := stringOf(c.object, "issuer")
		if d != nil {
			id = d.id
		}
		if of[c] = id; by[id] == nil {
			by[id] = d
		}
	}
	for id := range maps.Keys(of) {
		others = append(others, of[id])
	}
	slices.Sort(others)
	others = slices.Compact(others)
	if i.o.Issuer == "" && len(others) > 1 {
		return nil, hint.Errorf("name the one whose badges these are, such as --issuer "+oneLine(others[len(others)-1]), "there are badges of %d issuers: %s", len(others), strings.Join(others, ", "))
	}
	if i.o.Issuer != "" && !slices.Contains(others, i.o.Issuer) && len(others) > 0 {
		return nil, hint.Errorf("the issuers are: "+strings.Join(others, ", "), "there is no badge of the issuer %s", i.o.Issuer)
	}
	classes = slices.DeleteFunc(classes, func(c *document) bool {
		other := i.o.Issuer != "" && of[c] != i.o.Issuer
		if other {
			i.note(LeftOut, c.id, "it is a badge of another issuer, %s", of[c])
		}
		return other
	})
	if len(classes) > 0 {
		i.issuer(ctx, by[of[classes[0]]])
	}
	return classes, nil
}

// moment reads a date of Open Badges: of ISO 8601, where one without a zone is in UTC,
// or seconds since 1970. A missing one is zero.
func moment(v any) (t time.Time, fault string) {
	switch v := v.(type) {
	case nil:
		return time.Time{}, ""
	case float64:
		if v < 0 || v > 253402300799 {
			return time.Time{}, "is outside of all years"
		}
		t = time.Unix(int64(v), 0).UTC()
	case string:
		s := strings.TrimSpace(v)
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999", "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05", time.DateOnly} {
			if parsed, err := time.Parse(layout, s); err == nil {
				t = parsed.Truncate(time.Second)
				break
			}
		}
		if t.IsZero() && len(s) >= 9 && len(s) <= 11 && strings.Trim(s, "0123456789") == "" {
			var n int64
			for _, c := range s {
				n = 10*n + int64(c-'0')
			}
			t = time.Unix(n, 0).UTC()
		}
		if t.IsZero() {
			return t, "is no date"
		}
	default:
		return time.Time{}, "is no date"
	}
	if y := t.UTC().Year(); y < content.FirstYear || y > content.LastYear {
		return time.Time{}, "is outside of all years"
	}
	return t, ""
}

// identity is who has a badge, as far as it says.
type identity struct {
	email, name string
	said, salt  string // as the badge has it
	hash        string // where the address is not known
	fault       string // why it cannot be kept
}

// is tells whether an award's recipient is meant.
func (who identity) is(r model.Recipient) bool {
	return who.email != "" && strings.EqualFold(r.Email, who.email) ||
		who.said != "" && strings.EqualFold(r.HashedEmail.IdentityHash, who.said) && r.HashedEmail.Salt == who.salt ||
		r.Email != "" && behind(who.said, who.salt, r.Email)
}

// behind tells whether an address is the one behind a hash.
func behind(hash, salt, email string) bool {
	is := opener(hash, salt)
	return is != nil && slices.ContainsFunc(vc.Spellings(email), is)
}

// opener tells of a spelling whether it is the one behind a hash; nil: the hash is of no
// kind that is known.
func opener(hash, salt string) func(spelling string) bool {
	kind, digits, _ := strings.Cut(strings.ToLower(hash), "$")
	want, err := hex.DecodeString(digits)
	var buf []byte
	switch {
	case err == nil && kind == "sha256" && len(want) == sha256.Size:
		return func(s string) bool {
			buf = append(append(buf[:0], s...), salt...)
			return sha256.Sum256(buf) == [sha256.Size]byte(want)
		}
	case err == nil && kind == "md5" && len(want) == md5.Size:
		return func(s string) bool {
			buf = append(append(buf[:0], s...), salt...)
			return md5.Sum(buf) == [md5.Size]byte(want)
		}
	}
	return nil
}

// lookUp finds an address of the table behind a hash; nil: none. Where each badge has a
// salt of its own, as it should, every address has to be hashed for each.
func (i *importer) lookUp(hash, salt string) *Recipient {
	is := opener(hash, salt)
	if is == nil {
		return nil
	}
	if i.spelled == nil {
		for n := range i.o.Recipients {
			s := vc.Spellings(i.o.Recipients[n].Email)
			slices.Sort(s)
			i.spelled = append(i.spelled, slices.Compact(s))
		}
	}
	for n, spellings := range i.spelled {
		if slices.ContainsFunc(spellings, is) {
			return &i.o.Recipients[n]
		}
	}
	return nil
}

// identify reads a recipient, and looks for the address behind a hash.
func (i *importer) identify(b *badge) identity {
	r := child(b.object, "recipient")
	said := stringOf(r, "identity")
	who := identity{name: profileName(b.object), said: said, salt: stringOf(r, "salt")}
	kind := stringsOf(r["type"], r["@type"])
	if !slices.Contains(kind, "email") && !slices.Contains(kind, "schema:email") {
		who.fault = "its recipient is not known by an e-mail address"
		return who
	}
	if hashed, _ := r["hashed"].(bool); !hashed && !strings.Contains(said, "$") {
		who.email = strings.TrimSpace(said)
		return who
	}
	if known := i.lookUp(said, who.salt); known != nil {
		who.email, who.name = known.Email, orString(known.Name, who.name)
		return who
	}
	if !strings.HasPrefix(strings.ToLower(said), "sha256$") {
		who.fault = "its recipient is an address behind a hash that is none of SHA-256: name a table of addresses with --recipients"
		return who
	}
	who.hash = strings.ToLower(said)
	return who
}

func orString(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// profileName is the recipient's name, which only an extension says.
func profileName(o map[string]any) string {
	for name, v := range o {
		if p, ok := v.(map[string]any); ok && strings.HasSuffix(name, "recipientProfile") {
			return oneLine(stringOf(p, "name"))
		}
	}
	return ""
}
