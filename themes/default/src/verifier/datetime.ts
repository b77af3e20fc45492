// Dates and times of credentials.

import {has, type Doc, type Value} from './json';

/** A moment, to the nanosecond: milliseconds since 1970 and what is left. */
export interface Moment {ms: number; nanos: number}

/** Reads an xsd:dateTimeStamp (XML Schema 1.1 Part 2, section 3.4.28). The zone is mandatory and at most 14 hours, the
 * day must exist in the calendar (Date.parse takes 30 February), 24:00:00 is
 * the start of the next day, there is no leap second. */
export function parseDateTime(s: string): Moment | undefined {
  const m = /^(-?)(\d{4}|[1-9]\d{4,8})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|([+-])(\d\d):(\d\d))$/.exec(s);
  if (!m || m[0] !== s) {
    return undefined;
  }
  const [year, month, day, hour, minute, second] = [m[2], m[3], m[4], m[5], m[6], m[7]].map(Number) as [number, number, number, number, number, number];
  const fraction = m[8] ?? '';
  const zoneHours = Number(m[11] ?? 0);
  const zoneMinutes = Number(m[12] ?? 0);
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 59 ||
    zoneHours > 14 || zoneMinutes > 59 || (zoneHours === 14 && zoneMinutes !== 0)) {
    return undefined;
  }
  if (hour === 24 && (minute !== 0 || second !== 0 || /[1-9]/.test(fraction))) {
    return undefined;
  }
  const signed = m[1] ? -year : year;
  if (day > daysIn(signed, month)) {
    return undefined;
  }
  const nanos = Number(fraction.slice(0, 9).padEnd(9, '0'));
  const offset = (m[10] === '-' ? -1 : 1) * (zoneHours * 60 + zoneMinutes);
  const days = daysSinceEpoch(signed, month, day);
  const ms = ((days * 24 + hour) * 60 + minute - offset) * 60000 + second * 1000;
  return {ms: ms + Math.floor(nanos / 1e6), nanos: nanos % 1e6};
}

function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
}

/** Days from 1970-01-01 in the Gregorian calendar; Date ends at 275760. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
}

export function order(a: Moment, b: Moment): number {
  return a.ms - b.ms || a.nanos - b.nanos;
}

/** A cycle of the calendar, 400 years, in milliseconds. */
const cycle = 146097 * 86400000;

/** Writes a moment to the second as xsd:dateTime has it, without a zone: in UTC. The
 * years of Date end, and it writes those of five digits in another way. */
function written(t: Moment): string {
  const cycles = Math.floor(t.ms / cycle);
  const iso = new Date(t.ms - cycles * cycle).toISOString();
  const year = Number(iso.slice(0, 4)) + 400 * cycles;
  return `${year < 0 ? '-' : ''}${String(Math.abs(year)).padStart(4, '0')}${iso.slice(4, 19)}`;
}

export function sayTime(t: Moment): string {
  return `${written(t).replace('T', ' ')} UTC`;
}

/** Tells a date that is one but for its zone. */
export function hasNoZone(s: string): boolean {
  return !parseDateTime(s) && parseDateTime(`${s}Z`) !== undefined;
}

/** A member's time; undefined if it is absent, which no value of it says. A date
 * without its zone is taken for UTC, where that is allowed. */
export function timeOf(doc: Doc, name: string, zoneless = false): Moment | undefined | 'malformed' {
  const v = has(doc, name) ? doc[name] : undefined;
  if (v === undefined || v === null) {
    return undefined;
  }
  return (typeof v === 'string' ? parseDateTime(zoneless && hasNoZone(v) ? `${v}Z` : v) : undefined) ?? 'malformed';
}

/** A time of a document that is judged: data model 1.1 lets a date go without its
 * zone. */
export function dateIn(j: {doc: Doc; o: {format: string}}, name: string, doc = j.doc): Moment | undefined | 'malformed' {
  return timeOf(doc, name, j.o.format === 'vc-1.1');
}

/** Writes a NumericDate as a member of a credential. */
export function dateOf(v: Value | undefined): string | undefined {
  const t = numericDate(v);
  return t === undefined || t === 'malformed' ? undefined : `${written({ms: t * 1000, nanos: 0})}Z`;
}

/** Reads a NumericDate (RFC 7519, 2) as seconds since 1970, of 278,000 years
 * before and after; undefined if absent. */
export function numericDate(v: Value | undefined): number | undefined | 'malformed' {
  if (v === undefined || v === null) {
    return undefined;
  }
  return typeof v === 'number' && Math.abs(v) <= 2 ** 43 ? Math.floor(v) : 'malformed';
}

