package signer_test

import (
	"bufio"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"laurel/internal/docs"
	"laurel/internal/issuing/signer"
	"laurel/internal/material/hint"
)

// What the test binary does when it is started as a signing program, and the RSA
// key that it then has.
const (
	asFake  = "LAUREL_TEST_FAKE_SIGNER"
	fakeRSA = "LAUREL_TEST_FAKE_RSA"
)

func TestMain(m *testing.M) {
	if mode := os.Getenv(asFake); mode != "" {
		fake(mode)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// held are the keys of the fake, by their names.
func held() map[string]crypto.Signer {
	scalar := func(curve elliptic.Curve, size int) crypto.Signer {
		key, err := ecdsa.ParseRawPrivateKey(curve, append(make([]byte, size-1), 7))
		if err != nil {
			panic(err)
		}
		return key
	}
	keys := map[string]crypto.Signer{
		"ed":   ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)),
		"p256": scalar(elliptic.P256(), 32),
		"p384": scalar(elliptic.P384(), 48),
	}
	if b, err := base64.StdEncoding.DecodeString(os.Getenv(fakeRSA)); err == nil && len(b) > 0 {
		if keys["rsa"], err = x509.ParsePKCS1PrivateKey(b); err != nil {
			panic(err)
		}
	}
	return keys
}

// holder does all that a signing program should; it asks for a PIN where pin is set.
func holder(pin string) signer.Holder {
	keys, unlocked := held(), pin == ""
	return signer.Holder{
		Keys: func(signer.Ask) ([]signer.Key, error) {
			var list []signer.Key
			for name, k := range keys {
				list = append(list, signer.Key{Name: name, Public: k.Public()})
			}
			return list, nil
		},
		Sign: func(ask signer.Ask, k signer.Key, data []byte) ([]byte, error) {
			for tries := 0; !unlocked; tries++ {
				got, err := ask("PIN of the fake")
				if err != nil {
					return nil, err
				}
				if unlocked = got == pin; !unlocked && tries == 2 {
					return nil, errors.New("three wrong PINs\x1b[31m")
				}
			}
			key := keys[k.Name]
			switch public := key.Public().(type) {
			case ed25519.PublicKey:
				return key.Sign(nil, data, crypto.Hash(0))
			case *ecdsa.PublicKey:
				r, s, err := ecdsa.Sign(rand.Reader, key.(*ecdsa.PrivateKey), data)
				if err != nil {
					return nil, err
				}
				half := (public.Params().BitSize + 7) / 8
				return append(r.FillBytes(make([]byte, half)), s.FillBytes(make([]byte, half))...), nil
			}
			return key.Sign(nil, data, crypto.SHA256)
		},
	}
}

const ed = `{"key":"ed","publicKeyMultibase":"z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"}`

// fake is a signing program. A mode that is no word of those below is what it writes in
// response to the first request, and behind "|" to the second.
func fake(mode string) {
	in := bufio.NewReader(os.Stdin)
	next := func() {
		if _, err := in.ReadString('\n'); err != nil {
			os.Exit(0)
		}
	}
	switch word, rest, _ := strings.Cut(mode, " "); word {
	case "good":
		if err := signer.Serve(os.Stdin, os.Stdout, holder(rest)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(4)
		}
	case "silent":
		time.Sleep(time.Hour)
	case "deaf": // after the keys, it neither reads nor writes
		next()
		fmt.Println(`{"version":1,"keys":[` + ed + `]}`)
		time.Sleep(time.Hour)
	case "dies":
		next()
		for range 150 {
			fmt.Fprintf(os.Stderr, "no card\x1b[2J %s\n", strings.Repeat("x", 2000))
		}
		os.Exit(3)
	case "dies-later":
		next()
		fmt.Println(`{"version":1,"keys":[` + ed + `]}`)
		next()
		fmt.Fprint(os.Stderr, "the card was taken out")
		os.Exit(3)
	case "closes":
		next()
		os.Stdout.Close()
		time.Sleep(time.Hour)
	case "stays", "hold": // with another process, and when its input has ended
		f, err := os.OpenFile(rest, os.O_WRONLY, 0)
		if err != nil {
			panic(err)
		}
		defer f.Close()
		if word == "stays" {
			c := exec.Command(os.Args[0])
			c.Env = append(os.Environ(), asFake+"=hold "+rest)
			c.Stdout, c.Stderr = os.Stdout, os.Stderr
			if err := c.Start(); err != nil {
				panic(err)
			}
			next()
			fmt.Println(`{"version":1,"keys":[` + ed + `]}`)
			if _, err := in.ReadString('\n'); err == nil {
				fmt.Println("garbage")
			}
		}
		time.Sleep(time.Hour)
	case "long":
		next()
		fmt.Println(`{"version":1,"error":"` + strings.Repeat("x", 64<<10) + `"}`)
		next()
	case "asks":
		for {
			next()
			fmt.Println(`{"version":1,"ask":"again?"}`)
		}
	default:
		for part := range strings.SplitSeq(mode, "|") {
			next()
			fmt.Println(part)
		}
		next()
	}
}

