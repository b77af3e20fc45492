// Says who the issuer of a credential is: what is proven, and what it says of itself.

import {safe} from '../verifier/characters';
import {isObject} from '../verifier/json';
import {codeOf, rank} from '../verifier/report';
import {hostOf, parseHost} from '../verifier/host';
import {idOf, stringOf, textOf} from '../verifier/text';
import type {Judged} from '../verifier/judged';
import {el, foreign, link, type Child} from './dom';
import {domainOf, mark, sentence, usual} from './show';
import {t} from './words';

/** Who the issuer of a credential is; own says that this page is of its own site. */
export function issuer(j: Judged, own: boolean): HTMLElement | undefined {
  const id = j.doc && j.report.format !== 'presentation' ? idOf(j.doc.issuer) : '';
  if (!id) {
    return undefined;
  }
  const {report} = j;
  const trust = report.check('issuer-trust');
  const profile = isObject(j.doc!.issuer) ? j.doc!.issuer : undefined;
  const key = /^did:(?:key|jwk):/.test(id);
  const proven = domainOf(j);
  // That the domain looks like another, or is not what it seems.
  const odd = rank(trust.outcome) > rank('pass') && !usual(codeOf(trust)) && codeOf(trust) !== 'issuer-anonymous';
  const list = el('dl', {class: 'vwho'});
  const row = (name: string, value: Child, ...notes: (string | HTMLElement | false)[]) => {
    list.append(el('div', {}, el('dt', {}, t(`who.${name}`)), el('dd', {}, value,
      ...notes.filter(note => note !== false).map(note => el('p', {class: 'hint'}, note)))));
  };
  const site = stringOf(profile, 'url');
  const domain = proven || (hostOf(id) === id ? '' : hostOf(id));
  if (domain) {
    row('domain', el('strong', {class: 'vhost', dir: 'ltr'}, safe(domain)), odd && el('span', {class: 'vodd'}, mark(trust.outcome), ' ', sentence(trust)), t(!proven ? 'who.unproven' : key ? 'who.linked' : 'who.proven'), proven !== '' && own && t('who.own'));
  } else {
    row('domain', t('who.none'), t('who.key'));
  }
  const name = textOf(profile?.name);
  if (name) {
    row('name', foreign('strong', safe(name)), t('who.chosen'));
  }
  if (site && !(domain && akin(site, key ? site : id))) {
    row('site', link(site, safe(site)), t(domain ? 'who.other' : 'who.chosen'));
  }
  row('registers', t('who.registers.none'), t('who.registers.where'));
  return el('section', {class: 'vissuer', 'aria-labelledby': 'who'}, el('h2', {id: 'who'}, t('who')), list,
    el('details', {}, el('summary', {}, t('who.id')), el('p', {}, el('code', {dir: 'ltr'}, safe(id)))));
}

/** Tells a site whose domain is that of an issuer, above or below it. */
function akin(site: string, id: string): boolean {
  const [a, b] = [site.replace(/^http:/i, 'https:'), id].map(of => parseHost(of)?.name ?? '');
  return a !== '' && (a === b || a!.endsWith(`.${b}`) || b!.endsWith(`.${a}`));
}
