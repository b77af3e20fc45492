package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// catalogueOf writes a site folder with n made-up achievements and no awards.
func catalogueOf(t *testing.T, dir string, n int) {
	t.Helper()
	write := func(name, text string) {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("content/site.yaml", `baseURL: https://hall.example.org/hall
languages: [en]
issuer:
  name: Example Hall
  url: https://hall.example.org
  email: office@hall.example.org
  description: An evening school that does not exist, and teaches whatever a catalogue of many lines needs.
`)
	works := strings.Fields("welding joinery glazing plastering roofing tiling weaving dyeing baking brewing grafting beekeeping bookkeeping budgeting drafting surveying soldering sharpening turning carving casting forging milling printing binding mending")
	places := strings.Fields("bench yard kitchen office garden boat barn studio shop hall")
	types := []string{"Badge", "Badge", "Course", "Certificate", "MicroCredential", "Diploma"}
	for i := range n {
		work, place, level := works[i%len(works)], places[i/len(works)%len(places)], 1+i/(len(works)*len(places))
		name, language, verb := fmt.Sprintf("%s for the %s, step %d", strings.ToUpper(work[:1])+work[1:], place, level), "en", "use"
		if i%10 == 9 {
			name, language, verb = fmt.Sprintf("Abschluss %s für %s, Stufe %d", work, place, level), "de", "nutzen"
		}
		write(fmt.Sprintf("content/achievements/a%04d.yaml", i), strings.NewReplacer("NAME", name, "WORK", work, "PLACE", place, "TYPE", types[i%len(types)],
			"LANGUAGE", language, "VERB", verb, "TOPIC", fmt.Sprint(i%7), "EQF", fmt.Sprint(2+i%4)).Replace(`name: NAME
description: Shows a working knowledge of WORK at the PLACE, plans the work, carries it out safely and explains it.
achievementType: TYPE
inLanguage: LANGUAGE
fieldOfStudy: WORK
tag: [PLACE, topic-TOPIC]
criteria: {narrative: Shows it three times.}
alignment:
  - {targetName: VERB tools for WORK, targetUrl: "https://skills.example.org/WORK", targetFramework: Example Skills}
  - {targetName: work in the PLACE, targetUrl: "https://skills.example.org/in/PLACE", targetFramework: Example Skills}
  - {targetName: Level EQF, targetUrl: "https://levels.example.org/EQF", targetType: "ext:ExampleLevel", targetFramework: Example Levels}
`))
	}
}

func TestCatalogueTemp(t *testing.T) {
	dir := os.Getenv("GEN")
	if dir == "" {
		t.Skip()
	}
	catalogueOf(t, dir, 500)
}
