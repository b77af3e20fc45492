// Writes beside NAME.nq for every document in ../documents what other
// implementations give: NAME.sha384.nq, with SHA-384 inside RDFC-1.0 (jsonld
// 9.0.0), and NAME.jcs, the JSON Canonicalization Scheme (canonicalize 1.0.8). And
// numbers.txt: the bits of a float64 and what JavaScript writes for it, RFC 8785
// section 3.2.2.3. Run it as make.mjs.
import fs from 'node:fs';
import path from 'node:path';
import {createRequire} from 'node:module';

const require = createRequire(process.cwd() + '/');
const jsonld = require('jsonld');
const canonicalize = require('canonicalize');
const root = path.join(import.meta.dirname, '..');
const folder = path.join(root, 'documents');
const out = name => path.join(root, 'jsonldjs', name);

for (const file of fs.readdirSync(folder)) {
  const document = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'));
  fs.writeFileSync(out(file.replace('.json', '.jcs')), canonicalize(document));
  const input = fs.readFileSync(out(file.replace('.json', '.nq')), 'utf8');
  // The library leaves labels that start with c14n as they are.
  const nquads = await jsonld.canonize(input.replaceAll('_:c14n', '_:x'), {inputFormat: 'application/n-quads', format: 'application/n-quads', algorithm: 'RDFC-1.0', canonizeOptions: {maxWorkFactor: 3, messageDigestAlgorithm: 'SHA-384'}});
  fs.writeFileSync(out(file.replace('.json', '.sha384.nq')), nquads);
  console.log(file, nquads === input ? 'same as with SHA-256' : 'other labels');
}

const view = new DataView(new ArrayBuffer(8));
let state = 88172645463325252n; // xorshift64, so that the file can be made again
const random = () => {
  state ^= state << 13n & 0xffffffffffffffffn;
  state ^= state >> 7n;
  state ^= state << 17n & 0xffffffffffffffffn;
  return state;
};
const bits = number => { view.setFloat64(0, number); return view.getBigUint64(0); };
const all = [
  // RFC 8785, appendix B, without minus zero, which is refused before.
  0n, 0x1n, 0x8000000000000001n, 0x7fefffffffffffffn, 0xffefffffffffffffn,
  0x4340000000000000n, 0xc340000000000000n, 0x4430000000000000n, 0x44b52d02c7e14af5n, 0x44b52d02c7e14af6n, 0x44b52d02c7e14af7n,
  0x444b1ae4d6e2ef4en, 0x444b1ae4d6e2ef4fn, 0x444b1ae4d6e2ef50n, 0x3eb0c6f7a0b5ed8cn, 0x3eb0c6f7a0b5ed8dn,
  0x41b3de4355555553n, 0x41b3de4355555554n, 0x41b3de4355555555n, 0x41b3de4355555556n, 0x41b3de4355555557n, 0xbecbf647612f3696n, 0x43143ff3c1cb0959n,
];
for (let i = 0; i < 200; i++) all.push(random());
for (let i = 0; i < 200; i++) all.push(bits(Number(random() >> 11n) / 2 ** Number(random() % 70n)));
for (let e = -330; e < 310; e += 5) all.push(bits(Number('1e' + e)), bits(Number('9.999999999999999e' + e)));
const lines = [];
for (const b of all) {
  view.setBigUint64(0, b);
  const number = view.getFloat64(0);
  if (Number.isFinite(number) && !Object.is(number, -0)) lines.push(b.toString(16).padStart(16, '0') + ' ' + JSON.stringify(number));
}
fs.writeFileSync(out('numbers.txt'), lines.join('\n') + '\n');
console.log(lines.length, 'numbers');
