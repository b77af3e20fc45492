// Bundles the scripts of the pages into assets and file of the theme, from the packages that the
// lockfile names and the contexts and schemas of the Go packages. With --check
// it writes nothing and fails if what is there differs; with --sizes it tells
// what each bundle is made of.

import {analyzeMetafile, build} from 'esbuild';
import {gzipSync} from 'node:zlib';
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

import {offline} from './offline.mjs';
import {patched} from './patch.mjs';

const here = dirname(fileURLToPath(import.meta.url));
/** The folder of the sources. */
export const src = join(here, '..');
const standards = join(src, '../../../internal/standards');
const theme = join(src, '..');

/** Has the bundle of what few documents ask for borrow what the verifier has. */
const lent = {
  name: 'lent',
  setup(b) {
    b.onResolve({filter: /^(jsonld|rdf-canonize|@digitalbazaar\/ecdsa-multikey)$/}, () => ({path: join(src, 'verifier/lent.ts')}));
  },
};

// What is bundled: an entry, the file of the theme it becomes, its form, the most
// bytes it may have once gzipped, since whoever opens the page loads it, and the
// file with the licences of the packages in it, which bundles may share. One that
// is handed on by itself has them at its end, as a comment. A bundle without
// either must hold no package.
const bundles = [
  {entry: 'verifier/core.ts', out: 'assets/verifier.js', format: 'esm', maxGzip: 92_000, licences: 'assets/verify.LICENSES.txt'},
  {entry: 'verifier/rare.ts', out: 'assets/verify-rare.js', format: 'esm', maxGzip: 16_000, licences: 'assets/verify.LICENSES.txt', plugins: [lent]},
  {entry: 'pages/page.ts', out: 'assets/verify.js', format: 'iife', maxGzip: 19_000},
  {entry: 'pages/camera.ts', out: 'assets/verify-camera.js', format: 'esm', maxGzip: 18_000, licences: 'assets/verify.LICENSES.txt'},
  {entry: 'pages/markdown.ts', out: 'assets/verify-markdown.js', format: 'esm', maxGzip: 33_000, licences: 'assets/verify.LICENSES.txt'},
  {entry: 'pages/many.ts', out: 'assets/verify-many.js', format: 'esm', maxGzip: 16_000},
  {entry: 'pages/claim.ts', out: 'assets/claim.js', format: 'iife', maxGzip: 2_000},
  {entry: 'pages/claimpage.ts', out: 'assets/claimpage.js', format: 'esm', maxGzip: 6_500},
  {entry: 'pages/claimed.ts', out: 'assets/claimed.js', format: 'esm', maxGzip: 22_000},
  {entry: 'pages/choose.ts', out: 'assets/choose.js', format: 'esm', maxGzip: 19_000, licences: 'assets/verify.LICENSES.txt'},
  {entry: 'pages/catalogue.ts', out: 'assets/catalogue.js', format: 'iife', maxGzip: 3_500},
  {entry: 'pages/award.ts', out: 'assets/award.js', format: 'iife', maxGzip: 12_000},
  {entry: 'pages/check.ts', out: 'assets/check.js', format: 'esm', maxGzip: 14_000},
  {entry: 'pages/offline.ts', out: 'file/offline.js', format: 'iife', maxGzip: 80_000, licences: 'inside', plugins: [offline({contexts, schemas})]},
];

/** What a module that is bundled by itself is bundled with. */
export const pluginsOf = entry => [...bundles.find(b => b.entry === entry)?.plugins ?? [], plugin];

/** The contexts that the Go verifier knows for verifying, by URL: those that few
 * documents have, or the others. */
async function contexts(rare = false) {
  const table = JSON.parse(await readFile(join(standards, 'jsonld/contexts.json'), 'utf8'));
  const out = {};
  for (const {url, file} of table.filter(c => c.only !== 'sign' && (c.rare ?? false) === rare)) {
    out[url] = JSON.parse(await readFile(join(standards, 'jsonld/contexts', file), 'utf8'));
  }
  return out;
}

// The keywords that schema.ts reads, with those that change nothing here.
const known = new Set(['type', 'const', 'enum', 'format', '$ref', 'required', 'properties', 'additionalProperties', 'propertyNames',
  'minItems', 'items', 'additionalItems', 'contains', 'pattern', 'allOf', 'anyOf', 'oneOf', '$defs', '$schema', '$id']);
const words = new Set(['title', 'description', '$comment']);

