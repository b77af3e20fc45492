// The verdict about a credential, with one row for each check. Names, outcomes
// and codes are those of the command line.

import {safe} from './characters';
import {Failure} from './failure';
import type {Finding} from './findings';

export type Verdict = 'valid' | 'invalid' | 'undetermined';

/** skipped: there was nothing to check, or another check decided already;
 * unknown: something could not be looked at. */
type Outcome = 'pass' | 'fail' | 'warn' | 'skipped' | 'unknown';

const checkNames = [
  'structure', 'contexts', 'schema', 'proof', 'issuer-key', 'dates', 'status', 'subject', 'endorsements', 'issuer-trust',
] as const;

type CheckName = typeof checkNames[number];

/** The outcome of a check before it has a row. */
export interface Result {
  outcome: Outcome;
  code: string;
  text: string;
}

export interface Check extends Result {
  name: CheckName;
}

export function result(outcome: Outcome, code: string, text = ''): Result {
  return {outcome, code, text};
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
    name, outcome: 'skipped', code: 'not-reached', text: 'Not looked at, because an earlier check decided.',
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
   * could not be made. */
  decisive(): Result {
    return this.checks.find(c => c.outcome === 'fail') ?? this.checks.find(c => c.outcome === 'unknown') ??
      result('unknown', 'not-reached', 'It was not fully looked at.');
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

export function reason(e: unknown): string {
  return e instanceof Error ? e.message : String(e);
}

/** One row of what was found: the first error, else the first warning, else ok. */
export function fromFindings(list: Finding[], ok: string): Result {
  let r = result('pass', 'ok', ok);
  for (const f of list) {
    const outcome = f.warning ? 'warn' : 'fail';
    if (rank(outcome) > rank(r.outcome)) {
      r = result(outcome, f.code, `${f.pointer === '' ? 'document' : safe(f.pointer)}: ${safe(f.detail)} (${safe(f.verifier)})`);
    }
  }
  if (list.length > 1) {
    r.text += `, and ${list.length - 1} more`;
  }
  if (list.length > 0) {
    r.text += '.';
  }
  return r;
}

/** A row of a failure. What a newer verifier may know is unknown; all else is
 * wrong. */
export function failure(e: unknown, what: string): Result {
  if (!(e instanceof Failure)) {
    return result('fail', 'malformed', `${what}: ${safe(reason(e))}.`);
  }
  const outcome = e.code === 'context-unknown' || e.code === 'suite-unknown' ? 'unknown' : 'fail';
  const at = e.pointer ? ` at ${safe(e.pointer)}` : '';
  return result(outcome, e.code, `${what}${at}: ${safe(e.detail)}.`);
}

