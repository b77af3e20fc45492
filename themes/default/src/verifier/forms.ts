// Finds out what a JSON object, JWS or SD-JWT is, and takes the document out of it.

import {latin1, withoutEnd} from './bytes';
import {quote} from './characters';
import {claimNames, jwtTypes, sdJWTTypes} from './constants';
import {dateOf} from './datetime';
import {copy, has, isObject, parseObject, type Doc, type Value} from './json';
import {parseJWS, typeOf, type JWS} from './jws';
import {codeOf, failure, fromFindings, result, type Result} from './report';
import {parseSDJWT, type SDJWT} from './sdjwt';
import {contextV1, contextV2, structure} from './structure';
import {hasType, items, stringOf} from './text';
import {fromBase64url} from './url';
import {openTyped} from './vct';

type Format = 'vc-2.0' | 'vc-1.1' | 'vc-jwt' | 'presentation' | 'open-badges-2' | 'european-digital-credential' | 'blockcerts' | 'sd-jwt' | 'pdf' | 'html' | 'image' | 'zip' | 'json' | 'unknown';

/** What shows or says something else beside the credential in it. */
export type Carrier = 'pdf' | 'html' | 'json';

/** An input taken out of what it came in. Of a document secured as a JWT, doc is
 * what the payload says, without the claims. */
export interface Opened {
  format: Format;
  doc?: Doc;
  jws?: JWS;
  claims: Doc;
  /** The JWT itself. */
  compact?: string;
  /** The reason why it does not stand where its data model has it. */
  misplaced?: 'version-mix.inside' | 'version-mix.outside';
  /** Of an SD-JWT. */
  sd?: SDJWT;
  /** Tells that the claims are those of a type, without contexts. */
  typed?: boolean;
  /** What it was taken out of, if that shows something else to people. */
  carrier?: Carrier;
  /** Tells bytes after the end of the picture that it was baked into. */
  trailing?: boolean;
  /** Why there is no document to judge. */
  refused?: Result;
}

export function refuse(format: Format, refused: Result): Opened {
  return {format, claims: {}, refused};
}

/** Tells text that can only be meant as a JWS or SD-JWT. */
export function isCompact(text: string): boolean {
  return /^eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*(~[^\n]*)?$/.test(text) && !text.endsWith('\n');
}

export function openBadges2(): Opened {
  return refuse('open-badges-2', result('unknown', 'open-badges-2'));
}

function isOpenBadges2(doc: Doc): boolean {
  const old = items(doc['@context']).some(url => typeof url === 'string' &&
    /^https:\/\/(w3id\.org\/openbadges\/|openbadgespec\.org\/|purl\.imsglobal\.org\/spec\/ob\/v2)/.test(url));
  return old || (given(doc, 'badge') && (given(doc, 'verify') || given(doc, 'verification')) && !given(doc, 'credentialSubject'));
}

function given(doc: Doc, name: string): boolean {
  return has(doc, name) && doc[name] !== null;
}

/** Tells an object that says that it is a credential or presentation, of whatever
 * kind. A signed document is one for itself; what has a proof and no context may be a
 * message around one. */
export function claims(doc: Doc): boolean {
  if (named(doc) || hasType(doc, 'EnvelopedVerifiableCredential', 'EnvelopedVerifiablePresentation')) {
    return true;
  }
  switch (formatOf(doc)) {
    case 'json':
      return false;
    case 'vc-2.0':
      return hasType(doc, 'VerifiableCredential') || given(doc, 'credentialSubject') || given(doc, '@context');
  }
  return true;
}

/** What stands in what is, or once was, a credential of some kind. */
const claimMarks = /credentialSubject|Verifiable(?:Credential|Presentation)|(?:openbadge|clr)credential|openbadges[:\x00]|w3id\.org\/openbadges|MerkleProof20|data\.europa\.eu\/snb/;

/** Tells whether the beginning of a JWT is in a text: eyJ[A-Za-z0-9_-]{6,}, twice, each
 * with a point behind it. As an expression it takes the square of a long run of letters. */
function hasToken(text: string): boolean {
  const parts = text.split('.');
  return parts.some((head, i) => {
    if (i + 2 >= parts.length || !/^eyJ[A-Za-z0-9_-]{6,}$/.test(parts[i + 1]!)) {
      return false;
    }
    let from = head.length;
    while (from > 0 && /[A-Za-z0-9_-]/.test(head[from - 1]!)) {
      from--;
    }
    const at = head.indexOf('eyJ', from);
    return at >= 0 && head.length - at >= 'eyJ'.length + 6;
  });
}

