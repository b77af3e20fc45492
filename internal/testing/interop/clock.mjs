// A fixed clock: verifiers that take no time as a parameter read this one.

/**
 * Sets what `new Date()` and `Date.now()` say, for the whole process.
 *
 * @param {string} at - An RFC 3339 date-time.
 */
export function setClock(at) {
  const time = new Date(at).getTime();
  if(Number.isNaN(time)) {
    throw new Error(`--at: ${at} is not a date-time`);
  }
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...args) {
      super(...(args.length === 0 ? [time] : args));
    }

    static now() {
      return time;
    }
  };
}
