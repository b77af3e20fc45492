// Reads ZIP archives (APPNOTE.TXT 6.3.10, ZIP64 too) from a file, an entry at a time, within the
// bounds that the command line has. Nothing is unpacked to anywhere, so that the names
// in an archive lead nowhere.

import {crc32} from '../verifier/bitstring';
import {join} from '../verifier/bytes';
import {maxImage} from '../verifier/constants';
import {compare} from '../verifier/text';

const maxEntries = 1000;
const maxExpanded = 64 << 20; // bytes, all entries together; the archive itself has no more

/** What is in an archive: a regular file. */
export interface Entry {
  /** With its folders. */
  name: string;
  /** Tells that it is an archive itself. */
  nested: boolean;
  /** Why it cannot be read. */
  damaged?: string;
  /** Expands it again, and no more than a picture may have and one byte more. */
  read(): Promise<Uint8Array<ArrayBuffer>>;
}

/** Tells an archive by its first bytes, and documents of office programs and books,
 * which are archives as well, from others. */
export async function isZIP(file: Blob): Promise<boolean> {
  return isArchive(await bytes(file, 0, 80).catch(() => new Uint8Array()));
}

function isArchive(head: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(head.subarray(0, 80));
  return /^PK(?:\x03\x04|\x05\x06)/.test(text) && !/^(?:\[Content_Types\]\.xml|_rels\/|docProps\/|word\/|xl\/|ppt\/|mimetypeapplication\/)/.test(text.slice(30));
}

/** The files in an archive, by name, without what systems hide. Each was expanded once
 * and counted, whatever size it claims to have; cut says why others were not. Throws an
 * Error for an archive that is damaged, encrypted or larger than the bounds allow. */
export async function entriesOf(file: Blob): Promise<{entries: Entry[]; cut?: string}> {
  if (file.size > maxExpanded) {
    throw new Error(`it is larger than ${maxExpanded >> 20} MiB`);
  }
  const found = (await directory(file)).filter(h => h.regular && !hidden(h.name)).sort((a, b) => compare(a.name, b.name));
  const entries: Entry[] = [];
  let left = maxExpanded;
  for (const h of found) {
    const read = () => expand(file, h, maxImage + 1);
    try {
      const content = await expand(file, h, Math.min(left, maxImage + 1));
      left -= content.length;
      if (left <= 0) {
        return {entries, cut: `the entries together expand to more than ${maxExpanded >> 20} MiB; those after ${h.name} were not looked at`};
      }
      entries.push({name: h.name, nested: isArchive(content), read});
    } catch (e) {
      entries.push({name: h.name, nested: false, read, damaged: e instanceof Error ? e.message : ''});
    }
  }
  return {entries};
}

/** What archives carry along for one system or another. */
function hidden(name: string): boolean {
  return name.slice(name.lastIndexOf('/') + 1).startsWith('.') || name.startsWith('__MACOSX/');
}

interface Header {
  name: string;
  regular: boolean;
  method: number;
  crc: number;
  packed: number;
  at: number;
}

