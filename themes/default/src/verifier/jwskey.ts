// The key of a JWS.

import {quote, safe} from './characters';
import {maxKeysRead, maxKeysTried} from './constants';
import {checkPublicKey, decodeJWK, didMethod, publicKey, sameWeb, split, thumbprint, type IssuerDocument, type Method, type PublicKey} from './did';
import {hostOf, originOf} from './host';
import {has, isObject} from './json';
import {type Judgement, type Secured} from './judged';
import {fits, known, verifyJWS} from './jws';
import {documentOf, isKeyName, methodKey, withoutKey} from './key';
import {codeOf, failure, rank, result, type Result} from './report';
import {stringOf} from './text';

/** Verifies the JWS under a key of who. Its kid is a hint (RFC 7515, 4.1.4): a DID
 * that is one key has no other, and where kid is missing or leads to none of the
 * keys that who publishes, the signature tells which of them it was. What a header
 * brings along is at most a hint as well: a key that equals a published one; a
 * certificate or URL is never looked at, because whoever made the JWT chose it. A
 * kid that names somebody else's key is taken at its word. */
export async function signed(j: Judgement, who: string): Promise<Secured> {
  const jws = j.o.jws!;
  const kid = jws.keyID;
  if (!known(jws)) {
    return {signature: result('unknown', 'suite-unsupported', {suite: quote(jws.algorithm)}), key: result('unknown', 'suite-unsupported.key')};
  }
  if (kid === '' && who === '') {
    return both(result('unknown', 'kid-missing'));
  }
  const owner = ownerOf(kid, who);
  if (owner !== '' && owner !== who && !sameWeb(owner, who)) {
    return withoutKey(result('fail', 'method-foreign', {owner: quote(owner), issuer: quote(who)}));
  }
  const {doc, problem} = await documentOf(j, who);
  if (!doc) {
    return withoutKey(problem!);
  }
  const m = named(doc, who, kid);
  return m ? signedBy(j, doc, m) : signedByAny(j, doc, who);
}

function both(f: Result): Secured {
  return {signature: f, key: f};
}

async function signedBy(j: Judgement, doc: IssuerDocument, m: Method): Promise<Secured> {
  const {found, key} = methodKey(j, doc, m.id);
  if (!found) {
    return withoutKey(key);
  }
  try {
    await verifyJWS(j.o.jws!, found);
  } catch (e) {
    return {signature: failure(e), key};
  }
  return {signature: result('pass', 'ok.signature'), key};
}

/** Looks for the key among all that the issuer publishes, also those that have
 * ended: a signature of one of them is known to be worth nothing, and the same key
 * may be published under a second name. A signature that fits none of them is known
 * to be false only if every one could be tried, and nothing points elsewhere. */
async function signedByAny(j: Judgement, doc: IssuerDocument, who: string): Promise<Secured> {
  const jws = j.o.jws!;
  const {list, unread} = fitting(j, doc);
  const name = nameOf(jws.keyID, who);
  const described = await describedBy(j, list, name);
  const brought = ['jwk', 'jku', 'x5c', 'x5u'].find(member => has(jws.header, member) && jws.header[member] !== null);
  const tried = described.length > 0 ? described : brought === 'jwk' ? [] : list; // it is none of those
  if (tried.length > maxKeysTried) {
    return both(result('unknown', 'kid-missing'));
  }
  const found: Result[] = [];
  for (const {m, key} of tried) {
    try {
      await verifyJWS(jws, key);
      found.push(methodKey(j, doc, m.id).key);
    } catch {
      // not by this one
    }
  }
  if (found.length > 0) {
    const key = bestKey(found);
    return rank(key.outcome) <= rank('warn') ? {signature: result('pass', 'ok.signature'), key} : withoutKey(key);
  }
  if (described.length > 0) {
    return signedBy(j, doc, described[0]!.m);
  }
  if (doc.unread.has('verificationMethod')) {
    return both(result('unknown', 'issuer-document-malformed', {host: safe(hostOf(who))}));
  }
  if (unread !== undefined) {
    return both(result('unknown', 'key-unsupported.named', {key: quote(unread)}));
  }
  if (brought) {
    return both(result('unknown', 'jwk-untrusted', {header: brought}));
  }
  if (name !== '') {
    return withoutKey(result('fail', 'method-missing', {key: quote(jws.keyID)}));
  }
  return tried.length > 0 ? {signature: result('fail', 'signature-invalid.keys'), key: result('skipped', 'not-reached.key')} :
    both(result('unknown', 'kid-missing'));
}

