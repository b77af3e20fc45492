package build

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/capsule"
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
	sealed := func(rec *ledger.Record, i int) ledger.SealedCapsule {
		document := jsontext.Value(fmt.Sprintf(`"%s %d"`, rec.Credential, i))
		packed, err := capsule.Pack(capsule.Contents{Version: capsule.Version, Credentials: []capsule.Credential{
			{Variant: "full", Documents: []capsule.Document{{Format: "f", MediaType: "m", Document: document}}}}})
		if err != nil {
			t.Error(err)
		}
		return ledger.SealedCapsule{Capsule: ledger.Capsule{Key: strings.Repeat("A", 43)}, Packed: packed}
	}
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
	target, err := publish.Open(dir, files, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer target.Close()
	var reads atomic.Int32
	b := &builder{plan: plan, target: target, gate: privacy.NewGate(dir, nil, nil), sealed: func(rec *ledger.Record) ([]ledger.SealedCapsule, error) {
		reads.Add(1)
		return []ledger.SealedCapsule{sealed(rec, 0), sealed(rec, 1), sealed(rec, 2)}, nil
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
		if err != nil {
			t.Fatal(err)
		}
		holds, err := capsule.Open(string(data), sealed(o.Record, o.Capsule).Key)
		if want := fmt.Sprintf(`"%s %d"`, o.Record.Credential, o.Capsule); err != nil || string(holds.Credentials[0].Documents[0].Document) != want {
			t.Fatalf("%s holds %+v, want %s: %v", o.Path, holds, want, err)
		}
	}
}
