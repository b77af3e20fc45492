#!/usr/bin/env node
// Credentials with proofs of types of before Data Integrity, JWTs and SD-JWTs, signed by
// the libraries of others, good and altered, and what those libraries say of each:
//
//   node suites.mjs
//
// A line is {"name", "text", "says": {JUDGE: true or false}}. Issuers are did:key,
// so that nothing need be fetched; contexts are those that laurel bundles.

import {readFileSync} from 'node:fs';
import {createHash, generateKeyPairSync, webcrypto} from 'node:crypto';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {setClock} from './clock.mjs';
import * as jose from 'jose';
import * as base58 from 'base58-universal';
import jsonld from 'jsonld';
import jsigs from 'jsonld-signatures';
import {Ed25519Signature2018} from '@digitalbazaar/ed25519-signature-2018';
import {Ed25519VerificationKey2018} from '@digitalbazaar/ed25519-verification-key-2018';
import {Ed25519Signature2020} from '@digitalcredentials/ed25519-signature-2020';
import {Ed25519VerificationKey2020} from '@digitalcredentials/ed25519-verification-key-2020';
import {verifyCredential} from '@digitalcredentials/verifier-core';
import {SDJwtVcInstance} from '@sd-jwt/sd-jwt-vc';

setClock('2026-06-01T12:00:00Z');
const didkit = createRequire(import.meta.url)('@spruceid/didkit-wasm-node');

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../standards/jsonld');
const contexts = new Map(JSON.parse(readFileSync(join(folder, 'contexts.json'), 'utf8'))
  .filter(c => c.only !== 'sign').map(({url, file}) => [url, JSON.parse(readFileSync(join(folder, 'contexts', file), 'utf8'))]));

const v1 = 'https://www.w3.org/2018/credentials/v1';
const suite2018 = 'https://w3id.org/security/suites/ed25519-2018/v1';
const suite2020 = 'https://w3id.org/security/suites/ed25519-2020/v1';
const jws2020 = 'https://w3id.org/security/suites/jws-2020/v1';
const dcc = 'https://w3id.org/dcc/v1';
const created = '2026-05-01T12:00:00Z';

const methods = new Map();
async function documentLoader(url) {
  const document = contexts.get(url) ?? methods.get(url);
  if(!document) {
    throw new Error(`${url} is not at hand`);
  }
  return {contextUrl: null, documentUrl: url, document: structuredClone(document)};
}

const purpose = () => new jsigs.purposes.AssertionProofPurpose();
const sha256 = text => createHash('sha256').update(text).digest();
const canonical = doc => jsonld.canonize(doc, {algorithm: 'RDFC-1.0', format: 'application/n-quads', documentLoader, safe: true, base: null});

function credential(issuer, ...more) {
  return {
    '@context': [v1, ...more], id: 'urn:uuid:2a3f8f0e-7a55-4c5e-8a0f-3f1d6c1b9e22', type: ['VerifiableCredential'],
    issuer, issuanceDate: '2026-01-15T09:00:00Z',
    credentialSubject: {id: 'did:example:ana', ...more.includes(dcc) ? {
      type: 'Person', name: 'Ana Example', hasCredential: {type: 'EducationalOccupationalCredential', name: 'Woodworking',
        awardedOnCompletionOf: {type: 'EducationalOccupationalProgram', name: 'Woodworking in twelve weeks'}},
    } : {}},
  };
}

// What the two suites sign, from jsonld.js, for jose.
async function payload({proof, ...document}) {
  const {jws, ...options} = proof;
  const config = {...options, '@context': document['@context']};
  return Buffer.concat([sha256(await canonical(config)), sha256(await canonical(document))]);
}

const keys = {
  EdDSA: JSON.parse(didkit.generateEd25519Key()),
  ES256: generateKeyPairSync('ec', {namedCurve: 'P-256'}).privateKey.export({format: 'jwk'}),
  ES384: generateKeyPairSync('ec', {namedCurve: 'P-384'}).privateKey.export({format: 'jwk'}),
  ES256K: generateKeyPairSync('ec', {namedCurve: 'secp256k1'}).privateKey.export({format: 'jwk'}),
  PS256: generateKeyPairSync('rsa', {modulusLength: 2048}).privateKey.export({format: 'jwk'}),
};
const publicOf = ({kty, crv, x, y, n, e}) => JSON.parse(JSON.stringify({kty, crv, x, y, n, e}));

