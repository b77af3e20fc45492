// Status lists: got, verified like any credential, and looked into (Bitstring
// Status List v1.0, 3.2 "Validate Algorithm").

import {type Bitstring, decodeBitstring, decodeTokenStatuses, type TokenStatuses} from './bitstring';
import {quote, safe, trimBytes} from './characters';
import {checkContexts, checkDates, checkStructure} from './checks';
import {listLength, maxStatusEntries, maxRevoked, maxStatusSize} from './constants';
import {numericDate, sayTime, timeOf, type Moment} from './datetime';
import {has, isObject, parseObject, type Doc, type Value} from './json';
import {open, type Opened} from './forms';
import {Found, Judgement, tooManyNames, type Judge} from './judged';
import {parseJWS, verifyJWS, type JWS} from './jws';
import {claimsInForce, jwtKey} from './jwt';
import {failure, rank, reason, result, worst, type Result} from './report';
import {secured} from './secured';
import {hasType, hostOf, idOf, items, names, stringOf, textOf} from './text';

/** One generation of status lists. */
interface Kind {
  entry: string;
  credential: string;
  subject: string;
  multibase: boolean; // encodedList has the prefix u
}

const kinds: Kind[] = [
  {entry: 'BitstringStatusListEntry', credential: 'BitstringStatusListCredential', subject: 'BitstringStatusList', multibase: true},
  {entry: 'StatusList2021Entry', credential: 'StatusList2021Credential', subject: 'StatusList2021', multibase: false},
];

interface Entry {
  kind: Kind;
  purpose: string;
  index: number;
  size: number; // bits
  messages: Value[];
  list: string;
}

/** A status list for the credentials of one issuer, or why there is none.
 * Genuine says that the issuer signed it, whatever else is wrong. */
interface List {
  kind?: Kind;
  bits?: Bitstring;
  /** The statuses of a Status List Token. */
  tokens?: TokenStatuses;
  /** The ids in a 1EdTechRevocationList, which has no bits. */
  revoked?: Set<string>;
  purposes: string[];
  validFrom?: Moment;
  genuine: boolean;
  problem: Result;
}

const ok = result('pass', 'ok');

export class StatusLists {
  private readonly found = new Found<List>();
  /** When the lists that were relied on were signed, for the page to show. */
  readonly ages: Moment[] = [];

  constructor(private readonly by: Judge) {}

  /** Checks every status entry of a credential; the worst decides. */
  async check(j: Judgement): Promise<Result> {
    if (j.o.typed) {
      return this.token(j);
    }
    const entries = items(j.doc.credentialStatus);
    if (entries.length === 0) {
      return result('skipped', 'status-none');
    }
    if (entries.length > maxStatusEntries) {
      return result('fail', 'status-too-many', {count: entries.length, most: maxStatusEntries});
    }
    const found: Result[] = [];
    for (const v of entries) {
      found.push(await this.entry(j, v));
    }
    return worst(found);
  }

  private async entry(j: Judgement, v: Value): Promise<Result> {
    if (!isObject(v)) {
      return result('fail', 'status-malformed');
    }
    if (hasType(v, '1EdTechRevocationList')) {
      return this.revocationList(j, v);
    }
    const e = parseEntry(v);
    if ('outcome' in e) {
      return e;
    }
    const l = await this.get(j, e.list, this.readList);
    const problem = l.bits ? worst([l.problem, longEnough(Math.floor(l.bits.length / e.size))]) : l.problem;
    return this.value({...l, problem}, e);
  }

  /** Gets a list and reads it, once for each issuer: two that point at one URL are
   * two questions, since the list must be of the issuer who asks. */
  private async get(j: Judgement, url: string, read: (data: Uint8Array, url: string, issuerID: string) => List | Promise<List>): Promise<List> {
    if (!j.work.mayAsk(url)) {
      return noList(tooManyNames());
    }
    const issuerID = idOf(j.doc.issuer);
    return this.found.get(`${issuerID} ${read.name} ${url}`, async () => {
      let data: Uint8Array;
      try {
        data = await this.by.load(url);
      } catch (e) {
        return noList({...result('unknown', 'status-unavailable', {host: safe(hostOf(url))}), detail: reason(e)});
      }
      return read.call(this, data, url, issuerID);
    });
  }