// options run the test binary as a fake.
func options(mode string) signer.Options {
	return signer.Options{Command: os.Args[0], Env: append(os.Environ(), asFake+"="+mode), Wait: 2 * time.Minute}
}

// start is a process that is closed with the test.
func start(t *testing.T, o signer.Options) (*signer.Process, error) {
	t.Helper()
	p, err := signer.Start(t.Context(), o)
	if err == nil {
		t.Cleanup(p.Close)
	}
	return p, err
}

func TestSigns(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	o := options("good 1234")
	o.Env = append(o.Env, fakeRSA+"="+base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PrivateKey(rsaKey)))
	var asked []string
	o.Ask = func(_ context.Context, question string) ([]byte, error) {
		asked = append(asked, question)
		return []byte([]string{"4321", "1234"}[len(asked)-1]), nil
	}
	p, err := start(t, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Keys()) != 4 {
		t.Fatalf("keys are %v", p.Keys())
	}
	message := []byte("a made-up message")
	sum256, sum384 := sha256.Sum256(message), sha512.Sum384(message)
	for _, k := range p.Keys() {
		key, err := p.Signer(k.Public)
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				var sig []byte
				var err error
				ok := false
				switch signer.Algorithm(k.Public) {
				case "Ed25519":
					sig, err = key.Sign(nil, message, crypto.Hash(0))
					ok = ed25519.Verify(k.Public.(ed25519.PublicKey), message, sig)
				case "ES256":
					sig, err = key.Sign(nil, sum256[:], crypto.SHA256)
					ok = ecdsa.VerifyASN1(k.Public.(*ecdsa.PublicKey), sum256[:], sig)
				case "ES384":
					sig, err = key.Sign(nil, sum384[:], crypto.SHA384)
					ok = ecdsa.VerifyASN1(k.Public.(*ecdsa.PublicKey), sum384[:], sig)
				case "RS256":
					sig, err = key.Sign(nil, sum256[:], crypto.SHA256)
					ok = rsa.VerifyPKCS1v15(k.Public.(*rsa.PublicKey), crypto.SHA256, sum256[:], sig) == nil
				}
				if err != nil || !ok {
					t.Errorf("%s: a signature that does not fit, %v", k.Name, err)
				}
			})
		}
		wg.Wait()
		for name, options := range map[string]crypto.SignerOpts{"none": nil, "another hash": crypto.SHA512, "a context": &ed25519.Options{Context: "x"}, "PSS": &rsa.PSSOptions{Hash: crypto.SHA256}} {
			if _, err := key.Sign(nil, sum256[:], options); err == nil {
				t.Errorf("%s signs with %s", k.Name, name)
			}
		}
	}
	if want := []string{"PIN of the fake", "PIN of the fake"}; !slices.Equal(asked, want) {
		t.Errorf("asked %q", asked)
	}
	if _, err := p.Signer(ed25519.PublicKey(make([]byte, 32))); err == nil || hint.Of(err) == "" {
		t.Errorf("a key that it does not hold: %v", err)
	}
	p.Close()
	key, _ := p.Signer(p.Keys()[0].Public)
	if _, err := key.Sign(nil, message, crypto.Hash(0)); err == nil {
		t.Error("a program that has ended signs")
	}
}

