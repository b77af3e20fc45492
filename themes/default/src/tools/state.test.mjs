// How an award stands follows from what Go is held to as well.

import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {test} from 'node:test';

import {load} from './cli.mjs';

const {good, stateAt} = await load('pages/state.ts');
const cases = JSON.parse(await readFile(new URL('../../../../internal/publishing/site/testdata/states.json', import.meta.url), 'utf8'));

test('states', () => {
  assert.ok(cases.length >= 20);
  for (const c of cases) {
    const [from, until, now] = [c.from, c.until, c.now].map(time => time && Date.parse(time));
    assert.equal(stateAt(from, until, c.status, now), c.state, JSON.stringify(c));
  }
});

test('what does not count', () => {
  assert.deepEqual(['unchecked', 'valid', 'expiring', 'not-yet', 'fallen', 'unknown', 'expired', 'suspended', 'revoked', 'invalid'].filter(s => !good(s)),
    ['expired', 'suspended', 'revoked', 'invalid']);
});
