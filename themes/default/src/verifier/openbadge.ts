// What the Open Badges Specification v3.0 says in words and its JSON Schema
// does not, for the credentials that call themselves one.

import {targetTypes, identityMembers, identityTypes} from './constants';
import {Place} from './failure';
import {Findings} from './findings';
import {has, isObject, type Doc, type Value} from './json';
import {date, eachObject} from './members';
import {hasType, objectOf, stringOf} from './text';
import {isURL} from './url';

export function openBadge(f: Findings, doc: Doc, at: Place): void {
  if (hasType(doc, 'AchievementCredential', 'OpenBadgeCredential')) {
    profile(f, doc, at);
    image(f, doc, at);
    eachObject(doc, 'evidence', at, (o, here) => {
      if (!hasType(o, 'Evidence')) {
        f.add('ob-evidence-type', here.member('type'));
      }
    });
    date(f, doc, at, 'awardedDate');
    achievementSubjects(f, doc, at);
  } else if (hasType(doc, 'EndorsementCredential')) {
    profile(f, doc, at);
    endorsementSubjects(f, doc, at);
  } else if (hasType(doc, 'ClrCredential')) {
    profile(f, doc, at);
    clrSubjects(f, doc, at);
  } else {
    eachObject(doc, 'credentialSubject', at, o => {
      if (hasType(o, 'AchievementSubject')) {
        f.add('ob-credential-type', at.member('type'));
      }
    });
  }
}

/** A member that is there and not null. */
function given(o: Doc | undefined, name: string): boolean {
  return o !== undefined && has(o, name) && o[name] !== null;
}

/** Checks the issuer; a plain URL is allowed. */
function profile(f: Findings, doc: Doc, at: Place): void {
  if (!has(doc, 'id')) {
    f.add('id-missing', at.member('id'));
  }
  const issuer = objectOf(doc, 'issuer');
  if (issuer) {
    const here = at.member('issuer');
    if (!hasType(issuer, 'Profile')) {
      f.add('ob-issuer-type', here.member('type'));
    }
    image(f, issuer, here);
  }
}

function image(f: Findings, o: Doc, at: Place): void {
  if (!has(o, 'image')) {
    return;
  }
  const v = o.image;
  if (!isObject(v) || !hasType(v, 'Image')) {
    f.add('ob-image', at.member('image'));
  }
}

function achievementSubjects(f: Findings, doc: Doc, at: Place): void {
  eachObject(doc, 'credentialSubject', at, (o, here) => {
    if (!hasType(o, 'AchievementSubject')) {
      f.add('ob-subject-type', here.member('type'));
    }
    if (!given(o, 'id') && !given(o, 'identifier')) {
      f.warn('ob-subject-unnamed', here);
    }
    eachObject(o, 'identifier', here, (identity, p) => identityObject(f, identity, p));
    const achievement = objectOf(o, 'achievement');
    if (!achievement) {
      f.add('ob-achievement', here.member('achievement'));
      return;
    }
    achievementForm(f, achievement, here.member('achievement'));
    results(f, o, achievement, here);
  });
}

function achievementForm(f: Findings, o: Doc, at: Place): void {
  if (!hasType(o, 'Achievement')) {
    f.add('ob-achievement-type', at.member('type'));
  }
  for (const name of ['id', 'name', 'description']) {
    if (!given(o, name)) {
      f.add('ob-achievement', at.member(name));
    }
  }
  const criteria = objectOf(o, 'criteria');
  if (!given(criteria, 'id') && !given(criteria, 'narrative')) {
    f.add('ob-criteria', at.member('criteria'));
  }
  image(f, o, at);
  alignments(f, o, at);
  eachObject(o, 'resultDescription', at, (d, here) => alignments(f, d, here));
}

function alignments(f: Findings, doc: Doc, at: Place): void {
  eachObject(doc, 'alignment', at, (o, here) => {
    if (!hasType(o, 'Alignment')) {
      f.add('ob-alignment', here.member('type'));
    }
    if (stringOf(o, 'targetName') === '') {
      f.add('ob-alignment', here.member('targetName'));
    }
    if (!isURL(stringOf(o, 'targetUrl'))) {
      f.add('ob-alignment', here.member('targetUrl'));
    }
    if (has(o, 'targetType') && !isTerm(o.targetType, targetTypes)) {
      f.add('ob-alignment', here.member('targetType'));
    }
  });
}