  /** Reads one entry's value. A revocation cannot be taken back, so a bit that
   * the issuer signed once counts even in a list that has become stale; a bit
   * that is not set counts in none of these. */
  private value(l: List, e: Entry): Result {
    if (!l.bits || l.problem.outcome === 'fail') {
      return l.problem;
    }
    if (l.kind !== e.kind) {
      return result('fail', 'status-list-malformed.kind');
    }
    if (!l.purposes.includes(e.purpose)) {
      return result('fail', 'status-purpose', {purpose: quote(e.purpose)});
    }
    let value = 0;
    for (let i = 0; i < e.size; i++) {
      const bit = l.bits.get(e.index * e.size + i);
      if (bit === undefined) {
        return result('fail', 'status-range');
      }
      value = value * 2 + (bit ? 1 : 0);
    }
    if (value !== 0 && l.genuine && e.purpose === 'revocation') {
      return says(e, value, 'fail', 'revoked');
    }
    if (rank(l.problem.outcome) > rank('warn')) {
      return l.problem;
    }
    if (l.validFrom) {
      this.ages.push(l.validFrom);
    }
    return worst([meaning(l, e, value), l.problem]);
  }

  /** Looks a credential up in a 1EdTechRevocationList. Nobody signs such a list:
   * what it revokes is revoked, and what it does not list is a warning. */
  private async revocationList(j: Judgement, doc: Doc): Promise<Result> {
    const url = stringOf(doc, 'id');
    if (url === '') {
      return result('fail', 'status-malformed');
    }
    const l = await this.get(j, url, this.readRevocations);
    if (l.problem.outcome !== 'pass') {
      return l.problem;
    }
    if (l.revoked!.has(stringOf(j.doc, 'id'))) {
      return result('fail', 'revoked');
    }
    return result('warn', 'status-unsigned', {host: safe(hostOf(url))});
  }

  private readRevocations(data: Uint8Array, url: string, issuerID: string): List {
    const malformed = noList(result('unknown', 'status-list-malformed.fetched', {host: safe(hostOf(url))}));
    let doc: Doc;
    try {
      doc = parseObject(data);
    } catch {
      return malformed;
    }
    const entries = doc.revokedCredential;
    if (!Array.isArray(entries) || entries.length > maxRevoked) {
      return malformed;
    }
    const by = idOf(doc.issuer);
    if (by !== issuerID) {
      return noList(result('fail', 'status-list-issuer', {owner: quote(by)}));
    }
    const revoked = new Set<string>();
    for (const entry of entries) {
      const id = isObject(entry) ? stringOf(entry, 'id') : '';
      if (id === '') {
        return malformed;
      }
      if ((entry as Doc).revoked !== false) {
        revoked.add(id);
      }
    }
    return {purposes: [], genuine: false, revoked, problem: ok};
  }

  /** Reads the status of claims of a type from a Status List Token (Token Status
   * List). Other ways to state one are not known. */
  private async token(j: Judgement): Promise<Result> {
    if (!has(j.doc, 'status')) {
      return result('skipped', 'status-none');
    }
    const ways = j.doc.status!;
    if (!isObject(ways)) {
      return result('fail', 'status-malformed');
    }
    const reference = ways.status_list;
    if (!isObject(reference)) {
      return result('unknown', 'status-type-unknown', {type: quote(names(ways).join(', '))});
    }
    const {idx, uri} = reference;
    if (!Number.isInteger(idx) || (idx as number) < 0 || (idx as number) >= 2 ** 31 || typeof uri !== 'string' || uri === '') {
      return result('fail', 'status-malformed');
    }
    const l = await this.get(j, uri, this.readToken);
    if (!l.tokens || l.problem.outcome === 'fail') {
      return l.problem;
    }
    const value = l.tokens.get(idx as number);
    if (value === undefined) {
      return result('fail', 'status-range');
    }
    if (value === 1 && l.genuine) {
      return result('fail', 'revoked');
    }
    if (rank(l.problem.outcome) > rank('warn')) {
      return l.problem;
    }
    if (l.validFrom) {
      this.ages.push(l.validFrom);
    }
    return value === 0 ? inForce(l) : value === 2 ? result('fail', 'suspended') :
      result('unknown', 'status-purpose-unknown', {purpose: quote(`0x${value.toString(16)}`)});
  }

