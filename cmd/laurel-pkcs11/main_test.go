package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"laurel/internal/authoring/model"
	"laurel/internal/cli"
	"laurel/internal/issuing/keys"
	"laurel/internal/issuing/ledger"
)

// asPKCS11 makes the test binary be laurel-pkcs11.
const asPKCS11 = "LAUREL_TEST_AS_PKCS11"

func TestMain(m *testing.M) {
	if os.Getenv(asPKCS11) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// bench is a site folder and a token of SoftHSM for it.
type bench struct {
	module, dir string
	env         []string
}

// newBench makes a token with a key of each kind, with the programs that the usage
// names. A run without them proves nothing, so the test fails rather than skips.
func newBench(t *testing.T) *bench {
	t.Helper()
	modules, err := filepath.Glob("/usr/lib/*/softhsm/libsofthsm2.so")
	if err != nil || len(modules) == 0 {
		t.Fatal("these tests need SoftHSM and OpenSC (Debian: apt-get install softhsm2 opensc; \"make test\" does that)")
	}
	dir := t.TempDir()
	conf, tokens := filepath.Join(dir, "softhsm2.conf"), filepath.Join(dir, "tokens")
	if err := os.Mkdir(tokens, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(conf, []byte("directories.tokendir = "+tokens+"\nobjectstore.backend = file\nlog.level = ERROR\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "LAUREL_") })
	k := &bench{module: modules[0], dir: filepath.Join(dir, "academy"), env: append(env, "SOFTHSM2_CONF="+conf, asPKCS11+"=1")}
	k.tool(t, "softhsm2-util", "--init-token", "--free", "--label", "Larkspur", "--pin", "20263", "--so-pin", "99887766")
	for i, kind := range []string{"EC:edwards25519", "EC:prime256v1", "EC:secp384r1", "rsa:2048"} {
		k.tool(t, "pkcs11-tool", "--module", k.module, "--login", "--pin", "20263", "--keypairgen", "--key-type", kind, "--id", "0"+string(rune('1'+i)), "--label", "laurel "+kind)
	}
	if code, _, errs := k.laurel(".", "new", k.dir); code != 0 {
		t.Fatal(errs)
	}
	return k
}

func (k *bench) tool(t *testing.T, args ...string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), args[0], args[1:]...)
	c.Env = k.env
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// command is how the test binary is run as laurel-pkcs11.
func (k *bench) command(args ...string) string {
	return `"` + os.Args[0] + `" --module ` + k.module + " " + strings.Join(args, " ")
}

// laurel runs a command line in this process, without a terminal.
func (k *bench) laurel(dir string, args ...string) (code int, stdout, stderr string) {
	var out, errs strings.Builder
	code = cli.Main(context.Background(), cli.Environment{Args: append([]string{"-C", dir}, args...), Stdout: &out, Stderr: &errs, KeyWork: 1000, Rehearsal: true, All: func() []string { return k.env },
		Lookup: func(name string) (string, bool) { return "made up for tests", name == "LAUREL_PASSPHRASE" }})
	return code, out.String(), errs.String()
}

func (k *bench) must(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errs := k.laurel(k.dir, args...)
	if code != 0 {
		t.Fatalf("laurel %s: exit %d\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	return out
}

func (k *bench) refused(t *testing.T, want string, args ...string) {
	t.Helper()
	if code, out, errs := k.laurel(k.dir, args...); code == 0 || !strings.Contains(errs, want) {
		t.Errorf("laurel %s: exit %d, want %q\n%s%s", strings.Join(args, " "), code, want, out, errs)
	}
}

func (k *bench) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(k.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestSoftHSM takes a site from its first key to verified credentials, in every form
// that a token's keys can sign, without a private key in a file.
func TestSoftHSM(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a token of SoftHSM")
	}
	k := newBench(t)
	k.write(t, "pin", "20263\n")
	k.write(t, "wrong", "1234\n")
	pin := k.command("--token Larkspur --pin-file " + filepath.Join(k.dir, "pin"))

	for want, command := range map[string]string{
		"there is no terminal to answer at": k.command(),
		"wrong PIN for the token Larkspur":  k.command("--pin-file", filepath.Join(k.dir, "wrong")),
		`there is no token "Lobelia"`:       k.command("--token Lobelia"),
		"cannot be loaded as a PKCS #11":    `"` + os.Args[0] + `" --module /dev/null`,
		"--module FILE is missing":          `"` + os.Args[0] + `"`,
	} {
		k.refused(t, want, "key", "new", "--exec", command)
	}
	k.refused(t, "holds no key of algorithm RSA-3072", "key", "new", "--algorithm", "RSA-3072", "--exec", pin)
	if got := k.must(t, "key", "list"); got != "" {
		t.Fatalf("the keys are %s", got)
	}

	k.must(t, "key", "new", "key-hsm-1", "--exec", pin)
	for _, algorithm := range []string{"P-256", "P-384", "RSA-2048"} {
		k.must(t, "key", "new", "--algorithm", algorithm, "--exec", pin)
	}
	k.onlyCertificate(t, "02", "P-256")
	k.refused(t, "the ledger has this key already, as key-hsm-1", "key", "new", "--exec", pin)
	k.refused(t, "key key-hsm-1 has no passphrase", "key", "passphrase", "key-hsm-1")
	if got := k.must(t, "key", "list"); strings.Count(got, "exec:") != 4 {
		t.Errorf("the keys are\n%s", got)
	}
	// One more that is a file, which is newer, and is not what site.yaml names.
	k.must(t, "key", "new")
	site, err := os.ReadFile(filepath.Join(k.dir, "content/site.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	settings := func(sign string) { k.write(t, "content/site.yaml", string(site)+"\nsign:\n"+sign) }
	settings("  key: exec:/bin/sh -c id\n")
	k.refused(t, "no key of keys/ is one that /bin/sh -c id holds", "plan")
	settings("  key: 'exec:" + pin + "'\n  formats: [" + strings.Join(model.FormNames(), ", ") + "]\n")
	if got := k.must(t, "plan"); !strings.Contains(got, "key key-hsm-1\n") {
		t.Errorf("the plan is\n%s", got)
	}

	// What may have come with a repository is not run.
	file := filepath.Join(k.dir, "keys/key-hsm-1.json")
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	k.refused(t, "it may have come with a repository", "sign")
	if err := os.Chmod(file, 0o400); err != nil {
		t.Fatal(err)
	}
	if got := k.must(t, "sign"); !strings.Contains(got, "with key-hsm-1") {
		t.Errorf("sign says %s", got)
	}
	k.must(t, "build")
	k.must(t, "audit")
	k.verifyAll(t)
	noPrivateHalf(t, filepath.Join(k.dir, "keys"), 4, 1)

	// Its life is that of other keys; lost from keys/, it is registered anew.
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	k.refused(t, "no terminal", "key", "new", "--exec", k.command())
	if got := k.must(t, "key", "new", "--exec", pin); got != "key-hsm-1\n" {
		t.Errorf("the key is registered as %s", got)
	}
	k.must(t, "key", "retire", "key-hsm-1", "--yes")
	settings("  key: key-hsm-1\n")
	k.refused(t, "key-hsm-1 cannot sign: it is retired", "plan")
	settings("  formats: [eddsa-rdfc-2022]\n")
	k.must(t, "key", "revoke", "key-hsm-1", "--reissue", "--yes")
	k.refused(t, "the ledger has this key already, as key-hsm-1", "key", "new", "--exec", pin)
}

// verifyAll judges all that was signed, in every form, by what is published. A base
// proof is judged by what is derived from it.
func (k *bench) verifyAll(t *testing.T) {
	t.Helper()
	l, err := ledger.Open(filepath.Join(k.dir, "content/ledger"), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	file, signed := filepath.Join(k.dir, "signed"), map[string]int{}
	for r := range l.State().Records() {
		documents, err := l.Documents(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range documents {
			signed[d.Format]++
			text := string(d.Document)
			if form, _ := model.FormOf(d.Format); form.Compact {
				if err := json.Unmarshal(d.Document, &text); err != nil {
					t.Fatal(err)
				}
			}
			k.write(t, "signed", text)
			if d.Format == "ecdsa-sd-2023" {
				text = k.must(t, "disclose", file, "--reveal", "/name")
				k.write(t, "signed", text)
			}
			// A host has to be asked for the status of an SD-JWT; its signature is judged.
			code, out, errs := k.laurel(k.dir, "verify", "--offline", "--documents", filepath.Join(k.dir, "public"), file)
			if code != 0 && (code != 3 || d.Format != "dc+sd-jwt" || !strings.Contains(out, "The signature is good")) {
				t.Errorf("%s: exit %d\n%s%s", d.Format, code, out, errs)
			}
		}
	}
	for _, form := range model.FormNames() {
		if signed[form] == 0 {
			t.Errorf("nothing is signed in the form %s: %v", form, signed)
		}
	}
}

// onlyCertificate leaves a key with a certificate in the place of its public half, as
// smart cards have it.
func (k *bench) onlyCertificate(t *testing.T, id, algorithm string) {
	t.Helper()
	list, err := keys.List(filepath.Join(k.dir, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(list, func(p keys.Public) bool { return string(p.Algorithm) == algorithm })
	of := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Larkspur Academy"}}
	der, err := x509.CreateCertificate(rand.Reader, of, of, list[i].Key, ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	if err != nil {
		t.Fatal(err)
	}
	k.write(t, "certificate.der", string(der))
	k.tool(t, "pkcs11-tool", "--module", k.module, "--login", "--pin", "20263", "--write-object", filepath.Join(k.dir, "certificate.der"), "--type", "cert", "--id", id)
	k.tool(t, "pkcs11-tool", "--module", k.module, "--login", "--pin", "20263", "--delete-object", "--type", "pubkey", "--id", id)
}

// noPrivateHalf looks that keys/ holds nothing but public halves of the keys that a
// program holds, and the sealed halves of others.
func noPrivateHalf(t *testing.T, dir string, held, sealed int) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		var public struct{ Exec, PublicKeyMultibase string }
		switch filepath.Ext(e.Name()) {
		case ".jwe":
			sealed--
		case ".json":
			if err := json.Unmarshal(b, &public); err != nil || public.PublicKeyMultibase == "" || strings.Contains(string(b), "20263") {
				t.Errorf("%s: %v\n%s", e.Name(), err, b)
			}
			if public.Exec != "" {
				held--
			}
		case ".md":
		default:
			t.Errorf("keys/ holds %s", e.Name())
		}
	}
	if held != 0 || sealed != 0 {
		t.Errorf("keys/ has %d held and %d sealed keys fewer than it should", held, sealed)
	}
}
