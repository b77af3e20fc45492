// Takes documents out of text: JSON, a JWS or SD-JWT, also in what people keep them in,
// such as the answer of a server or a line in quotes.

import {join, latin1} from './bytes';
import {trim, trimBytes} from './characters';
import {maxItems, maxTexts, maxWrapping} from './constants';
import {isPNG, isSVG} from './bake';
import {Place} from './failure';
import {claims, fromBase64, hasMarks, isCompact, named, openCompact, openObject, parseDataURL, refuse, type Opened} from './forms';
import {copy, Reader, has, parse, parseObject, type Doc, type Value} from './json';
import {codeOf, failure, result} from './report';
import {fromBase64url} from './url';
import {items} from './text';

/** Opens a picture, which a data: URL may have in it. */
type Pictures = (data: Uint8Array) => Promise<Opened[]>;

/** Takes the byte order mark off a text, and writes UTF-16 that has one as UTF-8 (RFC
 * 8259, 8.1: a reader may ignore the mark). Other bytes come back as they are. */
export function utf8Of(data: Uint8Array): Uint8Array {
  if (data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf) {
    return data.subarray(3);
  }
  const little = data[0] === 0xff && data[1] === 0xfe;
  if (little || (data[0] === 0xfe && data[1] === 0xff)) {
    try {
      return encode(new TextDecoder(little ? 'utf-16le' : 'utf-16be', {fatal: true, ignoreBOM: true}).decode(data.subarray(2)));
    } catch {
      // is none
    }
  }
  return data;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const brokenForm = /^eyJ[A-Za-z0-9_~. \t\r\n-]*$/;

/** JSON, a JWS or a picture in base64. */
const base64Form = /^(?:e[wy]|W3|ZXlK|iVBORw0KGgo|PHN2Z)[A-Za-z0-9+/_ \t\r\n-]{32,}=*$/;

/** What people and programs that write mail put around a text. */
const enclosings = ['<>', '“”', '„“', '„”', '«»', '»«', '‘’'].map(pair => [...pair].map(sign => latin1(encode(sign))));

/** A text as it was before it was made quoted-printable, in which lines that go on end
 * in a sign that neither JSON nor a JWS has there; undefined if it never was. */
function unquoted(data: Uint8Array, text: string): Uint8Array | undefined {
  if (!/^["{[e]/.test(text) || !/=\r?\n/.test(text)) {
    return undefined;
  }
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const m of text.matchAll(/=(?:\r?\n|([0-9A-Fa-f]{2}))/g)) {
    parts.push(data.subarray(at, m.index), m[1] ? Uint8Array.of(parseInt(m[1], 16)) : new Uint8Array());
    at = m.index + m[0].length;
  }
  return join([...parts, data.subarray(at)]);
}

/** Takes the documents out of a text without white space around it: JSON, a JWS or
 * SD-JWT, each also in what people keep them in. Level counts the texts that this one
 * was written in. Undefined: it is none of these. */
export async function openText(data: Uint8Array, level: number, pictures: Pictures): Promise<Opened[] | undefined> {
  const text = latin1(data);
  if (isCompact(text)) {
    return [await openCompact(text)];
  }
  if (level > maxTexts || data.length === 0) {
    return undefined;
  }
  const inside = (d: Uint8Array) => openText(trimBytes(d), level + 1, pictures);
  const plain = unquoted(data, text);
  if (plain) {
    return inside(plain);
  }
  const fence = /^```[A-Za-z0-9+-]*[ \t]*\r?\n/.exec(text)?.[0].length;
  if (fence && text.length > fence + 3 && text.endsWith('```')) {
    return inside(data.subarray(fence, -3));
  }
  for (const [begin, end] of enclosings) {
    if (text.length >= begin!.length + end!.length && text.startsWith(begin!) && text.endsWith(end!)) {
      return inside(data.subarray(begin!.length, text.length - end!.length));
    }
  }
  const first = text[0]!;
  const enclosed = text.length > 1 && text.endsWith(first);
  if (first === '{' || first === '[') {
    return openJSON(data, level, pictures);
  }
  if (brokenForm.test(text)) {
    const lines = text.split(/[\r\n]+/).map(trim);
    if (lines.every(isCompact)) {
      return atMost(await Promise.all(lines.slice(0, maxItems + 1).map(openCompact)));
    }
    const joined = text.replace(/[ \t\r\n]+/g, '');
    return isCompact(joined) ? [await openCompact(joined)] : openBase64(text, level, pictures);
  }
  if (base64Form.test(text)) {
    return openBase64(text, level, pictures);
  }
  const bearer = /^bearer[ \t]+/i.exec(text)?.[0].length;
  if (bearer) {
    return brokenForm.test(text.slice(bearer)) ? inside(data.subarray(bearer)) : undefined;
  }
  if (enclosed && (first === '\'' || first === '`' || first === '"')) {
    let written = data.subarray(1, data.length - 1); // its lines may be broken, which no string in JSON allows
    if (first === '"') {
      try {
        written = encode(parse(data, data.length) as string);
      } catch {
        // not a string in JSON
      }
    }
    return inside(written);
  }
  return text.slice(0, 5).toLowerCase() === 'data:' ? openDataURL(`data:${new TextDecoder('utf-8', {ignoreBOM: true}).decode(data.subarray(5))}`, level, pictures) : undefined;
}