// Whatever a program does that it should not is told, and ends it.
func TestBreaksRules(t *testing.T) {
	keys := func(list string) string { return `{"version":1,"keys":[` + list + `]}` }
	sign := func(second string) string { return keys(ed) + "|" + second }
	signature := func(n int) string {
		return `{"version":1,"signature":"` + base64.RawURLEncoding.EncodeToString(make([]byte, n)) + `"}`
	}
	for name, c := range map[string]struct{ mode, want string }{
		"dies":              {"dies", "ended before it responded (exit status 3)"},
		"dies_later":        {"dies-later", "ended before it responded (exit status 3)"},
		"closes":            {"closes", "ended before it responded (its output ended)"},
		"garbage":           {"PIN:", "wrote a line that is not one JSON object"},
		"garbage_later":     {sign("OK"), "wrote a line that is not one JSON object"},
		"binary":            {"\xff\x01\x02", "wrote a line that is not one JSON object"},
		"array":             {"[]", "wrote a JSON value of the wrong kind"},
		"null":              {"null", "speaks version 0"},
		"unknown_member":    {`{"version":1,"keys":[],"note":"x"}`, "with a member that the protocol does not have"},
		"member_twice":      {`{"version":1,"keys":[],"keys":[]}`, "wrote a line that is not one JSON object"},
		"two_values":        {keys("") + keys(""), "wrote a line that is not one JSON object"},
		"two_lines":         {keys(ed) + "\n" + signature(64), "wrote more than one line"},
		"version":           {`{"version":2,"keys":[]}`, "speaks version 2 of the protocol, and laurel version 1"},
		"nothing":           {`{"version":1}`, "has not one of keys, signature, error and ask"},
		"both":              {`{"version":1,"keys":[],"error":"x"}`, "has not one of keys, signature, error and ask"},
		"long":              {"long", "a line of more than 65536 bytes"},
		"error":             {`{"version":1,"error":"no card\u001b[2J in the reader"}`, `: no card\u001b[2J in the reader`},
		"error_later":       {sign(`{"version":1,"error":"locked"}`), ": locked"},
		"signature_first":   {signature(64), "gave no list of at most 100 keys"},
		"keys_later":        {sign(keys(ed)), "gave no signature in base64url"},
		"no_name":           {keys(strings.Replace(ed, `"ed"`, `""`, 1)), "a key whose name is not one line"},
		"name_of_two_lines": {keys(strings.Replace(ed, `"ed"`, `"a\nb"`, 1)), "a key whose name is not one line"},
		"no_key":            {keys(`{"key":"ed"}`), "has not one of publicKeyMultibase and publicKeyJwk"},
		"bad_key":           {keys(strings.Replace(ed, "z6Mk", "z6M0", 1)), `the key "ed": decode Multikey`},
		"private_key":       {keys(`{"key":"x","publicKeyJwk":{"kty":"OKP","crv":"Ed25519","x":"O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik","d":"AAAA"}}`), "holds a private key"},
		"key_twice":         {keys(ed + "," + strings.Replace(ed, `"ed"`, `"de"`, 1)), `lists the key "de" twice`},
		"not_base64":        {sign(`{"version":1,"signature":"=="}`), "gave no signature in base64url"},
		"wrong_signature":   {sign(signature(64)), "gave a signature that does not fit the public half"},
		"short_signature":   {sign(signature(63)), "gave a signature of 63 bytes"},
		"asks":              {"asks", "asked more than 10 times"},
		"three_wrong_PINs":  {"good 9999", `: three wrong PINs\u001b[31m`},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(c.mode)
			o.Ask = func(context.Context, string) ([]byte, error) { return []byte("1234"), nil }
			checkFails(t, o, c.want)
		})
	}
	t.Run("nobody_to_ask", func(t *testing.T) { checkFails(t, options("asks"), `asks "again?", and there is nobody to answer`) })
	t.Run("not_answered", func(t *testing.T) {
		o := options("asks")
		o.Ask = func(context.Context, string) ([]byte, error) { return nil, errors.New("no terminal") }
		checkFails(t, o, `asks "again?": no terminal`)
	})
	for _, mode := range []string{"silent", "deaf"} {
		t.Run(mode, func(t *testing.T) {
			o := options(mode)
			o.Wait = time.Second
			checkFails(t, o, "did not respond within 1s")
		})
	}
}

