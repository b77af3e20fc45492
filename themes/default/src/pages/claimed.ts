// What the claim page does with an award that it shows: judges what was signed, and
// takes the award away again if that is not good; tells the verdict, and lets the
// learner choose and take along. It is loaded once the award is seen. Nothing is
// asked of another site, and the link's key stays in the address and in memory.

import {bake} from './bakefile';
import {certificate} from './certificate';
import type {Opening, Unopened} from './asked';
import {isChoosable, openCapsule, type Form} from './capsule';
import {claimFragment, type ClaimLink} from './claimlink';
import type {ClaimPage, Code} from './claimpage';
import {didMethod, webURL} from '../verifier/did';
import {inOwnLanguage} from './definition';
import {byID, el} from './dom';
import {isObject, parseObject, type Doc} from '../verifier/json';
import {Network} from './network';
import {partsOf, reportOf, statusOf, tellCheck} from './report';
import {domainOf, verdictBox, verdictLine} from './show';
import {good, type State} from './state';
import {StatusLine} from './statusline';
import {evidenceName, fileName, offerWallet, stemOf, wire, type File} from './take';
import {firstSubject, idOf, items, objectOf, stringOf} from '../verifier/text';
import {toBase64url} from '../verifier/url';
import type {Judged} from '../verifier/judged';
import {codeOf} from '../verifier/report';
import type {Verifier} from '../verifier/verify';
import {addVerdicts} from './words';
import type {Entry} from './zip';

const maxCatalog = 16 << 20;

/** Opens the capsule whose award the page shows, if it has one, and judges it. */
export async function judge(page: ClaimPage, opening: Promise<Opening>): Promise<void> {
  const {turn} = page;
  try {
    const {link, capsule} = await opening;
    const forms = await openCapsule(await capsule, link.key);
    if (turn === page.turn) {
      await new Claim(page, link, forms).start();
    }
  } catch (e) {
    page.fail((e as Partial<Unopened>).trouble ?? 'damaged', () => page.open(), turn);
  }
}

class Claim {
  private readonly network: Network;
  private readonly root: URL;
  private readonly pictures = new Map<string, Uint8Array>();

  constructor(private readonly page: ClaimPage, private readonly link: ClaimLink, private readonly forms: Form[]) {
    this.network = new Network(page.app);
    this.root = this.network.root;
  }

  async start(): Promise<void> {
    const choose = (form: number) => {
      this.page.turn++;
      this.address(this.forms[form]);
      return this.show(form);
    };
    this.page.choose = choose;
    await (this.page.chosen > 0 ? choose : (form: number) => this.show(form))(this.page.chosen);
  }

  /** Has the address name the form that was chosen and no more, since browsers
   * print it in the page's margin, people copy it, and a camera sees it. What the
   * link opened has that link; the history gets nothing new. */
  private address(form: Form | undefined): void {
    this.page.shown = form !== this.forms[0] && form?.share || claimFragment(this.link);
    history.replaceState(history.state, '', `#${this.page.shown}`);
  }

  /** Lets the learner choose what is shown piece by piece. The address then names no
   * award; the history still does, so that the page can be loaded again. */
  private async pieces(): Promise<void> {
    const {page} = this;
    const turn = ++page.turn;
    page.putPieces();
    page.say('busy', page.own('choose.working'));
    page.shown = '';
    history.replaceState({claim: claimFragment(this.link)}, '', '#');
    try {
      const [{choosePieces}, core] = await Promise.all([page.later.choose(), page.later.verifier(), page.later.verdicts()]);
      addVerdicts();
      if (turn === page.turn) {
        await choosePieces({
          page, core, form: this.forms[0]!, site: this.network.base, picture: url => this.network.own(url)?.href,
          load: url => this.network.load(url), files: (credential, achievement) => this.files(credential, stringOf(achievement, 'id')),
          tell: (judged, verifier, pictures) => this.tell('choose', judged, verifier, pictures),
        });
      }
    } catch {
      page.fail('failed', () => this.pieces(), turn);
    }
  }

