// Status lists: got, verified like any credential, and looked into (Bitstring
// Status List v1.0, 3.2 "Validate Algorithm").

import {type Bitstring, decodeTokenStatuses, readBitstring, type TokenStatuses} from './bitstring';
import {quote, safe, trimBytes} from './characters';
import {checkContexts, checkDates, checkStructure} from './checks';
import {listLength, maxListAge, maxRevoked, maxStatusEntries, maxStatusSize, minListTTL} from './constants';
import {numericDate, order, sayTime, timeOf, type Moment} from './datetime';
import {hostOf} from './host';
import {has, isObject, parseObject, type Doc, type Value} from './json';
import {one, openAll} from './carrier';
import type {Opened} from './forms';
import {Found, Judgement, tooManyNames, type Judge} from './judged';
import {parseJWS, typeOf, type JWS} from './jws';
import {claimsInForce, securedJWT} from './jwt';
import {ownerOf} from './jwskey';
import {good, codeOf, rank, reason, result, worst, type Result} from './report';
import {secured} from './secured';
import {hasType, idOf, items, names, stringOf, textOf} from './text';

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

/** A status list for the credentials of one issuer, or why there is none: what is
 * wrong with a list is no fault of a credential. Genuine says that who the list names
 * as its issuer signed it, whatever else is wrong; named, that its id is the URL it was
 * had from. */
interface List {
  kind?: Kind;
  bits?: Bitstring;
  /** The statuses of a Status List Token. */
  tokens?: TokenStatuses;
  /** The ids in a 1EdTechRevocationList, which has no bits. */
  revoked?: Set<string>;
  purposes: string[];
  /** When its issuer last vouched for it, and for how many milliseconds. */
  signed?: Moment | undefined;
  ttl?: number;
  /** Whose it is, if not that of the credential's issuer. */
  owner?: string;
  genuine: boolean;
  named: boolean;
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
    const found: Result[] = [];
    if (j.o.claims && has(j.o.claims, 'status')) {
      found.push(await this.token(j, j.o.claims.status!));
    }
    const entries = items(j.doc.credentialStatus);
    if (entries.length > maxStatusEntries) {
      found.push(result('unknown', 'status-too-many', {count: entries.length, most: maxStatusEntries}));
    }
    for (const v of entries.slice(0, maxStatusEntries)) {
      found.push(await this.entry(j, v));
    }
    return found.length === 0 ? result('skipped', 'status-none') : worst(found);
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
   * two questions, whose list it is. */
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

  /** Reads one entry's value. */
  private value(l: List, e: Entry): Result {
    if (!l.bits) {
      return l.problem;
    }
    if (!l.purposes.includes(e.purpose)) {
      return worst([l.problem, result('unknown', 'status-purpose', {purpose: quote(e.purpose)})]);
    }
    let value = 0;
    for (let i = 0; i < e.size; i++) {
      const bit = l.bits.get(e.index * e.size + i);
      if (bit === undefined) {
        return worst([l.problem, result('unknown', 'status-range')]);
      }
      value = value * 2 + (bit ? 1 : 0);
    }
    if (l.kind !== e.kind) {
      l = {...l, problem: worst([l.problem, result('unknown', 'status-list-malformed.kind')])};
    }
    return this.said(l, meaning(l, e, value));
  }

