// Judges a secured credential of any issuer, in the order of Open Badges
// Specification v3.0, "Verification": nothing is asked of an issuer's host
// before the document is known to be well-formed, and nothing of a status
// list's before the signature is known to be good. What cannot be looked at is
// undetermined and never valid.

import {order, parseDateTime, sayTime, type Moment} from './datetime';
import {isPNG, isSVG, NotBaked, unbake} from './bake';
import {checkPublicKey, didMethod, keyDocument, parseDocument, publicKey, split, UnsupportedKey, webURL, type IssuerDocument, type Method, type PublicKey} from './did';
import {Failure} from './failure';
import type {Finding} from './findings';
import {has, isObject, parseObject, type Doc, type Value} from './json';
import {proofsOf, suiteOf, verifyProof, type Proof} from './proofs';
import {Report, rank, result, worst, type Result} from './report';
import {codeSchemaStrict, schemaFindings} from './schema';
import {StatusLists} from './status';
import {structure} from './structure';
import {checkTerms} from './terms';
import {firstSubject, hasType, hostOf, idOf, items, names, quote, safe, stringOf} from './text';

const maxProofs = 8;
const maxEndorsements = 16;
const maxContained = 64;
const maxNesting = 3;
const maxNames = 32;

/** How far a signer's clock may be ahead of ours. */
const maxSkew = 5 * 60 * 1000;

/** Gets the document of an https URL or of a DID; its error says why not. */
export type Loader = (url: string) => Promise<Uint8Array>;

export interface Options {
  now: Date;
  load: Loader;
}

/** What was found under an issuer's id: its document, or why there is none. */
interface Issuer {
  doc?: IssuerDocument;
  problem?: Result;
}

/** A credential that was judged, with those inside of it. */
export interface Judged {
  report: Report;
  doc?: Doc;
  parts: {what: 'contained' | 'endorsement'; judged: Judged}[];
}

/** Judges credentials at one moment and keeps what it learned of issuers and
 * status lists. */
export class Verifier {
  readonly now: Moment;
  private readonly issuers = new Map<string, Promise<Issuer>>();
  readonly lists: StatusLists;

  constructor(readonly o: Options) {
    this.now = {ms: o.now.getTime(), nanos: 0};
    this.lists = new StatusLists(this);
  }

  /** Judges what a file holds: a credential in JSON, or a PNG or SVG that it is
   * baked into. */
  async credential(data: Uint8Array): Promise<Judged> {
    const report = new Report();
    const j = new Judgement(this, report);
    await j.read(data);
    report.conclude();
    return {report, parts: j.parts, ...(j.doc ? {doc: j.doc} : {})};
  }

  issuer(id: string): Promise<Issuer> {
    let found = this.issuers.get(id);
    if (!found) {
      found = this.findIssuer(id);
      this.issuers.set(id, found);
    }
    return found;
  }

  private async findIssuer(id: string): Promise<Issuer> {
    const none = (outcome: 'fail' | 'unknown', code: string, text: string): Issuer => ({problem: result(outcome, code, text)});
    const urls = [id];
    const method = didMethod(id);
    if (method === 'key') {
      const doc = keyDocument(id);
      return doc ? {doc} : none('fail', 'issuer-malformed', 'The issuer\'s did:key is malformed.');
    }
    if (method === 'web') {
      const url = webURL(id);
      if (url === undefined) {
        return none('fail', 'issuer-malformed', `The issuer's did:web is malformed: ${quote(id)}.`);
      }
      urls.push(url);
    } else if (method !== '' || !id.startsWith('https://')) {
      return none('unknown', 'issuer-unsupported', `The issuer ${quote(id)} is named in a way that cannot be looked up.`);
    }
    let data: Uint8Array;
    try {
      data = await loadFirst(this.o.load, urls);
    } catch (e) {
      return none('unknown', 'issuer-unavailable', `The issuer's document could not be had from ${safe(hostOf(id))}: ${safe(reason(e))}.`);
    }
    let doc: IssuerDocument;
    try {
      doc = parseDocument(data);
    } catch {
      return none('unknown', 'issuer-document-malformed', `What ${safe(hostOf(id))} has for the issuer's document is malformed.`);
    }
    if (doc.id !== id) {
      return none('fail', 'issuer-document-id', `The issuer's document is that of ${quote(doc.id)}.`);
    }
    return {doc};
  }
}