  /** Shows a form of the award, judges it, and takes it away if this site did not
   * sign it. */
  private async show(which: number): Promise<void> {
    const {page} = this;
    const again = () => this.show(which);
    const form = this.forms[which];
    const article = page.article ?? page.put(which);
    const turn = page.turn;
    if (!article || !form) {
      page.fail('template', () => page.open());
      return;
    }
    let verifier: Verifier;
    let judged: Judged;
    try {
      ({verifier, judged} = await this.judged(article, form));
    } catch {
      page.fail('failed', again, turn);
      return;
    }
    if (turn !== page.turn) {
      return;
    }
    const why = this.notOurs(judged);
    if (why) {
      page.fail(why, again);
      page.verdict.append(reportOf(judged, undefined, this.network.asked, page.own('checks')));
      return;
    }
    try {
      await this.finish(article, form, judged, verifier, turn);
    } catch {
      page.fail('template', again, turn);
    }
  }

  private async judged(article: HTMLElement, form: Form): Promise<{verifier: Verifier; judged: Judged}> {
    this.network.asked = [];
    const {later} = this.page;
    const verifier = new (await later.verifier()).Verifier({now: new Date(), load: url => this.network.load(url), rare: later.rare});
    await later.verdicts();
    addVerdicts();
    const {log} = article.dataset; // where it is in the issuer's log
    return {verifier, judged: await verifier.credential(new TextEncoder().encode(form.credential), async () => log ? new TextEncoder().encode(log) : undefined)};
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

  /** Completes an award that was judged: its status, and the ways to take it along. */
  private async finish(article: HTMLElement, form: Form, judged: Judged, verifier: Verifier, turn: number): Promise<void> {
    const doc = judged.doc!;
    const achievement = objectOf(firstSubject(doc), 'achievement');
    // A record has the achievements of a program, whose picture is its own.
    const about = achievement ? stringOf(achievement, 'id') : stringOf(objectOf(doc, 'image'), 'id');
    const [files, names] = await Promise.all([this.files(form.credential, about), this.names(achievement)]);
    if (turn !== this.page.turn) {
      return;
    }
    const line = new StatusLine(article);
    const state = tellCheck(line, judged);
    nameRelated(article, names);
    files.push(...furtherForms(article, form));
    if (judged.report.verdict === 'valid' && isChoosable(this.forms[0])) {
      this.page.offerPieces(() => this.pieces());
    }
    partsOf(article, judged);
    article.toggleAttribute('data-proven', domainOf(judged) !== '');
    inOwnLanguage(article, navigator.languages);
    const stem = stemOf(about, this.forms.length > 1 ? form.variant : '');
    this.handOut(article, files, stem);
    const evidence = this.evidence(article, form);
    offerWallet(article, this.network.base, form.credential);
    const named = [...files.map((f): Entry => ({name: fileName(stem, f.kind), bytes: f.bytes})), ...evidence];
    this.offerLink(`${this.network.base}claim/#${form.share ?? claimFragment(this.link)}`, state);
    const all = async (button: HTMLElement) => [...named, {name: fileName(stem, 'certificate.html'), bytes: new TextEncoder().encode(
      await certificate(this.network, button, article.querySelector('.sheet')!, files[0]!.bytes))}];
    wire(this.page.app, {files: all, text: async () => form.credential, stem: () => stem, when: () => new Date(stringOf(doc, 'validFrom'))});
    this.tell(form.variant, judged, verifier, files.some(f => f.kind === 'badge.png'));
    this.checkAgain(line, form);
    document.title = [stringOf(achievement ?? doc, 'name'), stringOf(objectOf(doc, 'issuer'), 'name')].filter(Boolean).join(' · ');
  }

  /** Has the award's button check once more, with the lists as they are then. */
  private checkAgain(line: StatusLine, form: Form): void {
    const button = line.article.querySelector<HTMLElement>('.status-check')!;
    button.hidden = false;
    const {turn} = this.page;
    button.addEventListener('click', async e => {
      e.preventDefault();
      this.page.app.dataset.checks = 'open';
      const found = await this.judged(line.article, form).catch(() => undefined);
      if (turn === this.page.turn) {
        found ? tellCheck(line, found.judged) : line.found('unknown');
        found && this.tell(form.variant, found.judged, found.verifier, true);
      }
    });
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
      this.page.urls.push(a.href);
    }
    // The verify page gets the credential itself, in the address: it has none.
    const [credential] = files;
    for (const a of article.querySelectorAll<HTMLAnchorElement>('a[data-verify]')) {
      if (a.pathname.startsWith(this.root.pathname) && a.pathname.endsWith('/verify/') && a.hash === '') {
        a.hash = `vc=${toBase64url(credential!.bytes)}`;
      }
    }
  }

