package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"laurel/internal/standards/did"
	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/vc"
)

// displayer is the displayer's part of 1EdTech's checklist, by its numbers, on the
// verify page: E1 three badges of each data model, given by URL and told apart; E2
// what is shown of each; E3 the visitor has it verified, and sees the outcome; E4
// both proofs, eddsa-rdfc-2022 and, of a part that a learner shows, ecdsa-sd-2023.
func displayer(t *testing.T, profile context.Context, server string, in inputs) {
	const (
		method = strangerDID + "#key"
		list   = "https://" + listHost + "/revoked.json"
		index  = 4242
	)
	past, now, next := "2020-01-01T00:00:00Z", time.Now().UTC().Add(-time.Hour).Format(time.RFC3339), "2021-01-01T00:00:00Z"
	bits := vc.NewBitstring(vc.ListLength)
	bits.Set(index, true)
	statuses, err := vc.NewStatusList(vc.StatusListOptions{URL: list, Issuer: strangerDID, Purpose: vc.Revocation, ValidFrom: time.Now().Add(-time.Hour)}, bits)
	if err != nil {
		t.Fatal(err)
	}
	unsigned, err := statuses.Encode()
	if err != nil {
		t.Fatal(err)
	}
	badge := func(version int, from, until string, status int) []byte {
		return signedAgain(t, in.json, method, in.key, func(doc map[string]any) {
			doc["issuer"] = map[string]any{"id": strangerDID, "type": []string{"Profile"}, "name": "A Stranger"}
			delete(doc, "validFrom")
			delete(doc, "validUntil")
			delete(doc, "endorsement") // its own contexts are those of 2.0
			delete(member(doc, "credentialSubject", "achievement").(map[string]any), "endorsement")
			begins, ends := "validFrom", "validUntil"
			contexts := []string{vc.ContextVC, vc.ContextOB}
			if version == 1 {
				begins, ends = "issuanceDate", "expirationDate"
				contexts = []string{"https://www.w3.org/2018/credentials/v1", vc.ContextOB, "https://w3id.org/security/data-integrity/v2", "https://www.w3.org/ns/credentials/status/v1"}
			}
			doc["@context"], doc[begins] = contexts, from
			if until != "" {
				doc[ends] = until
			}
			doc["credentialStatus"] = vc.NewStatusListEntry(list, vc.Revocation, status)
		})
	}
	type kase struct {
		data          []byte
		verdict, code string
	}
	cases := map[string]kase{
		"2.0 good":    {badge(2, now, "", index+1), "valid", "ok"},
		"2.0 expired": {badge(2, past, next, index+1), "invalid", "expired"},
		"2.0 revoked": {badge(2, now, "", index), "invalid", "revoked"},
		"1.1 good":    {badge(1, now, "", index+1), "valid", "ok"},
		"1.1 expired": {badge(1, past, next, index+1), "invalid", "expired"},
		"1.1 revoked": {badge(1, now, "", index), "invalid", "revoked"},
	}
	files := maps.Clone(in.elsewhere)
	part := shownPart(t, badge(2, now, "", index+1), files)
	files[list] = signedAgain(t, unsigned, method, in.key, func(map[string]any) {})
	cases["2.0 shown in part"] = kase{part, "valid", "ok"}
	urls := map[string]string{}
	for name, c := range cases {
		urls[name] = "https://" + strangerHost + "/badges/" + strings.ReplaceAll(name, " ", "-") + ".json"
		files[urls[name]] = c.data
	}
	b := verifier(t, profile, server)
	var host otherHost
	host.has(files)
	host.answerFor(t, b)
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		t.Run(name, func(t *testing.T) {
			if err := afresh(b, server+"/larkspur/verify/"); err != nil {
				t.Fatal(err)
			}
			// E3: given by URL, and verified when the visitor says so.
			if err := b.enter(urls[name]); err != nil {
				t.Fatal(err)
			}
			a, err := b.answer()
			for range 2 { // the badge's host, then its list's
				if err == nil && len(a.Hosts) > 0 {
					if err = b.do(chromedp.Click(chromedp.CSS(".vask button"))); err == nil {
						a, err = b.answer()
					}
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			if c := cases[name]; a.Verdict != c.verdict || a.Code != c.code {
				t.Errorf("the page says %s, %s: %+v", a.Verdict, a.Code, a)
			}
			shown, err := evaluate[string](b, `document.getElementById('verify-out').innerText`)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{in.title, in.description, "A Stranger", time.Now().UTC().Format("2006")} {
				if strings.Contains(name, "expired") && want == time.Now().UTC().Format("2006") {
					want = "2020"
				}
				if !strings.Contains(shown, want) {
					t.Errorf("E2: the page does not show %q:\n%s", want, shown)
				}
			}
		})
	}
}

// shownPart signs a badge of the stranger's anew with ecdsa-sd-2023, and shows what of
// it is always shown, with the date of the award. The key is added to those published.
func shownPart(t *testing.T, credential []byte, published map[string][]byte) []byte {
	t.Helper()
	const at = "https://" + strangerHost + "/.well-known/did.json"
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	multikey, err := did.EncodeMultikey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	d, err := did.ParseDocument(published[at])
	if err != nil {
		t.Fatal(err)
	}
	method := strangerDID + "#key-2"
	d.Context = []string{did.ContextDID, did.ContextMultikey}
	d.AssertionMethod = append(d.AssertionMethod, method)
	d.VerificationMethod = append(d.VerificationMethod, did.VerificationMethod{ID: method, Type: "Multikey", Controller: strangerDID, PublicKeyMultibase: multikey})
	if published[at], err = d.Encode(); err != nil {
		t.Fatal(err)
	}
	doc := map[string]any{}
	if err := json.Unmarshal(credential, &doc); err != nil {
		t.Fatal(err)
	}
	delete(doc, "proof")
	unsigned, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	p, _ := standards(t)
	signed, err := p.Sign(unsigned, proof.Options{Cryptosuite: "ecdsa-sd-2023", VerificationMethod: method, Created: time.Now().Add(-time.Minute), Mandatory: vc.AlwaysShown(doc)}, key)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := jsonld.ParseObject(signed)
	if err != nil {
		t.Fatal(err)
	}
	base, err := p.OpenBase(whole)
	if err != nil {
		t.Fatal(err)
	}
	part, err := base.Derive([]string{"/awardedDate"})
	if err != nil {
		t.Fatal(err)
	}
	return part
}
