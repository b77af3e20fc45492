package capsule

import (
	"bytes"
	"compress/flate"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"

	"laurel/internal/material/text"
)

// What an encrypted file is: a compact JWE (RFC 7516, section 7.1), alg dir, enc
// A256GCM (RFC 7518, sections 4.5 and 5.3), zip DEF (RFC 7516, section 4.1.3).
//
// Compression tells by its size what is inside, so the size is made to tell
// nothing after it: the text's deflated blocks are followed by one stored block
// of spaces that fills the stream up to a step. What inflates it gets the text
// and white space behind it, so any library for JWE opens it.

// overhead is what is added to the blocks of a text at least, in bytes: the head
// of the stored block behind them (RFC 1951, section 3.2.4).
const overhead = 5

// Sizes of the parts that A256GCM has, in bytes.
const (
	nonceSize = 12
	tagSize   = 16
)

// Libraries for JWE inflate 250 kB, and beyond that ten times what they were
// given (go-jose). What would come to more is packed less well.
const (
	smallText = 200_000
	mostRatio = 8
)

// header is the protected header of a file. A page's says which key it has.
type header struct {
	Alg string `json:"alg"`
	Enc string `json:"enc"`
	Kid string `json:"kid,omitzero"`
	Zip string `json:"zip"`
}

func newHeader(kid string) header { return header{Alg: "dir", Enc: "A256GCM", Kid: kid, Zip: "DEF"} }

// filled is the size up to which the blocks of a text are filled: a multiple of
// Step, and at least least.
func filled(blocks, least int) int {
	return max(least, (blocks+overhead+Step-1)/Step*Step)
}

// fill ends the blocks of a text with spaces.
func fill(blocks []byte, least int) []byte {
	spaces := filled(len(blocks), least) - len(blocks) - overhead
	packed := append(slices.Clip(blocks), 1) // the last block, stored
	packed = binary.LittleEndian.AppendUint16(packed, uint16(spaces))
	packed = binary.LittleEndian.AppendUint16(packed, ^uint16(spaces))
	return append(packed, bytes.Repeat([]byte{' '}, spaces)...)
}

// writers are deflaters at rest: a new one takes most of a megabyte.
var writers = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, flate.BestCompression)
	if err != nil {
		panic("bug: there is no such level of compression")
	}
	return w
}}

// deflate returns the blocks of a text, up to a full byte and without an end.
func deflate(text []byte) ([]byte, error) {
	w := writers.Get().(*flate.Writer)
	defer writers.Put(w)
	blocks, err := blocksOf(text, w)
	if err != nil || len(text) <= smallText || len(text) <= mostRatio*len(blocks) {
		return blocks, err
	}
	plain, err := flate.NewWriter(nil, flate.HuffmanOnly) // at least one bit for a byte
	if err != nil {
		return nil, err
	}
	return blocksOf(text, plain)
}

func blocksOf(text []byte, w *flate.Writer) ([]byte, error) {
	var b bytes.Buffer
	w.Reset(&b)
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	err := w.Flush()
	return b.Bytes(), err
}

var errFilled = errors.New("it is not padded like a capsule")

// unpack is the text that was deflated and filled up, of at most most bytes.
func unpack(packed []byte, least, most int) ([]byte, error) {
	left := bytes.NewReader(packed)
	r := flate.NewReader(left)
	text, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	if err != nil || len(text) > most || left.Len() > 0 {
		return nil, errors.New("its content is not compressed like a capsule's, or is too large")
	}
	value := bytes.TrimRight(text, " ")
	spaces := len(text) - len(value)
	blocks := len(packed) - spaces - overhead
	if blocks < 0 || len(packed) != filled(blocks, least) || packed[blocks] != 1 || int(binary.LittleEndian.Uint16(packed[blocks+1:])) != spaces {
		return nil, errFilled
	}
	return value, nil
}

// gcm is the cipher of a key of 32 bytes.
func gcm(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// encrypt returns a JWE of the blocks of a text, filled up. Its initialisation
// vector is made of what is encrypted, so that under one key none ever meets two
// texts, and one text always gives the same bytes: it is the beginning of an HMAC
// whose key is derived from a secret, as the key may be.
func encrypt(h header, blocks []byte, least int, key, secret []byte) (string, error) {
	packed := fill(blocks, least)
	macKey, err := derive(secret, h.Kid+" nonce")
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, macKey)
	mac.Write(packed)
	nonce := mac.Sum(nil)[:nonceSize]
	head, err := json.Marshal(h)
	if err != nil {
		return "", err
	}
	aead, err := gcm(key)
	if err != nil {
		return "", err
	}
	protected := base64.RawURLEncoding.EncodeToString(head)
	sealed := aead.Seal(nil, nonce, packed, []byte(protected))
	text := make([]byte, 0, len(protected)+4+base64.RawURLEncoding.EncodedLen(len(sealed)+len(nonce))+4)
	text = append(append(text, protected...), '.', '.') // a direct key is in no part
	for i, part := range [][]byte{nonce, sealed[:len(packed)], sealed[len(packed):]} {
		if i > 0 {
			text = append(text, '.')
		}
		text = base64.RawURLEncoding.AppendEncode(text, part)
	}
	return string(text), nil
}

// parts are those of a JWE, decoded.
type parts struct {
	protected     string // the header as it is authenticated
	header        header
	nonce, sealed []byte // the ciphertext with its tag behind it
}

// parse takes a JWE apart, strictly: two texts never are the same one. It allows
// no header but those of newHeader: no other algorithm, no URL to follow.
func parse(jwe string) (*parts, error) {
	texts := strings.Split(jwe, ".")
	if len(texts) != 5 || texts[1] != "" {
		return nil, errors.New("it does not have the parts of a compact JWE with a direct key")
	}
	var raw [5][]byte
	for i, part := range texts {
		var ok bool
		if raw[i], ok = text.Base64URL(part); !ok {
			return nil, errors.New("a part of it is not base64url")
		}
	}
	p := &parts{protected: texts[0], nonce: raw[2], sealed: append(raw[3], raw[4]...)}
	if err := json.Unmarshal(raw[0], &p.header, json.RejectUnknownMembers(true)); err != nil || p.header != newHeader(p.header.Kid) {
		return nil, errors.New("its header is not alg dir, enc A256GCM and zip DEF alone")
	}
	if len(p.nonce) != nonceSize || len(raw[4]) != tagSize {
		return nil, errors.New("its initialisation vector or tag does not have the length that A256GCM uses")
	}
	return p, nil
}

// errKey is all that can be told of what does not open: the cipher tells a wrong
// key from a changed file as little as anybody can.
var errKey = errors.New("the key does not match, or the file was changed")

func (p *parts) decrypt(key []byte) ([]byte, error) {
	aead, err := gcm(key)
	if err != nil {
		return nil, err
	}
	packed, err := aead.Open(nil, p.nonce, p.sealed, []byte(p.protected))
	if err != nil {
		return nil, errKey
	}
	return packed, nil
}

// derive is a key of 32 bytes for a use, by HKDF-SHA256 (RFC 5869) without salt.
func derive(secret []byte, use string) ([]byte, error) {
	return hkdf.Key(sha256.New, secret, nil, use, keySize)
}
