// Learner records: what they hold.

import {isObject, type Doc} from '../verifier/json';
import {firstSubject, hasType, items} from '../verifier/text';

/** What a learner record holds. */
export function members(doc: Doc): Doc[] {
  return hasType(doc, 'ClrCredential') ? items(firstSubject(doc)?.verifiableCredential).filter(isObject) : [];
}
