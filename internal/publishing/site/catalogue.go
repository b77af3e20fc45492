package site

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"laurel/internal/standards/vc"
)

// The catalogue is the home page. What is chosen of it stands in its address, which
// any page may link to, seen from the root of its language:
//
//	?tag=metal#achievements
//	?type=Badge&type=Course&skill=use-hand-tools&language=de&level=eqf-level-4&q=joint&page=2#achievements
//
// A type is the term of the standard, a skill or level its slug (Alignment.Skill), a
// tag as it is written, a language its BCP 47 tag; several of a kind widen the choice,
// several kinds narrow it. Nothing of that depends on what the catalogue has today: an
// address that names what is not there finds nothing. Without a script the page has
// all that it has without a choice. In a template, after {{.Root}}:
//
//	href="{{.Root}}?skill={{.Skill}}#achievements"

// skillSlug is what a skill is called in addresses: its name in small letters and
// digits of ASCII. Names that this does not spell, all or in part, end in eight digits
// of their SHA-256.
func skillSlug(a vc.Alignment) string {
	name := a.TargetName
	if name == "" {
		name = a.TargetURL
	}
	var b strings.Builder
	spelled := true
	for _, c := range norm.NFKD.String(spelling.Replace(strings.ToLower(name))) {
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			b.WriteRune(c)
		case unicode.Is(unicode.Mn, c), c == '\'', c == '’':
		default:
			spelled = spelled && !unicode.IsLetter(c) && !unicode.IsNumber(c) && !strings.ContainsRune("+#", c)
			if s := b.String(); s != "" && !strings.HasSuffix(s, "-") {
				b.WriteByte('-')
			}
		}
	}
	slug := strings.Trim(b.String(), "-")
	if len(slug) > 60 {
		slug, spelled = strings.Trim(slug[:60], "-"), false
	}
	if !spelled || slug == "" {
		sum := sha256.Sum256([]byte(norm.NFC.String(name)))
		slug = strings.Trim(slug+"-"+hex.EncodeToString(sum[:4]), "-")
	}
	return slug
}

// spelling writes letters in ASCII that have no parts.
var spelling = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i")
