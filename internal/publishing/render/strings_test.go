package render

import (
	"io/fs"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	xlanguage "golang.org/x/text/language"

	"laurel/themes"
)

// TestTablesAreComplete: every language has every word of English, with the
// same places for values. Variants of a language, such as en-US, only differ.
func TestTablesAreComplete(t *testing.T) {
	theme := newTest(t).theme
	place := regexp.MustCompile(`\{[a-z]+\}`)
	places := func(text string) string {
		found := place.FindAllString(text, -1)
		sort.Strings(found)
		return strings.Join(found, "")
	}
	english := theme.words["en"]
	for language, table := range theme.words {
		for key, text := range table {
			word, form, counts := strings.Cut(key, "#")
			if counts {
				key = formKey(word, "other")
			}
			original, known := english[key]
			switch {
			case !known:
				t.Errorf("%s: %q is not in English", language, key)
			case places(text) != places(original) && (!counts || form == "other" || places(text) != ""):
				t.Errorf("%s: %q has the places %s, English %s", language, key, places(text), places(original))
			case strings.Contains(text, "'"):
				t.Errorf("%s: %q has a typewriter's apostrophe", language, key)
			}
		}
		if strings.Contains(language, "-") {
			continue
		}
		for key := range english {
			word, _, counts := strings.Cut(key, "#")
			if _, ok := table[key]; !ok && !counts {
				t.Errorf("%s: %q is missing", language, key)
			}
			if !counts {
				continue
			}
			// Numbers up to 200 have all forms of whole numbers that a language has, but
			// those of millions, which may be any other's.
			for n := range 201 {
				if form := formOf(xlanguage.Make(language), n); table[formKey(word, form)] == "" {
					t.Errorf("%s: %q has no form %q, which is that of %d", language, word, form, n)
					break
				}
			}
			if table[formKey(word, "other")] == "" {
				t.Errorf("%s: %q has no form %q", language, word, "other")
			}
		}
	}
	for _, language := range []string{"en", "en-us", "de", "es", "fr", "pt", "ar", "uk", "zh", "hi"} {
		if len(theme.words[language]) == 0 {
			t.Errorf("no table for %s", language)
		}
	}
}

// TestEveryWordIsUsed finds words that no template asks for any more. Those of
// the verify and claim pages are asked for by their scripts as well.
func TestEveryWordIsUsed(t *testing.T) {
	theme := newTest(t).theme
	var all strings.Builder
	for _, text := range theme.templates {
		all.WriteString(text)
	}
	// The scripts put names of checks, outcomes, codes and variants behind these.
	scripts := map[string]*regexp.Regexp{
		"verifier.": regexp.MustCompile(`^(check|outcome|fact|section|verdict|reason|hint|result|who)\.`),
		"claim.":    regexp.MustCompile(`^(note|variant|choice)\.`),
		// The words of a file are named behind "file." in its script.
		"deliver.":   regexp.MustCompile(`^readme\.`),
		"catalogue.": regexp.MustCompile(`^$`),
	}
	ofScript := func(key string) bool {
		for prefix, composed := range scripts {
			rest, ok := strings.CutPrefix(key, prefix)
			if !ok {
				continue
			}
			names := map[string][]string{"verifier.": {"assets/verify.js", "assets/verify-many.js"}, "claim.": {"assets/claimpage.js", "assets/claimed.js", "assets/choose.js"}, "deliver.": {"file/offline.js"}, "catalogue.": {"assets/catalogue.js"}}[prefix]
			return composed.MatchString(rest) || slices.ContainsFunc(names, func(name string) bool {
				script, err := fs.ReadFile(themes.Default(), name)
				if err != nil {
					t.Fatal(err)
				}
				return strings.Contains(string(script), `"`+rest+`"`) || strings.Contains(string(script), `"`+key+`"`)
			})
		}
		return false
	}
	ofGo := regexp.MustCompile(`^(date|date\.first|month\.\d+|list\..+|duration\..+|term\..+|language\..+|certificate\.(see|page|more))$`)
	for key := range theme.words["en"] {
		key, _, _ = strings.Cut(key, "#")
		if !ofGo.MatchString(key) && !ofScript(key) && !strings.Contains(all.String(), `t "`+key+`"`) {
			t.Errorf("%q is not used", key)
		}
	}
}

