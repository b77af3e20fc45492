package proof

import (
	"bytes"
	"encoding/base64"
	"strings"

	"github.com/fxamacker/cbor/v2"

	"laurel/internal/material/text"
	"laurel/internal/standards/jsonld"
)

// A baseProof is the content of the proofValue of an ecdsa-sd-2023 proof that an
// issuer made. It is for the holder alone: with it, each statement can be shown.
type baseProof struct {
	baseSignature []byte
	publicKey     []byte   // Multikey of the key made for this proof, without multibase
	hmacKey       []byte   // what the labels of blank nodes are made with; 32 bytes
	signatures    [][]byte // of the statements that are not mandatory, in their order
	mandatory     []string // JSON pointers
}

// baseComponents are the CBOR array behind the header.
type baseComponents struct {
	_             struct{} `cbor:",toarray"`
	BaseSignature []byte
	PublicKey     []byte
	HMACKey       []byte
	Signatures    [][]byte
	Mandatory     []string
}

// encode is "serializeBaseProofValue", section 3.5.2 of Data Integrity ECDSA
// Cryptosuites v1.0.
func (b *baseProof) encode() (string, error) {
	return encodeParts(baseProofHeader, baseComponents{struct{}{}, b.baseSignature, b.publicKey, b.hmacKey, b.signatures, b.mandatory})
}

// encodeParts writes the parts of a proofValue.
func encodeParts(header []byte, parts any) (string, error) {
	mode, err := cbor.EncOptions{Sort: cbor.SortCoreDeterministic}.EncMode()
	if err != nil {
		return "", err
	}
	content, err := mode.Marshal(parts)
	if err != nil {
		return "", err
	}
	return "u" + base64.RawURLEncoding.EncodeToString(append(bytes.Clone(header), content...)), nil
}

// isBase tells a proofValue of a base proof by its first bytes.
func isBase(value string) bool { return strings.HasPrefix(value, "u2V0A") }

// parseBase reads a proofValue: "parseBaseProofValue", section 3.5.3. Only the
// preferred serialization of CBOR is taken.
func parseBase(value string) (*baseProof, error) {
	data, ok := text.Base64URL(strings.TrimPrefix(value, "u"))
	if !ok || !isBase(value) {
		return nil, malformedDerived("proofValue is not that of a base proof")
	}
	mode, err := strictCBOR().DecMode()
	var c baseComponents
	if err == nil {
		err = mode.Unmarshal(data[len(baseProofHeader):], &c)
	}
	if again, failed := cbor.Marshal(c); err != nil || failed != nil || len(again) != len(data)-len(baseProofHeader) ||
		c.Signatures == nil || c.Mandatory == nil {
		return nil, malformedDerived("proofValue is not the five parts of a base proof in CBOR")
	}
	if len(c.HMACKey) != 32 {
		return nil, malformedDerived("the HMAC key is not of 32 bytes")
	}
	for _, signature := range append([][]byte{c.BaseSignature}, c.Signatures...) {
		if len(signature) != 64 {
			return nil, malformedDerived("a signature has the wrong length")
		}
	}
	if _, err := decodeProofKey(c.PublicKey); err != nil {
		return nil, &jsonld.Error{Code: "signature-malformed", Detail: err.(*jsonld.Error).Detail}
	}
	return &baseProof{c.BaseSignature, c.PublicKey, c.HMACKey, c.Signatures, c.Mandatory}, nil
}