/** The document that one of the names has; the error is the last one. */
async function loadFirst(load: Loader, urls: string[]): Promise<Uint8Array> {
  let failed: unknown;
  for (const url of urls) {
    try {
      return await load(url);
    } catch (e) {
      failed = e;
    }
  }
  throw failed;
}

export function reason(e: unknown): string {
  return e instanceof Error ? e.message : String(e);
}

/** What one file may cost, with all that is embedded. */
export class Work {
  private readonly names = new Set<string>();
  readonly embedded = new Map<string, number>();

  /** Tells whether one more issuer or list may be asked for. Without an end a
   * credential could send its verifier to a thousand hosts. */
  mayAsk(name: string): boolean {
    this.names.add(name);
    return this.names.size <= maxNames;
  }
}

export function tooManyNames(): Result {
  return result('unknown', 'too-many-names', `The credential makes the verifier ask for more than ${maxNames} issuers and status lists.`);
}

/** One credential on its way through the checks. */
export class Judgement {
  parts: Judged['parts'] = [];

  constructor(
    readonly v: Verifier, readonly r: Report, public doc?: Doc, readonly work = new Work(), readonly depth = 0,
  ) {}

  /** Finds out what the bytes are, and judges them. */
  async read(data: Uint8Array): Promise<void> {
    if (isPNG(data) || isSVG(data)) {
      try {
        data = await unbake(data);
      } catch (e) {
        this.r.set('structure', e instanceof NotBaked ?
          result('unknown', 'image-not-baked', 'The picture carries no credential.') :
          result('fail', 'image-malformed', `The picture is not a good baked badge: ${safe(reason(e))}.`));
        return;
      }
    }
    const first = data.find(b => b !== 0x20 && b !== 0x09 && b !== 0x0d && b !== 0x0a);
    if (first !== undefined && first !== 0x7b && first !== 0x5b) {
      this.r.set('structure', result('unknown', 'form-unsupported', 'This is not a credential in JSON form; what it is cannot be told.'));
      return;
    }
    try {
      this.doc = parseObject(data);
    } catch (e) {
      this.r.set('structure', failure(e, 'This is not one well-formed JSON document'));
      return;
    }
    await this.judge();
  }

  async judge(): Promise<void> {
    const doc = this.doc!;
    this.r.set('structure', fromFindings(structure(doc), 'The document has the structure of a verifiable credential.'));
    this.r.set('contexts', await this.contexts());
    this.r.set('schema', this.schema());
    this.r.set('dates', this.validity('validFrom', 'validUntil'));
    this.r.set('subject', await this.subject());
    this.r.set('issuer-trust', this.issuerTrust());
    if (!this.r.passed('structure') || !this.r.passed('contexts')) {
      const missing = this.proofPresent();
      if (missing) {
        this.r.set('proof', missing); // worth saying even so
      }
      return;
    }
    const {signature, key} = await this.proofs();
    this.r.set('proof', signature);
    this.r.set('issuer-key', key);
    if (!this.r.passed('proof') || !this.r.passed('issuer-key')) {
      return;
    }
    this.r.set('status', await this.v.lists.check(this));
    const {contained, endorsements} = await this.embedded();
    this.r.set('endorsements', endorsements);
    if (rank(contained.outcome) > rank('pass')) {
      this.r.set('subject', contained);
    }
  }

  /** Makes sure that every name in the document means something, so that what
   * is shown is what was signed. */
  async contexts(): Promise<Result> {
    try {
      await checkTerms(this.doc!);
      return result('pass', 'ok', 'Every term is defined by a known context.');
    } catch (e) {
      return failure(e, 'The document\'s terms are not all defined');
    }
  }

