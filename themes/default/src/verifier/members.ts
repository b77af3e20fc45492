// Walks over the members of a document while its form is checked.

import {parseDateTime, type Moment} from './datetime';
import type {Place} from './failure';
import type {Findings} from './findings';
import {has, isObject, type Doc, type Value} from './json';

/** Calls f for every element of an array, or for the value itself. */
export function each(v: Value, at: Place, f: (v: Value, at: Place) => void): void {
  if (Array.isArray(v)) {
    v.forEach((item, i) => f(item, at.item(i)));
  } else {
    f(v, at);
  }
}

/** Calls f for the objects among the elements at a member. */
export function eachObject(o: Doc, name: string, at: Place, f: (o: Doc, at: Place) => void): void {
  if (has(o, name)) {
    each(o[name]!, at.member(name), (v, here) => {
      if (isObject(v)) {
        f(v, here);
      }
    });
  }
}

/** Reads a member that must be an xsd:dateTimeStamp if it is there. */
export function date(f: Findings, o: Doc, at: Place, name: string): Moment | undefined {
  if (!has(o, name)) {
    return undefined;
  }
  const v = o[name]!;
  const t = typeof v === 'string' ? parseDateTime(v) : undefined;
  f.addIf(!t, 'date-malformed', at.member(name));
  return t;
}