func TestWordsFor(t *testing.T) {
	theme := newTest(t).theme
	for tag, want := range map[string]string{
		"en": "Skip to content", "de": "Zum Inhalt springen", "de-CH": "Zum Inhalt springen", "DE-at": "Zum Inhalt springen",
		"ar-EG": "الانتقال إلى المحتوى", "pl": "Skip to content", "": "Skip to content", "x\x00": "Skip to content",
	} {
		if got, err := theme.wordsFor(tag).Text("skip"); err != nil || got != want {
			t.Errorf("%q: %q, %v", tag, got, err)
		}
	}
}

func TestDate(t *testing.T) {
	theme := newTest(t).theme
	first := time.Date(2026, time.August, 1, 0, 0, 0, 0, time.UTC)
	late := time.Date(2026, time.March, 5, 23, 30, 0, 0, time.FixedZone("", -5*3600))
	for _, c := range []struct {
		tag  string
		time time.Time
		want string
	}{
		{"en", first, "1 August 2026"},
		{"en-US", first, "August 1, 2026"},
		{"de", first, "1. August 2026"},
		{"fr", first, "1er août 2026"},
		{"fr", late, "6 mars 2026"},
		{"es", late, "6 de marzo de 2026"},
		{"ar", late, "6 مارس 2026"},
		{"pt-BR", late, "6 de março de 2026"},
		{"uk", late, "6 березня 2026 р."},
		{"zh-Hans", late, "2026年3月6日"},
		{"hi", late, "6 मार्च 2026"},
		{"pl", late, "6 March 2026"},
		{"en", time.Time{}, ""},
	} {
		if got := theme.wordsFor(c.tag).Date(c.time); got != c.want {
			t.Errorf("%s: %q, want %q", c.tag, got, c.want)
		}
	}
	if got := isoDate(late); got != "2026-03-06" {
		t.Errorf("isodate %s", got)
	}
}

func TestNumber(t *testing.T) {
	theme := newTest(t).theme
	for _, c := range []struct {
		tag  string
		n    any
		want string
	}{{"en", 0, "0"}, {"en", 999, "999"}, {"en", 1000, "1,000"}, {"de", 1234567, "1.234.567"}, {"fr", -12345, "-12\u202f345"}, {"hi", 1234567, "12,34,567"}, {"ar", 1234, "1,234"}, {"de-CH", 1234, "1’234"}, {"pl", 1234, "1,234"},
		{"de", "2.5", "2,5"}, {"fr", "1234.5", "1\u202f234,5"}, {"ar", "2.5", "2.5"}, {"en", "0.1", "0.1"}, {"en", "12345.678", "12,345.678"}, {"uk", "12", "12"}, {"pt", "0.123456789", "0,123456789"}, {"de", "", ""}, {"de", "two", "two"}} {
		if got := theme.wordsFor(c.tag).Number(c.n); got != c.want {
			t.Errorf("%s %v: %q, want %q", c.tag, c.n, got, c.want)
		}
	}
}

