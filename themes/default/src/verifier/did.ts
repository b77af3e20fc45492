// Documents of issuers and the keys in them (Controlled Identifiers v1.0).

import {sha256} from './bytes';
import {maxMethods, maxJWKName, maxMultikey, minRSABits, maxRSABits} from './constants';
import {Failure, Malformed, malformedIf} from './failure';
import {copy, has, isObject, parseObject, type Doc, type Value} from './json';
import {items, stringOf} from './text';
import {fromBase64url, toBase64url} from './url';

type KeyKind = 'Ed25519' | 'P-256' | 'P-384' | 'secp256k1' | 'RSA';

/** A key that a signature can be checked with. Bytes are those of a Multikey
 * without its header: the point of an Ed25519 key, or a compressed one. RSA
 * keys have only a JWK. */
export interface PublicKey {
  kind: KeyKind;
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
  /** A key of types before 2020. */
  base58: string;
  expires?: string;
  revoked?: string;
  /** Why nothing can be said of it: it is there twice, not alike, or a member is of
   * the wrong type. */
  fault?: 'ambiguous' | 'malformed';
  /** It has a public key in another member. */
  other?: boolean;
  /** As it was written, canonical, without what is null. */
  written?: string;
}

export interface IssuerDocument {
  id: string;
  methods: Method[];
  assertion: string[];
  authentication: string[];
  /** Members of which something could not be read: what is missing from one may be
   * in what was not read. */
  unread: Set<Member>;
}

type Member = 'verificationMethod' | 'assertionMethod' | 'authentication';

/** A kind of key that is not read here; it may be good. */
export class UnsupportedKey extends Error {}

/** A verification method that gives its private key away. */
export class PrivateKey extends Error {}


/** The method of a DID, "" for what is none. */
export function didMethod(id: string): string {
  return /^did:([a-z0-9]+):[^:]/.exec(id)?.[1] ?? '';
}

export function split(url: string): [base: string, fragment: string] {
  const i = url.indexOf('#');
  return i < 0 ? [url, ''] : [url.slice(0, i), url.slice(i + 1)];
}

/** The https URL of the document of a did:web, however it is spelled, or undefined
 * where it names no host or no path: that of the one spelling that laurel writes. */
export function webURL(did: string): string | undefined {
  const m = /^did:web:([^:%]+)(?:%3A(\d+))?(:.*)?$/.exec(normalWeb(did) ?? '');
  const base = m && `https://${m[1]}${m[2] ? `:${m[2]}` : ''}`;
  return m ? m[3] ? `${base}${m[3].replaceAll(':', '/')}/did.json` : `${base}/.well-known/did.json` : undefined;
}

/** Tells whether two did:web are spellings of one name. */
export function sameWeb(a: string, b: string): boolean {
  const normal = normalWeb(a);
  return normal !== undefined && normal === normalWeb(b);
}

/** Tells a did:web whose host has percent escapes that may stand for an international
 * name, which is not read here. */
export function hasForeignHost(did: string): boolean {
  const host = /^did:web:((?:[A-Za-z0-9._-]|%(?!3[Aa])[0-9A-Fa-f]{2})+)/.exec(did)?.[1];
  return host !== undefined && didCharacters.test(did.slice('did:web:'.length)) && did.length <= 2048 && /[^\x00-\x7f\ufffd]/.test(unescaped(host) ?? '');
}

/** The characters of a method-specific-id (Decentralized Identifiers v1.0, 3.1). */
const didCharacters = /^(?:[A-Za-z0-9._:-]|%[0-9A-Fa-f]{2})+$/;

/** The spelling of a did:web that laurel writes. Capitals, a final dot and port 443 in
 * the host, and needless or lower-case percent escapes are others. */
function normalWeb(did: string): string | undefined {
  const m = /^did:web:([A-Za-z0-9.-]+)(?:%3[Aa]([1-9]\d{0,4}))?((?::[^:]+)*)$/.exec(did);
  if (!m || did.length > 2048 || !didCharacters.test(did.slice('did:web:'.length))) {
    return undefined;
  }
  const [, written = '', port, path = ''] = m;
  const host = written.toLowerCase().replace(/\.$/, '');
  const segments = path.split(':').slice(1).map(normalSegment);
  if (!isHost(host) || (port && Number(port) > 65535) || segments.includes(undefined)) {
    return undefined;
  }
  return ['did:web', `${host}${port && port !== '443' ? `%3A${port}` : ''}`, ...segments].join(':');
}

