// The claim page: opens the award behind a claim link, shows the page that came
// with it, as the page of a public award is shown, and judges what was signed; if
// that is not good, the page is taken away again. Only the issuer's ledger and the
// link have the key that the page came under, so it is shown before the verifier
// is there. Nothing is asked of another site, and the link's key stays in the
// address and in memory.

import {bake} from './bakefile';
import {openLink, openLinkPage, parseLink, Unopened, type Form, type Trouble} from './capsule';
import type {ClaimLink} from './claimlink';
import {safe} from '../verifier/characters';
import {didMethod, webURL} from '../verifier/did';
import {byID, el} from './dom';
import {isObject, parseObject, type Doc} from '../verifier/json';
import {loadVerifier} from './load';
import {Network} from './network';
import {checks, mark, verdictBox, verdictLine} from './show';
import {fileName, finishWallet, stemOf, wire} from './take';
import {firstSubject, idOf, items, objectOf, stringOf} from '../verifier/text';
import {toBase64url} from '../verifier/url';
import type {Judged} from '../verifier/judged';
import {codeOf} from '../verifier/report';
import type {Verifier} from '../verifier/verify';
import {loadWords, t} from './words';
import type {Entry} from './zip';

/** Why no award is shown: it was not opened; it is not this site's; the key it
 * was signed with is no longer in force; it could not be checked, since the site
 * did not answer or since checking broke off; its page did not open. */
type Code = Trouble | 'foreign' | 'ended' | 'unchecked' | 'failed' | 'template';

const sentences: Record<Code, string> = {
  none: 'note.none', malformed: 'note.malformed', missing: 'note.missing', unreachable: 'note.offline',
  key: 'note.key', damaged: 'note.damaged', browser: 'note.browser',
  foreign: 'note.foreign', ended: 'note.ended', unchecked: 'note.unchecked', failed: 'note.failed', template: 'note.template',
};

const maxCatalog = 16 << 20;

const again: Code[] = ['unreachable', 'unchecked', 'failed', 'template'];

/** A file to take along, of which data-download names the kind. */
interface File {
  kind: 'credential.json' | 'badge.png' | 'badge.svg' | 'credential.jwt';
  type: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** The words of this page; those of the verdict are the verify page's. */
const words = JSON.parse(byID('claim-words').textContent ?? '{}') as Record<string, string>;

function own(key: string): string {
  return words[key] ?? key;
}

/** Browsers without Trusted Types take the text itself. */
const policy = (globalThis as {trustedTypes?: {createPolicy(name: string, rules: {createHTML(html: string): string}): {createHTML(html: string): unknown}}})
  .trustedTypes?.createPolicy('laurel', {createHTML: html => html});

/** What is shown of an award: its status as the issuer decided, or none. */
type State = 'valid' | 'revoked' | 'suspended' | '';

class Claim {
  private readonly app = byID('claim-app');
  private readonly note = byID('claim-note');
  private readonly choice = byID('claim-variants');
  private readonly sharing = byID('claim-share');
  private readonly verdict = byID('claim-verdict');
  private readonly award = byID('claim-award');
  /** Says the verdict to who does not see it. */
  private readonly live = el('p', {class: 'visually-hidden', role: 'status', id: 'claim-live'});
  private readonly title = document.title;
  private readonly lead = this.app.querySelector<HTMLElement>('.claim-head > .lead');
  private readonly heading = [...this.app.querySelectorAll<HTMLElement>('.claim-head > h1, .claim-head > .lead')];
  private readonly network = new Network(this.app);
  private readonly root = this.network.root;
  /** Counts what was asked for, so that an answer that comes late is dropped. */
  private turn = 0;
  private link: ClaimLink | undefined;
  /** The link in the address: without what stands before the name. */
  private shown: string | undefined;
  private forms: Form[] = [];
  /** The award as it is shown, in the order of the forms. */
  private drawn: HTMLElement[] = [];
  private urls: string[] = [];
  private readonly pictures = new Map<string, Uint8Array>();

  start(): void {
    this.app.append(this.live);
    addEventListener('hashchange', () => void this.moved());
    void this.open();
  }