// checkFails starts a program and signs with its first key, a message that a pipe does
// not take at once.
func checkFails(t *testing.T, o signer.Options, want string) {
	t.Helper()
	p, err := start(t, o)
	if err == nil {
		i := slices.IndexFunc(p.Keys(), func(k signer.Key) bool { return k.Name == "ed" })
		var key crypto.Signer
		if key, err = p.Signer(p.Keys()[i].Public); err != nil {
			t.Fatal(err)
		}
		_, err = key.Sign(nil, make([]byte, 1<<20), crypto.Hash(0))
	}
	if err == nil || !strings.Contains(err.Error(), want) || strings.ContainsAny(err.Error(), "\x1b\n") {
		t.Errorf("error is %v, want %q", err, want)
	}
}

func TestStderr(t *testing.T) {
	for mode, want := range map[string]struct {
		lines int
		first string
	}{"dies": {100, "no card?[2J xxx"}, "dies-later": {1, "the card was taken out"}} {
		o := options(mode)
		var lines []string
		o.Stderr = func(line string) { lines = append(lines, line) }
		checkFails(t, o, "exit status 3")
		if len(lines) != want.lines || !strings.HasPrefix(lines[0], want.first) || len(lines[0]) > 1100 {
			t.Errorf("%s: %d lines are shown, the first %.100q", mode, len(lines), lines[:1])
		}
	}
}

// What is started ends with its group, when it is not wanted any more and when laurel
// is interrupted.
func TestEnds(t *testing.T) {
	for name, end := range map[string]func(*signer.Process, context.CancelFunc){
		"interrupted": func(p *signer.Process, cancel context.CancelFunc) {
			cancel()
			key, err := p.Signer(p.Keys()[0].Public)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := key.Sign(nil, nil, crypto.Hash(0)); !errors.Is(err, context.Canceled) {
				t.Errorf("after the interruption: %v", err)
			}
		},
		"broken": func(p *signer.Process, _ context.CancelFunc) {
			key, _ := p.Signer(p.Keys()[0].Public)
			if _, err := key.Sign(nil, nil, crypto.Hash(0)); err == nil {
				t.Error("it signs")
			}
		},
		"closed": func(p *signer.Process, _ context.CancelFunc) { p.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pipe := filepath.Join(t.TempDir(), "pipe")
			if err := exec.Command("mkfifo", pipe).Run(); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			// Both processes hold the pipe; the reader knows when neither does.
			alive := make(chan error, 1)
			go func() {
				f, err := os.Open(pipe)
				if err == nil {
					_, err = io.ReadAll(f)
				}
				alive <- err
			}()
			p, err := signer.Start(ctx, options("stays "+pipe))
			if err != nil {
				t.Fatal(err)
			}
			end(p, cancel)
			p.Close()
			if err := <-alive; err != nil {
				t.Error(err)
			}
		})
	}
}

