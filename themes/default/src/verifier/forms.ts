// Finds out what an input is, by its content, and takes the document out of what
// it came in.

import {attachments, Encrypted, fromHTML, Several} from './attached';
import {isPNG, isSVG, NotBaked, unbake} from './bake';
import {quote, trim, trimBytes} from './characters';
import {claimNames, jwtTypes, sdJWTTypes} from './constants';
import {dateOf} from './datetime';
import {copy, has, isObject, parseObject, type Doc, type Value} from './json';
import {parseJWS, type JWS} from './jws';
import {failure, fromFindings, result, type Result} from './report';
import {parseSDJWT, type SDJWT} from './sdjwt';
import {contextV1, contextV2, structure} from './structure';
import {hasType, items, stringOf} from './text';
import {openTyped} from './vct';

type Format = 'vc-2.0' | 'vc-1.1' | 'vc-jwt' | 'presentation' | 'open-badges-2' | 'sd-jwt' | 'pdf' | 'html' | 'image' | 'zip' | 'json' | 'unknown';

/** An input taken out of what it came in. Of a document secured as a JWT, doc is
 * what the payload says, without the claims. */
export interface Opened {
  format: Format;
  doc?: Doc;
  jws?: JWS;
  claims: Doc;
  /** The JWT itself. */
  compact?: string;
  /** Of an SD-JWT. */
  sd?: SDJWT;
  /** Tells that the claims are those of a type, without contexts. */
  typed?: boolean;
  /** What it was taken out of, if that shows something else to people. */
  carrier?: 'pdf' | 'html';
  /** Why there is no document to judge. */
  refused?: Result;
}

function refuse(format: Format, refused: Result): Opened {
  return {format, claims: {}, refused};
}

/** Takes a document out of an input, or says why there is none to judge. */
export async function open(data: Uint8Array): Promise<Opened> {
  const head = new TextDecoder('latin1').decode(data.subarray(0, 1024));
  const text = trimBytes(data);
  if (text.length === 0) {
    return refuse('unknown', result('unknown', 'input-empty'));
  }
  if (isHTML(new TextDecoder('latin1').decode(text.subarray(0, 256)))) {
    return openHTML(data);
  }
  if (isPNG(data) || isSVG(data)) {
    return openImage(data);
  }
  if (isPDF(head)) {
    return openPDF(data);
  }
  const binary = recognizeBinary(head);
  if (binary) {
    return binary;
  }
  if (text[0] === 0x5b) {
    return openJSON(text);
  }
  return await openText(text) ?? refuse('unknown', result('unknown', 'form-unsupported'));
}

/** Takes a document out of what can only be meant as a JSON object, JWS or
 * SD-JWT, with white space around it. */
async function openText(data: Uint8Array): Promise<Opened | undefined> {
  const text = trimBytes(data);
  if (text[0] === 0x7b) {
    return openJSON(text);
  }
  const compact = new TextDecoder('latin1').decode(text);
  return isCompact(compact) ? openCompact(compact) : undefined;
}

function openJSON(data: Uint8Array): Opened {
  try {
    return openObject(parseObject(data));
  } catch (e) {
    return {format: 'unknown', claims: {}, refused: failure(e)};
  }
}

/** Takes the credential out of a PDF: of its attachments the one that is or claims
 * to be a credential or presentation, as text. */
async function openPDF(data: Uint8Array): Promise<Opened> {
  let files: Uint8Array[];
  try {
    files = await attachments(data);
  } catch (e) {
    return e instanceof Encrypted ?
      refuse('pdf', result('unknown', 'pdf-encrypted')) :
      refuse('pdf', result('fail', 'pdf-malformed'));
  }
  const found = (await Promise.all(files.map(openText))).filter(o => o !== undefined && o.refused?.reason.split('.')[0] !== 'not-a-credential');
  if (found.length > 1) {
    return refuse('pdf', result('fail', 'pdf-several'));
  }
  return found[0] ? {...found[0], carrier: 'pdf'} :
    refuse('pdf', result('unknown', 'pdf-unsupported'));
}

