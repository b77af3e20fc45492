// Makes the certificate that is a file, as laurel deliver writes it, of an award
// that a page shows. What all such files have in common is published once, in a
// kit for each language; the sheet and the credential are the page's, and the issuer's
// keys, the status list and the pictures the site's.

import type {Network} from './network';
import {idOf, objectOf, stringOf} from '../verifier/text';
import {isObject, parseObject, type Doc, type Value} from '../verifier/json';
import {toBase64url} from '../verifier/url';
import {webURL} from '../verifier/did';
import {day} from './words';

/** Is published in assets/, as render/file.go writes it. */
interface Kit {
  html: string;
  data: {verifier: Record<string, string>; [name: string]: unknown};
  script: string;
  style: string;
}

/** Returns the file's text. The button names the kit, and where the sheet's code
 * leads. Throws an Error where something cannot be had. */
export async function certificate(network: Network, {dataset}: HTMLElement, shown: Element, credential: Uint8Array): Promise<string> {
  const text = async (path: string) => new TextDecoder().decode(await network.file(new URL(path, network.root).href));
  const kit = JSON.parse(await text(dataset.certificate ?? '')) as Kit;
  const doc = parseObject(credential);
  const [script, style, did, list] = await Promise.all([text(kit.script), text(kit.style), ...[
    webURL(idOf(doc.issuer)) ?? '', stringOf(objectOf(doc, 'credentialStatus'), 'statusListCredential'),
  ].map(async url => new TextDecoder().decode(await network.load(url)))]) as [string, string, string, string];
  // In a document of its own, what is set here is not loaded.
  const sheet = document.implementation.createHTMLDocument('').importNode(shown, true);
  for (const a of sheet.querySelectorAll('a[href]')) {
    a.setAttribute('href', network.published(new URL(a.getAttribute('href')!, location.href).href));
  }
  // What stands for the pictures in the sheet's markup, and what they are.
  const urls: Record<string, string> = {};
  const pictures: Record<string, string> = {};
  for (const img of sheet.querySelectorAll('img')) {
    const url = await picture(network, img.getAttribute('src') ?? undefined);
    const stand = `laurel-picture-${Object.keys(urls).length}`;
    if (url === none) {
      img.remove();
    } else {
      img.setAttribute('src', stand);
      urls[stand] = url;
      pictures[stand] = toBase64url(await digest(url));
    }
  }
  const markup = sheet.outerHTML;
  // What the issuer set beside what was signed is said by the page alone.
  const set = [...sheet.querySelectorAll('[data-set], [data-set] *')].flatMap(e => [e.getAttribute('alt') ?? '', e.childElementCount === 0 ? e.textContent ?? '' : '']).filter(Boolean);
  const labels = {...kit.data.sheet as Record<string, string>, ...Object.fromEntries(set.map((text, i) => [`set.${i}`, text]))};
  const data = {...kit.data, sheet: labels, markup, style: toBase64url(await digest(style)), pictures};
  const whole = `const laurelFile = ${json(data)};\n${script}`;
  const slots: Record<string, string> = {
    'script-hash': await policy(whole), 'style-hash': await policy(style), script: whole, style,
    sheet: pictureSources(markup, urls), verify: escaped(dataset.verify ?? ''), date: escaped(day(stringOf(parseObject(new TextEncoder().encode(list)), 'validFrom'), kit.data.verifier)),
    documents: quoted(JSON.stringify(await judgedWith(network, doc))),
    credential: quoted(new TextDecoder().decode(credential)), did: quoted(did), list: quoted(list),
  };
  return kit.html.replace(/<title>[^<]*<\/title>/, () => `<title>${escaped(document.title)}</title>`)
    .replace(/laurel--([a-z-]+?)--/g, (slot, name: string) => slots[name] ?? slot);
}

/** The keys and status lists with which endorsements and other credentials inside of one are judged,
 * as far as this site has them. */
async function judgedWith(network: Network, doc: Doc): Promise<string[]> {
  const urls = new Set<string>();
  const walk = (v: Value, inner: boolean): void => {
    if (Array.isArray(v)) {
      v.forEach(item => walk(item, inner));
    } else if (isObject(v)) {
      if (inner) {
        [webURL(idOf(v.issuer)) ?? '', stringOf(objectOf(v, 'credentialStatus'), 'statusListCredential')].forEach(url => urls.add(url));
      }
      Object.entries(v).forEach(([name, item]) => walk(item, name === 'endorsement' || name === 'verifiableCredential'));
    }
  };
  walk(doc, false);
  [webURL(idOf(doc.issuer)), stringOf(objectOf(doc, 'credentialStatus'), 'statusListCredential')].forEach(url => urls.delete(url ?? '')); // is there
  return Promise.all([...urls].filter(url => url !== '' && network.own(url)).map(async url => new TextDecoder().decode(await network.load(url))));
}

const none = 'data:image/svg+xml;base64,';

/** The picture at an address as a data: URL, in its form as SVG, which every picture
 * of the site has; without bytes if it is not to be had. */
async function picture(network: Network, src: string | undefined): Promise<string> {
  if (src === undefined) {
    return none;
  }
  try {
    const bytes = await network.file(new URL(src.replace(/\.[a-z]+$/, '.svg'), location.href).href);
    return none + base64(bytes);
  } catch {
    return none;
  }
}

/** The sheet as it stands in the page, with its pictures. */
function pictureSources(markup: string, urls: Record<string, string>): string {
  return Object.entries(urls).reduce((html, [stand, url]) => html.replaceAll(`src="${stand}"`, () => `src="${url}"`), markup);
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

/** What a policy allows an element by. */
async function policy(text: string): Promise<string> {
  return `sha256-${base64(await digest(text))}`;
}

function base64(bytes: Uint8Array): string {
  const text = toBase64url(bytes).replaceAll('-', '+').replaceAll('_', '/');
  return text + '='.repeat((4 - text.length % 4) % 4);
}

/** JSON that may stand in a script. */
function json(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What stands between the quotes of a JSON string. */
function quoted(text: string): string {
  return json(text).slice(1, -1);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
