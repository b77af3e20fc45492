// Asks for what a claim link opens. The link is <name>.<key> behind the # of the
// claim page: the name says which files of the site to get, the capsule and the
// page beside it; the key is given to nobody: it is in no request, no other
// address, no message.

import {readClaimLink, type ClaimLink} from './claimlink';
import {maxCapsule, maxPage} from '../verifier/constants';
import {fetchLimited, Refused} from './fetched';

/** Why a link opened nothing: there is none; it is cut off or mistyped; this site
 * has no such file; the site did not answer; the key is another's, or the file
 * was changed, which the cipher cannot tell apart; the file is no capsule; the
 * browser lacks what opens it. */
export type Trouble = 'none' | 'malformed' | 'missing' | 'unreachable' | 'key' | 'damaged' | 'browser';

export class Unopened extends Error {
  constructor(readonly trouble: Trouble) {
    super(`open a claim link: ${trouble}`);
  }
}

/** A link whose files have been asked for. Each rejects with Unopened. */
export interface Opening {
  link: ClaimLink;
  capsule: Promise<Uint8Array>;
  page: Promise<Uint8Array>;
}

/** Reads the fragment of a claim link. */
export function parseLink(fragment: string): ClaimLink {
  const link = readClaimLink(fragment);
  if (typeof link === 'string') {
    throw new Unopened(/^#?$/.test(fragment) ? 'none' : 'malformed');
  }
  return link;
}

/** Gets a file of a link from the site. Throws Unopened. */
export async function getSealed({name}: ClaimLink, root: URL, what: 'capsule' | 'page'): Promise<Uint8Array> {
  if (!globalThis.crypto?.subtle || typeof DecompressionStream !== 'function') {
    throw new Unopened('browser');
  }
  const [file, limit] = what === 'page' ? [`${name}.page.jwe`, maxPage] : [`${name}.jwe`, maxCapsule];
  try {
    return await fetchLimited(new URL(`c/${file}`, root), limit, true, 'no-store');
  } catch (e) {
    throw new Unopened(e instanceof Refused && (e.status === 404 || e.status === 410) ? 'missing' : 'unreachable');
  }
}

/** Asks the site for both files of a link, at once. Throws Unopened. */
export async function ask(fragment: string, root: URL): Promise<Opening> {
  const link = parseLink(fragment);
  const [page, capsule] = [getSealed(link, root, 'page'), getSealed(link, root, 'capsule')];
  [page, capsule].forEach(file => file.catch(() => undefined)); // told when it is looked into
  return {link, page, capsule};
}
