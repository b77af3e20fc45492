package conform_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"laurel/internal/standards/conform"
)

func checker(t testing.TB) *conform.Checker {
	t.Helper()
	c, err := conform.New()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestSchemaDigests pins the bundled files: their licence does not grant
// changes, and a verdict must not move with an update nobody saw.
func TestSchemaDigests(t *testing.T) {
	want := map[string]string{
		"clr_v2p0_clrcredential_schema.json":                "59d778659204b0bd593e9e2ab1683fb6f688e339885c44019f606ed6feb4caee",
		"ob_v3p0_achievementcredential_schema.2024-09.json": "859e405b592d93c3261fe899362f4128801140d4d20c01502a066b3540483d95",
		"ob_v3p0_achievementcredential_schema.json":         "b7358e895f492e74055dc6bfc7ffc420d0e497f90c4579fb83d9519b86d393ea",
		"ob_v3p0_endorsementcredential_schema.json":         "786b1190ea97e7e339d8057f02414603c0e2b8b1cbe46fd72165c73f39a256c6",
		"ob_v3p0_profile_schema.json":                       "6b268f2caa591bf657e2a290e195713c41dc2db4e1c797723cfd00a1a83f8f13",
	}
	files, err := os.ReadDir("schemas")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile("schemas/" + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		if file.Name() != "NOTICE" && hex.EncodeToString(sum[:]) != want[file.Name()] {
			t.Errorf("%s is %x", file.Name(), sum)
		}
	}
	if len(files) != len(want)+1 {
		t.Errorf("%d files, want %d and the notice", len(files), len(want))
	}
}

func TestSchemasOfVectors(t *testing.T) {
	c := checker(t)
	for file, want := range map[string]string{
		"good.json":                                   "",
		"1edtech-ob30/simple.json":                    "",
		"1edtech-ob30/simple-err-expired.json":        "",
		"1edtech-ob30/endorsement-valid.json":         "",
		"1edtech-ob30/simple-err-type.json":           "", // a type without a schema
		"1edtech-ob30/bit-string-list--testlist.json": "",
		"1edtech-ob30/simple-did-web-method.json":     "/proof schema-2024-09",
		"1edtech-ob30/simple-err-credential-subject-type.json": "/credentialSubject/type/0 schema; " +
			"/credentialSubject/type/0 schema-2024-09; /proof schema-2024-09",
		"1edtech-ob30/simple-err-issuer-type.json": "/issuer/type/0 schema; /issuer/type/0 schema-2024-09; /proof schema-2024-09",
		// The later form takes any type that is a string: Structure refuses it.
		"1edtech-ob30/simple-err-evidence-type.json": "/evidence/0/type schema-2024-09; /evidence/1/type schema-2024-09; /proof schema-2024-09",
		"dcc-verifier-core/v2SimpleIssuerId.json":    "/proof schema-2024-09",
	} {
		if got := places(c.Schemas(read(t, file))); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s\n%v", file, got, want, c.Schemas(read(t, file)))
		}
	}
}

func places(list []conform.Finding) string {
	var text []string
	for _, f := range list {
		text = append(text, f.Pointer+" "+f.Code)
	}
	return strings.Join(text, "; ")
}

// TestSchemasOfPublishedDocuments covers issuer.json and achievement.json.
func TestSchemasOfPublishedDocuments(t *testing.T) {
	c := checker(t)
	issuer := at(read(t, "good.json"), "issuer").(map[string]any)
	achievement := at(read(t, "good.json"), "credentialSubject", "achievement").(map[string]any)
	for _, doc := range []map[string]any{issuer, achievement} {
		doc["@context"] = []any{"https://www.w3.org/ns/credentials/v2"}
		if found := c.Schemas(doc); len(found) > 0 {
			t.Errorf("%v: %v", doc["type"], found)
		}
		id := doc["id"]
		delete(doc, "id")
		if got := places(c.Schemas(doc)); got != " schema;  schema-2024-09" {
			t.Errorf("%v without id: %s", doc["type"], got)
		}
		doc["id"] = id
	}
}

// TestSchemaFormats: 2019-09 leaves them to the implementation, this one
// asserts them.
func TestSchemaFormats(t *testing.T) {
	doc := read(t, "good.json")
	doc["awardedDate"] = "2026-05-30"
	if got := places(checker(t).Schemas(doc)); got != "/awardedDate schema; /awardedDate schema-2024-09" {
		t.Error(got)
	}
}

func TestSchemasTellNobodysName(t *testing.T) {
	c := checker(t)
	doc := read(t, "good.json")
	identifier := at(doc, "credentialSubject", "identifier", 0).(map[string]any)
	identifier["identityHash"] = []any{"Secret Person"}
	identifier["identityType"] = "Secret Person"
	issuer := doc["issuer"].(map[string]any)
	issuer["dateOfBirth"] = "Secret Person"
	found := c.Schemas(doc)
	if len(found) < 3 {
		t.Errorf("found %v", found)
	}
	if s := fmt.Sprint(found); strings.Contains(s, "Secret") {
		t.Error(s)
	}
}

