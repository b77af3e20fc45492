// Embedded proofs. The signatures are checked by the field's own cryptosuites;
// before them stand the checks that they lack.

import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createVerifyCryptosuite as ecdsaJCS2019} from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import {cryptosuite as ecdsaRDFC2019} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import {createVerifyCryptosuite as eddsaJCS2022} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {cryptosuite as eddsaRDFC2022} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import jsonld from 'jsonld';
import * as rdfCanonize from 'rdf-canonize';

import {maxProofsRead} from './constants';
import {parseDerived} from './derived';
import {checkDetached, fitsDetached, parseDetached, verifyDetached} from './detached';
import {checkPublicKey, fromBase58, toBase58, type PublicKey} from './did';
import {Failure, Place} from './failure';
import {copy, has, isObject, type Doc, type Value} from './json';
import {canonize} from './canonize';
import {rare} from './later';
import {from} from './multikey';
import {checkSignature} from './signature';
import {bringsSuiteContext, sameContext} from './terms';
import {names} from './text';
import {documentLoader} from './vocabulary';

/** One entry of a document's "proof" as it is written. */
export interface Proof {
  id: string;
  type: string;
  cryptosuite: string;
  verificationMethod: string;
  proofPurpose: string;
  proofValue: string;
  /** In the place of proofValue, in types of before Data Integrity. */
  jws: string;
  created: string;
  expires: string;
  challenge: string;
  domain: string[];
  previousProof: string[];
  raw: Doc;
}

const dataIntegrity = 'DataIntegrityProof';
const signature2020 = 'Ed25519Signature2020';


type Library = Record<string, unknown>;

export interface Suite {
  type: string;
  name: string;
  /** What the suite is called now, if drafts called it name. */
  now?: string;
  keys: PublicKey['kind'][];
  library: () => Library | Promise<Library>;
  /** The algorithms of a suite whose proofs have a JWS without its payload. */
  detached?: string[];
  /** The suite signs canonical JSON: names, not what they mean. */
  json?: boolean;
  /** Looks at a proofValue of more than one signature. */
  check?: (value: string) => void;
}

const suites: Suite[] = [
  {type: dataIntegrity, name: 'eddsa-rdfc-2022', keys: ['Ed25519'], library: () => eddsaRDFC2022},
  {type: dataIntegrity, name: 'eddsa-jcs-2022', keys: ['Ed25519'], library: eddsaJCS2022, json: true},
  {type: dataIntegrity, name: 'ecdsa-rdfc-2019', keys: ['P-256', 'P-384'], library: () => ecdsaRDFC2019},
  {type: dataIntegrity, name: 'ecdsa-jcs-2019', keys: ['P-256', 'P-384'], library: ecdsaJCS2019, json: true},
  {type: dataIntegrity, name: 'ecdsa-sd-2023', keys: ['P-256'], library: derivedSuite, check: value => void parseDerived(value)},
  // It hashes as eddsa-rdfc-2022 does; only the proof has another type.
  {type: signature2020, name: '', keys: ['Ed25519'], library: () => eddsaRDFC2022},
  // Names that drafts and texts of 1EdTech have for eddsa-rdfc-2022.
  {type: dataIntegrity, name: 'eddsa-2022', now: 'eddsa-rdfc-2022', keys: ['Ed25519'], library: () => eddsaRDFC2022},
  {type: dataIntegrity, name: 'eddsa-rdf-2022', now: 'eddsa-rdfc-2022', keys: ['Ed25519'], library: () => eddsaRDFC2022},
  {type: 'Ed25519Signature2018', name: '', keys: [], library: () => ({}), detached: ['EdDSA']},
  {type: 'JsonWebSignature2020', name: '', keys: [], library: () => ({}), detached: ['EdDSA', 'ES256', 'ES384', 'ES256K', 'PS256']},
];

/** The suite of derived proofs, which few documents have. */
async function derivedSuite(): Promise<Library> {
  const library = await rare();
  if (!library) {
    throw new Failure('suite-unknown');
  }
  return library.ecdsaSD2023({toRDF: jsonld.toRDF, canonize: rdfCanonize.canonize, from});
}

