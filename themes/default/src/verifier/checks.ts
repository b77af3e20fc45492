// The checks that need the document alone: structure, contexts, schema, dates,
// and what the issuer's name is worth.

import {quote} from './characters';
import {order, sayTime, timeOf, type Moment} from './datetime';
import type {Finding} from './findings';
import {copy, has, type Doc} from './json';
import type {Judgement} from './judged';
import {failure, fromFindings, result, worst, type Result} from './report';
import {schemaFindings} from './schema';
import {contextV2, structure} from './structure';
import {checkTerms} from './terms';
import {hostOf} from './text';

export function checkStructure(j: Judgement): Result {
  const list = j.o.format === 'vc-1.1' ? structure1(j.doc) : structure(j.doc);
  return fromFindings(j.doc, list, result('pass', 'ok.structure'));
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
  as2['@context'] = Array.isArray(list) ? [contextV2, ...list.slice(1)] : typeof list === 'string' ? contextV2 : list!;
  const found = structure(as2).map((f): Finding => ({
    ...f, pointer: f.pointer.replaceAll('/validFrom', '/issuanceDate').replaceAll('/validUntil', '/expirationDate'),
    // Badges of data model 1.1 were made under drafts in which an image could be
    // its URL.
    ...(f.reason === 'ob-image' ? {warning: true} : {}),
  }));
  if (!has(doc, 'issuanceDate') || doc.issuanceDate === null) {
    found.push({reason: 'date-missing', pointer: '/issuanceDate'});
  }
  return found;
}

/** Makes sure that every name in the document means something, so that what
 * is shown is what was signed. */
export async function checkContexts(j: Judgement): Promise<Result> {
  try {
    await checkTerms(j.doc);
    return result('pass', 'ok.contexts');
  } catch (e) {
    return failure(e, j.doc);
  }
}

export function checkSchema(j: Judgement): Result {
  if (j.o.format === 'vc-1.1') {
    return result('skipped', 'schema-none');
  }
  return fromFindings(j.doc, schemaFindings(j.doc), result('pass', 'ok.schema'));
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
  const from = timeOf(j.doc, fromName);
  const until = timeOf(j.doc, untilName);
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
    return result('warn', 'issuer-unregistered.domain', {host: quote(hostOf(id))});
  }
  return result('warn', /^did:(key|jwk):/.test(id) ? 'issuer-anonymous' : 'issuer-unregistered');
}
