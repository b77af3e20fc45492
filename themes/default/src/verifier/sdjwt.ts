// SD-JWT (RFC 9901): a JWT of which the holder chooses what to show. Every
// disclosure has to be bound into what the issuer signed exactly once.

import {sha256} from './bytes';
import {maxDepth, maxDigests, maxDisclosures, maxSDJWT} from './constants';
import {Failure, Place} from './failure';
import {copy, has, isObject, parse, parseObject, type Doc, type Value} from './json';
import {parseJWS, type JWS} from './jws';
import {names} from './text';
import {fromBase64url, toBase64url} from './url';

export interface SDJWT {
  jws: JWS;
  /** The processed payload: what is disclosed stands in its place. */
  claims: Doc;
  disclosures: Disclosure[];
  /** The digests of which nothing is disclosed. */
  hidden: number;
  binding?: Binding;
  /** The JWT of the issuer. */
  signed: string;
}

interface Disclosure {
  /** JSON Pointer to where its value stands in the claims. */
  pointer: string;
  value: Value;
  name?: string; // none of an array's element
  text: string;
  used: boolean;
  within: number; // the disclosure that has its digest, or -1
}

/** By this, who holds the credential's key says that he shows it, to whom and when. */
interface Binding {
  jws: JWS;
  issued: number;
  audience: string;
}

const reserved = ['_sd', '...', '_sd_alg'];

/** Reads an SD-JWT, or an SD-JWT+KB; it throws a Failure. */
export async function parseSDJWT(compact: string): Promise<SDJWT> {
  if (compact.length > maxSDJWT) {
    throw new Failure('json-too-large');
  }
  const last = compact.lastIndexOf('~');
  if (last < 0) {
    throw new Failure('sd-jwt-malformed'); // no ~ behind the JWT
  }
  const [signed = '', ...written] = compact.slice(0, last).split('~');
  if (written.length > maxDisclosures) {
    throw new Failure('sd-jwt-malformed');
  }
  const jws = parseJWS(signed);
  const payload = parseObject(jws.payload);
  const s: SDJWT = {jws, claims: copy({}), disclosures: [], hidden: 0, signed};
  await new Processing(s).disclose(payload, written);
  const binding = compact.slice(last + 1);
  if (binding !== '') {
    s.binding = await parseBinding(binding, compact.slice(0, last + 1));
  }
  return s;
}

/** The SD-JWT with only those disclosures that show what the JSON Pointers lead
 * to, what is inside of it, and what that is inside of. */
export function present(s: SDJWT, reveal: string[]): string {
  const show = new Set<number>();
  for (const pointer of reveal) {
    for (const [i, d] of s.disclosures.entries()) {
      if (under(d.pointer, pointer) || under(pointer, d.pointer)) {
        for (let n = i; n >= 0; n = s.disclosures[n]!.within) {
          show.add(n);
        }
      }
    }
  }
  return `${s.signed}~${s.disclosures.filter((_, i) => show.has(i)).map(d => `${d.text}~`).join('')}`;
}

function under(pointer: string, outer: string): boolean {
  return pointer === outer || pointer.startsWith(`${outer}/`);
}

/** JSON Pointers to what of the claims every presentation shows: to the outermost
 * members that nothing may be withheld of. */
export function always(s: SDJWT): string[] {
  const pointers: string[] = [];
  const walk = (v: Value, at: Place) => {
    const members: [Value, Place][] = Array.isArray(v) ? v.map((item, i) => [item, at.item(i)]) :
      isObject(v) ? names(v).map(name => [v[name]!, at.member(name)]) : [];
    for (const [value, here] of members) {
      const pointer = here.pointer();
      if (s.disclosures.some(d => d.pointer === pointer)) {
        continue;
      }
      if (s.disclosures.some(d => under(d.pointer, pointer))) {
        walk(value, here);
      } else {
        pointers.push(pointer);
      }
    }
  };
  walk(s.claims, new Place());
  return pointers;
}

/** Reads the key binding JWT behind a presentation and holds it to that. */
async function parseBinding(compact: string, presentation: string): Promise<Binding> {
  let jws: JWS;
  let claims: Doc;
  try {
    jws = parseJWS(compact);
    claims = parseObject(jws.payload);
  } catch {
    throw new Failure('kb-malformed');
  }
  const {iat, aud, nonce, sd_hash: hash} = claims;
  if (jws.type !== 'kb+jwt' || typeof iat !== 'number' || typeof aud !== 'string' || typeof nonce !== 'string' || hash !== await digest(presentation)) {
    throw new Failure('kb-malformed');
  }
  return {jws, issued: iat, audience: aud};
}

async function digest(ascii: string): Promise<string> {
  return toBase64url(await sha256(new TextEncoder().encode(ascii)));
}

