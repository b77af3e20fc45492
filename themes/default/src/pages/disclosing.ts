// Shows parts of credentials that were signed for that. Each way of signing so is a
// row of disclosers; what it makes is judged like any other credential before it
// is handed out.

import {sdJWTFormat, type Form} from './capsule';
import {choices, type Choice} from './choices';
import {CBOR} from '../verifier/derived';
import {isObject, type Doc, type Value} from '../verifier/json';
import {items, stringOf} from '../verifier/text';
import {fromBase64url, toBase64url} from '../verifier/url';

/** The verifier's module, as the page has loaded it. */
export type Core = typeof import('../verifier/core');

export interface Discloser {
  /** What its credentials are called as a file, and how they are sent. */
  readonly kind: 'credential.json' | 'credential.sd-jwt.txt';
  readonly type: string;
  /** What may be shown or kept back. The pointers of all disclosers of a form mean the
   * same. */
  readonly choices: Choice[];
  /** The text of what parts are shown of, which is for the holder alone. */
  whole(): string;
  /** The text of a credential that shows what JSON pointers point to, and what is
   * always shown. */
  derive(pointers: string[]): Promise<string>;
}

/** The ways in which parts of a form can be shown, in the order in which they are
 * used: the first says what can be chosen, and its credential is what is shown. */
const disclosers: ((form: Form, core: Core) => Promise<Discloser | undefined>)[] = [
  async (form, core) => form.base && baseDiscloser(form.base, core),
  async ({others}, core) => others.has(sdJWTFormat) ? sdJWTDiscloser(others.get(sdJWTFormat)!, core) : undefined,
];

export async function disclosersOf(form: Form, core: Core): Promise<Discloser[]> {
  return (await Promise.all(disclosers.map(of => of(form, core)))).filter(d => d !== undefined);
}

/** The discloser of an SD-JWT, which leaves disclosures out. That keeps back the
 * learner's id as well, unless it is chosen. */
async function sdJWTDiscloser(token: string, core: Core): Promise<Discloser> {
  const s = await core.parseSDJWT(token);
  const id = s.disclosures.find(d => d.pointer === '/credentialSubject/id');
  return {
    kind: 'credential.sd-jwt.txt', type: 'text/plain',
    choices: [...id ? [{pointers: [id.pointer], term: 'id', text: String(id.value)}] : [], ...choices(s.claims, core.always(s))],
    whole: () => token, derive: async pointers => core.present(s, pointers),
  };
}

interface Base {
  baseSignature: Uint8Array;
  publicKey: Uint8Array;
  hmacKey: Uint8Array;
  signatures: Uint8Array[];
  mandatory: string[];
}

/** The discloser of a document with a base proof of ecdsa-sd-2023. */
function baseDiscloser(doc: Doc, core: Core): Discloser {
  const proof = items(doc.proof).filter(isObject).find(p => p.cryptosuite === 'ecdsa-sd-2023');
  if (!proof) {
    throw new Error('no base proof');
  }
  const base = parseBase(stringOf(proof, 'proofValue'));
  const unsecured: Doc = {...doc};
  delete unsecured.proof;
  return {kind: 'credential.json', type: 'application/json', choices: choices(unsecured, base.mandatory), whole: () => JSON.stringify(doc), derive: pointers => derive(unsecured, proof, base, pointers, core)};
}

/** Reads a proofValue: "parseBaseProofValue", section 3.5.3 of Data Integrity ECDSA
 * Cryptosuites v1.0. */
function parseBase(value: string): Base {
  const data = value.startsWith('u2V0A') ? fromBase64url(value.slice(1)) : undefined;
  if (!data) {
    throw new Error('no base proof');
  }
  const r = new CBOR(data.subarray(3));
  r.head(4, 5);
  const [baseSignature, publicKey, hmacKey] = [r.bytes(), r.bytes(), r.bytes()];
  const signatures = Array.from({length: r.head(4)}, () => r.bytes());
  const mandatory = Array.from({length: r.head(4)}, () => new TextDecoder('utf-8', {fatal: true}).decode(r.bytes(3)));
  return {baseSignature, publicKey, hmacKey, signatures, mandatory};
}

