package keys_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/mr-tron/base58"

	"laurel/internal/issuing/keys"
)

var (
	now        = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	passphrase = []byte("violet horse battery anvil")
	quick      = keys.Options{Iterations: 1000}
)

func newKey(t testing.TB, dir, kid string, alg keys.Algorithm) keys.Public {
	t.Helper()
	p, err := keys.New(dir, kid, alg, passphrase, now, quick)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func list(t testing.TB, dir string) []keys.Public {
	t.Helper()
	l, err := keys.List(dir)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func put(t testing.TB, name string, data []byte, perm fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(name, data, perm); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(name, perm); err != nil {
		t.Fatal(err)
	}
}

func get(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func names(t testing.TB, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var s []string
	for _, e := range entries {
		s = append(s, e.Name())
	}
	return strings.Join(s, " ")
}

// verify checks that a key signs for its public half.
func verify(t *testing.T, key crypto.Signer, p keys.Public) {
	t.Helper()
	message := []byte("a made-up message")
	digest := sha256.Sum256(message)
	ok := false
	switch public := p.Key.(type) {
	case ed25519.PublicKey:
		sig, err := key.Sign(rand.Reader, message, crypto.Hash(0))
		ok = err == nil && ed25519.Verify(public, message, sig)
	case *ecdsa.PublicKey:
		sig, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
		ok = err == nil && ecdsa.VerifyASN1(public, digest[:], sig)
	}
	if !ok {
		t.Errorf("key %s does not sign for its public half", p.Kid)
	}
}

func TestNewAndUnlock(t *testing.T) {
	for _, alg := range []keys.Algorithm{keys.Ed25519, keys.P256} {
		t.Run(string(alg), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "site", "keys")
			p := newKey(t, dir, "", alg)
			if p.Kid != "key-2026-1" || p.Algorithm != alg || !p.Created.Equal(now) || !strings.HasPrefix(p.PublicKeyMultibase, "z") {
				t.Errorf("the new key is %+v", p)
			}
			if got := names(t, dir); got != "key-2026-1.json key-2026-1.jwe" {
				t.Errorf("the folder has %s", got)
			}
			if fi, _ := os.Stat(filepath.Join(dir, "key-2026-1.jwe")); fi.Mode().Perm() != 0o600 {
				t.Errorf("the private half has mode %v", fi.Mode())
			}
			l := list(t, dir)
			if len(l) != 1 || l[0].Kid != p.Kid || l[0].PublicKeyMultibase != p.PublicKeyMultibase || !l[0].Created.Equal(p.Created) {
				t.Errorf("the list is %+v", l)
			}
			key, err := keys.Unlock(dir, p.Kid, passphrase)
			if err != nil {
				t.Fatal(err)
			}
			verify(t, key, l[0])
		})
	}
}

// The zero Options cost an attacker what the promise says, and go-jose's own
// limit lets such a file be opened again.
func TestDefaultIterations(t *testing.T) {
	dir := t.TempDir()
	p, err := keys.New(dir, "", keys.Ed25519, passphrase, now, keys.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]string
	if err := json.Unmarshal(get(t, filepath.Join(dir, p.Kid+".jwe")), &file); err != nil {
		t.Fatal(err)
	}
	raw, err := base64.RawURLEncoding.DecodeString(file["protected"])
	if err != nil {
		t.Fatal(err)
	}
	var header map[string]any
	if err := json.Unmarshal(raw, &header); err != nil {
		t.Fatal(err)
	}
	if header["alg"] != "PBES2-HS512+A256KW" || header["enc"] != "A256GCM" || header["cty"] != "jwk+json" || header["p2c"] != 600000.0 {
		t.Errorf("the header is %s", raw)
	}
	if salt, _ := base64.RawURLEncoding.DecodeString(header["p2s"].(string)); len(salt) < 16 {
		t.Errorf("the salt has %d bytes", len(salt))
	}
	if _, err := keys.Unlock(dir, p.Kid, passphrase); err != nil {
		t.Error(err)
	}
}

// The file is a JWE that other tools open: nothing of it is laurel's own but a
// member they ignore.
func TestFileIsJWE(t *testing.T) {
	dir := t.TempDir()
	p := newKey(t, dir, "key-test", keys.P256)
	jwe, err := jose.ParseEncryptedJSON(string(get(t, filepath.Join(dir, "key-test.jwe"))),
		[]jose.KeyAlgorithm{jose.PBES2_HS512_A256KW}, []jose.ContentEncryption{jose.A256GCM})
	if err != nil {
		t.Fatal(err)
	}
	plain, err := jwe.Decrypt(passphrase)
	if err != nil {
		t.Fatal(err)
	}
	var jwk map[string]string
	if err := json.Unmarshal(plain, &jwk); err != nil {
		t.Fatal(err)
	}
	if jwk["kty"] != "EC" || jwk["crv"] != "P-256" || jwk["kid"] != p.Kid || jwk["d"] == "" {
		t.Errorf("the JWK has members kty %s, crv %s, kid %s", jwk["kty"], jwk["crv"], jwk["kid"])
	}
}

func TestPublicFile(t *testing.T) {
	dir := t.TempDir()
	p := newKey(t, dir, "key-a", keys.Ed25519)
	if err := keys.Revoke(dir, "key-a", now.Add(time.Hour), "laptop lost"); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf(`{
  "kid": "key-a",
  "algorithm": "Ed25519",
  "publicKeyMultibase": "%s",
  "created": "2026-03-01T09:00:00Z",
  "revoked": "2026-03-01T10:00:00Z",
  "reason": "laptop lost"
}
`, p.PublicKeyMultibase)
	if got := string(get(t, filepath.Join(dir, "key-a.json"))); got != want {
		t.Errorf("the public half is\n%s", got)
	}
}

func TestNames(t *testing.T) {
	dir := t.TempDir()
	newKey(t, dir, "key-2026-7", keys.Ed25519)
	put(t, filepath.Join(dir, "key-2026-9.jwe"), []byte("left by a kill"), 0o600)
	if p := newKey(t, dir, "", keys.Ed25519); p.Kid != "key-2026-10" {
		t.Errorf("the next name is %s", p.Kid)
	}
	for _, kid := range []string{"z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", "u1234", "zkey-1", "k51qzi5uqu5d", "key", "key-", "key-2026--1", "key-A", "key-1.json",
		"../key-1", "key-1/x", "key_1", "key-é", "Key-1", "key-1\n", "key-" + strings.Repeat("x", 61)} {
		if _, err := keys.New(dir, kid, keys.Ed25519, passphrase, now, quick); err == nil {
			t.Errorf("%q is accepted", kid)
		}
		for name, err := range map[string]error{
			"unlock": second(keys.Unlock(dir, kid, passphrase)),
			"retire": keys.Retire(dir, kid, now),
			"revoke": keys.Revoke(dir, kid, now, ""),
			"change": keys.ChangePassphrase(dir, kid, passphrase, passphrase, quick),
		} {
			if err == nil || !strings.Contains(err.Error(), "key name") {
				t.Errorf("%s %q: %v", name, kid, err)
			}
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestNeverOverwritten(t *testing.T) {
	for _, ext := range []string{".json", ".jwe"} {
		t.Run(ext, func(t *testing.T) {
			dir := t.TempDir()
			name := filepath.Join(dir, "key-a"+ext)
			put(t, name, []byte("precious"), 0o600)
			_, err := keys.New(dir, "key-a", keys.Ed25519, passphrase, now, quick)
			var exists *keys.ExistsError
			if !errors.As(err, &exists) || !errors.Is(err, fs.ErrExist) || exists.File != name {
				t.Errorf("error is %v", err)
			}
			if string(get(t, name)) != "precious" || names(t, dir) != "key-a"+ext {
				t.Errorf("the folder has %s", names(t, dir))
			}
		})
	}
	t.Run("dangling_link", func(t *testing.T) {
		dir, outside := t.TempDir(), filepath.Join(t.TempDir(), "outside")
		if err := os.Symlink(outside, filepath.Join(dir, "key-a.jwe")); err != nil {
			t.Fatal(err)
		}
		if _, err := keys.New(dir, "key-a", keys.Ed25519, passphrase, now, quick); err == nil {
			t.Error("a link is written through")
		}
		if _, err := os.Stat(outside); err == nil {
			t.Error("a file was made outside the folder")
		}
	})
	t.Run("race", func(t *testing.T) {
		dir := t.TempDir()
		var wg sync.WaitGroup
		made := make(chan keys.Public, 8)
		for range 8 {
			wg.Go(func() {
				if p, err := keys.New(dir, "key-a", keys.Ed25519, passphrase, now, quick); err == nil {
					made <- p
				}
			})
		}
		wg.Wait()
		close(made)
		if len(made) != 1 {
			t.Fatalf("%d keys of one name were made", len(made))
		}
		key, err := keys.Unlock(dir, "key-a", passphrase)
		if err != nil {
			t.Fatal(err)
		}
		verify(t, key, <-made)
	})
}

func TestPassphraseLength(t *testing.T) {
	dir := t.TempDir()
	for _, short := range []string{"", "1234567", "äöüäöüä", "a\u0308o\u0308u\u0308a\u0308"} {
		if _, err := keys.New(dir, "", keys.Ed25519, []byte(short), now, quick); !errors.Is(err, keys.ErrShort) {
			t.Errorf("%q: %v", short, err)
		}
	}
	if _, err := keys.New(dir, "", keys.Ed25519, bytes.Repeat([]byte("x"), 1025), now, quick); err == nil {
		t.Error("a passphrase of 1,025 bytes is accepted")
	}
	if got := names(t, dir); got != "" {
		t.Errorf("the folder has %s", got)
	}
	// The same characters, typed on machines that compose them differently.
	if _, err := keys.New(dir, "key-a", keys.Ed25519, []byte("äqöwüzßx"), now, quick); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Unlock(dir, "key-a", []byte("a\u0308qo\u0308wu\u0308zßx")); err != nil {
		t.Error(err)
	}
}

// What a thief would try first is refused, however long it is.
func TestGuessablePassphrase(t *testing.T) {
	for _, bad := range []string{"password", "Passw0rd!", "password123", "correct horse battery staple", "Correct-Horse-Battery-Staple", "12345678901234", "qwertyuiop", "aaaaaaaaaaaaaaaa", "iloveyou2020",
		"Sommer2026!", "laurel2026", "abcdefghijkl", strings.Repeat("a", 500)} {
		if err := keys.CheckPassphrase([]byte(bad)); !errors.Is(err, keys.ErrGuessable) || strings.Contains(err.Error(), bad) {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
	good := []string{"made up for tests", "kx8#Qp2!", "der blaue Hund bellt nie", string(passphrase)}
	for range 20 {
		s, err := keys.GeneratePassphrase()
		if err != nil || len(strings.Fields(s)) != 6 {
			t.Fatalf("a generated passphrase: %d words, %v", len(strings.Fields(s)), err)
		}
		good = append(good, s)
	}
	for _, s := range good {
		before := s
		if err := keys.CheckPassphrase([]byte(s)); err != nil || s != before {
			t.Errorf("%q: %v", s, err)
		}
	}
	typed := []byte("made up for tests")
	if keys.CheckPassphrase(typed); string(typed) != "made up for tests" {
		t.Error("the passphrase that was judged is another one now")
	}
}

// Only the private half was restored from a copy.
func TestRestore(t *testing.T) {
	dir := t.TempDir()
	p := newKey(t, dir, "key-a", keys.Ed25519)
	file := filepath.Join(dir, "key-a.json")
	before := get(t, file)
	if !keys.HasPrivate(dir, "key-a") || keys.HasPrivate(dir, "key-b") || keys.HasPrivate(dir, "../key-a") {
		t.Error("which private halves there are is told wrong")
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	for range 2 { // what is there stays
		if err := keys.Restore(dir, keys.Public{Kid: "key-a", PublicKeyMultibase: p.PublicKeyMultibase, Created: p.Created}); err != nil {
			t.Fatal(err)
		}
		if got := get(t, file); !bytes.Equal(got, before) {
			t.Errorf("restored:\n%s\nwas:\n%s", got, before)
		}
	}
	if _, err := keys.Unlock(dir, "key-a", passphrase); err != nil {
		t.Error(err)
	}
	if err := keys.Restore(dir, keys.Public{Kid: "key-b", PublicKeyMultibase: "z6Mk"}); err == nil {
		t.Error("what is no key is restored")
	}
}

func TestNewRefuses(t *testing.T) {
	dir := t.TempDir()
	for name, err := range map[string]error{
		"algorithm":  second(keys.New(dir, "", "RSA", passphrase, now, quick)),
		"iterations": second(keys.New(dir, "", keys.Ed25519, passphrase, now, keys.Options{Iterations: 1_000_001})),
		"negative":   second(keys.New(dir, "", keys.Ed25519, passphrase, now, keys.Options{Iterations: -1})),
	} {
		if err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	if got := names(t, dir); got != "" {
		t.Errorf("the folder has %s", got)
	}
}

func TestList(t *testing.T) {
	if l := list(t, filepath.Join(t.TempDir(), "none")); l != nil {
		t.Errorf("a missing folder has %v", l)
	}
	dir := t.TempDir()
	put(t, filepath.Join(dir, "README.md"), []byte("hello"), 0o644)
	put(t, filepath.Join(dir, "package.json"), []byte("hello"), 0o644)
	for i, kid := range []string{"key-c", "key-a", "key-b", "key-d"} {
		if _, err := keys.New(dir, kid, keys.Ed25519, passphrase, now.Add(time.Duration(i/2)*time.Hour), quick); err != nil {
			t.Fatal(err)
		}
	}
	order := func() string {
		var kids []string
		for _, p := range list(t, dir) {
			kids = append(kids, p.Kid)
		}
		return strings.Join(kids, " ")
	}
	if got := order(); got != "key-a key-c key-b key-d" {
		t.Errorf("the order is %s", got)
	}
}

func TestTakenNames(t *testing.T) {
	dir := t.TempDir()
	o := quick
	o.Taken = []string{fmt.Sprintf("key-%d-7", now.Year()), "key-lost"}
	p, err := keys.New(dir, "", keys.Ed25519, passphrase, now, o)
	if err != nil || p.Kid != fmt.Sprintf("key-%d-8", now.Year()) {
		t.Errorf("the new key is %q, %v", p.Kid, err)
	}
	var exists *keys.ExistsError
	if _, err := keys.New(dir, "key-lost", keys.Ed25519, passphrase, now, o); !errors.As(err, &exists) {
		t.Errorf("a taken name: %v", err)
	}
}

func TestRetireAndRevoke(t *testing.T) {
	dir := t.TempDir()
	newKey(t, dir, "key-a", keys.Ed25519)
	later := now.Add(time.Hour + time.Millisecond)
	if err := keys.Retire(dir, "key-a", now.Add(-time.Second)); err == nil {
		t.Error("a key is retired before it was made")
	}
	if err := keys.Revoke(dir, "key-a", later, "two\nlines"); err == nil {
		t.Error("a reason of two lines is accepted")
	}
	if err := keys.Revoke(dir, "key-a", later, strings.Repeat("x", 1001)); err == nil {
		t.Error("a reason of 1,001 bytes is accepted")
	}
	if err := keys.Retire(dir, "key-a", later); err != nil {
		t.Fatal(err)
	}
	var life *keys.LifeError
	if err := keys.Retire(dir, "key-a", later); !errors.As(err, &life) || life.State != "retired" {
		t.Errorf("a second time: %v", err)
	}
	if err := keys.Revoke(dir, "key-a", later, "stolen: \"é\""); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{keys.Retire(dir, "key-a", later), keys.Revoke(dir, "key-a", later, "")} {
		if !errors.As(err, &life) || life.State != "revoked" {
			t.Errorf("after revoking: %v", err)
		}
	}
	p := list(t, dir)[0]
	want := now.Add(time.Hour)
	if !p.Retired.Equal(want) || !p.Revoked.Equal(want) || p.RevokedReason != "stolen: \"é\"" {
		t.Errorf("the key is %+v", p)
	}
	if err := keys.Retire(dir, "key-none", later); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an unknown key: %v", err)
	}
	// The private half of an ended key still opens: a passphrase can be changed.
	if _, err := keys.Unlock(dir, "key-a", passphrase); err != nil {
		t.Error(err)
	}
	if got := names(t, dir); got != "key-a.json key-a.jwe" {
		t.Errorf("the folder has %s", got)
	}
}

func TestChangePassphrase(t *testing.T) {
	dir := t.TempDir()
	p := newKey(t, dir, "key-a", keys.P256)
	name := filepath.Join(dir, "key-a.jwe")
	before := get(t, name)
	fresh := []byte("a fresh one of lanterns")
	if err := keys.ChangePassphrase(dir, "key-a", []byte("not the passphrase"), fresh, quick); !errors.Is(err, keys.ErrPassphrase) {
		t.Errorf("wrong passphrase: %v", err)
	}
	if err := keys.ChangePassphrase(dir, "key-a", passphrase, []byte("short"), quick); !errors.Is(err, keys.ErrShort) {
		t.Errorf("short passphrase: %v", err)
	}
	if !bytes.Equal(get(t, name), before) {
		t.Fatal("a refused change has changed the file")
	}
	if err := keys.ChangePassphrase(dir, "key-a", passphrase, fresh, quick); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Unlock(dir, "key-a", passphrase); !errors.Is(err, keys.ErrPassphrase) {
		t.Errorf("the old passphrase: %v", err)
	}
	key, err := keys.Unlock(dir, "key-a", fresh)
	if err != nil {
		t.Fatal(err)
	}
	verify(t, key, p)
	if fi, _ := os.Stat(name); fi.Mode().Perm() != 0o600 {
		t.Errorf("the private half has mode %v", fi.Mode())
	}
	if got := names(t, dir); got != "key-a.json key-a.jwe" {
		t.Errorf("the folder has %s", got)
	}
}

// P11: the seed is in none of the files and none of the errors, in any usual
// spelling.
func TestSecretsStayInside(t *testing.T) {
	dir := t.TempDir()
	newKey(t, dir, "key-a", keys.Ed25519)
	newKey(t, dir, "key-b", keys.Ed25519)
	key, err := keys.Unlock(dir, "key-a", passphrase)
	if err != nil {
		t.Fatal(err)
	}
	seed := key.(ed25519.PrivateKey).Seed()
	spellings := []string{
		string(seed), hex.EncodeToString(seed), base58.Encode(seed), string(passphrase),
		base64.RawURLEncoding.EncodeToString(seed), base64.StdEncoding.EncodeToString(seed),
	}
	var seen strings.Builder
	errs := []error{second(keys.Unlock(dir, "key-a", append(passphrase, 'x'))), second(keys.Unlock(dir, "key-c", passphrase))}
	for _, err := range errs {
		fmt.Fprintln(&seen, err)
	}
	put(t, filepath.Join(dir, "key-b.jwe"), get(t, filepath.Join(dir, "key-a.jwe")), 0o600)
	fmt.Fprintln(&seen, second(keys.Unlock(dir, "key-b", passphrase)))
	fmt.Fprintf(&seen, "%+v", list(t, dir))
	for _, name := range strings.Fields(names(t, dir)) {
		seen.Write(get(t, filepath.Join(dir, name)))
	}
	for i, s := range spellings {
		if strings.Contains(seen.String(), s) {
			t.Errorf("spelling %d of a secret is to be seen", i)
		}
	}
}

// A key that a program holds has a public half alone, of any number of bits, with the
// program's command.
func TestRegister(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	const command = `laurel-pkcs11 --module "/opt/a b.so"`
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	register := func(kid string, key crypto.PublicKey) (keys.Public, error) {
		return keys.Register(dir, kid, key, command, now, keys.Options{Taken: []string{"key-2026-7"}})
	}
	p, err := register("", ed25519.NewKeyFromSeed(make([]byte, 32)).Public())
	if err != nil || p.Kid != "key-2026-8" || p.Algorithm != keys.Ed25519 {
		t.Fatalf("%+v, %v", p, err)
	}
	if p, err := register("key-rsa", other.Public()); err != nil || p.Algorithm != "RSA-2048" {
		t.Errorf("%+v, %v", p, err)
	}
	if got := names(t, dir); got != "key-2026-8.json key-rsa.json" {
		t.Errorf("the folder has %s", got)
	}
	var exists *keys.ExistsError
	if _, err := register("key-rsa", other.Public()); !errors.As(err, &exists) {
		t.Errorf("a second one of that name: %v", err)
	}
	if _, err := keys.New(dir, "key-rsa", keys.Ed25519, passphrase, now, quick); !errors.As(err, &exists) {
		t.Errorf("a file of that name: %v", err)
	}
	if l := list(t, dir); len(l) != 2 || l[0].Exec != command || !keys.HasPrivate(dir, "key-rsa") {
		t.Errorf("the list is %+v", l)
	}
	var held *keys.HeldError
	if _, err := keys.Unlock(dir, "key-rsa", passphrase); !errors.As(err, &held) || held.Exec != command {
		t.Errorf("unlock: %v", err)
	}
	if err := keys.ChangePassphrase(dir, "key-rsa", passphrase, passphrase, quick); !errors.As(err, &held) {
		t.Errorf("change the passphrase: %v", err)
	}

	// Its life leaves the file as nothing but this package makes it; as git would, it
	// names no command that is run.
	if err := keys.Retire(dir, "key-rsa", now); err != nil {
		t.Fatal(err)
	}
	if got, err := keys.Command(dir, "key-rsa"); err != nil || got != command {
		t.Errorf("the command is %q, %v", got, err)
	}
	file := filepath.Join(dir, "key-rsa.json")
	for _, mode := range []fs.FileMode{0o644, 0o600, 0o664} {
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		var refused *keys.CommandError
		if got, err := keys.Command(dir, "key-rsa"); !errors.As(err, &refused) || got != "" {
			t.Errorf("with mode %o: %q, %v", mode, got, err)
		}
	}
	if err := keys.Revoke(dir, "key-rsa", now, ""); err != nil {
		t.Fatal(err)
	}
	if fi, err := os.Stat(file); err != nil || fi.Mode().Perm() != 0o400 {
		t.Errorf("the file has mode %v, %v", fi.Mode(), err)
	}
	newKey(t, dir, "key-file", keys.Ed25519)
	if got, err := keys.Command(dir, "key-file"); err != nil || got != "" {
		t.Errorf("of a file, the command is %q, %v", got, err)
	}
	// Without a command, keys are of the kinds that are made here.
	without := strings.Replace(string(get(t, file)), `"exec"`, `"reason"`, 1)
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	put(t, file, []byte(without), 0o400)
	if _, err := keys.List(dir); err == nil {
		t.Error("an RSA key of 2,048 bits without a program is taken")
	}
}
