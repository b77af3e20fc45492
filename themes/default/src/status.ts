// Status lists: got, verified like any credential, and looked into (Bitstring
// Status List v1.0, 3.2 "Validate Algorithm").

import {Bitstring, decodeBitstring, listLength} from './bitstring';
import {sayTime, type Moment} from './datetime';
import {has, isObject, parseObject, type Doc, type Value} from './json';
import {rank, Report, result, worst, type Result} from './report';
import {structure} from './structure';
import {hasType, hostOf, idOf, items, quote, safe, stringOf, textOf} from './text';
import {fromFindings, Judgement, reason, timeOf, tooManyNames, type Verifier} from './verify';

const maxEntries = 8;

interface Entry {
  purpose: string;
  index: number;
  list: string;
}

/** A status list for the credentials of one issuer, or why there is none.
 * Genuine says that the issuer signed it, whatever else is wrong. */
interface List {
  bits?: Bitstring;
  purposes: string[];
  validFrom?: Moment;
  genuine: boolean;
  problem: Result;
}

const ok = result('pass', 'ok');

export class StatusLists {
  private readonly found = new Map<string, Promise<List>>();
  /** When the lists that were relied on were signed, for the page to show. */
  readonly ages: Moment[] = [];

  constructor(private readonly v: Verifier) {}

  /** Checks every status entry of a credential; the worst decides. */
  async check(j: Judgement): Promise<Result> {
    const entries = items(j.doc!.credentialStatus);
    if (entries.length === 0) {
      return result('skipped', 'status-none', 'The credential has no status: its issuer has no way to revoke it.');
    }
    if (entries.length > maxEntries) {
      return result('fail', 'status-too-many', `The credential has ${entries.length} status entries; no more than ${maxEntries} are looked at.`);
    }
    const found: Result[] = [];
    for (const v of entries) {
      found.push(await this.entry(j, v));
    }
    return worst(found);
  }

  private async entry(j: Judgement, v: Value): Promise<Result> {
    if (!isObject(v)) {
      return result('fail', 'status-malformed', 'A status entry is not an object.');
    }
    if (!hasType(v, 'BitstringStatusListEntry')) {
      return result('unknown', 'status-type-unknown', `The status is of the type ${quote(textOf(v.type))}, which is not known.`);
    }
    const e = parseEntry(v);
    if ('outcome' in e) {
      return e;
    }
    if (!j.work.mayAsk(e.list)) {
      return tooManyNames();
    }
    // Two issuers pointing at one URL are two questions: the list must be of the
    // issuer who asks.
    const issuerID = idOf(j.doc!.issuer);
    const key = `${issuerID} ${e.list}`;
    let list = this.found.get(key);
    if (!list) {
      list = this.find(e.list, issuerID);
      this.found.set(key, list);
    }
    return this.bit(await list, e);
  }

  /** Reads one entry's bit. A revocation cannot be taken back, so a bit that the
   * issuer signed once counts even in a list that has become stale; a bit that
   * is not set counts in none of these. */
  private bit(l: List, e: Entry): Result {
    if (!l.bits || l.problem.outcome === 'fail') {
      return l.problem;
    }
    if (!l.purposes.includes(e.purpose)) {
      return result('fail', 'status-purpose', `The status list is not about ${quote(e.purpose)}.`);
    }
    const set = l.bits.get(e.index);
    if (set === undefined) {
      return result('fail', 'status-range', 'The status entry points beyond the end of its list.');
    }
    if (set && l.genuine && e.purpose === 'revocation') {
      return result('fail', 'revoked', 'The issuer has revoked the credential.');
    }
    if (l.problem.outcome !== 'pass') {
      return l.problem;
    }
    if (l.validFrom) {
      this.ages.push(l.validFrom);
    }
    switch (e.purpose) {
      case 'revocation':
      case 'suspension':
        return set ? result('fail', 'suspended', 'The issuer has suspended the credential for the time being.') :
          result('pass', 'ok', `The issuer has not revoked or suspended the credential${l.validFrom ? `, as of its list of ${sayTime(l.validFrom)}` : ''}.`);
      case 'refresh':
        return set ? result('warn', 'refresh', 'The issuer has a newer version of the credential.') :
          result('pass', 'ok', 'The issuer has no newer version of the credential.');
    }
    return result('unknown', 'status-purpose-unknown', `The status is about ${quote(e.purpose)}, which is not known.`);
  }

  private async find(url: string, issuerID: string): Promise<List> {
    const none = (r: Result): List => ({purposes: [], genuine: false, problem: r});
    let data: Uint8Array;
    try {
      data = await this.v.o.load(url);
    } catch (e) {
      return none(result('unknown', 'status-unavailable', `The status list could not be had from ${safe(hostOf(url))}: ${safe(reason(e))}.`));
    }
    let doc: Doc;
    try {
      doc = parseObject(data);
    } catch {
      return none(result('unknown', 'status-list-malformed', `What ${safe(hostOf(url))} has for the status list is not a credential in JSON form.`));
    }
    const l = await parseList(doc);
    if (!l.bits) {
      return l;
    }
    const {secured, inForce} = await this.judge(doc, issuerID);
    l.genuine = secured.outcome === 'pass';
    l.problem = worst([l.problem, nameList(doc, url), secured, inForce]);
    return l;
  }

