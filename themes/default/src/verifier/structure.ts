// Says what keeps a document from being a verifiable credential or presentation
// of the Verifiable Credentials Data Model v2.0, and an Open Badge or a status
// list if it calls itself one. Credentials inside of a credential are for the
// caller to hand in one by one.

import documents from 'laurel:contexts';

import {baseContextDigests} from './constants';
import {order} from './datetime';
import {Place} from './failure';
import {Findings, type Finding} from './findings';
import {copy, has, isObject, stepsOf, type Doc, type Value} from './json';
import {multihash} from './multihash';
import {date, each, eachObject} from './members';
import {openBadge} from './openbadge';
import {credentialStatus, statusList} from './statusform';
import {hasType} from './text';
import {fromPaddedBase64, isDataURL, isUnsafe, isURL} from './url';

export const contextV1 = 'https://www.w3.org/2018/credentials/v1';
export const contextV2 = 'https://www.w3.org/ns/credentials/v2';

export function structure(doc: Doc): Finding[] {
  const f = new Findings();
  const at = new Place();
  if (hasType(doc, 'VerifiablePresentation')) {
    presentation(f, doc, at);
  } else if (hasType(doc, 'EnvelopedVerifiableCredential')) {
    enveloped(f, doc, at, 'EnvelopedVerifiableCredential');
  } else if (hasType(doc, 'EnvelopedVerifiablePresentation')) {
    enveloped(f, doc, at, 'EnvelopedVerifiablePresentation');
  } else {
    credential(f, doc, at);
  }
  return f.sorted();
}

function credential(f: Findings, doc: Doc, at: Place): void {
  if (isVersion1(doc)) {
    f.add('vcdm1-unsupported', at.member('@context'));
    return;
  }
  contexts(f, doc, at);
  typesOf(f, doc, at, 'VerifiableCredential');
  identifiers(f, doc, at);
  languageText(f, doc, at, 'name');
  languageText(f, doc, at, 'description');
  issuer(f, doc, at);
  subjects(f, doc, at);
  validity(f, doc, at);
  typedObjects(f, doc, at, 'credentialStatus', false);
  credentialStatus(f, doc, at);
  typedObjects(f, doc, at, 'credentialSchema', true);
  typedObjects(f, doc, at, 'refreshService', false);
  typedObjects(f, doc, at, 'termsOfUse', false);
  typedObjects(f, doc, at, 'evidence', false);
  relatedResource(f, doc, at);
  proofs(f, doc, at);
  openBadge(f, doc, at);
  statusList(f, doc, at);
}

function isVersion1(doc: Doc): boolean {
  const v = doc['@context'];
  return (Array.isArray(v) ? v[0] : v) === contextV1;
}

/** Checks the @context of a credential or presentation: URLs and objects, the
 * first the base context; none may give a protected term another meaning. */
function contexts(f: Findings, doc: Doc, p: Place): void {
  const at = p.member('@context');
  if (!has(doc, '@context')) {
    f.add('context-missing', at);
    return;
  }
  const v = doc['@context']!;
  f.addIf((Array.isArray(v) ? v[0] : v) !== contextV2, 'context-first', at);
  const protectedTerms = new Map<string, Value>();
  each(v, at, (entry, here) => {
    if (typeof entry === 'string') {
      f.addIf(!isURL(entry), 'context-malformed', here);
    } else if (isObject(entry)) {
      inlineContext(f, entry, here, protectedTerms);
    } else {
      f.add('context-malformed', here);
    }
  });
}

/** The terms of a context as it writes them. */
function baseTerms(url: string): Doc | undefined {
  return (documents[url] as Doc | undefined)?.['@context'] as Doc | undefined;
}

/** Tells that a context gives another meaning to a term that is protected only since
 * data model 2.0. */
export function isNewTerm(f: Finding): boolean {
  const term = stepsOf(f.pointer).at(-1)!;
  return f.reason === 'context-redefines' && has(baseTerms(contextV2)!, term) && !has(baseTerms(contextV1) ?? {}, term);
}

function inlineContext(f: Findings, context: Doc, at: Place, protectedTerms: Map<string, Value>): void {
  const all = context['@protected'] === true;
  const base = baseTerms(contextV2)!; // all of them are protected
  for (const [term, definition] of Object.entries(context)) {
    if (term.startsWith('@')) {
      continue;
    }
    const before = has(base, term) ? base[term] : protectedTerms.get(term);
    f.addIf(before !== undefined && differs(before, definition), 'context-redefines', at.member(term));
    if (all || (isObject(definition) && definition['@protected'] === true)) {
      protectedTerms.set(term, definition);
    }
  }
}

/** Tells whether two definitions of a term are known to give it two meanings: a compact
 * IRI may be any. */
function differs(a: Value, b: Value): boolean {
  const [one, two] = [written(a), written(b)];
  for (const {'@id': iri} of [one, two]) {
    if (typeof iri === 'string' && !iri.startsWith('@') && !iri.includes('://')) {
      delete one['@id'];
      delete two['@id'];
    }
  }
  return canonical(one) !== canonical(two);
}

