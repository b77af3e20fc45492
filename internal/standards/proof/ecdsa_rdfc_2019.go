package proof

// ecdsaRDFC2019 is the suite of Data Integrity ECDSA Cryptosuites v1.0, W3C
// Recommendation of 15 May 2025, section 3.2: RDFC-1.0, and ECDSA over the hash
// of the proof options followed by the hash of the document. With P-256 every
// hash is SHA-256; with P-384 it is SHA-384, inside RDFC-1.0 as well.
func ecdsaRDFC2019() cryptosuite {
	return cryptosuite{
		proofType:  dataIntegrityProof,
		name:       "ecdsa-rdfc-2019",
		hashData:   hashRDF,
		parameters: ecdsaParameters("ecdsa-rdfc-2019"),
		sign:       signECDSA,
		verify:     verifyECDSA,
	}
}
