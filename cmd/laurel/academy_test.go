package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"laurel/internal/issuing/keys"
	"laurel/internal/issuing/ledger"
)

// fastKey makes a key that opens fast; for the sample, of which a list is signed in
// every form and which has an endorser, those that this takes as well.
func fastKey(t *testing.T, dir string) {
	t.Helper()
	make := func(kid string, algorithm keys.Algorithm, profile string) {
		t.Helper()
		_, err := keys.New(filepath.Join(dir, "keys"), kid, algorithm, []byte(passphrase), time.Now().Add(-time.Hour), keys.Options{Iterations: keyWork, Profile: profile})
		if err != nil {
			t.Fatal(err)
		}
	}
	make("key-2026-1", keys.Ed25519, "")
	if _, err := os.Stat(filepath.Join(dir, "content/awards/repair-cafe-2026.yaml")); err == nil {
		make("key-forms", keys.P256, "")
	}
	if _, err := os.Stat(filepath.Join(dir, "content/endorsements/welders-guild.yaml")); err == nil {
		make("key-guild", keys.Ed25519, "welders-guild")
	}
}

// awardFolders are the folders of public/ that the living credentials have, or
// would have, by award key: "awards/<uuid>/".
func awardFolders(t *testing.T, dir string) map[string]string {
	t.Helper()
	l, err := ledger.Open(filepath.Join(dir, "content/ledger"), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	folders := map[string]string{}
	for r := range l.State().Records() {
		folders[r.Award] = "awards/" + strings.TrimPrefix(r.Credential, "urn:uuid:") + "/"
	}
	return folders
}
