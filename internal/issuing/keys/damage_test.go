package keys_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"laurel/internal/issuing/keys"
)

func TestWrongPassphrase(t *testing.T) {
	dir := t.TempDir()
	newKey(t, dir, "key-a", keys.Ed25519)
	for _, wrong := range []string{"", "x", "Violet horse battery anvil", "violet horse battery anvil\n", strings.Repeat("x", 5000)} {
		_, err := keys.Unlock(dir, "key-a", []byte(wrong))
		if !errors.Is(err, keys.ErrPassphrase) {
			t.Errorf("%.20q: %v", wrong, err)
		}
		if err.Error() != "unlock key key-a: wrong passphrase" {
			t.Errorf("the message is %q", err)
		}
	}
}

func TestMissingHalf(t *testing.T) {
	for _, ext := range []string{".json", ".jwe"} {
		dir := t.TempDir()
		newKey(t, dir, "key-a", keys.Ed25519)
		if err := os.Remove(filepath.Join(dir, "key-a"+ext)); err != nil {
			t.Fatal(err)
		}
		if _, err := keys.Unlock(dir, "key-a", passphrase); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "key-a"+ext) {
			t.Errorf("without %s: %v", ext, err)
		}
	}
}

func TestMismatch(t *testing.T) {
	dir := t.TempDir()
	newKey(t, dir, "key-a", keys.Ed25519)
	newKey(t, dir, "key-b", keys.Ed25519)
	newKey(t, dir, "key-p", keys.P256)
	for _, other := range []string{"key-b", "key-p"} {
		put(t, filepath.Join(dir, "key-a.jwe"), get(t, filepath.Join(dir, other+".jwe")), 0o600)
		_, err := keys.Unlock(dir, "key-a", passphrase)
		var mismatch *keys.MismatchError
		if !errors.As(err, &mismatch) || mismatch.Kid != "key-a" {
			t.Errorf("the private half of %s: %v", other, err)
		}
	}
}

func TestReadableByOthers(t *testing.T) {
	dir := t.TempDir()
	newKey(t, dir, "key-a", keys.Ed25519)
	name := filepath.Join(dir, "key-a.jwe")
	for _, mode := range []fs.FileMode{0o640, 0o604, 0o644, 0o660, 0o601, 0o777} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
		_, err := keys.Unlock(dir, "key-a", passphrase)
		var perm *keys.PermissionError
		if !errors.As(err, &perm) || perm.File != name || perm.Why != fmt.Sprintf("has mode %04o", mode) {
			t.Errorf("mode %v: %v", mode, err)
		}
	}
	for _, mode := range []fs.FileMode{0o600, 0o400} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := keys.Unlock(dir, "key-a", passphrase); err != nil {
			t.Errorf("mode %v: %v", mode, err)
		}
	}
}

// Every bit of a private file, flipped: it is damaged, never a wrong
// passphrase, and never opens, but where the bit is white space.
func TestEveryBitOfPrivateFile(t *testing.T) {
	dir := t.TempDir()
	newKey(t, dir, "key-a", keys.Ed25519)
	name := filepath.Join(dir, "key-a.jwe")
	data := get(t, name)
	opened := 0
	for i := range len(data) * 8 {
		mutant := bytes.Clone(data)
		mutant[i/8] ^= 1 << (i % 8)
		put(t, name, mutant, 0o600)
		_, err := keys.Unlock(dir, "key-a", passphrase)
		var damaged *keys.DamagedError
		switch {
		case errors.As(err, &damaged) && damaged.File == name:
		case err == nil && strings.ContainsRune(" \t\r\n", rune(data[i/8])) && strings.ContainsRune(" \t\r\n", rune(mutant[i/8])):
			opened++
		default:
			t.Fatalf("byte %d (%q became %q): %v", i/8, data[i/8], mutant[i/8], err)
		}
	}
	if opened > 40 {
		t.Errorf("%d mutants open", opened)
	}
	for _, size := range []int{0, 1, len(data) / 2, len(data) - 3} {
		put(t, name, data[:size], 0o600)
		var damaged *keys.DamagedError
		if _, err := keys.Unlock(dir, "key-a", passphrase); !errors.As(err, &damaged) {
			t.Errorf("cut to %d bytes: %v", size, err)
		}
	}
}

