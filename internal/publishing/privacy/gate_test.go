package privacy

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"laurel/internal/material/hint"
	"laurel/internal/testing/vectors"
)

// TestGate sends what is private through the gate, as files of every origin.
func TestGate(t *testing.T) {
	site := t.TempDir()
	for name, text := range map[string]string{"keys/notes.txt": "a note", "content/awards/spring.csv": "a roster", "content/images/logo.png": "a logo"} {
		tree(t, site, name)
		if err := os.WriteFile(filepath.Join(site, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// A private folder that a link has put elsewhere is looked through as well.
	elsewhere := t.TempDir()
	if err := os.WriteFile(filepath.Join(elsewhere, "0001.jsonl"), []byte("lines"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, filepath.Join(site, "content/ledger")); err != nil {
		t.Fatal(err)
	}
	const ours, other = "urn:uuid:00000000-0000-4000-8000-000000000001", "urn:uuid:00000000-0000-4000-8000-000000000002"
	link := strings.Repeat("0a", 16) + "." + strings.Repeat("k", 43)
	credential := `{"id":"` + other + `","credentialSubject":{}}`
	g := NewGate(site, func(id string) bool { return id == ours }, nil)
	for name, c := range map[string]struct {
		data             string
		made, award, own string // what each is refused for; empty: it passes
	}{
		"words":        {"h1 { color: green }", "", "", ""},
		"nothing":      {"", "", "", ""},
		"claim link":   {"see https://example.org/claim/#" + link + ".", "a claim link", "a claim link", "a claim link"},
		"packed link":  {packed(t, link), "", "", "a claim link"},
		"credential":   {credential, "a credential", "", "a signed credential"},
		"base proof":   {string(vectors.Read("vc-di-ecdsa/ecdsa-sd-2023-prc.json")), "a base proof", "a base proof", "a base proof"},
		"packed proof": {packed(t, `"proofValue":"u2V0AhVhAHADS"`), "", "", "a base proof"},
		"derived":      {`"proofValue":"u2V0BhVhAHADS"`, "", "", ""},
		"our id":       {"see " + ours, "", "", "the id of a credential"},
		"another's id": {"see " + other, "", "", ""},
		"private key":  {"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----", "", "", "a private key"},
		"JWK":          {`{"kty":"OKP","d":"x"}`, "", "", "a private key"},
		"sealed key":   {`{"ciphertext":"x","recipients":[]}`, "", "", "a private key"},
		"ledger":       {`{"seq":1,"prev":"00"}` + "\n", "", "", "lines of a ledger"},
		"mail merge":   {"\ufeffname,email,achievement,folder,link\r\n", "", "", "a list of learners"},
		"delivery":     {`{"laurel":"delivery"}`, "", "", "a list of learners"},
		"log place":    {`{"log":"https://example.org/log","documents":[]}`, "", "", "where a learner's credential is in the log"},
		"file of keys": {"a note", "", "", "is a file of keys/"},
		"roster":       {"a roster", "", "", "is a file of content/"},
		"linked file":  {"lines", "", "", "is a file of content/ledger/"},
		"picture":      {"a logo", "", "", ""},
	} {
		for origin, want := range map[Origin]string{Made: c.made, Award: c.award, Theme: c.own} {
			err := g.Pass(File{Path: "x", Origin: origin, Data: []byte(c.data)})
			if (err != nil) != (want != "") || err != nil && (!strings.Contains(err.Error(), want) || hint.Of(err) == "" || strings.Contains(err.Error(), link)) {
				t.Errorf("%s, origin %d: %v, want %q", name, origin, err, want)
			}
		}
	}
	if err := g.Pass(); err != nil {
		t.Errorf("no files: %v", err)
	}
}

func packed(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestFoldersApart puts every folder that must stay apart into public/, by a link.
func TestFoldersApart(t *testing.T) {
	for _, part := range folders {
		t.Run(strings.ReplaceAll(part.name, "/", "-"), func(t *testing.T) {
			site := t.TempDir()
			tree(t, site, "public/x", "content/site.yaml")
			if err := FoldersApart(site); err != nil {
				t.Fatal(err)
			}
			named := filepath.Join(site, filepath.FromSlash(part.name))
			if err := os.RemoveAll(named); err != nil {
				t.Fatal(err)
			}
			if part.name != "public" {
				tree(t, filepath.Dir(named), filepath.Base(named)+" -> "+filepath.Join(site, "public/x"))
			}
			if err := FoldersApart(site); (err != nil) != part.apart || err != nil && hint.Of(err) == "" {
				t.Errorf("inside public/: %v", err)
			}
		})
	}
}