/** The did:jwk or did:key of a key, and its one method. */
async function named(key) {
  try {
    const did = didkit.keyToDID('key', JSON.stringify(key));
    return [did, await didkit.keyToVerificationMethod('key', JSON.stringify(key))];
  } catch {
    const did = `did:jwk:${Buffer.from(JSON.stringify(publicOf(key))).toString('base64url')}`;
    return [did, `${did}#0`];
  }
}

async function byJose(alg, type, header, ...more) {
  const [issuer, verificationMethod] = await named(keys[alg]);
  const document = {...credential(issuer, ...more), proof: {type, created, verificationMethod, proofPurpose: 'assertionMethod'}};
  const sign = new jose.FlattenedSign(await payload(document)).setProtectedHeader({alg, b64: false, crit: ['b64'], ...header});
  const {protected: head, signature} = await sign.sign(await jose.importJWK(keys[alg], alg));
  document.proof.jws = `${head}..${signature}`;
  return document;
}

async function byDidkit(alg, type, ...more) {
  const [issuer, verificationMethod] = await named(keys[alg]);
  const options = {type, created, verificationMethod, proofPurpose: 'assertionMethod'};
  return JSON.parse(await didkit.issueCredential(JSON.stringify(credential(issuer, ...more)), JSON.stringify(options), JSON.stringify(keys[alg])));
}

async function byLibrary(Key, Suite, context, ...more) {
  const pair = await Key.generate();
  const fingerprint = pair.fingerprint();
  pair.controller = `did:key:${fingerprint}`;
  pair.id = `${pair.controller}#${fingerprint}`;
  const method = {...await pair.export({publicKey: true}), '@context': context};
  methods.set(pair.id, method);
  methods.set(pair.controller, {'@context': ['https://www.w3.org/ns/did/v1', context], id: pair.controller, assertionMethod: [method]});
  return jsigs.sign(credential(pair.controller, ...more), {suite: new Suite({key: pair, date: created}), purpose: purpose(), documentLoader});
}

const es256k = Buffer.from('{"alg":"ES256K"').toString('base64url').slice(0, 20);

// The judges. One that does not know a type of proof says nothing of it.
const judges = {
  '@digitalbazaar/ed25519-signature-2018': {
    knows: p => p.type === 'Ed25519Signature2018' && methods.has(p.verificationMethod),
    says: async doc => (await jsigs.verify(structuredClone(doc), {suite: new Ed25519Signature2018(), purpose: purpose(), documentLoader})).verified,
  },
  'didkit': {
    knows: p => ['Ed25519Signature2018', 'JsonWebSignature2020'].includes(p.type) && !String(p.verificationMethod).startsWith('did:jwk:'),
    says: async doc => JSON.parse(await didkit.verifyCredential(JSON.stringify(doc), '{"proofPurpose": "assertionMethod"}')).errors.length === 0,
  },
  'jose': {
    // It has no ES256K any more. The detached form is put together here.
    knows: p => ['Ed25519Signature2018', 'JsonWebSignature2020'].includes(p.type) && !p.jws.startsWith(es256k),
    says: async doc => {
      const [head, middle, signature, ...more] = doc.proof.jws.split('.');
      const {alg} = JSON.parse(Buffer.from(head, 'base64url'));
      const key = Object.entries(keys).find(([name]) => name === alg)?.[1] ?? keys.EdDSA;
      const method = methods.get(doc.proof.verificationMethod);
      const jwk = method ? {kty: 'OKP', crv: 'Ed25519', x: Buffer.from(base58.decode(method.publicKeyBase58)).toString('base64url')} : publicOf(key);
      if(middle !== '' || more.length > 0) {
        throw new Error('not detached');
      }
      await jose.flattenedVerify({protected: head, payload: await payload(doc), signature}, await jose.importJWK(jwk, alg), {crit: {b64: true}});
      return true;
    },
  },
  '@digitalcredentials/verifier-core': {
    knows: p => p.type === 'Ed25519Signature2020',
    says: async doc => {
      const {log = []} = await verifyCredential({credential: structuredClone(doc), knownDIDRegistries: []});
      return log.find(step => step.id === 'valid_signature')?.valid === true;
    },
  },
};

