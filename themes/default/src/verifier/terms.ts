// Safe mode: goes through every node of a document and refuses what a signature
// would not cover as it is shown. The libraries' own safe mode finds terms that
// no context defines; an injected @vocab, inline contexts, IRIs in the place of
// terms, or a second description of the credential it takes.

import canonicalize from 'canonicalize';

import {Failure, Place} from './failure';
import {has, isObject, type Doc, type Value} from './json';
import {names} from './text';
import {isIRI, isLanguage} from './url';
import {knownContext, Scope, Work, type Term} from './vocabulary';

// Types whose nodes may be described in one place of a document only.
const typeCredential = 'https://www.w3.org/2018/credentials#VerifiableCredential';
const typePresentation = 'https://www.w3.org/2018/credentials#VerifiablePresentation';

/** The one context that proofs of a type may bring themselves; they are then signed
 * under it alone. That of JsonWebSignature2020 has no term for the type of a proof. */
const suiteContexts = new Map<Value, string>([
  ['Ed25519Signature2018', 'https://w3id.org/security/suites/ed25519-2018/v1'],
  ['Ed25519Signature2020', 'https://w3id.org/security/suites/ed25519-2020/v1'],
]);

/** Tells whether a node is a proof with the context of its suite. */
export function bringsSuiteContext(proof: Doc): boolean {
  const url = suiteContexts.get(proof.type ?? '');
  return url !== undefined && has(proof, '@context') && sameContext(proof['@context']!, url);
}

const roots = {scope: undefined as Scope | undefined, used: 0};

/** The empty scope with what was derived from it; begun anew now and then, as
 * documents can combine contexts without end. */
function rootScope(): Scope {
  if (!roots.scope || ++roots.used > 64) {
    roots.scope = Scope.root();
    roots.used = 0;
  }
  return roots.scope;
}

/** Runs safe mode over a document with its proofs. It throws a Failure for the
 * first thing, in the order of sorted names. Nodes without an id are told. */
export async function checkTerms(doc: Doc, unnamed: (node: Doc) => void = () => undefined): Promise<void> {
  const w = new Walk(unnamed);
  const at = new Place();
  if (!has(doc, '@context')) {
    throw at.failure('context-missing'); // the document has no @context
  }
  const s = await w.ownContext(doc['@context']!, rootScope(), at.member('@context'));
  await w.node(doc, s, doc['@context']!, at);
  if (w.statements === 0) {
    throw at.failure('value-lost'); // the document says nothing but its id
  }
}

interface Property {
  name: string;
  term: Term;
  scope: Scope;
  context: Value; // @context of the document it is in
}

class Walk {
  statements = 0;
  private readonly work = new Work();
  private graph = 0;
  private graphs = 0;
  private readonly secured = new Map<string, {obj: Doc; scope: Scope}>();

  constructor(private readonly unnamed: (node: Doc) => void) {}

  /** Applies an @context member, which must be the URL of a known context or an
   * array of such. */
  async ownContext(value: Value, s: Scope, at: Place): Promise<Scope> {
    const list = Array.isArray(value) ? value : [value];
    if (list.length === 0) {
      throw at.failure('context-missing'); // @context is empty
    }
    const urls: string[] = [];
    for (const [i, url] of list.entries()) {
      if (typeof url !== 'string') {
        throw at.item(i).failure('context-inline'); // contexts must be given by URL
      }
      if (!await knownContext(url)) {
        throw at.item(i).failure('context-unknown');
      }
      urls.push(url);
    }
    if (new Set(urls).size < urls.length) {
      throw at.failure('expansion-failed'); // contexts cannot be applied
    }
    return located(at, s.withContext(urls, this.work));
  }

  /** Checks a node object in a scope to which its own @context was applied
   * already. */
  async node(obj: Doc, s: Scope, context: Value, at: Place): Promise<void> {
    const {types, iris} = this.types(obj, s, at);
    const inner = await located(at, s.withTypes(types, this.work));
    let id = '';
    let typed = false;
    for (const key of names(obj)) {
      if (key === '@context') {
        continue;
      }
      const here = at.member(key);
      const d = term(key, inner, here);
      if (d['@id'] === '@id' && id === '') {
        id = checkId(obj[key]!, inner, here);
      } else if (d['@id'] === '@type' && !typed) {
        typed = true;
        this.statements += iris.length;
      } else if (d['@id'].startsWith('@')) {
        throw here.failure('keyword-forbidden');
      } else {
        await this.property(obj[key]!, {name: key, term: d, scope: inner, context}, here);
      }
    }
    this.describe(id, iris, obj, s, at);
    if (id === '') {
      this.unnamed(obj);
    }
  }

  /** Refuses a second description of a credential or presentation. RDF has no
   * tree: members of one node may be moved between all places that have its id
   * without any change of the signed statements. The same description again, word for
   * word, can have lost nothing: an endorsement of an issuer stands in every
   * credential of a learner record. */
  private describe(id: string, iris: string[], obj: Doc, scope: Scope, at: Place): void {
    if (id === '' || !iris.some(t => t === typeCredential || t === typePresentation)) {
      return;
    }
    const node = `${this.graph} ${id}`;
    const before = this.secured.get(node);
    if (before && (before.scope !== scope || canonicalize(before.obj) !== canonicalize(obj))) {
      throw at.failure('node-repeated'); // the credential with this id is described in another place too
    }
    this.secured.set(node, {obj, scope});
  }

