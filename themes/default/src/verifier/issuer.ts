// An issuer's id resolved to the document with its keys.

import {quote, safe} from './characters';
import {didMethod, hasForeignHost, jwkDocument, keyDocument, parseDocument, parseKeySet, sameWeb, UnsupportedKey, webURL, type IssuerDocument} from './did';
import {hostOf, originOf, parseHost} from './host';
import type {Issuer, Loader} from './judged';
import {reason, result, type Result} from './report';

/** Looks for the document of an issuer named by did:web, did:key, did:jwk or an
 * https URL. */
export async function findIssuer(load: Loader, id: string): Promise<Issuer> {
  const none = (problem: Result): Issuer => ({problem});
  const malformed = none(result('fail', 'issuer-malformed.did', {issuer: quote(id)}));
  const urls = [id];
  const method = didMethod(id);
  if (method === 'key' || method === 'jwk') {
    try {
      return {doc: method === 'key' ? keyDocument(id) : jwkDocument(id)};
    } catch (e) {
      return e instanceof UnsupportedKey ? none(result('unknown', 'key-unsupported.named', {key: quote(id)})) : malformed;
    }
  }
  if (method === 'web') {
    const url = webURL(id);
    if (url === undefined) {
      return hasForeignHost(id) ? none(result('unknown', 'issuer-unsupported', {issuer: quote(id)})) : malformed;
    }
    urls.push(url);
  } else if (method !== '' || !id.startsWith('https://')) {
    return none(result('unknown', 'issuer-unsupported', {issuer: quote(id)}));
  } else if (parseHost(id)?.user !== false) {
    return malformed; // a user name before the host is there to deceive (RFC 9110, 4.2.4)
  }
  let data: Uint8Array;
  try {
    data = await loadFirst(load, urls);
  } catch (e) {
    const known = await wellKnownKeys(load, id);
    if (known) {
      return {doc: known};
    }
    return none({...result('unknown', 'issuer-unavailable', {host: safe(hostOf(id))}), detail: reason(e)});
  }
  let doc: IssuerDocument;
  try {
    doc = parseIssuer(data, id);
  } catch {
    return none(result('unknown', 'issuer-document-malformed', {host: safe(hostOf(id))}));
  }
  if (doc.id !== id) {
    if (sameWeb(doc.id, id)) {
      return none(result('unknown', 'issuer-document-id.spelling', {owner: quote(doc.id), issuer: quote(id)}));
    }
    return none(result('fail', 'issuer-document-id', {owner: quote(doc.id)}));
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