const flipped = jws => jws.slice(0, -20) + (jws.at(-20) === 'A' ? 'B' : 'A') + jws.slice(-19);
const header = (jws, change) => {
  const [head, ...rest] = jws.split('.');
  return [Buffer.from(JSON.stringify({...JSON.parse(Buffer.from(head, 'base64url')), ...change})).toString('base64url'), ...rest].join('.');
};
const value = p => p.jws === undefined ? 'proofValue' : 'jws';

const alterations = {
  'good': doc => doc,
  'subject-changed': doc => { doc.credentialSubject.id = 'did:example:ben'; },
  'date-changed': doc => { doc.issuanceDate = '2026-01-16T09:00:00Z'; },
  'term-added': doc => { doc.credentialSubject.grade = 'A'; },
  'created-changed': doc => { doc.proof.created = '2026-05-02T12:00:00Z'; },
  'domain-added': doc => { doc.proof.domain = 'example.org'; },
  'purpose-changed': doc => { doc.proof.proofPurpose = 'authentication'; },
  'signature-flipped': doc => { doc.proof[value(doc.proof)] = flipped(doc.proof[value(doc.proof)]); },
  'members-reversed': doc => Object.fromEntries(Object.entries(doc).reverse()),
};
const ofJWS = {
  'alg-none': doc => { doc.proof.jws = header(doc.proof.jws, {alg: 'none'}); },
  'b64-true': doc => { doc.proof.jws = header(doc.proof.jws, {b64: true}); },
  'crit-more': doc => { doc.proof.jws = header(doc.proof.jws, {crit: ['b64', 'exp']}); },
  'padded': doc => { doc.proof.jws += '=='; },
  'payload-present': doc => { doc.proof.jws = doc.proof.jws.replace('..', '.AAAA.'); },
  'fourth-part': doc => { doc.proof.jws += '.AAAA'; },
  'proofvalue-added': doc => { doc.proof.proofValue = 'z3'; },
};

const signed = {
  'ed25519-2018 by @digitalbazaar': await byLibrary(Ed25519VerificationKey2018, Ed25519Signature2018, suite2018),
  'ed25519-2018 by didkit': await byDidkit('EdDSA', 'Ed25519Signature2018'),
  'ed25519-2018 by jose': await byJose('EdDSA', 'Ed25519Signature2018', {}),
  'ed25519-2018 with a kid by jose': await byJose('EdDSA', 'Ed25519Signature2018', {kid: 'key-1'}),
  'jws-2020 EdDSA by didkit': await byDidkit('EdDSA', 'JsonWebSignature2020', jws2020),
  'jws-2020 PS256 by didkit': await byDidkit('PS256', 'JsonWebSignature2020', jws2020),
  'jws-2020 ES256K by didkit': await byDidkit('ES256K', 'JsonWebSignature2020', jws2020),
  'jws-2020 ES256 by jose': await byJose('ES256', 'JsonWebSignature2020', {}, jws2020),
  'jws-2020 ES384 by jose': await byJose('ES384', 'JsonWebSignature2020', {}, jws2020),
  'ed25519-2020 and dcc/v1 by @digitalcredentials': await byLibrary(Ed25519VerificationKey2020, Ed25519Signature2020, suite2020, suite2020, dcc),
};

console.warn = () => undefined;
for(const [by, original] of Object.entries(signed)) {
  for(const [how, alter] of Object.entries({...alterations, ...original.proof.jws === undefined ? {} : ofJWS})) {
    const copy = structuredClone(original);
    const document = alter(copy) ?? copy;
    const says = {};
    for(const [judge, {knows, says: ask}] of Object.entries(judges)) {
      if(knows(original.proof)) {
        says[judge] = await ask(document).catch(() => false);
      }
    }
    console.log(JSON.stringify({name: `${by}, ${how}`, text: JSON.stringify(document), says}));
  }
}

