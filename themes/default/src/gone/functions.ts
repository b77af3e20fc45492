// What templates can call beside html/template's own functions: those of
// internal/publishing/render/templates.go and strings.go, and Go's built-in
// ones.

import {markdown} from './markdown';
import {qr} from './qrcode';
import type {BrowserTemplate, TemplateFunction} from './template';
import {equal, HTML, isTrue, less, printedValue, sprint, text, Time, time, whole, type Value} from './value';
import {absoluteURL, mailURL, plainURL, telURL, webURL} from './weburl';

/** The functions of a template in its language. */
export function functionsOf(template: BrowserTemplate): Record<string, TemplateFunction> {
  const words = new Words(template.words);
  return {
    ...builtin,
    t: (key, ...pairs) => words.text(text(key), pairs),
    lang: () => template.language,
    dir: () => template.dir,
    date: t => words.date(time(t)),
    isodate: t => isoDate(time(t)),
    number: n => words.number(whole(n)),
    duration: iso => words.duration(text(iso)),
    language: tag => words.language(text(tag)),
    markdown: (source, level) => new HTML(markdown(text(source), whole(level))),
    weburl: url => webURL(text(url)),
    plainurl: url => plainURL(text(url)),
    telurl: phone => telURL(text(phone)),
    mailurl: address => mailURL(text(address)),
    absolute: (base, href) => absoluteURL(text(base), text(href)),
    qr: (content, level) => ({...qr(text(content), level === undefined ? 'M' : text(level))}),
    initial: name => initial(text(name)),
    length: s => Array.from(text(s)).length,
    kind: page => {
      awardOf(page);
      return 'award';
    },
    preview: page => {
      const award = awardOf(page);
      return award.BadgePNGHref || (award.Achievement as Record<string, Value>).ImageHref!;
    },
    asset: name => assetOf(template, text(name))[0],
    integrity: name => assetOf(template, text(name))[1],
  };
}

function awardOf(page: Value | undefined): Record<string, Value> {
  if (typeof page === 'object' && page !== null && Object.hasOwn(page, 'CredentialID') && Object.hasOwn(page, 'Take')) {
    return page as Record<string, Value>;
  }
  throw new Error('not an award page');
}

function assetOf(template: BrowserTemplate, name: string): [string, string] {
  if (!Object.hasOwn(template.assets, name)) {
    throw new Error(`no file assets/${name}`);
  }
  return template.assets[name]!;
}

/** The words of one language; each is as in render/strings.go. */
export class Words {
  constructor(private readonly table: Record<string, string>) {}

  private word(key: string): string | undefined {
    return Object.hasOwn(this.table, key) ? this.table[key] : undefined;
  }

  /** The word for a key; pairs are the names and values that stand in it as
   * {name}. */
  text(key: string, pairs: Value[]): string {
    let found = this.word(key);
    if (found === undefined || pairs.length % 2 !== 0) {
      throw new Error(found === undefined ? `no string "${key}"` : `string "${key}": a name without a value`);
    }
    for (let i = 0; i < pairs.length; i += 2) {
      const value = printedValue(pairs[i + 1]!);
      found = found.replaceAll(`{${printedValue(pairs[i]!)}}`, () => value);
    }
    return found;
  }

  /** A day as people of the language write it. */
  date(t: Time): string {
    if (t.isZero()) {
      return '';
    }
    const {y, m, d} = t.day();
    const parts: Record<string, string> = {
      '{d}': d === 1 ? this.word('date.first') || '1' : String(d), '{month}': this.word(`month.${m}`) ?? '', '{y}': String(y),
    };
    return (this.word('date') ?? '').replace(/\{(?:d|month|y)\}/g, name => parts[name]!);
  }

  /** Groups digits by three. */
  number(n: number): string {
    return String(n).replace(/\B(?=(?:\d{3})+$)/g, () => this.word('number.group') ?? '');
  }

