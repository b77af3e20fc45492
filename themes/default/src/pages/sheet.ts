// The sheet of a certificate that is a file, held against the credential: what
// it says was signed, and what was signed it says.

import {firstSubject, idOf, items, objectOf, stringOf, textOf} from '../verifier/text';
import {isObject, type Doc, type Value} from '../verifier/json';
import {label} from './show';
import {standing} from './standing';
import {day} from './words';

/** The first text of a sheet that was neither signed nor is a label or the
 * address to check at, or the first that was signed and is missing; undefined if
 * all is as it was signed. */
export function unsigned(sheet: Element, doc: Doc, labels: string[], verify: string): string | undefined {
  const allowed = new Set([...labels, verify].map(plain));
  for (const text of signed(doc)) {
    allowed.add(plain(text));
    allowed.add(plain(label(text)));
    const d = new Date(text);
    if (/^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(d.getTime())) {
      allowed.add(plain(day(d)));
    }
  }
  const subject = firstSubject(doc);
  for (const r of items(subject?.result).filter(isObject)) {
    allowed.add(plain(standing(r, objectOf(subject, 'achievement')).text));
  }
  const shown = new Set<string>();
  for (const text of texts(sheet)) {
    shown.add(text);
    if (!allowed.has(text)) {
      return text;
    }
  }
  return required(doc).map(plain).find(text => text !== '' && !shown.has(text));
}

/** What every sheet shows: whose it is, for what, from whom, when. */
function required(doc: Doc): string[] {
  const subject = firstSubject(doc);
  const name = items(subject?.identifier).filter(isObject).find(i => i.identityType === 'name' && i.hashed !== true);
  const issuer = isObject(doc.issuer) ? doc.issuer : undefined;
  const awarded = new Date(stringOf(doc, 'awardedDate'));
  return [
    name ? stringOf(name, 'identityHash') : '', textOf(objectOf(subject, 'achievement')?.name), textOf(issuer?.name), stringOf(doc, 'id'), idOf(doc.issuer),
    Number.isNaN(awarded.getTime()) ? '' : day(awarded),
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