/** Takes the documents out of a text or picture in base64, as attachments of messages
 * have them. */
async function openBase64(text: string, level: number, pictures: Pictures): Promise<Opened[] | undefined> {
  return base64Form.test(text) && level < maxTexts ? openBody(fromBase64(text), level, pictures) : undefined;
}

/** Takes the documents out of a data: URL, of whatever media type. In it there may be a
 * picture, and no other URL. */
async function openDataURL(url: string, level: number, pictures: Pictures): Promise<Opened[] | undefined> {
  const found = parseDataURL(url);
  return found && level < maxTexts ? openBody(found.body, level, pictures) : undefined;
}

async function openBody(body: Uint8Array, level: number, pictures: Pictures): Promise<Opened[] | undefined> {
  const data = utf8Of(body);
  return level < 2 && (isPNG(data) || isSVG(data)) ? pictures(data) : openText(trimBytes(data), maxTexts, pictures);
}

/** The first of too many, with one that says so. */
function atMost(list: Opened[]): Opened[] {
  return list.length > maxItems ? [...list.slice(0, maxItems), refuse('json', result('unknown', 'input-many', {most: maxItems}))] : list;
}

/** Takes the documents out of JSON: the object that it is, or those in it that claim to
 * be credentials or presentations, of which each is one for itself, whatever stands
 * around them. */
async function openJSON(data: Uint8Array, level: number, pictures: Pictures): Promise<Opened[] | undefined> {
  let doc: Doc | undefined;
  let error: unknown;
  try {
    doc = parseObject(data);
  } catch (e) {
    error = e;
  }
  if (doc && claims(doc)) {
    return [await openObject(doc)];
  }
  let u: Unwrapper;
  try {
    u = new Unwrapper(new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(data));
    u.all();
  } catch {
    return hasMarks(latin1(data)) ? [refuse('unknown', failure(error))] : undefined;
  }
  const list: Opened[] = [];
  for (const w of u.found) {
    list.push(...await openWrapped(w, level, pictures));
    if (list.length > maxItems) {
      break;
    }
  }
  if (list.length === 0) {
    return [doc ? await openObject(doc) : refuse('json', result('unknown', 'not-a-credential'))];
  }
  return atMost(u.beside > 0 ? list.map(o => ({carrier: 'json', ...o})) : list);
}

/** Something in JSON that claims to be a credential: a string, or an object, of which
 * shallow has what it claims that by. */
interface Wrapped {
  text: string;
  shallow?: Doc;
}

async function openWrapped({text, shallow}: Wrapped, level: number, pictures: Pictures): Promise<Opened[]> {
  if (!shallow) {
    return await openText(encode(trim(text)), level + 1, pictures) ?? [];
  }
  try {
    return [await openObject(parseObject(encode(text)))];
  } catch (e) {
    return [named(shallow) ?? {format: 'unknown', claims: {}, refused: failure(e)}]; // whatever its size
  }
}

const payloadMarks = /credentialSubject|Verifiable(?:Credential|Presentation)|"v(?:c|p|ct)"[ \t\r\n]*:|"badge"|data\.europa\.eu\/snb/;

/** Tells a string that is to be looked into: a JWS or SD-JWT whose payload looks like
 * that of a credential, a data: URL of one, or JSON with one in it. */
function isWrapped(written: string): boolean {
  const s = trim(written);
  if (base64Form.test(s)) {
    const decoded = latin1(fromBase64(s));
    return hasMarks(decoded) || isCompact(decoded);
  }
  if (s.startsWith('eyJ')) {
    return payloadMarks.test(latin1(fromBase64url((s.split('.')[1] ?? '').replace(/[ \t\r\n]+/g, '')) ?? new Uint8Array()));
  }
  if (/^data:application\/(?:ld\+)?json/.test(s)) {
    const found = parseDataURL(s);
    return found !== undefined && hasMarks(latin1(found.body));
  }
  return s.startsWith('data:') ? s.startsWith('data:application/v') : s.startsWith('{') && hasMarks(s);
}

/** The most levels that the command line's reader goes down. */
const maxLevels = 10000;