/** Tells whether a text looks as if there were a credential in it. */
export function hasMarks(text: string): boolean {
  return claimMarks.test(text) || hasToken(text);
}

/** Tells credentials of kinds that are verified elsewhere, whatever is in them. */
export function named(doc: Doc): Opened | undefined {
  const european = (key: 'european-credential' | 'european-credential.json') => refuse('european-digital-credential', result('unknown', key));
  if (isEuropean(doc)) {
    return european('european-credential');
  }
  if (isBlockcerts(doc)) {
    return refuse('blockcerts', result('unknown', 'blockcerts'));
  }
  if (given(doc, 'signature') || given(doc, 'signatures')) {
    for (const payload of items(doc.payload)) {
      if (isObject(payload) && isEuropean(payload)) {
        return european('european-credential');
      }
      for (const p of typeof payload === 'string' ? [payload, latin1(fromBase64(payload))] : []) {
        if (p.includes(europeanMark)) {
          return european('european-credential');
        }
        if (hasMarks(p)) {
          return european('european-credential.json');
        }
      }
    }
  }
  return undefined;
}

/** Is in the names of the contexts and schemas of the European Learning Model. */
export const europeanMark = 'data.europa.eu/snb';

/** Reads base64 of either alphabet, padded or not, with white space in it or not; empty
 * if it is none. */
export function fromBase64(s: string): Uint8Array {
  return fromBase64url(withoutEnd(s.replace(/[ \t\r\n]/g, ''), '=').replaceAll('+', '-').replaceAll('/', '_')) ?? new Uint8Array();
}

/** Tells a credential of the European Learning Model, which is sealed in a way of its
 * own (JAdES) or not at all. */
function isEuropean(doc: Doc): boolean {
  return hasType(doc, 'EuropeanDigitalCredential') || items(doc['@context']).some(url => typeof url === 'string' && url.includes(europeanMark));
}

/** Tells a JWS whose payload is a European credential: JAdES demands members of the
 * header that others need not understand. */
function isSealed(compact: string): boolean {
  try {
    return isEuropean(parseObject(fromBase64(compact.split('.')[1]!)));
  } catch {
    return false;
  }
}

/** Tells a credential that nothing but an entry in a blockchain secures. What is in a
 * presentation is judged even so. */
function isBlockcerts(doc: Doc): boolean {
  const proofs = [...items(doc.proof), ...items(doc.signature)];
  return proofs.length > 0 && !hasType(doc, 'VerifiablePresentation') &&
    proofs.every(p => isObject(p) && items(p.type).some(t => typeof t === 'string' && t.startsWith('MerkleProof20')));
}

/** Tells what a JSON object is. */
export async function openObject(doc: Doc): Promise<Opened> {
  const elsewhere = named(doc);
  if (elsewhere) {
    return elsewhere;
  }
  if (hasType(doc, 'EnvelopedVerifiableCredential', 'EnvelopedVerifiablePresentation')) {
    return openEnvelope(doc);
  }
  const format = formatOf(doc);
  if (format === 'open-badges-2') {
    return {...openBadges2(), doc};
  }
  if (format === 'json') {
    return {...refuse(format, result('unknown', 'not-a-credential')), doc};
  }
  const mixed = versions(doc);
  return {format, doc, claims: {}, ...(mixed ? {refused: mixed} : {})};
}

function formatOf(doc: Doc): Format {
  if (hasType(doc, 'VerifiablePresentation')) {
    return 'presentation';
  }
  if (items(doc['@context'])[0] === contextV1) {
    return 'vc-1.1';
  }
  if (hasType(doc, 'VerifiableCredential')) {
    return 'vc-2.0';
  }
  if (isOpenBadges2(doc)) {
    return 'open-badges-2';
  }
  return !given(doc, 'credentialSubject') && !given(doc, 'proof') ? 'json' : 'vc-2.0';
}

/** Refuses a document that claims to follow two data models: each verifier would
 * read it its own way. */
function versions(doc: Doc): Result | undefined {
  const list = items(doc['@context']);
  return list.includes(contextV1) && list.includes(contextV2) ?
    result('fail', 'version-mix') : undefined;
}

/** Reads a data: URL (RFC 2397). The media type comes without parameters and in small
 * letters, empty if there is none that could be one. */