/** Accepts DNS names; a host whose last label is a number is an address. */
function isHost(host: string): boolean {
  const labels = host.split('.');
  return host.length <= 253 && labels.every(l => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(l)) &&
    !/^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1)!);
}

function unescaped(s: string): string | undefined {
  try {
    return decodeURIComponent(s);
  } catch {
    return undefined;
  }
}

/** A segment of a path with no escape but those that are needed. */
function normalSegment(escaped: string): string | undefined {
  const s = unescaped(escaped);
  if (s === undefined || s === '.' || s === '..' || s === '.well-known' || /[\x00-\x1f\x7f/\\\ufffd]/.test(s)) {
    return undefined;
  }
  return Array.from(new TextEncoder().encode(s), b => {
    const c = String.fromCharCode(b);
    return /[A-Za-z0-9._-]/.test(c) ? c : `%${b.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

/** Reads the document of a did:web or an https issuer. All that is wrong in it, but
 * for its id and what is no JSON, is wrong only there: a member or entry that cannot
 * be read is passed over and told in unread, an entry of which a member cannot be
 * read has a fault. References that are only a fragment are made absolute, embedded
 * methods are listed with the others, also those of publicKey and of other
 * relationships that have names of their own; entries of one id that are equal as
 * JSON, but for members that are null, are one method. A document that is one key itself becomes one with that method under
 * assertionMethod. */
export function parseDocument(data: Uint8Array): IssuerDocument {
  const o = parseJSON(data);
  const isKey = [inMultibase, inJWK, inBase58].some(name => there(o, name));
  const whole = stringOf(o, 'id');
  const [id, fragment] = split(whole);
  malformedIf((fragment !== '' && !isKey) || !id.includes(':')); // id is missing or not absolute
  const d: IssuerDocument = {id, methods: [], assertion: [], authentication: [], unread: new Set()};
  for (const m of items(member(o, 'verificationMethod'))) {
    if (addMethod(d, m) === undefined) {
      d.unread.add('verificationMethod');
    }
  }
  if (isKey) {
    addOwnKey(d, o, whole);
  }
  d.authentication = relationship(d, o, 'authentication');
  d.assertion = relationship(d, o, 'assertionMethod');
  addElsewhere(d, o);
  if (isKey && !d.assertion.includes(whole)) {
    d.assertion.push(whole);
  }
  return d;
}

/** Makes a method of a document that is a key. Its controller is the one it names,
 * or itself; its type may have company, as in JSON-LD. */
function addOwnKey(d: IssuerDocument, o: Doc, id: string): void {
  const own = copy(o);
  delete own.controller;
  if (typeof own.type !== 'string') {
    delete own.type;
  }
  const m = readMethod(id, own);
  m.controller = items(member(o, 'controller')).find((c): c is string => typeof c === 'string' && c !== '') ?? d.id;
  m.type ||= m.jwk ? 'JsonWebKey' : 'Multikey';
  const other = d.methods.find(candidate => candidate.id === id);
  if (!other) {
    d.methods.push(m);
  } else if (canonical({...other, written: ''}) !== canonical({...m, written: ''})) {
    other.fault = 'ambiguous';
  }
}

/** Reads the JWK Set of an https issuer as a document of that issuer, with the
 * issuer that it names itself. */
export function parseKeySet(data: Uint8Array, issuer: string): {doc: IssuerDocument; iss: string} {
  const o = parseJSON(data);
  malformedIf(there(o, 'iss') && typeof o.iss !== 'string');
  const iss = stringOf(o, 'iss');
  const keys = member(o, 'keys');
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > maxMethods) {
    throw new Malformed(); // not a JWK Set
  }
  const doc: IssuerDocument = {id: issuer, methods: [], assertion: [], authentication: [], unread: new Set()};
  for (const [i, jwk] of keys.entries()) {
    if (!isObject(jwk)) {
      doc.unread.add('verificationMethod').add('assertionMethod');
      continue;
    }
    const kid = stringOf(jwk, 'kid') || `/keys/${i}`;
    if (has(jwk, 'use') && jwk.use !== 'sig') {
      continue;
    }
    const id = `${issuer}#${kid}`;
    const known = doc.methods.find(m => m.id === id);
    if (!known) {
      doc.methods.push({id, type: 'JsonWebKey', controller: issuer, multibase: '', base58: '', jwk});
      doc.assertion.push(id);
    } else if (canonical(known.jwk) !== canonical(jwk)) {
      known.fault = 'ambiguous';
    }
  }
  return {doc, iss};
}

/** JSON of issuers: equal names are refused, names that differ in case are not. */
function parseJSON(data: Uint8Array): Doc {
  return parseObject(data, undefined, true);
}

function member(o: Doc, name: string): Value | undefined {
  return has(o, name) ? o[name] : undefined;
}

/** Tells whether there is a member that is not null. */
function there(o: Doc, name: string): boolean {
  return member(o, name) != null;
}

/** A value in the form of RFC 8785. */
function canonical(v: unknown): string {
  if (Array.isArray(v)) {
    return `[${v.map(canonical)}]`;
  }
  return isObject(v) ? `{${Object.keys(v).sort().map(name => `${JSON.stringify(name)}:${canonical(v[name])}`)}}` : JSON.stringify(v);
}

/** Lists a method and returns its absolute id; undefined if it has none, or is no
 * object. */
function addMethod(d: IssuerDocument, v: Value): string | undefined {
  const id = isObject(v) ? absolute(d, stringOf(v, 'id')) : '';
  if (!isObject(v) || !id.includes(':')) {
    return undefined;
  }
  const m = readMethod(id, v);
  const known = d.methods.find(other => other.id === id);
  if (!known) {
    malformedIf(d.methods.length === maxMethods); // too many methods
    d.methods.push(m);
  } else if (known.written !== m.written) {
    known.fault = 'ambiguous';
  }
  return id;
}

/** Other members that may have methods in them; the first is of the time before 2020. */
const elsewhere = ['publicKey', 'keyAgreement', 'capabilityInvocation', 'capabilityDelegation'];

/** Lists the methods that stand only where nothing is looked for that signs
 * credentials. What is embedded there may still be named under assertionMethod. */
function addElsewhere(d: IssuerDocument, o: Doc): void {
  const known = new Set(d.methods.map(m => m.id));
  for (const entry of elsewhere.flatMap(name => items(member(o, name)))) {
    if (isObject(entry) && Object.keys(entry).length !== 1 && !known.has(absolute(d, stringOf(entry, 'id')))) {
      addMethod(d, entry);
    }
  }
}

/** Reads what is known of a method with this absolute id. */
function readMethod(id: string, v: Doc): Method {
  const jwk = member(v, inJWK);
  const texts = ['type', 'controller', inMultibase, inBase58, 'expires', 'revoked'];
  const wrong = texts.some(name => there(v, name) && typeof v[name] !== 'string') || (jwk != null && !isObject(jwk));
  const [type, controller, multibase, base58, expires, revoked] = texts.map(name => stringOf(v, name)) as [string, string, string, string, string, string];
  return {
    id, type, controller, multibase, base58, ...(isObject(jwk) ? {jwk} : {}), ...(expires ? {expires} : {}), ...(revoked ? {revoked} : {}),
    ...(wrong ? {fault: 'malformed'} : {}), written: canonical({...Object.fromEntries(Object.entries(v).filter(([, value]) => value !== null)), id}),
    ...(Object.keys(v).some(name => name.startsWith('publicKey') && there(v, name) && ![inMultibase, inJWK, inBase58].includes(name)) ? {other: true} : {}),
  };
}

function relationship(d: IssuerDocument, o: Doc, name: Member): string[] {
  const ids: string[] = [];
  for (const entry of items(member(o, name))) {
    // An object of nothing but an id is a reference in JSON-LD.
    const ref = isObject(entry) && there(entry, 'id') && Object.keys(entry).length === 1 ? entry.id! : entry;
    const id = isObject(ref) ? addMethod(d, ref) : typeof ref === 'string' ? absolute(d, ref) : undefined;
    if (isObject(ref) && id === undefined) {
      d.unread.add('verificationMethod');
    }
    if (!id) {
      d.unread.add(name);
    } else if (!ids.includes(id)) {
      ids.push(id);
    }
    malformedIf(ids.length > maxMethods); // too many methods
  }
  return ids;
}

function absolute(d: IssuerDocument, id: string): string {
  return id.startsWith('#') ? d.id + id : id;
}

/** The document that a did:key stands for. It throws UnsupportedKey for a kind of key
 * that is not read here. */
export function keyDocument(did: string): IssuerDocument {
  const multikey = did.slice('did:key:'.length);
  decodeMultikey(multikey);
  if (!multikey.startsWith('z')) {
    throw new UnsupportedKey(); // not base58btc
  }
  return oneKey(did, {id: `${did}#${multikey}`, type: 'Multikey', multibase: multikey});
}

/** The document of a DID that stands for one key. */
function oneKey(did: string, m: {id: string; type: string; multibase?: string; jwk?: Doc}): IssuerDocument {
  return {id: did, methods: [{multibase: '', base58: '', controller: did, ...m}], assertion: [m.id], authentication: [m.id], unread: new Set()};
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
  return oneKey(did, {id: `${did}#0`, type: 'JsonWebKey', jwk});
}

const inMultibase = 'publicKeyMultibase';
const inJWK = 'publicKeyJwk';
const inBase58 = 'publicKeyBase58';

/** The types of verification methods that are read: the members that each has its
 * key in, and the kind of key; none: all. */
const methodTypes: Record<string, [members: string[], kind?: KeyKind]> = {
  Multikey: [[inMultibase]],
  JsonWebKey: [[inJWK]],
  JsonWebKey2020: [[inJWK]],
  JwsVerificationKey2020: [[inJWK]],
  Ed25519VerificationKey2020: [[inMultibase], 'Ed25519'],
  Ed25519VerificationKey2018: [[inBase58], 'Ed25519'],
  EcdsaSecp256k1VerificationKey2019: [[inJWK, inBase58, inMultibase], 'secp256k1'],
  EcdsaSecp256r1VerificationKey2019: [[inJWK, inBase58, inMultibase], 'P-256'],
  P256Key2021: [[inJWK, inBase58, inMultibase], 'P-256'],
  RsaVerificationKey2018: [[inJWK], 'RSA'],
};

function typeOf(m: Method): [members: string[], kind?: KeyKind] | undefined {
  return Object.prototype.hasOwnProperty.call(methodTypes, m.type) ? methodTypes[m.type] : undefined;
}

/** The members that have the method's key. Two would be two keys of one name. */
function materials(m: Method): string[] {
  return [m.multibase && inMultibase, m.jwk && inJWK, m.base58 && inBase58, m.other && 'other'].filter((name): name is string => !!name);
}

/** Tells of a method whose key publicKey returns that it is not written as its type
 * demands: in base64url, which a Multikey is never in, or in the member of another
 * type. */
export function isLenient(m: Method): boolean {
  return m.multibase.startsWith('u') || !typeOf(m)?.[0].includes(materials(m)[0]!);
}

/** The key of a method. Where the key is decides how it is read, whatever the type,
 * and the type only has to agree on its kind. It throws UnsupportedKey for a type,
 * curve or size that is not used here, PrivateKey, and other errors for what is
 * malformed. */
export function publicKey(m: Method): PublicKey {
  const of = typeOf(m);
  if (!of) {
    throw new UnsupportedKey();
  }
  const [name, ...more] = materials(m);
  malformedIf(name === undefined || more.length > 0); // no key, or its key in several members
  const key = name === inMultibase ? decodeMultikey(m.multibase) : name === inJWK ? decodeJWK(m.jwk!) : name === inBase58 ? decodeBase58(m.base58, of[1]) : undefined;
  if (!key) {
    throw new UnsupportedKey();
  }
  malformedIf(of[1] !== undefined && of[1] !== key.kind); // another kind of key
  return key;
}

interface Kind {
  name: 'Ed25519' | 'P-256' | 'P-384' | 'secp256k1';
  header: [number, number]; // multicodec code as a varint
  size: number;
  curve?: Curve;
}

/** y^2 = x^3 + ax + b over a field of p = 3 mod 4. */
interface Curve {p: bigint; a: bigint; b: bigint; size: number}

const p256: Curve = {
  p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
  a: -3n,
  b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  size: 32,
};
const p384: Curve = {
  p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
  a: -3n,
  b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  size: 48,
};
const secp256k1: Curve = {p: (1n << 256n) - (1n << 32n) - 977n, a: 0n, b: 7n, size: 32};

const kinds: Kind[] = [
  {name: 'Ed25519', header: [0xed, 0x01], size: 32},
  {name: 'P-256', header: [0x80, 0x24], size: 33, curve: p256},
  {name: 'P-384', header: [0x81, 0x24], size: 49, curve: p384},
  {name: 'secp256k1', header: [0xe7, 0x01], size: 33, curve: secp256k1},
];

/** Reads a publicKeyMultibase: base58btc, and base64url without padding, each in its
 * one spelling; exactly the bytes of the kind; points that are on the curve; RSA keys
 * in DER and JWKs in canonical JSON. It throws UnsupportedKey for a multicodec that is
 * not read here. */
export function decodeMultikey(s: string): PublicKey {
  malformedIf(s.length > maxMultikey);
  const data = s.startsWith('z') ? oneBase58(s.slice(1)) : s.startsWith('u') ? fromBase64url(s.slice(1)) : undefined;
  if (!data) {
    throw new Malformed(); // neither base58btc nor base64url
  }
  const end = data.findIndex(b => b < 0x80) + 1;
  // Multicodecs of one byte are of other things than keys, and no key is that short.
  malformedIf(end < 2 || end > 9 || data[end - 1] === 0 || data.length - end < 32);
  const body = data.slice(end);
  const is = (...header: number[]) => header.length === end && header.every((b, i) => data[i] === b);
  const kind = kinds.find(k => is(...k.header));
  if (kind) {
    return decodeKind(kind, body);
  }
  if (is(0x85, 0x24)) {
    return decodePKCS1(body);
  }
  if (is(0xd1, 0xd6, 0x03)) { // jwk_jcs-pub
    const jwk = parseJSON(body);
    malformedIf(canonical(jwk) !== new TextDecoder('utf-8').decode(body)); // not canonical JSON
    return decodeJWK(jwk);
  }
  throw new UnsupportedKey();
}

function oneBase58(s: string): Uint8Array | undefined {
  const data = fromBase58(s);
  return data && toBase58(data) === s ? data : undefined;
}

/** Reads a publicKeyBase58: a key of the kind, without multicodec. */
function decodeBase58(s: string, name?: KeyKind): PublicKey {
  const kind = kinds.find(k => k.name === name);
  if (!kind) {
    throw new UnsupportedKey();
  }
  const data = s.length <= maxMultikey ? oneBase58(s) : undefined;
  if (!data) {
    throw new Malformed(); // not base58btc
  }
  return decodeKind(kind, data);
}

/** Reads the bytes of a key of the kind. */
function decodeKind(kind: Kind, bytes: Uint8Array): PublicKey {
  if (kind.curve && bytes.length === 2 * kind.size - 1 && bytes[0] === 4) {
    throw new UnsupportedKey(); // a point that is not compressed
  }
  malformedIf(bytes.length !== kind.size); // a key of the wrong length
  const multibase = `z${toBase58(Uint8Array.of(...kind.header, ...bytes))}`;
  if (!kind.curve) {
    return {kind: kind.name, bytes, multibase, jwk: {kty: 'OKP', crv: 'Ed25519', x: toBase64url(bytes)}};
  }
  const y = bytes[0] === 2 || bytes[0] === 3 ? root(kind.curve, number(bytes.slice(1)), bytes[0] === 3) : undefined;
  if (y === undefined) {
    throw new Malformed(); // not a compressed point on its curve
  }
  return {kind: kind.name, bytes, multibase,
    jwk: {kty: 'EC', crv: kind.name, x: toBase64url(bytes.slice(1)), y: toBase64url(bytesOf(y, kind.curve.size))}};
}

/** Reads an RSAPublicKey (RFC 8017, A.1.1) in DER: two INTEGERs in a SEQUENCE. */
function decodePKCS1(der: Uint8Array): PublicKey {
  const numbers: Uint8Array[] = [];
  const inside = tlv(der, 0x30, 0);
  malformedIf(inside.end !== der.length);
  for (let at = inside.start; at < inside.end;) {
    const {start, end} = tlv(der, 0x02, at);
    const bytes = der.slice(start, end);
    // Not negative, and in its shortest form.
    malformedIf(bytes.length === 0 || bytes[0]! > 0x7f || (bytes[0] === 0 && (bytes.length === 1 || bytes[1]! < 0x80)));
    numbers.push(bytes[0] === 0 ? bytes.slice(1) : bytes);
    at = end;
  }
  const [n, e] = numbers;
  if (numbers.length !== 2 || !n || !e) {
    throw new Malformed(); // not two numbers
  }
  return rsaOf(n, e);
}

/** The bounds of what a DER value with this tag holds. */
function tlv(der: Uint8Array, tag: number, at: number): {start: number; end: number} {
  let size = der[at + 1] ?? 0;
  let start = at + 2;
  if (size > 0x80) {
    const more = size & 0x7f;
    size = Number(number(der.slice(start, start += more)));
    malformedIf(more > 2 || size < (more === 1 ? 0x80 : 0x100)); // not in its shortest form
  }
  malformedIf(der[at] !== tag || start + size > der.length);
  return {start, end: start + size};
}

/** Reads a publicKeyJwk. One with a private part, meant for another use or
 * algorithm than signing with its kind, or of the wrong length is refused. It throws
 * UnsupportedKey and PrivateKey. */
export function decodeJWK(jwk: Doc): PublicKey {
  if (['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'].some(name => there(jwk, name))) {
    throw new PrivateKey();
  }
  malformedIf(there(jwk, 'use') && jwk.use !== 'sig'); // not for signatures
  if (there(jwk, 'key_ops') && !(Array.isArray(jwk.key_ops) && jwk.key_ops.includes('verify'))) {
    throw new UnsupportedKey(); // not for verifying
  }
  const kind = `${stringOf(jwk, 'kty')} ${stringOf(jwk, 'crv')}`;
  switch (kind) {
    case 'OKP Ed25519':
      checkAlgorithm(jwk, 'EdDSA', 'Ed25519');
      return decodeKind(kinds[0]!, coordinate(jwk, 'x', 32));
    case 'EC P-256':
      checkAlgorithm(jwk, 'ES256');
      return decodeEC(jwk, kinds[1]!);
    case 'EC P-384':
      checkAlgorithm(jwk, 'ES384');
      return decodeEC(jwk, kinds[2]!);
    case 'EC secp256k1':
      checkAlgorithm(jwk, 'ES256K');
      return decodeEC(jwk, kinds[3]!);
    case 'RSA ':
      checkAlgorithm(jwk, 'RS256');
      return decodeRSA(jwk);
  }
  throw new UnsupportedKey();
}

/** Names a key by the digest of its JWK (RFC 7638), which has the members that are
 * required and no other. */
export async function thumbprint(key: PublicKey): Promise<string> {
  const members = Object.entries(key.jwk).sort(([a], [b]) => a < b ? -1 : 1);
  return toBase64url(await sha256(new TextEncoder().encode(JSON.stringify(Object.fromEntries(members)))));
}

/** Holds a JWK to the one algorithm it says it is for. */
function checkAlgorithm(jwk: Doc, ...allowed: string[]): void {
  if (there(jwk, 'alg') && !(typeof jwk.alg === 'string' && allowed.includes(jwk.alg))) {
    throw new UnsupportedKey();
  }
}

function decodeEC(jwk: Doc, kind: Kind): PublicKey {
  const curve = kind.curve!;
  const x = coordinate(jwk, 'x', curve.size);
  const y = number(coordinate(jwk, 'y', curve.size));
  const odd = (y & 1n) === 1n;
  malformedIf(y >= curve.p || root(curve, number(x), odd) !== y); // not a point on its curve
  return decodeKind(kind, Uint8Array.of(odd ? 3 : 2, ...x));
}


function decodeRSA(jwk: Doc): PublicKey {
  return rsaOf(integer(jwk, 'n', 1 << 20), integer(jwk, 'e', 4));
}

function rsaOf(n: Uint8Array, e: Uint8Array): PublicKey {
  const bits = n.length * 8 - Math.clz32(n[0]!) + 24;
  if (bits < minRSABits || bits > maxRSABits) {
    throw new UnsupportedKey();
  }
  malformedIf((n.at(-1)! & 1) === 0); // n is even
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

function coordinate(jwk: Doc, name: string, size: number): Uint8Array {
  const b = fromBase64url(stringOf(jwk, name));
  if (b?.length !== size) {
    throw new Malformed(); // name is not size bytes of base64url
  }
  return b;
}

/** The y of a point of a curve with this x and parity, or undefined. */
function root(c: Curve, x: bigint, odd: boolean): bigint | undefined {
  if (x >= c.p) {
    return undefined;
  }
  const square = (((x * x % c.p) * x + c.a * x + c.b) % c.p + c.p) % c.p;
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
