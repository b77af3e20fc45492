package proof_test

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"laurel/internal/standards/proof"
)

func code(err error) string {
	var e *proof.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func wantCode(t *testing.T, err error, want string) {
	t.Helper()
	if code(err) != want {
		t.Errorf("got %v, want code %q", err, want)
	}
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
