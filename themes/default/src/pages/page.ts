// The verify page: takes a credential in whatever way it comes, judges it here,
// and shows the answer.

import {isPNG, isSVG} from '../verifier/bake';
import {safe, trim} from '../verifier/characters';
import {readAll, withoutEnd} from '../verifier/bytes';
import {maxImage, maxSize} from '../verifier/constants';
import type {Case} from '../verifier/core';
import {claimURL} from './claimlink';
import {byID, el, foreign, safeLink} from './dom';
import {Refused} from './fetched';
import {loadCamera, loadMany, loadMarkdown, loadRare, loadVerifier} from './load';
import type {Many, Opened} from './many';
import {Network, hostOfURL} from './network';
import {prepareProse, prose} from './prose';
import {checks, credential, usual, verdictBox, verdictLine} from './show';
import {didMethod, webURL} from '../verifier/did';
import {idOf} from '../verifier/text';
import {issuer} from './issuer';
import {keepFragment} from './languages';
import {codeOf} from '../verifier/report';
import {fromBase64url} from '../verifier/url';
import type {Judged, Place} from '../verifier/judged';
import type {Verifier} from '../verifier/verify';
import {compareFiles, type Compared} from './related';
import {addVerdicts, moment, t} from './words';

class Page {
  /** Finds files that came together with the one that is judged. */
  private atHand: Opened['atHand'] | undefined;
  /** Many files that were handed in together, while they or one of them are shown. */
  private many: Many | undefined;
  private readonly app = byID('verify-app');
  private readonly out = byID('verify-out');
  private readonly live = byID('verify-live');
  private readonly text = byID<HTMLTextAreaElement>('verify-text');
  private readonly file = byID<HTMLInputElement>('verify-file');
  private readonly network = new Network(this.app);
  /** Counts what was handed in, so that an answer that comes late is dropped. */
  private turn = 0;
  private camera: AbortController | undefined;