/** "Add Derived Proof", section 3.6.6. */
async function derive(unsecured: Doc, proof: Doc, base: Base, reveal: string[], core: Core): Promise<string> {
  const named = await core.nameNodes(unsecured);
  const all = await core.statementsOf(named);
  const key = await crypto.subtle.importKey('raw', base.hmacKey as Uint8Array<ArrayBuffer>, {name: 'HMAC', hash: 'SHA-256'}, false, ['sign']);
  const labels = new Map<string, string>();
  for (const [given, canonical] of await core.canonicalLabels(all)) {
    const digest = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(canonical));
    labels.set(given, `u${toBase64url(new Uint8Array(digest))}`);
  }
  const lines = core.linesOf(all, labels);
  const part = (pointers: string[]) => core.statementsOf(select(named, pointers));
  const pointers = [...base.mandatory, ...reveal];
  const mandatory = new Set(core.linesOf(await part(base.mandatory), labels));
  const shown = await part(pointers);
  const combined = new Set(core.linesOf(shown, labels));
  if ([...combined].some(line => !lines.includes(line))) {
    throw new Error('a part of a list or value cannot be shown alone');
  }
  const signatures: Uint8Array[] = [];
  const places: number[] = [];
  let [own, place] = [0, 0];
  for (const line of lines) {
    if (!mandatory.has(line)) {
      const signature = base.signatures[own++];
      if (combined.has(line)) {
        signatures.push(signature!);
      }
    } else {
      places.push(place);
    }
    place += combined.has(line) ? 1 : 0;
  }
  const verifierLabels = new Map<number, Uint8Array>();
  for (const [given, canonical] of await core.canonicalLabels(shown)) {
    verifierLabels.set(Number(canonical.slice('c14n'.length)), fromBase64url(labels.get(given)!.slice(1))!);
  }
  const options: Doc = {...proof, proofValue: proofValue(base, signatures, verifierLabels, places)};
  delete options['@context'];
  return JSON.stringify({...select(unsecured, pointers), proof: [options]});
}

/** "serializeDerivedProofValue", section 3.5.7. */
function proofValue(base: Base, signatures: Uint8Array[], labels: Map<number, Uint8Array>, mandatory: number[]): string {
  const out: number[] = [0xd9, 0x5d, 0x01];
  const head = (major: number, n: number) => {
    if (n < 24) {
      out.push(major << 5 | n);
    } else if (n < 256) {
      out.push(major << 5 | 24, n);
    } else {
      out.push(major << 5 | 25, n >> 8, n & 255);
    }
  };
  const bytes = (data: Uint8Array) => {
    head(2, data.length);
    out.push(...data);
  };
  head(4, 5);
  bytes(base.baseSignature);
  bytes(base.publicKey);
  head(4, signatures.length);
  signatures.forEach(bytes);
  head(5, labels.size);
  for (const [n, label] of [...labels].sort(([a], [b]) => a - b)) {
    head(0, n);
    bytes(label);
  }
  head(4, mandatory.length);
  mandatory.forEach(n => head(0, n));
  return `u${toBase64url(Uint8Array.from(out))}`;
}

/** What pointers show of a document: what they point to, and of all that it is in
 * id and type. "selectJsonLd", section 3.4.13. */
function select(doc: Doc, pointers: string[]): Doc {
  const root: Selection = {all: false, parts: new Map()};
  for (const pointer of pointers) {
    let s = root;
    let value: Value | undefined = doc;
    for (const name of pointer.split('/').slice(1).map(n => n.replaceAll('~1', '/').replaceAll('~0', '~'))) {
      value = Array.isArray(value) ? value[Number(name)] : isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
      if (value === undefined) {
        throw new Error(`${pointer} points to nothing`);
      }
      const next: Selection = s.parts.get(name) ?? {all: false, parts: new Map()};
      s.parts.set(name, next);
      s = next;
    }
    s.all = true;
  }
  return {'@context': doc['@context']!, ...selected(doc, root) as Doc};
}

interface Selection {
  all: boolean;
  parts: Map<string, Selection>;
}

function selected(value: Value, s: Selection): Value {
  if (s.all) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, i) => s.parts.has(String(i)) ? [selected(item, s.parts.get(String(i))!)] : []);
  }
  if (!isObject(value)) {
    return value;
  }
  return Object.fromEntries(Object.keys(value).flatMap(name => {
    const part = s.parts.get(name);
    return name === 'id' || name === 'type' ? [[name, value[name]!]] : part ? [[name, selected(value[name]!, part)]] : [];
  })) as Doc;
}
