package vc

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	mathbits "math/bits"

	"github.com/go-json-experiment/json"

	"laurel/internal/material/text"
)

// TokenStatusListType is the type of a Status List Token (Token Status List, 5.1).
const TokenStatusListType = "statuslist+jwt"

// The statuses that every issuer means the same by (Token Status List, 7.1).
const (
	TokenValid     = 0
	TokenInvalid   = 1 // revoked
	TokenSuspended = 2
)

// NewTokenStatusList returns the claims of a Status List Token, to be signed as a
// JWT of type TokenStatusListType: a status of one bit for each entry, TokenInvalid
// where the bit of bits is set. Indexes are those of bits; the order within a byte is
// the other one (Token Status List, 4.1). o.Purpose is not used. A list of fewer than
// ListLength entries is an error, as NewStatusList has it.
func NewTokenStatusList(o StatusListOptions, bits *Bitstring) ([]byte, error) {
	if bits.Len() < ListLength {
		return nil, fmt.Errorf("status list of %d entries, at least %d are needed", bits.Len(), ListLength)
	}
	var packed bytes.Buffer
	z, err := zlib.NewWriterLevel(&packed, zlib.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("encode statuses: %w", err)
	}
	statuses := make([]byte, len(bits.bits))
	for i, b := range bits.bits {
		statuses[i] = mathbits.Reverse8(b)
	}
	if _, err := z.Write(statuses); err != nil {
		return nil, fmt.Errorf("encode statuses: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("encode statuses: %w", err)
	}
	type list struct {
		Bits int    `json:"bits"`
		List string `json:"lst"`
	}
	claims := struct {
		Issuer  string `json:"iss"`
		Subject string `json:"sub"`
		Issued  int64  `json:"iat"`
		Expires int64  `json:"exp,omitzero"`
		TTL     int64  `json:"ttl,omitzero"` // seconds
		List    list   `json:"status_list"`
	}{o.Issuer, o.URL, o.ValidFrom.Unix(), 0, int64(o.TTL.Seconds()), list{1, base64.RawURLEncoding.EncodeToString(packed.Bytes())}}
	if !o.ValidUntil.IsZero() {
		claims.Expires = o.ValidUntil.Unix()
	}
	data, err := json.Marshal(claims)
	if err != nil {
		return nil, fmt.Errorf("encode a Status List Token: %w", err)
	}
	return data, nil
}

// TokenStatuses are those of a Status List Token.
type TokenStatuses struct {
	bytes []byte
	size  int // bits of each
}

// DecodeTokenStatuses reads lst of a Status List Token, whose statuses have so many
// bits: 1, 2, 4 or 8. It is strict base64url of one zlib stream that expands to at
// most MaxBitstring bytes (Token Status List, 4.2).
func DecodeTokenStatuses(lst string, size int) (*TokenStatuses, error) {
	if size != 1 && size != 2 && size != 4 && size != 8 {
		return nil, fmt.Errorf("statuses of %d bits", size)
	}
	packed, ok := text.Base64URL(lst)
	if !ok {
		return nil, errors.New("lst is not base64url without padding")
	}
	r := bytes.NewReader(packed)
	z, err := zlib.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("lst is not zlib: %w", err)
	}
	statuses, err := io.ReadAll(io.LimitReader(z, MaxBitstring+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("lst is not zlib: %w", err)
	case len(statuses) > MaxBitstring:
		return nil, fmt.Errorf("lst expands to more than %d bytes", MaxBitstring)
	case r.Len() != 0:
		return nil, errors.New("lst has data after its zlib stream")
	}
	return &TokenStatuses{statuses, size}, nil
}

// Get is the status at an index. One outside of the list is an error.
func (s *TokenStatuses) Get(i int) (int, error) {
	if i < 0 || i >= s.Len() {
		return 0, fmt.Errorf("status index %d is outside of the list of %d", i, s.Len())
	}
	each := 8 / s.size
	return int(s.bytes[i/each]) >> (i % each * s.size) & (1<<s.size - 1), nil
}

// Len is the number of statuses.
func (s *TokenStatuses) Len() int { return len(s.bytes) * (8 / s.size) }
