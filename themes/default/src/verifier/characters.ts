// What may be shown of a text that somebody else wrote, and what is white space,
// by the classes that material/text has for characters: the same in Go and here,
// whatever version of Unicode the browser has.

import {runs} from './classtable';

/** A letter for each class, in the order of text.Class: shown, space, layout,
 * joiner, hidden, bidi, control, none. */
type Class = 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H';

const starts: number[] = [];
const letters: Class[] = [];
for (const [, letter, length] of runs.matchAll(/([A-H])([0-9a-z]+)/g)) {
  letters.push(letter as Class);
  starts.push((starts.at(-1) ?? 0) + parseInt(length!, 36)); // where the next one starts
}

/** The class of a code point. */
function classOf(code: number): Class {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! > code) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return letters[low]!;
}

/** The characters of a text with their classes. The tags of a flag are joiners. */
function* classes(s: string): Generator<[string, Class]> {
  const flag = /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f}/uy;
  let [at, end] = [0, 0];
  for (const c of s) {
    if (c === '\u{1f3f4}') {
      flag.lastIndex = at;
      end = flag.test(s) ? flag.lastIndex : at;
    }
    yield [c, at < end && c !== '\u{1f3f4}' ? 'D' : classOf(c.codePointAt(0)!)];
    at += c.length;
  }
}

const maxText = 160;

/** Escapes what cannot be seen, or would move or turn other text, and cuts long
 * text: a credential could otherwise make a report say something else. The
 * joiners of Persian and Indian names and of emoji stay. */
export function safe(s: string): string {
  let out = '';
  let n = 0;
  for (const [c, k] of classes(s)) {
    if (n++ === maxText) {
      return `${out}...`;
    }
    const code = c.codePointAt(0)!;
    if (k === 'A' || k === 'B' || k === 'D') {
      out += c;
    } else if (code > 0xffff) {
      out += `\\U${code.toString(16).padStart(8, '0')}`;
    } else {
      out += `\\u${code.toString(16).padStart(4, '0')}`;
    }
  }
  return out;
}

/** Makes a text fit for one line: what cannot be seen, or would move or turn other
 * text, is a question mark. */
export function oneLine(s: string): string {
  return [...classes(s)].map(([c, k]) => 'ABD'.includes(k) ? c : '?').join('');
}

/** What stands in a text from its first character that is seen. */
export function fromSeen(s: string): string {
  for (const [c, k] of classes(s)) {
    if (k === 'A') {
      break;
    }
    s = s.slice(c.length);
  }
  return s;
}

export function quote(s: string): string {
  return `"${safe(s).replaceAll('"', '\\"')}"`;
}

/** Leaves out of a long text what safe would escape, but for line feeds. */
export function drop(s: string): string {
  let out = '';
  for (const [c, k] of classes(s)) {
    if (k === 'A' || k === 'B' || k === 'D' || c === '\n') {
      out += c;
    }
  }
  return out;
}

/** Tells white space, which may stand around a document and around what people
 * type: that of Unicode, and no byte order mark. */
function isSpace(code: number): boolean {
  return code === 0x20 || 'BC'.includes(classOf(code));
}

/** Takes the white space off both ends of a text. */
export function trim(s: string): string {
  let [from, to] = [0, s.length]; // no white space is beyond U+FFFF
  while (from < to && isSpace(s.charCodeAt(from))) {
    from++;
  }
  while (to > from && isSpace(s.charCodeAt(to - 1))) {
    to--;
  }
  return s.slice(from, to);
}

/** Takes the white space off both ends of a text in UTF-8. Other bytes are none. */
export function trimBytes(data: Uint8Array): Uint8Array {
  let [from, to] = [0, data.length];
  for (let n; (n = spaceAt(data, from, to)) > 0;) {
    from += n;
  }
  for (let n = 1; n <= 3 && n <= to - from;) {
    if (spaceAt(data, to - n, to) === n) {
      to -= n;
      n = 1;
    } else {
      n++;
    }
  }
  return data.subarray(from, to);
}

/** How many bytes the white space at a place has, 0 where there is none. */
function spaceAt(data: Uint8Array, at: number, end: number): number {
  const [a = 0, b = 0, c = 0] = data.subarray(at, Math.min(at + 3, end));
  const more = (byte: number) => (byte & 0xc0) === 0x80;
  if (at < end && a < 0x80) {
    return isSpace(a) ? 1 : 0;
  }
  if (a >= 0xc2 && a < 0xe0 && more(b)) {
    return isSpace((a & 0x1f) << 6 | (b & 0x3f)) ? 2 : 0;
  }
  if (a >= 0xe0 && a < 0xf0 && more(b) && more(c)) {
    const code = (a & 0x0f) << 12 | (b & 0x3f) << 6 | (c & 0x3f);
    return code >= 0x800 && isSpace(code) ? 3 : 0;
  }
  return 0;
}
