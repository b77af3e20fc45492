// The checks of an SD-JWT VC (SD-JWT-based Verifiable Digital Credentials): of a
// credential whose claims are those of a type, without contexts.

import {quote} from './characters';
import {maxSkew} from './constants';
import {numericDate, sayTime} from './datetime';
import {decodeJWK} from './did';
import {has, isObject, type Doc} from './json';
import {known, verifyJWS} from './jws';
import type {Judgement} from './judged';
import {result, type Result} from './report';
import {firstSubject, isUnnamed, items, stringOf} from './text';

/** Says what structure, contexts and schema say of other credentials. */
export function checkTyped(j: Judgement): void {
  const {disclosures, hidden} = j.o.sd!;
  j.r.set('structure', result('pass', 'ok.sd-jwt', {shown: disclosures.length, count: disclosures.length + hidden}));
  j.r.set('contexts', result('pass', 'ok.type', {type: quote(stringOf(j.doc, 'vct'))}));
  j.r.set('schema', result('skipped', 'schema-none'));
}

/** Whom the claims of a type are about. */
export function typedSubject(doc: Doc): Result {
  const subject = firstSubject(doc);
  if (!subject || !has(subject, 'achievement') || subject.achievement === null) {
    return result('pass', 'ok.subject-other');
  }
  if (stringOf(subject, 'id') === '' && items(subject.identifier).length === 0) {
    return result('warn', 'subject-withheld');
  }
  return isUnnamed(subject) ? result('warn', 'subject-unnamed') : result('pass', 'ok.subject');
}

/** Says whether the holder of the key that the credential names has shown it. For
 * whom is for the reader to know. */
export async function checkBinding(j: Judgement): Promise<Result> {
  const {binding} = j.o.sd!;
  const cnf = isObject(j.o.claims.cnf) ? j.o.claims.cnf : undefined;
  if (!binding) {
    return cnf ? result('warn', 'sd-unbound') : result('skipped', 'none');
  }
  let key;
  try {
    key = decodeJWK(cnf!.jwk as Doc);
  } catch {
    return result('unknown', 'kb-unsupported');
  }
  if (!known(binding.jws)) {
    return result('unknown', 'kb-unsupported');
  }
  try {
    await verifyJWS(binding.jws, key);
  } catch {
    return result('fail', 'kb-invalid');
  }
  const issued = numericDate(binding.issued);
  if (typeof issued !== 'number') {
    return result('fail', 'kb-malformed');
  }
  const at = {ms: issued * 1000, nanos: 0};
  return at.ms > j.by.now.ms + maxSkew ? result('fail', 'kb-invalid.future', {date: sayTime(at)}) :
    result('pass', 'ok.bound', {audience: quote(binding.audience), date: sayTime(at)});
}
