// Takes credentials out of pictures (Open Badges Specification v3.0, "Embedding
// Open Badges into Images"). Pictures are walked from end to end and never
// drawn; one with two credentials is refused.

import {latin1, withoutEnd} from './bytes';
import {crc32, inflate} from './bitstring';
import {maxCredential, maxImage, maxSVGDepth, maxAttributes} from './constants';
import {Malformed, malformedIf} from './failure';


export const keywords = ['openbadgecredential', 'clrcredential'];
export const namespaces = ['https://purl.imsglobal.org/ob/v3p0', 'https://purl.imsglobal.org/clr/v2p0'];

/** A picture that is whole and carries no credential. */
export class NotBaked extends Error {}

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

export function isPNG(data: Uint8Array): boolean {
  return pngSignature.every((b, i) => data[i] === b);
}

/** Tells whether bytes look like an SVG: XML with "<svg" near its beginning. */
export function isSVG(data: Uint8Array): boolean {
  let from = data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf ? 3 : 0;
  while ([0x20, 0x09, 0x0d, 0x0a].includes(data[from]!)) {
    from++;
  }
  const head = new TextDecoder('latin1').decode(data.subarray(from, from + 4096));
  return head.startsWith('<') && /<svg|:svg/.test(head);
}

/** The credential in a PNG or SVG, or what stands where Open Badges 1.x and 2.x have
 * theirs. */
export async function unbake(image: Uint8Array, older = false): Promise<Uint8Array> {
  try {
    malformedIf(image.length > maxImage); // larger than the limit
    return trimmed(isPNG(image) ? await unbakePNG(image, older ? ['openbadges'] : keywords) : unbakeSVG(image, older));
  } catch (e) {
    if (e instanceof NotBaked) {
      throw e;
    }
    throw new Malformed();
  }
}

function trimmed(c: Uint8Array): Uint8Array {
  const space = (b?: number) => b === 0x20 || b === 0x09 || b === 0x0d || b === 0x0a;
  let from = 0;
  let to = c.length;
  while (from < to && space(c[from])) {
    from++;
  }
  while (to > from && space(c[to - 1])) {
    to--;
  }
  malformedIf(from === to); // the credential in the image is empty
  malformedIf(to - from > maxCredential); // the credential in the image: larger than the limit
  const text = c.slice(from, to);
  try {
    new TextDecoder('utf-8', {fatal: true}).decode(text);
  } catch {
    throw new Malformed(); // the credential in the image is not UTF-8
  }
  return text;
}

/** The text of the one iTXt chunk whose keyword is right; where there is none, of the one
 * tEXt or zTXt chunk, which some bakers write. What stands after the end of the picture
 * is not looked at. */
async function unbakePNG(image: Uint8Array, wanted: string[]): Promise<Uint8Array> {
  const all = [...chunks(image)].filter(({name, data}) => {
    const end = data.indexOf(0);
    return ['iTXt', 'tEXt', 'zTXt'].includes(name) && end >= 0 && wanted.includes(latin1(data.subarray(0, end)));
  });
  const international = all.filter(c => c.name === 'iTXt');
  const [chunk, more] = international.length > 0 ? international : all;
  if (!chunk) {
    throw new NotBaked();
  }
  malformedIf(more !== undefined); // more than one credential in the image
  const text = chunk.data.subarray(chunk.data.indexOf(0) + 1);
  if (chunk.name === 'iTXt') {
    return internationalText(text);
  }
  malformedIf(chunk.name === 'zTXt' && text[0] !== 0); // zTXt chunk with an unknown compression
  const plain = chunk.name === 'zTXt' ? await inflated(text.subarray(1)) : text;
  try {
    new TextDecoder('utf-8', {fatal: true}).decode(plain);
    return plain;
  } catch { // it is Latin-1, though some write UTF-8
    return new TextEncoder().encode(Array.from(plain, b => String.fromCharCode(b)).join(''));
  }
}

async function inflated(text: Uint8Array): Promise<Uint8Array> {
  try {
    return await inflate(text, 'deflate', maxCredential);
  } catch {
    throw new Malformed(); // inflate: damaged or larger than the limit
  }
}

/** Tells whether there are bytes after the end of a PNG that could be read. */
export function trails(image: Uint8Array): boolean {
  return isPNG(image) && [...chunks(image)].reduce((n, c) => n + 12 + c.data.length, pngSignature.length) < image.length;
}

/** The text of an iTXt chunk, after its keyword. */
async function internationalText(b: Uint8Array): Promise<Uint8Array> {
  malformedIf(b.length < 2 || b[0]! > 1 || b[1] !== 0); // iTXt chunk with an unknown compression
  const language = b.indexOf(0, 2);
  const translated = language < 0 ? -1 : b.indexOf(0, language + 1);
  malformedIf(translated < 0); // iTXt chunk is cut short
  const text = b.subarray(translated + 1);
  return b[0] === 0 ? text : inflated(text);
}

