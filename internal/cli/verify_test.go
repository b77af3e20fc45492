package cli

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"laurel/internal/standards/bake"
	"laurel/internal/standards/did"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/vc"
	"laurel/internal/standards/verify"
)

const testIssuer = "did:web:academy.example.org"

var testNow = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// TestMain lets the test binary be laurel itself, for tests of a whole process.
func TestMain(m *testing.M) {
	if os.Getenv("LAUREL_TEST_MAIN") != "" {
		os.Exit(Main(context.Background(), Process()))
	}
	os.Exit(m.Run())
}

// processor is made once: its contexts are parsed once for all credentials.
var processor = sync.OnceValues(proof.New)

func testKey() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte("a key for tests and nothing else"))
}

// testCredential is a signed credential of the test's issuer; change may change
// it before.
func testCredential(t testing.TB, change func(doc map[string]any)) []byte {
	t.Helper()
	doc := map[string]any{
		"@context": []any{vc.ContextVC, vc.ContextOB},
		"id":       "urn:uuid:0b9b3f3e-0d5b-4d2a-9a44-0f8b1f1a2c3d",
		"type":     []any{"VerifiableCredential", "OpenBadgeCredential"},
		"name":     "Woodworking",
		"issuer":   map[string]any{"id": testIssuer, "type": []any{"Profile"}, "name": "Example Academy"},

		"validFrom": "2026-01-15T09:00:00Z", "awardedDate": "2026-01-10T00:00:00Z",
		"credentialSubject": map[string]any{
			"type": []any{"AchievementSubject"},
			"identifier": []any{map[string]any{
				"type": "IdentityObject", "hashed": true, "identityType": "emailAddress",
				"identityHash": vc.HashIdentity("ana@example.org", "salt"), "salt": "salt",
			}},
			"achievement": map[string]any{
				"id": "https://academy.example.org/achievements/woodworking/achievement.json", "type": []any{"Achievement"},
				"achievementType": "Certificate", "name": "Woodworking", "description": "Planing, sawing, joining.",
				"criteria":  map[string]any{"narrative": "A stool that carries a person."},
				"alignment": []any{map[string]any{"type": []any{"Alignment"}, "targetName": "Carpenter", "targetUrl": "https://example.com/skills/carpenter"}},
			},
		},
	}
	if change != nil {
		change(doc)
	}
	p, err := processor()
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(doc, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := p.Sign(data, proof.Options{VerificationMethod: testIssuer + "#key-1", Created: testNow.Add(-time.Hour)}, testKey())
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// folder is a folder with files, and the issuer's document beside it.
func folder(t testing.TB, files map[string][]byte) (dir, document string) {
	t.Helper()
	dir = t.TempDir()
	multikey, err := did.EncodeKey(testKey().Public())
	if err != nil {
		t.Fatal(err)
	}
	data, err := did.WebDocument(testIssuer, []did.PublishedKey{{Kid: "key-1", PublicKeyMultibase: multikey}}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	document = filepath.Join(t.TempDir(), "did.json")
	for path, content := range files {
		write(t, filepath.Join(dir, path), content)
	}
	write(t, document, data)
	return dir, document
}

func write(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// run is laurel verify --offline at the test's time, with the issuer's document.
func run(t testing.TB, stdin []byte, document string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	args = append([]string{"verify", "--offline", "--documents", document, "--at", testNow.Format(time.RFC3339)}, args...)
	code = Main(t.Context(), Environment{Args: args, Stdin: bytes.NewReader(stdin), Stdout: &out, Stderr: &errs})
	return code, out.String(), errs.String()
}

func zipOf(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, data := range files {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestVerifyInputs gives every sort of input, and reads the JSON report.
func TestVerifyInputs(t *testing.T) {
	good := testCredential(t, nil)
	forged := bytes.Replace(good, []byte("Planing"), []byte("Brewing"), 1)
	blank, err := bake.NewSVG([]byte(`<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>`))
	if err != nil {
		t.Fatal(err)
	}
	svg, err := blank.Bake(good)
	if err != nil {
		t.Fatal(err)
	}
	many := map[string][]byte{"a.json": good, "deep/b.svg": svg, "notes.txt": []byte("hello"), "did.json": []byte(`{"id":"did:web:example.com"}`), ".hidden.json": forged}
	bomb := map[string][]byte{"a.json": good, "zeros": make([]byte, maxExpanded/4)}
	for _, name := range []string{"zeros 2", "zeros 3", "zeros 4"} {
		bomb[name] = bomb["zeros"]
	}
	// What looks as if there were a credential in it is not passed over.
	some := map[string][]byte{
		"a.json": good, "b.json": []byte(`{"payload":"{\"credentialSubject\":{}}","signatures":[{}]}`), "c.txt": []byte("my badge: eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJ4In0.AAAA, see there"),
		"d.png": []byte("\x89PNG\r\n\x1a\n openbadgecredential"), "e.zip": zipOf(t, map[string][]byte{"a.json": good}),
		"canteen.jpg": []byte("\xff\xd8\xff\xe0"), "cv.docx": zipOf(t, map[string][]byte{"word/document.xml": nil}), "notes.rtf": []byte(`{\rtf1 soup}`), "soup.json": []byte(`[{"soup":1e999}]`), "plain.pdf": []byte("%PDF-1.7\n"),
	}
	entries := map[string][]byte{}
	for i := range maxEntries + 1 {
		entries[strings.Repeat("a", i%9)+string(rune('a'+i%26))+strings.Repeat("b", i/9)] = good
	}
	dir, document := folder(t, map[string][]byte{
		"good.json": good, "forged.bin": forged, "badge.svg": svg, "empty.json": nil,
		"many/a.json": good, "many/deep/b.svg": svg, "many/notes.txt": []byte("hello"), "many/.git/x.json": forged,
		"none/notes.txt":  []byte("hello"),
		"list.json":       []byte("[" + string(good) + "," + string(forged) + "]"),
		"page/index.html": []byte("<!doctype html><p>Woodworking</p>"), "page/credential.json": good,
		"some.zip": zipOf(t, some),
		"many.zip": zipOf(t, many), "bomb.zip": zipOf(t, bomb), "entries.zip": zipOf(t, entries),
		"nested.zip": zipOf(t, map[string][]byte{"a.json": good, "b.zip": zipOf(t, many)}),
		"cut.zip":    zipOf(t, many)[:200],
		"slip.zip":   zipOf(t, map[string][]byte{"../../a.json": good}),
	})
	for name, data := range some {
		write(t, filepath.Join(dir, "some", name), data)
	}
	for _, c := range []struct {
		name   string
		stdin  []byte
		code   int
		inputs string // verdicts in order
		reason string // code of the first row of the last report
	}{
		{"good.json", nil, 0, "valid", "ok"},
		{"forged.bin", nil, 1, "invalid", "ok"},
		{"badge.svg", nil, 0, "valid", "ok"},
		{"empty.json", nil, 3, "undetermined", "input-empty"},
		{"many", nil, 0, "valid valid", "ok"},
		{"many.zip", nil, 0, "valid valid", "ok"},
		{"-", good, 0, "valid", "ok"},
		{"-", zipOf(t, many), 0, "valid valid", "ok"},
		{"bomb.zip", nil, 3, "valid undetermined", "zip-malformed"},
		{"list.json", nil, 1, "valid invalid", "ok"},
		{"some", nil, 3, "valid undetermined undetermined undetermined undetermined", "zip-file"},
		{"some.zip", nil, 3, "valid undetermined undetermined undetermined undetermined", "zip-nested"},
		{"page/index.html", nil, 0, "valid", "ok"},
		{"entries.zip", nil, 3, "undetermined", "zip-malformed"},
		{"nested.zip", nil, 3, "valid undetermined", "zip-nested"},
		{"cut.zip", nil, 3, "undetermined", "zip-malformed"},
		{"slip.zip", nil, 0, "valid", "ok"},
	} {
		path := c.name
		if path != "-" {
			path = filepath.Join(dir, path)
		}
		code, out, errs := run(t, c.stdin, document, "--json", path)
		var result struct {
			Reports []verified     `json:"reports"`
			Verdict verify.Verdict `json:"verdict"`
		}
		if err := json.Unmarshal([]byte(out), &result); err != nil {
			t.Fatalf("%s: %v\n%s%s", c.name, err, out, errs)
		}
		var verdicts []string
		for _, r := range result.Reports {
			verdicts = append(verdicts, string(r.Verdict))
		}
		first := result.Reports[len(result.Reports)-1].Checks[0]
		if code != c.code || strings.Join(verdicts, " ") != c.inputs || first.Code != c.reason {
			t.Errorf("%s: exit %d, %v, %s; want %d, %s, %s", c.name, code, verdicts, first.Code, c.code, c.inputs, c.reason)
		}
		if !strings.HasSuffix(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(out), "}")), `"verdict": "`+string(result.Verdict)+`"`) {
			t.Errorf("%s: the verdict is not the last word: %s", c.name, out)
		}
	}
	// Of several arguments one may be missing: the others are judged all the same.
	for _, c := range []struct {
		code int
		name string
	}{{exitMisused, "good.json"}, {exitProblem, "forged.bin"}, {exitMisused, "empty.json"}} {
		code, out, errs := run(t, nil, document, filepath.Join(dir, "nothing.json"), "http://academy.example.org/x", filepath.Join(dir, c.name))
		if code != c.code || !strings.Contains(out, "verdict: ") || !strings.Contains(errs, "nothing.json") || !strings.Contains(errs, "is not https") {
			t.Errorf("%s and a missing file: exit %d, want %d: %s%s", c.name, code, c.code, out, errs)
		}
	}
	// What is left out is named, in a folder as in an archive.
	for _, name := range []string{"some", "some.zip"} {
		if _, _, errs := run(t, nil, document, "--csv", filepath.Join(dir, name)); !strings.Contains(errs, "left out: not credentials:\n") || !strings.Contains(errs, "canteen.jpg\n") {
			t.Errorf("%s: %s", name, errs)
		}
	}
	// Of many, the valid ones have a line, and what warns of them another.
	var eleven []string
	for range maxInFull + 1 {
		eleven = append(eleven, filepath.Join(dir, "good.json"))
	}
	write(t, filepath.Join(dir, "others.yaml"), []byte("- did:web:other.example\n"))
	if _, out, _ := run(t, nil, document, append(eleven, "--registry", filepath.Join(dir, "others.yaml"))...); strings.Count(out, ", Example Academy (academy.example.org)\n       warn  The issuer controls the domain") != len(eleven) {
		t.Errorf("what warns of many is not told:\n%s", out)
	}
	if code, _, errs := run(t, nil, document, filepath.Join(dir, "none")); code != exitMisused || !strings.Contains(errs, "no credential") || !strings.Contains(errs, "hint: ask for the file") {
		t.Errorf("a folder without credentials: %d, %s", code, errs)
	}
}

func TestVerifyRequirements(t *testing.T) {
	dir, document := folder(t, map[string][]byte{
		"good.json":     testCredential(t, nil),
		"policy.yaml":   []byte("# what we accept\nachievementType: [Diploma, Certificate]\nawardedAfter: 2026-01-01\nissuer: " + testIssuer + "\n"),
		"strict.yaml":   []byte("achievementType: Diploma\n"),
		"unknown.yaml":  []byte("colour: red\n"),
		"twice.yaml":    []byte("issuer: a\nissuer: b\n"),
		"second.yaml":   []byte("issuer: a\n---\nissuer: b\n"),
		"alias.yaml":    []byte("issuer: &a x\nachievement: *a\n"),
		"known.json":    []byte(`{"meta":{},"registry":{"` + testIssuer + `":{"name":"The Academy","url":"https://academy.example.org","location":"Here"}}}`),
		"known.yaml":    []byte("- did: " + testIssuer + "\n  name: The Academy\n"),
		"plain.yaml":    []byte("- " + testIssuer + "\n"),
		"others.yaml":   []byte("- did:web:other.example\n"),
		"nonsense.yaml": []byte("- hello\n"),
	})
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, c := range []struct {
		code int
		says string // on either stream
		args []string
	}{
		{0, "pass  fitness", []string{"--require", "achievementType=Certificate", "--require", "notOlderThan=P2Y", "--recipient", "ana@example.org"}},
		{0, "pass  fitness", []string{"--require", "alignment=https://example.com/skills/carpenter"}},
		{0, "pass  fitness", []string{"--require", "issuer=did:web:a.example", "--require", "issuer=academy.example.org"}},
		{3, "?   fitness", []string{"--require", "issuer=Example Academy"}},
		{0, "pass  fitness", []string{"--require", "issuer=the academy", "--registry", at("known.json")}},
		{1, "FAIL  fitness", []string{"--require", "issuer=Example Academy", "--registry", at("known.json")}},
		{1, "verdict: valid, but it does not meet the requirements", []string{"--require", "achievementType=Diploma"}},
		{1, "FAIL  fitness", []string{"--recipient", "eve@example.org"}},
		{1, "FAIL  fitness", []string{"--require", "notOlderThan=P3M"}},
		{1, "and 1 more of 2", []string{"--require", "awardedAfter=2026-02-01", "--require", "achievement=https://example.org/x"}},
		{0, "pass  fitness", []string{"--policy", at("policy.yaml")}},
		{1, "FAIL  fitness", []string{"--policy", at("strict.yaml")}},
		{2, "colour", []string{"--policy", at("unknown.yaml")}},
		{2, "twice", []string{"--policy", at("twice.yaml")}},
		{2, "second document", []string{"--policy", at("second.yaml")}},
		{2, "alias", []string{"--policy", at("alias.yaml")}},
		{2, "colour", []string{"--require", "colour=red"}},
		{2, "KEY=VALUE", []string{"--require", "issuer"}},
		{2, "P2Y", []string{"--require", "notOlderThan=2 years"}},
		{2, "names are not compared", []string{"--recipient", "Ana Example"}},
		{2, "--policy: " + at("none.yaml") + ": no such file", []string{"--policy", at("none.yaml")}},
		{2, "--registry: " + at("none.yaml") + ": no such file", []string{"--registry", at("none.yaml")}},
		{2, "hint: check the name", []string{"--documents", at("none")}},
		{0, "pass  issuer-trust", []string{"--registry", at("known.json")}},
		{0, `"The Academy"`, []string{"--registry", at("known.yaml")}},
		{0, "pass  issuer-trust", []string{"--registry", at("plain.yaml")}},
		{0, "not listed", []string{"--registry", at("others.yaml")}},
		{0, "Make sure that the issuer really is who", []string{"--registry", at("others.yaml")}}, // the step to take stands beside a warning, too
		{2, "neither a DID", []string{"--registry", at("nonsense.yaml")}},
	} {
		code, out, errs := run(t, nil, document, append(c.args, at("good.json"))...)
		if code != c.code || !strings.Contains(out+errs, c.says) {
			t.Errorf("%q: exit %d, want %d and %q:\n%s%s", c.args, code, c.code, c.says, out, errs)
		}
	}
}

// TestVerifyTerminal prints hostile text: nothing that could steer a terminal or
// turn the direction of text, from a credential or a name of a file, comes out.
func TestVerifyTerminal(t *testing.T) {
	const evil = "\x1b[2K\rverdict: valid\n\u202egnp.exe\u2066\u0007\u009b31m\u200b"
	hostile := testCredential(t, func(doc map[string]any) {
		doc["name"] = evil
		doc["issuer"].(map[string]any)["name"] = evil
		achievement := doc["credentialSubject"].(map[string]any)["achievement"].(map[string]any)
		achievement["name"], achievement["achievementType"] = evil, "ext:"+evil
	})
	dir, document := folder(t, map[string][]byte{
		"h.json": hostile, "bad.json": bytes.Replace(hostile, []byte("Planing"), []byte("Brewing"), 1), "text": []byte(evil), "key.json": []byte(`{"` + `\u001b[2K` + `":1,"credentialSubject":{}}`),
		"z.zip": zipOf(t, map[string][]byte{evil + ".json": hostile, "b.json": hostile}),
	})
	for _, args := range [][]string{
		{"h.json"}, {"bad.json"}, {"text"}, {"key.json"}, {"z.zip"}, {"-v", "z.zip"}, {"--json", "h.json"}, {"--json", "z.zip"},
		{"--require", "issuer=" + evil, "--require", "achievementType=x", "h.json"},
	} {
		args[len(args)-1] = filepath.Join(dir, args[len(args)-1])
		_, out, errs := run(t, nil, document, args...)
		for _, stream := range []string{out, errs} {
			if i := strings.IndexAny(stream, "\x00\x07\x1b\r\u009b\u200b\u202e\u2066"); i >= 0 {
				t.Errorf("%q prints a control character: %q", args, stream[max(0, i-40):min(len(stream), i+40)])
			}
		}
		for line := range strings.Lines(out) {
			if line == "verdict: valid\n" && strings.HasSuffix(args[len(args)-1], "bad.json") {
				t.Errorf("%q prints a verdict of its own: %s", args, out)
			}
		}
	}
}

// process is laurel as a process of its own, perhaps under another program.
func process(t testing.TB, under []string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	line := append(append(under, self), args...)
	c := exec.CommandContext(t.Context(), line[0], line[1:]...)
	c.Env = append(os.Environ(), "LAUREL_TEST_MAIN=1", "SOURCE_DATE_EPOCH=1780315200", "XDG_CACHE_HOME="+t.TempDir(), "HOME="+t.TempDir())
	return c
}

func exitOf(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	if err != nil {
		return -1
	}
	return 0
}

// TestVerifyWithoutNetwork runs in an empty network namespace: given its
// documents a verdict needs no network, offline or not, and without them it is
// undetermined.
func TestVerifyWithoutNetwork(t *testing.T) {
	under := []string{"unshare", "--map-root-user", "--net"}
	if out, err := exec.Command(under[0], append(under[1:], "true")...).CombinedOutput(); err != nil {
		t.Logf("no network namespaces here, running without one: %v %s", err, out)
		under = nil
	}
	dir, document := folder(t, map[string][]byte{"good.json": testCredential(t, nil)})
	good := filepath.Join(dir, "good.json")
	for _, c := range []struct {
		code int
		args []string
	}{
		{0, []string{"verify", "--documents", document, good}},
		{0, []string{"verify", "--offline", "--documents", document, good}},
		{3, []string{"verify", "--offline", good}},
		{2, []string{"verify", "--offline", "https://academy.example.org/x.json"}},
	} {
		out, err := process(t, under, c.args...).CombinedOutput()
		if exitOf(err) != c.code {
			t.Errorf("%q: exit %d, want %d\n%s", c.args, exitOf(err), c.code, out)
		}
	}
	if under == nil {
		return
	}
	out, err := process(t, under, "verify", "-v", good).CombinedOutput()
	if exitOf(err) != exitUndetermined || !strings.Contains(string(out), "asking https://academy.example.org/.well-known/did.json") {
		t.Errorf("without its documents: exit %d\n%s", exitOf(err), out)
	}
}

// TestVerifyOfflineOpensNoSocket watches every system call.
func TestVerifyOfflineOpensNoSocket(t *testing.T) {
	trace := filepath.Join(t.TempDir(), "trace")
	under := []string{"strace", "-f", "-qq", "-e", "trace=%network", "-e", "signal=none", "-o", trace}
	if out, err := exec.Command(under[0], append(under[1:], "true")...).CombinedOutput(); err != nil {
		t.Logf("strace does not work here, so nothing was watched: %v %s", err, out)
		return
	}
	dir, document := folder(t, map[string][]byte{"good.json": testCredential(t, func(doc map[string]any) {
		doc["issuer"].(map[string]any)["url"] = "https://academy.example.org/"
	})})
	for _, args := range [][]string{{"--documents", document}, {}} {
		out, err := process(t, under, append(append([]string{"verify", "--offline"}, args...), filepath.Join(dir, "good.json"))...).CombinedOutput()
		if code := exitOf(err); code != 0 && code != exitUndetermined {
			t.Fatalf("exit %d: %s", code, out)
		}
		f, err := os.Open(trace)
		if err != nil {
			t.Fatal(err)
		}
		calls, err := io.ReadAll(f)
		f.Close()
		// A thread that ends while strace lets go of it leaves a line without
		// the name of a call: "17472 ???( <detached ...>".
		if err != nil || regexp.MustCompile(`[a-z]\w*\(|resumed>`).Match(calls) {
			t.Errorf("verify --offline %q: %v\n%s", args, err, calls)
		}
	}
}