/** The name of the member that has the signature. */
function valueMember(type: string): 'jws' | 'proofValue' {
  return suites.some(s => s.type === type && s.detached) ? 'jws' : 'proofValue';
}

/** Every proof of a document. It throws a Failure: proof-missing where there is
 * none, proof-malformed where one is not what a proof has to be. */
export function proofsOf(doc: Doc): Proof[] {
  const at = new Place().member('proof');
  const value = has(doc, 'proof') ? doc.proof! : undefined;
  if (value === undefined || (Array.isArray(value) && value.length === 0)) {
    throw at.failure('proof-missing'); // the document has no proof
  }
  if (!Array.isArray(value)) {
    return [readProof(value, at)];
  }
  if (value.length > maxProofsRead) {
    throw at.failure('proof-malformed');
  }
  return value.map((v, i) => readProof(v, at.item(i)));
}

const nothing = {
  id: '', cryptosuite: '', verificationMethod: '', proofPurpose: '', proofValue: '', jws: '', created: '', expires: '', challenge: '', domain: [], previousProof: [],
};

/** Tells a type of proofs that is verified, if perhaps not with every cryptosuite. */
function isKnown(type: string): boolean {
  return suites.some(s => s.type === type);
}

/** Tells a proof of a type or cryptosuite that is not known. Nothing is demanded of it,
 * but that it says of what type it is. */
function isForeign(p: Pick<Proof, 'type' | 'cryptosuite'>): boolean {
  return !suiteFor(p) && (!isKnown(p.type) || p.cryptosuite !== '');
}

/** A document without those of its proofs that are of unknown types or cryptosuites.
 * What is demanded of documents and proofs says nothing of such. */
export function own(doc: Doc): Doc {
  if (!has(doc, 'proof')) {
    return doc;
  }
  const list = Array.isArray(doc.proof) ? doc.proof : [doc.proof!];
  const kept = list.filter(raw => {
    try {
      return !isObject(raw) || !isForeign(readProof(raw, new Place()));
    } catch {
      return true;
    }
  });
  if (kept.length === list.length) {
    return doc;
  }
  const rest = copy(doc, {proof: kept});
  if (kept.length === 0) {
    delete rest.proof;
  }
  return rest;
}

/** Tells what the proofs of a document are made over: what it says, or every word of
 * it. Proofs of unknown suites are over neither; where one is not well formed, the
 * strictest is said. */
export function covers(doc: Doc): {meaning: boolean; words: boolean} {
  try {
    const known = proofsOf(doc).flatMap(p => suiteFor(p) ?? []);
    return {meaning: known.some(s => !s.json), words: known.some(s => s.json)};
  } catch {
    return {meaning: true, words: false};
  }
}

function suiteFor(p: Pick<Proof, 'type' | 'cryptosuite'>): Suite | undefined {
  return suites.find(s => s.type === p.type && (s.name === '' || s.name === p.cryptosuite));
}

const texts = ['id', 'type', 'cryptosuite', 'verificationMethod', 'proofPurpose', 'proofValue', 'created', 'expires', 'challenge', 'nonce'];
const lists = ['domain', 'previousProof'];

function readProof(raw: Value, at: Place): Proof {
  if (!isObject(raw)) {
    throw at.failure('proof-malformed'); // a proof is not an object
  }
  if (typeof raw.type !== 'string') {
    const types = has(raw, 'type') ? stringList(raw.type!) ?? [] : [];
    if (types.length === 0 || types.some(isKnown)) {
      throw at.member('type').failure('proof-malformed'); // a proof needs one type, a string
    }
    return {...nothing, type: types[0]!, raw};
  }
  const demanding = !isForeign({type: raw.type, cryptosuite: has(raw, 'cryptosuite') && typeof raw.cryptosuite === 'string' ? raw.cryptosuite : ''});
  for (const key of names(raw)) {
    const v = raw[key]!;
    let ok = true;
    if (texts.includes(key) || key === 'jws' && raw.type !== dataIntegrity) {
      ok = typeof v === 'string';
    } else if (lists.includes(key)) {
      ok = stringList(v) !== undefined;
    } else if (key !== '@context' && raw.type === dataIntegrity && demanding) {
      throw at.member(key).failure('proof-malformed');
    }
    if (!ok && demanding) {
      throw at.member(key).failure('proof-malformed'); // not a string
    }
  }
  const text = (name: string) => has(raw, name) && typeof raw[name] === 'string' ? raw[name] : '';
  const list = (name: string) => (has(raw, name) ? stringList(raw[name]!) : undefined) ?? [];
  return {
    id: text('id'), type: raw.type, cryptosuite: text('cryptosuite'), verificationMethod: text('verificationMethod'),
    proofPurpose: text('proofPurpose'), proofValue: text('proofValue'), jws: text('jws'), created: text('created'), expires: text('expires'),
    challenge: text('challenge'), domain: list('domain'), previousProof: list('previousProof'), raw,
  };
}

