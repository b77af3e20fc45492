// The script of a certificate that is a file. It judges the credential that
// stands in the file by the keys and the status list that stand beside it, at
// the reader's clock, and asks nobody for anything. Then it makes the page anew:
// the sheet that laurel wrote, which it brings itself, if that and what stands in
// the file say what was signed, and all other words from what it brings. Nothing
// else of the file is shown, so that what was changed in it is either refused or
// gone; where the credential is not good, there is no sheet.
//
// All of this is in the reader's hands: whoever can change the file can change
// the script. So it always leads to the issuer's site as well, and says so.

import {given} from '../verifier/core';
import {webURL} from '../verifier/did';
import {claimFragment, readClaimLink} from './claimlink';
import {el, type Child} from './dom';
import {openObject} from '../verifier/forms';
import {parseObject, type Doc} from '../verifier/json';
import {unsigned} from './sheet';
import {checks, credential, verdictBox} from './show';
import {good as counts, stateAt, type State} from './state';
import {codeOf, result} from '../verifier/report';
import {firstSubject, idOf, objectOf, stringOf, subjectName} from '../verifier/text';
import {toBase64url} from '../verifier/url';
import type {Judged} from '../verifier/judged';
import {Verifier} from '../verifier/verify';
import {addWords, day, t, timeOf} from './words';

/** What stands before this script, and so is covered by the same digest: all
 * words that it may say, the sheet, and the digests of what it takes from the
 * page. */
declare const laurelFile: {
  language: string;
  dir: string;
  /** How the award stood when the file was made. */
  said: string;
  /** The theme's words: the verifier's, the file's, and those of a sheet. */
  verifier: Record<string, string>;
  file: Record<string, string>;
  sheet: Record<string, string>;
  /** SHA-256 in base64url: of the style, and of the pictures' addresses by what stands
   * for them in the markup. */
  style: string;
  pictures: Record<string, string>;
  /** The sheet as laurel wrote it; its pictures are in the page. */
  markup: string;
};

/** All that is taken from the page that the file came with. */
interface Came {
  credential: Uint8Array;
  did: Uint8Array;
  list: Uint8Array;
  /** What endorsements in the credential are judged with. */
  documents: Uint8Array[];
  /** Where it says to check. */
  verify: string;
  sheets: Element[];
  /** The pictures of the sheet, as data: URLs, and their digests. */
  pictures: {src: string; digest: string}[];
  style: HTMLStyleElement | undefined;
}

async function digest(text: string): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
}

async function came(): Promise<Came> {
  const bytes = (id: string) => new TextEncoder().encode(JSON.parse(document.getElementById(id)?.textContent ?? '') as string);
  const [style, ...more] = document.querySelectorAll('style');
  return {
    credential: bytes('file-credential'), did: bytes('file-did'), list: bytes('file-list'),
    documents: (JSON.parse(new TextDecoder().decode(bytes('file-documents'))) as string[]).map(text => new TextEncoder().encode(text)),
    verify: document.body.dataset.verify ?? '', sheets: [...document.querySelectorAll('.sheet')],
    pictures: await Promise.all([...document.querySelector('.sheet')?.querySelectorAll('img') ?? []].map(async img => {
      const src = img.getAttribute('src') ?? '';
      return {src, digest: src.startsWith('data:image/svg+xml;base64,') ? await digest(src) : ''};
    })),
    style: more.length === 0 && style && await digest(style.textContent ?? '') === laurelFile.style ? style : undefined,
  };
}

/** Puts a page into the place of the one that came: its head and body are new,
 * and of its attributes none are left. */
