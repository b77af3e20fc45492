package main

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/skip2/go-qrcode"

	"laurel/internal/issuing/keys"
	"laurel/internal/standards/did"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/vc"
)

// Where the sample academy says it is, and hosts that are none of its own.
const (
	sampleURL    = "https://academy.example.org/larkspur/"
	strangerHost = "stranger.example.com"
	strangerDID  = "did:web:" + strangerHost
	listHost     = "lists.stranger.example.com" // has the stranger's status list
)

// inputs are what the verify page is given: bytes, and URLs where they are
// found.
type inputs struct {
	public      string // the folder of the site
	page, url   string // of one award, as the sample's credentials name the site
	title       string // of its achievement
	description string // of its achievement
	json        []byte // its credential
	png, svg    []byte // its badges
	pdf, html   []byte // its certificates, as delivered
	unnamed     []byte // another that does not say whose it is, in a certificate
	plain       []byte // a picture of the site that carries no credential

	revoked, suspended, expired, tampered []byte

	stranger  []byte            // a credential of another host, which cannot be revoked
	withdrawn []byte            // another of its, suspended
	elsewhere map[string][]byte // what the other hosts have, by URL
	key       crypto.Signer     // of that host's issuer
}

// newInputs takes an award of the built sample and makes the others from it.
func newInputs(t *testing.T, dir string) inputs {
	t.Helper()
	public, folders := filepath.Join(dir, "public"), awardFolders(t, dir)
	read := func(name string) []byte {
		t.Helper()
		b, err := os.ReadFile(filepath.Join(public, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	folder := folders["welding-spring-2026/mig-welding-1/zoe-brontesdottir"]
	in := inputs{
		public: public, page: sampleURL + folder, url: sampleURL + folder + "credential.json",
		json: read(folder + "credential.json"), png: read(folder + "badge.png"), svg: read(folder + "badge.svg"),
		plain:     read("issuer.png"),
		revoked:   read(folders["food-2026/food-handler/food-01"] + "credential.json"),
		suspended: read(folders["welding-spring-2026/mig-welding-1/hong-gildong"] + "credential.json"),
	}
	var c struct {
		CredentialSubject struct {
			Achievement struct{ Name, Description string }
		}
		Proof []struct{ VerificationMethod string }
	}
	if err := json.Unmarshal(in.json, &c); err != nil {
		t.Fatal(err)
	}
	in.title, in.description = c.CredentialSubject.Achievement.Name, c.CredentialSubject.Achievement.Description
	in.tampered = bytes.ReplaceAll(in.json, []byte(in.title), []byte(in.title+" with honours"))
	if in.title == "" || bytes.Equal(in.tampered, in.json) {
		t.Fatalf("the credential is not what it was taken for:\n%s", in.json)
	}
	key, err := keys.Unlock(filepath.Join(dir, "keys"), "key-2026-1", []byte(passphrase))
	if err != nil {
		t.Fatal(err)
	}
	in.expired = signedAgain(t, in.json, c.Proof[0].VerificationMethod, key, func(doc map[string]any) {
		doc["validFrom"], doc["validUntil"] = "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"
	})
	in.delivered(t)
	in.ofStranger(t)
	return in
}

// delivered takes the certificates that a learner gets.
func (in *inputs) delivered(t *testing.T) {
	t.Helper()
	out := filepath.Join(packages.read(t), "packages")
	for _, pattern := range []string{"*/*/certificate.pdf", "*/*/achievement-only/certificate.html"} {
		files, err := filepath.Glob(filepath.Join(out, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("no %s was delivered, %v", pattern, err)
		}
		for _, file := range files {
			folder := filepath.Dir(file)
			switch {
			case filepath.Base(folder) == "achievement-only":
				in.unnamed = []byte(readString(t, file))
			case readString(t, filepath.Join(folder, "credential.json")) == string(in.json):
				in.pdf, in.html = []byte(readString(t, file)), []byte(readString(t, filepath.Join(folder, "certificate.html")))
			}
		}
	}
	if in.pdf == nil {
		t.Fatal("the award was not delivered")
	}
}

// signedAgain is a credential with changes, signed anew.
func signedAgain(t *testing.T, credential []byte, method string, key crypto.Signer, change func(map[string]any)) []byte {
	t.Helper()
	doc := map[string]any{}
	if err := json.Unmarshal(credential, &doc); err != nil {
		t.Fatal(err)
	}
	delete(doc, "proof")
	change(doc)
	changed, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	p, err := proof.New()
	if err != nil {
		t.Fatal(err)
	}
	signed, err := p.Sign(changed, proof.Options{VerificationMethod: method, Created: time.Now().Add(-time.Minute)}, key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// ofStranger makes the credentials of an issuer whose key is at strangerHost,
// and what the other hosts have.
func (in *inputs) ofStranger(t *testing.T) {
	t.Helper()
	const (
		issuer = strangerDID
		method = issuer + "#key"
		list   = "https://" + listHost + "/suspended.json"
		index  = 94567
	)
	seed := sha256.Sum256([]byte("a stranger, made up for tests"))
	key := ed25519.NewKeyFromSeed(seed[:])
	in.key = key
	multikey, err := did.EncodeMultikey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	document, err := did.Document{
		Context: []string{did.ContextDID, did.ContextMultikey}, ID: issuer, AssertionMethod: []string{method},
		VerificationMethod: []did.VerificationMethod{{ID: method, Type: "Multikey", Controller: issuer, PublicKeyMultibase: multikey}},
	}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	bits := vc.NewBitstring(vc.ListLength)
	bits.Set(index, true)
	statuses, err := vc.NewStatusList(vc.StatusListOptions{URL: list, Issuer: issuer, Purpose: vc.Suspension, ValidFrom: time.Now().Add(-time.Hour)}, bits)
	if err != nil {
		t.Fatal(err)
	}
	unsigned, err := statuses.Encode()
	if err != nil {
		t.Fatal(err)
	}
	signed := func(status any) []byte {
		return signedAgain(t, in.json, method, key, func(doc map[string]any) {
			doc["issuer"] = map[string]any{"id": issuer, "type": []string{"Profile"}, "name": "A Stranger"}
			if delete(doc, "credentialStatus"); status != nil {
				doc["credentialStatus"] = status
			}
		})
	}
	in.stranger, in.withdrawn = signed(nil), signed(vc.NewStatusListEntry(list, vc.Suspension, index))
	in.elsewhere = map[string][]byte{
		"https://" + strangerHost + "/.well-known/did.json":   document,
		"https://" + strangerHost + "/awards/credential.json": in.stranger,
		list: signedAgain(t, unsigned, method, key, func(map[string]any) {}),
	}
}

// film is a film of a few frames that show the QR code of a text, as
// uncompressed YUV4MPEG2, which Chromium takes for what a camera sees.
func film(t *testing.T, text string) []byte {
	t.Helper()
	const width, height, side, frames = 640, 480, 400, 5
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		t.Fatal(err)
	}
	picture := code.Image(side)
	frame := bytes.Repeat([]byte{235}, width*height) // a white wall
	left, top := (width-side)/2, (height-side)/2
	for y := range side {
		for x := range side {
			if color.GrayModel.Convert(picture.At(x, y)).(color.Gray).Y < 128 {
				frame[(top+y)*width+left+x] = 16
			}
		}
	}
	frame = append(frame, bytes.Repeat([]byte{128}, width*height/2)...) // no colour, at half the size twice

	var w bytes.Buffer
	fmt.Fprintf(&w, "YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420jpeg\n", width, height)
	for range frames {
		w.WriteString("FRAME\n")
		w.Write(frame)
	}
	return w.Bytes()
}

// qrPicture is a PNG of the QR code of a text.
func qrPicture(t *testing.T, text string) []byte {
	t.Helper()
	b, err := qrcode.Encode(text, qrcode.Medium, 500)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// onDisk writes a file to choose.
func onDisk(t *testing.T, name string, data []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}
