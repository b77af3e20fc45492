// Where a credential is in its issuer's log: a Merkle tree (RFC 6962) whose hashes
// and entries are files (C2SP tlog-tiles) and whose head is a signed note (C2SP
// tlog-checkpoint). It says since when the issuer has shown the credential to the
// world, which whoever has a stolen key cannot choose. It makes nothing better.

import canonicalize from 'canonicalize';
import {sha256} from './bytes';
import {maxBehind, maxLogPlaces} from './constants';
import {dateIn, sayTime, type Moment} from './datetime';
import {didMethod, webURL, type PublicKey} from './did';
import {isObject, parseObject} from './json';
import {keysInForce} from './key';
import type {Judgement} from './judged';
import {reason, result, type Result} from './report';
import {verifyRaw} from './signature';
import {items} from './text';
import {fromBase64url, fromPaddedBase64} from './url';

const maxLogFile = 64 << 10;
const maxCheckpoint = 4096;
const entrySize = 40;
const tileWidth = 256;

/** A failure of the loader, which says nothing of the log. */
class Unread extends Error {}

type Read = (path: string) => Promise<Uint8Array>;

/** Looks for the document in the log of its issuer's site, where what came with it
 * says. */
export async function logged(j: Judgement, issuerID: string): Promise<Result> {
  const document = didMethod(issuerID) === 'web' ? webURL(issuerID) : undefined;
  const {place} = j.work;
  // What was withheld is in the log only with the rest.
  const derived = items(j.doc.proof).some(p => isObject(p) && p.cryptosuite === 'ecdsa-sd-2023');
  const partial = derived || j.o.sd && (j.o.sd.hidden > 0 || j.o.sd.binding);
  if (document === undefined || j.depth > 0 || !place || partial) {
    return result('skipped', 'log-unplaced');
  }
  const site = document.replace(/(?:\.well-known\/)?did\.json$/, '');
  const read: Read = path => j.by.load(`${site}log/${path}`).catch(e => {
    throw new Unread(reason(e));
  });
  try {
    const says = await place(site).catch(e => {
      throw new Unread(reason(e));
    });
    if (says === undefined) {
      return result('skipped', 'log-unplaced');
    }
    if (says === 'missing') {
      return await read('checkpoint').then(() => result('warn', 'log-missing.file'), () => result('skipped', 'log-unplaced'));
    }
    const places = readPlaces(says, `${site}log`);
    if (!places) {
      return result('warn', 'log-missing');
    }
    const origin = `${site.replace(/^https:\/\//, '').replaceAll('+', '%2B').replaceAll(' ', '%20')}log`;
    const head = await openCheckpoint(await read('checkpoint'), origin, await keysInForce(j, issuerID));
    return head ? await findIn(j, places, head, read) : result('warn', 'log-missing.head');
  } catch (e) {
    if (e instanceof Unread) {
      return {...result('skipped', 'log-unavailable'), detail: e.message};
    }
    throw e;
  }
}

interface LogPlace {index: number; salt: Uint8Array | undefined}

function readPlaces(data: Uint8Array, url: string): LogPlace[] | undefined {
  try {
    const {log, documents, ...rest} = parseObject(data, maxLogFile);
    if (log !== url || !Array.isArray(documents) || documents.length > maxLogPlaces || Object.keys(rest).length > 0) {
      return undefined;
    }
    return documents.map(d => {
      const {index, salt, ...more} = isObject(d) ? d : {};
      if (!Number.isSafeInteger(index) || typeof salt !== 'string' || Object.keys(more).length > 0) {
        throw new Error('not a place');
      }
      return {index: index as number, salt: fromBase64url(salt)};
    });
  } catch {
    return undefined;
  }
}

async function findIn(j: Judgement, places: LogPlace[], head: Head, read: Read): Promise<Result> {
  const form = new TextEncoder().encode(j.o.compact ?? canonicalize(j.doc) ?? '');
  const tree = new Tree(head, read);
  for (const {index, salt} of places) {
    if (!salt || index < 0 || index >= head.size) {
      continue;
    }
    const digest = await sha256(new TextEncoder().encode('laurel credential\n'), salt, await sha256(form));
    const entry = await tree.find(index);
    if (entry && same(entry.subarray(8), digest)) {
      return loggedAt(j, entry);
    }
  }
  // What is kept on the way may be older than what came.
  return places.some(p => p.index >= head.size) ? result('skipped', 'log-unavailable.behind') : result('warn', 'log-missing');
}

/** Holds the time at which a credential was logged to the one that it states,
 * which whoever has the issuer's key chooses. */
function loggedAt(j: Judgement, entry: Uint8Array): Result {
  const seconds = entry.subarray(0, 8).reduce((n, b) => n * 256 + b, 0);
  const at: Moment = {ms: (seconds > 253402300799 ? -62135596800 : seconds) * 1000, nanos: 0};
  const from = dateIn(j, j.o.format === 'vc-1.1' ? 'issuanceDate' : 'validFrom');
  if (from && from !== 'malformed' && at.ms - from.ms - from.nanos / 1e6 > maxBehind) {
    return result('warn', 'log-later', {date: sayTime(at), from: sayTime(from)});
  }
  return result('pass', 'ok.log', {date: sayTime(at)});
}

