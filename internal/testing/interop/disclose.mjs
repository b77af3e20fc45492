#!/usr/bin/env node
// Selective disclosure by the suite of others (ecdsa-sd-2023), without a network.
//
//   node disclose.mjs [--at TIME] PUBLIC BASE-URL OUT < jobs
//
// A job is a line of JSON:
//
//   {"verify": FILE}                        judges a derived credential
//   {"derive": FILE, "reveal": [POINTER…]}  derives from one with a base proof, and
//                                           judges that
//   {"sign": FILE, "mandatory": [POINTER…]} signs what FILE holds with a key of its
//                                           own, whose did:key becomes the issuer
//
// The answer is a line {"verified", "revoked", "file", "error"}: what was made is a
// file of the folder OUT. The exit code is 1 when anything asked for the network.

import {refused} from './network.mjs';
import {out} from './begin.mjs';
import {createInterface} from 'node:readline';
import {join} from 'node:path';
import {readFileSync, writeFileSync} from 'node:fs';

const {documentLoader: overClosedNetwork, explain} = await import('./judges.mjs');
const {checkStatus} = await import('@digitalbazaar/vc-bitstring-status-list');
const {DataIntegrityProof} = await import('@digitalbazaar/data-integrity');
const {cryptosuite: eddsa} = await import('@digitalbazaar/eddsa-rdfc-2022-cryptosuite');
const sd = await import('@digitalbazaar/ecdsa-sd-2023-cryptosuite');
const EcdsaMultikey = await import('@digitalbazaar/ecdsa-multikey');
const vc = await import('@digitalbazaar/vc');

// The keys made here, by DID.
const own = new Map();

async function documentLoader(url) {
  const document = own.get(url);
  return document ? {contextUrl: null, documentUrl: url, document} : overClosedNetwork(url);
}

const read = file => JSON.parse(readFileSync(file, 'utf8'));

let made = 0;
function write(document) {
  const file = join(out, `npm-${made++}.json`);
  writeFileSync(file, JSON.stringify(document));
  return {file};
}

const jobs = {
  async verify({verify}) {
    const suite = [new DataIntegrityProof({cryptosuite: sd.createVerifyCryptosuite()}), new DataIntegrityProof({cryptosuite: eddsa})];
    const result = await vc.verifyCredential({credential: read(verify), suite, documentLoader, checkStatus});
    const statuses = result.statusResult?.results ?? [];
    return {
      verified: result.verified === true, revoked: statuses.some(s => s.status === true),
      ...(result.verified ? {} : {error: explain(result.error ?? result.statusResult?.error)})
    };
  },
  async derive({derive, reveal}) {
    const suite = new DataIntegrityProof({cryptosuite: sd.createDiscloseCryptosuite({selectivePointers: reveal})});
    const {file} = write(await vc.derive({verifiableCredential: read(derive), suite, documentLoader}));
    return {file, ...await jobs.verify({verify: file})};
  },
  async sign({sign, mandatory}) {
    const credential = read(sign);
    delete credential.proof;
    delete credential.credentialStatus;
    const key = await EcdsaMultikey.generate({curve: 'P-256'});
    const did = `did:key:${key.publicKeyMultibase}`;
    key.controller = did;
    key.id = `${did}#${key.publicKeyMultibase}`;
    credential.issuer.id = did;
    const method = await key.export({publicKey: true, includeContext: true});
    own.set(key.id, method);
    own.set(did, {'@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'], id: did,
      verificationMethod: [method], assertionMethod: [key.id]});
    const suite = new DataIntegrityProof({signer: key.signer(), cryptosuite: sd.createSignCryptosuite({mandatoryPointers: mandatory})});
    return write(await vc.issue({credential, suite, documentLoader}));
  }
};

for await (const line of createInterface({input: process.stdin})) {
  const job = JSON.parse(line);
  const name = ['derive', 'sign', 'verify'].find(n => n in job);
  let answer;
  try {
    answer = await jobs[name](job);
  } catch(e) {
    answer = {error: explain(e)};
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
for(const {url, why} of refused) {
  process.stderr.write(`disclose.mjs: asked for the network: ${url} (${why})\n`);
}
process.exitCode = refused.length > 0 ? 1 : 0;
