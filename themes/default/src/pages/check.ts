// Checks the award of a public page in place, once its visitor asks for that: what is
// done on the verify page, of the one credential that the page shows.

import {Network} from './network';
import {partsOf, reportOf, tellCheck} from './report';
import type {StatusLine} from './statusline';
import {domainOf} from './show';
import {addVerdicts, t} from './words';

/** What is loaded before: the verifier, and the words of verdicts. */
interface Loading {
  verifier: Promise<typeof import('../verifier/core')>;
  verdicts: Promise<unknown>;
}

/** Checks, and shows the answer with its rows. Button is the page's element that says
 * where the site is. Throws what keeps it from checking. */
export async function check(button: HTMLElement, line: StatusLine, {verifier: core, verdicts}: Loading): Promise<void> {
  const {article} = line;
  const network = new Network(button);
  const url = new URL('credential.json', location.href).href;
  const [{Verifier}, credential] = await Promise.all([core, network.file(url), verdicts]);
  addVerdicts();
  const verifier = new Verifier({now: new Date(), load: url => network.load(url)});
  const judged = await verifier.credential(credential, () => network.logFile(url));
  const state = tellCheck(line, judged);
  article.toggleAttribute('data-proven', domainOf(judged) !== '');
  partsOf(article, judged);
  const report = reportOf(judged, verifier.lists.ages.at(-1)?.ms, network.asked, t('checks'));
  report.open = true;
  article.querySelector('[data-rows]')!.replaceChildren(report);
  article.dataset.checked = state;
}
