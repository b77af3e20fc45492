package did_test

import (
	"testing"

	"laurel/internal/standards/did"
	"laurel/internal/testing/vectors"
)

// TestHosts holds HostOf to the examples that the scripts of the pages are held to as
// well.
func TestHosts(t *testing.T) {
	for _, example := range vectors.Hosts() {
		h, ok := did.HostOf(example.ID)
		if ok != (example.Host != "") || ok && (h.String() != example.Host || h.LooksLike != example.LooksLike || h.User != example.User) {
			t.Errorf("%q: %+v, %t, want %+v", example.ID, h, ok, example)
		}
	}
}

// No name makes HostOf panic.
func FuzzHostOf(f *testing.F) {
	for _, example := range vectors.Hosts() {
		f.Add(example.ID)
	}
	f.Fuzz(func(t *testing.T, id string) {
		if h, ok := did.HostOf(id); ok && h.Name == "" {
			t.Errorf("%q has an empty host", id)
		}
	})
}
