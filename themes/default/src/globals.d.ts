// Modules that the build makes, and packages that come without types.

declare module 'laurel:contexts' {
  const documents: Record<string, unknown>;
  export default documents;
}

declare module 'laurel:rare' {
  const documents: Record<string, unknown>;
  export default documents;
}

declare module 'laurel:rare-names' {
  const urls: string[];
  export default urls;
}

declare module 'laurel:schemas' {
  const schemas: Record<string, import('./verifier/schema').Schema>;
  export default schemas;
}

declare module 'jsonld' {
  const jsonld: {toRDF(input: unknown, options: Record<string, unknown>): Promise<import('rdf-canonize').Quad[]>};
  export default jsonld;
}

declare module 'jsonld/lib/context.js' {
  const library: {
    getInitialContext(options: Record<string, unknown>): any;
    process(options: Record<string, unknown>): Promise<any>;
  };
  export default library;
}

declare module 'jsonld/lib/ContextResolver.js' {
  export default class ContextResolver {
    constructor(options: {sharedCache: Map<string, unknown>});
  }
}

declare module 'jsonld/lib/JsonLdError.js' {
  export default class JsonLdError extends Error {}
}

declare module 'rdf-canonize' {
  interface Term {
    termType: 'NamedNode' | 'BlankNode' | 'Literal' | 'DefaultGraph';
    value: string;
  }
  export interface Quad {
    subject: Term;
    predicate: Term;
    object: Term;
    graph: Term;
  }
  export function canonize(dataset: Quad[], options: Record<string, unknown>): Promise<string>;
  export const NQuads: {serializeQuad(quad: Quad): string};
}

declare module '@digitalbazaar/data-integrity' {
  export class DataIntegrityProof {
    constructor(options: {cryptosuite: Record<string, unknown>});
    ensureSuiteContext: (options: unknown) => void;
    verifyProof(options: Record<string, unknown>): Promise<{verified: boolean; error?: unknown}>;
  }
}

declare module '@digitalbazaar/eddsa-rdfc-2022-cryptosuite' {
  export const cryptosuite: Record<string, unknown>;
}

declare module '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite' {
  export const cryptosuite: Record<string, unknown>;
}

declare module '@digitalbazaar/ecdsa-sd-2023-cryptosuite' {
  export function createVerifyCryptosuite(): Record<string, unknown>;
}

declare module '@digitalbazaar/eddsa-jcs-2022-cryptosuite' {
  export function createVerifyCryptosuite(): Record<string, unknown>;
}

declare module '@digitalbazaar/ecdsa-jcs-2019-cryptosuite' {
  export function createVerifyCryptosuite(): Record<string, unknown>;
}