function show(title: string, style: HTMLStyleElement | undefined, state: State, verdict: string, ...content: Child[]): void {
  const root = document.documentElement;
  root.getAttributeNames().forEach(name => root.removeAttribute(name));
  root.lang = laurelFile.language;
  root.dir = laurelFile.dir;
  const meta = (name: string, value: string) => el('meta', {name, content: value});
  root.replaceChildren(
    el('head', {}, meta('viewport', 'width=device-width, initial-scale=1'), meta('referrer', 'no-referrer'), meta('color-scheme', 'light dark'),
      el('title', {}, title), style),
    el('body', {class: 'page-award page-file'}, el('main', {id: 'content'}, el('article', {class: classes(state)}, ...content))));
  if (verdict !== '') {
    root.dataset.verdict = verdict;
  }
}

/** The part above the sheet: verdict, what it rests on, and where it leads. */
function head(verify: string, listed: string, ...verdict: Child[]): HTMLElement {
  return el('section', {class: 'file-head', 'aria-labelledby': 'file-title'},
    el('p', {class: 'label', id: 'file-title'}, t('file.title')),
    el('div', {id: 'file-verdict'}, ...verdict),
    el('p', {class: 'visually-hidden', id: 'file-live', role: 'status'}),
    el('p', {class: 'file-note'}, listed !== '' && t('file.asof', {date: listed}), ' ',
      verify !== '' && el('a', {href: verify, rel: 'noopener noreferrer'}, t('file.today'))),
    el('p', {class: 'hint'}, t('file.caution')));
}

/** The site that signed, by the name that it signed with. */
function siteOf(doc: Doc): string {
  return webURL(idOf(doc.issuer))?.replace(/(?:\.well-known\/)?did\.json$/, '') ?? '';
}

/** Where to have the credential checked: what the file says, if that is a page of
 * the site that signed which leads to this credential, else the site's page. The
 * link to a sealed award was not signed; what it opens says whose it is. */
function verifyURL(doc: Doc, said: string): string {
  const base = siteOf(doc);
  if (base === '') {
    return '';
  }
  const page = `${base}verify/`;
  const own = said === `${page}#${stringOf(doc, 'id').replace(/^urn:uuid:/, '')}`;
  const link = readClaimLink(said);
  const sealed = typeof link === 'object' && said === `${base}claim/#${claimFragment(link)}`;
  return own || sealed ? said : page;
}

/** The sheet that was brought along, with the pictures of the page. */
function broughtSheet(pictures: Came['pictures']): Element {
  const sheet = new DOMParser().parseFromString(laurelFile.markup, 'text/html').querySelector('.sheet');
  if (!sheet) {
    throw new Error('there is no sheet');
  }
  for (const img of sheet.querySelectorAll('img')) {
    const wanted = laurelFile.pictures[img.getAttribute('src') ?? ''];
    const src = pictures.find(p => p.digest !== '' && p.digest === wanted)?.src;
    src === undefined ? img.remove() : img.setAttribute('src', src);
  }
  return document.importNode(sheet, true);
}

/** The first thing about the page that came, or about the sheet that was brought
 * along, which is not as it was made. */
function changed(file: Came, brought: Element, doc: Doc, verify: string): string | undefined {
  if (file.sheets.length === 0) {
    return t('file.empty');
  }
  if (!file.style) {
    return 'style';
  }
  const labels = Object.values(laurelFile.sheet);
  return [...file.sheets, brought].map(sheet => unsigned(sheet, doc, labels, verify)).find(text => text !== undefined);
}

/** Whether somebody's signature makes the credential what it says. */
function signedBy({report}: Judged): boolean {
  return (['structure', 'contexts', 'proof', 'issuer-key'] as const).every(name => report.passed(name));
}

/** How the credential stands now: its end may come while the file is open. */
function stateOf({doc, report}: Judged): State {
  const code = codeOf(report.check('status'));
  const status = code === 'revoked' || code === 'suspended' ? code : report.verdict === 'valid' ? report.verdict : 'unknown';
  return stateAt(timeOf(stringOf(doc, 'validFrom')), timeOf(stringOf(doc, 'validUntil')), status, Date.now());
}

