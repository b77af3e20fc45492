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
  const no = (code: string, text: string) => ({key: result('fail', code, text)});
  const [base, fragment] = split(method);
  if (didMethod(base) === '' && !base.startsWith('https://')) {
    return no('method-malformed', `The proof names its key as ${quote(method)}, which is neither a DID URL nor an https URL.`);
  }
  if (base !== issuerID) {
    return no('method-foreign', `The proof was made with a key of ${quote(base)}, not of the issuer ${quote(issuerID)}.`);
  }
  if (fragment === '') {
    return no('method-malformed', `The proof names an issuer but no key: ${quote(method)}.`);
  }
  return boundKey(j, issuerID, () => method);
}

/** The key of the method that choose names in the document of who. */
export async function boundKey(j: Judgement, who: string, choose: (d: IssuerDocument) => string): Promise<{found?: PublicKey; key: Result}> {
  const no = (code: string, text: string) => ({key: result('fail', code, text)});
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
    return no('method-missing', `The issuer's document has no key ${quote(method)}.`);
  }
  if (purposeOf(j) === 'assertionMethod' && !doc.assertion.includes(method)) {
    return no('method-not-assertion', `The issuer does not use the key ${quote(method)} for credentials: it is not under assertionMethod.`);
  }
  if (purposeOf(j) === 'authentication' && !doc.authentication.includes(method)) {
    return no('method-not-assertion', `The holder does not use the key ${quote(method)} for presentations: it is not under authentication.`);
  }
  if (m.controller !== doc.id) {
    return no('method-controller', `The key ${quote(method)} is controlled by ${quote(m.controller)}, not by the issuer.`);
  }
  return methodKey(j, m);
}

function methodKey(j: Judgement, m: Method): {found?: PublicKey; key: Result} {
  const ended = methodEnded(j, m);
  if (ended) {
    return {key: ended};
  }
  let found: PublicKey;
  try {
    found = publicKey(m);
  } catch (e) {
    return {key: e instanceof UnsupportedKey ?
      result('unknown', 'key-unsupported', `The key ${quote(m.id)} is of a kind that is not known.`) :
      result('fail', 'key-malformed', `The key ${quote(m.id)} is malformed.`)};
  }
  try {
    checkPublicKey(found);
  } catch (e) {
    return {key: failure(e, 'The issuer\'s key cannot be trusted by anyone')};
  }
  return {found, key: result('pass', 'ok', purposeOf(j) === 'authentication' ?
    `The key ${quote(m.id)} is the holder's, for presentations, and in force.` :
    `The key ${quote(m.id)} is the issuer's, for credentials, and in force.`)};
}

/** Takes revoked and expires by the time of judging. The time of the proof
 * decides nothing: created is what the signer claims, and who has a stolen
 * key claims a good one. */
function methodEnded(j: Judgement, m: Method): Result | undefined {
  for (const [value, code, verb] of [[m.revoked, 'key-revoked', 'revoked'], [m.expires, 'key-expired', 'given its end']] as const) {
    if (!value) {
      continue;
    }
    const t = parseDateTime(value);
    if (typeof t === 'string') {
      return result('fail', 'key-malformed', `The key ${quote(m.id)} was ${verb} at a time that is none: ${quote(value)}.`);
    }
    if (order(j.by.now, t) >= 0) {
      return result('fail', code, `The key ${quote(m.id)} was ${verb} by its issuer at ${sayTime(t)}.`);
    }
  }
  return undefined;
}

/** What is said of a signature whose key was not found or is refused. */
export function withoutKey(key: Result): Secured {
  return {
    signature: key.outcome === 'unknown' ?
      result('unknown', key.code, 'The signature could not be checked without the issuer\'s key.') :
      result('skipped', 'not-reached', 'The signature was not checked, because its key is not one of the issuer\'s.'),
    key,
  };
}
