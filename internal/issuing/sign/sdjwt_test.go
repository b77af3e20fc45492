package sign_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"slices"
	"strings"
	"testing"
	"time"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
	"laurel/internal/issuing/sign"
	"laurel/internal/standards/did"
	"laurel/internal/standards/sdjwt"
	"laurel/internal/standards/verify"
)

// sdDesk is a desk with a P-256 key beside the other.
type sdDesk struct {
	*desk
	ec *ecdsa.PrivateKey
}

func newSDDesk(t *testing.T) *sdDesk {
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), append(make([]byte, 31), 9))
	if err != nil {
		t.Fatal(err)
	}
	return &sdDesk{newDesk(t), key}
}

func (d *sdDesk) keys(t *testing.T) []plan.PublicKey {
	t.Helper()
	multikey, err := did.EncodeMultikey(d.ec.Public())
	if err != nil {
		t.Fatal(err)
	}
	return []plan.PublicKey{publicOf(t, d.key), {Kid: "key-ec", PublicKeyMultibase: multikey, Created: noon.AddDate(0, -1, 0)}}
}

func (d *sdDesk) planWith(t *testing.T, s *model.Site, keys []plan.PublicKey) (*plan.Plan, error) {
	t.Helper()
	return plan.Make(plan.Input{Site: s, State: d.State(), Keys: keys, Now: d.now, Rand: chance(byte(d.State().Len())), List: d.list, Document: d.MainDocument})
}

// signAll carries out what there is to sign, and returns the lists that were signed.
func (d *sdDesk) signAll(t *testing.T, s *model.Site) (lists []*ledger.ListEvent, issued []*ledger.IssueEvent) {
	t.Helper()
	p, err := d.planWith(t, s, d.keys(t))
	if err != nil {
		t.Fatal(err)
	}
	o := d.options(t)
	o.Keys = map[string]crypto.Signer{"key-2026-1": d.key, "key-ec": d.ec}
	tokens, err := d.ListTokens()
	if err != nil {
		t.Fatal(err)
	}
	o.Lists = append(o.Lists, tokens...)
	err = sign.Run(t.Context(), p, o, func(events []ledger.Event) error {
		for _, e := range events {
			if e.List != nil {
				lists = append(lists, e.List)
			}
			if e.Issue != nil {
				issued = append(issued, e.Issue)
			}
		}
		return d.Append(p.Now, events)
	})
	if err != nil {
		t.Fatal(err)
	}
	d.now = d.now.Add(time.Minute)
	return lists, issued
}

// verdict judges a document by what the ledger has.
func (d *sdDesk) verdict(t *testing.T, document []byte) *verify.Report {
	t.Helper()
	o := d.options(t)
	docs := &verify.Documents{}
	var published []did.PublishedKey
	for _, k := range d.keys(t) {
		published = append(published, did.PublishedKey{Kid: k.Kid, PublicKeyMultibase: k.PublicKeyMultibase})
	}
	document2, err := did.WebDocument("did:web:example.org:academy", published).Encode()
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := d.ListTokens()
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range append(append(o.Lists, document2), tokens...) {
		if err := docs.Add("", b); err != nil {
			t.Fatal(err)
		}
	}
	return verify.New(o.Processor, o.Checker, verify.Options{Now: d.now, Load: docs.Load}).Credential(context.Background(), document)
}