/** The current schemas, which is what others' credentials are held to, without
 * what is only for people. */
async function schemas() {
  const folder = join(standards, 'conform/schemas');
  const out = {};
  for (const file of (await readdir(folder)).filter(f => f.endsWith('_schema.json')).sort()) {
    const root = strip(JSON.parse(await readFile(join(folder, file), 'utf8')), file);
    delete root.$schema;
    delete root.$id;
    out[file] = root;
  }
  return out;
}

function strip(schema, file) {
  if (typeof schema === 'boolean') {
    return schema;
  }
  const out = {};
  for (const [key, value] of Object.entries(schema)) {
    if (words.has(key)) {
      continue;
    }
    if (!known.has(key)) {
      throw new Error(`${file}: schema.ts does not read the keyword ${key}`);
    }
    if (key === '$ref' && !value.startsWith('#/$defs/')) {
      throw new Error(`${file}: schema.ts does not follow ${value}`);
    }
    if (key === 'properties' || key === '$defs') {
      out[key] = Object.fromEntries(Object.entries(value).map(([name, s]) => [name, strip(s, file)]));
    } else if (['allOf', 'anyOf', 'oneOf'].includes(key) || (key === 'items' && Array.isArray(value))) {
      out[key] = value.map(s => strip(s, file));
    } else if (['items', 'additionalItems', 'additionalProperties', 'propertyNames', 'contains'].includes(key)) {
      out[key] = strip(value, file);
    } else {
      out[key] = value;
    }
  }
  return out;
}

/** What the modules hold that are data. */
const data = {
  'laurel:contexts': () => contexts(),
  'laurel:rare': () => contexts(true),
  'laurel:rare-names': async () => Object.keys(await contexts(true)),
  'laurel:schemas': schemas,
};

const patches = patched(src);