func TestCommand(t *testing.T) {
	for command, want := range map[string]string{
		"":                  "the command is empty",
		"   ":               "the command is empty",
		`"" x`:              "the command is empty",
		`x "y`:              `the command has a " without another one`,
		"x 'y":              "the command has a ' without another one",
		"x\ny":              "one line",
		"./x":               "neither a name nor a path",
		"tools/x --y":       "neither a name nor a path",
		"~/x":               "neither a name nor a path",
		"x " + long(1000):   "at most 1000 bytes",
		"x --y z":           "",
		"/bin/x":            "",
		`"/opt/a b/x" 'z'`:  "",
		"x; rm *|$HOME && ": "",
	} {
		err := signer.CheckCommand(command)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", command, err, want)
		}
	}
	if got := signer.Program(`"/opt/a b/x" -v`); got != "x" {
		t.Errorf("the program is %q", got)
	}
	dir := t.TempDir()
	if err := os.Symlink(os.Args[0], filepath.Join(dir, "laurel-fake")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	for _, c := range []struct{ command, path, want string }{
		{"laurel-fake", dir, ""},
		{"laurel-fake", ".:" + dir, ""},
		{"laurel-fake", ".", "is in no folder of PATH"},
		{"laurel-fake", "", "is in no folder of PATH"},
		{"/nowhere/laurel-fake", dir, "cannot be run"},
		{dir, dir, "cannot be run"},
	} {
		_, err := start(t, signer.Options{Command: c.command, Env: []string{"PATH=" + c.path, asFake + "=good"}})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with PATH=%s: %v, want %q", c.command, c.path, err, c.want)
		}
	}
}

func long(n int) string { return hex.EncodeToString(make([]byte, n/2)) }

// TestServe: what is not the protocol's is refused by the program, too.
func TestServe(t *testing.T) {
	for name, c := range map[string]struct{ in, out string }{
		"nothing":     {"", ""},
		"unknown":     {`{"version":1,"do":"decrypt"}`, `{"version":1,"error":"unknown request \"decrypt\""}`},
		"no_such_key": {`{"version":1,"do":"sign","key":"x","algorithm":"Ed25519","message":"AA"}`, `{"version":1,"error":"there is no key \"x\""}`},
	} {
		var out strings.Builder
		if c.in != "" {
			c.in += "\n"
		}
		if err := signer.Serve(strings.NewReader(c.in), &out, holder("")); err != nil || strings.TrimSpace(out.String()) != c.out {
			t.Errorf("%s: %v, %s", name, err, out.String())
		}
	}
	list := `{"version":1,"do":"keys"}` + "\n"
	for _, wrong := range []string{`"key":"ed","algorithm":"ES256","message":"AA"`, `"key":"ed","algorithm":"Ed25519","digest":"AA"`, `"key":"p256","algorithm":"ES256","digest":"AA"`, `"key":"ed","algorithm":"Ed25519","message":"A="`} {
		var out strings.Builder
		if err := signer.Serve(strings.NewReader(list+`{"version":1,"do":"sign",`+wrong+"}\n"), &out, holder("")); err != nil || !strings.Contains(out.String(), "does not sign that with") {
			t.Errorf("%s: %v, %s", wrong, err, out.String())
		}
	}
	for _, bad := range []string{`{"version":2,"do":"keys"}` + "\n", `{"version":1}`, "hello\n", `{"version":1,"do":"keys","x":1}` + "\n", strings.Repeat(" ", 5<<20)} {
		if err := signer.Serve(strings.NewReader(bad), io.Discard, holder("")); err == nil {
			t.Errorf("%.40q is taken", bad)
		}
	}
}

// TestProtocolText holds what users are told to the limits.
func TestProtocolText(t *testing.T) {
	protocol, _ := docs.Lookup("signer")
	for _, said := range []string{"4 MiB", "64 KiB", "at most 200\nbytes", "at most 100.", "100 lines of 1,000 bytes", "60 seconds", "after 5 seconds", "at most 10 times"} {
		if !strings.Contains(protocol.Text, said) {
			t.Errorf("the protocol does not say %q", said)
		}
	}
}
