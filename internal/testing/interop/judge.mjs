#!/usr/bin/env node
// Judges a published folder with verifiers by others, without a network.
//
//   node judge.mjs [--at TIME] PUBLIC BASE-URL [FILE...]
//   node judge.mjs [--at TIME] --mutate CREDENTIAL PUBLIC BASE-URL OUT
//
// The first form judges every awards/*/credential.json and status/*.json, and the
// endorsements made there, of the folder PUBLIC, which stands for BASE-URL, and the files named. The
// second writes ten altered copies of a credential and two genuine ones to the
// folder OUT as <name>.json and judges them.
//
// Each line of standard output is one verdict as JSON: {file, id, judge,
// verified, revoked, error?}, with {mutation, genuine} in the second form, and
// at the end {summary: {files, verdicts, refusedRequests}}. The exit code says
// whether the run itself went well: 1 when anything asked for the network or
// there was nothing to judge, 2 when misused. Verdicts never change it.

import {refused, serve} from './network.mjs';
import {mkdirSync, readFileSync, readdirSync, existsSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setClock} from './clock.mjs';

function usage() {
  process.stderr.write('usage: judge.mjs [--at TIME] PUBLIC BASE-URL [FILE...]\n' +
    '       judge.mjs [--at TIME] --mutate CREDENTIAL PUBLIC BASE-URL OUT\n');
  process.exit(2);
}

const options = {at: null, mutate: null};
const args = process.argv.slice(2);
while(args[0]?.startsWith('--')) {
  const name = args.shift().slice(2);
  if(!(name in options) || args.length === 0) {
    usage();
  }
  options[name] = args.shift();
}
const [folder, base, ...rest] = args;
if(!folder || !/^https:\/\//.test(base ?? '') || (options.mutate && rest.length !== 1)) {
  usage();
}

serve(folder, base);
if(options.at) {
  setClock(options.at);
}
const {judges} = await import('./judges.mjs');
const {mutations} = await import('./mutations.mjs');

const cases = options.mutate ? mutated(options.mutate, rest[0]) :
  [...published(folder), ...rest].map(file => ({file}));

let verdicts = 0;
for(const {file, ...about} of cases) {
  for(const {name, judge} of judges) {
    print({file, ...about, ...await verdict(file, name, judge)});
    verdicts++;
  }
}
// A did:web that only a mutation names is outside the folder by design.
const strangers = options.mutate ?
  refused.filter(r => r.why !== 'neither bundled nor below the base URL') : refused;
for(const {url, why} of strangers) {
  process.stderr.write(`judge.mjs: asked for the network: ${url} (${why})\n`);
}
print({summary: {files: cases.length, verdicts, refusedRequests: strangers.length}});
process.exitCode = strangers.length > 0 || cases.length === 0 ? 1 : 0;

async function verdict(file, name, judge) {
  let id = null;
  try {
    const credential = JSON.parse(readFileSync(file, 'utf8'));
    id = credential.id ?? null;
    return {id, judge: name, ...await judge(credential)};
  } catch(e) {
    return {id, judge: name, verified: false, revoked: null, error: e.message};
  }
}

// published lists what a built site holds, sorted.
function published(folder) {
  const list = name => existsSync(join(folder, name)) ? readdirSync(join(folder, name)).sort() : [];
  return [
    ...list('awards').map(a => join(folder, 'awards', a, 'credential.json')).filter(existsSync),
    ...list('endorsements').map(n => join(folder, 'endorsements', n)).filter(isOurs),
    ...list('status').filter(n => n.endsWith('.json')).map(n => join(folder, 'status', n))
  ];
}

// isOurs tells an endorsement that was made here: the keys of others are elsewhere.
function isOurs(file) {
  return JSON.parse(readFileSync(file, 'utf8')).issuer.id.includes(':endorsers:');
}

function mutated(source, out) {
  const text = readFileSync(source, 'utf8');
  mkdirSync(out, {recursive: true});
  return mutations.map(({name, genuine = false, apply}) => {
    const file = join(out, name + '.json');
    const altered = JSON.stringify(apply(JSON.parse(text)));
    if(!genuine && altered === JSON.stringify(JSON.parse(text))) {
      throw new Error(`mutation ${name} altered nothing`);
    }
    writeFileSync(file, altered);
    return {file, mutation: name, genuine};
  });
}

function print(value) {
  process.stdout.write(JSON.stringify(value) + '\n');
}
