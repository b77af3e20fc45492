// Documents of issuers and the keys in them (Controlled Identifiers v1.0).

import {maxMethods, maxJWKName, minRSABits, maxRSABits} from './constants';
import {Failure, Malformed, malformedIf} from './failure';
import {has, isObject, parseObject, type Doc, type Value} from './json';
import {stringOf} from './text';
import {fromBase64url, toBase64url} from './url';

/** A key that a signature can be checked with. Bytes are those of a Multikey
 * without its header: the point of an Ed25519 key, or a compressed one. RSA
 * keys have only a JWK. */
export interface PublicKey {
  kind: 'Ed25519' | 'P-256' | 'P-384' | 'RSA';
  bytes: Uint8Array;
  multibase: string;
  jwk: JsonWebKey;
}

export interface Method {
  id: string;
  type: string;
  controller: string;
  multibase: string;
  jwk?: Doc;
  expires?: string;
  revoked?: string;
}

export interface IssuerDocument {
  id: string;
  methods: Method[];
  assertion: string[];
  authentication: string[];
}

/** A kind of key that is not read here; it may be good. */
export class UnsupportedKey extends Error {}


/** The method of a DID, "" for what is none. */
export function didMethod(id: string): string {
  return /^did:([a-z0-9]+):[^:]/.exec(id)?.[1] ?? '';
}

export function split(url: string): [base: string, fragment: string] {
  const i = url.indexOf('#');
  return i < 0 ? [url, ''] : [url.slice(0, i), url.slice(i + 1)];
}

/** The https URL of the document of a did:web, or undefined where the DID is
 * not in its one canonical spelling. */
