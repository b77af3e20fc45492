// The first script of the claim page, which is small: it asks for what the link
// names before the page is read, and has it shown. Its element names the others.

import {ask} from './asked';
import {keepFragment} from './languages';
import {loadChoose, loadClaimed, loadClaimPage, loadMarkdown, loadRare, loadVerdicts, loadVerifier} from './load';

const script = document.currentScript!;
// Where the address names no award, since a part of one was shown, the history does.
const root = new URL(script.dataset.root!, location.href);
const named = () => location.hash.slice(1) || (history.state as {claim?: string} | null)?.claim || '';
const again = () => ask(named(), root);
const opening = again();
opening.catch(() => undefined); // told when it is judged
const read = new Promise(resolve => document.addEventListener('DOMContentLoaded', resolve));

void loadClaimPage(script).then(async ({ClaimPage}) => {
  await (document.readyState === 'loading' && read);
  keepFragment(named);
  await new ClaimPage({ask: again, claimed: () => loadClaimed(script), choose: () => loadChoose(script), markdown: () => loadMarkdown(script), verifier: () => loadVerifier(script), rare: () => loadRare(script), verdicts: () => loadVerdicts(script)}).open(opening);
});
