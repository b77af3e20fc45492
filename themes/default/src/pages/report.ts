// The answer of a check of an award, as its page tells it: how it stands by that, and
// the rows.

import {safe} from '../verifier/characters';
import {el} from './dom';
import {checks, mark, verdictBox, verdictOf} from './show';
import type {State, Status} from './state';
import type {StatusLine} from './statusline';
import {stringOf} from '../verifier/text';
import type {Judged} from '../verifier/judged';
import {codeOf} from '../verifier/report';
import {t} from './words';

/** What is known of an award by its check. Of one against which nothing speaks but its
 * time, the clock says the rest. */
export function statusOf(j: Judged): Status {
  const {report} = j;
  const code = codeOf(report.check('status'));
  if (code === 'revoked' || code === 'suspended') {
    return code;
  }
  if (j.parts.some(p => p.what === 'contained' && /^(revoked|suspended)$/.test(statusOf(p.judged)))) {
    return 'fallen';
  }
  const late = /^(expired|not-yet-valid)$/.test(codeOf(report.check('dates')));
  const wrong = report.checks.some(c => c.outcome === 'fail' && !(late && c.name === 'dates'));
  return report.verdict === 'valid' ? 'valid' : wrong ? 'invalid' : late && (['proof', 'issuer-key'] as const).every(name => report.passed(name)) ? 'valid' : 'unknown';
}

/** Has an award's line say what its check found. The line goes by the times that the
 * page has; by others the credential may be out of its time, which then says more. */
export function tellCheck(line: Pick<StatusLine, 'found'>, j: Judged): State {
  const state = line.found(statusOf(j));
  const {verdict} = j.report;
  return (state === 'valid' || state === 'expiring') && verdict !== 'valid' ? line.found(verdict === 'invalid' ? 'invalid' : 'unknown') : state;
}

/** The rows of a check, below the reason of the verdict and what to do next, and what was
 * asked for. It is the page's to say the verdict; summary is what it calls this. */
export function reportOf(judged: Judged, listed: number | undefined, asked: readonly string[], summary: string): HTMLDetailsElement {
  const box = verdictBox(judged, listed);
  const what = [...new Set(asked)].map(name => safe(name)).join(', ');
  return el('details', {class: `checked verdict-${judged.report.verdict}`, 'data-verdict': judged.report.verdict},
    el('summary', {}, mark(judged.report.verdict), ' ', summary),
    ...box.querySelectorAll('p'), checks(judged),
    el('p', {class: 'hint'}, what === '' ? t('asked.none') : t('asked', {what}))) as HTMLDetailsElement;
}

/** Tells of each endorsement that an award shows, and of each credential that a
 * record shows, whether it is to be believed. */
export function partsOf(article: HTMLElement, j: Judged): void {
  for (const shown of article.querySelectorAll<HTMLElement>('[data-endorsement], [data-member]')) {
    const {endorsement, member} = shown.dataset;
    const part = j.parts.find(p => p.what === (member ? 'contained' : 'endorsement') && p.judged.doc && stringOf(p.judged.doc, 'id') === (member ?? endorsement));
    if (part) {
      shown.querySelectorAll(':scope > .part-verdict').forEach(e => e.remove());
      shown.append(verdictOf(part.judged));
    }
  }
}
