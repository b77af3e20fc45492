// Credentials inside of a credential: those of a learner record, and endorsements.

import {quote, safe} from './characters';
import {isCompact, openJWT, openObject, type Opened} from './forms';
import {copy, has, isObject, type Value} from './json';
import {maxContained, maxEndorsements, maxNesting, type Judged, type Judgement} from './judged';
import {result, worst, type Result} from './report';
import {idOf, items, names} from './text';

/** Verifies every credential inside of this one by itself: those of a learner
 * record, and endorsements. */
export async function embedded(j: Judgement): Promise<{contained: Result; endorsements: Result}> {
  const found: Found = {verifiableCredential: [], endorsement: [], endorsementJwt: []};
  collect(j.doc, true, found);
  return {
    contained: await embeddedAll(j, found.verifiableCredential, 'contained credential', maxContained),
    endorsements: await embeddedAll(j, [...found.endorsement, ...found.endorsementJwt], 'endorsement', maxEndorsements),
  };
}

async function embeddedAll(j: Judgement, list: Value[], what: 'contained credential' | 'endorsement', most: number): Promise<Result> {
  if (list.length === 0) {
    return result('skipped', 'none', `There is no ${what}.`);
  }
  const tooMany = countEmbedded(j, what, list.length, most);
  if (tooMany) {
    return tooMany;
  }
  const found: Result[] = [];
  for (const v of list) {
    const judged = await inside(j, v);
    if (!judged) {
      found.push(result('fail', 'embedded-malformed', `One ${what} is neither an object nor a JWT.`));
      continue;
    }
    j.parts.push({what: what === 'endorsement' ? 'endorsement' : 'contained', judged});
    found.push(embeddedResult(judged, what));
  }
  const f = worst(found);
  return f.outcome === 'pass' ? {...f, text: `Every ${what} (${list.length}) is valid by itself.`} : f;
}

/** Judges an object or JWT inside of this document; undefined for what is
 * neither. */
export async function inside(j: Judgement, v: Value): Promise<Judged | undefined> {
  let o: Opened;
  if (typeof v === 'string') {
    if (!isCompact(v)) {
      return undefined;
    }
    o = openJWT(v);
  } else if (isObject(v)) {
    // Without a context it was written under those of the document around it.
    o = openObject(has(v, '@context') && v['@context'] !== null ? v :
      copy(v, {'@context': j.doc['@context']!}));
  } else {
    return undefined;
  }
  return j.by.judge(o, j.work, j.depth + 1);
}

export function countEmbedded(j: Judgement, what: string, n: number, most: number): Result | undefined {
  const count = (j.work.embedded.get(what) ?? 0) + n;
  j.work.embedded.set(what, count);
  if (count > most) {
    return result('fail', 'embedded-too-many', `There are ${count} of the kind ${what}; no more than ${most} are looked at.`);
  }
  if (j.depth === maxNesting) {
    return result('fail', 'embedded-too-deep', `One ${what} is embedded in more than ${maxNesting} documents.`);
  }
  return undefined;
}

/** The row for one embedded credential. One that is genuine and merely no
 * longer in force is a warning: time passes for an endorsement without the
 * credential around it becoming a lie. */
function embeddedResult(j: Judged, what: string): Result {
  const {report: r, doc} = j;
  const by = quote(safe(idOf(doc?.issuer)));
  if (r.verdict === 'valid') {
    return result('pass', 'ok');
  }
  const lapsed = r.passed('proof') && r.passed('issuer-key') && !r.checks.some(c =>
    c.outcome === 'fail' && c.name !== 'dates' && !(c.name === 'status' && (c.code === 'revoked' || c.code === 'suspended')));
  const decided = r.decisive();
  if (r.verdict === 'undetermined') {
    return result('unknown', 'embedded-undetermined', `One ${what} by ${by} could not be verified. ${decided.text}`);
  }
  if (lapsed) {
    return result('warn', 'embedded-lapsed', `One ${what} by ${by} is no longer in force. ${decided.text}`);
  }
  return result('fail', 'embedded-invalid', `One ${what} by ${by} is not valid. ${decided.text}`);
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
