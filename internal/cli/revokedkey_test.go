package cli

import (
	"strings"
	"testing"
	"time"

	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
)

// A record's key is looked for only where a revocation came after it.
func TestRevokedKey(t *testing.T) {
	day := time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
	read := 0
	document := func(r *ledger.Record) ([]byte, error) {
		read++
		return []byte(r.Content), nil
	}
	by := func(kid string) string {
		return `{"id":"x","proof":[{"verificationMethod":"did:web:example.org#` + kid + `"}]}`
	}
	known := []ledger.KeyState{{Kid: "old", Revoked: day, RevokedSeq: 10}, {Kid: "retired", Retired: day}, {Kid: "new"}}
	for name, c := range map[string]struct {
		known  []ledger.KeyState
		keys   []plan.Key
		seq    int64
		doc    string
		want   string
		opened int
	}{
		"revoked":    {known, nil, 5, by("old"), "old", 1},
		"other":      {known, nil, 5, by("retired"), "", 1},
		"later":      {known, nil, 11, by("new"), "", 0},
		"none":       {known[1:], nil, 5, by("new"), "", 0},
		"not_signed": {known, []plan.Key{{Kid: "new", Revoked: day}}, 11, by("new"), "new", 1},
		"same":       {known, []plan.Key{{Kid: "old", Revoked: day}}, 11, by("new"), "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			read = 0
			kid, err := revokedKeyOf(document, c.known, c.keys)(&ledger.Record{Seq: c.seq, Content: c.doc})
			if err != nil || kid != c.want || read != c.opened {
				t.Errorf("key %q, %v, %d documents read; want %q, %d", kid, err, read, c.want, c.opened)
			}
		})
	}
	_, err := revokedKeyOf(document, known, nil)(&ledger.Record{Seq: 1, Credential: "urn:uuid:1", Content: `{"name":"Ana`})
	if err == nil || strings.Contains(err.Error(), "Ana") {
		t.Errorf("what is no credential: %v", err)
	}
}