  /** What a list says of one credential: its meaning, unless a problem keeps it from
   * counting. A revocation cannot be taken back, so one in a genuine list counts even
   * if that is stale, too short, made wrongly or goes by another name; what is not
   * revoked counts in none of these. The list of another than the credential's issuer
   * does not count, but what it says is told. */
  private said(l: List, means: Result): Result {
    const code = codeOf(means);
    const bad = rank(l.problem.outcome) > rank('warn');
    if (l.owner !== undefined) {
      const owner = {owner: quote(l.owner)};
      return !l.genuine ? l.problem :
        l.named && code === 'revoked' ? result('unknown', 'status-list-issuer.revoked', owner) :
        bad ? result('unknown', 'status-list-issuer.open', owner) :
        code === 'suspended' ? result('unknown', 'status-list-issuer.suspended', owner) :
        result('unknown', means.outcome === 'pass' ? 'status-list-issuer' : 'status-list-issuer.open', owner);
    }
    if (l.genuine && code === 'revoked') {
      return means;
    }
    if (bad) {
      return l.problem;
    }
    if (l.signed) {
      this.ages.push(l.signed);
    }
    const old = this.old(l);
    return old && means.outcome === 'warn' ? {...means, because: old} : old ? worst([means, old]) : means;
  }

  /** Warns of a list that its issuer has not signed for long: whoever publishes it
   * could have kept a newer one back. Its ttl says for how long it is good, if that is
   * a day or more; less is for caches, and nobody signs so often. */
  private old(l: List): Result | undefined {
    const age = this.by.now.ms - (l.signed?.ms ?? Infinity);
    if (age <= (l.ttl !== undefined && l.ttl >= minListTTL ? l.ttl : maxListAge) || !l.signed) {
      return undefined;
    }
    const days = Math.floor(age / 86400e3);
    return days === 1 ? result('warn', 'status-list-old.day') : result('warn', 'status-list-old', {count: days});
  }

  /** Looks a credential up in a 1EdTechRevocationList. Nobody signs such a list:
   * what it revokes is revoked, and what it does not list is a warning. */
  private async revocationList(j: Judgement, doc: Doc): Promise<Result> {
    const url = stringOf(doc, 'id');
    if (url === '') {
      return result('fail', 'status-malformed');
    }
    const l = await this.get(j, url, this.readRevocations);
    if (!l.revoked) {
      return l.problem;
    }
    return this.said(l, l.revoked.has(stringOf(j.doc, 'id')) ? result('fail', 'revoked') :
      result('warn', 'status-unsigned', {host: safe(hostOf(url))}));
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
    // That nobody signed it makes it no less genuine than its host is.
    const l: List = {...byOf(idOf(doc.issuer), issuerID), purposes: [], genuine: true, named: true, revoked: new Set(), problem: ok};
    for (const entry of entries) {
      const id = isObject(entry) ? stringOf(entry, 'id') : '';
      if (id === '') {
        l.problem = malformed.problem;
      } else if ((entry as Doc).revoked !== false) {
        l.revoked!.add(id);
      }
    }
    return l;
  }

