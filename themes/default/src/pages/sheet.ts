// The sheet of a certificate that is a file: drawn from the credential, and the
// one that came with the file held against it.

import {el, foreign, type Child} from './dom';
import {isObject, type Doc, type Value} from '../verifier/json';
import {qr} from '../gone/qrcode';
import {firstSubject, idOf, items, objectOf, stringOf, textOf} from '../verifier/text';
import type {Time} from '../gone/value';
import type {AwardView, Result} from '../gone/view';
import {t} from './words';

/** A word of the theme's certificate, which the script has from where it came. */
function word(key: string): string {
  return t(`sheet.${key}`);
}

/** The pictures of a sheet, as data: URLs. */
export interface Pictures {
  achievement: string | undefined;
  issuer: string | undefined;
}

/** Draws what the template certificate.html writes, in its markup, so that the
 * theme's style fits both. Text is set as text. */
export function drawSheet(view: AwardView, pictures: Pictures): HTMLElement {
  const a = view.Achievement;
  const verify = view.Take.VerifyURL;
  const named = view.RecipientName !== '' || view.RecipientID !== '';
  return el('div', {class: 'sheet'},
    el('div', {class: 'sheet-issuer'},
      pictures.issuer && el('img', {src: pictures.issuer, alt: '', width: '48', height: '48'}), foreign('span', view.Issuer.Name)),
    el('div', {class: 'sheet-image'},
      pictures.achievement && el('img', {class: 'badge', src: pictures.achievement, alt: a.ImageAlt, width: '320', height: '320', decoding: 'async'})),
    el('div', {class: 'sheet-text'},
      el('p', {class: 'label'}, word(named ? 'award.to' : 'award.unnamed')),
      named && recipient(view),
      named && el('p', {class: 'label'}, word('award.for')),
      el('h1', {class: longer(a.Name, 60), dir: 'auto', lang: a.Language || undefined}, a.Href === '' ? a.Name : el('a', {href: a.Href}, a.Name)),
      a.Type && foreign('p', a.Type, {class: 'eyebrow'}),
      a.Description && foreign('p', a.Description, {class: `sheet-description${longer(a.Description, 420) ? ' long' : ''}`, lang: a.Language || undefined})),
    el('div', {class: 'sheet-foot'}, facts(view), code(verify)),
    el('dl', {class: 'sheet-print'},
      fact(word('certificate.check'), verify, 'ltr'), fact(word('proof.credential'), view.CredentialID, 'ltr'), fact(word('proof.issuer'), view.Issuer.DID, 'ltr')));
}

function longer(text: string, most: number): string | undefined {
  return Array.from(text).length > most ? 'long' : undefined;
}

function recipient({RecipientName: name, RecipientID: id}: AwardView): HTMLElement {
  return name === '' ? el('p', {class: 'recipient recipient-id'}, el('code', {dir: 'ltr'}, id)) :
    foreign('p', name, {class: `recipient${longer(name, 36) ? ' long' : ''}`});
}

function facts(view: AwardView): HTMLElement {
  const {ValidUntil: until} = view;
  return el('dl', {class: 'sheet-facts'},
    !view.AwardedDate.isZero() && dated(word('award.date'), view.AwardedDate),
    until.isZero() ? fact(word('validity'), word('validity.unlimited')) : dated(word('award.until'), until),
    fact(word('credits.earned'), view.CreditsEarned),
    view.LicenseNumber !== '' && el('div', {class: 'sheet-more'}, el('dt', {}, word('award.license')), foreign('dd', view.LicenseNumber)),
    ...view.Results.map(result));
}

function result({Name: name, Value: value, Status: status}: Result): HTMLElement {
  return el('div', {class: 'sheet-more'}, foreign('dt', name), foreign('dd', value || status));
}

function fact(label: string, value: string, dir?: string): Child {
  return value !== '' && el('div', {}, el('dt', {}, label), el('dd', {dir}, value));
}

function dated(label: string, time: Time): HTMLElement {
  const {y, m, d} = time.day();
  const iso = `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`;
  return el('div', {}, el('dt', {}, label), el('dd', {}, el('time', {datetime: iso}, day(new Date(time.ms)))));
}

/** The code that leads to the verification. */
function code(url: string): Child {
  if (url === '') {
    return undefined;
  }
  const {Size: size, Path: path} = qr(url);
  const svg = (tag: string, attributes: Record<string, string>, ...children: Child[]): SVGElement => {
    const e = document.createElementNS('http://www.w3.org/2000/svg', tag);
    Object.entries(attributes).forEach(([name, value]) => e.setAttribute(name, value));
    e.append(...children.filter(c => c !== undefined && c !== false));
    return e;
  };
  return el('figure', {class: 'sheet-qr'},
    svg('svg', {class: 'qr', viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-labelledby': 'qr-title'},
      svg('title', {id: 'qr-title'}, word('certificate.qr')), svg('path', {'fill-rule': 'evenodd', d: path})),
    el('figcaption', {}, word('award.scan')));
}

/** A day as the theme writes it, in UTC. */
export function day(d: Date): string {
  const first = word('date.first');
  const n = d.getUTCDate() === 1 && first !== '' ? first : String(d.getUTCDate());
  return word('date').replace('{d}', n).replace('{month}', word(`month.${d.getUTCMonth() + 1}`)).replace('{y}', String(d.getUTCFullYear()));
}

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

/** A term as words: "CertificateOfCompletion" as "Certificate of Completion". */
function label(term: string): string {
  return term.replace(/^[^:]*:/, '').replace(/(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, ' ').replaceAll(' Of ', ' of ');
}
