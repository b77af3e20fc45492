// The script of a certificate that is a file. It judges the credential that
// stands in the file by the keys and the status list that stand beside it, at
// the reader's clock, and asks nobody for anything. Then it holds the sheet
// against the credential: what somebody reads there must be what was signed.
//
// All of this is in the reader's hands: whoever can change the file can change
// the script. So it always leads to the issuer's site as well.

import {given} from './core';
import {byID, el} from './dom';
import {openObject} from './forms';
import {parseObject} from './json';
import {day, unsigned, type Theme} from './sheet';
import {checks, credential, verdictBox} from './show';
import {stringOf} from './text';
import {Verifier, Work} from './verify';
import {loadWords, t} from './words';

/** A text that the template left in a block of data. */
function block(id: string): string {
  return byID(id).textContent ?? '';
}

function bytes(id: string): Uint8Array {
  return new TextEncoder().encode(JSON.parse(block(id)) as string);
}

function theme(): Theme {
  const {date = '', first = '', base = ''} = document.body.dataset;
  const labels = [...document.querySelectorAll('.file-labels')].flatMap(e => Object.values(JSON.parse(e.textContent ?? '') as Record<string, string>));
  return {pattern: date, first, base, labels};
}

async function main(): Promise<void> {
  loadWords(block('file-verifier'));
  loadWords(block('file-words'), 'file.');
  loadWords(block('file-months'), 'month.');
  const out = byID('file-verdict');
  const verifier = new Verifier({
    now: new Date(), load: given(['file-did', 'file-list'].map(id => ({url: '', bytes: bytes(id)}))),
  });
  const judged = await verifier.judge(openObject(parseObject(bytes('file-credential'))), new Work(), 0);
  const sheet = document.querySelector('.sheet');
  const wrong = judged.doc && sheet ? unsigned(sheet, judged.doc, theme()) : t('file.empty');
  const changed = judged.report.verdict !== 'invalid' && wrong !== undefined;
  const box = verdictBox(judged, verifier.lists.ages.at(-1)?.ms);
  const heading = box.querySelector('h2');
  if (heading && judged.report.passed('proof')) {
    const listed = stringOf(parseObject(bytes('file-list')), 'validFrom');
    heading.textContent = t('file.when', {verdict: heading.textContent ?? '', date: day(listed, theme())});
  }
  if (changed) {
    box.className = 'verdict verdict-invalid';
    box.dataset.verdict = 'invalid';
    box.replaceChildren(el('span', {class: 'vmark vmark-invalid', 'aria-hidden': 'true'}, '✕'), el('div', {},
      el('h2', {id: 'verdict', tabindex: '-1'}, t('verdict.invalid')),
      el('p', {class: 'verdict-text'}, t('file.changed')), el('p', {class: 'verdict-more', dir: 'auto'}, `“${wrong}”`)));
  }
  const says = judged.doc && el('details', changed ? {open: ''} : {}, el('summary', {}, t('says')), credential(judged, () => undefined));
  out.replaceChildren(box, el('div', {class: 'file-parts'}, says, el('details', {}, el('summary', {}, t('checks')), checks(judged))));
  byID('file-live').textContent = changed ? `${t('verdict.invalid')}. ${t('file.changed')}` : `${heading?.textContent ?? ''}. ${box.querySelector('.verdict-text')?.textContent ?? ''}`;
  document.documentElement.dataset.verdict = changed ? 'invalid' : judged.report.verdict;
}

main().catch(() => {
  byID('file-verdict').replaceChildren(el('p', {class: 'vnote', role: 'alert'}, t('file.failed')));
  document.documentElement.dataset.verdict = 'undetermined';
});
