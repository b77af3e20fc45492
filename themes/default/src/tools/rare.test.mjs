// What few documents ask for is loaded when one does, and not known where it cannot be.

import assert from 'node:assert/strict';
import test from 'node:test';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {load} from './cli.mjs';
import {src} from './build.mjs';

const {judge} = await load('verifier/core.ts');
const file = name => readFile(join(src, '../../../internal/testing/vectors/files/older', name));
const at = '2026-08-01T00:00:00Z';

test('is loaded when a document asks for it', async () => {
  let loaded = 0;
  const rare = () => {
    loaded++;
    return load('verifier/rare.ts');
  };
  const gone = () => Promise.reject(new Error('not there'));
  const bytes = await file('jws-2020-eddsa.didkit.json');
  // Version 1.1 of the data model defines the terms of the one, but not of the other.
  assert.equal((await judge({bytes: await file('ed25519-2018.didkit.json'), at}, key => key, rare)).verdict, 'valid');
  assert.equal(loaded, 0);
  const without = await judge({bytes, at}, key => key, gone);
  assert.deepEqual([without.verdict, without.code], ['undetermined', 'context-unknown']);
  assert.equal((await judge({bytes, at}, key => key, rare)).verdict, 'valid');
  assert.ok(loaded > 0);
});
