// Presentations: their own form and proof, and every credential in them.

import {quote, safe} from './characters';
import {split} from './did';
import {countEmbedded, inside} from './embedded';
import {copy, has, type Doc} from './json';
import {maxContained, type Judgement, type Secured} from './judged';
import {proofsOf} from './proofs';
import {failure, fromFindings, result, worst, type Result} from './report';
import {secured} from './secured';
import {contextV1, contextV2, structure} from './structure';
import {checkTerms} from './terms';
import {hasType, idOf, items} from './text';

/** Judges a presentation: its own form and proof, and every credential in it by
 * itself. The verdict is the worst of all. */
export async function presentation(j: Judgement): Promise<void> {
  j.r.set('structure', presentationStructure(j));
  j.r.set('contexts', await presentationContexts(j));
  j.r.set('schema', result('skipped', 'schema-none', 'There is no schema for presentations.'));
  for (const name of ['dates', 'status', 'endorsements', 'issuer-trust'] as const) {
    j.r.set(name, result('skipped', 'none', 'A presentation has none of its own.'));
  }
  if (!j.r.passed('structure') || !j.r.passed('contexts')) {
    return;
  }
  const {signature, key} = await presented(j);
  j.r.set('proof', signature);
  j.r.set('issuer-key', key);
  if (signature.outcome === 'fail' || key.outcome === 'fail') {
    return;
  }
  j.r.set('subject', await presentedCredentials(j));
}

/** The presentation without its credentials. */
function shellOf(j: Judgement): Doc {
  const shell = copy(j.doc);
  delete shell.verifiableCredential;
  return shell;
}

function presentationStructure(j: Judgement): Result {
  // What nobody signed in a presentation must not look like a credential.
  const odd = ['issuer', 'credentialSubject', 'credentialStatus', 'validFrom', 'validUntil', 'issuanceDate', 'expirationDate'].find(name => has(j.doc, name));
  if (odd) {
    return result('fail', 'presentation-mixed', `The presentation has ${odd}, as only a credential does.`);
  }
  if (hasType(j.doc, 'VerifiableCredential')) {
    return result('fail', 'presentation-mixed', 'The document says that it is a presentation and a credential.');
  }
  const shell = shellOf(j);
  const list = items(shell['@context']);
  if (list[0] === contextV1) {
    shell['@context'] = [contextV2, ...list.slice(1)];
  }
  const f = fromFindings(structure(shell), 'The document has the structure of a verifiable presentation.');
  if (f.outcome !== 'fail' && items(j.doc.verifiableCredential).length === 0) {
    return result('unknown', 'presentation-empty', 'The presentation presents no credential.');
  }
  return f;
}

/** Checks the terms of all that a proof of the presentation is over; without
 * one each credential answers for itself. */
async function presentationContexts(j: Judgement): Promise<Result> {
  const whole = !j.o.jws && has(j.doc, 'proof') && j.doc.proof !== null;
  try {
    await checkTerms(whole ? j.doc : shellOf(j));
    return result('pass', 'ok', 'Every term is defined by a known context.');
  } catch (e) {
    return failure(e, 'The presentation\'s terms are not all defined');
  }
}

/** Verifies the proof of the holder, if there is one. */
async function presented(j: Judgement): Promise<Secured> {
  let holder = idOf(j.doc.holder);
  if (j.o.jws) {
    const iss = j.o.claims.iss;
    if (typeof iss === 'string' && holder === '') {
      holder = iss;
    } else if (typeof iss === 'string' && iss !== holder) {
      return {
        signature: result('fail', 'jwt-claim-mismatch', 'The claim iss of the JWT is not the holder of the presentation.'),
        key: result('skipped', 'not-reached', 'The key was not looked at, because the JWT is refused.'),
      };
    }
    if (holder === '') {
      holder = split(j.o.jws.keyID)[0];
    }
  } else if (items(j.doc.proof).length === 0) {
    return {
      signature: result('warn', 'presentation-unsigned', 'Nobody signed the presentation itself; its credentials are judged by themselves. That whoever presents them is whom they name was not checked.'),
      key: result('skipped', 'none', 'There is no proof that could name a key.'),
    };
  } else if (holder === '') {
    try {
      holder = split(proofsOf(j.doc)[0]!.verificationMethod)[0];
    } catch {
      // said when the proof is looked at
    }
  }
  const {signature, key} = await secured(j, holder);
  if (signature.outcome === 'pass' && key.outcome === 'pass') {
    return {signature: result('warn', 'presentation-challenge', `The signature of the holder ${quote(holder)} is good. That it was made for you and now was not checked: compare challenge and domain with what you asked for.`), key};
  }
  return {signature, key};
}

async function presentedCredentials(j: Judgement): Promise<Result> {
  const list = items(j.doc.verifiableCredential);
  const tooMany = countEmbedded(j, 'presented credential', list.length, maxContained);
  if (tooMany) {
    return tooMany;
  }
  const found = [result('pass', 'ok', `Every presented credential (${list.length}) is valid by itself.`)];
  for (const v of list) {
    const judged = await inside(j, v);
    if (!judged) {
      found.push(result('fail', 'embedded-malformed', 'One presented credential is neither an object nor a JWT.'));
      continue;
    }
    j.parts.push({what: 'contained', judged});
    const by = quote(safe(idOf(judged.doc?.issuer)));
    if (judged.report.verdict === 'invalid') {
      found.push(result('fail', 'embedded-invalid', `One presented credential by ${by} is not valid. ${judged.report.decisive().text}`));
    } else if (judged.report.verdict === 'undetermined') {
      found.push(result('unknown', 'embedded-undetermined', `One presented credential by ${by} could not be verified. ${judged.report.decisive().text}`));
    }
  }
  return worst(found);
}
