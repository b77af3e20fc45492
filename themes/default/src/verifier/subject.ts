// Whom a credential is about.

import type {Judgement} from './judged';
import {result, worst, type Result} from './report';
import {describeList} from './status';
import {firstSubject, hasType, isUnnamed, items, stringOf} from './text';
import {checkBinding, typedSubject} from './typed';

/** Says whom the credential is about, as far as a verifier can. */
export async function checkSubject(j: Judgement): Promise<Result> {
  const who = await named(j);
  if (!j.o.sd) {
    return who;
  }
  const bound = await checkBinding(j);
  return bound.outcome === 'pass' && who.outcome === 'pass' ? bound : worst([who, bound]);
}

async function named(j: Judgement): Promise<Result> {
  const doc = j.doc;
  if (j.o.typed) {
    return typedSubject(doc);
  }
  if (hasType(doc, 'BitstringStatusListCredential', 'StatusList2021Credential')) {
    return describeList(doc);
  }
  if (!hasType(doc, 'AchievementCredential', 'OpenBadgeCredential', 'ClrCredential')) {
    return result('pass', 'ok.subject-other');
  }
  const subject = firstSubject(doc);
  if (stringOf(subject, 'id') === '' && items(subject?.identifier).length === 0) {
    return result('warn', 'subject-unidentified');
  }
  if (isUnnamed(subject)) {
    return result('warn', 'subject-unnamed');
  }
  return result('pass', 'ok.subject');
}
