// What secures a document: embedded proofs, or the JWS around it.

import {quote} from './characters';
import {maxProofs, maxSkew} from './constants';
import {dateIn, order, sayTime} from './datetime';
import {Failure} from './failure';
import {copy} from './json';
import {type Judgement, type Secured} from './judged';
import {securedJWT} from './jwt';
import {issuerKey, purposeOf, withoutKey} from './key';
import {nowCalled, proofsOf, suiteOf, verifyProof, type Proof, type Suite} from './proofs';
import {failure, result, worst, type Result} from './report';
import {items} from './text';

/** Why there is nothing to verify, if so. */
function proofMissing(j: Judgement): Result | undefined {
  return j.o.jws || items(j.doc.proof).length > 0 ? undefined :
    result('fail', 'proof-missing');
}

/** Verifies what secures the document, and that it was secured by who. */
export function secured(j: Judgement, who: string): Promise<Secured> {
  return j.o.jws ? securedJWT(j, who) : securedByProofs(j, who);
}

/** Verifies every proof of the document and the binding of its key. One that
 * fails is enough to refuse, whatever the others say: else anybody could add
 * theirs to another's words. */
async function securedByProofs(j: Judgement, who: string): Promise<Secured> {
  const missing = proofMissing(j);
  if (missing) {
    return {signature: missing, key: result('skipped', 'not-reached.unsigned')};
  }
  let list: Proof[];
  try {
    list = proofsOf(j.doc);
  } catch (e) {
    return {signature: failure(e, j.doc), key: result('skipped', 'not-reached.unsigned')};
  }
  if (list.length > maxProofs) {
    return {
      signature: result('unknown', 'proof-too-many', {count: list.length, most: maxProofs}),
      key: result('skipped', 'not-reached.keys'),
    };
  }
  const signatures: Result[] = [];
  const keys: Result[] = [];
  for (const [i, p] of list.entries()) {
    const {signature, key} = await proofRow(j, i, p, list, who);
    signatures.push(signature);
    keys.push(key);
  }
  const signature = worst(signatures);
  const all = signature.outcome === 'pass' && list.length > 1;
  return {signature: all ? result('pass', 'ok.signatures', {count: list.length}) : signature, key: worst(keys)};
}

async function proofRow(j: Judgement, i: number, p: Proof, all: Proof[], who: string): Promise<Secured> {
  const unreached = result('skipped', 'not-reached.key');
  let suite: Suite;
  try {
    suite = suiteOf(j.doc, i, p);
  } catch (e) {
    if (e instanceof Failure && e.reason === 'suite-unknown') {
      return unknownSuite(p);
    }
    return {signature: failure(e, j.doc), key: unreached};
  }
  const refused = proofOptions(j, p);
  if (refused) {
    return {signature: refused, key: unreached};
  }
  let doc = j.doc;
  if (!suite.json) {
    if (j.undescribed) {
      return unknownSuite(p);
    }
    if (!j.meant) {
      const unread = result('skipped', 'not-reached.terms');
      return {signature: unread, key: unread};
    }
    doc = copy(j.meant, {proof: j.doc.proof!});
  }
  const {found, key} = await issuerKey(j, who, p.verificationMethod);
  if (!found) {
    return withoutKey(key);
  }
  try {
    await verifyProof(doc, i, all, found);
  } catch (e) {
    return {signature: failure(e, j.doc), key};
  }
  const now = nowCalled(p);
  const good = now ? result('warn', 'suite-renamed', {suite: quote(p.cryptosuite), now: quote(now)}) : result('pass', 'ok.signature');
  return {signature: good, key};
}

function unknownSuite(p: Proof): Secured {
  return {
    signature: result('unknown', 'suite-unsupported', {suite: quote(p.cryptosuite || p.type)}),
    key: result('unknown', 'suite-unsupported.key'),
  };
}

/** Checks what a proof says of itself (Verifiable Credential Data Integrity
 * 1.0, 2.1 "Proofs" and 4.4 "Verify Proof"). What is no date was refused with the
 * structure. */
function proofOptions(j: Judgement, p: Proof): Result | undefined {
  if (p.proofPurpose !== purposeOf(j)) {
    return result('fail', 'proof-purpose', {purpose: quote(p.proofPurpose), wanted: quote(purposeOf(j))});
  }
  if (j.bySigner) {
    return undefined;
  }
  const created = dateIn(j, 'created', p.raw);
  if (created && created !== 'malformed' && order(created, {ms: j.by.now.ms + maxSkew, nanos: 0}) > 0) {
    return result('fail', 'proof-future', {date: sayTime(created)});
  }
  const expires = dateIn(j, 'expires', p.raw);
  if (expires && expires !== 'malformed' && order(j.by.now, expires) >= 0) {
    return result('fail', 'proof-expired', {date: sayTime(expires)});
  }
  return undefined;
}
