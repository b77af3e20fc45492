// Digests as Multihash in Multibase: digestMultibase (Verifiable Credential Data
// Integrity 1.0, section 2.6).

import {fromBase58} from './did';
import {fromBase64url} from './url';

const heads: [name: 'sha256' | 'sha384' | 'sha512', code: number, size: number][] = [['sha256', 0x12, 32], ['sha384', 0x20, 48], ['sha512', 0x13, 64]];

/** Reads a digest in base64url or base58; undefined where it is none, or of an
 * algorithm that is not known. Names are those of digestSRI. */
export function multihash(s: string): {algorithm: 'sha256' | 'sha384' | 'sha512'; digest: Uint8Array} | undefined {
  const data = s.length > 100 ? undefined : s.startsWith('u') ? fromBase64url(s.slice(1)) : s.startsWith('z') ? fromBase58(s.slice(1)) : undefined;
  const head = heads.find(([, code, size]) => data?.length === size + 2 && data[0] === code && data[1] === size);
  return head && {algorithm: head[0], digest: data!.slice(2)};
}