export function webURL(did: string): string | undefined {
  const m = /^did:web:([A-Za-z0-9.-]+)(?:%3A([1-9]\d{0,4}))?((?::[^/?#@\[\] \\:]+)*)$/.exec(did);
  if (!m || did.length > 2048) {
    return undefined;
  }
  const [, host = '', port, path = ''] = m;
  if (host !== host.toLowerCase() || !isHost(host) || (port && (Number(port) > 65535 || port === '443'))) {
    return undefined;
  }
  for (const segment of path.split(':').slice(1)) {
    if (!isSegment(segment)) {
      return undefined;
    }
  }
  const base = `https://${host}${port ? `:${port}` : ''}`;
  return path ? `${base}${path.replaceAll(':', '/')}/did.json` : `${base}/.well-known/did.json`;
}

/** Accepts DNS names; a host whose last label is a number is an address. */
function isHost(host: string): boolean {
  const labels = host.split('.');
  return host.length <= 253 && labels.every(l => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(l)) &&
    !/^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1)!);
}

function isSegment(escaped: string): boolean {
  let s: string;
  try {
    s = decodeURIComponent(escaped);
  } catch {
    return false;
  }
  if (s === '.' || s === '..' || s === '.well-known' || /[\x00-\x1f\x7f/\\\ufffd]/.test(s)) {
    return false;
  }
  const bytes = new TextEncoder().encode(s);
  const canonical = Array.from(bytes, b => {
    const c = String.fromCharCode(b);
    return /[A-Za-z0-9._-]/.test(c) ? c : `%${b.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
  return canonical === escaped;
}

/** Reads the document of a did:web or an https issuer. References that are only
 * a fragment are made absolute, embedded methods are listed with the others;
 * two methods of one id are an error. A document that is one key itself becomes
 * one with that method under assertionMethod. */
export function parseDocument(data: Uint8Array): IssuerDocument {
  const o = parseJSON(data);
  const jwk = jwkOf(o);
  const isKey = text(o, 'publicKeyMultibase') !== '' || jwk !== undefined;
  const whole = text(o, 'id');
  const [id, fragment] = split(whole);
  malformedIf(id === '' || (fragment !== '' && !isKey) || !id.includes(':')); // id is missing or not absolute
  const d: IssuerDocument = {id, methods: [], assertion: [], authentication: []};
  for (const m of listOf(o.verificationMethod)) {
    addMethod(d, m);
  }
  if (isKey) {
    const controller = Array.isArray(o.controller) ? o.controller[0] : o.controller;
    d.methods.push({
      id: whole, controller: typeof controller === 'string' && controller ? controller : id,
      type: stringOf(o, 'type') || (jwk ? 'JsonWebKey' : 'Multikey'), multibase: text(o, 'publicKeyMultibase'),
      expires: text(o, 'expires') || undefined, revoked: text(o, 'revoked') || undefined, ...(jwk ? {jwk} : {}),
    });
  }
  d.authentication = relationship(d, o.authentication);
  d.assertion = relationship(d, o.assertionMethod);
  if (isKey && !d.assertion.includes(whole)) {
    d.assertion.push(whole);
  }
  return d;
}

/** Reads the JWK Set of an https issuer as a document of that issuer, with the
 * issuer that it names itself. */
export function parseKeySet(data: Uint8Array, issuer: string): {doc: IssuerDocument; iss: string} {
  const o = parseJSON(data);
  const iss = text(o, 'iss');
  const keys = listOf(o.keys);
  malformedIf(keys.length === 0 || keys.length > maxMethods || !keys.every(isObject)); // not a JWK Set
  const doc: IssuerDocument = {id: issuer, methods: [], assertion: [], authentication: []};
  for (const jwk of keys as Doc[]) {
    const kid = stringOf(jwk, 'kid');
    if (kid === '' || (has(jwk, 'use') && jwk.use !== 'sig')) {
      continue;
    }
    const id = `${issuer}#${kid}`;
    malformedIf(doc.methods.some(m => m.id === id)); // two keys of one kid
    doc.methods.push({id, type: 'JsonWebKey', controller: issuer, multibase: '', jwk});
    doc.assertion.push(id);
  }
  return {doc, iss};
}

/** JSON of issuers: equal names are refused, names that differ in case are not. */
function parseJSON(data: Uint8Array): Doc {
  return parseObject(data, undefined, true);
}

function jwkOf(o: Doc): Doc | undefined {
  const jwk = has(o, 'publicKeyJwk') ? o.publicKeyJwk : undefined;
  malformedIf(jwk !== undefined && jwk !== null && !isObject(jwk)); // publicKeyJwk is not an object
  return isObject(jwk) ? jwk : undefined;
}

/** The method whose JWK has this kid, if exactly one has. */
export function methodByKid(d: IssuerDocument, kid: string): Method | undefined {
  const found = d.methods.filter(m => m.jwk && kid !== '' && stringOf(m.jwk, 'kid') === kid);
  return found.length === 1 ? found[0] : undefined;
}

function listOf(v: Value | undefined): Value[] {
  if (v === undefined || v === null) {
    return [];
  }
  if (!Array.isArray(v)) {
    throw new Malformed(); // not a list
  }
  return v;
}

function text(o: Doc, name: string): string {
  const v = has(o, name) ? o[name] : undefined;
  if (v === undefined || v === null) {
    return '';
  }
  if (typeof v !== 'string') {
    throw new Malformed(); // name is not a string
  }
  return v;
}

function addMethod(d: IssuerDocument, v: Value): string {
  if (!isObject(v)) {
    throw new Malformed(); // a method is not an object
  }
  const jwk = jwkOf(v);
  const m: Method = {
    id: absolute(d, text(v, 'id')),
    type: text(v, 'type'),
    controller: text(v, 'controller'),
    multibase: text(v, 'publicKeyMultibase'),
    expires: text(v, 'expires') || undefined,
    revoked: text(v, 'revoked') || undefined,
    ...(jwk ? {jwk} : {}),
  };
  malformedIf(!m.id.includes(':')); // id is missing or not absolute
  malformedIf(d.methods.some(other => other.id === m.id)); // two methods with one id
  malformedIf(d.methods.length === maxMethods); // too many methods
  d.methods.push(m);
  return m.id;
}

function relationship(d: IssuerDocument, refs: Value | undefined): string[] {
  const ids: string[] = [];
  for (const ref of refs === undefined || refs === null ? [] : Array.isArray(refs) ? refs : [refs]) {
    if (isObject(ref)) {
      ids.push(addMethod(d, ref));
    } else if (typeof ref === 'string') {
      const id = absolute(d, ref);
      if (!ids.includes(id)) {
        ids.push(id);
      }
    } else {
      throw new Malformed(); // a reference is not a string
    }
    malformedIf(ids.length > maxMethods); // too many methods
  }
  return ids;
}

function absolute(d: IssuerDocument, id: string): string {
  return id.startsWith('#') ? d.id + id : id;
}

/** The document that a did:key stands for, or undefined. */
export function keyDocument(did: string): IssuerDocument | undefined {
  const multikey = did.slice('did:key:'.length);
  try {
    decodeMultikey(multikey);
  } catch {
    return undefined;
  }
  const id = `${did}#${multikey}`;
  return {id: did, methods: [{id, type: 'Multikey', controller: did, multibase: multikey}], assertion: [id], authentication: [id]};
}

/** The document that a did:jwk stands for. It throws UnsupportedKey for a kind of
 * key that is not read here. */
export function jwkDocument(did: string): IssuerDocument {
  const data = did.length <= maxJWKName ? fromBase64url(did.slice('did:jwk:'.length)) : undefined;
  if (!data) {
    throw new Malformed(); // not base64url
  }
  const jwk = parseJSON(data);
  decodeJWK(jwk);
  const id = `${did}#0`;
  return {id: did, methods: [{id, type: 'JsonWebKey', controller: did, multibase: '', jwk}], assertion: [id], authentication: [id]};
}


/** The key of a method. It throws UnsupportedKey for a type or curve that is
 * not read here, and other errors for what is malformed. */
export function publicKey(m: Method): PublicKey {
  if (m.multibase && m.jwk) {
    throw new Malformed(); // both publicKeyMultibase and publicKeyJwk
  }
  switch (m.type) {
    case 'Multikey':
      return decodeMultikey(m.multibase);
    case 'Ed25519VerificationKey2020': {
      const key = decodeMultikey(m.multibase);
      malformedIf(key.kind !== 'Ed25519'); // another kind of key
      return key;
    }
    case 'JsonWebKey':
    case 'JsonWebKey2020':
      if (!m.jwk) {
        throw new Malformed(); // no publicKeyJwk
      }
      return decodeJWK(m.jwk);
  }
  throw new UnsupportedKey();
}

interface Kind {
  name: 'Ed25519' | 'P-256' | 'P-384';
  header: [number, number]; // multicodec code as a varint
  size: number;
  curve?: Curve;
}

interface Curve {p: bigint; b: bigint; size: number}

const p256: Curve = {
  p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
  b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  size: 32,
};
const p384: Curve = {
  p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
  b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  size: 48,
};

const kinds: Kind[] = [
  {name: 'Ed25519', header: [0xed, 0x01], size: 32},
  {name: 'P-256', header: [0x80, 0x24], size: 33, curve: p256},
  {name: 'P-384', header: [0x81, 0x24], size: 49, curve: p384},
];

/** Reads a publicKeyMultibase: base58btc only, in its one spelling, exactly the
 * bytes of the kind, points that are on the curve. */
export function decodeMultikey(s: string): PublicKey {
  malformedIf(!s.startsWith('z') || s.length > 80); // not base58btc
  const data = fromBase58(s.slice(1));
  if (!data || toBase58(data) !== s.slice(1)) {
    throw new Malformed(); // not base58btc
  }
  for (const kind of kinds) {
    if (data[0] !== kind.header[0] || data[1] !== kind.header[1]) {
      continue;
    }
    const bytes = data.slice(2);
    malformedIf(bytes.length !== kind.size); // a key of the wrong length
    if (!kind.curve) {
      return {kind: kind.name, bytes, multibase: s, jwk: {kty: 'OKP', crv: 'Ed25519', x: toBase64url(bytes)}};
    }
    const y = bytes[0] === 2 || bytes[0] === 3 ? root(kind.curve, number(bytes.slice(1)), bytes[0] === 3) : undefined;
    if (y === undefined) {
      throw new Malformed(); // not a compressed point on its curve
    }
    return {kind: kind.name, bytes, multibase: s,
      jwk: {kty: 'EC', crv: kind.name, x: toBase64url(bytes.slice(1)), y: toBase64url(bytesOf(y, kind.curve.size))}};
  }
  throw new Malformed(); // of no known kind
}

/** Reads a publicKeyJwk. One with a private part, meant for another use or
 * algorithm than signing with its kind, or of the wrong length is refused. */
export function decodeJWK(jwk: Doc): PublicKey {
  malformedIf(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'].some(name => has(jwk, name))); // a private key
  malformedIf(has(jwk, 'use') && jwk.use !== 'sig'); // not for signatures
  malformedIf(has(jwk, 'key_ops') && !(Array.isArray(jwk.key_ops) && jwk.key_ops.includes('verify'))); // not for verifying
  const kind = `${stringOf(jwk, 'kty')} ${stringOf(jwk, 'crv')}`;
  switch (kind) {
    case 'OKP Ed25519':
      checkAlgorithm(jwk, 'EdDSA', 'Ed25519');
      return multikeyOf(kinds[0]!, coordinate(jwk, 'x', 32));
    case 'EC P-256':
      checkAlgorithm(jwk, 'ES256');
      return decodeEC(jwk, kinds[1]!);
    case 'EC P-384':
      checkAlgorithm(jwk, 'ES384');
      return decodeEC(jwk, kinds[2]!);
    case 'RSA ':
      checkAlgorithm(jwk, 'RS256');
      return decodeRSA(jwk);
  }
  throw new UnsupportedKey();
}

/** Holds a JWK to the one algorithm it says it is for. */
function checkAlgorithm(jwk: Doc, ...allowed: string[]): void {
  if (has(jwk, 'alg') && !(typeof jwk.alg === 'string' && allowed.includes(jwk.alg))) {
    throw new UnsupportedKey();
  }
}

function decodeEC(jwk: Doc, kind: Kind): PublicKey {
  const curve = kind.curve!;
  const x = coordinate(jwk, 'x', curve.size);
  const y = number(coordinate(jwk, 'y', curve.size));
  const odd = (y & 1n) === 1n;
  malformedIf(y >= curve.p || root(curve, number(x), odd) !== y); // not a point on its curve
  return multikeyOf(kind, Uint8Array.of(odd ? 3 : 2, ...x));
}


function decodeRSA(jwk: Doc): PublicKey {
  const n = integer(jwk, 'n', maxRSABits / 8);
  const e = integer(jwk, 'e', 4);
  const bits = number(n).toString(2).length;
  malformedIf(bits < minRSABits || (n.at(-1)! & 1) === 0); // n is not an odd number of enough bits
  const exponent = number(e);
  malformedIf(exponent < 3n || (exponent & 1n) === 0n || exponent > 0x7fffffffn); // e is not an odd number from 3 to 2^31-1
  return {kind: 'RSA', bytes: n, multibase: '', jwk: {kty: 'RSA', n: toBase64url(n), e: toBase64url(e)}};
}

/** A Base64urlUInt in its shortest form (RFC 7518, 2). */
function integer(jwk: Doc, name: string, most: number): Uint8Array {
  const b = fromBase64url(stringOf(jwk, name));
  if (!b || b.length === 0 || b.length > most || b[0] === 0) {
    throw new Malformed(); // name is not a number of at most most bytes
  }
  return b;
}

function multikeyOf(kind: Kind, bytes: Uint8Array): PublicKey {
  return decodeMultikey(`z${toBase58(Uint8Array.of(...kind.header, ...bytes))}`);
}

function coordinate(jwk: Doc, name: string, size: number): Uint8Array {
  const b = fromBase64url(stringOf(jwk, name));
  if (b?.length !== size) {
    throw new Malformed(); // name is not size bytes of base64url
  }
  return b;
}

/** The y of a point of a curve y^2 = x^3 - 3x + b with this x and parity, or
 * undefined. Both fields have p = 3 mod 4. */
function root(c: Curve, x: bigint, odd: boolean): bigint | undefined {
  if (x >= c.p) {
    return undefined;
  }
  const square = (((x * x % c.p) * x - 3n * x + c.b) % c.p + c.p) % c.p;
  const y = power(square, (c.p + 1n) / 4n, c.p);
  if (y * y % c.p !== square || (y === 0n && odd)) {
    return undefined;
  }
  return ((y & 1n) === 1n) === odd ? y : c.p - y;
}

function power(base: bigint, exponent: bigint, p: bigint): bigint {
  let out = 1n;
  for (let b = base % p, e = exponent; e > 0n; e >>= 1n, b = b * b % p) {
    if (e & 1n) {
      out = out * b % p;
    }
  }
  return out;
}

/** Refuses public keys that must not verify anything: written in a
 * non-canonical form, of low order, or not on the curve. With a low-order
 * Ed25519 key one signature fits every message, and the libraries take such
 * keys. */
export function checkPublicKey(key: PublicKey, quick = false): void {
  if (key.kind === 'RSA') {
    checkRSA(key);
    return;
  }
  if (key.kind !== 'Ed25519') {
    return; // its point was checked when it was read
  }
  const p = (1n << 255n) - 19n;
  const y = number(key.bytes.slice().reverse()) & ((1n << 255n) - 1n);
  if (lowOrder.has(y)) {
    throw new Failure('key-low-order'); // an Ed25519 key of low order
  }
  if (y >= p) {
    throw new Failure('key-malformed'); // an Ed25519 key in non-canonical form
  }
  if (quick) {
    return;
  }
  // RFC 8032, section 5.1: (y^2 - 1) / (d y^2 + 1) with d = -121665/121666 must
  // be a square; so then is the product, and that times 121666^2.
  const y2 = y * y % p;
  const v = ((121666n - 121665n * y2) % p + p) * 121666n % p * ((y2 - 1n + p) % p) % p;
  if (power(v, (p - 1n) / 2n, p) === p - 1n) {
    throw new Failure('key-malformed'); // an Ed25519 key that is not a point of the curve
  }
}

function checkRSA(key: PublicKey): void {
  const n = number(key.bytes);
  if (number(fromBase64url(key.jwk.e!)!) < 1n << 16n) {
    throw new Failure('key-weak'); // an RSA key with a small exponent
  }
  // Keys of one maker's chips: their primes are powers of 65537 modulo every
  // small prime (CVE-2017-15361).
  const isPower = (p: bigint) => {
    for (let power = 1n; power !== n % p;) {
      power = power * 65537n % p;
      if (power === 1n) {
        return false;
      }
    }
    return true;
  };
  if ([11n, 13n, 17n, 19n, 37n, 53n, 61n, 71n, 73n, 79n, 97n, 103n, 107n, 109n, 127n, 151n, 157n].every(isPower)) {
    throw new Failure('key-weak'); // an RSA key of a chip that made keys which can be factored (CVE-2017-15361)
  }
}

// The y of the eight points of low order, and their non-canonical forms.
const lowOrder = new Set([
  0n, 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd83d3d706a17c7n,
  (1n << 255n) - 20n, (1n << 255n) - 19n, (1n << 255n) - 18n,
]);

export function number(b: Uint8Array): bigint {
  let n = 0n;
  for (const x of b) {
    n = n << 8n | BigInt(x);
  }
  return n;
}

function bytesOf(n: bigint, size: number): Uint8Array {
  const out = new Uint8Array(size);
  for (let i = size - 1; i >= 0; i--, n >>= 8n) {
    out[i] = Number(n & 255n);
  }
  return out;
}

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Bytes of base58btc. Callers limit the length: the work is quadratic. */
export function fromBase58(s: string): Uint8Array | undefined {
  let n = 0n;
  for (const c of s) {
    const i = alphabet.indexOf(c);
    if (i < 0) {
      return undefined;
    }
    n = n * 58n + BigInt(i);
  }
  const zeros = /^1*/.exec(s)![0].length;
  const out: number[] = [];
  for (; n > 0n; n >>= 8n) {
    out.push(Number(n & 255n));
  }
  return Uint8Array.from([...new Array<number>(zeros).fill(0), ...out.reverse()]);
}

export function toBase58(b: Uint8Array): string {
  let out = '';
  for (let n = number(b); n > 0n; n /= 58n) {
    out = alphabet[Number(n % 58n)] + out;
  }
  const zeros = b.findIndex(x => x !== 0);
  return '1'.repeat(zeros < 0 ? b.length : zeros) + out;
}
