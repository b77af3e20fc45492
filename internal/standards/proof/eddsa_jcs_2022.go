package proof

// eddsaJCS2022 is the suite of Data Integrity EdDSA Cryptosuites v1.0, W3C
// Recommendation of 15 May 2025, section 3.3: the JSON Canonicalization Scheme
// (RFC 8785) and SHA-256, Ed25519 over the hash of the proof options followed by
// the hash of the document.
//
// Section 3.3.2 lets a document have more contexts than the proof, which then
// nobody signed. Here both must have the same.
func eddsaJCS2022() cryptosuite {
	return cryptosuite{
		proofType:    dataIntegrityProof,
		name:         "eddsa-jcs-2022",
		hashData:     hashJCS,
		keepsContext: true,
		parameters:   ed25519Parameters("eddsa-jcs-2022"),
		sign:         signEd25519,
		verify:       verifyEd25519,
	}
}
