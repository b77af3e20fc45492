package content_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"laurel/internal/authoring/content"
	"laurel/internal/authoring/model"
)

// files is a site folder in memory: text by path.
type files map[string]string

func (f files) with(name, text string) files {
	g := maps.Clone(f)
	g[name] = text
	return g
}

// replace changes the first old in a file to new; old must be there.
func (f files) replace(t testing.TB, name, old, new string) files {
	t.Helper()
	if !strings.Contains(f[name], old) {
		t.Fatalf("%s holds no %q", name, old)
	}
	return f.with(name, strings.Replace(f[name], old, new, 1))
}

func (f files) write(t testing.TB) *os.Root {
	t.Helper()
	dir := t.TempDir()
	for name, text := range f {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

func (f files) load(t testing.TB) (*model.Site, error) {
	t.Helper()
	return content.Load(f.write(t))
}

// problems loads a site that must be wrong.
func (f files) problems(t testing.TB) content.Problems {
	t.Helper()
	site, err := f.load(t)
	return asProblems(t, site, err)
}

// problemsOf is problems for a folder that is there already and in which one
// file changed.
func (f files) problemsOf(t testing.TB, root *os.Root, changed string) content.Problems {
	t.Helper()
	if err := root.WriteFile(changed, []byte(f[changed]), 0o644); err != nil {
		t.Fatal(err)
	}
	site, err := content.Load(root)
	return asProblems(t, site, err)
}

func asProblems(t testing.TB, site *model.Site, err error) content.Problems {
	t.Helper()
	if err == nil {
		t.Fatal("the content was accepted")
	}
	if site != nil {
		t.Error("a site was returned beside the problems")
	}
	p, ok := err.(content.Problems)
	if !ok {
		t.Fatalf("the error is a %T: %v", err, err)
	}
	if len(p) == 0 {
		t.Fatal("no problem in Problems")
	}
	return p
}

func pngImage(width, height int) string {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		panic(err)
	}
	return b.String()
}

func jpegImage() string {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 32, 32)), nil); err != nil {
		panic(err)
	}
	return b.String()
}

const svgImage = `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10">
  <title>A wreath</title>
  <defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/></linearGradient></defs>
  <circle id="dot" cx="5" cy="5" r="4" style="fill:url(#g);stroke:#123"/>
  <use xlink:href="#dot" x="1"/>
</svg>
`

