package content

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"laurel/internal/docs"
)

// classes are those whose fields the chapter "fields" tells.
var classes = []*class{
	achievementClass, addressClass, alignmentClass, associationClass, certificateClass, choiceClass, cohortClass, completionClass, criteriaClass, endorsementClass, endorserClass, endorsersClass, evidenceClass, geoClass, hashedEmailClass, identifierClass, imageClass, issuerClass, pageClass, partnerClass, profileClass, programClass, receivedClass, recipientClass, relatedClass, resultClass, resultDescriptionClass, rubricClass, signClass, signatoryClass, siteClass, statusClass, publishClass, publishGitClass, publishS3Class,
}

// TestManualHasEveryField holds the manual to the vocabulary.
func TestManualHasEveryField(t *testing.T) {
	fields, ok := docs.Lookup("fields")
	if !ok {
		t.Fatal("there is no such chapter")
	}
	for _, c := range classes {
		for _, name := range c.fields {
			if !strings.Contains(fields.Text, "`"+name+"`") && !strings.Contains(fields.Text, "`"+name+": true`") {
				t.Errorf("%s: %s is not in internal/docs/content/pages/fields.md", c.name, name)
			}
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	defined := 0
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		defined += len(regexp.MustCompile(`(?m)^\s*\w+Class\s*=`).FindAll(b, -1))
	}
	// Those of themes are in the chapter about themes.
	if want := len(classes) + len([]*class{themeClass, themeFileClass, fontsClass}); defined != want {
		t.Errorf("there are %d classes, %d are known here", defined, want)
	}
}