  /** Reads the status that a claim of a JWT or SD-JWT tells from a Status List Token
   * (Token Status List). Other ways to state one are not known. */
  private async token(j: Judgement, ways: Value): Promise<Result> {
    if (!isObject(ways)) {
      return j.o.typed ? result('fail', 'status-malformed') : result('unknown', 'status-type-unknown', {type: quote(written(ways))});
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
    if (!l.tokens) {
      return l.problem;
    }
    const value = l.tokens.get(idx as number);
    return value === undefined ? worst([l.problem, result('unknown', 'status-range')]) :
      this.said(l, value === 0 ? inForce(l) : value === 1 ? result('fail', 'revoked') : value === 2 ? result('fail', 'suspended') :
        result('unknown', 'status-purpose-unknown', {purpose: quote(`0x${value.toString(16)}`)}));
  }

  /** Gets a Status List Token and verifies it: its key is one of its issuer's, who is
   * that of the credential if it names none. */
  private async readToken(data: Uint8Array, url: string, issuerID: string): Promise<List> {
    let jws: JWS;
    let claims: Doc;
    try {
      jws = parseJWS(new TextDecoder('latin1').decode(trimBytes(data)));
      claims = parseObject(jws.payload);
    } catch {
      return noList(result('unknown', 'status-list-malformed.fetched', {host: safe(hostOf(url))}));
    }
    if (typeOf(jws) !== 'statuslist+jwt') {
      return noList(result('unknown', 'status-list-malformed.fetched', {host: safe(hostOf(url))}));
    }
    const {bits, lst} = isObject(claims.status_list) ? claims.status_list : {};
    const l: List = {...noList(ok), ...byOf(tokenIssuer(jws, claims, issuerID), issuerID)};
    try {
      l.tokens = await decodeTokenStatuses(typeof lst === 'string' ? lst : '', bits);
    } catch {
      return noList(result('unknown', 'status-list-malformed'));
    }
    const name = nameList(stringOf(claims, 'sub'), url);
    const {secured, inForce} = await this.judgeToken(jws, claims, l.owner ?? issuerID);
    l.signed = moment(claims.iat);
    if (typeof claims.ttl === 'number') {
      l.ttl = claims.ttl * 1000;
    }
    l.genuine = secured.outcome === 'pass';
    l.named = name.outcome === 'pass';
    l.problem = worst([name, secured, inForce]);
    return l;
  }

  private async judgeToken(jws: JWS, claims: Doc, owner: string): Promise<{secured: Result; inForce: Result}> {
    const j = new Judgement(this.by, {format: 'vc-jwt', jws, claims});
    j.bySigner = true;
    const {signature, key} = await securedJWT(j, owner);
    const stale = typeof numericDate(claims.iat) !== 'number' || claimsInForce(j) !== undefined;
    return {secured: ofList(worst([key, signature]), 'status-list-invalid'), inForce: stale ? result('unknown', 'status-list-stale') : ok};
  }

  private async readList(data: Uint8Array, url: string, issuerID: string): Promise<List> {
    const o = one(await openAll(data));
    if (o.refused || !o.doc) {
      return noList(result('unknown', 'status-list-malformed.fetched', {host: safe(hostOf(url))}));
    }
    const l = await parseList(o.doc);
    if (l.problem.outcome === 'fail') {
      l.problem = {...l.problem, outcome: 'unknown'};
    }
    if (!l.bits) {
      return l;
    }
    const name = nameList(stringOf(o.doc, 'id'), url);
    const {secured, genuine, inForce} = await this.judge(o, o.doc);
    l.signed = signedAt(o, o.doc);
    l.genuine = genuine;
    l.named = name.outcome === 'pass';
    l.problem = worst([l.problem, name, secured, inForce]);
    return {...l, ...byOf(idOf(o.doc.issuer), issuerID)};
  }

  /** Verifies that who the list names as its issuer made it, and apart from that its
   * form and its dates. A list whose form is wrong may still be genuine, if its terms
   * have a known meaning, or its signature covers every byte. */
  private async judge(o: Opened, doc: Doc): Promise<{secured: Result; genuine: boolean; inForce: Result}> {
    const j = new Judgement(this.by, o);
    const contexts = await checkContexts(j);
    const form = worst([checkStructure(j), contexts]);
    const made = async (): Promise<Result> => {
      const {signature, key} = await secured(j, idOf(doc.issuer));
      return good(signature) && good(key) ? ok : worst([key, signature]);
    };
    let genuine = false;
    let why: Result | undefined;
    if (o.jws || rank(contexts.outcome) <= rank('warn')) {
      why = await made();
      j.bySigner = true;
      genuine = why === ok || await made() === ok;
    }
    const late = genuine && ['proof-expired', 'proof-future'].includes(codeOf(why!));
    const dates = checkDates(j);
    const inForce = has(doc, 'credentialStatus') && doc.credentialStatus !== null ? result('unknown', 'status-list-status') :
      codeOf(dates) === 'date-malformed' ? {...result('unknown', 'status-list-malformed'), because: dates} :
      dates.outcome === 'fail' || late ? result('unknown', 'status-list-stale') : ok;
    return {
      secured: why && !genuine ? ofList(why, 'status-list-invalid') :
        ofList(worst(why && !late ? [form, why] : [form]), 'status-list-malformed'),
      genuine, inForce,
    };
  }
}

/** Says of a list what was found out of it as a document. */
function ofList(r: Result, failed: 'status-list-invalid' | 'status-list-malformed'): Result {
  return r.outcome === 'fail' ? {...result('unknown', failed), because: r} :
    r.outcome === 'unknown' || r.outcome === 'skipped' ? {...result('unknown', 'status-list-undetermined'), because: r} : ok;
}

/** Whose a list is, if not the issuer's. */
function byOf(owner: string, issuerID: string): {owner?: string} {
  return owner === issuerID ? {} : {owner};
}

/** Whose a Status List Token is: whom it names, else whose key it names, else the
 * issuer of the credential. */
function tokenIssuer(jws: JWS, claims: Doc, issuerID: string): string {
  if (has(claims, 'iss')) {
    return written(claims.iss!);
  }
  return ownerOf(jws.keyID, issuerID) || issuerID;
}

/** A value as it can be said: a text itself, all else as JSON. */
function written(v: Value): string {
  return typeof v === 'string' ? v : JSON.stringify(v);
}

function moment(v: Value | undefined): Moment | undefined {
  const t = numericDate(v);
  return typeof t === 'number' ? {ms: t * 1000, nanos: 0} : undefined;
}

/** When a list was signed, as its issuer says: what it says of itself goes before what
 * its proof says, which is of when somebody ran a program. */
function signedAt(o: Opened, doc: Doc): Moment | undefined {
  const of = (d: Doc, name: string): Moment | undefined => {
    const t = timeOf(d, name);
    return t === 'malformed' ? undefined : t;
  };
  const made = items(doc.proof).filter(isObject).map(p => of(p, 'created')).filter(t => t !== undefined);
  return of(doc, 'validFrom') ?? of(doc, 'issuanceDate') ?? moment(o.claims?.iat) ?? moment(o.claims?.nbf) ??
    made.sort(order).at(-1);
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
  return {purposes: [], genuine: false, named: false, problem};
}

/** What a value means for each purpose (Bitstring Status List v1.0, 2.2). */
function meaning(l: List, e: Entry, value: number): Result {
  switch (e.purpose) {
    case 'revocation':
      return value !== 0 ? says(e, value, 'fail', 'revoked') : inForce(l);
    case 'suspension':
      return value !== 0 ? says(e, value, 'fail', 'suspended') : inForce(l);
    case 'refresh':
      return value !== 0 ? says(e, value, 'warn', 'refresh') : result('pass', 'ok.refresh');
    case 'message':
      return says(e, value, 'warn', 'status-message');
  }
  return result('unknown', 'status-purpose-unknown', {purpose: quote(e.purpose)});
}

/** Says that a bit is not set, and of when the list is. */
function inForce(l: List): Result {
  return l.signed ? result('pass', 'ok.status-dated', {date: sayTime(l.signed)}) : result('pass', 'ok.status');
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
  const l = noList(ok);
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
  let spelled = ok;
  try {
    const {bits, proper} = await readBitstring(stringOf(subject, 'encodedList'));
    l.bits = bits;
    if (kind.multibase && !proper) {
      spelled = result('fail', 'status-list-malformed.spelled');
    }
  } catch {
    return malformed;
  }
  if (typeof subject.ttl === 'number') {
    l.ttl = subject.ttl;
  }
  return {...l, problem: worst([spelled, longEnough(l.bits.length)])};
}

/** A shorter list tells whoever publishes it who is looked up. */
function longEnough(entries: number): Result {
  return entries >= listLength ? ok :
    result('unknown', 'status-list-length', {count: entries, least: listLength});
}

/** Holds the list's id against the URL it was asked for under: a host could put
 * one good list in the place of another. */
function nameList(id: string, url: string): Result {
  if (id === url) {
    return ok;
  }
  return id === '' ? result('unknown', 'status-list-id.unnamed') : result('unknown', 'status-list-id', {list: quote(id)});
}
