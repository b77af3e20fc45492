// Markdown as the published pages show it: CommonMark with tables, no raw HTML,
// links to http, https and mailto alone, no pictures. What comes out is, byte
// for byte, what internal/publishing/render makes of the same text.

import {decodeHTMLStrict} from 'entities';
import MarkdownIt, {type MarkdownIt as Parser, type StateBlock, type StateCore, type StateInline, type Token} from 'markdown-it';
import {linkURL, queryEscape} from './weburl';

// The bounds of render/markdown.go: bytes of a text, markers opened on a line.
const maxMarkdown = 32 << 10;
const maxMarkers = 32;
const maxCells = 1 << 16;

// How deep markdown-it goes. A line's markers are bounded above; what is left
// is indented lists and brackets, of which no person nests that many, and whose
// depth is that of the stack.
const maxNesting = 400;

const parser = makeParser();
const [defines, underlines] = [blockRule('reference'), blockRule('lheading')];

/** The HTML of a text whose headings start at level. */
export function markdown(text: string, level: number): string {
  const source = text.replace(/\r\n?/g, '\n');
  if (new TextEncoder().encode(source).length > maxMarkdown || nestedTooDeep(source) || tooWide(source)) {
    return plainParagraphs(source);
  }
  const tokens = parser.parse(source, {});
  shiftHeadings(tokens, level);
  return tokens.map((t, i) => block(t, tokens[i - 1], tokens[i + 1])).join('');
}

function makeParser(): Parser {
  const md = new MarkdownIt('commonmark', {html: false, maxNesting});
  md.disable(['html_block', 'html_inline', 'reference']);
  md.core.ruler.after('block', 'paragraphs', paragraphs);
  md.block.ruler.at('lheading', underlined);
  md.helpers.parseLinkDestination = destination;
  md.normalizeLink = md.normalizeLinkText = url => url;
  md.validateLink = () => true;
  md.inline.ruler.at('entity', entity);
  return md;
}

type BlockRule = (state: StateBlock, line: number, end: number, silent: boolean) => boolean;

/** A rule of markdown-it: "reference" reads one definition of a link,
 * "lheading" a heading that is underlined. */
function blockRule(name: string): BlockRule {
  const {block} = new MarkdownIt('commonmark');
  block.ruler.enableOnly(name);
  return block.ruler.getRules('')[0]!;
}

/** Reads an underlined heading. What is a table, or defines links alone, is none,
 * whatever stands below it. */
function underlined(state: StateBlock, line: number, end: number, silent: boolean): boolean {
  const {length} = state.tokens;
  const before = state.line;
  if (!underlines(state, line, end, silent)) {
    return false;
  }
  const {lines, table} = partsOf(state, state.tokens[length + 1]!.content);
  if ((table ? table.before : lines).length > 0) {
    return true;
  }
  state.tokens.length = length;
  state.line = before;
  return false;
}

/** Finds the destination of a link, and leaves it as it is written until it is
 * judged: goldmark resolves what is escaped in it in an order of its own. */
