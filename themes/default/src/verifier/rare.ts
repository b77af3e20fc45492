// What few documents ask for. It is a bundle of its own, which the verifier loads
// when a document needs it (later.ts), and imports nothing that the verifier has: a
// Failure of this bundle would not be one there.

import {verify} from '@noble/secp256k1';
import contexts from 'laurel:rare';

export {contexts};

/** Checks an ECDSA signature, r and s, of a hash under a compressed key. The smaller s
 * is not demanded (RFC 8812, 3.2). */
export function verifySecp256k1(signature: Uint8Array, hash: Uint8Array, key: Uint8Array): boolean {
  return verify(signature, hash, key, {prehash: false, lowS: false});
}
