package plan_test

import (
	"encoding/base64"
	"testing"
	"time"

	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
)

func TestRevokedKeys(t *testing.T) {
	w, err := ledger.OpenWriter(t.TempDir(), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	at := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	const key = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
	read := 0
	documents := func(rec *ledger.Record) ([]ledger.Document, error) {
		read++
		return []ledger.Document{{Document: []byte(`{"proof":` + rec.Credential + `}`)}, {Document: []byte(`"` + base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"ES256","kid":"did:web:example.org#jwk-three"}`)) + `.e30.AA"`)}}, nil
	}
	found := func(proof string) string {
		t.Helper()
		kid, err := plan.RevokedKeys(w.State(), documents)(&ledger.Record{Credential: proof})
		if err != nil {
			t.Fatal(err)
		}
		return kid
	}
	one, two := `{"verificationMethod":"did:web:example.org#one"}`, `[{"verificationMethod":"did:web:example.org#two"}]`
	if err := w.Append(at, []ledger.Event{
		{Key: &ledger.KeyEvent{Kid: "one", Action: ledger.ActionAdded, PublicKeyMultibase: key, At: at}},
		{Key: &ledger.KeyEvent{Kid: "two", Action: ledger.ActionAdded, PublicKeyMultibase: key, At: at}},
		{Key: &ledger.KeyEvent{Kid: "three", Action: ledger.ActionAdded, PublicKeyMultibase: key, At: at}}}); err != nil {
		t.Fatal(err)
	}
	if found(one) != "" || read != 0 {
		t.Errorf("read %d documents for no revoked key", read)
	}
	if err := w.Append(at, []ledger.Event{{Key: &ledger.KeyEvent{Kid: "two", Action: ledger.ActionRevoked, PublicKeyMultibase: key, At: at, Reason: "lost"}}}); err != nil {
		t.Fatal(err)
	}
	if got := found(one); got != "" {
		t.Errorf("a key in use is %q", got)
	}
	if got := found(two); got != "two" {
		t.Errorf("the revoked key is %q", got)
	}
	if err := w.Append(at, []ledger.Event{{Key: &ledger.KeyEvent{Kid: "three", Action: ledger.ActionRevoked, At: at}}}); err != nil {
		t.Fatal(err)
	}
	if got := found(one); got != "three" {
		t.Errorf("the revoked key of the JWT is %q", got)
	}
}
