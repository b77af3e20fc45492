// The one reader of JSON that came from outside: UTF-8, at most 1 MiB and 64
// levels, one value with nothing after it, no name twice in an object, not
// even in another case, no lone surrogate, no number that would lose digits.
// JSON.parse takes the last of two equal names; another reader takes the first.

import {withoutEnd} from './bytes';
import {maxSize, maxDepth} from './constants';
import {Failure, Place} from './failure';

export type Value = null | boolean | number | string | Value[] | Doc;
export interface Doc {[name: string]: Value}

/** Reads one JSON value, or throws a Failure. anyCase lets names pass that differ
 * only in case. */
export function parse(data: Uint8Array, limit = maxSize, anyCase = false): Value {
  return read(data, limit, anyCase);
}

/** Reads a document that must be an object, and tells of each object in it how it
 * was written: what is signed is handed on byte for byte. */
export function parseWritten(data: Uint8Array, limit: number): {doc: Doc; written: (o: Doc) => string} {
  const spans = new Map<Doc, string>();
  const doc = read(data, limit, false, spans);
  if (!isObject(doc)) {
    throw new Failure('json-syntax'); // not an object
  }
  return {doc, written: o => spans.get(o) ?? ''};
}

function read(data: Uint8Array, limit: number, anyCase: boolean, spans?: Map<Doc, string>): Value {
  if (data.length > limit) {
    throw new Failure('json-too-large');
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(data);
  } catch {
    throw new Failure('json-syntax'); // not well-formed JSON in UTF-8
  }
  const r = new Reader(text, anyCase, spans);
  const v = r.value(0, new Place());
  r.space();
  if (r.at !== text.length) {
    throw new Failure('json-syntax'); // data after the value
  }
  return v;
}

/** Reads a document that must be an object. */
export function parseObject(data: Uint8Array, limit?: number, anyCase?: boolean): Doc {
  const v = parse(data, limit, anyCase);
  if (!isObject(v)) {
    throw new Failure('json-syntax'); // not an object
  }
  return v;
}

export function isObject(v: unknown): v is Doc {
  return typeof v === 'object' && v !== null && !Array.isArray(v);
}

/** Reports whether an object has a member, whatever its name: "__proto__" is a
 * name like another. */
export function has(o: Doc, name: string): boolean {
  return Object.prototype.hasOwnProperty.call(o, name);
}

/** What a JSON Pointer points to in a document; undefined if there is nothing. */
export function valueAt(doc: Doc | undefined, pointer: string): Value | undefined {
  return stepsOf(pointer).reduce<Value | undefined>((v, step) =>
    Array.isArray(v) ? v[Number(step)] : isObject(v) && has(v, step) ? v[step] : undefined, doc);
}

