// What the bundle of the verifier offers: the verifier, and for tests one to which
// documents are given, so that nothing is fetched.

import {parseObject} from './json';
import type {Judged, Loader} from './judged';
import {stringOf} from './text';
import type {Check, Verdict} from './report';
import {Verifier} from './verify';

export {Verifier};

export interface Case {
  bytes: Uint8Array;
  /** Documents at hand, under a URL or DID; an empty one leaves only the id that
   * the document states itself. */
  documents?: {url: string; bytes: Uint8Array}[];
  /** The moment to judge at, RFC 3339; now if absent. */
  at?: string;
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
  checks: Check[];
  parts: Plain[];
}

export async function judge(c: Case): Promise<Plain> {
  const v = new Verifier({now: c.at ? new Date(c.at) : new Date(), load: given(c.documents ?? [])});
  return plain(await v.credential(new Uint8Array(c.bytes)));
}

function plain(j: Judged): Plain {
  return {verdict: j.report.verdict, code: j.report.verdict === 'valid' ? 'ok' : j.report.decisive().code, format: j.report.format, ...(j.carrier ? {carrier: j.carrier} : {}), checks: j.report.checks, parts: j.parts.map(p => plain(p.judged))};
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
