// Canonical N-Quads by jsonld.js and rdf-canonize, with a limit on the work:
// some small graphs take for ever (RDF Dataset Canonicalization, "Dataset
// Poisoning").

import jsonld from 'jsonld';
import * as rdfCanonize from 'rdf-canonize';

const maxMilliseconds = 2000;

export async function canonize(input: unknown, options: Record<string, unknown>): Promise<string> {
  const dataset = await jsonld.toRDF(input, {...options, safe: true, base: null, rdfDirection: 'i18n-datatype', produceGeneralizedRdf: false});
  return rdfCanonize.canonize(dataset, {
    algorithm: 'RDFC-1.0', format: 'application/n-quads', maxWorkFactor: 2, signal: AbortSignal.timeout(maxMilliseconds),
    ...(options.messageDigestAlgorithm ? {messageDigestAlgorithm: options.messageDigestAlgorithm} : {}),
  });
}