  /** Opens another link that was put into the address. A part of the page itself,
   * to which "skip to content" leads, is none: the award's link is put back. */
  private async moved(): Promise<void> {
    if (this.shown !== undefined && document.getElementById(location.hash.slice(1))) {
      history.replaceState(history.state, '', `#${this.shown}`);
    } else {
      await this.open();
    }
  }

  /** Opens what the address names. */
  private async open(): Promise<void> {
    const turn = ++this.turn;
    this.clear();
    this.forms = [];
    this.drawn = [];
    this.shown = undefined;
    this.choice.hidden = true;
    this.choice.replaceChildren();
    this.head(true);
    document.title = this.title;
    this.say('busy', own('working'));
    try {
      const link = parseLink(location.hash);
      const page = openLinkPage(link, this.root).catch(() => ''); // its capsule tells why
      const forms = await openLink(link, this.root);
      const html = await page;
      if (turn === this.turn) {
        this.link = link;
        this.shown = `${link.name}.${link.key}`;
        this.forms = forms;
        this.drawn = parseAwards(html, this.root);
        this.offer();
        await this.show(forms[0]!);
      }
    } catch (e) {
      if (turn === this.turn) {
        this.fail(e instanceof Unopened ? e.trouble : 'damaged', () => this.open());
      }
    }
  }

  /** Lets the learner choose, where there is a choice. It is kept in memory only:
   * another learner may use the browser next. */
  private offer(): void {
    this.choice.hidden = this.forms.length < 2;
    this.choice.replaceChildren(el('legend', {}, own('variants.legend')), ...this.forms.map((form, i) => {
      const id = `claim-variant-${i}`;
      const input = el('input', {
        type: 'radio', name: 'variant', value: form.variant, id, 'aria-labelledby': `${id}-name`, 'aria-describedby': `${id}-text`,
      }) as HTMLInputElement;
      input.checked = i === 0;
      input.addEventListener('change', () => {
        this.forms.forEach((_, k) => {
          byID(`claim-variant-${k}-text`).hidden = k !== i;
        });
        this.address(form);
        void this.show(form);
      });
      return el('label', {}, input, el('span', {id: `${id}-name`}, nameOf(form)));
    }), ...this.forms.map((form, i) => {
      const text = el('p', {class: 'hint', id: `claim-variant-${i}-text`}, words[`variant.${form.variant}.text`]);
      text.hidden = i > 0;
      return text;
    }));
  }

  /** Has the address name the form that was chosen and no more, since browsers
   * print it in the page's margin, people copy it, and a camera sees it. What the
   * link opened has that link; the history gets nothing new. */
  private address(form: Form): void {
    const opened = `${this.link!.name}.${this.link!.key}`;
    this.shown = form === this.forms[0] ? opened : form.share ?? opened;
    history.replaceState(history.state, '', `#${this.shown}`);
  }

  /** Shows a form of the award, judges it, and takes it away if this site did not
   * sign it. */
  private async show(form: Form): Promise<void> {
    const turn = ++this.turn;
    const again = () => this.show(form);
    const article = this.drawn[this.forms.indexOf(form)]?.cloneNode(true) as HTMLElement | undefined;
    if (!article) {
      this.fail('template', () => this.open());
      return;
    }
    this.put(article);
    this.network.asked = [];
    let verifier: Verifier;
    let judged: Judged;
    try {
      verifier = new (await loadVerifier(this.app)).Verifier({now: new Date(), load: url => this.network.load(url)});
      judged = await verifier.credential(new TextEncoder().encode(form.credential));
    } catch {
      if (turn === this.turn) {
        this.fail('failed', again);
      }
      return;
    }
    if (turn !== this.turn) {
      return;
    }
    const why = this.notOurs(judged);
    if (why) {
      this.fail(why, again);
      this.verdict.append(this.report(judged, false));
      return;
    }
    try {
      await this.finish(article, form, judged, verifier, turn);
    } catch {
      if (turn === this.turn) {
        this.fail('template', again);
      }
    }
  }

