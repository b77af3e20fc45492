// The context documents that are known, and active contexts made of them.
// Contexts come with the script; an unknown one is an error that names it,
// never a request.

import contextLibrary from 'jsonld/lib/context.js';
import ContextResolver from 'jsonld/lib/ContextResolver.js';
import JsonLdError from 'jsonld/lib/JsonLdError.js';
import bundled from 'laurel:contexts';
import later from 'laurel:rare-names';

import {maxNewScopes} from './constants';
import {Failure} from './failure';
import {rare} from './later';
import {compare} from './text';

/** A term definition as jsonld.js keeps it; null says that the term is
 * explicitly nothing. */
export interface Term {
  '@id': string;
  '@type'?: string;
  '@container'?: string[];
  '@context'?: unknown;
  reverse?: boolean;
  _prefix?: boolean;
}

interface ActiveContext {
  mappings: Map<string, Term | null>;
  '@vocab'?: string;
}

/** How many contexts one document has made so far. */
export class Work {
  made = 0;
}

/** An active context (JSON-LD 1.1, section 4.1) in which terms are looked up,
 * with those derived from it, each made once. */
export class Scope {
  private readonly derived = new Map<string, Scope>();

  private constructor(
    private readonly active: ActiveContext,
    /** What nested nodes go back to where there are type-scoped contexts. */
    private readonly outer?: Scope,
  ) {}

  static root(): Scope {
    return new Scope(contextLibrary.getInitialContext(options()));
  }

  get vocab(): string | undefined {
    return this.active['@vocab'];
  }

  /** The definition of a term: undefined if there is none, null if the term is
   * explicitly nothing. */
  term(name: string): Term | null | undefined {
    return this.active.mappings.get(name);
  }

  terms(): Iterable<[string, Term | null]> {
    return this.active.mappings.entries();
  }

  /** The scope after context URLs, in order. */
  async withContext(urls: string[], work: Work): Promise<Scope> {
    return this.derive(`context ${urls.join('\n')}`, work, () => processContext(this.active, urls, false));
  }

  /** The scope after the type-scoped contexts of types, Expansion step 11;
   * itself if there are none. */
  async withTypes(types: string[], work: Work): Promise<Scope> {
    const scoped = [...new Set(types.filter(t => hasContext(this.term(t))))].sort(compare);
    if (scoped.length === 0) {
      return this;
    }
    return this.derive(`types ${scoped.join('\n')}`, work, async () => {
      let active = this.active;
      for (const t of scoped) {
        active = await processContext(active, this.term(t)!['@context'], false);
      }
      return active;
    }, this);
  }

  /** The scope of a node object under a property, Expansion steps 7 and 8:
   * type-scoped contexts do not reach nested nodes. */
  async forNode(property: string, work: Work): Promise<Scope> {
    const reverted = this.outer ?? this;
    const d = this.term(property);
    if (!hasContext(d)) {
      return reverted;
    }
    return this.derive(`node ${property}`, work, () => processContext(reverted.active, d!['@context'], true));
  }

  /** The scope of a string under a property, or of an object with nothing but
   * an id, for which type-scoped contexts stay. Expansion step 4. */
  async forValue(property: string, work: Work): Promise<Scope> {
    const d = this.term(property);
    if (!hasContext(d)) {
      return this;
    }
    return this.derive(`value ${property}`, work, () => processContext(this.active, d!['@context'], true), this.outer);
  }

  private async derive(key: string, work: Work, make: () => Promise<ActiveContext>, outer?: Scope): Promise<Scope> {
    let found = this.derived.get(key);
    if (!found) {
      if (++work.made > maxNewScopes) {
        throw new Failure('canonicalization-budget'); // the document combines too many contexts
      }
      found = new Scope(await make(), outer);
      this.derived.set(key, found);
    }
    return found;
  }
}

function hasContext(d: Term | null | undefined): boolean {
  return d !== null && d !== undefined && d['@context'] !== undefined;
}

const documents = new Map(Object.entries(bundled));

/** Tells whether a context is known, after it has loaded those that few documents
 * have. */
export async function knownContext(url: string): Promise<boolean> {
  if (!documents.has(url) && later.includes(url)) {
    Object.entries((await rare())?.contexts ?? {}).forEach(([name, document]) => documents.set(name, document));
  }
  return documents.has(url);
}

let words: Set<string> | undefined;

/** Tells whether one of the contexts has a term of this name, in any scope; those that
 * few documents have do not count. */
export function definesTerm(name: string): boolean {
  if (!words) {
    words = new Set();
    termsIn(bundled, words);
  }
  return words.has(name);
}

function termsIn(v: unknown, found: Set<string>): void {
  if (Array.isArray(v)) {
    v.forEach(item => termsIn(item, found));
  } else if (typeof v === 'object' && v !== null) {
    for (const [name, definition] of Object.entries(v)) {
      if (!name.startsWith('@')) {
        found.add(name);
      }
      termsIn(definition, found);
    }
  }
}

/** The loader of contexts for the libraries. */
export async function documentLoader(url: string) {
  if (!await knownContext(url)) {
    throw new Failure('context-unknown');
  }
  return {contextUrl: null, documentUrl: url, document: documents.get(url)};
}

const resolved = new Map<string, unknown>();

function options() {
  return {
    processingMode: 'json-ld-1.1',
    base: null,
    documentLoader,
    contextResolver: new ContextResolver({sharedCache: resolved}),
  };
}

/** Applies a local context to an active one; property-scoped ones may redefine
 * protected terms. */
async function processContext(activeCtx: ActiveContext, localCtx: unknown, overrideProtected: boolean): Promise<ActiveContext> {
  try {
    return await contextLibrary.process({activeCtx, localCtx, options: options(), propagate: true, overrideProtected});
  } catch (e) {
    if (e instanceof Failure) {
      throw e;
    }
    const code = e instanceof JsonLdError ? (e as {details?: {code?: string}}).details?.code : '';
    if (code === 'protected term redefinition' || code === 'invalid context nullification') {
      throw new Failure('context-conflict'); // a context redefines a protected term of another
    }
    throw new Failure('expansion-failed'); // contexts cannot be applied
  }
}
