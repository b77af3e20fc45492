// Stands in for the Multikey packages of the cryptosuites. Theirs hand browsers
// the compressed point of an ECDSA key, which Chromium does not import, and check
// Ed25519 with a cofactor, which the command line does not.

import {decodeMultikey} from './did';
import {verifyRaw} from './signature';

interface Verifier {
  algorithm: string;
  id?: string;
  verify(o: {data: Uint8Array; signature: Uint8Array}): Promise<boolean>;
}

/** A key pair of a verification method, of which only the public half is used. */
export async function from(method: {id?: string; publicKeyMultibase: string}): Promise<{verifier(): Verifier}> {
  const key = decodeMultikey(method.publicKeyMultibase);
  return {
    verifier: () => ({
      algorithm: key.kind, ...(method.id ? {id: method.id} : {}),
      verify: ({data, signature}) => verifyRaw(key, signature, data),
    }),
  };
}
