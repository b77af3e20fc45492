// An issuer's id resolved to the document with its keys.

import {quote, safe} from './characters';
import {didMethod, jwkDocument, keyDocument, parseDocument, parseKeySet, UnsupportedKey, webURL, type IssuerDocument} from './did';
import type {Issuer, Loader} from './judged';
import {reason, result} from './report';
import {hostOf, originOf} from './text';

/** Looks for the document of an issuer named by did:web, did:key, did:jwk or an
 * https URL. */
export async function findIssuer(load: Loader, id: string): Promise<Issuer> {
  const none = (outcome: 'fail' | 'unknown', code: string, text: string): Issuer => ({problem: result(outcome, code, text)});
  const urls = [id];
  const method = didMethod(id);
  if (method === 'key') {
    const doc = keyDocument(id);
    return doc ? {doc} : none('fail', 'issuer-malformed', 'The issuer\'s did:key is malformed.');
  }
  if (method === 'jwk') {
    try {
      return {doc: jwkDocument(id)};
    } catch (e) {
      return e instanceof UnsupportedKey ? none('unknown', 'key-unsupported', 'The issuer\'s did:jwk is a key of a kind that is not known.') :
        none('fail', 'issuer-malformed', 'The issuer\'s did:jwk is malformed.');
    }
  }
  if (method === 'web') {
    const url = webURL(id);
    if (url === undefined) {
      return none('fail', 'issuer-malformed', `The issuer's did:web is malformed: ${quote(id)}.`);
    }
    urls.push(url);
  } else if (method !== '' || !id.startsWith('https://')) {
    return none('unknown', 'issuer-unsupported', `The issuer ${quote(id)} is named in a way that cannot be looked up.`);
  }
  let data: Uint8Array;
  try {
    data = await loadFirst(load, urls);
  } catch (e) {
    const known = await wellKnownKeys(load, id);
    if (known) {
      return {doc: known};
    }
    return none('unknown', 'issuer-unavailable', `The issuer's document could not be had from ${safe(hostOf(id))}: ${safe(reason(e))}.`);
  }
  let doc: IssuerDocument;
  try {
    doc = parseIssuer(data, id);
  } catch {
    return none('unknown', 'issuer-document-malformed', `What ${safe(hostOf(id))} has for the issuer's document is malformed.`);
  }
  if (doc.id !== id) {
    return none('fail', 'issuer-document-id', `The issuer's document is that of ${quote(doc.id)}.`);
  }
  return {doc};
}

/** The JWK Set of an issuer's host, which speaks for an issuer only if it names
 * it, or if the issuer is the host itself. */
async function wellKnownKeys(load: Loader, id: string): Promise<IssuerDocument | undefined> {
  const origin = originOf(id);
  if (!origin) {
    return undefined;
  }
  try {
    const {doc, iss} = parseKeySet(await load(`${origin}/.well-known/jwks.json`), id);
    return iss === id || (iss === '' && id.replace(/\/$/, '') === origin) ? doc : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a controlled identifier document, or the JWK Set that an https issuer
 * serves in its place. */
function parseIssuer(data: Uint8Array, id: string): IssuerDocument {
  if (id.startsWith('https://')) {
    try {
      const {doc, iss} = parseKeySet(data, id);
      return iss ? {...doc, id: iss} : doc;
    } catch {
      // not a JWK Set
    }
  }
  return parseDocument(data);
}

/** The document that one of the names has; the error is the last one. */
async function loadFirst(load: Loader, urls: string[]): Promise<Uint8Array> {
  let failed: unknown;
  for (const url of urls) {
    try {
      return await load(url);
    } catch (e) {
      failed = e;
    }
  }
  throw failed;
}
