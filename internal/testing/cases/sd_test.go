package cases

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"laurel/internal/standards/rdfc"
)

// secureSD returns a copy of doc without the members left out, with the proof of
// ecdsa-sd-2023 that its holder derives from one of the whole. Statements in which
// the pattern is found are not mandatory. Leaving out must not change the order of
// the nodes without a name. Data Integrity ECDSA Cryptosuites v1.0, 3.5 and 3.6.
func (a *academy) secureSD(doc, options object, key *ecdsa.PrivateKey, pattern string, leftOut ...string) object {
	own := ecKey(elliptic.P256(), "of one credential")
	optional := regexp.MustCompile(pattern)
	var shared bytes.Buffer
	all, _ := a.statements(doc)
	for _, s := range all {
		if !optional.MatchString(s) {
			shared.WriteString(s)
		}
	}
	shown := maps.Clone(doc)
	for _, member := range leftOut {
		delete(shown, member)
	}
	statements, labels := a.statements(shown)
	var mandatory []int
	var signatures [][]byte
	for i, s := range statements {
		if optional.MatchString(s) {
			signatures = append(signatures, signHash(own, []byte(s)))
			continue
		}
		mandatory = append(mandatory, i)
	}
	config, err := a.vocabulary.Canonical(with(options, object{"@context": doc["@context"]}), rdfc.Options{})
	check("canonicalise", err)
	configHash, sharedHash := sha256.Sum256(config), sha256.Sum256(shared.Bytes())
	point, err := own.PublicKey.Bytes()
	check("write a point", err)
	public := append([]byte{0x80, 0x24, 2 + point[64]&1}, point[1:33]...)
	base := signHash(key, slices.Concat(configHash[:], public, sharedHash[:]))
	value := "u" + base64url(derivedValue(base, public, signatures, labels, mandatory))
	return with(shown, object{"proof": []any{with(options, object{"proofValue": value})}})
}

// statements are the N-Quads of a document with other labels for blank nodes,
// sorted. The labels are by the number of the canonical one.
func (a *academy) statements(doc object) (statements []string, labels [][]byte) {
	canonical, err := a.vocabulary.Canonical(doc, rdfc.Options{})
	check("canonicalise", err)
	number := regexp.MustCompile(`_:c14n(\d+)`)
	for range len(number.FindAllString(string(canonical), -1)) {
		sum := sha256.Sum256([]byte("label " + strconv.Itoa(len(labels))))
		labels = append(labels, sum[:])
	}
	most := -1
	relabelled := number.ReplaceAllStringFunc(string(canonical), func(label string) string {
		n, err := strconv.Atoi(strings.TrimPrefix(label, "_:c14n"))
		check("read a label", err)
		most = max(most, n)
		return "_:u" + base64url(labels[n])
	})
	statements = strings.SplitAfter(strings.TrimSuffix(relabelled, "\n"), "\n")
	statements[len(statements)-1] += "\n"
	slices.Sort(statements)
	return statements, labels[:most+1]
}

// derivedValue is the CBOR of a derived proof: an array of five (RFC 8949, 3).
func derivedValue(base, public []byte, signatures, labels [][]byte, mandatory []int) []byte {
	const bytesType, arrayType, mapType = 2 << 5, 4 << 5, 5 << 5
	out := []byte{0xd9, 0x5d, 0x01}
	head := func(major byte, n int) {
		switch {
		case n < 24:
			out = append(out, major|byte(n))
		case n < 256:
			out = append(out, major|24, byte(n))
		default:
			out = binary.BigEndian.AppendUint16(append(out, major|25), uint16(n))
		}
	}
	text := func(b []byte) {
		head(bytesType, len(b))
		out = append(out, b...)
	}
	head(arrayType, 5)
	text(base)
	text(public)
	head(arrayType, len(signatures))
	for _, s := range signatures {
		text(s)
	}
	head(mapType, len(labels))
	for i, label := range labels {
		head(0, i)
		text(label)
	}
	head(arrayType, len(mandatory))
	for _, i := range mandatory {
		head(0, i)
	}
	return out
}
