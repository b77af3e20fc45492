// What few documents ask for is loaded when one does, and where it cannot be, what
// needs it is not known.

import assert from 'node:assert/strict';
import test from 'node:test';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite as ecdsaRDFC} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as sd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import jsigs from 'jsonld-signatures';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {load} from './cli.mjs';
import {src} from './build.mjs';

const {judge} = await load('verifier/core.ts');
const standards = join(src, '../../../internal/standards');
const file = name => readFile(join(src, '../../../internal/testing/vectors/files', name));
const at = '2026-08-01T00:00:00Z';

/** Judges a document with that bundle, or without; tells how often it was asked for. */
async function judged(bytes, there = true) {
  let asked = 0;
  const rare = () => {
    asked++;
    return there ? load('verifier/rare.ts') : Promise.reject(new Error('not there'));
  };
  const {verdict, code} = await judge({bytes, at}, key => key, rare);
  return {asked, told: `${verdict} ${code}`};
}

const table = JSON.parse(await readFile(join(standards, 'jsonld/contexts.json'), 'utf8'));

async function documentLoader(documentUrl) {
  const {file} = table.find(c => c.url === documentUrl && c.only !== 'sign');
  return {documentUrl, document: JSON.parse(await readFile(join(standards, 'jsonld/contexts', file), 'utf8'))};
}

/** A credential of which its holder shows all, or that is signed as a whole, by a did:key. */
async function signed(derived) {
  const pair = await EcdsaMultikey.generate({curve: 'P-256'});
  pair.controller = `did:key:${pair.publicKeyMultibase}`;
  pair.id = `${pair.controller}#${pair.publicKeyMultibase}`;
  const credential = {
    '@context': ['https://www.w3.org/ns/credentials/v2'], type: ['VerifiableCredential'], issuer: pair.controller, validFrom: '2026-06-01T12:00:00Z',
    credentialSubject: {id: 'did:example:ada'},
  };
  const purpose = new jsigs.purposes.AssertionProofPurpose();
  const by = cryptosuite => ({suite: new DataIntegrityProof({signer: pair.signer(), date: '2026-06-01T12:00:00Z', cryptosuite}), purpose, documentLoader});
  if (!derived) {
    return Buffer.from(JSON.stringify(await jsigs.sign(credential, by(ecdsaRDFC))));
  }
  const base = await jsigs.sign(credential, by(sd.createSignCryptosuite({mandatoryPointers: ['/issuer', '/validFrom']})));
  return Buffer.from(JSON.stringify(await jsigs.derive(base, by(sd.createDiscloseCryptosuite({selectivePointers: ['/credentialSubject']})))));
}

test('ordinary credentials do not ask for it', async () => {
  for (const bytes of [await signed(false), await file('older/ed25519-2018.didkit.json')]) {
    assert.deepEqual(await judged(bytes), {asked: 0, told: 'valid ok'});
  }
});

// The last has a context that is in the bundle: version 1.1 of the data model defines
// the terms of Ed25519Signature2018, but not those of JsonWebSignature2020.
for (const [name, bytes] of [['ecdsa-sd-2023', await signed(true)], ['JsonWebSignature2020', await file('older/jws-2020-eddsa.didkit.json')]]) {
  test(name, async () => {
    assert.equal((await judged(bytes, false)).told, 'undetermined not-loaded');
    const {asked, told} = await judged(bytes);
    assert.equal(told, 'valid ok');
    assert.ok(asked > 0);
  });
}
