// Takes credentials out of what carries one beside a page for people: the files
// attached to a PDF, and certificates that are one web page. The PDF is read by
// the same rules as on the command line (internal/standards/bake), so that both
// see the same attachments; what is printed is not looked at.

import {inflate} from './bitstring';
import {maxCredential, maxImage, maxAttachments, maxDictionary, maxObjectDepth, maxPDFValue, mediaTypes} from './constants';
import {Malformed, malformedIf} from './failure';


/** A PDF of which nothing can be read. */
export class Encrypted extends Error {}

/** The files in a PDF that may be a credential (PDF 2.0, 7.11.4): its embedded
 * file streams, whatever its table of objects says. Those that are compressed in
 * another way than FlateDecode are left out. Throws Encrypted, and an error where
 * one that is said to be a credential's is damaged or too large. */
export async function attachments(data: Uint8Array): Promise<Uint8Array[]> {
  malformedIf(data.length > maxImage); // larger than the limit
  // One unit for each byte; those of ASCII are what they say.
  const pdf = new TextDecoder('latin1').decode(data);
  const files: Uint8Array[] = [];
  let failed: unknown;
  let count = 0;
  for (let at = 0; ;) {
    const s = nextStream(pdf, at);
    if (/\/Encrypt[\0\t\n\f\r <]/.test(pdf.slice(at, s ? s.start : pdf.length))) {
      throw new Encrypted();
    }
    if (!s) {
      break;
    }
    at = s.end;
    if (!isFile(s.dictionary)) {
      continue;
    }
    malformedIf(++count > maxAttachments); // more than maxAttachments attachments
    try {
      const file = await decode(data, s);
      if (file) {
        files.push(file);
      }
    } catch (e) {
      if (isCredential(s.dictionary)) {
        failed ??= e;
      }
    }
  }
  if (failed) {
    throw failed;
  }
  return files;
}

type Dictionary = Map<string, string>;

/** A stream: its bytes from start, a length that is negative if it is cut short,
 * and where reading goes on. */
interface Stream {
  dictionary: Dictionary;
  start: number;
  end: number;
  length: number;
}

/** Tells an embedded file. It need not state its type: Poppler, which many readers
 * are made of, writes its parameters alone. */
function isFile(d: Dictionary): boolean {
  return d.has('Params') || d.get('Type') === '/EmbeddedFile' || isCredential(d);
}

function isCredential(d: Dictionary): boolean {
  return mediaTypes.some(type => d.get('Subtype') === `/${type}`);
}

/** The file that a stream holds; undefined for one that is compressed in a way of
 * PDF that is not known here. */
async function decode(data: Uint8Array, s: Stream): Promise<Uint8Array | undefined> {
  malformedIf(s.length < 0); // an attachment is cut short
  const raw = data.subarray(s.start, s.start + s.length);
  if (!['', 'null'].includes(s.dictionary.get('DecodeParms') ?? '')) {
    return undefined;
  }
  switch (s.dictionary.get('Filter') ?? '') {
    case '': case 'null': case '[]':
      malformedIf(raw.length > maxCredential); // an attachment: larger than the limit
      return raw;
    case '/FlateDecode': case '[/FlateDecode]':
      try {
        return await inflate(raw, 'deflate', maxCredential);
      } catch {
        throw new Malformed(); // inflate: damaged or larger than the limit
      }
  }
  return undefined;
}

/** The first stream after an offset. Reading goes on where it stopped, never
 * before, so that the work is that of one pass. */
function nextStream(pdf: string, at: number): Stream | undefined {
  for (;;) {
    const i = pdf.indexOf('obj', at);
    if (i < 0) {
      return undefined;
    }
    at = i + 'obj'.length;
    if (at < 5 || !isSpace(pdf, at - 4) || !isDigit(pdf, at - 5)) {
      continue;
    }
    const reader = new ObjectReader(pdf, at, Math.min(pdf.length, at + maxDictionary));
    reader.space();
    const dictionary = reader.has('<<') ? reader.dictionary(maxObjectDepth) : undefined;
    at = reader.at;
    if (!dictionary) {
      continue;
    }
    while (isSpace(pdf, at)) {
      at++;
    }
    if (!pdf.startsWith('stream', at)) {
      continue;
    }
    let start = at + 'stream'.length;
    const begin = start;
    if (pdf.startsWith('\r\n', start)) {
      start += 2;
    }
    if (pdf[start] === '\n') {
      start++;
    }
    if (start === begin) {
      continue;
    }
    return measured(pdf, dictionary, start);
  }
}

