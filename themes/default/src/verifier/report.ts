// The verdict about a credential, with one row for each check. Names, outcomes
// and codes are those of the command line.

import {quote, safe} from './characters';
import {Failure, type PlaceReason} from './failure';
import type {Finding} from './findings';
import {stepsOf, valueAt, type Doc} from './json';
import {hints, type Sentences} from './reasons';

export type Verdict = 'valid' | 'invalid' | 'undetermined';

/** skipped: there was nothing to check, or another check decided already;
 * unknown: something could not be looked at. */
type Outcome = 'pass' | 'fail' | 'warn' | 'skipped' | 'unknown';

const checkNames = [
  'structure', 'contexts', 'schema', 'proof', 'issuer-key', 'dates', 'status', 'subject', 'endorsements', 'issuer-trust', 'log',
] as const;

type CheckName = typeof checkNames[number];

/** The outcome of a check before it has a row: its reason is the key of a
 * sentence, whose values stand in the place of the names in braces. */
export interface Result {
  outcome: Outcome;
  reason: keyof Sentences;
  values?: Record<string, string | number>;
  /** JSON Pointer of what it is about. */
  place?: string;
  /** What the network says, in its own words. */
  detail?: string;
  /** What it follows from. */
  because?: Result;
}

export interface Check extends Result {
  name: CheckName;
}

/** The values that a sentence wants, if any. */
type Values<K extends keyof Sentences> = [Sentences[K]] extends [never] ? [] : [Record<Sentences[K], string | number>];

export function result<K extends keyof Sentences>(outcome: Outcome, reason: K, ...values: Values<K>): Result {
  return {outcome, reason, ...(values[0] ? {values: values[0]} : {})};
}

/** The code of a reason, which is its key without the form of the sentence. */
export function codeOf(r: Result): string {
  return r.reason.split('.')[0]!;
}

/** The sentence of a result, in the words of a language. */
export function sayResult(r: Result, word: (key: string) => string): string {
  const text = word(`reason.${r.reason}`).replace(/\{(\w+)\}/g, (all, name: string) => String(r.values?.[name] ?? all));
  return r.because ? `${text} ${sayResult(r.because, word)}` : text;
}

/** The name of what can be done about a result: hint.NAME of the words. */
export function hintOf(r: Result): string | undefined {
  return rank(r.outcome) > rank('pass') ? Object.keys(hints).find(name => hints[name]!.split(' ').includes(codeOf(r))) : undefined;
}

const ranks: Outcome[] = ['skipped', 'pass', 'warn', 'unknown', 'fail'];

export function rank(o: Outcome): number {
  return ranks.indexOf(o);
}

/** The result that matters most, the first of equals. */
export function worst(list: Result[]): Result {
  return list.reduce((a, b) => rank(b.outcome) > rank(a.outcome) ? b : a);
}

export class Report {
  verdict: Verdict = 'undetermined';

  constructor(readonly format: string = 'unknown') {}

  checks: Check[] = checkNames.map(name => ({
    name, outcome: 'skipped', reason: 'not-reached',
  }));

  check(name: CheckName): Check {
    return this.checks[checkNames.indexOf(name)]!;
  }

  set(name: CheckName, r: Result): void {
    this.checks[checkNames.indexOf(name)] = {name, ...r};
  }

  passed(name: CheckName): boolean {
    const o = this.check(name).outcome;
    return o === 'pass' || o === 'warn';
  }

  /** The row that the verdict comes from: the first failure, else the first that
   * could not be made, where what is about the form alone comes last: that a
   * credential was forged or revoked says more. */
  decisive(): Result {
    for (const outcome of ['fail', 'unknown'] as const) {
      const rows = this.checks.filter(c => c.outcome === outcome);
      const row = rows.find(c => !ofForm(c)) ?? rows[0];
      if (row) {
        return row;
      }
    }
    return result('unknown', 'not-reached.whole');
  }

  /** Who signed a credential that is not valid for its form alone, and that it is as it
   * was signed; undefined for all others. by is what is certain of the issuer. */
  signedOffForm(by: string): Result | undefined {
    const row = this.decisive();
    if (this.verdict === 'valid' || this.format === 'presentation' || !ofForm(row) || !this.passed('proof') || !this.passed('issuer-key')) {
      return undefined;
    }
    return {...result(row.outcome, row.outcome === 'fail' ? 'signed-off-form' : 'signed-off-form.unknown', {issuer: quote(by)}), because: row};
  }

  /** A document is valid only if the checks that carry it were made and passed,
   * whatever the other rows say. A presentation that nobody signed is as good as
   * its credentials. */
  conclude(): void {
    const carrying: CheckName[] = this.format === 'presentation' ? ['structure', 'contexts', 'proof', 'subject'] :
      ['structure', 'contexts', 'proof', 'issuer-key', 'dates'];
    this.verdict = carrying.every(name => this.passed(name)) ? 'valid' : 'undetermined';
    if (this.checks.some(c => c.outcome === 'fail')) {
      this.verdict = 'invalid';
    } else if (this.checks.some(c => c.outcome === 'unknown')) {
      this.verdict = 'undetermined';
    }
  }
}

/** Tells a row that is about how a document is written, and not about what was found
 * out of it. */
export function ofForm(c: Result & {name?: CheckName}): boolean {
  return ['structure', 'contexts', 'schema'].includes(c.name ?? '') || ['date-malformed', 'status-malformed', 'embedded-malformed'].includes(codeOf(c));
}

/** What an error says, safe to show. */
export function reason(e: unknown): string {
  return safe(e instanceof Error ? e.message : String(e));
}

/** One row of what was found in a document: the first error, else the first
 * warning, else ok. */
export function fromFindings(doc: Doc, list: Finding[], ok: Result): Result {
  // An unsafe id is a URL, and no standard says that it is a wrong one.
  const outcomeOf = (f: Finding) => f.warning ? 'warn' : f.reason === 'id-unsafe' ? 'unknown' : 'fail';
  const found = list.find(f => outcomeOf(f) === 'fail') ?? list.find(f => outcomeOf(f) === 'unknown') ?? list[0];
  return found ? about(outcomeOf(found), found.reason, found.pointer, doc) : ok;
}

/** What a newer verifier may know, and what this one refuses to judge or has no room
 * for. */
const notJudged = [
  'context-unknown', 'context-inline', 'direction-unsigned', 'suite-unknown', 'sd-algorithm-unknown', 'key-unsupported', 'not-loaded',
  'json-too-large', 'json-too-deep', 'json-number', 'canonicalization-budget', 'expansion-failed',
];

/** Tells a result that says nothing against what was checked. */
export function good(r: Result): boolean {
  return r.outcome === 'pass' || r.outcome === 'warn';
}

/** A row of a failure in a document. What is not judged is unknown; all else is wrong. */
export function failure(e: unknown, doc?: Doc): Result {
  if (!(e instanceof Failure)) {
    return {...result('fail', 'malformed'), detail: reason(e)};
  }
  return about(notJudged.includes(e.reason) ? 'unknown' : 'fail', e.reason, e.pointer, doc);
}

/** A row about a place of a document: its sentence may say the name of the
 * nearest member, and the value, if it is a text. */
function about(outcome: Outcome, reason: PlaceReason, place: string, doc?: Doc): Result {
  const value = valueAt(doc, place);
  const values = {name: quote(stepsOf(place).findLast(step => !/^[0-9]*$/.test(step)) ?? '?'), value: quote(typeof value === 'string' ? value : '?')};
  return {outcome, reason, values, ...(place ? {place: safe(place)} : {})};
}