function destination(text: string, start: number, max: number): {ok: boolean, pos: number, str: string} {
  if (text[start] === '<') {
    const found = /<((?:\\[!-/:-@[-`{-~]|[^>\n\\]|\\(?![!-/:-@[-`{-~]))*)>/y;
    found.lastIndex = start;
    const [all, inner] = found.exec(text.slice(0, max)) ?? [];
    return {ok: all !== undefined, pos: start + (all ?? '').length, str: inner ?? ''};
  }
  let open = 0;
  let i = start;
  for (; i < max; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x5c && i + 1 < max && /[!-/:-@[-`{-~]/.test(text[i + 1]!)) {
      i++;
    } else if (c === 0x20 || c === 0x09 || c === 0x0a || (c === 0x29 && open-- === 0)) {
      break;
    } else if (c === 0x28) {
      open++;
    }
  }
  return {ok: i > start, pos: i, str: text.slice(start, i)};
}

/** Reads a reference to a character; all that are valid stand for themselves,
 * also those that no text needs. */
function entity(state: StateInline, silent: boolean): boolean {
  if (state.src[state.pos] !== '&') {
    return false;
  }
  const found = /^&(?:#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|[A-Za-z0-9]+);/.exec(state.src.slice(state.pos, state.pos + 40));
  const text = found ? decodeReference(found[0]) : undefined;
  if (text === undefined) {
    return false;
  }
  if (!silent) {
    const token = state.push('text_special', '', 0);
    token.content = text;
    token.markup = found![0];
    token.info = 'entity';
  }
  state.pos += found![0].length;
  return true;
}

/** Finds in each paragraph what goldmark finds there when the paragraph ends,
 * and markdown-it before it begins: definitions of links at its start, and
 * tables, which may follow lines of text and which every later line belongs to. */
function paragraphs(state: StateCore): void {
  const out: Token[] = [];
  for (let i = 0; i < state.tokens.length; i++) {
    const open = state.tokens[i]!;
    const heading = open.type === 'heading_open' && /^[-=]$/.test(open.markup);
    if (!heading && open.type !== 'paragraph_open') {
      out.push(open);
      continue;
    }
    const [text, close] = [state.tokens[++i]!, state.tokens[++i]!];
    const {defined, lines, table} = partsOf(state, text.content);
    if (defined > 0) {
      out.push(new state.Token('definitions', '', 0));
    }
    const rest = table ? table.before : lines;
    const rows = table ? tableTokens(state, table.head, table.rows) : [];
    text.content = rest.join('\n').replace(/[ \t]+$/, '');
    const plain = rest.length > 0 ? [open, text, close] : [];
    out.push(...heading ? [...rows, ...plain] : [...plain, ...rows]);
  }
  state.tokens = out;
}

/** What a paragraph holds: how many lines of definitions, then text, in which
 * there may be a table. */
function partsOf(state: StateCore | StateBlock, content: string): {defined: number, lines: string[], table: Table | undefined} {
  const all = content.split('\n').map(line => line.replace(/^[ \t\v\f\r]+/, ''));
  const defined = definitions(state, all);
  const lines = all.slice(defined);
  return {defined, lines, table: findTable(lines)};
}

/** Reads definitions of links from the start of a paragraph, and returns how
 * many lines they take. */
function definitions(state: StateCore | StateBlock, lines: string[]): number {
  if (!lines[0]!.startsWith('[')) {
    return 0;
  }
  const block = new state.md.block.State(lines.join('\n'), state.md, state.env, []);
  while (block.line < lines.length && defines(block, block.line, lines.length, false)) {
    // The rule goes on to the line after what it has read.
  }
  return block.line;
}

interface Table {before: string[]; head: string[]; rows: string[][]}

function findTable(lines: string[]): Table | undefined {
  for (let i = 1; i < lines.length; i++) {
    const columns = countColumns(lines[i]!, i === lines.length - 1);
    if (columns > 0) {
      const pad = (row: string[]): string[] => row.concat(Array<string>(Math.max(0, columns - row.length)).fill(''));
      const head = pad(cells(lines[i - 1]!));
      const rows = lines.slice(i + 1).map(line => pad(cells(line)).slice(0, columns));
      return head.length === columns ? {before: lines.slice(0, i - 1), head, rows} : undefined;
    }
  }
  return undefined;
}

/** The number of columns that a line under a table's head announces, or 0. */
function countColumns(line: string, last: boolean): number {
  if (!/^[-|: \t\v\f\r]*$/.test(line) || (last && /^-*$/.test(line))) {
    return 0;
  }
  const columns = line.split('|');
  if (columns[0]!.trim() === '') {
    columns.shift();
  }
  if (columns.at(-1)?.trim() === '') {
    columns.pop();
  }
  return columns.every(c => /^[ \t\f\r]*:?-+:?[ \t\f\r]*$/.test(c)) ? columns.length : 0;
}

/** The cells of a row, between bars that no backslash stands before. */
function cells(line: string): string[] {
  const row = trim(line);
  const from = row.startsWith('|') ? 1 : 0;
  const inner = row.slice(from, Math.max(from, row.endsWith('|') ? row.length - 1 : row.length)).replace(/([^\\]|^)\|$/, '$1');
  const out: string[] = [];
  for (const part of inner.split('|')) {
    const before = out.at(-1);
    if (before?.endsWith('\\')) {
      out[out.length - 1] = `${before}|${part}`;
    } else {
      out.push(part);
    }
  }
  return inner === '' ? [] : out.map(trim);
}

function trim(text: string): string {
  return text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '');
}

function tableTokens(state: StateCore, head: string[], rows: string[][]): Token[] {
  const token = (type: string, tag: string, nesting: -1 | 0 | 1): Token => new state.Token(type, tag, nesting);
  const row = (tag: string, texts: string[]): Token[] => [
    token('tr_open', 'tr', 1),
    ...texts.flatMap(text => {
      const inline = token('inline', '', 0);
      inline.content = text;
      inline.children = [];
      inline.info = 'cell';
      return [token(`${tag}_open`, tag, 1), inline, token(`${tag}_close`, tag, -1)];
    }),
    token('tr_close', 'tr', -1),
  ];
  const body = rows.length === 0 ? [] : [token('tbody_open', 'tbody', 1), ...rows.flatMap(r => row('td', r)), token('tbody_close', 'tbody', -1)];
  return [token('table_open', 'table', 1), token('thead_open', 'thead', 1), ...row('th', head), token('thead_close', 'thead', -1), ...body, token('table_close', 'table', -1)];
}

function decodeReference(reference: string): string | undefined {
  if (reference[1] !== '#') {
    const text = decodeHTMLStrict(reference);
    return text === reference ? undefined : text;
  }
  const code = /[xX]/.test(reference[2]!) ? parseInt(reference.slice(3), 16) : parseInt(reference.slice(2), 10);
  const valid = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return String.fromCodePoint(valid ? code : 0xfffd);
}

/** Reports whether a line opens more quotes and lists than a person would. */
function nestedTooDeep(source: string): boolean {
  return source.split('\n').some(line => {
    const markers = /^[-+*.)> \t0-9]*/.exec(line)![0].replace(/[ \t0-9]/g, '').length;
    return markers > maxMarkers && /[^-*_ \t\r\n]/.test(line);
  });
}

/** Reports whether a text could hold a larger table than a person would write. */
function tooWide(source: string): boolean {
  const lines = source.split('\n');
  const bars = lines.reduce((most, line) => Math.max(most, line.split('|').length - 1), 0);
  return bars * (lines.length - 1) > maxCells;
}

function plainParagraphs(source: string): string {
  return source.split('\n\n').filter(p => goSpace(p) !== p.length)
    .map(p => `<p>${escapeHTML(p)}</p>\n`).join('');
}

/** How many characters of p are white space to Go's strings.TrimSpace. */
function goSpace(p: string): number {
  return /^[\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*/.exec(p)![0].length;
}

/** Puts a text's headings below the page's: each at most one deeper than the
 * one before. */
function shiftHeadings(tokens: Token[], level: number): void {
  let before = level - 1;
  for (const t of tokens) {
    if (t.type === 'heading_open') {
      before = Math.min(Number(t.tag.slice(1)) + level - 1, before + 1, 6);
      t.tag = `h${before}`;
    } else if (t.type === 'heading_close') {
      t.tag = `h${before}`;
    }
  }
}

function block(t: Token, before: Token | undefined, after: Token | undefined): string {
  switch (t.type) {
    case 'inline':
      return inline(t.children ?? [], t.info === 'cell');
    case 'paragraph_open':
      return t.hidden ? '' : '<p>';
    case 'definitions':
      return '';
    case 'paragraph_close':
      return !t.hidden ? '</p>\n' : after?.type === 'list_item_close' || before?.content === '' ? '' : '\n';
    case 'heading_open':
    case 'th_open':
    case 'td_open':
      return `<${t.tag}>`;
    case 'list_item_open':
      return `<li>${after?.type === 'list_item_close' || after?.hidden ? '' : '\n'}`;
    case 'ordered_list_open': {
      const start = t.attrGet('start');
      return start === null ? '<ol>\n' : `<ol start="${start}">\n`;
    }
    case 'code_block':
    case 'fence':
      return `<pre><code>${escapeText(t.content.replace(/[^\n]$/, '$&\n'))}</code></pre>\n`;
    case 'hr':
      return '<hr>\n';
  }
  return t.nesting < 0 ? `</${t.tag}>\n` : `<${t.tag}>\n`;
}

function inline(tokens: Token[], cell = false): string {
  const links: string[] = [];
  return tokens.map((t, i) => {
    switch (t.type) {
      case 'code_inline':
        return `<code>${escapeText(cell ? t.content.replaceAll('\\|', '|') : t.content)}</code>`;
      case 'softbreak':
        return '\n';
      case 'hardbreak':
        return '<br>\n';
      case 'image': // its words
        return inline(t.children ?? [], cell);
      case 'link_open': {
        const href = t.markup === 'autolink' ? autolink(tokens[i + 1]!.content) : linkURL(escapeURL(resolveURL(String(t.attrGet('href') ?? ''))));
        links.push(href);
        return href === '' ? '' : `<a href="${escapeHTML(href)}" rel="nofollow noopener noreferrer">`;
      }
      case 'link_close':
        return links.pop() === '' ? '' : '</a>';
      case 'text':
        return tokens[i - 1]?.markup === 'autolink' && tokens[i - 1]?.nesting === 1 ? escapeHTML(t.content) :
          escapeText(tokens[i + 1]?.type === 'softbreak' ? t.content.replace(/[ \t]+$/, '') : t.content);
    }
    return t.nesting < 0 ? `</${t.tag}>` : t.nesting > 0 ? `<${t.tag}>` : escapeText(t.content);
  }).join('');
}

function autolink(label: string): string {
  const target = escapeURL(label);
  return linkURL(/^[^:]*@/.test(label) && !/^mailto:/i.test(target) ? `mailto:${target}` : target);
}

/** What a destination says: backslashes first, then numbers, then names. */
function resolveURL(written: string): string {
  return written.replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&#(?:[xX][0-9a-fA-F]+|[0-9]{1,7});/g, r => decodeReference(r)!)
    .replace(/&[A-Za-z0-9]+;/g, r => decodeReference(r) ?? r);
}

/** Percent-encodes what does not belong into a URL, and nothing twice. */
function escapeURL(url: string): string {
  return url.replace(/%[0-9a-fA-F]{2}|[^!#$&-;=?-Z_a-z~]/gu, c => c.length === 3 && c[0] === '%' ? c : c === ' ' ? '%20' : queryEscape(c));
}

/** As text of HTML, the way goldmark writes it. */
function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, c => ({'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'})[c]!);
}

/** As Go's html.EscapeString writes it. */
function escapeHTML(text: string): string {
  return text.replace(/[&<>"']/g, c => ({'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;'})[c]!);
}
