package build

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/publishing/privacy"
	"laurel/internal/publishing/publish"
	"laurel/internal/publishing/site"
)

// TestCapsulesAreReadOnce builds many awards with three capsules each, whose
// names lie between those of others, and counts how often the ledger is asked.
func TestCapsulesAreReadOnce(t *testing.T) {
	const awards, capsules = 50, 3
	plan := &site.Layout{}
	records := make([]*ledger.Record, awards)
	for r := range records {
		records[r] = &ledger.Record{Credential: fmt.Sprint("urn:uuid:", r)}
	}
	for c := range capsules {
		for r, rec := range records {
			plan.Outputs = append(plan.Outputs, site.Output{Path: model.CapsulePath(fmt.Sprintf("%02d%030d", c, r)),
				Kind: site.Capsule, Record: rec, Capsule: c})
		}
	}
	files := make([]publish.File, len(plan.Outputs))
	for i, o := range plan.Outputs {
		files[i] = publish.File{Path: o.Path}
	}
	dir := t.TempDir()
	target, err := publish.Open(dir, files)
	if err != nil {
		t.Fatal(err)
	}
	defer target.Close()
	var reads atomic.Int32
	b := &builder{plan: plan, target: target, gate: privacy.NewGate(dir, nil), sealed: func(rec *ledger.Record) ([]ledger.SealedCapsule, error) {
		reads.Add(1)
		return []ledger.SealedCapsule{{JWE: rec.Credential + " 0"}, {JWE: rec.Credential + " 1"}, {JWE: rec.Credential + " 2"}}, nil
	}}
	if err := b.outputs(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := target.Commit(); err != nil {
		t.Fatal(err)
	}
	if n := reads.Load(); n != awards {
		t.Errorf("%d awards were read %d times", awards, n)
	}
	for _, o := range plan.Outputs {
		data, err := os.ReadFile(filepath.Join(dir, "public", o.Path))
		if want := fmt.Sprint(o.Record.Credential, " ", o.Capsule); err != nil || !bytes.Equal(data, []byte(want)) {
			t.Fatalf("%s is %q, want %q: %v", o.Path, data, want, err)
		}
	}
}