// at follows member names and indexes.
func at(v any, steps ...any) any {
	for _, step := range steps {
		switch step := step.(type) {
		case string:
			v = v.(map[string]any)[step]
		case int:
			v = v.([]any)[step]
		}
	}
	return v
}

// mutate calls try with every change of doc by one value: removed, or another
// one in its place. doc is as before afterwards.
func mutate(doc map[string]any, try func(what string)) {
	replacements := []any{nil, true, "x", "en", 1.5, []any{}, map[string]any{}, map[string]any{"en": "x"}, map[string]any{"id": "urn:x:y"}}
	var walk func(v any, at string)
	walk = func(v any, at string) {
		switch v := v.(type) {
		case map[string]any:
			for name, old := range v {
				delete(v, name)
				try(at + "/" + name + " removed")
				for _, r := range replacements {
					v[name] = r
					try(fmt.Sprintf("%s/%s = %v", at, name, r))
				}
				v[name] = old
				walk(old, at+"/"+name)
			}
		case []any:
			for i, old := range v {
				for _, r := range replacements {
					v[i] = r
					try(fmt.Sprintf("%s/%d = %v", at, i, r))
				}
				v[i] = old
				walk(old, at+"/"+strconv.Itoa(i))
			}
		}
	}
	walk(doc, "")
}

// TestShortWayAgreesWithLongWay is the guarantee of parts: remembered issuers
// and achievements change no verdict.
func TestShortWayAgreesWithLongWay(t *testing.T) {
	c := checker(t)
	doc := read(t, "good.json")
	cases, good := 0, 0
	mutate(doc, func(what string) {
		cases++
		short, long := c.Schemas(doc), c.SchemasLong(doc)
		if places(short) != places(long) {
			t.Errorf("%s: short %v, long %v", what, short, long)
		}
		if len(long) == 0 {
			good++
		}
	})
	t.Logf("%d documents, %d of them valid", cases, good)
	if good == 0 || good == cases {
		t.Error("the mutations show nothing")
	}
	if n := c.Remembered(); n == 0 || n > conform.MaxParts {
		t.Errorf("%d parts are remembered", n)
	}
}

// TestRememberedPartsAreCopies: a caller that changes a document later must not
// change what is known to be good.
func TestRememberedPartsAreCopies(t *testing.T) {
	c := checker(t)
	doc := read(t, "good.json")
	if found := c.Schemas(doc); len(found) > 0 {
		t.Fatal(found)
	}
	achievement := at(doc, "credentialSubject", "achievement").(map[string]any)
	achievement["name"] = 7.0
	at(doc, "issuer", "address").(map[string]any)["type"] = 7.0
	if got, want := places(c.Schemas(doc)), places(c.SchemasLong(doc)); got != want || got == "" {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRememberedPartsAreBounded(t *testing.T) {
	c := checker(t)
	doc := read(t, "good.json")
	for i := range 2 * conform.MaxParts {
		at(doc, "credentialSubject", "achievement").(map[string]any)["id"] = "https://example.org/" + strconv.Itoa(i)
		if found := c.Schemas(doc); len(found) > 0 {
			t.Fatal(found)
		}
		if c.Remembered() > conform.MaxParts {
			t.Fatalf("%d parts", c.Remembered())
		}
	}
	tags := make([]any, 5000)
	for i := range tags {
		tags[i] = "t"
	}
	fresh := checker(t)
	at(doc, "credentialSubject", "achievement").(map[string]any)["tag"] = tags
	if found := fresh.Schemas(doc); len(found) > 0 || fresh.Remembered() != 1 {
		t.Errorf("found %v, %d parts", found, fresh.Remembered())
	}
}

func TestCheckerIsSafeForConcurrentUse(t *testing.T) {
	c := checker(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			doc := read(t, "good.json")
			for j := range 20 {
				at(doc, "credentialSubject", "achievement").(map[string]any)["version"] = strconv.Itoa((i + j) % 3)
				if found := append(c.Schemas(doc), c.Lint(doc)...); len(found) > 0 {
					t.Error(found)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkSchemas(b *testing.B) {
	c, doc := checker(b), read(b, "good.json")
	b.Run("short", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c.Schemas(doc)
		}
	})
	b.Run("long", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c.SchemasLong(doc)
		}
	})
}

func BenchmarkLint(b *testing.B) {
	c, doc := checker(b), read(b, "good.json")
	b.ReportAllocs()
	for b.Loop() {
		c.Lint(doc)
	}
}

func BenchmarkStructure(b *testing.B) {
	doc := read(b, "good.json")
	b.ReportAllocs()
	for b.Loop() {
		conform.Structure(doc)
	}
}