/** Chooses among the results about one key that is published more than once: what
 * was revoked once is revoked, else it is enough that one of them is good. */
function bestKey(found: Result[]): Result {
  return found.find(f => codeOf(f) === 'key-revoked') ?? found.reduce((a, b) => rank(b.outcome) < rank(a.outcome) ? b : a);
}

interface Fitting {m: Method; key: PublicKey}

/** What was read of the methods of issuers; points of curves take a while. */
const read = new WeakMap<Method, PublicKey | Error>();

function readKey(m: Method): PublicKey | Error {
  let key = read.get(m);
  if (!key) {
    try {
      key = publicKey(m);
    } catch (e) {
      key = e as Error;
    }
    read.set(m, key);
  }
  return key;
}

/** The keys of a document that the JWS may have been signed with. Unread names one
 * that it uses for signatures and that is not read here; it may be the one. */
function fitting(j: Judgement, doc: IssuerDocument): {list: Fitting[]; unread?: string} {
  const list: Fitting[] = [];
  let unread: string | undefined;
  for (const [i, m] of doc.methods.entries()) {
    if (i === maxKeysRead) {
      return {list, unread: m.id};
    }
    const key = readKey(m);
    if (!(key instanceof Error) && !fits(j.o.jws!, key)) {
      continue;
    }
    if (!(key instanceof Error) && isSound(key)) {
      list.push({m, key});
    } else if (doc.assertion.includes(m.id) || doc.authentication.includes(m.id)) {
      unread = m.id;
    }
  }
  return {list, ...(unread === undefined ? {} : {unread})};
}

function isSound(key: PublicKey): boolean {
  try {
    checkPublicKey(key);
    return true;
  } catch {
    return false;
  }
}

/** What kid says beyond the name of who: a fragment, or all of it. */
function nameOf(kid: string, who: string): string {
  return (kid.startsWith(who) ? kid.slice(who.length) : kid).replace(/^#/, '');
}

/** The method that kid names by its id or by the kid of its JWK, or the only one that
 * a DID has. */
function named(doc: IssuerDocument, who: string, kid: string): Method | undefined {
  if (isKeyName(who)) {
    return doc.methods[0];
  }
  const name = nameOf(kid, who);
  if (name === '') {
    return undefined;
  }
  for (const id of [kid, `${who}#${name}`]) {
    const m = doc.methods.find(candidate => candidate.id === id);
    if (m) {
      return m;
    }
  }
  const found = doc.methods.filter(m => m.jwk && stringOf(m.jwk, 'kid') === name);
  return found.length === 1 ? found[0] : undefined;
}

/** The keys that equal the one which the header brings along, or whose thumbprint kid
 * is (RFC 7638; RFC 9278). There are several if one is published twice. */
async function describedBy(j: Judgement, list: Fitting[], name: string): Promise<Fitting[]> {
  const {header} = j.o.jws!;
  const jwk = has(header, 'jwk') ? header.jwk : undefined;
  let want = name.replace(/^urn:ietf:params:oauth:jwk-thumbprint:sha-256:/, '');
  if (isObject(jwk)) {
    try {
      want = await thumbprint(decodeJWK(jwk));
    } catch {
      want = '';
    }
  }
  const found: Fitting[] = [];
  for (const f of want === '' ? [] : list) {
    if (await thumbprint(f.key) === want) {
      found.push(f);
    }
  }
  return found;
}

/** The issuer that a kid names: a DID without path, query and fragment, or where who
 * is an https URL, one of another host. Any other URL is a name that only the issuer's
 * own service understands. */
export function ownerOf(kid: string, who: string): string {
  const [base] = split(kid);
  if (didMethod(base) !== '') {
    return base.replace(/[/?].*$/s, '');
  }
  const host = originOf(base);
  const own = originOf(who);
  return host && own && host !== own ? base : '';
}