  /** Why a credential is not to be shown as an award of this site. */
  private notOurs(j: Judged): Code | undefined {
    const issuer = j.doc ? idOf(j.doc.issuer) : '';
    const document = didMethod(issuer) === 'web' ? webURL(issuer) : undefined;
    const place = document && this.network.own(document)?.pathname.slice(this.root.pathname.length);
    const carrying = (['structure', 'contexts', 'proof', 'issuer-key'] as const).map(name => j.report.check(name).outcome);
    if (place !== 'did.json' && place !== '.well-known/did.json') {
      return 'foreign';
    }
    // The rows are in order: where the key decided, all before it was good.
    const code = codeOf(j.report.check('issuer-key'));
    if (carrying.indexOf('fail') === carrying.length - 1 && (code === 'key-revoked' || code === 'key-expired')) {
      return 'ended';
    }
    if (carrying.includes('fail')) {
      return 'foreign';
    }
    return carrying.every(o => o === 'pass' || o === 'warn') ? undefined : 'unchecked';
  }

  /** Puts an award into the page, of which it is not known yet what it is worth.
   * What was there goes, with its files. */
  private put(article: HTMLElement): void {
    this.clear();
    this.award.append(article);
    this.head(false);
    this.say('checking', own('checking'));
    requestAnimationFrame(() => performance.mark('first-award'));
  }

  /** Completes an award that was judged: its status, and the ways to take it along. */
  private async finish(article: HTMLElement, form: Form, judged: Judged, verifier: Verifier, turn: number): Promise<void> {
    const doc = judged.doc!;
    const achievement = objectOf(firstSubject(doc), 'achievement');
    const [files, names] = await Promise.all([this.files(form, achievement), this.names(achievement)]);
    if (turn !== this.turn) {
      return;
    }
    const state = stateOf(judged);
    settle(article, state, names);
    const stem = stemOf(stringOf(achievement, 'id'), this.forms.length > 1 ? form.variant : '');
    this.handOut(article, files, stem);
    finishWallet(article, this.network.base, form.credential);
    const named = files.map((f): Entry => ({name: fileName(stem, f.kind), bytes: f.bytes}));
    this.offerLink(`${this.network.base}claim/#${form.share ?? `${this.link!.name}.${this.link!.key}`}`, state);
    wire(this.app, {files: async () => named, stem: () => stem, when: () => new Date(stringOf(doc, 'validFrom'))});
    this.tell(form, judged, verifier, files.some(f => f.kind === 'badge.png'));
    document.title = [stringOf(achievement, 'name'), stringOf(objectOf(doc, 'issuer'), 'name')].filter(Boolean).join(' · ');
  }

  /** Has the award's links lead to the files that were made here. */
  private handOut(article: HTMLElement, files: File[], stem: string): void {
    for (const a of article.querySelectorAll<HTMLAnchorElement>('a[data-download]')) {
      const file = files.find(f => f.kind === a.dataset.download);
      if (!file) {
        (a.closest('li') ?? a).remove();
        continue;
      }
      a.href = URL.createObjectURL(new Blob([file.bytes], {type: file.type}));
      a.download = fileName(stem, file.kind);
      this.urls.push(a.href);
    }
    // The verify page gets the credential itself, in the address: it has none.
    const [credential] = files;
    for (const a of article.querySelectorAll<HTMLAnchorElement>('.take-verify a')) {
      if (a.pathname === `${this.root.pathname}verify/` && a.hash === '') {
        a.hash = `vc=${toBase64url(credential!.bytes)}`;
      }
    }
  }

  /** Offers the link to what is shown, and says who can see what with which link.
   * What does not count is not to be shown around. */
  private offerLink(url: string, state: string): void {
    this.sharing.hidden = state === 'revoked' || state === 'suspended';
    const several = this.forms.length > 1;
    const button = el('button', {type: 'button', class: 'button', 'data-action': 'copy-link', 'data-copy': url, hidden: ''}, this.app.dataset.copy);
    byID('claim-hint').textContent = own(several ? 'share' : 'share.alone');
    this.sharing.querySelector('button')?.remove();
    byID('claim-hint').after(' ', button);
    byID('claim-mail').textContent = several ? own('share.mail') : '';
  }

