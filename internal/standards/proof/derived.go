package proof

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"strconv"

	"github.com/fxamacker/cbor/v2"

	"laurel/internal/material/text"
	"laurel/internal/standards/jsonld"
)

// A derivedProof is the content of the proofValue of an ecdsa-sd-2023 proof that
// a holder derived.
type derivedProof struct {
	baseSignature []byte
	publicKey     []byte // Multikey of key, without multibase
	key           *ecdsa.PublicKey
	signatures    [][]byte
	labels        map[string]string // canonical blank node label -> the one signed; one to one
	mandatory     []uint64          // places of the statements without a signature, ascending
}

// The first bytes of a proofValue: sections 3.5.2 and 3.5.7 of Data Integrity ECDSA
// Cryptosuites v1.0.
var (
	baseProofHeader    = []byte{0xd9, 0x5d, 0x00}
	derivedProofHeader = []byte{0xd9, 0x5d, 0x01}
)

// parseDerived reads a proofValue: "parseDerivedProofValue", section 3.5.8. Base
// proofs, which are for the holder alone and disclose everything, are refused
// with code base-proof.
func parseDerived(value string) (*derivedProof, error) {
	if value == "" || value[0] != 'u' {
		return nil, malformedDerived("proofValue is not multibase base64url")
	}
	data, ok := text.Base64URL(value[1:])
	if !ok {
		return nil, malformedDerived("proofValue is not base64url without padding")
	}
	if bytes.HasPrefix(data, baseProofHeader) {
		return nil, &jsonld.Error{Code: "base-proof", Detail: "a base proof, which is for the holder alone; a proof derived from it is to be shown"}
	}
	content, ok := bytes.CutPrefix(data, derivedProofHeader)
	if !ok {
		return nil, malformedDerived("proofValue is not that of a derived proof")
	}
	return decodeComponents(content)
}

func malformedDerived(detail string) *jsonld.Error {
	return &jsonld.Error{Code: "signature-malformed", Detail: detail}
}

// components are the CBOR array behind the header.
type components struct {
	_             struct{} `cbor:",toarray"`
	BaseSignature cbor.ByteString
	PublicKey     cbor.ByteString
	Signatures    []cbor.ByteString
	Labels        map[uint64]cbor.ByteString
	Mandatory     []uint64
}

func decodeComponents(content []byte) (*derivedProof, error) {
	c, ok := readComponents(content)
	if !ok {
		return nil, malformedDerived("proofValue is not the five parts of a derived proof in CBOR")
	}
	d := &derivedProof{publicKey: []byte(c.PublicKey), mandatory: c.Mandatory}
	signatures := make([][]byte, 0, 1+len(c.Signatures))
	for _, signature := range append([]cbor.ByteString{c.BaseSignature}, c.Signatures...) {
		if len(signature) != 64 {
			return nil, malformedDerived("a signature has the wrong length")
		}
		signatures = append(signatures, []byte(signature))
	}
	d.baseSignature, d.signatures = signatures[0], signatures[1:]
	for i := 1; i < len(c.Mandatory); i++ {
		if c.Mandatory[i] <= c.Mandatory[i-1] {
			return nil, malformedDerived("the places of mandatory statements do not ascend")
		}
	}
	var err error
	if d.key, err = decodeProofKey(d.publicKey); err != nil {
		return nil, err
	}
	d.labels, err = decodeLabels(c.Labels)
	return d, err
}

// readComponents reads CBOR in its preferred serialization (RFC 8949, section
// 4.1); only the order of the labels is free.
func readComponents(content []byte) (c components, ok bool) {
	mode, err := strictCBOR().DecMode()
	if err != nil {
		return c, false
	}
	if err := mode.Unmarshal(content, &c); err != nil || c.Signatures == nil || c.Labels == nil || c.Mandatory == nil {
		return c, false
	}
	again, err := cbor.Marshal(c)
	return c, err == nil && len(again) == len(content)
}

// strictCBOR refuses whatever the suite has no use for: tags, lengths left open,
// keys that occur twice, and bytes behind the array. Its limits are those
// of a document.
func strictCBOR() cbor.DecOptions {
	return cbor.DecOptions{
		DupMapKey:         cbor.DupMapKeyEnforcedAPF,
		IndefLength:       cbor.IndefLengthForbidden,
		TagsMd:            cbor.TagsForbidden,
		MaxNestedLevels:   4,
		MaxArrayElements:  jsonld.MaxSize / 64,
		MaxMapPairs:       jsonld.MaxSize / 32,
		ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
	}
}

// decodeProofKey reads the key made for one proof: a compressed point of P-256
// behind its Multikey header.
func decodeProofKey(multikey []byte) (*ecdsa.PublicKey, error) {
	curve := elliptic.P256()
	point, ok := bytes.CutPrefix(multikey, []byte{0x80, 0x24})
	if !ok || len(point) != 33 {
		return nil, malformedDerived("the key in proofValue is not a Multikey of P-256")
	}
	x, y := elliptic.UnmarshalCompressed(curve, point)
	if x == nil {
		return nil, malformedDerived("the key in proofValue is not a point of P-256")
	}
	full := make([]byte, 65)
	full[0] = 4
	x.FillBytes(full[1:33])
	y.FillBytes(full[33:])
	key, err := ecdsa.ParseUncompressedPublicKey(curve, full)
	if err != nil {
		return nil, malformedDerived("the key in proofValue is not a point of P-256")
	}
	return key, nil
}

// decodeLabels is "decompressLabelMap", section 3.5.6. Two nodes must not share a
// label.
func decodeLabels(compressed map[uint64]cbor.ByteString) (map[string]string, error) {
	labels := make(map[string]string, len(compressed))
	seen := make(map[string]bool, len(compressed))
	for number, digest := range compressed {
		label := "u" + base64.RawURLEncoding.EncodeToString([]byte(digest))
		if len(digest) != 32 || seen[label] {
			return nil, malformedDerived("a label of a blank node is not of 32 bytes, or occurs twice")
		}
		seen[label] = true
		labels["c14n"+strconv.FormatUint(number, 10)] = label
	}
	return labels, nil
}
