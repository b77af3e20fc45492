// Shows parts of a credential with the code of the claim page, in Node, so that
// they can be held against those of laurel disclose.
//
//   node disclose.mjs FILE < selections
//
// A selection is a line with a JSON array of pointers, and gets a line: the derived
// credential.

import {readFile} from 'node:fs/promises';
import {createInterface} from 'node:readline';
import {load} from './cli.mjs';

const core = await load('verifier/core.ts');
const {disclosersOf} = await load('pages/disclosing.ts');
const base = JSON.parse(await readFile(process.argv[2], 'utf8'));
const [discloser] = await disclosersOf({base, others: new Map()}, core);
for await (const line of createInterface({input: process.stdin})) {
  console.log(await discloser.derive(JSON.parse(line)));
}