  /** Says what was opened, and how it was judged: that it is valid in one line, as
   * it is shown below; anything else with its reason. */
  private tell(form: Form, judged: Judged, verifier: Verifier, pictures: boolean): void {
    const box = verdictBox(judged, verifier.lists.ages.at(-1)?.ms);
    this.say('open', own('note.open'));
    this.app.dataset.variant = form.variant;
    this.live.textContent = `${this.forms.length > 1 ? `${nameOf(form)}: ` : ''}${verdictLine(judged, box)}`;
    const open = this.app.dataset.checks === 'open';
    if (judged.report.verdict === 'valid') {
      this.verdict.replaceChildren(this.report(judged, open, box));
    } else {
      this.verdict.replaceChildren(box, this.report(judged, open));
    }
    this.help(stateOf(judged) === 'revoked' ? own('help.revoked') : '');
    this.note.classList.toggle('visually-hidden', pictures);
    if (!pictures) {
      this.note.append(` ${own('pictures')}`);
    }
  }

  /** Shows how to reach the issuer, below a sentence; without one, nothing. */
  private help(sentence: string): void {
    const help = document.getElementById('claim-help'); // not of an issuer without any address
    if (help) {
      help.hidden = sentence === '';
      byID('claim-help-text').textContent = sentence;
    }
  }

  /** The rows of the checks, folded in, and what was asked for; with the box of a
   * good verdict, that verdict as well. */
  private report(judged: Judged, open: boolean, box?: HTMLElement): HTMLElement {
    const asked = [...new Set(this.network.asked)].map(name => safe(name)).join(', ');
    const details = el('details', box ? {class: `claim-checks ${box.className}`, 'data-verdict': box.dataset.verdict} : {class: 'claim-checks'},
      box ? el('summary', {}, mark('valid'), ' ', own('checked')) : el('summary', {}, own('checks')),
      ...box ? box.querySelectorAll('p') : [], checks(judged),
      el('p', {class: 'hint'}, asked === '' ? t('asked.none') : t('asked', {what: asked}))) as HTMLDetailsElement;
    details.open = open;
    // Who unfolded it sees it unfolded after the next choice as well.
    details.addEventListener('toggle', () => {
      this.app.dataset.checks = details.open ? 'open' : '';
    });
    return details;
  }

  /** The credential in every form there is of it. Where the achievement's
   * pictures cannot be had, there are none. */
  private async files(form: Form, achievement: Doc | undefined): Promise<File[]> {
    const bytes = (s: string) => new TextEncoder().encode(s);
    const files: File[] = [{kind: 'credential.json', type: 'application/json', bytes: bytes(form.credential)}];
    try {
      const [png, svg] = await Promise.all([this.picture(achievement, 'png'), this.picture(achievement, 'svg')]);
      files.push({kind: 'badge.png', type: 'image/png', bytes: bake(png, form.credential)},
        {kind: 'badge.svg', type: 'image/svg+xml', bytes: bake(svg, form.credential)});
    } catch {
      // The page says that they are missing.
    }
    if (form.jwt !== undefined) {
      files.push({kind: 'credential.jwt', type: 'application/vc+jwt', bytes: bytes(form.jwt)});
    }
    return files;
  }

  /** The achievement's published picture, in one of its two forms. */
  private async picture(achievement: Doc | undefined, ending: 'png' | 'svg'): Promise<Uint8Array> {
    const own = this.network.own(stringOf(achievement, 'id'))?.pathname.slice(this.root.pathname.length) ?? '';
    const folder = /^achievements\/[^/]+\//.exec(own)?.[0];
    if (folder === undefined) {
      throw new Error('the achievement is not of this site');
    }
    const path = `${folder}image.${ending}`;
    const picture = this.pictures.get(path) ?? await this.network.file(new URL(path, this.root).href);
    this.pictures.set(path, picture);
    return picture;
  }

