// Credentials inside of a credential: those of a learner record, and endorsements.

import canonicalize from 'canonicalize';

import {quote, safe} from './characters';
import {maxEndorsements, maxContained, maxNesting} from './constants';
import {isCompact, openCompact, openObject, type Opened} from './forms';
import {copy, has, isObject, type Value} from './json';
import {type Judged, type Judgement} from './judged';
import {codeOf, ofForm, result, worst, type Result} from './report';
import {firstSubject, hasType, idOf, isMadeUp, items, names, stringOf} from './text';

/** Verifies every credential inside of this one by itself: those of a learner
 * record, and endorsements. */
export async function embedded(j: Judgement): Promise<{contained: Result; endorsements: Result}> {
  const found: Found = {verifiableCredential: [], endorsement: [], endorsementJwt: []};
  if (!j.o.typed || firstSubject(j.doc)) { // else its names mean what its type says
    collect(j.doc, true, found);
  }
  const inside = await embeddedAll(j, found.verifiableCredential, contained);
  return {
    contained: hasType(j.doc, 'ClrCredential') ? worst([inside, ofOneSubject(j)]) : inside,
    endorsements: await embeddedAll(j, [...found.endorsement, ...found.endorsementJwt], endorsement),
  };
}

/** Warns where a learner record holds a credential of somebody else. Ids that
 * were made up for one credential each, and others' names, tell nothing. */
function ofOneSubject(j: Judgement): Result {
  const own = stringOf(firstSubject(j.doc), 'id');
  for (const {what, judged: {doc}} of j.parts) {
    const id = what === 'contained' && doc ? stringOf(firstSubject(doc), 'id') : '';
    if (own !== '' && id !== '' && id !== own && !isMadeUp(own) && !isMadeUp(id)) {
      return result('warn', 'embedded-subject', {id: quote(safe(id))});
    }
  }
  return result('pass', 'ok');
}

/** What credentials are inside of another for. */
interface Kind {
  most: number;
  none: 'none.contained' | 'none.endorsement';
  all: 'ok.contained' | 'ok.endorsements' | 'ok.presented';
  tooMany: 'embedded-too-many' | 'embedded-too-many.endorsement';
}

const contained: Kind = {most: maxContained, none: 'none.contained', all: 'ok.contained', tooMany: 'embedded-too-many'};
const endorsement: Kind = {most: maxEndorsements, none: 'none.endorsement', all: 'ok.endorsements', tooMany: 'embedded-too-many.endorsement'};
export const presented: Kind = {...contained, all: 'ok.presented'};

/** Judges what is inside of a document, each by itself, and makes one row of it. */
export async function embeddedAll(j: Judgement, list: Value[], kind: Kind): Promise<Result> {
  if (list.length === 0) {
    return result('skipped', kind.none);
  }
  const tooMany = countEmbedded(j, kind, kind === endorsement ? unseen(j, list) : list.length);
  if (tooMany) {
    return tooMany;
  }
  const found = [result('pass', kind.all, {count: list.length})];
  for (const v of list) {
    const judged = await (kind === endorsement ? endorsed(j, v) : inside(j, v));
    if (!judged) {
      found.push(result('fail', 'embedded-malformed'));
      continue;
    }
    if (kind !== endorsement || !j.parts.some(p => p.judged === judged)) { // each is shown once
      j.parts.push({what: kind === endorsement ? 'endorsement' : 'contained', judged});
    }
    found.push(embeddedResult(judged, kind));
  }
  return worst(found);
}

/** Judges an endorsement. The same one may stand in many places, as that of an issuer
 * does in every credential of a learner record. */
async function endorsed(j: Judgement, v: Value): Promise<Judged | undefined> {
  const key = sameness(j, v);
  if (!j.work.endorsed.has(key)) {
    j.work.endorsed.set(key, await inside(j, v));
  }
  return j.work.endorsed.get(key);
}

/** A text that is equal for what would be judged alike. */
function sameness(j: Judgement, v: Value): string {
  const context = isObject(v) && !(has(v, '@context') && v['@context'] !== null) ? j.doc['@context']! : null;
  return canonicalize([j.depth, context, v]) ?? '';
}

/** Counts those of some endorsements that have not been judged yet, each once. */
function unseen(j: Judgement, list: Value[]): number {
  return new Set(list.map(v => sameness(j, v)).filter(key => !j.work.endorsed.has(key))).size;
}

/** Judges an object or JWT inside of this document; undefined for what is
 * neither. */
async function inside(j: Judgement, v: Value): Promise<Judged | undefined> {
  let o: Opened;
  if (typeof v === 'string') {
    if (!isCompact(v)) {
      return undefined;
    }
    o = await openCompact(v);
  } else if (isObject(v)) {
    // Without a context it was written under those of the document around it.
    o = await openObject(has(v, '@context') && v['@context'] !== null ? v :
      copy(v, {'@context': j.doc['@context']!}));
  } else {
    return undefined;
  }
  return j.by.judge(o, j.work, j.depth + 1);
}

function countEmbedded(j: Judgement, kind: Kind, n: number): Result | undefined {
  const count = (j.work.embedded.get(kind.all) ?? 0) + n;
  j.work.embedded.set(kind.all, count);
  if (count > kind.most) {
    return result('unknown', kind.tooMany, {count, most: kind.most});
  }
  return j.depth === maxNesting ? result('unknown', 'embedded-too-deep', {most: maxNesting}) : undefined;
}

/** The row for one embedded credential. One that is genuine and merely no
 * longer in force is a warning: time passes for an endorsement without the
 * credential around it becoming a lie. What is presented must be in force. */
function embeddedResult(j: Judged, kind: Kind): Result {
  const {report: r, doc} = j;
  if (r.verdict === 'valid') {
    return result('pass', 'ok');
  }
  const lapsed = kind !== presented && r.passed('proof') && r.passed('issuer-key') && !r.checks.some(c =>
    c.outcome === 'fail' && !['expired', 'not-yet-valid', 'revoked', 'suspended'].includes(codeOf(c)));
  const understood = !r.checks.some(c => c.outcome === 'unknown' && ofForm(c));
  const [outcome, code] = r.verdict === 'undetermined' || (lapsed && !understood) ? ['unknown', 'embedded-undetermined'] as const :
    lapsed ? ['warn', 'embedded-lapsed'] as const : ['fail', 'embedded-invalid'] as const;
  const because = r.decisive();
  const issuer = j.report.format === 'presentation' ? '' : idOf(doc?.issuer);
  return {
    ...(issuer === '' ? result(outcome, code) : result(outcome, `${code}.${kind === endorsement ? 'endorsement' : 'by'}`, {issuer: quote(safe(issuer))})),
    because: j.signed ?? because, ...(because.place ? {place: because.place} : {}),
  };
}

type Found = Record<'verifiableCredential' | 'endorsement' | 'endorsementJwt', Value[]>;

/** Finds embedded credentials in the order of sorted names, and does not look
 * into them. */
function collect(v: Value, top: boolean, found: Found): void {
  if (Array.isArray(v)) {
    v.forEach(item => collect(item, false, found));
  } else if (isObject(v)) {
    for (const name of names(v)) {
      if (name === 'endorsement' || name === 'endorsementJwt' || name === 'verifiableCredential') {
        found[name].push(...items(v[name]));
      } else if (!top || name !== 'proof') {
        collect(v[name]!, false, found);
      }
    }
  }
}
