// Scripts that a page loads when it needs them, each once.

import {el} from './dom';

const loaded = new Map<string, Promise<unknown>>();
let failed = false;

/** Loads the module whose address and digest the page has in data-NAME and
 * data-NAME-integrity of one of its elements. The digest counts: the browser
 * holds what it preloads against it, and import() then gets that and nothing
 * else, since there is one module to an address. What could not be loaded is
 * tried again when it is asked for again, under an address that the browser keeps
 * nothing for. */
function load<T>(of: Element, name: string): Promise<T> {
  let module = loaded.get(name) as Promise<T> | undefined;
  if (!module) {
    const url = new URL(of.getAttribute(`data-${name}`) ?? '', location.href);
    url.search = failed ? `again=${Date.now()}` : '';
    module = preload(url.href, of.getAttribute(`data-${name}-integrity`) ?? '').then(() => import(url.href) as Promise<T>);
    loaded.set(name, module);
    module.catch(() => {
      failed = true;
      loaded.delete(name);
    });
  }
  return module;
}

/** Browsers that preload no modules know no Trusted Types either, so that a
 * script may be made for them. */
function preload(href: string, integrity: string): Promise<void> {
  const link = el('link', {rel: 'modulepreload', integrity, href}) as HTMLLinkElement;
  const e = link.relList.supports('modulepreload') ? link : el('script', {type: 'module', integrity, src: href});
  return new Promise((resolve, reject) => {
    e.addEventListener('load', () => resolve());
    e.addEventListener('error', () => reject(new Error('the site does not answer, or with another script than it should')));
    document.head.append(e);
  });
}

/** What an element's page loads: the verifier, with all that it needs, and what it
 * needs for few documents; the words of verdicts, in its language; what reads QR
 * codes; what judges many files; what shows the award of a claim link, what judges it,
 * and what shows a part of it; what checks the award of a public page. */
export const loadVerifier = (of: Element): Promise<typeof import('../verifier/core')> => load(of, 'verifier');
export const loadRare = (of: Element): Promise<typeof import('../verifier/rare')> => load(of, 'rare');
export const loadVerdicts = (of: Element): Promise<unknown> => load(of, 'verdicts');
export const loadCamera = (of: Element): Promise<typeof import('./camera')> => load(of, 'camera');
export const loadMarkdown = (of: Element): Promise<typeof import('./markdown')> => load(of, 'markdown');
export const loadMany = (of: Element): Promise<typeof import('./many')> => load(of, 'many');
export const loadClaimPage = (of: Element): Promise<typeof import('./claimpage')> => load(of, 'claimpage');
export const loadClaimed = (of: Element): Promise<typeof import('./claimed')> => load(of, 'claimed');
export const loadCheck = (of: Element): Promise<typeof import('./check')> => load(of, 'check');
export const loadChoose = (of: Element): Promise<typeof import('./choose')> => load(of, 'choose');
