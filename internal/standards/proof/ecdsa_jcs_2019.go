package proof

// ecdsaJCS2019 is the suite of Data Integrity ECDSA Cryptosuites v1.0, W3C
// Recommendation of 15 May 2025, section 3.3: as ecdsa-rdfc-2019, over the JSON
// Canonicalization Scheme (RFC 8785). Contexts are treated as by eddsa-jcs-2022.
func ecdsaJCS2019() cryptosuite {
	return cryptosuite{
		proofType:    dataIntegrityProof,
		name:         "ecdsa-jcs-2019",
		hashData:     hashJCS,
		keepsContext: true,
		parameters:   ecdsaParameters("ecdsa-jcs-2019"),
		sign:         signECDSA,
		verify:       verifyECDSA,
	}
}