  /** Gets a Status List Token and verifies it: its issuer is the credential's, its
   * key one of his. */
  private async readToken(data: Uint8Array, url: string, issuerID: string): Promise<List> {
    let jws: JWS;
    let claims: Doc;
    try {
      jws = parseJWS(new TextDecoder('latin1').decode(trimBytes(data)));
      claims = parseObject(jws.payload);
    } catch {
      return noList(result('unknown', 'status-list-malformed.fetched', {host: safe(hostOf(url))}));
    }
    if (jws.type.toLowerCase().replace(/^application\//, '') !== 'statuslist+jwt') {
      return noList(result('unknown', 'status-list-malformed.fetched', {host: safe(hostOf(url))}));
    }
    const {bits, lst} = isObject(claims.status_list) ? claims.status_list : {};
    const l = noList(ok);
    try {
      l.tokens = await decodeTokenStatuses(typeof lst === 'string' ? lst : '', bits);
    } catch {
      return noList(result('fail', 'status-list-malformed'));
    }
    const {genuine, inForce} = await this.judgeToken(jws, claims, issuerID);
    const issued = numericDate(claims.iat);
    if (typeof issued === 'number') {
      l.validFrom = {ms: issued * 1000, nanos: 0};
    }
    l.genuine = genuine.outcome === 'pass';
    l.problem = worst([nameList({id: claims.sub ?? null}, url), genuine, inForce]);
    return l;
  }

  private async judgeToken(jws: JWS, claims: Doc, issuerID: string): Promise<{genuine: Result; inForce: Result}> {
    if (has(claims, 'iss') && claims.iss !== issuerID) {
      const owner = typeof claims.iss === 'string' ? claims.iss : JSON.stringify(claims.iss);
      return {genuine: result('fail', 'status-list-issuer', {owner: quote(owner)}), inForce: ok};
    }
    const j = new Judgement(this.by, {format: 'vc-jwt', jws, claims});
    const {found, key} = await jwtKey(j, issuerID);
    let genuine = key;
    if (found) {
      try {
        await verifyJWS(jws, found);
      } catch (e) {
        genuine = failure(e);
      }
    }
    if (genuine.outcome === 'fail') {
      genuine = {...result('fail', 'status-list-invalid'), because: genuine};
    } else if (genuine.outcome === 'unknown') {
      genuine = {...result('unknown', 'status-list-undetermined'), because: genuine};
    }
    const stale = typeof claims.iat !== 'number' || claims.iat === 0 || claimsInForce(j) !== undefined;
    return {genuine, inForce: stale ? result('unknown', 'status-list-stale') : ok};
  }

  private async readList(data: Uint8Array, url: string, issuerID: string): Promise<List> {
    const o = await open(data);
    if (o.refused || !o.doc) {
      return noList(result('unknown', 'status-list-malformed.fetched', {host: safe(hostOf(url))}));
    }
    const l = await parseList(o.doc);
    if (!l.bits) {
      return l;
    }
    const {genuine, inForce} = await this.judge(o, o.doc, issuerID);
    l.genuine = genuine.outcome === 'pass';
    l.problem = worst([l.problem, nameList(o.doc, url), genuine, inForce]);
    return l;
  }

  /** Verifies that the issuer made this list, and apart from that its dates. */
  private async judge(o: Opened, doc: Doc, issuerID: string): Promise<{genuine: Result; inForce: Result}> {
    const j = new Judgement(this.by, o);
    const made = idOf(doc.issuer);
    let genuine = worst([checkStructure(j), await checkContexts(j)]);
    if (rank(genuine.outcome) < rank('unknown')) {
      const {signature, key} = await secured(j, made);
      genuine = worst([key, signature]);
    }
    if (made !== issuerID) {
      genuine = result('fail', 'status-list-issuer', {owner: quote(made)});
    } else if (genuine.outcome === 'fail') {
      genuine = {...result('fail', 'status-list-invalid'), because: genuine};
    } else if (genuine.outcome === 'unknown') {
      genuine = {...result('unknown', 'status-list-undetermined'), because: genuine};
    } else {
      genuine = ok;
    }
    let inForce = ok;
    if (checkDates(j).outcome === 'fail') {
      inForce = result('unknown', 'status-list-stale');
    }
    if (has(doc, 'credentialStatus') && doc.credentialStatus !== null) {
      inForce = result('unknown', 'status-list-status');
    }
    return {genuine, inForce};
  }
}

/** The subject row of a status list that is judged itself. */
export async function describeList(doc: Doc): Promise<Result> {
  const l = await parseList(doc);
  if (rank(l.problem.outcome) > rank('warn')) {
    return l.problem;
  }
  return l.purposes.length === 0 ? result('fail', 'status-list-malformed') : result('pass', 'ok.list');
}

function noList(problem: Result): List {
  return {purposes: [], genuine: false, problem};
}

/** What a value means for each purpose (Bitstring Status List v1.0, 2.2). */
function meaning(l: List, e: Entry, value: number): Result {
  switch (e.purpose) {
    case 'revocation':
    case 'suspension':
      if (value !== 0) {
        return says(e, value, 'fail', 'suspended');
      }
      return inForce(l);
    case 'refresh':
      return value !== 0 ? says(e, value, 'warn', 'refresh') : result('pass', 'ok.refresh');
    case 'message':
      return says(e, value, 'warn', 'status-message');
  }
  return result('unknown', 'status-purpose-unknown', {purpose: quote(e.purpose)});
}

/** Says that a bit is not set, and of when the list is. */
function inForce(l: List): Result {
  return l.validFrom ? result('pass', 'ok.status-dated', {date: sayTime(l.validFrom)}) : result('pass', 'ok.status');
}

/** A row about a value, with what the credential says that it means. */
function says(e: Entry, value: number, outcome: 'fail' | 'warn', reason: 'revoked' | 'suspended' | 'refresh' | 'status-message'): Result {
  const values = {value: `0x${value.toString(16)}`};
  for (const m of e.messages.filter(isObject)) {
    const digits = stringOf(m, 'status').replace(/^0x/, '');
    if (/^[0-9a-fA-F]{1,8}$/.test(digits) && parseInt(digits, 16) === value && stringOf(m, 'message') !== '') {
      return {outcome, reason: `${reason}.message`, values: {...values, message: quote(stringOf(m, 'message'))}};
    }
  }
  return {outcome, reason, values};
}

function parseEntry(doc: Doc): Entry | Result {
  const malformed = result('fail', 'status-malformed');
  const kind = kinds.findLast(k => hasType(doc, k.entry));
  if (!kind) {
    return result('unknown', 'status-type-unknown', {type: quote(textOf(doc.type))});
  }
  const purpose = stringOf(doc, 'statusPurpose');
  const list = stringOf(doc, 'statusListCredential').split('#')[0]!;
  const index = doc.statusListIndex;
  if (purpose === '' || list === '' || typeof index !== 'string' || !/^(0|[1-9][0-9]{0,9})$/.test(index) || Number(index) >= 2 ** 31) {
    return malformed;
  }
  let size = 1;
  if (has(doc, 'statusSize')) {
    const bits = doc.statusSize;
    if (typeof bits !== 'number' || bits < 1 || bits > maxStatusSize || !Number.isInteger(bits)) {
      return result('unknown', 'status-size', {most: maxStatusSize});
    }
    size = bits;
  }
  return {kind, purpose, index: Number(index), size, messages: items(doc.statusMessage), list};
}

/** Takes out the bits. The problem is about the bits alone. */
async function parseList(doc: Doc): Promise<List> {
  const l: List = {purposes: [], genuine: false, problem: ok};
  const malformed: List = {...l, problem: result('fail', 'status-list-malformed')};
  const kind = kinds.find(k => hasType(doc, k.credential));
  if (!kind) {
    return malformed;
  }
  l.kind = kind;
  const subjects = items(doc.credentialSubject);
  const subject = subjects[0];
  if (subjects.length !== 1 || !isObject(subject) || !hasType(subject, kind.subject)) {
    return malformed;
  }
  for (const p of items(subject.statusPurpose)) {
    if (typeof p !== 'string' || p === '') {
      return malformed;
    }
    l.purposes.push(p);
  }
  try {
    const encoded = stringOf(subject, 'encodedList');
    l.bits = await decodeBitstring(kind.multibase ? encoded : `u${encoded.replace(/=+$/, '')}`);
  } catch {
    return malformed;
  }
  const validFrom = timeOf(doc, 'validFrom') ?? timeOf(doc, 'issuanceDate');
  if (validFrom && validFrom !== 'malformed') {
    l.validFrom = validFrom;
  }
  return {...l, problem: longEnough(l.bits.length)};
}

/** A shorter list tells whoever publishes it who is looked up. */
function longEnough(entries: number): Result {
  return entries >= listLength ? ok :
    result('unknown', 'status-list-length', {count: entries, least: listLength});
}

/** Holds the list's id against the URL it was asked for under: a host could put
 * one good list in the place of another. */
function nameList(doc: Doc, url: string): Result {
  const id = stringOf(doc, 'id');
  if (id === url) {
    return ok;
  }
  return id === '' ? result('unknown', 'status-list-id.unnamed') : result('unknown', 'status-list-id', {list: quote(id)});
}
