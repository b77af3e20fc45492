// The JWS that secures a document, its claims and its key.

import {quote} from './characters';
import {maxSkew} from './constants';
import {numericDate, order, sayTime, timeOf} from './datetime';
import {methodByKid, type PublicKey} from './did';
import {has, type Value} from './json';
import {type Judgement, type Secured} from './judged';
import {verifyJWS} from './jws';
import {boundKey, issuerKey, withoutKey} from './key';
import {failure, result, type Result} from './report';
import {firstSubject, idOf} from './text';

/** Verifies the JWS that secures the document, and the binding of its key. */
export async function securedJWT(j: Judgement, who: string): Promise<Secured> {
  const refused = claimsAgree(j);
  if (refused && !j.bySigner) {
    return {signature: refused, key: result('skipped', 'not-reached.key')};
  }
  const {found, key} = await jwtKey(j, who);
  if (!found) {
    return withoutKey(key);
  }
  try {
    await verifyJWS(j.o.jws!, found);
  } catch (e) {
    return {signature: failure(e), key};
  }
  return {signature: result('pass', 'ok.signature'), key};
}

/** Finds the key that kid names among the issuer's. A key, certificate or URL
 * that the header brings along is never looked at: whoever made the JWT chose
 * it. */
export async function jwtKey(j: Judgement, who: string): Promise<{found?: PublicKey; key: Result}> {
  const {keyID: kid, header} = j.o.jws!;
  if (kid === '') {
    const brought = ['jwk', 'jku', 'x5c', 'x5u'].find(name => has(header, name) && header[name] !== null);
    return {key: brought ?
      result('unknown', 'jwk-untrusted', {header: brought}) :
      result('unknown', 'kid-missing')};
  }
  if (kid.startsWith('did:') || kid.startsWith('https://')) {
    return issuerKey(j, who, kid);
  }
  if (kid.startsWith('#')) {
    return issuerKey(j, who, who + kid);
  }
  return boundKey(j, who, d => {
    const id = `${who}#${kid}`;
    return d.methods.some(m => m.id === id) ? id : methodByKid(d, kid)?.id ?? id;
  });
}

/** Holds the claims of a JWT against the credential: each that is there says
 * the same as the member it stands for. Where the type is vc+jwt, and in an
 * SD-JWT, nbf and exp are about the signature and not about the credential. */
function claimsAgree(j: Judgement): Result | undefined {
  const {claims, jws, format} = j.o;
  if (format === 'presentation') {
    return claimsInForce(j);
  }
  if (j.o.typed) {
    // All else was taken from the claims.
    return idOf(j.doc.issuer) === claims.iss ? claimsInForce(j) :
      result('fail', 'jwt-claim-mismatch', {claim: quote('iss'), value: quote(claims.iss as string), member: quote('issuer')});
  }
  const subject = firstSubject(j.doc);
  const same: [string, string, Value | undefined][] = [
    ['iss', 'issuer', idOf(j.doc.issuer)], ['sub', 'credentialSubject.id', subject?.id], ['jti', 'id', j.doc.id],
  ];
  for (const [name, member, want] of same) {
    if (has(claims, name) && (claims[name] !== (want ?? null) || claims[name] === '')) {
      return result('fail', 'jwt-claim-mismatch', {
        claim: quote(name), value: quote(typeof claims[name] === 'string' ? claims[name] : JSON.stringify(claims[name])), member: quote(member),
      });
    }
  }
  const [from, until] = format === 'vc-1.1' ? ['issuanceDate', 'expirationDate'] : ['validFrom', 'validUntil'];
  if (!j.o.sd && !jws!.type.toLowerCase().endsWith('vc+jwt')) {
    for (const [name, member] of [['nbf', from!], ['exp', until!]] as const) {
      const claim = numericDate(claims[name]);
      if (claim === 'malformed') {
        return result('fail', 'jwt-claim-malformed', {claim: quote(name)});
      }
      const t = timeOf(j.doc, member);
      if (claim !== undefined && (!t || t === 'malformed' || Math.floor(t.ms / 1000) !== claim)) {
        return result('fail', 'jwt-claim-mismatch', {claim: quote(name), value: sayTime({ms: claim * 1000, nanos: 0}), member: quote(member)});
      }
    }
  }
  return claimsInForce(j);
}

/** Checks what the JWT says about its own time. */
export function claimsInForce(j: Judgement): Result | undefined {
  for (const name of ['iat', 'nbf', 'exp']) {
    const seconds = numericDate(j.o.claims[name]);
    if (seconds === 'malformed') {
      return result('fail', 'jwt-claim-malformed', {claim: quote(name)});
    }
    if (seconds === undefined || (j.o.typed && name !== 'iat')) {
      continue; // those are the credential's dates
    }
    const t = {ms: seconds * 1000, nanos: 0};
    if (name === 'exp' && order(j.by.now, t) >= 0) {
      return result('fail', 'proof-expired', {date: sayTime(t)});
    }
    if (name !== 'exp' && t.ms > j.by.now.ms + maxSkew) {
      return result('fail', 'proof-future', {date: sayTime(t)});
    }
  }
  return undefined;
}
