// Gets files, with a limit to their size and nothing in the request that names
// the visitor or the page.

import {readAll} from '../verifier/bytes';

const maxMilliseconds = 10000;

/** An answer that is no success, by its HTTP status. */
export class Refused extends Error {
  constructor(readonly status: number) {
    super(`the answer was ${status}`);
  }
}

/** Fetches at most limit bytes. Throws Refused for an answer that is no success. */
export async function fetchLimited(url: URL, limit: number, own: boolean, cache: RequestCache = 'no-cache'): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(url, {
      cache, credentials: 'omit', referrerPolicy: 'no-referrer', mode: own ? 'same-origin' : 'cors',
      signal: AbortSignal.timeout(maxMilliseconds),
    });
  } catch {
    throw new Error(own ? 'this site did not answer' : 'the host did not answer, or does not let pages of others read it');
  }
  if (!response.ok) {
    throw new Refused(response.status);
  }
  return readAll(response.body?.getReader(), limit);
}
