// How an award stands follows from what Go is held to as well.

import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {test} from 'node:test';

import {load} from './cli.mjs';

const {good, known, stateAt} = await load('pages/state.ts');
const cases = JSON.parse(await readFile(new URL('../../../../internal/publishing/site/testdata/states.json', import.meta.url), 'utf8'));

test('states', () => {
  assert.ok(cases.length >= 20);
  for (const c of cases) {
    const [from, until, now] = [c.from, c.until, c.now].map(time => time && Date.parse(time));
    assert.equal(stateAt(from, until, c.status, now), c.state, JSON.stringify(c));
  }
});

test('what a page says beside what was found', () => {
  const found = ['valid', 'revoked', 'unknown', 'invalid'];
  for (const [said, want] of Object.entries({
    '': 'valid revoked unknown invalid', revoked: 'revoked revoked revoked invalid',
    suspended: 'valid suspended suspended invalid', fallen: 'valid revoked fallen invalid',
  })) {
    assert.equal(found.map(f => known(f, said)).join(' '), want, said);
  }
});

// What was altered may be out of its time as well, and its page of other times.
test('what a check found', async () => {
  const {tellCheck} = await load('pages/report.ts');
  const {Report} = await load('verifier/report.ts');
  const told = (rows, until) => {
    const report = new Report();
    for (const name of ['structure', 'contexts', 'schema', 'proof', 'issuer-key', 'dates', 'status', 'subject']) {
      report.set(name, {outcome: 'pass', reason: 'ok'});
    }
    for (const [name, r] of Object.entries(rows)) {
      report.set(name, r);
    }
    report.conclude();
    return tellCheck({found: status => stateAt(undefined, until, status, 10)}, {report, parts: []});
  };
  const expired = {dates: {outcome: 'fail', reason: 'expired'}};
  const altered = {proof: {outcome: 'fail', reason: 'signature-wrong'}};
  const unasked = {proof: {outcome: 'unknown', reason: 'not-asked'}};
  for (const [rows, past, open] of [
    [{}, 'expired', 'valid'], [expired, 'expired', 'invalid'], [altered, 'invalid', 'invalid'], [{...expired, ...altered}, 'invalid', 'invalid'],
    [{...expired, ...unasked}, 'expired', 'unknown'], [unasked, 'expired', 'unknown'],
  ]) {
    assert.deepEqual([told(rows, 5), told(rows, undefined)], [past, open], JSON.stringify(rows));
  }
});

test('what does not count', () => {
  assert.deepEqual(['unchecked', 'valid', 'expiring', 'not-yet', 'fallen', 'unknown', 'expired', 'suspended', 'revoked', 'invalid'].filter(s => !good(s)),
    ['expired', 'suspended', 'revoked', 'invalid']);
});
