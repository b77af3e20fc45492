// URLs as Go's net/url reads and writes them, so that a link shown in the
// browser is, byte for byte, the link of a published page. Texts are taken
// apart as UTF-8, in strings that hold one byte a character.

interface Parsed {
  scheme: string;
  opaque: string;
  user: string | undefined; // as it is written
  host: string;
  omitHost: boolean; // "mailto:/x", "file:/x"
  path: string; // as it is written
  query: string | undefined;
  fragment: string; // as it is written
}

const unreserved = 'A-Za-z0-9\\-._~';
// What may stand unescaped in each part.
const plain = {
  path: new RegExp(`[${unreserved}$&+,/:;=@]`),
  host: new RegExp(`[${unreserved}!"$&'()*+,:;<=>[\\]]`),
  user: new RegExp(`[${unreserved}$&+,;=]`),
  fragment: new RegExp(`[${unreserved}!$&()*+,/:;=?@]`),
};
type Part = keyof typeof plain;

/** target where it is an absolute http or https URL with a host and without a
 * user name (which serves only to deceive), else "". */
export function webURL(target: string): string {
  const u = parse(target);
  return u && isWeb(u) ? write(u) : '';
}

/** A URL that a text may link to, else "": an http or https URL as webURL takes
 * it, or a mailto URL. */
export function linkURL(target: string): string {
  const u = parse(target);
  return u && (isWeb(u) || (u.scheme === 'mailto' && u.opaque !== '')) ? write(u) : '';
}

function isWeb(u: Parsed): boolean {
  return (u.scheme === 'http' || u.scheme === 'https') && hostname(u.host) !== '' && u.user === undefined;
}

/** href resolved against the URL of the page it stands on; where there is no
 * such URL, "". */
export function absoluteURL(base: string, href: string): string {
  const b = parse(base);
  const h = href === '' ? undefined : parse(href);
  if (!b || b.scheme === '' || !h) {
    return '';
  }
  return write(resolve(b, h));
}

/** A URL without its scheme and closing slash. */
export function plainURL(target: string): string {
  const at = target.indexOf('://');
  return at < 0 ? target : target.slice(at + 3).replace(/\/$/, '');
}

/** The mailto URL of an e-mail address, or "" for what is none. */
export function mailURL(address: string): string {
  return /^[^@ \t\r\n<>"\\:/?#&%[\]`]+@[^@ \t\r\n<>"\\:/?#&%[\]`]+$/.test(address) ? `mailto:${address}` : '';
}

/** What of a telephone number can be dialled. */
export function telURL(phone: string): string {
  return phone.replace(/[^0-9+]/g, '');
}

/** Percent-encodes what is not allowed in a query's value; a space becomes +. */
export function queryEscape(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, c => percent(c.charCodeAt(0))).replaceAll('%20', '+');
}

function parse(raw: string): Parsed | undefined {
  const text = bytesOf(raw);
  const hash = text.indexOf('#');
  const fragment = hash < 0 ? '' : text.slice(hash + 1);
  let rest = hash < 0 ? text : text.slice(0, hash);
  if (/[\x00-\x1f\x7f]/.test(rest) || !unescapes(fragment, 'fragment')) {
    return undefined;
  }
  const u: Parsed = {scheme: '', opaque: '', user: undefined, host: '', omitHost: false, path: '', query: undefined, fragment};
  if (rest === '*') {
    return {...u, path: '*'};
  }
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(rest);
  if (scheme) {
    u.scheme = scheme[1]!.toLowerCase();
    rest = rest.slice(scheme[0].length);
  } else if (rest.startsWith(':')) {
    return undefined;
  }
  const question = rest.indexOf('?');
  if (question >= 0) {
    u.query = rest.slice(question + 1);
    rest = rest.slice(0, question);
  }
  if (!rest.startsWith('/')) {
    if (u.scheme !== '') {
      return {...u, opaque: rest};
    }
    if (rest.split('/', 1)[0]!.includes(':')) {
      return undefined;
    }
  }
  if (rest.startsWith('//') && (u.scheme !== '' || !rest.startsWith('///'))) {
    const [, authority, path] = /^\/\/([^/]*)(.*)$/s.exec(rest)!;
    rest = path!;
    if (!parseAuthority(u, authority!)) {
      return undefined;
    }
  } else {
    u.omitHost = u.scheme !== '' && rest.startsWith('/');
  }
  u.path = rest;
  return unescapes(rest, 'path') ? u : undefined;
}

function parseAuthority(u: Parsed, authority: string): boolean {
  const at = authority.lastIndexOf('@');
  if (at >= 0) {
    const user = authority.slice(0, at);
    if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user) || !unescapes(user, 'user')) {
      return false;
    }
    const colon = user.indexOf(':');
    const again = (s: string): string => escape(unescape(s), 'user');
    u.user = colon < 0 ? again(user) : `${again(user.slice(0, colon))}:${again(user.slice(colon + 1))}`;
  }
  const host = authority.slice(at + 1);
  const bracket = host.lastIndexOf('[');
  if (bracket === 0) {
    return parseLiteral(u, host);
  }
  const colon = u.scheme === 'http' || u.scheme === 'https' ? host.indexOf(':') : host.lastIndexOf(':');
  if (bracket > 0 || (colon >= 0 && !isPort(host.slice(colon))) || !unescapes(host, 'host')) {
    return false;
  }
  u.host = unescape(host);
  return true;
}

