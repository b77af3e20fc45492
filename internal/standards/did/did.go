// Package did reads decentralised identifiers of three methods, did:web, did:key
// and did:jwk, with the controlled identifier documents, JWK Sets and public
// keys behind them, and writes the first two (Controlled Identifiers v1.0,
// "did:web Method Specification", "The did:key Method v0.7", "did:jwk Method
// Specification").
//
// It owns names, documents and key encodings. It fetches nothing and checks no
// signature: verify asks its loader for a document and judges what it says. Key
// encodings are strict: exact lengths, one spelling for each key, points on the
// curve. Keys of low order are refused where signatures are checked, in proof.
package did

import (
	"fmt"
	"regexp"
	"strings"
)

// wrap says what failed, where something did.
func wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *err)
	}
}

// Split cuts a DID URL, or the https URL of a verification method, at its
// fragment. The fragment comes without "#", and is empty when there is none.
func Split(didURL string) (did, fragment string) {
	did, fragment, _ = strings.Cut(didURL, "#")
	return did, fragment
}

// Method returns the method name of a DID, "web" for did:web:example.org, or ""
// for what is no DID. Scheme and method are lower case (Decentralized
// Identifiers v1.0, 3.1 "DID Syntax").
func Method(did string) string {
	if m := method.FindStringSubmatch(did); m != nil {
		return m[1]
	}
	return ""
}

var method = regexp.MustCompile(`^did:([a-z0-9]+):(?s:.)`)
