package verify_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/standards/vc"
	"laurel/internal/standards/verify"
)

// inPDF and inHTML put a credential into a certificate.
func inPDF(credential []byte) []byte {
	return fmt.Appendf(nil, "%%PDF-1.7\n1 0 obj\n<< /Type /EmbeddedFile /Length %d >>\nstream\n%s\nendstream\nendobj\n", len(credential), credential)
}

func inHTML(t testing.TB, credential []byte) []byte {
	t.Helper()
	text, err := json.Marshal(string(credential), jsontext.EscapeForHTML(true))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Appendf(nil, "<!doctype html>\n<p>Ana Example</p><script type=\"application/json\" id=\"file-credential\">%s</script>", text)
}

// TestCarried wants of a credential in a certificate the verdict and summary of
// the credential alone, and a word on what was not checked.
func TestCarried(t *testing.T) {
	w := newWorld(t)
	verifier := w.verifier(now)
	signed := w.sign(credential())
	alone := verifier.Credential(t.Context(), signed)
	for carrier, put := range map[string]func([]byte) []byte{
		"pdf": inPDF, "html": func(c []byte) []byte { return inHTML(t, c) },
	} {
		r := verifier.Credential(t.Context(), put(signed))
		want(t, r, verify.Valid, verify.Structure, "carrier-unchecked")
		row, _ := r.Check(verify.Structure)
		if r.Carrier != carrier || r.Format != verify.FormatVC2 || row.Outcome != verify.Warn || !strings.Contains(row.Text, "was not checked") || row.Hint == "" {
			t.Errorf("%s: carrier %q, format %s, row %+v", carrier, r.Carrier, r.Format, row)
		}
		if fmt.Sprint(r.Summary) != fmt.Sprint(alone.Summary) {
			t.Errorf("%s: summary %+v, alone %+v", carrier, r.Summary, alone.Summary)
		}
		if format, claims := verify.Recognize(put(signed)); !claims {
			t.Errorf("%s: recognised as %s that claims nothing", carrier, format)
		}
		forged := bytes.Replace(signed, []byte("Planing"), []byte("Brewing"), 1)
		want(t, verifier.Credential(t.Context(), put(forged)), verify.Invalid, verify.Proof, "signature-invalid")
		// What is wrong with the document comes before what it came in.
		want(t, verifier.Credential(t.Context(), put([]byte(`{"credentialSubject":{},"a":1,"a":2}`))), verify.Invalid, verify.Structure, "json-duplicate-name")
	}
	for _, text := range []string{"%PDF-1.7\n", "<!doctype html>", "%PDF-1.7\ntrailer <</Encrypt 1 0 R>>"} {
		if _, claims := verify.Recognize([]byte(text)); claims {
			t.Errorf("%q claims to be a credential", text)
		}
	}
}

// TestUnnamed tells a credential that names nobody from one that names somebody
// in whatever way.
func TestUnnamed(t *testing.T) {
	w := newWorld(t)
	name := []any{map[string]any{"type": "IdentityObject", "identityType": "name", "identityHash": "Ana Example", "hashed": false}}
	hash := []any{map[string]any{"type": "IdentityObject", "identityType": "emailAddress", "identityHash": vc.HashIdentity("ana@example.org", "Kosher"), "salt": "Kosher", "hashed": true}}
	const madeUp = "urn:uuid:5f0f1a8c-7c55-4a58-9f0d-2b8f6a0c9d02"
	for _, c := range []struct {
		name       string
		id         string
		identifier []any
		code, id2  string // and the subject's id in the summary
	}{
		{"made-up", madeUp, nil, "subject-unnamed", ""},
		{"made-up-in-capitals", strings.ToUpper(madeUp), nil, "subject-unnamed", ""},
		{"made-up-with-a-name", madeUp, name, "ok", madeUp},
		{"made-up-with-a-hash", madeUp, hash, "ok", madeUp},
		{"did", "did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi", nil, "ok", "did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"},
		{"other-urn", "urn:example:ana", nil, "ok", "urn:example:ana"},
		{"none", "", nil, "subject-unidentified", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := credential()
			subject := doc["credentialSubject"].(map[string]any)
			if subject["id"] = c.id; c.id == "" {
				delete(subject, "id")
			}
			if c.identifier != nil {
				subject["identifier"] = c.identifier
			}
			r := w.verifier(now).Credential(t.Context(), w.sign(doc))
			want(t, r, verify.Valid, verify.Subject, c.code)
			if r.Summary.SubjectID != c.id2 {
				t.Errorf("the summary names %q, want %q", r.Summary.SubjectID, c.id2)
			}
		})
	}
}
