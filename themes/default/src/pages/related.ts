// Holds files that a credential has digests of, such as its evidence, against those
// (Verifiable Credentials Data Model v2.0, "Integrity of Related Resources").

import {isObject, type Doc} from '../verifier/json';
import {multihash} from '../verifier/multihash';
import {items, stringOf} from '../verifier/text';
import type {Judged} from '../verifier/judged';

/** What became of a file, by the id that the credential has for it. */
export type Compared = Map<string, 'same' | 'differs'>;

/** Gives a file by its id and the name that a copy of it has; undefined: it is not at
 * hand. */
type AtHand = (id: string, name: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;

const most = 100;
const endings: Record<string, string> = {'application/pdf': '.pdf', 'image/png': '.png', 'image/jpeg': '.jpg', 'text/plain': '.txt'};

/** Compares what is at hand. Digests that nobody is known to have signed are worth
 * nothing: without a good signature nothing is compared. */
export async function compareFiles({doc, report}: Judged, at: AtHand): Promise<Compared> {
  const found: Compared = new Map();
  const signed = (['proof', 'issuer-key'] as const).every(name => ['pass', 'warn'].includes(report.check(name).outcome));
  for (const r of signed ? items(doc?.relatedResource).filter(isObject).slice(0, most) : []) {
    const [sri, multi] = [stringOf(r, 'digestSRI'), multihash(stringOf(r, 'digestMultibase'))];
    const bytes = (sri || multi) && await at(stringOf(r, 'id'), nameOf(r)).catch(() => undefined);
    if (bytes) { // both digests count where both are
      const same = (!sri || await isFile(sri, bytes)) && (!multi || await hasHash(multi, bytes));
      found.set(stringOf(r, 'id'), same ? 'same' : 'differs');
    }
  }
  return found;
}

async function hasHash({algorithm, digest}: NonNullable<ReturnType<typeof multihash>>, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const own = new Uint8Array(await crypto.subtle.digest(algorithm.replace('sha', 'SHA-'), bytes));
  return own.length === digest.length && own.every((b, i) => b === digest[i]);
}

/** The name that a copy of a file has: what its id ends in. */
export function nameOf(r: Doc): string {
  const id = stringOf(r, 'id');
  const name = id.split('#')[1] ?? id.slice(id.lastIndexOf('/') + 1);
  return name.includes('.') ? name : name + (endings[stringOf(r, 'mediaType')] ?? '');
}

/** Tells whether bytes have one of the digests of the strongest kind that is given. */
async function isFile(sri: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const given = sri.split(/[ \t\n\f\r]+/).map(hash => hash.split('?')[0]!);
  const kind = ['512', '384', '256'].find(k => given.some(hash => hash.startsWith(`sha${k}-`)));
  const digest = kind && new Uint8Array(await crypto.subtle.digest(`SHA-${kind}`, bytes));
  return !!digest && given.includes(`sha${kind}-${btoa(String.fromCharCode(...digest))}`);
}