  /** The types of a node as written, and the IRIs they stand for. */
  private types(obj: Doc, s: Scope, at: Place): {types: string[]; iris: string[]} {
    let types: string[] = [];
    let iris: string[] = [];
    for (const key of Object.keys(obj)) {
      if (s.term(key)?.['@id'] !== '@type') {
        continue;
      }
      const here = at.member(key);
      const value = obj[key]!;
      const list = Array.isArray(value) ? value : [value];
      types = [];
      iris = [];
      list.forEach((name, i) => {
        if (typeof name !== 'string') {
          throw here.item(i).failure('type-undefined'); // a type is not a string
        }
        types.push(name);
        iris.push(typeIRI(name, s, here.item(i)));
      });
    }
    return {types, iris};
  }

  private async property(value: Value, p: Property, at: Place): Promise<void> {
    for (const c of p.term['@container'] ?? []) {
      if (c !== '@set' && (p.term.reverse || c !== '@list' && c !== '@graph')) {
        throw at.failure('value-lost');
      }
    }
    if (p.term['@type'] === '@json' && value !== null) {
      this.statements++;
      return;
    }
    if (!Array.isArray(value)) {
      return this.item(value, p, at);
    }
    for (const [i, item] of value.entries()) {
      if (Array.isArray(item)) {
        throw at.item(i).failure('value-lost'); // an array inside an array
      }
      await this.item(item, p, at.item(i));
    }
    if (isIn(p, '@list')) {
      this.statements += 1 + value.length;
    }
  }

  private async item(value: Value, p: Property, at: Place): Promise<void> {
    this.statements++;
    if (p.term.reverse && (!isObject(value) || has(value, '@value'))) {
      throw at.failure('value-lost'); // a value where an object must be: the term says something of it
    }
    if (value === null) {
      throw at.failure('value-lost'); // null says nothing and cannot be signed
    }
    if (isObject(value)) {
      return has(value, '@value') ? this.valueObject(value, p, at) : this.nested(value, p, at);
    }
    if (typeof value === 'string') {
      return this.text(value, p, at);
    }
    if (isIn(p, '@graph') || p.term['@type'] === '@id' || p.term['@type'] === '@vocab') {
      throw at.failure('iri-relative'); // neither an IRI nor an object
    }
    checkKept(value, at);
  }

  /** Checks a string, which the term may make an IRI. */
  private async text(value: string, p: Property, at: Place): Promise<void> {
    if (isIn(p, '@graph')) {
      throw at.failure('value-lost'); // a string where an object must be; it would not be signed
    }
    const s = await located(at, p.scope.forValue(p.name, this.work));
    if (s !== p.scope && s.term(p.name)?.['@type'] !== p.term['@type']) {
      throw at.failure('value-lost'); // a string where an object must be
    }
    if (p.term['@type'] === '@id') {
      checkId(value, s, at);
    } else if (p.term['@type'] === '@vocab' && vocabIRI(value, s) === undefined) {
      throw at.failure('iri-relative'); // neither a term nor an absolute IRI
    }
  }

  /** Checks a string with language, or a typed literal written out. RDF 1.1 has
   * no place for @direction, so it would not be signed. */
  private valueObject(obj: Doc, p: Property, at: Place): void {
    const t = p.term['@type'];
    if ((t && t !== '@none') || isIn(p, '@graph')) {
      throw at.failure('keyword-forbidden'); // a value object where a plain value or an object must be
    }
    for (const key of names(obj)) {
      const value = obj[key]!;
      const here = at.member(key);
      switch (key) {
        case '@value':
          if (value === null || typeof value === 'object') {
            throw here.failure('value-lost'); // not a string, number or boolean
          }
          checkKept(value, here);
          break;
        case '@language':
          if (typeof value !== 'string' || typeof obj['@value'] !== 'string' || !isLanguage(value)) {
            throw here.failure('value-lost'); // not a language tag, or not on a string
          }
          break;
        case '@type':
          if (has(obj, '@language')) {
            throw here.failure('value-lost'); // both a type and a language
          }
          if (typeof value !== 'string' || vocabIRI(value, p.scope) === undefined) {
            throw here.failure('type-undefined'); // no context defines this datatype
          }
          break;
        case '@direction':
          throw here.failure('direction-unsigned'); // RDF has no place for it
        default:
          throw here.failure('keyword-forbidden');
      }
    }
  }

