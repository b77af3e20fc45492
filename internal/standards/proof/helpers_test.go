package proof_test

import (
	"maps"
	"slices"
	"testing"

	"laurel/internal/standards/jsonld"
	"laurel/internal/testing/vectors"
)

func wantCode(t *testing.T, err error, want string) {
	t.Helper()
	if jsonld.CodeOf(err) != want {
		t.Errorf("got %v, want code %q", err, want)
	}
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// with is a small valid credential with more members.
func with(members string) string {
	return `{"@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"], "id": "urn:uuid:6f1b2f0a-5f10-4b86-9a35-0d6a3f2a1c10",
		"type": ["VerifiableCredential", "OpenBadgeCredential"], "issuer": {"id": "did:web:academy.example.org", "type": "Profile", "name": "N"}` + members + `}`
}

// vocabulary verifies with the contexts of processor.
func vocabulary(t testing.TB) *jsonld.Vocabulary {
	t.Helper()
	v, _, err := jsonld.Vocabularies(vectors.Contexts())
	if err != nil {
		t.Fatal(err)
	}
	return v
}
