// The key of a signature, bound to its issuer.

import {quote} from './characters';
import {order, parseDateTime, sayTime} from './datetime';
import {checkPublicKey, didMethod, isLenient, PrivateKey, publicKey, sameWeb, split, UnsupportedKey, type IssuerDocument, type Method, type PublicKey} from './did';
import {Failure} from './failure';
import {tooManyNames, type Issuer, type Judgement, type Secured} from './judged';
import {failure, good, result, type Result} from './report';

/** What the proofs of the document have to be made for. */
export function purposeOf(j: Judgement): 'assertionMethod' | 'authentication' {
  return j.o.format === 'presentation' ? 'authentication' : 'assertionMethod';
}

/** Finds the key of a verification method and binds it to the issuer: the
 * method belongs to the issuer's own id, stands in the issuer's document,
 * under assertionMethod, controlled by the issuer, neither revoked nor
 * expired. A key written into the URL is never taken for an answer. The name of an
 * issuer who has one key for the purpose is one of that key. In another spelling of a
 * did:web the key is that of the issuer, and the name is not. */
export async function issuerKey(j: Judgement, issuerID: string, method: string): Promise<Bound> {
  const [base, fragment] = split(method);
  if (base !== issuerID && didMethod(base) === '' && !base.startsWith('https://')) {
    return {key: result('fail', 'method-malformed', {key: quote(method)})};
  }
  const spelled = base !== issuerID && sameWeb(base, issuerID);
  if (base !== issuerID && !spelled) {
    return {key: result('fail', 'method-foreign', {owner: quote(base), issuer: quote(issuerID)})};
  }
  const {doc, problem} = await documentOf(j, issuerID);
  if (!doc) {
    return {key: problem!};
  }
  const purpose = purposeOf(j);
  const [only, ...more] = purpose === 'assertionMethod' ? doc.assertion : doc.authentication;
  if (fragment === '' && (only === undefined || more.length > 0 || doc.unread.has(purpose))) {
    return {key: result('unknown', 'method-malformed.fragment', {key: quote(method)})};
  }
  const bound = methodKey(j, doc, fragment === '' ? only! : spelled ? `${issuerID}#${fragment}` : method);
  return spelled && good(bound.key) ? {...bound, key: result('unknown', 'issuer-document-id.spelling', {owner: quote(base), issuer: quote(issuerID)})} : bound;
}

/** A key that belongs to its issuer, or why there is none. */
interface Bound {found?: PublicKey; key: Result}

/** The document of who, or why there is none. */
export async function documentOf(j: Judgement, who: string): Promise<Issuer> {
  return j.work.mayAsk(who) ? j.by.issuer(who) : {problem: tooManyNames()};
}

/** Judges a method by the document that it stands in. What is not in a document of
 * which everything could be read is not the issuer's; what is amiss with the document
 * itself is not the credential's fault. */
export function methodKey(j: Judgement, doc: IssuerDocument, method: string, purpose = purposeOf(j)): Bound {
  const key = quote(method);
  const m = doc.methods.find(candidate => candidate.id === method);
  if (!m) {
    return {key: doc.unread.has('verificationMethod') ? result('unknown', 'issuer-document-malformed.key', {key}) : result('fail', 'method-missing', {key})};
  }
  if (m.fault) {
    return {key: m.fault === 'ambiguous' ? result('unknown', 'key-ambiguous', {key}) : result('unknown', 'key-malformed.named', {key})};
  }
  // First, since a key that was revoked may have left assertionMethod.
  const ended = methodEnded(j, m);
  if (ended) {
    return {key: ended};
  }
  const listed = purpose === 'assertionMethod' ? doc.assertion : doc.authentication;
  if (!listed.includes(method)) {
    if (doc.unread.has(purpose)) {
      return {key: result('unknown', 'issuer-document-malformed.key', {key})};
    }
    return {key: result('fail', purpose === 'assertionMethod' ? 'method-not-assertion' : 'method-not-assertion.holder', {key})};
  }
  if (!m.controller.includes(':')) {
    return {key: result('unknown', 'key-malformed.named', {key})};
  }
  if (m.controller !== doc.id) {
    return {key: result('fail', 'method-controller', {key, owner: quote(m.controller)})};
  }
  let found: PublicKey;
  try {
    found = publicKey(m);
  } catch (e) {
    if (e instanceof UnsupportedKey) {
      return {key: result('unknown', 'key-unsupported.named', {key})};
    }
    return {key: e instanceof PrivateKey ? result('fail', 'key-malformed.private', {key}) : result('unknown', 'key-malformed.named', {key})};
  }
  try {
    checkPublicKey(found);
  } catch (e) {
    const refused = failure(e);
    const ofAnother = e instanceof Failure && e.reason === 'key-malformed' && !isKeyName(doc.id);
    return {key: ofAnother ? {...refused, outcome: 'unknown'} : refused};
  }
  if (isLenient(m)) {
    return {found, key: result('warn', 'key-spelling', {key})};
  }
  return {found, key: result('pass', purpose === 'authentication' ? 'ok.key-holder' : 'ok.key', {key})};
}

/** Tells an issuer who is known only by a key. */
export function isKeyName(id: string): boolean {
  return ['key', 'jwk'].includes(didMethod(id));
}

/** The Ed25519 keys that an issuer may sign with, beside credentials, the head of
 * its log. */
export async function keysInForce(j: Judgement, who: string): Promise<PublicKey[]> {
  const {doc} = await j.by.issuer(who);
  return (doc?.methods ?? []).flatMap(m => methodKey(j, doc!, m.id, 'assertionMethod').found ?? []).filter(key => key.kind === 'Ed25519');
}

/** Takes revoked and expires by the time of judging. The time of the proof
 * decides nothing: created is what the signer claims, and who has a stolen
 * key claims a good one. */
function methodEnded(j: Judgement, m: Method): Result | undefined {
  let unread: Result | undefined;
  for (const [value, ended] of [[m.revoked, 'key-revoked'], [m.expires, 'key-expired']] as const) {
    if (!value) {
      continue;
    }
    const t = parseDateTime(value);
    if (!t) {
      unread ??= result('unknown', 'key-malformed.time', {key: quote(m.id), value: quote(value)});
    } else if (order(j.by.now, t) >= 0) {
      return result('fail', ended, {key: quote(m.id), date: sayTime(t)});
    }
  }
  return unread;
}

/** What is said of a signature whose key was not found: why it could not be looked
 * up, or only that the key is not the issuer's. */
export function withoutKey(key: Result): Secured {
  return {signature: key.outcome === 'unknown' ? key : result('skipped', 'not-reached.signature'), key};
}
