// The first script of the claim page, which is small: it asks for what the link
// names before the page is read, and has it shown. Its element names the others.

import {ask} from './asked';
import {loadClaimed, loadClaimPage, loadVerdicts, loadVerifier} from './load';

const script = document.currentScript!;
const again = () => ask(location.hash, new URL('../', location.href));
const opening = again();
opening.catch(() => undefined); // told when it is judged
const read = new Promise(resolve => document.addEventListener('DOMContentLoaded', resolve));

void loadClaimPage(script).then(async ({ClaimPage}) => {
  await (document.readyState === 'loading' && read);
  await new ClaimPage({ask: again, claimed: () => loadClaimed(script), verifier: () => loadVerifier(script), verdicts: () => loadVerdicts(script)}).open(opening);
});
