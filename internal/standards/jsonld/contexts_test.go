package jsonld_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/rdfc"
	"laurel/internal/testing/vectors"
)

// TestBundledContexts: the files are the ones whose digests are pinned, and
// every file is used. The digest of credentials/v2 is printed in VCDM 2.0, B.1.
func TestBundledContexts(t *testing.T) {
	files, sums := jsonld.Bundled()
	for i, file := range files {
		data, err := os.ReadFile("contexts/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != sums[i] {
			t.Errorf("%s: %x", file, sum)
		}
	}
	entries, err := os.ReadDir("contexts")
	slices.Sort(files)
	urls := jsonld.Contexts()
	if !slices.IsSorted(urls) || len(urls) != len(files)-1 {
		t.Errorf("got %d urls: %v", len(urls), urls)
	}
	if files = slices.Compact(files); err != nil || len(entries) != len(files) {
		t.Errorf("%d files, %d in the table, %v", len(entries), len(files), err)
	}
	for _, url := range urls {
		if strings.Contains(url, "examples") || strings.Contains(url, "citizenship") {
			t.Errorf("%s is for tests only", url)
		}
	}
}

// TestEveryContextAlone: each bundled context can be applied, and brings none
// of the features that the walk leaves out (containers other than @set, @list
// and @graph are refused where they are met).
func TestEveryContextAlone(t *testing.T) {
	v := bundled(t)
	for _, url := range jsonld.Contexts() {
		err := v.Check(map[string]any{"@context": url, "nonsense": "x"}, nil)
		if url == "https://www.w3.org/ns/credentials/undefined-terms/v2" {
			wantCode(t, err, "") // it defines every word
			continue
		}
		wantCode(t, err, "term-undefined")
	}
	files, _ := jsonld.Bundled()
	for _, file := range files {
		data, err := os.ReadFile("contexts/" + file)
		if err != nil {
			t.Fatal(err)
		}
		for _, feature := range []string{`"@import"`, `"@base"`, `"@propagate"`, `"@reverse"`, `"@nest"`, `"@index"`, `"@included"`, `"@language"`, `"@direction"`, `"@vocab":`} {
			known := file == "dcc-v1.json" && feature == `"@reverse"` || file == "credentials-undefined-terms-v2.jsonld" && feature == `"@vocab":`
			if strings.Contains(string(data), feature) != known {
				t.Errorf("%s uses %s, or does not as it did", file, feature)
			}
		}
	}
}

// TestConcurrentUse runs different documents through one processor at once;
// the race detector does the rest.
func TestConcurrentUse(t *testing.T) {
	v := vocabulary(t)
	all := documents(t)
	want := make(map[string]string)
	for name, doc := range all {
		canonical, err := vocabulary(t).Canonical(doc, rdfc.Options{})
		want[name] = fmt.Sprint(string(canonical), err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for name, doc := range all {
				canonical, err := v.Canonical(doc, rdfc.Options{})
				if got := fmt.Sprint(string(canonical), err); got != want[name] {
					t.Errorf("%s: got %s, want %s", name, got, want[name])
				}
			}
		})
	}
	wg.Wait()
}

// TestMemoIsBounded: documents that combine types in ever new ways neither grow
// the memo nor take long, and leave results as they were.
func TestMemoIsBounded(t *testing.T) {
	v := bundled(t)
	types := []string{"Achievement", "AchievementSubject", "Address", "Alignment", "EndorsementSubject", "Evidence", "GeoCoordinates", "JsonSchema", "IdentityObject", "Image", "ResultDescription", "Related"}
	welding := parse(t, vectors.Read("documents/welding.json"))
	before, err := v.Canonical(welding, rdfc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	refused, largest := 0, int64(0)
	for round := range 8 {
		var nodes []any
		for combination := range 100 {
			nodes = append(nodes, map[string]any{"type": combined(types, round*100+combination+1)})
		}
		doc := map[string]any{"@context": welding["@context"], "type": "VerifiableCredential", "credentialSubject": nodes}
		if err := v.Check(doc, nil); err != nil {
			wantCode(t, err, "canonicalization-budget")
			refused++
		}
		largest = max(largest, v.MemoSize())
		if n := v.MemoSize(); n > jsonld.MaxScopes+jsonld.MaxNewScopes {
			t.Fatalf("%d contexts are kept", n)
		}
	}
	var many []any
	for i := range jsonld.MaxNewScopes + 100 {
		many = append(many, map[string]any{"type": combined(types, i+1)})
	}
	err = bundled(t).Check(map[string]any{"@context": welding["@context"], "type": "VerifiableCredential", "credentialSubject": many}, nil)
	wantCode(t, err, "canonicalization-budget")
	t.Logf("at most %d contexts were kept, %d documents refused", largest, refused)
	if largest < jsonld.MaxScopes/2 {
		t.Error("the documents hardly fill the memo, so this says little")
	}
	after, err := v.Canonical(welding, rdfc.Options{})
	if err != nil || string(after) != string(before) {
		t.Errorf("the result changed: %v", err)
	}
}

// combined are the types whose bit in n is set.
func combined(types []string, n int) (some []any) {
	for i, name := range types {
		if n>>i&1 == 1 {
			some = append(some, name)
		}
	}
	return some
}
