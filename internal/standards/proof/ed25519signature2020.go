package proof

import "laurel/internal/standards/jsonld"

// ed25519SignatureOf2020 is Ed25519 Signature 2020 of the W3C Credentials
// Community Group, in which credentials were signed before Data Integrity 1.0. It
// hashes as eddsa-rdfc-2022 does; only the proof has another type and no
// cryptosuite. It is verified and never made.
func ed25519SignatureOf2020() cryptosuite {
	return cryptosuite{
		proofType:  jsonld.Ed25519Signature2020,
		hashData:   hashRDF,
		parameters: ed25519Parameters(jsonld.Ed25519Signature2020),
		verify:     verifyEd25519,
	}
}

// bringsSuiteContext tells whether a proof brings the one context that it may.
func (p *Proof) bringsSuiteContext() bool {
	return p.Type == jsonld.Ed25519Signature2020 && jsonld.SameContext(p.Raw["@context"], jsonld.Ed25519SuiteContext)
}
