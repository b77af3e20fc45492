// Opens sealed awards: the capsule with what was signed, and the page as it is
// shown, by the key in the link.

import {parseLink, Unopened} from './asked';
import {claimFragment} from './claimlink';
import {capsuleStep, leastCapsule, leastPage, maxCapsule, maxPage} from '../verifier/constants';
import {isObject, parseObject, parseWritten, type Doc, type Value} from '../verifier/json';
import {join, readAll} from '../verifier/bytes';
import {stringOf} from '../verifier/text';
import {fromBase64url} from '../verifier/url';

/** One form of an award in every way it was signed. */
export interface Form {
  /** "full", "no-name", … */
  variant: string;
  /** The credential with its proof inside, as it was signed. */
  credential: string;
  /** The other ways, by the names of their formats: JSON as it was signed, or the
   * text of a JWT. */
  others: Map<string, string>;
  /** The files of the award's evidence, which go with the full credential. */
  files: Attached[];
  /** The credential with the base proof that parts of it are shown by, where there is
   * one. */
  base?: Doc;
  /** What opens this form alone; undefined where the capsule is that. */
  share?: string;
}

/** The format of SD-JWTs, of which parts can be shown. */
export const sdJWTFormat = 'dc+sd-jwt';

/** Tells whether parts of a form can be shown. */
export function isChoosable(form: Form | undefined): boolean {
  return form?.base !== undefined || form?.others.has(sdJWTFormat) === true;
}

/** A file that goes with an award. */
interface Attached {
  name: string;
  mediaType: string;
  bytes: Uint8Array<ArrayBuffer>;
}

const version = 1;
// What is encrypted is filled up to a multiple of capsuleStep by a block that has
// a head of some bytes.
const overhead = 5;

/** Opens a capsule: a compact JWE with a direct key, compressed (RFC 7516; RFC
 * 7518, sections 4.5 and 5.3) around the JSON of the forms. Throws Unopened. */
export async function openCapsule(sealed: Uint8Array, key: string): Promise<Form[]> {
  const jwe = parseJWE(sealed);
  if (jwe.kid !== undefined) {
    throw new Unopened('damaged');
  }
  const imported = await crypto.subtle.importKey('raw', keyOf(key), 'AES-GCM', false, ['decrypt']);
  const packed = await decrypt(jwe, imported);
  try {
    return readContents(await unpack(packed, leastCapsule, maxCapsule));
  } catch {
    throw new Unopened('damaged'); // the cause may quote what is inside
  }
}

/** Opens the page beside a capsule, by the capsule's key: the page's own is made
 * of that and of what its header says, by HKDF (RFC 5869). Throws Unopened. */
export async function openPage(sealed: Uint8Array, key: string): Promise<string> {
  const jwe = parseJWE(sealed);
  if (!/^page-1\.[A-Za-z0-9_-]{43}$/.test(jwe.kid ?? '')) {
    throw new Unopened('damaged');
  }
  const secret = await crypto.subtle.importKey('raw', keyOf(key), 'HKDF', false, ['deriveKey']);
  const info = new TextEncoder().encode(`${jwe.kid!} key`);
  const derived = await crypto.subtle.deriveKey(
    {name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info}, secret, {name: 'AES-GCM', length: 256}, false, ['decrypt']);
  const packed = await decrypt(jwe, derived);
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(await unpack(packed, leastPage, maxPage));
  } catch {
    throw new Unopened('damaged');
  }
}

function keyOf(key: string): Uint8Array<ArrayBuffer> {
  const raw = fromBase64url(key);
  if (raw?.length !== 32) {
    throw new Unopened('malformed');
  }
  return raw as Uint8Array<ArrayBuffer>;
}

async function decrypt({header, iv, body}: JWE, key: CryptoKey): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(
      {name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(header), tagLength: 128}, key, body));
  } catch {
    throw new Unopened('key');
  }
}

interface JWE {
  header: string;
  kid: string | undefined;
  iv: Uint8Array<ArrayBuffer>;
  /** Ciphertext and tag, as WebCrypto takes them. */
  body: Uint8Array<ArrayBuffer>;
}

/** Takes a JWE apart. No header but alg, enc, zip and kid is let pass: no other
 * algorithm, no URL to follow. */
