// Forms of URLs and base64url.

import {withoutEnd} from './bytes';

/** Tells whether s is an absolute URL: a scheme (RFC 3986, section 3.1) and
 * something after it, made of URL code points. What the Verifiable Credentials
 * Data Model v2.0 calls a URL is a DID or URN as well. */
export function isURL(s: string): boolean {
  const m = /^([a-zA-Z][a-zA-Z0-9+.-]*):(.+)$/s.exec(s);
  if (!m || !urlCodePoints(m[2]!)) {
    return false;
  }
  const rest = m[2]!;
  switch (m[1]!.toLowerCase()) {
    case 'http':
    case 'https':
      return /^\/\/[^/?#:]/s.test(rest);
    case 'did':
      return /^[^:]+:[^/?#]/s.test(rest);
    case 'urn':
      return /^[^:]+:./s.test(rest);
  }
  return true;
}

/** Refuses white space, control characters, the ASCII characters that must be
 * escaped, a % that escapes nothing and a second fragment. */
function urlCodePoints(s: string): boolean {
  return !/[\x00-\x20\x7f-\x9f\ufffd"<>\\^`{|}]/.test(s) && !/%(?![0-9a-fA-F]{2})/.test(s) && s.split('#').length <= 2;
}

/** Tells a URL that names nothing, and that does something where it is made a link. */
export function isUnsafe(s: string): boolean {
  return /^(?:javascript|vbscript|data):/i.test(s);
}

/** Tells whether s is a data: URL (RFC 2397) with a media type. */
export function isDataURL(s: string): boolean {
  const m = /^data:([^,]*),(.+)$/s.exec(s);
  return m !== null && m[1]!.includes('/') && isURL(s);
}

/** Bytes of base64url without padding, in its one spelling, or undefined. */
export function fromBase64url(s: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(s) || s.length % 4 === 1) {
    return undefined;
  }
  const raw = atob(s.replaceAll('-', '+').replaceAll('_', '/'));
  const out = Uint8Array.from(raw, c => c.charCodeAt(0));
  return toBase64url(out) === s ? out : undefined;
}

/** Bytes of base64 with padding, in its one spelling, or undefined; there are some. */
export function fromPaddedBase64(s: string): Uint8Array | undefined {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(s) && s.length % 4 === 0 ? fromBase64url(withoutEnd(s, '=').replaceAll('+', '-').replaceAll('/', '_')) : undefined;
}

export function toBase64url(b: Uint8Array): string {
  let raw = '';
  for (let i = 0; i < b.length; i += 8192) {
    raw += String.fromCharCode(...b.subarray(i, i + 8192));
  }
  return btoa(raw).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Tells whether s is absolute (has a scheme) and holds no character that the
 * IRIREF of N-Quads excludes. */
export function isIRI(s: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*$/.test(s);
}

/** Tells whether s has the form of a language tag in N-Quads. */
export function isLanguage(s: string): boolean {
  return /^[A-Za-z]+(-[A-Za-z0-9]+)*$/.test(s);
}
