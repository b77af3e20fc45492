// Judges a secured credential or presentation of any issuer, in the order of Open
// Badges Specification v3.0, "Verification". A fault of form ends none of the checks:
// whether the issuer signed it is asked even so. Nothing is asked of an issuer's host
// before it is known that the signature can be looked at, and nothing of a status
// list's before it is known to be good. What cannot be looked at is undetermined and
// never valid.

import {checkContexts, checkDates, checkSchema, checkStructure, issuerTrust} from './checks';
import type {Moment} from './datetime';
import {embedded} from './embedded';
import {one, openAll} from './carrier';
import type {Opened} from './forms';
import {hostOf} from './host';
import {findIssuer} from './issuer';
import {Found, Judgement, type Issuer, type Judge, type Judged, type Loader, type Options, type Place, Work} from './judged';
import {rareFrom} from './later';
import {Linkage} from './linkage';
import {logged} from './log';
import {presentation, presentedCredentials} from './presentation';
import {rank, reason, Report, result} from './report';
import {secured} from './secured';
import {StatusLists} from './status';
import {checkSubject} from './subject';
import {idOf} from './text';
import {checkTyped} from './typed';

/** Judges credentials at one moment and keeps what it learned of issuers and
 * status lists. */
export class Verifier implements Judge {
  readonly now: Moment;
  readonly load: Loader;
  readonly lists = new StatusLists(this);
  private readonly linkage = new Linkage(this);
  private readonly issuers = new Found<Issuer>();

  constructor(o: Options) {
    this.now = {ms: o.now.getTime(), nanos: 0};
    this.load = o.load;
    if (o.rare) {
      rareFrom(o.rare);
    }
  }

  /** Judges a credential or presentation in any of its forms, with which may have
   * come where it is in its issuer's log. */
  async credential(data: Uint8Array, place?: Place): Promise<Judged> {
    return this.careful(async () => this.judge(one(await openAll(data)), new Work(place)));
  }

  /** Judges each of the credentials and presentations in an input, in their order: there
   * are several in an array, in the answer of a server, or attached to one PDF. At least
   * one comes back. Of several, item tells which one each is. */
  async all(data: Uint8Array, place?: Place): Promise<Judged[]> {
    const list = await openAll(data).catch(() => []);
    if (list.length < 2) {
      return [await this.credential(data, place)];
    }
    const judged: Judged[] = [];
    for (const [i, o] of list.entries()) {
      judged.push({...await this.careful(() => this.judge(o, new Work(place))), item: `[${i}]`});
    }
    return judged;
  }

  private async careful(judge: () => Promise<Judged>): Promise<Judged> {
    try {
      return await judge();
    } catch (e) {
      // A mistake of this program must not look like an answer.
      const report = new Report();
      report.set('structure', {...result('unknown', 'stopped'), detail: reason(e)});
      return {report, parts: []};
    }
  }

  async judge(o: Opened, work?: Work, depth?: number): Promise<Judged> {
    const j = new Judgement(this, o, work, depth);
    if (o.refused) {
      j.r.set('structure', o.refused);
      if (o.format === 'presentation' && o.doc) {
        j.r.set('subject', await presentedCredentials(j));
      }
    } else if (o.format === 'presentation') {
      await presentation(j);
    } else {
      await this.checkCredential(j);
    }
    carried(j);
    j.r.conclude();
    const signed = j.r.signedOffForm(hostOf(idOf(j.doc.issuer)));
    return {report: j.r, parts: j.parts, ...(signed ? {signed} : {}), ...(o.doc ? {doc: o.doc} : {}), ...(o.carrier ? {carrier: o.carrier} : {})};
  }

  issuer(id: string): Promise<Issuer> {
    return this.issuers.get(id, () => findIssuer(this.load, id));
  }

  private async checkCredential(j: Judgement): Promise<void> {
    if (j.o.typed) {
      checkTyped(j);
    } else {
      j.r.set('structure', checkStructure(j));
      j.r.set('contexts', await checkContexts(j));
      j.r.set('schema', checkSchema(j));
    }
    j.r.set('dates', checkDates(j));
    j.r.set('subject', await checkSubject(j));
    const issuerID = idOf(j.doc.issuer);
    j.r.set('issuer-trust', issuerTrust(issuerID));
    const {signature, key} = await secured(j, issuerID);
    j.r.set('proof', signature);
    j.r.set('issuer-key', key);
    if (!j.r.passed('proof') || !j.r.passed('issuer-key')) {
      return;
    }
    j.r.set('status', await this.lists.check(j));
    const {contained, endorsements} = await embedded(j);
    j.r.set('endorsements', endorsements);
    if (rank(contained.outcome) > rank('pass')) {
      j.r.set('subject', contained);
    }
    await this.linkage.check(j, issuerID);
    j.r.set('log', await logged(j, issuerID));
  }
}

/** Says in the row for the structure that a document came in something that
 * people read, of which nothing was checked. Whatever is worse there stays. */
function carried(j: Judgement): void {
  if (j.r.check('structure').outcome === 'pass' && (j.o.carrier || j.o.trailing)) {
    j.r.set('structure', result('warn', j.o.carrier ? `carrier-unchecked.${j.o.carrier}` : 'image-trailing'));
  }
}