function parseJWE(sealed: Uint8Array): JWE {
  const parts = new TextDecoder('latin1').decode(sealed).split('.');
  const [head, none, iv, ciphertext, tag] = parts.map(p => fromBase64url(p));
  const header = headerOf(head);
  if (parts.length !== 5 || none?.length !== 0 || iv?.length !== 12 || !ciphertext || tag?.length !== 16 || !header) {
    throw new Unopened('damaged');
  }
  return {header: parts[0]!, kid: header.kid, iv: iv as Uint8Array<ArrayBuffer>, body: join([ciphertext, tag])};
}

function headerOf(bytes: Uint8Array | undefined): {kid: string | undefined} | undefined {
  try {
    const {alg, enc, zip, kid, ...rest} = parseObject(bytes!, 1024);
    return alg === 'dir' && enc === 'A256GCM' && zip === 'DEF' && Object.keys(rest).length === 0 &&
      (kid === undefined || typeof kid === 'string') ? {kid} : undefined;
  } catch {
    return undefined;
  }
}

/** What was compressed (RFC 1951), without the spaces that filled it up. */
async function unpack(packed: Uint8Array<ArrayBuffer>, least: number, most: number): Promise<Uint8Array> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const text = await readAll(stream.getReader(), most + least);
  let end = text.length;
  while (end > 0 && text[end - 1] === 0x20) {
    end--;
  }
  const spaces = text.length - end;
  const blocks = packed.length - spaces - overhead;
  // Not every DecompressionStream minds what stands behind the last block.
  const last = packed[blocks] === 1 && packed[blocks + 1]! + 256 * packed[blocks + 2]! === spaces;
  if (!last || packed.length !== Math.max(least, Math.ceil((blocks + overhead) / capsuleStep) * capsuleStep)) {
    throw new Error('not filled up as a capsule is');
  }
  return text.subarray(0, end);
}

/** Reads what a capsule holds, in its one form. */
function readContents(json: Uint8Array): Form[] {
  if (json[0] !== 0x7b || json.at(-1) !== 0x7d) {
    throw new Error('something stands around the JSON');
  }
  const {doc, written} = parseWritten(json, maxCapsule);
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
  only(v, 'variant', 'documents', 'files', 'share');
  const variant = stringOf(v, 'variant');
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(variant)) {
    throw new Error('a form without a name');
  }
  const form: Form = {variant, credential: '', others: new Map(), files: Array.isArray(v.files) ? v.files.map(attached) : []};
  for (const [i, d] of v.documents.entries()) {
    if (!isObject(d) || stringOf(d, 'format') === '' || stringOf(d, 'mediaType') === '') {
      throw new Error('not a signed document');
    }
    only(d, 'format', 'mediaType', 'document');
    if (isObject(d.document) && i === 0) {
      form.credential = written(d.document);
    } else if (i > 0 && (isObject(d.document) || typeof d.document === 'string')) {
      form.others.set(stringOf(d, 'format'), isObject(d.document) ? written(d.document) : d.document);
      if (isObject(d.document) && d.format === 'ecdsa-sd-2023') {
        form.base = d.document;
      }
    } else {
      throw new Error('not a signed document');
    }
  }
  if (form.credential === '') {
    throw new Error('no credential');
  }
  if (v.share !== undefined) {
    form.share = claimFragment(parseLink(stringOf(v, 'share')));
  }
  return form;
}

/** Reads a file; only types that run nothing are made something to open. */
function attached(v: Value): Attached {
  const [name, mediaType, bytes] = isObject(v) ? [stringOf(v, 'name'), stringOf(v, 'mediaType'), fromBase64url(stringOf(v, 'data'))] : ['', ''];
  if (!isObject(v) || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name) || !['application/pdf', 'image/png', 'image/jpeg', 'text/plain'].includes(mediaType) || !bytes) {
    throw new Error('not a file of an award');
  }
  only(v, 'name', 'mediaType', 'data');
  return {name, mediaType, bytes: bytes as Uint8Array<ArrayBuffer>};
}

function only(o: Doc, ...names: string[]): void {
  if (Object.keys(o).some(name => !names.includes(name))) {
    throw new Error('a member that a capsule does not have');
  }
}
