// The bits of a status list (Bitstring Status List v1.0).

import {fromBase64url} from './url';

export const listLength = 131072;
const maxBitstring = 16 << 20; // bytes

export class Bitstring {
  constructor(private readonly bits: Uint8Array) {}

  get length(): number {
    return this.bits.length * 8;
  }

  /** The bit at an index, the leftmost is 0; undefined outside of the list. */
  get(i: number): boolean | undefined {
    const b = this.bits[Math.floor(i / 8)];
    return b === undefined ? undefined : (b & (0x80 >> i % 8)) !== 0;
  }
}

/** Reads an encodedList: "u", strict base64url, one GZIP member with nothing
 * after it, at most 16 MiB expanded. */
export async function decodeBitstring(s: string): Promise<Bitstring> {
  if (!s.startsWith('u')) {
    throw new Error('decode bitstring: no multibase prefix u');
  }
  const packed = fromBase64url(s.slice(1));
  if (!packed) {
    throw new Error('decode bitstring: not base64url without padding');
  }
  try {
    return new Bitstring(await inflate(packed, 'gzip', maxBitstring));
  } catch {
    throw new Error('decode bitstring: not GZIP');
  }
}

/** Expands compressed bytes to at most limit bytes. The stream itself refuses
 * what is cut short or followed by more. */
export async function inflate(data: Uint8Array, format: CompressionFormat, limit: number): Promise<Uint8Array> {
  const stream = new Blob([data as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream(format));
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (;;) {
    const {done, value} = await reader.read();
    if (done) {
      break;
    }
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      throw new Error(`expands to more than ${limit} bytes`);
    }
    parts.push(value);
  }
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
