#!/usr/bin/env node
// Times the npm stack at verifying, for `make bench`.
//
//   node bench-verify.mjs N PUBLIC BASE-URL
//
// Verifies the first N awards/*/credential.json of a built site with
// @digitalbazaar/vc, status included, in this one process, one after the
// other, documents and contexts in memory, after a warm-up of at most 20 that
// is not counted. Prints {count, warmUp, cpuMs, wallMs}.

import {serve} from './network.mjs';
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';

const [count, folder, base] = process.argv.slice(2);
const n = Number(count);
if(!Number.isInteger(n) || n < 1 || !/^https:\/\//.test(base ?? '')) {
  process.stderr.write('usage: bench-verify.mjs N PUBLIC BASE-URL\n');
  process.exit(2);
}
serve(folder, base);
const {judges} = await import('./judges.mjs');
const {judge} = judges.find(j => j.name === '@digitalbazaar/vc');

const credentials = readdirSync(join(folder, 'awards')).sort().slice(0, n)
  .map(name => JSON.parse(readFileSync(join(folder, 'awards', name, 'credential.json'), 'utf8')));
const warmUp = credentials.slice(0, 20);
for(const credential of warmUp) {
  await judge(credential);
}
const cpu = process.cpuUsage();
const start = process.hrtime.bigint();
for(const credential of credentials) {
  const {verified, error} = await judge(credential);
  if(!verified) {
    process.stderr.write(`bench-verify.mjs: ${credential.id}: ${error}\n`);
    process.exit(1);
  }
}
const wallMs = Number(process.hrtime.bigint() - start) / 1e6;
const {user, system} = process.cpuUsage(cpu);
process.stdout.write(JSON.stringify({count: credentials.length, warmUp: warmUp.length,
  cpuMs: (user + system) / 1e3, wallMs}) + '\n');
