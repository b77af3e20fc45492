package jsonld_test

import (
	"maps"
	"slices"
	"testing"

	"laurel/internal/standards/jsonld"
	"laurel/internal/testing/vectors"
)

// bundled verifies with the bundled contexts alone.
func bundled(t testing.TB) *jsonld.Vocabulary {
	t.Helper()
	v, _, err := jsonld.Vocabularies(nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// vocabulary knows the contexts of the W3C vectors too.
func vocabulary(t testing.TB) *jsonld.Vocabulary {
	t.Helper()
	v, _, err := jsonld.Vocabularies(vectors.Contexts())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func parse(t testing.TB, data []byte) map[string]any {
	t.Helper()
	doc, err := jsonld.ParseObject(data)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func wantCode(t *testing.T, err error, want string) {
	t.Helper()
	if jsonld.CodeOf(err) != want {
		t.Errorf("got %v, want code %q", err, want)
	}
}

func equal(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\ngot  %s\nwant %s", what, got, want)
	}
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
