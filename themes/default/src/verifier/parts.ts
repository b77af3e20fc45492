// The statements of a document, and of parts of it, by which it is known what of a
// signed document a part shows: the shared half of selective disclosure (Data
// Integrity ECDSA Cryptosuites v1.0, section 3.4). A document is not compacted for
// it, as the libraries do: that changes its form, and loses some.

import * as rdfCanonize from 'rdf-canonize';

import {canonizeQuads, quadsOf} from './canonize';
import type {Doc} from './json';
import {checkTerms} from './terms';
import {compare} from './text';
import {documentLoader} from './vocabulary';

const rdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const node = 'urn:laurel-node:';

/** Statements whose blank nodes have names that are the same in every part of a
 * document. */
type Statements = rdfCanonize.Quad[];
type Term = rdfCanonize.Quad['object'];

/** A copy of a document in which every node has an id. */
export async function nameNodes(doc: Doc): Promise<Doc> {
  const named = structuredClone({...doc});
  const unnamed: Doc[] = [];
  await checkTerms(named, found => unnamed.push(found));
  unnamed.forEach((found, i) => {
    found.id = `${node}${i}`;
  });
  return named;
}

/** What a document that nameNodes gave says, or a part of it: nodes are called by
 * their ids, a cell of a list by what has the list, a graph by the node in it. */
export async function statementsOf(named: Doc): Promise<Statements> {
  const quads = await quadsOf(structuredClone({...named}), {documentLoader});
  const names = new Map<string, string>();
  const follow = (subject: string, predicate: string) => quads.find(q => q.subject.value === subject && q.predicate.value === rdf + predicate)?.object;
  for (const {subject, predicate, object, graph} of quads) {
    // All blank nodes are cells of lists, or graphs.
    let cell = object;
    for (let i = 0; predicate.value !== `${rdf}rest` && cell.termType === 'BlankNode' && follow(cell.value, 'first'); i++) {
      setOnce(names, cell.value, `cell ${i} ${subject.value} ${predicate.value}`);
      cell = follow(cell.value, 'rest')!;
    }
    if (graph.termType === 'BlankNode' && !quads.some(q => q.graph.value === graph.value && q.object.termType !== 'Literal' && q.object.value === subject.value)) {
      names.set(graph.value, `graph ${subject.value}`);
    }
  }
  return quads.map(q => ({...q, subject: called(q.subject, names), object: called(q.object, names), graph: called(q.graph, names)}));
}

function setOnce(names: Map<string, string>, label: string, name: string): void {
  if ([...names.values()].includes(name)) {
    throw new Error('two lists of one property cannot be told apart');
  }
  names.set(label, name);
}

function called(term: Term, names: Map<string, string>): Term {
  if (term.termType === 'NamedNode' && term.value.startsWith(node)) {
    return {termType: 'BlankNode', value: term.value};
  }
  return term.termType === 'BlankNode' ? {...term, value: names.get(term.value) ?? term.value} : term;
}

/** The canonical label of each blank node. */
export async function canonicalLabels(quads: Statements): Promise<Map<string, string>> {
  const canonicalIdMap = new Map<string, string>();
  await canonizeQuads(quads, {canonicalIdMap});
  return canonicalIdMap;
}

/** Statements as sorted lines of N-Quads, each once, with other labels. */
export function linesOf(quads: Statements, labels: Map<string, string>): string[] {
  return [...new Set(relabelled(quads, labels).map(q => rdfCanonize.NQuads.serializeQuad(q)))].sort(compare);
}

function relabelled(quads: Statements, labels: Map<string, string>): Statements {
  const term = (t: Term) => t.termType === 'BlankNode' ? {...t, value: labels.get(t.value)!} : t;
  return quads.map(q => ({...q, subject: term(q.subject), object: term(q.object), graph: term(q.graph)}));
}
