// Compact JSON Web Signatures (RFC 7515), read strictly. The signature is checked
// by jose under a key that the issuer's document has; what the header brings
// along is never used.

import {compactVerify, importJWK} from 'jose';

import {maxJWSHeader, maxJWS} from './constants';
import {checkPublicKey, type PublicKey} from './did';
import {Failure} from './failure';
import {has, isObject, parse, type Doc} from './json';
import {checkSignature, signatureSize, verifySecp256k1} from './signature';
import {stringOf} from './text';
import {fromBase64url} from './url';

const kinds: Record<string, PublicKey['kind']> = {
  EdDSA: 'Ed25519', Ed25519: 'Ed25519', ES256: 'P-256', ES384: 'P-384', RS256: 'RSA', ES256K: 'secp256k1',
};

export interface JWS {
  compact: string;
  header: Doc;
  algorithm: string;
  keyID: string;
  type: string;
  payload: Uint8Array;
  signature: Uint8Array;
}

export function parseJWS(compact: string): JWS {
  const malformed = () => new Failure('jws-malformed');
  if (compact.length > maxJWS) {
    throw new Failure('json-too-large'); // the JWS is too long
  }
  const parts = compact.split('.');
  if (parts.length !== 3) {
    throw malformed(); // not three parts between two points
  }
  const [head, payload, signature] = parts.map(part => fromBase64url(part));
  if (!head || !payload || !signature) {
    throw malformed(); // a part is not base64url without padding
  }
  const header = parse(head, maxJWSHeader);
  if (!isObject(header)) {
    throw malformed(); // the header is not an object
  }
  for (const name of ['alg', 'kid', 'typ']) {
    if (has(header, name) && typeof header[name] !== 'string') {
      throw malformed(); // alg, kid or typ is not a string
    }
  }
  for (const name of ['crit', 'b64']) {
    if (has(header, name)) {
      throw new Failure('header-forbidden');
    }
  }
  const jwk = has(header, 'jwk') ? header.jwk : undefined;
  if (isObject(jwk) && (has(jwk, 'd') && jwk.d !== null || has(jwk, 'k') && jwk.k !== null)) {
    throw new Failure('header-forbidden'); // the header gives a private key away
  }
  const algorithm = stringOf(header, 'alg');
  checkAlgorithm(algorithm);
  return {compact, header, algorithm, keyID: stringOf(header, 'kid'), type: stringOf(header, 'typ'), payload, signature};
}

/** The type that a JWS states, without the words that all have. */
export function typeOf(j: JWS): string {
  return j.type.toLowerCase().replace(/^application\//, '');
}

function checkAlgorithm(name: string): void {
  if (name === '') {
    throw new Failure('jws-malformed'); // the header names no algorithm
  }
  if (['none', 'hs256', 'hs384', 'hs512'].includes(name.toLowerCase())) {
    throw new Failure('algorithm-forbidden'); // an algorithm with which anyone who can verify can sign
  }
}

/** Tells whether the algorithm is one that verifyJWS knows. */
export function known(j: JWS): boolean {
  return has(kinds, j.algorithm);
}

/** Tells whether a key is of the kind that the algorithm is for. */
export function fits(j: JWS, key: PublicKey): boolean {
  return known(j) && kinds[j.algorithm] === key.kind;
}

/** Checks the signature under a key; it throws a Failure. */
export async function verifyJWS(j: JWS, key: PublicKey): Promise<void> {
  if (!known(j)) {
    throw new Failure('suite-unknown'); // the algorithm of the JWS is not known
  }
  checkPublicKey(key, true);
  if (!fits(j, key)) {
    throw new Failure('key-mismatch');
  }
  if (j.signature.length !== signatureSize(key)) {
    throw new Failure('signature-malformed'); // the signature has the wrong length
  }
  checkSignature(key, j.signature);
  if (key.kind === 'secp256k1') {
    const signed = new TextEncoder().encode(j.compact.slice(0, j.compact.lastIndexOf('.')));
    if (!await verifySecp256k1(key, j.signature, signed)) {
      throw new Failure('signature-invalid');
    }
    return;
  }
  try {
    await compactVerify(j.compact, await importJWK({...key.jwk} as Parameters<typeof importJWK>[0], j.algorithm), {algorithms: [j.algorithm]});
  } catch {
    throw new Failure('signature-invalid'); // the signature does not fit header, payload and key
  }
}