// craft seals any content with any header, with a right sum.
func craft(t *testing.T, plain string, alg jose.KeyAlgorithm, enc jose.ContentEncryption, o *jose.EncrypterOptions) []byte {
	t.Helper()
	e, err := jose.NewEncrypter(enc, jose.Recipient{Algorithm: alg, Key: passphrase, PBES2Count: 1000}, o)
	if err != nil {
		t.Fatal(err)
	}
	jwe, err := e.Encrypt([]byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	compact, err := jwe.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return wrap(t, compact)
}

func wrap(t *testing.T, compact string) []byte {
	t.Helper()
	part := strings.Split(compact, ".")
	sum := sha256.Sum256([]byte(compact))
	b, err := json.Marshal(map[string]string{"protected": part[0], "encrypted_key": part[1], "iv": part[2],
		"ciphertext": part[3], "tag": part[4], "sum": hex.EncodeToString(sum[:])})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What decrypts well may still not be a key; what cannot be laurel's is not
// tried at all.
func TestHostilePrivateFiles(t *testing.T) {
	dir := t.TempDir()
	p := newKey(t, dir, "key-a", keys.Ed25519)
	name := filepath.Join(dir, "key-a.jwe")
	good := get(t, name)
	const hs512, gcm = jose.PBES2_HS512_A256KW, jose.A256GCM
	jwk := func() *jose.EncrypterOptions { return (&jose.EncrypterOptions{}).WithContentType("jwk+json") }
	b64 := base64.RawURLEncoding.EncodeToString
	x := b64(p.Key.(ed25519.PublicKey))
	header := func(h string) []byte { return wrap(t, b64([]byte(h))+".AAAA.AAAA.AAAA.AAAA") }

	cases := map[string]struct {
		data []byte
		want string
	}{
		"empty_object":         {[]byte(`{}`), "checksum does not match"},
		"not_json":             {[]byte(`hello`), "invalid JSON"},
		"array":                {[]byte(`[]`), "wrong kind of value"},
		"unknown_member":       {append([]byte(`{"unprotected":{},`), good[1:]...), "unknown member"},
		"duplicate_member":     {append([]byte(`{"tag":"",`), good[1:]...), "twice"},
		"trailing_data":        {append(bytes.Clone(good), '{', '}'), "invalid JSON"},
		"too_large":            {append(bytes.Clone(good), bytes.Repeat([]byte(" "), 64<<10)...), "more than 65536 bytes"},
		"p2c_huge":             {header(`{"alg":"PBES2-HS512+A256KW","enc":"A256GCM","cty":"jwk+json","p2c":2000000000,"p2s":"AAAA"}`), "p2c is not from 1"},
		"p2c_beyond_int":       {header(`{"alg":"PBES2-HS512+A256KW","enc":"A256GCM","cty":"jwk+json","p2c":1e30,"p2s":"AAAA"}`), "wrong kind of value"},
		"p2c_negative":         {header(`{"alg":"PBES2-HS512+A256KW","enc":"A256GCM","cty":"jwk+json","p2c":-1,"p2s":"AAAA"}`), "p2c is not from 1"},
		"p2c_missing":          {header(`{"alg":"PBES2-HS512+A256KW","enc":"A256GCM","cty":"jwk+json","p2s":"AAAA"}`), "p2c is not from 1"},
		"alg_dir":              {header(`{"alg":"dir","enc":"A256GCM","cty":"jwk+json","p2c":1000,"p2s":"AAAA"}`), "it is not a jwk+json encrypted"},
		"crit":                 {header(`{"alg":"PBES2-HS512+A256KW","enc":"A256GCM","cty":"jwk+json","p2c":1000,"p2s":"AAAA","crit":["x"]}`), "its header: it has an unknown member"},
		"header_duplicate":     {header(`{"alg":"dir","alg":"PBES2-HS512+A256KW","enc":"A256GCM","cty":"jwk+json","p2c":1000,"p2s":"AAAA"}`), "its header: a member is given twice"},
		"header_not_base64":    {wrap(t, "e30=.AAAA.AAAA.AAAA.AAAA"), "not base64url"},
		"other_alg":            {craft(t, "{}", jose.PBES2_HS256_A128KW, gcm, jwk()), "it is not a jwk+json encrypted"},
		"other_enc":            {craft(t, "{}", hs512, jose.A128GCM, jwk()), "it is not a jwk+json encrypted"},
		"no_cty":               {craft(t, "{}", hs512, gcm, nil), "it is not a jwk+json encrypted"},
		"zip":                  {craft(t, "{}", hs512, gcm, &jose.EncrypterOptions{Compression: jose.DEFLATE, ExtraHeaders: map[jose.HeaderKey]any{"cty": "jwk+json"}}), "its header: it has an unknown member"},
		"holds_nothing":        {craft(t, "", hs512, gcm, jwk()), "not a private key"},
		"holds_words":          {craft(t, "secret words", hs512, gcm, jwk()), "not a private key"},
		"holds_public_key":     {craft(t, `{"kty":"OKP","crv":"Ed25519","x":"`+x+`"}`, hs512, gcm, jwk()), "not a private key"},
		"holds_symmetric_key":  {craft(t, `{"kty":"oct","k":"c2VjcmV0"}`, hs512, gcm, jwk()), "not a private key"},
		"holds_half_a_seed":    {craft(t, `{"kty":"OKP","crv":"Ed25519","x":"`+x+`","d":"c2VjcmV0"}`, hs512, gcm, jwk()), "not a private key"},
		"holds_unlike_halves":  {craft(t, `{"kty":"OKP","crv":"Ed25519","x":"`+x+`","d":"`+b64(make([]byte, 32))+`"}`, hs512, gcm, jwk()), "not a private key"},
		"holds_scalar_zero":    {craft(t, ecJWK(make([]byte, 32)), hs512, gcm, jwk()), "not a private key"},
		"holds_other_scalar":   {craft(t, ecJWK(append(make([]byte, 31), 2)), hs512, gcm, jwk()), "not a private key"},
		"holds_scalar_too_big": {craft(t, ecJWK(bytes.Repeat([]byte{0xff}, 32)), hs512, gcm, jwk()), "not a private key"},
	}
	for name2, c := range cases {
		t.Run(name2, func(t *testing.T) {
			put(t, name, c.data, 0o600)
			_, err := keys.Unlock(dir, "key-a", passphrase)
			var damaged *keys.DamagedError
			if !errors.As(err, &damaged) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %q", err, c.want)
			}
			if err != nil && (strings.Contains(err.Error(), "c2VjcmV0") || strings.Contains(err.Error(), "secret")) {
				t.Errorf("the error tells what was decrypted: %v", err)
			}
		})
	}
}

// ecJWK is a P-256 key whose point belongs to the scalar 1.
func ecJWK(d []byte) string {
	const x, y = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296", "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
	b64 := func(s string) string {
		b, err := hex.DecodeString(s)
		if err != nil {
			panic(err)
		}
		return base64.RawURLEncoding.EncodeToString(b)
	}
	return `{"kty":"EC","crv":"P-256","x":"` + b64(x) + `","y":"` + b64(y) + `","d":"` + base64.RawURLEncoding.EncodeToString(d) + `"}`
}

func TestNotRegularFiles(t *testing.T) {
	for _, ext := range []string{".json", ".jwe"} {
		for kind, make := range map[string]func(string) error{
			"pipe":   func(name string) error { return exec.Command("mkfifo", name).Run() },
			"folder": func(name string) error { return os.Mkdir(name, 0o700) },
			"link":   func(name string) error { return os.Symlink("elsewhere", name) },
		} {
			t.Run(ext+"_"+kind, func(t *testing.T) {
				dir := t.TempDir()
				newKey(t, dir, "key-a", keys.Ed25519)
				name := filepath.Join(dir, "key-a"+ext)
				put(t, filepath.Join(dir, "elsewhere"), get(t, name), 0o600)
				if err := os.Remove(name); err != nil {
					t.Fatal(err)
				}
				if err := make(name); err != nil {
					t.Fatal(err)
				}
				var damaged *keys.DamagedError
				if _, err := keys.Unlock(dir, "key-a", passphrase); !errors.As(err, &damaged) || !strings.Contains(err.Error(), "not a regular file") {
					t.Errorf("error is %v", err)
				}
			})
		}
	}
}

func TestDamagedPublicFiles(t *testing.T) {
	dir := t.TempDir()
	newKey(t, dir, "key-a", keys.Ed25519)
	newKey(t, dir, "key-p", keys.P256)
	name := filepath.Join(dir, "key-a.json")
	good := string(get(t, name))
	edit := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%s is not in the public half", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	for want, data := range map[string]string{
		"invalid JSON":                       good[:len(good)/2],
		"unknown member":                     edit(`"created"`, `"Created"`),
		"twice":                              edit(`"kid"`, `"kid": "key-b", "kid"`),
		"wrong kind of value":                edit(`"kid": "key-a"`, `"kid": 1`),
		"it belongs to key \"key-b\"":        edit(`"kid": "key-a"`, `"kid": "key-b"`),
		"algorithm is not":                   edit(`Ed25519`, `P-256`),
		"publicKeyMultibase is not a public": edit(`"publicKeyMultibase": "z`, `"publicKeyMultibase": "u`),
		"created is missing":                 strings.Replace(good, ",\n  \"created\": \"2026-03-01T09:00:00Z\"", "", 1),
	} {
		put(t, name, []byte(data), 0o644)
		_, err := keys.List(dir)
		var damaged *keys.DamagedError
		if !errors.As(err, &damaged) || damaged.File != name || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want %q", err, want)
		}
	}
}

// FuzzPublicFile: a public half that is read is written back the same in
// meaning, by retiring it.
func FuzzPublicFile(f *testing.F) {
	dir := f.TempDir()
	newKey(f, dir, "key-a", keys.Ed25519)
	name := filepath.Join(dir, "key-a.json")
	f.Add(get(f, name))
	f.Add([]byte(`{"kid":"key-a"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		put(t, filepath.Join(dir, "key-a.json"), data, 0o644)
		l, err := keys.List(dir)
		if err != nil {
			return
		}
		at := l[0].Created.Add(time.Hour)
		if keys.Retire(dir, "key-a", at) != nil {
			return
		}
		again, err := keys.List(dir)
		if err != nil || again[0].PublicKeyMultibase != l[0].PublicKeyMultibase || again[0].Retired.IsZero() {
			t.Errorf("read %+v, then %+v, %v", l, again, err)
		}
	})
}
