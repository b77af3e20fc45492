package capsule_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/issuing/capsule"
)

func contents(document string) capsule.Contents {
	return capsule.Contents{Version: 1, Credentials: []capsule.Credential{{
		Variant: "full",
		Documents: []capsule.Document{
			{Format: "eddsa-rdfc-2022", MediaType: "application/vc", Document: jsontext.Value(document)},
		},
	}}}
}

func draw(t testing.TB, seed byte) (name, key string) {
	t.Helper()
	name, key, err := capsule.New(rand.NewChaCha8([32]byte{seed}))
	if err != nil {
		t.Fatal(err)
	}
	return name, key
}

func TestNew(t *testing.T) {
	name, key := draw(t, 1)
	if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(name) || !regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`).MatchString(key) {
		t.Errorf("name %s, key %s", name, key)
	}
	other, otherKey := draw(t, 2)
	if name == other || key == otherKey {
		t.Error("another draw is the same")
	}
	if _, _, err := capsule.New(bytes.NewReader(make([]byte, 47))); err == nil {
		t.Error("a name or key was made of too little")
	}
}

func TestRoundTrip(t *testing.T) {
	_, key := draw(t, 1)
	name2, key2 := draw(t, 2)
	c := contents(`{"a":"\u0041\/é\u2028 <b>","n":[1.0,1E+2,-0]}`)
	c.Credentials[0].Documents = append(c.Credentials[0].Documents, capsule.Document{Format: "jwt", MediaType: "application/vc+jwt", Document: jsontext.Value(`"eyJ.e30.c2ln"`)})
	c.Credentials[0].Share = name2 + "." + key2
	c.Credentials = append(c.Credentials, contents(`{"b":1}`).Credentials[0])
	c.Credentials[1].Variant = "no-name"
	sealed, err := capsule.Seal(c, key)
	if err != nil {
		t.Fatal(err)
	}
	got, err := capsule.Open(sealed, key)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Credentials) != 2 || got.Credentials[0].Share != c.Credentials[0].Share || got.Credentials[1].Variant != "no-name" {
		t.Errorf("came back as %+v", got)
	}
	for i, d := range got.Credentials[0].Documents {
		if want := c.Credentials[0].Documents[i]; string(d.Document) != string(want.Document) || d.Format != want.Format || d.MediaType != want.MediaType {
			t.Errorf("document %d came back as %+v", i, d)
		}
	}
}

// The form is what RFC 7516 says, read by hand and by plain libraries.
func TestForm(t *testing.T) {
	_, key := draw(t, 1)
	sealed, err := capsule.Seal(contents(`{"a":1}`), key)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(sealed, ".")
	var raw [5][]byte
	for i, p := range parts {
		if raw[i], err = base64.RawURLEncoding.DecodeString(p); err != nil {
			t.Fatal(err)
		}
	}
	if string(raw[0]) != `{"alg":"dir","enc":"A256GCM"}` || len(raw[1]) != 0 || len(raw[2]) != 12 || len(raw[3]) != 8192 || len(raw[4]) != 16 {
		t.Fatalf("header %s, parts of %d, %d, %d, %d bytes", raw[0], len(raw[1]), len(raw[2]), len(raw[3]), len(raw[4]))
	}
	k, _ := base64.RawURLEncoding.DecodeString(key)
	block, _ := aes.NewCipher(k)
	gcm, _ := cipher.NewGCM(block)
	plain, err := gcm.Open(nil, raw[2], append(raw[3], raw[4]...), []byte(parts[0]))
	if err != nil {
		t.Fatal(err)
	}
	var parsed struct {
		Version     int
		Credentials []struct {
			Variant   string
			Documents []struct {
				Format, MediaType string
				Document          map[string]int
			}
		}
	}
	if err := json.Unmarshal(plain, &parsed); err != nil {
		t.Fatal(err)
	}
	if parsed.Version != 1 || parsed.Credentials[0].Variant != "full" || parsed.Credentials[0].Documents[0].Document["a"] != 1 {
		t.Errorf("plaintext reads as %+v", parsed)
	}
	again, err := capsule.Seal(contents(`{"a":1}`), key)
	if err != nil || strings.Split(again, ".")[2] == parts[2] {
		t.Errorf("two capsules have the same initialisation vector: %v", err)
	}
}

// Sizes come in steps, the first of which is twice as long: every award below it
// is as long as any other.
func TestSizes(t *testing.T) {
	_, key := draw(t, 1)
	frame := len(`{"version":1,"credentials":[{"variant":"full","documents":[{"format":"eddsa-rdfc-2022","mediaType":"application/vc","document":}]}]}`)
	size := func(n int) int { // of the plaintext with n bytes of JSON
		sealed, err := capsule.Seal(contents(`"`+strings.Repeat("x", n-frame-2)+`"`), key)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := capsule.Open(sealed, key); err != nil {
			t.Errorf("%d bytes: %v", n, err)
		}
		b, _ := base64.RawURLEncoding.DecodeString(strings.Split(sealed, ".")[3])
		return len(b)
	}
	for n, want := range map[int]int{200: 8192, 4096: 8192, 4097: 8192, 8192: 8192, 8193: 12288, 12288: 12288, 12289: 16384} {
		if got := size(n); got != want {
			t.Errorf("%d bytes of JSON are sealed as %d, want %d", n, got, want)
		}
	}
}

func TestTampered(t *testing.T) {
	_, key := draw(t, 1)
	_, other := draw(t, 2)
	sealed, err := capsule.Seal(contents(`{"a":1}`), key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := capsule.Open(sealed, other); err == nil || !strings.Contains(err.Error(), "key does not fit") {
		t.Errorf("another key: %v", err)
	}
	for i := range sealed {
		b := []byte(sealed)
		b[i] ^= 1
		if _, err := capsule.Open(string(b), key); err == nil {
			t.Fatalf("byte %d was changed unnoticed", i)
		}
	}
	for n := range len(sealed) {
		if _, err := capsule.Open(sealed[:n], key); err == nil {
			t.Fatalf("cut off after %d bytes unnoticed", n)
		}
	}
}

// seal makes what Seal would not.
func seal(t *testing.T, plain string, key string, alg jose.KeyAlgorithm, enc jose.ContentEncryption, o *jose.EncrypterOptions) string {
	t.Helper()
	raw, _ := base64.RawURLEncoding.DecodeString(key)
	e, err := jose.NewEncrypter(enc, jose.Recipient{Algorithm: alg, Key: raw}, o)
	if err != nil {
		t.Fatal(err)
	}
	jwe, err := e.Encrypt([]byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	s, err := jwe.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStrict(t *testing.T) {
	_, key := draw(t, 1)
	fill := func(s string, c string) string { return s + strings.Repeat(c, 8192-len(s)) }
	const good = `{"version":1,"credentials":[{"variant":"full","documents":[{"format":"f","mediaType":"m","document":{"a":1}}]}]}`
	edit := func(from, to string) string {
		if !strings.Contains(good, from) {
			t.Fatalf("no %s", from)
		}
		return fill(strings.Replace(good, from, to, 1), " ")
	}
	for name, plain := range map[string]string{
		"unfilled":        good,
		"filled_by_lines": fill(good, "\n"),
		"filled_by_zeros": fill(good, "\x00"),
		"filled_in_front": strings.Repeat(" ", 8192-len(good)) + good,
		"filled_twice":    fill(good, " ") + strings.Repeat(" ", 4096),
		"version":         edit(`"version":1`, `"version":2`),
		"unknown_member":  edit(`"version":1`, `"version":1,"x":1`),
		"twice":           edit(`"version":1`, `"version":1,"version":1`),
		"no_credentials":  fill(`{"version":1,"credentials":[]}`, " "),
		"no_documents":    fill(`{"version":1,"credentials":[{"variant":"full","documents":[]}]}`, " "),
		"no_variant":      edit(`"full"`, `""`),
		"document_number": edit(`{"a":1}`, `1`),
		"share_malformed": edit(`"documents"`, `"share":"x.y","documents"`),
		"array":           fill(`[]`, " "),
		"empty":           "",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := capsule.Open(seal(t, plain, key, jose.DIRECT, jose.A256GCM, nil), key)
			if err == nil || !strings.Contains(err.Error(), "not a capsule") {
				t.Errorf("error is %v", err)
			}
		})
	}
	for name, plain := range map[string]string{"good": fill(good, " "), "one_step": good + strings.Repeat(" ", 4096-len(good))} {
		if _, err := capsule.Open(seal(t, plain, key, jose.DIRECT, jose.A256GCM, nil), key); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	options := (&jose.EncrypterOptions{}).WithContentType("JWT")
	for name, sealed := range map[string]string{
		"header":      seal(t, fill(good, " "), key, jose.DIRECT, jose.A256GCM, options),
		"compressed":  seal(t, fill(good, " "), key, jose.DIRECT, jose.A256GCM, &jose.EncrypterOptions{Compression: jose.DEFLATE}),
		"wrapped_key": seal(t, fill(good, " "), key, jose.A256KW, jose.A256GCM, nil),
		"cbc":         seal(t, fill(good, " "), key, jose.DIRECT, jose.A128CBC_HS256, nil),
		"text":        "hello",
		"nothing":     "",
		"line_end":    seal(t, fill(good, " "), key, jose.DIRECT, jose.A256GCM, nil) + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := capsule.Open(sealed, key); err == nil || !strings.Contains(err.Error(), "not a capsule") {
				t.Errorf("error is %v", err)
			}
		})
	}
	for _, bad := range []string{"", key[:42], key + "A", key[:42] + "_", strings.Repeat("=", 43), key + "\n"} {
		if _, err := capsule.Seal(contents(`{}`), bad); err == nil {
			t.Errorf("sealed under the key %q", bad)
		}
		if _, err := capsule.Open("a.b.c.d.e", bad); err == nil || strings.Contains(err.Error(), key[:10]) {
			t.Errorf("opened with the key %q: %v", bad, err)
		}
	}
	if _, err := capsule.Seal(contents(`{"secret`), key); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("a document that is no JSON: %v", err)
	}
	if _, err := capsule.Seal(capsule.Contents{}, key); err == nil {
		t.Error("sealed nothing")
	}
}

// FuzzOpen: nothing that is not a capsule opens, whatever it is, and nothing
// panics.
func FuzzOpen(f *testing.F) {
	_, key := draw(f, 1)
	sealed, err := capsule.Seal(contents(`{"a":1}`), key)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Add("a.b.c.d.e")
	f.Fuzz(func(t *testing.T, jwe string) {
		c, err := capsule.Open(jwe, key)
		if err == nil && (jwe != sealed || c.Version != 1) {
			t.Errorf("opened %s", jwe)
		}
		if err != nil && errors.Unwrap(err) == nil && len(err.Error()) > 200 {
			t.Errorf("a long error: %v", err)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	_, key := draw(b, 1)
	c := contents(`{"a":"` + strings.Repeat("x", 5000) + `"}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := capsule.Seal(c, key); err != nil {
			b.Fatal(err)
		}
	}
}
