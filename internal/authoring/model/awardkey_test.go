package model

import (
	"strings"
	"testing"
)

func TestAwardKey(t *testing.T) {
	for text, want := range map[string]AwardKey{
		"spring-2026/welding/ana@example.org":         {"spring-2026", "welding", "ana@example.org"},
		"spring-2026/welding/did:web:ana.example.org": {"spring-2026", "welding", "did:web:ana.example.org"},
		"spring-2026/welding/CSC/2019/045":            {"spring-2026", "welding", "CSC/2019/045"},
	} {
		if got, err := ParseAwardKey(text); err != nil || got != want || got.String() != text {
			t.Errorf("%s is read as %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "/", "//", "spring-2026", "spring-2026/welding", "spring-2026/welding/", "/welding/ana", "spring-2026//ana"} {
		if got, err := ParseAwardKey(text); err == nil || strings.Contains(err.Error(), "ana") {
			t.Errorf("%q is read as %+v, %v", text, got, err)
		}
	}
}

func TestRecipientKeyFault(t *testing.T) {
	for _, good := range []string{"k3", "ana@example.org", "did:web:ana.example.org", "Zoë", "...a", strings.Repeat("a", 254)} {
		if fault := RecipientKeyFault(good); fault != "" {
			t.Errorf("%s: %s", good, fault)
		}
	}
	for _, bad := range []string{".", "..", "-x", "a b", "a/b", "a\u200bb", "a\tb", strings.Repeat("a", 255)} {
		if RecipientKeyFault(bad) == "" {
			t.Errorf("%q is taken", bad)
		}
	}
}
