package content_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestTranslations: achievements that are linked by language get links to each other,
// whoever wrote them, and no language has two.
func TestTranslations(t *testing.T) {
	site := academy()
	for _, a := range [][2]string{{"data", ""}, {"daten", "de data en"}, {"datos", "es daten de"}, {"second", "en "}} {
		language, link, _ := strings.Cut(a[1], " ")
		text := fmt.Sprintf("name: %s\ndescription: D\ncriteria: {narrative: N}\nversion: \"2\"\ninLanguage: %s\n", a[0], language)
		if link != "" {
			slug, in, _ := strings.Cut(link, " ")
			text += fmt.Sprintf("related: [{id: %s, inLanguage: %s}]\n", slug, in)
		}
		site["content/achievements/"+a[0]+".yaml"] = strings.Replace(text, "inLanguage: \n", "inLanguage: en\n", 1)
	}
	good, err := site.load(t)
	if err != nil {
		t.Fatal(err)
	}
	for slug, want := range map[string]string{
		"data": "daten de 2, datos es 2", "daten": "data en , datos es 2", "datos": "daten de , data en 2", "second": "", "safety": "welding en-US 1.10",
	} {
		var got []string
		for _, r := range good.Achievement(slug).Related {
			got = append(got, r.ID+" "+r.InLanguage+" "+r.Version)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: %s, want %s", slug, got, want)
		}
	}
	site["content/achievements/second.yaml"] += "related: [{id: datos, inLanguage: es}]\n"
	list := site.problems(t)
	if len(list) != 1 || list[0].File != "content/achievements/second.yaml" || list[0].Line != 6 || list[0].Field != "related[0].inLanguage" ||
		!strings.Contains(list[0].Text, "both are in the language en") {
		t.Errorf("two in one language: %v", list)
	}
}
