// Judges files with the code of the verify page, in Node, so that its verdicts
// can be held against those of laurel verify.
//
//   node cli.mjs [--documents FILE]... [--at TIME] FILE...   one report a line
//   node cli.mjs --batch < cases                            one case a line
//
// A document is given as FILE, under the id it states, or as URL=FILE. A case
// is {"name", "data": base64, "documents": {url: base64}, "at": RFC 3339,
// "place": base64 of a log.json, empty if it is missing}, and
// gets {"name", "verdict", "code", "checks", "parts"}, with sentences in English.

import {build} from 'esbuild';
import {readFile} from 'node:fs/promises';
import {createInterface} from 'node:readline';
import {join} from 'node:path';
import {options, pluginsOf, src} from './build.mjs';

/** Loads a module of the pages' scripts. */
export async function load(entry) {
  const made = await build({...options, plugins: pluginsOf(entry), entryPoints: [entry], format: 'esm', minify: false});
  const code = Buffer.from(made.outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}

/** Loads the page's verifier, which says all in the theme's English. */
export async function core() {
  const words = JSON.parse(await readFile(join(src, '../strings/en.json'), 'utf8'));
  const {judge} = await load('verifier/core.ts');
  let later;
  const rare = () => later ??= load('verifier/rare.ts');
  return {judge: c => judge(c, key => words[`verifier.${key}`] ?? key, rare)};
}

async function main(args) {
  const {judge} = await core();
  if (args[0] === '--batch') {
    for await (const line of createInterface({input: process.stdin})) {
      if (line.trim() !== '') {
        const c = JSON.parse(line);
        const documents = Object.entries(c.documents ?? {}).map(([url, data]) => ({url, bytes: Buffer.from(data, 'base64')}));
        const report = await judge({bytes: Buffer.from(c.data, 'base64'), documents, at: c.at, ...c.place !== undefined ? {place: Buffer.from(c.place, 'base64')} : {}});
        console.log(JSON.stringify({name: c.name, ...report}));
      }
    }
    return;
  }
  const documents = [];
  const files = [];
  let at;
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--documents') {
      const [, url = '', file] = /^(https:\/\/.*?|did:.*?)=(.*)$/.exec(args[++i]) ?? [null, '', args[i]];
      documents.push({url, bytes: await readFile(file)});
    } else if (args[i] === '--at') {
      at = args[++i];
    } else {
      files.push(args[i]);
    }
  }
  for (const file of files) {
    console.log(JSON.stringify({name: file, ...await judge({bytes: await readFile(file), documents, at})}));
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  await main(process.argv.slice(2));
}
