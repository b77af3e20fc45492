// The script of a public award's page. Everything the page is for works without
// it; with it there are buttons to copy, share, print, and get all files at once.

import {inOwnLanguage} from './definition';
import {fileName, stemOf, wire} from './take';
import {maxImage} from '../verifier/constants';
import type {Entry} from './zip';

let stem = 'award';
let when = new Date(0);

/** Fetches the files that the page links to. */
async function files(): Promise<Entry[]> {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('a[data-download]')];
  const got = await Promise.all(links.map(async a => ({kind: a.dataset.download!, bytes: await get(a.href)})));
  name(got.find(f => f.kind === 'credential.json')?.bytes);
  return got.map(({kind, bytes}) => ({name: fileName(stem, kind), bytes}));
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

wire(document, {files, stem: () => stem, when: () => when});
inOwnLanguage(document, navigator.languages);