/** Finds the end of a stream: where its Length says if the stream ends there,
 * else before the next "endstream" and the end of line in front of it. */
function measured(pdf: string, dictionary: Dictionary, start: number): Stream {
  let length = dictionary.get('Length') ?? '';
  if (length.endsWith(' R') && isFile(dictionary)) {
    length = integerAt(pdf, length.slice(0, -' R'.length));
  }
  const n = /^[0-9]{1,8}$/.test(length) ? Number(length) : -1;
  if (n >= 0 && start + n <= pdf.length) {
    let end = start + n;
    end += pdf[end] === '\r' ? 1 : 0;
    end += pdf[end] === '\n' ? 1 : 0;
    if (pdf.startsWith('endstream', end)) {
      return {dictionary, start, length: n, end: start + n};
    }
  }
  let end = pdf.indexOf('endstream', start);
  if (end < 0) {
    return {dictionary, start, length: -1, end: pdf.length};
  }
  end -= end > start && pdf[end - 1] === '\n' ? 1 : 0;
  end -= end > start && pdf[end - 1] === '\r' ? 1 : 0;
  return {dictionary, start, length: end - start, end};
}

/** The digits that the object of a reference, "12 0", is. */
function integerAt(pdf: string, reference: string): string {
  const head = `${reference} obj`;
  for (let at = pdf.indexOf(head); at >= 0; at = pdf.indexOf(head, at)) {
    at += head.length;
    if (isDigit(pdf, at - head.length - 1)) {
      continue;
    }
    const reader = new ObjectReader(pdf, at, Math.min(pdf.length, at + maxPDFValue));
    reader.space();
    return reader.word();
  }
  return '';
}

function isSpace(s: string, at: number): boolean {
  const c = s.charCodeAt(at);
  return c === 0 || c === 9 || c === 10 || c === 12 || c === 13 || c === 32;
}

function isDigit(s: string, at: number): boolean {
  const c = s.charCodeAt(at);
  return c >= 48 && c <= 57;
}

/** Reads the objects of a PDF that are no streams (PDF 2.0, 7.3) up to end, and
 * keeps of them what a stream is told apart by. */
class ObjectReader {
  constructor(private readonly pdf: string, public at: number, private readonly end: number) {}

  has(s: string): boolean {
    return this.at + s.length <= this.end && this.pdf.startsWith(s, this.at);
  }

  /** Tells whether a number, a keyword or the like begins here. */
  regular(): boolean {
    return this.at < this.end && !isSpace(this.pdf, this.at) && !'()<>[]{}/%'.includes(this.pdf[this.at]!);
  }

  word(): string {
    const from = this.at;
    while (this.regular()) {
      this.at++;
    }
    return this.pdf.slice(from, this.at);
  }

  /** Passes over white space and comments. */
  space(): void {
    for (let comment = false; this.at < this.end; this.at++) {
      const c = this.pdf[this.at];
      if (c === '\n' || c === '\r') {
        comment = false;
      } else if (c === '%') {
        comment = true;
      } else if (!comment && !isSpace(this.pdf, this.at)) {
        return;
      }
    }
  }

  /** The values by their names, without the solidus of those: each as value gives
   * it, and all parts of a reference. */
  dictionary(depth: number): Dictionary | undefined {
    this.at += '<<'.length;
    const d: Dictionary = new Map();
    for (;;) {
      this.space();
      if (this.has('>>')) {
        this.at += '>>'.length;
        return d;
      }
      if (!this.has('/')) {
        return undefined;
      }
      const name = this.name();
      let v = this.value(depth);
      if (v === undefined) {
        return undefined;
      }
      for (this.space(); this.regular(); this.space()) {
        const word = this.word();
        if (v.length < maxPDFValue) {
          v += ` ${word}`;
        }
      }
      d.set(name, v);
    }
  }

