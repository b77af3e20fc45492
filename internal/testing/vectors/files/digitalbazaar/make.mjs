// Writes NAME.SUITE.json: the documents of ../documents signed by the
// libraries of Digital Bazaar, with keys that are made for it and forgotten; the
// public half is in verificationMethod. Of ecdsa-sd-2023 it writes the base proof
// and derived ones. Run it where these packages are installed:
//
//	npm install @digitalbazaar/data-integrity@2.5.0 @digitalbazaar/ecdsa-multikey@1.8.0 \
//	  @digitalbazaar/ed25519-multikey@1.3.1 @digitalbazaar/ecdsa-rdfc-2019-cryptosuite@1.3.0 \
//	  @digitalbazaar/ecdsa-sd-2023-cryptosuite@3.4.1 @digitalbazaar/eddsa-jcs-2022-cryptosuite@1.0.0 \
//	  @digitalbazaar/ed25519-signature-2020@5.4.0 @digitalbazaar/ed25519-verification-key-2020@4.2.0 jsonld-signatures@11.6.0
//	node path/to/make.mjs
import fs from 'node:fs';
import path from 'node:path';
import {createRequire} from 'node:module';
import {pathToFileURL} from 'node:url';

const require = createRequire(process.cwd() + '/');
const load = async name => import(pathToFileURL(require.resolve(name)));
const jsigs = (await load('jsonld-signatures')).default;
const {DataIntegrityProof} = await load('@digitalbazaar/data-integrity');
const EcdsaMultikey = await load('@digitalbazaar/ecdsa-multikey');
const Ed25519Multikey = await load('@digitalbazaar/ed25519-multikey');
const ecdsaRDFC = (await load('@digitalbazaar/ecdsa-rdfc-2019-cryptosuite')).cryptosuite;
const sd = await load('@digitalbazaar/ecdsa-sd-2023-cryptosuite');
const eddsaJCS = await load('@digitalbazaar/eddsa-jcs-2022-cryptosuite');
const {Ed25519Signature2020} = await load('@digitalbazaar/ed25519-signature-2020');
const {Ed25519VerificationKey2020} = await load('@digitalbazaar/ed25519-verification-key-2020');

const files = path.join(import.meta.dirname, '..');
const jsonld = path.join(files, '../../../standards/jsonld');
const contexts = new Map();
for (const {url, file, only} of JSON.parse(fs.readFileSync(path.join(jsonld, 'contexts.json'), 'utf8'))) {
  if (only !== 'sign') contexts.set(url, path.join(jsonld, 'contexts', file));
}
const documentLoader = async url => {
  if (!contexts.has(url)) throw new Error('unknown ' + url);
  return {documentUrl: url, document: JSON.parse(fs.readFileSync(contexts.get(url), 'utf8'))};
};

const purpose = () => new jsigs.purposes.AssertionProofPurpose();
const date = '2026-06-01T12:00:00Z';
const read = name => JSON.parse(fs.readFileSync(path.join(files, 'documents', name + '.json'), 'utf8'));
const write = (name, doc) => {
  fs.writeFileSync(path.join(files, 'digitalbazaar', name + '.json'), JSON.stringify(doc, null, 1) + '\n');
  console.log(name);
};
const named = pair => {
  pair.controller = 'did:key:' + pair.publicKeyMultibase;
  pair.id = pair.controller + '#' + pair.publicKeyMultibase;
  return pair.signer();
};
const sign = (document, suite) => jsigs.sign(document, {suite, purpose: purpose(), documentLoader});

for (const name of ['welding', 'clr', 'endorsed']) {
  const plain = read(name);
  delete plain.proof;
  for (const curve of ['P-256', 'P-384']) {
    const signer = named(await EcdsaMultikey.generate({curve}));
    write(`${name}.ecdsa-rdfc-2019.${curve}`, await sign(read(name), new DataIntegrityProof({signer, date, cryptosuite: ecdsaRDFC})));
  }
  const ed = named(await Ed25519Multikey.generate());
  write(`${name}.eddsa-jcs-2022`, await sign(read(name), new DataIntegrityProof({signer: ed, date, cryptosuite: eddsaJCS.createSignCryptosuite()})));

  const old = read(name);
  old['@context'] = [...old['@context'], 'https://w3id.org/security/suites/ed25519-2020/v1'];
  const pair = await Ed25519VerificationKey2020.generate();
  named(pair);
  write(`${name}.Ed25519Signature2020`, await sign(old, new Ed25519Signature2020({key: pair, date})));

  // The library cannot take lists apart, nor derive all of a credential with an
  // endorsement in it.
  const withoutLists = JSON.parse(JSON.stringify(read(name)), (key, value) => key === 'allowedValue' ? undefined : value);
  delete withoutLists.proof;
  const signer = named(await EcdsaMultikey.generate({curve: 'P-256'}));
  const shown = {few: ['/credentialSubject/type'], most: Object.keys(withoutLists).filter(k => !k.startsWith('@')).map(k => '/' + k)};
  try {
    const base = await sign(withoutLists, new DataIntegrityProof({signer, date, cryptosuite: sd.createSignCryptosuite({mandatoryPointers: ['/issuer']})}));
    for (const [which, selectivePointers] of Object.entries(shown)) {
      const suite = new DataIntegrityProof({cryptosuite: sd.createDiscloseCryptosuite({selectivePointers})});
      write(`${name}.ecdsa-sd-2023.${which}`, await jsigs.derive(base, {suite, purpose: purpose(), documentLoader}));
    }
    write(`${name}.ecdsa-sd-2023.base`, base);
  } catch (e) {
    console.log(name, 'ecdsa-sd-2023', String(e.message));
  }
}
