package capsule_test

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/issuing/capsule"
	"laurel/internal/testing/jwe"
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

// seal packs contents and seals them.
func seal(c capsule.Contents, key string) (string, error) {
	packed, err := capsule.Pack(c)
	if err != nil {
		return "", err
	}
	return capsule.Seal(packed, key)
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
	sealed, err := seal(c, key)
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

// The form is what RFC 7516 says, read by hand and by go-jose.
func TestForm(t *testing.T) {
	_, key := draw(t, 1)
	sealed, err := seal(contents(`{"a":1}`), key)
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
	if string(raw[0]) != `{"alg":"dir","enc":"A256GCM","zip":"DEF"}` || len(raw[1]) != 0 || len(raw[2]) != 12 || len(raw[3]) != 4096 || len(raw[4]) != 16 {
		t.Fatalf("header %s, parts of %d, %d, %d, %d bytes", raw[0], len(raw[1]), len(raw[2]), len(raw[3]), len(raw[4]))
	}
	packed := decrypt(t, sealed, key)
	plain, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil {
		t.Fatal(err)
	}
	if other := byGoJose(t, sealed, key); !bytes.Equal(plain, other) {
		t.Errorf("go-jose opens %d bytes, and by hand there are %d", len(other), len(plain))
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
	if again, err := seal(contents(`{"a":1}`), key); err != nil || again != sealed {
		t.Errorf("sealed again it is another: %v", err)
	}
	if other, err := seal(contents(`{"a":2}`), key); err != nil || strings.Split(other, ".")[2] == parts[2] {
		t.Errorf("two contents have the same initialisation vector: %v", err)
	}
}

// decrypt is what a JWE encrypts, compressed.
func decrypt(t testing.TB, sealed, key string) []byte {
	t.Helper()
	parts := strings.Split(sealed, ".")
	var raw [5][]byte
	for i, p := range parts {
		raw[i], _ = base64.RawURLEncoding.DecodeString(p)
	}
	packed, err := jwe.Cipher(t, key).Open(nil, raw[2], append(raw[3], raw[4]...), []byte(parts[0]))
	if err != nil {
		t.Fatal(err)
	}
	return packed
}

// byGoJose is what another library makes of a JWE.
func byGoJose(t testing.TB, sealed, key string) []byte {
	t.Helper()
	raw, _ := base64.RawURLEncoding.DecodeString(key)
	parsed, err := jose.ParseEncryptedCompact(sealed, []jose.KeyAlgorithm{jose.DIRECT}, []jose.ContentEncryption{jose.A256GCM})
	if err != nil {
		t.Fatal(err)
	}
	plain, err := parsed.Decrypt(raw)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// Sizes come in steps, whatever is inside: every award below a step is as long
// as any other. The text has nothing that could be compressed, and then as much
// as can be.
func TestSizes(t *testing.T) {
	_, key := draw(t, 1)
	size := func(text string) int { // of what is encrypted
		sealed, err := seal(contents(`"`+text+`"`), key)
		if err != nil {
			t.Fatal(err)
		}
		opened, err := capsule.Open(sealed, key)
		if err != nil {
			t.Errorf("%d characters: %v", len(text), err)
		} else if string(opened.Credentials[0].Documents[0].Document) != `"`+text+`"` {
			t.Errorf("%d characters came back as others", len(text))
		}
		if got := byGoJose(t, sealed, key); !bytes.Contains(got, []byte(text)) {
			t.Errorf("go-jose does not open %d characters", len(text))
		}
		b, _ := base64.RawURLEncoding.DecodeString(strings.Split(sealed, ".")[3])
		return len(b)
	}
	noise := make([]byte, 600_000)
	rand.NewChaCha8([32]byte{9}).Read(noise)
	text := base64.RawURLEncoding.EncodeToString(noise) // of which 6 in 8 bits stay
	seen := map[int]bool{}
	for n := 0; n < 16_000; n += 61 {
		got := size(text[:n])
		want := (n*3/4/4096 + 1) * 4096
		if got%4096 != 0 || got != want && got != want+4096 {
			t.Errorf("%d characters are sealed as %d", n, got)
		}
		seen[got] = true
	}
	for n := 5000; n < 5600; n++ { // every length about a step
		seen[size(text[:n])] = true
	}
	if len(seen) != 3 { // 4, 8 and 12 KiB
		t.Errorf("sizes are %v", seen)
	}
	for _, n := range []int{1000, 100_000, 200_000, 1_000_000, 3_000_000} {
		if got := size(strings.Repeat("x", n)); got%4096 != 0 || got > 4096+n/7 {
			t.Errorf("%d equal characters are sealed as %d", n, got)
		}
	}
	if got := size(text[:700_000]); got%4096 != 0 {
		t.Errorf("700,000 characters are sealed as %d", got)
	}
}

func TestTampered(t *testing.T) {
	_, key := draw(t, 1)
	_, other := draw(t, 2)
	sealed, err := seal(contents(`{"a":1}`), key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := capsule.Open(sealed, other); err == nil || !strings.Contains(err.Error(), "key does not match") {
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

func TestStrict(t *testing.T) {
	_, key := draw(t, 1)
	const head = `{"alg":"dir","enc":"A256GCM","zip":"DEF"}`
	// fill has what filled a capsule up made of a character.
	fill := func(text, c string, size int) []byte {
		return jwe.Deflate(t, text, strings.Repeat(c, size-len(jwe.Deflate(t, text, ""))))
	}
	const good = `{"version":1,"credentials":[{"variant":"full","documents":[{"format":"f","mediaType":"m","document":{"a":1}}]}]}`
	edit := func(from, to string) []byte {
		if !strings.Contains(good, from) {
			t.Fatalf("no %s", from)
		}
		return fill(strings.Replace(good, from, to, 1), " ", 4096)
	}
	for name, packed := range map[string][]byte{
		"unfilled":        jwe.Deflate(t, good, ""),
		"filled_by_lines": fill(good, "\n", 4096),
		"filled_by_zeros": fill(good, "\x00", 4096),
		"filled_in_front": jwe.Deflate(t, strings.Repeat(" ", 4000)+good, strings.Repeat(" ", 4096-len(jwe.Deflate(t, strings.Repeat(" ", 4000)+good, "")))),
		"filled_twice":    fill(good, " ", 8192),
		"filled_packed":   jwe.Deflate(t, good+strings.Repeat(" ", 4096), strings.Repeat(" ", 4096-len(jwe.Deflate(t, good+strings.Repeat(" ", 4096), "")))),
		"filled_behind":   append(jwe.Deflate(t, good, ""), make([]byte, 4096-len(jwe.Deflate(t, good, "")))...),
		"something_after": fill(good+good, " ", 4096),
		"not_compressed":  []byte(good + strings.Repeat(" ", 4096-len(good))),
		"no_end":          append(jwe.Deflate(t, good, "", " ")[:len(jwe.Deflate(t, good))], make([]byte, 4096-len(jwe.Deflate(t, good)))...),
		"version":         edit(`"version":1`, `"version":2`),
		"unknown_member":  edit(`"version":1`, `"version":1,"x":1`),
		"twice":           edit(`"version":1`, `"version":1,"version":1`),
		"no_credentials":  fill(`{"version":1,"credentials":[]}`, " ", 4096),
		"no_documents":    fill(`{"version":1,"credentials":[{"variant":"full","documents":[]}]}`, " ", 4096),
		"no_variant":      edit(`"full"`, `""`),
		"document_number": edit(`{"a":1}`, `1`),
		"share_malformed": edit(`"documents"`, `"share":"x.y","documents"`),
		"array":           fill(`[]`, " ", 4096),
		"empty":           fill(``, " ", 4096),
		"nothing":         nil,
		"too_much":        bomb(t),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := capsule.Open(jwe.Forge(t, head, packed, key), key)
			if err == nil || !strings.Contains(err.Error(), "not a capsule") {
				t.Errorf("error is %v", err)
			}
		})
	}
	filled := fill(good, " ", 4096)
	for _, header := range []string{head, `{"enc":"A256GCM","zip":"DEF","alg":"dir"}`} {
		if _, err := capsule.Open(jwe.Forge(t, header, filled, key), key); err != nil {
			t.Errorf("%s: %v", header, err)
		}
	}
	_, page, err := sealedPage(t, 3)
	if err != nil {
		t.Fatal(err)
	}
	for name, sealed := range map[string]string{
		"header":           jwe.Forge(t, `{"alg":"dir","enc":"A256GCM","zip":"DEF","cty":"JWT"}`, filled, key),
		"kid":              jwe.Forge(t, `{"alg":"dir","enc":"A256GCM","zip":"DEF","kid":"x"}`, filled, key),
		"page":             page,
		"not_compressed":   jwe.Forge(t, `{"alg":"dir","enc":"A256GCM"}`, filled, key),
		"other_compressed": jwe.Forge(t, `{"alg":"dir","enc":"A256GCM","zip":"GZ"}`, filled, key),
		"wrapped_key":      jwe.Forge(t, `{"alg":"A256KW","enc":"A256GCM","zip":"DEF"}`, filled, key),
		"cbc":              jwe.Forge(t, `{"alg":"dir","enc":"A128CBC-HS256","zip":"DEF"}`, filled, key),
		"alg_twice":        jwe.Forge(t, `{"alg":"dir","alg":"dir","enc":"A256GCM","zip":"DEF"}`, filled, key),
		"short_tag":        strings.TrimSuffix(jwe.Forge(t, head, filled, key), jwe.Forge(t, head, filled, key)[len(jwe.Forge(t, head, filled, key))-4:]),
		"text":             "hello",
		"nothing":          "",
		"line_end":         jwe.Forge(t, head, filled, key) + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := capsule.Open(sealed, key); err == nil || !strings.Contains(err.Error(), "not a capsule") {
				t.Errorf("error is %v", err)
			}
		})
	}
	for _, bad := range []string{"", key[:42], key + "A", key[:42] + "_", strings.Repeat("=", 43), key + "\n"} {
		if _, err := seal(contents(`{}`), bad); err == nil {
			t.Errorf("sealed under the key %q", bad)
		}
		if _, err := capsule.Open("a.b.c.d.e", bad); err == nil || strings.Contains(err.Error(), key[:10]) {
			t.Errorf("opened with the key %q: %v", bad, err)
		}
	}
	if _, err := seal(contents(`{"secret`), key); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("a document that is no JSON: %v", err)
	}
	if _, err := seal(capsule.Contents{}, key); err == nil {
		t.Error("sealed nothing")
	}
}

// bomb is a little that inflates to more than any capsule holds.
func bomb(t *testing.T) []byte {
	t.Helper()
	return jwe.Deflate(t, strings.Repeat(" ", 20<<20), "{}")
}

// FuzzOpen: nothing that is not a capsule opens, whatever it is, and nothing
// panics.
func FuzzOpen(f *testing.F) {
	_, key := draw(f, 1)
	sealed, err := seal(contents(`{"a":1}`), key)
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
		if _, err := seal(c, key); err != nil {
			b.Fatal(err)
		}
	}
}

