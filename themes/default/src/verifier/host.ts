// The hosts of issuers' names, as they are registered.

import {decode, isAlike} from './alike';
import {maxHost} from './constants';

interface Host {
  /** As it is registered: lowered, in its xn-- form, without the dot at its end, with a
   * port where it is not that of https. */
  name: string;
  /** The same for people to read, where it is another. */
  unicode?: string;
  /** It may be taken for another: a label mixes scripts, or consists of letters that
   * look like those of ASCII, or cannot be read. */
  looksLike: boolean;
  /** There is a user name before the host, which is there to deceive. */
  user: boolean;
}

/** The host that an https URL or a did:web names. */
export function parseHost(id: string): Host | undefined {
  let rest = '';
  let user = false;
  if (id.startsWith('https://')) {
    rest = id.slice('https://'.length).split(/[/?#\\]/)[0]!;
    user = rest.includes('@');
    rest = rest.slice(rest.lastIndexOf('@') + 1);
  } else if (id.startsWith('did:web:')) {
    rest = id.slice('did:web:'.length).split(':')[0]!.replace(/%3a/i, ':');
  }
  const [, written = rest, digits = ''] = /^(.*):(\d*)$/s.exec(rest) ?? [];
  let name = written.replace(/\.$/, '');
  if (name === '') {
    return undefined;
  }
  const port = digits === '' || digits === '443' ? '' : `:${digits}`;
  if (new TextEncoder().encode(name).length > maxHost) {
    return {name: name + port, looksLike: true, user};
  }
  if (/[^\x00-\x7f]/.test(name)) {
    const ascii = toASCII(name);
    if (ascii === undefined) {
      return {name: name + port, looksLike: true, user};
    }
    name = ascii;
  }
  name = name.replace(/[A-Z]/g, c => c.toLowerCase());
  const labels = name.split('.');
  const foreign = labels.at(-1)!.startsWith('xn--'); // whose readers know its letters
  let looksLike = false;
  const read = labels.map(l => {
    const text = l.startsWith('xn--') ? decode(l.slice(4)) : l;
    looksLike ||= text === undefined || isAlike(text, foreign);
    return text ?? l;
  }).join('.');
  return {name: name + port, looksLike, user, ...(read !== name ? {unicode: read + port} : {})};
}

/** Scheme and host of an https URL. One with a user name has none. */
export function originOf(id: string): string | undefined {
  const h = id.startsWith('https://') ? parseHost(id) : undefined;
  return h && !h.user ? `https://${h.name}` : undefined;
}

/** The host that an https URL or did:web names, for sentences: as it is registered, and
 * what that looks like. */
export function hostOf(id: string): string {
  const h = parseHost(id);
  return h ? h.unicode ? `${h.name} (${h.unicode})` : h.name : id;
}

/** Tells a domain whose name may be taken for another. */
export function looksLike(id: string): boolean {
  return parseHost(id)?.looksLike ?? false;
}

function toASCII(name: string): string | undefined {
  try {
    const host = /^(?:[A-Za-z0-9.-]|[^\x00-\x7f])+$/.test(name) ? new URL(`https://${name}`).hostname : undefined;
    // Browsers take hyphens anywhere, names that are registered do not have them there.
    return host?.split('.').some(l => /^-|-$|^..--/u.test(l.startsWith('xn--') ? decode(l.slice(4)) ?? '' : l)) ? undefined : host;
  } catch {
    return undefined;
  }
}