/** Takes the credential out of a certificate that is one web page. */
async function openHTML(data: Uint8Array): Promise<Opened> {
  let credential: Uint8Array;
  try {
    credential = fromHTML(data);
  } catch (e) {
    if (e instanceof NotBaked) {
      return refuse('html', result('unknown', 'html-page'));
    }
    return e instanceof Several ?
      refuse('html', result('fail', 'html-several')) :
      refuse('html', result('fail', 'html-malformed'));
  }
  const o = await openText(credential);
  return o ? {...o, carrier: 'html'} : refuse('html', result('fail', 'html-malformed'));
}

function isHTML(start: string): boolean {
  const head = start.toLowerCase();
  return head.startsWith('<!doctype html') || head.startsWith('<html') || (head.startsWith('<?xml') && head.includes('<html'));
}

function isPDF(head: string): boolean {
  return head.includes('%PDF-') && !recognizeBinary(head)?.format.startsWith('image');
}

/** Tells files that cannot hold a credential by their first bytes. */
function recognizeBinary(head: string): Opened | undefined {
  // latin1 of the platform is windows-1252: it shows the bytes from 80 to 9f
  // as other letters, of which none is asked for here.
  if (['\u00ff\u00d8\u00ff', 'GIF87a', 'GIF89a', 'BM', 'II*\0', 'MM\0*'].some(magic => head.startsWith(magic))) {
    return refuse('image', result('unknown', 'image-unsupported'));
  }
  if (head.startsWith('RIFF') && head.includes('WEBP')) {
    return refuse('image', result('unknown', 'image-unsupported'));
  }
  if (head.startsWith('PK\x03\x04') || head.startsWith('PK\x05\x06')) {
    return refuse('zip', result('unknown', 'zip-file'));
  }
  return undefined;
}

/** Tells text that can only be meant as a JWS or SD-JWT. */
export function isCompact(text: string): boolean {
  return /^eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*(~[^\n]*)?$/.test(text) && !text.endsWith('\n');
}

async function openImage(data: Uint8Array): Promise<Opened> {
  let baked: Uint8Array;
  try {
    baked = await unbake(data);
  } catch (e) {
    if (!(e instanceof NotBaked)) {
      return refuse('image', result('fail', 'image-malformed'));
    }
    return isOldBaked(data) ? openBadges2() : refuse('image', result('unknown', 'image-not-baked'));
  }
  if (isPNG(baked) || isSVG(baked)) {
    return refuse('image', result('fail', 'image-malformed'));
  }
  const o = await open(baked);
  return o.carrier ? refuse('image', result('fail', 'image-malformed')) : o;
}

/** Tells a picture with a badge of Open Badges 2.0 or older in it. */
function isOldBaked(data: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(data);
  return ['iTXtopenbadges\0', 'tEXtopenbadges\0', 'openbadges:assertion', 'http://openbadges.org'].some(mark => text.includes(mark));
}