  private schema(): Result {
    const list = schemaFindings(this.doc!);
    return fromFindings(list.map(f => f.code === codeSchemaStrict ? {...f, warning: true} : f),
      'The document passes the published schemas of its types.');
  }

  validity(fromName: string, untilName: string): Result {
    const from = timeOf(this.doc!, fromName);
    const until = timeOf(this.doc!, untilName);
    for (const [name, t] of [[fromName, from], [untilName, until]] as const) {
      if (t === 'malformed') {
        return result('fail', 'date-malformed', `${name} is not a date and time with a time zone.`);
      }
    }
    if (until && order(this.v.now, until as Moment) > 0) {
      return result('fail', 'expired', `The credential expired on ${sayTime(until as Moment)}.`);
    }
    if (from && order(this.v.now, from as Moment) < 0) {
      return result('fail', 'not-yet-valid', `The credential is not valid before ${sayTime(from as Moment)}.`);
    }
    return result('pass', 'ok', until ? `The credential is in force until ${sayTime(until as Moment)}.` : 'The credential is in force and has no end.');
  }

  /** Says whom the credential is about, as far as a verifier can. */
  private async subject(): Promise<Result> {
    const doc = this.doc!;
    if (hasType(doc, 'BitstringStatusListCredential')) {
      return this.v.lists.describe(doc);
    }
    if (!hasType(doc, 'AchievementCredential', 'OpenBadgeCredential')) {
      return result('pass', 'ok', 'The credential has a subject. That whoever shows it is the one it names was not checked.');
    }
    const subject = firstSubject(doc);
    if (stringOf(subject, 'id') === '' && items(subject?.identifier).length === 0) {
      return result('warn', 'subject-unidentified', 'The credential names no learner by anything that could be checked.');
    }
    return result('pass', 'ok', 'The credential names its learner. That whoever shows it is that learner was not checked.');
  }

  /** Says what the issuer's name is worth. No register of issuers is kept, so a
   * good credential is as trustworthy as whoever controls the name. */
  private issuerTrust(): Result {
    const id = idOf(this.doc!.issuer);
    if (id.startsWith('did:web:') || id.startsWith('https://')) {
      return result('warn', 'issuer-unregistered', `The issuer is whoever controls the domain ${quote(hostOf(id))}; no register of issuers was asked. Make sure that the domain is who the credential says.`);
    }
    if (id.startsWith('did:key:')) {
      return result('warn', 'issuer-anonymous', 'The issuer is a bare key. Nothing ties it to the name in the credential; make sure of it in another way.');
    }
    return result('warn', 'issuer-unregistered', 'No register of issuers was asked; make sure that the issuer is who the credential says.');
  }

  /** Why there is nothing to verify, if so. */
  proofPresent(): Result | undefined {
    return items(this.doc!.proof).length > 0 ? undefined :
      result('fail', 'proof-missing', 'The document carries no proof: nobody signed it.');
  }

  /** Verifies every proof of the document and the binding of its key. One that
   * fails is enough to refuse, whatever the others say: else anybody could add
   * theirs to another's words. */
  async proofs(): Promise<{signature: Result; key: Result}> {
    const unreached = (why: string) => result('skipped', 'not-reached', why);
    const missing = this.proofPresent();
    if (missing) {
      return {signature: missing, key: unreached('There is no proof that could name a key.')};
    }
    let list: Proof[];
    try {
      list = proofsOf(this.doc!);
    } catch (e) {
      return {signature: failure(e, 'The proof is malformed'), key: unreached('There is no proof that could name a key.')};
    }
    if (list.length > maxProofs) {
      return {
        signature: result('fail', 'proof-too-many', `The document has ${list.length} proofs; no more than ${maxProofs} are looked at.`),
        key: unreached('There are too many proofs to look at their keys.'),
      };
    }
    const signatures: Result[] = [];
    const keys: Result[] = [];
    for (const [i, p] of list.entries()) {
      const {signature, key} = await this.proof(i, p, list);
      signatures.push(signature);
      keys.push(key);
    }
    const signature = worst(signatures);
    if (signature.outcome === 'pass' && list.length > 1) {
      signature.text = `All ${list.length} signatures are good: the document is as it was signed.`;
    }
    return {signature, key: worst(keys)};
  }

