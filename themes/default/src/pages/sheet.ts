// The sheet of a certificate that is a file, held against the credential: what
// it says was signed, and what was signed it says.

import {firstSubject, idOf, items, objectOf, stringOf, textOf} from '../verifier/text';
import {isObject, type Doc, type Value} from '../verifier/json';
import {label} from './show';
import {members} from './record';
import {standing} from './standing';
import {day, number} from './words';

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
  for (const result of [doc, ...members(doc)].flatMap(results)) {
    allowed.add(plain(result));
  }
  allowed.add(number(members(doc).length)).add(total(doc));
  const shown = new Set<string>();
  for (const text of texts(sheet)) {
    shown.add(text);
    if (!allowed.has(text)) {
      return text;
    }
  }
  return required(doc).map(plain).find(text => text !== '' && !shown.has(text));
}

/** The results of a credential, each with its scale. */
function results(doc: Doc): string[] {
  const subject = firstSubject(doc);
  return items(subject?.result).filter(isObject).map(r => standing(r, objectOf(subject, 'achievement')).text);
}

/** The credits of a learner record, of an achievement that is held more than once the
 * most; internal/publishing/site counts them alike. */
function total(doc: Doc): string {
  const credits = new Map<string, number>();
  for (const m of members(doc)) {
    const subject = firstSubject(m);
    const achievement = objectOf(subject, 'achievement');
    const n = [subject?.creditsEarned, achievement?.creditsAvailable].find(v => typeof v === 'number');
    if (typeof n === 'number') {
      credits.set(stringOf(achievement, 'id'), Math.max(credits.get(stringOf(achievement, 'id')) ?? 0, n));
    }
  }
  return credits.size === 0 ? '' : plain(number(Math.round([...credits.values()].reduce((a, b) => a + b, 0) * 1e6) / 1e6));
}

/** What every sheet shows: whose it is, for what, from whom, when. */
function required(doc: Doc): string[] {
  const subject = firstSubject(doc);
  const name = items(subject?.identifier).filter(isObject).find(i => i.identityType === 'name' && i.hashed !== true);
  const issuer = isObject(doc.issuer) ? doc.issuer : undefined;
  const of = members(doc);
  return [
    name ? stringOf(name, 'identityHash') : '', textOf(of.length > 0 ? doc.name : objectOf(subject, 'achievement')?.name), textOf(issuer?.name), stringOf(doc, 'id'), idOf(doc.issuer),
    awarded(doc), total(doc), ...of.flatMap(m => [textOf(objectOf(firstSubject(m), 'achievement')?.name), awarded(m), ...results(m)]),
  ];
}

/** The day of an award, as it is shown. */
function awarded(doc: Doc): string {
  const d = new Date(stringOf(doc, 'awardedDate'));
  return Number.isNaN(d.getTime()) ? '' : day(d);
}

/** Every text and number of a document. */
function* signed(v: Value): Generator<string> {
  if (typeof v === 'string') {
    yield v;
  } else if (typeof v === 'number') {
    yield String(v);
    yield number(v);
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