  /** An ISO 8601 duration of years, months, weeks and days; what is none is
   * returned as it is. */
  duration(iso: string): string {
    if (!/^P(?:[+-]?[0-9]+[YMWD])+$/.test(iso)) {
      return iso;
    }
    const units: Record<string, string> = {Y: 'year', M: 'month', W: 'week', D: 'day'};
    const said: string[] = [];
    for (const [, digits, unit] of iso.slice(1).matchAll(/([+-]?[0-9]+)([YMWD])/g)) {
      const n = BigInt(digits!.replace(/^\+/, ''));
      if (n < 0n || n > 0x7fffffffffffffffn) {
        return iso;
      }
      const [one, many = ''] = (this.word(`duration.${units[unit!]!}`) ?? '').split(/\|(.*)/s);
      said.push((n === 1n ? one! : many).replaceAll('{n}', String(n)));
    }
    return said.join(', ');
  }

  /** A BCP 47 tag by its first part, or the tag where that has no name. */
  language(tag: string): string {
    return this.word(`language.${tag.toLowerCase().split('-', 1)[0]!}`) ?? tag;
  }
}

function isoDate(t: Time): string {
  const {y, m, d} = t.day();
  const two = (n: number): string => String(n).padStart(2, '0');
  return t.isZero() ? '' : `${String(y).padStart(4, '0')}-${two(m)}-${two(d)}`;
}

/** The first letter of a name, where there is no image. */
function initial(name: string): string {
  for (const c of name) {
    if (/[\p{L}\p{N}]/u.test(c)) {
      const upper = c.toUpperCase();
      return Array.from(upper).length === 1 ? upper : c;
    }
  }
  const [first = ''] = name;
  return first === '\ufffd' ? '' : first;
}

const builtin: Record<string, TemplateFunction> = {
  // and, or are the interpreter's: they do not evaluate what they need not.
  not: v => !isTrue(v!),
  eq: (a, ...others) => {
    if (others.length === 0) {
      throw new Error('eq of one value');
    }
    return others.some(b => equal(a!, b));
  },
  ne: (a, b) => !equal(a!, b!),
  lt: (a, b) => less(a!, b!),
  le: (a, b) => less(a!, b!) || equal(a!, b!),
  gt: (a, b) => !less(a!, b!) && !equal(a!, b!),
  ge: (a, b) => !less(a!, b!),
  len: v => Array.isArray(v) ? v.length : new TextEncoder().encode(text(v)).length,
  index: (list, ...indexes) => indexes.reduce((v: Value, i) => element(v, whole(i)), list!),
  slice: (v, from = 0, to) => slice(v!, whole(from), to === undefined ? undefined : whole(to)),
  print: (...args) => sprint(args),
  println: (...args) => `${args.map(printedValue).join(' ')}\n`,
  printf: (format, ...args) => printf(text(format), args),
};

function element(list: Value, i: number): Value {
  if (!Array.isArray(list) || list[i] === undefined) {
    throw new Error('index out of a list');
  }
  return list[i];
}

/** A part of a list, or of a text by its bytes, which must not end within a
 * character. */
function slice(v: Value, from: number, to: number | undefined): Value {
  const whole = Array.isArray(v) ? v : new TextEncoder().encode(text(v));
  const end = to ?? whole.length;
  if (from < 0 || from > end || end > whole.length) {
    throw new Error('slice out of range');
  }
  const part = whole.slice(from, end);
  return part instanceof Uint8Array ? new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(part) : part;
}

/** fmt.Sprintf with %s, %v, %d and a width: what BrowserTemplate lets through. */
function printf(format: string, args: Value[]): string {
  let used = 0;
  const out = format.replace(/%(%|(-?)(0?)(\d*)([sdv]))/g, (_, all: string, left: string, zero: string, width: string, verb: string) => {
    if (all === '%') {
      return '%';
    }
    const arg = args[used++];
    if (arg === undefined || (verb === 'd') !== (typeof arg === 'number') && verb !== 'v') {
      throw new Error(`printf: no value for %${verb}`);
    }
    const said = printedValue(arg);
    const fill = Math.max(0, Number(width) - Array.from(said).length);
    if (zero !== '' && said.startsWith('-')) {
      return `-${'0'.repeat(fill)}${said.slice(1)}`;
    }
    return left !== '' ? said + ' '.repeat(fill) : (zero !== '' ? '0' : ' ').repeat(fill) + said;
  });
  if (used !== args.length) {
    throw new Error('printf: a value too many');
  }
  return out;
}