/** A definition of a term in its long form, without its protection. */
function written(definition: Value): Doc {
  const d = isObject(definition) ? copy(definition) : {'@id': definition};
  delete d['@protected'];
  return d;
}

function canonical(v: Value): string {
  return JSON.stringify(v, (_, x: unknown) => isObject(x) ? Object.fromEntries(Object.entries(x).sort(([a], [b]) => a < b ? -1 : 1)) : x);
}

function typesOf(f: Findings, doc: Doc, at: Place, want: string): void {
  f.addIf(!hasType(doc, want), 'type-missing', at.member('type'));
}

/** Checks every id and type of a document, however deep: an id is a single URL,
 * a type one or more names. Contexts and JSON literals hold no such members. */
function identifiers(f: Findings, o: Doc, at: Place): void {
  for (const [name, v] of Object.entries(o)) {
    switch (name) {
      case '@context':
      case 'jsonSchema':
      case 'verifiableCredential': // documents of their own
        break;
      case 'id':
        if (typeof v !== 'string' || !isURL(v)) {
          f.add('id-malformed', at.member(name));
        } else {
          f.addIf(isUnsafe(v) && !(v.startsWith('data:image/') && hasType(o, 'Image')), 'id-unsafe', at.member(name));
        }
        break;
      case 'type':
        typeForm(f, v, at);
        break;
      default:
        identifiersIn(f, v, at.member(name));
    }
  }
}

function identifiersIn(f: Findings, v: Value, at: Place): void {
  if (isObject(v)) {
    identifiers(f, v, at);
  } else if (Array.isArray(v)) {
    v.forEach((item, i) => identifiersIn(f, item, at.item(i)));
  }
}

function typeForm(f: Findings, v: Value, p: Place): void {
  const at = p.member('type');
  f.addIf(Array.isArray(v) && v.length === 0, 'type-malformed', at);
  each(v, at, (name, here) => {
    f.addIf(typeof name !== 'string' || name === '', 'type-malformed', here);
  });
}

function issuer(f: Findings, doc: Doc, p: Place): void {
  const at = p.member('issuer');
  const v = has(doc, 'issuer') ? doc.issuer : undefined;
  if (v === undefined || v === null) {
    f.add('issuer-missing', at);
  } else if (typeof v === 'string') {
    f.addIf(!isURL(v), 'issuer-malformed', at);
  } else if (isObject(v)) {
    f.addIf(!has(v, 'id'), 'issuer-malformed', at);
    languageText(f, v, at, 'name');
    languageText(f, v, at, 'description');
  } else {
    f.add('issuer-malformed', at);
  }
}

function subjects(f: Findings, doc: Doc, p: Place): void {
  const at = p.member('credentialSubject');
  const v = has(doc, 'credentialSubject') ? doc.credentialSubject : undefined;
  if (v === undefined) {
    f.add('subject-missing', at);
    return;
  }
  if (Array.isArray(v) && v.length === 0) {
    f.add('subject-missing', at);
    return;
  }
  each(v, at, (subject, here) => {
    if (!isObject(subject)) {
      f.add('subject-malformed', here);
    } else if (Object.keys(subject).length === 0) {
      f.add('subject-malformed', here);
    }
  });
}

function validity(f: Findings, doc: Doc, at: Place): void {
  const from = date(f, doc, at, 'validFrom');
  const until = date(f, doc, at, 'validUntil');
  f.addIf(from && until && order(until, from) < 0, 'date-order', at.member('validUntil'));
}

/** Checks a member that holds one or more objects which each say their type. */
function typedObjects(f: Findings, doc: Doc, p: Place, name: string, needID: boolean): void {
  if (!has(doc, name)) {
    return;
  }
  const v = doc[name]!;
  const at = p.member(name);
  f.addIf(Array.isArray(v) && v.length === 0, 'member-malformed', at);
  each(v, at, (o, here) => {
    if (!isObject(o)) {
      f.add('member-malformed', here);
      return;
    }
    f.addIf(!typeNames(o), 'type-missing', here.member('type'));
    f.addIf(needID && !has(o, 'id'), 'id-missing', here.member('id'));
  });
}

function typeNames(o: Doc): boolean {
  return typeof o.type === 'string' || (Array.isArray(o.type) && o.type.some(t => typeof t === 'string'));
}

function proofs(f: Findings, doc: Doc, at: Place): void {
  typedObjects(f, doc, at, 'proof', false);
  eachObject(doc, 'proof', at, (o, here) => {
    date(f, o, here, 'created');
    date(f, o, here, 'expires');
  });
}

