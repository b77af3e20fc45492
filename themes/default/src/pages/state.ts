// How an award stands at some moment, by the rule of internal/publishing/site (state.go),
// whose testdata/states.json holds both to it.

/** What is known of an award: what its issuer decided, by its list; nothing, or that it
 * could not be had; that something else is wrong with it. */
export type Status = '' | 'valid' | 'revoked' | 'suspended' | 'fallen' | 'unknown' | 'invalid';

export type State = 'unchecked' | 'valid' | 'expiring' | 'expired' | 'not-yet' | 'suspended' | 'revoked' | 'fallen' | 'unknown' | 'invalid';

/** What is known of an award of which its page says something already. What was revoked
 * stays so; a list has one bit for that and for what is suspended; and what could not be
 * had is as it was said. */
export function known(found: Status, said: Status): Status {
  const kept = said === 'revoked' ? found !== 'invalid' : said === 'suspended' ? found === 'revoked' || found === 'unknown' : said === 'fallen' && found === 'unknown';
  return kept ? said : found;
}

/** How long before its end an award is said to end, in milliseconds. */
const soon = 90 * 86_400_000;

/** How an award that counts between two moments, undefined where nothing bounds it,
 * stands at now. */
export function stateAt(from: number | undefined, until: number | undefined, status: Status, now: number): State {
  if (status === 'revoked' || status === 'invalid') {
    return status;
  }
  if (until !== undefined && now > until) {
    return 'expired';
  }
  if (status === 'suspended') {
    return status;
  }
  if (from !== undefined && now < from) {
    return 'not-yet';
  }
  if (status !== 'valid') {
    return status || 'unchecked';
  }
  return until !== undefined && until - now <= soon ? 'expiring' : 'valid';
}

/** Whether an award counts, or may: of one that does not, nothing is offered to show
 * around. */
export function good(state: State): boolean {
  return !/^(expired|suspended|revoked|invalid)$/.test(state);
}
