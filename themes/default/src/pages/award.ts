// The script of a public award's page. It says how the award stands now, by the clock
// and the issuer's list; without it the page says only what was signed. With it there
// are buttons to check in place, copy, share, print, and get all files at once.

import {certificate} from './certificate';
import {inOwnLanguage} from './definition';
import {foldParts} from './fold';
import {askLists} from './listed';
import {loadCheck, loadVerdicts, loadVerifier} from './load';
import {Network} from './network';
import {StatusLine} from './statusline';
import {evidenceName, fileName, offerWallet, stemOf, wire} from './take';
import {maxImage} from '../verifier/constants';
import type {Entry} from './zip';

let stem = 'award';
let when = new Date(0);

/** Fetches the files that the page links to, and makes the certificate. */
async function files(button: HTMLElement): Promise<Entry[]> {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('[data-tools=good] a[data-download], a[data-file]')];
  const got = await Promise.all(links.map(async a => ({kind: a.dataset.download ?? '', file: a.dataset.file ?? '', bytes: await get(a.href)})));
  const credential = got.find(f => f.kind === 'credential.json')?.bytes;
  const sheet = document.querySelector('.sheet');
  name(credential);
  if (credential && sheet) {
    const canonical = document.querySelector<HTMLLinkElement>('link[rel=canonical]');
    button.dataset.base = new URL(button.dataset.root ?? '', canonical?.href ?? location.href).href;
    got.push({kind: 'certificate.html', file: '', bytes: new TextEncoder().encode(await certificate(new Network(button), button, sheet, credential))});
  }
  return got.map(({kind, file, bytes}) => ({name: kind ? fileName(stem, kind) : evidenceName(file), bytes}));
}

async function text(): Promise<string> {
  return new TextDecoder().decode(await get(document.querySelector<HTMLAnchorElement>('a[data-download="credential.json"]')!.href));
}

async function get(url: string): Promise<Uint8Array> {
  const response = await fetch(url, {credentials: 'omit', referrerPolicy: 'no-referrer', mode: 'same-origin'});
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (!response.ok || bytes.length > maxImage) {
    throw new Error('fetch a file of the page');
  }
  return bytes;
}

/** Takes name and date of the archive from the credential. It is not judged
 * here: nothing of it is shown. */
function name(credential: Uint8Array | undefined): void {
  try {
    const {credentialSubject, validFrom} = JSON.parse(new TextDecoder().decode(credential)) as
      {credentialSubject?: {achievement?: {id?: unknown}}; validFrom?: unknown};
    stem = stemOf(String(credentialSubject?.achievement?.id));
    const from = new Date(String(validFrom));
    when = Number.isNaN(from.getTime()) ? when : from;
  } catch {
    // a page without one: the names stay plain
  }
}

/** Has the button check in place; where that cannot be, its link leads to the verify page. */
function checkInPlace(line: StatusLine): void {
  const button = line.article.querySelector<HTMLAnchorElement>('.status-check');
  button?.addEventListener('pointerenter', () => void loadCheck(button).catch(() => undefined), {once: true});
  button?.addEventListener('click', async e => {
    e.preventDefault();
    if (button.getAttribute('aria-busy') === 'true') {
      return;
    }
    button.setAttribute('aria-busy', 'true');
    try {
      const later = {verifier: loadVerifier(button), verdicts: loadVerdicts(button)};
      await Promise.all(Object.values(later)); // for what fails is told once
      await (await loadCheck(button)).check(button, line, later);
    } catch {
      location.href = button.href;
    }
    button.removeAttribute('aria-busy');
  });
}

const article = document.querySelector<HTMLElement>('article.award');
if (article) {
  foldParts(article);
  const line = new StatusLine(article);
  checkInPlace(line);
  void askLists(line);
  // A page that the browser kept may be shown again after days.
  addEventListener('pageshow', e => e.persisted && void askLists(line));
  // The credential is fetched once somebody looks at what can be done with it.
  article.querySelector('details[data-tools=good]')?.addEventListener('toggle', async () => {
    const credential = await text().catch(() => '');
    const base = article.querySelector<HTMLElement>('.status-check')?.dataset.base;
    if (credential && base) {
      offerWallet(article, base, credential);
    }
  }, {once: true});
}
wire(document, {files, text, stem: () => stem, when: () => when});
inOwnLanguage(document, navigator.languages);