function presentation(f: Findings, doc: Doc, at: Place): void {
  if (isVersion1(doc)) {
    f.add('vcdm1-unsupported', at.member('@context'));
    return;
  }
  contexts(f, doc, at);
  typesOf(f, doc, at, 'VerifiablePresentation');
  identifiers(f, doc, at);
  holder(f, doc, at);
  typedObjects(f, doc, at, 'termsOfUse', false);
  proofs(f, doc, at);
  if (!has(doc, 'verifiableCredential')) {
    return;
  }
  each(doc.verifiableCredential!, at.member('verifiableCredential'), (v, here) => {
    if (!isObject(v)) {
      f.add('member-malformed', here);
    } else if (hasType(v, 'EnvelopedVerifiableCredential')) {
      enveloped(f, v, here, 'EnvelopedVerifiableCredential');
    } else {
      credential(f, v, here);
    }
  });
}

function holder(f: Findings, doc: Doc, p: Place): void {
  if (!has(doc, 'holder')) {
    return;
  }
  const v = doc.holder!;
  const at = p.member('holder');
  if (typeof v === 'string') {
    f.addIf(!isURL(v), 'holder-malformed', at);
  } else if (!isObject(v)) {
    f.add('holder-malformed', at);
  } else if (!has(v, 'id')) {
    f.add('holder-malformed', at);
  }
}

function enveloped(f: Findings, doc: Doc, at: Place, want: string): void {
  contexts(f, doc, at);
  typesOf(f, doc, at, want);
  f.addIf(typeof doc.id !== 'string' || !isDataURL(doc.id), 'envelope-malformed', at.member('id'));
}

function relatedResource(f: Findings, doc: Doc, p: Place): void {
  if (!has(doc, 'relatedResource')) {
    return;
  }
  const seen = new Set<string>();
  each(doc.relatedResource!, p.member('relatedResource'), (o, at) => {
    if (!isObject(o)) {
      f.add('related-malformed', at);
      return;
    }
    const id = typeof o.id === 'string' ? o.id : undefined;
    if (id === undefined) {
      f.add('related-malformed', at.member('id'));
    } else if (seen.has(id)) {
      f.add('related-malformed', at.member('id'));
    }
    seen.add(id ?? '');
    digests(f, o, at, id ?? '');
  });
}

/** Checks the digests of a related resource: at least one, in its form, and
 * right for the one resource that is known. */
function digests(f: Findings, o: Doc, at: Place, id: string): void {
  f.addIf(!has(o, 'digestSRI') && !has(o, 'digestMultibase'), 'related-malformed', at);
  if (has(o, 'digestSRI')) {
    digestSRI(f, typeof o.digestSRI === 'string' ? o.digestSRI : '', at.member('digestSRI'), id);
  }
  if (has(o, 'digestMultibase')) {
    const s = typeof o.digestMultibase === 'string' ? o.digestMultibase : '';
    const hash = multihash(s);
    f.addIf(!/^[uz]./s.test(s), 'related-malformed', at.member('digestMultibase'));
    f.addIf(id === contextV2 && hash !== undefined && hex(hash.digest) !== baseContextDigests[hash.algorithm], 'related-digest', at.member('digestMultibase'));
  }
}

function digestSRI(f: Findings, s: string, at: Place, id: string): void {
  const hashes = s.split(/[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/).filter(h => h !== '');
  f.addIf(hashes.length === 0, 'related-malformed', at);
  for (const hash of hashes) {
    const [algorithm = '', ...rest] = hash.split('?')[0]!.split('-');
    const want = has(baseContextDigests, algorithm) ? baseContextDigests[algorithm] : undefined;
    const digest = fromPaddedBase64(rest.join('-'));
    if (want === undefined || digest?.length !== want.length / 2) {
      f.add('related-malformed', at);
    } else if (id === contextV2 && hex(digest) !== want) {
      f.add('related-digest', at);
    }
  }
}

function hex(b: Uint8Array): string {
  return Array.from(b, x => x.toString(16).padStart(2, '0')).join('');
}

/** Checks a name or description: a string, a language value object or several
 * of them. */
function languageText(f: Findings, doc: Doc, at: Place, name: string): void {
  if (!has(doc, name)) {
    return;
  }
  each(doc[name]!, at.member(name), (v, here) => {
    if (isObject(v)) {
      languageValue(f, v, here);
    } else if (typeof v !== 'string') {
      f.add('text-malformed', here);
    }
  });
}

function languageValue(f: Findings, o: Doc, at: Place): void {
  f.addIf(typeof o['@value'] !== 'string', 'text-malformed', at);
  if (has(o, '@language') && !(typeof o['@language'] === 'string' && /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/.test(o['@language']))) {
    f.add('text-malformed', at.member('@language'));
  }
  f.addIf(has(o, '@direction') && o['@direction'] !== 'ltr' && o['@direction'] !== 'rtl', 'text-malformed', at.member('@direction'));
  for (const name of Object.keys(o)) {
    f.addIf(name !== '@value' && name !== '@language' && name !== '@direction', 'text-malformed', at.member(name));
  }
}
