// Signatures as numbers and bytes.

import {number, type PublicKey} from './did';
import {Failure} from './failure';
import {rare} from './later';

// The order of the group of Ed25519, RFC 8032, section 5.1.
const orderEd25519 = (1n << 252n) + 27742317777372353535851937790883648493n;

const orders: Record<string, bigint> = {
  'P-256': 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  'P-384': 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  secp256k1: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
};

/** Refuses signatures whose numbers are out of range: of such a one anybody
 * could make a second form. */
export function checkSignature(key: PublicKey, signature: Uint8Array): void {
  if (key.kind === 'Ed25519') {
    if (number(signature.slice(32).reverse()) >= orderEd25519) {
      throw new Failure('signature-malformed'); // S of the signature is not below the group order
    }
    return;
  }
  const order = orders[key.kind];
  if (order === undefined) {
    return;
  }
  const half = signature.length / 2;
  for (const n of [number(signature.slice(0, half)), number(signature.slice(half))]) {
    if (n === 0n || n >= order) {
      throw new Failure('signature-malformed'); // a number of the signature is zero or not below the group order
    }
  }
}

/** How many bytes a signature of a key has. */
export function signatureSize(key: PublicKey): number {
  return {'Ed25519': 64, 'P-256': 64, 'P-384': 96, 'secp256k1': 64, 'RSA': key.bytes.length}[key.kind];
}

/** Checks an ECDSA signature on secp256k1 with SHA-256 over data, which browsers do
 * not. */
export async function verifySecp256k1(key: PublicKey, signature: Uint8Array, data: Uint8Array): Promise<boolean> {
  const library = await rare();
  if (!library) { // a certificate that is a file, which holds no such key
    throw new Failure('key-unsupported');
  }
  return library.verifySecp256k1(signature, new Uint8Array(await crypto.subtle.digest('SHA-256', data as Uint8Array<ArrayBuffer>)), key.bytes);
}

/** Checks a signature over data with the browser's own cryptography: RFC 8032
 * without cofactor, the rule of the command line as well. RSA is RS256 unless the
 * algorithm is PS256. */
export async function verifyRaw(key: PublicKey, signature: Uint8Array, data: Uint8Array, name = ''): Promise<boolean> {
  if (key.kind === 'secp256k1') {
    return verifySecp256k1(key, signature, data);
  }
  const hash = key.kind === 'P-384' ? 'SHA-384' : 'SHA-256';
  const algorithm = {
    Ed25519: {name: 'Ed25519'},
    'P-256': {name: 'ECDSA', namedCurve: 'P-256', hash},
    'P-384': {name: 'ECDSA', namedCurve: 'P-384', hash},
    RSA: {name: name === 'PS256' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash, saltLength: 32},
  }[key.kind];
  const imported = await crypto.subtle.importKey('jwk', key.jwk, algorithm, false, ['verify']);
  return crypto.subtle.verify(algorithm, imported, signature as Uint8Array<ArrayBuffer>, data as Uint8Array<ArrayBuffer>);
}