/** Finds what claims to be a credential in JSON, however it is wrapped, and without
 * asking more of the wrapper than that it is JSON: a name that it has twice leads to two
 * of them. */
class Unwrapper extends Reader {
  readonly found: Wrapped[] = [];
  /** What is in the wrapper beside those. */
  beside = 0;

  constructor(text: string) {
    super(text, true);
  }

  private wrong(): never {
    return this.fail(new Place());
  }

  private literal(): string {
    return this.string(new Place());
  }

  /** Reads one object or array, or one with something in it after the other, as in a
   * file of lines. */
  all(): void {
    for (let [n, empty] = [0, false]; this.peek() !== ''; n++) {
      const found = this.found.length;
      if (empty || (this.peek() !== '{' && this.peek() !== '[')) {
        this.wrong();
      }
      this.look(0);
      empty = this.found.length === found;
      if (empty && n > 0) {
        this.wrong();
      }
    }
  }

  private look(depth: number): void {
    const c = this.peek();
    if ((c === '{' || c === '[') && depth > maxWrapping) {
      this.beside++;
      this.skip(depth);
    } else if (c === '{') {
      this.lookObject(depth);
    } else if (c === '[') {
      const found = this.found.length;
      this.at++;
      this.list(']', () => this.look(depth + 1));
      this.beside += Number(this.found.length === found);
    } else if (c === '"') {
      const s = this.literal();
      if (isWrapped(s)) {
        this.found.push({text: s});
      } else {
        this.beside++;
      }
    } else {
      this.beside += Number(c !== 'n');
      this.scalar();
    }
  }

  private lookObject(depth: number): void {
    const [found, beside, start] = [this.found.length, this.beside, this.at];
    const shallow = copy({});
    this.at++;
    this.list('}', () => {
      const name = this.name();
      if (['@context', 'type', 'payload', 'proof', 'signature'].includes(name)) {
        const v = this.whole(depth);
        if (v !== null) {
          const all = has(shallow, name) ? shallow[name] as Value[] : shallow[name] = [];
          for (const item of items(v)) {
            all.push(item);
          }
        }
        this.beside++;
      } else {
        if (this.peek() !== 'n') {
          shallow[name] = true;
        }
        this.look(depth + 1);
      }
    });
    this.beside += Number(this.found.length === found);
    if (claims(shallow)) {
      this.found.length = found;
      this.found.push({text: this.text.slice(start, this.at), shallow});
      this.beside = beside;
    }
  }

  /** Reads what is between a bracket and the end, parted by commas. */
  private list(end: string, each: () => void): void {
    if (this.peek() === end) {
      this.at++;
      return;
    }
    for (;;) {
      each();
      const c = this.peek();
      this.at++;
      if (c === end) {
        return;
      }
      if (c !== ',') {
        this.wrong();
      }
    }
  }

  private name(): string {
    if (this.peek() !== '"') {
      this.wrong();
    }
    const name = this.literal();
    if (this.peek() !== ':') {
      this.wrong();
    }
    this.at++;
    return name;
  }

  /** The value that stands here, or true where it is not written as it should be. */
  private whole(depth: number): Value {
    this.peek();
    const start = this.at;
    this.skip(depth + 1);
    const raw = encode(this.text.slice(start, this.at));
    try {
      return parse(raw, raw.length);
    } catch {
      return true;
    }
  }

  /** Passes over a value, however deep it is. */
  private skip(depth: number): void {
    const ends: string[] = [];
    for (;;) {
      const c = this.peek();
      if (c === '{' || c === '[') {
        this.at++;
        ends.push(c === '{' ? '}' : ']');
        if (depth + ends.length > maxLevels) {
          this.wrong();
        }
        if (this.peek() !== ends.at(-1)) {
          if (c === '{') {
            this.name();
          }
          continue;
        }
      } else {
        this.scalar();
      }
      while (ends.length > 0 && this.peek() === ends.at(-1)) {
        this.at++;
        ends.pop();
      }
      if (ends.length === 0) {
        return;
      }
      if (this.peek() !== ',') {
        this.wrong();
      }
      this.at++;
      if (ends.at(-1) === '}') {
        this.name();
      }
    }
  }

  private scalar(): void {
    const m = /"|true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
    m.lastIndex = this.at;
    const s = m.exec(this.text)?.[0];
    if (s === '"') {
      this.literal();
    } else if (s) {
      this.at += s.length;
    } else {
      this.wrong();
    }
  }
}

/** Those that are or claim to be credentials. */
export function credentials(list: Opened[]): Opened[] {
  return list.filter(o => !o.refused || codeOf(o.refused) !== 'not-a-credential');
}

/** What came in something, if it is not too much. */
export function carriedBy(carrier: 'pdf' | 'html', list: Opened[]): Opened[] {
  return atMost(list.map(o => ({...o, carrier})));
}