// TestForms: counted words have the form that their language has for the number.
func TestForms(t *testing.T) {
	theme := newTest(t).theme
	for _, c := range []struct{ tag, iso, want string }{
		{"de-AT", "P1Y1M", "1 Jahr, 1 Monat"}, {"pt", "P2Y", "2 anos"}, {"fr", "P1Y", "1 an"},
		{"uk", "P1Y", "1 рік"}, {"uk", "P2Y", "2 роки"}, {"uk", "P5Y", "5 років"}, {"uk", "P21D", "21 день"}, {"uk", "P11D", "11 днів"},
		{"ar", "P1Y", "سنة واحدة"}, {"ar", "P2Y", "سنتان"}, {"ar", "P3Y", "3 سنوات"}, {"ar", "P11M", "11 شهرًا"}, {"ar", "P100D", "100 يوم"}, {"ar", "P1Y6M", "سنة واحدة و6 أشهر"},
		{"zh", "P1Y6M", "1年6个月"}, {"hi", "P2M", "2 महीने"}, {"pl", "P5Y", "5 years"},
	} {
		if got := theme.wordsFor(c.tag).duration(c.iso); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.tag, c.iso, got, c.want)
		}
	}
	for tag, want := range map[string]string{"en": "a, b and c", "en-US": "a, b, and c", "de": "a, b und c", "zh": "a、b和c", "ar": "a وb وc", "hi": "a, b, और c"} {
		if got := theme.wordsFor(tag).List([]string{"a", "b", "c"}); got != want {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
	if _, err := theme.wordsFor("uk").Text("duration.year"); err == nil {
		t.Error("a counted word was said without a number")
	}
}

// TestTable: what is written for a further language is whole, and in the forms of that.
func TestTable(t *testing.T) {
	table, err := Table("pl")
	if err != nil {
		t.Fatal(err)
	}
	said, err := readTable(table)
	if err != nil {
		t.Fatal(err)
	}
	english := newTest(t).theme.words["en"]
	for key := range english {
		if base, form, counts := strings.Cut(key, "#"); said[key] == "" && english[key] != "" {
			t.Errorf("no %s", key)
		} else if counts && form == "other" && said[formKey(base, "few")] == "" {
			t.Errorf("%s has no form few", base)
		}
	}
	if said["language.de"] != "niemiecki" || said["verifier.language"] != "pl" || said["skip"] != english["skip"] {
		t.Errorf("%q, %q, %q", said["language.de"], said["verifier.language"], said["skip"])
	}
	for _, tag := range []string{"de", "", "PL", "pl_PL", "../pl"} {
		if _, err := Table(tag); err == nil {
			t.Errorf("a table for %q", tag)
		}
	}
}

func TestDuration(t *testing.T) {
	english := newTest(t).theme.wordsFor("en")
	for iso, want := range map[string]string{
		"P1Y": "1 year", "P2Y": "2 years", "P1Y6M": "1 year, 6 months", "P3W": "3 weeks", "P90D": "90 days",
		"P": "P", "": "", "2 years": "2 years", "PT5H": "PT5H", "P-1Y": "P-1Y", "PY": "PY", "P1": "P1",
	} {
		if got := english.duration(iso); got != want {
			t.Errorf("%s: %q, want %q", iso, got, want)
		}
	}
}

func TestDirection(t *testing.T) {
	for tag, want := range map[string]string{
		"en": "ltr", "ar": "rtl", "ar-EG": "rtl", "he": "rtl", "fa": "rtl", "ur-PK": "rtl", "ckb": "rtl", "ku": "ltr",
		"ku-Arab": "rtl", "az-Arab-IR": "rtl", "ar-Latn": "ltr", "pa-Guru": "ltr", "en-x-arab": "ltr", "zh-Hant": "ltr", "": "ltr", "de-1901": "ltr",
	} {
		if got := direction(tag); got != want {
			t.Errorf("%q: %s, want %s", tag, got, want)
		}
	}
}

func TestURLs(t *testing.T) {
	for in, want := range map[string]string{
		"https://example.org/a?b#c": "https://example.org/a?b#c", "http://example.org": "http://example.org",
		"HTTPS://example.org/": "", "javascript:alert(1)": "", "//example.org": "", "x": "", "": "",
		"https://a@example.org/": "", "https://": "", "https:///x": "", "ftp://example.org/": "", "urn:uuid:1": "", " https://example.org": "",
		"https://exa\nmple.org/": "", "https://example.org/%zz": "", "https://example.org/" + strings.Repeat("a", 3000): "https://example.org/" + strings.Repeat("a", 3000),
	} {
		if got := webURL(in); got != want {
			t.Errorf("webURL(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"a@example.org": "mailto:a@example.org", "a": "", "@": "", "a@b@c": "", "a@example.org?subject=x": "", "a b@example.org": "", "javascript:a@b": "",
	} {
		if got := mailURL(in); got != want {
			t.Errorf("mailURL(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"../about/": "../about/", "../achievements/x/": "../achievements/x/", "../awards/1/": "../../awards/1/", "../issuer.json": "../../issuer.json",
		"../achievements/x/achievement.json#a": "../../achievements/x/achievement.json#a", "#part": "#part", "../verify/#a.b": "../verify/#a.b", "../": "../",
	} {
		if got := belowRoot(in); got != want {
			t.Errorf("belowRoot(%q) = %q, want %q", in, got, want)
		}
	}
	if got := absoluteURL("https://example.org/awards/1/", "badge.png"); got != "https://example.org/awards/1/badge.png" {
		t.Error(got)
	}
	if got := absoluteURL("", "badge.png"); got != "" {
		t.Error(got)
	}
	if got := telURL("+44 (0)20 7946-0000"); got != "+4402079460000" {
		t.Error(got)
	}
	for in, want := range map[string]string{"welding": "W", "“quoted”": "Q", "学": "学", "": "", "!": "!"} {
		if got := initial(in); got != want {
			t.Errorf("initial(%q) = %q", in, got)
		}
	}
}
