// The functions that html/template puts behind every value, by the names that
// render.BrowserTemplate leaves them, and the two that a template can ask for.

import type {TemplateFunction} from './template';
import {HTML, sprint, type Value} from './value';
import {queryEscape} from './weburl';

// What html/template writes for a value that does not belong where it stands.
const unsafe = 'ZgotmplZ';

const html: Record<string, string> = {
  '\0': '\ufffd', '"': '&#34;', '&': '&amp;', "'": '&#39;', '+': '&#43;', '<': '&lt;', '>': '&gt;',
};
const unquoted: Record<string, string> = {
  ...html, '\0': '&#xfffd;', '\t': '&#9;', '\n': '&#10;', '\v': '&#11;', '\f': '&#12;', '\r': '&#13;', ' ': '&#32;', '=': '&#61;', '`': '&#96;',
};

export const escapers: Record<string, TemplateFunction> = {
  _htmlescaper: (...args) => isHTML(args) ? args[0].html : replace(sprint(args), html),
  _attrescaper: (...args) => isHTML(args) ? normal(stripTags(args[0].html), html) : replace(sprint(args), html),
  _rcdataescaper: (...args) => isHTML(args) ? normal(args[0].html, html) : replace(sprint(args), html),
  _nospaceescaper: (...args) => {
    const s = sprint(args);
    if (s === '') {
      return unsafe;
    }
    const out = isHTML(args) ? normal(stripTags(s), unquoted) : replace(s, unquoted);
    return out.replace(/[\ufdd0-\ufdef\ufff0-\uffff]/g, c => `&#x${c.charCodeAt(0).toString(16)};`);
  },
  _commentescaper: () => '',
  _urlfilter: (...args) => isSafeURL(sprint(args)) ? sprint(args) : `#${unsafe}`,
  _urlnormalizer: (...args) => encodeURL(sprint(args), /%[0-9A-Fa-f]{2}|[^-._~!#$&*+,/:;=?@[\]A-Za-z0-9]/gu),
  _urlescaper: (...args) => encodeURL(sprint(args), /[^-._~A-Za-z0-9]/gu),
  _srcsetescaper: (...args) => sprint(args).split(',').map(srcsetElement).join(','),
  _eval_args_: (...args) => sprint(args),
  html: (...args) => replace(sprint(args), {...html, '+': '+'}),
  urlquery: (...args) => queryEscape(sprint(args)),
};

function isHTML(args: Value[]): args is [HTML] {
  return args.length === 1 && args[0] instanceof HTML;
}

function replace(s: string, table: Record<string, string>): string {
  return s.replace(/[\0\t\n\v\f\r "&'+<=>`]/g, c => table[c] ?? c);
}

/** Escapes what is HTML already, so that its references stay. */
function normal(s: string, table: Record<string, string>): string {
  return replace(s, {...table, '&': '&'});
}

/** The words of HTML that markdown has made: it writes no > in an attribute. */
function stripTags(s: string): string {
  return s.replace(/<[^>]*>/g, '');
}

function isSafeURL(s: string): boolean {
  const scheme = /^([^:]*):/s.exec(s)?.[1];
  return scheme === undefined || scheme.includes('/') || /^(?:https?|mailto)$/iu.test(scheme);
}

function encodeURL(s: string, foreign: RegExp): string {
  return s.replace(foreign, c => c.length === 3 && c[0] === '%' ? c : percent(c));
}

function percent(c: string): string {
  return Array.from(new TextEncoder().encode(c), b => `%${b.toString(16).padStart(2, '0')}`).join('');
}

function srcsetElement(s: string): string {
  const [, before, url, after] = /^([\t\n\f\r ]*)([^\t\n\f\r ]*)(.*)$/s.exec(s)!;
  const plain = /^[\t\n\f\r A-Za-z0-9]*$/.test(after!);
  return isSafeURL(url!) && plain ? before! + escapers._urlnormalizer!(url!) + after! : `#${unsafe}`;
}
