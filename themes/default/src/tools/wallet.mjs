// Prints the links into the Learner Credential Wallet for credentials, as the pages
// make them: node wallet.mjs BASE reads the names of files, one a line.

import {readFileSync} from 'node:fs';

import {load} from './cli.mjs';

const {walletRequest} = await load('pages/take.ts');
for (const file of readFileSync(0, 'utf8').split('\n')) {
  console.log(`dccrequest://request?request=${walletRequest(process.argv[2], readFileSync(file, 'utf8'))}`);
}
