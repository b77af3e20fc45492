// Puts credentials into pictures, as laurel build does for public awards (Open
// Badges Specification v3.0, "Embedding Open Badges into Images"): a sealed
// award's pictures are made where it was opened. The picture is not drawn anew:
// the credential is spliced in and every other byte stays as it was.

import {chunks, isPNG, isSVG, keywords, namespaces, trails, XML} from '../verifier/bake';
import {maxCredential, maxImage} from '../verifier/constants';
import {crc32} from '../verifier/bitstring';
import {join, latin1} from '../verifier/bytes';
import {parseObject, type Doc} from '../verifier/json';
import {hasType} from '../verifier/text';

const prefixes = ['openbadges', 'clr'];

/** Puts a credential, the JSON of an object, into a PNG or SVG. Throws an Error
 * for a picture that is damaged or carries a credential already, and for a
 * credential that is too large or not JSON. */
export function bake(image: Uint8Array, credential: string): Uint8Array<ArrayBuffer> {
  if (image.length > maxImage) {
    throw new Error('bake: the picture is larger than the limit');
  }
  const doc = parseObject(new TextEncoder().encode(credential), maxCredential, true);
  const text = bakedText(credential);
  if (text.length > maxCredential) {
    throw new Error('bake: the credential is larger than the limit');
  }
  if (isPNG(image)) {
    return bakePNG(image, text, kindOf(doc));
  }
  if (isSVG(image)) {
    return bakeSVG(image, text, kindOf(doc));
  }
  throw new Error('bake: neither a PNG nor an SVG');
}

/** The index of what marks a credential: 0 for a badge, 1 for a CLR. */
function kindOf(doc: Doc): 0 | 1 {
  return hasType(doc, 'ClrCredential') ? 1 : 0;
}

/** JSON as a picture holds it, in ASCII: inside strings, characters beyond ASCII
 * become \u escapes (some readers take the chunk for Latin-1), and so do { and }
 * (some find the end of the credential by counting braces) and the > of "]]>",
 * which would end the CDATA section. Carriage returns between tokens, which XML
 * would alter, and white space around it are dropped. */
function bakedText(json: string): string {
  const c = json.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  return c.replace(/"(?:[^"\\]|\\.)*"|\r/gs, token => token === '\r' ? '' :
    token.replace(/\\.|[{}]|(?<=\]\])>|[^\x00-\x7f]/gs, s => s.startsWith('\\') ? s : [...Array(s.length).keys()].map(i => escaped(s, i)).join('')));
}

function escaped(s: string, i: number): string {
  return `\\u${s.charCodeAt(i).toString(16).padStart(4, '0')}`;
}

/** One uncompressed iTXt chunk after IHDR: keyword, NUL, compression flag and
 * method 0, empty language tag and translated keyword, text. */
function bakePNG(image: Uint8Array, text: string, kind: 0 | 1): Uint8Array<ArrayBuffer> {
  for (const {name, data} of chunks(image)) {
    const end = data.indexOf(0);
    if (['iTXt', 'tEXt', 'zTXt'].includes(name) && keywords.includes(latin1(end < 0 ? data : data.subarray(0, end)))) {
      throw new Error('bake: the picture carries a credential already');
    }
  }
  if (trails(image)) {
    throw new Error('bake: bytes after the end of the picture');
  }
  const body = new TextEncoder().encode(`iTXt${keywords[kind]}\0\0\0\0\0${text}`);
  const chunk = new Uint8Array(body.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, body.length - 4);
  chunk.set(body, 4);
  view.setUint32(body.length + 4, crc32(body));
  return join([image.subarray(0, afterHeader), chunk, image.subarray(afterHeader)]);
}

// Where IHDR, which is the first chunk and has 13 bytes, ends.
const afterHeader = 8 + 4 + 4 + 13 + 4;

/** One element directly after the start tag of the svg element, with the
 * namespace declared on that. */
function bakeSVG(image: Uint8Array, text: string, kind: 0 | 1): Uint8Array<ArrayBuffer> {
  const decoded = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(image);
  const mark = decoded.startsWith('\ufeff') ? '\ufeff' : '';
  const svg = decoded.slice(mark.length);
  const w = new XML(svg);
  w.walk();
  const root = w.root!;
  if (w.found > 0) {
    throw new Error('bake: the picture carries a credential already');
  }
  if (root.namespace !== 'http://www.w3.org/2000/svg' || root.empty) {
    throw new Error('bake: the svg element is empty, or of another namespace');
  }
  const prefix = prefixes[kind]!;
  const declared = root.prefixes.get(prefix);
  if (declared !== undefined && declared !== namespaces[kind]) {
    throw new Error('bake: a prefix stands for another namespace');
  }
  const declare = declared === undefined ? ` xmlns:${prefix}="${namespaces[kind]}"` : '';
  return new TextEncoder().encode(
    `${mark}${svg.slice(0, root.end - 1)}${declare}><${prefix}:credential><![CDATA[${text}]]></${prefix}:credential>${svg.slice(root.end)}`);
}