function stringList(v: Value): string[] | undefined {
  const list = Array.isArray(v) ? v : [v];
  return list.every(x => typeof x === 'string') ? list : undefined;
}

function placeOfProof(doc: Doc, i: number): Place {
  const at = new Place().member('proof');
  return Array.isArray(doc.proof) ? at.item(i) : at;
}

/** Finds the suite of a proof and looks at whatever needs no key, so that no
 * host is asked for a key that could not be used. */
export function suiteOf(doc: Doc, i: number, p: Proof): Suite {
  const at = placeOfProof(doc, i);
  const value = valueMember(p.type);
  if (!isForeign(p)) {
    for (const name of ['cryptosuite', 'proofPurpose', value, 'verificationMethod'] as const) {
      if (p[name] === '' && (name !== 'cryptosuite' || p.type === dataIntegrity)) {
        throw at.member(name).failure('proof-malformed'); // a proof needs it
      }
    }
    // Verifiers in use leave these out of what is signed, too.
    for (const name of ['proofValue', 'signatureValue']) {
      if (has(p.raw, name) && value === 'jws') {
        throw at.member(name).failure('proof-malformed'); // a proof of this type has its signature in jws
      }
    }
  }
  const suite = suiteFor(p);
  if (!suite) {
    const member = p.type === dataIntegrity ? 'cryptosuite' : 'type';
    throw at.member(member).failure('suite-unknown'); // proofs of this type or cryptosuite are not known
  }
  under(at.member(value), () => suite.detached ? void parseDetached(p.jws, suite.detached) : suite.check?.(p.proofValue));
  return suite;
}

/** What the suite of a proof is called now, where drafts had another name for it. */
export function nowCalled(p: Proof): string | undefined {
  return suites.find(s => s.type === p.type && s.name === p.cryptosuite)?.now;
}

/** Checks the cryptography of a proof under a public key: nothing about dates,
 * or whether the key belongs to anyone, nor what the words of the document mean. It
 * throws a Failure. */
export async function verifyProof(doc: Doc, i: number, all: Proof[], key: PublicKey): Promise<void> {
  const p = all[i]!;
  const suite = suiteOf(doc, i, p);
  const at = placeOfProof(doc, i);
  checkPublicKey(key, true);
  if (suite.detached) {
    return verifyJWSProof(suite.detached, doc, p, all, key, at);
  }
  if (!suite.keys.includes(key.kind)) {
    // Some sign with keys on secp256k1 by the suites of ECDSA, but by no specification.
    throw new Failure(key.kind === 'secp256k1' && suite.keys.includes('P-256') ? 'key-unsupported' : 'key-mismatch');
  }
  if (!suite.check) {
    under(at.member('proofValue'), () => {
      const size = key.kind === 'P-384' ? 96 : 64;
      checkSignature(key, decodeValue(p.proofValue, size));
    });
  }
  const {unsecured, options} = takeApart(doc, p, all, at);
  await callLibrary(suite, unsecured, options, p, key, at);
}