export function parseDataURL(s: string): {type: string; body: Uint8Array} | undefined {
  const m = /^data:([^,]*),(.*)$/s.exec(s);
  if (!m) {
    return undefined;
  }
  const base64 = m[1]!.endsWith(';base64');
  const head = withoutEnd((base64 ? m[1]!.slice(0, -';base64'.length) : m[1]!).split(';')[0]!.replace(/^ +/, ''), ' ').toLowerCase();
  const type = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(head) ? head : '';
  if (base64) {
    const text = withoutEnd(m[2]!.replace(/[ \t\r\n]+/g, ''), '=');
    const body = /[-_]/.test(text) ? undefined : fromBase64url(text.replaceAll('+', '-').replaceAll('/', '_'));
    return body && {type, body};
  }
  const bytes: number[] = [];
  for (const [part, hex] of m[2]!.matchAll(/%(..)|[^%]+|%/gs)) {
    if (hex === undefined && part !== '%') {
      for (const b of new TextEncoder().encode(part)) {
        bytes.push(b);
      }
    } else if (/^[0-9a-fA-F]{2}$/.test(hex ?? '')) {
      bytes.push(parseInt(hex!, 16));
    } else {
      return undefined; // a broken escape
    }
  }
  return {type, body: new Uint8Array(bytes)};
}

/** Takes the JWT or SD-JWT out of an enveloped credential or presentation, whose id is
 * a data: URL of one of their media types, in any case and with any parameters. */
async function openEnvelope(doc: Doc): Promise<Opened> {
  const wrong = structure(doc).find(f => !f.warning);
  if (wrong) {
    return {format: 'vc-jwt', claims: {}, refused: fromFindings(doc, [wrong], result('fail', 'envelope-malformed'))};
  }
  const malformed = refuse('vc-jwt', result('fail', 'envelope-malformed'));
  const url = parseDataURL(stringOf(doc, 'id'));
  if (!url?.type) {
    return malformed;
  }
  const {type} = url;
  const text = latin1(url.body);
  const name = type.startsWith('application/') ? type.slice('application/'.length) : '';
  const isPresentation = hasType(doc, 'EnvelopedVerifiablePresentation');
  const known = ['jwt', 'sd-jwt'].includes(name) ||
    (name !== '' && [...jwtTypes, ...sdJWTTypes].includes(name) && name.startsWith('vp') === isPresentation);
  if (!known) {
    return refuse('vc-jwt', result('unknown', 'envelope-unsupported', {type: quote(type)}));
  }
  if (!isCompact(text) || text.includes('~') !== name.endsWith('sd-jwt')) {
    return malformed;
  }
  const o = await openCompact(text);
  return !o.refused && (o.format === 'presentation') !== isPresentation ? {...o, refused: result('fail', 'envelope-malformed')} : o;
}

/** Takes a credential or presentation out of a compact JWS or an SD-JWT. */
export async function openCompact(text: string): Promise<Opened> {
  return text.includes('~') ? openSDJWT(text) : openJWT(text);
}

/** Takes a credential out of an SD-JWT: one whose claims are those of a type, or one
 * whose payload is a credential or presentation of the data model. */
async function openSDJWT(text: string): Promise<Opened> {
  let sd: SDJWT;
  try {
    sd = await parseSDJWT(text);
  } catch (e) {
    return refuse('sd-jwt', failure(e));
  }
  const typed = has(sd.claims, 'vct');
  const o: Opened = {format: 'sd-jwt', jws: sd.jws, sd, typed, claims: copy({}), compact: text};
  const type = typeOf(sd.jws);
  if ((!sdJWTTypes.includes(type) && (typed || type !== '')) || (typed && type.startsWith('vp'))) {
    return {...o, refused: result('unknown', 'jwt-type', {type: quote(sd.jws.type)})};
  }
  const doc = takeClaims(sd.claims, o.claims);
  o.doc = doc;
  if (typed) {
    const refused = openTyped(sd, doc, o.claims);
    return refused ? {...o, refused} : o;
  }
  const top = openTop(o);
  return top.format === 'presentation' && sd.binding ? {...top, refused: result('unknown', 'kb-unsupported')} : top; // nobody says whose key that would be
}

/** Tells what a payload is that is a credential or presentation itself. */
function openTop(o: Opened): Opened {
  switch (formatOf(o.doc!)) {
    case 'presentation':
      o.format = 'presentation';
      break;
    case 'vc-1.1':
      o.format = 'vc-1.1';
      o.misplaced = 'version-mix.outside';
      break;
    case 'json':
      return {...o, ...(o.sd ? {} : {format: 'json'}), refused: result('unknown', 'not-a-credential.jwt')};
  }
  return checkOpened(o);
}

