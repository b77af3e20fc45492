// Holds what an address is to the examples that Go is held to.

import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {test} from 'node:test';

import {load} from './cli.mjs';

test('addresses', async () => {
  const examples = JSON.parse(await readFile(new URL('../../../../internal/testing/vectors/files/urls/examples.json', import.meta.url), 'utf8'));
  const {isURL, isDataURL, isIRI} = await load('verifier/url.ts');
  const {webURL} = await load('verifier/did.ts');
  assert.ok(examples.length > 100);
  for (const {text, is, web} of examples) {
    const found = Object.entries({url: isURL, data: isDataURL, iri: isIRI}).filter(([, f]) => f(text)).map(([name]) => name);
    assert.equal(found.join(' '), is, text);
    assert.equal(webURL(text), web, text);
  }
});

test('hosts', async () => {
  const examples = JSON.parse(await readFile(new URL('../../../../internal/testing/vectors/files/urls/hosts.json', import.meta.url), 'utf8'));
  const {hostOf, parseHost} = await load('verifier/host.ts');
  assert.ok(examples.length > 50);
  for (const {id, host, looksLike = false, user = false} of examples) {
    const h = parseHost(id);
    assert.equal(h === undefined, host === undefined, id);
    if (h) {
      assert.deepEqual([hostOf(id), h.looksLike, h.user], [host, looksLike, user], id);
    }
  }
});

test('the file of the log beside a credential', async t => {
  const {Network} = await load('pages/network.ts');
  const {location, fetch} = globalThis;
  t.after(() => Object.assign(globalThis, {location, fetch}));
  globalThis.location = new URL('https://example.org/academy/awards/x/');
  const network = new Network({dataset: {root: '../../'}});
  for (const [status, want] of [[200, 'lies here'], [404, 'missing'], [410, 'missing'], [403, undefined], [503, undefined]]) {
    globalThis.fetch = async url => {
      assert.equal(String(url), 'https://example.org/academy/awards/x/log.json');
      return new Response('lies here', {status});
    };
    const got = await network.logFile('https://example.org/academy/awards/x/credential.json').catch(() => undefined);
    assert.equal(got instanceof Uint8Array ? new TextDecoder().decode(got) : got, want, String(status));
  }
});
