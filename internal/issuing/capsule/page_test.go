package capsule_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"laurel/internal/issuing/capsule"
)

var theme = [32]byte{1, 2, 3}

const fragment = "<article class=\"award\" lang=\"de\">\n<h1>Żółć 学習 🎓 &amp; 5</h1>\n</article>\n"

// sealedPage is a page beside the capsule with a key drawn from a seed.
func sealedPage(t testing.TB, seed byte) (key, page string, err error) {
	t.Helper()
	_, key = draw(t, seed)
	page, err = capsule.SealPage([]byte(fragment), key, theme)
	return key, page, err
}

func TestPage(t *testing.T) {
	key, page, err := sealedPage(t, 1)
	if err != nil {
		t.Fatal(err)
	}
	got, err := capsule.OpenPage(page, key)
	if err != nil || string(got) != fragment {
		t.Fatalf("came back as %q: %v", got, err)
	}
	parts := strings.Split(page, ".")
	head, _ := base64.RawURLEncoding.DecodeString(parts[0])
	digest := base64.RawURLEncoding.EncodeToString(theme[:])
	if want := `{"alg":"dir","enc":"A256GCM","kid":"page-1.` + digest + `","zip":"DEF"}`; string(head) != want {
		t.Errorf("the header is %s, want %s", head, want)
	}
	if sealed, _ := base64.RawURLEncoding.DecodeString(parts[3]); len(sealed) != 8192 {
		t.Errorf("%d bytes are encrypted", len(sealed))
	}
	if _, again, err := sealedPage(t, 1); err != nil || again != page {
		t.Errorf("made again it is another: %v", err)
	}
	_, other := draw(t, 2)
	if _, err := capsule.OpenPage(page, other); err == nil || !strings.Contains(err.Error(), "key does not match") {
		t.Errorf("another key: %v", err)
	}
	jwe, err := seal(contents(`{"a":1}`), key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := capsule.OpenPage(jwe, key); err == nil || !strings.Contains(err.Error(), "not a page") {
		t.Errorf("a capsule: %v", err)
	}
	for i := range page {
		b := []byte(page)
		b[i] ^= 1
		if _, err := capsule.OpenPage(string(b), key); err == nil {
			t.Fatalf("byte %d was changed unnoticed", i)
		}
	}
	for _, bad := range []string{"", key[:42], key + "A", strings.Repeat("=", 43)} {
		if _, err := capsule.SealPage([]byte(fragment), bad, theme); err == nil {
			t.Errorf("sealed under the key %q", bad)
		}
		if _, err := capsule.OpenPage(page, bad); err == nil {
			t.Errorf("opened with the key %q", bad)
		}
	}
	if _, err := capsule.SealPage([]byte("x "), key, theme); err == nil {
		t.Error("spaces that would be lost are sealed")
	}
}

// The key is that of the capsule under HKDF, so that a page's file can be opened
// by whoever has the link, with any library.
func TestPageKey(t *testing.T) {
	key, page, err := sealedPage(t, 1)
	if err != nil {
		t.Fatal(err)
	}
	derived := capsule.PageKey(t, key, theme)
	if derived == key {
		t.Error("the page has the capsule's own key")
	}
	if got := byGoJose(t, page, derived); strings.TrimRight(string(got), " ") != fragment {
		t.Errorf("go-jose opens %.200q", got)
	}
}

// A nonce meets one text only under a key, whatever is edited; with another theme
// all that is encrypted is new.
func TestPageNonce(t *testing.T) {
	_, key := draw(t, 1)
	seen := map[string]string{} // kid and nonce -> text
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 2000 {
		text := []byte(strings.Repeat(fragment, 1+i%7))
		for range i % 5 {
			text[r.IntN(len(text))] ^= byte(1 + r.IntN(30))
		}
		text = bytes.TrimRight(text, " ")
		if len(text) == 0 {
			continue
		}
		for v := range byte(2) {
			page, err := capsule.SealPage(text, key, [32]byte{v})
			if err != nil {
				t.Fatal(err)
			}
			parts := strings.Split(page, ".")
			at := parts[0] + " " + parts[2]
			if other, ok := seen[at]; ok && other != string(text) {
				t.Fatalf("edit %d has the nonce of another", i)
			}
			seen[at] = string(text)
		}
	}
	if len(seen) < 3000 {
		t.Errorf("only %d nonces", len(seen))
	}
}

// Pages of different lengths have few sizes.
func TestPageSizes(t *testing.T) {
	_, key := draw(t, 1)
	noise := make([]byte, 20000)
	rand.NewChaCha8([32]byte{9}).Read(noise)
	text := fmt.Sprintf("%x", noise) // of which half can be packed
	seen := map[int]int{}
	for n := 1; n < len(text); n += 97 {
		page, err := capsule.SealPage([]byte(text[:n]), key, theme)
		if err != nil {
			t.Fatal(err)
		}
		sealed, _ := base64.RawURLEncoding.DecodeString(strings.Split(page, ".")[3])
		seen[len(sealed)]++
		if got, err := capsule.OpenPage(page, key); err != nil || string(got) != text[:n] {
			t.Fatalf("%d characters do not come back: %v", n, err)
		}
	}
	for size := range seen {
		if size%4096 != 0 || size < 8192 {
			t.Errorf("%d pages have %d bytes", seen[size], size)
		}
	}
	if len(seen) != 5 { // 8, 12, … 24 KiB
		t.Errorf("sizes are %v", seen)
	}
}
