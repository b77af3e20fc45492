// The words of the page, in its language, from where a script has them.

const table: Record<string, string> = {};

/** Adds words, with something before each key. */
export function addWords(words: Record<string, string>, prefix = ''): void {
  for (const [key, text] of Object.entries(words)) {
    table[prefix + key] = text;
  }
}

/** Adds the words of verdicts, if the script that has them was loaded. */
export function addVerdicts(): boolean {
  const {laurelVerdicts: words} = globalThis as {laurelVerdicts?: Record<string, string>};
  addWords(words ?? {});
  return words !== undefined;
}

/** The word for a key, with {name} replaced by values; from is another table than the
 * page's. */
export function t(key: string, values: Record<string, string | number> = {}, from = table): string {
  return (from[key] ?? key).replace(/\{([^{}]*)\}/g, (whole, name: string) => Object.hasOwn(values, name) ? String(values[name]) : whole);
}

/** A day as the theme writes it in the page's language, in UTC; what is no time
 * stays as it is. */
export function day(time: string | Date, from = table): string {
  const d = new Date(time);
  if (Number.isNaN(d.getTime())) {
    return String(time);
  }
  const n = d.getUTCDate() === 1 && t('date.first', {}, from) || String(d.getUTCDate());
  return t('date', {d: n, month: t(`month.${d.getUTCMonth() + 1}`, {}, from), y: d.getUTCFullYear()}, from);
}

/** A moment on the reader's clock: the day as the theme writes it, and the time. */
export function moment(ms: number): string {
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return `${day(local)}, ${local.toISOString().slice(11, 16)}`;
}
