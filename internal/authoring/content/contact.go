package content

import (
	"regexp"
	"strings"
	"sync"

	"golang.org/x/text/language"
)

var (
	// emailLocal is the unquoted local part (RFC 5321, "Dot-string"; RFC 6531
	// for letters beyond ASCII) without the slash, which parts award keys.
	emailLocal = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[\p{L}\p{M}\p{N}!#$%&'*+=?^_{|}~` + "`" + `-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+=?^_{|}~` + "`" + `-]+)*$`)
	})
	emailHost = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[\p{L}\p{N}]([\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?(\.[\p{L}\p{N}]([\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?)+$`)
	})
	phone = regexp.MustCompile(`^\+?[0-9(][0-9 ()./-]{2,30}[0-9]$`)
	// languageShape is the part of BCP 47 that the Open Badges JSON Schema
	// takes for a LanguageCode.
	languageShape = regexp.MustCompile(`^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$`)
)

// email reads an e-mail address: one bare address with a domain.
func (o object) email(name string) string {
	return o.fitting(name, isEmail, "must be an e-mail address", "write only the address, such as name@example.org")
}

func isEmail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	return at >= 0 && at <= 64 && len(s) <= 254 && emailLocal().MatchString(s[:at]) && emailHost().MatchString(s[at+1:])
}

func (o object) phone(name string) string {
	return o.fitting(name, phone.MatchString, "must be a telephone number", `for example "+49 30 123456"`)
}

// country reads an ISO 3166-1 alpha-2 code.
func (o object) country(name string) string {
	return o.check(name, func(s string) (fault, hint string) {
		r, err := language.ParseRegion(s)
		known := err == nil && r.IsCountry()
		if known && len(s) == 2 && r.Canonicalize().String() == s {
			return "", ""
		}
		hint = "for example DE"
		if known {
			hint = `did you mean "` + r.Canonicalize().String() + `"?`
		}
		return "must be a country code of two capital letters (ISO 3166-1)", hint
	})
}

// language reads a language tag in its usual spelling.
func (v value) language() (string, bool) {
	s, ok := v.text()
	if !ok {
		return "", false
	}
	tag, err := language.Parse(s)
	switch {
	case err != nil:
		v.problem("is not a BCP 47 language tag", "for example en, de-CH or zh-Hant")
	case tag.String() != s:
		v.problem("is not the usual spelling of this language tag", `did you mean "`+tag.String()+`"?`)
	case !languageShape.MatchString(s):
		v.problem("is a language tag that Open Badges cannot carry", "use language, script and region only, such as zh-Hant-TW")
	default:
		return s, true
	}
	return "", false
}

func (o object) language(name string) string { return read(o, name, value.language) }