/** The names that a JSON Pointer is made of. */
export function stepsOf(pointer: string): string[] {
  return pointer.split('/').slice(1).map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A document without what stands at a pointer, and without an array that nothing is
 * left in. The document itself is not changed. */
export function without(doc: Doc, pointer: string): Doc {
  return valueAt(doc, pointer) === undefined || pointer === '' ? doc : left(doc, stepsOf(pointer)) as Doc;
}

/** Undefined for an array that nothing is left in. */
function left(v: Value, [step, ...rest]: string[]): Value | undefined {
  const at = step!;
  const part = rest.length === 0 ? undefined : left((v as Doc)[at]!, rest);
  if (Array.isArray(v)) {
    const list = v.flatMap((item, i) => i !== Number(at) ? [item] : part === undefined ? [] : [part]);
    return list.length === 0 ? undefined : list;
  }
  const o = copy(v as Doc);
  if (part === undefined) {
    delete o[at];
  } else {
    o[at] = part;
  }
  return o;
}

/** A document with the members of both, of which the second counts; any name may
 * be one. */
export function copy(o: Doc, more: Doc = {}): Doc {
  return Object.assign(Object.create(null) as Doc, o, more);
}

export class Reader {
  at = 0;
  constructor(readonly text: string, private readonly anyCase: boolean, private readonly spans?: Map<Doc, string>) {}

  space(): void {
    for (;;) {
      const c = this.text.charCodeAt(this.at);
      if (c !== 0x20 && c !== 0x09 && c !== 0x0a && c !== 0x0d) {
        return;
      }
      this.at++;
    }
  }

  peek(): string {
    this.space();
    return this.text.charAt(this.at);
  }

  fail(at: Place): never {
    throw at.failure('json-syntax');
  }

  expect(c: string, at: Place): void {
    if (this.peek() !== c) {
      this.fail(at);
    }
    this.at++;
  }

  /** Reads a value. In a context, terms may differ in case alone, as Achievement and
   * achievement do: nobody looks there for members of the document. */
  value(depth: number, at: Place, context = false): Value {
    const c = this.peek();
    switch (c) {
      case '{':
        return this.object(depth + 1, at, context);
      case '[':
        return this.array(depth + 1, at, context);
      case '"':
        return this.string(at);
      case 't':
        return this.word('true', true, at);
      case 'f':
        return this.word('false', false, at);
      case 'n':
        return this.word('null', null, at);
    }
    if (c === '-' || (c >= '0' && c <= '9')) {
      return this.number(at);
    }
    return this.fail(at);
  }

  word<T>(word: string, value: T, at: Place): T {
    if (!this.text.startsWith(word, this.at)) {
      this.fail(at);
    }
    this.at += word.length;
    return value;
  }

  number(at: Place): number {
    const form = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
    form.lastIndex = this.at;
    const text = form.exec(this.text)?.[0];
    if (text === undefined) {
      return this.fail(at);
    }
    this.at += text.length;
    if (!isExact(text)) {
      throw at.failure('json-number'); // a number that cannot be kept exactly
    }
    return Number(text);
  }

  string(at: Place): string {
    let out = '';
    let from = ++this.at;
    for (;;) {
      const c = this.text.charCodeAt(this.at);
      if (c === 0x22) {
        out += this.text.slice(from, this.at++);
        break;
      }
      if (Number.isNaN(c) || c < 0x20) {
        this.fail(at);
      }
      if (c !== 0x5c) {
        this.at++;
        continue;
      }
      out += this.text.slice(from, this.at) + this.escape(at);
      from = this.at;
    }
    if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(out)) {
      this.fail(at);
    }
    return out;
  }

  escape(at: Place): string {
    const short: Record<string, string> = {
      '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t',
    };
    const c = this.text.charAt(this.at + 1);
    if (c !== 'u') {
      if (!(c in short) || c === '') {
        this.fail(at);
      }
      this.at += 2;
      return short[c]!;
    }
    const hex = this.text.slice(this.at + 2, this.at + 6);
    if (!/^[0-9a-fA-F]{4}$/.test(hex)) {
      this.fail(at);
    }
    this.at += 6;
    return String.fromCharCode(parseInt(hex, 16));
  }

  open(depth: number, at: Place): void {
    if (depth > maxDepth) {
      throw at.failure('json-too-deep');
    }
    this.at++;
  }

  array(depth: number, at: Place, context: boolean): Value[] {
    this.open(depth, at);
    const list: Value[] = [];
    if (this.peek() === ']') {
      this.at++;
      return list;
    }
    for (;;) {
      list.push(this.value(depth, at.item(list.length), context));
      if (this.peek() === ']') {
        this.at++;
        return list;
      }
      this.expect(',', at);
    }
  }

  object(depth: number, at: Place, context: boolean): Doc {
    const begin = this.at;
    const o = this.members(depth, at, context);
    this.spans?.set(o, this.text.slice(begin, this.at));
    return o;
  }

  members(depth: number, at: Place, context: boolean): Doc {
    this.open(depth, at);
    const o: Doc = Object.create(null) as Doc;
    const folded = new Set<string>();
    let twice = false;
    if (this.peek() === '}') {
      this.at++;
      return o;
    }
    for (;;) {
      if (this.peek() !== '"') {
        this.fail(at);
      }
      const name = this.string(at);
      const here = at.member(name);
      if (name in o) {
        throw here.failure('json-duplicate-name'); // a name occurs twice in an object
      }
      const key = fold(name);
      twice ||= folded.has(key);
      folded.add(key);
      this.expect(':', here);
      o[name] = this.value(depth, here, context || name === '@context');
      if (this.peek() === '}') {
        this.at++;
        break;
      }
      this.expect(',', at);
    }
    if (twice && !this.anyCase && !context) {
      throw at.failure('json-duplicate-name'); // two names in an object differ only in case
    }
    return o;
  }
}

/** The form that names share which differ only in case, by Unicode's simple
 * folding: some readers take "Issuer", or "iſſuer", for "issuer". */
function fold(name: string): string {
  if (/^[\x00-\x7f]*$/.test(name)) {
    return name.toLowerCase();
  }
  let out = '';
  for (const c of name) {
    if (c === '\u0131' || c === '\u0130') {
      out += c; // the Turkish letters fold to nothing else
      continue;
    }
    const upper = single(c, c.toUpperCase());
    out += single(upper, upper.toLowerCase());
  }
  return out;
}

function single(c: string, mapped: string): string {
  return [...mapped].length === 1 ? mapped : c;
}

/** Tells whether a number is the value of a double, or what one is written as.
 * Negative zero is refused: it is written back as another text. */
function isExact(text: string): boolean {
  const v = Number(text);
  if (!Number.isFinite(v) || (v === 0 && text.startsWith('-'))) {
    return false;
  }
  if (text.length <= 15 && !/[eE]/.test(text)) {
    return true; // at most 15 digits always come back
  }
  const want = decimal(text);
  return want !== '' && (want === decimal(String(v)) || want === decimal(exactDecimal(v)));
}

/** A number's significant digits and the exponent of the first, without sign. */
function decimal(text: string): string {
  const [mantissa = '', power = '0'] = text.toLowerCase().replace(/^-/, '').split('e');
  let exponent = BigInt(power);
  if (BigInt.asIntN(64, exponent) !== exponent) {
    return ''; // beyond what any reader keeps
  }
  const [whole = '', fraction = ''] = mantissa.split('.');
  exponent += BigInt(whole.length - 1);
  const digits = whole + fraction;
  const trimmed = digits.replace(/^0+/, '');
  exponent -= BigInt(digits.length - trimmed.length);
  const short = withoutEnd(trimmed, '0');
  return short === '' ? '0' : `${short}e${exponent}`;
}

/** All digits of a double. */
function exactDecimal(v: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(v));
  const bits = view.getBigUint64(0);
  const raw = Number(bits >> 52n);
  const mantissa = (bits & ((1n << 52n) - 1n)) | (raw === 0 ? 0n : 1n << 52n);
  const power = (raw === 0 ? 1 : raw) - 1075;
  if (power >= 0) {
    return String(mantissa << BigInt(power));
  }
  return `${mantissa * 5n ** BigInt(-power)}e${power}`;
}
