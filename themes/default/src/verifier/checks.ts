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
  return fromFindings(list, 'The document has the structure of a verifiable credential.');
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
  const old = (s: string) => s.replaceAll('validFrom', 'issuanceDate').replaceAll('validUntil', 'expirationDate');
  const found = structure(as2).map((f): Finding => ({
    ...f, pointer: f.pointer.replaceAll('/validFrom', '/issuanceDate').replaceAll('/validUntil', '/expirationDate'), detail: old(f.detail),
    // Badges of data model 1.1 were made under drafts in which an image could be
    // its URL.
    ...(f.code === 'ob-image' ? {warning: true} : {}),
  }));
  if (!has(doc, 'issuanceDate') || doc.issuanceDate === null) {
    found.push({
      code: 'date-missing', pointer: '/issuanceDate', detail: 'the credential does not say when it was issued',
      verifier: 'Verifiable Credentials Data Model 1.1',
    });
  }
  return found;
}

/** Makes sure that every name in the document means something, so that what
 * is shown is what was signed. */
export async function checkContexts(j: Judgement): Promise<Result> {
  try {
    await checkTerms(j.doc);
    return result('pass', 'ok', 'Every term is defined by a known context.');
  } catch (e) {
    return failure(e, 'The document\'s terms are not all defined');
  }
}

export function checkSchema(j: Judgement): Result {
  if (j.o.format === 'vc-1.1') {
    return result('skipped', 'schema-none', 'There is no schema for credentials of data model 1.1.');
  }
  return fromFindings(schemaFindings(j.doc), 'The document passes the published schemas of its types.');
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
      return result('fail', 'date-malformed', `${name} is not a date and time with a time zone.`);
    }
  }
  if (until && order(j.by.now, until as Moment) > 0) {
    return result('fail', 'expired', `The credential expired on ${sayTime(until as Moment)}.`);
  }
  if (from && order(j.by.now, from as Moment) < 0) {
    return result('fail', 'not-yet-valid', `The credential is not valid before ${sayTime(from as Moment)}.`);
  }
  return result('pass', 'ok', until ? `The credential is in force until ${sayTime(until as Moment)}.` : 'The credential is in force and has no end.');
}

/** Says what the issuer's name is worth. No register of issuers is kept, so a
 * good credential is as trustworthy as whoever controls the name. */
export function issuerTrust(id: string): Result {
  const unasked = 'No register of issuers was asked.';
  if (id.startsWith('did:web:') || id.startsWith('https://')) {
    return result('warn', 'issuer-unregistered', `${unasked} Known is that the issuer controls the domain ${quote(hostOf(id))}; not known is whose that is. Make sure that it is that of whom the credential says.`);
  }
  if (/^did:(key|jwk):/.test(id)) {
    return result('warn', 'issuer-anonymous', `${unasked} Known is only that the issuer has a certain key; nothing ties it to the name in the credential.`);
  }
  return result('warn', 'issuer-unregistered', `${unasked} Make sure that the issuer is who the credential says.`);
}
