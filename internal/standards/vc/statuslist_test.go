package vc_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"laurel/internal/standards/vc"
)

func ExampleNewStatusListEntry() {
	entry := vc.NewStatusListEntry("https://academy.example.org/status/1.json", vc.Revocation, 94567)
	fmt.Println(entry.ID, entry.StatusListIndex)
	// Output: https://academy.example.org/status/1.json#94567 94567
}

func list(t *testing.T) *vc.StatusListCredential {
	t.Helper()
	now := time.Date(2026, 6, 1, 12, 0, 0, 5, time.UTC)
	c, err := vc.NewStatusList(vc.StatusListOptions{
		URL: "https://academy.example.org/status/1.json", Issuer: "did:web:academy.example.org",
		Purpose: vc.Revocation, ValidFrom: now, ValidUntil: now.AddDate(0, 1, 0), TTL: 5 * time.Minute,
	}, vc.NewBitstring(vc.ListLength))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestStatusListEncode(t *testing.T) {
	c := list(t)
	got, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	encoded := c.CredentialSubject.EncodedList
	want := `{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"https://academy.example.org/status/1.json",` +
		`"type":["VerifiableCredential","BitstringStatusListCredential"],"issuer":"did:web:academy.example.org",` +
		`"validFrom":"2026-06-01T12:00:00Z","validUntil":"2026-07-01T12:00:00Z",` +
		`"credentialSubject":{"id":"https://academy.example.org/status/1.json#list","type":"BitstringStatusList",` +
		`"statusPurpose":"revocation","encodedList":"` + encoded + `","ttl":300000}}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	back, err := vc.ParseStatusList(got)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(c, back) {
		t.Errorf("got  %+v\nwant %+v", back, c)
	}
	bits, err := vc.DecodeBitstring(back.CredentialSubject.EncodedList, 0)
	if err != nil || bits.Len() != vc.ListLength {
		t.Errorf("bits: %v, %v", bits.Len(), err)
	}
}

func TestStatusListWithoutEnd(t *testing.T) {
	c, err := vc.NewStatusList(vc.StatusListOptions{URL: "https://example.org/1", Purpose: vc.Suspension}, vc.NewBitstring(vc.ListLength))
	if err != nil {
		t.Fatal(err)
	}
	data, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"validUntil", "ttl", "proof"} {
		if strings.Contains(string(data), name) {
			t.Errorf("%s in %s", name, data)
		}
	}
}

func TestStatusListTooShort(t *testing.T) {
	if _, err := vc.NewStatusList(vc.StatusListOptions{}, vc.NewBitstring(vc.ListLength-8)); err == nil {
		t.Error("a list of fewer than 131,072 entries was made")
	}
}

func TestParseStatusListOfOthers(t *testing.T) {
	const foreign = `{"@context":["https://www.w3.org/ns/credentials/v2",{"x":"https://example.com/x"}],
		"id":"https://example.com/s","type":"BitstringStatusListCredential","extra":1,
		"issuer":{"id":"https://example.com/i","name":"I"},"validFrom":"2021-04-05T14:27:40.5+02:00",
		"credentialSubject":[{"type":["BitstringStatusList"],"statusPurpose":["revocation","suspension"],"encodedList":"uX","ttl":1000.0}],
		"proof":{"type":"DataIntegrityProof"}}`
	c, err := vc.ParseStatusList([]byte(foreign))
	if err != nil {
		t.Fatal(err)
	}
	want := &vc.StatusListCredential{
		Context: []string{vc.ContextVC}, ID: "https://example.com/s", Type: []string{"BitstringStatusListCredential"},
		Issuer: "https://example.com/i", ValidFrom: vc.NewTime(time.Date(2021, 4, 5, 12, 27, 40, 0, time.UTC)),
		CredentialSubject: vc.StatusList{
			Type: "BitstringStatusList", StatusPurpose: vc.Purposes{vc.Revocation, vc.Suspension}, EncodedList: "uX", TTL: 1000,
		},
		Proof: []byte(`{"type":"DataIntegrityProof"}`),
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got  %+v\nwant %+v", c, want)
	}
}

func TestParseStatusListRefuses(t *testing.T) {
	subject := func(s string) string { return `{"id":"https://example.com/s","credentialSubject":` + s + `}` }
	for name, text := range map[string]string{
		"no subject":      `{"id":"https://example.com/s"}`,
		"two subjects":    subject(`[{"type":"BitstringStatusList"},{"type":"BitstringStatusList"}]`),
		"other subject":   subject(`{"type":"StatusList2021"}`),
		"negative ttl":    subject(`{"type":"BitstringStatusList","ttl":-1}`),
		"fraction in ttl": subject(`{"type":"BitstringStatusList","ttl":0.5}`),
		"purpose object":  subject(`{"type":"BitstringStatusList","statusPurpose":{}}`),
		"trailing data":   subject(`{"type":"BitstringStatusList"}`) + "x",
	} {
		if _, err := vc.ParseStatusList([]byte(text)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
