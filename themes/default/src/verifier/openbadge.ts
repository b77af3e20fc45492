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
      f.addIf(!hasType(o, 'Evidence'), 'ob-evidence-type', here.member('type'));
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
      f.addIf(hasType(o, 'AchievementSubject'), 'ob-credential-type', at.member('type'));
    });
  }
}

/** A member that is there and not null. */
function given(o: Doc | undefined, name: string): boolean {
  return o !== undefined && has(o, name) && o[name] !== null;
}

/** Checks the issuer; a plain URL is allowed. */
function profile(f: Findings, doc: Doc, at: Place): void {
  f.addIf(!has(doc, 'id'), 'id-missing', at.member('id'));
  const issuer = objectOf(doc, 'issuer');
  if (issuer) {
    const here = at.member('issuer');
    f.addIf(!hasType(issuer, 'Profile'), 'ob-issuer-type', here.member('type'));
    image(f, issuer, here);
  }
}

function image(f: Findings, o: Doc, at: Place): void {
  if (!has(o, 'image')) {
    return;
  }
  const v = o.image;
  f.addIf(!isObject(v) || !hasType(v, 'Image'), 'ob-image', at.member('image'));
}

function achievementSubjects(f: Findings, doc: Doc, at: Place): void {
  eachObject(doc, 'credentialSubject', at, (o, here) => {
    f.addIf(!hasType(o, 'AchievementSubject'), 'ob-subject-type', here.member('type'));
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
  f.addIf(!hasType(o, 'Achievement'), 'ob-achievement-type', at.member('type'));
  for (const name of ['id', 'name', 'description']) {
    f.addIf(!given(o, name), 'ob-achievement', at.member(name));
  }
  const criteria = objectOf(o, 'criteria');
  f.addIf(!given(criteria, 'id') && !given(criteria, 'narrative'), 'ob-criteria', at.member('criteria'));
  image(f, o, at);
  alignments(f, o, at);
  eachObject(o, 'resultDescription', at, (d, here) => alignments(f, d, here));
}

function alignments(f: Findings, doc: Doc, at: Place): void {
  eachObject(doc, 'alignment', at, (o, here) => {
    f.addIf(!hasType(o, 'Alignment'), 'ob-alignment', here.member('type'));
    f.addIf(stringOf(o, 'targetName') === '', 'ob-alignment', here.member('targetName'));
    f.addIf(!isURL(stringOf(o, 'targetUrl')), 'ob-alignment', here.member('targetUrl'));
    f.addIf(has(o, 'targetType') && !isTerm(o.targetType, targetTypes), 'ob-alignment', here.member('targetType'));
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
    f.addIf(!hasType(o, 'Result'), 'ob-result', here.member('type'));
    alignments(f, o, here);
    if (!has(o, 'resultDescription')) {
      return;
    }
    const description = descriptions.get(stringOf(o, 'resultDescription'));
    if (!description) {
      f.add('ob-result', here.member('resultDescription'));
      return;
    }
    f.addIf(stringOf(description, 'resultType') === 'Status' && stringOf(o, 'status') === '', 'ob-result', here.member('status'));
    f.addIf(has(o, 'achievedLevel') && !hasLevel(description, o.achievedLevel!), 'ob-result', here.member('achievedLevel'));
  });
  eachObject(achievement, 'resultDescription', at.member('achievement'), (o, here) => {
    f.addIf(has(o, 'requiredLevel') && !hasLevel(o, o.requiredLevel!), 'ob-result', here.member('requiredLevel'));
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
  f.addIf(!hasType(o, 'IdentityObject'), 'ob-identity', at.member('type'));
  const hashed = o.hashed === true;
  f.addIf(typeof o.hashed !== 'boolean', 'ob-identity', at.member('hashed'));
  const hash = stringOf(o, 'identityHash');
  f.addIf(hash === '' || (hashed && !/^(sha256\$[0-9a-fA-F]{64}|md5\$[0-9a-fA-F]{32})$/.test(hash)), 'ob-identity', at.member('identityHash'));
  f.addIf(!isTerm(o.identityType, identityTypes), 'ob-identity', at.member('identityType'));
  for (const name of Object.keys(o)) {
    f.addIf(!identityMembers.includes(name), 'ob-identity', at.member(name));
  }
}

function endorsementSubjects(f: Findings, doc: Doc, at: Place): void {
  f.addIf(!given(doc, 'name'), 'ob-endorsement', at.member('name'));
  eachObject(doc, 'credentialSubject', at, (o, here) => {
    f.addIf(!hasType(o, 'EndorsementSubject'), 'ob-subject-type', here.member('type'));
    f.addIf(!given(o, 'id'), 'ob-endorsement', here.member('id'));
  });
}

function clrSubjects(f: Findings, doc: Doc, at: Place): void {
  f.addIf(!given(doc, 'name'), 'clr-credential', at.member('name'));
  eachObject(doc, 'credentialSubject', at, (o, here) => {
    f.addIf(!hasType(o, 'ClrSubject'), 'ob-subject-type', here.member('type'));
    const held = has(o, 'verifiableCredential') ? o.verifiableCredential : undefined;
    f.addIf(held === undefined || (Array.isArray(held) && held.length === 0), 'clr-credential', here.member('verifiableCredential'));
    eachObject(o, 'association', here, (a, p) => {
      f.addIf(typeof a.type !== 'string', 'clr-credential', p.member('type'));
    });
  });
}