interface Chunk {
  name: string;
  data: Uint8Array;
}

/** Walks a PNG and checks its frame: IHDR first and once, IDAT there and in one
 * run, IEND last, lengths and checksums. */
export function* chunks(image: Uint8Array): Generator<Chunk> {
  const view = new DataView(image.buffer, image.byteOffset, image.length);
  let last = '';
  let pixels = false;
  for (let at = pngSignature.length; ;) {
    malformedIf(image.length - at < 12); // the image is cut short: no IEND chunk
    const size = view.getUint32(at);
    malformedIf(size > image.length - at - 12); // a chunk is longer than the image
    const name = latin1(image.subarray(at + 4, at + 8));
    malformedIf(!/^[A-Za-z]{4}$/.test(name)); // a chunk has no name of letters
    malformedIf(crc32(image.subarray(at + 4, at + 8 + size)) !== view.getUint32(at + 8 + size)); // the checksum of a chunk is wrong
    malformedIf((name === 'IHDR') !== (last === '')); // the IHDR chunk is not the first, or not alone
    malformedIf(name === 'IHDR' && size !== 13); // the IHDR chunk has a wrong length
    malformedIf(name === 'IDAT' && pixels && last !== 'IDAT'); // the IDAT chunks are not together
    malformedIf(name === 'IEND' && (size !== 0 || !pixels)); // the IEND chunk comes early or is not empty
    yield {name, data: image.subarray(at + 8, at + 8 + size)};
    pixels ||= name === 'IDAT';
    last = name;
    at += 12 + size;
    if (name === 'IEND') {
      return;
    }
  }
}


/** The credential of an SVG: the text, or else the verify attribute, of the one
 * credential element below the root. It is read as plain text, without the
 * browser's parser: Trusted Types would have to let markup of strangers
 * through. */
function unbakeSVG(image: Uint8Array, older: boolean): Uint8Array {
  let text: string;
  try {
    text = new TextDecoder('utf-8', {fatal: true}).decode(image);
  } catch {
    throw new Malformed(); // not UTF-8
  }
  const w = new XML(text, older);
  w.walk();
  if (w.found === 0) {
    throw new NotBaked();
  }
  malformedIf(w.found > 1); // more than one credential in the image
  const written = /[^ \t\r\n]/.test(w.content);
  if (older && written) {
    return new TextEncoder().encode(w.content);
  }
  malformedIf(w.verify !== undefined && written); // the credential is given twice, as text and in verify
  return new TextEncoder().encode(w.verify ?? w.content);
}

/** The start tag of the svg element: where it ends, and what it declares. */
interface Root {
  /** The offset after the tag, in UTF-16 code units. */
  end: number;
  empty: boolean;
  namespace: string;
  prefixes: Map<string, string>;
}

/** A reader of well-formed XML without entities of its own. */
export class XML {
  root: Root | undefined;
  found = 0;
  content = '';
  verify: string | undefined;
  private at = 0;
  private inside = false;
  private begun = false;
  private readonly open: {name: string; spaces: Map<string, string>}[] = [];

  constructor(private readonly text: string, private readonly older = false) {}

