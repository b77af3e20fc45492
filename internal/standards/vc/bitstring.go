package vc

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"laurel/internal/material/text"
)

// Bitstring is the list of bits inside a status list. Index 0 is the leftmost
// bit, that is the highest bit of the first byte. Bitstring Status List v1.0,
// "Bitstring Encoding".
type Bitstring struct{ bits []byte }

// NewBitstring returns n bits, all of them 0; n is rounded up to a whole byte.
func NewBitstring(n int) *Bitstring {
	return &Bitstring{make([]byte, (n+7)/8)}
}

// Len is the number of bits, a multiple of 8.
func (b *Bitstring) Len() int { return len(b.bits) * 8 }

// Set sets the bit at index i. An index outside of the list is a bug of the
// caller and panics.
func (b *Bitstring) Set(i int, v bool) {
	if i < 0 || i >= b.Len() {
		panic(fmt.Sprintf("vc: bit %d set in a list of %d", i, b.Len()))
	}
	mask := byte(0x80) >> (i % 8)
	if v {
		b.bits[i/8] |= mask
	} else {
		b.bits[i/8] &^= mask
	}
}

// Get returns the bit at index i. An index outside of the list is an error
// (RANGE_ERROR of Bitstring Status List v1.0).
func (b *Bitstring) Get(i int) (bool, error) {
	if i < 0 || i >= b.Len() {
		return false, fmt.Errorf("status index %d is outside of the list of %d", i, b.Len())
	}
	return b.bits[i/8]&(0x80>>(i%8)) != 0, nil
}

// Encode returns the encodedList: "u" for base64url without padding, then the
// GZIP of the bits. The GZIP header has no time and no operating system, so
// one build of laurel writes equal bits as equal text.
func (b *Bitstring) Encode() (string, error) {
	var buf bytes.Buffer
	z, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return "", fmt.Errorf("encode bitstring: %w", err)
	}
	if _, err := z.Write(b.bits); err != nil {
		return "", fmt.Errorf("encode bitstring: %w", err)
	}
	if err := z.Close(); err != nil {
		return "", fmt.Errorf("encode bitstring: %w", err)
	}
	return "u" + base64.RawURLEncoding.EncodeToString(buf.Bytes()), nil
}

// DecodeBitstring reads an encodedList. It expands to at most limit bytes; a
// limit of 0, or above MaxBitstring, is MaxBitstring. Base64url is strict, and
// the GZIP is one member with nothing after it. How many bits a list must hold
// is the caller's to check, see ListLength.
func DecodeBitstring(s string, limit int) (*Bitstring, error) {
	if limit <= 0 || limit > MaxBitstring {
		limit = MaxBitstring
	}
	packed, err := decodeMultibase(s)
	if err != nil {
		return nil, fmt.Errorf("decode bitstring: %w", err)
	}
	bits, err := gunzip(packed, limit)
	if err != nil {
		return nil, fmt.Errorf("decode bitstring: %w", err)
	}
	return &Bitstring{bits}, nil
}

// ReadBitstring is DecodeBitstring for what others write: base64url or base64 (RFC
// 4648, 4 and 5), padded or not, with the prefix u or without. GZIP always begins with
// the same bytes, so that no text has two readings; one that mixes both alphabets has
// none. Proper tells whether DecodeBitstring takes it.
func ReadBitstring(s string) (bits *Bitstring, proper bool, err error) {
	if bits, err = DecodeBitstring(s, MaxBitstring); err == nil {
		return bits, true, nil
	}
	plain := strings.TrimPrefix(s, "u")
	if !strings.HasPrefix(plain, gzipBegins) {
		return nil, false, err
	}
	if strings.ContainsAny(plain, "+/") {
		if strings.ContainsAny(plain, "-_") {
			return nil, false, errors.New("decode bitstring: two alphabets of base64")
		}
		plain = strings.NewReplacer("+", "-", "/", "_").Replace(plain)
	}
	if unpadded := strings.TrimRight(plain, "="); len(plain) != len(unpadded) {
		if len(plain)%4 != 0 || len(plain)-len(unpadded) > 2 {
			return nil, false, errors.New("decode bitstring: wrong padding")
		}
		plain = unpadded
	}
	bits, err = DecodeBitstring("u"+plain, MaxBitstring)
	return bits, false, err
}

// gzipBegins is how GZIP begins in base64 (RFC 1952, 2.3.1).
const gzipBegins = "H4sI"

func decodeMultibase(s string) ([]byte, error) {
	encoded, ok := strings.CutPrefix(s, "u")
	if !ok {
		return nil, errors.New("no multibase prefix u")
	}
	data, ok := text.Base64URL(encoded)
	if !ok {
		return nil, errors.New("not base64url without padding")
	}
	return data, nil
}

func gunzip(packed []byte, limit int) ([]byte, error) {
	// A bytes.Reader is an io.ByteReader, so the decompressor reads not a byte
	// beyond its member and what is left over can be seen.
	r := bytes.NewReader(packed)
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("not GZIP: %w", err)
	}
	z.Multistream(false)
	bits, err := io.ReadAll(io.LimitReader(z, int64(limit)+1))
	if err != nil {
		return nil, fmt.Errorf("not GZIP: %w", err)
	}
	if len(bits) > limit {
		return nil, fmt.Errorf("expands to more than %d bytes", limit)
	}
	if r.Len() != 0 {
		return nil, errors.New("data after the GZIP member")
	}
	return bits, nil
}
