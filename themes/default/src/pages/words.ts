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

/** By whose rules the numbers of a table are written: the page's language, if its words
 * are in that; always with the digits that credentials have. As localeOf in Go. */
function locale(from: Record<string, string>): string {
  const {lang} = document.documentElement;
  const own = from.language ?? 'en';
  return `${lang.toLowerCase().split('-')[0] === own ? lang : own}-u-nu-latn`;
}

/** A number with its digits in groups. */
export function number(n: number, from = table): string {
  return new Intl.NumberFormat(locale(from), {maximumFractionDigits: 15, useGrouping: 'always' as unknown as boolean}).format(n);
}

/** The word for a key, with {name} replaced by values; from is another table than the
 * page's. Of a word that counts, the form is that for the number n. */
export function t(key: string, values: Record<string, string | number> = {}, from = table): string {
  const text = from[key] ?? (typeof values.n === 'number' ? from[`${key}#${new Intl.PluralRules(locale(from)).select(values.n)}`] : undefined) ?? from[`${key}#other`] ?? key;
  return text.replace(/\{([^{}]*)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name]! : whole;
    return typeof value === 'number' ? number(value, from) : value;
  });
}

/** A day as the theme writes it in the page's language, in UTC; what is no time
 * stays as it is. */
export function day(time: string | Date, from = table): string {
  const d = new Date(time);
  if (Number.isNaN(d.getTime())) {
    return String(time);
  }
  const n = d.getUTCDate() === 1 && t('date.first', {}, from) || String(d.getUTCDate());
  return t('date', {d: n, month: t(`month.${d.getUTCMonth() + 1}`, {}, from), y: String(d.getUTCFullYear())}, from);
}

/** A moment on the reader's clock: the day as the theme writes it, and the time. */
export function moment(ms: number): string {
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return t('result.more', {value: day(local), more: local.toISOString().slice(11, 16)});
}

/** When a moment is, in milliseconds; undefined of what is none. */
export function timeOf(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
