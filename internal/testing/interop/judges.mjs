// Two verifiers by others, asked the same question in their own manner.
//
// A verdict is {verified, revoked, error?}: `verified` says that proof, key,
// contexts and dates hold and that the status could be read; `revoked` is the
// bit of the status list, null where there is none or it was not read.

import {readJSON} from './network.mjs';
import * as vc from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {verifyCredential} from '@digitalcredentials/verifier-core';

export const judges = [
  {name: '@digitalbazaar/vc', judge: digitalBazaar},
  {name: '@digitalcredentials/verifier-core', judge: verifierCore}
];

/**
 * The https URL of a did:web document (did:web Method Specification, "Read").
 */
export function didWebURL(did) {
  const [host, ...path] = did.slice('did:web:'.length).split(':');
  const below = path.length === 0 ? '.well-known' : path.map(decodeURIComponent).join('/');
  return `https://${decodeURIComponent(host)}/${below}/did.json`;
}

/**
 * A document loader over the closed network. A DID yields its document, a DID
 * URL the verification method inside it, with the document's contexts.
 */
export async function documentLoader(url) {
  if(!url.startsWith('did:')) {
    return {contextUrl: null, documentUrl: url, document: readJSON(url)};
  }
  const [did, fragment] = url.split('#');
  if(!did.startsWith('did:web:')) {
    throw new Error(`${did}: no resolver for this method`);
  }
  const document = readJSON(didWebURL(did));
  if(document.id !== did) {
    throw new Error(`the document of ${did} calls itself ${document.id}`);
  }
  if(!fragment) {
    return {contextUrl: null, documentUrl: url, document};
  }
  const method = (document.verificationMethod ?? []).find(m => m.id === url);
  if(!method) {
    throw new Error(`${url}: not in the DID document`);
  }
  return {contextUrl: null, documentUrl: url,
    document: {'@context': 'https://w3id.org/security/multikey/v1', ...method}};
}

async function digitalBazaar(credential) {
  const suite = new DataIntegrityProof({cryptosuite});
  const result = await vc.verifyCredential({
    credential: structuredClone(credential), suite, documentLoader,
    // Called only where there is a credentialStatus; for a revoked credential
    // its `verified` is true as well: the bit is in results[].status.
    checkStatus
  });
  const statuses = result.statusResult?.results ?? [];
  return {
    verified: result.verified === true,
    revoked: statuses.length > 0 ? statuses.some(s => s.status === true) : null,
    ...(result.verified ? {} : {error: explain(result.error ?? result.statusResult?.error)})
  };
}

async function verifierCore(credential) {
  const result = await quietly(() => verifyCredential({
    credential: structuredClone(credential), knownDIDRegistries: []
  }));
  const log = result.log ?? [];
  // It logs an issuer in no registry as a step that failed; none is known here.
  const failed = log.filter(step =>
    step.id !== 'registered_issuer' && !step.id.endsWith('_status') && step.valid !== true);
  const status = log.filter(step => step.id.endsWith('_status'));
  const read = status.filter(step => !step.error);
  const schema = (result.additionalInformation ?? []).find(i => i.id === 'schema_check');
  const schemaErrors = Array.isArray(schema?.results) ?
    schema.results.filter(r => !r.result.valid) : [];
  const errors = [
    ...(result.errors ?? []).map(explain),
    ...failed.map(step => `${step.id}: failed`),
    ...status.filter(step => step.error).map(step => explain(step.error)),
    ...schemaErrors.map(r => `schema: ${JSON.stringify(r.result.errors)}`),
    ...(log.some(step => step.id === 'valid_signature' && step.valid) ? [] : ['no valid signature']),
    ...(credential.credentialStatus && status.length === 0 ? ['no status'] : [])
  ];
  return {
    verified: errors.length === 0,
    revoked: read.length > 0 ? read.some(step => step.valid === false) : null,
    ...(errors.length === 0 ? {} : {error: errors.join('; ')})
  };
}

// verifier-core writes to the console; standard output is for verdicts.
async function quietly(f) {
  const {log, error} = console;
  console.log = console.error = (...args) => process.stderr.write(args.map(String).join(' ') + '\n');
  try {
    return await f();
  } finally {
    Object.assign(console, {log, error});
  }
}

export function explain(error) {
  if(!error) {
    return 'refused without a reason';
  }
  const inner = (error.errors ?? []).map(explain);
  const cause = error.cause ? [explain(error.cause)] : [];
  const details = error.details?.event?.message ? [error.details.event.message] : [];
  return [error.message ?? String(error), ...details, ...inner, ...cause].join(': ');
}