  /** Checks a node object below a property. */
  private async nested(obj: Doc, p: Property, at: Place): Promise<void> {
    for (const key of names(obj)) {
      if (key.startsWith('@') && key !== '@context') {
        throw at.member(key).failure('keyword-forbidden');
      }
    }
    let s = await located(at, this.nestedScope(obj, p));
    let context = p.context;
    if (has(obj, '@context')) {
      const own = obj['@context']!;
      const here = at.member('@context');
      if (p.name === 'proof' && sameContext(own, context)) {
        // Some signers repeat it; it is in force already.
      } else if (p.name === 'proof' && bringsSuiteContext(obj)) {
        s = await this.ownContext(own, rootScope(), here);
      } else if (embedsCredentials(p.name)) {
        context = own;
        s = await this.ownContext(own, s, here);
      } else {
        throw here.failure('context-inline'); // a nested @context
      }
    }
    if (!isIn(p, '@graph')) {
      return this.node(obj, s, context, at);
    }
    const outer = this.graph;
    this.graph = ++this.graphs;
    const before = this.statements;
    await this.node(obj, s, context, at);
    this.graph = outer;
    if (this.statements === before) {
      throw at.failure('value-lost'); // an object with nothing but an id; it would not be signed
    }
  }

  private nestedScope(obj: Doc, p: Property): Promise<Scope> {
    const keys = Object.keys(obj);
    if (keys.length === 1 && p.scope.term(keys[0]!)?.['@id'] === '@id') {
      return p.scope.forValue(p.name, this.work);
    }
    return p.scope.forNode(p.name, this.work);
  }
}

/** Adds a place to a failure that has none. */
async function located<T>(at: Place, made: Promise<T>): Promise<T> {
  try {
    return await made;
  } catch (e) {
    throw e instanceof Failure && e.pointer === '' ? at.failure(e.reason) : e;
  }
}

function isIn(p: Property, container: string): boolean {
  return p.term['@container']?.includes(container) ?? false;
}

/** Properties whose values are credentials of their own, which may bring their
 * own @context: OB 3.0 endorsement, CLR 2.0 and VCDM 2.0 verifiableCredential. */
function embedsCredentials(name: string): boolean {
  return name === 'endorsement' || name === 'verifiableCredential';
}

/** Looks up the name of a member. An IRI as a name is refused even where
 * JSON-LD allows it: a member could be hidden from whoever looks for the term,
 * with the signature still right. */
function term(name: string, s: Scope, at: Place): Term {
  if (name.startsWith('@')) {
    throw at.failure('keyword-forbidden');
  }
  let d = s.term(name);
  if (d === undefined && s.vocab !== undefined && name !== '' && !name.includes(':')) {
    d = {'@id': s.vocab + name};
  }
  if (!d || typeof d['@id'] !== 'string') {
    throw at.failure('term-undefined');
  }
  if (!d['@id'].startsWith('@') && !isIRI(d['@id'])) {
    throw at.failure('term-undefined');
  }
  return d;
}

function typeIRI(name: string, s: Scope, at: Place): string {
  const iri = vocabIRI(name, s);
  if (iri === undefined) {
    throw at.failure('type-undefined');
  }
  if (iri === name) {
    for (const [t, d] of s.terms()) {
      if (d?.['@id'] === iri && t !== name) {
        throw at.failure('type-undefined'); // a type is written as an IRI although the contexts have a term for it
      }
    }
  }
  return iri;
}

/** IRI expansion of a type or @vocab value, a term or an absolute IRI. */
function vocabIRI(name: string, s: Scope): string | undefined {
  const d = s.term(name);
  if (d === null || name === '' || name.startsWith('@')) {
    return undefined;
  }
  if (d) {
    return isIRI(d['@id']) ? d['@id'] : undefined;
  }
  if (name.includes(':')) {
    return isAbsolute(name, s) ? name : undefined;
  }
  const iri = (s.vocab ?? '') + name;
  return s.vocab !== undefined && isIRI(iri) ? iri : undefined;
}

/** Tells whether an IRI is absolute, and not a compact one that would be signed
 * as something else than it shows. */
function isAbsolute(iri: string, s: Scope): boolean {
  if (!isIRI(iri)) {
    return false;
  }
  const colon = iri.indexOf(':');
  if (iri.startsWith('//', colon + 1)) {
    return true;
  }
  const d = s.term(iri.slice(0, colon));
  return d === undefined || (d !== null && !d._prefix);
}

function checkId(value: Value, s: Scope, at: Place): string {
  if (typeof value !== 'string') {
    throw at.failure('iri-relative'); // an id is not a string
  }
  if (/^_:[A-Za-z0-9_-]+$/.test(value) || isAbsolute(value, s)) {
    return value;
  }
  throw at.failure('iri-relative'); // an id is not an absolute IRI
}

export function sameContext(a: Value, b: Value): boolean {
  const x = Array.isArray(a) ? a : [a];
  const y = Array.isArray(b) ? b : [b];
  return x.length === y.length && x.every((v, i) => typeof v === 'string' && v === y[i]);
}

/** Refuses a number of which JSON-LD writes fewer digits than it has: the last
 * one could be changed without breaking the signature. */
function checkKept(value: Value, at: Place): void {
  if (typeof value === 'number' && Number(value.toExponential(15)) !== value) {
    throw at.failure('value-lost'); // a number with more digits than are signed
  }
}