  /** The names of the site's achievements by slug, where there are links to
   * related ones. An award is shown without such links where they cannot be had. */
  private async names(achievement: Doc | undefined): Promise<Record<string, string>> {
    if (items(achievement?.related).length === 0) {
      return {};
    }
    try {
      const catalog = parseObject(await this.network.file(new URL('catalog.json', this.root).href), maxCatalog);
      return Object.fromEntries(items(catalog.achievement).filter(isObject).flatMap(a => {
        const slug = /\/achievements\/([^/?#]+)\//.exec(stringOf(a, 'id'))?.[1];
        return slug === undefined ? [] : [[slug, stringOf(a, 'name')]];
      }));
    } catch {
      return {};
    }
  }

  private fail(code: Code, retry: () => Promise<void>): void {
    this.clear();
    this.head(true);
    if (this.lead) {
      this.lead.hidden = true;
    }
    document.title = this.title;
    this.say('error', own(sentences[code]));
    this.help(own('help'));
    this.app.dataset.code = code;
    if (again.includes(code)) {
      const button = el('button', {type: 'button', class: 'button'}, own('retry'));
      button.addEventListener('click', () => {
        this.note.focus(); // for the button goes
        void retry();
      });
      this.note.append(' ', button);
    }
  }

  private say(state: 'busy' | 'checking' | 'open' | 'error', message: string): void {
    this.app.dataset.state = state;
    delete this.app.dataset.code;
    this.live.textContent = '';
    this.note.classList.toggle('vnote', state === 'error');
    this.note.classList.remove('visually-hidden');
    this.note.textContent = message;
  }

  /** Takes what is shown away, and lets go of its files. */
  private clear(): void {
    this.award.replaceChildren();
    this.verdict.replaceChildren();
    this.sharing.hidden = true;
    this.help('');
    delete this.app.dataset.variant;
    this.urls.forEach(url => URL.revokeObjectURL(url));
    this.urls = [];
  }

  /** Shows the page's own heading, or leaves it to that of the award. */
  private head(shown: boolean): void {
    if (shown) {
      this.note.before(...this.heading);
      this.heading.forEach(e => {
        e.hidden = false;
      });
    } else {
      this.heading.forEach(e => e.remove());
    }
  }
}

function nameOf(form: Form): string {
  return words[`variant.${form.variant}`] ?? form.variant;
}

/** What the award's page says of its status: nothing where the verdict is not
 * that it is valid, except what the issuer decided. */
function stateOf(j: Judged): State {
  const code = codeOf(j.report.check('status'));
  if (code === 'revoked' || code === 'suspended') {
    return code;
  }
  return j.report.verdict === 'valid' ? 'valid' : '';
}

/** The forms of the award on a page that was opened. It says where its links lead
 * as from an award's folder. */
function parseAwards(html: string, root: URL): HTMLElement[] {
  const parsed = new DOMParser().parseFromString((policy?.createHTML(html) ?? html) as string, 'text/html');
  return [...parsed.body.querySelectorAll<HTMLElement>('article.award')].map(article => {
    resolveLinks(article, new URL('awards/x/', root));
    return document.importNode(article, true);
  });
}

function resolveLinks(part: ParentNode, base: URL): void {
  for (const name of ['href', 'src']) {
    for (const e of part.querySelectorAll(`[${name}]`)) {
      const value = e.getAttribute(name)!;
      if (!value.startsWith('#')) {
        e.setAttribute(name, new URL(value, base).href);
      }
    }
  }
  part.querySelectorAll('template').forEach(inner => resolveLinks(inner.content, base));
}

/** Has an award show one status: of what the page has for each, that stays. The
 * achievements that it is related to are named as they are called today, by slug;
 * what has no page any more is left out. */
function settle(article: HTMLElement, state: State, names: Record<string, string>): void {
  article.classList.replace('award-', `award-${state}`);
  for (const part of article.querySelectorAll<HTMLTemplateElement>('template[data-for]')) {
    part.replaceWith(...part.dataset.for!.split(' ').includes(state || 'unknown') ? [part.content] : []);
  }
  const related = article.querySelector<HTMLTemplateElement>('template[data-related]');
  for (const a of related?.content.querySelectorAll('a') ?? []) {
    if (a.textContent === '') {
      const slug = /\/achievements\/([^/?#]+)\/$/.exec(a.href)?.[1] ?? '';
      a.textContent = Object.hasOwn(names, slug) ? names[slug]! : '';
      if (a.textContent === '') {
        a.closest('li')?.remove();
      }
    }
  }
  related?.replaceWith(...related.content.querySelector('li') ? [related.content] : []);
}

loadWords(byID('verify-words').textContent ?? '{}');
new Claim().start();
