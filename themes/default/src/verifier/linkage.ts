// Whether a domain says that an issuer is its own (Well Known DID Configuration,
// "Domain Linkage Credential").

import {quote} from './characters';
import {checkContexts, checkDates, checkStructure} from './checks';
import {maxLinks} from './constants';
import {openCompact, openObject, type Opened} from './forms';
import {hostOf, looksLike, originOf} from './host';
import {isObject, parseObject, type Value} from './json';
import {isKeyName} from './key';
import {Found, Judgement, type Judge} from './judged';
import {good, rank, result, worst} from './report';
import {secured} from './secured';
import {firstSubject, hasType, idOf, stringOf} from './text';

export class Linkage {
  private readonly found = new Found<boolean>();

  constructor(private readonly by: Judge) {}

  /** Adds to what is known of an issuer that is a bare key: whether the domain
   * that the credential gives for the issuer names the key as its own. */
  async check(j: Judgement, issuerID: string): Promise<void> {
    const trust = j.r.check('issuer-trust');
    if (trust.outcome !== 'warn' || !isKeyName(issuerID)) {
      return;
    }
    const origin = isObject(j.doc.issuer) ? originOf(stringOf(j.doc.issuer, 'url')) : undefined;
    if (!origin || !j.work.mayAsk(origin)) {
      return;
    }
    if (await this.found.get(`${issuerID} ${origin}`, () => this.find(origin, issuerID))) {
      j.r.set('issuer-trust', result('warn', looksLike(origin) ? 'issuer-lookalike' : 'issuer-linked', {host: quote(hostOf(origin))}));
    }
  }

  private async find(origin: string, issuerID: string): Promise<boolean> {
    try {
      const doc = parseObject(await this.by.load(`${origin}/.well-known/did-configuration.json`));
      for (const link of (Array.isArray(doc.linked_dids) ? doc.linked_dids : []).slice(0, maxLinks)) {
        if (await this.isLink(link, origin, issuerID)) {
          return true;
        }
      }
    } catch {
      // It says nothing.
    }
    return false;
  }

  private async isLink(link: Value, origin: string, issuerID: string): Promise<boolean> {
    let o: Opened;
    if (typeof link === 'string') {
      o = await openCompact(link);
    } else if (isObject(link)) {
      o = await openObject(link);
    } else {
      return false;
    }
    const {doc} = o;
    if (o.refused || !doc || !hasType(doc, 'DomainLinkageCredential') || idOf(doc.issuer) !== issuerID || (doc.id != null && !o.jws)) {
      return false;
    }
    const subject = firstSubject(doc);
    if (stringOf(subject, 'id') !== issuerID || stringOf(subject, 'origin').replace(/\/$/, '') !== origin) {
      return false;
    }
    const j = new Judgement(this.by, o);
    if (rank(worst([checkStructure(j), await checkContexts(j), checkDates(j)]).outcome) > rank('warn')) {
      return false;
    }
    const {signature, key} = await secured(j, issuerID);
    return good(signature) && good(key);
  }
}
