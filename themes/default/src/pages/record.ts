// Learner records: what they hold, and how it belongs together.

import {isObject, type Doc} from '../verifier/json';
import {firstSubject, hasType, items, objectOf, stringOf, textOf} from '../verifier/text';

/** What a learner record holds. */
export function members(doc: Doc): Doc[] {
  return hasType(doc, 'ClrCredential') ? items(firstSubject(doc)?.verifiableCredential).filter(isObject) : [];
}

/** An achievement in a record's tree. */
export interface Branch {
  name: string;
  /** Which of the members are of it. */
  at: number[];
  parts: Branch[];
}

const most = 200;

/** The tree of a record's members by what is part of what, as
 * internal/publishing/site draws it; of another document they stand side by side. It
 * is anybody's document: what closes a cycle does not count. */
export function branches(doc: Doc, list: (Doc | undefined)[]): Branch[] {
  const subject = firstSubject(doc);
  const record = hasType(doc, 'ClrCredential');
  const all = new Map<string, Branch>();
  const branch = (id: string, name: string) => {
    const found = all.get(id) ?? {name, at: [], parts: []};
    all.set(id, found);
    return found;
  };
  for (const a of record ? items(subject?.achievement).filter(isObject).slice(0, most) : []) {
    branch(stringOf(a, 'id'), textOf(a.name));
  }
  list.forEach((m, i) => {
    const a = objectOf(m && firstSubject(m), 'achievement');
    branch(record && stringOf(a, 'id') || `#${i}`, textOf(a?.name)).at.push(i);
  });
  const above = new Map<string, string>();
  const under = (id: string | undefined, child: string): boolean => id !== undefined && (id === child || under(above.get(id), child));
  for (const a of record ? items(subject?.association).filter(isObject).slice(0, most) : []) {
    const type = stringOf(a, 'associationType');
    const ends: [string, string] = [stringOf(a, 'sourceId'), stringOf(a, 'targetId')];
    const [child, parent] = type === 'isParentOf' ? ends.toReversed() as [string, string] : ends;
    if (['isChildOf', 'isPartOf', 'isParentOf'].includes(type) && all.has(child) && all.has(parent) && !above.has(child) && !under(parent, child)) {
      above.set(child, parent);
    }
  }
  for (const [child, parent] of above) {
    all.get(parent)!.parts.push(all.get(child)!);
  }
  const held = (b: Branch): boolean => b.at.length > 0 || b.parts.some(held);
  const prune = (b: Branch): Branch => ({...b, parts: b.parts.filter(held).map(prune)});
  return [...all].filter(([id, b]) => !above.has(id) && held(b)).map(([, b]) => prune(b));
}
