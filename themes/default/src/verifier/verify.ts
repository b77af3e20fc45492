// Judges a secured credential or presentation of any issuer, in the order of Open
// Badges Specification v3.0, "Verification": nothing is asked of an issuer's host
// before the document is known to be well-formed, and nothing of a status list's
// before the signature is known to be good. What cannot be looked at is
// undetermined and never valid.

import {order, parseDateTime, sayTime, type Moment} from './datetime';
import {
  checkPublicKey, didMethod, jwkDocument, keyDocument, methodByKid, parseDocument, parseKeySet, publicKey, split, UnsupportedKey,
  webURL, type IssuerDocument, type Method, type PublicKey,
} from './did';
import {Failure} from './failure';
import type {Finding} from './findings';
import {isCompact, numericDate, open, openJWT, openObject, type Opened} from './forms';
import {has, isObject, type Doc, type Value} from './json';
import {verifyJWS} from './jws';
import {Linkage} from './linkage';
import {proofsOf, suiteOf, verifyProof, type Proof} from './proofs';
import {failure, fromFindings, rank, reason, Report, result, worst, type Result} from './report';
import {schemaFindings} from './schema';
import {StatusLists} from './status';
import {contextV1, contextV2, structure} from './structure';
import {checkTerms} from './terms';
import {firstSubject, hasType, hostOf, idOf, isUnnamed, items, names, originOf, quote, safe, stringOf} from './text';

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

/** A document that was judged, with those inside of it. */
export interface Judged {
  report: Report;
  doc?: Doc;
  parts: {what: 'contained' | 'endorsement'; judged: Judged}[];
  /** What it was taken out of, if that shows something else to people. */
  carrier?: 'pdf' | 'html';
}

type Purpose = 'assertionMethod' | 'authentication';

interface Secured {
  signature: Result;
  key: Result;
}

/** Judges credentials at one moment and keeps what it learned of issuers and
 * status lists. */
export class Verifier {
  readonly now: Moment;
  private readonly issuers = new Map<string, Promise<Issuer>>();
  readonly lists: StatusLists;
  readonly linkage: Linkage;

  constructor(readonly o: Options) {
    this.now = {ms: o.now.getTime(), nanos: 0};
    this.lists = new StatusLists(this);
    this.linkage = new Linkage(this);
  }

  /** Judges a credential or presentation in any of its forms. */
  async credential(data: Uint8Array): Promise<Judged> {
    try {
      return await this.judge(await open(data), new Work(), 0);
    } catch (e) {
      // A mistake of this program must not look like an answer.
      const report = new Report();
      report.set('structure', result('unknown', 'stopped', `Verification was stopped: ${safe(reason(e))}.`));
      return {report, parts: []};
    }
  }

  /** Judges what was opened, or says why nothing was. */
  async judge(o: Opened, work: Work, depth: number): Promise<Judged> {
    const report = new Report(o.format);
    const j = new Judgement(this, report, o, work, depth);
    if (o.refused) {
      report.set('structure', o.refused);
    } else if (o.format === 'presentation') {
      await j.presentation();
    } else {
      await j.credential();
    }
    j.carried();
    report.conclude();
    return {report, parts: j.parts, ...(o.doc ? {doc: o.doc} : {}), ...(o.carrier ? {carrier: o.carrier} : {})};
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
    if (method === 'jwk') {
      try {
        return {doc: jwkDocument(id)};
      } catch (e) {
        return e instanceof UnsupportedKey ? none('unknown', 'key-unsupported', 'The issuer\'s did:jwk is a key of a kind that is not known.') :
          none('fail', 'issuer-malformed', 'The issuer\'s did:jwk is malformed.');
      }
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
      const known = await this.wellKnownKeys(id);
      if (known) {
        return {doc: known};
      }
      return none('unknown', 'issuer-unavailable', `The issuer's document could not be had from ${safe(hostOf(id))}: ${safe(reason(e))}.`);
    }
    let doc: IssuerDocument;
    try {
      doc = parseIssuer(data, id);
    } catch {
      return none('unknown', 'issuer-document-malformed', `What ${safe(hostOf(id))} has for the issuer's document is malformed.`);
    }
    if (doc.id !== id) {
      return none('fail', 'issuer-document-id', `The issuer's document is that of ${quote(doc.id)}.`);
    }
    return {doc};
  }

