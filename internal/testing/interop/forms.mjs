#!/usr/bin/env node
// The forms beside the main one, judged and made by the libraries of others, without
// a network.
//
//   node forms.mjs [--at TIME] PUBLIC BASE-URL OUT
//
// Every JWT of a public award is verified by jose, with the key that its header
// names in jwks.json and with the one in did.json, and, where it has the claims that
// this asks for, by did-jwt; every ecdsa-rdfc-2019 proof by @digitalbazaar's suite.
// Then jose and that suite sign the same credentials, with keys of their own whose
// DIDs become the issuers, into files of the folder OUT.
//
// Each line of standard output is {judge, file, verified, error?} or {made: FILE}.
// The exit code is 1 when anything asked for the network.

import {refused} from './network.mjs';
import {at, folder, out} from './begin.mjs';
import {existsSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const {documentLoader: overClosedNetwork, explain} = await import('./judges.mjs');
const {checkStatus} = await import('@digitalbazaar/vc-bitstring-status-list');
const {DataIntegrityProof} = await import('@digitalbazaar/data-integrity');
const {cryptosuite: eddsa} = await import('@digitalbazaar/eddsa-rdfc-2022-cryptosuite');
const {cryptosuite: ecdsa} = await import('@digitalbazaar/ecdsa-rdfc-2019-cryptosuite');
const EcdsaMultikey = await import('@digitalbazaar/ecdsa-multikey');
const vc = await import('@digitalbazaar/vc');
const jose = await import('jose');
const {verifyJWT} = await import('did-jwt');

const text = file => readFileSync(file, 'utf8');
const print = line => process.stdout.write(JSON.stringify(line) + '\n');
const did = JSON.parse(text(join(folder, 'did.json')));
const set = jose.createLocalJWKSet(JSON.parse(text(join(folder, 'jwks.json'))));
const now = new Date(at ?? Date.now());

// The keys made here, by DID.
const own = new Map();

async function documentLoader(url) {
  const document = own.get(url);
  return document ? {contextUrl: null, documentUrl: url, document} : overClosedNetwork(url);
}

async function method({kid, alg}) {
  const found = did.verificationMethod.find(m => m.id === kid);
  if(!did.assertionMethod.includes(kid)) {
    throw new Error(`${kid} is not for assertions`);
  }
  return jose.importJWK(found.publicKeyJwk, alg);
}

const judges = {
  'jose, jwks.json': async file => jose.jwtVerify(text(file), set, {currentDate: now}),
  'jose, did.json': async file => jose.compactVerify(text(file), method),
  'did-jwt': async file => verifyJWT(text(file), {
    resolver: {resolve: async () => ({didDocument: did, didDocumentMetadata: {}, didResolutionMetadata: {}})},
    policies: {now: Math.floor(now / 1000)}
  }),
  '@digitalbazaar/ecdsa-rdfc-2019': async file => {
    const result = await vc.verifyCredential({credential: JSON.parse(text(file)),
      suite: [ecdsa, eddsa].map(cryptosuite => new DataIntegrityProof({cryptosuite})), documentLoader, checkStatus});
    if(!result.verified) {
      throw result.error ?? result.statusResult?.error ?? new Error('not verified');
    }
  }
};

async function judge(name, file) {
  try {
    await judges[name](file);
    print({judge: name, file, verified: true});
  } catch(e) {
    print({judge: name, file, verified: false, error: explain(e)});
  }
}

let made = 0;
function write(name, data) {
  const file = join(out, `npm-${made++}-${name}`);
  writeFileSync(file, data);
  print({made: file});
}

// A credential of another issuer, without what only this site has of it.
function unsecured(main, issuer) {
  const credential = structuredClone(main);
  delete credential.proof;
  delete credential.credentialStatus;
  credential.issuer.id = issuer;
  return credential;
}

async function issueJWTs(main) {
  for(const [alg, options, typ] of [['ES256', {}, 'JWT'], ['RS256', {modulusLength: 2048}, 'JWT'], ['ES384', {}, 'vc+jwt'], ['EdDSA', {crv: 'Ed25519'}, 'vc+jwt']]) {
    const {publicKey, privateKey} = await jose.generateKeyPair(alg, {extractable: true, ...options});
    const issuer = 'did:jwk:' + jose.base64url.encode(JSON.stringify(await jose.exportJWK(publicKey)));
    const credential = unsecured(main, issuer);
    const seconds = date => Math.floor(Date.parse(date) / 1000);
    const claims = typ !== 'JWT' ? {} : {iss: issuer, jti: credential.id, nbf: seconds(credential.validFrom), sub: credential.credentialSubject.id,
      ...(credential.validUntil ? {exp: seconds(credential.validUntil)} : {})};
    const header = {alg, kid: `${issuer}#0`, typ, ...(typ === 'JWT' ? {} : {cty: 'vc'})};
    write(`${alg}.jwt.txt`, await new jose.CompactSign(new TextEncoder().encode(JSON.stringify({...credential, ...claims})))
      .setProtectedHeader(header).sign(privateKey));
  }
}

async function issueECDSA(main) {
  for(const curve of ['P-256', 'P-384']) {
    const key = await EcdsaMultikey.generate({curve});
    const issuer = `did:key:${key.publicKeyMultibase}`;
    key.controller = issuer;
    key.id = `${issuer}#${key.publicKeyMultibase}`;
    const method = await key.export({publicKey: true, includeContext: true});
    own.set(key.id, method);
    own.set(issuer, {'@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'], id: issuer,
      verificationMethod: [method], assertionMethod: [key.id]});
    const suite = new DataIntegrityProof({signer: key.signer(), cryptosuite: ecdsa});
    write(`${curve}.json`, JSON.stringify(await vc.issue({credential: unsecured(main, issuer), suite, documentLoader})));
  }
}

let issued = false;
for(const award of readdirSync(join(folder, 'awards')).sort()) {
  const file = name => join(folder, 'awards', award, name);
  if(!existsSync(file('credential.jwt.txt'))) {
    continue;
  }
  for(const name of ['jose, jwks.json', 'jose, did.json', 'did-jwt']) {
    await judge(name, file('credential.jwt.txt'));
  }
  for(const name of ['jose, jwks.json', 'jose, did.json']) {
    await judge(name, file('credential.vc.jwt.txt'));
  }
  await judge('@digitalbazaar/ecdsa-rdfc-2019', file('credential.ecdsa.json'));
  if(!issued) {
    const main = JSON.parse(text(file('credential.json')));
    await issueJWTs(main);
    await issueECDSA(main);
    issued = true;
  }
}
for(const {url, why} of refused) {
  process.stderr.write(`forms.mjs: asked for the network: ${url} (${why})\n`);
}
process.exitCode = refused.length > 0 || !issued ? 1 : 0;