function classes(state: State): string {
  return `wrap award is-${state}${counts(state) ? '' : ' not-good'}`;
}

async function main(): Promise<void> {
  addWords(laurelFile.verifier);
  addWords(laurelFile.file, 'file.');
  const file = await came();
  show(t('file.title'), file.style, 'unchecked', '', head('', '', el('p', {class: 'vnote'}, t('busy'))));
  const verifier = new Verifier({
    now: new Date(), load: given([...file.documents, file.did, file.list].map(bytes => ({url: '', bytes}))),
  });
  const judged = await verifier.judge(await openObject(parseObject(file.credential)));
  // The list has one bit for both, and who made the file knew which.
  if (laurelFile.said === 'suspended' && codeOf(judged.report.check('status')) === 'revoked') {
    judged.report.set('status', result('fail', 'suspended'));
  }
  const verify = judged.doc ? verifyURL(judged.doc, file.verify) : '';
  const sheet = broughtSheet(file.pictures);
  const wrong = judged.doc && signedBy(judged) ? changed(file, sheet, judged.doc, verify) : undefined;
  const box = verdictBox(judged, verifier.lists.ages.at(-1)?.ms);
  let listed = '';
  if (judged.report.passed('proof')) {
    const at = new Date(stringOf(parseObject(file.list), 'validFrom'));
    listed = Number.isNaN(at.getTime()) ? '' : day(at);
    const heading = box.querySelector('h2')!;
    heading.textContent = t('file.when', {verdict: heading.textContent ?? '', date: listed});
  }
  if (wrong !== undefined) {
    box.className = 'verdict verdict-invalid';
    box.dataset.verdict = 'invalid';
    box.replaceChildren(el('span', {class: 'vmark vmark-invalid', 'aria-hidden': 'true'}, '✕'), el('div', {},
      el('h2', {id: 'verdict', tabindex: '-1'}, t('verdict.invalid')),
      el('p', {class: 'verdict-text'}, t('file.changed')), el('p', {class: 'verdict-more', dir: 'auto'}, `“${wrong}”`)));
  }
  const good = judged.doc && signedBy(judged);
  const parts = el('div', {class: 'file-parts'},
    good && el('details', wrong === undefined ? {} : {open: ''}, el('summary', {}, t('says')), credential(judged, {image: () => undefined})),
    el('details', {}, el('summary', {}, t('checks')), checks(judged)));
  const top = head(verify, listed, box, parts);
  if (good && wrong === undefined) {
    const subject = firstSubject(judged.doc!);
    const title = [stringOf(objectOf(subject, 'achievement') ?? judged.doc, 'name'), subjectName(subject)].filter(Boolean).join(' – ');
    show([title, stringOf(objectOf(judged.doc, 'issuer'), 'name')].filter(Boolean).join(' · '), file.style, stateOf(judged), judged.report.verdict, top, sheet);
    addEventListener('beforeprint', () => {
      document.querySelector('article')!.className = classes(stateOf(judged));
    });
  } else {
    // Without a sheet the verdict's heading is the page's.
    const h1 = el('h1', {class: 'file-h1', id: 'verdict', tabindex: '-1'}, box.querySelector('h2')!.textContent ?? '');
    box.querySelector('h2')!.replaceWith(h1);
    show(t('file.title'), file.style, 'invalid', wrong === undefined ? judged.report.verdict : 'invalid', top);
  }
  document.getElementById('file-live')!.textContent = `${box.querySelector('#verdict')?.textContent ?? ''}. ${box.querySelector('.verdict-text')?.textContent ?? ''}`;
}

function start(): void {
  main().catch(() => show(t('file.title'), undefined, 'unknown', 'undetermined', head('', '', el('p', {class: 'vnote', role: 'alert'}, t('file.failed')))));
}

// What stands behind the script is read first, so that nothing of it comes later.
if (document.readyState === 'loading') {
  document.addEventListener('DOMContentLoaded', start);
} else {
  start();
}
