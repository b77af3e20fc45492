// Writes ZIP archives: files of some kilobytes, stored as they are (APPNOTE.TXT
// 6.3.10, without ZIP64). What goes in is JSON and pictures that are compressed
// already, so compressing would cost code and save little.

import {crc32} from '../verifier/bitstring';
import {join} from '../verifier/bytes';

export interface Entry {
  /** A name without folders. */
  name: string;
  bytes: Uint8Array;
}

const maxEntries = 1000;
const maxSize = 1 << 30;

// The name is UTF-8 (4.4.4, bit 11); version 2.0 reads stored files.
const flags = 1 << 11;
const version = 20;

/** Returns an archive of some files, each dated with the same moment, in UTC.
 * Throws an Error for a name that occurs twice, is empty or names a folder, and
 * for more than a gigabyte. */
export function zip(entries: Entry[], when: Date): Uint8Array<ArrayBuffer> {
  check(entries);
  const local: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const {name, bytes} of entries) {
    const text = new TextEncoder().encode(name);
    const facts = shared(bytes, text.length, when);
    const head = join([words(4, 0x04034b50), facts, text]);
    local.push(head, bytes);
    // Made by version 2.0 on no system in particular; no comment, first disk, no
    // attributes.
    central.push(join([words(4, 0x02014b50), words(2, version), facts, words(2, 0, 0, 0), words(4, 0, offset), text]));
    offset += head.length + bytes.length;
  }
  const directory = join(central);
  const end = join([words(4, 0x06054b50), words(2, 0, 0, entries.length, entries.length), words(4, directory.length, offset), words(2, 0)]);
  return join([...local, directory, end]);
}

function check(entries: Entry[]): void {
  const names = new Set(entries.map(e => e.name.normalize('NFC').toLowerCase()));
  if (names.size !== entries.length || entries.length > maxEntries) {
    throw new Error('make ZIP: a name occurs twice, or there are too many');
  }
  if (entries.some(e => e.name === '' || e.name.length > 255 || /[\x00-\x1f/\\:]/.test(e.name) || /^\.+$/.test(e.name))) {
    throw new Error('make ZIP: a name that is none of a file');
  }
  if (entries.reduce((n, e) => n + e.bytes.length, 0) > maxSize) {
    throw new Error('make ZIP: more than a gigabyte');
  }
}

/** The members that the header of a file and its entry in the directory share
 * (4.3.7 and 4.3.12). */
function shared(bytes: Uint8Array, nameLength: number, when: Date): Uint8Array {
  // MS-DOS counts from 1980 in steps of two seconds.
  const year = Math.min(Math.max(when.getUTCFullYear(), 1980), 2107);
  const time = when.getUTCHours() << 11 | when.getUTCMinutes() << 5 | when.getUTCSeconds() >> 1;
  const date = (year - 1980) << 9 | (when.getUTCMonth() + 1) << 5 | when.getUTCDate();
  return join([words(2, version, flags, 0, time, date), words(4, crc32(bytes), bytes.length, bytes.length), words(2, nameLength, 0)]);
}

/** Little-endian numbers of two or four bytes. */
function words(size: 2 | 4, ...values: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(size * values.length));
  values.forEach((v, i) => size === 2 ? view.setUint16(2 * i, v, true) : view.setUint32(4 * i, v, true));
  return new Uint8Array(view.buffer);
}
