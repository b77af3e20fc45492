// The key of a signature, bound to its issuer.

import {quote} from './characters';
import {order, parseDateTime, sayTime} from './datetime';
import {checkPublicKey, didMethod, publicKey, split, UnsupportedKey, type IssuerDocument, type Method, type PublicKey} from './did';
import {tooManyNames, type Judgement, type Secured} from './judged';
import {failure, result, type Result} from './report';

/** What the proofs of the document have to be made for. */
export function purposeOf(j: Judgement): 'assertionMethod' | 'authentication' {
  return j.o.format === 'presentation' ? 'authentication' : 'assertionMethod';
}

/** Finds the key of a verification method and binds it to the issuer: the
 * method belongs to the issuer's own id, stands in the issuer's document,
 * under assertionMethod, controlled by the issuer, neither revoked nor
 * expired. A key written into the URL is never taken for an answer. */
export async function issuerKey(j: Judgement, issuerID: string, method: string): Promise<{found?: PublicKey; key: Result}> {
  const [base, fragment] = split(method);
  if (didMethod(base) === '' && !base.startsWith('https://')) {
    return {key: result('fail', 'method-malformed', {key: quote(method)})};
  }
  if (base !== issuerID) {
    return {key: result('fail', 'method-foreign', {owner: quote(base), issuer: quote(issuerID)})};
  }
  if (fragment === '') {
    return {key: result('fail', 'method-malformed.fragment', {key: quote(method)})};
  }
  return boundKey(j, issuerID, () => method);
}

/** The key of the method that choose names in the document of who. */
export async function boundKey(j: Judgement, who: string, choose: (d: IssuerDocument) => string): Promise<{found?: PublicKey; key: Result}> {
  if (!j.work.mayAsk(who)) {
    return {key: tooManyNames()};
  }
  const {doc, problem} = await j.by.issuer(who);
  if (!doc) {
    return {key: problem!};
  }
  const method = choose(doc);
  const m = doc.methods.find(candidate => candidate.id === method);
  if (!m) {
    return {key: result('fail', 'method-missing', {key: quote(method)})};
  }
  // First, since a key that was revoked may have left assertionMethod.
  const ended = methodEnded(j, m);
  if (ended) {
    return {key: ended};
  }
  if (purposeOf(j) === 'assertionMethod' && !doc.assertion.includes(method)) {
    return {key: result('fail', 'method-not-assertion', {key: quote(method)})};
  }
  if (purposeOf(j) === 'authentication' && !doc.authentication.includes(method)) {
    return {key: result('fail', 'method-not-assertion.holder', {key: quote(method)})};
  }
  if (m.controller !== doc.id) {
    return {key: result('fail', 'method-controller', {key: quote(method), owner: quote(m.controller)})};
  }
  return methodKey(j, m);
}

/** The Ed25519 keys that an issuer may sign with, beside credentials, the head of
 * its log. */
export async function keysInForce(j: Judgement, who: string): Promise<PublicKey[]> {
  const {doc} = await j.by.issuer(who);
  return (doc?.methods ?? []).filter(m => doc!.assertion.includes(m.id) && m.controller === doc!.id && !methodEnded(j, m))
    .flatMap(m => methodKey(j, m).found ?? []).filter(key => key.kind === 'Ed25519');
}

function methodKey(j: Judgement, m: Method): {found?: PublicKey; key: Result} {
  let found: PublicKey;
  try {
    found = publicKey(m);
  } catch (e) {
    return {key: e instanceof UnsupportedKey ? result('unknown', 'key-unsupported', {key: quote(m.id)}) : result('fail', 'key-malformed.named', {key: quote(m.id)})};
  }
  try {
    checkPublicKey(found);
  } catch (e) {
    return {key: failure(e)};
  }
  return {found, key: result('pass', purposeOf(j) === 'authentication' ? 'ok.key-holder' : 'ok.key', {key: quote(m.id)})};
}

/** Takes revoked and expires by the time of judging. The time of the proof
 * decides nothing: created is what the signer claims, and who has a stolen
 * key claims a good one. */
function methodEnded(j: Judgement, m: Method): Result | undefined {
  for (const [value, ended] of [[m.revoked, 'key-revoked'], [m.expires, 'key-expired']] as const) {
    if (!value) {
      continue;
    }
    const t = parseDateTime(value);
    if (!t) {
      return result('fail', 'key-malformed.time', {key: quote(m.id), value: quote(value)});
    }
    if (order(j.by.now, t) >= 0) {
      return result('fail', ended, {key: quote(m.id), date: sayTime(t)});
    }
  }
  return undefined;
}

/** What is said of a signature whose key was not found: why it could not be looked
 * up, or only that the key is not the issuer's. */
export function withoutKey(key: Result): Secured {
  return {signature: key.outcome === 'unknown' ? key : result('skipped', 'not-reached.signature'), key};
}