  /** Has the links of the award's evidence lead to the files that came with it; one
   * that is missing is named without a link. */
  private evidence(article: HTMLElement, form: Form): Entry[] {
    return [...article.querySelectorAll<HTMLAnchorElement>('a[data-file]')].flatMap(a => {
      const file = form.files.find(f => f.name === a.dataset.file);
      if (!file) {
        a.removeAttribute('href');
        return [];
      }
      a.href = URL.createObjectURL(new Blob([file.bytes], {type: file.mediaType}));
      a.download = file.name;
      this.page.urls.push(a.href);
      return [{name: evidenceName(file.name), bytes: file.bytes}];
    });
  }

  /** Offers the link to what is shown, and says who can see what with which link.
   * What does not count is not to be shown around. */
  private offerLink(url: string, state: State): void {
    const {page} = this;
    page.sharing.hidden = !good(state);
    const several = this.forms.length > 1;
    const button = el('button', {type: 'button', class: 'button', 'data-action': 'copy-link', 'data-copy': url, hidden: ''}, page.app.dataset.copy);
    byID('claim-hint').textContent = page.own(several ? 'share' : 'share.alone');
    page.sharing.querySelector('button')?.remove();
    byID('claim-hint').after(' ', button);
    byID('claim-mail').textContent = several ? page.own('share.mail') : '';
  }

  /** Says what was opened, and how it was judged, with the rows folded in, below the
   * award's own line if it has one. */
  private tell(variant: string, judged: Judged, verifier: Verifier, pictures: boolean): void {
    const {page} = this;
    const box = verdictBox(judged, verifier.lists.ages.at(-1)?.ms);
    page.say('open', page.own('note.open'));
    page.app.dataset.variant = variant;
    page.live.textContent = `${this.forms.length > 1 || variant === 'choose' ? `${page.nameOf(variant)}: ` : ''}${verdictLine(box)}`;
    const report = reportOf(judged, verifier.lists.ages.at(-1)?.ms, this.network.asked, page.own('checks'));
    report.classList.add('verdict');
    report.open = page.app.dataset.checks === 'open';
    // Who unfolded it sees it unfolded after the next choice as well.
    report.addEventListener('toggle', () => {
      page.app.dataset.checks = report.open ? 'open' : '';
    });
    const rows = page.article?.querySelector('[data-rows]');
    rows ? rows.append(page.verdict) : page.sharing.after(page.verdict);
    // Of what the award's own line does not say, the reason is seen at once.
    page.verdict.replaceChildren(...rows && !['invalid', 'unknown'].includes(statusOf(judged)) || judged.report.verdict === 'valid' ? [] : [box], report);
    page.help(statusOf(judged) === 'revoked' ? page.own('help.revoked') : '');
    page.note.classList.toggle('visually-hidden', pictures);
    if (!pictures) {
      page.note.append(` ${page.own('pictures')}`);
    }
  }

  /** A credential alone and in the pictures of what it is about. Where those cannot be had,
   * there are none. */
  private async files(credential: string, about: string): Promise<File[]> {
    const bytes = (s: string) => new TextEncoder().encode(s);
    const files: File[] = [{kind: 'credential.json', type: 'application/json', bytes: bytes(credential)}];
    try {
      const [png, svg] = await Promise.all([this.picture(about, 'png'), this.picture(about, 'svg')]);
      files.push({kind: 'badge.png', type: 'image/png', bytes: bake(png, credential)},
        {kind: 'badge.svg', type: 'image/svg+xml', bytes: bake(svg, credential)});
    } catch {
      // The page says that they are missing.
    }
    return files;
  }

  /** The published picture of an achievement or a program, by a URL in its
   * folder, in one of its two forms. */
  private async picture(about: string, ending: 'png' | 'svg'): Promise<Uint8Array> {
    const own = this.network.own(about)?.pathname.slice(this.root.pathname.length) ?? '';
    const folder = /^(?:achievements|programs)\/[^/]+\//.exec(own)?.[0];
    if (folder === undefined) {
      throw new Error('the achievement or program is not of this site');
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
}

/** The further forms of a credential, called as the page's links call them. */
function furtherForms(article: HTMLElement, form: Form): File[] {
  return [...article.querySelectorAll<HTMLAnchorElement>('a[data-format]')].flatMap(a => {
    const text = form.others.get(a.dataset.format!);
    return text === undefined ? [] : [{kind: a.dataset.download!, type: a.type, bytes: new TextEncoder().encode(text)}];
  });
}

/** Has an award name the achievements that it is related to as they are called today, by
 * slug; what has no page any more is left out. */
function nameRelated(article: HTMLElement, names: Record<string, string>): void {
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
