package vc_test

import (
	"testing"

	"laurel/internal/material/text"
	"laurel/internal/standards/vc"
)

// TestHashEmail: an address has one hash, however it is spelt, and is found by
// every hash that was ever made of it.
func TestHashEmail(t *testing.T) {
	for _, spellings := range [][]string{
		{"ana.example@example.org", "Ana.Example@Example.ORG", "ANA.EXAMPLE@EXAMPLE.ORG"},
		{"ida@bücher.example", "ida@xn--bcher-kva.example", "Ida@BU\u0308CHER.example", "ida@XN--BCHER-KVA.example"},
		{"zoë@example.org", "zoe\u0308@example.org", "ZOE\u0308@example.org"},
		{"a@straße.example", "a@xn--strae-oqa.example"},
		{"ana@under_score.example", "Ana@Under_Score.example"},
		{"student-7", "Student-7"},
	} {
		for _, s := range spellings {
			if got := text.Email(s); got != spellings[0] {
				t.Errorf("%+q is %+q, want %+q", s, got, spellings[0])
			}
			if vc.HashEmail(s, "Kosher") != vc.HashIdentity(spellings[0], "Kosher") {
				t.Errorf("%+q has another hash", s)
			}
			for _, hashed := range []string{s, spellings[0]} {
				if !vc.IsIdentity(vc.HashIdentity(hashed, "Kosher"), "Kosher", true, s) || !vc.IsIdentity(hashed, "", false, s) {
					t.Errorf("%+q is not found by the hash of %+q", s, hashed)
				}
			}
			if vc.IsIdentity(vc.HashIdentity("ben@example.org", "Kosher"), "Kosher", true, s) || vc.IsIdentity(s, "", true, s) || vc.IsIdentity(vc.HashIdentity(s, "other"), "Kosher", true, s) {
				t.Errorf("%+q is found by what is not its hash", s)
			}
		}
	}
	// What was hashed in small letters, composed or as xn--…, is found by the address
	// as it is in the list.
	for _, old := range []string{"ida@bücher.example", "ida@xn--bcher-kva.example", "Ida@xn--bcher-kva.example", "ida@bu\u0308cher.example", "Ida@Bücher.example"} {
		if !vc.IsIdentity(vc.HashIdentity(old, "s"), "s", true, "Ida@Bücher.example") {
			t.Errorf("the hash of %+q is not found", old)
		}
	}
}