function openBadges2(): Opened {
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

/** Tells what a JSON object is. */
export function openObject(doc: Doc): Opened {
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

/** Takes the JWT out of an enveloped credential or presentation, whose id is a
 * data: URL. */
function openEnvelope(doc: Doc): Opened {
  const wrong = structure(doc).find(f => !f.warning);
  if (wrong) {
    return {format: 'vc-jwt', claims: {}, refused: fromFindings(doc, [wrong], result('fail', 'envelope-malformed'))};
  }
  const malformed = refuse('vc-jwt', result('fail', 'envelope-malformed'));
  const m = /^data:([^,]*),(.*)$/s.exec(stringOf(doc, 'id'));
  if (!m) {
    return malformed;
  }
  const base64 = m[1]!.endsWith(';base64');
  const type = trim((base64 ? m[1]!.slice(0, -';base64'.length) : m[1]!).split(';')[0]!).toLowerCase();
  if (!/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(type)) {
    return malformed;
  }
  let text: string;
  try {
    text = base64 ? atob(m[2]!) : decodeURIComponent(m[2]!);
  } catch {
    return malformed;
  }
  const want = hasType(doc, 'EnvelopedVerifiablePresentation') ? 'application/vp+jwt' : 'application/vc+jwt';
  if (type !== want) {
    return refuse('vc-jwt', result('unknown', 'envelope-unsupported', {type: quote(type)}));
  }
  return isCompact(text) && !text.includes('~') ? openJWT(text) : malformed;
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
  const type = sd.jws.type.toLowerCase().replace(/^application\//, '');
  if (!sdJWTTypes.includes(type) && (typed || type !== '')) {
    return {...o, refused: result('unknown', 'jwt-type', {type: quote(sd.jws.type)})};
  }
  const doc = takeClaims(sd.claims, o.claims);
  o.doc = doc;
  if (typed) {
    const refused = openTyped(sd, doc, o.claims);
    return refused ? {...o, refused} : o;
  }
  switch (formatOf(doc)) {
    case 'presentation':
      o.format = 'presentation';
      if (sd.binding) {
        return {...o, refused: result('unknown', 'kb-unsupported')}; // nobody says whose key that would be
      }
      break;
    case 'vc-1.1':
      return {...o, refused: result('fail', 'version-mix.outside')};
    case 'json':
      return {...o, refused: result('unknown', 'not-a-credential.jwt')};
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
    return {format: 'vc-jwt', claims: {}, refused: failure(e)};
  }
  try {
    payload = parseObject(jws.payload);
  } catch (e) {
    return {format: 'vc-jwt', claims: {}, refused: failure(e)};
  }
  if (isOpenBadges2(payload)) {
    return openBadges2();
  }
  const type = jws.type.toLowerCase().replace(/^application\//, '');
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
  const o: Opened = {format: 'vc-jwt', doc, jws, claims, compact: text};
  switch (formatOf(doc)) {
    case 'presentation':
      o.format = 'presentation';
      break;
    case 'vc-1.1':
      return {...o, refused: result('fail', 'version-mix.outside')};
    case 'json':
      return {...o, format: 'json', refused: result('unknown', 'not-a-credential.jwt')};
  }
  return checkOpened(o);
}

/** Refuses a JWT whose credential is of two versions or secured twice. */
function checkOpened(o: Opened): Opened {
  const mixed = versions(o.doc!);
  if (mixed) {
    return {...o, refused: mixed};
  }
  if (given(o.doc!, 'proof')) {
    return {...o, refused: result('fail', 'jwt-two-securings')};
  }
  return o;
}

/** Takes the credential out of vc and completes it from the claims. */
function openVersion1(payload: Doc, jws: JWS, claims: Doc): Opened {
  const name = given(payload, 'vc') ? 'vc' : 'vp';
  const inner = payload[name];
  const o: Opened = {format: 'vc-jwt', jws, claims};
  if (!isObject(inner) || given(payload, '@context') || given(payload, 'credentialSubject') || (given(payload, 'vc') && given(payload, 'vp'))) {
    return {...o, refused: result('fail', 'version-mix.both')};
  }
  if (items(inner['@context']).includes(contextV2)) {
    return {...o, refused: result('fail', 'version-mix.inside')};
  }
  const doc = copy(inner);
  o.doc = doc;
  o.format = name === 'vp' ? 'presentation' : 'vc-1.1';
  if (name === 'vp') {
    return checkOpened(o);
  }
  const complete = (member: string, v: Value | undefined) => {
    if (!has(doc, member) && v !== undefined && v !== null) {
      doc[member] = v;
    }
  };
  complete('issuer', claims.iss);
  complete('id', claims.jti);
  complete('issuanceDate', dateOf(claims.nbf));
  complete('expirationDate', dateOf(claims.exp));
  const subject = doc.credentialSubject;
  if (isObject(subject) && !given(subject, 'id') && given(claims, 'sub')) {
    doc.credentialSubject = copy(subject, {id: claims.sub!});
  }
  return checkOpened(o);
}
