//go:build cgo

package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"

	"github.com/miekg/pkcs11"

	"laurel/internal/issuing/signer"
)

// ckmEdDSA is CKM_EDDSA, which miekg/pkcs11 has no name for (PKCS #11 Specification
// Version 3.1, 6.3 "Elliptic Curve").
const ckmEdDSA = 0x1057

func serve(s settings, in io.Reader, out io.Writer) error {
	t := &token{settings: s}
	defer t.close()
	return signer.Serve(in, out, signer.Holder{Keys: t.list, Sign: t.sign})
}

// token is one that is used in one session. It is opened with the first request, so
// that what goes wrong is told as a response.
type token struct {
	settings
	module  *pkcs11.Ctx
	session pkcs11.SessionHandle
	label   string
	pinUsed string // for keys that want it for each signature
	keys    []privateKey
}

type privateKey struct {
	signer.Key
	handle pkcs11.ObjectHandle
	always bool // CKA_ALWAYS_AUTHENTICATE: the PIN, for each signature
}

func (t *token) close() {
	if t.module != nil {
		t.module.CloseSession(t.session)
		t.module.Finalize()
		t.module.Destroy()
	}
}

// list opens the token and lists its keys.
func (t *token) list(ask signer.Ask) ([]signer.Key, error) {
	if t.module == nil {
		if err := t.open(ask); err != nil {
			return nil, err
		}
	}
	var list []signer.Key
	for _, k := range t.keys {
		list = append(list, k.Key)
	}
	return list, nil
}

func (t *token) open(ask signer.Ask) error {
	module := pkcs11.New(t.settings.module)
	if module == nil {
		return fmt.Errorf("%s cannot be loaded as a PKCS #11 module", t.settings.module)
	}
	if err := module.Initialize(); err != nil {
		return fmt.Errorf("initialize %s: %w", t.settings.module, err)
	}
	t.module = module
	slot, info, err := t.choose()
	if err != nil {
		return err
	}
	t.label = info.Label
	if t.session, err = module.OpenSession(slot, pkcs11.CKF_SERIAL_SESSION); err != nil {
		return fmt.Errorf("open the token %s: %w", t.label, err)
	}
	if info.Flags&pkcs11.CKF_LOGIN_REQUIRED != 0 {
		if err := t.login(ask, info.Flags); err != nil {
			return err
		}
	}
	t.keys, err = t.find()
	return err
}

// choose finds the slot of the token that is meant.
func (t *token) choose() (uint, pkcs11.TokenInfo, error) {
	slots, err := t.module.GetSlotList(true)
	if err != nil {
		return 0, pkcs11.TokenInfo{}, fmt.Errorf("list the tokens: %w", err)
	}
	var labels []string
	var at uint
	var info pkcs11.TokenInfo
	for _, slot := range slots {
		i, err := t.module.GetTokenInfo(slot)
		if err != nil || i.Flags&pkcs11.CKF_TOKEN_INITIALIZED == 0 {
			continue
		}
		i.Label = strings.TrimSpace(i.Label)
		if t.settings.token == "" || i.Label == t.settings.token {
			at, info = slot, i
			labels = append(labels, fmt.Sprintf("%q", i.Label))
		}
	}
	switch {
	case len(labels) == 1:
		return at, info, nil
	case len(labels) > 1:
		return 0, info, fmt.Errorf("there are %d tokens, and --token has to name one that no other has the label of: %s", len(labels), strings.Join(labels, ", "))
	case t.settings.token != "":
		return 0, info, fmt.Errorf("there is no token %q", t.settings.token)
	}
	return 0, info, errors.New("there is no token; is it plugged in, and set up?")
}

// login gives the token its PIN, once: most lock after a few that are wrong.
func (t *token) login(ask signer.Ask, flags uint) error {
	if flags&pkcs11.CKF_USER_PIN_LOCKED != 0 {
		return fmt.Errorf("the PIN of the token %s is locked, after too many wrong ones", t.label)
	}
	question := "PIN of the token " + t.label
	if flags&pkcs11.CKF_USER_PIN_FINAL_TRY != 0 {
		question += " (the last try before it is locked)"
	}
	pin, err := t.pin(ask, question)
	if err != nil {
		return err
	}
	err = t.module.Login(t.session, pkcs11.CKU_USER, pin)
	if is(err, pkcs11.CKR_PIN_INCORRECT) {
		return fmt.Errorf("wrong PIN for the token %s; it was tried once", t.label)
	}
	if err != nil && !is(err, pkcs11.CKR_USER_ALREADY_LOGGED_IN) {
		return fmt.Errorf("log in to the token %s: %w", t.label, err)
	}
	t.pinUsed = pin
	return nil
}

func is(err error, code uint) bool {
	var e pkcs11.Error
	return errors.As(err, &e) && uint(e) == code
}

// find pairs the private keys that may sign with their public halves.
func (t *token) find() ([]privateKey, error) {
	objects, err := t.objects(pkcs11.CKO_PRIVATE_KEY, pkcs11.NewAttribute(pkcs11.CKA_SIGN, true))
	if err != nil {
		return nil, err
	}
	var keys []privateKey
	for _, o := range objects {
		id, label := t.attribute(o, pkcs11.CKA_ID), string(t.attribute(o, pkcs11.CKA_LABEL))
		public := t.public(id)
		if public == nil || signer.Algorithm(public) == "" {
			continue
		}
		name := label
		if name == "" || len(name) > 100 || slices.ContainsFunc(keys, func(k privateKey) bool { return k.Name == name }) {
			name = "id:" + hex.EncodeToString(id)
		}
		keys = append(keys, privateKey{signer.Key{Name: name, Public: public}, o, bytes.Equal(t.attribute(o, pkcs11.CKA_ALWAYS_AUTHENTICATE), []byte{1})})
	}
	slices.SortFunc(keys, func(a, b privateKey) int { return strings.Compare(a.Name, b.Name) })
	return keys, nil
}

