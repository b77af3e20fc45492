// The proofValue of a proof that a holder derived with ecdsa-sd-2023 (Data
// Integrity ECDSA Cryptosuites v1.0, section 3.5.8), read strictly: the library
// takes CBOR in any spelling, and two nodes of one label.

import {decodeMultikey, toBase58} from './did';
import {Failure, Malformed} from './failure';
import {fromBase64url} from './url';

interface Derived {
  baseSignature: Uint8Array;
  publicKey: Uint8Array;
  signatures: Uint8Array[];
  labels: Map<number, Uint8Array>;
  mandatory: number[];
}

const malformed = () => new Failure('signature-malformed');

export function parseDerived(value: string): Derived {
  if (!value.startsWith('u')) {
    throw malformed(); // proofValue is not multibase base64url
  }
  const data = fromBase64url(value.slice(1));
  if (!data) {
    throw malformed(); // proofValue is not base64url without padding
  }
  const header = data.length >= 3 && data[0] === 0xd9 && data[1] === 0x5d ? data[2] : undefined;
  if (header === 0) {
    throw new Failure('base-proof'); // a base proof, which is for the holder alone; a proof derived from it is to be shown
  }
  if (header !== 1) {
    throw malformed(); // proofValue is not that of a derived proof
  }
  const r = new CBOR(data.subarray(3));
  const d = r.components();
  if (r.at !== r.data.length) {
    throw malformed();
  }
  if ([d.baseSignature, ...d.signatures].some(s => s.length !== 64)) {
    throw malformed(); // a signature has the wrong length
  }
  if (d.mandatory.some((n, i) => i > 0 && n <= d.mandatory[i - 1]!)) {
    throw malformed(); // the places of mandatory statements do not ascend
  }
  try {
    if (d.publicKey.length !== 35 || decodeMultikey(`z${toBase58(d.publicKey)}`).kind !== 'P-256') {
      throw new Malformed(); // another key
    }
  } catch {
    throw malformed(); // the key in proofValue is not a point of P-256
  }
  const seen = new Set(Array.from(d.labels.values(), label => label.join()));
  if (seen.size !== d.labels.size || [...d.labels.values()].some(label => label.length !== 32)) {
    throw malformed(); // a label of a blank node is not of 32 bytes, or occurs twice
  }
  return d;
}

/** The part of CBOR that proofs are made of, in its preferred serialization
 * (RFC 8949, section 4.1). */
export class CBOR {
  at = 0;
  constructor(readonly data: Uint8Array) {}

  components(): Derived {
    this.head(4, 5);
    const baseSignature = this.bytes();
    const publicKey = this.bytes();
    const signatures = Array.from({length: this.head(4)}, () => this.bytes());
    const labels = new Map<number, Uint8Array>();
    for (let n = this.head(5); n > 0; n--) {
      const k = this.head(0);
      if (labels.has(k)) {
        throw malformed();
      }
      labels.set(k, this.bytes());
    }
    const mandatory = Array.from({length: this.head(4)}, () => this.head(0));
    return {baseSignature, publicKey, signatures, labels, mandatory};
  }

  /** Reads the head of an item of a major type: its number or length. */
  head(major: number, want?: number): number {
    const first = this.data[this.at++] ?? -1;
    const size = first & 31;
    if (first < 0 || first >> 5 !== major || size > 27) {
      throw malformed();
    }
    let n = size;
    if (size >= 24) {
      const length = 1 << (size - 24);
      n = 0;
      for (let i = 0; i < length; i++) {
        n = n * 256 + (this.data[this.at++] ?? NaN);
      }
      const least = size === 24 ? 24 : 2 ** (8 << (size - 25));
      if (!(n >= least)) {
        throw malformed();
      }
    }
    const isLength = major !== 0;
    if ((want !== undefined && n !== want) || (isLength && n > this.data.length - this.at)) {
      throw malformed();
    }
    return n;
  }

  bytes(major = 2): Uint8Array {
    const n = this.head(major);
    this.at += n;
    return this.data.slice(this.at - n, this.at);
  }
}