  /** Verifies that the issuer made this list, and apart from that its dates. */
  private async judge(doc: Doc, issuerID: string): Promise<{secured: Result; inForce: Result}> {
    const j = new Judgement(this.v, new Report(), doc);
    let secured = worst([fromFindings(structure(doc), ''), await j.contexts()]);
    if (rank(secured.outcome) < rank('unknown')) {
      const {signature, key} = await j.proofs();
      secured = worst([key, signature]);
    }
    const made = idOf(doc.issuer);
    if (made !== issuerID) {
      secured = result('fail', 'status-list-issuer', `The status list was issued by ${quote(made)}, not by the issuer of the credential.`);
    } else if (secured.outcome === 'fail') {
      secured = result('fail', 'status-list-invalid', `The status list is not genuine. ${secured.text}`);
    } else if (secured.outcome === 'unknown') {
      secured = result('unknown', 'status-list-undetermined', `The status list could not be verified. ${secured.text}`);
    } else {
      secured = ok;
    }
    let inForce = ok;
    if (j.validity('validFrom', 'validUntil').outcome === 'fail') {
      inForce = result('unknown', 'status-list-stale', 'The status list is not in force at this time, so it says nothing about today.');
    }
    if (items(doc.credentialStatus).length > 0) {
      inForce = result('unknown', 'status-list-status', 'The status list has a status itself, which is not followed.');
    }
    return {secured, inForce};
  }

  /** The subject row of a status list that is judged itself. */
  async describe(doc: Doc): Promise<Result> {
    const l = await parseList(doc);
    if (l.problem.outcome !== 'pass') {
      return l.problem;
    }
    if (l.purposes.length === 0) {
      return result('fail', 'status-list-malformed', 'The status list does not say what its bits mean.');
    }
    return result('pass', 'ok', 'The document is a status list.');
  }
}

function parseEntry(doc: Doc): Entry | Result {
  const malformed = (what: string) => result('fail', 'status-malformed', `The status entry is malformed: ${what}.`);
  const purpose = stringOf(doc, 'statusPurpose');
  const list = stringOf(doc, 'statusListCredential').split('#')[0]!;
  if (purpose === '') {
    return malformed('it has no statusPurpose');
  }
  if (list === '') {
    return malformed('it has no statusListCredential');
  }
  const index = doc.statusListIndex;
  if (typeof index !== 'string') {
    return malformed('statusListIndex is not a string');
  }
  if (!/^(0|[1-9][0-9]{0,9})$/.test(index) || Number(index) >= 2 ** 31) {
    return malformed('statusListIndex is not a decimal number within any list');
  }
  if (has(doc, 'statusSize')) {
    return result('unknown', 'status-size-unsupported', 'The status has more than one bit, which is not read here.');
  }
  return {purpose, index: Number(index), list};
}

/** Takes out the bits. The problem is about the bits alone. */
async function parseList(doc: Doc): Promise<List> {
  const l: List = {purposes: [], genuine: false, problem: ok};
  const malformed = (what: string): List => ({...l, problem: result('fail', 'status-list-malformed', `The status list is malformed: ${what}.`)});
  if (!hasType(doc, 'BitstringStatusListCredential')) {
    return malformed('it is not a BitstringStatusListCredential');
  }
  const subjects = items(doc.credentialSubject);
  const subject = subjects[0];
  if (subjects.length !== 1) {
    return malformed('it does not have one subject');
  }
  if (!isObject(subject) || !hasType(subject, 'BitstringStatusList')) {
    return malformed('its subject is not a BitstringStatusList');
  }
  if (has(subject, 'statusSize')) {
    return {...l, problem: result('unknown', 'status-size-unsupported', 'The status list has more than one bit for a credential, which is not read here.')};
  }
  for (const p of items(subject.statusPurpose)) {
    if (typeof p !== 'string' || p === '') {
      return malformed('its statusPurpose is not a word');
    }
    l.purposes.push(p);
  }
  try {
    l.bits = await decodeBitstring(stringOf(subject, 'encodedList'));
  } catch (e) {
    return malformed(safe(reason(e)));
  }
  const validFrom = timeOf(doc, 'validFrom');
  if (validFrom && validFrom !== 'malformed') {
    l.validFrom = validFrom;
  }
  if (l.bits.length < listLength) {
    l.problem = result('unknown', 'status-list-length', `The status list has ${l.bits.length} entries, and with less than ${listLength} whoever publishes it learns too much about who is looked up.`);
  }
  return l;
}

/** Holds the list's id against the URL it was asked for under: a host could put
 * one good list in the place of another. */
function nameList(doc: Doc, url: string): Result {
  const id = stringOf(doc, 'id');
  if (id === url) {
    return ok;
  }
  return result('unknown', 'status-list-id', id === '' ? 'The status list does not say which list it is.' :
    `What is published as the status list says that it is another one, ${quote(id)}.`);
}