/** The members of a payload without the claims, which are put apart. */
function takeClaims(payload: Doc, claims: Doc): Doc {
  const doc = copy(payload);
  for (const name of claimNames) {
    if (has(payload, name)) {
      claims[name] = payload[name]!;
      delete doc[name];
    }
  }
  return doc;
}

/** Takes a credential or presentation out of a compact JWS: a payload that is the
 * credential, or has it under vc or vp as data model 1.1 does. */
function openJWT(text: string): Opened {
  let jws: JWS;
  let payload: Doc;
  try {
    jws = parseJWS(text);
  } catch (e) {
    const refused = failure(e);
    return codeOf(refused) === 'header-forbidden' && isSealed(text) ?
      refuse('european-digital-credential', result('unknown', 'european-credential')) : {format: 'vc-jwt', claims: {}, refused};
  }
  try {
    payload = parseObject(jws.payload);
  } catch (e) {
    return {format: 'vc-jwt', claims: {}, refused: failure(e)};
  }
  if (isEuropean(payload) || (isObject(payload.vc) && isEuropean(payload.vc))) {
    return refuse('european-digital-credential', result('unknown', 'european-credential'));
  }
  if (isOpenBadges2(payload)) {
    return openBadges2();
  }
  const type = typeOf(jws);
  if (sdJWTTypes.includes(type)) {
    return refuse('sd-jwt', result('fail', 'sd-jwt-malformed'));
  }
  if (!jwtTypes.includes(type)) {
    return refuse('vc-jwt', result('unknown', 'jwt-type', {type: quote(jws.type)}));
  }
  const claims = copy({});
  const doc = takeClaims(payload, claims);
  if (given(payload, 'vc') || given(payload, 'vp')) {
    return {...openVersion1(payload, jws, claims), compact: text};
  }
  return openTop({format: 'vc-jwt', doc, jws, claims, compact: text});
}

/** Refuses a JWT whose type says that it is a presentation while it is a credential,
 * or the other way round, and one whose credential is of two versions or secured
 * twice. */
function checkOpened(o: Opened): Opened {
  const type = typeOf(o.jws!);
  if (type.startsWith('vp') && o.format !== 'presentation') {
    return {...o, refused: result('unknown', 'jwt-type', {type: quote(o.jws!.type)})};
  }
  if (!['', 'jwt'].includes(type) && !type.startsWith('vp') && o.format === 'presentation') {
    return {...o, refused: result('unknown', 'jwt-type.presentation', {type: quote(o.jws!.type)})};
  }
  const mixed = versions(o.doc!);
  if (mixed) {
    return {...o, refused: mixed};
  }
  if (given(o.doc!, 'proof')) {
    return {...o, refused: result('fail', 'jwt-two-securings')};
  }
  return o;
}

/** Takes the credential out of vc and completes it from the claims, also one of data
 * model 2.0, which has no business there. */
function openVersion1(payload: Doc, jws: JWS, claims: Doc): Opened {
  const name = given(payload, 'vc') ? 'vc' : 'vp';
  const inner = payload[name];
  const o: Opened = {format: 'vc-jwt', jws, claims};
  if (!isObject(inner) || given(payload, '@context') || given(payload, 'credentialSubject') || (given(payload, 'vc') && given(payload, 'vp'))) {
    return {...o, refused: result('fail', 'version-mix.both')};
  }
  const doc = copy(inner);
  o.doc = doc;
  let [from, until] = ['issuanceDate', 'expirationDate'];
  o.format = 'vc-1.1';
  if (items(inner['@context'])[0] === contextV2) {
    [from, until] = ['validFrom', 'validUntil'];
    o.format = 'vc-jwt';
    o.misplaced = 'version-mix.inside';
  }
  if (name === 'vp') {
    o.format = 'presentation';
    return checkOpened(o);
  }
  const complete = (member: string, v: Value | undefined) => {
    if (!has(doc, member) && v !== undefined && v !== null) {
      doc[member] = v;
    }
  };
  complete('issuer', claims.iss);
  complete('id', claims.jti);
  complete(from!, dateOf(claims.nbf));
  complete(until!, dateOf(claims.exp));
  const subject = doc.credentialSubject;
  if (isObject(subject) && !given(subject, 'id') && given(claims, 'sub')) {
    doc.credentialSubject = copy(subject, {id: claims.sub!});
  }
  return checkOpened(o);
}
