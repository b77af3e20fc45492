// The page asks its own site, and another host only when the visitor has said
// so.

import {maxFetched, maxImage} from '../verifier/constants';
import {fetchLimited, Refused} from './fetched';
import {isObject, type Doc, type Value} from '../verifier/json';
import {didMethod, webURL} from '../verifier/did';
import {idOf, stringOf} from '../verifier/text';

export class Network {
  private readonly allowed = new Set<string>();
  /** Hosts that were needed and may not be asked yet. */
  readonly wanted = new Set<string>();
  /** What was asked for: files of this site, and other hosts. */
  asked: string[] = [];
  /** Other hosts that did not give what they were asked for. */
  readonly failed = new Set<string>();
  /** Of many credentials that are judged one after the other: what was asked for, so
   * that it is asked for once. */
  kept: Map<string, Promise<Uint8Array>> | undefined;

  /** Where the page finds the site, and the site's URL as its credentials name it. */
  readonly root: URL;
  readonly base: string;

  /** The page's element says both, in data-root and data-base. */
  constructor({dataset}: HTMLElement) {
    this.root = new URL(dataset.root ?? './', location.href);
    this.root.hash = this.root.search = '';
    this.base = (dataset.base || this.root.href).replace(/\/?$/, '/');
  }

  /** Gets a document for the verifier. */
  async load(url: string): Promise<Uint8Array> {
    if (!url.startsWith('https://')) {
      throw new Error('not available');
    }
    return this.get(url, maxFetched);
  }

  /** Gets a file the visitor named. */
  async file(url: string): Promise<Uint8Array> {
    return this.get(url, maxImage);
  }

  /** Gets what lies beside a credential on its issuer's site and says where it is in the
   * log. That it is not there has to be the site's answer. */
  async logFile(credential: string): Promise<Uint8Array | 'missing'> {
    return this.file(new URL('log.json', credential).href).catch((e: unknown) => {
      if (e instanceof Refused && (e.status === 404 || e.status === 410)) {
        return 'missing';
      }
      throw e;
    });
  }

  private async get(url: string, limit: number): Promise<Uint8Array> {
    const own = this.own(url);
    const host = own ? '' : hostOfURL(url);
    if (!own && host === undefined) {
      throw new Error('not an address that may be asked');
    }
    if (!own && !this.allowed.has(host!)) {
      this.wanted.add(host!);
      throw new Error('that host was not asked');
    }
    this.asked.push(own ? own.pathname : host!);
    const asking = this.kept?.get(url) ?? fetchLimited(own ?? new URL(url), limit, own !== undefined);
    this.kept?.set(url, asking);
    try {
      return await asking;
    } catch (e) {
      if (host) {
        this.failed.add(host);
      }
      throw e;
    }
  }

  /** Where a URL of this site is to be had from, undefined for others. */
  own(url: string): URL | undefined {
    let u: URL;
    try {
      u = new URL(url);
    } catch {
      return undefined;
    }
    u.hash = '';
    for (const home of [new URL(this.base), this.root]) {
      if (u.origin === home.origin && u.pathname.startsWith(home.pathname)) {
        const there = new URL(this.root);
        there.pathname += u.pathname.slice(home.pathname.length);
        there.search = u.search;
        return there.pathname.startsWith(this.root.pathname) ? there : undefined;
      }
    }
    return undefined;
  }

  /** A URL of this site as its credentials name it; others stay as they are. */
  published(url: string): string {
    return url.startsWith(this.root.href) ? this.base + url.slice(this.root.href.length) : url;
  }

  allow(hosts: Iterable<string>): void {
    for (const host of hosts) {
      this.allowed.add(host);
    }
    this.wanted.clear();
  }

  /** Notes every host that a document will need, so that the visitor is asked
   * once. */
  foresee(v: Value | undefined): void {
    if (Array.isArray(v)) {
      v.forEach(item => this.foresee(item));
    } else if (isObject(v)) {
      this.foreseeIssuer(idOf(v.issuer));
      this.need(stringOf(v, 'statusListCredential'));
      this.need(isObject(v.status_list) ? stringOf(v.status_list, 'uri') : ''); // of an SD-JWT
      Object.values(v as Doc).forEach(item => this.foresee(item));
    }
  }

  private foreseeIssuer(id: string): void {
    this.need(didMethod(id) === 'web' ? webURL(id) ?? '' : id);
  }

  private need(url: string): void {
    const host = url.startsWith('https://') && !this.own(url) ? hostOfURL(url) : undefined;
    if (host !== undefined && !this.allowed.has(host)) {
      this.wanted.add(host);
    }
  }
}

/** The host of an https URL that names one by DNS; addresses and names without a
 * dot are of somebody's own network. */
export function hostOfURL(url: string): string | undefined {
  try {
    const u = new URL(url);
    const labels = u.hostname.split('.');
    const good = u.protocol === 'https:' && u.username === '' && u.password === '' && labels.length > 1 &&
      !u.hostname.startsWith('[') && !/^\d+$/.test(labels.at(-1)!) && !/\.(local|localhost|internal|home\.arpa)$/.test(u.hostname);
    return good ? u.host : undefined;
  } catch {
    return undefined;
  }
}