/** Checks a proof with a detached JWS. */
async function verifyJWSProof(algorithms: string[], doc: Doc, p: Proof, all: Proof[], key: PublicKey, at: Place): Promise<void> {
  const j = parseDetached(p.jws, algorithms);
  if (!fitsDetached(j, key)) {
    throw new Failure('key-mismatch');
  }
  under(at.member('jws'), () => checkDetached(j, key));
  const {unsecured, options} = takeApart(doc, p, all, at);
  const good = await verifyDetached(j, key, options, unsecured).catch((e: unknown) => {
    throw explain(e, undefined, at);
  });
  if (!good) {
    throw at.member('jws').failure('signature-invalid');
  }
}

/** Reads a proofValue that must be multibase base58btc of exactly size bytes,
 * in its one form. */
function decodeValue(value: string, size: number): Uint8Array {
  if (!value.startsWith('z')) {
    throw new Failure('signature-malformed'); // proofValue is not multibase base58btc
  }
  if (value.length > 2 * size) {
    throw new Failure('signature-malformed'); // proofValue is too long
  }
  const signature = fromBase58(value.slice(1));
  if (!signature || toBase58(signature) !== value.slice(1)) {
    throw new Failure('signature-malformed'); // proofValue is not base58btc
  }
  if (signature.length !== size) {
    throw new Failure('signature-malformed'); // the signature has the wrong length
  }
  return signature;
}

/** Makes of a document what one of its proofs was made over. */
function takeApart(doc: Doc, p: Proof, all: Proof[], at: Place): {unsecured: Doc; options: Doc} {
  const unsecured: Doc = {...doc};
  delete unsecured.proof;
  const options: Doc = {...p.raw};
  delete options[valueMember(p.type)];
  const own = has(p.raw, '@context') ? p.raw['@context']! : undefined;
  if (own === undefined) {
    options['@context'] = doc['@context']!;
  } else if (!sameContext(own, doc['@context']!)) {
    if (!bringsSuiteContext(p.raw)) {
      throw at.member('@context').failure('context-inline'); // the proof has another @context than the document
    }
  }
  const chain: Value[] = [];
  for (const id of p.previousProof) {
    const found = all.filter(other => other.id === id && id !== '' && id !== p.id);
    if (found.length !== 1) {
      throw at.member('previousProof').failure('proof-malformed');
    }
    chain.push(found[0]!.raw);
  }
  if (chain.length > 0) {
    unsecured.proof = chain;
  }
  return {unsecured, options};
}

/** Has the library of the suite check the signature. */
async function callLibrary(suite: Suite, unsecured: Doc, options: Doc, p: Proof, key: PublicKey, at: Place): Promise<void> {
  const library: Library = {...await suite.library()};
  if (!suite.json && !suite.check) {
    library.canonize = canonize;
  }
  const judge = new DataIntegrityProof({cryptosuite: library});
  judge.ensureSuiteContext = () => undefined; // safe mode has looked at every term
  const method = {
    '@context': 'https://w3id.org/security/multikey/v1', id: p.verificationMethod, type: 'Multikey',
    controller: 'did:example:issuer', publicKeyMultibase: key.multibase,
  };
  const proof: Doc = {...options, proofValue: p.proofValue};
  if (suite.json && !has(p.raw, '@context')) {
    delete proof['@context']; // it signs what is written
  }
  const result = await judge.verifyProof({
    // The libraries may write into what they are given.
    document: structuredClone({...unsecured}), proof: structuredClone({...proof}), proofSet: [],
    documentLoader: async (url: string) => url === p.verificationMethod ?
      {contextUrl: null, documentUrl: url, document: method} : documentLoader(url),
  });
  if (!result.verified) {
    throw explain(result.error, suite, at);
  }
}

function explain(error: unknown, suite: Suite | undefined, at: Place): Failure {
  if (error instanceof Failure) {
    return error;
  }
  const message = error instanceof Error ? error.message : '';
  if (/deep iterations|Abort signal/i.test(message)) {
    return new Failure('canonicalization-budget');
  }
  if (message === 'Invalid signature.' || suite?.check) {
    return at.member('proofValue').failure('signature-invalid');
  }
  return new Failure('expansion-failed');
}

/** Puts the place of a failure that was found in a part of the document. */
function under(at: Place, f: () => void): void {
  try {
    f();
  } catch (e) {
    throw e instanceof Failure ? new Failure(e.reason, at.pointer() + e.pointer) : e;
  }
}
