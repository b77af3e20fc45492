package proof

// eddsaRDFC2022 is the suite of Data Integrity EdDSA Cryptosuites v1.0, W3C
// Recommendation of 15 May 2025, section 3.2: RDFC-1.0 and SHA-256, Ed25519
// over the hash of the proof options followed by the hash of the document.
func eddsaRDFC2022() cryptosuite {
	return cryptosuite{
		proofType:  dataIntegrityProof,
		name:       "eddsa-rdfc-2022",
		hashData:   hashRDF,
		parameters: ed25519Parameters("eddsa-rdfc-2022"),
		sign:       signEd25519,
		verify:     verifyEd25519,
	}
}
