package proof

// ed25519SuiteContext is the one context a proof may bring itself, and only a
// proof of type Ed25519Signature2020: some signers put it there, as it defines
// all the terms of such a proof.
const ed25519SuiteContext = "https://w3id.org/security/suites/ed25519-2020/v1"

// ed25519SignatureOf2020 is Ed25519 Signature 2020 of the W3C Credentials
// Community Group, in which credentials were signed before Data Integrity 1.0. It
// hashes as eddsa-rdfc-2022 does; only the proof has another type and no
// cryptosuite. It is verified and never made.
func ed25519SignatureOf2020() cryptosuite {
	return cryptosuite{
		proofType:  ed25519Signature2020,
		hashData:   hashRDF,
		parameters: ed25519Parameters(ed25519Signature2020),
		verify:     verifyEd25519,
	}
}

func (p *Proof) bringsSuiteContext() bool {
	return p.Type == ed25519Signature2020 && sameContext(p.Raw["@context"], ed25519SuiteContext)
}
