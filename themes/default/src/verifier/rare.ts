// What few documents ask for. It is a bundle of its own, which the verifier loads
// when a document needs it (later.ts), and imports nothing that the verifier has: a
// Failure of this bundle would not be one there. What its libraries need of those that
// the verifier has is lent to them.

import {createVerifyCryptosuite} from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import {verify} from '@noble/secp256k1';
import contexts from 'laurel:rare';

import {lend, type Lent} from './lent';

export {contexts};

/** Checks an ECDSA signature, r and s, of a hash under a compressed key. The smaller s
 * is not demanded (RFC 8812, 3.2). */
export function verifySecp256k1(signature: Uint8Array, hash: Uint8Array, key: Uint8Array): boolean {
  return verify(signature, hash, key, {prehash: false, lowS: false});
}

/** The suite of proofs that a holder derived with ecdsa-sd-2023. */
export function ecdsaSD2023(lent: Lent): Record<string, unknown> {
  lend(lent);
  return createVerifyCryptosuite();
}