/** Reads the central directory. */
async function directory(file: Blob): Promise<Header[]> {
  const start = Math.max(0, file.size - 22 - 0xffff);
  const tail = view(await bytes(file, start, file.size));
  let end = tail.byteLength - 22;
  while (end >= 0 && !(tail.getUint32(end, true) === 0x06054b50 && end + 22 + tail.getUint16(end + 20, true) <= tail.byteLength)) {
    end--;
  }
  if (end < 0) {
    throw new Error('it has no directory');
  }
  let [count, size, at] = [tail.getUint16(end + 10, true), tail.getUint32(end + 12, true), tail.getUint32(end + 16, true)];
  if (count === 0xffff || size === 0xffffffff || at === 0xffffffff) {
    const locator = view(await bytes(file, start + end - 20, start + end));
    if (locator.byteLength === 20 && locator.getUint32(0, true) === 0x07064b50) {
      const there = number64(locator, 8);
      const wide = view(await bytes(file, there, there + 56));
      if (wide.byteLength < 56 || wide.getUint32(0, true) !== 0x06064b50) {
        throw new Error('its directory is damaged');
      }
      [count, size, at] = [number64(wide, 32), number64(wide, 40), number64(wide, 48)];
    }
  }
  if (count > maxEntries) {
    throw new Error(`it has ${count} entries, and no more than ${maxEntries} are looked at`);
  }
  const list = view(await bytes(file, at, at + size));
  const found: Header[] = [];
  for (let i = 0, from = 0; i < count; i++) {
    if (from + 46 > list.byteLength || list.getUint32(from, true) !== 0x02014b50) {
      throw new Error('its directory is damaged');
    }
    const [nameLength, extra, comment] = [28, 30, 32].map(n => list.getUint16(from + n, true)) as [number, number, number];
    const h = header(list, from, nameLength, extra);
    if (list.getUint16(from + 8, true) & 1) {
      throw new Error('it is encrypted');
    }
    found.push(h);
    from += 46 + nameLength + extra + comment;
  }
  return found;
}

function header(list: DataView, from: number, nameLength: number, extra: number): Header {
  const name = new TextDecoder().decode(part(list, from + 46, nameLength));
  const [system, attributes] = [list.getUint8(from + 5), list.getUint32(from + 38, true)];
  const kind = attributes >>> 28; // of the file, where the system is like Unix
  const folder = name.endsWith('/') || (system === 3 || system === 19 ? kind !== 0 && kind !== 8 : (attributes & 0x10) !== 0);
  const h: Header = {
    name, regular: !folder, method: list.getUint16(from + 10, true), crc: list.getUint32(from + 16, true),
    packed: list.getUint32(from + 20, true), at: list.getUint32(from + 42, true),
  };
  // What has no room in 32 bits stands in the extra field 1 (4.5.3), in this order.
  const field = view(part(list, from + 46 + nameLength, extra));
  for (let at = 0; at + 4 <= field.byteLength; at += 4 + field.getUint16(at + 2, true)) {
    if (field.getUint16(at, true) === 1) {
      let next = at + 4;
      if (list.getUint32(from + 24, true) === 0xffffffff) {
        next += 8; // the size that it claims to have
      }
      for (const member of ['packed', 'at'] as const) {
        if (h[member] === 0xffffffff) {
          h[member] = number64(field, next);
          next += 8;
        }
      }
    }
  }
  return h;
}

/** Expands an entry to at most so many bytes. */
async function expand(file: Blob, h: Header, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const head = view(await bytes(file, h.at, h.at + 30));
  if (head.byteLength < 30 || head.getUint32(0, true) !== 0x04034b50 || (h.method !== 0 && h.method !== 8)) {
    throw new Error('the entry is damaged');
  }
  const from = h.at + 30 + head.getUint16(26, true) + head.getUint16(28, true);
  const stream = file.slice(from, from + h.packed).stream();
  const reader = (h.method === 0 ? stream : stream.pipeThrough(new DecompressionStream('deflate-raw'))).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let next = await reader.read(); next.value; next = await reader.read()) {
    parts.push(next.value);
    size += next.value.length;
    if (size >= most) {
      await reader.cancel();
      return join(parts).slice(0, most);
    }
  }
  const out = join(parts);
  if (crc32(out) !== h.crc) {
    throw new Error('the entry is damaged');
  }
  return out;
}

async function bytes(file: Blob, from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await file.slice(from, to).arrayBuffer());
}

function view(b: Uint8Array): DataView {
  return new DataView(b.buffer, b.byteOffset, b.length);
}

function part(v: DataView, from: number, length: number): Uint8Array {
  if (from + length > v.byteLength) {
    throw new Error('its directory is damaged');
  }
  return new Uint8Array(v.buffer, v.byteOffset + from, length);
}

/** A number of eight bytes; what is beyond the size of any file is refused where it
 * is used. */
function number64(v: DataView, at: number): number {
  return v.getUint32(at, true) + v.getUint32(at + 4, true) * 2 ** 32;
}
