// Canonical N-Quads by jsonld.js and rdf-canonize, with a limit on the work:
// some small graphs take for ever (RDF Dataset Canonicalization, "Dataset
// Poisoning").

import jsonld from 'jsonld';
import * as rdfCanonize from 'rdf-canonize';

const maxMilliseconds = 2000;

export async function canonize(input: unknown, options: Record<string, unknown>): Promise<string> {
  return canonizeQuads(await quadsOf(input, options), options.messageDigestAlgorithm ? {messageDigestAlgorithm: options.messageDigestAlgorithm} : {});
}

/** The statements of a document. */
export function quadsOf(input: unknown, options: Record<string, unknown>): Promise<rdfCanonize.Quad[]> {
  return jsonld.toRDF(input, {...options, safe: true, base: null, rdfDirection: 'i18n-datatype', produceGeneralizedRdf: false});
}

export function canonizeQuads(quads: rdfCanonize.Quad[], options: Record<string, unknown>): Promise<string> {
  return rdfCanonize.canonize(quads, {
    algorithm: 'RDFC-1.0', format: 'application/n-quads', maxWorkFactor: 2, signal: AbortSignal.timeout(maxMilliseconds), ...options,
  });
}
