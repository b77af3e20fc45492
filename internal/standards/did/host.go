package did

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// Host is the host of an issuer's name, however it was written.
type Host struct {
	// Name is the host as it is registered: lowered, in its xn-- form, without the dot
	// at its end, with a port where it is not that of https.
	Name string
	// Unicode is the same for people to read, where it is another.
	Unicode string
	// LooksLike tells that the name may be taken for another: a label mixes scripts, or
	// consists of letters that look like those of ASCII, or cannot be read.
	LooksLike bool
	// User tells that there is a user name before the host, which is there to deceive.
	User bool
}

// String is the host for sentences: as it is registered, and what that looks like.
func (h Host) String() string {
	if h.Unicode == "" {
		return h.Name
	}
	return h.Name + " (" + h.Unicode + ")"
}

// HostOf returns the host that an https URL or a did:web names.
func HostOf(id string) (Host, bool) {
	var h Host
	rest, ok := strings.CutPrefix(id, "https://")
	if ok {
		if i := strings.IndexAny(rest, "/?#\\"); i >= 0 {
			rest = rest[:i]
		}
		if i := strings.LastIndexByte(rest, '@'); i >= 0 {
			h.User, rest = true, rest[i+1:]
		}
	} else if rest, ok = strings.CutPrefix(id, "did:web:"); ok {
		rest, _, _ = strings.Cut(rest, ":")
		if i := escapedColon(rest); i >= 0 {
			rest = rest[:i] + ":" + rest[i+3:]
		}
	}
	name, port := rest, ""
	if i := strings.LastIndexByte(rest, ':'); i >= 0 && strings.Trim(rest[i+1:], "0123456789") == "" {
		name, port = rest[:i], rest[i:]
	}
	if name = strings.TrimSuffix(name, "."); !ok || name == "" {
		return h, false
	}
	if port == ":443" || port == ":" {
		port = ""
	}
	if len(name) > maxHost {
		h.Name, h.LooksLike = name+port, true
		return h, true
	}
	if strings.ContainsFunc(name, isForeign) {
		ascii, err := idna.Lookup.ToASCII(name)
		if err != nil {
			h.Name, h.LooksLike = name+port, true
			return h, true
		}
		name = ascii
	}
	name = lowerASCII(name)
	labels := strings.Split(name, ".")
	foreign := strings.HasPrefix(labels[len(labels)-1], "xn--") // whose readers know its letters
	for i, l := range labels {
		if !strings.HasPrefix(l, "xn--") {
			continue
		}
		read, err := idna.Punycode.ToUnicode(l)
		if err != nil || read == l || !strings.ContainsFunc(read, isForeign) {
			h.LooksLike = true
			continue
		}
		labels[i] = read
		h.LooksLike = h.LooksLike || mixesScripts(read) || !foreign && looksASCII(read)
	}
	h.Name = name + port
	if read := strings.Join(labels, ".") + port; read != h.Name {
		h.Unicode = read
	}
	return h, true
}

// escapedColon is where the colon before the port of a did:web stands, or -1. The rest
// may be anything: letters of other scripts have other lengths as capitals.
func escapedColon(authority string) int {
	return strings.Index(strings.ReplaceAll(authority, "%3a", "%3A"), "%3A")
}

// isForeign tells a character that is none of ASCII.
func isForeign(r rune) bool { return r > unicode.MaxASCII }

func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, s)
}

// together are the scripts that are written in one word (Unicode Technical Standard #39,
// 5.2 "Restriction-Level Detection", Highly Restrictive).
var together = [][]string{
	{"Latin", "Han", "Hiragana", "Katakana"}, {"Latin", "Han", "Bopomofo"}, {"Latin", "Han", "Hangul"},
}

// mixesScripts tells a label of several scripts that no language is written in.
func mixesScripts(label string) bool {
	var scripts []string
	for _, r := range label {
		if s := scriptOf(r); s != "" && !slices.Contains(scripts, s) {
			scripts = append(scripts, s)
		}
	}
	return len(scripts) > 1 && !slices.ContainsFunc(together, func(set []string) bool {
		return !slices.ContainsFunc(scripts, func(s string) bool { return !slices.Contains(set, s) })
	})
}

// scriptOf is the script of a character, "" for one that goes with every script, and
// "other" for one of a script that is not in the list, which the scripts of the pages
// have, too.
func scriptOf(r rune) string {
	if unicode.In(r, unicode.Common, unicode.Inherited) {
		return ""
	}
	for _, name := range []string{"Latin", "Cyrillic", "Greek", "Han", "Hiragana", "Katakana", "Hangul", "Bopomofo", "Arabic", "Hebrew", "Armenian", "Georgian", "Devanagari", "Thai"} {
		if unicode.Is(unicode.Scripts[name], r) {
			return name
		}
	}
	return "other"
}

// alike are letters that look like letters of ASCII: of Latin, Cyrillic, Greek,
// Armenian.
const alike = "ıɑɡɩɴʏᴄᴏᴠᴡᴢꜱ" + "асԁеһіјӏорԗԛѕԝхуъьҽпгѵѡ" + "αικνρυωηοτ" + "հոսօցզլյք"

// looksASCII tells a label all of whose letters can be taken for those of ASCII.
func looksASCII(label string) bool {
	return !strings.ContainsFunc(label, func(r rune) bool { return isForeign(r) && !strings.ContainsRune(alike, r) })
}