/** Serves the data as modules, patches packages, and leaves out what no page needs. */
const plugin = {
  name: 'laurel',
  setup(b) {
    b.onResolve({filter: /^laurel:/}, args => ({path: args.path, namespace: 'laurel'}));
    b.onLoad({filter: /.*/, namespace: 'laurel'}, async args => ({
      contents: JSON.stringify(await data[args.path]()),
      loader: 'json',
    }));
    // Contexts that come with the libraries, and loaders over the network: ours
    // is the only loader.
    const empty = /^(@digitalbazaar\/(security-context|credentials-context|http-client)|serialize-error|lru-cache)$/;
    b.onResolve({filter: empty}, args => ({path: args.path, namespace: 'laurel-empty'}));
    b.onResolve({filter: /^@digitalbazaar\/(ecdsa|ed25519)-multikey$/}, () => ({path: join(src, 'verifier/multikey.ts')}));
    b.onResolve({filter: /^base64url-universal$/}, () => ({path: join(src, 'verifier/base64url.ts')}));
    // For browsers it has one that reads names of characters by innerHTML.
    b.onResolve({filter: /^decode-named-character-reference$/}, () => ({path: join(src, 'node_modules/decode-named-character-reference/index.js')}));
    b.onResolve({filter: /documentLoaders\/(xhr|node)/}, args => ({path: args.path, namespace: 'laurel-empty'}));
    // What of the libraries is for signing, and for other things than to verify.
    b.onResolve({filter: /^\.\/(frame|fromRdf|compact|RDFC10Sync)$/}, args => /\/(jsonld|rdf-canonize)\/lib\//.test(args.importer) ? {path: args.path, namespace: 'laurel-empty'} : undefined);
    b.onResolve({filter: /^jsonld-signatures$/}, args => ({path: args.path, namespace: 'laurel-empty'}));
    b.onLoad({filter: /node_modules/}, async args => {
      const contents = (await patches).get(args.path);
      return contents && {contents, loader: 'js'};
    });
    b.onLoad({filter: /.*/, namespace: 'laurel-empty'}, args => ({contents: stand[args.path] ?? 'module.exports = () => undefined;', loader: 'js', resolveDir: src}));
  },
};

const stand = {
  '@digitalbazaar/security-context': 'module.exports = {contexts: new Map(), constants: {}, SECURITY_CONTEXT_V1_URL: "", SECURITY_CONTEXT_V2_URL: ""};',
  'jsonld-signatures': "exports.suites = {LinkedDataProof: require('jsonld-signatures/lib/suites/LinkedDataProof.js')};",
  // All of it that jsonld.js uses; it keeps what was asked for last.
  'lru-cache': `module.exports = class extends Map {
    constructor({max}) { super(); this.max = max; }
    get(key) { const value = super.get(key); if (value !== undefined) this.set(key, value); return value; }
    set(key, value) { this.delete(key); super.set(key, value); if (this.size > this.max) this.delete(this.keys().next().value); return this; }
  };`,
  'serialize-error': 'exports.serializeError = String;',
};

export const options = {
  bundle: true, format: 'iife', platform: 'browser', target: 'es2022', minify: true, charset: 'utf8', legalComments: 'none',
  define: {'process.env.NODE_ENV': '"production"', 'self': 'globalThis', 'global': 'globalThis'}, plugins: [plugin],
  logLevel: 'warning', absWorkingDir: src, write: false,
};

async function bundle({entry, format, plugins = []}) {
  const made = await build({...options, plugins: [...plugins, plugin], entryPoints: [entry], metafile: true, format});
  return {bytes: Buffer.from(made.outputFiles[0].contents), inputs: Object.keys(made.metafile.inputs), metafile: made.metafile};
}

/** The folders of the packages that inputs are of. */
function packagesOf(inputs) {
  return [...new Set(inputs.map(path => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean))];
}

/** The licences of every package that is in some bundles. */
async function licences(scripts, packages) {
  const texts = new Map();
  for (const path of packages) {
    const {name, version, license} = JSON.parse(await readFile(join(src, path, 'package.json'), 'utf8'));
    const file = (await readdir(join(src, path))).find(f => /^licen[cs]e/i.test(f));
    const text = file ? (await readFile(join(src, path, file), 'utf8')).replaceAll('\r\n', '\n').trim() : '';
    texts.set(`${name} ${version} (${license})`, text);
  }
  const parts = [...texts.keys()].sort().map(name => `${name}\n\n${texts.get(name) || 'The package has no licence file of its own.'}\n`);
  return Buffer.from(`${scripts.map(s => basename(s)).join(' and ')} ${scripts.length > 1 ? 'hold' : 'holds'} code of these packages.\n\n${parts.join(`\n${'-'.repeat(72)}\n\n`)}`);
}

/** A text as a comment at the end of a script, which may stand in a page. */
function comment(text) {
  if (/\*\/|<\/script|<!--/i.test(text.toString())) {
    throw new Error('a licence cannot stand in a comment');
  }
  return Buffer.from(`/*\n${text}*/\n`);
}

/** Makes every file, and refuses what is larger than its limit. */
async function files(sizes) {
  const out = {};
  const licensed = new Map();
  for (const b of bundles) {
    const made = await bundle(b);
    const size = gzipSync(made.bytes, {level: 9}).length;
    console.log(`${b.out}: ${made.bytes.length} bytes, ${size} gzipped`);
    if (size > b.maxGzip) {
      throw new Error(`${b.out} is larger than ${b.maxGzip} bytes gzipped`);
    }
    const packages = packagesOf(made.inputs);
    if (!b.licences && packages.length > 0) {
      throw new Error(`${b.out} holds packages, and names no file for their licences: ${packages.join(', ')}`);
    }
    if (sizes) {
      console.log(await analyzeMetafile(made.metafile));
    }
    out[b.out] = made.bytes;
    if (b.licences === 'inside') {
      out[b.out] = Buffer.concat([made.bytes, comment(await licences([b.out], packages))]);
    } else if (b.licences) {
      const l = licensed.get(b.licences) ?? {scripts: [], packages: new Set()};
      l.scripts.push(b.out);
      packages.forEach(p => l.packages.add(p));
      licensed.set(b.licences, l);
    }
  }
  for (const [name, l] of licensed) {
    out[name] = await licences(l.scripts, [...l.packages]);
  }
  return out;
}

async function main(check, sizes) {
  const differing = [];
  for (const [name, bytes] of Object.entries(await files(sizes))) {
    const path = join(theme, name);
    if (!check) {
      await mkdir(dirname(path), {recursive: true});
      await writeFile(path, bytes);
    } else if (!bytes.equals(await readFile(path).catch(() => Buffer.alloc(0)))) {
      differing.push(name);
    }
  }
  if (differing.length > 0) {
    throw new Error(`differs from what the sources make: ${differing.join(', ')}; run make js and commit`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main(process.argv.includes('--check'), process.argv.includes('--sizes'));
  } catch (e) {
    console.error(`build: ${e.message}`);
    process.exitCode = 1;
  }
}
