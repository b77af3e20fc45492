package sign_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	crand "crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/capsule"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/issuing/sign"
	"laurel/internal/standards/did"
	"laurel/internal/standards/verify"
)

// forms are those that every variant of an award has; the others have tests of their
// own.
var forms = []string{model.MainForm, "vc-jwt", "vc+jwt", "ecdsa-rdfc-2019"}

// everyForm is a site all of whose awards are signed in these forms, for learners
// with and without a DID, handed out by link and in variants.
func everyForm() *model.Site {
	s := linked(2, choice...)
	s.Sign.Formats = forms
	until := noon.AddDate(2, 0, 0)
	s.Cohorts[0].Awards[0].ValidUntil, s.Cohorts[0].Awards[0].Recipient.ID = until, "did:web:ana.example.org"
	return s
}

// ring are the private keys of a desk, by kid.
type ring map[string]crypto.Signer

func newRing(t *testing.T, d *desk, curve elliptic.Curve) ring {
	t.Helper()
	ec, err := ecdsa.GenerateKey(curve, crand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return ring{"key-2026-1": d.key, "key-2026-2": ec}
}

func (r ring) plan(t *testing.T, d *desk, s *model.Site, reissue ...string) *plan.Plan {
	t.Helper()
	var public []plan.PublicKey
	for _, kid := range slices.Sorted(maps.Keys(r)) {
		text, err := did.EncodeKey(r[kid].Public())
		if err != nil {
			t.Fatal(err)
		}
		public = append(public, plan.PublicKey{Kid: kid, PublicKeyMultibase: text, Created: noon.AddDate(0, -1, 0)})
	}
	p, err := plan.Make(plan.Input{Site: s, State: d.State(), Keys: public, Now: d.now, Rand: chance(byte(d.State().Len())), List: d.list,
		Document: d.MainDocument, Reissue: again(reissue)})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestEveryForm: a credential in every form has one id and one place in the status
// list, all of them verify, and each header and payload is as its standard asks.
func TestEveryForm(t *testing.T) {
	short, err := rsa.GenerateKey(crand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		curve  elliptic.Curve
		rsa    bool
		algs   map[string]string
		signed map[string]string
	}{
		{"P-256", elliptic.P256(), false, map[string]string{"vc-jwt": "ES256", "vc+jwt": "ES256"}, map[string]string{"vc-jwt": "jwk-key-2026-2", "vc+jwt": "jwk-key-2026-2"}},
		{"P-384 and RSA", elliptic.P384(), true, map[string]string{"vc-jwt": "RS256", "vc+jwt": "ES384"}, map[string]string{"vc-jwt": "jwk-key-2026-3", "vc+jwt": "jwk-key-2026-2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			keys := newRing(t, d, c.curve)
			if c.rsa {
				keys["key-2026-3"] = short
			}
			s := everyForm()
			p := keys.plan(t, d, s)
			o := d.options(t)
			o.Keys, o.Seed = keys, 7
			if err := sign.Run(t.Context(), p, o, func(events []ledger.Event) error { return d.Append(p.Now, events) }); err != nil {
				t.Fatal(err)
			}
			docs := &verify.Documents{}
			document, err := did.WebDocument(p.DID, p.Published).Encode()
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range append(d.options(t).Lists, document) {
				if err := docs.Add("", b); err != nil {
					t.Fatal(err)
				}
			}
			v := verify.New(o.Processor, o.Checker, verify.Options{Now: d.now, Load: docs.Load})
			for rec := range d.State().Records() {
				documents, err := d.Documents(rec)
				if err != nil {
					t.Fatal(err)
				}
				if want := len(forms) * 3; len(documents) != want {
					t.Fatalf("%d documents of %s, want %d", len(documents), rec.Award, want)
				}
				if !slices.Equal(rec.Formats, forms) {
					t.Errorf("the ledger says %s was signed as %s", rec.Award, rec.Formats)
				}
				entries := rec.Entries()
				for i, one := range documents {
					form, _ := model.FormOf(forms[i%len(forms)])
					if one.Format != form.Name || one.MediaType != form.MediaType {
						t.Errorf("document %d is %s, %s; want %s", i, one.Format, one.MediaType, form.Name)
					}
					text, err := ledger.Bytes(one.Document)
					if err != nil {
						t.Fatal(err)
					}
					if report := v.Credential(t.Context(), text); report.Verdict != verify.Valid || report.Summary.ID != entries[i/len(forms)].Credential {
						t.Errorf("%s of %s is %s: %+v", form.Name, rec.Award, report.Verdict, report.Checks)
					}
					if c.algs[form.Name] != "" {
						checkJOSE(t, form.Name, string(text), documents[i/len(forms)*len(forms)].Document, c.algs[form.Name], p.DID+"#"+c.signed[form.Name])
					}
				}
			}
			if again := keys.plan(t, d, s); !again.Empty() || len(again.Changed) > 0 {
				t.Errorf("left: %d awards, changed %+v", len(again.Issue), again.Changed)
			}
		})
	}
}

// checkJOSE compares header and payload with the main form of the same credential.
func checkJOSE(t *testing.T, form, compact string, main []byte, alg, kid string) {
	t.Helper()
	part := strings.Split(compact, ".")
	var decoded [2][]byte
	for i := range decoded {
		var err error
		if decoded[i], err = base64.RawURLEncoding.DecodeString(part[i]); err != nil {
			t.Fatal(err)
		}
	}
	want := `{"alg":"` + alg + `","kid":"` + kid + `","typ":"JWT"}`
	if form == "vc+jwt" {
		want = `{"alg":"` + alg + `","kid":"` + kid + `","typ":"vc+jwt","cty":"vc"}`
	}
	if string(decoded[0]) != want {
		t.Errorf("the header of %s is %s, want %s", form, decoded[0], want)
	}
	unsecured, _, _ := bytes.Cut(main, []byte(`,"proof":[`))
	if form == "vc+jwt" {
		if string(decoded[1]) != string(unsecured)+"}" {
			t.Errorf("the payload of vc+jwt is not the credential:\n%s\n%s", decoded[1], unsecured)
		}
		return
	}
	var c map[string]any
	if err := json.Unmarshal(decoded[1], &c); err != nil {
		t.Fatal(err)
	}
	idOf := func(member string) any { return c[member].(map[string]any)["id"] }
	claims := map[string]any{"iss": idOf("issuer"), "jti": c["id"], "nbf": float64(noon.Unix()), "sub": idOf("credentialSubject")}
	if c["validUntil"] != nil {
		claims["exp"] = float64(noon.AddDate(2, 0, 0).Unix())
	}
	for name, value := range claims {
		if c[name] != value || value == "" {
			t.Errorf("claim %s is %v, want %v", name, c[name], value)
		}
	}
	if !bytes.HasPrefix(decoded[1], unsecured) || strings.Contains(string(decoded[1]), `"vc":`) || (c["exp"] != nil) != (c["validUntil"] != nil) {
		t.Errorf("the payload of vc-jwt is not the credential and its claims:\n%s", decoded[1])
	}
}

// TestFormsInTheCapsule: a learner has every form of each credential, the main one
// first.
func TestFormsInTheCapsule(t *testing.T) {
	d := newDesk(t)
	keys := newRing(t, d, elliptic.P256())
	p := keys.plan(t, d, everyForm())
	o := d.options(t)
	o.Keys = keys
	if err := sign.Run(t.Context(), p, o, func(events []ledger.Event) error { return d.Append(p.Now, events) }); err != nil {
		t.Fatal(err)
	}
	for rec := range d.State().Records() {
		sealed, err := d.Sealed(rec)
		if err != nil {
			t.Fatal(err)
		}
		contents, err := capsule.Unpack(sealed[0].Packed)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range contents.Credentials {
			if !slices.Equal(c.Formats(), forms) {
				t.Errorf("%s of %s is there as %s", c.Variant, rec.Award, c.Formats())
			}
		}
	}
}

// TestKeysOfForms: the key of each form has to be there, and be the one that is
// published.
func TestKeysOfForms(t *testing.T) {
	d := newDesk(t)
	keys := newRing(t, d, elliptic.P256())
	other := newRing(t, d, elliptic.P256())
	for name, given := range map[string]ring{"missing": {"key-2026-1": d.key}, "another": other} {
		o := d.options(t)
		o.Keys = given
		var wrong *plan.KeyError
		if err := refuse(t, keys.plan(t, d, everyForm()), o); !errors.As(err, &wrong) || wrong.Kid != "key-2026-2" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
