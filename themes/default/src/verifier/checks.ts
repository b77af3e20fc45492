// The checks that need the document alone: structure, contexts, schema, dates,
// and what the issuer's name is worth.

import {quote, safe} from './characters';
import {maxOddities, maxWalked} from './constants';
import {dateIn, hasNoZone, order, sayTime, type Moment} from './datetime';
import {Failure} from './failure';
import type {Finding} from './findings';
import {hostOf, looksLike} from './host';
import {copy, has, isObject, stepsOf, valueAt, without, type Doc, type Value} from './json';
import type {Judgement} from './judged';
import {placement} from './jwt';
import {covers, own} from './proofs';
import {failure, fromFindings, result, worst, type Result} from './report';
import {schemaFindings} from './schema';
import {contextV1, contextV2, isNewTerm, structure} from './structure';
import {checkTerms} from './terms';
import {items} from './text';
import {definesTerm} from './vocabulary';

/** What the data model and the credential's types demand. Of proofs of types that are
 * not known here nothing is demanded. */
export function checkStructure(j: Judgement): Result {
  const doc = own(j.doc);
  const list = j.o.format === 'vc-1.1' ? structure1(doc) : structure(doc);
  return worst([fromFindings(doc, list, result('pass', 'ok.structure')), placement(j)]);
}

/** Checks a credential of data model 1.1 by the rules of 2.0 under their old
 * names: what it demands differs only in these, and in that 1.1 cannot do
 * without an issuanceDate. */
function structure1(doc: Doc): Finding[] {
  const as2 = copy(doc);
  delete as2.validFrom;
  delete as2.validUntil;
  for (const [from, to] of [['issuanceDate', 'validFrom'], ['expirationDate', 'validUntil']] as const) {
    if (has(as2, from)) {
      as2[to] = as2[from]!;
      delete as2[from];
    }
  }
  const list = doc['@context'];
  if (items(list!)[0] === contextV1) {
    as2['@context'] = Array.isArray(list) ? [contextV2, ...list.slice(1)] : contextV2;
  }
  const found = structure(as2).filter(f => !isNewTerm(f)).map((f): Finding => {
    const pointer = f.pointer.replaceAll('/validFrom', '/issuanceDate').replaceAll('/validUntil', '/expirationDate');
    const value = f.reason === 'date-malformed' ? valueAt(doc, pointer) : undefined;
    if (typeof value === 'string' && hasNoZone(value)) {
      return {reason: 'date-zone.older', pointer, warning: true}; // the date and time of XML Schema, whose zone may be missing
    }
    // Badges of data model 1.1 were made under drafts in which an image could be
    // its URL.
    return {...f, pointer, ...(f.reason === 'ob-image' ? {warning: true} : {})};
  });
  if (!has(doc, 'issuanceDate') || doc.issuanceDate === null) {
    found.push({reason: 'date-missing', pointer: '/issuanceDate'});
  }
  return found;
}

/** Makes sure that every name in the document means something, so that what
 * is shown is what was signed. */
export function checkContexts(j: Judgement): Promise<Result> {
  return judgeTerms(j, j.doc, coverage(j));
}

/** What is secured of a document: nothing by any proof that is known here, what it says
 * under its contexts, or its words, whether they mean something or not. */
type Coverage = 'unsecured' | 'statements' | 'every-word';

export function coverage(j: Judgement): Coverage {
  const {meaning, words} = covers(j.doc);
  return j.o.jws || (words && !meaning) ? 'every-word' : meaning ? 'statements' : 'unsecured';
}

/** Judges the words of a document or presentation, without its proofs of unknown types.
 * Where a proof is over what the document says, no word may be without a meaning, but
 * for members that are null, which says nothing. Where it is over the words themselves,
 * or nobody knows over what, a word without a meaning is none that is false: it is a
 * warning if it is none that is read here, and else makes the document undetermined.
 * What is left without words that mean nothing can then be made into statements, and
 * is kept for the proof. */
export async function judgeTerms(j: Judgement, whole: Doc, covered: Coverage): Promise<Result> {
  let doc = own(whole);
  let found = result('pass', 'ok.contexts');
  for (let n = 0; n < maxOddities && (n === 0 || n * countValues(doc) <= maxWalked); n++) {
    try {
      await checkTerms(doc);
      j.meant = doc;
      return found;
    } catch (e) {
      if (covered === 'statements' && ofProof(e)) {
        j.undescribed = true;
        doc = without(doc, '/proof');
        continue;
      }
      const [r, place] = oddity(e, doc, covered);
      found = worst([found, r]);
      if (place === undefined) {
        return found;
      }
      doc = without(doc, place);
    }
  }
  return worst([found, result('unknown', 'words-unknown.form')]);
}

