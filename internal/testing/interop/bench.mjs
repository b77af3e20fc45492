#!/usr/bin/env node
// Times the npm stack at signing, for `make bench`.
//
//   node bench.mjs N CREDENTIALS [OUT]
//
// CREDENTIALS holds unsigned credentials, as a JSON array or one a line; proofs
// that are there already are dropped. The first N of them are signed with
// @digitalbazaar/vc and eddsa-rdfc-2022 in this one process, one after the
// other, contexts in memory, after a warm-up of at most 20 that is not counted.
// Prints {count, warmUp, cpuMs, wallMs, perCredentialCpuMs}.
//
// With OUT, a folder that judge.mjs can judge is written: the credentials, and
// the DID document of the throw-away key, for the issuer's did:web.

import './network.mjs';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {didWebURL, documentLoader} from './judges.mjs';

const [count, file, out] = process.argv.slice(2);
const n = Number(count);
if(!Number.isInteger(n) || n < 1 || !file) {
  process.stderr.write('usage: bench.mjs N CREDENTIALS [OUT]\n');
  process.exit(2);
}
const credentials = parse(readFileSync(file, 'utf8')).slice(0, n);
if(credentials.length < n) {
  process.stderr.write(`bench.mjs: ${file} holds only ${credentials.length} credentials\n`);
  process.exit(1);
}

const did = issuerOf(credentials[0]);
const key = await Ed25519Multikey.generate({id: `${did}#key-bench-1`, controller: did});

const warmUp = credentials.slice(0, Math.min(20, n));
for(const credential of warmUp) {
  await sign(credential);
}
const cpu = process.cpuUsage();
const start = process.hrtime.bigint();
const signed = [];
for(const credential of credentials) {
  signed.push(await sign(credential));
}
const wallMs = Number(process.hrtime.bigint() - start) / 1e6;
const {user, system} = process.cpuUsage(cpu);
const cpuMs = (user + system) / 1e3;

if(out) {
  await write(out);
}
const round = x => Math.round(x * 100) / 100;
process.stdout.write(JSON.stringify({
  count: n, warmUp: warmUp.length, cpuMs: round(cpuMs), wallMs: round(wallMs),
  perCredentialCpuMs: round(cpuMs / n)
}) + '\n');

function parse(text) {
  const all = text.trimStart().startsWith('[') ? JSON.parse(text) :
    text.split('\n').filter(line => line.trim() !== '').map(line => JSON.parse(line));
  return all.map(({proof, ...credential}) => credential);
}

function issuerOf({issuer}) {
  return typeof issuer === 'string' ? issuer : issuer.id;
}

function sign(credential) {
  const suite = new DataIntegrityProof({signer: key.signer(), cryptosuite});
  return vc.issue({credential: structuredClone(credential), suite, documentLoader});
}

async function write(out) {
  const put = (path, value) => {
    mkdirSync(dirname(join(out, path)), {recursive: true});
    writeFileSync(join(out, path), JSON.stringify(value, null, 2) + '\n');
  };
  const {publicKeyMultibase} = await key.export({publicKey: true});
  // The folder stands for the base URL that the DID was made from.
  const document = didWebURL(did);
  const base = document.replace(/(\/\.well-known)?\/did\.json$/, '') + '/';
  put(document.slice(base.length), {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did,
    verificationMethod: [{id: key.id, type: 'Multikey', controller: did, publicKeyMultibase}],
    assertionMethod: [key.id]
  });
  signed.forEach((credential, i) => {
    const path = credential.type.includes('BitstringStatusListCredential') ?
      credential.id.slice(base.length) : `awards/${i + 1}/credential.json`;
    put(path, credential);
  });
}
