// Markdown of strangers as elements. What reads it is loaded when there is some.

import {drop, trim} from '../verifier/characters';
import {isObject, type Value} from '../verifier/json';
import type {Judged} from '../verifier/judged';
import {el, foreign} from './dom';
import type {Piece} from './markdown';

let read: typeof import('./markdown').read | undefined;

/** Loads what reads Markdown, if one of the narratives in what was judged may have
 * some. Where it cannot be loaded, the text is shown as it is written. */
export async function prepareProse(judged: Judged, load: () => Promise<{read: NonNullable<typeof read>}>): Promise<void> {
  if (!read && narrated(judged.doc)) {
    read = await load().then(m => m.read, () => undefined);
  }
}

/** What a text without Markdown does not have. */
const signs = /[\\`*_[\]<>#|&~=+]|(?:^|\n)\s*(?:-|\d+[.)])|\n-| {4}|\t/;

function narrated(v: Value | undefined): boolean {
  if (Array.isArray(v)) {
    return v.some(narrated);
  }
  return isObject(v) && Object.entries(v).some(([name, value]) => name === 'narrative' && typeof value === 'string' ? signs.test(value) : narrated(value));
}

/** A narrative of a stranger (Open Badges Specification v3.0, "Markdown"), with
 * headings of a level and below; undefined if it says nothing. */
export function prose(source: string, level: number): HTMLElement | undefined {
  const text = trim(drop(source));
  if (!text) {
    return undefined;
  }
  if (read && signs.test(text)) {
    try {
      return el('div', {class: 'prose vprose'}, ...read(text, Math.min(level, 6)).map(drawn));
    } catch {
      // As it is written, then.
    }
  }
  return el('div', {class: 'vprose'}, ...text.split(/\n{2,}/).map(p => foreign('p', p, {class: 'vlong'})));
}

const blocks = new Set(['p', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'blockquote', 'table', 'th', 'td']);

function drawn(p: Piece): Node {
  if (typeof p === 'string') {
    return document.createTextNode(p);
  }
  const children = p.children.map(drawn);
  if (p.tag === 'table') { // a wide one is scrolled
    return el('div', {class: 'vtable', tabindex: '0', role: 'group'}, el('table', {}, ...children));
  }
  if (p.href === undefined) {
    return el(p.tag, {dir: blocks.has(p.tag) ? 'auto' : p.tag === 'pre' ? 'ltr' : undefined, start: p.start === undefined ? undefined : String(p.start)}, ...children);
  }
  const a = el('a', {href: p.href, rel: 'nofollow noopener noreferrer', target: '_blank'}, ...children);
  const url = new URL(p.href);
  const shown = url.protocol === 'mailto:' ? url.pathname : url.host;
  if (!(a.textContent ?? '').includes(shown)) {
    a.dataset.leads = shown; // where it leads is seen beside what it is called
  }
  return a;
}