/** Tells a proof whose type no context of the document defines. Signers of before Data
 * Integrity 1.0 took proofs to be under a context of their own. */
function ofProof(e: unknown): boolean {
  return e instanceof Failure && e.reason === 'type-undefined' && e.pointer.startsWith('/proof/');
}

/** Counts the values in a document, itself as well. */
function countValues(v: Value): number {
  return Object.values(isObject(v) || Array.isArray(v) ? v : []).reduce((n: number, w: Value) => n + countValues(w), 1);
}

/** What a failure of checkTerms means, and its place if that may be passed over. */
function oddity(e: unknown, doc: Doc, covered: Coverage): [Result, string?] {
  const f = failure(e, doc);
  let place = e instanceof Failure ? e.pointer : '';
  const above = place.slice(0, Math.max(0, place.lastIndexOf('/')));
  if (f.reason === 'type-undefined' && typeof valueAt(doc, above) === 'string') {
    place = above; // of a type that is in no array
  }
  const value = valueAt(doc, place);
  const isNull = f.reason === 'value-lost' && value === null && !place.startsWith('/proof/');
  const at = (r: Result): Result => ({...r, ...(place ? {place: safe(place)} : {})});
  if (covered === 'statements') {
    return isNull ? [{...at(f), reason: 'value-null'}, place] : [at(f)];
  }
  if (f.reason === 'term-undefined' || f.reason === 'type-undefined') {
    const name = f.reason === 'type-undefined' && typeof value === 'string' ? value : stepsOf(place).at(-1) ?? '';
    const read = name.includes(':') || definesTerm(name);
    return [at(result(read ? 'unknown' : 'warn', read ? 'words-unknown.read' : 'words-unknown', {name: quote(name)})), place];
  }
  if (isNull || f.reason === 'direction-unsigned') {
    return [result('pass', 'ok'), place];
  }
  const unread = f.outcome === 'fail' && f.reason !== 'context-missing' && f.reason !== 'context-conflict';
  return [at(unread ? result('unknown', 'words-unknown.form') : f)];
}

export function checkSchema(j: Judgement): Result {
  if (j.o.format === 'vc-1.1') {
    return result('skipped', 'schema-none');
  }
  const doc = own(j.doc); // what the schemas say of proofs is nothing to those of unknown types
  return fromFindings(doc, schemaFindings(doc), result('pass', 'ok.schema'));
}

/** Checks validFrom and validUntil, and issuanceDate and expirationDate where
 * data model 1.1 has them. */
export function checkDates(j: Judgement): Result {
  const now = validity(j, 'validFrom', 'validUntil');
  if (j.o.format !== 'vc-1.1') {
    return now;
  }
  const before = validity(j, 'issuanceDate', 'expirationDate');
  const both = ['validFrom', 'validUntil'].some(name => has(j.doc, name) && j.doc[name] !== null);
  return both ? worst([before, now]) : before;
}

function validity(j: Judgement, fromName: string, untilName: string): Result {
  const from = dateIn(j, fromName);
  const until = dateIn(j, untilName);
  for (const [name, t] of [[fromName, from], [untilName, until]] as const) {
    if (t === 'malformed') {
      return result('fail', 'date-malformed', {name: quote(name)});
    }
  }
  if (until && order(j.by.now, until as Moment) > 0) {
    return result('fail', 'expired', {date: sayTime(until as Moment)});
  }
  if (from && order(j.by.now, from as Moment) < 0) {
    return result('fail', 'not-yet-valid', {date: sayTime(from as Moment)});
  }
  return until ? result('pass', 'ok.dates', {date: sayTime(until as Moment)}) : result('pass', 'ok.dates-open');
}

/** Says what the issuer's name is worth. No register of issuers is kept, so a
 * good credential is as trustworthy as whoever controls the name. */
export function issuerTrust(id: string): Result {
  if (id.startsWith('did:web:') || id.startsWith('https://')) {
    if (looksLike(id)) {
      return result('warn', 'issuer-lookalike', {host: quote(hostOf(id))});
    }
    return result('warn', 'issuer-unregistered.domain', {host: quote(hostOf(id))});
  }
  return result('warn', /^did:(key|jwk):/.test(id) ? 'issuer-anonymous' : 'issuer-unregistered');
}