  /** The JWK Set of an issuer's host, which speaks for an issuer only if it names
   * it, or if the issuer is the host itself. */
  private async wellKnownKeys(id: string): Promise<IssuerDocument | undefined> {
    const origin = originOf(id);
    if (!origin) {
      return undefined;
    }
    try {
      const {doc, iss} = parseKeySet(await this.o.load(`${origin}/.well-known/jwks.json`), id);
      return iss === id || (iss === '' && id.replace(/\/$/, '') === origin) ? doc : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Reads a controlled identifier document, or the JWK Set that an https issuer
 * serves in its place. */
function parseIssuer(data: Uint8Array, id: string): IssuerDocument {
  if (id.startsWith('https://')) {
    try {
      const {doc, iss} = parseKeySet(data, id);
      return iss ? {...doc, id: iss} : doc;
    } catch {
      // not a JWK Set
    }
  }
  return parseDocument(data);
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

/** One document on its way through the checks. */
export class Judgement {
  parts: Judged['parts'] = [];
  readonly doc: Doc;

  constructor(readonly v: Verifier, readonly r: Report, readonly o: Opened, readonly work = new Work(), readonly depth = 0) {
    this.doc = o.doc ?? (Object.create(null) as Doc);
  }

  async credential(): Promise<void> {
    this.r.set('structure', this.structure());
    this.r.set('contexts', await this.contexts());
    this.r.set('schema', this.schema());
    this.r.set('dates', this.dates());
    this.r.set('subject', await this.subject());
    const issuerID = idOf(this.doc.issuer);
    this.r.set('issuer-trust', issuerTrust(issuerID));
    if (!this.r.passed('structure') || !this.r.passed('contexts')) {
      const missing = this.proofPresent();
      if (missing) {
        this.r.set('proof', missing); // worth saying even so
      }
      return;
    }
    const {signature, key} = await this.secured(issuerID);
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
    await this.v.linkage.check(this, issuerID);
  }

  /** Says in the row for the structure that a document came in something that
   * people read, of which nothing was checked. Whatever is worse there stays. */
  carried(): void {
    if (this.o.carrier && this.r.check('structure').outcome === 'pass') {
      const what = this.o.carrier === 'pdf' ? 'a PDF' : 'a web page';
      this.r.set('structure', result('warn', 'carrier-unchecked', `The credential was taken out of ${what}. What is printed in that was not checked: compare it with what the credential says.`));
    }
  }

  structure(): Result {
    const list = this.o.format === 'vc-1.1' ? structure1(this.doc) : structure(this.doc);
    return fromFindings(list, 'The document has the structure of a verifiable credential.');
  }

  /** Judges a presentation: its own form and proof, and every credential in it by
   * itself. The verdict is the worst of all. */
  async presentation(): Promise<void> {
    this.r.set('structure', this.presentationStructure());
    this.r.set('contexts', await this.presentationContexts());
    this.r.set('schema', result('skipped', 'schema-none', 'There is no schema for presentations.'));
    for (const name of ['dates', 'status', 'endorsements', 'issuer-trust'] as const) {
      this.r.set(name, result('skipped', 'none', 'A presentation has none of its own.'));
    }
    if (!this.r.passed('structure') || !this.r.passed('contexts')) {
      return;
    }
    const {signature, key} = await this.presented();
    this.r.set('proof', signature);
    this.r.set('issuer-key', key);
    if (signature.outcome === 'fail' || key.outcome === 'fail') {
      return;
    }
    this.r.set('subject', await this.presentedCredentials());
  }

  /** The presentation without its credentials. */
  private shell(): Doc {
    const shell = Object.assign(Object.create(null) as Doc, this.doc);
    delete shell.verifiableCredential;
    return shell;
  }

  private presentationStructure(): Result {
    // What nobody signed in a presentation must not look like a credential.
    const odd = ['issuer', 'credentialSubject', 'credentialStatus', 'validFrom', 'validUntil', 'issuanceDate', 'expirationDate'].find(name => has(this.doc, name));
    if (odd) {
      return result('fail', 'presentation-mixed', `The presentation has ${odd}, as only a credential does.`);
    }
    if (hasType(this.doc, 'VerifiableCredential')) {
      return result('fail', 'presentation-mixed', 'The document says that it is a presentation and a credential.');
    }
    const shell = this.shell();
    const list = items(shell['@context']);
    if (list[0] === contextV1) {
      shell['@context'] = [contextV2, ...list.slice(1)];
    }
    const f = fromFindings(structure(shell), 'The document has the structure of a verifiable presentation.');
    if (f.outcome !== 'fail' && items(this.doc.verifiableCredential).length === 0) {
      return result('unknown', 'presentation-empty', 'The presentation presents no credential.');
    }
    return f;
  }

  /** Checks the terms of all that a proof of the presentation is over; without
   * one each credential answers for itself. */
  private async presentationContexts(): Promise<Result> {
    const whole = !this.o.jws && has(this.doc, 'proof') && this.doc.proof !== null;
    try {
      await checkTerms(whole ? this.doc : this.shell());
      return result('pass', 'ok', 'Every term is defined by a known context.');
    } catch (e) {
      return failure(e, 'The presentation\'s terms are not all defined');
    }
  }

  /** Verifies the proof of the holder, if there is one. */
  private async presented(): Promise<Secured> {
    let holder = idOf(this.doc.holder);
    if (this.o.jws) {
      const iss = this.o.claims.iss;
      if (typeof iss === 'string' && holder === '') {
        holder = iss;
      } else if (typeof iss === 'string' && iss !== holder) {
        return {
          signature: result('fail', 'jwt-claim-mismatch', 'The claim iss of the JWT is not the holder of the presentation.'),
          key: result('skipped', 'not-reached', 'The key was not looked at, because the JWT is refused.'),
        };
      }
      if (holder === '') {
        holder = split(this.o.jws.keyID)[0];
      }
    } else if (items(this.doc.proof).length === 0) {
      return {
        signature: result('warn', 'presentation-unsigned', 'Nobody signed the presentation itself; its credentials are judged by themselves. That whoever presents them is whom they name was not checked.'),
        key: result('skipped', 'none', 'There is no proof that could name a key.'),
      };
    } else if (holder === '') {
      try {
        holder = split(proofsOf(this.doc)[0]!.verificationMethod)[0];
      } catch {
        // said when the proof is looked at
      }
    }
    const {signature, key} = await this.secured(holder);
    if (signature.outcome === 'pass' && key.outcome === 'pass') {
      return {signature: result('warn', 'presentation-challenge', `The signature of the holder ${quote(holder)} is good. That it was made for you and now was not checked: compare challenge and domain with what you asked for.`), key};
    }
    return {signature, key};
  }

  private async presentedCredentials(): Promise<Result> {
    const list = items(this.doc.verifiableCredential);
    const tooMany = this.countEmbedded('presented credential', list.length, maxContained);
    if (tooMany) {
      return tooMany;
    }
    const found = [result('pass', 'ok', `Every presented credential (${list.length}) is valid by itself.`)];
    for (const v of list) {
      const judged = await this.inside(v);
      if (!judged) {
        found.push(result('fail', 'embedded-malformed', 'One presented credential is neither an object nor a JWT.'));
        continue;
      }
      this.parts.push({what: 'contained', judged});
      const by = quote(safe(idOf(judged.doc?.issuer)));
      if (judged.report.verdict === 'invalid') {
        found.push(result('fail', 'embedded-invalid', `One presented credential by ${by} is not valid. ${judged.report.decisive().text}`));
      } else if (judged.report.verdict === 'undetermined') {
        found.push(result('unknown', 'embedded-undetermined', `One presented credential by ${by} could not be verified. ${judged.report.decisive().text}`));
      }
    }
    return worst(found);
  }

  /** Judges an object or JWT inside of this document; undefined for what is
   * neither. */
  private async inside(v: Value): Promise<Judged | undefined> {
    let o: Opened;
    if (typeof v === 'string') {
      if (!isCompact(v)) {
        return undefined;
      }
      o = openJWT(v);
    } else if (isObject(v)) {
      // Without a context it was written under those of the document around it.
      o = openObject(has(v, '@context') && v['@context'] !== null ? v :
        Object.assign(Object.create(null) as Doc, v, {'@context': this.doc['@context']!}));
    } else {
      return undefined;
    }
    return this.v.judge(o, this.work, this.depth + 1);
  }

  private countEmbedded(what: string, n: number, most: number): Result | undefined {
    const count = (this.work.embedded.get(what) ?? 0) + n;
    this.work.embedded.set(what, count);
    if (count > most) {
      return result('fail', 'embedded-too-many', `There are ${count} of the kind ${what}; no more than ${most} are looked at.`);
    }
    if (this.depth === maxNesting) {
      return result('fail', 'embedded-too-deep', `One ${what} is embedded in more than ${maxNesting} documents.`);
    }
    return undefined;
  }

  /** Makes sure that every name in the document means something, so that what
   * is shown is what was signed. */
  async contexts(): Promise<Result> {
    try {
      await checkTerms(this.doc);
      return result('pass', 'ok', 'Every term is defined by a known context.');
    } catch (e) {
      return failure(e, 'The document\'s terms are not all defined');
    }
  }

  private schema(): Result {
    if (this.o.format === 'vc-1.1') {
      return result('skipped', 'schema-none', 'There is no schema for credentials of data model 1.1.');
    }
    return fromFindings(schemaFindings(this.doc), 'The document passes the published schemas of its types.');
  }

  /** Checks validFrom and validUntil, and issuanceDate and expirationDate where
   * data model 1.1 has them. */
  dates(): Result {
    const now = this.validity('validFrom', 'validUntil');
    if (this.o.format !== 'vc-1.1') {
      return now;
    }
    const before = this.validity('issuanceDate', 'expirationDate');
    const both = ['validFrom', 'validUntil'].some(name => has(this.doc, name) && this.doc[name] !== null);
    return both ? worst([before, now]) : before;
  }

  validity(fromName: string, untilName: string): Result {
    const from = timeOf(this.doc, fromName);
    const until = timeOf(this.doc, untilName);
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
    const doc = this.doc;
    if (hasType(doc, 'BitstringStatusListCredential', 'StatusList2021Credential')) {
      return this.v.lists.describe(doc);
    }
    if (!hasType(doc, 'AchievementCredential', 'OpenBadgeCredential')) {
      return result('pass', 'ok', 'The credential has a subject. That whoever shows it is the one it names was not checked.');
    }
    const subject = firstSubject(doc);
    if (stringOf(subject, 'id') === '' && items(subject?.identifier).length === 0) {
      return result('warn', 'subject-unidentified', 'The credential names no learner by anything that could be checked.');
    }
    if (isUnnamed(subject)) {
      return result('warn', 'subject-unnamed', 'The credential does not say who earned it: anybody who has the file can show it.');
    }
    return result('pass', 'ok', 'The credential names its learner. That whoever shows it is that learner was not checked.');
  }

  /** Why there is nothing to verify, if so. */
  proofPresent(): Result | undefined {
    return this.o.jws || items(this.doc.proof).length > 0 ? undefined :
      result('fail', 'proof-missing', 'The document carries no proof: nobody signed it.');
  }

  /** What the proofs of the document have to be made for. */
  private purpose(): Purpose {
    return this.o.format === 'presentation' ? 'authentication' : 'assertionMethod';
  }

  /** Verifies what secures the document, and that it was secured by who. */
  secured(who: string): Promise<Secured> {
    return this.o.jws ? this.signature(who) : this.proofs(who);
  }

  /** Verifies the JWS that secures the document, and the binding of its key. */
  private async signature(who: string): Promise<Secured> {
    const refused = this.claimsAgree();
    if (refused) {
      return {signature: refused, key: result('skipped', 'not-reached', 'The key was not looked at, because the JWT is refused.')};
    }
    const {found, key} = await this.jwtKey(who);
    if (!found) {
      return withoutKey(key);
    }
    try {
      await verifyJWS(this.o.jws!, found);
    } catch (e) {
      return {signature: failure(e, 'The signature is not good'), key};
    }
    return {signature: result('pass', 'ok', 'The signature is good: the JWT is as it was signed.'), key};
  }

  /** Finds the key that kid names among the issuer's. A key, certificate or URL
   * that the header brings along is never looked at: whoever made the JWT chose
   * it. */
  private async jwtKey(who: string): Promise<{found?: PublicKey; key: Result}> {
    const {keyID: kid, header} = this.o.jws!;
    if (kid === '') {
      const brought = ['jwk', 'jku', 'x5c', 'x5u'].find(name => has(header, name) && header[name] !== null);
      return {key: brought ?
        result('unknown', 'jwk-untrusted', `The JWT brings its own key (${brought}), which anybody can do, and names none of the issuer's.`) :
        result('unknown', 'kid-missing', 'The JWT does not say which key signed it.')};
    }
    if (kid.startsWith('did:') || kid.startsWith('https://')) {
      return this.issuerKey(who, kid);
    }
    if (kid.startsWith('#')) {
      return this.issuerKey(who, who + kid);
    }
    return this.boundKey(who, d => {
      const id = `${who}#${kid}`;
      return d.methods.some(m => m.id === id) ? id : methodByKid(d, kid)?.id ?? id;
    });
  }

  /** Holds the claims of a JWT against the credential: each that is there says
   * the same as the member it stands for. Where the type is vc+jwt, nbf and exp
   * are about the signature and not about the credential. */
  private claimsAgree(): Result | undefined {
    const {claims, jws, format} = this.o;
    if (format === 'presentation') {
      return this.claimsInForce();
    }
    const subject = firstSubject(this.doc);
    const same: [string, string, Value | undefined][] = [
      ['iss', 'issuer', idOf(this.doc.issuer)], ['sub', 'credentialSubject.id', subject?.id], ['jti', 'id', this.doc.id],
    ];
    for (const [name, member, want] of same) {
      if (has(claims, name) && (claims[name] !== (want ?? null) || claims[name] === '')) {
        return result('fail', 'jwt-claim-mismatch', `The claim ${name} of the JWT is ${quote(typeof claims[name] === 'string' ? claims[name] : JSON.stringify(claims[name]))}, and ${member} of the credential is not.`);
      }
    }
    const [from, until] = format === 'vc-1.1' ? ['issuanceDate', 'expirationDate'] : ['validFrom', 'validUntil'];
    if (!jws!.type.toLowerCase().endsWith('vc+jwt')) {
      for (const [name, member] of [['nbf', from!], ['exp', until!]] as const) {
        const claim = numericDate(claims[name]);
        if (claim === 'malformed') {
          return result('fail', 'jwt-claim-malformed', `The claim ${name} of the JWT is not a number of seconds.`);
        }
        const t = timeOf(this.doc, member);
        if (claim !== undefined && (!t || t === 'malformed' || Math.floor(t.ms / 1000) !== claim)) {
          return result('fail', 'jwt-claim-mismatch', `The claim ${name} of the JWT is ${sayTime({ms: claim * 1000, nanos: 0})}, and ${member} of the credential is not.`);
        }
      }
    }
    return this.claimsInForce();
  }

  /** Checks what the JWT says about its own time. */
  private claimsInForce(): Result | undefined {
    for (const name of ['iat', 'nbf', 'exp']) {
      const seconds = numericDate(this.o.claims[name]);
      if (seconds === 'malformed') {
        return result('fail', 'jwt-claim-malformed', `The claim ${name} of the JWT is not a number of seconds.`);
      }
      if (seconds === undefined) {
        continue;
      }
      const t = {ms: seconds * 1000, nanos: 0};
      if (name === 'exp' && order(this.v.now, t) >= 0) {
        return result('fail', 'proof-expired', `The JWT expired at ${sayTime(t)}.`);
      }
      if (name !== 'exp' && t.ms > this.v.now.ms + maxSkew) {
        return result('fail', 'proof-future', `The JWT is of ${sayTime(t)}, which is yet to come.`);
      }
    }
    return undefined;
  }

  /** Verifies every proof of the document and the binding of its key. One that
   * fails is enough to refuse, whatever the others say: else anybody could add
   * theirs to another's words. */
  async proofs(who: string): Promise<Secured> {
    const unreached = (why: string) => result('skipped', 'not-reached', why);
    const missing = this.proofPresent();
    if (missing) {
      return {signature: missing, key: unreached('There is no proof that could name a key.')};
    }
    let list: Proof[];
    try {
      list = proofsOf(this.doc);
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
      const {signature, key} = await this.proof(i, p, list, who);
      signatures.push(signature);
      keys.push(key);
    }
    const signature = worst(signatures);
    if (signature.outcome === 'pass' && list.length > 1) {
      signature.text = `All ${list.length} signatures are good: the document is as it was signed.`;
    }
    return {signature, key: worst(keys)};
  }

  private async proof(i: number, p: Proof, all: Proof[], who: string): Promise<Secured> {
    const unreached = result('skipped', 'not-reached', 'The key was not looked at, because the proof is refused.');
    try {
      suiteOf(this.doc, i, p);
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
    const {found, key} = await this.issuerKey(who, p.verificationMethod);
    if (!found) {
      return withoutKey(key);
    }
    try {
      await verifyProof(this.doc, i, all, found);
    } catch (e) {
      return {signature: failure(e, 'The signature is not good'), key};
    }
    return {signature: result('pass', 'ok', 'The signature is good: the document is as it was signed.'), key};
  }

  /** Checks what a proof says of itself (Verifiable Credential Data Integrity
   * 1.0, 2.1 "Proofs" and 4.4 "Verify Proof"). */
  private proofOptions(p: Proof): Result | undefined {
    if (p.proofPurpose !== this.purpose()) {
      return result('fail', 'proof-purpose', `The proof was made for the purpose ${quote(p.proofPurpose)}, not for ${this.purpose()}.`);
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
    return this.boundKey(issuerID, () => method);
  }

  /** The key of the method that choose names in the document of who. */
  private async boundKey(who: string, choose: (d: IssuerDocument) => string): Promise<{found?: PublicKey; key: Result}> {
    const no = (code: string, text: string) => ({key: result('fail', code, text)});
    if (!this.work.mayAsk(who)) {
      return {key: tooManyNames()};
    }
    const {doc, problem} = await this.v.issuer(who);
    if (!doc) {
      return {key: problem!};
    }
    const method = choose(doc);
    const m = doc.methods.find(candidate => candidate.id === method);
    if (!m) {
      return no('method-missing', `The issuer's document has no key ${quote(method)}.`);
    }
    if (this.purpose() === 'assertionMethod' && !doc.assertion.includes(method)) {
      return no('method-not-assertion', `The issuer does not use the key ${quote(method)} for credentials: it is not under assertionMethod.`);
    }
    if (this.purpose() === 'authentication' && !doc.authentication.includes(method)) {
      return no('method-not-assertion', `The holder does not use the key ${quote(method)} for presentations: it is not under authentication.`);
    }
    if (m.controller !== doc.id) {
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
    return {found, key: result('pass', 'ok', this.purpose() === 'authentication' ?
      `The key ${quote(m.id)} is the holder's, for presentations, and in force.` :
      `The key ${quote(m.id)} is the issuer's, for credentials, and in force.`)};
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
    collect(this.doc, true, found);
    return {
      contained: await this.embeddedAll(found.verifiableCredential, 'contained credential', maxContained),
      endorsements: await this.embeddedAll([...found.endorsement, ...found.endorsementJwt], 'endorsement', maxEndorsements),
    };
  }

  private async embeddedAll(list: Value[], what: 'contained credential' | 'endorsement', most: number): Promise<Result> {
    if (list.length === 0) {
      return result('skipped', 'none', `There is no ${what}.`);
    }
    const tooMany = this.countEmbedded(what, list.length, most);
    if (tooMany) {
      return tooMany;
    }
    const found: Result[] = [];
    for (const v of list) {
      const judged = await this.inside(v);
      if (!judged) {
        found.push(result('fail', 'embedded-malformed', `One ${what} is neither an object nor a JWT.`));
        continue;
      }
      this.parts.push({what: what === 'endorsement' ? 'endorsement' : 'contained', judged});
      found.push(embeddedResult(judged, what));
    }
    const f = worst(found);
    return f.outcome === 'pass' ? {...f, text: `Every ${what} (${list.length}) is valid by itself.`} : f;
  }
}

function withoutKey(key: Result): Secured {
  return {
    signature: key.outcome === 'unknown' ?
      result('unknown', key.code, 'The signature could not be checked without the issuer\'s key.') :
      result('skipped', 'not-reached', 'The signature was not checked, because its key is not one of the issuer\'s.'),
    key,
  };
}

/** Checks a credential of data model 1.1 by the rules of 2.0 under their old
 * names: what it demands differs only in these, and in that 1.1 cannot do
 * without an issuanceDate. */
function structure1(doc: Doc): Finding[] {
  const as2 = Object.assign(Object.create(null) as Doc, doc);
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

/** Says what the issuer's name is worth. No register of issuers is kept, so a
 * good credential is as trustworthy as whoever controls the name. */
function issuerTrust(id: string): Result {
  const unasked = 'No register of issuers was asked.';
  if (id.startsWith('did:web:') || id.startsWith('https://')) {
    return result('warn', 'issuer-unregistered', `${unasked} Known is that the issuer controls the domain ${quote(hostOf(id))}; not known is whose that is. Make sure that it is that of whom the credential says.`);
  }
  if (/^did:(key|jwk):/.test(id)) {
    return result('warn', 'issuer-anonymous', `${unasked} Known is only that the issuer has a certain key; nothing ties it to the name in the credential.`);
  }
  return result('warn', 'issuer-unregistered', `${unasked} Make sure that the issuer is who the credential says.`);
}

/** The row for one embedded credential. One that is genuine and merely no
 * longer in force is a warning: time passes for an endorsement without the
 * credential around it becoming a lie. */
function embeddedResult(j: Judged, what: string): Result {
  const {report: r, doc} = j;
  const by = quote(safe(idOf(doc?.issuer)));
  if (r.verdict === 'valid') {
    return result('pass', 'ok');
  }
  const lapsed = r.passed('proof') && r.passed('issuer-key') && !r.checks.some(c =>
    c.outcome === 'fail' && c.name !== 'dates' && !(c.name === 'status' && (c.code === 'revoked' || c.code === 'suspended')));
  const decided = r.decisive();
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