// TestPacked takes what Pack wrote out of sealed files of every filling: sealed again
// it is the same file.
func TestPacked(t *testing.T) {
	_, key := draw(t, 1)
	_, other := draw(t, 2)
	sizes := map[int]bool{}
	random := rand.New(rand.NewPCG(3, 4))
	for n := range 1200 {
		noise := make([]byte, 3*n)
		for i := range noise {
			noise[i] = "0123456789abcdef"[random.IntN(16)]
		}
		packed, err := capsule.Pack(contents(`{"a":"` + string(noise) + `"}`))
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := capsule.Seal(packed, key)
		if err != nil {
			t.Fatal(err)
		}
		sizes[len(packed)] = true
		got, c, err := capsule.Packed(sealed, key)
		if err != nil || got != packed || len(c.Credentials) != 1 {
			t.Fatalf("of %d bytes: the same %v, %v", len(packed), got == packed, err)
		}
		if n%100 > 0 {
			continue
		}
		if _, _, err := capsule.Packed(sealed, other); err == nil {
			t.Error("another key opens it")
		}
		if _, _, err := capsule.Packed(sealed[:len(sealed)-4], key); err == nil {
			t.Error("it is opened though its end is missing")
		}
	}
	if len(sizes) < 900 {
		t.Errorf("%d sizes", len(sizes))
	}
}