/** Reads an IPv6 address in brackets, with a zone or without. */
function parseLiteral(u: Parsed, host: string): boolean {
  const end = host.lastIndexOf(']');
  const port = host.slice(end + 1);
  if (end < 0 || !isPort(port)) {
    return false;
  }
  const [address, ...zone] = host.slice(1, end).split('%25');
  const name = zone.join('%25');
  if (!/^[0-9A-Fa-f:.]+$/.test(address!) || !isAddress(address!) || (zone.length > 0 && (name === '' || !unescapes(name, 'host', true)))) {
    return false;
  }
  u.host = `[${address}${zone.length > 0 ? `%${unescape(name)}` : ''}]${port}`;
  return true;
}

function isAddress(literal: string): boolean {
  try {
    return new URL(`http://[${literal}]/`).hostname !== '';
  } catch {
    return false;
  }
}

function isPort(s: string): boolean {
  return s === '' || /^:[0-9]*$/.test(s);
}

function hostname(host: string): string {
  return host.replace(/:[0-9]*$/, '').replace(/^\[(.*)\]$/s, '$1');
}

/** Tells whether every % escapes something, and, in a host, only what must be
 * escaped there. */
function unescapes(s: string, part: Part, zone = false): boolean {
  for (let i = 0; i < s.length; i++) {
    if (s[i] === '%') {
      const hex = s.slice(i + 1, i + 3);
      if (!/^[0-9A-Fa-f]{2}$/.test(hex)) {
        return false;
      }
      const byte = parseInt(hex, 16);
      if (part === 'host' && hex !== '25' && (zone ? byte !== 0x20 && !plain.host.test(String.fromCharCode(byte)) : byte < 0x80)) {
        return false;
      }
      i += 2;
    } else if (part === 'host' && s.charCodeAt(i) < 0x80 && !plain.host.test(s[i]!)) {
      return false;
    }
  }
  return true;
}

function unescape(s: string): string {
  return s.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

function escape(s: string, part: Part): string {
  let out = '';
  for (const c of s) {
    out += plain[part].test(c) ? c : percent(c.charCodeAt(0));
  }
  return out;
}

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Keeps a part as it is written where that is valid, else escapes it. */
function escaped(s: string, part: Part): string {
  const valid = new RegExp(`^(?:${plain[part].source}|[!$&'()*+,;=:@[\\]%])*$`).test(s);
  return valid ? s : escape(unescape(s), part);
}

function write(u: Parsed): string {
  let out = u.scheme === '' ? '' : `${u.scheme}:`;
  if (u.opaque !== '') {
    out += u.opaque;
  } else {
    const some = u.host !== '' || u.user !== undefined;
    if ((u.scheme !== '' || some) && !(u.omitHost && !some)) {
      out += (some || u.path !== '' ? '//' : '') + (u.user === undefined ? '' : `${u.user}@`) + escape(u.host, 'host');
    }
    const path = u.path === '*' ? '*' : escaped(u.path, 'path');
    out += path !== '' && !path.startsWith('/') && u.host !== '' ? '/' : '';
    out += out === '' && path.split('/', 1)[0]!.includes(':') ? './' : '';
    out += path;
  }
  out += u.query === undefined ? '' : `?${u.query}`;
  return textOf(out + (u.fragment === '' ? '' : `#${escaped(u.fragment, 'fragment')}`));
}

function resolve(base: Parsed, ref: Parsed): Parsed {
  const u = {...ref, scheme: ref.scheme || base.scheme};
  if (ref.scheme !== '' || ref.host !== '' || ref.user !== undefined) {
    return {...u, path: resolvePath(escaped(ref.path, 'path'), '')};
  }
  if (ref.path === '' && ref.query === undefined) {
    u.query = base.query || undefined;
    u.fragment = ref.fragment === '' ? base.fragment : ref.fragment;
  }
  if (ref.path === '' && base.opaque !== '') {
    return {...u, opaque: base.opaque};
  }
  return {...u, host: base.host, user: base.user, path: resolvePath(escaped(base.path, 'path'), escaped(ref.path, 'path'))};
}

/** RFC 3986, section 5.2.4, in the way net/url does it. */
function resolvePath(base: string, ref: string): string {
  const full = ref === '' ? base : ref.startsWith('/') ? ref : base.slice(0, base.lastIndexOf('/') + 1) + ref;
  if (full === '') {
    return '';
  }
  const parts = full.split('/');
  let out = '/';
  let first = true;
  for (const part of parts) {
    if (part === '.') {
      first = false;
    } else if (part === '..') {
      out = out.slice(0, Math.max(out.lastIndexOf('/'), 1));
      first = out.length === 1;
    } else {
      out += (first ? '' : '/') + part;
      first = false;
    }
  }
  const last = parts.at(-1);
  out += last === '.' || last === '..' ? '/' : '';
  return out.startsWith('//') ? out.slice(1) : out;
}

function bytesOf(s: string): string {
  return /^[\x00-\x7f]*$/.test(s) ? s : Array.from(new TextEncoder().encode(s), b => String.fromCharCode(b)).join('');
}

function textOf(bytes: string): string {
  return /^[\x00-\x7f]*$/.test(bytes) ? bytes : new TextDecoder('utf-8', {ignoreBOM: true}).decode(Uint8Array.from(bytes, c => c.charCodeAt(0)));
}
