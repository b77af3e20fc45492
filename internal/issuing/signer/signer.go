// Package signer uses keys that other programs hold: in an HSM, on a smart card, in
// a key service. It owns the protocol that such a program speaks on its standard input
// and output, which [Protocol] describes, both sides of it, and the program's life as
// a process. It refuses to believe one: what is not said as the protocol has it, and
// each signature that does not fit the public half, ends the run. It neither knows
// which keys are used, nor decides what may be run.
//
// The protocol has the best of what others do. Like ssh-agent's, it lists public keys
// and signs, and nothing else; like age's plugins, a program is a line-by-line partner
// on its standard streams, and questions to the user are asked by its caller, who has
// the terminal; like go-jose's OpaqueSigner and cloud key services, it is given digests
// where the algorithm has one, and the name of the algorithm each time. Unlike those
// that start a process for each signature, one signs for a whole run.
package signer

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"laurel/internal/material/text"
	"laurel/internal/standards/did"
)

// The limits of the protocol.
const (
	version = 1

	maxRequest  = 4 << 20  // bytes of a line, its end included
	maxResponse = 64 << 10 // likewise
	maxKeys     = 100
	maxName     = 200 // bytes of the name of a key
	maxAsks     = 10

	maxStderrLines = 100
	maxStderrLine  = 1000 // bytes

	responseTime = time.Minute
	endTime      = 5 * time.Second
)

// What a request asks for.
const (
	doKeys   = "keys"
	doSign   = "sign"
	doAnswer = "answer"
)

// request is a line to the program.
type request struct {
	Version   int    `json:"version"`
	Do        string `json:"do"`
	Key       string `json:"key,omitzero"`
	Algorithm string `json:"algorithm,omitzero"`
	Message   string `json:"message,omitzero"`
	Digest    string `json:"digest,omitzero"`
	Answer    string `json:"answer,omitzero"`
}

// response is a line from the program: one of Keys, Signature, Error and Ask.
type response struct {
	Version   int          `json:"version"`
	Keys      *[]publicKey `json:"keys,omitzero"`
	Signature string       `json:"signature,omitzero"`
	Error     string       `json:"error,omitzero"`
	Ask       string       `json:"ask,omitzero"`
}

// publicKey has one of a Multikey and a JWK.
type publicKey struct {
	Key                string         `json:"key"`
	PublicKeyMultibase string         `json:"publicKeyMultibase,omitzero"`
	PublicKeyJwk       map[string]any `json:"publicKeyJwk,omitzero"`
}

// Key is one that a program holds.
type Key struct {
	Name   string // the program's own, one line of at most 200 bytes
	Public crypto.PublicKey
}

// Algorithm is what a public key signs with, as the protocol names it; empty for
// one of a kind that it does not have.
func Algorithm(public crypto.PublicKey) string {
	if a := algorithmOf(public); a != nil {
		return a.name
	}
	return ""
}

// algorithm is a row of the protocol's table.
type algorithm struct {
	name string
	hash crypto.Hash // zero: the message itself is signed
	size int         // of a signature, in bytes
}

func algorithmOf(public crypto.PublicKey) *algorithm {
	switch key := public.(type) {
	case ed25519.PublicKey:
		return &algorithm{"Ed25519", 0, ed25519.SignatureSize}
	case *ecdsa.PublicKey:
		switch key.Curve {
		case elliptic.P256():
			return &algorithm{"ES256", crypto.SHA256, 64}
		case elliptic.P384():
			return &algorithm{"ES384", crypto.SHA384, 96}
		}
	case *rsa.PublicKey:
		return &algorithm{"RS256", crypto.SHA256, key.Size()}
	}
	return nil
}

// check tells whether a signature of the right length fits.
func (a *algorithm) check(public crypto.PublicKey, data, signature []byte) bool {
	switch key := public.(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(key, data, signature)
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(key, data, asn1Signature(signature))
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(key, a.hash, data, signature) == nil
	}
	return false
}

// asn1Signature is the form in which crypto.Signer gives r and s.
func asn1Signature(raw []byte) []byte {
	half := len(raw) / 2
	der, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(raw[:half]), new(big.Int).SetBytes(raw[half:])})
	if err != nil {
		panic(err) // two numbers can be written
	}
	return der
}

// decode reads a line, strictly. Its errors quote nothing of it.
func decode(line []byte, into any) error {
	err := json.Unmarshal(line, into, json.RejectUnknownMembers(true))
	var semantic *json.SemanticError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, json.ErrUnknownName):
		return errors.New("a JSON object with a member that the protocol does not have")
	case errors.As(err, &semantic):
		return fmt.Errorf("a JSON value of the wrong kind at %q", semantic.JSONPointer)
	}
	return errors.New("a line that is not one JSON object")
}

// key reads one of a list.
func (k publicKey) key() (Key, error) {
	if k.Key == "" || len(k.Key) > maxName || !utf8.ValidString(k.Key) || text.Terminal(k.Key) != k.Key {
		return Key{}, fmt.Errorf("a key whose name is not one line of 1 to %d bytes", maxName)
	}
	var public crypto.PublicKey
	var err error
	switch {
	case (k.PublicKeyMultibase == "") == (k.PublicKeyJwk == nil):
		err = errors.New("it has not one of publicKeyMultibase and publicKeyJwk")
	case k.PublicKeyJwk != nil:
		if public, err = did.DecodeJWK(k.PublicKeyJwk); err == nil {
			_, err = did.EncodeKey(public) // one that laurel signs with
		}
	default:
		public, err = did.DecodeKey(k.PublicKeyMultibase)
	}
	if err != nil {
		return Key{}, fmt.Errorf("the key %q: %v", k.Key, err)
	}
	return Key{k.Key, public}, nil
}

func encodeBytes(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// same tells whether two public keys are one.
func same(a, b crypto.PublicKey) bool {
	e, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && e.Equal(b)
}
