package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"laurel/internal/standards/did"
	ours "laurel/internal/standards/tlog"
)

// TestLogForOthers has the log of three successive builds read by the client
// of the C2SP formats, over HTTP: every entry, the inclusion of every public
// award, and that each log goes on from the one before.
func TestLogForOthers(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "badges")
	must(t, t.TempDir(), "new", dir)
	fastKey(t, dir)
	public := filepath.Join(dir, "public")
	server := serve(t, public, "/badges/")
	fetcher, err := torchwood.NewTileFetcher(server.URL+"/badges/log/", torchwood.WithHTTPClient(server.Client()))
	if err != nil {
		t.Fatal(err)
	}
	client, err := torchwood.NewClient(fetcher)
	if err != nil {
		t.Fatal(err)
	}
	var before tlog.Tree
	awards := 0
	for round, step := range []func(){
		func() {},
		func() { must(t, dir, "revoke", "first-evening/welcome-badge/welcome-01") },
		func() {
			var more strings.Builder // enough for a tile that is full
			more.WriteString("name: More\nachievement: welcome-badge\nvisibility: public\nawardedDate: 2026-06-30\nrecipients:\n")
			for i := range 120 {
				fmt.Fprintf(&more, "  - name: Made-up Learner %d\n    key: m%d\n", i, i)
			}
			if err := os.WriteFile(filepath.Join(dir, "content/awards/more.yaml"), []byte(more.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		},
	} {
		step()
		must(t, dir, "sign")
		must(t, dir, "build")
		if out := must(t, dir, "build"); !strings.Contains(out, "0 files written") {
			t.Errorf("build %d is not the same when it is repeated: %s", round, out)
		}
		text, err := fetcher.ReadEndpoint(t.Context(), "checkpoint")
		if err != nil {
			t.Fatal(err)
		}
		opened, err := note.Open(text, note.VerifierList(logVerifier(t, public)))
		if err != nil {
			t.Fatal(err)
		}
		c, err := torchwood.ParseCheckpoint(opened.Text)
		if err != nil || c.Origin != "example.github.io/badges/log" || c.N <= before.N {
			t.Fatalf("the checkpoint says %+v, %v", c, err)
		}
		if before.N > 0 {
			hashes := torchwood.TileHashReaderWithContext(t.Context(), c.Tree, fetcher)
			proof, err := tlog.ProveTree(c.N, before.N, hashes)
			if err != nil {
				t.Fatal(err)
			}
			if err := tlog.CheckTree(proof, c.N, c.Hash, before.N, before.Hash); err != nil {
				t.Errorf("build %d does not go on from the one before: %v", round, err)
			}
		}
		before = c.Tree
		awards = 0
		entries := map[int64][]byte{}
		for i := range c.N {
			entry, proof, err := client.Entry(t.Context(), c.Tree, i)
			if err != nil {
				t.Fatal(err)
			}
			if err := tlog.CheckRecord(proof, c.N, c.Hash, i, tlog.RecordHash(entry)); err != nil {
				t.Fatalf("entry %d: %v", i, err)
			}
			entries[i] = entry
		}
		for i, entry := range client.Entries(t.Context(), c.Tree, 0) {
			if !bytes.Equal(entry, entries[i]) {
				t.Errorf("entry %d is %x to one, %x to another", i, entry, entries[i])
			}
		}
		credentials, err := filepath.Glob(filepath.Join(public, "awards/*/credential.json"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range credentials {
			checkPlace(t, file, entries)
			awards++
		}
	}
	if awards < 120 || before.N < 256 {
		t.Errorf("%d awards were found in %d entries", awards, before.N)
	}
	if out := must(t, dir, "audit", public); !strings.Contains(out, "no problems") {
		t.Error(out)
	}

	// The command line finds each in the log, from a copy of the site alone; one
	// that somebody dated back is told, and the place of another.
	credentials, err := filepath.Glob(filepath.Join(public, "awards/*/credential.json"))
	if err != nil {
		t.Fatal(err)
	}
	code, out, errs := run(t, dir, "verify", "-v", "--offline", "--documents", public, credentials[0], credentials[1])
	if strings.Count(out, "pass  log           The credential has been in the issuer\u2019s log since ") != 2 {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	stranger := t.TempDir()
	for from, to := range map[string]string{credentials[0]: "credential.json", filepath.Join(filepath.Dir(credentials[1]), "log.json"): "log.json"} {
		data, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(stranger, to), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, out, errs = run(t, dir, "verify", "--offline", "--documents", public, stranger); !strings.Contains(out, "warn  log           The credential is not in its issuer\u2019s log where it is said to be") {
		t.Errorf("the place of another: %s%s", out, errs)
	}

	// From nothing but content and ledger, the same bytes.
	built := files(t, public)
	if err := os.RemoveAll(public); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, ".laurel")); err != nil {
		t.Fatal(err)
	}
	must(t, dir, "build")
	again := files(t, public)
	for name, data := range built {
		if !bytes.Equal(again[name], data) {
			t.Errorf("%s is built with other bytes", name)
		}
	}
	if len(again) != len(built) {
		t.Errorf("%d files are built, %d were", len(again), len(built))
	}
}

// checkPlace finds a public award's credential where its log.json says, which
// says nothing else.
func checkPlace(t *testing.T, credential string, entries map[int64][]byte) {
	t.Helper()
	document, err := os.ReadFile(credential)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(filepath.Dir(credential), "log.json"))
	if err != nil {
		t.Fatal(err)
	}
	var place struct {
		Log       string
		Documents []struct {
			Index int64
			Salt  string
		}
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&place); err != nil || place.Log != "https://example.github.io/badges/log" || len(place.Documents) != 1 {
		t.Fatalf("%s says %s, %v", credential, data, err)
	}
	salt, err := base64.RawURLEncoding.DecodeString(place.Documents[0].Salt)
	if err != nil {
		t.Fatal(err)
	}
	digest, err := ours.DocumentDigest(salt, document)
	if err != nil || !bytes.Equal(entries[place.Documents[0].Index][8:], digest[:]) {
		t.Errorf("%s is not in the log at %d: %v", credential, place.Documents[0].Index, err)
	}
}

// logVerifier is the key of a site's DID document.
func logVerifier(t *testing.T, public string) note.Verifier {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(public, "did.json"))
	if err != nil {
		t.Fatal(err)
	}
	document, err := did.ParseDocument(data)
	if err != nil {
		t.Fatal(err)
	}
	key, err := document.VerificationMethod[0].PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	text, err := note.NewEd25519VerifierKey("example.github.io/badges/log", key.(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