/** Takes a disclosure apart: an array of salt, name and value, or of salt and
 * value. */
function readDisclosure(text: string): Disclosure {
  const data = fromBase64url(text);
  if (!data || text === '') {
    throw new Failure('sd-jwt-malformed');
  }
  const list = parse(data);
  if (!Array.isArray(list) || (list.length !== 2 && list.length !== 3) || typeof list[0] !== 'string') {
    throw new Failure('sd-jwt-malformed');
  }
  const d: Disclosure = {pointer: '', value: list.at(-1)!, text, used: false, within: -1};
  if (list.length === 3) {
    if (typeof list[1] !== 'string') {
      throw new Failure('sd-jwt-malformed');
    }
    d.name = list[1];
  }
  return d;
}

/** Puts disclosures in the places of their digests. */
class Processing {
  private readonly byDigest = new Map<string, number>();
  private readonly seen = new Set<string>();

  constructor(private readonly s: SDJWT) {}

  async disclose(payload: Doc, written: string[]): Promise<void> {
    if (has(payload, '_sd_alg') && payload._sd_alg !== 'sha-256') {
      throw new Failure('sd-algorithm-unknown');
    }
    for (const [i, text] of written.entries()) {
      const d = readDisclosure(text);
      const key = await digest(text);
      if (this.byDigest.has(key)) {
        throw new Failure('sd-disclosure-twice');
      }
      this.byDigest.set(key, i);
      this.s.disclosures.push(d);
    }
    const plain = copy(payload);
    delete plain._sd_alg;
    const processed = this.value(plain, new Place(), 0, -1);
    if (this.s.disclosures.some(d => !d.used)) {
      throw new Failure('sd-disclosure-unused');
    }
    // What was put together is read once more, as if it had come so.
    this.s.claims = parseObject(new TextEncoder().encode(JSON.stringify(processed)));
  }

  private value(v: Value, at: Place, depth: number, within: number): Value {
    if (depth > maxDepth) {
      throw at.failure('json-too-deep');
    }
    if (Array.isArray(v)) {
      return this.array(v, at, depth, within);
    }
    return isObject(v) ? this.object(v, at, depth, within) : v;
  }

  private object(o: Doc, at: Place, depth: number, within: number): Value {
    const out = copy({});
    for (const name of names(o)) {
      if (name === '_sd') {
        continue;
      }
      if (reserved.includes(name)) {
        throw at.failure('sd-name-forbidden');
      }
      out[name] = this.value(o[name]!, at.member(name), depth + 1, within);
    }
    const digests = has(o, '_sd') ? o._sd : [];
    if (!Array.isArray(digests)) {
      throw at.failure('sd-jwt-malformed');
    }
    for (const d of digests) {
      const i = this.lookUp(d, false, at);
      if (i < 0) {
        continue;
      }
      const name = this.s.disclosures[i]!.name!;
      if (reserved.includes(name)) {
        throw at.failure('sd-name-forbidden');
      }
      if (has(out, name)) {
        throw at.failure('sd-claim-twice');
      }
      out[name] = this.put(i, at.member(name), depth, within);
    }
    return out;
  }

  private array(list: Value[], at: Place, depth: number, within: number): Value {
    const out: Value[] = [];
    for (const v of list) {
      const item = at.item(out.length);
      if (!isObject(v) || !has(v, '...')) {
        out.push(this.value(v, item, depth + 1, within));
        continue;
      }
      if (Object.keys(v).length !== 1) {
        throw item.failure('sd-jwt-malformed');
      }
      const i = this.lookUp(v['...']!, true, item);
      if (i >= 0) {
        out.push(this.put(i, item, depth, within));
      }
    }
    return out;
  }

  /** Finds the disclosure of a digest, or -1. */
  private lookUp(d: Value, element: boolean, at: Place): number {
    if (typeof d !== 'string') {
      throw at.failure('sd-jwt-malformed');
    }
    if (this.seen.has(d)) {
      throw at.failure('sd-digest-twice');
    }
    this.seen.add(d);
    if (this.seen.size > maxDigests) {
      throw at.failure('sd-jwt-malformed');
    }
    const i = this.byDigest.get(d);
    if (i === undefined) {
      this.s.hidden++;
      return -1;
    }
    if ((this.s.disclosures[i]!.name === undefined) !== element) {
      throw at.failure('sd-jwt-malformed');
    }
    return i;
  }

  /** Processes the value of a disclosure for its place. */
  private put(i: number, at: Place, depth: number, within: number): Value {
    const d = this.s.disclosures[i]!;
    d.used = true;
    d.within = within;
    d.pointer = at.pointer();
    d.value = this.value(d.value, at, depth + 1, i);
    return d.value;
  }
}
