// The two types of proofs with a detached JWS: RFC 7515, appendix F, with the
// unencoded payload of RFC 7797. The payload is 64 bytes, the SHA-256 of the proof
// options followed by that of the document, both as canonical N-Quads.

import {canonize} from './canonize';
import {maxJWS, maxJWSHeader} from './constants';
import type {PublicKey} from './did';
import {Failure} from './failure';
import {has, isObject, parse, type Doc} from './json';
import {checkSignature, signatureSize, verifyRaw} from './signature';
import {checkTerms} from './terms';
import {stringOf} from './text';
import {fromBase64url} from './url';
import {documentLoader} from './vocabulary';

interface Detached {
  algorithm: string;
  head: string;
  signature: Uint8Array;
}

// What kind of key the algorithms are for: JSON Web Signature 2020, "JOSE
// Conformance". RSA is for PS256 alone there.
const kinds: Record<string, PublicKey['kind']> = {EdDSA: 'Ed25519', ES256: 'P-256', ES384: 'P-384', ES256K: 'secp256k1', PS256: 'RSA'};

/** Reads a JWS without its payload, for a suite with some algorithms. The header has
 * "b64": false and "crit": ["b64"], as RFC 7797, section 6, and both suites demand;
 * what else it has must not be critical and changes nothing. */
export function parseDetached(compact: string, algorithms: string[]): Detached {
  if (compact.length > maxJWS) {
    throw new Failure('json-too-large'); // the JWS is too long
  }
  const parts = compact.split('.');
  const [head, signature] = [fromBase64url(parts[0]!), fromBase64url(parts[2] ?? '')];
  if (parts.length !== 3 || parts[1] !== '' || !head || !signature) {
    throw new Failure('proof-malformed'); // not header and signature in base64url with two points between them
  }
  const header = parse(head, maxJWSHeader);
  const algorithm = isObject(header) ? stringOf(header, 'alg') : '';
  if (!isObject(header) || algorithm === '') {
    throw new Failure('proof-malformed'); // the header is not an object, or names no algorithm
  }
  if (['none', 'hs256', 'hs384', 'hs512'].includes(algorithm.toLowerCase())) {
    throw new Failure('algorithm-forbidden'); // an algorithm with which anyone who can verify can sign
  }
  const critical = has(header, 'crit') ? header.crit : undefined;
  if (!has(header, 'b64') || header.b64 !== false || !Array.isArray(critical) || critical.length !== 1 || critical[0] !== 'b64') {
    throw new Failure('proof-malformed'); // the header has not "b64": false and "crit": ["b64"]
  }
  const jwk = has(header, 'jwk') ? header.jwk : undefined;
  if (isObject(jwk) && (has(jwk, 'd') && jwk.d !== null || has(jwk, 'k') && jwk.k !== null)) {
    throw new Failure('header-forbidden'); // the header gives a private key away
  }
  if (!algorithms.includes(algorithm)) {
    throw new Failure('suite-unknown'); // the algorithm is none of this type of proof
  }
  return {algorithm, head: parts[0]!, signature};
}

/** Tells whether a key is of the kind that the algorithm is for. */
export function fitsDetached(j: Detached, key: PublicKey): boolean {
  return kinds[j.algorithm] === key.kind;
}

/** Refuses a signature that is none of a key that fits. */
export function checkDetached(j: Detached, key: PublicKey): void {
  if (j.signature.length !== signatureSize(key)) {
    throw new Failure('signature-malformed'); // the signature has the wrong length
  }
  checkSignature(key, j.signature);
}

/** Checks a detached JWS over the hashes of proof options and document. */
export async function verifyDetached(j: Detached, key: PublicKey, options: Doc, unsecured: Doc): Promise<boolean> {
  const hashes: Uint8Array[] = [];
  for (const part of [options, unsecured]) {
    await checkTerms(part);
    const quads = new TextEncoder().encode(await canonize(part, {documentLoader}));
    hashes.push(new Uint8Array(await crypto.subtle.digest('SHA-256', quads)));
  }
  const head = new TextEncoder().encode(`${j.head}.`);
  return verifyRaw(key, j.signature, new Uint8Array([...head, ...hashes[0]!, ...hashes[1]!]), j.algorithm);
}
