// Reads the examples of claim links that Go is held to with the pages' grammar.

import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {test} from 'node:test';
import {build} from 'esbuild';

const {outputFiles: [made]} = await build({entryPoints: [new URL('../pages/claimlink.ts', import.meta.url).pathname],
  bundle: true, format: 'esm', write: false});
const {readClaimLink, claimURL} = await import(`data:text/javascript;base64,${Buffer.from(made.contents).toString('base64')}`);
const file = new URL('../../../../internal/authoring/model/testdata/claimlinks.json', import.meta.url);
const {link, examples} = JSON.parse(await readFile(file, 'utf8'));

test('claim links', () => {
  assert.ok(examples.length > 50);
  for (const {what, text, is} of examples) {
    assert.deepEqual(readClaimLink(text), is === 'link' ? link : is, what);
  }
});

test('the address in a text', () => {
  const fragment = `${link.name}.${link.key}`;
  for (const [text, want] of [
    [`https://example.org/claim/#${fragment}`, `https://example.org/claim/#${fragment}`],
    [`Your award: <https://example.org/a/claim/index.html#${fragment}>, see.`, `https://example.org/a/claim/index.html#${fragment}`],
    [`https://example.org/claim/%23${fragment}&utm_source=mail`, `https://example.org/claim/#${fragment}`],
    [`https://example.org/claim/?utm_source=mail#${fragment}.`, `https://example.org/claim/#${fragment}`],
    [`https://example.org/claim/#${fragment.slice(0, -9)} and`, `https://example.org/claim/#${fragment.slice(0, -9)}`],
    [fragment, undefined],
    ['https://example.org/claim/', undefined],
  ]) {
    assert.equal(claimURL(text), want, text);
  }
});
