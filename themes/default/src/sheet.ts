// Holds a certificate that is shown against the credential it is of.

import {isObject, type Doc, type Value} from './json';
import {firstSubject, idOf, items, objectOf, stringOf, textOf} from './text';
import {maybe, t} from './words';

/** What the theme has to do with a sheet: the patterns of a date and of the first
 * of a month, the site's address, and the words that label what was signed. */
export interface Theme {
  pattern: string;
  first: string;
  base: string;
  labels: string[];
}

/** The first text of a sheet that was neither signed nor is a word of the
 * theme, or the first that was signed and is missing; undefined if all is as it
 * was signed. */
export function unsigned(sheet: Element, doc: Doc, theme: Theme): string | undefined {
  const allowed = new Set<string>();
  for (const text of signed(doc)) {
    allowed.add(plain(text));
    allowed.add(plain(label(text)));
    if (/^\d{4}-\d\d-\d\dT/.test(text)) {
      allowed.add(plain(day(text, theme)));
    }
  }
  for (const word of theme.labels) {
    allowed.add(plain(word));
  }
  const shown = new Set<string>();
  for (const text of texts(sheet)) {
    shown.add(text);
    // Where to check is no part of the credential; it leads to the issuer's site.
    if (!allowed.has(text) && !(theme.base !== '' && text.startsWith(theme.base) && !text.includes(' '))) {
      return text;
    }
  }
  return required(doc, theme).map(plain).find(text => text !== '' && !shown.has(text));
}

/** What every sheet shows: whose it is, for what, from whom, when. */
function required(doc: Doc, theme: Theme): string[] {
  const subject = firstSubject(doc);
  const name = items(subject?.identifier).filter(isObject).find(i => i.identityType === 'name' && i.hashed !== true);
  const issuer = isObject(doc.issuer) ? doc.issuer : undefined;
  const awarded = stringOf(doc, 'awardedDate');
  return [
    name ? stringOf(name, 'identityHash') : '', textOf(objectOf(subject, 'achievement')?.name), textOf(issuer?.name), stringOf(doc, 'id'), idOf(doc.issuer),
    awarded === '' ? '' : day(awarded, theme),
  ];
}

/** Every text and number of a document. */
function* signed(v: Value): Generator<string> {
  if (typeof v === 'string') {
    yield v;
  } else if (typeof v === 'number') {
    yield String(v);
  } else if (Array.isArray(v)) {
    for (const item of v) {
      yield* signed(item);
    }
  } else if (isObject(v)) {
    for (const item of Object.values(v)) {
      yield* signed(item as Value);
    }
  }
}

/** The texts that a reader sees, and those that are read out. */
function* texts(root: Element): Generator<string> {
  for (const e of [root, ...root.querySelectorAll('*')]) {
    for (const name of ['alt', 'title', 'aria-label']) {
      const text = plain(e.getAttribute(name) ?? '');
      if (text !== '') {
        yield text;
      }
    }
    for (const node of e.childNodes) {
      const text = node.nodeType === Node.TEXT_NODE ? plain(node.textContent ?? '') : '';
      if (text !== '') {
        yield text;
      }
    }
  }
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** A day as the theme writes it, in UTC. */
export function day(iso: string, {pattern, first}: Pick<Theme, 'pattern' | 'first'>): string {
  const d = new Date(iso);
  if (Number.isNaN(d.getTime())) {
    return iso;
  }
  const n = d.getUTCDate() === 1 && first !== '' ? first : String(d.getUTCDate());
  return pattern.replace('{d}', n).replace('{month}', maybe(`month.${d.getUTCMonth() + 1}`) ?? t('untitled')).replace('{y}', String(d.getUTCFullYear()));
}

/** A term as words: "CertificateOfCompletion" as "Certificate of Completion". */
function label(term: string): string {
  return term.replace(/^[^:]*:/, '').replace(/(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, ' ').replaceAll(' Of ', ' of ');
}
