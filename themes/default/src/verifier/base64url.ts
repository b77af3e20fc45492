// Stands in for base64url-universal, which asks for Node's Buffer in browsers.

import {fromBase64url, toBase64url} from './url';

export function encode(data: Uint8Array): string {
  return toBase64url(data);
}

export function decode(text: string): Uint8Array {
  const data = fromBase64url(text);
  if (!data) {
    throw new Error('not base64url without padding');
  }
  return data;
}