// sdJWTOf is the SD-JWT of an issue.
func sdJWTOf(t *testing.T, e *ledger.IssueEvent) string {
	t.Helper()
	i := slices.IndexFunc(e.Documents, func(d ledger.Document) bool { return d.Format == model.SDJWTForm })
	if i < 0 {
		t.Fatal("there is no SD-JWT")
	}
	text, err := ledger.Bytes(e.Documents[i].Document)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Awards are SD-JWTs where the site asks for it, with a status list as they read it,
// which says the same and is signed with the other one from then on.
func TestSDJWT(t *testing.T) {
	d := newSDDesk(t)
	s := academy(3, 0)
	if lists, _ := d.signAll(t, s); len(lists) != 1 || lists[0].Token != "" {
		t.Fatalf("without SD-JWTs, the lists are %+v", lists)
	}
	s = academy(4, 1)
	s.Sign.Formats = append(s.Sign.Formats, model.SDJWTForm)
	s.Cohorts[0].Awards[3].Recipient.ID = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
	s.Cohorts[0].Awards[3].Variants = []model.Variant{model.NoName}
	s.Cohorts[0].Awards[4].Recipient.ID = "did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc" // X25519, which signs nothing
	lists, issued := d.signAll(t, s)
	if len(lists) != 1 || lists[0].Token == "" || len(issued) != 2 {
		t.Fatalf("the lists are %+v, %d awards", lists, len(issued))
	}
	if n := len(issued[0].Documents); n != 3 {
		t.Errorf("an award with a variant has %d documents", n)
	}
	token := sdJWTOf(t, issued[0])
	parsed, err := sdjwt.Parse(token)
	if err != nil {
		t.Fatal(err)
	}
	c := parsed.Claims
	if c["vct"] != "https://example.org/academy/vct/achievements/knots.json" || c["iss"] != "did:web:example.org:academy" || c["jti"] != issued[0].Credential ||
		parsed.JWS.KeyID != "did:web:example.org:academy#jwk-key-ec" || parsed.JWS.Algorithm != "ES256" || parsed.JWS.Type != "dc+sd-jwt" {
		t.Errorf("the claims are %v under %v", c, parsed.JWS.Header)
	}
	if jwk, _ := c["cnf"].(map[string]any)["jwk"].(map[string]any); jwk["crv"] != "Ed25519" || jwk["x"] == nil {
		t.Errorf("cnf is %v", c["cnf"])
	}
	for _, name := range []string{"Learner", "l0003", "emailAddress", "did:key"} {
		if strings.Contains(string(parsed.JWS.Payload), name) {
			t.Errorf("what is always shown has %s in it", name)
		}
	}
	if _, bound := claimsOf(t, sdJWTOf(t, issued[1]))["cnf"]; bound {
		t.Error("a learner with a key of an unknown kind is bound to one")
	}
	if r := d.verdict(t, []byte(token)); r.Verdict != verify.Valid {
		t.Errorf("the verdict is %s: %+v", r.Verdict, r.Checks)
	}

	// A decision is in both lists, and nothing else is left to sign.
	r := d.State().ByCredential(issued[0].Credential)
	if err := d.Append(d.now, []ledger.Event{{Status: &ledger.StatusEvent{Award: r.Award, Credential: r.Credential, Action: ledger.ActionRevoke, Date: d.now}}}); err != nil {
		t.Fatal(err)
	}
	if lists, _ := d.signAll(t, s); len(lists) != 1 || lists[0].Token == "" {
		t.Fatalf("after a revocation, the lists are %+v", lists)
	}
	for credential, verdict := range map[string]verify.Verdict{token: verify.Invalid, sdJWTOf(t, issued[1]): verify.Valid} {
		if r := d.verdict(t, []byte(credential)); r.Verdict != verdict {
			t.Errorf("the verdict is %s: %+v", r.Verdict, r.Checks)
		}
	}
	if p, err := d.planWith(t, s, d.keys(t)); err != nil || !p.Empty() {
		t.Errorf("left: %+v, %v", p, err)
	}

	// Whoever has one goes on to ask for the token, whatever is signed today.
	if err := d.Append(d.now, []ledger.Event{{Status: &ledger.StatusEvent{Award: d.State().Record("spring/knots/l0000").Award, Credential: d.State().Record("spring/knots/l0000").Credential, Action: ledger.ActionSuspend, Date: d.now}}}); err != nil {
		t.Fatal(err)
	}
	s.Sign.Formats = s.Sign.Formats[:1]
	if _, err := d.planWith(t, s, d.keys(t)[:1]); err == nil || !strings.Contains(err.Error(), "as SD-JWTs read them") {
		t.Errorf("without a key for tokens: %v", err)
	}
	if lists, _ := d.signAll(t, s); len(lists) != 1 || lists[0].Token == "" {
		t.Errorf("when no more are signed, the lists are %+v", lists)
	}
}

func claimsOf(t *testing.T, token string) map[string]any {
	t.Helper()
	s, err := sdjwt.Parse(token)
	if err != nil {
		t.Fatal(err)
	}
	return s.Claims
}