  start(): void {
    void loadVerifier(this.app).catch(() => undefined); // said when it is needed
    byID('verify-off').hidden = true;
    this.app.hidden = false;
    for (const input of [this.file, byID<HTMLInputElement>('verify-folder')]) {
      input.addEventListener('change', () => {
        void this.takeFiles(input.files);
        input.value = '';
      });
    }
    byID('verify-go').addEventListener('click', () => void this.takeText(this.text.value, true));
    this.text.addEventListener('keydown', e => {
      if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
        void this.takeText(this.text.value, true);
      }
    });
    this.listenForDrops();
    document.addEventListener('paste', e => this.paste(e));
    const scan = byID<HTMLButtonElement>('verify-scan');
    scan.hidden = !navigator.mediaDevices?.getUserMedia;
    scan.addEventListener('click', () => void this.scan());
    addEventListener('hashchange', () => this.openFragment());
    keepFragment(() => location.hash);
    this.openFragment();
  }

  private listenForDrops(): void {
    const zone = byID('verify-drop');
    addEventListener('dragover', e => {
      e.preventDefault();
      zone.classList.add('over');
    });
    addEventListener('dragleave', e => {
      if (!e.relatedTarget) {
        zone.classList.remove('over');
      }
    });
    addEventListener('drop', e => {
      e.preventDefault();
      zone.classList.remove('over');
      const text = e.dataTransfer?.getData('text/uri-list') || e.dataTransfer?.getData('text/plain');
      if (e.dataTransfer?.files.length) {
        void this.takeFiles(e.dataTransfer.files, [...e.dataTransfer.items].map(item => item.webkitGetAsEntry?.() ?? undefined));
      } else if (text) {
        void this.takeText(text, true);
      }
    });
  }

  /** Takes what is pasted anywhere but into the text field. */
  private paste(e: ClipboardEvent): void {
    const text = e.clipboardData?.getData('text/plain');
    if (e.clipboardData?.files.length) {
      e.preventDefault();
      void this.takeFiles(e.clipboardData.files);
    } else if (text && !(e.target instanceof HTMLTextAreaElement)) {
      void this.takeText(text, true);
    }
  }

  /** #vc= hands in a credential or its address, #vcz= one that is compressed, # and
   * a UUID names an award of this site: that is what the QR code of a certificate
   * leads to. A credential is taken out of the address, and so of the history: it may
   * be a sealed one, which who comes to the browser next is not to find there. */
  private openFragment(): void {
    const m = handedIn.exec(location.hash);
    if (m) {
      void this.takeFragment(m, text => {
        if (!address.test(trim(text))) {
          history.replaceState(history.state, '', location.pathname + location.search);
        }
      });
      return;
    }
    const id = uuid.exec(location.hash.slice(1));
    if (id) {
      const root = this.network.root;
      void this.takeURL(new URL(awardFile(id[0]), root).href, false);
    }
  }

  /** Takes what stands behind #vc= or #vcz=, after it was seen. */
  private async takeFragment([, form, written]: RegExpExecArray, see: (text: string) => void): Promise<void> {
    if (form === 'z') {
      see('');
      await this.judge(new TextEncoder().encode(trim(await unpackedText(written!))));
      return;
    }
    const text = fragmentText(written!);
    see(text);
    await this.takeText(text, false);
  }

  /** Takes a file, or many: with folders and archives, of which the browser tells the
   * entries of a drop. */
  private async takeFiles(files: FileList | null, entries: (FileSystemEntry | undefined)[] = []): Promise<void> {
    const list = [...files ?? []];
    const folders = entries.filter(entry => entry !== undefined && entry.isDirectory) as FileSystemEntry[];
    const loose = folders.length > 0 ? list.filter((_, i) => !entries[i]?.isDirectory) : list;
    const turn = ++this.turn;
    const [file] = list;
    if (!file) {
      return;
    }
    const head = list.length > 1 || folders.length > 0 || file.webkitRelativePath ? '' : await file.slice(0, 4).text();
    if (turn !== this.turn) {
      return;
    }
    if (head === '' || /^PK(?:\x03\x04|\x05\x06)/.test(head)) {
      await this.takeMany(loose, folders);
    } else if (file.size > maxImage) {
      this.say(t('error.large'));
    } else {
      this.atHand = undefined;
      await this.judge(new Uint8Array(await file.arrayBuffer()), file);
    }
  }

  /** Takes many files: what lists them is loaded only now. */
  private async takeMany(files: File[], folders: FileSystemEntry[]): Promise<void> {
    const turn = this.begin();
    try {
      const [{Many}, {isClaim, Verifier}] = await Promise.all([loadMany(this.app), loadVerifier(this.app)]);
      if (turn === this.turn) {
        this.many = new Many({
          out: this.out, live: this.live, network: this.network,
          verifier: now => new Verifier({now, load: url => this.network.load(url), rare: () => loadRare(this.app)}),
          isClaim, ask: (hosts, go) => this.permission(hosts, go),
          open: async one => {
            this.atHand = one.atHand;
            await this.judge(one.bytes, one.picture, one.place, one);
          },
          close: () => {
            this.turn++;
          },
        });
        await this.many.start(files, folders);
      }
    } catch {
      if (turn === this.turn) {
        this.say(t('error.loading'));
      }
    }
  }

  /** Takes text: a credential, or the address of one. told says that the visitor
   * named the address, not a link that was followed here. */
  private async takeText(given: string, told: boolean): Promise<void> {
    this.atHand = undefined;
    const text = completed(trim(given));
    if (text === '') {
      this.say(t('error.empty'));
      this.text.focus();
      return;
    }
    const claim = /^(?:[{[]|eyJ)/.test(text) ? undefined : claimURL(text);
    if (claim !== undefined) {
      this.sayClaim(claim);
      return;
    }
    if (!address.test(text)) {
      await this.judge(new TextEncoder().encode(text));
      return;
    }
    const fragment = handedIn.exec(text);
    if (fragment) {
      await this.takeFragment(fragment, () => undefined);
      return;
    }
    const award = verifyLink.exec(text);
    await this.takeURL(award ? award[1]! + awardFile(award[2]!) : text, told);
  }

  /** A claim link holds a key, which is for the page that it leads to. */
  private sayClaim(link: string): void {
    const url = this.network.own(link);
    if (url) {
      url.hash = new URL(link).hash;
    }
    this.say(t('error.claim'));
    this.out.append(el('p', {}, el('a', {class: 'button button-main', href: url?.href ?? safeLink(link)}, t('error.claim.open'))));
  }

  private async takeURL(url: string, told: boolean): Promise<void> {
    this.atHand = undefined;
    const own = this.network.own(url);
    const host = own ? undefined : hostOfURL(url);
    if (!own && host === undefined) {
      this.say(t('error.address'));
      return;
    }
    if (host !== undefined && !told) {
      this.ask([host], () => void this.takeURL(url, true));
      return;
    }
    const turn = this.begin();
    if (host !== undefined) {
      this.network.allow([host]);
    }
    try {
      const bytes = await this.getCredential(url);
      if (turn === this.turn) {
        await this.judge(bytes, undefined, site => this.beside(url, site));
      }
    } catch (e) {
      if (turn === this.turn && own && e instanceof Refused && (e.status === 404 || e.status === 410)) {
        await this.sayMissing(own, turn);
      } else if (turn === this.turn) {
        this.say(t('error.fetch', {host: host ?? location.host, reason: e instanceof Error ? e.message : ''}));
      }
    }
  }

  /** Says that this site has no such file. Where an award was replaced or
   * withdrawn, a page in its place says so. */
  private async sayMissing(file: URL, turn: number): Promise<void> {
    const page = new URL('.', file).href;
    const gone = awardFolder.test(page) && await this.network.file(page).then(() => true, () => false);
    if (turn !== this.turn) {
      return;
    }
    this.say(t(gone ? 'error.gone' : 'error.missing'));
    if (gone) {
      this.out.append(el('p', {}, el('a', {class: 'button button-main', href: page}, t('error.gone.open'))));
    }
  }

  /** Gets the credential of an address; a page of an award has it beside it. */
  private async getCredential(url: string): Promise<Uint8Array> {
    const bytes = await this.network.file(url);
    const head = trim(new TextDecoder().decode(bytes.subarray(0, 512))).toLowerCase();
    if (head.startsWith('<!doctype html') || head.startsWith('<html')) {
      const beside = new URL('credential.json', url).href;
      return this.network.file(beside).catch(() => bytes);
    }
    return bytes;
  }

  private begin(of?: Opened): number {
    this.stopCamera();
    if (!of) {
      this.leaveMany();
    }
    this.out.replaceChildren(el('p', {class: 'vbusy'}, t('busy')));
    this.out.hidden = false;
    return ++this.turn;
  }

  /** Forgets the files that were handed in together. */
  private leaveMany(): void {
    this.many?.leave();
    this.many = undefined;
    this.network.kept = undefined;
  }

  /** Says something that is no verdict. */
  private say(message: string): void {
    this.turn++;
    this.leaveMany();
    this.out.replaceChildren(el('p', {class: 'vnote', role: 'alert'}, message));
    this.out.hidden = false;
  }

  /** Judges a document, with what may have come with it of its place in the log; of is
   * the list that it was opened from. */
  private async judge(bytes: Uint8Array, picture?: Blob, place?: Place, of?: Opened): Promise<void> {
    const turn = this.begin(of);
    this.network.asked = [];
    this.network.failed.clear();
    this.network.wanted.clear();
    let verifier: Verifier;
    try {
      verifier = new (await loadVerifier(this.app)).Verifier({now: of?.now ?? new Date(), load: url => this.network.load(url), rare: () => loadRare(this.app)});
    } catch {
      if (turn === this.turn) {
        this.say(t('error.loading'));
      }
      return;
    }
    const list = of?.judged ? [of.judged] : await verifier.all(bytes, place);
    if (turn !== this.turn) {
      return;
    }
    if (list.length > 1 && !of) {
      await this.takeMany([new File([bytes as Uint8Array<ArrayBuffer>], picture instanceof File ? picture.name : t('many.pasted'))], []);
      return;
    }
    const judged = list.find(j => j.item === of?.item) ?? list[0]!;
    if (!judged.doc && (picture || isPNG(bytes)) && !isSVG(bytes)) {
      const text = await this.readPicture(picture ?? new Blob([bytes as Uint8Array<ArrayBuffer>]));
      if (turn !== this.turn) {
        return;
      }
      if (text !== undefined) {
        await this.takeText(text, false);
        return;
      }
    }
    if (judged.report.verdict !== 'invalid') {
      this.network.foresee(judged.doc);
    }
    const [files] = await Promise.all([compareFiles(judged, async (id, name) => this.fileOf(id, name)), prepareProse(judged, () => loadMarkdown(this.app))]);
    if (turn === this.turn) {
      const wanted = [...this.network.wanted];
      this.show(judged, verifier, files, () => {
        of?.granted(wanted);
        void this.judge(bytes, undefined, place, of);
      });
      if (of) {
        this.out.prepend(of.bar);
      }
    }
  }

  /** The log's file beside a credential, if that is from its issuer's site. */
  private async beside(from: string, site: string): Promise<Uint8Array | 'missing' | undefined> {
    const [there, home] = [this.network.own(from)?.href ?? from, this.network.own(site)?.href ?? site];
    return there.startsWith(home) && !/[?#]/.test(there) ? this.network.logFile(there) : undefined;
  }

  /** A file that the visitor handed in together with the credential, or one of this
   * site. */
  private async fileOf(id: string, name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return await this.atHand?.(name) ?? (this.network.own(id) ? new Uint8Array(await this.network.file(id)) : undefined);
  }

  /** Shows the verdict, then what the credential says, then the checks. */
  private show(judged: Judged, verifier: Verifier, files: Compared, again: () => void): void {
    const {verdict} = judged.report;
    const wanted = verdict === 'undetermined' ? [...this.network.wanted] : [];
    const silent = verdict === 'undetermined' && wanted.length === 0 && this.network.failed.size > 0;
    const told = wanted.length > 0 ? {word: t('verdict.ask'), why: t('verdict.ask.text'), step: t('verdict.ask.next')} : silent ? {step: t('hint.later')} : {};
    const box = verdictBox(judged, verifier.lists.ages.at(-1)?.ms, told);
    const parts: HTMLElement[] = [box];
    if (wanted.length > 0) {
      parts.push(this.permission(wanted, again));
    } else if (silent) {
      const button = el('button', {type: 'button', class: 'button'}, t('verdict.again'));
      button.addEventListener('click', again);
      parts.push(el('div', {class: 'vnote'}, el('p', {}, t('ask.failed', {host: [...this.network.failed].map(name => safe(name)).join(', ')})), el('p', {}, button)));
    }
    if (judged.doc) {
      if (verdict !== 'valid') {
        parts.push(el('p', {class: 'vwarning'}, t(judged.report.passed('proof') && judged.report.passed('issuer-key') ? 'says.signed' : 'says.unproven')));
      }
      parts.push(credential(judged, {image: url => this.network.own(url)?.href, files, prose, checks}));
      parts.push(...[issuer(judged, this.ofSite(judged))].filter(part => part !== undefined));
    }
    const worth = judged.doc && verdict !== 'valid' || judged.report.checks.some(c => c.outcome === 'warn' && !usual(codeOf(c)));
    parts.push(el('details', {class: 'vreport', open: worth ? '' : undefined}, el('summary', {}, el('h2', {}, t('checks'))), checks(judged)));
    const asked = [...new Set(this.network.asked.map(name => name.startsWith('/') ? t('asked.own') : safe(name)))].join(', ');
    parts.push(el('p', {class: 'hint'}, t('made', {when: moment(Date.now())}), ' ', asked ? t('asked', {what: asked}) : t('asked.none')));
    this.out.replaceChildren(...parts);
    this.live.textContent = verdictLine(box);
    box.querySelector('h2')?.focus();
    box.scrollIntoView({block: 'start'});
  }

  /** Tells a credential of this site's own issuer. */
  private ofSite(j: Judged): boolean {
    const id = j.doc ? idOf(j.doc.issuer) : '';
    return this.network.own(didMethod(id) === 'web' ? webURL(id) ?? '' : id) !== undefined;
  }

  private ask(hosts: string[], go: () => void): void {
    this.begin();
    const panel = this.permission(hosts, go);
    this.out.replaceChildren(panel);
    panel.querySelector('button')?.focus();
  }

  /** Says which hosts would have to be asked, and asks them when told to. */
  private permission(hosts: string[], go: () => void): HTMLElement {
    const button = el('button', {type: 'button', class: 'button button-main'}, t('ask.button'));
    button.addEventListener('click', () => {
      this.network.allow(hosts);
      go();
    });
    return el('section', {class: 'vask', 'aria-labelledby': 'ask'},
      el('h2', {id: 'ask'}, t('ask')),
      el('p', {}, t('ask.text')),
      el('ul', {}, ...hosts.map(host => el('li', {}, foreign('code', safe(host), {dir: 'ltr'})))),
      el('p', {}, button));
  }

  private async readPicture(picture: Blob): Promise<string | undefined> {
    try {
      return await (await loadCamera(this.app)).readPicture(picture);
    } catch {
      return undefined; // no picture that the browser knows
    }
  }

  /** Holds the camera over a code until one is seen. */
  private async scan(): Promise<void> {
    this.stopCamera();
    const turn = this.begin();
    this.camera = new AbortController();
    const stop = this.camera;
    const video = el('video', {playsinline: '', 'aria-label': t('camera')}) as HTMLVideoElement;
    video.muted = true;
    const button = el('button', {type: 'button', class: 'button'}, t('camera.stop'));
    button.addEventListener('click', () => {
      this.stopCamera();
      this.out.hidden = true;
      byID('verify-scan').focus();
    });
    this.out.replaceChildren(el('div', {class: 'vcamera'}, video, el('p', {role: 'status'}, t('camera.text')), button));
    button.focus();
    try {
      const text = await (await loadCamera(this.app)).readCamera(video, stop.signal);
      if (text !== undefined && turn === this.turn) {
        await this.takeText(text, false);
      }
    } catch {
      if (turn === this.turn) {
        this.say(t('error.camera'));
      }
    }
  }

  private stopCamera(): void {
    this.camera?.abort();
    this.camera = undefined;
  }
}

/** Text with https:// before it, if it is an address that lacks only that: a host with
 * a dot in its name, then a slash. */
function completed(text: string): string {
  return /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]*\/\S*$/u.test(text) ? `https://${text}` : text;
}

const address = /^https?:\/\/\S+$/i;

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A link to the verify page of a site, and the award that it names. */
const verifyLink = /^(https?:\/\/[^?#]*\/)verify\/(?:index\.html)?#([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** The folder of a public award. */
const awardFolder = /\/awards\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/$/;

/** Where a site has the credential of a public award, from its root. */
function awardFile(id: string): string {
  return `awards/${id.toLowerCase()}/credential.json`;
}

/** An address that hands in a credential. */
const handedIn = /#vc(z?)=(.+)$/s;

/** What stands behind #vcz=: the base64url of text that is compressed (RFC 1951). What
 * is not that stays as it is, and is told to be no credential. */
async function unpackedText(s: string): Promise<string> {
  try {
    const stream = new Blob([fromBase64url(withoutEnd(s, '=')) as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    return new TextDecoder('utf-8', {fatal: true}).decode(await readAll(stream.getReader(), maxSize));
  } catch {
    return s;
  }
}

/** What stands behind #vc=: the base64url of JSON, a JWS, or an address. */
function fragmentText(s: string): string {
  const bytes = fromBase64url(withoutEnd(s, '='));
  if (bytes && (bytes[0] === 0x7b || bytes[0] === 0x65)) {
    try {
      return new TextDecoder('utf-8', {fatal: true}).decode(bytes);
    } catch {
      // not the base64url of text
    }
  }
  try {
    return decodeURIComponent(s);
  } catch {
    return s;
  }
}

/** With #test the page judges cases of a test: what an event "laurel:verify" has
 * in its detail, bytes and documents in base64, is answered by an event
 * "laurel:verified" with the report in its detail. Nothing is shown or fetched. */
function listenForTests(): void {
  addEventListener('laurel:verify', event => {
    const {id, data, documents, at} = (event as CustomEvent).detail as {id: string; data: string; documents?: Record<string, string>; at?: string};
    const bytes = (s: string) => Uint8Array.from(atob(s), c => c.charCodeAt(0));
    const c: Case = {
      bytes: bytes(data), documents: Object.entries(documents ?? {}).map(([url, d]) => ({url, bytes: bytes(d)})), ...(at ? {at} : {}),
    };
    const app = byID('verify-app');
    loadVerifier(app).then(({judge}) => judge(c, t, () => loadRare(app))).then(
      report => dispatchEvent(new CustomEvent('laurel:verified', {detail: {id, ...report}})),
      (error: unknown) => dispatchEvent(new CustomEvent('laurel:verified', {detail: {id, error: String(error)}})));
  });
}

if (addVerdicts()) {
  if (location.hash === '#test') {
    listenForTests();
  }
  new Page().start();
} else {
  const off = byID('verify-off');
  off.textContent = off.dataset.failed ?? '';
}