// public is the public half with an ID, from its own object or from a certificate;
// nil: there is none of a kind that laurel has a use for.
func (t *token) public(id []byte) crypto.PublicKey {
	if len(id) == 0 {
		return nil
	}
	with := pkcs11.NewAttribute(pkcs11.CKA_ID, id)
	if list, err := t.objects(pkcs11.CKO_PUBLIC_KEY, with); err == nil && len(list) > 0 {
		return t.publicKey(list[0])
	}
	if list, err := t.objects(pkcs11.CKO_CERTIFICATE, with); err == nil && len(list) > 0 {
		if c, err := x509.ParseCertificate(t.attribute(list[0], pkcs11.CKA_VALUE)); err == nil {
			return c.PublicKey
		}
	}
	return nil
}

func (t *token) publicKey(o pkcs11.ObjectHandle) crypto.PublicKey {
	if n := t.attribute(o, pkcs11.CKA_MODULUS); len(n) > 0 {
		e := new(big.Int).SetBytes(t.attribute(o, pkcs11.CKA_PUBLIC_EXPONENT))
		return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(e.Int64())}
	}
	params, point := t.attribute(o, pkcs11.CKA_EC_PARAMS), t.attribute(o, pkcs11.CKA_EC_POINT)
	if edwards(params) {
		if raw := bare(point, ed25519.PublicKeySize); raw != nil {
			return ed25519.PublicKey(raw)
		}
		return nil
	}
	var oid asn1.ObjectIdentifier
	if rest, err := asn1.Unmarshal(params, &oid); err != nil || len(rest) > 0 {
		return nil
	}
	for name, curve := range map[string]elliptic.Curve{"1.2.840.10045.3.1.7": elliptic.P256(), "1.3.132.0.34": elliptic.P384()} {
		if oid.String() != name {
			continue
		}
		if key, err := ecdsa.ParseUncompressedPublicKey(curve, bare(point, 1+2*((curve.Params().BitSize+7)/8))); err == nil {
			return key
		}
	}
	return nil
}

// edwards tells the two ways in which tokens write that a key is of Ed25519: its name
// or its OID (RFC 8410), in DER.
func edwards(params []byte) bool {
	var name string
	var oid asn1.ObjectIdentifier
	if _, err := asn1.UnmarshalWithParams(params, &name, "printable"); err == nil {
		return name == "edwards25519"
	}
	_, err := asn1.Unmarshal(params, &oid)
	return err == nil && oid.Equal(asn1.ObjectIdentifier{1, 3, 101, 112})
}

// bare is a point of some length. Versions of PKCS #11 have it as it is, as an OCTET
// STRING and as a BIT STRING, and tokens do either. Nil: it is none of them.
func bare(point []byte, size int) []byte {
	if len(point) == size {
		return point
	}
	var octets []byte
	if rest, err := asn1.Unmarshal(point, &octets); err == nil && len(rest) == 0 && len(octets) == size {
		return octets
	}
	var bits asn1.BitString
	if rest, err := asn1.Unmarshal(point, &bits); err == nil && len(rest) == 0 && bits.BitLength == 8*size {
		return bits.Bytes
	}
	return nil
}

// objects finds those of a class.
func (t *token) objects(class uint, with *pkcs11.Attribute) ([]pkcs11.ObjectHandle, error) {
	err := t.module.FindObjectsInit(t.session, []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_CLASS, class), with})
	if err != nil {
		return nil, fmt.Errorf("look for keys on the token %s: %w", t.label, err)
	}
	list, _, err := t.module.FindObjects(t.session, 100)
	if err = errors.Join(err, t.module.FindObjectsFinal(t.session)); err != nil {
		return nil, fmt.Errorf("look for keys on the token %s: %w", t.label, err)
	}
	return list, nil
}

// attribute is one of an object; nil where it has none, or does not tell.
func (t *token) attribute(o pkcs11.ObjectHandle, what uint) []byte {
	list, err := t.module.GetAttributeValue(t.session, o, []*pkcs11.Attribute{pkcs11.NewAttribute(what, nil)})
	if err != nil || len(list) != 1 {
		return nil
	}
	return list[0].Value
}

// digestInfo is what stands before a SHA-256 in what RSASSA-PKCS1-v1_5 signs (RFC
// 8017, 9.2, note 1).
var digestInfo = []byte{0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20}

func (t *token) sign(_ signer.Ask, key signer.Key, data []byte) ([]byte, error) {
	i := slices.IndexFunc(t.keys, func(k privateKey) bool { return k.Name == key.Name })
	if i < 0 {
		return nil, fmt.Errorf("the token has no key %q", key.Name)
	}
	var mechanism uint = pkcs11.CKM_ECDSA
	switch key.Public.(type) {
	case ed25519.PublicKey:
		mechanism = ckmEdDSA
	case *rsa.PublicKey:
		mechanism, data = pkcs11.CKM_RSA_PKCS, append(slices.Clone(digestInfo), data...)
	}
	err := t.module.SignInit(t.session, []*pkcs11.Mechanism{pkcs11.NewMechanism(mechanism, nil)}, t.keys[i].handle)
	if err == nil && t.keys[i].always {
		err = t.module.Login(t.session, pkcs11.CKU_CONTEXT_SPECIFIC, t.pinUsed)
	}
	var signature []byte
	if err == nil {
		signature, err = t.module.Sign(t.session, data)
	}
	if err != nil {
		return nil, fmt.Errorf("the token %s does not sign with %q: %w", t.label, key.Name, err)
	}
	return signature, nil
}