  private async proof(i: number, p: Proof, all: Proof[]): Promise<{signature: Result; key: Result}> {
    const unreached = result('skipped', 'not-reached', 'The key was not looked at, because the proof is refused.');
    try {
      suiteOf(this.doc!, i, p);
    } catch (e) {
      if (e instanceof Failure && e.code === 'suite-unknown') {
        return {
          signature: result('unknown', 'suite-unsupported', `The document is signed with ${quote(p.cryptosuite || p.type)}, which is not verified here.`),
          key: result('unknown', 'suite-unsupported', 'The key was not looked at, because the proof cannot be verified.'),
        };
      }
      return {signature: failure(e, 'The proof is malformed'), key: unreached};
    }
    const refused = this.proofOptions(p);
    if (refused) {
      return {signature: refused, key: unreached};
    }
    const {found, key} = await this.issuerKey(idOf(this.doc!.issuer), p.verificationMethod);
    if (!found) {
      return {
        signature: key.outcome === 'unknown' ?
          result('unknown', key.code, 'The signature could not be checked without the issuer\'s key.') :
          result('skipped', 'not-reached', 'The signature was not checked, because its key is not one of the issuer\'s.'),
        key,
      };
    }
    try {
      await verifyProof(this.doc!, i, all, found);
    } catch (e) {
      return {signature: failure(e, 'The signature is not good'), key};
    }
    return {signature: result('pass', 'ok', 'The signature is good: the document is as it was signed.'), key};
  }

  /** Checks what a proof says of itself (Verifiable Credential Data Integrity
   * 1.0, 2.1 "Proofs" and 4.4 "Verify Proof"). */
  private proofOptions(p: Proof): Result | undefined {
    if (p.proofPurpose !== 'assertionMethod') {
      return result('fail', 'proof-purpose', `The proof was made for the purpose ${quote(p.proofPurpose)}, not to assert a credential.`);
    }
    const created = timeOf(p.raw, 'created');
    if (created === 'malformed') {
      return result('fail', 'proof-malformed', 'The proof\'s created is not a date and time with a time zone.');
    }
    if (created && order(created, {ms: this.v.now.ms + maxSkew, nanos: 0}) > 0) {
      return result('fail', 'proof-future', `The proof claims to have been made at ${sayTime(created)}, which is yet to come.`);
    }
    const expires = timeOf(p.raw, 'expires');
    if (expires === 'malformed') {
      return result('fail', 'proof-malformed', 'The proof\'s expires is not a date and time with a time zone.');
    }
    if (expires && order(this.v.now, expires) >= 0) {
      return result('fail', 'proof-expired', `The proof expired at ${sayTime(expires)}.`);
    }
    return undefined;
  }

  /** Finds the key of a verification method and binds it to the issuer: the
   * method belongs to the issuer's own id, stands in the issuer's document,
   * under assertionMethod, controlled by the issuer, neither revoked nor
   * expired. A key written into the URL is never taken for an answer. */
  async issuerKey(issuerID: string, method: string): Promise<{found?: PublicKey; key: Result}> {
    const no = (code: string, text: string) => ({key: result('fail', code, text)});
    const [base, fragment] = split(method);
    if (didMethod(base) === '' && !base.startsWith('https://')) {
      return no('method-malformed', `The proof names its key as ${quote(method)}, which is neither a DID URL nor an https URL.`);
    }
    if (base !== issuerID) {
      return no('method-foreign', `The proof was made with a key of ${quote(base)}, not of the issuer ${quote(issuerID)}.`);
    }
    if (fragment === '') {
      return no('method-malformed', `The proof names an issuer but no key: ${quote(method)}.`);
    }
    if (!this.work.mayAsk(issuerID)) {
      return {key: tooManyNames()};
    }
    const issuer = await this.v.issuer(issuerID);
    if (!issuer.doc) {
      return {key: issuer.problem!};
    }
    const m = issuer.doc.methods.find(candidate => candidate.id === method);
    if (!m) {
      return no('method-missing', `The issuer's document has no key ${quote(method)}.`);
    }
    if (!issuer.doc.assertion.includes(method)) {
      return no('method-not-assertion', `The issuer does not use the key ${quote(method)} for credentials: it is not under assertionMethod.`);
    }
    if (m.controller !== issuer.doc.id) {
      return no('method-controller', `The key ${quote(method)} is controlled by ${quote(m.controller)}, not by the issuer.`);
    }
    return this.methodKey(m);
  }

