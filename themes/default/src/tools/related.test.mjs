// Files that a credential has digests of are told from others, and only where its
// signature is good.

import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import test from 'node:test';
import {load} from './cli.mjs';

const {compareFiles, nameOf} = await load('pages/related.ts');
const file = new TextEncoder().encode('what was built');
const sri = (kind, bytes) => `${kind}-${createHash(kind).update(bytes).digest('base64')}`;

function judged(digestSRI, outcome = 'pass', id = 'https://example.org/a/report.txt') {
  return {doc: {relatedResource: [{id, mediaType: 'text/plain', digestSRI}]}, report: {check: () => ({outcome})}};
}

test('compares', async () => {
  const other = new TextEncoder().encode('another');
  for (const [digest, want] of [
    [sri('sha256', file), 'same'], [sri('sha384', file), 'same'], [sri('sha512', file), 'same'],
    [sri('sha256', other), 'differs'],
    // The strongest kind decides.
    [`${sri('sha256', file)} ${sri('sha512', other)}`, 'differs'], [`${sri('sha256', other)} ${sri('sha512', file)}?x`, 'same'],
    ['md5-abc', 'differs'],
  ]) {
    assert.deepEqual([...await compareFiles(judged(digest), async () => file)], [['https://example.org/a/report.txt', want]], digest);
  }
});

test('compares both digests', async () => {
  const multi = (kind, head, bytes) => 'u' + Buffer.concat([Buffer.from(head), createHash(kind).update(bytes).digest()]).toString('base64url');
  const [right, wrong] = [multi('sha256', [0x12, 32], file), multi('sha256', [0x12, 32], 'another')];
  for (const [members, want] of [
    [{digestMultibase: right}, 'same'], [{digestMultibase: wrong}, 'differs'],
    [{digestMultibase: multi('sha384', [0x20, 48], file)}, 'same'], [{digestMultibase: multi('sha512', [0x13, 64], file)}, 'same'],
    [{digestMultibase: 'zQmVJdb3qghUSi1c4Z2DDHnCoEDycvdooZqQnC1Dij5dsUm'}, 'same'],
    [{digestMultibase: 'zQmXxjwxuPQPKP5n9xQ69PvvdWcx7PTeGYDxYVTGR8zzU2N'}, 'differs'],
    [{digestMultibase: right, digestSRI: sri('sha256', file)}, 'same'],
    [{digestMultibase: wrong, digestSRI: sri('sha256', file)}, 'differs'], [{digestMultibase: right, digestSRI: sri('sha256', 'another')}, 'differs'],
    [{digestMultibase: multi('sha256', [0x16, 32], file)}, undefined], // of an algorithm that is not known
    [{digestMultibase: 'uEiBZ'}, undefined], [{digestMultibase: right.slice(1)}, undefined],
  ]) {
    const j = {doc: {relatedResource: {id: 'https://example.org/a/report.txt', ...members}}, report: {check: () => ({outcome: 'pass'})}};
    assert.equal((await compareFiles(j, async () => file)).get('https://example.org/a/report.txt'), want, JSON.stringify(members));
  }
});

test('says nothing', async () => {
  for (const [j, at] of [
    [judged(sri('sha256', file), 'fail'), async () => file],
    [judged(sri('sha256', file)), async () => undefined],
    [judged(sri('sha256', file)), async () => { throw new Error('not there'); }],
    [judged(''), async () => file],
  ]) {
    assert.equal((await compareFiles(j, at)).size, 0);
  }
});

test('names', () => {
  assert.equal(nameOf({id: 'https://example.org/a/report.txt'}), 'report.txt');
  assert.equal(nameOf({id: 'urn:uuid:0#evidence-1', mediaType: 'application/pdf'}), 'evidence-1.pdf');
});