  walk(): void {
    malformedIf(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(this.text)); // illegal character
    while (this.at < this.text.length) {
      if (this.text.startsWith('<!--', this.at)) {
        const body = this.until('-->', 4);
        malformedIf(body.includes('--') || body.endsWith('-')); // invalid sequence "--" in a comment
      } else if (this.text.startsWith('<![CDATA[', this.at)) {
        this.chars(this.until(']]>', 9));
      } else if (this.text.startsWith('<?', this.at)) {
        this.instruction(this.until('?>', 2));
      } else if (this.text.startsWith('<!', this.at)) {
        const body = /^<!((?:"[^"]*"|'[^']*'|[^>"'])*)>/.exec(this.text.slice(this.at))?.[1];
        malformedIf(body === undefined); // cut short, or in a quotation
        this.at += body!.length + '<!>'.length;
        this.declaration(body!);
      } else if (this.text.startsWith('</', this.at)) {
        this.end(this.until('>', 2));
      } else if (this.text[this.at] === '<') {
        this.start();
      } else {
        const to = this.text.indexOf('<', this.at);
        const raw = this.text.slice(this.at, to < 0 ? undefined : to);
        malformedIf(raw.includes(']]>')); // unescaped ]]> not in CDATA section
        this.at += raw.length;
        this.chars(decodeEntities(raw));
      }
      this.begun = true;
    }
    malformedIf(this.open.length > 0); // an element is not closed
    malformedIf(!this.root); // there is no svg element
  }

  private until(end: string, skip: number): string {
    const to = this.text.indexOf(end, this.at + skip);
    malformedIf(to < 0); // cut short
    const body = this.text.slice(this.at + skip, to);
    this.at = to + end.length;
    return body;
  }

  private instruction(body: string): void {
    if (/^xml([ \t\r\n]|$)/.test(body)) {
      malformedIf(this.begun); // the XML declaration is not at the beginning
      const encoding = /encoding\s*=\s*["']([^"']*)["']/.exec(body)?.[1] ?? 'utf-8';
      const version = /version\s*=\s*["']([^"']*)["']/.exec(body)?.[1] ?? '';
      malformedIf(encoding.toLowerCase() !== 'utf-8' || (version !== '' && version !== '1.0')); // not XML 1.0 in UTF-8
    }
  }

  private declaration(body: string): void {
    if (this.root) {
      throw new Malformed(); // a document type declaration after the beginning
    }
    malformedIf(!body.startsWith('DOCTYPE')); // a declaration that is no document type
    malformedIf(/[\[\]<>]/.test(body)); // the document type has an internal subset
  }

  private chars(s: string): void {
    malformedIf(this.open.length === 0 && /[^ \t\r\n]/.test(s)); // there is text outside the svg element
    if (this.inside) {
      this.content += s.replace(/\r\n?/g, '\n');
    }
  }

  private end(body: string): void {
    const name = withoutEnd(body, ' \t\r\n');
    malformedIf(this.open.pop()?.name !== name); // elements are not closed in order
    this.inside = false;
  }

  private start(): void {
    const tag = /<([A-Za-z_:\u0080-\uffff][\w:.\u0080-\uffff-]*)((?:[ \t\r\n]+[A-Za-z_:\u0080-\uffff][\w:.\u0080-\uffff-]*[ \t\r\n]*=[ \t\r\n]*(?:"[^"<]*"|'[^'<]*')(?:[ \t\r\n]*[A-Za-z_:\u0080-\uffff][\w:.\u0080-\uffff-]*[ \t\r\n]*=[ \t\r\n]*(?:"[^"<]*"|'[^'<]*'))*)?)[ \t\r\n]*(\/?)>/uy;
    tag.lastIndex = this.at;
    const m = tag.exec(this.text);
    if (!m) {
      throw new Malformed(); // a tag is malformed
    }
    this.at = tag.lastIndex;
    const name = m[1]!;
    const attributes = new Map<string, string>();
    for (const a of m[2]!.matchAll(/([^\s=]+)[ \t\r\n]*=[ \t\r\n]*("[^"]*"|'[^']*')/gu)) {
      malformedIf(attributes.has(a[1]!)); // an attribute is given twice
      attributes.set(a[1]!, decodeEntities(a[2]!.slice(1, -1)));
    }
    if (attributes.size > maxAttributes) {
      throw new Malformed(); // an element has too many attributes
    }
    this.element(name, attributes, m[3] === '/');
    if (m[3] === '/') {
      this.open.pop();
      this.inside = false;
    }
  }

  private element(name: string, attributes: Map<string, string>, empty: boolean): void {
    const spaces = new Map(this.open.at(-1)?.spaces ?? []);
    for (const [key, value] of attributes) {
      if (key === 'xmlns') {
        spaces.set('', value);
      } else if (key.startsWith('xmlns:')) {
        spaces.set(key.slice('xmlns:'.length), value);
      }
    }
    const colon = name.indexOf(':');
    const prefix = colon > 0 ? name.slice(0, colon) : '';
    const local = colon > 0 ? name.slice(colon + 1) : name;
    this.open.push({name, spaces});
    malformedIf(this.inside); // there are elements inside the credential
    malformedIf(this.open.length > maxSVGDepth); // elements nest too deep
    if (this.open.length === 1) {
      if (this.root) {
        throw new Malformed(); // there is more than one root element
      }
      malformedIf(local !== 'svg'); // the root element is not svg
      this.root = {end: this.at, empty, namespace: spaces.get(prefix) ?? prefix, prefixes: spaces};
    }
    const space = spaces.get(prefix) ?? prefix;
    if (this.older ? local !== 'assertion' || space !== 'http://openbadges.org' : local !== 'credential' || !namespaces.includes(space)) {
      return;
    }
    malformedIf(this.open.length !== 2); // the credential is not directly below the svg element
    this.found++;
    this.inside = true;
    this.verify = attributes.get('verify') ?? this.verify;
  }
}

function decodeEntities(s: string): string {
  return s.replace(/&([^;&]*);?/g, (whole, name: string) => {
    const named: Record<string, string> = {lt: '<', gt: '>', amp: '&', apos: '\'', quot: '"'};
    if (whole.endsWith(';') && Object.prototype.hasOwnProperty.call(named, name)) {
      return named[name]!;
    }
    const m = whole.endsWith(';') ? /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(name) : null;
    const code = m ? parseInt(m[1] ?? m[2]!, m[1] ? 16 : 10) : 0;
    malformedIf(code < 1 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)); // an entity is not known
    return String.fromCodePoint(code);
  });
}
