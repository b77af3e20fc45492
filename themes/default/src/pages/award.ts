// The script of a public award's page. Everything the page is for works without
// it; with it there are buttons to copy, share, print, and get all files at once.

import {certificate} from './certificate';
import {inOwnLanguage} from './definition';
import {Network} from './network';
import {evidenceName, fileName, stemOf, wire} from './take';
import {maxImage} from '../verifier/constants';
import type {Entry} from './zip';

let stem = 'award';
let when = new Date(0);

/** Fetches the files that the page links to, and makes the certificate. */
async function files(button: HTMLElement): Promise<Entry[]> {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('a[data-download], a[data-file]')];
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

wire(document, {files, text, stem: () => stem, when: () => when});
inOwnLanguage(document, navigator.languages);
