// What of a credential its holder may show or keep back, as laurel disclose lists it.

import {choiceOrder} from '../verifier/constants';
import {isObject, type Doc, type Value} from '../verifier/json';
import {compare, items, objectOf} from '../verifier/text';

/** Something that may be shown or kept back. */
export interface Choice {
  /** JSON pointers (RFC 6901) to it; the first names it. */
  pointers: string[];
  /** The member it is, as "result"; of an identity with its type, "identifier.name". */
  term: string;
  /** What of it tells it from others, in the document's words. */
  text: string;
}

/** What pointers to what is always shown leave. Document and subject are taken apart,
 * an array of objects into its items; all else is one choice, also where some of it
 * is always shown. With a piece of evidence goes what relatedResource says of it,
 * with a result its description: the scale. The order is settled. */
export function choices(doc: Doc, always: string[]): Choice[] {
  return withResources(doc, choicesIn(doc, doc, '', whole(doc, '', [...always])));
}

/** Adds to pointers those to objects of which they leave nothing. */
function whole(obj: Doc, at: string, pointers: string[]): string[] {
  for (const [name, value] of Object.entries(obj)) {
    const here = `${at}/${escaped(name)}`;
    if (!isObject(value) || covered(here, pointers)) {
      continue;
    }
    whole(value, here, pointers);
    const left = Object.keys(value).some(m => m !== 'id' && m !== 'type' && !covered(`${here}/${escaped(m)}`, pointers));
    if (!left && pointers.some(p => p.startsWith(`${here}/`))) {
      pointers.push(here);
    }
  }
  return pointers;
}

/** Tells whether pointers show all of what one points to. */
function covered(pointer: string, pointers: string[]): boolean {
  return pointers.some(p => pointer === p || pointer.startsWith(`${p}/`));
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function choicesIn(doc: Doc, obj: Doc, at: string, always: string[]): Choice[] {
  const own: Choice[] = [];
  const deeper: Choice[] = [];
  for (const name of Object.keys(obj).sort(inOrder)) {
    if (['@context', 'id', 'type', 'proof'].includes(name)) {
      continue; // with whatever it is in
    }
    const value = obj[name]!;
    const pointer = `${at}/${escaped(name)}`;
    const list = Array.isArray(value) && value.some(isObject) ? value : [value];
    for (const [i, item] of list.entries()) {
      const here = itemPointer(pointer, i, list.length);
      if (covered(here, always)) {
        continue;
      }
      if (isObject(item) && name === 'credentialSubject') {
        deeper.push(...choicesIn(doc, item, here, always));
      } else {
        own.push(choice(doc, name, here, item));
      }
    }
  }
  return [...deeper, ...own];
}

/** Points to an item of an array; to one of one as a whole. */
function itemPointer(array: string, i: number, length: number): string {
  return length === 1 ? array : `${array}/${i}`;
}

function inOrder(a: string, b: string): number {
  const place = (name: string) => {
    const i = choiceOrder.indexOf(name);
    return i < 0 ? choiceOrder.length : i;
  };
  return place(a) - place(b) || compare(a, b);
}

function choice(doc: Doc, name: string, pointer: string, value: Value): Choice {
  const made = (term: string, text: string): Choice => ({pointers: [pointer], term, text});
  if (!isObject(value)) {
    return made(name, plain(value));
  }
  if (name === 'identifier' && value.identityType !== undefined) {
    return made(`${name}.${plain(value.identityType)}`, value.hashed === true ? '' : plain(value.identityHash));
  }
  if (name === 'result') {
    return result(doc, pointer, value);
  }
  return made(name, plain(value) || plain(value.name) || plain(value.targetName) || plain(value.id));
}

/** What was assessed, and how it went, with its description. */
function result(doc: Doc, pointer: string, v: Doc): Choice {
  const descriptions = items(objectOf(objectOf(doc, 'credentialSubject'), 'achievement')?.resultDescription);
  const at = descriptions.findIndex(d => isObject(d) && d.id === v.resultDescription);
  const d = at < 0 ? undefined : descriptions[at] as Doc;
  const level = items(d?.rubricCriterionLevel).filter(isObject).find(l => l.id === v.achievedLevel);
  return {
    pointers: [pointer, ...at < 0 ? [] : [itemPointer('/credentialSubject/achievement/resultDescription', at, descriptions.length)]],
    term: 'result', text: [plain(d?.name), plain(level?.name) || plain(v.value) || plain(v.status)].filter(Boolean).join(': '),
  };
}

function withResources(doc: Doc, list: Choice[]): Choice[] {
  const resources = items(doc.relatedResource);
  const evidence = items(doc.evidence);
  const given = new Set<string>();
  evidence.forEach((e, i) => {
    const at = list.find(c => c.pointers[0] === itemPointer('/evidence', i, evidence.length));
    resources.forEach((r, k) => {
      if (at && isObject(e) && isObject(r) && e.id !== undefined && r.id === e.id) {
        const pointer = itemPointer('/relatedResource', k, resources.length);
        at.pointers.push(pointer);
        given.add(pointer);
      }
    });
  });
  return list.filter(c => !given.has(c.pointers[0]!));
}

/** What is written of a value that is no object. */
function plain(value: Value | undefined): string {
  if (Array.isArray(value)) {
    return value.map(plain).join(', ');
  }
  if (isObject(value)) {
    return plain(value['@value']);
  }
  return value === undefined || value === null ? '' : String(value);
}
