// Makes the claims of a type look like a credential (SD-JWT-based Verifiable Digital
// Credentials): claims of JWT stand where a credential has what they say, so that
// the same is said of both.

import {quote} from './characters';
import {alwaysShown} from './constants';
import {dateOf, timeOf} from './datetime';
import {has, isObject, parseObject, type Doc, type Value} from './json';
import {result, type Result} from './report';
import type {SDJWT} from './sdjwt';
import {stringOf} from './text';

/** What is wrong with the claims of a type, if something is. */
export function openTyped(s: SDJWT, doc: Doc, claims: Doc): Result | undefined {
  if (typeof doc.vct !== 'string' || doc.vct === '' || (has(claims, 'cnf') && !isObject(claims.cnf))) {
    return result('fail', 'sd-jwt-vc');
  }
  const {iss} = claims;
  if ((iss === undefined || iss === null) && has(s.jws.header, 'x5c') && s.jws.header.x5c !== null) {
    return result('unknown', 'jwk-untrusted', {header: 'x5c'});
  }
  if (iss === undefined || iss === null) {
    return result('unknown', 'issuer-missing'); // it may be told by other means
  }
  if (typeof iss !== 'string' || iss === '') {
    return result('fail', 'issuer-missing');
  }
  if (!isObject(doc.issuer) || stringOf(doc.issuer, 'id') === '') {
    doc.issuer = iss;
  }
  const members: [string, Value | undefined][] = [['id', claims.jti], ['validFrom', dateOf(claims.nbf)], ['validUntil', dateOf(claims.exp)]];
  for (const [name, claim] of members) {
    let value = claim;
    // Its type may say until when it holds as a credential does.
    if (name !== 'id' && (value === undefined || value === null)) {
      if (timeOf(doc, name) === 'malformed') {
        return result('unknown', 'date-malformed', {name: quote(name)});
      }
      value = doc[name];
    }
    delete doc[name];
    if (value !== undefined && value !== null) {
      doc[name] = value;
    }
  }
  const payload = parseObject(s.jws.payload);
  const withheld = alwaysShown.find(name => (has(s.claims, name) && !has(payload, name)) || hasDigests(payload[name]));
  return withheld === undefined ? undefined : result('fail', 'sd-withheld', {name: quote(withheld)});
}

/** Tells whether anything inside of a value may be withheld. */
function hasDigests(v: Value | undefined): boolean {
  if (Array.isArray(v)) {
    return v.some(hasDigests);
  }
  return isObject(v) && (['_sd', '...'].some(name => has(v, name) && v[name] !== null) || Object.values(v).some(hasDigests));
}
