#!/usr/bin/env node
// SD-JWT VC by the library of others (@sd-jwt/sd-jwt-vc of the OpenWallet
// Foundation), without a network.
//
//   node sdjwt.mjs [--at TIME] PUBLIC BASE-URL OUT < jobs
//
// A job is a line of JSON:
//
//   {"verify": FILE}                       judges an SD-JWT VC with its status and type
//   {"present": FILE, "reveal": FRAME}     shows a part of one, and judges that
//   {"bind": FILE, "reveal": FRAME}        the same, with a key binding JWT of the
//                                          holder whose key "issue" put in
//   {"issue": {…}, "frame": FRAME}         issues one with a key of its own, whose
//                                          did:jwk becomes the issuer
//
// The answer is a line {"verified", "file", "claims", "type", "error"}: what was made
// is a file of the folder OUT. The exit code is 1 when anything asked for the network.

import {read, readJSON, refused} from './network.mjs';
import {base, out} from './begin.mjs';
import {createHash, randomBytes} from 'node:crypto';
import {createInterface} from 'node:readline';
import {join} from 'node:path';
import {readFileSync, writeFileSync} from 'node:fs';
import * as jose from 'jose';

const {SDJwtVcInstance} = await import('@sd-jwt/sd-jwt-vc');

const sha256 = async data => new Uint8Array(createHash('sha256').update(data).digest());
const b64 = data => Buffer.from(data).toString('base64url');

// The key that the header names, in the DID document of the issuer or did:jwk.
async function issuerKey(header, issuer) {
  const [did] = header.kid.split('#');
  if(did !== issuer) {
    throw new Error(`the key ${header.kid} is not one of ${issuer}`);
  }
  if(did.startsWith('did:jwk:')) {
    return jose.importJWK(JSON.parse(Buffer.from(did.slice(8), 'base64url')), header.alg);
  }
  const document = readJSON(`${base}/did.json`);
  const method = document.verificationMethod.find(m => m.id === header.kid);
  if(document.id !== did || !document.assertionMethod.includes(header.kid)) {
    throw new Error(`${did} does not assert with ${header.kid}`);
  }
  return jose.importJWK(method.publicKeyJwk, header.alg);
}

// A verifier of what a JWT signs, as the library asks for one.
const verifier = issuer => async (data, signature) => {
  const [head] = data.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url'));
  await jose.compactVerify(`${data}.${signature}`, await issuerKey(header, issuer));
  return true;
};

const signer = (key, alg) => async data => {
  const [head, payload] = data.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url'));
  const jws = await new jose.CompactSign(Buffer.from(payload, 'base64url')).setProtectedHeader({...header, alg}).sign(key);
  return jws.split('.')[2];
};

const issuers = await jose.generateKeyPair('ES256', {extractable: true});
const holders = await jose.generateKeyPair('ES256', {extractable: true});
const ownDID = `did:jwk:${b64(JSON.stringify(await jose.exportJWK(issuers.publicKey)))}`;

const text = file => readFileSync(file, 'utf8').trim();
const claimsOf = token => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

function instance(token) {
  const issuer = token === undefined ? ownDID : claimsOf(token).iss;
  const check = verifier(issuer);
  return new SDJwtVcInstance({
    hasher: sha256, hashAlg: 'sha-256', saltGenerator: () => b64(randomBytes(16)),
    verifier: check, statusVerifier: check, signer: signer(issuers.privateKey, 'ES256'), signAlg: 'ES256',
    kbSigner: signer(holders.privateKey, 'ES256'), kbSignAlg: 'ES256',
    kbVerifier: async (data, signature, payload) => {
      await jose.compactVerify(`${data}.${signature}`, await jose.importJWK(payload.cnf.jwk, 'ES256'));
      return true;
    },
    statusListFetcher: async uri => read(uri).toString('utf8').trim(),
    vctFetcher: async uri => uri.startsWith(base) ? readJSON(uri) : undefined,
    loadTypeMetadataFormat: true
  });
}

let made = 0;
function write(token) {
  const file = join(out, `npm-${made++}.sd-jwt.txt`);
  writeFileSync(file, token);
  return file;
}

async function judge(token, options) {
  const {payload, typeMetadata} = await instance(token).verify(token, options);
  return {verified: true, claims: payload, type: typeMetadata?.mergedTypeMetadata};
}

const jobs = {
  async verify({verify}) {
    return judge(text(verify));
  },
  async present({present, reveal}) {
    const token = text(present);
    const shown = await instance(token).present(token, reveal);
    return {...await judge(shown), file: write(shown)};
  },
  async bind({bind, reveal}) {
    const token = text(bind);
    const now = Math.floor(Date.now() / 1000);
    const shown = await instance(token).present(token, reveal, {kb: {payload: {iat: now, aud: 'https://employer.example', nonce: 'n-0S6'}}});
    return {...await judge(shown, {keyBindingNonce: 'n-0S6'}), file: write(shown)};
  },
  async issue({issue, frame}) {
    const cnf = {jwk: await jose.exportJWK(holders.publicKey)};
    const token = await instance().issue({...issue, iss: ownDID, cnf}, frame, {header: {kid: `${ownDID}#0`}});
    return {...await judge(token), file: write(token)};
  }
};

for await (const line of createInterface({input: process.stdin})) {
  const job = JSON.parse(line);
  const name = Object.keys(jobs).find(n => n in job);
  try {
    console.log(JSON.stringify(await jobs[name](job)));
  } catch(e) {
    console.log(JSON.stringify({verified: false, error: `${e.message} ${JSON.stringify(e.details ?? '')}`}));
  }
}
for(const {url, why} of refused) {
  process.stderr.write(`sdjwt.mjs: asked for the network: ${url} (${why})\n`);
}
process.exitCode = refused.length > 0 ? 1 : 0;
