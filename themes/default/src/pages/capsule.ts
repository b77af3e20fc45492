// Opens sealed awards. The link to one is <name>.<key> behind the # of the claim
// page: the name says which file of the site to get, the key opens it here. The
// key is given to nobody: it is in no request, no other address, no message.

import {readClaimLink, type ClaimLink} from './claimlink';
import {isObject, parseObject, parseWritten, type Doc, type Value} from '../verifier/json';
import {fetchLimited, Refused} from './network';
import {stringOf} from '../verifier/text';
import {fromBase64url} from '../verifier/url';

/** Why a link opened nothing: there is none; it is cut off or mistyped; this site
 * has no such file; the site did not answer; the key is another's, or the file
 * was changed, which the cipher cannot tell apart; the file is no capsule; the
 * browser lacks what opens it. */
export type Trouble = 'none' | 'malformed' | 'missing' | 'unreachable' | 'key' | 'damaged' | 'browser';

export class Unopened extends Error {
  constructor(readonly trouble: Trouble) {
    super(`open a claim link: ${trouble}`);
  }
}

/** One form of an award in every way it was signed. */
export interface Form {
  /** "full", "no-name", … */
  variant: string;
  /** The credential with its proof inside, as it was signed. */
  credential: string;
  /** The credential as a JWT, where there is one. */
  jwt?: string;
  /** What opens this form alone; undefined where the capsule is that. */
  share?: string;
}

// The longest capsule has three credentials of 1 MiB, each twice.
const maxCapsule = 12 << 20;
const version = 1;
// What a capsule is filled up to: a multiple of step, and at least this.
const step = 4096;
const least = 2 * step;

/** Reads the fragment of a claim link. */
export function parseLink(fragment: string): ClaimLink {
  const link = readClaimLink(fragment);
  if (typeof link === 'string') {
    throw new Unopened(/^#?$/.test(fragment) ? 'none' : 'malformed');
  }
  return link;
}

/** Gets the capsule of a link from the site and opens it. Throws Unopened. */
export async function openLink(link: ClaimLink, root: URL): Promise<Form[]> {
  if (!globalThis.crypto?.subtle) {
    throw new Unopened('browser');
  }
  let sealed: Uint8Array;
  try {
    sealed = await fetchLimited(new URL(`c/${link.name}.jwe`, root), maxCapsule, true, 'no-store');
  } catch (e) {
    throw new Unopened(e instanceof Refused && (e.status === 404 || e.status === 410) ? 'missing' : 'unreachable');
  }
  return openCapsule(sealed, link.key);
}

/** Opens a capsule: a compact JWE with a direct key (RFC 7516; RFC 7518, sections
 * 4.5 and 5.3) around the JSON of the forms and spaces. Throws Unopened. */
export async function openCapsule(sealed: Uint8Array, key: string): Promise<Form[]> {
  const {header, iv, body} = parseJWE(sealed);
  const raw = fromBase64url(key);
  if (raw?.length !== 32) {
    throw new Unopened('malformed');
  }
  let plain: Uint8Array;
  try {
    const imported = await crypto.subtle.importKey('raw', raw as Uint8Array<ArrayBuffer>, 'AES-GCM', false, ['decrypt']);
    plain = new Uint8Array(await crypto.subtle.decrypt(
      {name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(header), tagLength: 128}, imported, body));
  } catch {
    throw new Unopened('key');
  }
  try {
    return readContents(plain);
  } catch {
    throw new Unopened('damaged'); // the cause may quote what is inside
  }
}

interface JWE {
  header: string;
  iv: Uint8Array<ArrayBuffer>;
  /** Ciphertext and tag, as WebCrypto takes them. */
  body: Uint8Array<ArrayBuffer>;
}

/** Takes a JWE apart. No header but alg and enc is let pass: no compression, no
 * other algorithm, no URL to follow. */
function parseJWE(sealed: Uint8Array): JWE {
  const parts = new TextDecoder('latin1').decode(sealed).split('.');
  const [head, none, iv, ciphertext, tag] = parts.map(p => fromBase64url(p));
  if (parts.length !== 5 || none?.length !== 0 || iv?.length !== 12 || !ciphertext || tag?.length !== 16 || !isHeader(head)) {
    throw new Unopened('damaged');
  }
  const body = new Uint8Array(ciphertext.length + tag.length);
  body.set(ciphertext);
  body.set(tag, ciphertext.length);
  return {header: parts[0]!, iv: iv as Uint8Array<ArrayBuffer>, body};
}

function isHeader(bytes: Uint8Array | undefined): boolean {
  try {
    const h = parseObject(bytes!, 1024);
    return Object.keys(h).length === 2 && h.alg === 'dir' && h.enc === 'A256GCM';
  } catch {
    return false;
  }
}

/** Reads what a capsule holds, in its one form. */
function readContents(plain: Uint8Array): Form[] {
  let end = plain.length;
  while (end > 0 && plain[end - 1] === 0x20) {
    end--;
  }
  if (plain.length % step !== 0 || (plain.length > least && plain.length - end >= step)) {
    throw new Error('not filled up as a capsule is');
  }
  const {doc, written} = parseWritten(plain.subarray(0, end), maxCapsule);
  only(doc, 'version', 'credentials');
  if (doc.version !== version || !Array.isArray(doc.credentials) || doc.credentials.length === 0) {
    throw new Error('not the contents of a capsule');
  }
  const forms = doc.credentials.map(c => readForm(c, written));
  if (new Set(forms.map(f => f.variant)).size !== forms.length) {
    throw new Error('a form occurs twice');
  }
  return forms;
}

function readForm(v: Value, written: (o: Doc) => string): Form {
  if (!isObject(v) || !Array.isArray(v.documents)) {
    throw new Error('not a form of an award');
  }
  only(v, 'variant', 'documents', 'share');
  const variant = stringOf(v, 'variant');
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(variant)) {
    throw new Error('a form without a name');
  }
  const form: Form = {variant, credential: ''};
  for (const [i, d] of v.documents.entries()) {
    if (!isObject(d) || stringOf(d, 'format') === '' || stringOf(d, 'mediaType') === '') {
      throw new Error('not a signed document');
    }
    only(d, 'format', 'mediaType', 'document');
    if (isObject(d.document)) {
      form.credential ||= written(d.document);
    } else if (typeof d.document === 'string' && i > 0) {
      form.jwt ??= d.document;
    } else {
      throw new Error('not a signed document');
    }
  }
  if (form.credential === '') {
    throw new Error('no credential');
  }
  if (v.share !== undefined) {
    const {name, key} = parseLink(stringOf(v, 'share'));
    form.share = `${name}.${key}`;
  }
  return form;
}

function only(o: Doc, ...names: string[]): void {
  if (Object.keys(o).some(name => !names.includes(name))) {
    throw new Error('a member that a capsule does not have');
  }
}
