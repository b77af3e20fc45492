package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"laurel/internal/issuing/ledger"
	"laurel/internal/publishing/privacy"
	"laurel/internal/publishing/site"
)

// TestNothingPassesBy has every kind of file whose bytes come from elsewhere hold
// a claim link: none is published.
func TestNothingPassesBy(t *testing.T) {
	link := strings.Repeat("0a", 16) + "." + strings.Repeat("k", 43)
	rec := &ledger.Record{Credential: "urn:uuid:1"}
	for _, o := range []site.Output{
		{Kind: site.Data, Bytes: []byte(link)},
		{Kind: site.Asset, Bytes: []byte(link)},
		{Kind: site.Static, Bytes: []byte(link)},
		{Kind: site.Credential, Record: rec},
	} {
		t.Run(string(o.Kind), func(t *testing.T) {
			dir := t.TempDir()
			o.Path = "folder/file"
			b := &builder{plan: &site.Layout{Outputs: []site.Output{o}}, gate: privacy.NewGate(dir, nil, nil),
				documents: func(*ledger.Record) ([]ledger.Document, error) {
					return []ledger.Document{{Document: []byte(link)}}, nil
				}}
			err := b.passCopies()
			if err == nil {
				_, err = b.run(t.Context(), dir)
			}
			if err == nil || !strings.Contains(err.Error(), "a claim link") || strings.Contains(err.Error(), link) {
				t.Errorf("error is %v", err)
			}
			if _, err := os.Stat(filepath.Join(dir, "public/folder")); err == nil {
				t.Error("something was published")
			}
		})
	}
}