  private methodKey(m: Method): {found?: PublicKey; key: Result} {
    const ended = this.methodEnded(m);
    if (ended) {
      return {key: ended};
    }
    let found: PublicKey;
    try {
      found = publicKey(m);
    } catch (e) {
      return {key: e instanceof UnsupportedKey ?
        result('unknown', 'key-unsupported', `The key ${quote(m.id)} is of a kind that is not known.`) :
        result('fail', 'key-malformed', `The key ${quote(m.id)} is malformed.`)};
    }
    try {
      checkPublicKey(found);
    } catch (e) {
      return {key: failure(e, 'The issuer\'s key cannot be trusted by anyone')};
    }
    return {found, key: result('pass', 'ok', `The key ${quote(m.id)} is the issuer's, for credentials, and in force.`)};
  }

  /** Takes revoked and expires by the time of judging. The time of the proof
   * decides nothing: created is what the signer claims, and who has a stolen
   * key claims a good one. */
  private methodEnded(m: Method): Result | undefined {
    for (const [value, code, verb] of [[m.revoked, 'key-revoked', 'revoked'], [m.expires, 'key-expired', 'given its end']] as const) {
      if (!value) {
        continue;
      }
      const t = parseDateTime(value);
      if (typeof t === 'string') {
        return result('fail', 'key-malformed', `The key ${quote(m.id)} was ${verb} at a time that is none: ${quote(value)}.`);
      }
      if (order(this.v.now, t) >= 0) {
        return result('fail', code, `The key ${quote(m.id)} was ${verb} by its issuer at ${sayTime(t)}.`);
      }
    }
    return undefined;
  }

  /** Verifies every credential inside of this one by itself: those of a learner
   * record, and endorsements. */
  private async embedded(): Promise<{contained: Result; endorsements: Result}> {
    const found: Found = {verifiableCredential: [], endorsement: [], endorsementJwt: []};
    collect(this.doc!, true, found);
    const contained = await this.embeddedAll(found.verifiableCredential, 'contained credential', maxContained);
    let endorsements = await this.embeddedAll(found.endorsement, 'endorsement', maxEndorsements);
    if (found.endorsementJwt.length > 0) {
      endorsements = worst([endorsements, result('unknown', 'endorsement-jwt-unsupported', 'There are endorsements in JWT form, which are not verified here.')]);
    }
    return {contained, endorsements};
  }

  private async embeddedAll(list: Value[], what: 'contained credential' | 'endorsement', most: number): Promise<Result> {
    if (list.length === 0) {
      return result('skipped', 'none', `There is no ${what}.`);
    }
    const count = (this.work.embedded.get(what) ?? 0) + list.length;
    this.work.embedded.set(what, count);
    if (count > most) {
      return result('fail', 'embedded-too-many', `There are ${count} of the kind ${what}; no more than ${most} are looked at.`);
    }
    if (this.depth === maxNesting) {
      return result('fail', 'embedded-too-deep', `One ${what} is embedded in more than ${maxNesting} credentials.`);
    }
    const found: Result[] = [];
    for (const v of list) {
      found.push(await this.embeddedOne(v, what));
    }
    const f = worst(found);
    return f.outcome === 'pass' ? {...f, text: `Every ${what} (${list.length}) is valid by itself.`} : f;
  }