// Tokens: a JWT of the W3C by jose, and an SD-JWT VC by the library of the OpenWallet
// Foundation.
const [issuer, kid] = await named(keys.ES256);
const privateKey = await jose.importJWK(keys.ES256, 'ES256');
const publicKey = await jose.importJWK(publicOf(keys.ES256), 'ES256');
const claims = {...credential(issuer), '@context': ['https://www.w3.org/ns/credentials/v2'], validFrom: '2026-01-15T09:00:00Z'};
delete claims.issuanceDate;
const sdjwt = new SDJwtVcInstance({
  hasher: async data => new Uint8Array(createHash('sha256').update(data).digest()), hashAlg: 'sha-256', saltGenerator: () => Buffer.from(webcrypto.getRandomValues(new Uint8Array(16))).toString('base64url'),
  signer: async data => {
    const [head, payload] = data.split('.');
    const protectedHeader = JSON.parse(Buffer.from(head, 'base64url'));
    return (await new jose.CompactSign(Buffer.from(payload, 'base64url')).setProtectedHeader(protectedHeader).sign(privateKey)).split('.')[2];
  }, signAlg: 'ES256',
  verifier: async (data, signature) => !!await jose.compactVerify(`${data}.${signature}`, publicKey),
});
const tokens = {
  'vc+jwt by jose': await new jose.CompactSign(Buffer.from(JSON.stringify(claims))).setProtectedHeader({alg: 'ES256', kid, typ: 'vc+jwt'}).sign(privateKey),
  'dc+sd-jwt by @sd-jwt': await sdjwt.issue({iss: issuer, iat: 1767225600, vct: 'https://example.com/degree', given_name: 'Ana', degree: 'BA'}, {_sd: ['given_name', 'degree']}, {header: {kid}}),
};
const part = (i, change) => token => token.split('.').map((p, n) => n === i ? change(p) : p).join('.');
const json = change => p => Buffer.from(JSON.stringify(change(JSON.parse(Buffer.from(p, 'base64url'))))).toString('base64url');
const disclosures = change => token => {
  const [jwt, ...list] = token.split('~').slice(0, -1);
  return `${[jwt, ...change(list)].join('~')}~`;
};
const ofTokens = {
  'good': token => token,
  'payload-changed': part(1, json(c => ({...c, iss: c.iss, id: 'urn:uuid:2a3f8f0e-7a55-4c5e-8a0f-3f1d6c1b9e23'}))),
  'alg-none': part(0, json(h => ({...h, alg: 'none'}))),
  'alg-hs256': part(0, json(h => ({...h, alg: 'HS256'}))),
  'crit-unknown': part(0, json(h => ({...h, crit: ['exp2'], exp2: 1}))),
  'signature-flipped': token => token.replace(/\.([^.~]+)(~|$)/, (_, s, end) => `.${flipped(s)}${end}`),
  'fourth-part': token => token.replace(/(~|$)/, '.AAAA$1'),
};
const ofSDJWT = {
  'disclosure-left-out': disclosures(list => list.slice(1)),
  'disclosure-changed': disclosures(([first, ...rest]) => [json(([salt, name]) => [salt, name, 'Ben'])(first), ...rest]),
  'disclosure-added': disclosures(list => [...list, Buffer.from('["c2FsdA", "degree", "PhD"]').toString('base64url')]),
  'disclosure-twice': disclosures(([first, ...rest]) => [first, first, ...rest]),
  'disclosure-broken': disclosures(list => [...list, 'AAAA']),
};
for(const [by, token] of Object.entries(tokens)) {
  const sd = token.includes('~');
  for(const [how, alter] of Object.entries({...ofTokens, ...sd ? ofSDJWT : {}})) {
    const text = alter(token);
    const ask = async () => sd ? !!await sdjwt.verify(text) : !!await jose.compactVerify(text, publicKey);
    console.log(JSON.stringify({name: `${by}, ${how}`, text, says: {[sd ? '@sd-jwt/sd-jwt-vc' : 'jose']: await ask().catch(() => false)}}));
  }
}
