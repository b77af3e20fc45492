package proof_test

import (
	"errors"
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
