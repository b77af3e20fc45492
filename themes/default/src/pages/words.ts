// The words of the page, in the site's language: from the block of data that
// the template writes, or from where a script has them.

const table: Record<string, string> = {};

/** Adds the words of a block of data, with something before each key. */
export function loadWords(json: string, prefix = ''): void {
  addWords(JSON.parse(json) as Record<string, string>, prefix);
}

/** Adds words, with something before each key. */
export function addWords(words: Record<string, string>, prefix = ''): void {
  for (const [key, text] of Object.entries(words)) {
    table[prefix + key] = text;
  }
}

/** The word for a key, with {name} replaced by values. */
export function t(key: string, values: Record<string, string | number> = {}): string {
  let text = table[key] ?? key;
  for (const [name, value] of Object.entries(values)) {
    text = text.replaceAll(`{${name}}`, String(value));
  }
  return text;
}

/** A day as people of the language write it. */
export function day(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) {
    return iso;
  }
  try {
    return new Intl.DateTimeFormat(document.documentElement.lang || 'en', {dateStyle: 'long', timeZone: 'UTC'}).format(date);
  } catch {
    return iso.slice(0, 10);
  }
}

/** A moment as people of the language write it. */
export function moment(ms: number): string {
  try {
    return new Intl.DateTimeFormat(document.documentElement.lang || 'en', {dateStyle: 'long', timeStyle: 'short'}).format(new Date(ms));
  } catch {
    return new Date(ms).toISOString();
  }
}
