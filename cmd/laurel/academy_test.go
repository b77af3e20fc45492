package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"laurel/internal/issuing/keys"
	"laurel/internal/issuing/ledger"
)

// fastKey makes a key that opens fast.
func fastKey(t *testing.T, dir string) {
	t.Helper()
	if _, err := keys.New(filepath.Join(dir, "keys"), "key-2026-1", keys.Ed25519, []byte(passphrase), time.Now().Add(-time.Hour), keys.Options{Iterations: keyWork}); err != nil {
		t.Fatal(err)
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
