// The JWS that secures a document, and its claims.

import {quote} from './characters';
import {maxSkew} from './constants';
import {dateIn, numericDate, order, sayTime} from './datetime';
import {has, type Value} from './json';
import {type Judgement, type Secured} from './judged';
import {signed} from './jwskey';
import {rank, result, worst, type Result} from './report';
import {firstSubject, idOf} from './text';

/** Verifies the JWS that secures the document, and the binding of its key. */
export async function securedJWT(j: Judgement, who: string): Promise<Secured> {
  const refused = claimsAgree(j);
  return refused && !j.bySigner ? {signature: refused, key: result('skipped', 'not-reached.key')} : signed(j, who);
}

/** Holds the claims of a JWT against the credential: each that is there says
 * the same as the member it stands for. */
function claimsAgree(j: Judgement): Result | undefined {
  const {claims, format} = j.o;
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
  const dates = datesAgree(j);
  return dates.outcome === 'fail' ? dates : claimsInForce(j);
}

/** Holds nbf and exp against the dates of the credential, unless the type is vc+jwt
 * or it is an SD-JWT: there they are about the signature and not about the
 * credential. Times up to maxSkew apart are two readings of one clock: both are
 * applied, and so the stricter one. */
function datesAgree(j: Judgement): Result {
  const {claims, jws, format} = j.o;
  let agree = result('pass', 'ok');
  if (format === 'presentation' || j.o.sd || jws!.type.toLowerCase().endsWith('vc+jwt')) {
    return agree;
  }
  const [from, until] = format === 'vc-1.1' ? ['issuanceDate', 'expirationDate'] : ['validFrom', 'validUntil'];
  for (const [name, member] of [['nbf', from!], ['exp', until!]] as const) {
    const claim = numericDate(claims[name]);
    if (claim === 'malformed') {
      return result('fail', 'jwt-claim-malformed', {claim: quote(name)});
    }
    const t = dateIn(j, member);
    if (claim === undefined || (t && t !== 'malformed' && Math.floor(t.ms / 1000) === claim)) {
      continue;
    }
    const values = {claim: quote(name), value: sayTime({ms: claim * 1000, nanos: 0}), member: quote(member)};
    if (!t || t === 'malformed' || Math.abs(claim * 1000 - t.ms - t.nanos / 1e6) > maxSkew) {
      return result('fail', 'jwt-claim-mismatch', values);
    }
    agree = worst([agree, result('unknown', 'jwt-claim-near', values)]);
  }
  return agree;
}

/** Tells a JWT that departs from the form of its data model, though there is no
 * doubt what it says. */
export function placement(j: Judgement): Result {
  const ok = result('pass', 'ok');
  if (!j.o.jws || j.o.typed) {
    return ok;
  }
  const near = datesAgree(j);
  return worst([ok, ...(j.o.misplaced ? [result('unknown', j.o.misplaced)] : []), ...(rank(near.outcome) < rank('fail') ? [near] : [])]);
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
