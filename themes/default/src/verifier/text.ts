// Small readings of JSON members.

import {has, isObject, type Doc, type Value} from './json';

/** A member's values, whether it has one or a list of them; none if it is
 * absent or null. */
export function items(v: Value | undefined): Value[] {
  if (v === undefined || v === null) {
    return [];
  }
  return Array.isArray(v) ? v : [v];
}

export function hasType(doc: Doc, ...names: string[]): boolean {
  return items(doc.type).some(t => typeof t === 'string' && names.includes(t));
}

/** The id of a member that is a URL or an object. */
export function idOf(v: Value | undefined): string {
  if (typeof v === 'string') {
    return v;
  }
  return isObject(v) ? stringOf(v, 'id') : '';
}

/** A string, or the text of a language value object: the first if there are
 * several (Verifiable Credentials Data Model v2.0, 11.1). */
export function textOf(v: Value | undefined): string {
  for (const item of items(v)) {
    if (typeof item === 'string') {
      return item;
    }
    if (isObject(item)) {
      return stringOf(item, '@value');
    }
  }
  return '';
}

export function stringOf(doc: Doc | undefined, name: string): string {
  const v = doc && has(doc, name) ? doc[name] : undefined;
  return typeof v === 'string' ? v : '';
}

export function objectOf(doc: Doc | undefined, name: string): Doc | undefined {
  const v = doc && has(doc, name) ? doc[name] : undefined;
  return isObject(v) ? v : undefined;
}

export function firstSubject(doc: Doc): Doc | undefined {
  return items(doc.credentialSubject).find(isObject);
}

/** The name of a subject: its own, or the plain identity of type name. */
export function subjectName(subject: Doc | undefined): string {
  const own = textOf(subject?.name);
  if (own) {
    return own;
  }
  for (const identity of items(subject?.identifier)) {
    if (isObject(identity) && identity.identityType === 'name' && identity.hashed === false) {
      return stringOf(identity, 'identityHash');
    }
  }
  return '';
}

/** Tells an id that is none but where it was written. */
export function isMadeUp(id: string): boolean {
  return id.slice(0, 'urn:uuid:'.length).toLowerCase() === 'urn:uuid:';
}

/** Tells a subject of which there is but an id made up for the credential. */
export function isUnnamed(subject: Doc | undefined): boolean {
  return isMadeUp(stringOf(subject, 'id')) && items(subject?.identifier).length === 0 && subjectName(subject) === '';
}

/** Orders strings as their UTF-8 bytes are. */
export function compare(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  const x = [...a];
  const y = [...b];
  for (let i = 0; i < x.length && i < y.length; i++) {
    if (x[i] !== y[i]) {
      return x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!;
    }
  }
  return x.length - y.length;
}

export function names(o: Doc): string[] {
  return Object.keys(o).sort(compare);
}