// academy is a site that uses the whole vocabulary.
func academy() files {
	return files{
		"content/site.yaml": `baseURL: https://example.org/academy
languages: [en, de-CH]
theme: {name: default, accent: "#0A7", paper: "#FCFBF7", fonts: {headings: '"Source Serif 4", Georgia'}, certificate: modern, logo: logo.svg}
visibility: private
sign:
  formats: [eddsa-rdfc-2022]
  key: key-2026-1
status:
  validFor: P90D
issuer:
  name: Example Academy
  url: https://example.org/
  phone: "+49 30 123456"
  description: Courses for everyone.
  email: office@example.org
  official: Example Dean
  image: {file: logo.svg, caption: A wreath}
  address:
    addressCountry: Germany
    addressCountryCode: DE
    addressRegion: Berlin
    addressLocality: Berlin
    streetAddress: Example Street 1
    postOfficeBoxNumber: "12"
    postalCode: "10115"
    geo:
      latitude: 52.52
      longitude: 13.405
  otherIdentifier:
    - identifier: "4711"
      identifierType: sisSourcedId
  parentOrg:
    id: https://parent.example.com/
    name: Example Group
`,
		"content/achievements/welding.yaml": `name: Welding
description: |
  Joins metal.

  And keeps all fingers.
achievementType: Certificate
criteria:
  id: https://example.org/criteria
  narrative: |
    Pass the **exam**, see [the rules](https://example.org/rules).

    Questions go to <office@example.org>.
image: badges/welding.png
alignment:
  - targetName: Welding
    targetUrl: http://data.example.com/skill/1
    targetCode: S-1
    targetDescription: To join metal
    targetFramework: Example Skills
    targetType: ceasn:Competency
creator:
  id: did:web:creator.example.com
  name: Example Creator
  familyName: Example
  givenName: Creator
  additionalName: Middle
  patronymicName: Patro
  honorificPrefix: Dr
  honorificSuffix: PhD
  familyNamePrefix: van
  dateOfBirth: 1970-02-28
creditsAvailable: 3.5
fieldOfStudy: Metal
humanCode: W-101
inLanguage: en-US
otherIdentifier:
  - identifier: w1
    identifierType: ext:shop
related:
  - id: safety
    inLanguage: de
    version: 1.10
  - id: https://example.com/other
resultDescription:
  - id: grade
    name: Final grade
    resultType: LetterGrade
    allowedValue: [C, B, A]
    requiredValue: B
  - id: score
    name: Score
    resultType: Percent
    valueMin: 0
    valueMax: 100
  - id: state
    name: State
    resultType: Status
  - id: craft
    name: Craft
    resultType: RubricCriterionLevel
    requiredLevel: journeyman
    rubricCriterionLevel:
      - id: apprentice
        name: Apprentice
        description: Learns
        level: 1
        points: 0.5
      - id: journeyman
        name: Journeyman
        level: 2
        alignment:
          - targetName: Journey
            targetUrl: https://example.com/j
specialization: Arc welding
tag: [metal, fire]
version: 1.10
validFor: P2Y
published: 2026-02-01
variants: [full, no-name, achievement-only]
`,
		"content/achievements/safety.yaml": `name: Safety
description: Knows the rules.
criteria:
  narrative: Pass the test.
image:
  id: photo.jpg
  caption: A helmet
variants: [no-name]
inLanguage: de
`,
		"content/awards/spring-2026.yaml": `name: Spring 2026
achievement: welding
awardedDate: 2026-06-30
visibility: link
roster: spring-2026.csv
activityStartDate: 2026-01-10T09:00:00+01:00
activityEndDate: 2026-06-20
creditsEarned: 3
licenseNumber: L-1
narrative: Did it *well*.
role: Student
term: Spring
source:
  id: https://school.example.com/
  name: Example School
evidence:
  - id: https://example.com/work
    name: Work
    description: A weld
    narrative: See the [photo](https://example.com/photo).
    genre: Photo
    audience: Employers
result:
  - resultDescription: grade
    value: A
recipients:
  - name: Ada Example
    email: ada@example.com
    visibility: public
    result:
      - resultDescription: craft
        achievedLevel: journeyman
      - resultDescription: state
        status: Completed
      - resultDescription: score
        value: 99.5
  - name: Bo Example
    id: did:web:bo.example.com
    validUntil: 2030-01-01T00:00:00Z
  - name: 李 Example
    studentId: s-3
    key: k3
    achievements: [welding, safety]
`,
		"content/awards/spring-2026.csv": "\ufeffname,email,studentId,awardedDate,visibility,creditsEarned,narrative,evidence.id,evidence.name,result.grade,result.state,result.craft\r\n" +
			"Cy Example,cy@example.com,,2026-07-01,public,2.5,\"Said \"\"yes\"\",\r\ntwice\",https://example.com/cy,Cy's work,B,Completed,apprentice\r\n" +
			"=Dee Example,,s-5,,,,,,,,,\r\n" +
			",,,,,,,,,,,\r\n",
		"content/pages/about.md": `---
title: About
language: de-CH
order: 2
hidden: false
---
# About

See [privacy](../privacy/), [us](https://example.org/) and the **team**.
`,
		"content/images/logo.svg":           svgImage,
		"content/images/logo.png":           pngImage(512, 512),
		"content/images/photo.jpg":          jpegImage(),
		"content/images/badges/welding.png": pngImage(64, 64),
		"content/ledger/0001.jsonl":         "not read\n",
	}
}