  /** One object: a name with its solidus, what is regular as it is, an array in
   * its brackets, and of all else its first sign. */
  private value(depth: number): string | undefined {
    this.space();
    if (depth === 0 || this.at === this.end) {
      return undefined;
    }
    if (this.regular()) {
      return this.word();
    }
    if (this.has('/')) {
      return `/${this.name()}`;
    }
    if (this.has('[')) {
      return this.array(depth);
    }
    if (this.has('(')) {
      return this.text() ? '(' : undefined;
    }
    if (this.has('<<')) {
      return this.dictionary(depth - 1) ? '<<' : undefined;
    }
    if (this.has('<')) {
      for (; this.at < this.end; this.at++) {
        if (this.pdf[this.at] === '>') {
          this.at++;
          return '<';
        }
      }
    }
    return undefined;
  }

  private array(depth: number): string | undefined {
    this.at++;
    let list = '[';
    for (;;) {
      this.space();
      if (this.has(']')) {
        this.at++;
        return `${list}]`;
      }
      const v = this.value(depth - 1);
      if (v === undefined) {
        return undefined;
      }
      if (list.length < maxPDFValue) {
        list += list === '[' ? v : ` ${v}`;
      }
    }
  }

  /** Passes over a string in brackets. */
  private text(): boolean {
    let open = 0;
    for (; this.at < this.end; this.at++) {
      const c = this.pdf[this.at];
      if (c === '\\') {
        this.at++;
      } else if (c === '(') {
        open++;
      } else if (c === ')' && --open === 0) {
        this.at++;
        return true;
      }
    }
    this.at = this.end;
    return false;
  }

  /** A name, in which # and two digits are a character. */
  private name(): string {
    this.at++;
    return this.word().replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  }
}

// The block of data in which a certificate that is a file keeps its credential.
const blockName = 'file-credential';
const blockTag = `<script type="application/json" id="${blockName}">`;

/** The start tag of what such a certificate has with it to be checked without the
 * network, such as its issuer's list: none of it is what the certificate is for. */
const kitTag = /^<script type="application\/json" id="file-(?:did|list|documents)">$/;

/** The credentials in a web page, and other data that may hold some. Own are those of
 * certificates that are a file: the JSON strings in its blocks of data of that name, of
 * which there ought to be one. Others are the texts of all other blocks of data, such as
 * JSON-LD. Throws an error for a block of its own that is cut short or not written as it
 * should be. */
export function fromHTML(data: Uint8Array): {own: Uint8Array[]; others: Uint8Array[]} {
  malformedIf(data.length > maxImage); // larger than the limit
  const {own, others} = findBlocks(new TextDecoder('latin1').decode(data));
  return {own: own.map(block => blockText(data.subarray(...block))), others: others.map(block => data.subarray(...block))};
}

function blockText(block: Uint8Array): Uint8Array {
  let text: unknown;
  try {
    text = JSON.parse(new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(block));
  } catch {
    text = undefined;
  }
  // A half of a surrogate pair has no form in UTF-8.
  if (typeof text !== 'string' || /[\ud800-\udfff]/u.test(text)) {
    throw new Malformed(); // the credential: not a JSON string
  }
  const credential = new TextEncoder().encode(text);
  malformedIf(credential.length > maxCredential); // the credential: larger than the limit
  return credential;
}

/** Tells the start tag of a block of data, in small letters. */
const dataScript = /[ \t\r\n]type[ \t\r\n]*=[ \t\r\n]*["']?application\/[a-z0-9.+-]*(?:json|jwt|vc|vp)/;

type Place = [number, number];

/** Walks from script to script, so that what one of them says is not taken for
 * another, and returns the places of the blocks. */
function findBlocks(page: string): {own: Place[]; others: Place[]} {
  // Every letter beyond ASCII that windows-1252 has is one unit in both cases.
  const lower = page.toLowerCase();
  const [own, others]: [Place[], Place[]] = [[], []];
  for (let at = lower.indexOf('<script'); at >= 0; at = lower.indexOf('<script', at)) {
    const close = page.indexOf('>', at);
    const start = close < 0 ? page.length : close + 1;
    const tag = page.slice(at, start);
    const ours = tag.includes(blockName);
    const end = lower.indexOf('</script', start);
    malformedIf(ours && tag !== blockTag); // the credential's element is not written as it should be
    malformedIf(ours && end < 0); // the credential is cut short
    if (end < 0) {
      break;
    }
    if (ours || (dataScript.test(lower.slice(at, start)) && !kitTag.test(tag))) {
      (ours ? own : others).push([start, end]);
    }
    at = end;
  }
  return {own, others};
}
