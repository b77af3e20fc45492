// Reads Markdown of strangers within the limits of internal/material/markdown, of
// which this is the twin: a test holds both to the same HTML. What comes out is data;
// prose.ts makes elements of it.

import {fromMarkdown} from 'mdast-util-from-markdown';
import {gfmTableFromMarkdown} from 'mdast-util-gfm-table';
import {gfmTable} from 'micromark-extension-gfm-table';
import {normalizeUri} from 'micromark-util-sanitize-uri';
import type {Definition, Nodes, Parents, Root, Table} from 'mdast';

import {markdownCells, markdownNesting, markdownSigns, maxMarkdown} from '../verifier/constants';
import {isURL} from '../verifier/url';

/** A text, or an element: p, h2 to h6, ul, ol, li, blockquote, pre, code, em, strong,
 * hr, br, table and its parts, or a with where it leads. */
export type Piece = string | {tag: string; href?: string; start?: number; children: Piece[]};

/** How many lines a text may have: of ten times as many headings micromark would make
 * half a minute. */
const mostLines = 2000;

/** How deep elements may be inside of each other. */
const deepest = 100;

/** Reads a text. Headings are moved to level and below, and none is skipped. There is
 * no raw HTML, which is text like any other, and no picture, of which the words stay;
 * links lead to http, https and mailto. Of a text beyond a limit come plain
 * paragraphs. */
export function read(source: string, level: number): Piece[] {
  const text = source.replace(/[\ud800-\udfff]/gu, '\ufffd').replace(/\r\n?/g, '\n');
  if (beyond(text)) {
    return text.split('\n\n').map(p => ({tag: 'p', children: [p]}));
  }
  const root = fromMarkdown(text, {
    extensions: [gfmTable(), {disable: {null: ['htmlFlow', 'htmlText']}}],
    mdastExtensions: [gfmTableFromMarkdown()],
  });
  return new Reader(root, level).blocks(root, 0);
}

class Reader {
  private readonly defined = new Map<string, string>();
  private before: number;

  constructor(root: Root, private readonly level: number) {
    this.before = level - 1;
    this.define(root);
  }

  /** Notes where the names of links lead; the first of a name counts. */
  private define(n: Nodes): void {
    if (n.type === 'definition' && !this.defined.has(name(n))) {
      this.defined.set(name(n), n.url);
    }
    if ('children' in n) {
      n.children.forEach(child => this.define(child));
    }
  }

  blocks(n: Parents, depth: number): Piece[] {
    return n.children.flatMap(child => this.piece(child, depth));
  }

  private piece(n: Nodes, depth: number): Piece[] {
    const element = (tag: string, more: {href?: string; start?: number} = {}): Piece[] => {
      const children = 'children' in n ? this.blocks(n, depth + 1) : [];
      return depth < deepest ? [{tag, ...more, children}] : children;
    };
    switch (n.type) {
      case 'text':
        return [n.value];
      case 'paragraph':
        return element('p');
      case 'heading':
        this.before = Math.min(n.depth + this.level - 1, this.before + 1, 6);
        return element(`h${this.before}`);
      case 'blockquote':
      case 'strong':
        return element(n.type);
      case 'emphasis':
        return element('em');
      case 'break':
        return [{tag: 'br', children: []}];
      case 'thematicBreak':
        return [{tag: 'hr', children: []}];
      case 'inlineCode':
        return [{tag: 'code', children: [n.value.replaceAll('\n', ' ')]}];
      case 'code':
        return [{tag: 'pre', children: [{tag: 'code', children: n.value ? [`${n.value}\n`] : []}]}];
      case 'list': {
        const loose = n.spread || n.children.some(item => item.spread);
        const start = n.ordered && typeof n.start === 'number' && n.start !== 1 ? {start: n.start} : {};
        const items = n.children.map((item): Piece => ({
          tag: 'li', children: item.children.flatMap(child => child.type === 'paragraph' && !loose ? this.blocks(child, depth + 2) : this.piece(child, depth + 2)),
        }));
        return depth < deepest ? [{tag: n.ordered ? 'ol' : 'ul', ...start, children: items}] : items.flatMap(item => typeof item === 'string' ? item : item.children);
      }
      case 'link':
        return this.link(n.url, element);
      case 'linkReference':
        return this.link(this.defined.get(name(n)) ?? '', element);
      case 'image':
      case 'imageReference':
        return [n.alt ?? ''];
      case 'table':
        return [this.table(n, depth)];
      default:
        return [];
    }
  }

  private link(url: string, element: (tag: string, more?: {href?: string}) => Piece[]): Piece[] {
    const href = target(url);
    return href === undefined ? element('a').flatMap(p => typeof p === 'string' ? p : p.children) : element('a', {href});
  }

  private table(n: Table, depth: number): Piece {
    const columns = n.children[0]?.children.length ?? 0;
    const rows = n.children.map((row, at): Piece => ({
      tag: 'tr',
      children: Array.from({length: columns}, (_, i): Piece => ({tag: at === 0 ? 'th' : 'td', children: row.children[i] ? this.blocks(row.children[i], depth + 4) : []})),
    }));
    const body: Piece[] = rows.length > 1 ? [{tag: 'tbody', children: rows.slice(1)}] : [];
    return {tag: 'table', children: [{tag: 'thead', children: rows.slice(0, 1)}, ...body]};
  }
}

function name(n: Pick<Definition, 'identifier'>): string {
  return n.identifier.toUpperCase();
}

/** Where a link leads as a browser sees it, undefined where it may not. */
function target(url: string): string | undefined {
  const s = normalizeUri(url);
  const scheme = /^[a-z]+(?=:)/i.exec(s)?.[0].toLowerCase() ?? '';
  const whole = scheme + s.slice(scheme.length);
  if (scheme === 'mailto') {
    return /^mailto:[^?#]*@/.test(whole) ? whole : undefined;
  }
  const host = /^https?:\/\/([^/?#]*)/.exec(whole)?.[1];
  return host !== undefined && whole.length <= 2000 && isURL(whole) && goodHost.test(host) && URL.canParse(whole) ? whole : undefined;
}

const goodHost = /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::[1-9]\d{0,4})?$|^\[[0-9A-Fa-f:.]+\](?::[1-9]\d{0,4})?$/;

/** Tells a text that is beyond a limit. */
function beyond(source: string): boolean {
  if (new TextEncoder().encode(source).length > maxMarkdown) {
    return true;
  }
  const lines = source.split('\n');
  let [widest, signs] = [0, 0];
  for (const line of lines) {
    if (nesting(line) > markdownNesting) {
      return true;
    }
    widest = Math.max(widest, line.split('|').length - 1);
    signs += line.match(/\*+|_+|`+|<+|[[\]]/g)?.length ?? 0;
  }
  return lines.length > mostLines || signs > markdownSigns || widest * (lines.length - 1) > markdownCells;
}

/** Counts the signs at the beginning of a line that could open a quote or a list. */
function nesting(line: string): number {
  if (/^[-*_ \t]*$/.test(line)) {
    return 0;
  }
  let n = 0;
  for (let rest = line; ; n++) {
    const m = /^[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$))/.exec(rest);
    if (!m) {
      return n;
    }
    rest = rest.slice(m[0].length);
  }
}