interface Head {size: number; root: Uint8Array}

/** The head that a checkpoint states, if it is of this log and signed with one of
 * the keys. */
async function openCheckpoint(note: Uint8Array, origin: string, keys: PublicKey[]): Promise<Head | undefined> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(note);
  } catch {
    return undefined;
  }
  const end = text.lastIndexOf('\n\n');
  if (note.length > maxCheckpoint || end < 0 || !text.endsWith('\n') || /[^\P{Cc}\n]/u.test(text)) {
    return undefined;
  }
  const body = text.slice(0, end + 1);
  const signatures = text.slice(end + 2, -1).split('\n').map(line => /^\u2014 (\S+) (\S+)$/u.exec(line))
    .map(m => ({name: m?.[1], bytes: m ? fromPaddedBase64(m[2]!) : undefined}));
  if (signatures.length > 100 || signatures.some(s => !s.bytes || s.bytes.length < 5)) {
    return undefined;
  }
  for (const key of keys) {
    const hash = (await sha256(new TextEncoder().encode(`${origin}\n\u0001`), key.bytes)).subarray(0, 4);
    const own = signatures.find(s => s.name === origin && same(s.bytes!.subarray(0, 4), hash));
    if (own && own.bytes!.length === 68 && await verifyRaw(key, own.bytes!.slice(4), new TextEncoder().encode(body))) {
      return parseCheckpoint(body, origin);
    }
  }
  return undefined;
}

function parseCheckpoint(body: string, origin: string): Head | undefined {
  const [name, size, root, ...rest] = body.split('\n');
  const bytes = fromPaddedBase64(root ?? '');
  return name === origin && /^(?:0|[1-9][0-9]{0,14})$/.test(size ?? '') && bytes?.length === 32 && rest.length > 0 ?
    {size: Number(size), root: bytes} : undefined;
}

/** The log's tree, of which every file that is wanted is read once. */
class Tree {
  private readonly files = new Map<string, Promise<Uint8Array>>();

  constructor(private readonly head: Head, private readonly read: Read) {}

  private file(path: string): Promise<Uint8Array> {
    const known = this.files.get(path) ?? this.read(path);
    this.files.set(path, known);
    return known;
  }

  /** The entry at an index, if it is proved to be in the tree of the head. */
  async find(index: number): Promise<Uint8Array | undefined> {
    const n = Math.floor(index / tileWidth);
    const width = Math.min(tileWidth, this.head.size - n * tileWidth);
    const bundle = await this.file(path('entries', n, width));
    const one = bundle.subarray((index % tileWidth) * (entrySize + 2)).subarray(0, entrySize + 2);
    if (bundle.length !== width * (entrySize + 2) || one[0] !== 0 || one[1] !== entrySize) {
      return undefined;
    }
    const entry = one.slice(2);
    const root = await this.fold(0, this.head.size, index, await sha256(Uint8Array.of(0), entry));
    return root && same(root, this.head.root) ? entry : undefined;
  }

  /** The hash of the leaves from lo to hi, of which the one at an index is given. */
  private async fold(lo: number, hi: number, index: number, leaf: Uint8Array): Promise<Uint8Array | undefined> {
    if (hi - lo === 1) {
      return leaf;
    }
    const mid = lo + half(hi - lo);
    const [left, right] = index < mid ? [await this.fold(lo, mid, index, leaf), await this.range(mid, hi)] :
      [await this.range(lo, mid), await this.fold(mid, hi, index, leaf)];
    return left && right && node(left, right);
  }

  /** The hash of the leaves from lo to hi, from tiles. */
  private async range(lo: number, hi: number): Promise<Uint8Array | undefined> {
    const level = Math.log2(hi - lo);
    if (!Number.isInteger(level)) {
      const mid = lo + half(hi - lo);
      const left = await this.range(lo, mid);
      const right = await this.range(mid, hi);
      return left && right && node(left, right);
    }
    const upper = Math.floor(level / 8);
    const first = lo / 2 ** (8 * upper); // of the hashes that the tiles of this height hold
    const n = Math.floor(first / tileWidth);
    const width = Math.min(tileWidth, Math.floor(this.head.size / 2 ** (8 * upper)) - n * tileWidth);
    const tile = await this.file(path(`${upper}`, n, width));
    return tile.length === width * 32 ? perfect(tile.subarray((first % tileWidth) * 32).subarray(0, 2 ** (level % 8) * 32)) : undefined;
  }
}

/** The largest power of two below n. */
function half(n: number): number {
  let k = 1;
  while (k * 2 < n) {
    k *= 2;
  }
  return k;
}

async function perfect(hashes: Uint8Array): Promise<Uint8Array> {
  const middle = hashes.length / 2;
  return hashes.length === 32 ? hashes : node(await perfect(hashes.subarray(0, middle)), await perfect(hashes.subarray(middle)));
}

function node(left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
  return sha256(Uint8Array.of(1), left, right);
}

/** A tile's path: three digits to a folder, all but the last with an x before. */
function path(level: string, n: number, width: number): string {
  let name = `${n % 1000}`.padStart(3, '0');
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    name = `x${`${rest % 1000}`.padStart(3, '0')}/${name}`;
  }
  return `tile/${level}/${name}${width < tileWidth ? `.p/${width}` : ''}`;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
