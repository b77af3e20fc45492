// The verdict about a credential, with one row for each check. Names, outcomes
// and codes are those of the command line.

export type Verdict = 'valid' | 'invalid' | 'undetermined';

/** skipped: there was nothing to check, or another check decided already;
 * unknown: something could not be looked at. */
export type Outcome = 'pass' | 'fail' | 'warn' | 'skipped' | 'unknown';

export const checkNames = [
  'structure', 'contexts', 'schema', 'proof', 'issuer-key', 'dates', 'status', 'subject', 'endorsements', 'issuer-trust',
] as const;

export type CheckName = typeof checkNames[number];

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

  /** A credential is valid only if the checks that carry it were made and
   * passed, whatever the other rows say. */
  conclude(): void {
    const carrying: CheckName[] = ['structure', 'contexts', 'proof', 'issuer-key', 'dates'];
    this.verdict = carrying.every(name => this.passed(name)) ? 'valid' : 'undetermined';
    if (this.checks.some(c => c.outcome === 'fail')) {
      this.verdict = 'invalid';
    } else if (this.checks.some(c => c.outcome === 'unknown')) {
      this.verdict = 'undetermined';
    }
  }
}
