// Presentations: their own form and proof, and every credential in them.

import {quote} from './characters';
import {coverage, judgeTerms} from './checks';
import {onlyOfCredentials} from './constants';
import {split} from './did';
import {embeddedAll, presented} from './embedded';
import type {Finding} from './findings';
import {copy, has, type Doc} from './json';
import type {Judgement, Secured} from './judged';
import {placement} from './jwt';
import {own, proofsOf} from './proofs';
import {good, fromFindings, result, worst, type Result} from './report';
import {secured} from './secured';
import {contextV1, contextV2, structure} from './structure';
import {hasType, idOf, items, stringOf} from './text';

/** Judges a presentation: its own form and proof, and every credential in it by
 * itself, whatever ails the envelope. The verdict is the worst of all. */
export async function presentation(j: Judgement): Promise<void> {
  j.r.set('structure', presentationStructure(j));
  j.r.set('contexts', await presentationContexts(j));
  j.r.set('schema', result('skipped', 'schema-none'));
  for (const name of ['dates', 'status', 'endorsements', 'issuer-trust', 'log'] as const) {
    j.r.set(name, result('skipped', 'none.presentation'));
  }
  const {signature, key} = await securedByHolder(j);
  j.r.set('proof', signature);
  j.r.set('issuer-key', key);
  j.r.set('subject', await presentedCredentials(j));
}

/** Judges every credential by itself. */
export function presentedCredentials(j: Judgement): Promise<Result> {
  return embeddedAll(j, items(j.doc.verifiableCredential), presented);
}

/** The presentation without its credentials. */
function shellOf(j: Judgement): Doc {
  const shell = copy(j.doc);
  delete shell.verifiableCredential;
  return shell;
}

function presentationStructure(j: Judgement): Result {
  const odd = onlyOfCredentials.find(name => has(j.doc, name));
  if (odd) {
    return result('fail', 'presentation-mixed.member', {name: quote(odd)});
  }
  if (hasType(j.doc, 'VerifiableCredential')) {
    return result('fail', 'presentation-mixed');
  }
  const shell = own(shellOf(j));
  const list = items(shell['@context']);
  if (list[0] === contextV1) {
    shell['@context'] = [contextV2, ...list.slice(1)];
  }
  const found = structure(shell);
  const isID = (f: Finding) => f.pointer === '/id' && hasBareUUID(shell);
  // Wallets write a bare UUID; nothing hangs on it here.
  const ok = worst([result('pass', 'ok.presentation'), placement(j),
    ...(found.some(isID) ? [{...result('unknown', 'id-malformed'), place: '/id'}] : [])]);
  const f = worst([fromFindings(shell, found.filter(f => !isID(f)), ok), ok]);
  if (f.outcome !== 'fail' && items(j.doc.verifiableCredential).length === 0) {
    return result('unknown', 'presentation-empty');
  }
  return f;
}

/** Checks the terms of all that a proof of the presentation is over; without
 * one each credential answers for itself. */
function presentationContexts(j: Judgement): Promise<Result> {
  const shell = shellOf(j);
  if (hasBareUUID(shell)) {
    delete shell.id; // as the row for the structure says
  }
  if (j.o.jws) {
    return judgeTerms(j, shell, 'every-word');
  }
  return items(j.doc.proof).length === 0 ? judgeTerms(j, shell, 'unsecured') : judgeTerms(j, j.doc, coverage(j));
}

function hasBareUUID(shell: Doc): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(stringOf(shell, 'id'));
}

/** Verifies the proof of the holder, if there is one. */
async function securedByHolder(j: Judgement): Promise<Secured> {
  let holder = idOf(j.doc.holder);
  if (j.o.jws) {
    const iss = j.o.claims.iss;
    if (typeof iss === 'string' && holder === '') {
      holder = iss;
    } else if (typeof iss === 'string' && iss !== holder) {
      return {
        signature: result('fail', 'jwt-claim-mismatch.holder'),
        key: result('skipped', 'not-reached.key'),
      };
    }
    if (holder === '') {
      holder = split(j.o.jws.keyID)[0];
    }
  } else if (items(j.doc.proof).length === 0) {
    return {
      signature: result('warn', 'presentation-unsigned'),
      key: result('skipped', 'none.proof'),
    };
  } else if (holder === '') {
    try {
      holder = split(proofsOf(j.doc)[0]!.verificationMethod)[0];
    } catch {
      // said when the proof is looked at
    }
  }
  const {signature, key} = await secured(j, holder);
  if (signature.outcome === 'pass' && good(key)) {
    return {signature: result('warn', 'presentation-challenge', {holder: quote(holder)}), key};
  }
  return {signature, key};
}
