// What the bundle of what few documents ask for has in the place of libraries that the
// verifier has already: the build resolves jsonld, rdf-canonize and those of Multikeys
// to it there.

import type jsonld from 'jsonld';
import type * as rdfCanonize from 'rdf-canonize';

export interface Lent {
  toRDF: typeof jsonld.toRDF;
  canonize: typeof rdfCanonize.canonize;
  /** The from of a library of Multikeys. */
  from: (method: {id?: string; publicKeyMultibase: string}) => Promise<unknown>;
}

let lent: Lent;

export function lend(libraries: Lent): void {
  lent = libraries;
}

export const canonize: Lent['canonize'] = (...args) => lent.canonize(...args);
export const from: Lent['from'] = method => lent.from(method);
const toRDF: Lent['toRDF'] = (...args) => lent.toRDF(...args);
export default {toRDF};
