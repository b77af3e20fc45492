// The bits of a status list (Bitstring Status List v1.0).

import {readAll, withoutEnd} from './bytes';
import {maxBitstring} from './constants';
import {Malformed, malformedIf} from './failure';
import {fromBase64url} from './url';

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
async function decodeBitstring(s: string): Promise<Bitstring> {
  malformedIf(!s.startsWith('u')); // no multibase prefix u
  const packed = fromBase64url(s.slice(1));
  if (!packed) {
    throw new Malformed(); // not base64url without padding
  }
  try {
    return new Bitstring(await inflate(packed, 'gzip', maxBitstring));
  } catch {
    throw new Malformed(); // not GZIP
  }
}

/** Reads what others write: base64url or base64, padded or not, with the prefix u or
 * without. GZIP always begins with the same bytes, so that no text has two readings;
 * one that mixes both alphabets has none. */
export async function readBitstring(s: string): Promise<{bits: Bitstring; proper: boolean}> {
  const bits = await decodeBitstring(s).catch(() => undefined);
  if (bits) {
    return {bits, proper: true};
  }
  let plain = s.replace(/^u/, '');
  malformedIf(!plain.startsWith('H4sI') || (/[+/]/.test(plain) && /[-_]/.test(plain)));
  const unpadded = withoutEnd(plain, '=');
  malformedIf(unpadded !== plain && (plain.length % 4 !== 0 || plain.length - unpadded.length > 2));
  plain = unpadded.replaceAll('+', '-').replaceAll('/', '_');
  return {bits: await decodeBitstring(`u${plain}`), proper: false};
}

/** The statuses of a Status List Token, of 1, 2, 4 or 8 bits each; the order within
 * a byte is the other one. */
export class TokenStatuses {
  constructor(private readonly bytes: Uint8Array, private readonly size: number) {}

  /** The status at an index; undefined outside of the list. */
  get(i: number): number | undefined {
    const each = 8 / this.size;
    const b = this.bytes[Math.floor(i / each)];
    return b === undefined ? undefined : (b >> (i % each * this.size)) & (2 ** this.size - 1);
  }
}

/** Reads lst of a Status List Token: strict base64url, one zlib stream with nothing
 * after it, at most 16 MiB expanded. */
export async function decodeTokenStatuses(lst: string, size: unknown): Promise<TokenStatuses> {
  const packed = fromBase64url(lst);
  if (!packed || (size !== 1 && size !== 2 && size !== 4 && size !== 8)) {
    throw new Malformed();
  }
  return new TokenStatuses(await inflate(packed, 'deflate', maxBitstring), size);
}

/** Expands compressed bytes to at most limit bytes. They have to be one stream
 * with nothing after it: browsers refuse more, other engines pass over it. */
export async function inflate(data: Uint8Array, format: CompressionFormat, limit: number): Promise<Uint8Array> {
  const stream = new Blob([data as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream(format));
  const out = await readAll(stream.getReader(), limit);
  const end = new DataView(data.buffer, data.byteOffset, data.length);
  const good = format === 'gzip' ?
    end.getUint32(data.length - 8, true) === crc32(out) && end.getUint32(data.length - 4, true) === out.length :
    end.getUint32(data.length - 4) === adler32(out);
  malformedIf(!good); // data after the compressed stream
  return out;
}

/** The checksum of GZIP and PNG. */
export function crc32(b: Uint8Array): number {
  let c = 0xffffffff;
  for (const x of b) {
    c = table[(c ^ x) & 0xff]! ^ (c >>> 8);
  }
  return (c ^ 0xffffffff) >>> 0;
}

const table = Uint32Array.from({length: 256}, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) {
    c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  }
  return c;
});

/** The checksum of zlib streams. */
function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const x of bytes) {
    a = (a + x) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}
