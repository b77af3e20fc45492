package themes_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"io"
	"math/rand/v2"
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"time"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/capsule"
	"laurel/internal/standards/bake"
	"laurel/internal/testing/interop"
	"laurel/internal/testing/jwe"
)

const source = "default/src"

// answer is what files.mjs says to a job.
type answer struct {
	Result json.RawMessage
	Error  string
}

func (a answer) bytes(t *testing.T) []byte {
	t.Helper()
	var b []byte
	if a.Error != "" || json.Unmarshal(a.Result, &b) != nil {
		t.Fatalf("answered %q, error %q", a.Result, a.Error)
	}
	return b
}

type job map[string]any

// do has the scripts of the pages do some jobs, in Node.
func do(t *testing.T, jobs ...job) []answer {
	t.Helper()
	if err := interop.Install(t.Context(), source); err != nil {
		t.Fatal(err)
	}
	var in, stdout, stderr bytes.Buffer
	lines := json.NewEncoder(&in)
	for _, j := range jobs {
		if err := lines.Encode(j); err != nil {
			t.Fatal(err)
		}
	}
	node := exec.CommandContext(t.Context(), "node", "tools/files.mjs")
	node.Dir, node.Stdin, node.Stdout, node.Stderr = source, &in, &stdout, &stderr
	if err := node.Run(); err != nil {
		t.Fatalf("node files.mjs: %v\n%s", err, stderr.Bytes())
	}
	var answers []answer
	scanner := bufio.NewScanner(&stdout)
	scanner.Buffer(nil, 64<<20)
	for scanner.Scan() {
		var a answer
		if err := json.Unmarshal(scanner.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
	if len(answers) != len(jobs) {
		t.Fatalf("%d answers to %d jobs", len(answers), len(jobs))
	}
	return answers
}

// random gives the same bytes in every run.
func random() io.Reader { return rand.NewChaCha8([32]byte{4}) }

// signed has what trouble a reader of JSON or of pictures: numbers that are
// written in a way of their own, names that are numbers, escapes, letters
// beyond ASCII and beyond the basic plane, braces, a CDATA end, mark-up.
const signed = `{"type":["VerifiableCredential","OpenBadgeCredential"],"10":1.50,"9":"\u00e9",` +
	`"name":"Żółć 学習 🎓 {curly} } { \"quoted\" \\","html":"a]]>b<c>&amp;","proof":[{"a":{}}]}`

// Capsules.

func sample(share string) capsule.Contents {
	doc := func(s string) capsule.Document {
		return capsule.Document{Format: "eddsa-rdfc-2022", MediaType: "application/vc", Document: []byte(s)}
	}
	return capsule.Contents{Version: 1, Credentials: []capsule.Credential{
		{Variant: "full", Documents: []capsule.Document{doc(signed), {Format: "EdDSA", MediaType: "application/vc+jwt", Document: []byte(`"a.b.c"`)}}, Share: share},
		{Variant: "no-name", Documents: []capsule.Document{doc(`{"id":"urn:x"}`)}},
	}}
}

func sealed(t *testing.T, c capsule.Contents) (jwe, name, key string) {
	t.Helper()
	name, key, err := capsule.New(random())
	if err != nil {
		t.Fatal(err)
	}
	packed, err := capsule.Pack(c)
	if err != nil {
		t.Fatal(err)
	}
	if jwe, err = capsule.Seal(packed, key); err != nil {
		t.Fatal(err)
	}
	return jwe, name, key
}

// form is what capsule.ts makes of a credential.
type form struct {
	Variant, Credential, Share string
	Others                     map[string]string
}

// TestCapsule opens in the browser's way what laurel sealed.
func TestCapsule(t *testing.T) {
	share := strings.Repeat("0a", 16) + "." + strings.Repeat("A", 43)
	jwe, name, key := sealed(t, sample(share))
	_, other, err := capsule.New(rand.NewChaCha8([32]byte{5}))
	if err != nil {
		t.Fatal(err)
	}
	got := do(t, job{"do": "open", "capsule": []byte(jwe), "key": key}, job{"do": "open", "capsule": []byte(jwe), "key": other},
		job{"do": "fetch", "link": "#" + name + "." + key, "status": 200, "body": []byte(jwe)})
	want := []form{{"full", signed, share, map[string]string{"EdDSA": "a.b.c"}}, {"no-name", `{"id":"urn:x"}`, "", map[string]string{}}}
	var forms []form
	if err := json.Unmarshal(got[0].Result, &forms); err != nil || !reflect.DeepEqual(forms, want) {
		t.Errorf("opened %s %s, %v", got[0].Result, got[0].Error, err)
	}
	if got[1].Error != "key" {
		t.Errorf("another key: %q", got[1].Error)
	}

	var fetched struct {
		Forms []form
		Asked []map[string]any
	}
	if err := json.Unmarshal(got[2].Result, &fetched); err != nil || len(fetched.Forms) != 2 || len(fetched.Asked) != 1 {
		t.Fatalf("fetched %s, %v", got[2].Result, err)
	}
	asked := fetched.Asked[0]
	for member, want := range map[string]string{"url": "https://site.example.org/base/c/" + name + ".jwe",
		"cache": "no-store", "credentials": "omit", "referrerPolicy": "no-referrer", "mode": "same-origin"} {
		if asked[member] != want {
			t.Errorf("the request's %s is %q", member, asked[member])
		}
	}
	if strings.Contains(string(mustJSON(t, asked)), key) {
		t.Error("the request holds the key")
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestCapsuleRefused hands in what is no capsule. Whatever capsule.Open
// refuses, the page refuses.
func TestCapsuleRefused(t *testing.T) {
	whole, _, key := sealed(t, sample(""))
	part := strings.Split(whole, ".")
	with := func(i int, s string) string {
		changed := append([]string{}, part...)
		changed[i] = s
		return strings.Join(changed, ".")
	}
	header := func(s string) string { return with(0, base64.RawURLEncoding.EncodeToString([]byte(s))) }
	flipped := []byte(part[3])
	flipped[len(flipped)/2] ^= 1
	const head = `{"alg":"dir","enc":"A256GCM","zip":"DEF"}`
	again := func(plain, behind string) string { return jwe.Forge(t, head, jwe.Deflate(t, plain, behind), key) }
	spaces := func(s string, size int) string { return strings.Repeat(" ", size-len(jwe.Deflate(t, s, ""))) }
	filled := func(s string) string { return again(s, spaces(s, 4096)) }
	const good = `{"version":1,"credentials":[{"variant":"full","documents":[{"format":"a","mediaType":"b","document":{}}]}]}`
	cases := map[string]string{
		"nothing": "", "page": "<!doctype html>", "cut": whole[:len(whole)/2], "line break": whole + "\n", "padding": whole + "=",
		"six parts": whole + ".", "wrapped key": with(1, "AAAA"), "short iv": with(2, "AAAA"), "no iv": with(2, ""), "no tag": with(4, ""), "other tag": with(4, strings.Repeat("A", 22)),
		"flipped": with(3, string(flipped)), "no ciphertext": with(3, ""),
		"header none": header(`{}`), "header zip": header(`{"alg":"dir","enc":"A256GCM"}`), "header kid": header(`{"alg":"dir","enc":"A256GCM","zip":"DEF","kid":"x"}`), "header enc": header(`{"alg":"dir","enc":"A128GCM","zip":"DEF"}`),
		"header twice": header(`{"alg":"none","alg":"dir","enc":"A256GCM","zip":"DEF"}`), "header order": header(`{"zip":"DEF","enc":"A256GCM","alg":"dir"}`),
		"not filled": again(good, ""), "two steps": again(good, spaces(good, 8192)), "lines": again(good, strings.ReplaceAll(spaces(good, 4096), " ", "\n")),
		"not compressed": jwe.Forge(t, head, []byte(good+strings.Repeat(" ", 4096-len(good))), key), "in front": filled(" " + good),
		"behind":   jwe.Forge(t, head, append(jwe.Deflate(t, good, ""), make([]byte, 4096-len(jwe.Deflate(t, good, "")))...), key),
		"too much": filled(strings.Repeat(" ", 3<<20) + good),
		"no JSON":  filled("x"), "list": filled(`[]`), "version": filled(`{"version":2,"credentials":[{"variant":"full","documents":[{"format":"a","mediaType":"b","document":{}}]}]}`),
		"empty": filled(`{"version":1,"credentials":[]}`), "no documents": filled(`{"version":1,"credentials":[{"variant":"full","documents":[]}]}`),
		"number": filled(`{"version":1,"credentials":[{"variant":"full","documents":[{"format":"a","mediaType":"b","document":1}]}]}`),
		"twice":  filled(`{"version":1,"credentials":[{"variant":"full","documents":[{"format":"a","mediaType":"b","document":{}}]},{"variant":"full","documents":[{"format":"a","mediaType":"b","document":{}}]}]}`),
		"member": filled(`{"version":1,"credentials":[{"variant":"full","x":1,"documents":[{"format":"a","mediaType":"b","document":{}}]}]}`),
		"name":   filled(`{"version":1,"version":1,"credentials":[{"variant":"full","documents":[{"format":"a","mediaType":"b","document":{}}]}]}`),
		"share":  filled(`{"version":1,"credentials":[{"variant":"full","share":"x","documents":[{"format":"a","mediaType":"b","document":{}}]}]}`),
	}
	var names []string
	var jobs []job
	for name, whole := range cases {
		names = append(names, name)
		jobs = append(jobs, job{"do": "open", "capsule": []byte(whole), "key": key})
		if _, err := capsule.Open(whole, key); err == nil {
			t.Errorf("%s: laurel opens it", name)
		}
	}
	cipher := map[string]bool{"flipped": true, "other tag": true, "header order": true, "no ciphertext": true}
	for i, got := range do(t, jobs...) {
		want := "damaged"
		if cipher[names[i]] {
			want = "key" // which the cipher cannot tell from damage
		}
		if got.Error != want {
			t.Errorf("%s: %q, %s", names[i], got.Error, got.Result)
		}
	}
}

// TestSealedPage opens in the browser's way the page that is beside a capsule.
func TestSealedPage(t *testing.T) {
	const html = "<article>\n<h1>Żółć 学習 🎓 &amp;</h1>\n</article>\n"
	jwe, name, key := sealed(t, sample(""))
	page, err := capsule.SealPage([]byte(html), key, [32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	other := strings.Repeat("A", 43)
	got := do(t, job{"do": "page", "page": []byte(page), "key": key}, job{"do": "page", "page": []byte(page), "key": other},
		job{"do": "page", "page": []byte(jwe), "key": key}, job{"do": "open", "capsule": []byte(page), "key": key},
		job{"do": "page", "page": []byte(page[:len(page)-1]), "key": key},
		job{"do": "fetch", "link": "#" + name + "." + key, "status": 200, "body": []byte(page), "page": true})
	var text string
	if err := json.Unmarshal(got[0].Result, &text); err != nil || text != html {
		t.Errorf("opened %s %s, %v", got[0].Result, got[0].Error, err)
	}
	for i, want := range []string{"", "key", "damaged", "damaged", "damaged", ""} {
		if got[i].Error != want {
			t.Errorf("answer %d: %q, want %q", i, got[i].Error, want)
		}
	}
	var fetched struct {
		Page  string
		Asked []map[string]any
	}
	if err := json.Unmarshal(got[5].Result, &fetched); err != nil || fetched.Page != html || len(fetched.Asked) != 1 ||
		fetched.Asked[0]["url"] != "https://site.example.org/base/"+model.CapsulePagePath(name) || strings.Contains(string(mustJSON(t, fetched.Asked)), key) {
		t.Errorf("fetched %s, %v", got[5].Result, err)
	}
}

// TestOtherLibrary: what laurel sealed is opened by the library jose, which
// inflates it.
func TestOtherLibrary(t *testing.T) {
	jwe, _, key := sealed(t, sample(""))
	long := sample("")
	long.Credentials[0].Documents[0].Document = []byte(`"` + strings.Repeat("ab", 100_000) + `"`)
	longer, _, _ := sealed(t, long)
	for i, got := range do(t, job{"do": "jose", "jwe": []byte(jwe), "key": key}, job{"do": "jose", "jwe": []byte(longer), "key": key}) {
		var opened struct {
			Text   string
			Header map[string]string
		}
		if err := json.Unmarshal(got.Result, &opened); err != nil || got.Error != "" {
			t.Fatalf("%d: %s, %v", i, got.Error, err)
		}
		var contents capsule.Contents
		if err := json.Unmarshal([]byte(opened.Text), &contents); err != nil || len(contents.Credentials) != 2 || opened.Header["zip"] != "DEF" {
			t.Errorf("%d: opened %.100s with the header %v, %v", i, opened.Text, opened.Header, err)
		}
	}
}

func TestClaimLink(t *testing.T) {
	name, key := strings.Repeat("0123456789abcdef", 2), strings.Repeat("A", 43)
	cases := map[string]string{
		"#" + name + "." + key: "", "": "none", "#": "none",
		"#" + name: "malformed", "#" + name + ".": "malformed", "#" + name + "." + key[:42]: "malformed", "#" + name + "." + key + "A": "malformed",
		"#" + name + "." + key[:42] + "B": "malformed", // bits that are not the key's
		"#" + name[1:] + "." + key:        "malformed", "#" + strings.ToUpper(name) + "." + key: "malformed", "#" + name + "%2E" + key: "",
		"#../" + name + "." + key: "", "# " + name + "." + key: "", "#" + name + "." + key + "\n": "", "#" + name + "." + key + ").": "",
	}
	var jobs []job
	var want []string
	for fragment, trouble := range cases {
		jobs, want = append(jobs, job{"do": "link", "fragment": fragment}), append(want, trouble)
	}
	for i, got := range do(t, jobs...) {
		if got.Error != want[i] {
			t.Errorf("%q: %q, want %q", jobs[i]["fragment"], got.Error, want[i])
		}
	}

	link := "#" + name + "." + key
	for i, got := range do(t, job{"do": "fetch", "link": link, "status": 404, "body": ""}, job{"do": "fetch", "link": link, "status": 410, "body": ""},
		job{"do": "fetch", "link": link, "status": 500, "body": ""}, job{"do": "fetch", "link": link, "status": 0, "body": ""},
		job{"do": "fetch", "link": link, "status": 200, "body": []byte("<!doctype html>")}) {
		var r struct{ Trouble string }
		if err := json.Unmarshal(got.Result, &r); err != nil || r.Trouble != []string{"missing", "missing", "unreachable", "unreachable", "damaged"}[i] {
			t.Errorf("%v: %s %s", i, got.Result, got.Error)
		}
	}
}

// Pictures.

func blankPNG(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const blankSVG = `<?xml version="1.0" encoding="UTF-8"?>
<!-- <svg> in a comment -->
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" data-x="a>b"><title>Ż 🎓</title><path d="M0 0h9v9z"/></svg>
`

// TestBake wants every picture that the page bakes to be laurel's, byte for
// byte, and to give the credential back.
func TestBake(t *testing.T) {
	images := map[string][]byte{"png": blankPNG(t), "svg": []byte(blankSVG), "bom": []byte("\ufeff" + blankSVG),
		"declared": []byte(strings.Replace(blankSVG, "<svg", `<svg xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"`, 1)),
		"prefixed": []byte(`<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:g/></s:svg>`)}
	credentials := map[string]string{"badge": signed, "clr": `{"type":["VerifiableCredential","ClrCredential"]}`,
		"spaced": "\r\n{\r\n \"a\" : \"\\r]]>\" }\n", "escapes": `{"a\\":"\\","b":"]]\u003e\"{","]]>":"]]>>"}`, "long": `{"a":"` + strings.Repeat("é{", 40_000) + `"}`}
	var jobs []job
	var want [][]byte
	var names []string
	for format, image := range images {
		for name, credential := range credentials {
			baked, err := bakeInto(image, []byte(credential))
			if err != nil {
				t.Fatalf("%s %s: %v", format, name, err)
			}
			jobs = append(jobs, job{"do": "bake", "image": image, "credential": []byte(credential)})
			want, names = append(want, baked), append(names, format+" "+name)
		}
	}
	for i, got := range do(t, jobs...) {
		baked := got.bytes(t)
		if !bytes.Equal(baked, want[i]) {
			t.Errorf("%s: differs from laurel's", names[i])
		}
		if _, err := bake.Unbake(baked); err != nil {
			t.Errorf("%s: %v", names[i], err)
		}
	}
}

// bakeInto bakes a credential into a PNG or an SVG as laurel does.
func bakeInto(image, credential []byte) ([]byte, error) {
	blank := bake.NewSVG
	if bake.IsPNG(image) {
		blank = bake.NewPNG
	}
	b, err := blank(image)
	if err != nil {
		return nil, err
	}
	return b.Bake(credential)
}

// TestBakeRefuses: what laurel does not bake, the page does not.
func TestBakeRefuses(t *testing.T) {
	good := []byte(signed)
	baked := map[string][]byte{}
	for format, image := range map[string][]byte{"png": blankPNG(t), "svg": []byte(blankSVG)} {
		b, err := bakeInto(image, good)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := bakeInto(b, good); !errors.Is(err, bake.ErrBaked) {
			t.Fatalf("%s twice: %v", format, err)
		}
		baked[format] = b
	}
	flipped := bytes.Clone(blankPNG(t))
	flipped[len(flipped)-20] ^= 1
	cases := map[string]job{
		"png twice": {"image": baked["png"], "credential": good}, "svg twice": {"image": baked["svg"], "credential": good},
		"cut png": {"image": blankPNG(t)[:60], "credential": good}, "flipped png": {"image": flipped, "credential": good},
		"cut svg": {"image": []byte(blankSVG[:120]), "credential": good}, "empty svg": {"image": []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "credential": good},
		"no namespace": {"image": []byte(`<svg></svg>`), "credential": good}, "entities": {"image": []byte(`<!DOCTYPE svg [<!ENTITY a "b">]>` + blankSVG[39:]), "credential": good},
		"prefix": {"image": []byte(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="urn:x">a</svg>`), "credential": good},
		"gif":    {"image": []byte("GIF89a"), "credential": good}, "no JSON": {"image": blankPNG(t), "credential": []byte("{")},
		"list": {"image": blankPNG(t), "credential": []byte("[]")}, "twice": {"image": blankPNG(t), "credential": []byte(`{"a":1,"a":2}`)},
		"large": {"image": blankPNG(t), "credential": []byte(`{"a":"` + strings.Repeat("{", 1<<18) + `"}`)},
	}
	var jobs []job
	var names []string
	for name, j := range cases {
		j["do"] = "bake"
		jobs, names = append(jobs, j), append(names, name)
	}
	for i, got := range do(t, jobs...) {
		if got.Error == "" {
			t.Errorf("%s: baked", names[i])
		}
	}
}

// Archives.

func TestZip(t *testing.T) {
	files := []struct {
		Name  string `json:"name"`
		Bytes []byte `json:"bytes"`
	}{{"welding-full.json", []byte(signed)}, {"Żółć 学習 🎓.png", bytes.Repeat([]byte{0, 255}, 100_000)}, {"empty", []byte{}}}
	when := time.Date(2026, 3, 5, 23, 30, 42, 0, time.UTC)
	got := do(t, job{"do": "zip", "entries": files, "when": when})[0].bytes(t)
	archive, err := zip.NewReader(bytes.NewReader(got), int64(len(got)))
	if err != nil {
		t.Fatal(err)
	}
	if len(archive.File) != len(files) {
		t.Fatalf("%d files", len(archive.File))
	}
	for i, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r) // which checks the sum
		if err != nil || !bytes.Equal(data, files[i].Bytes) || f.Name != files[i].Name || f.NonUTF8 || !f.Modified.Equal(when) {
			t.Errorf("%q of %v, NonUTF8 %v: %d bytes, %v", f.Name, f.Modified, f.NonUTF8, len(data), err)
		}
	}

	var jobs []job
	for _, names := range [][]string{{"a", "A"}, {""}, {"a/b"}, {`a\b`}, {".."}, {"a:b"}, {"a\x00"}} {
		entries := []map[string]any{}
		for _, name := range names {
			entries = append(entries, map[string]any{"name": name, "bytes": ""})
		}
		jobs = append(jobs, job{"do": "zip", "entries": entries, "when": when})
	}
	for i, a := range do(t, jobs...) {
		if a.Error == "" {
			t.Errorf("%v: packed", jobs[i]["entries"])
		}
	}
}

func TestFileNames(t *testing.T) {
	const id = "https://example.org/site/achievements/mig-welding-1/achievement.json"
	var jobs []job
	var want []string
	for _, c := range []struct{ achievement, variant, download, want string }{
		{id, "", "credential.json", "mig-welding-1.json"}, {id, "no-name", "badge.png", "mig-welding-1-no-name.png"},
		{id, "full", "credential.jwt", "mig-welding-1-full.jwt"}, {"", "", "badge.svg", "award.svg"},
		{"https://example.org/achievements/..%2f/achievement.json", "", "badge.svg", "2f.svg"},
	} {
		jobs, want = append(jobs, job{"do": "name", "achievement": c.achievement, "variant": c.variant, "download": c.download}), append(want, c.want)
	}
	for i, a := range do(t, jobs...) {
		var got string
		if err := json.Unmarshal(a.Result, &got); err != nil || got != want[i] {
			t.Errorf("%v: %q, want %q", jobs[i], got, want[i])
		}
	}
}
