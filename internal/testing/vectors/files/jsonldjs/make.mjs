// Writes NAME.nq for every document in ../documents: the canonical
// N-Quads that another implementation, jsonld 9.0.0 from npm, gives in safe
// mode. Run it where that package is installed:
//
//	node path/to/make.mjs
import fs from 'node:fs';
import path from 'node:path';
import {createRequire} from 'node:module';

const jsonld = createRequire(process.cwd() + '/')('jsonld');
const files = path.join(import.meta.dirname, '..');
const root = path.join(files, '../../../standards/jsonld');
const contexts = new Map();
for (const {url, file, only} of JSON.parse(fs.readFileSync(path.join(root, 'contexts.json'), 'utf8'))) {
  if (only !== 'sign') contexts.set(url, path.join(root, 'contexts', file));
}
const documentLoader = async url => {
  if (!contexts.has(url)) throw new Error('unknown ' + url);
  return {documentUrl: url, document: JSON.parse(fs.readFileSync(contexts.get(url), 'utf8'))};
};
const folder = path.join(files, 'documents');
for (const file of fs.readdirSync(folder)) {
  const document = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'));
  const out = await jsonld.canonize(document, {algorithm: 'RDFC-1.0', format: 'application/n-quads', documentLoader, safe: true, base: null, canonizeOptions: {maxWorkFactor: 3}});
  fs.writeFileSync(path.join(files, 'jsonldjs', file.replace('.json', '.nq')), out);
  console.log(file, out.split('\n').length - 1, 'quads');
}
