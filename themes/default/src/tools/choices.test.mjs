// What can be chosen of the documents that Go is held to.

import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {test} from 'node:test';

import {load} from './cli.mjs';

const {choices} = await load('pages/choices.ts');
const cases = JSON.parse(await readFile(new URL('../../../../internal/standards/vc/testdata/disclosure.json', import.meta.url), 'utf8'));

test('choices', () => {
  assert.ok(cases.length > 3);
  for (const {name, document, always, choices: want} of cases) {
    assert.deepEqual(choices(document, always), want, name);
  }
});