/** Tells whether v is of a vocabulary or an extension of it. */
function isTerm(v: Value | undefined, vocabulary: string[]): boolean {
  return typeof v === 'string' && (vocabulary.includes(v) || (v.startsWith('ext:') && v.length > 4));
}

/** Checks that each Result belongs to a ResultDescription of the achievement and
 * says what that asks for. */
function results(f: Findings, subject: Doc, achievement: Doc, at: Place): void {
  const descriptions = new Map<string, Doc>();
  eachObject(achievement, 'resultDescription', at, o => descriptions.set(stringOf(o, 'id'), o));
  eachObject(subject, 'result', at, (o, here) => {
    if (!hasType(o, 'Result')) {
      f.add('ob-result', here.member('type'));
    }
    alignments(f, o, here);
    if (!has(o, 'resultDescription')) {
      return;
    }
    const description = descriptions.get(stringOf(o, 'resultDescription'));
    if (!description) {
      f.add('ob-result', here.member('resultDescription'));
      return;
    }
    if (stringOf(description, 'resultType') === 'Status' && stringOf(o, 'status') === '') {
      f.add('ob-result', here.member('status'));
    }
    if (has(o, 'achievedLevel') && !hasLevel(description, o.achievedLevel!)) {
      f.add('ob-result', here.member('achievedLevel'));
    }
  });
  eachObject(achievement, 'resultDescription', at.member('achievement'), (o, here) => {
    if (has(o, 'requiredLevel') && !hasLevel(o, o.requiredLevel!)) {
      f.add('ob-result', here.member('requiredLevel'));
    }
  });
}

function hasLevel(description: Doc, id: Value): boolean {
  let found = false;
  eachObject(description, 'rubricCriterionLevel', new Place(), o => {
    found ||= (has(o, 'id') ? o.id : null) === id;
  });
  return found;
}

function identityObject(f: Findings, o: Doc, at: Place): void {
  if (!hasType(o, 'IdentityObject')) {
    f.add('ob-identity', at.member('type'));
  }
  const hashed = o.hashed === true;
  if (typeof o.hashed !== 'boolean') {
    f.add('ob-identity', at.member('hashed'));
  }
  const hash = stringOf(o, 'identityHash');
  if (hash === '' || (hashed && !/^(sha256\$[0-9a-fA-F]{64}|md5\$[0-9a-fA-F]{32})$/.test(hash))) {
    f.add('ob-identity', at.member('identityHash'));
  }
  if (!isTerm(o.identityType, identityTypes)) {
    f.add('ob-identity', at.member('identityType'));
  }
  for (const name of Object.keys(o)) {
    if (!identityMembers.includes(name)) {
      f.add('ob-identity', at.member(name));
    }
  }
}

function endorsementSubjects(f: Findings, doc: Doc, at: Place): void {
  if (!given(doc, 'name')) {
    f.add('ob-endorsement', at.member('name'));
  }
  eachObject(doc, 'credentialSubject', at, (o, here) => {
    if (!hasType(o, 'EndorsementSubject')) {
      f.add('ob-subject-type', here.member('type'));
    }
    if (!given(o, 'id')) {
      f.add('ob-endorsement', here.member('id'));
    }
  });
}

function clrSubjects(f: Findings, doc: Doc, at: Place): void {
  if (!given(doc, 'name')) {
    f.add('clr-credential', at.member('name'));
  }
  eachObject(doc, 'credentialSubject', at, (o, here) => {
    if (!hasType(o, 'ClrSubject')) {
      f.add('ob-subject-type', here.member('type'));
    }
    const held = has(o, 'verifiableCredential') ? o.verifiableCredential : undefined;
    if (held === undefined || (Array.isArray(held) && held.length === 0)) {
      f.add('clr-credential', here.member('verifiableCredential'));
    }
    eachObject(o, 'association', here, (a, p) => {
      if (typeof a.type !== 'string') {
        f.add('clr-credential', p.member('type'));
      }
    });
  });
}
