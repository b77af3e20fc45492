package deliver

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxSlug keeps paths short enough for file systems that end at 260 characters.
const maxSlug = 40

// digestOf is what a site knows a learner by: the same in every run, and it
// says nothing to who does not know the site and whom to look for.
func digestOf(site, who string) string {
	sum := sha256.Sum256([]byte("laurel deliver 2\n" + site + "\n" + who))
	return hex.EncodeToString(sum[:])
}

// learnerFolder names a learner's folder: the name as far as it can be written
// in a to z, and the first digits of the learner's digest, so that two people
// of one name never meet.
func learnerFolder(digest, name string, digits int) string {
	return slug(name) + "-" + digest[:digits]
}

// slug writes a person's name with what every file system and every ZIP
// program takes: a to z, digits and hyphens. A name that is none, and one that
// is an e-mail address, is "learner".
func slug(name string) string {
	if strings.Contains(name, "@") {
		return "learner"
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			b.WriteRune(r)
		case transliterations[r] != "":
			b.WriteString(transliterations[r])
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == 'ь', r == 'ъ':
			// an accent, or no sound of its own
		default:
			b.WriteByte('-')
		}
	}
	s := strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool { return r == '-' }), "-")
	if len(s) > maxSlug {
		s = strings.TrimRight(s[:maxSlug], "-")
	}
	if s == "" {
		return "learner"
	}
	return s
}

// transliterations of letters that do not fall apart into one of a to z and an
// accent: Latin, Cyrillic, Greek.
var transliterations = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ð': "d", 'đ': "d", 'þ': "th", 'ł': "l", 'ı': "i", 'ħ': "h", 'ŋ': "ng", 'ə': "e",
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'ґ': "g", 'д': "d", 'е': "e", 'є': "ie", 'ж': "zh", 'з': "z", 'и': "i", 'і': "i",
	'й': "i", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f",
	'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ы': "y", 'э': "e", 'ю': "iu", 'я': "ia", 'ђ': "dj", 'ј': "j",
	'љ': "lj", 'њ': "nj", 'ћ': "c", 'џ': "dz",
	'α': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'ζ': "z", 'η': "i", 'θ': "th", 'ι': "i", 'κ': "k", 'λ': "l", 'μ': "m",
	'ν': "n", 'ξ': "x", 'ο': "o", 'π': "p", 'ρ': "r", 'σ': "s", 'ς': "s", 'τ': "t", 'υ': "y", 'φ': "f", 'χ': "ch", 'ψ': "ps",
	'ω': "o",
}
