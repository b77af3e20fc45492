// What the bundle of the verifier offers: the verifier, and for tests one to which
// documents are given, so that nothing is fetched.

import {parseObject} from './json';
import type {Judged, Loader, Options} from './judged';
import {stringOf} from './text';
import {codeOf, sayResult, type Check, type Verdict} from './report';
import {Verifier} from './verify';

export {Verifier};
export {isClaim} from './carrier';
export {canonicalLabels, linesOf, nameNodes, statementsOf} from './parts';
export {always, parseSDJWT, present} from './sdjwt';

export interface Case {
  bytes: Uint8Array;
  /** Documents at hand, under a URL or DID; an empty one leaves only the id that
   * the document states itself. */
  documents?: {url: string; bytes: Uint8Array}[];
  /** A log.json that came with it; an empty one: it is missing. */
  place?: Uint8Array;
  /** The moment to judge at, RFC 3339; now if absent. */
  at?: string;
}

/** A row of a report as JSON, with its sentence in the words of a language. */
interface Row {
  name: string;
  outcome: string;
  code: string;
  text: string;
  place?: string;
}

/** A report as JSON: the verdict, the code that decided it, the rows, and those
 * of what is inside. */
interface Plain {
  verdict: Verdict;
  /** The code of the row that decided: the first failure, else the first that
   * could not be made; "ok" if the verdict is valid. */
  code: string;
  format: string;
  carrier?: string;
  checks: Row[];
  parts: Plain[];
  /** The reports on each of several in one input. */
  items?: Plain[];
}

/** Judges a case; word gives the words of a language by their keys, rare what few
 * documents ask for. */
export async function judge(c: Case, word: (key: string) => string, rare: NonNullable<Options['rare']>): Promise<Plain> {
  const v = new Verifier({now: c.at ? new Date(c.at) : new Date(), load: given(c.documents ?? []), rare});
  const place = c.place && new Uint8Array(c.place);
  const came = place && (async () => place.length === 0 ? 'missing' as const : place);
  const report = plain(await v.credential(new Uint8Array(c.bytes), came), word);
  return report.code === 'input-several' ? {...report, items: (await v.all(new Uint8Array(c.bytes), came)).map(j => plain(j, word))} : report;
}

function plain({report: r, carrier, parts}: Judged, word: (key: string) => string): Plain {
  return {
    verdict: r.verdict, code: r.verdict === 'valid' ? 'ok' : codeOf(r.decisive()), format: r.format, ...(carrier ? {carrier} : {}),
    checks: r.checks.map(c => row(c, word)), parts: parts.map(p => plain(p.judged, word)),
  };
}

function row(c: Check, word: (key: string) => string): Row {
  return {name: c.name, outcome: c.outcome, code: codeOf(c), text: sayResult(c, word), ...(c.place ? {place: c.place} : {})};
}

/** A loader of documents at hand. One asked for by a name it was given under
 * wins over one that only claims the name. */
export function given(documents: {url: string; bytes: Uint8Array}[]): Loader {
  const byURL = new Map<string, Uint8Array>();
  const byID = new Map<string, Uint8Array>();
  for (const {url, bytes} of documents) {
    const data = new Uint8Array(bytes);
    if (url) {
      byURL.set(url.split('#')[0]!, data);
    }
    try {
      const id = stringOf(parseObject(data, 16 << 20), 'id');
      if (id) {
        byID.set(id, data);
      }
    } catch {
      // It has no id that could be told.
    }
  }
  return async url => {
    const data = byURL.get(url) ?? byID.get(url);
    if (!data) {
      throw new Error('not available');
    }
    return data;
  };
}
