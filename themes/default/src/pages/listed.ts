// What the issuer's lists say of an award whose page is open: asked anew, without the
// browser's memory, of the site that the page is from. No signature is checked here;
// that does the button on the page.

import {readBitstring, type Bitstring} from '../verifier/bitstring';
import {maxFetched} from '../verifier/constants';
import {fetchLimited} from './fetched';
import {known, stateAt, type Status} from './state';
import type {StatusLine} from './statusline';
import {timeOf} from './words';

interface List {
  bits: Bitstring;
  until: number | undefined;
}

/** Asks for the status of an award, and of all that a record holds. */
export async function askLists(line: StatusLine): Promise<void> {
  const {article} = line;
  if (!article.dataset.list) {
    return;
  }
  const lists = new Map<string, Promise<List>>();
  const status = async (e: HTMLElement): Promise<Status> => {
    const url = new URL(e.dataset.list!, location.href).href;
    const asked = lists.get(url) ?? fetchList(url);
    lists.set(url, asked);
    try {
      const {bits, until} = await asked;
      const bit = bits.get(Number(e.dataset.index));
      return bit === undefined ? 'unknown' : bit ? 'revoked' : until !== undefined && until < Date.now() ? 'unknown' : 'valid';
    } catch {
      return 'unknown';
    }
  };
  const members = [...article.querySelectorAll<HTMLElement>('.member[data-list]')];
  const [own, ...parts] = await Promise.all([article, ...members].map(status)) as [Status, ...Status[]];
  // The list has one bit for both, and no reason; the page that the site has now tells.
  if (own === 'revoked' && !/^(revoked|suspended)$/.test(article.dataset.said ?? '')) {
    const page = await fetchPage().catch(() => undefined);
    if (page) {
      line.renew(page);
    }
  }
  const fallen = parts.map((s, i) => mark(members[i]!, s)).includes(true);
  line.found(own !== 'valid' ? own : fallen ? 'fallen' : parts.includes('unknown') ? 'unknown' : own);
}

/** Marks what a record holds, and tells whether its issuer took it back. */
function mark(member: HTMLElement, status: Status): boolean {
  const {said, from, until} = member.dataset;
  const state = stateAt(timeOf(from), timeOf(until), known(status, said === 'revoked' || said === 'suspended' ? said : ''), Date.now());
  const taken = state === 'revoked' || state === 'suspended';
  const template = member.closest('.award')!.querySelector<HTMLTemplateElement>(`template[data-part="${state === 'expiring' ? 'valid' : state}"]`);
  if (template && !(taken && said === state)) { // the page has the reason
    member.querySelectorAll('.part-verdict').forEach(e => e.remove());
    member.append(template.content.cloneNode(true));
  }
  return taken;
}

async function fetchList(url: string): Promise<List> {
  const doc = JSON.parse(new TextDecoder().decode(await fetchLimited(new URL(url), maxFetched, true))) as
    {validUntil?: string; credentialSubject?: {encodedList?: unknown}};
  const {bits} = await readBitstring(String(doc.credentialSubject?.encodedList));
  return {bits, until: timeOf(doc.validUntil)};
}

/** The award as the page shows it that the site has now. */
async function fetchPage(): Promise<HTMLElement | undefined> {
  const html = new TextDecoder().decode(await fetchLimited(new URL(location.pathname, location.href), maxFetched, true));
  return new DOMParser().parseFromString(html, 'text/html').querySelector<HTMLElement>('article.award') ?? undefined;
}
