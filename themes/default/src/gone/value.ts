// The values that templates meet, and what Go's templates hold true, equal and
// printable of them.

/** A point in time, in milliseconds since 1970, UTC; the zero value, as in Go,
 * is the start of the year 1 and stands for none. */
export class Time {
  static readonly zero = -62135596800000;

  constructor(readonly ms: number = Time.zero) {}

  isZero(): boolean {
    return this.ms === Time.zero;
  }

  /** Year, month from 1, and day, in UTC. */
  day(): {y: number, m: number, d: number} {
    const date = new Date(this.ms);
    return {y: date.getUTCFullYear(), m: date.getUTCMonth() + 1, d: date.getUTCDate()};
  }
}

/** Text that is HTML already: what markdown makes. */
export class HTML {
  constructor(readonly html: string) {}
}

export type Value = string | number | boolean | null | Time | HTML | Value[] | {[field: string]: Value};

/** Go's "truth value" of a value; a struct is always true. */
export function isTrue(v: Value): boolean {
  if (v instanceof HTML) {
    return v.html !== '';
  }
  return Array.isArray(v) ? v.length > 0 : Boolean(v);
}

/** The field of a struct, or the value of a method. */
export function fieldOf(v: Value, name: string, args: Value[]): Value {
  if (v instanceof Time) {
    const method = Object.hasOwn(methods, name) ? methods[name]! : undefined;
    if (method && args.length === method.length - 1) {
      return method(v, ...args);
    }
  } else if (typeof v === 'object' && v !== null && !Array.isArray(v) && !(v instanceof HTML) && Object.hasOwn(v, name) && args.length === 0) {
    return v[name]!;
  }
  throw new Error(v === null ? `nothing to take ${name} from` : `cannot take ${name}`);
}

const methods: Record<string, (t: Time, ...args: Value[]) => Value> = {
  IsZero: t => t.isZero(),
  Year: t => t.day().y,
  Day: t => t.day().d,
  YearDay: t => {
    const {y} = t.day();
    const start = new Date(0);
    start.setUTCFullYear(y, 0, 1);
    return 1 + Math.floor((t.ms - start.getTime()) / 86400000);
  },
  Unix: t => Math.floor(t.ms / 1000),
  UTC: t => t,
  Before: (t, u) => t.ms < time(u).ms,
  After: (t, u) => t.ms > time(u).ms,
  Equal: (t, u) => t.ms === time(u).ms,
};

/** Takes a value as what a function's parameter has to be. */
export function time(v: Value | undefined): Time {
  if (v instanceof Time) {
    return v;
  }
  throw new Error('a time is needed');
}

export function text(v: Value | undefined): string {
  if (typeof v === 'string') {
    return v;
  }
  throw new Error('a text is needed');
}

export function whole(v: Value | undefined): number {
  if (typeof v === 'number') {
    return v;
  }
  throw new Error('a number is needed');
}

/** A value as fmt prints it with %v. Structs are for no reader, and an error. */
export function printedValue(v: Value): string {
  if (v instanceof HTML) {
    return v.html;
  }
  if (v instanceof Time) {
    return printedTime(v);
  }
  if (Array.isArray(v)) {
    return `[${v.map(printedValue).join(' ')}]`;
  }
  if (v === null) {
    return '<nil>';
  }
  if (typeof v === 'object') {
    throw new Error('a value of several fields is not to be printed');
  }
  return Object.is(v, -0) ? '0' : String(v);
}

function printedTime(t: Time): string {
  const {y, m, d} = t.day();
  const two = (n: number): string => String(n).padStart(2, '0');
  const clock = new Date(t.ms).toISOString().replace(/^.*T/, '').slice(0, 8);
  return `${String(y).padStart(4, '0')}-${two(m)}-${two(d)} ${clock} +0000 UTC`;
}

/** fmt.Sprint: a space between two values of which neither is a text. */
export function sprint(values: Value[]): string {
  return values.map((v, i) => (i > 0 && typeof v !== 'string' && typeof values[i - 1] !== 'string' ? ' ' : '') + printedValue(v)).join('');
}

/** Go's == for values that templates compare. */
export function equal(a: Value, b: Value): boolean {
  if (a instanceof Time && b instanceof Time) {
    return a.ms === b.ms;
  }
  if (a === null || b === null) {
    return a === b;
  }
  if (typeof a !== typeof b || typeof a === 'object') {
    throw new Error('values that cannot be compared');
  }
  return a === b;
}

/** Go's < for numbers and texts, which are compared by code point. */
export function less(a: Value, b: Value): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    return a < b;
  }
  if (typeof a === 'string' && typeof b === 'string') {
    return lessText(a, b);
  }
  throw new Error('values that cannot be ordered');
}

function lessText(a: string, b: string): boolean {
  const [x, y] = [Array.from(a), Array.from(b)];
  const at = x.findIndex((c, i) => c !== y[i]);
  return at < 0 ? x.length < y.length : at < y.length && x[at]!.codePointAt(0)! < y[at]!.codePointAt(0)!;
}