  private async embeddedOne(v: Value, what: 'contained credential' | 'endorsement'): Promise<Result> {
    if (!isObject(v)) {
      return result('fail', 'embedded-malformed', `One ${what} is not an object.`);
    }
    let doc = v;
    if (!has(doc, '@context') || doc['@context'] === null) {
      // It was written under the contexts of the document around it.
      doc = Object.assign(Object.create(null) as Doc, doc, {'@context': this.doc!['@context']!});
    }
    const report = new Report();
    const inner = new Judgement(this.v, report, doc, this.work, this.depth + 1);
    await inner.judge();
    report.conclude();
    this.parts.push({what: what === 'endorsement' ? 'endorsement' : 'contained', judged: {report, doc, parts: inner.parts}});
    return embeddedResult(report, quote(safe(idOf(doc.issuer))), what);
  }
}

/** The row for one embedded credential. One that is genuine and merely no
 * longer in force is a warning: time passes for an endorsement without the
 * credential around it becoming a lie. */
function embeddedResult(r: Report, by: string, what: string): Result {
  if (r.verdict === 'valid') {
    return result('pass', 'ok');
  }
  let decided = result('unknown', 'undetermined', 'It was not fully looked at.');
  let lapsed = r.passed('proof') && r.passed('issuer-key');
  for (const c of r.checks) {
    if (c.outcome === 'fail' && c.name !== 'dates' && (c.name !== 'status' || (c.code !== 'revoked' && c.code !== 'suspended'))) {
      lapsed = false;
    }
    if (rank(c.outcome) > rank(decided.outcome) || (decided.code === 'undetermined' && c.outcome === 'unknown')) {
      decided = c;
    }
  }
  if (r.verdict === 'undetermined') {
    return result('unknown', 'embedded-undetermined', `One ${what} by ${by} could not be verified. ${decided.text}`);
  }
  if (lapsed) {
    return result('warn', 'embedded-lapsed', `One ${what} by ${by} is no longer in force. ${decided.text}`);
  }
  return result('fail', 'embedded-invalid', `One ${what} by ${by} is not valid. ${decided.text}`);
}

type Found = Record<'verifiableCredential' | 'endorsement' | 'endorsementJwt', Value[]>;

/** Finds embedded credentials in the order of sorted names, and does not look
 * into them. */
function collect(v: Value, top: boolean, found: Found): void {
  if (Array.isArray(v)) {
    v.forEach(item => collect(item, false, found));
  } else if (isObject(v)) {
    for (const name of names(v)) {
      if (name === 'endorsement' || name === 'endorsementJwt' || name === 'verifiableCredential') {
        found[name].push(...items(v[name]));
      } else if (!top || name !== 'proof') {
        collect(v[name]!, false, found);
      }
    }
  }
}

/** A member's time; undefined if it is absent. */
export function timeOf(doc: Doc, name: string): Moment | undefined | 'malformed' {
  const v = has(doc, name) ? doc[name] : undefined;
  if (v === undefined || v === null) {
    return undefined;
  }
  const t = typeof v === 'string' ? parseDateTime(v) : '';
  return typeof t === 'string' ? 'malformed' : t;
}

/** One row of what was found: the first error, else the first warning, else ok. */
export function fromFindings(list: Finding[], ok: string): Result {
  let r = result('pass', 'ok', ok);
  for (const f of list) {
    const outcome = f.warning ? 'warn' : 'fail';
    if (rank(outcome) > rank(r.outcome)) {
      r = result(outcome, f.code, `${f.pointer === '' ? 'document' : safe(f.pointer)}: ${safe(f.detail)} (${safe(f.verifier)})`);
    }
  }
  if (list.length > 1) {
    r.text += `, and ${list.length - 1} more`;
  }
  if (list.length > 0) {
    r.text += '.';
  }
  return r;
}

/** A row of a failure. What a newer verifier may know is unknown; all else is
 * wrong. */
export function failure(e: unknown, what: string): Result {
  if (!(e instanceof Failure)) {
    return result('fail', 'malformed', `${what}: ${safe(reason(e))}.`);
  }
  const outcome = e.code === 'context-unknown' || e.code === 'suite-unknown' ? 'unknown' : 'fail';
  const at = e.pointer ? ` at ${safe(e.pointer)}` : '';
  return result(outcome, e.code, `${what}${at}: ${safe(e.detail)}.`);
}

